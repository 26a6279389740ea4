package learn

import (
	"context"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// sumUp makes the summary of an enrolment anew from its records, and completes it
// when the rule of its course is met. A completion once reached stays.
func (l *Learn) sumUp(ctx context.Context, eid EnrolmentID) error {
	e, err := l.store.enrolment(ctx, eid)
	if err != nil {
		return err
	}
	c, err := l.store.course(ctx, e.Course)
	if err != nil {
		return err
	}
	o, err := l.outlines.get(ctx, c.ID, c.Outline)
	if err != nil {
		return err
	}
	records, err := l.store.records(ctx, eid)
	if err != nil {
		return err
	}
	summary(&e, o, records)
	met, err := l.met(ctx, c, o, e)
	if err != nil {
		return err
	}
	if met && e.State == Active {
		return l.complete(ctx, c, e)
	}
	return l.store.saveEnrolment(ctx, e)
}

// summary puts into e what its records say.
func summary(e *Enrolment, o *Outline, records []progress) {
	marks := make([]byte, o.Slots)
	for i := range marks {
		marks[i] = byte(Untouched)
	}
	var share, tests int64
	for _, p := range records {
		at, ok := o.bySlot[p.Slot]
		if !ok || p.Slot >= len(marks) {
			continue // of a lesson that was taken out
		}
		marks[p.Slot] = p.State[0]
		if o.Lessons[at].Kind == LessonQuiz && p.Points > 0 {
			share += p.Score * 10000 / p.Points
			tests++
		}
	}
	e.Marks, e.Score = string(marks), -1
	if tests > 0 {
		e.Score = int(share / max(tests, int64(o.tests())))
	}
	_, e.Done = o.Done(e.Marks)
}

// tests counts the tests that everybody has to take.
func (o *Outline) tests() int {
	n := 0
	for _, l := range o.Lessons {
		if l.Kind == LessonQuiz && l.Required {
			n++
		}
	}
	return n
}

// met says whether the rule of a course holds.
func (l *Learn) met(ctx context.Context, c Course, o *Outline, e Enrolment) (bool, error) {
	r := c.Rule()
	if r.Lessons && e.Done < o.Required || r.Score > 0 && e.Score < r.Score*100 {
		return false, nil
	}
	if r.Tasks {
		for _, lesson := range o.Lessons {
			if lesson.Kind == LessonTask && markAt(e.Marks, lesson.Slot) != Done {
				return false, nil
			}
		}
	}
	if r.Attendance == 0 {
		return true, nil
	}
	if l.attendance == nil {
		return false, nil
	}
	seen, err := l.attendance.Attended(ctx, string(c.ID), []org.PersonID{e.Person})
	p := seen[e.Person]
	return p.Of > 0 && p.Was*100 >= r.Attendance*p.Of, err
}

func (l *Learn) complete(ctx context.Context, c Course, e Enrolment) error {
	e.State, e.CompletedOn = Completed, clock.Today(ctx)
	e.Passed = e.Score < 0 || e.Score >= c.Rule().Score*100
	if err := l.store.saveEnrolment(ctx, e); err != nil {
		return err
	}
	if err := l.bus.Publish(ctx, CourseCompleted{Enrolment: e.ID, Course: c.ID, Person: e.Person, Unit: e.Unit, On: e.CompletedOn}); err != nil {
		return err
	}
	if !c.AutoIssue {
		return nil
	}
	e.Edition++
	_, err := l.issue(ctx, c, []Enrolment{e})
	return err
}

// Recompute makes the summaries of a course's enrolments anew from the records,
// completes those that meet its rule, and says how many it mended. It repairs what
// a fault, a changed rule or an attendance entered later has left behind.
func (l *Learn) Recompute(ctx context.Context, cid CourseID) (mended int, err error) {
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return 0, err
	}
	if err := access.Check(ctx, EditCourse, c.Unit); err != nil {
		return 0, err
	}
	ids, err := db.All[EnrolmentID](ctx, l.db, `select id from learn_enrolment where course_id = $1 order by id`, cid)
	if err != nil {
		return 0, err
	}
	for _, eid := range ids {
		err := l.db.Tx(ctx, func(ctx context.Context) error {
			before, err := l.store.enrolment(ctx, eid)
			if err != nil {
				return err
			}
			if err := l.sumUp(ctx, eid); err != nil {
				return err
			}
			after, err := l.store.enrolment(ctx, eid)
			if before.Marks != after.Marks || before.State != after.State || before.Score != after.Score || before.Done != after.Done {
				mended++
			}
			return err
		})
		if err != nil {
			return mended, err
		}
	}
	return mended, l.audit(ctx, "learn.recomputed", c.Unit, "course:"+string(cid), map[string]int{"mended": mended})
}

// AttendanceChanged looks again at the people whose attendance in a course was
// entered or corrected. Open to the app's bridge, which hears of it from the
// classroom; it changes nothing but what the records say.
func (l *Learn) AttendanceChanged(ctx context.Context, cid CourseID, people []org.PersonID) error {
	for _, p := range people {
		e, err := l.store.enrolmentOf(ctx, cid, p)
		if err != nil {
			continue // not in the course
		}
		if err := l.db.Tx(ctx, func(ctx context.Context) error { return l.sumUp(ctx, e.ID) }); err != nil {
			return err
		}
	}
	return nil
}
