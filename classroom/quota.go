package classroom

import (
	"cmp"
	"context"
	"slices"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Quota says that so many people of a unit shall be trained under a plan: in one
// topic and one category, or with "" in all together. A unit shares its number
// out among the units right below it; what they get may not exceed what it has.
type Quota struct {
	Plan      PlanID       `db:"plan_id"`
	Unit      org.UnitID   `db:"unit_id"`
	Topic     TopicID      `db:"topic_id"`
	Category  org.Category `db:"category"`
	Seats     int64        `db:"seats"`
	ChangedAt time.Time    `db:"changed_at"`
}

// line names what is shared out: the same topic and category all the way down.
type line struct {
	topic    TopicID
	category org.Category
}

func (q Quota) line() line { return line{q.Topic, q.Category} }

// SetQuotas sets quotas of a plan, all or none; the sums of the whole plan must
// hold afterwards. The plan's own unit is set by who may edit the plan; a unit
// below it by who may edit plans in the unit right above it, so that a district
// shares out its own number. Seats 0 takes a quota back.
func (c *Classroom) SetQuotas(ctx context.Context, plan PlanID, list []Quota) error {
	p, err := c.Plan(ctx, plan)
	if err != nil {
		return err
	}
	t := c.orgs.On(ctx, p.From)
	if err := c.maySet(ctx, p, t, list); err != nil { // asks access
		return err
	}
	if p.State == PlanClosed {
		return errs.New(errs.Conflict, "classroom.plan.closed")
	}
	return c.db.Tx(ctx, func(ctx context.Context) error {
		// Who sets quotas of a plan waits here for whoever does so too.
		if _, err := c.db.Exec(ctx, `update classroom_plan set changed_at = $1 where id = $2`, clock.Now(ctx), plan); err != nil {
			return err
		}
		if err := c.putQuotas(ctx, p, list); err != nil {
			return err
		}
		all, err := c.quotas(ctx, plan)
		if err != nil {
			return err
		}
		if err := c.sumsHold(ctx, t, all); err != nil {
			return err
		}
		return c.audit(ctx, EditPlan, p.Unit, "plan:"+string(plan), map[string]any{"quotas": len(list)})
	})
}

// maySet asks for each quota in the unit that shares it out.
func (c *Classroom) maySet(ctx context.Context, p Plan, t *org.Tree, list []Quota) error {
	asked := map[org.UnitID]bool{}
	for _, q := range list {
		from := q.Unit
		if q.Unit != p.Unit {
			u, ok := t.Unit(q.Unit)
			if !ok || !t.Within(q.Unit, p.Unit) {
				return errs.New(errs.Invalid, "classroom.quota.outside", c.nameOf(ctx, t, q.Unit))
			}
			from = u.Parent
		}
		if q.Seats < 0 || q.Seats > 10_000_000 {
			return errs.New(errs.Invalid, "classroom.quota.bad", c.nameOf(ctx, t, q.Unit))
		}
		if asked[from] {
			continue
		}
		asked[from] = true
		if err := access.Check(ctx, EditPlan, from); err != nil {
			return err
		}
	}
	return nil
}

func (c *Classroom) putQuotas(ctx context.Context, p Plan, list []Quota) error {
	topics, err := c.topicNames(ctx, p.ID)
	if err != nil {
		return err
	}
	now, last := clock.Now(ctx), map[Quota]int{}
	var rows []Quota
	for _, q := range list {
		if _, ok := topics[q.Topic]; !ok && q.Topic != "" {
			return errs.New(errs.Invalid, "classroom.class.need-topic")
		}
		q.Plan, q.ChangedAt = p.ID, now
		key := q
		key.Seats = 0
		if i, twice := last[key]; twice { // the same quota twice: the later one counts
			rows[i] = q
			continue
		}
		last[key] = len(rows)
		rows = append(rows, q)
	}
	return db.InsertOr(ctx, c.db, "classroom_quota", `on conflict (plan_id, unit_id, topic_id, category)
		do update set seats = excluded.seats, changed_at = excluded.changed_at`, rows...)
}

func (c *Classroom) quotas(ctx context.Context, plan PlanID) ([]Quota, error) {
	return db.All[Quota](ctx, c.db, `select `+db.Columns[Quota]("")+` from classroom_quota where plan_id = $1`, plan)
}

// sumsHold wants no unit to have shared out more than it has, in any line. A unit
// without a number of its own in a line has not been limited in it.
func (c *Classroom) sumsHold(ctx context.Context, t *org.Tree, all []Quota) error {
	type key struct {
		unit org.UnitID
		line line
	}
	has, given := map[key]int64{}, map[key]int64{}
	for _, q := range all {
		has[key{q.Unit, q.line()}] = q.Seats
		if u, ok := t.Unit(q.Unit); ok && u.Parent != "" {
			given[key{u.Parent, q.line()}] += q.Seats
		}
	}
	var over []key
	for k, sum := range given {
		if own, ok := has[k]; ok && sum > own {
			over = append(over, k)
		}
	}
	if len(over) == 0 {
		return nil
	}
	slices.SortFunc(over, func(a, b key) int {
		return cmp.Or(cmp.Compare(t.Depth(a.unit), t.Depth(b.unit)), cmp.Compare(a.unit, b.unit))
	})
	k := over[0]
	return errs.New(errs.Invalid, "classroom.quota.over", c.nameOf(ctx, t, k.unit), has[k], given[k], given[k]-has[k])
}

// QuotaLine is one unit in the table by which a unit shares its number out.
type QuotaLine struct {
	Unit       org.Unit
	Seats      int64
	Given      int64 // of it, to the units right below
	Registered int64 // seats on rosters of the plan, of the unit and all below
	Below      int   // units right below
}

// QuotaSheet is how a unit shares out what it has, in one topic and category.
type QuotaSheet struct {
	Plan  Plan
	Own   QuotaLine
	Lines []QuotaLine
	Left  int64 // not shared out yet
}

// Quotas shows how unit shares out its number in a line of a plan; unit "" is the
// plan's own. Asks through Plan: the numbers of a plan are public to its units.
func (c *Classroom) Quotas(ctx context.Context, plan PlanID, unit org.UnitID, topic TopicID, category org.Category) (QuotaSheet, error) {
	p, err := c.Plan(ctx, plan)
	if err != nil {
		return QuotaSheet{}, err
	}
	if unit == "" {
		unit = p.Unit
	}
	t := c.orgs.On(ctx, p.From)
	if !t.Within(unit, p.Unit) {
		return QuotaSheet{}, notFound()
	}
	all, err := c.quotas(ctx, plan)
	if err != nil {
		return QuotaSheet{}, err
	}
	registered, err := c.registeredUnder(ctx, t, p, topic, category)
	if err != nil {
		return QuotaSheet{}, err
	}
	return quotaSheet(p, t, unit, line{topic, category}, all, registered), nil
}

func quotaSheet(p Plan, t *org.Tree, unit org.UnitID, l line, all []Quota, registered map[org.UnitID]int64) QuotaSheet {
	seats, given := map[org.UnitID]int64{}, map[org.UnitID]int64{}
	for _, q := range all {
		if q.line() == l {
			seats[q.Unit] = q.Seats
			if u, ok := t.Unit(q.Unit); ok {
				given[u.Parent] += q.Seats
			}
		}
	}
	at := func(id org.UnitID) QuotaLine {
		u, _ := t.Unit(id)
		return QuotaLine{u, seats[id], given[id], registered[id], len(t.Children(id))}
	}
	s := QuotaSheet{Plan: p, Own: at(unit)}
	for _, id := range t.Children(unit) {
		if u, _ := t.Unit(id); u.Tier != org.Village {
			s.Lines = append(s.Lines, at(id))
		}
	}
	s.Left = s.Own.Seats - s.Own.Given
	return s
}

type unitCount struct {
	Unit org.UnitID `db:"unit_id"`
	N    int64      `db:"n"`
}

// registeredUnder counts the seats of a plan for each unit with all below it.
func (c *Classroom) registeredUnder(ctx context.Context, t *org.Tree, p Plan, topic TopicID, category org.Category) (map[org.UnitID]int64, error) {
	w := db.NewWhere(p.ID)
	w.If(topic != "", "k.topic_id = ?", topic)
	w.If(category != "", "s.category = ?", category)
	rows, err := db.All[unitCount](ctx, c.db, `select s.unit_id, count(*) as n from classroom_seat s
		join classroom_class k on k.id = s.class_id where k.plan_id = $1 and k.state in ('open', 'closed')
		and s.state = 'registered' and `+w.SQL()+` group by s.unit_id`, w.Args()...)
	m := map[org.UnitID]int64{}
	for _, r := range rows {
		m[r.Unit] += r.N
		for _, up := range t.Ancestors(r.Unit) {
			m[up] += r.N
		}
	}
	return m, err
}
