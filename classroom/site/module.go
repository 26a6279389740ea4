// Package site runs a session of a class on many sites (điểm cầu): one central
// site and any number of component sites, each a unit's room with a host, a
// technician and a telephone (Decree 154/2026/NĐ-CP, articles 21 to 24, is where
// the usual times of the readiness checklist come from).
//
// What a site says of itself (ready, connected, so many people of each category,
// an incident) is a set of marks that are only ever added, merged as those of the
// roll call are, so that devices that were off line lose nothing. Where a site
// stands is computed from its marks and never stored. The headcount of a site
// counts when it bears the signature of its host: lượt, not người, who are known
// only where a named roll was called.
package site

import (
	"context"
	"embed"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/org/calendar"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
)

//go:embed schema
var schema embed.FS

// Schema is the tables of conferences, sites and their marks. It stands on
// classroom.Schema.
var Schema = db.Schema{Module: "classroom_site", FS: schema}

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// What people may be allowed to do. Reading and organising are asked on the unit
// of the session's plan; Own is what the host of a site does there.
const (
	Read     module.ActionName = "classroom.site.read"
	Organise module.ActionName = "classroom.site.organise"
	Own      module.ActionName = "classroom.site.own"
)

var actions = []module.Action{
	{Name: Read, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager, module.Head, module.Compiler, module.Supervisor}},
	{Name: Organise, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager}},
	{Name: Own, Roles: []module.Role{module.Learner}},
}

// Options is what the app wires in.
type Options struct {
	Calendar func(context.Context) *calendar.Calendar // nil: what the product ships
}

// Sites is the module.
type Sites struct {
	db      *db.DB
	orgs    *org.Org
	classes *classroom.Classroom
	post    *mail.Post
	opt     Options
	boards  boards
}

// New returns the module over d. post may be nil: then nobody is written to.
func New(d *db.DB, orgs *org.Org, classes *classroom.Classroom, post *mail.Post, opt Options) *Sites {
	access.Register(actions...)
	if opt.Calendar == nil {
		opt.Calendar = func(context.Context) *calendar.Calendar { return calendar.Default() }
	}
	return &Sites{db: d, orgs: orgs, classes: classes, post: post, opt: opt}
}

// Module is the sites as a module of the house.
func (s *Sites) Module() module.Module {
	return module.Module{
		Name:    Schema.Module,
		Schema:  schema,
		Actions: actions,
		Routes:  s.routes,
		API:     s.endpoints,
		Measure: []module.Source{s.source()},
		Seed:    s.seed,
		Menu: []module.Link{
			{Text: i18n.T("site.conferences"), Path: "/classroom/conferences", Icon: "map", Needs: Read, Order: 215},
		},
	}
}

func (s *Sites) audit(ctx context.Context, a module.ActionName, unit org.UnitID, subject string, detail any) error {
	return access.Audit(ctx, s.db, access.Entry{Action: a, Unit: unit, Subject: subject, Detail: detail})
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

// me is the person who acts, "" for an account of nobody, and the name to write
// below what is done.
func me(ctx context.Context) (org.PersonID, string) {
	if who, ok := access.Who(ctx); ok {
		return who.Person, who.Name
	}
	return "", ""
}
