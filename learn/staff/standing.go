package staff

import (
	"context"
	"slices"

	"lotrinh/access"
	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// Standing is how the learning of people stands: persons, each once.
type Standing struct {
	People int `db:"people"` // who hold their main post there today
	Done   int `db:"done"`   // who have completed all they were entered for, at least one course
	Open   int `db:"open"`   // who have a course to complete
	Late   int `db:"late"`   // of those, after the day on which it was due
	None   int `db:"none"`   // who are in no course at all
}

func (a Standing) plus(b Standing) Standing {
	return Standing{a.People + b.People, a.Done + b.Done, a.Open + b.Open, a.Late + b.Late, a.None + b.None}
}

// What people can be asked for by.
const (
	Open = "open"
	Late = "late"
	Done = "done"
	None = "none"
)

// states is the condition of each state on a post o; $1 is today.
var states = map[string]string{
	Open: `exists (select 1 from learn_enrolment e where e.person_id = o.person_id and e.state = 'active')`,
	Late: `exists (select 1 from learn_enrolment e where e.person_id = o.person_id and e.state = 'active' and e.due_on < $1)`,
	Done: `(exists (select 1 from learn_enrolment e where e.person_id = o.person_id and e.state = 'completed')
		and not exists (select 1 from learn_enrolment e where e.person_id = o.person_id and e.state = 'active'))`,
	None: `not exists (select 1 from learn_enrolment e where e.person_id = o.person_id and e.state <> 'withdrawn')`,
}

// atWork is the main posts of today's staff; $1 is today.
const atWork = `o.main and o.from_on <= $1 and (o.to_on is null or o.to_on > $1) and o.category not in ('citizen', 'firm')`

// under narrows posts to a unit and all below it.
const under = `o.unit_id in (select low.unit_id from org_reach low join org_reach top
	on low.path >= top.path and low.path < top.path_end where top.unit_id = ?)`

// Standings counts the people of a unit that is the actor's own, and of the
// authorities below it: of those, numbers alone are told to their superior.
func (s *Staff) Standings(ctx context.Context, unit org.UnitID) (own, below Standing, err error) {
	if err := access.Check(ctx, learn.ReadRecords, unit); err != nil {
		return own, below, err
	}
	units, err := s.byUnit(ctx, unit, false)
	if err != nil {
		return own, below, err
	}
	mine := s.orgs.OwnUnits(unit)
	for id, n := range units {
		if slices.Contains(mine, id) {
			own = own.plus(n)
		} else {
			below = below.plus(n)
		}
	}
	return own, below, nil
}

// byUnit counts the people of a unit and of all below it, unit by unit; heads
// counts heads of units and of Party committees alone.
func (s *Staff) byUnit(ctx context.Context, unit org.UnitID, heads bool) (map[org.UnitID]Standing, error) {
	type row struct {
		Unit org.UnitID `db:"unit_id"`
		Standing
	}
	w := db.NewWhere(clock.Today(ctx)).And(under, unit).If(heads, "(o.head or o.party_head)")
	sum := func(state string) string {
		return `sum(case when ` + states[state] + ` then 1 else 0 end) as ` + state
	}
	out := map[org.UnitID]Standing{}
	return out, db.Each(ctx, s.db, `select o.unit_id, count(*) as people, `+sum(Done)+`, `+sum(Open)+`, `+sum(Late)+`, `+sum(None)+
		` from org_post o where `+atWork+` and `+w.SQL()+` group by o.unit_id`, w.Args(), func(r row) error {
		out[r.Unit] = r.Standing
		return nil
	})
}

// Heads counts the heads of a unit and of all below it.
func (s *Staff) Heads(ctx context.Context, unit org.UnitID) (n Standing, err error) {
	if err := access.Check(ctx, learn.ReadRecords, unit); err != nil {
		return n, err
	}
	units, err := s.byUnit(ctx, unit, true)
	for _, u := range units {
		n = n.plus(u)
	}
	return n, err
}
