package org

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"lotrinh/platform/web"
)

// personJSON is a person as lists to choose from show him: no personal data but the
// name.
type personJSON struct {
	ID        PersonID `json:"id"`
	Name      string   `json:"name"`
	Label     string   `json:"label" doc:"Name, post and unit, to be told from namesakes"`
	Unit      UnitID   `json:"unit" doc:"Of the main post today"`
	UnitName  string   `json:"unit_name"`
	Title     string   `json:"title"`
	Category  Category `json:"category"`
	Head      bool     `json:"head"`
	PartyHead bool     `json:"party_head"`
}

type peopleIn struct {
	Q        string   `query:"q" doc:"Words of the name, with or without marks; or a whole personal number" maxLength:"200"`
	Unit     UnitID   `query:"unit" doc:"A unit: its people and those of all units below it"`
	Category Category `query:"category" doc:"A category of staff"`
	Heads    bool     `query:"heads" doc:"Heads of units and of Party committees alone"`
	Limit    int      `query:"limit" minimum:"1" maximum:"500" default:"50"`
	Offset   int      `query:"offset" minimum:"0"`
}

type peopleOut struct {
	Body struct {
		Total  int          `json:"total" doc:"People who fit, of whom at most limit are listed"`
		People []personJSON `json:"people" doc:"By given name"`
	}
}

func (o *Org) apiPeopleRoutes(api huma.API) {
	web.Endpoint(api, huma.Operation{Method: "GET", Path: "/api/people", OperationID: "people", Tags: []string{"org"},
		Summary: "People at work in the units whose people one may read"}, o.apiPeople)
}

func (o *Org) apiPeople(ctx context.Context, in *peopleIn) (*peopleOut, error) {
	if !access.Anywhere(ctx, PersonRead) {
		return nil, access.Check(ctx, PersonRead, in.Unit)
	}
	f := Filter{Unit: in.Unit, Text: in.Q, Category: in.Category, Heads: in.Heads, Limit: in.Limit, Offset: in.Offset}
	list, err := o.Search(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &peopleOut{}
	if out.Body.Total, err = o.Count(ctx, f); err != nil {
		return nil, err
	}
	out.Body.People = make([]personJSON, len(list))
	for i, b := range list {
		out.Body.People[i] = personJSON{b.ID, b.Name, o.personLabel(ctx, b), b.Unit, o.unitName(ctx, b.Unit), b.Title, b.Category, b.Head, b.PartyHead}
	}
	return out, o.noteList(ctx, f, len(list))
}
