package calendar

import (
	"fmt"

	"lotrinh/platform/clock"
)

// Kind says why a day is not what its place in the week makes it.
type Kind string

// The kinds of a Day.
const (
	Holiday        Kind = "holiday"         // a public holiday, Labour Code art. 112
	InLieu         Kind = "in_lieu"         // off because a holiday fell on a weekend, art. 111(3)
	SwappedOff     Kind = "swapped_off"     // off, and worked on a Saturday instead
	SwappedWorkday Kind = "swapped_workday" // a Saturday or Sunday worked instead
)

// Off says whether nobody works on a day of this kind.
func (k Kind) Off() bool { return k != SwappedWorkday }

func (k Kind) valid() bool {
	return k == Holiday || k == InLieu || k == SwappedOff || k == SwappedWorkday
}

// Status says how sure a Day is.
type Status string

// The statuses of a Day. All but Candidate count.
const (
	ByLaw     Status = "law"       // the law alone fixes it
	Decided   Status = "decided"   // chosen for that year by the Prime Minister and announced
	Assumed   Status = "assumed"   // the usual choice, not announced yet; to be confirmed
	Candidate Status = "candidate" // proposed and not in force; listed, and does not count
)

func (s Status) valid() bool {
	return s == ByLaw || s == Decided || s == Assumed || s == Candidate
}

// Day is one row of the table that an administrator edits: a date that is not
// what its place in the week makes it.
type Day struct {
	Date   clock.Date
	Kind   Kind
	Name   string // Vietnamese, as shown
	Basis  string // the law, decision or announcement, in Vietnamese
	Status Status // "" counts as Decided
}

// Counts says whether the day changes the calendar; a Candidate does not.
func (d Day) Counts() bool { return d.Status != Candidate }

// Fault says what makes a Day impossible.
type Fault string

// The faults of a table of days, each a key for the message that a person reads.
const (
	NoDate      Fault = "no-date"      // the date is missing
	UnknownKind Fault = "unknown-kind" // neither of the four kinds, or no status known
	Twice       Fault = "twice"        // two counting rows of one date
	OffAlready  Fault = "off-already"  // a day in lieu or swapped off that is a weekend anyway
	WorkAlready Fault = "work-already" // a swapped working day that is a weekday anyway
)

// DayError refuses one row of a table.
type DayError struct {
	Day   Day
	Fault Fault
}

func (e *DayError) Error() string {
	return fmt.Sprintf("calendar: %s %s: %s", e.Day.Date, e.Day.Kind, e.Fault)
}

func (d Day) check() error {
	fault := Fault("")
	switch {
	case d.Date == 0:
		fault = NoDate
	case !d.Kind.valid() || d.Status != "" && !d.Status.valid():
		fault = UnknownKind
	case d.Kind == SwappedWorkday && !weekend(d.Date):
		fault = WorkAlready
	case (d.Kind == InLieu || d.Kind == SwappedOff) && weekend(d.Date):
		fault = OffAlready
	default:
		return nil
	}
	return &DayError{d, fault}
}
