package learn

import (
	"context"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Variant is a unit's own edition of a course, as its list shows it.
type Variant struct {
	ID       CourseID    `db:"id"`
	Unit     org.UnitID  `db:"unit_id"`
	State    CourseState `db:"state"`
	Learners int         `db:"learners"`
}

// Variants lists the units' own editions of a course, to whoever may edit courses
// of its unit.
func (l *Learn) Variants(ctx context.Context, cid CourseID) ([]Variant, error) {
	if _, err := l.CourseOf(ctx, cid); err != nil { // asks access.Check
		return nil, err
	}
	return db.All[Variant](ctx, l.db, `select c.id, c.unit_id, c.state, (select count(*) from learn_enrolment e where e.course_id = c.id) as learners
		from learn_course c where c.base_id = $1 order by c.made_at, c.id`, string(cid))
}

// Difference is a lesson in which an edition of a course differs from its base.
type Difference struct {
	Title string
	Kind  string // added, changed, removed
}

// Differences lists in which lessons a unit's own edition differs from the course
// that it is one of. It is for whoever may edit the edition.
func (l *Learn) Differences(ctx context.Context, cid CourseID) (base Course, out []Difference, err error) {
	c, err := l.CourseOf(ctx, cid) // asks access.Check
	if err != nil {
		return base, nil, err
	}
	if c.Base == "" {
		return base, nil, errs.New(errs.NotFound, "error.not-found")
	}
	if base, err = l.store.course(ctx, c.Base); err != nil {
		return base, nil, err
	}
	theirs, err := l.store.lessons(ctx, c.Base)
	if err != nil {
		return base, nil, err
	}
	own, err := l.store.lessons(ctx, cid)
	return base, differences(theirs, own), err
}

// lessons are the lessons of a course in their order, with their text.
func (s store) lessons(ctx context.Context, cid CourseID) ([]Lesson, error) {
	return db.All[Lesson](ctx, s.db, `select `+lessonCols+` from learn_lesson where course_id = $1 and not retired order by no, slot`, string(cid))
}

// differences compares lessons by their slots, which an edition takes over from
// its base. A lesson of another making in the same slot has another kind or title
// and text: that is a change too.
func differences(base, own []Lesson) (out []Difference) {
	at := map[int]Lesson{}
	for _, l := range base {
		at[l.Slot] = l
	}
	for _, l := range own {
		b, ok := at[l.Slot]
		delete(at, l.Slot)
		switch {
		case !ok:
			out = append(out, Difference{l.Title, "added"})
		case !same(b, l):
			out = append(out, Difference{l.Title, "changed"})
		}
	}
	for _, l := range base {
		if _, left := at[l.Slot]; left {
			out = append(out, Difference{l.Title, "removed"})
		}
	}
	return out
}

// same says whether two lessons tell and ask the same.
func same(a, b Lesson) bool {
	return a.Kind == b.Kind && a.Title == b.Title && a.Source == b.Source && a.Required == b.Required && a.File == b.File && a.Captions == b.Captions &&
		a.URL == b.URL && a.Test == b.Test && a.Evidence == b.Evidence && a.Confirm == b.Confirm && a.Minutes == b.Minutes && a.Outcomes == b.Outcomes
}

// mayReadBase says whether the actor may open the course that an edition is one of.
func mayReadBase(ctx context.Context, base Course) bool {
	return access.Allowed(ctx, EditCourse, base.Unit)
}
