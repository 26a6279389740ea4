package staff

import (
	"context"
	"time"

	"lotrinh/access"
	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/text"
)

// Person is one of the staff and how far he is.
type Person struct {
	ID       org.PersonID `db:"id"`
	Name     string       `db:"name"`
	Email    string       `db:"email"`
	Unit     org.UnitID   `db:"unit_id"`
	Title    string       `db:"title"`
	Open     int          `db:"open"` // courses
	Late     int          `db:"late"`
	Done     int          `db:"done"`
	Due      clock.Date   `db:"due_on"`      // the earliest of the open ones; zero = none is due
	Reminded time.Time    `db:"reminded_at"` // of his courses; zero = never
}

// Filter narrows a list of staff.
type Filter struct {
	Unit   org.UnitID // and all below it, as far as the actor may read names
	State  string     // Open, Late, Done, None; "" all
	Heads  bool       // heads of units and of Party committees alone
	Text   string     // words of the name
	Limit  int        // 100 when zero
	Offset int
}

func (f Filter) where(ctx context.Context) *db.Where {
	w := access.In(ctx, learn.ReadRecords).Narrow(db.NewWhere(clock.Today(ctx)), "o.unit_id").And(under, f.Unit)
	if cond, known := states[f.State]; known {
		w.And(cond)
	}
	w.If(f.Heads, "(o.head or o.party_head)")
	return w.If(f.Text != "", `p.folded like ? escape '\'`, db.Like(text.Fold(text.Clean(f.Text))))
}

const (
	personCols = `select p.id, p.name, p.email, o.unit_id, o.title,
		(select count(*) from learn_enrolment e where e.person_id = o.person_id and e.state = 'active') as open,
		(select count(*) from learn_enrolment e where e.person_id = o.person_id and e.state = 'active' and e.due_on < $1) as late,
		(select count(*) from learn_enrolment e where e.person_id = o.person_id and e.state = 'completed') as done,
		(select min(e.due_on) from learn_enrolment e where e.person_id = o.person_id and e.state = 'active') as due_on, r.at as reminded_at`
	personFrom = ` from org_post o join org_person p on p.id = o.person_id
		left join learn_staff_reminder r on r.person_id = o.person_id and r.about = 'own' where ` + atWork + ` and `
)

// People lists staff by name, in the units whose records the actor may read by
// name, and how many there are. That the list was read is noted in the audit log.
func (s *Staff) People(ctx context.Context, f Filter) ([]Person, int, error) {
	if err := access.Check(ctx, learn.ReadRecords, f.Unit); err != nil {
		return nil, 0, err
	}
	w := f.where(ctx)
	n, err := db.One[int](ctx, s.db, `select count(*)`+personFrom+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	list, err := db.All[Person](ctx, s.db, personCols+personFrom+w.SQL()+` order by p.name_key, p.id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	return list, n, access.Audit(ctx, s.db, access.Entry{Action: learn.ReadRecords, Unit: f.Unit, Subject: "staff", Read: true,
		Detail: map[string]any{"state": f.State, "heads": f.Heads, "n": len(list)}})
}
