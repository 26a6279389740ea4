package id

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"lotrinh/platform/clock"
)

func TestNewSortsByTime(t *testing.T) {
	ctx := context.Background()
	last := ""
	for range 1000 {
		next := New(ctx)
		if next <= last {
			t.Fatalf("%s does not come after %s", next, last)
		}
		last = next
	}
}

func TestSeededRepeats(t *testing.T) {
	at := clock.At(context.Background(), time.Date(2022, 5, 1, 8, 0, 0, 0, clock.Zone))
	a, b := Seeded(at, 7), Seeded(at, 7)
	for range 10 {
		x, y := New(a), New(b)
		u, err := uuid.Parse(x)
		if x != y || err != nil || u.Version() != 7 {
			t.Fatalf("%s, %s: %v", x, y, err)
		}
	}
}
