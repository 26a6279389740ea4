package org

import (
	"cmp"
	"context"
	"slices"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Change is one of the days on which a unit became something else.
type Change struct {
	On     clock.Date
	Kind   NoteKind // NoteNew, NoteRenamed, NoteReclassified, NoteReparented, NoteRecoded or NoteEnded
	Unit   Unit     // as it was from then on; for NoteEnded, before
	Act    Act
	Before Unit // zero when it began
}

// Link is a step between a unit and one that came before or after it.
type Link struct {
	Unit    Unit // the other one, as it was on that day, or the day before
	On      clock.Date
	Kind    Manner
	Share   Share // of the earlier one; Share.Unit is the later one
	Assumed bool
	Act     Act
}

// Detail is all that is known of a unit.
type Detail struct {
	Unit         Unit // as it is today, or was last, or will be first
	Edition      int64
	Changes      []Change // the latest first
	Predecessors []Link
	Successors   []Link
	Codes        map[System]string // in other systems, today
}

// Unit returns all that is known of a unit. Open to all: units are public.
func (o *Org) Unit(ctx context.Context, id UnitID) (Detail, error) {
	b := o.now(ctx)
	states := b.units[id]
	if len(states) == 0 {
		return Detail{}, errs.New(errs.NotFound, "org.unit.none")
	}
	edition, err := db.One[int64](ctx, o.db, `select edition from org_unit where id = $1`, id)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Unit: states[len(states)-1].Unit, Edition: edition, Changes: b.changes(id)}
	if s, ok := b.at(id, clock.Today(ctx)); ok {
		d.Unit = s.Unit
	}
	for _, s := range b.in[id] {
		d.Predecessors = append(d.Predecessors, b.link(s, s.From, s.On-1))
	}
	for _, s := range b.out[id] {
		d.Successors = append(d.Successors, b.link(s, s.To, s.On))
	}
	d.Codes, err = o.codes(ctx, id)
	return d, err
}

func (b *book) link(s succession, other UnitID, on clock.Date) Link {
	l := Link{On: s.On, Kind: s.Kind, Share: Share{s.To, s.Num, s.Den}, Assumed: s.Assumed, Act: b.acts[s.Act]}
	if u, ok := b.at(other, on); ok {
		l.Unit = u.Unit
	} else {
		l.Unit.ID = other
	}
	return l
}

// changes reads the story of a unit off its states.
func (b *book) changes(id UnitID) (out []Change) {
	states := b.units[id]
	for i := range states {
		s := &states[i]
		act := b.acts[s.Act]
		if i == 0 {
			out = append(out, Change{On: s.From, Kind: NoteNew, Unit: s.Unit, Act: act})
			continue
		}
		before := states[i-1].Unit
		for _, k := range turned(before, s.Unit) {
			out = append(out, Change{s.From, k, s.Unit, act, before})
		}
	}
	if last := states[len(states)-1]; last.To != 0 {
		out = append(out, Change{On: last.To, Kind: NoteEnded, Unit: last.Unit, Act: b.acts[last.EndAct], Before: last.Unit})
	}
	slices.SortStableFunc(out, func(a, b Change) int { return cmp.Compare(b.On, a.On) })
	return out
}

// turned says in what two states differ that people would tell of.
func turned(a, b Unit) (kinds []NoteKind) {
	switch {
	case a.Kind != b.Kind:
		kinds = append(kinds, NoteReclassified)
	case a.Name != b.Name:
		kinds = append(kinds, NoteRenamed)
	}
	if a.Parent != b.Parent {
		kinds = append(kinds, NoteReparented)
	}
	if a.Code != b.Code {
		kinds = append(kinds, NoteRecoded)
	}
	return kinds
}

// Origins says which units of the date on came, wholly or in part, to a unit of
// the date as, with the share of each. Open to all: units are public.
func (o *Org) Origins(ctx context.Context, id UnitID, on, as clock.Date) []Share {
	b := o.now(ctx)
	var out []Share
	seen := map[UnitID]bool{}
	var walk func(UnitID, clock.Date)
	walk = func(u UnitID, until clock.Date) {
		if seen[u] {
			return
		}
		seen[u] = true
		if _, ok := b.at(u, on); ok {
			for _, s := range b.restate(u, on, as) {
				if s.Unit == id {
					out = append(out, Share{u, s.Num, s.Den})
				}
			}
		}
		for _, s := range b.in[u] {
			if s.On > on && s.On <= until {
				walk(s.From, s.On)
			}
		}
	}
	walk(id, as)
	return out
}

// Acts lists the legal acts by which units changed, the latest signed first. Open
// to all.
func (o *Org) Acts(ctx context.Context) []Act {
	b := o.now(ctx)
	out := make([]Act, 0, len(b.acts))
	for _, a := range b.acts {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Act) int { return cmp.Or(cmp.Compare(b.Signed, a.Signed), cmp.Compare(a.Number, b.Number)) })
	return out
}

// Turns lists the days on which units succeeded units, the latest first. Open to
// all.
func (o *Org) Turns(ctx context.Context) []clock.Date {
	seen := map[clock.Date]bool{}
	for _, out := range o.now(ctx).out {
		for _, s := range out {
			seen[s.On] = true
		}
	}
	days := make([]clock.Date, 0, len(seen))
	for d := range seen {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b clock.Date) int { return cmp.Compare(b, a) })
	return days
}
