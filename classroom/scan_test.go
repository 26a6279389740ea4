package classroom_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

func TestScan(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k := l.open(t, l.plan(t), 40, classroom.Rule{})
		staff := l.people(t, l.commune[0], 4, org.CivilServant)
		_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: staff[:3]})
		must(t, err)
		d := draft(k, "2022-05-16", "")
		d.RoomCode = "sen hồng"
		s, err := l.SaveSession(l.ctx, d)
		must(t, err)
		start := d.Starts
		path, _, err := l.ScanCode(clock.At(l.ctx, start), s)
		must(t, err)
		parts := strings.Split(path, "/")
		step, mac := parts[4], parts[5]
		as := func(i int, after time.Duration) context.Context {
			return clock.At(l.as(module.Learner, "", staff[i]), start.Add(after))
		}
		ticket, err := l.Scan(as(0, 10*time.Second), s, step, mac)
		must(t, err)
		for _, c := range []struct {
			name string
			err  error
			want error
		}{
			{"a photo of a minute ago", second(l.Scan(as(0, 60*time.Second), s, step, mac)), errs.Invalid},
			{"a forged code", second(l.Scan(as(0, 0), s, step, strings.Repeat("0", len(mac)))), errs.Invalid},
			{"a code of tomorrow", second(l.Scan(as(0, -time.Minute), s, step, mac)), errs.Invalid},
			{"who is not on the roster", second(l.Scan(as(3, 0), s, step, mac)), errs.NotFound},
			{"another's ticket", l.CheckIn(as(1, 20*time.Second), s, ticket.Text, "SEN HỒNG", "b"), errs.Invalid},
			{"an old ticket", l.CheckIn(as(0, 5*time.Minute), s, ticket.Text, "SEN HỒNG", "a"), errs.Invalid},
			{"a wrong code of the room", l.CheckIn(as(0, time.Minute), s, ticket.Text, "hoa mai", "a"), errs.Invalid},
			{"in time", l.CheckIn(as(0, time.Minute), s, ticket.Text, " sen  hồng", "a"), nil},
			{"once more", l.CheckIn(as(0, time.Minute), s, ticket.Text, "sen hồng", "a"), nil},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v", c.name, c.err)
			}
		}
		marks, err := l.Marks(l.ctx, s, staff[0])
		if err != nil || len(marks) != 1 || marks[0].State != classroom.Present || marks[0].By != staff[0] {
			t.Fatalf("%+v %v", marks, err)
		}
		later, err := l.Scan(as(1, 5*time.Second), s, step, mac)
		must(t, err)
		if err := l.CheckIn(as(1, time.Minute), s, later.Text, "sen hồng", "a"); !errors.Is(err, errs.Invalid) {
			t.Errorf("one phone checks two people in: %v", err)
		}
		for range 5 {
			l.CheckIn(as(1, time.Minute), s, later.Text, "đoán", "b")
		}
		if err := l.CheckIn(as(1, time.Minute), s, later.Text, "sen hồng", "b"); !errors.Is(err, errs.Busy) {
			t.Errorf("codes can be guessed: %v", err)
		}
	})
}

// What the manager saw and what a scan says stand side by side.
func TestScanAgainstTheManager(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k := l.open(t, l.plan(t), 40, classroom.Rule{})
		staff := l.people(t, l.commune[0], 1, org.CivilServant)
		_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: staff})
		must(t, err)
		s := l.meet(t, k, "2022-05-16", "")
		start := draft(k, "2022-05-16", "").Starts
		_, err = l.MarkAll(clock.At(l.ctx, start), s, []classroom.Mark{{ID: "mark-0001", Person: staff[0], State: classroom.Unexcused, At: start}}, true)
		must(t, err)
		at := start.Add(20 * time.Minute)
		path, _, err := l.ScanCode(clock.At(l.ctx, at), s)
		must(t, err)
		parts := strings.Split(path, "/")
		self := clock.At(l.as(module.Learner, "", staff[0]), at)
		ticket, err := l.Scan(self, s, parts[4], parts[5])
		must(t, err)
		must(t, l.CheckIn(self, s, ticket.Text, "", "phone"))
		roll, err := l.Roll(l.ctx, s)
		must(t, err)
		if line := roll.Lines[0]; !line.Now.Conflict || len(line.Disputed) != 2 || line.Now.State != classroom.Late {
			t.Fatalf("%+v", line.Now)
		}
	})
}

func second[T any](_ T, err error) error { return err }
