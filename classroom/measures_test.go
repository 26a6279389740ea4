package classroom_test

import (
	"testing"

	"lotrinh/classroom"
	"lotrinh/org"
)

func TestQuotaSumsHold(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		p := l.plan(t)
		q := func(u org.UnitID, n int64) classroom.Quota { return classroom.Quota{Unit: u, Seats: n} }
		must(t, l.SetQuotas(l.ctx, p, []classroom.Quota{q(l.province, 100), q(l.district[0], 60), q(l.district[1], 40), q(l.commune[0], 35), q(l.commune[1], 20)}))
		if err := l.SetQuotas(l.ctx, p, []classroom.Quota{q(l.commune[1], 26)}); err == nil {
			t.Fatal("a district shares out more than it has")
		}
		s, err := l.Quotas(l.ctx, p, l.district[0], "", "")
		must(t, err)
		if s.Own.Seats != 60 || s.Own.Given != 55 || s.Left != 5 || len(s.Lines) != 2 {
			t.Fatalf("%+v", s)
		}
	})
}

func TestRostersFollowTheirUnits(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		p := l.plan(t)
		k := l.open(t, p, 40, classroom.Rule{})
		staff := l.people(t, l.commune[0], 1, org.CivilServant)
		_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: staff})
		must(t, err)
		s := l.meet(t, k, "2022-05-16", "")
		_, err = l.MarkAll(l.ctx, s, []classroom.Mark{{ID: "mark-0001", Person: staff[0], State: classroom.Present}}, true)
		must(t, err)
		pairs := []org.Pair{{From: l.commune[0], To: l.commune[1], Kind: org.Merge, Num: 1, Den: 1}}
		on := day("2022-05-01")
		must(t, l.o.Succeed(l.ctx, pairs, org.Basis{On: on, Act: org.Act{Number: "1/NQ-UBTVQH15"}}))
		must(t, l.OnUnitsSucceeded(l.ctx, org.UnitsSucceeded{On: on, Pairs: pairs}))
		if got := l.seatOf(t, k, staff[0]).Unit; got != l.commune[1] {
			t.Errorf("the seat lies in %s", got)
		}
		roll, err := l.Roll(l.ctx, s)
		must(t, err)
		if got := roll.Lines[0].Now.Unit; got != l.commune[0] {
			t.Errorf("what was attended moved to %s", got)
		}
	})
}
