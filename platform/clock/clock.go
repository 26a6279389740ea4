// Package clock tells the time of the house: Asia/Ho_Chi_Minh, to the
// microsecond, and the one that a context says where a context says one.
package clock

import (
	"context"
	"time"
	_ "time/tzdata" // the zone must be known on a machine without zone files
)

// Zone is the time zone of every date that people read and write.
var Zone = mustZone("Asia/Ho_Chi_Minh")

func mustZone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // embedded tzdata has it
	}
	return z
}

type atKey struct{}

// At returns a context in which it is t, for tests and for demo data that
// happened in the past.
func At(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, atKey{}, t)
}

// Now is the time of ctx, in Zone and whole microseconds.
func Now(ctx context.Context) time.Time {
	t, ok := ctx.Value(atKey{}).(time.Time)
	if !ok {
		t = time.Now()
	}
	return t.In(Zone).Truncate(time.Microsecond)
}

// Today is the date of ctx in Zone.
func Today(ctx context.Context) Date { return DateOf(Now(ctx)) }
