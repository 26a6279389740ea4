package app

import (
	"context"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/event"
)

// bridge is all the traffic between modules that cannot see each other: what one
// does when it hears of another.
func (h *House) bridge() {
	event.On(h.Bus, "access", func(ctx context.Context, e org.UnitsSucceeded) error {
		return h.Access.Follow(access.System(ctx), e)
	})
	event.On(h.Bus, "access", func(ctx context.Context, e org.PersonsMerged) error {
		return h.Access.FollowPerson(access.System(ctx), e)
	})
	event.On(h.Bus, "classroom", func(ctx context.Context, e org.UnitsSucceeded) error {
		return h.classes.OnUnitsSucceeded(access.System(ctx), e)
	})
	event.On(h.Bus, "classroom", func(ctx context.Context, e org.PersonMoved) error {
		return h.classes.OnPersonMoved(access.System(ctx), e)
	})
}
