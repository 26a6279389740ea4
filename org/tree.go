package org

import (
	"cmp"
	"slices"

	"lotrinh/platform/clock"
)

// Tree is the units as they were on one date. It never changes; what it returns
// shares its memory and must not be written to.
type Tree struct {
	on    clock.Date
	last  clock.Date       // last day for which it holds; zero: it still does
	units []Unit           // in preorder
	end   []int32          // the subtree of units[i] is units[i:end[i]]
	up    []int32          // place of the parent, -1 at a root
	at    map[UnitID]int32 // place of each unit
	kids  []UnitID         // children of units[i]: kids[first[i]:first[i+1]]
	first []int32
	roots []UnitID
	index *searchIndex
	book  *book // nil in a tree of tests
}

// On is the date of the tree; for a tree that holds for a span, its first day.
func (t *Tree) On() clock.Date { return t.on }

// day is on, or where the tree is of another time, the day from which it holds.
func (t *Tree) day(on clock.Date) clock.Date {
	if t.last != 0 && on > t.last || on < t.on {
		return max(t.on, t.last)
	}
	return on
}

// Len counts the units.
func (t *Tree) Len() int { return len(t.units) }

// All lists every unit in preorder: a parent, then each child with all below it.
func (t *Tree) All() []Unit { return t.units[:len(t.units):len(t.units)] }

// Unit is a unit by its id; ok is false when it did not exist on the date.
func (t *Tree) Unit(id UnitID) (u Unit, ok bool) {
	i, ok := t.at[id]
	if !ok {
		return Unit{}, false
	}
	return t.units[i], true
}

// Has says whether the unit existed on the date.
func (t *Tree) Has(id UnitID) bool { _, ok := t.at[id]; return ok }

// Name is the name of a unit on the date; of one that had ended, its last.
func (t *Tree) Name(id UnitID) string {
	if u, ok := t.Unit(id); ok || t.book == nil {
		return u.Name
	}
	for _, s := range slices.Backward(t.book.units[id]) {
		if s.From <= t.on {
			return s.Name
		}
	}
	return ""
}

// Roots lists the units that have no parent, in their order.
func (t *Tree) Roots() []UnitID { return t.roots[:len(t.roots):len(t.roots)] }

// Children lists the units right below id, in their order.
func (t *Tree) Children(id UnitID) []UnitID {
	i, ok := t.at[id]
	if !ok {
		return nil
	}
	lo, hi := t.first[i], t.first[i+1]
	return t.kids[lo:hi:hi]
}

// Within says whether low is top or lies below it. A unit that did not exist on
// the date lies nowhere.
func (t *Tree) Within(low, top UnitID) bool {
	l, ok := t.at[low]
	if !ok {
		return false
	}
	p, ok := t.at[top]
	return ok && p <= l && l < t.end[p]
}

// Subtree lists top and all below it in preorder; nothing when top did not exist.
func (t *Tree) Subtree(top UnitID) []Unit {
	i, ok := t.at[top]
	if !ok {
		return nil
	}
	return t.units[i:t.end[i]:t.end[i]]
}

// Ancestors lists the units above id, the nearest first.
func (t *Tree) Ancestors(id UnitID) []UnitID {
	i, ok := t.at[id]
	if !ok {
		return nil
	}
	var up []UnitID
	for i = t.up[i]; i >= 0; i = t.up[i] {
		up = append(up, t.units[i].ID)
	}
	return up
}

// Up is the nearest unit of a tier from id upwards, id itself among them: the
// province in which a commune lies.
func (t *Tree) Up(id UnitID, tier Tier) (UnitID, bool) {
	i, ok := t.at[id]
	for ; ok && i >= 0; i = t.up[i] {
		if t.units[i].Tier == tier {
			return t.units[i].ID, true
		}
	}
	return "", false
}

// Depth counts the units above id.
func (t *Tree) Depth(id UnitID) int {
	n := 0
	for i, ok := t.at[id]; ok && t.up[i] >= 0; i = t.up[i] {
		n++
	}
	return n
}

// Count counts the units of a tier below top; with top "" in the whole tree.
func (t *Tree) Count(top UnitID, tier Tier) int {
	units := t.units
	if top != "" {
		units = t.Subtree(top)
	}
	n := 0
	for i := range units {
		if units[i].Tier == tier {
			n++
		}
	}
	return n
}

// siblings orders units below one parent: by tier, then as they were put, then
// by code and by name.
func siblings(a, b ranked) int {
	return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.Sort, b.Sort),
		cmp.Compare(a.Code, b.Code), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

type ranked struct {
	*Unit
	rank int
}

// grow makes the tree of units that are alive on one date. A unit whose parent is
// not among them stands at the root.
func grow(on clock.Date, alive []ranked) *Tree {
	slices.SortFunc(alive, siblings)
	t := &Tree{on: on, at: make(map[UnitID]int32, len(alive))}
	for i, u := range alive {
		t.at[u.ID] = int32(i)
	}
	below, roots := bucket(alive, t.at)
	t.units = make([]Unit, 0, len(alive))
	t.end = make([]int32, len(alive))
	t.up = make([]int32, 0, len(alive))
	for _, r := range roots {
		t.roots = append(t.roots, alive[r].ID)
		t.walk(alive, below, r, -1)
	}
	t.link()
	return t
}

// bucket says which of alive lie below each, in their order.
func bucket(alive []ranked, at map[UnitID]int32) (below [][]int32, roots []int32) {
	below = make([][]int32, len(alive))
	for i, u := range alive {
		if p, ok := at[u.Parent]; ok && u.Parent != "" {
			below[p] = append(below[p], int32(i))
		} else {
			roots = append(roots, int32(i))
		}
	}
	return below, roots
}

func (t *Tree) walk(alive []ranked, below [][]int32, i, up int32) {
	me := int32(len(t.units))
	t.units = append(t.units, *alive[i].Unit)
	t.up = append(t.up, up)
	for _, k := range below[i] {
		t.walk(alive, below, k, me)
	}
	t.end[me] = int32(len(t.units))
}

// link writes down places and children, once the order is known.
func (t *Tree) link() {
	clear(t.at)
	t.first = make([]int32, len(t.units)+1)
	t.kids = make([]UnitID, 0, len(t.units))
	for i := range t.units {
		t.at[t.units[i].ID] = int32(i)
		t.first[i] = int32(len(t.kids))
		for k := int32(i) + 1; k < t.end[i]; k = t.end[k] {
			t.kids = append(t.kids, t.units[k].ID)
		}
	}
	t.first[len(t.units)] = int32(len(t.kids))
	t.index = &searchIndex{}
}
