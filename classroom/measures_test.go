package classroom_test

import (
	"strings"
	"testing"
	"time"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
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

func TestHoursAndCostsCount(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		taught(t, l)
		source := l.Module().Measure[0]
		sums, records := map[string]int64{}, map[string]string{}
		must(t, source.Facts(l.ctx, time.Time{}, func(f module.Fact) error {
			sums[f.Measure] += f.N
			if f.N > 0 {
				records[f.Measure] = f.Record
			}
			return nil
		}))
		// Seven attendances of three hours, and five million and one đồng.
		for measure, want := range map[string]int64{"classroom.registered": 5, "classroom.attended": 7, "classroom.minutes": 7 * 180, "classroom.spent": 5000, "classroom.planned": 12} {
			if sums[measure] != want {
				t.Errorf("%s is %d, want %d", measure, sums[measure], want)
			}
		}
		behind, err := source.Records(i18n.With(l.ctx, i18n.Vi), []string{records["classroom.spent"]})
		must(t, err)
		if len(behind) != 1 || behind[0].Title != "Thuê hội trường" || !strings.Contains(behind[0].Detail, "5.000.001 đồng") {
			t.Errorf("%+v", behind)
		}
		hidden, err := source.Records(l.as(module.TrainingOfficer, l.commune[0], ""), []string{records["classroom.spent"]})
		must(t, err)
		if len(hidden) != 0 {
			t.Errorf("a commune sees the costs of the province: %+v", hidden)
		}
	})
}

// An attendance counts whoever sat there: the trainee himself, or his substitute.
func TestAttendancesCountPersons(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		p := l.plan(t)
		k := l.open(t, p, 40, classroom.Rule{})
		staff := l.people(t, l.commune[0], 3, org.CivilServant)
		_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: staff[:2]})
		must(t, err)
		s := l.meet(t, k, "2022-05-16", "")
		_, err = l.MarkAll(l.ctx, s, []classroom.Mark{{ID: "mark-0001", Person: staff[0], State: classroom.Present},
			{ID: "mark-0002", Person: staff[1], State: classroom.Substitute, Substitute: "Người thay", SubstituteID: staff[2], Reason: "công tác"}}, true)
		must(t, err)
		got := map[string]bool{}
		for _, m := range l.Module().Measure {
			must(t, m.Facts(l.ctx, time.Time{}, func(f module.Fact) error {
				if f.Measure == "classroom.attended" && f.N > 0 {
					got[f.Person] = true
				}
				return nil
			}))
		}
		if len(got) != 2 || !got[string(staff[0])] || !got[string(staff[2])] {
			t.Errorf("counted %v, want %v and %v", got, staff[0], staff[2])
		}
	})
}
