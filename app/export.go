package app

import (
	"context"
	"fmt"

	"lotrinh/learn"
	"lotrinh/measure"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/sheet"
)

// ExportQuery says of what a table is to be given out.
type ExportQuery struct {
	Unit     org.UnitID   // and all below it
	Rows     measure.Rows // of results
	From, To clock.Date   // of results, both counted; zero = open
	AsItWas  bool         // results by units as they were
}

// Table is a table that the house gives out for use elsewhere.
type Table struct {
	Name string // of a file: "people", "results-by-topic"
	Make func(ctx context.Context) (sheet.Sheet, error)
}

// Tables lists all tables about a unit, those that take a right asking for it of
// the actor of the context that Make is given.
func (h *House) Tables(q ExportQuery) []Table {
	all := []Table{
		{"units", func(ctx context.Context) (sheet.Sheet, error) { return h.UnitSheet(ctx, q.Unit), nil }},
		{"people", func(ctx context.Context) (sheet.Sheet, error) {
			return h.Orgs.PeopleSheet(ctx, org.Filter{Unit: q.Unit})
		}},
		{"certificates", func(ctx context.Context) (sheet.Sheet, error) { return h.certificates(ctx, q.Unit) }},
	}
	for _, rows := range measure.AllRows {
		q := q
		q.Rows = rows
		all = append(all, Table{"results-by-" + string(rows), func(ctx context.Context) (sheet.Sheet, error) { return h.ResultSheet(ctx, q) }})
	}
	return all
}

// ResultSheet is the results of a unit.
func (h *House) ResultSheet(ctx context.Context, q ExportQuery) (sheet.Sheet, error) {
	return h.results.ResultSheet(ctx, measure.Query{Unit: q.Unit, Rows: q.Rows, From: q.From, To: q.To, AsItWas: q.AsItWas})
}

// certificates is the register book of a unit and of all below it.
func (h *House) certificates(ctx context.Context, unit org.UnitID) (sheet.Sheet, error) {
	return h.learning.RegisterSheet(ctx, learn.RegisterFilter{Under: unit})
}

// UnitSheet is the units of today from one down, in the form that `import units`
// reads.
func (h *House) UnitSheet(ctx context.Context, top org.UnitID) sheet.Sheet {
	t := h.Orgs.Now(ctx)
	s := sheet.Sheet{Name: "Đơn vị"}
	for _, name := range []string{"code", "name", "parent_code", "tier", "lat", "lon"} {
		s.Fields = append(s.Fields, sheet.Field{Title: name})
	}
	s.Rows = func(yield func([]any, error) bool) {
		for _, u := range t.Subtree(top) {
			above, _ := t.Unit(u.Parent)
			line := []any{u.Code, u.Name, above.Code, string(u.Tier), nil, nil}
			if u.Located() {
				line[4], line[5] = fmt.Sprint(u.Lat), fmt.Sprint(u.Lon)
			}
			if !yield(line, nil) {
				return
			}
		}
	}
	return s
}
