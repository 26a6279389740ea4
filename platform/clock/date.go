package clock

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a day of the Gregorian calendar, counted from 1 = 1/1/0001. The zero
// Date is no date: "not known" or "still open", NULL in the database, "" in JSON.
// In the database a Date is text, "2025-07-01", which sorts as dates do.
type Date int32

const (
	iso       = "2006-01-02"
	secsOfDay = 24 * 60 * 60
	toUnix    = 719163 // days from 31/12/0000 to 1/1/1970
)

// NewDate returns the date y-m-d; a day beyond the month runs on into the next.
func NewDate(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/secsOfDay + toUnix)
}

// DateOf is the date on which t falls in Zone.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Zone).Date()
	return NewDate(y, m, d)
}

// ParseDate reads "2025-07-01"; "" is no date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse(iso, s)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("clock: %q is no date of the form 2025-07-01", s)
	}
	return NewDate(t.Year(), t.Month(), t.Day()), nil
}

// MustDate is ParseDate for dates written in the program.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (d Date) utc() time.Time { return time.Unix((int64(d)-toUnix)*secsOfDay, 0).UTC() }

// Time is the moment at which d begins in Zone.
func (d Date) Time() time.Time {
	y, m, day := d.utc().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, Zone)
}

// YMD is the year, month and day of d.
func (d Date) YMD() (int, time.Month, int) { return d.utc().Date() }

// Year is the year of d.
func (d Date) Year() int { return d.utc().Year() }

// Weekday is the day of the week of d.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// String is "2025-07-01", or "" for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(iso)
}

// Viet is "01/07/2025", as Vietnamese papers write it, or "" for no date.
func (d Date) Viet() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format("02/01/2006")
}

// Within says whether d lies in [from, to); a zero bound is open.
func (d Date) Within(from, to Date) bool { return d >= from && (to == 0 || d < to) }

// Value stores d as ISO text, no date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d == 0 {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(v any) (err error) {
	switch v := v.(type) {
	case nil:
		*d = 0
	case string:
		*d, err = ParseDate(v)
	case []byte:
		*d, err = ParseDate(string(v))
	default:
		err = fmt.Errorf("clock: a date from %T", v)
	}
	return err
}

// MarshalText writes d as ISO text.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads ISO text.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}
