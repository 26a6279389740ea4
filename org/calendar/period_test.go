package calendar

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lotrinh/platform/clock"
)

func TestPeriods(t *testing.T) {
	for _, x := range []struct {
		cut        Cut
		f          Frequency
		year, n    int
		start, end string
	}{
		{Management, Monthly, 2022, 1, "2021-12-15", "2022-01-14"},
		{Management, Monthly, 2022, 3, "2022-02-15", "2022-03-14"},
		{Management, Monthly, 2022, 12, "2022-11-15", "2022-12-14"},
		{Management, Quarterly, 2022, 1, "2021-12-15", "2022-03-14"},
		{Management, Quarterly, 2022, 4, "2022-09-15", "2022-12-14"},
		{Management, HalfYearly, 2022, 1, "2021-12-15", "2022-06-14"},
		{Management, HalfYearly, 2022, 2, "2022-06-15", "2022-12-14"},
		{Management, Yearly, 2022, 1, "2021-12-15", "2022-12-14"},
		{Statistical, Monthly, 2024, 2, "2024-02-01", "2024-02-29"},
		{Statistical, Monthly, 2022, 12, "2022-12-01", "2022-12-31"},
		{Statistical, Quarterly, 2022, 3, "2022-07-01", "2022-09-30"},
		{Statistical, HalfYearly, 2022, 2, "2022-07-01", "2022-12-31"},
		{Statistical, Yearly, 2022, 1, "2022-01-01", "2022-12-31"},
	} {
		p, err := NewPeriod(x.cut, x.f, x.year, x.n)
		if err != nil || p.Start != date(x.start) || p.End != date(x.end) || p.Cutoff != p.End || p.Due != 0 {
			t.Errorf("%s %s %d of %d: %v %v", x.cut, x.f, x.n, x.year, p, err)
		}
	}
}

func TestNoSuchPeriod(t *testing.T) {
	for _, x := range []struct {
		cut Cut
		f   Frequency
		n   int
	}{
		{Management, Monthly, 13}, {Management, Monthly, 0}, {Statistical, Quarterly, 5},
		{Statistical, "week", 1}, {"lunar", Monthly, 1},
	} {
		if p, err := NewPeriod(x.cut, x.f, 2022, x.n); err == nil {
			t.Errorf("%v: %v", x, p)
		}
	}
	if p, err := PeriodOn(Management, "week", date("2022-01-01")); err == nil {
		t.Errorf("a week: %v", p)
	}
	if p := (Period{}).Shift(1); p != (Period{}) {
		t.Errorf("after no period comes %v", p)
	}
}

func TestDue(t *testing.T) {
	p, err := NewPeriod(Management, Monthly, 2022, 4) // cut off on 14/4/2022, a Thursday
	if err != nil {
		t.Fatal(err)
	}
	c := Default()
	if got := p.WithDue(c, 2).Due; got != date("2022-04-18") {
		t.Errorf("due on %s", got)
	}
	if got := p.WithDue(c, 0).Due; got != date("2022-04-15") {
		t.Errorf("with no working day between, due on %s", got)
	}
	// Communes in 1, districts 2 after them, the province 2 after those.
	want := []clock.Date{date("2022-04-15"), date("2022-04-19"), date("2022-04-21")}
	if got := p.Dues(c, 1, 2, 2); !slices.Equal(got, want) {
		t.Errorf("due on %v", got)
	}
}

// Every date falls in exactly one period of each cut and frequency, and the
// periods follow each other without a gap.
func TestPeriodsTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cut := rapid.SampledFrom([]Cut{Management, Statistical}).Draw(t, "cut")
		f := rapid.SampledFrom([]Frequency{Monthly, Quarterly, HalfYearly, Yearly}).Draw(t, "frequency")
		d := date("2020-01-01") + clock.Date(rapid.IntRange(0, 4000).Draw(t, "day"))
		p, err := PeriodOn(cut, f, d)
		if err != nil || !p.Contains(d) {
			t.Fatalf("%s is not in %v (%v)", d, p, err)
		}
		next := p.Shift(1)
		if next.Start != p.End+1 || next.Shift(-1) != p {
			t.Fatalf("after %v comes %v", p, next)
		}
		n := rapid.IntRange(-40, 40).Draw(t, "n")
		if p.Shift(n).Shift(-n) != p {
			t.Fatalf("%v and back by %d", p, n)
		}
	})
}
