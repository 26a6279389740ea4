// Package fact holds what the modules count in memory, column by column, and adds
// it up in milliseconds: 271,200 enrolments by unit, category, topic and month are
// one pass over a few megabytes.
//
// The facts come from module.Source, all at first and then what changed. The tree
// of units is the caller's business: a Query says for every unit in which group
// it counts, so the same facts are summed as the tree was or as it is now.
package fact

import (
	"context"
	"crypto/md5" //nolint:gosec // a short name for a record, no secret
	"sync"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/module"
)

// overlap is how long a transaction may take from the time that it writes into its
// facts to the moment at which others see them.
const overlap = 2 * time.Minute

// Store is the facts of one source.
type Store struct {
	source   module.Source
	refresh  sync.Mutex // one at a time
	mu       sync.RWMutex
	newest   time.Time // change of a fact that is known
	looked   time.Time // when facts were last asked for
	measures names
	units    names
	people   names
	cats     names
	topics   names
	records  names
	at       map[key]int32 // record and measure: row
	rows     columns
	first    clock.Date // earliest day of a fact, and
	last     clock.Date // latest, ever held
}

type key struct {
	record  int32
	measure int32
}

// columns is the facts, a column each. n = 0 is a fact that was taken back.
type columns struct {
	measure, category       []uint8
	topic                   []uint16
	unit, person, record, n []int32
	on                      []clock.Date
}

// names numbers strings in the order met. Long ones are kept by their hash, and
// by text only where the text is asked for again.
type names struct {
	index map[[16]byte]int32
	text  []string
	last  string // asked for before: facts of one record come one after the other
	at    int32
}

func newNames() names { return names{index: map[[16]byte]int32{}} }

func short(s string) [16]byte { return md5.Sum([]byte(s)) } //nolint:gosec // see above

func (n *names) of(s string) int32 {
	if s == n.last && len(n.text) > 0 {
		return n.at
	}
	h := short(s)
	i, ok := n.index[h]
	if !ok {
		i = int32(len(n.text))
		n.index[h] = i
		n.text = append(n.text, s)
	}
	n.last, n.at = s, i
	return i
}

// New returns the store of a source; it is empty until Refresh.
func New(s module.Source) *Store {
	st := &Store{source: s, at: map[key]int32{}}
	for _, n := range []*names{&st.measures, &st.units, &st.people, &st.cats, &st.topics, &st.records} {
		*n = newNames()
	}
	for _, m := range s.Measures {
		st.measures.of(m.Key)
	}
	return st
}

// Source is what the store was made from.
func (s *Store) Source() module.Source { return s.source }

// Refresh reads what changed since the last time.
func (s *Store) Refresh(ctx context.Context) error {
	s.refresh.Lock()
	defer s.refresh.Unlock()
	var batch []module.Fact
	now, newest := clock.Now(ctx), s.newest
	err := s.source.Facts(ctx, s.from(), func(f module.Fact) error {
		if f.Changed.After(newest) {
			newest = f.Changed
		}
		batch = append(batch, f)
		if len(batch) == cap(batch) && len(batch) >= 4096 {
			s.take(batch)
			batch = batch[:0]
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.take(batch)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest, s.looked = newest, now
	return nil
}

// from is where the next Refresh begins: overlap behind the newest fact, unless
// that one was so long before the last look that all of its time must have been
// seen. So a province that was brought in at one stroke is not read again and again.
func (s *Store) from() time.Time {
	switch {
	case s.newest.IsZero():
		return time.Time{}
	case s.looked.Sub(s.newest) > overlap:
		return s.newest.Add(time.Microsecond)
	}
	return s.newest.Add(-overlap)
}

// Newest is when the latest fact that is known was changed, and when facts were
// last looked for.
func (s *Store) Newest() (changed, looked time.Time) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.newest, s.looked
}

// take adds or replaces facts.
func (s *Store) take(facts []module.Fact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range facts {
		s.put(f)
	}
}

func (s *Store) put(f module.Fact) {
	k := key{s.records.of(f.Record), s.measures.of(f.Measure)}
	c := &s.rows
	i, known := s.at[k]
	if !known {
		if f.N == 0 {
			return
		}
		i = int32(len(c.n))
		if i == 0 {
			s.first, s.last = f.On, f.On
		}
		s.at[k] = i
		c.grow()
	}
	c.measure[i], c.category[i] = uint8(k.measure), uint8(s.cats.of(f.Category))
	c.topic[i], c.unit[i] = uint16(s.topics.of(f.Topic)), s.units.of(f.Unit)
	if f.N != 0 {
		s.first, s.last = min(s.first, f.On), max(s.last, f.On)
	}
	c.person[i], c.record[i], c.n[i], c.on[i] = -1, k.record, int32(f.N), f.On
	if f.Person != "" {
		c.person[i] = s.people.of(f.Person)
	}
}

func (c *columns) grow() {
	c.measure, c.category = append(c.measure, 0), append(c.category, 0)
	c.topic, c.unit = append(c.topic, 0), append(c.unit, 0)
	c.person, c.record = append(c.person, 0), append(c.record, 0)
	c.n, c.on = append(c.n, 0), append(c.on, 0)
}

// Len is the number of facts held.
func (s *Store) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.rows.n)
}
