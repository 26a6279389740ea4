package org

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// searchIndex is what a tree is searched by, made at the first search.
type searchIndex struct {
	once sync.Once
	keys []searchKey // by place in the tree
}

type searchKey struct {
	name string // folded
	bare string // folded, without the kind
	mark string // with marks, lower case
	code string // folded
}

func (t *Tree) keys() []searchKey {
	t.index.once.Do(func() {
		t.index.keys = make([]searchKey, len(t.units))
		for i := range t.units {
			u := &t.units[i]
			t.index.keys[i] = searchKey{fold(u.Name), fold(bare(u.Name)), nameKey(u.Name), fold(u.Code)}
		}
	})
	return t.index.keys
}

// Search finds units by name or code, typed with or without marks: first those
// that are called so, then those whose name begins so, then those with words that
// begin so. Below top alone, where one is given. At most limit units are returned.
func (t *Tree) Search(query string, top UnitID, limit int) []Unit {
	q := newQuery(query)
	if q.folded == "" {
		return nil
	}
	lo, hi := int32(0), int32(len(t.units))
	if top != "" {
		i, ok := t.at[top]
		if !ok {
			return nil
		}
		lo, hi = i, t.end[i]
	}
	keys := t.keys()
	var hits []hit
	for i := lo; i < hi; i++ {
		if rank, ok := q.rank(&keys[i]); ok {
			hits = append(hits, hit{rank, t.units[i].Tier.rank(), i})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.tier, b.tier), cmp.Compare(a.at, b.at))
	})
	out := make([]Unit, min(limit, len(hits)))
	for i := range out {
		out[i] = t.units[hits[i].at]
	}
	return out
}

type hit struct {
	rank, tier int
	at         int32
}

type query struct {
	folded string
	marked string
	words  []string
}

func newQuery(s string) query {
	f := fold(s)
	return query{f, nameKey(s), strings.Fields(f)}
}

// rank is 0 for the name itself, 2 for one that begins so, 4 for words that begin
// so; one more where the marks differ.
func (q *query) rank(k *searchKey) (int, bool) {
	rank := 0
	switch {
	case q.folded == k.code, q.folded == k.name, q.folded == k.bare:
	case strings.HasPrefix(k.bare, q.folded), strings.HasPrefix(k.name, q.folded), strings.HasPrefix(k.code, q.folded):
		rank = 2
	case q.inWords(k.name):
		rank = 4
	default:
		return 0, false
	}
	if q.folded != k.code && !strings.Contains(k.mark, q.marked) {
		rank++
	}
	return rank, true
}

// inWords says whether each word of the query begins a word of the name.
func (q *query) inWords(name string) bool {
	for _, w := range q.words {
		if !strings.HasPrefix(name, w) && !strings.Contains(name, " "+w) {
			return false
		}
	}
	return true
}
