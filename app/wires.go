package app

import (
	"context"

	"lotrinh/classroom"
	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/clock"
)

// lecturers answers the classroom's question from the people of org.
type lecturers struct{ orgs *org.Org }

// Fit says what a person lacks for teaching today.
func (l lecturers) Fit(ctx context.Context, p org.PersonID) error {
	return l.orgs.LecturerFit(ctx, p, clock.Today(ctx))
}

// topics answers the classroom's question from the courses.
type topics struct{ learn *learn.Learn }

// Topics lists what a topic of a plan may point to.
func (t topics) Topics(ctx context.Context) ([]classroom.LearnTopic, error) {
	all, err := t.learn.Topics(ctx)
	out := make([]classroom.LearnTopic, len(all))
	for i, x := range all {
		out[i] = classroom.LearnTopic{ID: string(x.ID), Name: x.Title}
	}
	return out, err
}
