package classroom

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
)

// OnUnitsSucceeded lets the rosters of classes that go on after the day follow
// their people's units: a seat in a unit that ended goes to the unit that took the
// largest share. What was learnt before stays as it was. It is the house's work,
// done when it hears of the event. Open to all.
func (c *Classroom) OnUnitsSucceeded(ctx context.Context, e org.UnitsSucceeded) error {
	done := map[org.UnitID]bool{}
	for _, p := range e.Pairs {
		if done[p.From] || c.orgs.On(ctx, e.On).Has(p.From) {
			continue
		}
		done[p.From] = true
		to := c.orgs.Main(p.From)
		if to == "" || to == p.From {
			continue
		}
		if _, err := c.db.Exec(ctx, `update classroom_seat set unit_id = $1, changed_at = $2, edition = edition + 1
			where unit_id = $3 and state in ('registered', 'waiting')
			and class_id in (select id from classroom_class where state = 'open' and to_on >= $4)`, to, clock.Now(ctx), p.From, e.On); err != nil {
			return err
		}
	}
	return nil
}

// OnPersonMoved lets the open seats of a person who changed units follow him.
// Done twice it changes nothing more. Open to all: the house's own work.
func (c *Classroom) OnPersonMoved(ctx context.Context, e org.PersonMoved) error {
	_, err := c.db.Exec(ctx, `update classroom_seat set unit_id = $1, changed_at = $2, edition = edition + 1
		where person_id = $3 and unit_id = $4 and state in ('registered', 'waiting')
		and class_id in (select id from classroom_class where state = 'open' and to_on >= $5)`, e.To, clock.Now(ctx), e.Person, e.From, e.On)
	return err
}
