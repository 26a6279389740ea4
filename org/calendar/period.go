package calendar

import (
	"fmt"
	"time"

	"lotrinh/platform/clock"
)

// Frequency is how often a report is due.
type Frequency string

// The frequencies of periodic reports.
const (
	Monthly    Frequency = "month"
	Quarterly  Frequency = "quarter"
	HalfYearly Frequency = "half"
	Yearly     Frequency = "year"
)

// months is the length of one period; 0 for an unknown frequency.
func (f Frequency) months() int {
	return map[Frequency]int{Monthly: 1, Quarterly: 3, HalfYearly: 6, Yearly: 12}[f]
}

// PerYear is how many periods of the frequency a year has; 0 for an unknown one.
func (f Frequency) PerYear() int {
	if f.months() == 0 {
		return 0
	}
	return 12 / f.months()
}

// Cut is how the year is cut into periods.
type Cut string

const (
	// Management cuts on the 14th: a month runs from the 15th of the month before
	// to the 14th, and longer periods likewise, so that a year runs from 15/12 to
	// 14/12 (Decree 09/2019/NĐ-CP art. 12).
	Management Cut = "management"
	// Statistical cuts by the calendar: first of the month to last of the month.
	Statistical Cut = "statistical"
)

// Period is the span of a report: what happened from Start to End, both counted,
// as it stood at the end of Cutoff, reported by the end of Due. Due is no date
// until WithDue sets it; each tier may have its own.
type Period struct {
	Cut        Cut
	Frequency  Frequency
	Year       int // the year that the period is named by
	Number     int // 1 is the first of the year
	Start, End clock.Date
	Cutoff     clock.Date
	Due        clock.Date
}

// NewPeriod returns the number-th period of a year: month 1–12, quarter 1–4,
// half 1–2, year 1.
func NewPeriod(cut Cut, f Frequency, year, number int) (Period, error) {
	if cut != Management && cut != Statistical {
		return Period{}, fmt.Errorf("calendar: %q is no way to cut a year", cut)
	}
	if number < 1 || number > f.PerYear() {
		return Period{}, fmt.Errorf("calendar: no %s %d in a year", f, number)
	}
	last := time.Month(number * f.months())
	first := last - time.Month(f.months()) + 1
	p := Period{Cut: cut, Frequency: f, Year: year, Number: number}
	if cut == Management {
		p.Start, p.End = clock.NewDate(year, first-1, 15), clock.NewDate(year, last, 14)
	} else {
		p.Start, p.End = clock.NewDate(year, first, 1), clock.NewDate(year, last+1, 1)-1
	}
	p.Cutoff = p.End
	return p, nil
}

// PeriodOn returns the period in which a date falls.
func PeriodOn(cut Cut, f Frequency, d clock.Date) (Period, error) {
	y, m, day := d.YMD()
	if cut == Management && day >= 15 {
		y, m, _ = clock.NewDate(y, m+1, 1).YMD()
	}
	if f.months() == 0 {
		return Period{}, fmt.Errorf("calendar: %q is no frequency", f)
	}
	return NewPeriod(cut, f, y, (int(m)-1)/f.months()+1)
}

// Contains says whether a date falls in the period.
func (p Period) Contains(d clock.Date) bool { return p.Start <= d && d <= p.End }

// Shift returns the period that lies n periods later, or earlier when n is
// negative; its Due is not set.
func (p Period) Shift(n int) Period {
	per := p.Frequency.PerYear()
	if per == 0 {
		return Period{} // p was not made by NewPeriod
	}
	i := p.Year*per + p.Number - 1 + n
	q, err := NewPeriod(p.Cut, p.Frequency, i/per, i%per+1)
	if err != nil {
		return Period{}
	}
	return q
}

// WithDue returns the period due so many working days after its cut-off. At
// least one working day lies between them (Decree 09/2019/NĐ-CP), so less counts
// as one.
func (p Period) WithDue(c *Calendar, workingDays int) Period {
	p.Due = c.AddWorking(p.Cutoff, max(workingDays, 1))
	return p
}

// Dues returns the due dates of the tiers of a report that is put together from
// below, in the order given: the first tier so many working days after the
// cut-off, each further one so many after the tier before it.
func (p Period) Dues(c *Calendar, workingDays ...int) []clock.Date {
	dues := make([]clock.Date, len(workingDays))
	at := p.Cutoff
	for i, n := range workingDays {
		at = c.AddWorking(at, max(n, 1))
		dues[i] = at
	}
	return dues
}
