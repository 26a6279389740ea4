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

func (o *Org) routesProvider(m *web.Mux) {
	m.Handle("GET /org/providers", o.showProviders)
	m.Handle("GET /org/providers/{id}", o.showProvider)
	m.Handle("POST /org/providers/{id}", o.saveProvider)
}

const newProvider = "new" // the id of a provider that is to be entered

func providerPath(p ProviderID) string { return "/org/providers/" + url.PathEscape(string(p)) }

// providersPage is the list of providers.
type providersPage struct {
	words string
	list  []Provider
	today clock.Date
	place func(UnitID) string
}

func (o *Org) showProviders(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := providersPage{words: clean(r.FormValue("q")), today: clock.Today(ctx), place: func(id UnitID) string { return o.unitName(ctx, id) }}
	var err error
	if p.list, err = o.Providers(ctx, p.words); err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T("org.providers"), Lead: i18n.T("org.providers.lead"), Body: providersBody(&p), Wide: true}
	if access.Anywhere(ctx, LecturerEdit) {
		page.Actions = []ui.Act{{Text: i18n.T("org.provider.add"), Href: providerPath(newProvider), Icon: "plus"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}

// providerForm is what somebody typed about a provider.
type providerForm struct {
	unit, code, name, contact, phone, email, contract, on, last, edition string
}

func (in providerForm) read(o *Org, ctx context.Context, f *errs.Form) Provider {
	date := func(field, s string) clock.Date {
		d, err := ui.DateValue(s)
		f.Need(err == nil, field, "org.date.bad", s)
		return d
	}
	p := Provider{Code: in.code, Name: in.name, Contact: in.contact, Phone: in.phone, Email: in.email, Contract: in.contract,
		ContractOn: date("contract_on", in.on), ContractTo: afterDay(date("contract_to", in.last))}
	var ok bool
	p.Unit, ok = named(o.Now(ctx), in.unit)
	f.Need(ok && p.Unit != "", "unit", "org.post.need-unit", in.unit)
	p.Edition, _ = strconv.ParseInt(in.edition, 10, 64)
	return p
}

// providerPage is a provider with its lecturers.
type providerPage struct {
	provider  Provider
	form      providerForm
	lecturers []Lecturer
	edits     bool
	under     UnitID
	place     func(UnitID) string
	now       []ui.Term
	refused   *errs.Error
}

func (o *Org) showProvider(w http.ResponseWriter, r *http.Request) error {
	p, err := o.providerPage(r)
	if err != nil {
		return err
	}
	return o.provider(w, r, http.StatusOK, p)
}

func (o *Org) providerPage(r *http.Request) (p providerPage, err error) {
	ctx := r.Context()
	if id := ProviderID(r.PathValue("id")); id == newProvider {
		if !access.Anywhere(ctx, LecturerEdit) {
			return p, access.Check(ctx, LecturerEdit, "")
		}
		p.edits, p.form = true, providerForm{unit: labelOf(o.Now(ctx), onlyTop(ctx, LecturerEdit))}
		return p, nil
	} else if p.provider, err = o.Provider(ctx, id); err != nil {
		return p, err
	}
	x := p.provider
	p.edits = access.Check(ctx, LecturerEdit, x.Unit) == nil
	p.form = providerForm{labelOf(o.Now(ctx), x.Unit), x.Code, x.Name, x.Contact, x.Phone, x.Email, x.Contract, x.ContractOn.String(),
		lastDay(x.ContractTo).String(), strconv.FormatInt(x.Edition, 10)}
	p.lecturers, err = o.Lecturers(ctx, LecturerFilter{Provider: x.ID})
	return p, err
}

func (o *Org) provider(w http.ResponseWriter, r *http.Request, status int, p providerPage) error {
	ctx := r.Context()
	p.place, p.under = func(id UnitID) string { return o.unitName(ctx, id) }, onlyTop(ctx, LecturerEdit)
	title := ui.Plain(p.provider.Name)
	if p.provider.ID == "" {
		title = i18n.T("org.provider.add")
	}
	return ui.Show(w, r, status, ui.Page{Title: title, Body: providerBody(&p), Crumbs: []ui.Crumb{{Text: i18n.T("org.providers"), Href: "/org/providers"}}})
}

func (p *providerPage) terms() []ui.Term {
	x := p.provider
	return []ui.Term{{Text: i18n.T("org.lecturer.unit"), Data: p.place(x.Unit)}, {Text: i18n.T("org.code"), Data: dash(x.Code)},
		{Text: i18n.T("org.provider.contact"), Data: dash(x.Contact)}, {Text: columnTitle("phone"), Data: dash(x.Phone)}, {Text: columnTitle("email"), Data: dash(x.Email)},
		{Text: i18n.T("org.provider.contract"), Data: dash(x.Contract)}, {Text: i18n.T("org.provider.contract-on"), Data: dash(x.ContractOn.Viet())},
		{Text: i18n.T("org.provider.contract-last"), Data: dash(lastDay(x.ContractTo).Viet())}}
}

func (o *Org) saveProvider(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx := r.Context()
	p, err := o.providerPage(r)
	if err != nil {
		return err
	}
	v := r.FormValue
	p.form = providerForm{v("unit"), v("code"), v("name"), v("contact"), v("phone"), v("email"), v("contract"), v("contract_on"), v("contract_to"), v("edition")}
	var f errs.Form
	x := p.form.read(o, ctx, &f)
	x.ID = p.provider.ID
	var id ProviderID
	if err = f.Err(); err == nil {
		err = o.db.Try(ctx, func(ctx context.Context) (err error) {
			id, err = o.SaveProvider(ctx, x)
			return err
		})
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		if changedSince(p.refused) {
			p.place = func(id UnitID) string { return o.unitName(ctx, id) }
			p.form.edition, p.now = strconv.FormatInt(p.provider.Edition, 10), p.terms()
		}
		return o.provider(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.saved", x.Name))
	return web.SeeOther(w, r, providerPath(id))
}

func providerOptions(list []Provider) []ui.Option {
	out := []ui.Option{{Text: i18n.T("org.provider.none")}}
	for _, p := range list {
		out = append(out, ui.Option{Value: string(p.ID), Text: ui.Plain(p.Name)})
	}
	return out
}
