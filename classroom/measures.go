package classroom

import (
	"context"
	"fmt"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

// What the classroom counts. Planned, registered and attended are never one.
const (
	measurePlanned    = "classroom.planned"
	measureRegistered = "classroom.registered"
	measureAttended   = "classroom.attended"
	measureMinutes    = "classroom.minutes"
	measureSpent      = "classroom.spent"
)

// source is the classroom as a source of figures.
func (c *Classroom) source() module.Source {
	return module.Source{
		Key: "classroom",
		Measures: []module.Measure{
			{Key: measurePlanned, Text: i18n.T("classroom.measure.planned"), Unit: i18n.T("classroom.measure.seats"), Step: module.Planned},
			{Key: measureRegistered, Text: i18n.T("classroom.measure.registered"), Unit: i18n.T("classroom.measure.turns"), Step: module.Registered},
			{Key: measureAttended, Text: i18n.T("classroom.measure.attended"), Unit: i18n.T("classroom.measure.turns"), Step: module.Attended},
			{Key: measureMinutes, Text: i18n.T("classroom.measure.minutes"), Unit: i18n.T("classroom.measure.minute")},
			{Key: measureSpent, Text: i18n.T("classroom.measure.spent"), Unit: i18n.T("classroom.measure.thousands")},
		},
		Facts:   c.facts,
		Topics:  c.namesByKey,
		Records: c.records,
	}
}

// countable is a row that counts, whichever measure it counts in.
type countable struct {
	Record   string       `db:"record"`
	Unit     org.UnitID   `db:"unit_id"`
	Person   string       `db:"person_id"`
	Category org.Category `db:"category"`
	Topic    string       `db:"topic"`
	On       clock.Date   `db:"on_date"`
	At       time.Time    `db:"at"` // of a session; its day is the fact's
	N        int64        `db:"n"`
	Changed  time.Time    `db:"changed_at"`
}

// topicKey is Topic.Key in SQL.
const topicKey = `case when t.learn_topic is null or t.learn_topic = '' then coalesce(t.id, '') else t.learn_topic end`

// The lowest quotas alone count: what a unit shares out is counted below it.
const plannedFacts = `select 'q/' || q.plan_id || '/' || q.unit_id || '/' || q.topic_id || '/' || q.category as record, q.unit_id, '' as person_id,
	q.category, ` + topicKey + ` as topic, p.from_on as on_date, null as at,
	case when exists (select 1 from classroom_quota low join org_unit_state s on s.unit_id = low.unit_id
		where low.plan_id = q.plan_id and low.topic_id = q.topic_id and low.category = q.category and s.parent_id = q.unit_id and low.seats > 0)
		then 0 else q.seats end as n, q.changed_at
	from classroom_quota q join classroom_plan p on p.id = q.plan_id left join classroom_topic t on t.id = q.topic_id
	where q.plan_id in (select plan_id from classroom_quota where changed_at >= $1)`

const registeredFacts = `select 's/' || s.id as record, s.unit_id, s.person_id, s.category, ` + topicKey + ` as topic, k.from_on as on_date, null as at,
	case when s.state = 'registered' then 1 else 0 end as n, s.changed_at
	from classroom_seat s join classroom_class k on k.id = s.class_id left join classroom_topic t on t.id = k.topic_id where s.changed_at >= $1`

// attendedFacts are attendances, and with their minutes the time people spent in
// class; %s is what one counts for.
const attendedFacts = `select 'a/' || a.session_id || '/' || a.person_id as record, a.unit_id, 
	case when a.substitute_id <> '' then a.substitute_id when a.state = 'substitute' then '' else a.person_id end as person_id, a.category,
	` + topicKey + ` as topic, null as on_date, x.starts_at as at,
	case when x.state = 'planned' and a.state in ('present', 'late', 'left_early', 'substitute') then %s else 0 end as n, a.changed_at
	from classroom_attendance a join classroom_session x on x.id = a.session_id join classroom_class k on k.id = x.class_id
	left join classroom_topic t on t.id = case when x.topic_id = '' then k.topic_id else x.topic_id end where `

// What changed in an attendance, or in its session; each by its index.
const (
	attendedSince = attendedFacts + `a.changed_at >= $1`
	sessionsSince = attendedFacts + `a.session_id in (select id from classroom_session where changed_at >= $1)`
)

// spentFacts are what was paid, in thousands of đồng, on the day it was paid; of
// the unit that organises the class, or the plan where no class is named.
const spentFacts = `select 'c/' || x.id as record, coalesce(k.unit_id, p.unit_id) as unit_id, '' as person_id, '' as category, ` + topicKey + ` as topic,
	coalesce(x.paid_on, k.to_on, p.to_on) as on_date, null as at, (x.actual + 500) / 1000 as n, x.changed_at
	from classroom_cost x join classroom_plan p on p.id = x.plan_id left join classroom_class k on k.id = x.class_id
	left join classroom_topic t on t.id = k.topic_id where x.changed_at >= $1`

// counting is what is asked for each measure; again are rows that come with the
// others when all are asked for.
var counting = []struct {
	key, query string
	again      bool
}{
	{key: measurePlanned, query: plannedFacts},
	{key: measureRegistered, query: registeredFacts},
	{key: measureAttended, query: fmt.Sprintf(attendedSince, "1")},
	{key: measureAttended, query: fmt.Sprintf(sessionsSince, "1"), again: true},
	{key: measureMinutes, query: fmt.Sprintf(attendedSince, minutesOfSession)},
	{key: measureMinutes, query: fmt.Sprintf(sessionsSince, minutesOfSession), again: true},
	{key: measureSpent, query: spentFacts},
}

const minutesOfSession = "(x.ends_at - x.starts_at) / 60000000"

func (c *Classroom) facts(ctx context.Context, since time.Time, yield func(module.Fact) error) error {
	for _, m := range counting {
		if since.IsZero() && m.again {
			continue // all have come already
		}
		err := db.Each(ctx, c.db, m.query, []any{since.UnixMicro()}, func(r countable) error {
			if r.On == 0 {
				r.On = clock.DateOf(r.At)
			}
			if m.key == measureMinutes { // who attended is counted already, as attendances
				r.Person = ""
			}
			return yield(module.Fact{Measure: m.key, Record: r.Record, Unit: string(r.Unit), Person: r.Person, Category: string(r.Category),
				Topic: r.Topic, On: r.On, N: r.N, Changed: r.Changed})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// namesByKey names topics by their key.
func (c *Classroom) namesByKey(ctx context.Context, keys []string) (map[string]string, error) {
	type named struct {
		Key  string `db:"topic"`
		Name string `db:"name"`
	}
	w := db.In(db.NewWhere(), topicKey, keys)
	rows, err := db.All[named](ctx, c.db, `select `+topicKey+` as topic, t.name from classroom_topic t where `+w.SQL(), w.Args()...)
	names := map[string]string{}
	for _, r := range rows {
		names[r.Key] = r.Name
	}
	return names, err
}

// behind is a record as the list of a figure shows it.
type behind struct {
	Record string     `db:"record"`
	Class  string     `db:"class_id"`
	Title  string     `db:"title"`
	Name   string     `db:"name"`
	At     time.Time  `db:"at"`
	On     clock.Date `db:"on_date"`
}

// records names seats, attendances and quotas that the actor may see.
func (c *Classroom) records(ctx context.Context, ids []string) ([]module.Record, error) {
	var seats, rolls, quotas, costs []string
	for _, id := range ids {
		kind, key, _ := strings.Cut(id, "/")
		switch kind {
		case "s":
			seats = append(seats, key)
		case "a":
			rolls = append(rolls, key)
		case "q":
			quotas = append(quotas, id)
		case "c":
			costs = append(costs, key)
		}
	}
	in := access.In(ctx, ReadClass)
	w := in.Narrow(db.In(db.NewWhere(), "s.id", seats), "s.unit_id")
	found, err := db.All[behind](ctx, c.db, `select 's/' || s.id as record, k.id as class_id, k.name as title, p.name, null as at, k.from_on as on_date
		from classroom_seat s join classroom_class k on k.id = s.class_id join org_person p on p.id = s.person_id where `+w.SQL()+` order by p.name_key`, w.Args()...)
	if err != nil {
		return nil, err
	}
	w = in.Narrow(db.In(db.NewWhere(), "a.session_id || '/' || a.person_id", rolls), "a.unit_id")
	more, err := db.All[behind](ctx, c.db, `select 'a/' || a.session_id || '/' || a.person_id as record, k.id as class_id, k.name as title, p.name, x.starts_at as at, null as on_date
		from classroom_attendance a join classroom_session x on x.id = a.session_id join classroom_class k on k.id = x.class_id
		join org_person p on p.id = a.person_id where `+w.SQL()+` order by p.name_key, x.starts_at`, w.Args()...)
	if err != nil {
		return nil, err
	}
	var out []module.Record
	for _, r := range append(found, more...) {
		when := r.On.Viet()
		if !r.At.IsZero() {
			when = i18n.DateTime(ctx, r.At)
		}
		out = append(out, module.Record{ID: r.Record, Title: r.Name, Detail: r.Title + ", " + when, Path: "/classroom/classes/" + r.Class})
	}
	planned, err := c.plannedRecords(ctx, quotas)
	if err != nil {
		return nil, err
	}
	spent, err := c.spentRecords(ctx, costs)
	return append(append(out, planned...), spent...), err
}

// spentRecords names items of cost, for who may read the plan.
func (c *Classroom) spentRecords(ctx context.Context, ids []string) (out []module.Record, err error) {
	type item struct {
		Cost
		Name string `db:"name"`
	}
	w := access.In(ctx, ReadPlan).Narrow(db.In(db.NewWhere(), "x.id", ids), "p.unit_id")
	rows, err := db.All[item](ctx, c.db, `select `+db.Columns[Cost]("x")+`, coalesce(k.name, p.name) as name from classroom_cost x
		join classroom_plan p on p.id = x.plan_id left join classroom_class k on k.id = x.class_id where `+w.SQL()+` order by x.made_at, x.id`, w.Args()...)
	for _, r := range rows {
		out = append(out, module.Record{ID: "c/" + r.ID, Title: r.Item, Detail: i18n.S(ctx, "classroom.measure.item", r.Name, r.Actual), Path: planPath(r.Plan) + "/costs?id=" + r.ID})
	}
	return out, err
}

// plannedRecords names quotas.
func (c *Classroom) plannedRecords(ctx context.Context, ids []string) (out []module.Record, err error) {
	type quota struct {
		Record string     `db:"record"`
		Plan   PlanID     `db:"plan_id"`
		Unit   org.UnitID `db:"unit_id"`
		Name   string     `db:"name"`
		Seats  int64      `db:"seats"`
		From   clock.Date `db:"from_on"`
	}
	const key = `'q/' || q.plan_id || '/' || q.unit_id || '/' || q.topic_id || '/' || q.category`
	w := access.In(ctx, ReadPlan).Narrow(db.In(db.NewWhere(), key, ids), "q.unit_id")
	rows, err := db.All[quota](ctx, c.db, `select `+key+` as record, q.plan_id, q.unit_id, p.name, q.seats, p.from_on
		from classroom_quota q join classroom_plan p on p.id = q.plan_id where `+w.SQL()+` order by q.unit_id`, w.Args()...)
	for _, r := range rows {
		out = append(out, module.Record{ID: r.Record, Title: c.nameOf(ctx, c.orgs.On(ctx, r.From), r.Unit),
			Detail: i18n.S(ctx, "classroom.measure.quota", r.Name, r.Seats), Path: "/classroom/plans/" + string(r.Plan)})
	}
	return out, err
}
