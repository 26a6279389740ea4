// Package module says what a module of the house is made of. It is plain data: a
// zero field is "none".
package module

import (
	"context"
	"io/fs"

	"github.com/danielgtaylor/huma/v2"

	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/web"
)

// Module is what a module brings to the house.
type Module struct {
	Name    string           // prefix of its tables, routes, actions and messages
	Schema  fs.FS            // schema/*.sql
	Actions []Action         // what people may be allowed to do in it
	Routes  func(*web.Mux)   // its pages
	API     func(huma.API)   // its JSON endpoints, under /api
	Jobs    func(*job.Queue) // what it does in the background and by the clock
	Menu    []Link           // where it stands in the menu
	Home    []Card           // what it shows on the first page
	Measure []Source         // what it can count
	Files   Refs             // the files it refers to
	Seed    func(context.Context) error
}

// Refs calls yield for every file (file.Ref) that a module refers to, so that
// doctor can tell what is missing and what nobody needs any more.
type Refs func(ctx context.Context, yield func(ref string) error) error

// Role is what someone is in the house; access grants it on a unit.
type Role string

// The roles. Each holds on a unit and all below it.
const (
	Admin           Role = "admin"            // system administrator
	Office          Role = "office"           // province office of the programme
	TrainingOfficer Role = "training_officer" // plans, opens classes, nominates
	ClassManager    Role = "class_manager"    // runs sessions and roll calls
	Lecturer        Role = "lecturer"         // teaches and grades
	Head            Role = "head"             // head of unit
	Compiler        Role = "compiler"         // compiles reports
	Supervisor      Role = "supervisor"       // reads, changes nothing
	Learner         Role = "learner"          // everybody with an account
)

// Roles lists them, the widest first.
var Roles = []Role{Admin, Office, TrainingOfficer, ClassManager, Lecturer, Head, Compiler, Supervisor, Learner}

// Action is something that a person may be allowed to do, and the roles that
// may. Its name is "module.noun.verb" and has a message of that key.
type Action struct {
	Name  ActionName
	Roles []Role
	Own   []Role // of Roles, those that may so in their own unit alone, not in the authorities below it
}

// ActionName names an action: "learn.course.edit".
type ActionName string

// Link is an entry of the menu, shown to whoever may do Needs somewhere; without
// Needs, to everyone who has signed in.
type Link struct {
	Text  i18n.Text
	Path  string
	Icon  string // name in platform/ui's icon set
	Needs ActionName
	Order int // small comes first

	Public bool // stands at the foot of every page instead, for strangers too
}

// Card is a part of the first page, shown to whoever has one of Roles. Body may
// return nil when there is nothing to say.
type Card struct {
	Roles []Role
	Order int
	Body  func(context.Context) (web.Component, error)
}
