package org

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"lotrinh/platform/clock"
)

// book is all units of all times, as known at one moment. Once made it does not
// change; a change of units makes another that shares what stayed the same.
type book struct {
	stamp string                  // of the change that made it
	on    clock.Date              // for which reach holds
	units map[UnitID][]state      // by From
	out   map[UnitID][]succession // what left a unit, by date
	in    map[UnitID][]succession // what came to it, by date
	acts  map[ActID]Act

	dates []clock.Date // on which something changed, ascending
	trees []atomic.Pointer[Tree]
	held  atomic.Int32 // trees in memory, but for that of on
	reach func() map[UnitID][]string
}

const treesMax = 8 // trees held besides today's; national ones take 4 MB each

// bind completes a book whose maps are filled.
func (b *book) bind(on clock.Date) *book {
	b.on = on
	seen := map[clock.Date]bool{}
	for _, states := range b.units {
		for i := range states {
			seen[states[i].From] = true
			seen[states[i].To] = true
		}
	}
	for _, out := range b.out {
		for _, s := range out {
			seen[s.On] = true
		}
	}
	delete(seen, 0)
	b.dates = slices.Sorted(maps.Keys(seen))
	b.trees = make([]atomic.Pointer[Tree], len(b.dates)+1)
	b.reach = sync.OnceValue(b.reaches)
	return b
}

// tree is the units on a date. Nothing changes between two of b.dates, so that
// one tree serves all days between.
func (b *book) tree(on clock.Date) *Tree {
	i, exact := slices.BinarySearch(b.dates, on)
	if exact {
		i++
	}
	slot := &b.trees[i]
	if t := slot.Load(); t != nil {
		return t
	}
	t := b.grow(on, false)
	if i > 0 {
		t.on = b.dates[i-1]
	}
	if i < len(b.dates) {
		t.last = b.dates[i] - 1
	}
	b.makeRoom(i)
	slot.Store(t)
	return t
}

// makeRoom drops the trees of other days when there are too many.
func (b *book) makeRoom(but int) {
	if b.held.Add(1) <= treesMax {
		return
	}
	today, exact := slices.BinarySearch(b.dates, b.on)
	if exact {
		today++
	}
	for i := range b.trees {
		if i != but && i != today {
			b.trees[i].Store(nil)
		}
	}
	b.held.Store(1)
}

func (b *book) grow(on clock.Date, working bool) *Tree {
	alive := make([]ranked, 0, len(b.units))
	for _, states := range b.units {
		for i := range states {
			if from, to := states[i].span(working); on.Within(from, to) {
				alive = append(alive, ranked{&states[i].Unit, states[i].Tier.rank()})
			}
		}
	}
	t := grow(on, alive)
	t.book = b
	return t
}

// at is the state of a unit on a date.
func (b *book) at(id UnitID, on clock.Date) (*state, bool) {
	states := b.units[id]
	for i := range states {
		if on.Within(states[i].From, states[i].To) {
			return &states[i], true
		}
	}
	return nil, false
}

// last is the latest state of a unit.
func (b *book) last(id UnitID) (*state, bool) {
	states := b.units[id]
	if len(states) == 0 {
		return nil, false
	}
	return &states[len(states)-1], true
}

func byDate(a, b succession) int {
	return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
}

func (b *book) addSuccession(s succession) {
	add := func(m map[UnitID][]succession, id UnitID) {
		list := append(slices.Clip(m[id]), s)
		slices.SortFunc(list, byDate)
		m[id] = list
	}
	add(b.out, s.From)
	add(b.in, s.To)
}
