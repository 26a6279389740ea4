package org

import (
	"bytes"
	"context"
	"net/http"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const peopleOnPage = 50

func (o *Org) routesPeople(m *web.Mux) {
	m.Handle("GET /org/people", o.showPeople)
	m.Handle("GET /org/people.xlsx", o.exportPage("xlsx"))
	m.Handle("GET /org/people.csv", o.exportPage("csv"))
	m.Handle("GET /org/people/form.xlsx", o.formPage)
	o.routesPerson(m)
	o.routesMerge(m)
	o.routesRoll(m)
}

// peoplePage lists people by name.
type peoplePage struct {
	Filter
	unit   string // as typed
	under  UnitID
	list   []Brief
	pages  ui.Pages
	place  func(UnitID) string
	wrong  *errs.Error // the unit was not found
	edits  bool
	merges bool
}

// filterOf reads a filter; its unit is an id or what somebody typed.
func (o *Org) filterOf(r *http.Request) (Filter, error) {
	f := Filter{Text: r.FormValue("q"), Category: Category(r.FormValue("category")), Own: r.FormValue("own") == "1",
		Heads: r.FormValue("heads") == "1", Bare: r.FormValue("bare") == "1", Left: r.FormValue("left") == "1"}
	typed := r.FormValue("unit")
	if f.Unit = UnitID(typed); typed == "" || o.now(r.Context()).units[f.Unit] != nil {
		return f, nil
	}
	var ok bool
	if f.Unit, ok = named(o.Now(r.Context()), typed); !ok {
		return f, errs.New(errs.Invalid, "error.invalid").Field("unit", "org.parent.none", typed)
	}
	return f, nil
}

func (o *Org) showPeople(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := peoplePage{place: func(id UnitID) string { return o.unitName(ctx, id) }, under: onlyTop(ctx, PersonRead),
		edits: access.Anywhere(ctx, PersonEdit), merges: access.Anywhere(ctx, PersonMerge)}
	if !access.Anywhere(ctx, PersonRead) {
		return access.Check(ctx, PersonRead, "")
	}
	var err error
	if p.Filter, err = o.filterOf(r); err != nil {
		p.wrong, p.unit = errs.Of(err), r.FormValue("unit")
		return ui.Show(w, r, http.StatusUnprocessableEntity, p.page(r))
	}
	if p.unit = labelOf(o.Now(ctx), p.Unit); p.unit == "" && p.Unit != "" {
		p.unit = string(p.Unit)
	}
	p.pages = ui.Pages{At: ui.PageAt(r.URL.Query()), Size: peopleOnPage, Path: "/org/people", Query: r.URL.Query()}
	p.Limit, p.Offset = peopleOnPage, (p.pages.At-1)*peopleOnPage
	if p.list, err = o.Search(ctx, p.Filter); err != nil {
		return err
	}
	if p.pages.Total, err = o.Count(ctx, p.Filter); err != nil {
		return err
	}
	if err := o.noteList(ctx, p.Filter, len(p.list)); err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, p.page(r))
}

func (p *peoplePage) page(r *http.Request) ui.Page {
	page := ui.Page{Title: i18n.T("org.people"), Wide: true, Body: peopleBody(p)}
	if p.edits {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.person.add"), Icon: "plus", Href: "/org/people/new"},
			ui.Act{Text: i18n.T("org.rolls"), Icon: "upload", Href: "/org/rolls"})
	}
	if p.merges {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.twins"), Icon: "people", Href: "/org/twins"})
	}
	if p.pages.Total > 0 {
		q := "?" + r.URL.Query().Encode()
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.people.xlsx"), Icon: "download", Href: "/org/people.xlsx" + q, Download: true},
			ui.Act{Text: i18n.T("org.people.csv"), Icon: "download", Href: "/org/people.csv" + q, Download: true})
	}
	return page
}

// filtered says whether fewer than all are asked for.
func (p *peoplePage) filtered() bool {
	f := p.Filter
	f.Limit, f.Offset = 0, 0
	return f != Filter{}
}

// briefTags say of somebody in a list what he heads.
func briefTags(b Brief) (tags []ui.Tag) {
	if b.Head {
		tags = append(tags, ui.Tag{Tone: ui.Warn, Text: i18n.T("org.post.head")})
	}
	if b.PartyHead {
		tags = append(tags, ui.Tag{Tone: ui.Warn, Text: i18n.T("org.post.party-head")})
	}
	return tags
}

// unitName is what a unit is called, or was called last.
func (o *Org) unitName(ctx context.Context, id UnitID) string {
	return (&unitFinder{t: o.Now(ctx), b: o.now(ctx)}).name(id)
}

func (o *Org) exportPage(format string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var b bytes.Buffer
		f, err := o.filterOf(r)
		if err != nil {
			return err
		}
		if !access.Anywhere(r.Context(), PersonRead) {
			return access.Check(r.Context(), PersonRead, f.Unit)
		}
		if err := o.ExportPeople(r.Context(), &b, format, f); err != nil {
			return err
		}
		return download(w, "danh-sach."+format, b.Bytes())
	}
}

func (o *Org) formPage(w http.ResponseWriter, r *http.Request) error {
	var b bytes.Buffer
	if err := o.RollForm(r.Context(), &b, UnitID(r.FormValue("unit"))); err != nil {
		return err
	}
	return download(w, "mau-danh-sach.xlsx", b.Bytes())
}

func download(w http.ResponseWriter, name string, body []byte) error {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := w.Write(body)
	return err
}
