package quiz

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
)

// start is when the tests begin.
var start = clock.MustDate("2022-06-01").Time().Add(8 * time.Hour)

type gate struct{ heard []Outcome }

func (*gate) Seat(_ context.Context, _ Test, p org.PersonID) (Seat, error) {
	if p == "outsider" {
		return Seat{}, errs.New(errs.Denied, "error.denied")
	}
	return Seat{"commune", "civil_servant"}, nil
}

func (g *gate) Finished(_ context.Context, o Outcome) error {
	g.heard = append(g.heard, o)
	return nil
}

func schemas() []db.Schema { return append(outside(), Schema) }

func person(ctx context.Context, p org.PersonID) context.Context {
	return access.As(ctx, access.Actor{Account: access.AccountID(p), Person: p, Name: string(p)}, nil)
}

func lecturer(ctx context.Context) context.Context {
	return access.As(ctx, access.Actor{Account: "lecturer", Person: "lecturer", Grants: []access.Grant{{Role: module.Lecturer, Unit: "province"}}},
		func(top, unit org.UnitID) bool { return top == "province" && unit != "neighbour" })
}

func each(t *testing.T, test func(t *testing.T, ctx context.Context, q *Quiz, g *gate)) {
	access.Register(Actions...)
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		g := &gate{}
		test(t, clock.At(ctx, start), New(d, event.New(job.New(d)), g), g)
	})
}

// bank is one question of each kind.
func bank() []NewQuestion {
	of := func(b Body) NewQuestion {
		b.Points, b.Stem = max(b.Points, 1), "Câu hỏi "+string(b.Kind)
		return NewQuestion{Unit: "commune", Topic: "t", Level: Remember, Body: b}
	}
	return []NewQuestion{
		of(Body{Kind: Single, Options: []Option{{"đúng", true}, {"sai", false}, {"sai nữa", false}}}),
		of(Body{Kind: Multiple, Points: 2, Options: []Option{{"a", true}, {"b", true}, {"c", false}}}),
		of(Body{Kind: TrueFalse, Answer: true}),
		of(Body{Kind: Matching, Points: 3, Pairs: []Pair{{"1", "một"}, {"2", "hai"}, {"3", "ba"}}}),
		of(Body{Kind: Ordering, Points: 3, Sequence: []string{"x", "y", "z"}}),
		of(Body{Kind: Numeric, Value: 1234.5, Tolerance: 0.1, Unit: "%"}),
		of(Body{Kind: ShortText, Accept: []string{"Chính quyền số"}}),
		of(Body{Kind: Essay, Points: 4, Rubric: []Rubric{{"nêu được", 2}, {"ví dụ", 2}}}),
	}
}

// published makes a test that asks picks.
func published(t *testing.T, ctx context.Context, q *Quiz, n NewTest) TestID {
	t.Helper()
	if _, err := q.AddQuestions(lecturer(ctx), bank()); err != nil {
		t.Fatal(err)
	}
	n.Unit, n.Title = "commune", "Bài kiểm tra"
	if n.Picks == nil {
		n.Picks = []Pick{{Topic: "t", Count: 8}}
	}
	id, err := q.CreateTest(lecturer(ctx), n)
	if err == nil {
		err = q.Publish(lecturer(ctx), id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// right fills in the form with the right answers to the kinds named.
func right(s *sitting, kinds ...Kind) url.Values {
	f := url.Values{}
	for k, i := range s.drawn {
		it, no := &s.paper.items[i], strconv.Itoa(k+1)
		if len(kinds) > 0 && !strings.Contains(fmt.Sprint(kinds), string(it.Kind)) {
			continue
		}
		f.Add("n", no)
		show := s.paper.orderOf(s.seed, i)
		for shown, written := range show.options {
			switch it.Kind {
			case Single, Multiple:
				if it.Options[written].Right {
					f.Add("q"+no, strconv.Itoa(shown))
				}
			case Ordering:
				f.Set("q"+no+"."+strconv.Itoa(shown), strconv.Itoa(written))
			case Matching:
				for sr, wr := range show.rights {
					if wr == written {
						f.Set("q"+no+"."+strconv.Itoa(shown), strconv.Itoa(sr))
					}
				}
			}
		}
		switch it.Kind {
		case TrueFalse:
			f.Set("q"+no, "1")
		case Numeric:
			f.Set("q"+no, "1.234,5 %")
		case ShortText:
			f.Set("q"+no, " chi\u0301nh quyê\u0300n sô\u0301 ")
		case Essay:
			f.Set("q"+no, "Bài viết\ncó hai dòng\tvà một dấu \\")
		}
	}
	return f
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAttempt(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, q *Quiz, g *gate) {
		tid := published(t, ctx, q, NewTest{Minutes: 30, Attempts: 1, GraceS: 60, PassPercent: 70, MixOptions: true, MixQuestion: true})
		an := person(ctx, "an")
		aid, err := q.OpenAttempt(an, tid)
		ok(t, err)
		again, err := q.OpenAttempt(an, tid)
		if err != nil || again != aid {
			t.Fatalf("opened twice: %v %v", again, err)
		}
		s, err := q.sitting(ctx, aid)
		ok(t, err)
		_, err = q.Save(an, aid, right(s, Single, Essay))
		ok(t, err)
		if _, err = q.Save(person(ctx, "binh"), aid, right(s)); !errors.Is(err, errs.NotFound) {
			t.Fatalf("another person saves: %v", err)
		}
		ok(t, q.Submit(an, aid, right(s, Multiple, TrueFalse, Matching, Ordering, Numeric, ShortText)))
		ok(t, q.Submit(an, aid, url.Values{"n": {"1"}})) // sent again by a weak network
		a, err := q.store.attempt(ctx, aid)
		ok(t, err)
		if a.State != Marking || a.Score != 12000 || a.Points != 16000 || len(g.heard) != 0 {
			t.Fatalf("%s %d of %d, heard %v", a.State, a.Score, a.Points, g.heard)
		}
		if _, err = q.Save(an, aid, right(s)); !errors.Is(err, errs.Conflict) {
			t.Fatalf("saved after handing in: %v", err)
		}
		if _, err = q.OpenAttempt(an, tid); !errors.Is(err, errs.Conflict) {
			t.Fatalf("a second attempt of one: %v", err)
		}
		ok(t, q.Extend(lecturer(ctx), tid, "an", 0, 1, "mất điện"))
		if second, err := q.OpenAttempt(an, tid); err != nil || second == aid {
			t.Fatalf("the attempt granted: %v %v", second, err)
		}
	})
}

func TestLateness(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, q *Quiz, g *gate) {
		tid := published(t, ctx, q, NewTest{Minutes: 30, GraceS: 60, PassPercent: 1, Picks: []Pick{{Topic: "t", NoHand: true, Count: 7}}})
		open := func(p org.PersonID) (AttemptID, *sitting) {
			aid, err := q.OpenAttempt(person(ctx, p), tid)
			ok(t, err)
			s, err := q.sitting(ctx, aid)
			ok(t, err)
			_, err = q.Save(person(ctx, p), aid, right(s, Single))
			ok(t, err)
			return aid, s
		}
		inGrace, late := clock.At(ctx, start.Add(30*time.Minute+30*time.Second)), clock.At(ctx, start.Add(32*time.Minute))
		a, s := open("grace")
		ok(t, q.Submit(person(inGrace, "grace"), a, right(s)))
		b, s := open("late")
		ok(t, q.Submit(person(late, "late"), b, right(s)))
		c, s := open("gone")
		if _, err := q.Save(person(late, "gone"), c, right(s)); !errors.Is(err, errs.Conflict) {
			t.Fatalf("saved after the grace: %v", err)
		}
		if n, err := q.EndOverdue(access.System(late)); n != 1 || err != nil {
			t.Fatalf("ended %d: %v", n, err)
		}
		if _, err := q.EndOverdue(person(ctx, "late")); err == nil {
			t.Fatal("anybody ends attempts")
		}
		got := ""
		for _, o := range g.heard {
			got += fmt.Sprintf("%s %d %v; ", o.Person, o.Score, o.Passed)
		}
		if got != "grace 12000 true; late 1000 true; gone 1000 true; " {
			t.Fatal(got)
		}
	})
}

func TestSavedAnswersSurviveAFullLog(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, q *Quiz, _ *gate) {
		tid := published(t, ctx, q, NewTest{})
		an := person(ctx, "an")
		aid, err := q.OpenAttempt(an, tid)
		ok(t, err)
		s, err := q.sitting(ctx, aid)
		ok(t, err)
		_, err = q.Save(an, aid, right(s))
		ok(t, err)
		no := 0
		for k, i := range s.drawn {
			if s.paper.items[i].Kind == Essay {
				no = k + 1
			}
		}
		for i := range 40 {
			essay := strings.Repeat("dài ", 300) + strconv.Itoa(i)
			_, err := q.Save(an, aid, url.Values{"n": {strconv.Itoa(no)}, "q" + strconv.Itoa(no): {essay}})
			ok(t, err)
		}
		a, err := q.store.attempt(ctx, aid)
		ok(t, err)
		last := logLast(a.Log, len(s.drawn))
		if len(a.Log) > 2*logMax || !strings.HasSuffix(last[no-1], "dài 39") {
			t.Fatalf("log of %d bytes ends with %q", len(a.Log), last[no-1])
		}
		for k, i := range s.drawn {
			if s.paper.items[i].Kind != Essay && last[k] == "" {
				t.Errorf("the answer to %s is lost", s.paper.items[i].Kind)
			}
		}
	})
}

// TestLongEssaysAreSaved: the answers that stand may take more than the size from
// which a log is squeezed.
func TestLongEssaysAreSaved(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, q *Quiz, _ *gate) {
		tid := published(t, ctx, q, NewTest{})
		an := person(ctx, "an")
		aid, err := q.OpenAttempt(an, tid)
		ok(t, err)
		s, err := q.sitting(ctx, aid)
		ok(t, err)
		no := 1 + slices.IndexFunc(s.drawn, func(i int) bool { return s.paper.items[i].Kind == Essay })
		for i := range 4 {
			essay := strings.Repeat("a", essayMax-1) + strconv.Itoa(i)
			_, err := q.Save(an, aid, url.Values{"n": {strconv.Itoa(no)}, "q" + strconv.Itoa(no): {essay}})
			ok(t, err)
		}
		a, err := q.store.attempt(ctx, aid)
		ok(t, err)
		if last := logLast(a.Log, len(s.drawn))[no-1]; !strings.HasSuffix(last, "a3") || len(a.Log) > 2*essayMax+logMax {
			t.Fatalf("a log of %d bytes ends with %q", len(a.Log), last[len(last)-9:])
		}
	})
}

func TestWhichAttemptStands(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, q *Quiz, g *gate) {
		for counts, want := range map[Counts]int64{Best: 1000, Last: 0, First: 0} {
			tid := published(t, ctx, q, NewTest{PassPercent: 50, Counts: counts, Picks: []Pick{{Topic: "t", Kind: TrueFalse, Count: 1}}})
			for _, value := range []string{"0", "1", "0"} {
				an := person(ctx, "an")
				aid, err := q.OpenAttempt(an, tid)
				ok(t, err)
				ok(t, q.Submit(an, aid, url.Values{"n": {"1"}, "q1": {value}}))
			}
			if o := g.heard[len(g.heard)-1]; o.Score != want || o.Passed != (want > 0) {
				t.Errorf("%s: %+v", counts, o)
			}
		}
	})
}
