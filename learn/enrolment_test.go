package learn

import (
	"context"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
)

// Who stands below two units with an edition of their own learns that of the
// nearer one.
func TestTheNearestEditionIsLearnt(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		cid := h.course(t, ctx, 1, NewCourse{Rule: Rule{Lessons: true}})
		village, err := h.orgs.Add(sys, org.Unit{Name: "Thôn Phú Trung", Kind: "village", Tier: org.Village, Parent: h.commune}, org.Basis{On: clock.MustDate("2020-01-01")})
		ok(t, err)
		editions := map[org.UnitID]CourseID{}
		for _, u := range []org.UnitID{h.district, h.commune} {
			editions[u], err = h.learn.Vary(sys, cid, u)
			ok(t, err)
			ok(t, h.learn.SetState(sys, editions[u], Published))
		}
		for unit, want := range map[org.UnitID]CourseID{village: editions[h.commune], h.commune: editions[h.commune], h.district: editions[h.district], h.neighbour: cid} {
			p := h.hire(t, ctx, unit, "Lê Thị Bình")[0]
			_, err := h.learn.Enrol(sys, cid, []org.PersonID{p})
			ok(t, err)
			if e := h.enrolment(t, ctx, cid, p); e.Course != want {
				t.Errorf("in %s: %s, want %s", unit, e.Course, want)
			}
		}
	})
}
