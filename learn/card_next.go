package learn

import (
	"context"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

// nextCard is what is next for a learner: one line and one button, and his other
// courses below. Who has other work in the house and learns nothing sees no card.
func (p pages) nextCard(ctx context.Context) (web.Component, error) {
	h, err := p.l.MyHome(ctx)
	if err != nil || len(h.Courses) == 0 && worksElsewhere(ctx) {
		return nil, err
	}
	i, lesson := h.next()
	if i < 0 {
		return homeCard(h), nil
	}
	return nextBody(h, i, lesson), nil
}

func worksElsewhere(ctx context.Context) bool {
	who, _ := access.Who(ctx)
	for _, g := range who.Grants {
		if g.Role != module.Learner {
			return true
		}
	}
	return false
}

// next is the course to go on with, the most urgent in which a lesson waits, and
// that lesson; -1 where none does.
func (h Home) next() (course int, lesson OutlineLesson) {
	for i, c := range h.Courses {
		if n := c.Outline.Next(c.Enrolment.Marks); n >= 0 {
			return i, c.Outline.Lessons[n]
		}
	}
	return -1, OutlineLesson{}
}

// others are the courses but for one.
func (h Home) others(but int) (list []CourseView) {
	for i, c := range h.Courses {
		if i != but {
			list = append(list, c)
		}
	}
	return list
}

// dueText says until when a course is to be completed; "" where it has no end.
func dueText(ctx context.Context, c CourseView) string {
	due := c.Enrolment.Due
	switch {
	case due == 0:
		return ""
	case due < clock.Today(ctx):
		return i18n.S(ctx, "learn.next.late", due.Viet())
	}
	return i18n.S(ctx, "learn.due-on", due.Viet())
}
