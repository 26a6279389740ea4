package org

import (
	"context"
	"maps"
	"slices"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

func sortedKeys[V any](m map[UnitID]V) []UnitID { return slices.Sorted(maps.Keys(m)) }

// Now is the units of today. Open to all: the units of the state are public.
func (o *Org) Now(ctx context.Context) *Tree { return o.now(ctx).tree(clock.Today(ctx)) }

// On is the units as they were on a date by law. Open to all.
func (o *Org) On(ctx context.Context, on clock.Date) *Tree { return o.now(ctx).tree(on) }

// Working is the units whose authorities were at work on a date: it differs from
// On where an act took effect on another day than the authorities started (Thủ Đức
// 1/1 and 22/1/2021). It is made anew at each call. Open to all.
func (o *Org) Working(ctx context.Context, on clock.Date) *Tree { return o.now(ctx).grow(on, true) }

// AsOf is the units on a date as they were known at a moment: what was recorded
// later is not in it. Open to all.
func (o *Org) AsOf(ctx context.Context, on clock.Date, known int64) (*Tree, error) {
	cols := db.Columns[Unit]("")
	units, err := db.All[Unit](ctx, o.db, `select `+cols+` from org_unit_state where recorded_at <= $1 and from_on <= $2
		and (to_on is null or to_on > $2) union all select `+cols+` from org_unit_state_old where recorded_at <= $1
		and superseded_at > $1 and from_on <= $2 and (to_on is null or to_on > $2)`, known, on)
	if err != nil {
		return nil, err
	}
	alive := make([]ranked, len(units))
	for i := range units {
		alive[i] = ranked{&units[i], units[i].Tier.rank()}
	}
	return grow(on, alive), nil
}

// Covers says whether a right on top holds for unit today: unit is top, lies below
// it, or has ended and some living successor of it lies there. It answers as
// org_reach does.
func (o *Org) Covers(top, unit UnitID) bool {
	return top != "" && top == unit || o.now(context.Background()).covers(top, unit)
}

// Successors says to which living units on asOf a unit came, with the shares, the
// largest first. A unit that lives then is its own successor; one that ended
// without a successor stays its own.
func (o *Org) Successors(id UnitID, asOf clock.Date) []Share {
	b := o.now(context.Background())
	last, ok := b.last(id)
	if _, lives := b.at(id, asOf); lives || !ok {
		return []Share{{id, 1, 1}}
	}
	if last.To == 0 || last.To > asOf {
		return []Share{{id, 1, 1}}
	}
	return b.restate(id, last.To-1, asOf)
}

// Main is the living unit that took the largest share of id; id itself while it
// lives, or when nobody took it.
func (o *Org) Main(id UnitID) UnitID {
	return o.Successors(id, clock.Today(context.Background()))[0].Unit
}

// Restate says to whom on the date as belongs a figure that was counted for a unit
// on the date on. The shares add up to one. Towards the past there is an answer
// only where the unit was one unit, whole and alone; else ok is false.
func (o *Org) Restate(id UnitID, on, as clock.Date) (parts []Share, ok bool) {
	b := o.now(context.Background())
	if as >= on {
		return b.restate(id, on, as), true
	}
	old, ok := b.back(id, on, as)
	return []Share{{old, 1, 1}}, ok
}

// Add puts a new unit below u.Parent, or at the root, from by.On. Asks through
// AddAll.
func (o *Org) Add(ctx context.Context, u Unit, by Basis) (UnitID, error) {
	if err := o.mayAdd(ctx, UnitEdit, u.Parent); err != nil {
		return "", err
	}
	err := o.change(ctx, func(ctx context.Context, d *draft) error {
		u.From, u.Operates = by.On, by.Operates
		u.ID = d.add(u, d.act(by.Act))
		return o.audit(ctx, Entry{Action: UnitEdit, Unit: u.ID, Subject: clean(u.Name), Detail: u})
	})
	return u.ID, err
}

// AddAll is Add for many units below units that exist, in one transaction. Asks through
// mayAdd, for each parent.
func (o *Org) AddAll(ctx context.Context, units []Unit, by Basis) ([]UnitID, error) {
	for parent := range parentsOf(units) {
		if err := o.mayAdd(ctx, UnitEdit, parent); err != nil {
			return nil, err
		}
	}
	ids := make([]UnitID, len(units))
	err := o.change(ctx, func(ctx context.Context, d *draft) error {
		act := d.act(by.Act)
		for i, u := range units {
			u.From, u.Operates = by.On, by.Operates
			ids[i] = d.add(u, act)
		}
		return o.audit(ctx, Entry{Action: UnitEdit, Subject: "units", Detail: map[string]int{"added": len(units)}})
	})
	return ids, err
}

func parentsOf(units []Unit) map[UnitID]bool {
	parents := map[UnitID]bool{}
	for _, u := range units {
		parents[u.Parent] = true
	}
	return parents
}

// mayAdd asks for the parent; at the root, for every root there is.
func (o *Org) mayAdd(ctx context.Context, a module.ActionName, parent UnitID) error {
	roots := o.Now(ctx).Roots()
	if parent != "" || len(roots) == 0 {
		return access.Check(ctx, a, parent)
	}
	for _, r := range roots {
		if err := access.Check(ctx, a, r); err != nil {
			return err
		}
	}
	return nil
}

// Edit is what changes of a unit; a nil field stays as it is.
type Edit struct {
	Code     *string
	Name     *string
	Kind     *Kind
	Parent   *UnitID
	Sort     *int
	Lat, Lon *float64
}

func (e Edit) apply(u *Unit) {
	set(&u.Code, e.Code)
	set(&u.Name, e.Name)
	set(&u.Parent, e.Parent)
	set(&u.Sort, e.Sort)
	set(&u.Lat, e.Lat)
	set(&u.Lon, e.Lon)
	if e.Kind != nil {
		u.Kind, u.Tier = *e.Kind, TierOf(*e.Kind)
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// Change changes a unit from by.On on: another name, kind, parent, code, place. It
// stays the same unit.
func (o *Org) Change(ctx context.Context, id UnitID, e Edit, by Basis) error {
	if err := access.Check(ctx, UnitEdit, id); err != nil {
		return err
	}
	if e.Parent != nil && *e.Parent != "" {
		if err := access.Check(ctx, UnitEdit, *e.Parent); err != nil {
			return err
		}
	}
	return o.change(ctx, func(ctx context.Context, d *draft) error {
		if err := o.sameEdition(ctx, id, by.Edition); err != nil {
			return err
		}
		act := d.act(by.Act)
		err := d.alter(id, by.On, act, func(u *Unit) { e.apply(u); u.Operates = by.Operates })
		if err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: UnitEdit, Unit: id, Subject: d.name(id), Detail: e})
	})
}

// Rename gives a unit another name from by.On on. Asks through Change.
func (o *Org) Rename(ctx context.Context, id UnitID, name string, by Basis) error {
	return o.Change(ctx, id, Edit{Name: &name}, by)
}

// Reclassify gives a unit another kind, and the name that goes with it, from by.On
// on. Asks through Change.
func (o *Org) Reclassify(ctx context.Context, id UnitID, k Kind, name string, by Basis) error {
	return o.Change(ctx, id, Edit{Kind: &k, Name: &name}, by)
}

// Move puts a unit, with all below it, under another from by.On on. Asks through
// Change.
func (o *Org) Move(ctx context.Context, id, parent UnitID, by Basis) error {
	return o.Change(ctx, id, Edit{Parent: &parent}, by)
}

// sameEdition is a Conflict when the unit was changed since the editor saw it.
func (o *Org) sameEdition(ctx context.Context, id UnitID, seen int64) error {
	if seen == 0 {
		return nil
	}
	now, err := db.One[int64](ctx, o.db, `select edition from org_unit where id = $1`, id)
	if err == nil && now != seen {
		err = errs.New(errs.Conflict, "error.changed")
	}
	return err
}

// End ends a unit that nothing follows: by.On is the first day on which it is no
// more. Nothing may be left below it.
func (o *Org) End(ctx context.Context, id UnitID, by Basis) error {
	if err := access.Check(ctx, UnitEdit, id); err != nil {
		return err
	}
	return o.change(ctx, func(ctx context.Context, d *draft) error {
		if err := o.sameEdition(ctx, id, by.Edition); err != nil {
			return err
		}
		if err := d.end(id, by, d.act(by.Act)); err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: UnitEdit, Unit: id, Subject: d.name(id), Detail: by})
	})
}

// Succeed records that units follow units from by.On on. An old unit whose shares
// add up to one and that is no successor itself ends; the new ones exist already
// (Add them with the same date). What lies below an old unit that ends goes below
// its main successor.
func (o *Org) Succeed(ctx context.Context, pairs []Pair, by Basis) error {
	for _, p := range pairs {
		if err := access.Check(ctx, UnitMerge, p.From); err != nil {
			return err
		}
	}
	return o.change(ctx, func(ctx context.Context, d *draft) error {
		act := d.act(by.Act)
		if err := d.succession(pairs, by, act); err != nil {
			return err
		}
		if err := d.rehang(by, act); err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: UnitMerge, Unit: pairs[0].From, Subject: by.Act.Label(), Detail: pairs})
	})
}
