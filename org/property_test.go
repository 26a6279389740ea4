package org

import (
	"context"
	"math/big"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"lotrinh/platform/clock"
)

func emptyBook() *book {
	b := &book{units: map[UnitID][]state{}, out: map[UnitID][]succession{}, in: map[UnitID][]succession{}, acts: map[ActID]Act{}}
	return b.bind(1)
}

// world grows a book by random acts, as people do.
type world struct {
	t     *rapid.T
	b     *book
	today clock.Date
	n     int
}

func (w *world) try(fn func(d *draft) error) bool {
	d := &draft{ctx: context.Background(), base: w.b, now: int64(w.today), touched: map[UnitID][]state{}}
	if fn(d) != nil || d.check() != nil {
		return false
	}
	w.b = d.book(strconv.Itoa(w.n), w.today)
	return true
}

func (w *world) name() string {
	w.n++
	return "Xã " + strconv.Itoa(w.n)
}

func (w *world) add(d *draft, parent UnitID, t Tier) UnitID {
	return d.add(Unit{Parent: parent, Name: w.name(), Code: strconv.Itoa(w.n % 7), Kind: plainest[t], Tier: t, From: w.today}, "")
}

// pick draws a unit that lives today; "" when there is none of the tier.
func (w *world) pick(t Tier, label string) UnitID {
	var ids []UnitID
	for _, u := range w.b.tree(w.today).units {
		if u.Tier == t {
			ids = append(ids, u.ID)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return ids[rapid.IntRange(0, len(ids)-1).Draw(w.t, label)]
}

func (w *world) begin() {
	w.try(func(d *draft) error {
		for range rapid.IntRange(1, 3).Draw(w.t, "provinces") {
			p := w.add(d, "", Province)
			for range rapid.IntRange(0, 3).Draw(w.t, "districts") {
				q := w.add(d, p, District)
				for range rapid.IntRange(0, 4).Draw(w.t, "communes") {
					w.add(d, q, Commune)
				}
			}
		}
		return nil
	})
}

// step carries out one random act on a later day.
func (w *world) step() {
	w.today += clock.Date(rapid.IntRange(1, 40).Draw(w.t, "days"))
	by := Basis{On: w.today}
	a, b := w.pick(Commune, "a"), w.pick(Commune, "b")
	q := w.pick(District, "district")
	if a == "" || q == "" {
		return
	}
	half := func(to UnitID) Pair {
		return Pair{From: a, To: to, Kind: Partial, Num: 1, Den: int64(rapid.IntRange(2, 9).Draw(w.t, "den"))}
	}
	acts := []func(d *draft) error{
		func(d *draft) error { return d.alter(a, by.On, "", func(u *Unit) { u.Name = w.name() }) },
		func(d *draft) error { return d.alter(a, by.On, "", func(u *Unit) { u.Parent = q }) },
		func(d *draft) error { return d.end(a, by, "") },
		func(d *draft) error { return w.merge(d, by, a, b, b) },                        // b takes a in
		func(d *draft) error { return w.merge(d, by, a, b, w.add(d, q, Commune)) },     // both into a new one
		func(d *draft) error { return d.succession([]Pair{half(b)}, by, "") },          // a part of a goes to b
		func(d *draft) error { return w.split(d, by, a, q) },                           //
		func(d *draft) error { return w.dissolve(d, by, q, w.pick(District, "heir")) }, // a district into another
	}
	w.try(acts[rapid.IntRange(0, len(acts)-1).Draw(w.t, "act")])
}

func (w *world) merge(d *draft, by Basis, a, b, to UnitID) error {
	var pairs []Pair
	for _, from := range []UnitID{a, b} {
		if from != to {
			pairs = append(pairs, Pair{From: from, To: to, Kind: Merge, Num: 1, Den: 1})
		}
	}
	if err := d.succession(pairs, by, ""); err != nil {
		return err
	}
	return d.rehang(by, "")
}

func (w *world) split(d *draft, by Basis, a, q UnitID) error {
	den := int64(rapid.IntRange(2, 7).Draw(w.t, "den"))
	return d.succession([]Pair{{From: a, To: w.add(d, q, Commune), Kind: Split, Num: 1, Den: den},
		{From: a, To: w.add(d, q, Commune), Kind: Split, Num: den - 1, Den: den}}, by, "")
}

func (w *world) dissolve(d *draft, by Basis, q, heir UnitID) error {
	if err := d.succession([]Pair{{From: q, To: heir, Kind: Merge, Num: 1, Den: 1}}, by, ""); err != nil {
		return err
	}
	return d.rehang(by, "")
}

func TestWorld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{t: t, b: emptyBook(), today: clock.MustDate("2020-01-01")}
		first := w.today
		w.begin()
		for range rapid.IntRange(0, 25).Draw(t, "steps") {
			w.step()
		}
		on := first + clock.Date(rapid.IntRange(0, int(w.today-first)).Draw(t, "on"))
		treeIsFilter(t, w.b, on)
		withinIsWalk(t, w.b.tree(on))
		totalsStay(t, w.b, on, w.today)
		reachHolds(t, w.b)
	})
}

// treeIsFilter: the tree of a date is the states that hold on it.
func treeIsFilter(t *rapid.T, b *book, on clock.Date) {
	tr, n := b.tree(on), 0
	for id, states := range b.units {
		for i := range states {
			if on.Within(states[i].From, states[i].To) {
				n++
				if u, ok := tr.Unit(id); !ok || u != states[i].Unit {
					t.Fatalf("on %s %s is %v, want %v", on, id, u, states[i].Unit)
				}
			}
		}
	}
	if tr.Len() != n {
		t.Fatalf("%d units on %s, want %d", tr.Len(), on, n)
	}
}

// withinIsWalk: two comparisons say what walking up the parents says.
func withinIsWalk(t *rapid.T, tr *Tree) {
	for _, low := range tr.All() {
		up := append([]UnitID{low.ID}, tr.Ancestors(low.ID)...)
		for _, top := range tr.All() {
			if tr.Within(low.ID, top.ID) != slices.Contains(up, top.ID) {
				t.Fatalf("Within(%s, %s) is %v", low.Name, top.Name, tr.Within(low.ID, top.ID))
			}
		}
		for _, k := range tr.Children(low.ID) {
			if u, _ := tr.Unit(k); u.Parent != low.ID {
				t.Fatalf("%s is a child of %s", u.Name, low.Name)
			}
		}
	}
}

// totalsStay: restated on another day, everything is still there, and counts that
// cannot be cut add up.
func totalsStay(t *rapid.T, b *book, on, as clock.Date) {
	for _, u := range b.tree(on).All() {
		parts, sum := b.restate(u.ID, on, as), new(big.Rat)
		for _, p := range parts {
			sum.Add(sum, big.NewRat(p.Num, p.Den))
		}
		if sum.Cmp(big.NewRat(1, 1)) != 0 {
			t.Fatalf("the parts of %s make %s", u.Name, sum)
		}
		n, dealt := rapid.Int64Range(0, 1_000_000).Draw(t, "n"), int64(0)
		for _, x := range Distribute(n, parts) {
			dealt += x
		}
		if dealt != n {
			t.Fatalf("of %d, %d are dealt out", n, dealt)
		}
	}
}

// reachHolds: rights reach living units as the tree lies, and ended ones through
// those who took something of them.
func reachHolds(t *rapid.T, b *book) {
	tr := b.tree(b.on)
	for id, states := range b.units {
		for _, top := range tr.All() {
			want := tr.Within(id, top.ID)
			if last := states[len(states)-1]; !tr.Has(id) {
				lives := false
				for _, s := range b.restate(id, last.To-1, b.on) {
					lives = lives || tr.Has(s.Unit)
					want = want || tr.Within(s.Unit, top.ID)
				}
				if !lives {
					want = b.covers(top.ID, last.Parent)
				}
			}
			if got := b.covers(top.ID, id); got != want {
				t.Fatalf("covers(%s, %s) is %v", top.Name, id, got)
			}
		}
	}
}

// A pure rename, of a unit that stays itself or by another identity, can be
// restated there and back.
func TestRenameThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{t: t, b: emptyBook(), today: clock.MustDate("2020-01-01")}
		w.begin()
		id, first := w.pick(Commune, "unit"), w.today
		if id == "" {
			t.Skip("no commune")
		}
		now := id
		for range rapid.IntRange(1, 5).Draw(t, "renames") {
			w.today += 10
			by := Basis{On: w.today}
			same := rapid.Bool().Draw(t, "same identity")
			if !w.try(func(d *draft) error {
				if same {
					return d.alter(now, by.On, "", func(u *Unit) { u.Name = w.name() })
				}
				u, _ := d.at(now, by.On-1)
				next := w.add(d, u.Parent, Commune)
				err := d.succession([]Pair{{From: now, To: next, Kind: Rename, Num: 1, Den: 1}}, by, "")
				now = next
				return err
			}) {
				t.Fatal("a rename is refused")
			}
		}
		there := w.b.restate(id, first, w.today)
		if len(there) != 1 || there[0] != (Share{now, 1, 1}) {
			t.Fatalf("there: %v, want %s", there, now)
		}
		if back, ok := w.b.back(now, w.today, first); !ok || back != id {
			t.Fatalf("back: %s, want %s", back, id)
		}
	})
}
