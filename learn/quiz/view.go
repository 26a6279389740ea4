package quiz

import (
	"context"
	"time"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
)

// Sheet returns an attempt of the actor to go on with. One that was handed in is
// a Conflict: its page is Result.
func (q *Quiz) Sheet(ctx context.Context, aid AttemptID) (Attempt, error) {
	a, err := q.store.attempt(ctx, aid)
	if err != nil {
		return a, err
	}
	if err := access.CheckSelf(ctx, a.Person); err != nil {
		return Attempt{}, errs.New(errs.NotFound, "error.not-found").Because(err)
	}
	return a, nil
}

// Review is one question of a finished attempt as its person may see it.
type Reviewed struct {
	No     int
	Points int64   // thousandths to be had
	Mark   int64   // thousandths given; -1 = not yet marked
	Parts  []int64 // by criterion, where it was marked so
	Remark string
	Answer string
	item   *item
	show   order
}

// Result is a finished attempt with what its reader may see of it.
type Result struct {
	Attempt Attempt
	Test    Test
	Own     bool
	Score   bool       // the score may be seen
	Review  []Reviewed // nil when the answers may not be seen yet
}

// Result returns a finished attempt: to its person as far as the test's review
// policy goes, to whoever may read the marks of its unit in full. The latter is
// noted in the audit log.
func (q *Quiz) Result(ctx context.Context, aid AttemptID) (Result, error) {
	a, err := q.store.attempt(ctx, aid)
	if err != nil {
		return Result{}, err
	}
	t, err := q.store.test(ctx, a.Test)
	if err != nil {
		return Result{}, err
	}
	r := Result{Attempt: a, Test: t}
	r.Own = access.CheckSelf(ctx, a.Person) == nil
	if !r.Own {
		if err := access.Check(ctx, ReadMarks, a.Unit); err != nil {
			return Result{}, errs.New(errs.NotFound, "error.not-found").Because(err)
		}
		if err := auditRead(ctx, q.db, a); err != nil {
			return Result{}, err
		}
	}
	full := !r.Own || t.Review == ReviewFull || t.Review == ReviewClosed && closed(t, clock.Now(ctx))
	r.Score = full || t.Review != ReviewNever
	if full && !a.Submitted.IsZero() {
		r.Review, err = q.reviewed(ctx, a)
	}
	return r, err
}

func closed(t Test, now time.Time) bool { return !t.ClosesAt.IsZero() && now.After(t.ClosesAt) }

func (q *Quiz) reviewed(ctx context.Context, a Attempt) ([]Reviewed, error) {
	p, err := q.papers.get(ctx, a.Paper)
	if err != nil {
		return nil, err
	}
	drawn := splitInts(a.Drawn)
	answers, marks, remarks, parts := logLast(a.Log, len(drawn)), marksOf(a.Marks), remarksOf(a.Remarks), partsOf(a.Parts)
	out := make([]Reviewed, len(drawn))
	for k, i := range drawn {
		out[k] = Reviewed{No: k + 1, Points: p.items[i].Points * 1000, Answer: answers[k], Remark: remarks[k+1], Parts: parts[k+1],
			item: &p.items[i], show: p.orderOf(a.Seed, i)}
		if k < len(marks) {
			out[k].Mark = marks[k]
		}
	}
	return out, nil
}
