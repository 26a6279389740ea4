package classroom_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/module"
)

// BenchmarkRollCall is one device that comes back on line with the marks of a
// class of 40: sent, settled, and the roll read back for the screen.
func BenchmarkRollCall(b *testing.B) {
	bench := func(b *testing.B, d *db.DB) {
		b.Cleanup(func() { d.Close() })
		l := newLand(b, db.Guard(context.Background()), d)
		k := l.open(b, l.plan(b), 40, classroom.Rule{})
		staff := l.people(b, l.commune[0], 40, org.CivilServant)
		_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: staff, Quiet: true})
		must(b, err)
		manager := l.as(module.ClassManager, l.province, "")
		ms := func(d time.Duration, n int) float64 { return float64(d.Microseconds()) / float64(n) / 1000 }
		var syncing, reading time.Duration
		n := 0
		for b.Loop() {
			b.StopTimer()
			d := draft(k, "2022-05-16", "")
			d.Anyway = true
			s, err := l.SaveSession(l.ctx, d)
			must(b, err)
			marks := make([]classroom.Mark, len(staff))
			for i, p := range staff {
				marks[i] = classroom.Mark{ID: classroom.MarkID(fmt.Sprintf("mark-%d-%d", n, i)), Person: p, State: classroom.Presences[i%4], Device: "phone"}
			}
			n++
			b.StartTimer()
			start := time.Now()
			refused, err := l.MarkAll(manager, s, marks, true)
			if err != nil || len(refused) > 0 {
				b.Fatal(refused, err)
			}
			synced := time.Now()
			roll, err := l.Roll(manager, s)
			if err != nil || len(roll.Lines) != 40 || roll.Tally[""] != 0 {
				b.Fatal(roll.Tally, err)
			}
			syncing, reading = syncing+synced.Sub(start), reading+time.Since(synced)
		}
		b.ReportMetric(ms(syncing, n), "ms-sync/40")
		b.ReportMetric(ms(reading, n), "ms-read/40")
	}
	b.Run("sqlite", func(b *testing.B) { bench(b, dbtest.SQLite(b, schemas())) })
	if os.Getenv("TEST_POSTGRES") != "" {
		b.Run("postgres", func(b *testing.B) { bench(b, dbtest.Postgres(b, schemas())) })
	}
}
