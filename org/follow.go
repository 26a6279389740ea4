package org

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/event"
	"lotrinh/platform/id"
)

// listen lets people and teams follow their units.
func (o *Org) listen() { event.On(o.bus, "org", o.follow) }

// follow closes the posts in units that ended and opens the same posts in the
// unit that took the largest share, from that day on; teams go with them. Done
// twice it does nothing more: the posts it would close are closed.
func (o *Org) follow(ctx context.Context, e UnitsSucceeded) error {
	if err := o.Refresh(ctx); err != nil {
		return err
	}
	done := map[UnitID]bool{}
	for _, pair := range e.Pairs {
		if done[pair.From] || o.On(ctx, e.On).Has(pair.From) {
			continue
		}
		done[pair.From] = true
		parts, ok := o.Restate(pair.From, e.On-1, e.On)
		if !ok || len(parts) == 0 {
			continue
		}
		if err := o.followOne(ctx, pair.From, largest(parts), e); err != nil {
			return err
		}
	}
	return nil
}

func largest(parts []Share) UnitID {
	best := parts[0]
	for _, p := range parts[1:] {
		if p.Num*best.Den > best.Num*p.Den {
			best = p
		}
	}
	return best.Unit
}

func (o *Org) followOne(ctx context.Context, from, to UnitID, e UnitsSucceeded) error {
	if from == to {
		return nil
	}
	why := o.now(ctx).acts[e.Act].Label()
	if err := o.followTeams(ctx, from, to, e.On, why); err != nil {
		return err
	}
	if err := o.followRecords(ctx, from, to); err != nil {
		return err
	}
	return o.followPosts(ctx, from, to, e.On, why)
}

func (o *Org) followPosts(ctx context.Context, from, to UnitID, on clock.Date, why string) error {
	held, err := db.All[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post
		where unit_id = $1 and from_on < $2 and (to_on is null or to_on > $2)`, from, on)
	if err != nil || len(held) == 0 {
		return err
	}
	if _, err := o.db.Exec(ctx, `update org_post set to_on = $1, edition = edition + 1
		where unit_id = $2 and from_on < $1 and (to_on is null or to_on > $1)`, on, from); err != nil {
		return err
	}
	for i := range held {
		p := &held[i]
		// A head of a unit that ended is not thereby the head of its successor.
		p.ID, p.Unit, p.From, p.Head, p.PartyHead, p.Why, p.Edition = id.New(ctx), to, on, false, false, why, 0
	}
	if err := db.Insert(ctx, o.db, "org_post", held...); err != nil {
		return err
	}
	for _, p := range held {
		if !p.Main {
			continue
		}
		if err := o.publish(ctx, PersonMoved{p.Person, from, to, on}); err != nil {
			return err
		}
	}
	return nil
}

// followRecords hands the lecturers and providers that a unit keeps to the unit
// that follows it. Where the successor has a provider of that code, the code is
// left to the one it had.
func (o *Org) followRecords(ctx context.Context, from, to UnitID) error {
	if _, err := o.db.Exec(ctx, `update org_lecturer set unit_id = $1, edition = edition + 1 where unit_id = $2`, to, from); err != nil {
		return err
	}
	if _, err := o.db.Exec(ctx, `update org_provider set code = '' where unit_id = $2 and code <> '' and exists
		(select 1 from org_provider x where x.unit_id = $1 and x.code = org_provider.code)`, to, from); err != nil {
		return err
	}
	_, err := o.db.Exec(ctx, `update org_provider set unit_id = $1, edition = edition + 1 where unit_id = $2`, to, from)
	return err
}

// CatchUp lets people and teams follow units that ended before they were entered
// there, on the day the unit ended. Asks through everywhere.
func (o *Org) CatchUp(ctx context.Context) error {
	if err := o.everywhere(ctx, PersonEdit); err != nil {
		return err
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		b, today := o.now(ctx), clock.Today(ctx)
		open, err := db.All[UnitID](ctx, o.db, `select unit_id from org_post where to_on is null
			union select unit_id from org_team_place where to_on is null order by 1`)
		if err != nil {
			return err
		}
		for _, u := range open {
			last, ok := b.last(u)
			if !ok || last.To == 0 || last.To > today {
				continue
			}
			e := UnitsSucceeded{Act: last.EndAct, On: last.To}
			if err := o.followOne(ctx, u, largest(b.restate(u, last.To-1, last.To)), e); err != nil {
				return err
			}
		}
		return nil
	})
}
