package quiz

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"testing"
)

// FuzzAnswer reads any form as an answer to each kind of question: what is kept
// comes back from the log as it was, is marked between nothing and all points, and
// can be said in words.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{"q1=0", "q1=1&q1=2", "q1.0=2&q1.1=0&q1.2=1", "q1=1.234,5 %", "q1=a%5Cn%0A%09b", "q1=-1&q1=99999999999999999999", "q1.0=-&q1.1=3"} {
		f.Add(s, int64(7))
	}
	var body sheet
	for _, n := range bank() {
		body.Items = append(body.Items, entry{Body: n.Body})
	}
	body.MixOptions = true
	p := &Paper{sheet: body, items: make([]item, len(body.Items))}
	for i, e := range body.Items {
		p.items[i] = compileItem(e)
	}
	f.Fuzz(func(t *testing.T, query string, seed int64) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		for i := range p.items {
			it, show := &p.items[i], p.orderOf(seed, i)
			answer := readAnswer(form, 1, it, show)
			if back := logLast(logLine(1, 0, answer), 1)[0]; back != answer {
				t.Fatalf("%s: %q comes back as %q", it.Kind, answer, back)
			}
			if m := it.mark(answer); m != unmarked && (m < 0 || m > it.Points*1000) {
				t.Fatalf("%s: %q earns %d of %d", it.Kind, answer, m, it.Points)
			}
			it.words(context.Background(), answer)
		}
	})
}

// FuzzGiven reads any form as marks by criterion: what is taken as given is within
// the bounds that GiveMarks checks, or refused by it.
func FuzzGiven(f *testing.F) {
	f.Add("c1.0=2&c1.1=0,5")
	f.Add("m1=1e9")
	f.Add("c1.0=NaN&m1=-0")
	f.Fuzz(func(t *testing.T, query string) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		g, ok := readGiven(form, "1")
		if ok && len(g.Parts) > 0 && g.Mark < slices.Max(g.Parts) || g.Mark > int64(1_000_000*max(1, len(g.Parts))) || g.Mark < -1 {
			t.Fatalf("%s: %+v %v", strconv.Quote(query), g, ok)
		}
	})
}
