package event

import (
	"context"
	"errors"
	"testing"

	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/job"
)

type merged struct{ From, To string }

func (merged) EventName() string { return "test.merged" }

func TestEventsFollowTheCommit(t *testing.T) {
	dbtest.Each(t, []db.Schema{job.Schema}, func(t *testing.T, ctx context.Context, d *db.DB) {
		q := job.New(d)
		bus := New(q)
		heard := map[string]merged{}
		On(bus, "a", func(_ context.Context, e merged) error { heard["a"] = e; return nil })
		On(bus, "b", func(_ context.Context, e merged) error { heard["b"] = e; return nil })
		boom := errors.New("boom")
		_ = d.Tx(ctx, func(ctx context.Context) error {
			bus.Publish(ctx, merged{"x", "y"})
			return boom
		})
		if err := q.Drain(ctx); err != nil || len(heard) != 0 {
			t.Fatalf("heard what never was: %v %v", heard, err)
		}
		if err := bus.Publish(ctx, merged{"Quận 9", "Thủ Đức"}); err != nil {
			t.Fatal(err)
		}
		if err := q.Drain(ctx); err != nil || heard["a"].To != "Thủ Đức" || heard["b"].From != "Quận 9" {
			t.Fatalf("%v %v", heard, err)
		}
	})
}
