package learn

import (
	"context"
	"errors"
	"testing"

	"lotrinh/access"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// After a class, the officer notes for many at once that they went through the
// lessons; who is not in the course is left out, and twice is once.
func TestFinishMany(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		people := h.hire(t, ctx, h.commune, "Trần Thị Bình", "Lê Văn Ánh")
		cid := h.course(t, ctx, 3, NewCourse{Rule: Rule{Lessons: true}})
		if _, err := h.learn.EnrolMany(sys, cid, people[:1], "class"); err != nil {
			t.Fatal(err)
		}
		for round, c := range []struct{ upTo, completed, done int }{{2, 0, 2}, {0, 1, 3}, {0, 0, 3}} {
			n, err := h.learn.FinishMany(sys, cid, people, c.upTo)
			if err != nil || n != c.completed {
				t.Fatalf("round %d: %d completed, %v", round, n, err)
			}
			if e := h.enrolment(t, ctx, cid, people[0]); e.Done != c.done || (e.State == Completed) != (c.done == 3) {
				t.Fatalf("round %d: %d done, %s", round, e.Done, e.State)
			}
		}
		officer := h.as(ctx, "officer", module.TrainingOfficer, h.neighbour)
		if _, err := h.learn.FinishMany(officer, cid, people, 0); !errors.Is(err, errs.Denied) {
			t.Errorf("a neighbour finished lessons for others: %v", err)
		}
	})
}
