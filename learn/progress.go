package learn

import (
	"context"
	"time"

	"lotrinh/access"
	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
)

// progress is the record of one lesson of one enrolment.
type progress struct {
	Enrolment EnrolmentID `db:"enrolment_id"`
	Slot      int         `db:"slot"`
	State     string      `db:"state"`
	At        time.Time   `db:"at"`
	Second    int         `db:"second"`
	Score     int64       `db:"score"`
	Points    int64       `db:"points"`
}

// LessonView is a lesson with all that its page shows.
type LessonView struct {
	Course    Course
	Outline   *Outline
	Lesson    Lesson
	At        int // of the lesson in the outline
	Enrolment Enrolment
	Learning  bool // the actor is enrolled
	Second    int  // where a video was stopped
	Tasks     []TaskView
}

// CourseView is a course with how far the actor is.
type CourseView struct {
	Course    Course
	Outline   *Outline
	Enrolment Enrolment
	Learning  bool   // the actor is enrolled
	Manager   bool   // may edit the course
	Needs     []Need // to be completed before
}

// Study returns a course for learning it: to whoever is enrolled or may edit it,
// and, if it is open, to everybody who has signed in.
func (l *Learn) Study(ctx context.Context, cid CourseID) (CourseView, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return CourseView{}, errs.New(errs.Stranger, "error.sign-in")
	}
	v, err := l.store.study(ctx, cid, who.Person)
	if err != nil {
		return v, err
	}
	v.Manager = access.Allowed(ctx, EditCourse, v.Course.Unit)
	if !v.Manager && !v.Learning && !(v.Course.Open && v.Course.State == Published) {
		return CourseView{}, errs.New(errs.NotFound, "error.not-found")
	}
	if v.Needs, err = l.store.needsOf(ctx, v.Course, who.Person); err != nil {
		return v, err
	}
	v.Outline, err = l.outlines.get(ctx, cid, v.Course.Outline)
	return v, err
}

// StudyLesson returns the lesson in a slot of a course, to those who may Study it;
// who only may sign up sees the first lesson. It asks through access.Who.
func (l *Learn) StudyLesson(ctx context.Context, cid CourseID, slot int) (LessonView, error) {
	c, err := l.Study(ctx, cid)
	if err != nil {
		return LessonView{}, err
	}
	at, ok := c.Outline.bySlot[slot]
	if !ok {
		return LessonView{}, errs.New(errs.NotFound, "error.not-found")
	}
	if !c.Learning && !c.Manager && at > 0 {
		return LessonView{}, errs.New(errs.Denied, "learn.signup.first")
	}
	v := LessonView{Course: c.Course, Outline: c.Outline, At: at, Enrolment: c.Enrolment, Learning: c.Learning}
	if v.Lesson, err = l.store.lesson(ctx, c.Outline.Lessons[at].ID); err != nil || !v.Learning {
		return v, err
	}
	switch v.Lesson.Kind {
	case LessonVideo:
		v.Second, err = l.store.second(ctx, v.Enrolment.ID, slot)
	case LessonTask:
		v.Tasks, err = l.store.tasksOf(ctx, v.Enrolment.ID, v.Lesson.ID)
	}
	return v, err
}

// FinishLesson notes that the actor has done a lesson that is read or watched. It
// asks through access.CheckSelf.
func (l *Learn) FinishLesson(ctx context.Context, cid CourseID, slot int) error {
	v, err := l.learning(ctx, cid, slot)
	if err != nil {
		return err
	}
	switch v.Outline.Lessons[v.At].Kind {
	case LessonQuiz:
		return errs.New(errs.Conflict, "learn.lesson.by-test")
	case LessonTask:
		return errs.New(errs.Conflict, "learn.lesson.by-task")
	}
	if markAt(v.Enrolment.Marks, slot) == Done {
		return nil
	}
	return l.note(ctx, v.Enrolment, progress{Slot: slot, State: string(Done)})
}

// Watched notes at which second the actor stopped a video.
func (l *Learn) Watched(ctx context.Context, cid CourseID, slot, second int) error {
	v, err := l.learning(ctx, cid, slot) // asks access.CheckSelf
	if err != nil {
		return err
	}
	if second < 0 || second > 24*3600 || v.Outline.Lessons[v.At].Kind != LessonVideo {
		return errs.New(errs.Invalid, "error.invalid")
	}
	if markAt(v.Enrolment.Marks, slot) == Untouched {
		return l.note(ctx, v.Enrolment, progress{Slot: slot, State: string(Started), Second: second})
	}
	return l.store.setSecond(ctx, v.Enrolment.ID, slot, second, clock.Now(ctx))
}

// learning is the actor's enrolment in a course, for a lesson in it.
func (l *Learn) learning(ctx context.Context, cid CourseID, slot int) (LessonView, error) {
	c, err := l.Study(ctx, cid)
	if err != nil {
		return LessonView{}, err
	}
	if err := access.CheckSelf(ctx, c.Enrolment.Person); err != nil {
		return LessonView{}, errs.New(errs.Conflict, "learn.signup.first").Because(err)
	}
	at, ok := c.Outline.bySlot[slot]
	if !ok {
		return LessonView{}, errs.New(errs.NotFound, "error.not-found")
	}
	if c.Enrolment.State == Withdrawn {
		return LessonView{}, errs.New(errs.Conflict, "learn.enrol.withdrawn")
	}
	return LessonView{Course: c.Course, Outline: c.Outline, At: at, Enrolment: c.Enrolment, Learning: true}, nil
}

// note writes a record of a lesson and what follows from it.
func (l *Learn) note(ctx context.Context, e Enrolment, p progress) error {
	p.Enrolment, p.At = e.ID, clock.Now(ctx)
	return l.db.Tx(ctx, func(ctx context.Context) error {
		if err := l.store.lock(ctx, e.ID); err != nil {
			return err
		}
		if err := l.store.put(ctx, p); err != nil {
			return err
		}
		return l.sumUp(ctx, e.ID)
	})
}

// gate lets enrolled people take the tests of their courses, and hears how they
// did.
type gate struct{ l *Learn }

// Seat implements quiz.Gate.
func (g gate) Seat(ctx context.Context, t quiz.Test, p org.PersonID) (quiz.Seat, error) {
	if t.Course == "" {
		posts, err := g.l.orgs.PostsOn(ctx, []org.PersonID{p}, clock.Today(ctx))
		return quiz.Seat{Unit: posts[p].Unit, Category: string(posts[p].Category)}, err
	}
	e, err := g.l.store.enrolmentUnder(ctx, CourseID(t.Course), p)
	if err != nil {
		return quiz.Seat{}, err
	}
	if e.State == Withdrawn {
		return quiz.Seat{}, errs.New(errs.Conflict, "learn.enrol.withdrawn")
	}
	return quiz.Seat{Unit: e.Unit, Category: string(e.Category)}, nil
}

// Finished implements quiz.Gate: the attempt that counts becomes the record of
// the lesson.
func (g gate) Finished(ctx context.Context, o quiz.Outcome) error {
	if o.Course == "" {
		return nil
	}
	e, err := g.l.store.enrolmentUnder(ctx, CourseID(o.Course), o.Person)
	if err != nil {
		return err
	}
	slots, err := g.l.store.slotsOfTest(ctx, e.Course, o.Test)
	if err != nil {
		return err
	}
	if err := g.l.store.lock(ctx, e.ID); err != nil {
		return err
	}
	for _, slot := range slots {
		p := progress{Enrolment: e.ID, Slot: slot, State: string(Started), At: o.At, Score: o.Score, Points: o.Points}
		if o.Passed {
			p.State = string(Done)
		}
		if err := g.l.store.put(ctx, p); err != nil {
			return err
		}
	}
	return g.l.sumUp(ctx, e.ID)
}
