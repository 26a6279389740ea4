package org

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/web"
)

// unitJSON is a unit as programs read it.
type unitJSON struct {
	ID       UnitID     `json:"id"`
	Code     string     `json:"code" doc:"Of the General Statistics Office, for administrative units; used again for other units, so no identity"`
	Name     string     `json:"name"`
	Kind     Kind       `json:"kind"`
	Tier     Tier       `json:"tier"`
	Parent   UnitID     `json:"parent,omitempty"`
	From     clock.Date `json:"from" doc:"First day on which the unit was so by law"`
	To       clock.Date `json:"to,omitempty" doc:"First day on which it was so no more; empty while it is"`
	Operates clock.Date `json:"operates,omitempty" doc:"Day on which its authorities started, where it is another"`
	Lat      float64    `json:"lat,omitempty"`
	Lon      float64    `json:"lon,omitempty"`
}

func asJSON(u Unit) unitJSON {
	return unitJSON{u.ID, u.Code, u.Name, u.Kind, u.Tier, u.Parent, u.From, u.To, u.Operates, u.Lat, u.Lon}
}

type shareJSON struct {
	Unit unitJSON `json:"unit"`
	Num  int64    `json:"num" doc:"The share is num/den; all shares add up to one"`
	Den  int64    `json:"den"`
}

func (o *Org) api(api huma.API) {
	o.apiPeopleRoutes(api)
	web.Endpoint(api, huma.Operation{Method: "GET", Path: "/api/units", OperationID: "units", Tags: []string{"org"},
		Summary: "Units as they were on a date, each before those below it"}, o.apiUnits)
	web.Endpoint(api, huma.Operation{Method: "GET", Path: "/api/units/{id}", OperationID: "unit", Tags: []string{"org"},
		Summary: "A unit as it was on a date"}, o.apiUnit)
	web.Endpoint(api, huma.Operation{Method: "GET", Path: "/api/units/{id}/successors", OperationID: "unit-successors", Tags: []string{"org"},
		Summary: "The units to which a unit came, with exact shares"}, o.apiSuccessors)
}

// onDate is the date that an endpoint is asked for: today when empty.
func onDate(ctx context.Context, s string) (clock.Date, error) {
	if s == "" {
		return clock.Today(ctx), nil
	}
	d, err := clock.ParseDate(s)
	if err != nil {
		return 0, errs.New(errs.Invalid, "error.invalid").Field("on", "org.unit.need-date")
	}
	return d, nil
}

type unitsIn struct {
	On    string `query:"on" doc:"2025-07-01; today when empty"`
	Under UnitID `query:"under" doc:"A unit: itself and all below it"`
	Tier  Tier   `query:"tier" enum:"province,district,commune,village,agency,division"`
	Q     string `query:"q" doc:"Name or code, with or without marks" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"20000" default:"20000"`
}

type unitsOut struct {
	Body struct {
		On    clock.Date `json:"on"`
		Total int        `json:"total" doc:"Units that fit, of which at most limit are listed"`
		Units []unitJSON `json:"units"`
	}
}

func (o *Org) apiUnits(ctx context.Context, in *unitsIn) (*unitsOut, error) {
	if err := access.Check(ctx, UnitRead, ""); err != nil {
		return nil, err
	}
	on, err := onDate(ctx, in.On)
	if err != nil {
		return nil, err
	}
	t := o.On(ctx, on)
	units := t.All()
	switch {
	case in.Under != "" && !t.Has(in.Under):
		return nil, errs.New(errs.NotFound, "org.unit.none")
	case in.Q != "":
		units = t.Search(in.Q, in.Under, t.Len())
	case in.Under != "":
		units = t.Subtree(in.Under)
	}
	out := &unitsOut{}
	out.Body.On, out.Body.Units = on, []unitJSON{}
	for i := range units {
		if in.Tier != "" && units[i].Tier != in.Tier {
			continue
		}
		if out.Body.Total++; out.Body.Total <= in.Limit {
			out.Body.Units = append(out.Body.Units, asJSON(units[i]))
		}
	}
	return out, nil
}

type unitIn struct {
	ID UnitID `path:"id"`
	On string `query:"on" doc:"2025-07-01; today when empty"`
}

type unitOut struct{ Body unitJSON }

func (o *Org) apiUnit(ctx context.Context, in *unitIn) (*unitOut, error) {
	if err := access.Check(ctx, UnitRead, ""); err != nil {
		return nil, err
	}
	on, err := onDate(ctx, in.On)
	if err != nil {
		return nil, err
	}
	u, ok := o.On(ctx, on).Unit(in.ID)
	if !ok {
		return nil, errs.New(errs.NotFound, "org.unit.none")
	}
	return &unitOut{asJSON(u)}, nil
}

type successorsOut struct {
	Body struct {
		On         clock.Date  `json:"on"`
		Successors []shareJSON `json:"successors" doc:"The largest first; the unit itself while it lives"`
	}
}

func (o *Org) apiSuccessors(ctx context.Context, in *unitIn) (*successorsOut, error) {
	if err := access.Check(ctx, UnitRead, ""); err != nil {
		return nil, err
	}
	on, err := onDate(ctx, in.On)
	if err != nil {
		return nil, err
	}
	b := o.now(ctx)
	if _, ok := b.last(in.ID); !ok {
		return nil, errs.New(errs.NotFound, "org.unit.none")
	}
	out := &successorsOut{}
	out.Body.On, out.Body.Successors = on, []shareJSON{}
	for _, s := range o.Successors(in.ID, on) {
		u, ok := b.at(s.Unit, on)
		if !ok {
			u, _ = b.last(s.Unit)
		}
		out.Body.Successors = append(out.Body.Successors, shareJSON{asJSON(u.Unit), s.Num, s.Den})
	}
	return out, nil
}
