package org

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// unitForm is what somebody typed about a unit.
type unitForm struct {
	code, name, kind, parent, sort, lat, lon string
	codes                                    map[System]string
	basis                                    basisForm
	edition                                  string
}

// basisForm is what somebody typed about what a change rests on.
type basisForm struct {
	on, operates, closes, number, title, issuer, signed, url string
}

func basisFormOf(r *http.Request) basisForm {
	return basisForm{r.FormValue("effective"), r.FormValue("operates"), r.FormValue("closes"),
		r.FormValue("number"), r.FormValue("act"), r.FormValue("issuer"), r.FormValue("signed"), r.FormValue("url")}
}

// read makes a basis of the form; what is wrong is noted by field.
func (b basisForm) read(f *errs.Form) Basis {
	date := func(field, s string) clock.Date {
		d, err := ui.DateValue(s)
		f.Need(err == nil, field, "org.date.bad", s)
		return d
	}
	by := Basis{On: date("effective", b.on), Operates: date("operates", b.operates), Closes: date("closes", b.closes)}
	f.Need(by.On != 0, "effective", "org.unit.need-date")
	f.Need(by.Operates == 0 || by.Operates >= by.On, "operates", "org.unit.need-span", (by.On - 1).Viet())
	f.Need(by.Closes == 0 || by.Closes >= by.On, "closes", "org.unit.need-span", (by.On - 1).Viet())
	by.Act = Act{Number: b.number, Title: b.title, Issuer: b.issuer, Signed: date("signed", b.signed), URL: b.url}.clean()
	f.Need(b.url == "" || isWeb(b.url), "url", "org.act.bad-url")
	return by
}

// isWeb lets through addresses that a link may lead to.
func isWeb(url string) bool {
	for _, scheme := range []string{"https://", "http://"} {
		if len(url) > len(scheme) && url[:len(scheme)] == scheme {
			return true
		}
	}
	return false
}

func unitFormOf(r *http.Request) unitForm {
	f := unitForm{code: r.FormValue("code"), name: r.FormValue("name"), kind: r.FormValue("kind"), parent: r.FormValue("parent"),
		sort: r.FormValue("sort"), lat: r.FormValue("lat"), lon: r.FormValue("lon"), codes: map[System]string{},
		basis: basisFormOf(r), edition: r.FormValue("edition")}
	for _, s := range Systems {
		f.codes[s] = r.FormValue("code-" + string(s))
	}
	return f
}

// read makes a unit of the form, below the parent that its code or name names.
func (in unitForm) read(t *Tree, f *errs.Form) Unit {
	u := Unit{Code: clean(in.code), Name: clean(in.name), Kind: Kind(in.kind), Tier: TierOf(Kind(in.kind))}
	f.Need(u.Name != "", "name", "org.unit.need-name")
	f.Need(u.Tier != "", "kind", "org.unit.need-kind")
	var ok bool
	if u.Parent, ok = named(t, in.parent); !ok {
		f.Need(false, "parent", "org.parent.none", in.parent)
	}
	float := func(field, s string) float64 {
		if s == "" {
			return 0
		}
		v, err := strconv.ParseFloat(s, 64)
		f.Need(err == nil, field, "org.unit.need-place")
		return v
	}
	u.Lat, u.Lon = float("lat", in.lat), float("lon", in.lon)
	if in.sort != "" {
		n, err := strconv.Atoi(in.sort)
		f.Need(err == nil, "sort", "org.sort.bad")
		u.Sort = n
	}
	return u
}

// named finds the unit that somebody typed: «Tỉnh Quảng Nam (49)», a code, or a
// name that only one bears. Nothing typed is the root.
func named(t *Tree, typed string) (UnitID, bool) {
	if typed = clean(typed); typed == "" {
		return "", true
	}
	for i := range t.units {
		if u := &t.units[i]; typed == u.Code || typed == u.Name+" ("+u.Code+")" || typed == string(u.ID) {
			return u.ID, true
		}
	}
	found := t.Search(typed, "", 2)
	if len(found) == 1 || len(found) == 2 && nameKey(found[0].Name) == nameKey(typed) && nameKey(found[1].Name) != nameKey(typed) {
		return found[0].ID, true
	}
	return "", false
}

func labelOf(t *Tree, id UnitID) string {
	u, ok := t.Unit(id)
	switch {
	case !ok:
		return ""
	case u.Code == "":
		return u.Name
	}
	return u.Name + " (" + u.Code + ")"
}

// editPage is the form of a unit: a new one, or one that changes.
type editPage struct {
	to      string
	unit    Unit // that changes, or below which the new one lies
	isNew   bool
	form    unitForm
	refused *errs.Error
}

func (o *Org) showEdit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := o.Unit(ctx, UnitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := access.Check(ctx, UnitEdit, d.Unit.ID); err != nil {
		return err
	}
	u, t := d.Unit, o.Now(ctx)
	f := unitForm{code: u.Code, name: u.Name, kind: string(u.Kind), parent: labelOf(t, u.Parent), codes: d.Codes, edition: strconv.FormatInt(d.Edition, 10)}
	if u.Sort != 0 {
		f.sort = strconv.Itoa(u.Sort)
	}
	if u.Located() {
		f.lat, f.lon = strconv.FormatFloat(u.Lat, 'f', -1, 64), strconv.FormatFloat(u.Lon, 'f', -1, 64)
	}
	f.basis.on = clock.Today(ctx).String()
	return o.edit(w, r, http.StatusOK, editPage{to: r.URL.Path, unit: u, form: f})
}

func (o *Org) edit(w http.ResponseWriter, r *http.Request, status int, p editPage) error {
	t := o.Now(r.Context())
	page := ui.Page{Title: i18n.T("org.edit.of", p.unit.Name), Body: editBody(&p), Narrow: true}
	if p.isNew {
		page.Title = i18n.T("org.new")
	}
	page.Crumbs = moment{}.crumbs(t, p.unit.ID)
	if p.unit.ID != "" {
		page.Crumbs = append(page.Crumbs, ui.Crumb{Text: ui.Plain(p.unit.Name), Href: "/org/units/" + string(p.unit.ID)})
	}
	return ui.Show(w, r, status, page)
}

// formAgain shows the form once more when what was typed was refused.
func (o *Org) formAgain(w http.ResponseWriter, r *http.Request, p editPage, err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind == errs.Denied || e.Kind == errs.Stranger || e.Kind == errs.Fault {
		return err
	}
	p.refused = e
	return o.edit(w, r, e.Kind.Status(), p)
}

func (o *Org) saveUnit(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx := r.Context()
	d, err := o.Unit(ctx, UnitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := editPage{to: r.URL.Path, unit: d.Unit, form: unitFormOf(r)}
	var f errs.Form
	u, by := p.form.read(o.Now(ctx), &f), p.form.basis.read(&f)
	by.Edition, _ = strconv.ParseInt(p.form.edition, 10, 64)
	if err := f.Err(); err != nil {
		return o.formAgain(w, r, p, err)
	}
	e := Edit{Code: &u.Code, Name: &u.Name, Kind: &u.Kind, Parent: &u.Parent, Sort: &u.Sort, Lat: &u.Lat, Lon: &u.Lon}
	err = o.db.Try(ctx, func(ctx context.Context) error {
		if err := o.Change(ctx, d.Unit.ID, e, by); err != nil {
			return err
		}
		for _, s := range Systems {
			if clean(p.form.codes[s]) != d.Codes[s] {
				if err := o.SetCode(ctx, d.Unit.ID, s, p.form.codes[s], by.On); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return o.formAgain(w, r, p, err)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.saved", u.Name))
	return web.SeeOther(w, r, "/org/units/"+string(d.Unit.ID))
}

func (o *Org) showNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	parent := UnitID(r.PathValue("id"))
	if err := o.mayAdd(ctx, UnitEdit, parent); err != nil {
		return err
	}
	t := o.Now(ctx)
	u, ok := t.Unit(parent)
	if !ok && parent != "" {
		return errs.New(errs.NotFound, "org.unit.none")
	}
	f := unitForm{parent: labelOf(t, parent), kind: string(kindBelow(u.Tier)), basis: basisForm{on: clock.Today(ctx).String()}}
	return o.edit(w, r, http.StatusOK, editPage{to: r.URL.Path, unit: u, isNew: true, form: f})
}

// kindBelow is the kind that is most often put below a tier.
func kindBelow(t Tier) Kind {
	switch t {
	case Province:
		return KindDepartment
	case District:
		return KindDivision
	case Commune:
		return KindVillage
	case Agency:
		return KindDivision
	}
	return KindProvince
}

func (o *Org) newUnit(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx := r.Context()
	t := o.Now(ctx)
	p := editPage{to: r.URL.Path, isNew: true, form: unitFormOf(r)}
	p.unit, _ = t.Unit(UnitID(r.PathValue("id")))
	var f errs.Form
	u, by := p.form.read(t, &f), p.form.basis.read(&f)
	if err := f.Err(); err != nil {
		return o.formAgain(w, r, p, err)
	}
	var id UnitID
	err := o.db.Try(ctx, func(ctx context.Context) (err error) {
		id, err = o.Add(ctx, u, by)
		return err
	})
	if err != nil {
		return o.formAgain(w, r, p, err)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.saved", u.Name))
	return web.SeeOther(w, r, "/org/units/"+string(id))
}

// endPage is the form by which a unit ends: without a successor, or into another.
type endPage struct {
	unit    Unit
	to      string
	heir    string
	basis   basisForm
	edition string
	refused *errs.Error
}

func (o *Org) showEnd(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := o.Unit(ctx, UnitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := access.Check(ctx, UnitEdit, d.Unit.ID); err != nil {
		return err
	}
	p := endPage{unit: d.Unit, to: r.URL.Path, edition: strconv.FormatInt(d.Edition, 10), basis: basisForm{on: clock.Today(ctx).String()}}
	return o.showEnding(w, r, http.StatusOK, p)
}

func (o *Org) showEnding(w http.ResponseWriter, r *http.Request, status int, p endPage) error {
	page := ui.Page{Title: i18n.T("org.end.of", p.unit.Name), Lead: i18n.T("org.end.lead"), Body: endBody(&p), Narrow: true}
	page.Crumbs = append(moment{}.crumbs(o.Now(r.Context()), p.unit.ID), ui.Crumb{Text: ui.Plain(p.unit.Name), Href: "/org/units/" + string(p.unit.ID)})
	return ui.Show(w, r, status, page)
}

func (o *Org) endUnit(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx := r.Context()
	d, err := o.Unit(ctx, UnitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := endPage{unit: d.Unit, to: r.URL.Path, heir: r.FormValue("heir"), basis: basisFormOf(r), edition: r.FormValue("edition")}
	var f errs.Form
	by := p.basis.read(&f)
	by.Edition, _ = strconv.ParseInt(p.edition, 10, 64)
	heir, ok := named(o.On(ctx, by.On), p.heir)
	f.Need(ok && heir != d.Unit.ID, "heir", "org.parent.none", p.heir)
	if err = f.Err(); err == nil {
		err = o.db.Try(ctx, func(ctx context.Context) error {
			if heir == "" {
				return o.End(ctx, d.Unit.ID, by)
			}
			return o.Succeed(ctx, []Pair{{From: d.Unit.ID, To: heir, Kind: Merge, Num: 1, Den: 1}}, by)
		})
	}
	var e *errs.Error
	if errors.As(err, &e) && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		p.refused = e
		return o.showEnding(w, r, e.Kind.Status(), p)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.ended", d.Unit.Name))
	return web.SeeOther(w, r, "/org/units/"+string(d.Unit.ID))
}
