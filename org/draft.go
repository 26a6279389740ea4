package org

import (
	"cmp"
	"context"
	"maps"
	"math/big"
	"slices"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// draft is a change of units in the making, beside the book that it starts from.
type draft struct {
	ctx     context.Context
	base    *book
	now     int64 // microseconds
	touched map[UnitID][]state
	fresh   []UnitID
	pairs   []succession
	acts    []Act
	days    []clock.Date    // on which a touched unit changes
	heirs   map[UnitID]Pair // who took most of each unit that ended
}

func (d *draft) states(id UnitID) []state {
	if s, ok := d.touched[id]; ok {
		return s
	}
	return d.base.units[id]
}

// add puts a new unit, from u.From to u.To.
func (d *draft) add(u Unit, act ActID) UnitID {
	if u.ID == "" {
		u.ID = UnitID(id.New(d.ctx))
	}
	d.fresh = append(d.fresh, u.ID)
	d.touched[u.ID] = []state{d.state(u, act)}
	return u.ID
}

func (d *draft) state(u Unit, act ActID) state {
	u.Name = clean(u.Name)
	u.Code = clean(u.Code)
	return state{Unit: u, Folded: fold(u.Name), Act: act, Recorded: d.now}
}

// alter changes what a unit is from on until its present state there ends.
func (d *draft) alter(id UnitID, on clock.Date, act ActID, change func(*Unit)) error {
	old := d.states(id)
	i := slices.IndexFunc(old, func(s state) bool { return on.Within(s.From, s.To) })
	if i < 0 {
		return d.gone(id, on)
	}
	next := old[i].Unit
	next.From, next.Operates = on, 0
	change(&next)
	if next == old[i].Unit {
		return nil
	}
	if on == old[i].From && act == "" {
		act = old[i].Act
	}
	s := d.state(next, act)
	s.EndAct = old[i].EndAct
	out := slices.Clone(old[:i])
	if on > old[i].From {
		before := old[i]
		before.To, before.Closes, before.EndAct, before.Recorded = on, 0, act, d.now
		out = append(out, before)
	}
	d.touched[id] = append(append(out, s), old[i+1:]...)
	return nil
}

// end ends a unit: on is the first day on which it is no more.
func (d *draft) end(id UnitID, by Basis, act ActID) error {
	old := d.states(id)
	i := slices.IndexFunc(old, func(s state) bool { return (by.On - 1).Within(s.From, s.To) })
	if i < 0 || i != len(old)-1 {
		return d.gone(id, by.On-1)
	}
	out := slices.Clone(old)
	s := &out[i]
	s.To, s.Closes, s.EndAct, s.Recorded = by.On, by.closes(), act, d.now
	d.touched[id] = out
	return nil
}

func (d *draft) gone(id UnitID, on clock.Date) error {
	states := d.states(id)
	if len(states) == 0 {
		return errs.New(errs.NotFound, "org.unit.none")
	}
	return errs.New(errs.Invalid, "org.unit.not-on", states[len(states)-1].Name, on.Viet())
}

func (d *draft) at(id UnitID, on clock.Date) (*state, bool) {
	states := d.states(id)
	for i := range states {
		if on.Within(states[i].From, states[i].To) {
			return &states[i], true
		}
	}
	return nil, false
}

func (d *draft) succeed(p Pair, on clock.Date, act ActID) {
	d.pairs = append(d.pairs, succession{Pair: p, On: on, Act: act, Recorded: d.now})
}

// act keeps a legal act, one that is known already under its id.
func (d *draft) act(a Act) ActID {
	a = a.clean()
	if a.ID != "" || a.empty() {
		return a.ID
	}
	for _, known := range d.acts {
		if known.same(a) {
			return known.ID
		}
	}
	for _, known := range d.base.acts {
		if known.same(a) {
			return known.ID
		}
	}
	a.ID, a.MadeAt, a.Edition = ActID(id.New(d.ctx)), d.now, 1
	d.acts = append(d.acts, a)
	return a.ID
}

// check says what is wrong with the units as the draft would leave them.
func (d *draft) check() error {
	d.days = d.changeDays()
	for id, states := range d.touched {
		if err := d.checkStates(id, states); err != nil {
			return err
		}
	}
	if err := d.checkChildren(); err != nil {
		return err
	}
	return d.checkPairs()
}

func (d *draft) checkStates(id UnitID, states []state) error {
	for i := range states {
		s := &states[i]
		var f errs.Form
		f.Need(s.Name != "", "name", "org.unit.need-name")
		f.Need(TierOf(s.Kind) == s.Tier, "kind", "org.unit.need-kind")
		f.Need(s.From != 0, "from", "org.unit.need-date")
		f.Need(s.To == 0 || s.To > s.From, "to", "org.unit.need-span", s.From.Viet())
		f.Need(i == 0 || states[i-1].To != 0 && states[i-1].To <= s.From, "from", "org.unit.overlap", s.Name)
		f.Need(s.Lat >= -90 && s.Lat <= 90 && s.Lon >= -180 && s.Lon <= 180, "lat", "org.unit.need-place")
		if err := f.Err(); err != nil {
			return err
		}
		if s.Parent != "" {
			if err := d.checkParent(id, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkParent wants the parent to be there all the time, and no ring of parents.
func (d *draft) checkParent(id UnitID, s *state) error {
	day := s.From
	for _, p := range d.states(s.Parent) {
		if day.Within(p.From, p.To) {
			if day = p.To; day == 0 || s.To != 0 && day >= s.To {
				day = 0
				break
			}
		}
	}
	if day != 0 {
		return errs.New(errs.Invalid, "org.unit.orphan", s.Name, day.Viet())
	}
	for _, day := range d.daysIn(s.From, s.To) {
		for up, n := s.Parent, 0; up != ""; n++ {
			if up == id || n > 20 {
				return errs.New(errs.Invalid, "org.unit.ring", s.Name)
			}
			above, ok := d.at(up, day)
			if !ok {
				break
			}
			up = above.Parent
		}
	}
	return nil
}

// changeDays lists the days on which a touched unit changes.
func (d *draft) changeDays() []clock.Date {
	seen := map[clock.Date]bool{}
	for _, states := range d.touched {
		for i := range states {
			seen[states[i].From] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// daysIn lists from, and the days before to on which a touched unit changes.
func (d *draft) daysIn(from, to clock.Date) []clock.Date {
	i, _ := slices.BinarySearch(d.days, from+1)
	out := []clock.Date{from}
	for _, day := range d.days[i:] {
		if to != 0 && day >= to {
			break
		}
		out = append(out, day)
	}
	return out
}

// checkChildren wants every unit below a touched one to keep a living parent.
func (d *draft) checkChildren() error {
	shorter := map[UnitID]bool{}
	for id := range d.touched {
		if len(d.base.units[id]) > 0 && d.shortened(id) {
			shorter[id] = true
		}
	}
	if len(shorter) == 0 {
		return nil
	}
	for id := range d.base.units {
		if _, mine := d.touched[id]; mine {
			continue // checked by checkStates
		}
		states := d.base.units[id]
		for i := range states {
			if !shorter[states[i].Parent] {
				continue
			}
			if err := d.checkParent(id, &states[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// shortened says whether a unit lives less long than before.
func (d *draft) shortened(id UnitID) bool {
	old, now := d.base.units[id], d.touched[id]
	end := func(s []state) clock.Date { return cmp.Or(s[len(s)-1].To, clock.Date(1<<30)) }
	return now[0].From > old[0].From || end(now) < end(old)
}

// checkPairs wants shares of one unit on one day to make up one whole where the
// unit ends, and less than one where it stays.
func (d *draft) checkPairs() error {
	type key struct {
		id UnitID
		on clock.Date
	}
	one, sums := big.NewRat(1, 1), map[key]*big.Rat{}
	for _, p := range d.pairs {
		if p.Num <= 0 || p.Den < p.Num || p.Den > denMax {
			return errs.New(errs.Invalid, "org.share.bad", d.name(p.From), p.Num, p.Den)
		}
		if _, ok := d.at(p.From, p.On-1); !ok {
			return d.gone(p.From, p.On-1)
		}
		if _, ok := d.at(p.To, p.On); !ok {
			return d.gone(p.To, p.On)
		}
		k := key{p.From, p.On}
		if sums[k] == nil {
			sums[k] = new(big.Rat)
			for _, old := range d.base.out[p.From] {
				if old.On == p.On {
					sums[k].Add(sums[k], big.NewRat(old.Num, old.Den))
				}
			}
		}
		sums[k].Add(sums[k], big.NewRat(p.Num, p.Den))
	}
	for k, sum := range sums {
		_, stays := d.at(k.id, k.on)
		if c := sum.Cmp(one); c > 0 || c == 0 && stays || c < 0 && !stays {
			return errs.New(errs.Invalid, "org.share.sum", d.name(k.id), sum.RatString())
		}
	}
	return nil
}

func (d *draft) name(id UnitID) string {
	if states := d.states(id); len(states) > 0 {
		return states[len(states)-1].Name
	}
	return string(id)
}

// book is what the units are once the draft is in force.
func (d *draft) book(stamp string, today clock.Date) *book {
	b := &book{
		stamp: stamp,
		units: maps.Clone(d.base.units), acts: maps.Clone(d.base.acts),
		out: maps.Clone(d.base.out), in: maps.Clone(d.base.in),
	}
	maps.Copy(b.units, d.touched)
	for _, a := range d.acts {
		b.acts[a.ID] = a
	}
	for _, p := range d.pairs {
		b.addSuccession(p)
	}
	b.bind(today)
	if d.keepsReach() && (d.base.on == today || !d.base.stale(today)) {
		b.reach = d.base.reach
	}
	return b
}

// keepsReach says whether the draft leaves everybody where he was: it only names
// or places units otherwise.
func (d *draft) keepsReach() bool {
	if len(d.fresh) > 0 || len(d.pairs) > 0 {
		return false
	}
	for id, now := range d.touched {
		old := d.base.units[id]
		if len(old) == 0 || now[0].From != old[0].From || now[len(now)-1].To != old[len(old)-1].To {
			return false
		}
		for i := range now {
			if o, ok := d.base.at(id, now[i].From); !ok || o.Parent != now[i].Parent {
				return false
			}
		}
		for i := range old {
			if n, ok := d.at(id, old[i].From); !ok || n.Parent != old[i].Parent {
				return false
			}
		}
	}
	return true
}
