package app

import (
	"context"
	"log/slog"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/event"
)

// bridge is all the traffic between modules that cannot see each other: what one
// does when it hears of another.
func (h *House) bridge() {
	event.On(h.Bus, "access", func(ctx context.Context, e org.UnitsSucceeded) error {
		return h.Access.Follow(access.System(ctx), e)
	})
	event.On(h.Bus, "access", func(ctx context.Context, e org.PersonsMerged) error {
		return h.Access.FollowPerson(access.System(ctx), e)
	})
	event.On(h.Bus, "classroom_site", func(ctx context.Context, e org.PersonsMerged) error {
		return h.sites.OnPersonsMerged(access.System(ctx), e)
	})
	event.On(h.Bus, "learn", func(ctx context.Context, e classroom.RollCalled) error {
		return h.attended(access.System(ctx), e.Session, e.People)
	})
	event.On(h.Bus, "learn", func(ctx context.Context, e classroom.AttendanceChanged) error {
		return h.attended(access.System(ctx), e.Session, e.People)
	})
	event.On(h.Bus, "classroom", func(ctx context.Context, e org.UnitsSucceeded) error {
		return h.classes.OnUnitsSucceeded(access.System(ctx), e)
	})
	event.On(h.Bus, "learn", func(ctx context.Context, e org.PersonsMerged) error {
		return h.learning.OnPersonsMerged(access.System(ctx), e)
	})
	event.On(h.Bus, "classroom", func(ctx context.Context, e org.PersonsMerged) error {
		err := h.classes.OnPersonsMerged(access.System(ctx), e)
		db.AfterCommit(ctx, h.recount)
		return err
	})
	event.On(h.Bus, "classroom", func(ctx context.Context, e org.PersonMoved) error {
		return h.classes.OnPersonMoved(access.System(ctx), e)
	})
}

// recount counts results anew: attendances have become another person's.
func (h *House) recount() {
	if err := h.results.Reload(db.Guard(context.Background())); err != nil {
		slog.Error("results cannot be counted anew", "err", err)
	}
}

// attended lets the courses that a session teaches look again at people, where
// their rule asks for attendance.
func (h *House) attended(ctx context.Context, session classroom.SessionID, people []org.PersonID) error {
	taught, err := h.classes.Taught(ctx, session)
	if err != nil {
		return err
	}
	for _, t := range taught {
		courses, err := h.learning.CoursesOn(ctx, learn.TopicID(t.Topic), learn.CourseID(t.Course))
		if err != nil {
			return err
		}
		for _, c := range courses {
			if c.Rule().Attendance == 0 {
				continue
			}
			if err := h.learning.AttendanceChanged(ctx, c.ID, people); err != nil {
				return err
			}
		}
	}
	return nil
}
