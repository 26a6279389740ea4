package org

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"lotrinh/org/calendar"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
	"lotrinh/platform/text"
)

// CalendarEdit is to edit the working calendar.
const CalendarEdit module.ActionName = "org.calendar.edit"

// Holiday is a row of the working calendar: a day that is not what its place in
// the week makes it.
type Holiday struct {
	ID      string          `db:"id"`
	Date    clock.Date      `db:"date_on"`
	Kind    calendar.Kind   `db:"kind"`
	Name    string          `db:"name"`
	Basis   string          `db:"basis"`
	Status  calendar.Status `db:"status"`
	MadeAt  time.Time       `db:"made_at"`
	Edition int64           `db:"edition"`
}

func (h Holiday) day() calendar.Day {
	return calendar.Day{Date: h.Date, Kind: h.Kind, Name: h.Name, Basis: h.Basis, Status: h.Status}
}

// dayCache holds the calendar in memory; another node's edit shows within lookEvery.
type dayCache struct {
	looked atomic.Int64
	now    atomic.Pointer[dayBook]
}

type dayBook struct {
	stamp string
	cal   *calendar.Calendar
}

// Calendar is the working calendar as edited here. Open to all. Where the table
// cannot be read, it is the last one that was, or the program's own.
func (o *Org) Calendar(ctx context.Context) *calendar.Calendar {
	if c, ok := db.Kept(ctx, &o.days).(*calendar.Calendar); ok {
		return c
	}
	b := o.days.now.Load()
	if b != nil && time.Now().UnixNano()-o.days.looked.Load() < int64(lookEvery) {
		return b.cal
	}
	next, err := o.readDays(context.WithoutCancel(ctx), b)
	switch {
	case err == nil:
		o.days.now.Store(next)
		o.days.looked.Store(time.Now().UnixNano())
		return next.cal
	case b != nil:
		slog.ErrorContext(ctx, "the calendar cannot be read", "err", err)
		return b.cal
	}
	slog.ErrorContext(ctx, "the calendar cannot be read", "err", err)
	return calendar.Default()
}

func (o *Org) readDays(ctx context.Context, b *dayBook) (*dayBook, error) {
	stamp, err := o.calendarStamp(ctx)
	if err != nil || b != nil && b.stamp == stamp {
		return b, err
	}
	if stamp == "" {
		return &dayBook{"", calendar.Default()}, nil
	}
	c, err := o.tableCalendar(ctx)
	return &dayBook{stamp, c}, err
}

func (o *Org) calendarStamp(ctx context.Context) (string, error) {
	return db.One[string](ctx, o.db, `select stamp from org_calendar`)
}

func (o *Org) tableCalendar(ctx context.Context) (*calendar.Calendar, error) {
	rows, err := o.holidayRows(ctx)
	if err != nil {
		return nil, err
	}
	days := make([]calendar.Day, len(rows))
	for i, h := range rows {
		days[i] = h.day()
	}
	return calendar.New(days)
}

func (o *Org) holidayRows(ctx context.Context) ([]Holiday, error) {
	return db.All[Holiday](ctx, o.db, `select `+db.Columns[Holiday]("")+` from org_holiday order by date_on, id`)
}

// Holidays lists the rows of a year by date; the program's own have no id until
// the table is first edited. Open to all.
func (o *Org) Holidays(ctx context.Context, year int) ([]Holiday, error) {
	stamp, err := o.calendarStamp(ctx)
	if err != nil {
		return nil, err
	}
	rows := seedHolidays()
	if stamp != "" {
		if rows, err = o.holidayRows(ctx); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(rows, func(h Holiday) bool { return h.Date.Year() != year }), nil
}

func seedHolidays() []Holiday {
	seed := calendar.Seed()
	rows := make([]Holiday, len(seed))
	for i, d := range seed {
		rows[i] = Holiday{Date: d.Date, Kind: d.Kind, Name: d.Name, Basis: d.Basis, Status: d.Status}
	}
	return rows
}

// SaveHoliday puts a row into the calendar, or changes the one of h.ID when it is
// still of h.Edition. Asks through everywhere: the calendar is the whole house's.
func (o *Org) SaveHoliday(ctx context.Context, h Holiday) error {
	h.Name, h.Basis = text.Clean(h.Name), text.Clean(h.Basis)
	return o.editCalendar(ctx, h, func(ctx context.Context) error {
		if err := h.check(); err != nil {
			return err
		}
		if h.ID == "" {
			h.ID, h.MadeAt = id.New(ctx), clock.Now(ctx)
			return db.Insert(ctx, o.db, "org_holiday", h)
		}
		n, err := o.db.Exec(ctx, `update org_holiday set date_on = $1, kind = $2, name = $3, basis = $4, status = $5, edition = edition + 1
			where id = $6 and edition = $7`, h.Date, string(h.Kind), h.Name, h.Basis, string(h.Status), h.ID, h.Edition)
		return o.touched(ctx, n, err, `select count(*) from org_holiday where id = $1`, h.ID)
	})
}

// DropHoliday takes a row out of the calendar; edition is that which the editor
// saw. Asks through everywhere.
func (o *Org) DropHoliday(ctx context.Context, id string, edition int64) error {
	return o.editCalendar(ctx, id, func(ctx context.Context) error {
		n, err := o.db.Exec(ctx, `delete from org_holiday where id = $1 and edition = $2`, id, edition)
		return o.touched(ctx, n, err, `select count(*) from org_holiday where id = $1`, id)
	})
}

// OwnCalendar copies the program's table into the house, so that its rows can be
// edited one by one. Done twice it does nothing more. Asks through everywhere.
func (o *Org) OwnCalendar(ctx context.Context) error {
	return o.editCalendar(ctx, "own", func(context.Context) error { return nil })
}

// touched tells a row that someone changed meanwhile from one that is no more,
// where n rows were changed.
func (o *Org) touched(ctx context.Context, n int64, err error, count, id string) error {
	if err != nil || n > 0 {
		return err
	}
	there, err := db.One[int](ctx, o.db, count, id)
	switch {
	case err != nil:
		return err
	case there > 0:
		return errs.New(errs.Conflict, "error.changed")
	}
	return errs.New(errs.NotFound, "error.not-found")
}

// editCalendar carries out an edit and proves that what comes of it is a calendar.
func (o *Org) editCalendar(ctx context.Context, detail any, edit func(context.Context) error) error {
	if err := o.everywhere(ctx, CalendarEdit); err != nil {
		return err
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		if err := o.copySeed(ctx); err != nil {
			return err
		}
		if err := edit(ctx); err != nil {
			return err
		}
		c, err := o.tableCalendar(ctx)
		if err != nil {
			return dayFault(err)
		}
		if _, err := o.db.Exec(ctx, `update org_calendar set stamp = $1`, id.New(ctx)); err != nil {
			return err
		}
		db.Keep(ctx, &o.days, c)
		db.AfterCommit(ctx, func() { o.days.looked.Store(0) })
		return o.audit(ctx, Entry{Action: CalendarEdit, Subject: "calendar", Detail: detail})
	})
}

// copySeed writes the program's table at the first edit. Its first statement makes
// a second editor wait for the first.
func (o *Org) copySeed(ctx context.Context) error {
	if _, err := o.db.Exec(ctx, `update org_calendar set id = id`); err != nil {
		return err
	}
	if stamp, err := o.calendarStamp(ctx); err != nil || stamp != "" {
		return err
	}
	rows := seedHolidays()
	for i := range rows {
		rows[i].ID, rows[i].MadeAt = id.New(ctx), clock.Now(ctx)
	}
	return db.Insert(ctx, o.db, "org_holiday", rows...)
}

func (h Holiday) check() error {
	var f errs.Form
	f.Need(h.Date != 0, "date", "org.unit.need-date")
	f.Need(h.Name != "" && len(h.Name) <= 200, "name", "org.holiday.need-name")
	f.Need(h.Status == calendar.ByLaw || h.Basis != "", "basis", "org.holiday.need-basis")
	if err := f.Err(); err != nil {
		return err
	}
	_, err := calendar.New([]calendar.Day{h.day()})
	return dayFault(err)
}

// dayFault puts what makes a table no calendar beside the field where it is mended.
func dayFault(err error) error {
	var bad *calendar.DayError
	if !errors.As(err, &bad) {
		return err
	}
	field := map[calendar.Fault]string{calendar.UnknownKind: "kind", calendar.OffAlready: "kind", calendar.WorkAlready: "kind"}[bad.Fault]
	if field == "" {
		field = "date"
	}
	return errs.New(errs.Invalid, "error.invalid").Field(field, "org.holiday."+string(bad.Fault), bad.Day.Date.Viet())
}
