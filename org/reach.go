package org

import (
	"slices"
	"strings"

	"lotrinh/platform/clock"
)

// reachRow is a row of org_reach.
type reachRow struct {
	Unit UnitID `db:"unit_id"`
	Path string `db:"path"`
	End  string `db:"path_end"`
}

// pathEnd follows all paths that begin with path, in any collation: a path is
// hexadecimal digits, and g comes after them.
func pathEnd(path string) string { return path + "g" }

func segment(id UnitID) string { return strings.ReplaceAll(string(id), "-", "") }

// reaches gives every unit its paths on b.on. A living unit has one. An ended unit
// lies below each living unit that took something of it; without any, below its
// last parent. A unit that is to come lies below its first parent.
func (b *book) reaches() map[UnitID][]string {
	r := reacher{b: b, t: b.tree(b.on), paths: make(map[UnitID][]string, len(b.units)), under: map[UnitID]bool{}}
	for i := range r.t.units {
		u := &r.t.units[i]
		p := segment(u.ID)
		if up := r.t.up[i]; up >= 0 {
			p = r.paths[r.t.units[up].ID][0] + p
		}
		r.paths[u.ID] = []string{p}
	}
	for id := range b.units {
		r.of(id)
	}
	return r.paths
}

type reacher struct {
	b     *book
	t     *Tree
	paths map[UnitID][]string
	under map[UnitID]bool // being looked up: a ring of parents ends here
}

func (r *reacher) of(id UnitID) []string {
	if p, ok := r.paths[id]; ok {
		return p
	}
	if r.under[id] || len(r.b.units[id]) == 0 {
		return nil
	}
	r.under[id] = true
	above := r.above(id)
	delete(r.under, id)
	if len(above) == 0 {
		above = []string{""}
	}
	me := segment(id)
	out := make([]string, len(above))
	for i, p := range above {
		out[i] = p + me
	}
	r.paths[id] = out
	return out
}

// above is the paths below which a unit that does not live on b.on lies.
func (r *reacher) above(id UnitID) []string {
	states := r.b.units[id]
	first, last := &states[0], &states[len(states)-1]
	if first.From > r.b.on {
		return r.of(first.Parent)
	}
	var out []string
	for _, s := range r.b.restate(id, last.To-1, r.b.on) {
		if r.t.Has(s.Unit) {
			out = append(out, r.paths[s.Unit]...)
		}
	}
	if len(out) == 0 {
		return r.of(last.Parent)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// covers says whether a right on top holds for unit, by the same paths as the
// database narrows by.
func (b *book) covers(top, unit UnitID) bool {
	paths := b.reach()
	for _, low := range paths[unit] {
		for _, high := range paths[top] {
			if strings.HasPrefix(low, high) {
				return true
			}
		}
	}
	return false
}

// reachDiff says how the rows of one book become those of the next: the units
// whose rows go, and the rows to write.
func reachDiff(old, next *book) (drop []UnitID, put []reachRow) {
	before, after := old.reach(), next.reach()
	for id, paths := range before {
		if !slices.Equal(paths, after[id]) {
			drop = append(drop, id)
		}
	}
	for id, paths := range after {
		if !slices.Equal(paths, before[id]) {
			for _, p := range paths {
				put = append(put, reachRow{id, p, pathEnd(p)})
			}
		}
	}
	slices.SortFunc(put, func(a, b reachRow) int { return strings.Compare(a.Path, b.Path) })
	return drop, put
}

// stale says whether a unit begins, ends or changes between the day for which
// reach was made and today.
func (b *book) stale(today clock.Date) bool {
	lo, hi := min(b.on, today), max(b.on, today)
	for _, d := range b.dates {
		if d > lo && d <= hi {
			return true
		}
	}
	return false
}
