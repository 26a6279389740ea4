package classroom

import (
	"context"
	"slices"

	"lotrinh/org"
	"lotrinh/platform/db"
)

// lateUnits are the units of today from which a class expects people and has
// none: the lowest units with seats left in the quota of its topic, or, where the
// plan has no quota, the units that its rule names. A class that is full expects
// nobody more.
func (c *Classroom) lateUnits(ctx context.Context, k Class) ([]org.UnitID, error) {
	p, err := c.plan(ctx, k.Plan)
	if err != nil {
		return nil, err
	}
	taken, err := c.taken(ctx, k.ID)
	if err != nil || taken >= k.Capacity {
		return nil, err
	}
	expected, err := c.expected(ctx, k, p)
	if err != nil || len(expected) == 0 {
		return nil, err
	}
	sent, err := c.senders(ctx, k.ID)
	if err != nil {
		return nil, err
	}
	return keep(expected, func(u org.UnitID) bool {
		return !slices.ContainsFunc(sent, func(from org.UnitID) bool { return from == u || c.orgs.Covers(u, from) })
	}), nil
}

// senders are the units that nominated for a class, and those whose people were
// nominated by a unit above.
func (c *Classroom) senders(ctx context.Context, k ClassID) ([]org.UnitID, error) {
	return db.All[org.UnitID](ctx, c.db, `select unit_id from classroom_nomination where class_id = $1
		union select unit_id from classroom_seat where class_id = $1 and state in ('registered', 'waiting')`, k)
}

func (c *Classroom) expected(ctx context.Context, k Class, p Plan) (units []org.UnitID, err error) {
	all, err := c.quotas(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	t := c.orgs.On(ctx, p.From)
	filled, err := c.registeredUnder(ctx, t, p, k.Topic, "")
	if err != nil {
		return nil, err
	}
	seats := lowest(t, all, k.Topic)
	now := c.orgs.Now(ctx)
	for u, n := range seats {
		if n > filled[u] && k.Rule.concerns(u, c.orgs.Covers) {
			units = append(units, c.today(now, u))
		}
	}
	if len(all) == 0 {
		for _, u := range k.Rule.Units {
			units = append(units, c.today(now, u))
		}
	}
	slices.Sort(units)
	return keep(slices.Compact(units), func(u org.UnitID) bool { return k.Rule.reaches(now, u) }), nil
}

// today is a unit, or what took it over.
func (c *Classroom) today(t *org.Tree, u org.UnitID) org.UnitID {
	if t.Has(u) {
		return u
	}
	return c.orgs.Main(u)
}

// lowest are the seats of the units that share nothing out below them, in a topic
// ("" any) and in all topics together.
func lowest(t *org.Tree, all []Quota, topic TopicID) map[org.UnitID]int64 {
	seats, shares := map[org.UnitID]int64{}, map[org.UnitID]bool{}
	for _, q := range all {
		if q.Seats == 0 || q.Topic != "" && topic != "" && q.Topic != topic {
			continue
		}
		seats[q.Unit] += q.Seats
		if u, ok := t.Unit(q.Unit); ok {
			shares[u.Parent] = true
		}
	}
	for u := range shares {
		delete(seats, u)
	}
	return seats
}

// reaches says whether a unit, or one right below it, is of a tier that the rule
// takes people from.
func (r Rule) reaches(t *org.Tree, unit org.UnitID) bool {
	if len(r.Tiers) == 0 || slices.Contains(r.Tiers, tierOf(t, unit)) {
		return true
	}
	return slices.ContainsFunc(t.Children(unit), func(low org.UnitID) bool { return slices.Contains(r.Tiers, tierOf(t, low)) })
}
