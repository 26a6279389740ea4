package org

import (
	"context"
	"math"
	"net/http"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
)

// unitPage is one unit with all that is known of it.
type unitPage struct {
	moment
	Detail
	tree     *Tree
	lives    bool // on the day of the page
	children []Unit
	people   int // −1: not for this reader
	atlas    ui.Atlas
	names    func(UnitID, clock.Date) string
	edits    bool
	now      []Share // who follows it today, when it has ended
}

func (o *Org) showUnit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := momentOf(r)
	if err != nil {
		return err
	}
	p := unitPage{moment: m, people: -1, names: func(id UnitID, on clock.Date) string { return o.nameOn(ctx, id, on) }}
	if p.Detail, err = o.Unit(ctx, UnitID(r.PathValue("id"))); err != nil {
		return err
	}
	p.tree = o.On(ctx, m.on)
	if u, ok := p.tree.Unit(p.Unit.ID); ok {
		p.Unit, p.lives = u, true
	} else {
		p.tree = o.On(ctx, nearest(p.Unit, m.on)) // what lay around it when it was there
		p.now = o.Successors(p.Unit.ID, m.today)
	}
	for _, id := range p.tree.Children(p.Unit.ID) {
		u, _ := p.tree.Unit(id)
		p.children = append(p.children, u)
	}
	p.edits = p.lives && access.Check(ctx, UnitEdit, p.Unit.ID) == nil
	if access.Check(ctx, PersonRead, p.Unit.ID) == nil {
		if p.people, err = o.Count(ctx, Filter{Unit: p.Unit.ID}); err != nil {
			return err
		}
	}
	if p.atlas, err = o.atlasOf(ctx, m, p.tree, p.Unit); err != nil {
		return err
	}
	return ui.Show(w, r.WithContext(o.withNames(ctx)), http.StatusOK, p.page())
}

// nearest is the day nearest to on on which a unit was there.
func nearest(u Unit, on clock.Date) clock.Date {
	if u.To != 0 && on >= u.To {
		return u.To - 1
	}
	return u.From
}

func (p *unitPage) page() ui.Page {
	page := ui.Page{Title: ui.Plain(p.Unit.Name), Body: unitBody(p), Wide: true}
	page.Crumbs = p.crumbs(p.tree, p.Unit.ID)
	if len(p.children) > 0 {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.unit.below"), Href: p.below(p.Unit.ID), Icon: "building"})
	}
	if p.edits {
		page.Actions = append(page.Actions,
			ui.Act{Text: i18n.T("org.edit"), Href: "/org/units/" + string(p.Unit.ID) + "/edit", Icon: "edit"},
			ui.Act{Text: i18n.T("org.new-below"), Href: "/org/units/" + string(p.Unit.ID) + "/new", Icon: "plus"},
			ui.Act{Text: i18n.T("org.end"), Href: "/org/units/" + string(p.Unit.ID) + "/end", Kind: ui.Quiet})
	}
	return page
}

func (p *unitPage) terms(ctx context.Context) []ui.Term {
	u := p.Unit
	terms := []ui.Term{
		{Text: i18n.T("org.code"), Data: u.Code},
		{Text: i18n.T("org.kind"), Data: kindText(u.Kind).In(ctx)},
		{Text: i18n.T("org.tier"), Data: tierText(u.Tier).In(ctx)},
	}
	if u.Parent != "" {
		terms = append(terms, ui.Term{Text: i18n.T("org.parent"), Body: unitLink(p.names(u.Parent, u.From), p.unit(u.Parent))})
	}
	terms = append(terms, ui.Term{Text: i18n.T("org.effective"), Data: u.From.Viet()})
	if u.Operates != 0 {
		terms = append(terms, ui.Term{Text: i18n.T("org.operating"), Data: u.Operates.Viet()})
	}
	if u.To != 0 {
		terms = append(terms, ui.Term{Text: i18n.T("org.until"), Data: (u.To - 1).Viet()})
	}
	if u.Closes != 0 {
		terms = append(terms, ui.Term{Text: i18n.T("org.closes"), Data: u.Closes.Viet()})
	}
	for _, s := range Systems {
		if code := p.Codes[s]; code != "" {
			terms = append(terms, ui.Term{Text: i18n.T("org.code." + string(s)), Data: code})
		}
	}
	if p.people >= 0 {
		terms = append(terms, ui.Term{Text: i18n.T("org.people-here"), Body: ui.Figure(int64(p.people), "/org/people?unit="+string(u.ID))})
	}
	return terms
}

// said tells a change in words.
func (p *unitPage) said(c Change) i18n.Text {
	switch c.Kind {
	case NoteNew:
		if c.Act.Label() == "" && len(p.Predecessors) == 0 {
			return i18n.T("org.change.known", c.Unit.Name)
		}
		return i18n.T("org.change.new", c.Unit.Name)
	case NoteRenamed:
		return i18n.T("org.note.renamed", c.Before.Name, c.Unit.Name)
	case NoteReclassified:
		return i18n.T("org.note.reclassified", c.Before.Name, c.Unit.Name)
	case NoteReparented:
		return i18n.T("org.note.reparented", c.Unit.Name, p.names(c.Before.Parent, c.On-1), p.names(c.Unit.Parent, c.On))
	case NoteRecoded:
		return i18n.T("org.note.recoded", c.Unit.Name, codeText(c.Before.Code), codeText(c.Unit.Code))
	}
	return i18n.T("org.change.ended", c.Unit.Name)
}

// onMap is what lies below a unit and somewhere: its districts, or its communes
// where it has no districts.
func onMap(t *Tree, u Unit) (out []Unit) {
	for _, tier := range []Tier{Province, District, Commune} {
		for _, x := range t.Subtree(u.ID) {
			if x.Tier == tier && x.ID != u.ID {
				out = append(out, x)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// atlasOf is the map of a unit: of what lies below it, else of the unit among its
// neighbours.
func (o *Org) atlasOf(ctx context.Context, m moment, t *Tree, u Unit) (ui.Atlas, error) {
	if below := onMap(t, u); len(below) > 0 {
		return o.atlas(ctx, m, t, below)
	}
	var around []Unit
	for _, id := range t.Children(u.Parent) {
		if x, _ := t.Unit(id); x.Tier == u.Tier {
			around = append(around, x)
		}
	}
	if !u.Located() || u.Tier.rank() > Commune.rank() {
		return ui.Atlas{}, nil
	}
	a, err := o.atlas(ctx, m, t, around)
	a.Classes = []i18n.Text{i18n.T("org.class.around"), i18n.T("org.class.this")}
	for i := range a.Places {
		a.Places[i].Class = 0
		if a.Places[i].Label == u.Name {
			a.Places[i].Class = 1
		}
	}
	return a, err
}

// classOfKind is the colour of a unit on a map; classesOf names the colours.
var classOfKind = map[Kind]int{
	KindCommune: 0, KindRuralDistrict: 0, KindProvince: 0,
	KindWard: 1, KindUrbanDistrict: 1, KindMunicipality: 1, KindCity: 1,
	KindTownship: 2, KindTown: 2, KindSpecialZone: 3,
}

// labelsMax is how many names a map bears before they cover it.
const labelsMax = 60

// atlas is the map of units: their outlines where they are known, else bubbles on
// their centroids. Hoàng Sa and Trường Sa stand on every map (ui.Atlas).
func (o *Org) atlas(ctx context.Context, m moment, t *Tree, units []Unit) (ui.Atlas, error) {
	a := ui.Atlas{Title: i18n.T("org.map.title", t.day(m.on).Viet())}
	ids := make([]UnitID, len(units))
	for i := range units {
		ids[i] = units[i].ID
	}
	shapes, err := o.Outlines(ctx, ids, m.on)
	if err != nil {
		return a, err
	}
	for i := range units {
		u := &units[i]
		if !u.Located() && shapes[u.ID] == nil {
			continue
		}
		place := ui.Place{Label: u.Name, Lat: u.Lat, Lon: u.Lon, Class: classOfKind[u.Kind], Value: kindText(u.Kind).In(ctx),
			Href: m.unit(u.ID), Hide: len(units) > labelsMax}
		for _, r := range shapes[u.ID] {
			place.Shape = append(place.Shape, ui.Ring(r))
		}
		a.Places = append(a.Places, place)
	}
	spread(a.Places)
	if len(units) > 0 {
		for _, k := range classesOf(units[0].Tier) {
			a.Classes = append(a.Classes, i18n.T("org.class."+k))
		}
	}
	a.Islands = islands(ctx, m, t)
	return a, nil
}

const apart = 0.011 // degrees between bubbles that would cover each other

// spread lays bubbles of one place beside each other: a unit of old whose place is
// not known stands where its successor lies, as its neighbours do.
func spread(places []ui.Place) {
	type spot struct{ lat, lon float64 }
	taken := map[spot]int{}
	for i := range places {
		p := &places[i]
		if p.Shape != nil {
			continue
		}
		at := spot{p.Lat, p.Lon}
		n := float64(taken[at])
		taken[at]++
		r, turn := apart*math.Sqrt(n), n*2.39996 // the golden angle
		p.Lat, p.Lon = p.Lat+r*math.Sin(turn), p.Lon+r*math.Cos(turn)
	}
}

func classesOf(t Tier) []string {
	switch t {
	case Province:
		return []string{"province", "municipality"}
	case District:
		return []string{"rural", "urban", "town"}
	}
	return []string{"commune", "ward", "township", "special"}
}

// islands leads from the two archipelagos to the units that hold them.
func islands(_ context.Context, m moment, t *Tree) (out []ui.Island) {
	for id, name := range map[string]string{"hoang-sa": "hoàng sa", "truong-sa": "trường sa"} {
		for _, u := range t.Search(name, "", 5) {
			if bareKey(u.Name) == nameKey(name) {
				out = append(out, ui.Island{ID: id, Label: u.Name, Href: m.unit(u.ID)})
				break
			}
		}
	}
	return out
}

// mapPage is the map of all units, or of those below one.
type mapPage struct {
	moment
	under  Unit
	tier   Tier
	tiers  []Tier
	atlas  ui.Atlas
	absent int // units without a place
	edits  bool
}

func (o *Org) showMap(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := momentOf(r)
	if err != nil {
		return err
	}
	p := mapPage{moment: m, tier: Tier(r.FormValue("tier")), edits: access.Anywhere != nil && access.Anywhere(ctx, UnitEdit)}
	t := o.On(ctx, m.on)
	if id := UnitID(r.FormValue("under")); id != "" {
		var ok bool
		if p.under, ok = t.Unit(id); !ok {
			return errs.New(errs.NotFound, "org.unit.none")
		}
	}
	units := p.choose(t)
	if p.atlas, err = o.atlas(ctx, m, t, units); err != nil {
		return err
	}
	p.absent = len(units) - len(p.atlas.Places)
	page := ui.Page{Title: i18n.T("org.map"), Body: mapBody(&p), Wide: true, Crumbs: []ui.Crumb{{Text: i18n.T("org.units"), Href: m.href("/org/units")}}}
	if p.under.ID != "" {
		page.Title = i18n.T("org.map.of", p.under.Name)
		page.Crumbs = append(m.crumbs(t, p.under.ID), ui.Crumb{Text: ui.Plain(p.under.Name), Href: m.below(p.under.ID)})
	}
	if p.edits {
		page.Actions = []ui.Act{{Text: i18n.T("org.shapes"), Href: "/org/shapes", Icon: "upload"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}

const placesMax = 1200 // on one map; beyond that the tier above is drawn

// choose says which units are drawn: those of the tier asked for, else of the
// lowest tier that a map can hold.
func (p *mapPage) choose(t *Tree) (units []Unit) {
	for _, tier := range []Tier{Province, District, Commune} {
		if t.Count(p.under.ID, tier) > 0 && tier != p.under.Tier {
			p.tiers = append(p.tiers, tier)
		}
	}
	if p.tier == "" {
		for _, tier := range p.tiers {
			if t.Count(p.under.ID, tier) <= placesMax {
				p.tier = tier
			}
		}
	}
	all := t.All()
	if p.under.ID != "" {
		all = t.Subtree(p.under.ID)
	}
	for i := range all {
		if all[i].Tier == p.tier {
			units = append(units, all[i])
		}
	}
	return units
}
