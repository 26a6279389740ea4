package learn

import (
	"context"

	"lotrinh/access"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Home is what a learner has to do next.
type Home struct {
	Courses   []CourseView // under way, the most urgent first
	Completed int
}

// MyHome returns what is next for the actor: his courses under way, with the
// lesson to go on with in each, and how many he has completed.
func (l *Learn) MyHome(ctx context.Context) (Home, error) {
	var h Home
	who, ok := access.Who(ctx)
	if !ok {
		return h, errs.New(errs.Stranger, "error.sign-in")
	}
	if who.Person == "" {
		return h, nil
	}
	err := db.Each(ctx, l.db, `select `+courseColsC+studiedCols+` from learn_enrolment e join learn_course c on c.id = e.course_id
		where e.person_id = $1 and e.state = 'active' order by e.due_on nulls last, e.enrolled_at, e.id limit 20`, []any{string(who.Person)},
		func(r studied) error {
			h.Courses = append(h.Courses, CourseView{Course: r.Course, Enrolment: r.enrolment(), Learning: true})
			return nil
		})
	if err != nil {
		return h, err
	}
	for i := range h.Courses {
		c := &h.Courses[i]
		if c.Outline, err = l.outlines.get(ctx, c.Course.ID, c.Course.Outline); err != nil {
			return h, err
		}
	}
	h.Completed, err = db.One[int](ctx, l.db, `select count(*) from learn_enrolment where person_id = $1 and state = 'completed'`, string(who.Person))
	return h, err
}

// MyCompleted lists the courses that the actor has completed, the latest first.
func (l *Learn) MyCompleted(ctx context.Context) ([]CourseView, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	var out []CourseView
	err := db.Each(ctx, l.db, `select `+courseColsC+studiedCols+` from learn_enrolment e join learn_course c on c.id = e.course_id
		where e.person_id = $1 and e.state = 'completed' order by e.completed_on desc, e.id limit 100`, []any{string(who.Person)},
		func(r studied) error {
			out = append(out, CourseView{Course: r.Course, Enrolment: r.enrolment(), Learning: true})
			return nil
		})
	return out, err
}
