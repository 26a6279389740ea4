package learn

import (
	"context"
	"errors"
	"slices"
	"time"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/learn/survey"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// Evaluation has six objects (Circular 10/2017/TT-BNV). When a course has ended,
// its trainees and lecturers are handed to package survey, which asks them, and
// the employing agencies, each at its time.

// Teaching tells who taught a course, for those who are asked about it.
type Teaching interface {
	// TaughtBy lists the lecturers of what classes held on a course of a topic.
	TaughtBy(ctx context.Context, c Course) ([]org.PersonID, error)
}

// evaluateDays is for how long after its end a course is still evaluated: one that
// was brought in from earlier years is not.
const evaluateDays = 60

// SetSurveys says who asks and who knows the lecturers; without them nobody is
// asked. Open to the app alone, which wires the modules: it is no use case.
func (l *Learn) SetSurveys(s *survey.Surveys, t Teaching) { l.surveys, l.teaching = s, t }

// surveyJob lets the courses be evaluated whose last day is past.
func (l *Learn) surveyJob(ctx context.Context) error {
	_, err := l.EvaluateEnded(access.System(ctx))
	return err
}

// EvaluateEnded hands the courses that have ended to their evaluation, each once,
// and says how many. It is the house's own work: only access.System may call it.
func (l *Learn) EvaluateEnded(ctx context.Context) (int, error) {
	if err := access.CheckSelf(ctx, ""); err != nil || l.surveys == nil {
		return 0, err
	}
	today := clock.Today(ctx)
	ended, err := db.All[Course](ctx, l.db, `select `+courseCols+` from learn_course where state <> 'draft' and surveyed_at is null
		and ends_on < $1 and ends_on >= $2 order by ends_on, id`, today, today-evaluateDays)
	n := 0
	for _, c := range ended {
		if one := l.evaluate(ctx, c); one != nil {
			err = errors.Join(err, one)
			continue
		}
		n++
	}
	return n, err
}

// evaluate hands one course to its evaluation. Told twice of it, package survey
// does nothing the second time.
func (l *Learn) evaluate(ctx context.Context, c Course) error {
	people, err := l.invitees(ctx, c)
	if err != nil {
		return err
	}
	about, err := l.evaluated(ctx, c)
	if err != nil {
		return err
	}
	if err := l.surveys.OnCourseEnded(ctx, about, people); err != nil {
		return err
	}
	_, err = l.db.Exec(ctx, `update learn_course set surveyed_at = $1 where id = $2`, clock.Now(ctx), string(c.ID))
	return err
}

// evaluated is a course as its evaluation names it. The runs of one programme are
// compared; a course of none is compared with those of its topic.
func (l *Learn) evaluated(ctx context.Context, c Course) (survey.Course, error) {
	out := survey.Course{ID: string(c.ID), Title: c.Title, Unit: c.Unit, Ended: c.Ends}
	base := c.ID
	if c.Base != "" {
		base = c.Base
	}
	all, err := l.Programmes(ctx)
	if err != nil {
		return out, err
	}
	for _, p := range all {
		if slices.Contains(p.Courses(), base) {
			out.ProgrammeID, out.Programme = string(p.ID), p.Title
			return out, nil
		}
	}
	if c.Topic == "" {
		return out, nil
	}
	t, err := l.store.topic(ctx, c.Topic)
	out.ProgrammeID, out.Programme = string(t.ID), t.Title
	return out, err
}

// invitees are those who learnt a course and did not withdraw, and those who
// taught it.
func (l *Learn) invitees(ctx context.Context, c Course) ([]survey.Invitee, error) {
	type trainee struct {
		Person   org.PersonID `db:"person_id"`
		Unit     org.UnitID   `db:"unit_id"`
		Category org.Category `db:"category"`
	}
	trainees, err := db.All[trainee](ctx, l.db, `select person_id, unit_id, category from learn_enrolment
		where course_id = $1 and state <> 'withdrawn' order by id`, string(c.ID))
	if err != nil || len(trainees) == 0 {
		return nil, err
	}
	var out []survey.Invitee
	for _, t := range trainees {
		out = append(out, survey.Invitee{Person: t.Person, Respondent: content.AskTrainee, Unit: t.Unit, Category: t.Category})
	}
	if l.teaching == nil {
		return out, nil
	}
	lecturers, err := l.teaching.TaughtBy(ctx, c)
	if err != nil {
		return nil, err
	}
	posts, err := l.orgs.PostsOn(ctx, lecturers, c.Ends)
	for _, p := range lecturers {
		out = append(out, survey.Invitee{Person: p, Respondent: content.AskLecturer, Unit: posts[p].Unit, Category: posts[p].Category})
	}
	return out, err
}

// surveyEvery is how often the house looks for courses that have ended.
const surveyEvery = time.Hour
