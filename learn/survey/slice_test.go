package survey

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"lotrinh/learn/content"
)

func TestCoarsen(t *testing.T) {
	labels := func(n map[string]int) (list []string) {
		for _, l := range slices.Sorted(maps.Keys(n)) {
			list = append(list, slices.Repeat([]string{l}, n[l])...)
		}
		return list
	}
	for name, c := range map[string]struct {
		in   map[string]int
		want map[string]int64
	}{
		"all large":                     {map[string]int{"a": 5, "b": 9}, map[string]int64{"a": 5, "b": 9}},
		"one small takes another along": {map[string]int{"a": 5, "b": 9, "c": 1}, map[string]int64{"": 6, "b": 9}},
		"the small are enough together": {map[string]int{"b": 9, "c": 3, "d": 2}, map[string]int64{"": 5, "b": 9}},
		"trainees and two lecturers":    {map[string]int{"trainee": 30, "lecturer": 2}, map[string]int64{"": 32}},
		"few in all":                    {map[string]int{"a": 2, "b": 1}, map[string]int64{"": 3}},
		"no label":                      {map[string]int{"": 7}, map[string]int64{"": 7}},
	} {
		if got := counted(coarsen(labels(c.in))); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Whatever groups are told, no sum or difference of the told figures is of one to
// four answers.
func TestRevealLeavesNobodyAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.MapOf(rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e", "f"}), rapid.Int64Range(1, 12)).Draw(t, "count")
		var all, told int64
		for _, n := range count {
			all += n
		}
		got := reveal(count)
		for l, n := range got {
			told += n
			if n < Least || all-n > 0 && all-n < Least {
				t.Errorf("%q is told with %d of %d", l, n, all)
			}
		}
		if all < Least && got != nil || all >= Least && told != all {
			t.Errorf("%v tells %d of %d", got, told, all)
		}
	})
}

// A batch never changes when later runs follow, and never holds fewer than five.
func TestBatchesGrowByFives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int64Range(0, 8), 0, 20).Draw(t, "sizes")
		full, left := batches(sizes)
		for _, b := range full {
			var n int64
			for _, i := range b {
				n += sizes[i]
			}
			if n < Least {
				t.Errorf("batch %v of %v has %d", b, sizes, n)
			}
		}
		if len(sizes) == 0 {
			return
		}
		before, _ := batches(sizes[:len(sizes)-1])
		for i := range before {
			if !slices.Equal(before[i], full[i]) {
				t.Errorf("%v became %v", before[i], full[i])
			}
		}
		var rest int64
		for _, i := range left {
			rest += sizes[i]
		}
		if rest >= Least {
			t.Errorf("%v: %d answers are left out", sizes, rest)
		}
	})
}

func FuzzReply(f *testing.F) {
	f.Add("q1=5&q2=1&remark=T%E1%BB%91t", 2)
	f.Add("q1=6&q2=&q3=%00&q1=2", 3)
	f.Add("q1=%D9%A3&remark=e%CC%82%CC%81%0d%0a%0d%0a%0d%0ax", 1)
	f.Fuzz(func(t *testing.T, query string, items int) {
		v, err := url.ParseQuery(query)
		if err != nil || items < 1 || items > maxItems {
			t.Skip()
		}
		r := parseReply(v, items)
		if len(r.Scores) != items || !utf8.ValidString(r.Remark) && utf8.ValidString(query) {
			t.Fatalf("%+v", r)
		}
		if r.check(items) == nil && (strings.Trim(r.digits(), "12345") != "" || utf8.RuneCountInString(r.Remark) > maxRemark) {
			t.Fatalf("taken: %+v", r)
		}
	})
}

func FuzzForm(f *testing.F) {
	f.Add("title=A&items=x%0Ay&after_days=0&open_days=14")
	f.Add("title=A&items=x%0Ax%0A%0A%20%0Ax&after_days=-1&open_days=1e3")
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		old := shipped(content.Surveys()[0])
		b := parseTyped(v).body("k", old)
		seen := map[string]bool{}
		for _, i := range b.Items {
			if seen[i.Key] || strings.TrimSpace(i.Text) == "" || strings.Contains(i.Text, "\n") {
				t.Fatalf("%q", b.Items)
			}
			seen[i.Key] = true
		}
		if b.check() == nil && (b.Title == "" || len(b.Items) == 0 || len(b.Items) > maxItems || b.OpenDays < 1 || b.AfterDays < 0) {
			t.Fatalf("taken: %+v", b)
		}
	})
}
