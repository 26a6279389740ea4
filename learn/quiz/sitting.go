package quiz

import (
	"context"
	"sync"
	"time"

	"lotrinh/org"
)

// sitting is what never changes in an attempt under way, held in memory so that
// saving an answer reads nothing.
type sitting struct {
	id     AttemptID
	test   TestID
	person org.PersonID
	paper  *Paper
	seed   int64
	drawn  []int
	opened time.Time
}

// sittings remembers the attempts last used: two generations of a map, of which
// the older is dropped when the younger is full.
type sittings struct {
	mu         sync.Mutex
	young, old map[AttemptID]*sitting
}

const sittingsMax = 10000 // in each generation; one takes about 400 bytes

func (c *sittings) get(id AttemptID) *sitting {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.young[id]; s != nil {
		return s
	}
	s := c.old[id]
	if s != nil {
		c.put(s)
	}
	return s
}

// put needs mu.
func (c *sittings) put(s *sitting) {
	if c.young == nil || len(c.young) >= sittingsMax {
		c.young, c.old = make(map[AttemptID]*sitting, 64), c.young
	}
	c.young[s.id] = s
}

func (q *Quiz) sitting(ctx context.Context, aid AttemptID) (*sitting, error) {
	if s := q.seats.get(aid); s != nil {
		return s, nil
	}
	a, err := q.store.attempt(ctx, aid)
	if err != nil {
		return nil, err
	}
	return q.seat(ctx, a)
}

// seat remembers an attempt that was read.
func (q *Quiz) seat(ctx context.Context, a Attempt) (*sitting, error) {
	if s := q.seats.get(a.ID); s != nil {
		return s, nil
	}
	p, err := q.papers.get(ctx, a.Paper)
	if err != nil {
		return nil, err
	}
	s := &sitting{id: a.ID, test: a.Test, person: a.Person, paper: p, seed: a.Seed, drawn: splitInts(a.Drawn), opened: a.OpenedAt}
	q.seats.mu.Lock()
	defer q.seats.mu.Unlock()
	q.seats.put(s)
	return s, nil
}
