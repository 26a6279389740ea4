package clock

import (
	"context"
	"testing"
	"time"
)

func TestDate(t *testing.T) {
	for _, c := range []struct {
		iso, viet string
		day       time.Weekday
	}{
		{"0001-01-01", "01/01/0001", time.Monday},
		{"1970-01-01", "01/01/1970", time.Thursday},
		{"2020-12-31", "31/12/2020", time.Thursday},
		{"2024-02-29", "29/02/2024", time.Thursday},
		{"2025-07-01", "01/07/2025", time.Tuesday},
	} {
		d, err := ParseDate(c.iso)
		if err != nil || d.String() != c.iso || d.Viet() != c.viet || d.Weekday() != c.day {
			t.Errorf("%s: %v %q %q %v", c.iso, err, d, d.Viet(), d.Weekday())
		}
		if DateOf(d.Time()) != d {
			t.Errorf("%s: the day does not begin on itself", c.iso)
		}
	}
	for _, bad := range []string{"2025-02-30", "1/7/2025", "0000-01-01", "x"} {
		if _, err := ParseDate(bad); err == nil {
			t.Errorf("%s is taken for a date", bad)
		}
	}
}

func TestTodayIsInZone(t *testing.T) {
	late := time.Date(2025, 6, 30, 17, 30, 0, 0, time.UTC) // half past midnight in Hà Nội
	if got := Today(At(context.Background(), late)); got != MustDate("2025-07-01") {
		t.Fatalf("today is %s", got)
	}
}

func TestWithin(t *testing.T) {
	a, b := MustDate("2021-01-01"), MustDate("2021-01-22")
	if !a.Within(a, b) || b.Within(a, b) || !b.Within(a, 0) || Date(1).Within(a, 0) {
		t.Fatal("[from, to) with open end is not kept")
	}
}
