package learn

import (
	"context"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/learn/survey"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// demoAnswered is how many in a hundred answered the questionnaires of the demo.
const demoAnswered = 34

// seedSurveys lets the courses of the demo have been evaluated when they ended:
// each by the questionnaires for those who learnt and for their agencies.
func (l *Learn) seedSurveys(ctx context.Context, unit org.UnitID, seeded []Seeded) error {
	if l.surveys == nil {
		return nil
	}
	for i, s := range seeded {
		c, err := l.store.course(ctx, s.Course)
		if err != nil {
			return err
		}
		people, err := l.invitees(ctx, c)
		if err != nil {
			return err
		}
		about, err := l.evaluated(ctx, c)
		if err != nil {
			return err
		}
		for k, q := range content.Surveys() {
			n := survey.NewRun{Key: q.Key, CourseID: about.ID, Course: about.Title, ProgrammeID: about.ProgrammeID, Programme: about.Programme, Unit: unit,
				Opens: c.Ends + clock.Date(q.AfterDays) + 1, Invite: people}
			n.Closes = n.Opens + 14
			if q.Object == content.ObjectTrainee { // the lecturers of the demo stand with its classes
				continue
			}
			if err := l.surveys.SeedPast(clock.At(ctx, n.Opens.Time()), uint64(2022+10*i+k), n, demoAnswered); err != nil {
				return err
			}
		}
		if _, err := l.db.Exec(ctx, `update learn_course set surveyed_at = $1 where id = $2`, (c.Ends + 1).Time(), string(c.ID)); err != nil {
			return err
		}
	}
	return nil
}

// SeedToday puts a questionnaire that is open today to the people of one commune
// of the demo, so that its learners find one that waits for them. Only
// access.System may call it.
func (l *Learn) SeedToday(ctx context.Context, province, commune org.UnitID) error {
	if err := access.CheckSelf(ctx, ""); err != nil || l.surveys == nil {
		return err
	}
	type person struct {
		Person   org.PersonID `db:"person_id"`
		Category org.Category `db:"category"`
	}
	n := survey.NewRun{Key: "ks-khoa-boi-duong", Course: "Căn bản chuyển đổi số", Unit: province, Opens: clock.Today(ctx), Quiet: true, SliceBy: survey.Whole}
	err := db.Each(ctx, l.db, `select person_id, category from org_post where unit_id = $1 and main and from_on <= $2 and (to_on is null or to_on > $2) order by person_id`,
		[]any{string(commune), clock.Today(ctx)}, func(p person) error {
			n.Invite = append(n.Invite, survey.Invitee{Person: p.Person, Respondent: content.AskTrainee, Unit: commune, Category: p.Category})
			return nil
		})
	if err != nil || len(n.Invite) == 0 {
		return err
	}
	_, err = l.surveys.Open(ctx, n)
	return err
}
