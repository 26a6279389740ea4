package fact

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lotrinh/platform/clock"
	"lotrinh/platform/module"
)

// table is a source whose facts a test changes.
type table struct{ facts []module.Fact }

func (t *table) source() module.Source {
	return module.Source{Key: "t", Measures: []module.Measure{{Key: "reg"}, {Key: "done"}},
		Facts: func(_ context.Context, since time.Time, yield func(module.Fact) error) error {
			for _, f := range t.facts {
				if !f.Changed.Before(since) {
					if err := yield(f); err != nil {
						return err
					}
				}
			}
			return nil
		}}
}

func day(s string) clock.Date { return clock.MustDate(s) }

// entry is a fact from "measure record unit person category topic".
func entry(words, on string, n int64, at time.Time) module.Fact {
	w := strings.Split(words, " ")
	return module.Fact{Measure: w[0], Record: w[1], Unit: w[2], Person: w[3], Category: w[4], Topic: w[5], On: day(on), N: n, Changed: at}
}

func TestSum(t *testing.T) {
	at := day("2022-06-01").Time()
	tab := &table{[]module.Fact{
		entry("reg r1 A p1 cadre t1", "2022-05-10", 1, at),
		entry("done r1 A p1 cadre t1", "2022-06-10", 1, at),
		entry("reg r2 A p1 cadre t2", "2022-06-01", 1, at),
		entry("reg r3 B p2 worker t1", "2022-06-02", 1, at),
		entry("reg r4 C  citizen t1", "2022-06-02", 40, at),
	}}
	s := New(tab.source())
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	month := func(d clock.Date) string { return d.String()[:7] }
	top := func(u string) (string, bool) { return "top", u != "C" }
	for name, c := range map[string]struct {
		q    Query
		want []Cell
	}{
		"lượt and người apart": {Query{Measures: []string{"reg"}, Group: top}, []Cell{{N: 3, Persons: 2}}},
		"unnamed people count as they were": {Query{Measures: []string{"reg"}, By: []Dim{ByCategory}},
			[]Cell{{Category: "cadre", N: 2, Persons: 1}, {Category: "citizen", N: 40}, {Category: "worker", N: 1, Persons: 1}}},
		"by month": {Query{By: []Dim{ByMeasure, ByPeriod}, Period: month, Group: top},
			[]Cell{{Measure: "done", Period: "2022-06", N: 1, Persons: 1}, {Measure: "reg", Period: "2022-05", N: 1, Persons: 1},
				{Measure: "reg", Period: "2022-06", N: 2, Persons: 2}}},
		"one topic until a day": {Query{Topics: []string{"t1"}, To: day("2022-06-02"), By: []Dim{ByGroup}, Group: func(u string) (string, bool) { return u, true }},
			[]Cell{{Group: "A", N: 1, Persons: 1}}},
	} {
		if got := s.Sum(c.q); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if ids, n := s.Records(Query{Measures: []string{"reg"}}, 1, 2); n != 4 || fmt.Sprint(ids) != "[r2 r3]" {
		t.Errorf("records %v of %d", ids, n)
	}
}

func TestRefreshReplacesAndTakesBack(t *testing.T) {
	at := day("2022-06-01").Time()
	ctx := clock.At(context.Background(), at)
	tab := &table{[]module.Fact{entry("reg r1 A p1  ", "2022-05-10", 1, at)}}
	s := New(tab.source())
	for _, step := range []struct {
		fact module.Fact
		want string
	}{
		{module.Fact{Measure: "reg", Record: "r1", Unit: "B", Person: "p1", On: day("2022-05-10"), N: 1, Changed: at.Add(time.Hour)}, "[{ B    1 1}]"},
		{module.Fact{Measure: "reg", Record: "r1", Unit: "B", Person: "p1", N: 0, Changed: at.Add(2 * time.Hour)}, "[]"},
		{module.Fact{Measure: "reg", Record: "r2", Unit: "A", Person: "p1", On: day("2022-05-10"), N: 1, Changed: at.Add(2*time.Hour - time.Minute)}, "[{ A    1 1}]"},
	} {
		if err := s.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		tab.facts = append(tab.facts, step.fact)
		if err := s.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(s.Sum(Query{By: []Dim{ByGroup}, Group: func(u string) (string, bool) { return u, true }}))
		if got != step.want {
			t.Errorf("after %+v: %s, want %s", step.fact, got, step.want)
		}
	}
}

// Few combinations and many are added up in different ways, to the same sums.
func TestBothWaysOfAddingUpAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := &table{}
		for i := range rapid.IntRange(0, 60).Draw(t, "facts") {
			pick := func(kind string, n int) string {
				if k := rapid.IntRange(0, n).Draw(t, kind); k > 0 {
					return fmt.Sprint(kind, k)
				}
				return ""
			}
			tab.facts = append(tab.facts, module.Fact{Measure: "reg", Record: fmt.Sprint(i), Unit: pick("u", 3), Person: pick("p", 5), Category: pick("c", 3),
				Topic: pick("t", 3), On: day("2022-05-01") + clock.Date(rapid.IntRange(0, 90).Draw(t, "day")), N: int64(rapid.IntRange(0, 3).Draw(t, "n"))})
		}
		s := New(tab.source())
		if err := s.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
		dims := []Dim{ByMeasure, ByGroup, ByCategory, ByTopic, ByPeriod}
		q := Query{By: rapid.SliceOfDistinct(rapid.SampledFrom(dims), func(d Dim) Dim { return d }).Draw(t, "by"),
			Group: func(u string) (string, bool) { return u, u != "u3" }, Period: func(d clock.Date) string { return d.String()[:7] }}
		p := s.plan(q)
		few, many := newTallies(p), newTallies(p)
		many.table, many.number = nil, map[slot]int32{}
		scan(p, few, many)
		if a, b := p.cells(few), p.cells(many); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\n%+v", a, b)
		}
		var n int64
		for _, c := range s.Sum(q) {
			n += c.N
		}
		if _, records := s.Records(q, 0, 0); n < s.Count(q) || int64(records) != s.Count(q) {
			t.Fatalf("sum %d, count %d, records %d", n, s.Count(q), records)
		}
	})
}

// What was brought in at one stroke is read once more while it may still be coming,
// then no more; what comes later is.
func TestRefreshReadsNoMoreThanItMust(t *testing.T) {
	at := day("2022-06-01").Time()
	tab := &table{[]module.Fact{entry("reg r1 A p1  ", "2022-05-10", 1, at), entry("reg r2 A p2  ", "2022-05-10", 1, at)}}
	read := 0
	src := tab.source()
	facts := src.Facts
	src.Facts = func(ctx context.Context, since time.Time, yield func(module.Fact) error) error {
		read = 0
		return facts(ctx, since, func(f module.Fact) error { read++; return yield(f) })
	}
	s := New(src)
	for i, step := range []struct {
		after time.Duration
		add   []module.Fact
		want  int
	}{
		{0, nil, 2}, {time.Minute, nil, 2}, {3 * time.Minute, nil, 2}, {4 * time.Minute, nil, 0},
		{5 * time.Minute, []module.Fact{entry("reg r3 B p3  ", "2022-05-11", 1, at.Add(5*time.Minute))}, 1},
	} {
		tab.facts = append(tab.facts, step.add...)
		if err := s.Refresh(clock.At(context.Background(), at.Add(step.after))); err != nil {
			t.Fatal(err)
		}
		if read != step.want {
			t.Errorf("look %d read %d facts, want %d", i, read, step.want)
		}
	}
	if changed, looked := s.Newest(); s.Len() != 3 || !changed.Equal(at.Add(5*time.Minute)) || !looked.Equal(changed) {
		t.Errorf("%d facts, newest %v, looked %v", s.Len(), changed, looked)
	}
}

// BenchmarkProvince sums 45,200 learners × 6 topics, registered and completed, by
// 18 districts, 8 categories, 6 topics and 8 months.
func BenchmarkProvince(b *testing.B) {
	tab := &table{}
	for p := range 45200 {
		for topic := range 6 {
			words := fmt.Sprintf("%%s %d/%d u%d p%d c%d t%d", p, topic, p%259, p, p%8, topic)
			tab.facts = append(tab.facts, entry(fmt.Sprintf(words, "reg"), "2022-05-01", 1, time.Time{}))
			tab.facts = append(tab.facts, entry(fmt.Sprintf(words, "done"), "2022-06-01", 1, time.Time{}))
			for i := range 2 {
				tab.facts[len(tab.facts)-1-i].On += clock.Date((p + 7*topic) % 240)
			}
		}
	}
	s := New(tab.source())
	if err := s.Refresh(context.Background()); err != nil {
		b.Fatal(err)
	}
	q := Query{By: []Dim{ByMeasure, ByGroup, ByCategory, ByTopic, ByPeriod}, Group: func(u string) (string, bool) { return "d" + u[len(u)-1:], true },
		Period: func(d clock.Date) string { return d.String()[:7] }}
	for b.Loop() {
		s.Sum(q)
	}
	b.ReportMetric(float64(s.Len()), "facts")
}

// A record that is gone is forgotten by Reload, which Refresh cannot see.
func TestReloadForgetsWhatIsGone(t *testing.T) {
	tab := &table{[]module.Fact{entry("reg r1 A p1  ", "2022-05-10", 1, time.Time{}), entry("reg r2 A p2  ", "2022-05-10", 1, time.Time{})}}
	s := New(tab.source())
	count := func() int64 {
		var n int64
		for _, c := range s.Sum(Query{By: []Dim{ByMeasure}}) {
			n += c.N
		}
		return n
	}
	if err := s.Refresh(context.Background()); err != nil || count() != 2 {
		t.Fatalf("%d, %v", count(), err)
	}
	tab.facts = tab.facts[:1]
	if err := s.Reload(context.Background()); err != nil || count() != 1 {
		t.Errorf("%d, %v", count(), err)
	}
}
