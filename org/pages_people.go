package org

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

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
	m.Handle("GET /org/people/{id}", o.showPerson)
	o.routesRoll(m)
}

func filterOf(r *http.Request) Filter {
	return Filter{Unit: UnitID(r.FormValue("unit")), Text: r.FormValue("q"), Category: Category(r.FormValue("category")),
		Heads: r.FormValue("heads") == "1", Left: r.FormValue("left") == "1"}
}

// showPeople lists people by name.
func (o *Org) showPeople(w http.ResponseWriter, r *http.Request) error {
	ctx, f, at := r.Context(), filterOf(r), ui.PageAt(r.URL.Query())
	f.Limit, f.Offset = peopleOnPage, (at-1)*peopleOnPage
	list, err := o.Search(ctx, f)
	if err != nil {
		return err
	}
	n, err := o.Count(ctx, f)
	if err != nil {
		return err
	}
	if err := o.noteList(ctx, f, len(list)); err != nil {
		return err
	}
	rows := make([][]ui.Cell, len(list))
	for i, b := range list {
		rows[i] = []ui.Cell{{Text: b.Name, Href: "/org/people/" + string(b.ID)}, {Text: o.unitName(ctx, b.Unit)}, {Text: b.Title},
			{Text: i18n.S(ctx, "org.category."+string(b.Category))}}
	}
	parts := []templ.Component{ui.SearchBox(ui.Search{To: "/org/people", Query: f.Text, Label: i18n.T("org.people.search"), With: kept(r)})}
	if n == 0 {
		parts = append(parts, ui.Empty(i18n.T("org.people.none"), i18n.T("org.people.none-text")))
	} else {
		parts = append(parts, ui.Rows(peopleSheet("org.people"), rows), ui.Pager(ui.Pages{At: at, Size: peopleOnPage, Total: n, Path: "/org/people", Query: r.URL.Query()}))
	}
	query := "?" + r.URL.Query().Encode()
	acts := []ui.Act{{Text: i18n.T("org.people.xlsx"), Icon: "download", Href: "/org/people.xlsx" + query, Download: true},
		{Text: i18n.T("org.people.csv"), Icon: "download", Href: "/org/people.csv" + query, Download: true}}
	if access.Anywhere(ctx, PersonEdit) {
		acts = append([]ui.Act{{Text: i18n.T("org.rolls"), Icon: "upload", Href: "/org/rolls"}}, acts...)
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("org.people"), Wide: true, Body: templ.Join(parts...), Actions: acts})
}

// kept is what a search leaves of the query.
func kept(r *http.Request) url.Values {
	q := url.Values{}
	for _, k := range []string{"unit", "category", "heads", "left"} {
		if v := r.FormValue(k); v != "" {
			q.Set(k, v)
		}
	}
	return q
}

func peopleSheet(caption string) ui.Sheet {
	return ui.Sheet{Caption: i18n.T(caption), Bare: true, Cards: true, Columns: []ui.Column{{Text: columnTitle("name")}, {Text: columnTitle("unit")},
		{Text: columnTitle("title")}, {Text: columnTitle("category")}}}
}

// unitName is what a unit is called, or was called last.
func (o *Org) unitName(ctx context.Context, id UnitID) string {
	return (&unitFinder{t: o.Now(ctx), b: o.now(ctx)}).name(id)
}

// showPerson shows a person with all his posts.
func (o *Org) showPerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, posts, err := o.Person(ctx, PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	rows := make([][]ui.Cell, len(posts))
	for i, x := range posts {
		rows[i] = []ui.Cell{{Text: dash(x.Title)}, {Text: o.unitName(ctx, x.Unit)}, {Text: i18n.S(ctx, "org.category."+string(x.Category))},
			{Text: x.From.Viet()}, {Text: dash(x.To.Viet())}, {Text: dash(x.Why)}}
	}
	about := ui.Terms([]ui.Term{{Text: columnTitle("birth"), Data: p.Birth.Viet()}, {Text: columnTitle("sex"), Data: i18n.S(ctx, "org.sex."+p.Sex)},
		{Text: columnTitle("number"), Data: p.Mask}, {Text: columnTitle("email"), Data: p.Email}, {Text: columnTitle("phone"), Data: p.Phone}})
	held := ui.Rows(ui.Sheet{Caption: i18n.T("org.person.posts"), Cards: true, Columns: []ui.Column{{Text: columnTitle("title")}, {Text: columnTitle("unit")},
		{Text: columnTitle("category")}, {Text: columnTitle("from")}, {Text: i18n.T("org.person.until")}, {Text: i18n.T("org.person.decision")}}}, rows)
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: ui.Plain(p.Name), Crumbs: []ui.Crumb{{Text: i18n.T("org.people"), Href: "/org/people"}},
		Body: templ.Join(about, held)})
}

func (o *Org) exportPage(format string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var b bytes.Buffer
		if err := o.ExportPeople(r.Context(), &b, format, filterOf(r)); err != nil {
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
