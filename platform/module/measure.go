package module

import (
	"context"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
)

// Source is a set of measures that a module counts from the same records: "so
// many registered, so many completed". It feeds package fact, which holds the
// facts of all sources in memory and adds them up by unit, category, topic and
// period, as the tree of units was or is now.
type Source struct {
	Key      string // "learn.enrolment"; never changes
	Measures []Measure

	// Facts calls yield for every fact that was written or changed at or after
	// since; for all, when since is zero. It asks no rights: it is called by the
	// house itself, and who may see which units is asked where sums are shown.
	Facts func(ctx context.Context, since time.Time, yield func(Fact) error) error

	// Topics names topics, in the reader's language where they have names in it. It
	// may be nil when no fact has a topic.
	Topics func(ctx context.Context, topics []string) (map[string]string, error)

	// Records names the records behind facts, for the list that a number opens. It
	// asks the rights of the actor of ctx: a record that one may not see is left
	// out.
	Records func(ctx context.Context, records []string) ([]Record, error)
}

// Measure is one thing that can be counted.
type Measure struct {
	Key  string    // "learn.completed"; never changes
	Text i18n.Text // «Hoàn thành»
	Unit i18n.Text // what is counted: «lượt», «giấy chứng nhận»; sums of persons are counted apart
	Step Step      // what of the way it counts: columns stand in this order
}

// Step is a step on the way from a plan to its fruit.
type Step int

// The steps, in their order. They are never added up.
const (
	OtherStep Step = iota // beside the way: minutes, money; stands last
	Planned
	Registered
	Attended
	Enrolled // in a course
	Completed
	Passed
	Certified
)

// Fact says that a record counts in a measure. A record has at most one fact in a
// measure; a later one replaces it, and with N = 0 takes it back.
type Fact struct {
	Measure  string // key of a measure of the source
	Record   string // identifier of the record in the module
	Unit     string // org.UnitID at that time
	Person   string // org.PersonID; "" where nobody is named
	Category string // org category at that time; "" unknown
	Topic    string // identifier of a topic; "" none
	On       clock.Date
	N        int64 // how many; nearly always 1
	Changed  time.Time
}

// Record is a line of the list that a number opens.
type Record struct {
	ID     string
	Title  string // whom or what it is about
	Detail string // "Căn bản chuyển đổi số, hoàn thành 12/06/2022"
	Path   string // page that shows it; "" none
}
