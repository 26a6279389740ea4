// Package event tells the modules of the house what happened in another.
//
// An event is a fact, past and true. Publish writes it, one job for each
// listener, in the transaction that made it so; it is handed on after that
// transaction commits, and what a listener does is one transaction with the end
// of the job. Nothing is asked or ordered by event: to ask another module, call it.
package event

import (
	"context"
	"encoding/json"
	"fmt"

	"lotrinh/platform/job"
)

// Event is a fact. Its name is kept in the database, and so never changes.
type Event interface{ EventName() string }

// Bus hands events on.
type Bus struct {
	jobs      *job.Queue
	listeners map[string][]string // event name: kinds of jobs
}

// New returns a bus that hands on by jobs of q.
func New(q *job.Queue) *Bus { return &Bus{q, map[string][]string{}} }

// Publish records e for all who listen.
func (b *Bus) Publish(ctx context.Context, e Event) error {
	for _, kind := range b.listeners[e.EventName()] {
		if err := b.jobs.Add(ctx, kind, e); err != nil {
			return fmt.Errorf("publishing %s: %w", e.EventName(), err)
		}
	}
	return nil
}

// On calls fn for every E, under the name of the listener, which is kept in the
// database and so never changes: On(bus, "classroom", …).
func On[E Event](b *Bus, listener string, fn func(context.Context, E) error) {
	var zero E
	kind := "event:" + zero.EventName() + ":" + listener
	b.listeners[zero.EventName()] = append(b.listeners[zero.EventName()], kind)
	b.jobs.HandleTx(kind, func(ctx context.Context, body []byte) error {
		var e E
		if err := json.Unmarshal(body, &e); err != nil {
			return err
		}
		return fn(ctx, e)
	})
}
