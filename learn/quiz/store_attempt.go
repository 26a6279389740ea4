package quiz

import (
	"context"
	"time"

	"lotrinh/org"
	"lotrinh/platform/db"
)

// standing is what a person has done in a test so far.
type standing struct {
	Count        int       `db:"n"`
	Open         AttemptID `db:"open_id"`
	EndsAt       time.Time `db:"ends_at"`
	MoreMinutes  int       `db:"minutes"`
	MoreAttempts int       `db:"attempts"`
}

func (s store) standing(ctx context.Context, test TestID, person org.PersonID) (standing, error) {
	return db.One[standing](ctx, s.db, `select count(a.id) as n, max(case when a.submitted_at is null then a.id end) as open_id,
		max(case when a.submitted_at is null then a.ends_at end) as ends_at,
		coalesce(max(x.minutes), 0) as minutes, coalesce(max(x.attempts), 0) as attempts
		from (select 1) one left join learn_quiz_attempt a on a.test_id = $1 and a.person_id = $2
		left join learn_quiz_extension x on x.test_id = $1 and x.person_id = $2`, string(test), string(person))
}

func (s store) attempt(ctx context.Context, id AttemptID) (Attempt, error) {
	return db.One[Attempt](ctx, s.db, `select `+attemptCols+` from learn_quiz_attempt where id = $1`, string(id))
}

func (s store) addAttempt(ctx context.Context, a Attempt) (bool, error) {
	made := false
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		n, err := s.db.Exec(ctx, `insert into learn_quiz_attempt (id, test_id, paper_id, person_id, unit_id, category, number,
			seed, drawn, opened_at, due_at, ends_at, points) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
			on conflict (test_id, person_id, number) do nothing`, string(a.ID), string(a.Test), string(a.Paper), string(a.Person),
			string(a.Unit), a.Category, a.Number, a.Seed, a.Drawn, a.OpenedAt, a.DueAt, a.EndsAt, a.Points)
		made = n > 0
		return err
	})
	return made, err
}

// append adds lines to the log of an attempt under way; false when it is under
// way no more, or its log is full: of so many characters.
func (s store) append(ctx context.Context, id AttemptID, lines string, now time.Time, full int) (bool, error) {
	n, err := s.db.Exec(ctx, `update learn_quiz_attempt set log = log || $1, saved_at = $2
		where id = $3 and submitted_at is null and ends_at >= $2 and length(log) < $4`, lines, now, string(id), full)
	return n > 0, err
}

// squeeze replaces a log by a shorter one unless it grew meanwhile.
func (s store) squeeze(ctx context.Context, id AttemptID, from, to string) error {
	_, err := s.db.Exec(ctx, `update learn_quiz_attempt set log = $1 where id = $2 and log = $3 and submitted_at is null`, to, string(id), from)
	return err
}

// submit ends an attempt under way and returns it; ok is false when there is none,
// or when its person is too late.
func (s store) submit(ctx context.Context, id AttemptID, lines string, now time.Time, by string) (a Attempt, ok bool, err error) {
	all, err := db.All[Attempt](ctx, s.db, `update learn_quiz_attempt set log = log || $1, submitted_at = $2, ended_by = $3
		where id = $4 and submitted_at is null and (ends_at >= $2 or $3 = 'time') returning `+attemptCols, lines, now, by, string(id))
	if err != nil || len(all) == 0 {
		return a, false, err
	}
	return all[0], true, nil
}

func (s store) saveMarks(ctx context.Context, a Attempt) error {
	n, err := s.db.Exec(ctx, `update learn_quiz_attempt set state = $1, marks = $2, remarks = $3, score = $4, passed = $5, graded_at = $6,
		graded_by = $7, parts = $8, edition = edition + 1 where id = $9 and edition = $10`, string(a.State), a.Marks, a.Remarks, a.Score, a.Passed,
		a.GradedAt, a.GradedBy, a.Parts, string(a.ID), a.Edition)
	return changed(n, err)
}

func (s store) overdue(ctx context.Context, now time.Time, limit int) ([]AttemptID, error) {
	return db.All[AttemptID](ctx, s.db, `select id from learn_quiz_attempt where submitted_at is null and ends_at < $1
		order by ends_at limit $2`, now, limit)
}
