package org

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const (
	formLimit = 1 << 20
	fileLimit = 65 << 20
)

func (o *Org) routesUnits(m *web.Mux) {
	m.Handle("GET /org/units", o.showUnits)
	m.Handle("GET /org/units/{id}", o.showUnit)
	m.Handle("GET /org/units/{id}/edit", o.showEdit)
	m.Handle("POST /org/units/{id}/edit", o.saveUnit)
	m.Handle("GET /org/units/{id}/end", o.showEnd)
	m.Handle("POST /org/units/{id}/end", o.endUnit)
	m.Handle("GET /org/units/{id}/new", o.showNew)
	m.Handle("POST /org/units/{id}/new", o.newUnit)
	m.Handle("GET /org/new", o.showNew)
	m.Handle("POST /org/new", o.newUnit)
	m.Handle("GET /org/map", o.showMap)
	m.Handle("GET /org/shapes", o.showShapes)
	m.Handle("POST /org/shapes", o.importShapes)
	for _, k := range []wizardKind{importWizard, mergerWizard} {
		m.Handle("GET /org/"+string(k), o.showWizards(k))
		m.Handle("POST /org/"+string(k), o.beginWizard(k))
		m.Handle("GET /org/"+string(k)+"/{id}", o.showWizard(k))
		m.Handle("POST /org/"+string(k)+"/{id}", o.answerWizard(k))
		m.Handle("POST /org/"+string(k)+"/{id}/apply", o.applyWizard(k))
		m.Handle("GET /org/"+string(k)+"/{id}/preview.xlsx", o.downloadPreview(k))
	}
	m.Handle("GET /org/merger-2025", o.showMerger2025)
	m.Handle("POST /org/merger-2025", o.applyMerger2025)
}

// moment is the date that pages are about.
type moment struct {
	on    clock.Date
	known clock.Date // as known on that day; zero: as known now
	today clock.Date
}

// momentOf reads the date of a page: today when none is given.
func momentOf(r *http.Request) (moment, error) {
	m := moment{today: clock.Today(r.Context())}
	var err error
	if m.on, err = ui.DateValue(r.FormValue("on")); err != nil {
		return m, errs.New(errs.Invalid, "org.date.bad", r.FormValue("on"))
	}
	if m.known, err = ui.DateValue(r.FormValue("known")); err != nil {
		return m, errs.New(errs.Invalid, "org.date.bad", r.FormValue("known"))
	}
	if m.on == 0 {
		m.on = m.today
	}
	return m, nil
}

// query is the moment as a query, "" for today.
func (m moment) query() url.Values {
	q := url.Values{}
	if m.on != m.today {
		q.Set("on", m.on.String())
	}
	if m.known != 0 {
		q.Set("known", m.known.String())
	}
	return q
}

func (m moment) href(path string, more ...string) string {
	q := m.query()
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (m moment) unit(id UnitID) string { return m.href("/org/units/" + url.PathEscape(string(id))) }

func (m moment) below(id UnitID) string { return m.href("/org/units", "under", string(id)) }

// treeOf is the tree of a moment.
func (o *Org) treeOf(ctx context.Context, m moment) (*Tree, error) {
	if m.known == 0 {
		return o.On(ctx, m.on), nil
	}
	return o.AsOf(ctx, m.on, (m.known+1).Time().UnixMicro()-1)
}

// unitsPage is the browser of units.
type unitsPage struct {
	moment
	tree   *Tree
	under  Unit // zero at the top
	rows   []unitLine
	query  string
	counts []tierCount
	turns  []clock.Date
	pages  ui.Pages
	edits  bool // may put units in
	adds   bool // may put in units that stand at the top
	merges bool
}

// unitLine is a row of the browser.
type unitLine struct {
	Unit
	above    string
	communes int
	below    int
	now      []Share // where it is today, when it is no more
}

type tierCount struct {
	tier Tier
	n    int
}

const (
	unitsSize  = 100
	turnsShown = 8
)

func (o *Org) showUnits(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := momentOf(r)
	if err != nil {
		return err
	}
	p := unitsPage{moment: m, query: clean(r.FormValue("q"))}
	if p.tree, err = o.treeOf(ctx, m); err != nil {
		return err
	}
	if id := UnitID(r.FormValue("under")); id != "" {
		var ok bool
		if p.under, ok = p.tree.Unit(id); !ok {
			return web.SeeOther(w, r, m.unit(id)) // not there on that day: its own page tells when it was
		}
	}
	o.fillUnits(r, &p)
	return ui.Show(w, r.WithContext(o.withNames(ctx)), http.StatusOK, p.page())
}

func (o *Org) fillUnits(r *http.Request, p *unitsPage) {
	ctx := r.Context()
	units := p.children()
	if p.query != "" {
		units = p.tree.Search(p.query, p.under.ID, 1000)
	}
	p.pages = ui.Pages{At: ui.PageAt(r.URL.Query()), Size: unitsSize, Total: len(units), Path: "/org/units", Query: r.URL.Query()}
	lo := min((p.pages.At-1)*unitsSize, len(units))
	for _, u := range units[lo:min(lo+unitsSize, len(units))] {
		p.rows = append(p.rows, o.line(p, u))
	}
	for _, t := range Tiers {
		if n := p.tree.Count(p.under.ID, t); n > 0 {
			p.counts = append(p.counts, tierCount{t, n})
		}
	}
	p.turns = o.Turns(ctx)
	p.turns = p.turns[:min(turnsShown, len(p.turns))]
	p.edits = access.Anywhere != nil && access.Anywhere(ctx, UnitEdit)
	p.adds = p.edits && o.mayAdd(ctx, UnitEdit, "") == nil
	p.merges = access.Anywhere != nil && access.Anywhere(ctx, UnitMerge)
}

func (p *unitsPage) children() []Unit {
	ids := p.tree.Roots()
	if p.under.ID != "" {
		ids = p.tree.Children(p.under.ID)
	}
	units := make([]Unit, len(ids))
	for i, id := range ids {
		units[i], _ = p.tree.Unit(id)
	}
	return units
}

func (o *Org) line(p *unitsPage, u Unit) unitLine {
	l := unitLine{Unit: u, above: p.tree.Name(u.Parent), communes: p.tree.Count(u.ID, Commune), below: len(p.tree.Children(u.ID))}
	if u.Tier == Commune {
		l.communes = 0
	}
	if p.on < p.today && u.To != 0 {
		l.now = o.Successors(u.ID, p.today)
	}
	return l
}

func (p *unitsPage) page() ui.Page {
	page := ui.Page{Title: i18n.T("org.units"), Lead: i18n.T("org.units.lead"), Body: unitsBody(p), Wide: true}
	if p.under.ID != "" {
		page.Title, page.Lead = ui.Plain(p.under.Name), i18n.Text{}
		page.Crumbs = p.crumbs(p.tree, p.under.ID)
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.unit.page"), Href: p.unit(p.under.ID), Icon: "info"})
	}
	page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.map"), Href: p.href("/org/map", "under", string(p.under.ID)), Icon: "map"})
	page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.calendar"), Href: "/org/calendar", Icon: "calendar"})
	if p.adds {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.new"), Href: "/org/new", Icon: "plus"})
	}
	if p.edits {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.import"), Href: "/org/import", Icon: "upload"})
	}
	if p.merges {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.merger"), Href: "/org/merger", Icon: "path"})
	}
	return page
}

// crumbs is the way from all units down to the one above id.
func (m moment) crumbs(t *Tree, id UnitID) []ui.Crumb {
	crumbs := []ui.Crumb{{Text: i18n.T("org.units"), Href: m.href("/org/units")}}
	up := t.Ancestors(id)
	for i := len(up) - 1; i >= 0; i-- {
		crumbs = append(crumbs, ui.Crumb{Text: ui.Plain(t.Name(up[i])), Href: m.below(up[i])})
	}
	return crumbs
}

// nameNow is the name of a unit today, or the last that it had.
func (o *Org) nameNow(ctx context.Context, id UnitID) string {
	b := o.now(ctx)
	if s, ok := b.at(id, clock.Today(ctx)); ok {
		return s.Name
	}
	if s, ok := b.last(id); ok {
		return s.Name
	}
	return "–"
}

// nameOn is the name of a unit on a day, or its name now.
func (o *Org) nameOn(ctx context.Context, id UnitID, on clock.Date) string {
	if s, ok := o.now(ctx).at(id, on); ok {
		return s.Name
	}
	return o.nameNow(ctx, id)
}

func kindText(k Kind) i18n.Text { return i18n.T("org.kind." + string(k)) }

func tierText(t Tier) i18n.Text { return i18n.T("org.tier." + string(t)) }

// partText writes a share for people: «1/3», nothing for the whole.
func partText(s Share) string {
	if s.Num == s.Den {
		return ""
	}
	return strconv.FormatInt(s.Num, 10) + "/" + strconv.FormatInt(s.Den, 10)
}
