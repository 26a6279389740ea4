package learn

import (
	"context"
	"slices"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// ProgrammeID names a programme.
type ProgrammeID string

// Programme is a set of courses that make a whole (chương trình). Whoever has
// completed so many of them as its rule asks has completed it.
type Programme struct {
	ID      ProgrammeID `db:"id"`
	Unit    org.UnitID  `db:"unit_id"`
	Title   string      `db:"title"`
	Summary string      `db:"summary"`
	Needs   string      `db:"needs"`
	Least   int         `db:"least"` // how many of the courses; 0 = all
	Closed  bool        `db:"closed"`
	Edition int         `db:"edition"`
	MadeAt  time.Time   `db:"made_at"`
}

// Courses are the courses that make up the programme.
func (p Programme) Courses() []CourseID { return courseIDs(p.Needs) }

// Wanted is how many of the courses have to be completed.
func (p Programme) Wanted() int {
	if n := len(p.Courses()); p.Least == 0 || p.Least > n {
		return n
	}
	return p.Least
}

// NewProgramme is what someone fills in to make or change a programme.
type NewProgramme struct {
	Unit    org.UnitID
	Title   string
	Summary string
	Courses []CourseID
	Least   int // 0 = all
	Closed  bool
}

const programmeMax = 100 // courses

func (n *NewProgramme) check() error {
	n.Title, n.Summary = text.Clean(n.Title), text.CleanLines(n.Summary)
	slices.Sort(n.Courses)
	n.Courses = slices.Compact(n.Courses)
	var f errs.Form
	f.Need(n.Unit != "", "unit", "learn.need.unit")
	f.Need(n.Title != "" && len(n.Title) <= titleMax, "title", "learn.need.title")
	f.Need(len(n.Summary) <= 4000, "summary", "learn.need.summary")
	f.Need(len(n.Courses) > 0 && len(n.Courses) <= programmeMax, "courses", "learn.need.courses")
	f.Need(n.Least >= 0 && n.Least <= len(n.Courses), "least", "learn.need.least", len(n.Courses))
	return f.Err()
}

// AddProgramme makes a programme of courses.
func (l *Learn) AddProgramme(ctx context.Context, n NewProgramme) (ProgrammeID, error) {
	if err := access.Check(ctx, EditCourse, n.Unit); err != nil {
		return "", err
	}
	if err := n.check(); err != nil {
		return "", err
	}
	p := Programme{ID: ProgrammeID(id.New(ctx)), Unit: n.Unit, Title: n.Title, Summary: n.Summary, Needs: joinIDs(n.Courses), Least: n.Least, MadeAt: clock.Now(ctx)}
	return p.ID, l.db.Tx(ctx, func(ctx context.Context) error {
		if err := l.knownCourses(ctx, n.Courses); err != nil {
			return err
		}
		if err := db.Insert(ctx, l.db, "learn_programme", p); err != nil {
			return err
		}
		return l.audit(ctx, "learn.programme.added", n.Unit, "programme:"+string(p.ID), n.Title)
	})
}

// EditProgramme changes a programme, unless someone changed it since the given
// edition.
func (l *Learn) EditProgramme(ctx context.Context, pid ProgrammeID, edition int, n NewProgramme) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		p, err := l.store.programme(ctx, pid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, EditCourse, p.Unit); err != nil {
			return err
		}
		n.Unit = p.Unit
		if err := n.check(); err != nil {
			return err
		}
		if err := l.knownCourses(ctx, n.Courses); err != nil {
			return err
		}
		if err := changed(l.db.Exec(ctx, `update learn_programme set title = $1, summary = $2, needs = $3, least = $4, closed = $5, edition = edition + 1
			where id = $6 and edition = $7`, n.Title, n.Summary, joinIDs(n.Courses), n.Least, n.Closed, pid, edition)); err != nil {
			return err
		}
		return l.audit(ctx, "learn.programme.edited", p.Unit, "programme:"+string(pid), n.Title)
	})
}

// knownCourses refuses courses that there are not, and variants: a variant counts
// as the course that it is one of.
func (l *Learn) knownCourses(ctx context.Context, ids []CourseID) error {
	w := db.NewWhere().And("base_id = ''")
	n, err := db.One[int](ctx, l.db, `select count(*) from learn_course where `+db.In(w, "id", ids).SQL(), w.Args()...)
	if err == nil && n < len(ids) {
		err = errs.New(errs.Invalid, "error.invalid").Field("courses", "learn.need.courses")
	}
	return err
}

// Programmes lists the programmes, the newest first. Open to all: a catalogue
// holds nothing personal.
func (l *Learn) Programmes(ctx context.Context) ([]Programme, error) {
	return db.All[Programme](ctx, l.db, `select `+db.Columns[Programme]("")+` from learn_programme order by closed, made_at desc, id limit 500`)
}

// ProgrammeView is a programme with its courses and how far people are.
type ProgrammeView struct {
	Programme Programme
	Courses   []ProgrammeCourse
	Mine      int // courses that the actor has completed
	Learning  bool
	Editor    bool
	Reader    bool  // may see figures of other people
	Stages    []int // people by how many of the courses they have completed, 0 first
}

// ProgrammeCourse is a course of a programme with how the actor stands in it.
type ProgrammeCourse struct {
	ID    CourseID       `db:"id"`
	Title string         `db:"title"`
	Open  bool           `db:"open"`
	State EnrolmentState `db:"state"` // "" when he is not in it
}

// Graduated says how many people have completed the programme.
func (v ProgrammeView) Graduated() int {
	n := 0
	for k, people := range v.Stages {
		if k >= v.Programme.Wanted() {
			n += people
		}
	}
	return n
}

// People is how many are in at least one of the courses.
func (v ProgrammeView) People() int {
	n := 0
	for _, people := range v.Stages {
		n += people
	}
	return n
}

// ProgrammeOf returns a programme to whoever has signed in, with how far he is,
// and with figures of the people whose records he may read.
func (l *Learn) ProgrammeOf(ctx context.Context, pid ProgrammeID) (ProgrammeView, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return ProgrammeView{}, errs.New(errs.Stranger, "error.sign-in")
	}
	p, err := l.store.programme(ctx, pid)
	if err != nil {
		return ProgrammeView{}, err
	}
	v := ProgrammeView{Programme: p, Editor: access.Allowed(ctx, EditCourse, p.Unit), Reader: access.Anywhere(ctx, ReadRecords)}
	if v.Courses, err = l.store.programmeCourses(ctx, p, who.Person); err != nil {
		return v, err
	}
	for _, c := range v.Courses {
		v.Learning = v.Learning || c.State != ""
		if c.State == Completed {
			v.Mine++
		}
	}
	if v.Reader {
		v.Stages, err = l.store.stages(ctx, access.In(ctx, ReadRecords), p)
	}
	return v, err
}

// programmeCourses are the courses of a programme, with the person's standing in
// each or in a variant of it.
func (s store) programmeCourses(ctx context.Context, p Programme, person org.PersonID) ([]ProgrammeCourse, error) {
	w := db.NewWhere(string(person))
	return db.All[ProgrammeCourse](ctx, s.db, `select c.id, c.title, c.open, coalesce((select max(case when e.state = 'withdrawn' then '' else e.state end)
		from learn_enrolment e join learn_course v on v.id = e.course_id where e.person_id = $1 and (v.id = c.id or v.base_id = c.id)), '') as state
		from learn_course c where `+db.In(w, "c.id", p.Courses()).SQL()+` order by c.starts_on nulls last, c.made_at, c.id`, w.Args()...)
}

func (s store) programme(ctx context.Context, pid ProgrammeID) (Programme, error) {
	return db.One[Programme](ctx, s.db, `select `+db.Columns[Programme]("")+` from learn_programme where id = $1`, string(pid))
}

// baseOf is the course that a learner's course c counts as: the one that it is a
// variant of, or itself.
const baseOf = `case when c.base_id = '' then c.id else c.base_id end`

// stages counts people by how many courses of a programme they have completed.
func (s store) stages(ctx context.Context, in access.Scope, p Programme) ([]int, error) {
	type stage struct {
		Done   int `db:"done"`
		People int `db:"people"`
	}
	w := in.Narrow(db.NewWhere(), "e.unit_id").And("e.state <> 'withdrawn'")
	db.In(w, baseOf, p.Courses())
	out := make([]int, len(p.Courses())+1)
	err := db.Each(ctx, s.db, `select done, count(*) as people from (select e.person_id, count(distinct case when e.state = 'completed' then `+baseOf+` end) as done
		from learn_enrolment e join learn_course c on c.id = e.course_id where `+w.SQL()+` group by e.person_id) each_person group by done`, w.Args(), func(g stage) error {
		out[min(g.Done, len(out)-1)] += g.People
		return nil
	})
	return out, err
}

// Graduate is someone who has completed a programme.
type Graduate struct {
	Person org.PersonID `db:"person_id"`
	Name   string       `db:"name"`
	Unit   org.UnitID   `db:"unit_id"` // when he completed the last of its courses
	On     clock.Date   `db:"completed_on"`
	Done   int          `db:"done"`
}

// Graduates lists the people of the units whose records the actor may read who
// have completed a programme, by variants of its courses too, by name; and how
// many they are. That it was read is noted in the audit log.
func (l *Learn) Graduates(ctx context.Context, pid ProgrammeID, offset, limit int) ([]Graduate, int, error) {
	p, err := l.store.programme(ctx, pid)
	if err != nil {
		return nil, 0, err
	}
	if !access.Anywhere(ctx, ReadRecords) {
		return nil, 0, access.Check(ctx, ReadRecords, p.Unit)
	}
	w := access.In(ctx, ReadRecords).Narrow(db.NewWhere(), "e.unit_id").And("e.state = 'completed'")
	db.In(w, baseOf, p.Courses())
	from := `(select e.person_id, count(distinct ` + baseOf + `) as done, max(e.completed_on) as completed_on, max(e.unit_id) as unit_id
		from learn_enrolment e join learn_course c on c.id = e.course_id where ` + w.SQL() + ` group by e.person_id
		having count(distinct ` + baseOf + `) >= ` + w.Arg(p.Wanted()) + `) g`
	n, err := db.One[int](ctx, l.db, `select count(*) from `+from, w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	all, err := db.All[Graduate](ctx, l.db, `select g.person_id, coalesce(p.name, '') as name, g.unit_id, g.completed_on, g.done from `+from+`
		left join org_person p on p.id = g.person_id order by p.name_key nulls last, g.person_id limit `+w.Arg(limit)+` offset `+w.Arg(offset), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	return all, n, l.auditRead(ctx, ReadRecords, p.Unit, "", "programme:"+string(pid), nil)
}

// Progressing is a programme with how many of its courses the actor has completed.
type Progressing struct {
	Programme Programme
	Done      int
}

// MyProgrammes lists the programmes in whose courses the actor is, with how far
// he is.
func (l *Learn) MyProgrammes(ctx context.Context) ([]Progressing, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	all, err := l.Programmes(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	in := map[CourseID]bool{} // true when completed
	type row struct {
		Course CourseID       `db:"course"`
		State  EnrolmentState `db:"state"`
	}
	err = db.Each(ctx, l.db, `select `+baseOf+` as course, e.state from learn_enrolment e join learn_course c on c.id = e.course_id
		where e.person_id = $1 and e.state <> 'withdrawn'`, []any{string(who.Person)}, func(r row) error {
		in[r.Course] = in[r.Course] || r.State == Completed
		return nil
	})
	var out []Progressing
	for _, p := range all {
		if mine := (Progressing{Programme: p}); !p.Closed && mine.count(in) {
			out = append(out, mine)
		}
	}
	return out, err
}

// count fills in how many courses are done, and says whether any is learnt.
func (p *Progressing) count(in map[CourseID]bool) bool {
	found := false
	for _, c := range p.Programme.Courses() {
		done, learning := in[c]
		found = found || learning
		if done {
			p.Done++
		}
	}
	return found
}
