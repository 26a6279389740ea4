package classroom_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/module"
)

// drawMarks draws what several devices may come to hold about one person: each
// device sees some of the marks made before and makes marks on top of them. With
// wild, marks may name any other as their base, even in a ring.
func drawMarks(t *rapid.T, wild bool) []classroom.Mark {
	n := rapid.IntRange(0, 12).Draw(t, "marks")
	marks := make([]classroom.Mark, n)
	for i := range marks {
		m := classroom.Mark{ID: classroom.MarkID(fmt.Sprintf("mark-%04d", i)), Person: "p",
			State:  rapid.SampledFrom(classroom.Presences).Draw(t, "state"),
			At:     now.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "clock")) * time.Minute),
			Device: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "device")}
		top := i
		if wild {
			top = n + 2
		}
		for b := range top {
			if rapid.IntRange(0, 3).Draw(t, "seen") == 0 {
				m.Bases = append(m.Bases, classroom.MarkID(fmt.Sprintf("mark-%04d", b)))
			}
		}
		marks[i] = m
	}
	return marks
}

func TestMergeMindsNeitherOrderNorRepetition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := drawMarks(t, rapid.Bool().Draw(t, "wild"))
		want := classroom.Merge(marks)
		again := rapid.Permutation(append(slices.Clone(marks), marks...)).Draw(t, "order")
		if got := classroom.Merge(again); !reflect.DeepEqual(got, want) {
			t.Fatalf("in another order %+v, want %+v", got, want)
		}
	})
}

func TestMergeLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := drawMarks(t, rapid.Bool().Draw(t, "wild"))
		st := classroom.Merge(marks)
		if len(marks) > 0 && len(st.Heads) == 0 {
			t.Fatal("marks, and none of them counts")
		}
		named := map[classroom.MarkID]bool{}
		for _, m := range marks {
			for _, b := range m.Bases {
				if b != m.ID {
					named[b] = true
				}
			}
		}
		says := map[classroom.Presence]bool{}
		for _, m := range marks {
			isHead := slices.Contains(st.Heads, m.ID)
			if !named[m.ID] && !isHead {
				t.Fatalf("%s was replaced by nobody and is lost", m.ID)
			}
			if isHead {
				says[m.State] = true
			}
		}
		if st.Conflict != (len(says) > 1) {
			t.Fatalf("the heads say %v, conflict %v", says, st.Conflict)
		}
	})
}

// A mark by who has seen all heads ends every conflict.
func TestMergeSettles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := drawMarks(t, rapid.Bool().Draw(t, "wild"))
		last := classroom.Mark{ID: "mark-last", Person: "p", State: classroom.Late, At: now.Add(-time.Hour), Bases: classroom.Merge(marks).Heads}
		st := classroom.Merge(append(marks, last))
		if st.Conflict || st.Mark.ID != last.ID || len(st.Heads) != 1 {
			t.Fatalf("%+v", st)
		}
	})
}

// device is a phone that calls a roll off line and sends what it has when it can.
type device struct {
	name  string
	seen  map[org.PersonID]classroom.MarkIDs
	queue []classroom.Mark
	n     int
}

func (v *device) mark(p org.PersonID, s classroom.Presence, at time.Time) {
	v.n++
	m := classroom.Mark{ID: classroom.MarkID(fmt.Sprintf("%s-mark-%04d", v.name, v.n)), Person: p, State: s, At: at, Device: v.name, Bases: v.seen[p]}
	v.seen[p] = classroom.MarkIDs{m.ID}
	v.queue = append(v.queue, m)
}

// Two devices mark the same session off line, send in any pieces, some of them
// twice, and the server ends where Merge of all marks ends; nothing is lost.
func TestDevicesConverge(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k := l.open(t, l.plan(t), 40, classroom.Rule{})
		staff := l.people(t, l.commune[0], 3, org.CivilServant)
		_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: staff})
		must(t, err)
		for round := range 6 {
			s := l.meet(t, k, "2022-05-16", "")
			must(t, converge(l, s, staff, rand.New(rand.NewPCG(7, uint64(round)))))
			l.free(t, s)
		}
	})
}

// free takes a session out of the way of the next one.
func (l *land) free(t testing.TB, s classroom.SessionID) {
	t.Helper()
	_, err := l.d.Exec(l.ctx, `update classroom_session set state = 'cancelled' where id = $1`, s)
	must(t, err)
}

func converge(l *land, s classroom.SessionID, staff []org.PersonID, r *rand.Rand) error {
	devices := []*device{{name: "a-phone", seen: map[org.PersonID]classroom.MarkIDs{}}, {name: "b-phone", seen: map[org.PersonID]classroom.MarkIDs{}}}
	all := map[org.PersonID][]classroom.Mark{}
	for range 60 {
		v := devices[r.IntN(2)]
		switch r.IntN(4) {
		case 0, 1:
			v.mark(staff[r.IntN(len(staff))], classroom.Presences[r.IntN(4)], now.Add(-time.Duration(r.IntN(600))*time.Second))
		case 2: // a part of the queue arrives, and stays in it: the answer was lost
			if err := v.send(l, s, r.IntN(len(v.queue)+1)); err != nil {
				return err
			}
		case 3:
			if err := v.send(l, s, len(v.queue)); err != nil {
				return err
			}
			for _, m := range v.queue {
				all[m.Person] = append(all[m.Person], m)
			}
			v.queue = nil
			if r.IntN(2) == 0 {
				if err := v.look(l, s); err != nil {
					return err
				}
			}
		}
	}
	for _, v := range devices {
		if err := v.send(l, s, len(v.queue)); err != nil {
			return err
		}
		for _, m := range v.queue {
			all[m.Person] = append(all[m.Person], m)
		}
	}
	return same(l, s, all)
}

func (v *device) send(l *land, s classroom.SessionID, n int) error {
	refused, err := l.MarkAll(l.ctx, s, v.queue[:n], false)
	if err == nil && len(refused) > 0 {
		err = fmt.Errorf("refused: %v", refused)
	}
	return err
}

// look reads the roll as the server has it.
func (v *device) look(l *land, s classroom.SessionID) error {
	roll, err := l.Roll(l.ctx, s)
	for _, line := range roll.Lines {
		v.seen[line.Seat.Person] = line.Now.Heads
	}
	return err
}

func same(l *land, s classroom.SessionID, all map[org.PersonID][]classroom.Mark) error {
	roll, err := l.Roll(l.ctx, s)
	if err != nil {
		return err
	}
	for _, line := range roll.Lines {
		p := line.Seat.Person
		kept, err := l.Marks(l.ctx, s, p)
		if err != nil {
			return err
		}
		if len(kept) != len(all[p]) {
			return fmt.Errorf("%d marks were made of %s, %d are kept", len(all[p]), line.Seat.Name, len(kept))
		}
		want := classroom.Merge(all[p])
		if got := line.Now; got.State != want.Mark.State || got.Conflict != want.Conflict || !slices.Equal(got.Heads, want.Heads) {
			return fmt.Errorf("%s stands as %s %v %v, want %s %v %v", line.Seat.Name, got.State, got.Heads, got.Conflict, want.Mark.State, want.Heads, want.Conflict)
		}
	}
	return nil
}

// Many devices send at once; run it with -race.
func TestDevicesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k := l.open(t, l.plan(t), 40, classroom.Rule{})
		staff := l.people(t, l.commune[0], 10, org.CivilServant)
		_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: staff})
		must(t, err)
		s := l.meet(t, k, "2022-05-16", "")
		const devices = 8
		var wg sync.WaitGroup
		errs := make([]error, devices)
		for i := range devices {
			wg.Go(func() {
				ctx := access.System(clock.At(db.Guard(context.Background()), now))
				v := device{name: fmt.Sprintf("phone-%d", i), seen: map[org.PersonID]classroom.MarkIDs{}}
				for _, p := range staff {
					v.mark(p, classroom.Presences[i%2], now)
				}
				_, errs[i] = l.MarkAll(ctx, s, v.queue, true)
			})
		}
		wg.Wait()
		for _, err := range errs {
			must(t, err)
		}
		roll, err := l.Roll(l.ctx, s)
		must(t, err)
		for _, line := range roll.Lines {
			if !line.Now.Conflict || len(line.Now.Heads) != devices || len(line.Disputed) != devices {
				t.Fatalf("%s: %+v", line.Seat.Name, line.Now)
			}
		}
		line := roll.Lines[0]
		manager := l.as(module.ClassManager, l.province, "")
		must(t, l.Settle(manager, s, classroom.Mark{ID: "settled-1", Person: line.Seat.Person, State: classroom.Late, Bases: line.Now.Heads}))
		roll, err = l.Roll(l.ctx, s)
		must(t, err)
		if got := roll.Lines[0].Now; got.Conflict || got.State != classroom.Late {
			t.Fatalf("settled: %+v", got)
		}
	})
}

func FuzzMerge(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7})
	f.Fuzz(func(t *testing.T, data []byte) {
		var marks []classroom.Mark
		for i := 0; i+2 < len(data) && i < 90; i += 3 {
			marks = append(marks, classroom.Mark{ID: classroom.MarkID(fmt.Sprintf("m%d", i/3)), State: classroom.Presences[int(data[i])%6],
				At: now.Add(time.Duration(data[i+1]) * time.Second), Bases: classroom.MarkIDs{classroom.MarkID(fmt.Sprintf("m%d", data[i+2]%32))}})
		}
		st := classroom.Merge(marks)
		if len(marks) > 0 && (len(st.Heads) == 0 || st.Mark.ID == "") {
			t.Fatal("marks, and none counts")
		}
		slices.Reverse(marks)
		if !reflect.DeepEqual(classroom.Merge(marks), st) {
			t.Fatal("the order of marks matters")
		}
	})
}
