package org

import (
	"context"
	"errors"
	"strings"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/text"
)

// What people may be allowed to do with lecturers and providers.
const (
	LecturerRead module.ActionName = "org.lecturer.read"
	LecturerEdit module.ActionName = "org.lecturer.edit"
)

// Rank is an academic rank (học hàm).
type Rank string

// The ranks.
const (
	NoRank             Rank = ""
	Professor          Rank = "professor"           // giáo sư
	AssociateProfessor Rank = "associate_professor" // phó giáo sư
)

// Degree is a degree (học vị).
type Degree string

// The degrees.
const (
	NoDegree Degree = ""
	Bachelor Degree = "bachelor" // cử nhân, kỹ sư
	Master   Degree = "master"   // thạc sĩ
	Doctor   Degree = "doctor"   // tiến sĩ
)

// Ranks and Degrees list them from none up.
var (
	Ranks   = []Rank{NoRank, AssociateProfessor, Professor}
	Degrees = []Degree{NoDegree, Bachelor, Master, Doctor}
)

// level is the place of a degree, 0 for none, as the rule DegreeMin counts.
func (d Degree) level() int64 {
	for i, x := range Degrees {
		if x == d {
			return int64(i)
		}
	}
	return -1
}

// Qualification is what makes a person fit to teach, kept by Unit.
type Qualification struct {
	Person   PersonID   `db:"person_id"`
	Unit     UnitID     `db:"unit_id"` // keeps the record
	Rank     Rank       `db:"academic_rank"`
	Degree   Degree     `db:"degree"`
	Field    string     `db:"field"`          // of study or of teaching
	Practice string     `db:"practice"`       // what he did
	Years    int        `db:"practice_years"` // of practice, on Stated
	Stated   clock.Date `db:"stated_on"`
	Provider ProviderID `db:"provider_id"` // who sends him; "" nobody
	From     clock.Date `db:"from_on"`     // on the list of lecturers
	To       clock.Date `db:"to_on"`
	MadeAt   time.Time  `db:"made_at"`
	Edition  int64      `db:"edition"`

	CheckedAt time.Time `db:"checked_at"` // zero: nobody has checked it as it stands
	CheckedBy string    `db:"checked_by"`
}

// Checked says whether somebody found the record borne out by papers.
func (q Qualification) Checked() bool { return !q.CheckedAt.IsZero() }

// same says whether two records say the same of what was checked.
func (q Qualification) same(p Qualification) bool {
	return q.Rank == p.Rank && q.Degree == p.Degree && q.Field == p.Field && q.Practice == p.Practice && q.Years == p.Years && q.Stated == p.Stated
}

// YearsOn is the years of practice on a date, which grow or shrink by whole years
// from Stated.
func (q Qualification) YearsOn(on clock.Date) int {
	y1, m1, d1 := q.Stated.YMD()
	y2, m2, d2 := on.YMD()
	passed := y2 - y1
	if m2 < m1 || m2 == m1 && d2 < d1 {
		passed--
	}
	return max(0, q.Years+passed)
}

func (q *Qualification) clean(ctx context.Context) error {
	q.Field, q.Practice = text.Clean(q.Field), text.CleanLines(q.Practice)
	if q.Stated == 0 {
		q.Stated = clock.Today(ctx)
	}
	if q.From == 0 {
		q.From = q.Stated
	}
	var f errs.Form
	f.Need(q.Unit != "", "unit", "org.unit.none")
	f.Need(q.Rank == NoRank || q.Rank == Professor || q.Rank == AssociateProfessor, "rank", "org.lecturer.bad-rank")
	f.Need(q.Degree.level() >= 0, "degree", "org.lecturer.bad-degree")
	f.Need(q.Years >= 0 && q.Years <= 60, "years", "org.lecturer.bad-years")
	f.Need(q.Years == 0 || q.Practice != "", "practice", "org.lecturer.need-what")
	f.Need(len(q.Field) <= 300, "field", "org.lecturer.long-field")
	f.Need(q.To == 0 || q.To > q.From, "to", "org.unit.need-span", q.From.Viet())
	return f.Err()
}

// SaveLecturer puts a person on the list of lecturers, or changes what is known of
// him there when the record is still of q.Edition. Someone who is not fit yet may
// stand on the list; he cannot be assigned. Asks through mayRead for the person
// and in the unit that keeps the record.
func (o *Org) SaveLecturer(ctx context.Context, q Qualification) error {
	if err := access.Check(ctx, LecturerEdit, q.Unit); err != nil {
		return err
	}
	x, posts, err := o.load1(ctx, q.Person)
	if err != nil {
		return err
	}
	if err := o.mayRead(ctx, x.ID, posts); err != nil {
		return err
	}
	q.Person = x.ID
	if err := q.clean(ctx); err != nil {
		return err
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		if err := o.writeLecturer(ctx, q); err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: LecturerEdit, Unit: q.Unit, Person: q.Person, Subject: "lecturer:" + string(q.Person), Detail: q})
	})
}

func (o *Org) writeLecturer(ctx context.Context, q Qualification) error {
	old, err := o.qualification(ctx, q.Person)
	if errors.Is(err, errs.NotFound) {
		q.MadeAt, q.Edition, q.CheckedAt, q.CheckedBy = clock.Now(ctx), 0, time.Time{}, ""
		return db.Insert(ctx, o.db, "org_lecturer", q)
	}
	if err != nil {
		return err
	}
	if err := access.Check(ctx, LecturerEdit, old.Unit); err != nil {
		return err
	}
	q.CheckedAt, q.CheckedBy = old.CheckedAt, old.CheckedBy
	if !q.same(old) {
		q.CheckedAt, q.CheckedBy = time.Time{}, ""
	}
	n, err := o.db.Exec(ctx, `update org_lecturer set unit_id = $1, academic_rank = $2, degree = $3, field = $4, practice = $5,
		practice_years = $6, stated_on = $7, provider_id = $8, from_on = $9, to_on = $10, checked_at = $13, checked_by = $14,
		edition = edition + 1 where person_id = $11 and edition = $12`, q.Unit, string(q.Rank), string(q.Degree), q.Field, q.Practice, q.Years, q.Stated,
		string2null(string(q.Provider)), q.From, q.To, string(q.Person), q.Edition, q.CheckedAt, q.CheckedBy)
	return o.touched(ctx, n, err, `select count(*) from org_lecturer where person_id = $1`, string(q.Person))
}

func string2null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (o *Org) qualification(ctx context.Context, p PersonID) (Qualification, error) {
	return db.One[Qualification](ctx, o.db, `select `+db.Columns[Qualification]("")+` from org_lecturer where person_id = $1`, p)
}

// AddLecturer enters a lecturer from outside, who holds no post in any unit, and
// puts him on the list.
func (o *Org) AddLecturer(ctx context.Context, who Particulars, q Qualification) (PersonID, error) {
	if err := access.Check(ctx, LecturerEdit, q.Unit); err != nil {
		return "", err
	}
	p, err := o.person(ctx, NewPerson{who.Name, who.Birth, who.Sex, who.Email, who.Phone, who.Number, Post{}})
	if err != nil {
		return "", err
	}
	q.Person = p.ID
	if err := q.clean(ctx); err != nil {
		return "", err
	}
	return p.ID, o.db.Tx(ctx, func(ctx context.Context) error {
		if err := o.insertPeople(ctx, []Person{p}, nil); err != nil {
			return err
		}
		q.MadeAt, q.Edition, q.CheckedAt, q.CheckedBy = clock.Now(ctx), 0, time.Time{}, ""
		if err := db.Insert(ctx, o.db, "org_lecturer", q); err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: LecturerEdit, Unit: q.Unit, Person: p.ID, Subject: "lecturer:" + string(p.ID), Detail: q})
	})
}

// Lecturer is a line of the list of lecturers.
type Lecturer struct {
	Name    string `db:"name"`
	NameKey string `db:"name_key"`
	Qualification
}

// LecturerFilter narrows the list of lecturers.
type LecturerFilter struct {
	Text     string // words of the name
	Provider ProviderID
	On       clock.Date // those on the list that day; zero = all
	Limit    int        // 200 when zero
	Offset   int
}

// Lecturers lists lecturers by name, of the units where the actor may read them.
func (o *Org) Lecturers(ctx context.Context, f LecturerFilter) ([]Lecturer, error) {
	w := access.Narrow(ctx, LecturerRead, db.NewWhere(), "l.unit_id").And("p.merged_into is null")
	w.If(f.Provider != "", "l.provider_id = ?", string(f.Provider))
	w.If(f.On != 0, "l.from_on <= ? and (l.to_on is null or l.to_on > ?)", f.On, f.On)
	for _, word := range strings.Fields(text.Fold(text.Clean(f.Text))) {
		w.And(`p.folded like ? escape '\'`, db.Like(word))
	}
	limit := f.Limit
	if limit == 0 {
		limit = 200
	}
	return db.All[Lecturer](ctx, o.db, `select p.name, p.name_key, `+db.Columns[Qualification]("l")+` from org_lecturer l
		join org_person p on p.id = l.person_id where `+w.SQL()+` order by p.name_key, p.id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
}

// Lecturer is what is known of a lecturer; errs.NotFound for someone who is none.
// He may read it himself.
func (o *Org) Lecturer(ctx context.Context, p PersonID) (Qualification, error) {
	q, err := o.qualification(ctx, p)
	if err != nil {
		return q, strangerFirst(ctx, p, err)
	}
	if access.CheckSelf(ctx, p) == nil {
		return q, nil
	}
	return q, access.Check(ctx, LecturerRead, q.Unit)
}

// LecturerFit is nil when a person may be assigned to teach on a date: he is on the
// list, has an academic rank or the degree that the rule asks for, and so many years
// of practical experience, and somebody has checked that. Else an Invalid error that says what is lacking. Open to
// all modules, which ask for the right to assign.
func (o *Org) LecturerFit(ctx context.Context, p PersonID, on clock.Date) error {
	q, err := o.qualification(ctx, p)
	if errors.Is(err, errs.NotFound) {
		return errs.New(errs.Invalid, "org.lecturer.not-listed")
	}
	if err != nil {
		return err
	}
	r, err := o.fitRule(ctx, on)
	if err != nil {
		return err
	}
	return r.judge(q)
}

// fitRule is what the rules ask of a lecturer on a date.
type fitRule struct {
	on            clock.Date
	degree, years int64
}

func (o *Org) fitRule(ctx context.Context, on clock.Date) (r fitRule, err error) {
	r.on = on
	if r.degree, err = o.Rule(ctx, DegreeMin, on); err != nil {
		return r, err
	}
	r.years, err = o.Rule(ctx, PracticeMin, on)
	return r, err
}

func (r fitRule) judge(q Qualification) error {
	switch {
	case !r.on.Within(q.From, q.To):
		return errs.New(errs.Invalid, "org.lecturer.not-on", r.on.Viet())
	case q.Rank == NoRank && q.Degree.level() < r.degree:
		return errs.New(errs.Invalid, "org.lecturer.need-degree", i18n.T("org.degree."+string(Degrees[r.degree])))
	case q.Practice == "" || int64(q.YearsOn(r.on)) < r.years:
		return errs.New(errs.Invalid, "org.lecturer.need-practice", r.years)
	case !q.Checked():
		return errs.New(errs.Invalid, "org.lecturer.not-checked")
	}
	return nil
}
