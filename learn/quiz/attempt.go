package quiz

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// AttemptID names an attempt.
type AttemptID string

// State says how far an attempt is.
type State string

// The states of an attempt.
const (
	Open    State = "open"
	Marking State = "marking" // handed in, and some answers wait to be read by a person
	Graded  State = "graded"
)

// Attempt is one person's attempt at a test.
type Attempt struct {
	ID        AttemptID    `db:"id"`
	Test      TestID       `db:"test_id"`
	Paper     PaperID      `db:"paper_id"`
	Person    org.PersonID `db:"person_id"`
	Unit      org.UnitID   `db:"unit_id"`
	Category  string       `db:"category"`
	Number    int          `db:"number"`
	Seed      int64        `db:"seed"`
	Drawn     string       `db:"drawn"`
	OpenedAt  time.Time    `db:"opened_at"`
	DueAt     time.Time    `db:"due_at"`
	EndsAt    time.Time    `db:"ends_at"`
	Log       string       `db:"log"`
	SavedAt   time.Time    `db:"saved_at"`
	Submitted time.Time    `db:"submitted_at"`
	EndedBy   string       `db:"ended_by"` // "person" or "time"
	State     State        `db:"state"`
	Marks     string       `db:"marks"`
	Remarks   string       `db:"remarks"`
	Parts     string       `db:"parts"`  // marks by criterion of what was marked by hand
	Score     int64        `db:"score"`  // thousandths of a point
	Points    int64        `db:"points"` // thousandths of a point to be had
	Passed    bool         `db:"passed"`
	GradedAt  time.Time    `db:"graded_at"`
	GradedBy  string       `db:"graded_by"`
	Edition   int          `db:"edition"`
}

var never = time.Date(9999, 1, 1, 0, 0, 0, 0, clock.Zone)

// Limited says whether the attempt has to be handed in by a time.
func (a Attempt) Limited() bool { return a.DueAt.Before(never) }

// OpenAttempt begins an attempt of the actor at a test, or finds the one under
// way: opening twice, or again after a lost connection, is the same attempt.
func (q *Quiz) OpenAttempt(ctx context.Context, tid TestID) (AttemptID, error) {
	who, ok := access.Who(ctx)
	if !ok || who.Person == "" {
		return "", access.CheckSelf(ctx, "")
	}
	t, err := q.store.test(ctx, tid)
	if err != nil {
		return "", err
	}
	seat, err := q.gate.Seat(ctx, t, who.Person)
	if err != nil {
		return "", err
	}
	now := clock.Now(ctx)
	for range 3 { // someone with two browsers may be quicker by one number
		before, err := q.store.standing(ctx, tid, who.Person)
		if err != nil {
			return "", err
		}
		if before.Open != "" && now.Before(before.EndsAt) {
			return before.Open, nil
		}
		a, err := q.begin(ctx, t, seat, before)
		if err != nil {
			return "", err
		}
		a.Person = who.Person
		if made, err := q.store.addAttempt(ctx, a); err != nil || made {
			return a.ID, err
		}
	}
	return "", errs.New(errs.Conflict, "error.changed")
}

// begin prepares the next attempt, or says why there is none.
func (q *Quiz) begin(ctx context.Context, t Test, seat Seat, before standing) (Attempt, error) {
	now := clock.Now(ctx)
	switch {
	case !t.Published():
		return Attempt{}, errs.New(errs.Conflict, "learn_quiz.not-published")
	case !t.OpensAt.IsZero() && now.Before(t.OpensAt):
		return Attempt{}, errs.New(errs.Conflict, "learn_quiz.not-open-yet", t.OpensAt.Format("15:04 02/01/2006"))
	case !t.ClosesAt.IsZero() && !now.Before(t.ClosesAt):
		return Attempt{}, errs.New(errs.Conflict, "learn_quiz.closed", t.ClosesAt.Format("15:04 02/01/2006"))
	case t.Attempts > 0 && before.Count >= t.Attempts+before.MoreAttempts:
		return Attempt{}, errs.New(errs.Conflict, "learn_quiz.no-attempt-left", before.Count)
	}
	p, err := q.papers.get(ctx, t.Paper)
	if err != nil {
		return Attempt{}, err
	}
	a := Attempt{ID: AttemptID(id.New(ctx)), Test: t.ID, Paper: t.Paper, Unit: seat.Unit, Category: seat.Category,
		Number: before.Count + 1, OpenedAt: now, DueAt: dueAt(t, now, before.MoreMinutes), State: Open}
	a.EndsAt = a.DueAt
	if a.Limited() {
		a.EndsAt = a.DueAt.Add(time.Duration(t.GraceS) * time.Second)
	}
	a.Seed = seedOf(a.ID)
	drawn := p.draw(a.Seed)
	a.Drawn, a.Points = joinInts(drawn), p.pointsOf(drawn)
	return a, nil
}

func dueAt(t Test, now time.Time, more int) time.Time {
	due := never
	if t.Minutes > 0 {
		due = now.Add(time.Duration(t.Minutes+more) * time.Minute)
	}
	if !t.ClosesAt.IsZero() && t.ClosesAt.Before(due) {
		due = t.ClosesAt.Add(time.Duration(more) * time.Minute)
	}
	return due
}

// seedOf makes a seed of the random part of an attempt's name.
func seedOf(id AttemptID) int64 {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	return int64(h >> 1)
}

func (p *Paper) pointsOf(drawn []int) int64 {
	sum := int64(0)
	for _, i := range drawn {
		sum += p.items[i].Points * 1000
	}
	return sum
}

// Save keeps the answers of a form of the attempt's page: of all questions whose
// numbers stand in its fields n. It returns when they were saved.
func (q *Quiz) Save(ctx context.Context, aid AttemptID, form url.Values) (time.Time, error) {
	s, err := q.sitting(ctx, aid)
	if err != nil {
		return time.Time{}, err
	}
	if err := access.CheckSelf(ctx, s.person); err != nil {
		return time.Time{}, errs.New(errs.NotFound, "error.not-found").Because(err)
	}
	now := clock.Now(ctx)
	lines := s.lines(form, now)
	if lines == "" {
		return now, nil
	}
	full := logMax
	for range 2 {
		saved, err := q.store.append(ctx, aid, lines, now, full)
		if err != nil || saved {
			return now, err
		}
		if full, err = q.whyNot(ctx, s, now); err != nil {
			return time.Time{}, err
		}
	}
	return time.Time{}, errs.New(errs.Conflict, "error.changed")
}

// whyNot says why answers were not taken. Where the log was merely full and is
// squeezed now, it returns from which size on the log counts as full when they are
// tried again: long essays alone may take more than logMax.
func (q *Quiz) whyNot(ctx context.Context, s *sitting, now time.Time) (full int, err error) {
	a, err := q.store.attempt(ctx, s.id)
	switch {
	case err != nil:
		return 0, err
	case !a.Submitted.IsZero():
		return 0, errs.New(errs.Conflict, "learn_quiz.handed-in", a.Submitted.Format("15:04 02/01/2006"))
	case now.After(a.EndsAt):
		return 0, errs.New(errs.Conflict, "learn_quiz.time-over", a.DueAt.Format("15:04 02/01/2006"))
	}
	short := logSqueeze(a.Log, len(s.drawn))
	return len(short) + logMax, q.store.squeeze(ctx, a.ID, a.Log, short)
}

// Submit hands in an attempt with the answers of the form. Handing in again
// changes nothing. What comes later than the grace is not taken; then what was
// saved before stands.
func (q *Quiz) Submit(ctx context.Context, aid AttemptID, form url.Values) error {
	s, err := q.sitting(ctx, aid)
	if err != nil {
		return err
	}
	if err := access.CheckSelf(ctx, s.person); err != nil {
		return errs.New(errs.NotFound, "error.not-found").Because(err)
	}
	now := clock.Now(ctx)
	return q.db.Tx(ctx, func(ctx context.Context) error {
		a, ok, err := q.store.submit(ctx, aid, s.lines(form, now), now, "person")
		if err != nil || ok {
			return orFinish(err, func() error { return q.finish(ctx, a) })
		}
		if a, err = q.store.attempt(ctx, aid); err != nil || !a.Submitted.IsZero() {
			return err
		}
		return q.endOne(ctx, aid, now)
	})
}

func orFinish(err error, finish func() error) error {
	if err != nil {
		return err
	}
	return finish()
}

// endOne ends an attempt whose time is over.
func (q *Quiz) endOne(ctx context.Context, aid AttemptID, now time.Time) error {
	a, ok, err := q.store.submit(ctx, aid, "", now, "time")
	if err != nil || !ok {
		return err
	}
	return q.finish(ctx, a)
}

// EndOverdue hands in the attempts whose time is over, and says how many. It is
// the house's own work: only access.System may call it.
func (q *Quiz) EndOverdue(ctx context.Context) (int, error) {
	if err := access.CheckSelf(ctx, ""); err != nil {
		return 0, err
	}
	now, n := clock.Now(ctx), 0
	for {
		ids, err := q.store.overdue(ctx, now, 200)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		for _, aid := range ids {
			if err := q.db.Tx(ctx, func(ctx context.Context) error { return q.endOne(ctx, aid, now) }); err != nil {
				return n, err
			}
			n++
		}
	}
}

// finish marks an attempt that was handed in.
func (q *Quiz) finish(ctx context.Context, a Attempt) error {
	p, err := q.papers.get(ctx, a.Paper)
	if err != nil {
		return err
	}
	marks := p.markAll(a)
	if a.EndedBy == "time" && p.sheet.Late == LateVoid {
		marks = make([]int64, len(marks))
	}
	a.Marks = marksText(marks)
	return q.settle(ctx, p, a, marks)
}

// markAll marks the answers of an attempt.
func (p *Paper) markAll(a Attempt) []int64 {
	drawn := splitInts(a.Drawn)
	answers := logLast(a.Log, len(drawn))
	marks := make([]int64, len(drawn))
	for i, at := range drawn {
		marks[i] = p.items[at].mark(answers[i])
	}
	return marks
}

// settle adds up the marks; when none is missing, the result stands.
func (q *Quiz) settle(ctx context.Context, p *Paper, a Attempt, marks []int64) error {
	a.State, a.Score = Graded, 0
	for _, m := range marks {
		if m == unmarked {
			a.State = Marking
			continue
		}
		a.Score += m
	}
	a.Passed = a.State == Graded && a.Points > 0 && a.Score*100 >= a.Points*p.sheet.PassPercent
	if a.State == Graded {
		a.GradedAt = clock.Now(ctx)
	}
	if err := q.store.saveMarks(ctx, a); err != nil {
		return err
	}
	if a.State == Marking {
		return nil
	}
	o := Outcome{Attempt: a.ID, Test: a.Test, Course: p.sheet.Course, Person: a.Person, Score: a.Score, Points: a.Points, Passed: a.Passed, At: a.Submitted}
	if a.Number > 1 {
		if err := q.standing(ctx, &o); err != nil {
			return err
		}
	}
	return q.gate.Finished(ctx, o)
}

// standing puts into o the attempt that stands by the test's policy, out of all
// that the person has finished.
func (q *Quiz) standing(ctx context.Context, o *Outcome) error {
	t, err := q.store.test(ctx, o.Test)
	if err != nil {
		return err
	}
	all, err := q.store.mine(ctx, o.Test, o.Person) // by number
	if err != nil {
		return err
	}
	found := false
	for _, a := range all {
		if a.State != Graded || found && (t.Counts == First || t.Counts == Best && a.Score*max(o.Points, 1) <= o.Score*max(a.Points, 1)) {
			continue
		}
		o.Attempt, o.Score, o.Points, o.Passed, o.At, found = a.ID, a.Score, a.Points, a.Passed, a.Submitted, true
	}
	return nil
}

// lines is the log lines of a form: of the questions whose numbers stand in its
// fields n.
func (s *sitting) lines(form url.Values, now time.Time) string {
	if len(form) == 0 {
		return ""
	}
	var b strings.Builder
	for _, n := range form["n"] {
		no, err := strconv.Atoi(n)
		if err != nil || no < 1 || no > len(s.drawn) {
			continue
		}
		i := s.drawn[no-1]
		b.WriteString(logLine(no, now.Sub(s.opened), readAnswer(form, no, &s.paper.items[i], s.paper.orderOf(s.seed, i))))
	}
	return b.String()
}
