package quiz

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/errs"
)

// TestMarkingQuestionByQuestion: a lecturer marks the essays of three people by
// criterion, without being told whose they are.
func TestMarkingQuestionByQuestion(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, q *Quiz, g *gate) {
		tid := published(t, ctx, q, NewTest{PassPercent: 50})
		for i := range 3 {
			me := person(ctx, org.PersonID(fmt.Sprint("person", i)))
			aid, err := q.OpenAttempt(me, tid)
			ok(t, err)
			s, err := q.sitting(me, aid)
			ok(t, err)
			form := right(s)
			for k, at := range s.drawn {
				if s.paper.items[at].Kind == Essay {
					form.Set(fmt.Sprint("q", k+1), fmt.Sprint("bài ", i))
				}
			}
			ok(t, q.Submit(me, aid, form))
		}
		boss, all := lecturer(ctx), access.System(ctx) // lists are narrowed by tables of units, which stand empty here
		_, list, err := q.ToMark(all, tid)
		if err != nil || len(list) != 1 || list[0].Waiting != 3 || list[0].Marked != 0 {
			t.Fatalf("to mark: %+v %v", list, err)
		}
		m := list[0]
		s, err := q.Stack(all, tid, m.Paper, m.Place, 0, 2)
		if err != nil || s.Total != 3 || len(s.Answers) != 2 || s.Answers[0].Mark != unmarked || s.Answers[0].Answer[:4] != "bài"[:4] {
			t.Fatalf("stack: %+v %v", s, err)
		}
		one := StackMark{Attempt: s.Answers[0].Attempt, Was: "-", Key: "0", Given: Given{Mark: 3000, Parts: []int64{2000, 1000}, Remark: "Thiếu ví dụ"}}
		over := one
		over.Given = Given{Mark: 4000, Parts: []int64{1000, 3000}}
		if err := q.MarkStack(boss, tid, m.Place, []StackMark{over}); errs.Of(err).Kind != errs.Invalid || errs.Of(err).Fields["c0.1"].Key == "" {
			t.Fatalf("more than the criterion has: %v", err)
		}
		ok(t, q.MarkStack(boss, tid, m.Place, []StackMark{one}))
		if err := q.MarkStack(boss, tid, m.Place, []StackMark{one}); !errors.Is(err, errs.Conflict) {
			t.Fatalf("marked over somebody else's mark: %v", err)
		}
		if len(g.heard) != 1 || g.heard[0].Score != 15000 {
			t.Fatalf("outcomes: %+v", g.heard)
		}
		res, err := q.Result(boss, one.Attempt)
		ok(t, err)
		i := slices.IndexFunc(res.Review, func(r Reviewed) bool { return r.item.Kind == Essay })
		if r := res.Review[i]; r.Mark != 3000 || !slices.Equal(r.Parts, []int64{2000, 1000}) || r.Remark != "Thiếu ví dụ" {
			t.Fatalf("as its person sees it: %+v", r)
		}
		s, err = q.Stack(all, tid, m.Paper, m.Place, 0, 10)
		if err != nil || s.Waiting != 2 || s.Answers[2].Attempt != one.Attempt {
			t.Fatalf("what is marked lies last: %+v %v", s, err)
		}
		if n, err := q.Waiting(all); err != nil || n[tid] != 2 {
			t.Fatalf("waiting: %v %v", n, err)
		}
	})
}

func TestReadGiven(t *testing.T) {
	for _, c := range []struct {
		form string
		want Given
		ok   bool
	}{
		{"m1=&r1=x", Given{Mark: -1, Remark: "x"}, false},
		{"m1=2,5", Given{Mark: 2500}, true},
		{"m1=hai", Given{Mark: -1}, true},
		{"c1.0=2&c1.1=0,5", Given{Mark: 2500, Parts: []int64{2000, 500}}, true},
		{"c1.0=&c1.1=1", Given{Mark: 1000, Parts: []int64{0, 1000}}, true},
		{"c1.0=&c1.1=", Given{Mark: -1}, false},
		{"c1.0=-1&c1.1=1", Given{Mark: 1000, Parts: []int64{-1, 1000}}, true},
	} {
		f, err := url.ParseQuery(c.form)
		if err != nil {
			t.Fatal(err)
		}
		g, ok := readGiven(f, "1")
		if ok != c.ok || g.Mark != c.want.Mark || g.Remark != c.want.Remark || !slices.Equal(g.Parts, c.want.Parts) {
			t.Errorf("%s: %+v %v", c.form, g, ok)
		}
	}
}
