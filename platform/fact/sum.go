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
	cells, _ := s.SumTotal(q)
	return cells
}

// SumTotal is Sum, and beside it the totals: one cell for each measure, in which a
// person counts once, whatever the rows.
func (s *Store) SumTotal(q Query) (cells, totals []Cell) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows := s.plan(q)
	all := *rows
	all.by = [5]bool{ByMeasure: true}
	cut, sum := newTallies(rows), newTallies(&all)
	scan(rows, cut, sum)
	return rows.cells(cut), all.cells(sum)
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
	period   []int32 // by day from s.first on
}

func (s *Store) plan(q Query) *plan {
	p := &plan{s: s, q: q, groups: newNames(), periods: newNames()}
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
	if p.by[ByPeriod] = p.by[ByPeriod] && q.Period != nil && len(s.rows.n) > 0; p.by[ByPeriod] {
		p.period = make([]int32, s.last-s.first+1)
		for d := range p.period {
			p.period[d] = p.periods.of(q.Period(s.first + clock.Date(d)))
		}
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
	if p.by[ByPeriod] {
		k |= slot(p.period[c.on[i]-p.s.first] & 0xfff)
	}
	return k
}

func (p *plan) counts(i int32) (group int32, ok bool) {
	c := &p.s.rows
	group = p.group[c.unit[i]]
	return group, c.n[i] != 0 && group >= 0 && p.measure[c.measure[i]] && p.category[c.category[i]] &&
		p.topic[c.topic[i]] && c.on[i].Within(p.q.From, p.q.To)
}

func (p *plan) cells(t *tallies) []Cell {
	out := make([]Cell, 0, len(t.list))
	for i := range t.list {
		k := t.list[i].slot
		c := Cell{N: t.list[i].n, Persons: t.list[i].persons}
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
		if p.by[ByPeriod] {
			c.Period = p.periods.text[k&0xfff]
		}
		out = append(out, c)
	}
	slices.SortFunc(out, compare)
	return out
}

// Count is how many records count in what a query asks for, whatever their weight.
func (s *Store) Count(q Query) (n int64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.plan(q)
	for i := range int32(len(s.rows.n)) {
		if _, ok := p.counts(i); ok {
			n++
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
