package app

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
)

// lecturers answers the classroom's question from the people of org.
type lecturers struct{ orgs *org.Org }

// Fit says what a person lacks for teaching today.
func (l lecturers) Fit(ctx context.Context, p org.PersonID) error {
	return l.orgs.LecturerFit(ctx, p, clock.Today(ctx))
}
