package org

import (
	"context"
	"time"

	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

// What people may be allowed to do with units.
const (
	UnitRead  module.ActionName = "org.unit.read"
	UnitEdit  module.ActionName = "org.unit.edit"
	UnitMerge module.ActionName = "org.unit.merge"
)

// Module is what org brings to the house.
func (o *Org) Module() module.Module {
	return module.Module{
		Name:   "org",
		Schema: schema,
		Actions: append([]module.Action{
			{Name: UnitRead, Roles: module.Roles},
			{Name: UnitEdit, Roles: []module.Role{module.Admin}},
			{Name: UnitMerge, Roles: []module.Role{module.Admin}},
		}, peopleActions...),
		Routes: o.routes,
		API:    o.api,
		Menu: []module.Link{
			{Text: i18n.T("org.units"), Path: "/org/units", Icon: "building", Needs: UnitRead, Order: 70},
			{Text: i18n.T("org.people"), Path: "/org/people", Icon: "people", Needs: PersonRead, Order: 71},
			{Text: i18n.T("org.lecturers"), Path: "/org/lecturers", Icon: "certificate", Needs: LecturerRead, Order: 72},
			{Text: i18n.T("org.teams"), Path: "/org/teams", Icon: "people", Needs: TeamRead, Order: 73},
			{Text: i18n.T("org.calendar"), Path: "/org/calendar", Icon: "calendar", Needs: CalendarEdit, Order: 74},
		},
		Jobs:  o.jobs,
		Files: o.refs,
		Seed:  o.seed,
	}
}

// jobs lets each new day bring the changes that were recorded for it.
func (o *Org) jobs(q *job.Queue) {
	o.rollJobs(q)
	q.Schedule(job.Schedule{Name: "org.refresh", Every: 10 * time.Minute, Run: func(ctx context.Context) error {
		return o.Refresh(ctx)
	}})
	q.Schedule(job.Schedule{Name: "org.sweep", Every: 24 * time.Hour, Run: o.sweep})
}

func (o *Org) routes(m *web.Mux) {
	o.routesUnits(m)
	o.routesPeople(m)
	o.routesLecturer(m)
	o.routesTeam(m)
	o.routesCalendar(m)
}

// seed makes the demo's part of org.
func (o *Org) seed(ctx context.Context) error {
	if err := o.seedUnits(ctx); err != nil {
		return err
	}
	return o.seedPeople(ctx)
}

// refs names the files that are kept here.
func (o *Org) refs(ctx context.Context, yield func(string) error) error {
	return db.Each(ctx, o.db, `select file from org_roll where file <> '' union select file from org_lecturer_paper
		union select decision_file from org_team where decision_file <> ''`, nil, yield)
}
