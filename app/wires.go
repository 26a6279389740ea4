package app

import (
	"context"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/learn"
	"lotrinh/learn/staff"
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

// teaching answers the courses' question from the classes.
type teaching struct{ classes *classroom.Classroom }

// TaughtBy lists who taught a course. A unit's variant is taught where its course
// is.
func (t teaching) TaughtBy(ctx context.Context, c learn.Course) ([]org.PersonID, error) {
	courses := []string{string(c.ID)}
	if c.Base != "" {
		courses = append(courses, string(c.Base))
	}
	return t.classes.TaughtBy(ctx, string(c.Topic), courses)
}

// attendance answers the courses' question from the roll calls.
type attendance struct {
	learn   *learn.Learn
	classes *classroom.Classroom
}

// Attended says how often people came to what their classes hold on a course. A
// unit's variant is taught where its course is. It is asked while a record is
// summed up, for whoever's act that follows from, so the house itself asks.
func (a attendance) Attended(ctx context.Context, course string, people []org.PersonID) (map[org.PersonID]learn.Present, error) {
	ctx = access.System(ctx)
	c, err := a.learn.CourseOf(ctx, learn.CourseID(course))
	if err != nil {
		return nil, err
	}
	courses := []string{course}
	if c.Base != "" {
		courses = append(courses, string(c.Base))
	}
	seen, err := a.classes.Attended(ctx, string(c.Topic), courses, people)
	out := make(map[org.PersonID]learn.Present, len(seen))
	for p, t := range seen {
		out[p] = learn.Present{Was: t.Was, Of: t.Of}
	}
	return out, err
}

// askPath is the page on which people of a unit are asked to go on learning; "" for
// who may not read their records.
func askPath(ctx context.Context, unit org.UnitID) string {
	if !access.Allowed(ctx, learn.ReadRecords, unit) {
		return ""
	}
	return staff.Path(unit)
}
