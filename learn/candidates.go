package learn

import (
	"context"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/text"
)

// Candidate is someone who may be enrolled.
type Candidate struct {
	ID       org.PersonID `db:"id"`
	Name     string       `db:"name"`
	Unit     org.UnitID   `db:"unit_id"`
	Category org.Category `db:"category"`
	Title    string       `db:"title"`
}

// Candidates lists the people of the units for which the actor may enrol who are
// not in a course yet, by name.
func (l *Learn) Candidates(ctx context.Context, cid CourseID, f org.Filter) ([]Candidate, error) {
	w := access.In(ctx, Enrol).Narrow(db.NewWhere(clock.Today(ctx)), "o.unit_id")
	if f.Unit != "" {
		w.And(`o.unit_id in (select low.unit_id from org_reach low join org_reach top
			on low.path >= top.path and low.path < top.path_end where top.unit_id = ?)`, string(f.Unit))
	}
	w.If(f.Text != "", `p.folded like ? escape '\'`, db.Like(text.Fold(text.Clean(f.Text))))
	w.If(f.Category != "", "o.category = ?", string(f.Category))
	w.And(`not exists (select 1 from learn_enrolment e join learn_course c on c.id = e.course_id
		where e.person_id = p.id and (c.id = ? or c.base_id = ?))`, string(cid), string(cid))
	limit := f.Limit
	if limit <= 0 {
		limit = 200
	}
	return db.All[Candidate](ctx, l.db, `select p.id, p.name, o.unit_id, o.category, o.title from org_post o
		join org_person p on p.id = o.person_id where o.main and o.from_on <= $1 and (o.to_on is null or o.to_on > $1) and `+w.SQL()+
		` order by p.name_key, p.id limit `+w.Arg(limit), w.Args()...)
}
