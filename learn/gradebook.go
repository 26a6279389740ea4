package learn

import (
	"context"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
	"lotrinh/platform/text"
)

func now(ctx context.Context) clock.Date { return clock.Today(ctx) }

// GradeRow is a line of a gradebook: a learner and how far he is.
type GradeRow struct {
	ID          EnrolmentID    `db:"id"`
	Person      org.PersonID   `db:"person_id"`
	Name        string         `db:"name"`
	Unit        org.UnitID     `db:"unit_id"`
	Category    org.Category   `db:"category"`
	State       EnrolmentState `db:"state"`
	EnrolledAt  time.Time      `db:"enrolled_at"`
	Due         clock.Date     `db:"due_on"`
	Marks       string         `db:"marks"`
	Done        int            `db:"done"`
	Score       int            `db:"score"`
	CompletedOn clock.Date     `db:"completed_on"`
}

// GradeFilter narrows a gradebook.
type GradeFilter struct {
	State         EnrolmentState
	Text          string // of the name
	Offset, Limit int    // Limit 0 = 100
}

func (f GradeFilter) where(ctx context.Context, cid CourseID) *db.Where {
	w := access.In(ctx, ReadRecords).Narrow(db.NewWhere(), "e.unit_id")
	w.And("e.course_id = ?", string(cid)).If(f.State != "", "e.state = ?", string(f.State))
	return w.If(f.Text != "", `p.folded like ? escape '\'`, db.Like(text.Fold(text.Clean(f.Text))))
}

const gradeRows = `select e.id, e.person_id, coalesce(p.name, '') as name, e.unit_id, e.category, e.state, e.enrolled_at, e.due_on, e.marks,
	e.done, e.score, e.completed_on from learn_enrolment e left join org_person p on p.id = e.person_id where `

// Gradebook lists the learners of a course who belong to units whose records the
// actor may read, by name, and how many there are. That it was read is noted in
// the audit log.
func (l *Learn) Gradebook(ctx context.Context, cid CourseID, f GradeFilter) (Course, *Outline, []GradeRow, int, error) {
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return c, nil, nil, 0, err
	}
	if !access.Anywhere(ctx, ReadRecords) {
		return Course{}, nil, nil, 0, access.Check(ctx, ReadRecords, c.Unit)
	}
	o, err := l.outlines.get(ctx, cid, c.Outline)
	if err != nil {
		return c, nil, nil, 0, err
	}
	w := f.where(ctx, cid)
	n, err := db.One[int](ctx, l.db, `select count(*) from learn_enrolment e left join org_person p on p.id = e.person_id where `+w.SQL(), w.Args()...)
	if err != nil {
		return c, o, nil, 0, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	rows, err := db.All[GradeRow](ctx, l.db, gradeRows+w.SQL()+` order by p.name_key, e.id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
	if err != nil {
		return c, o, nil, 0, err
	}
	return c, o, rows, n, l.auditRead(ctx, ReadRecords, c.Unit, "", "course:"+string(cid), nil)
}

// GradeSheet is the gradebook as a table to export, a column for each lesson. What
// is exported is noted in the audit log.
func (l *Learn) GradeSheet(ctx context.Context, cid CourseID, f GradeFilter) (Course, sheet.Sheet, error) {
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return c, sheet.Sheet{}, err
	}
	if !access.Anywhere(ctx, ReadRecords) {
		return Course{}, sheet.Sheet{}, access.Check(ctx, ReadRecords, c.Unit)
	}
	o, err := l.outlines.get(ctx, cid, c.Outline)
	if err != nil {
		return c, sheet.Sheet{}, err
	}
	if err := l.auditRead(ctx, ReadRecords, c.Unit, "", "course:"+string(cid), map[string]string{"export": "gradebook"}); err != nil {
		return c, sheet.Sheet{}, err
	}
	s := sheet.Sheet{Name: i18n.S(ctx, "learn.gradebook"), Titles: []string{c.Title}, Fields: gradeFields(ctx, o)}
	w, put := f.where(ctx, cid), l.gradeLine(ctx, o)
	s.Rows = rowsOf(func(yield func(GradeRow) error) error {
		return db.Each(ctx, l.db, gradeRows+w.SQL()+` order by p.name_key, e.id`, w.Args(), yield)
	}, put)
	return c, s, nil
}

func gradeFields(ctx context.Context, o *Outline) []sheet.Field {
	f := fields(ctx, []column{{"learn.person", sheet.Text}, {"learn.unit", sheet.Text}, {"learn.category", sheet.Text}, {"learn.state", sheet.Text},
		{"learn.enrolled-at", sheet.DateTime}, {"learn.due", sheet.Date}, {"learn.lessons-done", sheet.Integer}, {"learn.score", sheet.Decimal2}, {"learn.completed-on", sheet.Date}})
	for _, lesson := range o.Lessons {
		f = append(f, sheet.Field{Title: lesson.Title, Width: 12})
	}
	return f
}

// gradeLine makes the cells of a line. Units and words are looked up once each.
func (l *Learn) gradeLine(ctx context.Context, o *Outline) func(GradeRow) []any {
	tree, units, words := l.orgs.Now(ctx), map[org.UnitID]string{}, map[string]string{}
	say := func(key string) string {
		s, ok := words[key]
		if !ok {
			s = i18n.S(ctx, key)
			words[key] = s
		}
		return s
	}
	return func(r GradeRow) []any {
		unit, ok := units[r.Unit]
		if !ok {
			unit = l.unitName(ctx, tree, r.Unit, r.EnrolledAt)
			units[r.Unit] = unit
		}
		row := []any{r.Name, unit, say("learn.category." + string(r.Category)), say("learn.state." + string(r.State)), stamp(r.EnrolledAt), r.Due, r.Done, nil, r.CompletedOn}
		if r.Score >= 0 {
			row[7] = float64(r.Score) / 100
		}
		for _, lesson := range o.Lessons {
			row = append(row, say("learn.mark."+markWord(markAt(r.Marks, lesson.Slot))))
		}
		return row
	}
}

// unitName names a unit as of today, or as it was when at.
func (l *Learn) unitName(ctx context.Context, today *org.Tree, unit org.UnitID, at time.Time) string {
	if today.Has(unit) {
		return today.Name(unit)
	}
	return l.orgs.On(ctx, clock.DateOf(at)).Name(unit)
}

func markWord(m Mark) string {
	switch m {
	case Started:
		return "started"
	case Done:
		return "done"
	case Waiting:
		return "waiting"
	case Again:
		return "again"
	}
	return "none"
}

// WriteSheet writes a table as CSV or, with xlsx, as a workbook. Open to all who
// were given the sheet: the use case that made it has asked.
func WriteSheet(ctx context.Context, w interface{ Write([]byte) (int, error) }, s sheet.Sheet, xlsx bool) error {
	if xlsx {
		return sheet.WriteXLSX(w, s)
	}
	return sheet.WriteCSV(w, s)
}

func safeName(s string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, text.Fold(s)), "-")
}
