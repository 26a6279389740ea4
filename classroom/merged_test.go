package classroom_test

import (
	"testing"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/module"
)

// Seats and marks follow a person whose record was merged into another's.
func TestRostersFollowMergedPersons(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k := l.open(t, l.plan(t), 3, classroom.Rule{Categories: []org.Category{org.CivilServant}})
		staff := l.people(t, l.commune[0], 4, org.CivilServant)
		_, err := l.Nominate(l.as(module.TrainingOfficer, l.commune[0], ""), classroom.Nomination{Class: k, Unit: l.commune[0], Number: "12/QĐ-UBND", On: day("2022-05-09"), People: staff[:3]})
		must(t, err)
		s := l.meet(t, k, "2022-05-16", "")
		_, err = l.MarkAll(l.ctx, s, []classroom.Mark{
			{ID: "mark-0001", Person: staff[0], State: classroom.Present},
			{ID: "mark-0002", Person: staff[1], State: classroom.Excused, Reason: "họp"},
			{ID: "mark-0003", Person: staff[2], State: classroom.Late},
		}, true)
		must(t, err)

		both := org.PersonsMerged{From: staff[1], To: staff[0]} // on one roster
		for range 2 {                                           // told twice
			must(t, l.OnPersonsMerged(l.ctx, both))
		}
		if a, b := l.seatOf(t, k, staff[0]).State, l.seatOf(t, k, staff[1]).State; a != classroom.Registered || b != classroom.Withdrawn {
			t.Errorf("seats: %s, %s", a, b)
		}
		must(t, l.OnPersonsMerged(l.ctx, org.PersonsMerged{From: staff[2], To: staff[3]})) // who has no seat yet
		roll, err := l.Roll(l.ctx, s)
		must(t, err)
		now := map[org.PersonID]classroom.Attendance{}
		for _, line := range roll.Lines {
			now[line.Seat.Person] = line.Now
		}
		if len(now) != 2 || now[staff[3]].State != classroom.Late {
			t.Errorf("%+v", now)
		}
		if one := now[staff[0]]; !one.Conflict || len(one.Heads) != 2 {
			t.Errorf("what two records were marked is no conflict to settle: %+v", one)
		}
	})
}
