package classroom

import (
	"context"
	"slices"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// Recurrence says on which days sessions are held, from the day of the first.
type Recurrence struct {
	Days    []time.Weekday // of the week; the day of the first session where empty
	Every   int            // weeks: 1 = each week
	Until   clock.Date     // the last day; zero: as many as Count
	Count   int            // how many; 0: until Until
	DaysOff bool           // on days off too; else those days are left out
}

const seriesMax = 100 // sessions made at once

// dates lists the days of a recurrence from first on, those of days off apart.
func (r Recurrence) dates(first, last clock.Date, works func(clock.Date) bool) (held, off []clock.Date) {
	days := r.Days
	if len(days) == 0 {
		days = []time.Weekday{first.Weekday()}
	}
	every := max(1, r.Every)
	until := last
	if r.Until != 0 {
		until = min(until, r.Until)
	}
	monday := first - clock.Date((int(first.Weekday())+6)%7)
	for d := first; d <= until && len(held) < seriesMax && (r.Count == 0 || len(held) < r.Count); d++ {
		if !slices.Contains(days, d.Weekday()) || int(d-monday)/7%every != 0 {
			continue
		}
		if !r.DaysOff && !works(d) {
			off = append(off, d)
			continue
		}
		held = append(held, d)
	}
	return held, off
}

// Series is what Repeat made.
type Series struct {
	Sessions []SessionID
	Off      []clock.Date // days left out because offices do not work
}

// Repeat enters a session and its repetitions in one go; none is entered when one
// of them clashes, unless d.Anyway. Days on which offices do not work are left
// out and told.
func (c *Classroom) Repeat(ctx context.Context, d SessionDraft, r Recurrence) (Series, error) {
	k, err := c.class(ctx, d.Class)
	if err != nil {
		return Series{}, err
	}
	if err := c.mayRun(ctx, k); err != nil { // access.Check in the class's unit
		return Series{}, err
	}
	if err := c.fit(ctx, k, &d); err != nil {
		return Series{}, err
	}
	var f errs.Form
	f.Need(r.Count >= 0 && r.Count <= seriesMax, "count", "classroom.session.need-count", seriesMax)
	f.Need(r.Count > 0 || r.Until != 0, "count", "classroom.session.need-end-of-series")
	if err := f.Err(); err != nil {
		return Series{}, err
	}
	held, off := r.dates(d.On(), k.To, c.opt.Calendar(ctx).IsWorking)
	s := Series{Off: off}
	d.Series = id.New(ctx)
	return s, c.db.Tx(ctx, func(ctx context.Context) error {
		for _, day := range held {
			next := d
			shift := time.Duration(day-d.On()) * 24 * time.Hour
			next.Session = c.fresh(ctx, d.Session)
			next.Starts, next.Ends = d.Starts.Add(shift), d.Ends.Add(shift)
			if err := c.putSession(ctx, k, next, true); err != nil {
				return err
			}
			s.Sessions = append(s.Sessions, next.ID)
		}
		return nil
	})
}
