package learn

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// OnPersonsMerged puts a person whose record was merged into another's under that
// one: courses, tasks, attempts, certificates, questionnaires. Of two enrolments in
// one course the further one is kept, and the other is withdrawn; attempts of one
// test are numbered on. Told twice it does nothing more. Open to all: the house's
// own work.
func (l *Learn) OnPersonsMerged(ctx context.Context, e org.PersonsMerged) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		if err := l.mergeEnrolments(ctx, e); err != nil {
			return err
		}
		if err := l.mergeAttempts(ctx, e); err != nil {
			return err
		}
		for _, query := range []string{
			`update learn_task set person_id = $1 where person_id = $2`,
			`delete from learn_quiz_extension where person_id = $2 and exists (select 1 from learn_quiz_extension x where x.person_id = $1 and x.test_id = learn_quiz_extension.test_id)`,
			`update learn_quiz_extension set person_id = $1 where person_id = $2`,
			`delete from learn_survey_invite where person_id = $2 and exists (select 1 from learn_survey_invite x
				where x.person_id = $1 and x.run_id = learn_survey_invite.run_id and x.respondent = learn_survey_invite.respondent)`,
			`update learn_survey_invite set person_id = $1 where person_id = $2`,
			`delete from learn_survey_member where person_id = $2 and exists (select 1 from learn_survey_member x
				where x.person_id = $1 and x.course_id = learn_survey_member.course_id and x.respondent = learn_survey_member.respondent)`,
			`update learn_survey_member set person_id = $1 where person_id = $2`,
			`delete from learn_staff_reminder where person_id = $2 and $1 <> $2`,
		} {
			if _, err := l.db.Exec(ctx, query, e.To, e.From); err != nil {
				return err
			}
		}
		_, err := l.db.Exec(ctx, `update learn_certificate set person_id = $1, changed_at = $2, edition = edition + 1 where person_id = $3`, e.To, clock.Now(ctx), e.From)
		return err
	})
}

// mergeEnrolments gives the kept person what he was enrolled in by either record.
func (l *Learn) mergeEnrolments(ctx context.Context, e org.PersonsMerged) error {
	all, err := db.All[Enrolment](ctx, l.db, `select `+db.Columns[Enrolment]("")+` from learn_enrolment where person_id in ($1, $2) order by id`, e.From, e.To)
	if err != nil {
		return err
	}
	kept := map[CourseID]Enrolment{}
	for _, x := range all {
		if x.Person == e.To {
			kept[x.Course] = x
		}
	}
	for _, x := range all {
		if x.Person != e.From {
			continue
		}
		if other, both := kept[x.Course]; both {
			err = l.mergeTwo(ctx, x, other)
		} else {
			_, err = l.db.Exec(ctx, `update learn_enrolment set person_id = $1, changed_at = $2, edition = edition + 1 where id = $3`, e.To, clock.Now(ctx), x.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mergeTwo lets two enrolments in one course change their people where the one to
// be dropped is further on, and withdraws what is then the dropped person's.
func (l *Learn) mergeTwo(ctx context.Context, drop, keep Enrolment) error {
	if further(drop, keep) {
		for _, step := range []struct{ id, person string }{
			{string(keep.ID), "merging:" + string(keep.ID)}, {string(drop.ID), string(keep.Person)}, {string(keep.ID), string(drop.Person)}} {
			if _, err := l.db.Exec(ctx, `update learn_enrolment set person_id = $1, changed_at = $2, edition = edition + 1 where id = $3`, step.person, clock.Now(ctx), step.id); err != nil {
				return err
			}
		}
		drop = keep
	}
	_, err := l.db.Exec(ctx, `update learn_enrolment set state = $1, changed_at = $2, edition = edition + 1 where id = $3 and state <> $1`, Withdrawn, clock.Now(ctx), drop.ID)
	return err
}

// further says whether a has come further than b.
func further(a, b Enrolment) bool {
	rank := map[EnrolmentState]int{Completed: 2, Active: 1}
	if rank[a.State] != rank[b.State] {
		return rank[a.State] > rank[b.State]
	}
	return a.Done > b.Done
}

// mergeAttempts numbers the attempts of both records of a test on.
func (l *Learn) mergeAttempts(ctx context.Context, e org.PersonsMerged) error {
	type attempt struct {
		ID   string `db:"id"`
		Test string `db:"test_id"`
		Most int64  `db:"most"`
	}
	all, err := db.All[attempt](ctx, l.db, `select a.id, a.test_id, (select count(*) from learn_quiz_attempt x where x.person_id = $1 and x.test_id = a.test_id) as most
		from learn_quiz_attempt a where a.person_id = $2 order by a.test_id, a.number`, e.To, e.From)
	if err != nil {
		return err
	}
	more := map[string]int64{}
	for _, a := range all {
		more[a.Test]++
		if _, err := l.db.Exec(ctx, `update learn_quiz_attempt set person_id = $1, number = $2, edition = edition + 1 where id = $3`, e.To, a.Most+more[a.Test], a.ID); err != nil {
			return err
		}
	}
	return nil
}
