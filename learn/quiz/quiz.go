// Package quiz asks and marks: a bank of questions, tests drawn from it, and
// people's attempts at them.
//
// It is built for the synchronised start of a test by thousands: what is asked is
// compiled once for each published paper and held in memory; an attempt is one
// row, to which every saved answer is appended; marking reads that row alone.
package quiz

import (
	"context"
	"embed"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/event"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
)

//go:embed schema
var schema embed.FS

// Schema is the tables of the question bank and the tests.
var Schema = db.Schema{Module: "learn_quiz", FS: schema}

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// What people may be allowed to do.
const (
	ReadBank  module.ActionName = "learn_quiz.bank.read"  // see questions with their answers
	EditBank  module.ActionName = "learn_quiz.bank.edit"  // write questions and tests
	ReadMarks module.ActionName = "learn_quiz.marks.read" // see attempts of others
	Mark      module.ActionName = "learn_quiz.marks.edit" // mark by hand, grant more time
)

// Actions lists them with the roles that may.
var Actions = []module.Action{
	{Name: ReadBank, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.Lecturer}},
	{Name: EditBank, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.Lecturer}},
	{Name: ReadMarks, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager, module.Lecturer, module.Head, module.Supervisor}},
	{Name: Mark, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.Lecturer}},
}

// Gate is what the tests need to know of those who take them.
type Gate interface {
	// Seat says as whom a person takes a test, or refuses. It is asked each time an
	// attempt is opened.
	Seat(ctx context.Context, t Test, person org.PersonID) (Seat, error)
	// Finished hears that the mark of an attempt stands, in the transaction that made
	// it so. It hears it again when a mark is changed.
	Finished(ctx context.Context, o Outcome) error
}

// Seat is a person's unit and category at the time of an attempt.
type Seat struct {
	Unit     org.UnitID
	Category string
}

// Outcome is the mark of a finished attempt.
type Outcome struct {
	Attempt AttemptID
	Test    TestID
	Course  string
	Person  org.PersonID
	Score   int64 // thousandths of a point
	Points  int64 // thousandths of a point to be had
	Passed  bool
	At      time.Time // handed in
}

// Quiz is the question bank and the tests.
type Quiz struct {
	db     *db.DB
	store  store
	bus    *event.Bus
	gate   Gate
	papers papers
	seats  sittings
	names  Names
}

// New returns the question bank and the tests over d. gate may be nil: then
// whoever has signed in may take a published test, without a unit.
func New(d *db.DB, bus *event.Bus, gate Gate) *Quiz {
	q := &Quiz{db: d, store: store{d}, bus: bus, gate: gate}
	q.papers.load = q.store.paper
	q.names = nobody{}
	if gate == nil {
		q.gate = openGate{}
	}
	return q
}

type openGate struct{}

func (openGate) Seat(context.Context, Test, org.PersonID) (Seat, error) { return Seat{}, nil }
func (openGate) Finished(context.Context, Outcome) error                { return nil }

// Jobs hands in attempts whose time is over, every few seconds.
func (q *Quiz) Jobs(jobs *job.Queue) {
	jobs.Schedule(job.Schedule{Name: "learn_quiz.overdue", Every: 10 * time.Second, Run: func(ctx context.Context) error {
		_, err := q.EndOverdue(system(ctx))
		return err
	}})
}

// nobody knows no names.
type nobody struct{}

func (nobody) UnitChoices(context.Context, access.Scope) []ui.Option { return nil }
func (nobody) TopicChoices(context.Context) ([]ui.Option, error)     { return nil, nil }
func (nobody) GoalChoices(context.Context) ([]ui.Option, error)      { return nil, nil }
func (nobody) People(context.Context, []org.PersonID) (map[org.PersonID]org.Brief, error) {
	return nil, nil
}
