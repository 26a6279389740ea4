package org

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// PersonMoved tells that the main post of a person went to another unit.
type PersonMoved struct {
	Person PersonID   `json:"person"`
	From   UnitID     `json:"from"`
	To     UnitID     `json:"to"`
	On     clock.Date `json:"on"`
}

// EventName implements event.Event.
func (PersonMoved) EventName() string { return "org.person-moved" }

// GivePost gives a person a post beside the ones held (kiêm nhiệm), or with
// p.Main the main post, which ends the one before on that day. Asked for in the
// unit of the post and, for a main post, in that of the one it ends.
func (o *Org) GivePost(ctx context.Context, p Post) error {
	if err := access.Check(ctx, PersonEdit, p.Unit); err != nil {
		return err
	}
	if err := o.post(ctx, p); err != nil {
		return err
	}
	p.ID, p.Title, p.Why = id.New(ctx), text.Clean(p.Title), text.Clean(p.Why)
	return o.db.Tx(ctx, func(ctx context.Context) error {
		if p.Main {
			if err := o.leave(ctx, p); err != nil {
				return err
			}
		}
		if err := db.Insert(ctx, o.db, "org_post", p); err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: PersonEdit, Unit: p.Unit, Person: p.Person, Subject: "post:" + p.ID, Detail: p})
	})
}

// leave ends the main post held on the day p begins.
func (o *Org) leave(ctx context.Context, p Post) error {
	held, err := o.PostsOn(ctx, []PersonID{p.Person}, p.From)
	old, ok := held[p.Person]
	if err != nil || !ok {
		return err
	}
	if err := access.Check(ctx, PersonEdit, old.Unit); err != nil {
		return err
	}
	if old.From >= p.From {
		return errs.New(errs.Conflict, "org.post.begun", old.From.Viet())
	}
	if err := o.endPost(ctx, old, p.From); err != nil || old.Unit == p.Unit {
		return err
	}
	return o.bus.Publish(ctx, PersonMoved{p.Person, old.Unit, p.Unit, p.From})
}

func (o *Org) endPost(ctx context.Context, p Post, on clock.Date) error {
	_, err := o.db.Exec(ctx, `update org_post set to_on = $1 where id = $2 and (to_on is null or to_on > $1)`, on, p.ID)
	return err
}

// EndPost ends a post: on is the first day on which it is held no more.
func (o *Org) EndPost(ctx context.Context, post string, on clock.Date) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		p, err := db.One[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post where id = $1`, post)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, PersonEdit, p.Unit); err != nil {
			return err
		}
		if on <= p.From {
			return errs.New(errs.Invalid, "error.invalid").Field("to", "org.unit.need-span", p.From.Viet())
		}
		if err := o.endPost(ctx, p, on); err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: PersonEdit, Unit: p.Unit, Person: p.Person, Subject: "post:" + p.ID, Detail: on})
	})
}

// listen lets people follow their units.
func (o *Org) listen() { event.On(o.bus, "org", o.follow) }

// follow closes the posts in units that ended and opens the same posts in the
// unit that took the largest share, from that day on. Done twice it does nothing
// more: the posts it would close are closed.
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
	held, err := db.All[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post
		where unit_id = $1 and from_on < $2 and (to_on is null or to_on > $2)`, from, e.On)
	if err != nil || len(held) == 0 || from == to {
		return err
	}
	if _, err := o.db.Exec(ctx, `update org_post set to_on = $1
		where unit_id = $2 and from_on < $1 and (to_on is null or to_on > $1)`, e.On, from); err != nil {
		return err
	}
	act := o.now(ctx).acts[e.Act].Label()
	for i := range held {
		p := &held[i]
		// A head of a unit that ended is not thereby the head of its successor.
		p.ID, p.Unit, p.From, p.Head, p.PartyHead, p.Why = id.New(ctx), to, e.On, false, false, act
	}
	if err := db.Insert(ctx, o.db, "org_post", held...); err != nil {
		return err
	}
	for _, p := range held {
		if !p.Main {
			continue
		}
		if err := o.bus.Publish(ctx, PersonMoved{p.Person, from, to, e.On}); err != nil {
			return err
		}
	}
	return nil
}
