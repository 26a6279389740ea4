package quiz

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
	"lotrinh/platform/text"
)

// TestID names a test.
type TestID string

// Review says what people see of a finished attempt.
type Review string

// The policies of review.
const (
	ReviewFull   Review = "full"   // their answers and the right ones, at once
	ReviewClosed Review = "closed" // the same, when the test has closed; the score at once
	ReviewScore  Review = "score"  // the score alone
	ReviewNever  Review = "never"  // only that they have handed in
)

// Late says what becomes of an attempt that was not handed in in time.
type Late string

// The policies for lateness.
const (
	LateCount Late = "count" // what was saved is marked
	LateVoid  Late = "void"  // it earns nothing
)

// Counts says which attempt of several stands.
type Counts string

// Which attempt stands.
const (
	Best  Counts = "best"
	Last  Counts = "last"
	First Counts = "first"
)

// Pick is one line of what a test asks: a question by name, or Count questions
// drawn out of those of the bank that fit.
type Pick struct {
	Question QuestionID `json:"question,omitempty"`
	Topic    string     `json:"topic,omitempty"`
	Outcome  string     `json:"outcome,omitempty"`
	Level    Level      `json:"level,omitempty"`
	Kind     Kind       `json:"kind,omitempty"`
	NoHand   bool       `json:"no_hand,omitempty"` // leave out what is marked by hand
	Count    int        `json:"count,omitempty"`
}

// Test is a test with its rules.
type Test struct {
	ID          TestID     `db:"id"`
	Unit        org.UnitID `db:"unit_id"`
	Course      string     `db:"course_id"` // whose course it belongs to, "" none
	Title       string     `db:"title"`
	Intro       string     `db:"intro"`
	Minutes     int        `db:"minutes"`  // 0 = no limit
	Attempts    int        `db:"attempts"` // 0 = no limit
	OpensAt     time.Time  `db:"opens_at"`
	ClosesAt    time.Time  `db:"closes_at"`
	GraceS      int        `db:"grace_s"`
	PassPercent int        `db:"pass_percent"`
	MixQuestion bool       `db:"shuffle_questions"`
	MixOptions  bool       `db:"shuffle_options"`
	Review      Review     `db:"review"`
	Late        Late       `db:"late"`
	Counts      Counts     `db:"counts"`
	PicksJSON   string     `db:"picks"`
	Paper       PaperID    `db:"paper_id"`
	Edition     int        `db:"edition"`
	MadeAt      time.Time  `db:"made_at"`
}

// Picks is what the test asks.
func (t Test) Picks() []Pick {
	var p []Pick
	if json.Unmarshal([]byte(t.PicksJSON), &p) != nil {
		return nil // SetTest wrote it
	}
	return p
}

// Published says whether the test can be taken.
func (t Test) Published() bool { return t.Paper != "" }

// NewTest is what someone fills in to make or change a test.
type NewTest struct {
	Unit        org.UnitID
	Course      string
	Title       string
	Intro       string
	Minutes     int
	Attempts    int
	OpensAt     time.Time
	ClosesAt    time.Time
	GraceS      int
	PassPercent int
	MixQuestion bool
	MixOptions  bool
	Review      Review
	Late        Late
	Counts      Counts
	Picks       []Pick
}

func (n *NewTest) check() error {
	n.Title, n.Intro = text.Clean(n.Title), text.CleanLines(n.Intro)
	n.Review, n.Late, n.Counts = orElse(n.Review, ReviewFull), orElse(n.Late, LateCount), orElse(n.Counts, Best)
	var f errs.Form
	f.Need(n.Unit != "", "unit", "learn_quiz.need.unit")
	f.Need(n.Title != "" && len(n.Title) <= 300, "title", "learn_quiz.need.title")
	f.Need(n.Minutes >= 0 && n.Minutes <= 7*24*60, "minutes", "learn_quiz.need.minutes")
	f.Need(n.Attempts >= 0 && n.Attempts <= 100, "attempts", "learn_quiz.need.attempts")
	f.Need(n.GraceS >= 0 && n.GraceS <= 3600, "grace", "learn_quiz.need.grace")
	f.Need(n.PassPercent >= 0 && n.PassPercent <= 100, "pass", "learn_quiz.need.pass")
	f.Need(n.OpensAt.IsZero() || n.ClosesAt.IsZero() || n.OpensAt.Before(n.ClosesAt), "closes_at", "learn_quiz.need.window")
	f.Need(slices.Contains([]Review{ReviewFull, ReviewClosed, ReviewScore, ReviewNever}, n.Review), "review", "learn_quiz.need.review")
	f.Need(n.Late == LateCount || n.Late == LateVoid, "late", "learn_quiz.need.late")
	f.Need(slices.Contains([]Counts{Best, Last, First}, n.Counts), "counts", "learn_quiz.need.counts")
	f.Need(len(n.Picks) <= 200, "picks", "learn_quiz.need.picks")
	for _, p := range n.Picks {
		f.Need(p.Question != "" || p.Count >= 1 && p.Count <= 200, "picks", "learn_quiz.need.picks")
	}
	return f.Err()
}

func orElse[T ~string](v, other T) T {
	if v == "" {
		return other
	}
	return v
}

func (n NewTest) put(t *Test) {
	picks, err := json.Marshal(n.Picks)
	if err != nil || n.Picks == nil {
		picks = []byte("[]")
	}
	t.Title, t.Intro, t.Minutes, t.Attempts = n.Title, n.Intro, n.Minutes, n.Attempts
	t.OpensAt, t.ClosesAt, t.GraceS, t.PassPercent = n.OpensAt, n.ClosesAt, n.GraceS, n.PassPercent
	t.MixQuestion, t.MixOptions, t.Review, t.Late, t.Counts = n.MixQuestion, n.MixOptions, n.Review, n.Late, n.Counts
	t.PicksJSON = string(picks)
}

// CreateTest makes a test, which can be taken once it is published.
func (q *Quiz) CreateTest(ctx context.Context, n NewTest) (TestID, error) {
	if err := access.Check(ctx, EditBank, n.Unit); err != nil {
		return "", err
	}
	if err := n.check(); err != nil {
		return "", err
	}
	t := Test{ID: TestID(id.New(ctx)), Unit: n.Unit, Course: n.Course, MadeAt: clock.Now(ctx)}
	n.put(&t)
	return t.ID, q.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, q.db, "learn_quiz_test", t); err != nil {
			return err
		}
		return audit(ctx, q.db, "learn_quiz.test.created", t.Unit, string(t.ID), t.Title)
	})
}

// EditTest changes a test's rules, unless someone changed them since the given
// edition. What it asks and when it is passed change with the next Publish;
// attempts under way keep the paper they were given.
func (q *Quiz) EditTest(ctx context.Context, tid TestID, edition int, n NewTest) error {
	return q.changeTest(ctx, tid, "learn_quiz.test.edited", func(t *Test) error {
		n.Unit = t.Unit
		if err := n.check(); err != nil {
			return err
		}
		if t.Edition != edition {
			return errs.New(errs.Conflict, "error.changed")
		}
		n.put(t)
		return nil
	}) // asks access.Check
}

func (q *Quiz) changeTest(ctx context.Context, tid TestID, what module.ActionName, change func(*Test) error) error {
	return q.db.Tx(ctx, func(ctx context.Context) error {
		t, err := q.store.test(ctx, tid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, EditBank, t.Unit); err != nil {
			return err
		}
		if err := change(&t); err != nil {
			return err
		}
		if err := q.store.saveTest(ctx, t); err != nil {
			return err
		}
		return audit(ctx, q.db, what, t.Unit, string(tid), t.Title)
	})
}

// Publish freezes what the test asks now into a paper, which all new attempts are
// given.
func (q *Quiz) Publish(ctx context.Context, tid TestID) error {
	return q.db.Tx(ctx, func(ctx context.Context) error {
		return q.changeTest(ctx, tid, "learn_quiz.test.published", func(t *Test) error { // asks access.Check
			s, err := q.sheetOf(ctx, *t)
			if err != nil {
				return err
			}
			body, err := json.Marshal(s)
			if err != nil {
				return err
			}
			t.Paper = PaperID(id.New(ctx))
			return q.store.addPaper(ctx, t.Paper, *t, string(body))
		})
	})
}

// sheetOf resolves what a test asks to versions of questions.
func (q *Quiz) sheetOf(ctx context.Context, t Test) (sheet, error) {
	s := sheet{Title: t.Title, MixQuestions: t.MixQuestion, MixOptions: t.MixOptions,
		Course: t.Course, PassPercent: int64(t.PassPercent), Late: t.Late}
	used := map[QuestionID]bool{}
	for _, pick := range t.Picks() {
		rows, err := q.store.fitting(ctx, pick)
		if err != nil {
			return s, err
		}
		p := pool{Count: max(pick.Count, 1)}
		for _, r := range rows {
			if used[r.Question] {
				continue
			}
			used[r.Question] = true
			p.Items = append(p.Items, len(s.Items))
			s.Items = append(s.Items, r)
		}
		if len(p.Items) < p.Count {
			return s, errs.New(errs.Invalid, "learn_quiz.too-few", p.Count, len(p.Items)).Field("picks", "learn_quiz.need.picks")
		}
		s.Pools = append(s.Pools, p)
	}
	if len(s.Items) == 0 {
		return s, errs.New(errs.Invalid, "learn_quiz.nothing-asked").Field("picks", "learn_quiz.need.picks")
	}
	return s, nil
}

// Test returns a test to whoever may see the bank of its unit.
func (q *Quiz) Test(ctx context.Context, tid TestID) (Test, error) {
	t, err := q.store.test(ctx, tid)
	if err != nil {
		return t, err
	}
	if err := access.Check(ctx, ReadBank, t.Unit); err != nil {
		return Test{}, err
	}
	return t, nil
}

// Tests lists the tests of the units whose bank the actor may see, of one course
// where it is named, the newest first.
func (q *Quiz) Tests(ctx context.Context, course string) ([]Test, error) {
	return q.store.tests(ctx, access.In(ctx, ReadBank), course)
}

// Extend grants a person more time or more attempts in a test, with the reason.
// An attempt under way gets the time too.
func (q *Quiz) Extend(ctx context.Context, tid TestID, person org.PersonID, minutes, attempts int, reason string) error {
	reason = text.Clean(reason)
	var f errs.Form
	f.Need(reason != "", "reason", "learn_quiz.need.reason")
	f.Need(minutes >= 0 && minutes <= 24*60, "minutes", "learn_quiz.need.minutes")
	f.Need(attempts >= 0 && attempts <= 20, "attempts", "learn_quiz.need.attempts")
	if err := f.Err(); err != nil {
		return err
	}
	return q.db.Tx(ctx, func(ctx context.Context) error {
		t, err := q.store.test(ctx, tid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, Mark, t.Unit); err != nil {
			return err
		}
		if err := q.store.extend(ctx, tid, person, minutes, attempts, reason); err != nil {
			return err
		}
		return auditPerson(ctx, q.db, "learn_quiz.extended", t.Unit, person, string(tid), reason)
	})
}
