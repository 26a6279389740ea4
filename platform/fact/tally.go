package fact

// tally is the sum of one combination of dimensions.
type tally struct {
	slot    slot
	n       int64
	persons int64
	rows    int32    // with a person, where they are told apart at the end
	met     []uint64 // a bit for each person, where they are told apart at once
}

// tallies is the sums of a plan as they grow. Where the combinations are few, each
// has its place in a table and a bit for each person: a fact costs two steps into
// memory that stays near. Else combinations are looked up, and persons are told
// apart at the end.
type tallies struct {
	p    *plan
	list []tally

	table []int32 // by combination: 1 + number of its tally; nil where there are too many
	size  [5]int32
	words int // of tally.met

	number  map[slot]int32
	in, who []int32
}

const (
	tableMax = 1 << 18  // combinations
	bitsMax  = 32 << 20 // bytes for the persons of all combinations
)

func newTallies(p *plan) *tallies {
	t := &tallies{p: p, size: p.sizes(), words: (len(p.s.people.text) + 63) / 64}
	all := int64(1)
	for _, n := range t.size {
		all *= int64(n)
	}
	if all <= tableMax && all*int64(t.words)*8 <= bitsMax {
		t.table = make([]int32, all)
	} else {
		t.number = map[slot]int32{}
	}
	return t
}

// sizes is how many values each dimension of a plan has, at least one.
func (p *plan) sizes() (n [5]int32) {
	for d, k := range map[Dim]int{ByMeasure: len(p.s.measures.text), ByGroup: len(p.groups.text), ByCategory: len(p.s.cats.text),
		ByTopic: len(p.s.topics.text), ByPeriod: len(p.periods.text)} {
		n[d] = 1
		if p.by[d] {
			n[d] = int32(max(1, k))
		}
	}
	return n
}

// scan adds up the facts of a plan in one pass, into each of the tallies.
func scan(p *plan, into ...*tallies) {
	for i := range int32(len(p.s.rows.n)) {
		if group, ok := p.counts(i); ok {
			for _, t := range into {
				t.add(i, group)
			}
		}
	}
	for _, t := range into {
		if t.number != nil {
			t.distinct()
		}
	}
}

func (t *tallies) add(i, group int32) {
	c := &t.p.s.rows
	at := t.of(i, group)
	sum := &t.list[at]
	sum.n += int64(c.n[i])
	person := c.person[i]
	switch {
	case person < 0:
	case t.number != nil:
		sum.rows++
		t.in, t.who = append(t.in, at), append(t.who, person)
	default:
		word, bit := &sum.met[person>>6], uint64(1)<<(person&63)
		if *word&bit == 0 {
			*word |= bit
			sum.persons++
		}
	}
}

// of is the number of the tally in which fact i counts.
func (t *tallies) of(i, group int32) int32 {
	if t.number != nil {
		k := t.p.slotOf(i, group)
		n, ok := t.number[k]
		if !ok {
			n = int32(len(t.list))
			t.number[k] = n
			t.list = append(t.list, tally{slot: k})
		}
		return n
	}
	k := t.place(i, group)
	if t.table[k] == 0 {
		t.list = append(t.list, tally{slot: t.p.slotOf(i, group), met: make([]uint64, t.words)})
		t.table[k] = int32(len(t.list))
	}
	return t.table[k] - 1
}

// place is where a combination stands in the table.
func (t *tallies) place(i, group int32) (k int32) {
	c, by := &t.p.s.rows, &t.p.by
	if by[ByMeasure] {
		k = int32(c.measure[i])
	}
	if by[ByGroup] {
		k = k*t.size[ByGroup] + group
	}
	if by[ByCategory] {
		k = k*t.size[ByCategory] + int32(c.category[i])
	}
	if by[ByTopic] {
		k = k*t.size[ByTopic] + int32(c.topic[i])
	}
	if by[ByPeriod] {
		k = k*t.size[ByPeriod] + t.p.period[c.on[i]-t.p.s.first]
	}
	return k
}

// distinct counts each person once in each tally: in[i] is the tally in which
// who[i] was counted. Rows are laid out tally by tally (a counting sort), so that
// one stamp for each person tells whether he was met.
func (t *tallies) distinct() {
	next, at := make([]int32, len(t.list)), int32(0)
	for i := range t.list {
		next[i] = at
		at += t.list[i].rows
	}
	sorted := make([]int32, len(t.who))
	for i, n := range t.in {
		sorted[next[n]] = t.who[i]
		next[n]++
	}
	met := make([]int32, len(t.p.s.people.text))
	for n := range t.list {
		for _, person := range sorted[next[n]-t.list[n].rows : next[n]] {
			if met[person] != int32(n)+1 {
				met[person] = int32(n) + 1
				t.list[n].persons++
			}
		}
	}
}
