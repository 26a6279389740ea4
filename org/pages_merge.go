package org

import (
	"context"
	"net/http"
	"net/url"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (o *Org) routesMerge(m *web.Mux) {
	m.Handle("GET /org/twins", o.showTwins)
	m.Handle("GET /org/people/{id}/merge", o.showMerge)
	m.Handle("POST /org/people/{id}/merge", o.mergePage)
}

// twinsPage lists pairs of records that are likely of one person.
type twinsPage struct {
	pairs [][2]Brief
	place func(UnitID) string
}

func mergeHref(keep, drop PersonID) string {
	return personPath(keep) + "/merge?with=" + url.QueryEscape(string(drop))
}

func (o *Org) showTwins(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, PersonMerge) {
		return access.Check(ctx, PersonMerge, "")
	}
	pairs, err := o.Twins(ctx)
	if err != nil {
		return err
	}
	p := twinsPage{pairs, func(id UnitID) string { return o.unitName(ctx, id) }}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("org.twins"), Lead: i18n.T("org.twins.lead"), Crumbs: peopleCrumbs(), Body: twinsBody(&p), Wide: true})
}

// mergeView is two records beside each other, or one for which the other is sought.
type mergeView struct {
	MergePreview
	person  Person
	who     Picked
	refused *errs.Error // nobody is called so
	place   func(UnitID) string
}

func (o *Org) showMerge(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, posts, err := o.Person(ctx, PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := o.mayMerge(ctx, x.ID, posts); err != nil {
		return err
	}
	v := mergeView{person: x, place: func(id UnitID) string { return o.unitName(ctx, id) }, who: o.PickOf(r, "who", i18n.T("org.merge.other"))}
	with := PersonID(r.FormValue("with"))
	if with == "" && v.who.Typed != "" {
		if with, err = o.Pick(ctx, &v.who); err != nil {
			if v.refused, err = refusedForm(err); err != nil {
				return err
			}
		}
	}
	if with != "" {
		if v.MergePreview, err = o.PreviewMerge(ctx, x.ID, with); err != nil {
			return err
		}
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("org.person.merge"), Lead: ui.Plain(x.Name), Body: mergeBody(&v), Wide: true,
		Crumbs: peopleCrumbs(ui.Crumb{Text: i18n.T("org.twins"), Href: "/org/twins"}, ui.Crumb{Text: ui.Plain(x.Name), Href: personPath(x.ID)})})
}

func (o *Org) mergePage(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	keep, drop := PersonID(r.PathValue("id")), PersonID(r.FormValue("with"))
	err := o.db.Try(r.Context(), func(ctx context.Context) error { return o.MergePeople(ctx, keep, drop) })
	if err != nil {
		e, err := refusedForm(err)
		if err != nil {
			return err
		}
		ui.Flash(w, r, ui.Bad, e.Text)
		return web.SeeOther(w, r, mergeHref(keep, drop))
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.merge.done"))
	return web.SeeOther(w, r, personPath(keep))
}

// mergeRow is one particular of two records and of what comes of them.
type mergeRow struct {
	name             i18n.Text
	keep, drop, into string
}

func (v *mergeView) particulars(ctx context.Context) []mergeRow {
	sex := func(s string) string { return i18n.S(ctx, "org.sex."+s) }
	a, b, c := v.Keep, v.Drop, v.Into
	return []mergeRow{{columnTitle("name"), a.Name, b.Name, c.Name}, {columnTitle("birth"), dash(a.Birth.Viet()), dash(b.Birth.Viet()), dash(c.Birth.Viet())},
		{columnTitle("sex"), sex(a.Sex), sex(b.Sex), sex(c.Sex)}, {columnTitle("number"), dash(a.Mask), dash(b.Mask), dash(c.Mask)},
		{columnTitle("email"), dash(a.Email), dash(b.Email), dash(c.Email)}, {columnTitle("phone"), dash(a.Phone), dash(b.Phone), dash(c.Phone)}}
}
