package access

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (a *Access) routesGrants(m *web.Mux) {
	m.Handle("GET /access/grants", a.showGrants)
	m.Handle("GET /access/roles", a.showRoles)
	m.Handle("POST /access/roles/second", a.setSecond)
	m.Handle("POST /access/users/{id}/grants", a.give)
	m.Handle("POST /access/grants/{id}/revoke", a.revoke)
}

// grantForm is a grant as typed.
type grantForm struct {
	Role      string
	Unit      org.UnitID
	From, To  string
	Delegable bool
	Note      string
}

// giveable lists the roles that the actor of ctx may give somewhere.
func (a *Access) giveable(ctx context.Context) (options []ui.Option) {
	who, ok := Who(ctx)
	if !ok {
		return nil
	}
	for _, r := range module.Roles {
		may := who.system && r != module.Learner
		for _, own := range who.Grants {
			may = may || slices.Contains(below[own.Role], r) || own.Role == r && own.Delegable
		}
		if may {
			options = append(options, ui.Option{Value: string(r), Text: i18n.T("access.role." + string(r))})
		}
	}
	return options
}

// unitOptions lists units to choose from near one: the way down to it, itself, and
// what lies right below it, as far as the actor may do act there.
func (a *Access) unitOptions(ctx context.Context, act module.ActionName, near org.UnitID) (options []ui.Option) {
	t := a.orgs.Now(ctx)
	near = a.orgs.Main(near)
	if !t.Has(near) {
		return nil
	}
	list := t.Ancestors(near)
	slices.Reverse(list)
	list = append(append(list, near), t.Children(near)...)
	for _, u := range list {
		if who, ok := Who(ctx); ok && (who.system || who.over(act, u)) {
			options = append(options, ui.Option{Value: string(u), Text: ui.Plain(t.Name(u))})
		}
	}
	return options
}

// lines puts grants in words.
func (a *Access) lines(ctx context.Context, held []Granted) ([]grantLine, error) {
	ids := map[AccountID]string{}
	for _, g := range held {
		ids[g.By], ids[g.Account] = "", ""
	}
	if err := a.titles(ctx, ids); err != nil {
		return nil, err
	}
	out := make([]grantLine, len(held))
	for i, g := range held {
		out[i] = grantLine{g, a.unitName(ctx, g.Unit), ids[g.Account], ids[g.By]}
	}
	return out, nil
}

// titles fills in who accounts are.
func (a *Access) titles(ctx context.Context, ids map[AccountID]string) error {
	type row struct {
		ID    AccountID `db:"id"`
		Title string    `db:"title"`
	}
	keys := make([]AccountID, 0, len(ids))
	for id := range ids {
		keys = append(keys, id)
	}
	for chunk := range slices.Chunk(keys, 500) {
		w := db.NewWhere()
		db.In(w, "id", chunk)
		err := db.Each(ctx, a.db, `select id, title from access_account where `+w.SQL(), w.Args(), func(r row) error {
			ids[r.ID] = r.Title
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Grants lists the grants on a unit and below it that hold today or will, for who
// may see them there, the widest role first.
func (a *Access) Grants(ctx context.Context, unit org.UnitID) ([]Granted, error) {
	if err := Check(ctx, ViewGrants, unit); err != nil {
		return nil, err
	}
	w := Scope{tops: []org.UnitID{unit}}.Narrow(db.NewWhere(clock.Today(ctx)), "g.unit_id")
	list, err := db.All[Granted](ctx, a.db, `select `+db.Columns[Granted]("g")+` from access_grant g where (g.to_on is null or g.to_on > $1)
		and `+w.SQL()+` order by g.unit_id, g.from_on, g.id limit 1000`, w.Args()...)
	slices.SortStableFunc(list, func(x, y Granted) int { return slices.Index(module.Roles, x.Role) - slices.Index(module.Roles, y.Role) })
	return list, err
}

func (a *Access) showGrants(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := a.placeOf(ctx, r, In(ctx, ViewGrants))
	if err != nil {
		return err
	}
	list, err := a.Grants(ctx, p.id)
	if err != nil {
		return err
	}
	lines, err := a.lines(ctx, list)
	if err != nil {
		return err
	}
	crumbs := append(p.crumbs, ui.Crumb{Text: i18n.T("access.users.of", p.name), Href: usersHref(p.id)})
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("access.grants.of", p.name), Crumbs: crumbs, Wide: true,
		Body: grantsBody(a.tops(ctx, In(ctx, ViewGrants), "/access/grants?unit=", p.id), lines, func(g grantLine) bool { return a.revocable(ctx, g.Granted) })})
}

func (a *Access) revocable(ctx context.Context, g Granted) bool {
	who, ok := Who(ctx)
	return ok && Allowed(ctx, EditGrants, g.Unit) && who.masters(g.Role, g.Unit)
}

func (a *Access) give(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	id := AccountID(r.PathValue("id"))
	f := grantForm{r.PostFormValue("role"), org.UnitID(r.PostFormValue("unit")), r.PostFormValue("from"), r.PostFormValue("to"),
		r.PostFormValue("delegable") == "1", r.PostFormValue("note")}
	err := a.giveForm(r.Context(), id, f)
	if err != nil {
		if e := errs.Of(err); e.Kind == errs.Invalid || e.Kind == errs.Conflict {
			return a.userPage(w, r, nil, &f, e)
		}
		return err
	}
	return done(w, r, "access.grants.given", userHref(id))
}

func (a *Access) giveForm(ctx context.Context, id AccountID, f grantForm) error {
	var form errs.Form
	from, err := ui.DateValue(f.From)
	form.Need(err == nil, "from", "access.grant.date")
	to, err := ui.DateValue(f.To)
	form.Need(err == nil, "to", "access.grant.date")
	if err := form.Err(); err != nil {
		return err
	}
	if to != 0 {
		to++ // people write the last day, the house keeps the first day after it
	}
	_, err = a.Give(ctx, id, Grant{Role: module.Role(f.Role), Unit: f.Unit, From: from, To: to, Delegable: f.Delegable}, f.Note)
	return err
}

func (a *Access) revoke(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	if err := a.Revoke(r.Context(), GrantID(r.PathValue("id"))); err != nil {
		return err
	}
	return done(w, r, "access.grants.revoked", local(r.PostFormValue("back")))
}

// matrixRow is an action with the roles that may do it.
type matrixRow struct {
	module string
	action module.ActionName
	roles  []module.Role
}

// matrix lists all actions of the house, by module.
func matrix() (rows []matrixRow) {
	for name, roles := range rolesOf {
		m, _, _ := strings.Cut(string(name), ".")
		rows = append(rows, matrixRow{m, name, roles})
	}
	slices.SortFunc(rows, func(x, y matrixRow) int { return strings.Compare(string(x.action), string(y.action)) })
	return rows
}

func (a *Access) showRoles(w http.ResponseWriter, r *http.Request) error {
	if !Anywhere(r.Context(), ViewGrants) {
		return refuse(r.Context())
	}
	want, err := a.SecondRoles(r.Context())
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("access.roles.title"), Lead: i18n.T("access.roles.lead"), Wide: true,
		Body: rolesBody(matrix(), want, a.checkWhole(r.Context(), EditSecond) == nil)})
}

func (a *Access) setSecond(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	var roles []module.Role
	for _, name := range r.PostForm["roles"] {
		roles = append(roles, module.Role(name))
	}
	if err := a.SetSecondRoles(r.Context(), roles); err != nil {
		return err
	}
	return done(w, r, "access.second.saved", "/access/roles")
}

// secondOptions are the roles that may be made to want a second factor.
func secondOptions() (options []ui.Option) {
	for _, r := range module.Roles {
		if r != module.Learner {
			options = append(options, ui.Option{Value: string(r), Text: i18n.T("access.role." + string(r))})
		}
	}
	return options
}

// strs are roles as form values.
func strs(roles []module.Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return out
}

// withheldCard tells on the first page which roles wait for a second factor.
func (a *Access) withheldCard(ctx context.Context) (web.Component, error) {
	who, ok := Who(ctx)
	if !ok || len(who.Withheld) == 0 {
		return nil, nil
	}
	return withheldNotice(withheldText(ctx, who)), nil
}
