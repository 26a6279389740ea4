// Package classroom carries out what is taught in rooms and at set times: plans
// with quotas and costs, classes, nominations and rosters, sessions, roll calls.
//
// Three numbers of people are kept apart all the way: planned (a quota, the size
// a class is planned for), registered (lines of the roster) and attended (what
// the roll calls came to). A roll call is a set of marks that are only ever
// added, so that devices that were off line lose nothing: see Merge.
package classroom

import (
	"context"
	"embed"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/org/calendar"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

//go:embed schema
var schema embed.FS

// Schema is the tables of plans, classes, sessions and roll calls.
var Schema = db.Schema{Module: "classroom", FS: schema}

//go:embed messages
var messages embed.FS

//go:embed assets/worker.js
var workerJS string

var _ = i18n.Add(messages)

// What people may be allowed to do.
const (
	ReadPlan  module.ActionName = "classroom.plan.read"
	EditPlan  module.ActionName = "classroom.plan.edit"
	ReadClass module.ActionName = "classroom.class.read"
	EditClass module.ActionName = "classroom.class.edit"
	RunClass  module.ActionName = "classroom.class.run"
	Nominate  module.ActionName = "classroom.seat.nominate"
	OwnSeat   module.ActionName = "classroom.seat.own"
)

var actions = []module.Action{
	{Name: ReadPlan, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager, module.Head, module.Compiler, module.Supervisor}},
	{Name: EditPlan, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer}},
	{Name: ReadClass, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager, module.Head, module.Compiler, module.Supervisor}},
	{Name: EditClass, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer}},
	{Name: RunClass, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager}},
	{Name: Nominate, Roles: []module.Role{module.Office, module.TrainingOfficer, module.Head}},
	{Name: OwnSeat, Roles: []module.Role{module.Learner}},
}

// LearnTopic is something to learn that a topic of a plan may point to.
type LearnTopic struct{ ID, Name string }

// Learning is what the classroom asks of the learning room.
type Learning interface {
	// Topics lists what a topic of a plan may point to.
	Topics(ctx context.Context) ([]LearnTopic, error)
}

// Lecturers says who may teach: rank or degree, and practice.
type Lecturers interface {
	// Fit returns an Invalid error that says what a person lacks for teaching.
	Fit(ctx context.Context, person org.PersonID) error
}

// Beside is another module of this room, which shows its own on the classroom's
// pages. A nil component is nothing.
type Beside interface {
	OnMine(ctx context.Context) (web.Component, error)
	OnClass(ctx context.Context, id ClassID) (web.Component, error)
	OnSession(ctx context.Context, id SessionID) []ui.Act
	// OnRoll says of which units the actor may call the roll of a session besides
	// those who run its class; nil: of none.
	OnRoll(ctx context.Context, id SessionID) (func(org.UnitID) bool, error)
}

// Options is what the app wires in.
type Options struct {
	Learning  Learning                                 // nil: topics point nowhere
	Lecturers Lecturers                                // nil: anybody may teach
	Calendar  func(context.Context) *calendar.Calendar // nil: what the product ships
	Secure    bool                                     // people reach the house by https
	Base      string                                   // https://host, for addresses on paper and in calendars

	// Holders lists who may do an action, and where; nil: no unit is reminded.
	Holders func(context.Context, module.ActionName) ([]access.Holder, error)
	Beside  Beside // nil: nothing more on the pages
}

// Classroom is the module.
type Classroom struct {
	db    *db.DB
	orgs  *org.Org
	bus   *event.Bus
	post  *mail.Post
	opt   Options
	tries tries
}

// New returns the module over d.
func New(d *db.DB, orgs *org.Org, bus *event.Bus, post *mail.Post) *Classroom {
	access.Register(actions...)
	c := &Classroom{db: d, orgs: orgs, bus: bus, post: post}
	c.Set(Options{})
	return c
}

// Set takes what the app wires in, before the first request.
func (c *Classroom) Set(o Options) {
	if o.Calendar == nil {
		o.Calendar = func(context.Context) *calendar.Calendar { return calendar.Default() }
	}
	c.opt = o
}

// Module is the classroom as a module of the house.
func (c *Classroom) Module() module.Module {
	return module.Module{
		Name:    "classroom",
		Schema:  schema,
		Actions: actions,
		Routes:  c.routes,
		API:     c.endpoints,
		Home:    c.cards(),
		Measure: []module.Source{c.source()},
		Seed:    c.seed,
		Jobs: func(q *job.Queue) {
			q.Schedule(job.Schedule{Name: "classroom.reminders", Every: 30 * time.Minute, Run: c.Remind})
		},
		Menu: []module.Link{
			{Text: i18n.T("classroom.plans"), Path: "/classroom/plans", Icon: "target", Needs: ReadPlan, Order: 200},
			{Text: i18n.T("classroom.classes"), Path: "/classroom/classes", Icon: "class", Needs: ReadClass, Order: 210},
			{Text: i18n.T("classroom.mine"), Path: "/classroom/mine", Icon: "calendar", Order: 220},
		},
	}
}

// audit notes a change in the log of the house.
func (c *Classroom) audit(ctx context.Context, a module.ActionName, unit org.UnitID, subject string, detail any) error {
	return access.Audit(ctx, c.db, access.Entry{Action: a, Unit: unit, Subject: subject, Detail: detail})
}

// auditPerson notes a change in what is kept of a person.
func (c *Classroom) auditPerson(ctx context.Context, a module.ActionName, unit org.UnitID, p org.PersonID, subject string, detail any) error {
	return access.Audit(ctx, c.db, access.Entry{Action: a, Unit: unit, Person: p, Subject: subject, Detail: detail})
}

// auditRead notes that someone read a list of people.
func (c *Classroom) auditRead(ctx context.Context, unit org.UnitID, subject string) error {
	return access.Audit(ctx, c.db, access.Entry{Action: ReadClass, Unit: unit, Subject: subject, Read: true})
}

func notFound() error { return errs.New(errs.NotFound, "error.not-found") }
func changed() error  { return errs.New(errs.Conflict, "error.changed") }

// hide makes what one may not see not exist; a stranger is asked to sign in.
func hide(err error) error {
	if e := errs.Of(err); err != nil && e.Kind == errs.Denied {
		return notFound()
	}
	return err
}

// me is the person who acts; "" for an account of nobody.
func me(ctx context.Context) org.PersonID {
	if who, ok := access.Who(ctx); ok {
		return who.Person
	}
	return ""
}
