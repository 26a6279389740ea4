package learn

import (
	"context"
	"io"
	"testing"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/fact"
	"lotrinh/platform/sheet"
)

func benchEngines(b *testing.B, bench func(b *testing.B, ctx context.Context, h *house)) {
	run := func(b *testing.B, d *db.DB) {
		b.Cleanup(func() { d.Close() })
		ctx := clock.At(db.Guard(context.Background()), start)
		bench(b, access.System(ctx), newHouse(b, ctx, d))
	}
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b, testSchemas())) })
	if postgresAtHand() {
		b.Run("postgres", func(b *testing.B) { run(b, dbtest.Postgres(b, testSchemas())) })
	}
}

// BenchmarkGradebookCSV exports 10,000 learners of a course of 50 lessons.
func BenchmarkGradebookCSV(b *testing.B) {
	benchEngines(b, func(b *testing.B, ctx context.Context, h *house) {
		_, courses := crowd(b, ctx, h, 10000)
		for b.Loop() {
			_, s, err := h.learn.GradeSheet(ctx, courses[0], GradeFilter{})
			ok(b, err)
			ok(b, sheet.WriteCSV(io.Discard, s))
		}
	})
}

// BenchmarkCertificates issues 10,000 certificates and prints them with QR into a
// ZIP, in the background job.
func BenchmarkCertificates(b *testing.B) {
	benchEngines(b, func(b *testing.B, ctx context.Context, h *house) {
		_, courses := crowd(b, ctx, h, 10000)
		_, err := h.d.Exec(ctx, `update learn_enrolment set state = 'completed', completed_on = '2022-06-01'`)
		ok(b, err)
		n := 0
		for b.Loop() {
			_, err := h.learn.Issue(ctx, courses[n%4], nil)
			ok(b, err)
			_, err = h.learn.OrderBundle(ctx, courses[n%4])
			ok(b, err)
			ok(b, h.jobs.Drain(ctx))
			n++
		}
	})
}

// BenchmarkResults reads all facts of 40,000 enrolments anew and sums them by
// measure, unit, category and topic.
func BenchmarkResults(b *testing.B) {
	benchEngines(b, func(b *testing.B, ctx context.Context, h *house) {
		crowd(b, ctx, h, 10000)
		s := fact.New(h.learn.Sources()[0])
		ok(b, s.Refresh(ctx))
		for b.Loop() {
			s.Sum(fact.Query{By: []fact.Dim{fact.ByMeasure, fact.ByGroup, fact.ByCategory, fact.ByTopic}, Group: func(u string) (string, bool) { return u, true }})
		}
		b.ReportMetric(float64(s.Len()), "facts")
	})
}
