package access

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/pdf"
	"lotrinh/platform/sheet"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const (
	usersSize = 50
	slipsMax  = 3000 // in one file; more are printed unit by unit
	listLimit = 5 << 20
)

func (a *Access) routesUsers(m *web.Mux) {
	m.Handle("GET /access/users", a.showUsers)
	m.Handle("GET /access/users/new", a.showNewUser)
	m.Handle("POST /access/users/new", a.newUser)
	m.Handle("POST /access/users/bulk", a.bulk)
	m.Handle("POST /access/users/slips", a.slips)
	m.Handle("POST /access/users/invite", a.inviteAll)
	m.Handle("GET /access/users/import", a.showImport)
	m.Handle("POST /access/users/import", a.importUsers)
	m.Handle("GET /access/users/{id}", a.showUser)
	m.Handle("POST /access/users/{id}", a.saveUser)
	m.Handle("POST /access/users/{id}/do", a.userDo)
}

// place is a unit that a page is about, with the way to it.
type place struct {
	id     org.UnitID
	name   string
	crumbs []ui.Crumb
}

// place reads which unit a page is about: the one asked for, where allowed, else
// the first in which the actor may do it.
func (a *Access) placeOf(ctx context.Context, r *http.Request, s Scope) (place, error) {
	t := a.orgs.Now(ctx)
	id := org.UnitID(r.FormValue("unit"))
	if id == "" {
		tops := s.Tops()
		if s.All() {
			tops = t.Roots()
		}
		if len(tops) == 0 {
			return place{}, refuse(ctx)
		}
		id = a.orgs.Main(tops[0])
	}
	if !a.inside(s, id) {
		return place{}, errs.New(errs.NotFound, "error.not-found")
	}
	p := place{id: id, name: a.unitName(ctx, id)}
	if !t.Has(id) {
		return p, nil
	}
	for _, up := range t.Ancestors(id) {
		if a.inside(s, up) {
			p.crumbs = append([]ui.Crumb{{Text: ui.Plain(t.Name(up)), Href: "/access/users?unit=" + url.QueryEscape(string(up))}}, p.crumbs...)
		}
	}
	return p, nil
}

func (a *Access) inside(s Scope, unit org.UnitID) bool {
	for _, top := range s.Tops() {
		if a.orgs.Covers(top, unit) {
			return true
		}
	}
	return s.All()
}

// usersPage is what the list of users shows.
type usersPage struct {
	place
	filter  AccountFilter
	list    []Account
	units   map[org.UnitID]string
	tallies []Tally
	tops    []ui.Link
	edits   bool
	mails   bool
	open    int // requests about data that wait for an answer
	pages   ui.Pages
}

func (a *Access) showUsers(w http.ResponseWriter, r *http.Request) (err error) {
	ctx := r.Context()
	u := usersPage{units: map[org.UnitID]string{}, mails: a.mails()}
	if u.place, err = a.placeOf(ctx, r, In(ctx, ViewAccounts)); err != nil {
		return err
	}
	u.tops = a.tops(ctx, In(ctx, ViewAccounts), "/access/users?unit=", u.id)
	q := r.URL.Query()
	u.filter = AccountFilter{Query: q.Get("q"), Unit: u.id, State: State(q.Get("state")), Page: ui.PageAt(q), Size: usersSize}
	var total int
	if u.list, total, err = a.Accounts(ctx, u.filter); err != nil {
		return err
	}
	if u.tallies, err = a.Tallies(ctx, u.id); err != nil {
		return err
	}
	for _, acc := range u.list {
		u.units[acc.Unit] = a.unitName(ctx, acc.Unit)
	}
	for _, t := range u.tallies {
		u.units[t.Unit] = a.unitName(ctx, t.Unit)
	}
	if u.edits = Allowed(ctx, EditAccounts, u.id); u.edits {
		waiting, err := a.Corrections(ctx, false, true)
		if err != nil {
			return err
		}
		u.open = len(waiting)
	}
	u.pages = ui.Pages{At: u.filter.Page, Size: usersSize, Total: total, Path: "/access/users", Query: q}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("access.users.of", u.name), Crumbs: u.crumbs, Wide: true, Body: usersBody(u)})
}

// userForm is the fields of an account as typed.
type userForm struct {
	Name, Title, Email string
	Unit               org.UnitID
	Edition            int64
}

func readUserForm(r *http.Request) userForm {
	edition, _ := strconv.ParseInt(r.PostFormValue("edition"), 10, 64) // 0 when missing: nothing has that edition
	return userForm{r.PostFormValue("name"), r.PostFormValue("title"), r.PostFormValue("email"), org.UnitID(r.PostFormValue("unit")), edition}
}

func (a *Access) showNewUser(w http.ResponseWriter, r *http.Request) error {
	return a.newUserPage(w, r, userForm{}, nil)
}

func (a *Access) newUserPage(w http.ResponseWriter, r *http.Request, f userForm, refused *errs.Error) error {
	p, err := a.placeOf(r.Context(), r, In(r.Context(), EditAccounts))
	if err != nil {
		return err
	}
	f.Unit = p.id
	status := http.StatusOK
	if refused != nil {
		status = refused.Kind.Status()
	}
	crumbs := append(p.crumbs, ui.Crumb{Text: i18n.T("access.users.of", p.name), Href: usersHref(p.id)})
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("access.users.new"), Crumbs: crumbs, Narrow: true, Body: newUserBody(p, f, refused)})
}

func (a *Access) newUser(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	f := readUserForm(r)
	id, err := a.OpenAccount(r.Context(), NewAccount{Name: f.Name, Title: f.Title, Email: f.Email, Unit: f.Unit})
	if err != nil {
		if e := errs.Of(err); e.Kind == errs.Invalid || e.Kind == errs.Conflict {
			return a.newUserPage(w, r, f, e)
		}
		return err
	}
	return done(w, r, "access.users.made-one", userHref(id))
}

func usersHref(unit org.UnitID) string { return "/access/users?unit=" + url.QueryEscape(string(unit)) }

func userHref(id AccountID) string { return "/access/users/" + url.PathEscape(string(id)) }

// bulk makes accounts for everybody with a post in a unit.
func (a *Access) bulk(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	unit := org.UnitID(r.PostFormValue("unit"))
	made, err := a.OpenForUnit(r.Context(), unit)
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("access.users.made", len(made)))
	return web.SeeOther(w, r, usersHref(unit))
}

// slips prints the codes of all who wait for their first sign-in in a unit, or of
// one account. The codes are in the answer and nowhere else.
func (a *Access) slips(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx := r.Context()
	ids := []AccountID{AccountID(r.PostFormValue("account"))}
	if ids[0] == "" {
		var err error
		if ids, err = a.FreshIn(ctx, org.UnitID(r.PostFormValue("unit")), slipsMax+1); err != nil {
			return err
		}
	}
	switch {
	case len(ids) == 0:
		return errs.New(errs.Conflict, "access.slips.none")
	case len(ids) > slipsMax:
		return errs.New(errs.Conflict, "access.slips.many", slipsMax)
	}
	slips, err := a.Issue(ctx, ids...)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := a.paper(ctx, slips).Write(&body); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", `attachment; filename="phieu-tai-khoan.pdf"`)
	_, err = w.Write(body.Bytes())
	return err
}

func (a *Access) paper(ctx context.Context, slips []Slip) pdf.CodeSlips {
	p := pdf.CodeSlips{Made: clock.Now(ctx)}
	address := strings.TrimPrefix(strings.TrimPrefix(a.opt.Base, "https://"), "http://") + "/access/first"
	for _, s := range slips {
		p.Slips = append(p.Slips, pdf.CodeSlip{Name: s.Title, Unit: a.unitName(ctx, s.Unit), Account: s.Name, Code: s.Code,
			Address: address, URL: a.opt.Base + "/access/first?code=" + s.Code, Expires: s.Expires.In(clock.Zone)})
	}
	return p
}

func (a *Access) inviteAll(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	unit := org.UnitID(r.PostFormValue("unit"))
	ids, err := a.FreshIn(r.Context(), unit, slipsMax)
	if err != nil {
		return err
	}
	sent, err := a.Invite(r.Context(), ids...)
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("access.users.invited", sent, len(ids)-sent))
	return web.SeeOther(w, r, usersHref(unit))
}

func (a *Access) showImport(w http.ResponseWriter, r *http.Request) error {
	return a.importPage(w, r, nil, nil)
}

func (a *Access) importPage(w http.ResponseWriter, r *http.Request, faults []RowFault, refused *errs.Error) error {
	p, err := a.placeOf(r.Context(), r, In(r.Context(), EditAccounts))
	if err != nil {
		return err
	}
	status := http.StatusOK
	if refused != nil || len(faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	crumbs := append(p.crumbs, ui.Crumb{Text: i18n.T("access.users.of", p.name), Href: usersHref(p.id)})
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("access.import.title"), Lead: i18n.T("access.import.lead"), Crumbs: crumbs,
		Body: importBody(p, faults, refused)})
}

func (a *Access) importUsers(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, listLimit); err != nil {
		return err
	}
	unit := org.UnitID(r.FormValue("unit"))
	if err := Check(r.Context(), EditAccounts, unit); err != nil { // before any work is done on the file
		return err
	}
	file, head, err := r.FormFile("file")
	if err != nil {
		return a.importPage(w, r, nil, errs.New(errs.Invalid, "error.invalid").Field("file", "access.import.file"))
	}
	defer file.Close()
	table, err := sheet.Open(file, head.Size, head.Filename, sheet.Limits{File: listLimit, Rows: 20_000})
	if err != nil {
		return a.importRefused(w, r, err)
	}
	made, faults, err := a.ImportAccounts(r.Context(), unit, table)
	if err != nil {
		return a.importRefused(w, r, err)
	}
	if len(faults) > 0 {
		return a.importPage(w, r, faults, nil)
	}
	ui.Flash(w, r, ui.Good, i18n.T("access.users.made", len(made)))
	return web.SeeOther(w, r, usersHref(unit))
}

func (a *Access) importRefused(w http.ResponseWriter, r *http.Request, err error) error {
	if e := errs.Of(err); e.Kind == errs.Invalid || e.Kind == errs.Conflict {
		return a.importPage(w, r, nil, e)
	}
	return err
}
