package text

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"lotrinh/platform/clock"
)

// What ParseDate refuses. ErrShortYear is its own error because the remedy differs:
// write the year in full.
var (
	ErrDate      = errors.New("text: not a date of the form dd/mm/yyyy")
	ErrShortYear = errors.New("text: the year of a date has two digits")
	ErrDateRange = errors.New("text: a date before 1900 or after 2199")
)

// The years that a date in a paper or a form may have; others are slips of the pen.
const (
	firstYear = 1900
	lastYear  = 2199
)

// ParseDate reads a date as people write it: 31/12/2024, 31-12-2024, 31.12.2024, with
// or without leading zeros and with spaces around the marks, and the year-first forms
// 2024-12-31 and 2024/12/31. The day always comes before the month. "" is no date.
// A year of two digits is ErrShortYear, a day that the month does not have ErrDate.
func ParseDate(s string) (clock.Date, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, nil
	}
	f, ok := dateFields(s)
	if !ok {
		return 0, ErrDate
	}
	if len(f[0]) == 4 {
		return makeDate(f[0], f[1], f[2])
	}
	return makeDate(f[2], f[1], f[0])
}

// dateFields cuts s at its two marks, which must be the same.
func dateFields(s string) (f [3]string, ok bool) {
	mark := strings.IndexAny(s, "/-.")
	if mark < 0 {
		return f, false
	}
	parts := strings.Split(s, s[mark:mark+1])
	if len(parts) != 3 {
		return f, false
	}
	for i, p := range parts {
		p = strings.TrimSpace(p)
		if len(p) == 0 || len(p) > 4 || strings.Trim(p, "0123456789") != "" {
			return f, false
		}
		f[i] = p
	}
	return f, true
}

func makeDate(year, month, day string) (clock.Date, error) {
	if len(month) > 2 || len(day) > 2 || len(year) == 3 {
		return 0, ErrDate
	}
	y, m, d := atoi(year), atoi(month), atoi(day)
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, ErrDate
	}
	if len(year) < 4 {
		return 0, ErrShortYear
	}
	if y < firstYear || y > lastYear {
		return 0, ErrDateRange
	}
	date := clock.NewDate(y, time.Month(m), d)
	if _, _, got := date.YMD(); got != d {
		return 0, ErrDate
	}
	return date, nil
}

// atoi reads at most four digits, which the caller has checked.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
