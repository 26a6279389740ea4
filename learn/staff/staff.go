// Package staff tells the head of a unit who of his people has not learnt what he
// needs, and reminds them; an office above sees the same of all its units.
//
// What someone needs is what he was entered for: courses that he has neither
// completed nor left. People are counted once each, by their main post today;
// citizens and firms, who sign themselves up, are nobody's staff.
package staff

import (
	"context"
	"embed"

	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

//go:embed schema
var schema embed.FS

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// Schema is the tables of the package.
var Schema = db.Schema{Module: "learn_staff", FS: schema}

// SendReminder lets one remind the people of a unit of what they have not
// completed. Who may read the records is asked by learn.ReadRecords.
const SendReminder module.ActionName = "learn_staff.reminder.send"

var actions = []module.Action{{Name: SendReminder, Own: []module.Role{module.Head},
	Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager, module.Head}}}

// Orgs is what the package needs of the units and people.
type Orgs interface {
	Now(context.Context) *org.Tree
	OwnUnits(org.UnitID) []org.UnitID
	HeadsOf(context.Context, []org.UnitID, clock.Date) (map[org.UnitID][]org.Post, error)
}

// Courses is what it asks of the courses: what is next for the actor himself.
type Courses interface {
	MyHome(context.Context) (learn.Home, error)
}

// Letters brings letters to people.
type Letters interface {
	Send(context.Context, ...mail.Letter) error
}

// Staff is the module.
type Staff struct {
	db      *db.DB
	orgs    Orgs
	courses Courses
	letters Letters
}

// New returns the module. letters may be nil: then nobody is reminded.
func New(d *db.DB, orgs Orgs, courses Courses, letters Letters) *Staff {
	return &Staff{db: d, orgs: orgs, courses: courses, letters: letters}
}

// Module is what the package brings to the house.
func (s *Staff) Module() module.Module {
	return module.Module{
		Name: Schema.Module, Schema: schema, Actions: actions,
		Routes: func(m *web.Mux) {
			m.Handle("GET /learn/staff", s.showPeople)
			m.Handle("POST /learn/staff/remind", s.remind)
		},
		Menu: []module.Link{{Text: i18n.T("learn_staff.menu"), Path: "/learn/staff", Icon: "people", Needs: learn.ReadRecords, Order: 25}},
		Home: []module.Card{
			{Roles: []module.Role{module.Head}, Order: -20, Body: s.headCard},
			{Roles: []module.Role{module.Office, module.Supervisor}, Order: -5, Body: s.headsCard},
		},
	}
}
