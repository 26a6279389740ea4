package quiz

import (
	"context"
	"encoding/json"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// store holds all of the package's SQL.
type store struct{ db *db.DB }

var (
	testCols     = db.Columns[Test]("")
	questionCols = db.Columns[Question]("")
	attemptCols  = db.Columns[Attempt]("")
)

func (s store) test(ctx context.Context, id TestID) (Test, error) {
	return db.One[Test](ctx, s.db, `select `+testCols+` from learn_quiz_test where id = $1`, string(id))
}

func (s store) tests(ctx context.Context, in access.Scope, course string) ([]Test, error) {
	w := in.Narrow(db.NewWhere(), "unit_id")
	w.If(course != "", "course_id = ?", course)
	return db.All[Test](ctx, s.db, `select `+testCols+` from learn_quiz_test where `+w.SQL()+` order by made_at desc, id limit 500`, w.Args()...)
}

func (s store) saveTest(ctx context.Context, t Test) error {
	n, err := s.db.Exec(ctx, `update learn_quiz_test set title = $1, intro = $2, minutes = $3, attempts = $4, opens_at = $5,
		closes_at = $6, grace_s = $7, pass_percent = $8, shuffle_questions = $9, shuffle_options = $10, review = $11, late = $12,
		counts = $13, picks = $14, paper_id = $15, edition = edition + 1 where id = $16 and edition = $17`,
		t.Title, t.Intro, t.Minutes, t.Attempts, t.OpensAt, t.ClosesAt, t.GraceS, t.PassPercent, t.MixQuestion, t.MixOptions,
		string(t.Review), string(t.Late), string(t.Counts), t.PicksJSON, string(t.Paper), string(t.ID), t.Edition)
	return changed(n, err)
}

// changed makes a Conflict of a save that found nothing to save.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "error.changed")
	}
	return err
}

func (s store) paper(ctx context.Context, id PaperID) (string, error) {
	return db.One[string](ctx, s.db, `select body from learn_quiz_paper where id = $1`, string(id))
}

func (s store) addPaper(ctx context.Context, id PaperID, t Test, body string) error {
	number, err := db.One[int](ctx, s.db, `select count(*) + 1 from learn_quiz_paper where test_id = $1`, string(t.ID))
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `insert into learn_quiz_paper (id, test_id, number, body, made_at) values ($1, $2, $3, $4, $5)`,
		string(id), string(t.ID), number, body, clock.Now(ctx))
	return err
}

func (s store) extend(ctx context.Context, test TestID, person org.PersonID, minutes, attempts int, reason string) error {
	_, err := s.db.Exec(ctx, `insert into learn_quiz_extension (test_id, person_id, minutes, attempts, reason, made_at)
		values ($1, $2, $3, $4, $5, $6) on conflict (test_id, person_id) do update set
		minutes = learn_quiz_extension.minutes + excluded.minutes, attempts = learn_quiz_extension.attempts + excluded.attempts,
		reason = excluded.reason, made_at = excluded.made_at`, string(test), string(person), minutes, attempts, reason, clock.Now(ctx))
	if err != nil || minutes == 0 {
		return err
	}
	_, err = s.db.Exec(ctx, `update learn_quiz_attempt set due_at = due_at + $1, ends_at = ends_at + $1, edition = edition + 1
		where test_id = $2 and person_id = $3 and submitted_at is null and due_at < $4`,
		int64(minutes)*int64(time.Minute/time.Microsecond), string(test), string(person), never)
	return err
}

func (s store) question(ctx context.Context, id QuestionID) (Question, error) {
	return db.One[Question](ctx, s.db, `select `+questionCols+` from learn_quiz_question where id = $1`, string(id))
}

func (s store) saveQuestion(ctx context.Context, q Question) error {
	n, err := s.db.Exec(ctx, `update learn_quiz_question set topic_id = $1, outcome_id = $2, level = $3, kind = $4, version = $5,
		stem = $6, folded = $7, retired = $8, edition = edition + 1 where id = $9 and edition = $10`,
		q.Topic, q.Outcome, string(q.Level), string(q.Kind), q.Version, q.Stem, q.Folded, q.Retired, string(q.ID), q.Edition)
	return changed(n, err)
}

func (s store) addVersion(ctx context.Context, q Question, b Body) error {
	body, err := json.Marshal(b)
	if err != nil {
		return err
	}
	by := ""
	if who, ok := access.Who(ctx); ok {
		by = string(who.Account)
	}
	_, err = s.db.Exec(ctx, `insert into learn_quiz_version (question_id, version, body, made_at, made_by) values ($1, $2, $3, $4, $5)`,
		string(q.ID), q.Version, string(body), clock.Now(ctx), by)
	return err
}

func (s store) version(ctx context.Context, id QuestionID, version int) (string, error) {
	return db.One[string](ctx, s.db, `select body from learn_quiz_version where question_id = $1 and version = $2`, string(id), version)
}

// bySource maps the keys of shipped or imported questions to their names here.
func (s store) bySource(ctx context.Context) (map[string]QuestionID, error) {
	type row struct {
		Source string     `db:"source_key"`
		ID     QuestionID `db:"id"`
	}
	known := map[string]QuestionID{}
	err := db.Each(ctx, s.db, `select source_key, id from learn_quiz_question where source_key is not null`, nil,
		func(r row) error { known[r.Source] = r.ID; return nil })
	return known, err
}

func (s store) questions(ctx context.Context, in access.Scope, f BankFilter) ([]Question, int, error) {
	w := in.Narrow(db.NewWhere(), "unit_id")
	w.If(!f.Retired, "not retired").If(f.Retired, "retired")
	w.If(f.Topic != "", "topic_id = ?", f.Topic).If(f.Outcome != "", "outcome_id = ?", f.Outcome)
	w.If(f.Level != "", "level = ?", string(f.Level)).If(f.Kind != "", "kind = ?", string(f.Kind))
	w.If(f.Text != "", `folded like ? escape '\'`, db.Like(text.Fold(f.Text)))
	total, err := db.One[int](ctx, s.db, `select count(*) from learn_quiz_question where `+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	rows, err := db.All[Question](ctx, s.db, `select `+questionCols+` from learn_quiz_question where `+w.SQL()+
		` order by made_at, id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
	return rows, total, err
}

// fitting returns the current versions of the questions that a pick may draw.
func (s store) fitting(ctx context.Context, p Pick) ([]entry, error) {
	type row struct {
		ID      QuestionID `db:"id"`
		Version int        `db:"version"`
		Outcome string     `db:"outcome_id"`
		Body    string     `db:"body"`
	}
	w := db.NewWhere().And("not q.retired")
	w.If(p.Question != "", "q.id = ?", string(p.Question))
	w.If(p.Topic != "", "q.topic_id = ?", p.Topic).If(p.Outcome != "", "q.outcome_id = ?", p.Outcome)
	w.If(p.Level != "", "q.level = ?", string(p.Level)).If(p.Kind != "", "q.kind = ?", string(p.Kind))
	w.If(p.NoHand, "q.kind <> 'essay'")
	rows, err := db.All[row](ctx, s.db, `select q.id, q.version, q.outcome_id, v.body from learn_quiz_question q
		join learn_quiz_version v on v.question_id = q.id and v.version = q.version where `+w.SQL()+` order by q.made_at, q.id`, w.Args()...)
	out := make([]entry, len(rows))
	for i, r := range rows {
		out[i] = entry{Question: r.ID, Version: r.Version, Outcome: r.Outcome}
		if err := json.Unmarshal([]byte(r.Body), &out[i].Body); err != nil {
			return nil, err
		}
	}
	return out, err
}
