package access

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/id"
)

// Follow lets rights, accounts and keys follow units that ended: a grant on an
// ended unit ends on that day and is opened anew, for the rest of its time, on the
// unit that took the largest share, or on each of those that took as much. Who
// holds the role there already gets no second one. It acts on what org tells (see
// app/bridge.go), for the house alone; told twice it does nothing more.
func (a *Access) Follow(ctx context.Context, e org.UnitsSucceeded) error {
	if who, ok := Who(ctx); !ok || !who.system {
		return refuse(ctx)
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		for old, heirs := range heirs(a.ended(ctx, e)) {
			if err := a.moveGrants(ctx, old, heirs, e.On); err != nil {
				return err
			}
			if err := a.moveAccounts(ctx, old, heirs[0]); err != nil {
				return err
			}
		}
		return nil
	})
}

// ended are the pairs whose old unit does not live on.
func (a *Access) ended(ctx context.Context, e org.UnitsSucceeded) (pairs []org.Pair) {
	then := a.orgs.On(ctx, e.On)
	for _, p := range e.Pairs {
		if p.Kind != org.Partial && p.From != p.To && !then.Has(p.From) {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// heirs gives each old unit those that took the largest share of it.
func heirs(pairs []org.Pair) map[org.UnitID][]org.UnitID {
	all, best := map[org.UnitID][]org.UnitID{}, map[org.UnitID]org.Pair{}
	for _, p := range pairs {
		b, seen := best[p.From]
		switch share, most := p.Num*b.Den, b.Num*p.Den; {
		case !seen || share > most:
			best[p.From], all[p.From] = p, []org.UnitID{p.To}
		case share == most:
			all[p.From] = append(all[p.From], p.To)
		}
	}
	return all
}

func (a *Access) moveGrants(ctx context.Context, old org.UnitID, heirs []org.UnitID, on clock.Date) error {
	held, err := db.All[Granted](ctx, a.db, `select `+db.Columns[Granted]("")+` from access_grant
		where unit_id = $1 and (to_on is null or to_on > $2) order by id`, old, on)
	if err != nil {
		return err
	}
	for _, g := range held {
		if err := a.endGrant(ctx, g, on); err != nil {
			return err
		}
		for _, heir := range heirs {
			if err := a.inherit(ctx, g, heir, on); err != nil {
				return err
			}
		}
	}
	return nil
}

// inherit opens on heir what g was on an ended unit.
func (a *Access) inherit(ctx context.Context, g Granted, heir org.UnitID, on clock.Date) error {
	n := g
	n.ID, n.Unit, n.From, n.Origin, n.At, n.Edition = GrantID(id.New(ctx)), heir, max(g.From, on), g.ID, clock.Now(ctx), 1
	holds, err := db.One[int](ctx, a.db, `select count(*) from access_grant where account_id = $1 and role = $2 and unit_id = $3
		and from_on <= $4 and (to_on is null or to_on > $4)`, n.Account, n.Role, heir, n.From)
	if err != nil || holds > 0 {
		return err
	}
	acc, err := a.accountByID(ctx, g.Account)
	if err != nil {
		return err
	}
	return a.insertGrant(ctx, acc, n)
}

// moveAccounts puts the accounts and keys of an ended unit on the list of another.
func (a *Access) moveAccounts(ctx context.Context, old, heir org.UnitID) error {
	ids, err := db.All[AccountID](ctx, a.db, `select id from access_account where unit_id = $1`, old)
	if err != nil {
		return err
	}
	if _, err := a.db.Exec(ctx, `update access_account set unit_id = $1, edition = edition + 1 where unit_id = $2`, heir, old); err != nil {
		return err
	}
	keys, err := db.All[string](ctx, a.db, `select id from access_key where unit_id = $1`, old)
	if err != nil {
		return err
	}
	for _, k := range keys {
		ids = append(ids, keyAccount(k))
	}
	if _, err := a.db.Exec(ctx, `update access_key set unit_id = $1 where unit_id = $2`, heir, old); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	if err := a.changed(ctx, ids...); err != nil {
		return err
	}
	return Audit(ctx, a.db, Entry{Action: EditAccounts, Unit: heir, Subject: "unit:" + string(old), Detail: map[string]any{"moved": len(ids)}})
}

// FollowPerson puts the accounts and requests of a person whose record was merged
// into another under that one. It acts on what org tells, for the house alone.
func (a *Access) FollowPerson(ctx context.Context, e org.PersonsMerged) error {
	if who, ok := Who(ctx); !ok || !who.system {
		return refuse(ctx)
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		ids, err := db.All[AccountID](ctx, a.db, `select id from access_account where person_id = $1`, e.From)
		if err != nil {
			return err
		}
		for _, query := range []string{`update access_account set person_id = $1, edition = edition + 1 where person_id = $2`,
			`update access_correction set person_id = $1 where person_id = $2`} {
			if _, err := a.db.Exec(ctx, query, e.To, e.From); err != nil {
				return err
			}
		}
		if len(ids) == 0 {
			return nil
		}
		if err := a.changed(ctx, ids...); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: EditAccounts, Person: e.To, Subject: "person:" + string(e.From), Detail: map[string]any{"accounts": ids}})
	})
}

// mover is an account whose person works elsewhere by now.
type mover struct {
	Account AccountID  `db:"id"`
	Unit    org.UnitID `db:"unit_id"`
}

// followPosts puts each account that belongs to a person on the list of the unit
// of that person's main post of today.
func (a *Access) followPosts(ctx context.Context) error {
	return a.db.Tx(ctx, func(ctx context.Context) error {
		moved, err := db.All[mover](ctx, a.db, `select a.id, min(h.unit_id) as unit_id from access_account a join org_post h on h.person_id = a.person_id
			where h.main and h.from_on <= $1 and (h.to_on is null or h.to_on > $1) group by a.id, a.unit_id
			having count(*) filter (where h.unit_id = a.unit_id) = 0`, clock.Today(ctx))
		if err != nil || len(moved) == 0 {
			return err
		}
		ids := make([]AccountID, len(moved))
		for i, m := range moved {
			ids[i] = m.Account
			if _, err := a.db.Exec(ctx, `update access_account set unit_id = $1, edition = edition + 1 where id = $2`, m.Unit, m.Account); err != nil {
				return err
			}
		}
		if err := a.changed(ctx, ids...); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: EditAccounts, Subject: "posts", Detail: map[string]any{"moved": ids}})
	})
}
