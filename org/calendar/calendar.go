// Package calendar knows which days are worked, counts time limits in working
// and in calendar days, and cuts the year into reporting periods.
//
// The week of offices is Monday to Friday. What differs from it is a table of
// days (holidays, days in lieu, swapped days) that an administrator edits; Seed
// is what the product ships for 2020–2027.
//
// Of the seed the following is fixed by law: 1/1, Giỗ Tổ (10/3 lunar, computed
// at UTC+7), 30/4, 1/5, 2/9 and the days in lieu of those that fall on a weekend.
// Decided for the year and announced, as found in the announcements or in the
// press that printed them: the five days of Tết of 2020–2026, the day next to
// 2/9 of 2021–2026 (in 2020 the older Labour Code gave 2/9 alone), the swaps of
// 2024, 2025 and 2026. Assumed until announced: for 2027 two days before and
// three after the eve of Tết with their days in lieu, and 3/9. Listed without
// counting: 24/11 (Ngày Văn hóa Việt Nam), of which no law in force was found.
package calendar

import (
	"slices"

	"lotrinh/platform/clock"
)

// Calendar tells working days from days off. It does not change once made; an
// edited table makes a new one.
type Calendar struct {
	days []Day               // by date
	off  map[clock.Date]bool // true: off, false: worked, absent: as the week says
}

// New makes a calendar of a table of days, in any order. A row that cannot be,
// or a second counting row for a date, is a *DayError.
func New(days []Day) (*Calendar, error) {
	c := &Calendar{days: slices.Clone(days), off: make(map[clock.Date]bool, len(days))}
	slices.SortStableFunc(c.days, func(a, b Day) int { return int(a.Date) - int(b.Date) })
	for _, d := range c.days {
		if err := d.check(); err != nil {
			return nil, err
		}
		if !d.Counts() {
			continue
		}
		if _, twice := c.off[d.Date]; twice {
			return nil, &DayError{d, Twice}
		}
		c.off[d.Date] = d.Kind.Off()
	}
	return c, nil
}

// Days is the table, by date. The caller may change what it gets.
func (c *Calendar) Days() []Day { return slices.Clone(c.days) }

// On returns the row of a date that counts, if there is one: why it is off, or
// why a Saturday is worked.
func (c *Calendar) On(d clock.Date) (Day, bool) {
	i, _ := slices.BinarySearchFunc(c.days, d, func(x Day, d clock.Date) int { return int(x.Date) - int(d) })
	for ; i < len(c.days) && c.days[i].Date == d; i++ {
		if c.days[i].Counts() {
			return c.days[i], true
		}
	}
	return Day{}, false
}

// Covers says whether the table has any counting day in a year. In a year that
// it does not cover only weekends are off, and whoever sets a deadline there
// should be told so.
func (c *Calendar) Covers(year int) bool {
	return slices.ContainsFunc(c.days, func(d Day) bool { return d.Counts() && d.Date.Year() == year })
}

func weekend(d clock.Date) bool {
	// Day 1 is the Monday 1/1/0001, so the week begins where the rest is 1.
	r := d % 7
	return r == 6 || r == 0
}

// IsWorking says whether offices work on d.
func (c *Calendar) IsWorking(d clock.Date) bool {
	if off, known := c.off[d]; known {
		return !off
	}
	return !weekend(d)
}

// step is the first working day from d on, going dir (1 or -1) day by day, not
// counting d.
func (c *Calendar) step(d, dir clock.Date) clock.Date {
	for d += dir; !c.IsWorking(d); {
		d += dir
	}
	return d
}

// AddWorking is the n-th working day after d, or before it when n is negative;
// d itself is not counted. For n = 0 it is d, worked or not.
func (c *Calendar) AddWorking(d clock.Date, n int) clock.Date {
	dir := clock.Date(1)
	if n < 0 {
		dir, n = -1, -n
	}
	for range n {
		d = c.step(d, dir)
	}
	return d
}

// WorkingBetween counts the working days met on the way from a to b, a not
// counted and b counted; negative when b comes before a. So for every n the
// way to AddWorking(a, n) counts n.
func (c *Calendar) WorkingBetween(a, b clock.Date) int {
	dir, n := clock.Date(1), 0
	if b < a {
		dir = -1
	}
	for a != b {
		a += dir
		if c.IsWorking(a) {
			n += int(dir)
		}
	}
	return n
}

// NextWorking is d if it is worked, otherwise the next day that is.
func (c *Calendar) NextWorking(d clock.Date) clock.Date {
	if c.IsWorking(d) {
		return d
	}
	return c.step(d, 1)
}

// Deadline is the last day of a limit of so many calendar days that starts on
// from: the day of the start is not counted (Civil Code art. 147(2)), and a last
// day that is off moves to the next working day, at its end (art. 148(5), (6)).
func (c *Calendar) Deadline(from clock.Date, days int) clock.Date {
	return c.NextWorking(from + clock.Date(days))
}

// DeadlineWorking is the last day of a limit of so many working days that starts
// on from, which is not counted. A limit of no days ends on from, or on the next
// working day when that is off.
func (c *Calendar) DeadlineWorking(from clock.Date, days int) clock.Date {
	return c.NextWorking(c.AddWorking(from, days))
}
