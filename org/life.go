package org

import (
	"context"

	"lotrinh/platform/clock"
)

// Lifetime is the first day of a unit and the first on which it is no more (zero:
// it lives); ok is false for a unit that never was.
func (o *Org) Lifetime(id UnitID) (from, to clock.Date, ok bool) {
	states := o.now(context.Background()).units[id]
	if len(states) == 0 {
		return 0, 0, false
	}
	return states[0].From, states[len(states)-1].To, true
}
