package fact

import (
	"slices"

	"lotrinh/platform/clock"
)

// Dim is a dimension that a sum is broken down by.
type Dim int

// The dimensions. A fact lies in one value of each.
const (
	ByMeasure Dim = iota
	ByGroup       // what Query.Group says of its unit
	ByCategory
	ByTopic
	ByPeriod // what Query.Period says of its day
)

// Query asks for sums.
type Query struct {
	Measures   []string // none: all of the source
	Categories []string // none: all
	Topics     []string // none: all
	From, To   clock.Date
	By         []Dim

	// Group names the group in which facts of a unit count, "" for none: a unit
	// outside of what is asked, or that the reader may not see. It is called once
	// for each unit. Without it all units count in the group "".
	Group func(unit string) (group string, ok bool)

	// Period names the period of a day: "2022-06". It is called once for each day.
	Period func(clock.Date) string
}

// Cell is one sum.
type Cell struct {
	Measure, Group, Category, Topic, Period string

	N       int64 // lượt: facts, each with its weight
	Persons int64 // người: distinct persons among them
}

// Sum adds up the facts that a query asks for, one cell for each combination that
// occurs, in the order of its names.
func (s *Store) Sum(q Query) []Cell {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.plan(q)
	return p.cells(p.scan())
}

// plan is a query in the numbers of a store.
type plan struct {
	s        *Store
	q        Query
	by       [5]bool
	measure  []bool
	category []bool
	topic    []bool
	group    []int32 // by unit: number of its group, -1 = none
	groups   names
	periods  names
	period   map[clock.Date]int32
}

func (s *Store) plan(q Query) *plan {
	p := &plan{s: s, q: q, groups: newNames(), periods: newNames(), period: map[clock.Date]int32{}}
	for _, d := range q.By {
		p.by[d] = true
	}
	p.measure = wanted(&s.measures, q.Measures)
	p.category = wanted(&s.cats, q.Categories)
	p.topic = wanted(&s.topics, q.Topics)
	p.group = make([]int32, len(s.units.text))
	for i, unit := range s.units.text {
		p.group[i] = p.groupOf(unit)
	}
	return p
}

func (p *plan) groupOf(unit string) int32 {
	if p.q.Group == nil {
		return p.groups.of("")
	}
	name, ok := p.q.Group(unit)
	if !ok {
		return -1
	}
	return p.groups.of(name)
}

func wanted(n *names, only []string) []bool {
	w := make([]bool, len(n.text))
	for i, t := range n.text {
		w[i] = len(only) == 0 || slices.Contains(only, t)
	}
	return w
}

func (p *plan) periodOf(d clock.Date) int32 {
	i, ok := p.period[d]
	if !ok {
		i = p.periods.of(p.q.Period(d))
		p.period[d] = i
	}
	return i
}

// slot is one combination of dimensions, packed: 8 bits measure, 8 category, 16
// topic, 20 group, 12 period.
type slot uint64

func (p *plan) slotOf(i int32, group int32) slot {
	c, k := &p.s.rows, slot(0)
	if p.by[ByMeasure] {
		k |= slot(c.measure[i]) << 56
	}
	if p.by[ByCategory] {
		k |= slot(c.category[i]) << 48
	}
	if p.by[ByTopic] {
		k |= slot(c.topic[i]) << 32
	}
	if p.by[ByGroup] {
		k |= slot(group&0xfffff) << 12
	}
	if p.by[ByPeriod] && p.q.Period != nil {
		k |= slot(p.periodOf(c.on[i]) & 0xfff)
	}
	return k
}

func (p *plan) counts(i int32) (group int32, ok bool) {
	c := &p.s.rows
	group = p.group[c.unit[i]]
	return group, c.n[i] != 0 && group >= 0 && p.measure[c.measure[i]] && p.category[c.category[i]] &&
		p.topic[c.topic[i]] && c.on[i].Within(p.q.From, p.q.To)
}

type tally struct {
	n       int64
	persons int64
	rows    int32 // with a person
}

// scan sums in one pass; persons are told apart in a second one.
func (p *plan) scan() map[slot]*tally {
	c := &p.s.rows
	numbers, tallies := map[slot]int32{}, []tally{}
	in, who := make([]int32, 0, len(c.n)), make([]int32, 0, len(c.n))
	last, t := slot(0), int32(-1)
	for i := range int32(len(c.n)) {
		group, ok := p.counts(i)
		if !ok {
			continue
		}
		if k := p.slotOf(i, group); t < 0 || k != last {
			last, t = k, number(numbers, &tallies, k)
		}
		tallies[t].n += int64(c.n[i])
		if c.person[i] >= 0 {
			tallies[t].rows++
			in, who = append(in, t), append(who, c.person[i])
		}
	}
	distinct(tallies, in, who, len(p.s.people.text))
	sums := make(map[slot]*tally, len(numbers))
	for k, n := range numbers {
		sums[k] = &tallies[n]
	}
	return sums
}

func number(numbers map[slot]int32, tallies *[]tally, k slot) int32 {
	n, ok := numbers[k]
	if !ok {
		n = int32(len(*tallies))
		numbers[k] = n
		*tallies = append(*tallies, tally{})
	}
	return n
}

// distinct counts each person once in each tally: in[i] is the tally in which
// who[i] was counted. Rows are laid out tally by tally (a counting sort), so that
// one stamp for each person tells whether he was met.
func distinct(tallies []tally, in, who []int32, people int) {
	next, at := make([]int32, len(tallies)), int32(0)
	for i := range tallies {
		next[i] = at
		at += tallies[i].rows
	}
	sorted := make([]int32, len(who))
	for i, t := range in {
		sorted[next[t]] = who[i]
		next[t]++
	}
	met := make([]int32, people)
	for t := range tallies {
		for _, person := range sorted[next[t]-tallies[t].rows : next[t]] {
			if met[person] != int32(t)+1 {
				met[person] = int32(t) + 1
				tallies[t].persons++
			}
		}
	}
}

func (p *plan) cells(sums map[slot]*tally) []Cell {
	out := make([]Cell, 0, len(sums))
	for k, t := range sums {
		c := Cell{N: t.n, Persons: t.persons}
		if p.by[ByMeasure] {
			c.Measure = p.s.measures.text[k>>56]
		}
		if p.by[ByCategory] {
			c.Category = p.s.cats.text[k>>48&0xff]
		}
		if p.by[ByTopic] {
			c.Topic = p.s.topics.text[k>>32&0xffff]
		}
		if p.by[ByGroup] {
			c.Group = p.groups.text[k>>12&0xfffff]
		}
		if p.by[ByPeriod] && p.q.Period != nil {
			c.Period = p.periods.text[k&0xfff]
		}
		out = append(out, c)
	}
	slices.SortFunc(out, compare)
	return out
}

// Count adds up the facts that a query asks for, as attendances (lượt).
func (s *Store) Count(q Query) (n int64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.plan(q)
	for i := range int32(len(s.rows.n)) {
		if _, ok := p.counts(i); ok {
			n += int64(s.rows.n[i])
		}
	}
	return n
}

// Topics lists the topics in which a query counts something.
func (s *Store) Topics(q Query) (topics []string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, met := s.plan(q), make([]bool, len(s.topics.text))
	for i := range int32(len(s.rows.n)) {
		if t := s.rows.topic[i]; !met[t] {
			_, met[t] = p.counts(i)
		}
	}
	for t, ok := range met {
		if ok {
			topics = append(topics, s.topics.text[t])
		}
	}
	return topics
}

// Records lists the records behind the sums of q, at most limit of them from
// offset on, in the order they were met, and how many there are.
func (s *Store) Records(q Query, offset, limit int) (records []string, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.plan(q)
	for i := range int32(len(s.rows.n)) {
		if _, ok := p.counts(i); !ok {
			continue
		}
		if total >= offset && len(records) < limit {
			records = append(records, s.records.text[s.rows.record[i]])
		}
		total++
	}
	return records, total
}
