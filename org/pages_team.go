package org

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (o *Org) routesTeam(m *web.Mux) {
	m.Handle("GET /org/teams", o.showTeams)
	m.Handle("GET /org/teams/new", o.showNewTeam)
	m.Handle("POST /org/teams/new", o.newTeam)
	m.Handle("GET /org/teams/work", o.showTeamWork)
	m.Handle("GET /org/teams/work.xlsx", o.teamWorkSheet)
	m.Handle("GET /org/teams/{id}", o.showTeam)
	m.Handle("GET /org/teams/{id}/edit", o.showEditTeam)
	m.Handle("POST /org/teams/{id}/edit", o.saveTeam)
	m.Handle("POST /org/teams/{id}/decision", o.sendDecision)
	m.Handle("GET /org/teams/{id}/decision", o.serveDecision)
	m.Handle("POST /org/teams/{id}/members", o.joinPage)
	m.Handle("POST /org/teams/{id}/members/{member}/end", o.endMemberPage)
	m.Handle("POST /org/teams/{id}/activities", o.logPage)
	m.Handle("POST /org/teams/{id}/activities/{activity}/drop", o.dropActivityPage)
}

func teamPath(t TeamID) string { return "/org/teams/" + url.PathEscape(string(t)) }

func teamCrumbs(more ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Text: i18n.T("org.teams"), Href: "/org/teams"}}, more...)
}

// teamsPage is the teams of a unit, counted and listed.
type teamsPage struct {
	TeamFilter
	typed  string // the unit
	under  UnitID
	counts []TeamCount
	list   []TeamLine
	pages  ui.Pages
	least  int64
	edits  bool
	place  func(UnitID) string
	wrong  *errs.Error
}

const teamsOnPage = 50

func (o *Org) showTeams(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, TeamRead) {
		return access.Check(ctx, TeamRead, "")
	}
	p := teamsPage{under: onlyTop(ctx, TeamRead), edits: access.Anywhere(ctx, TeamEdit), place: func(id UnitID) string { return o.unitName(ctx, id) }}
	p.Text, p.Over, p.typed = clean(r.FormValue("q")), r.FormValue("over") == "1", r.FormValue("unit")
	var err error
	if p.Unit, err = o.unitTyped(ctx, p.typed); err != nil {
		p.wrong = errs.Of(err)
		return ui.Show(w, r, http.StatusUnprocessableEntity, p.page())
	}
	if p.Unit == "" {
		p.Unit = p.under
	}
	p.typed = labelOf(o.Now(ctx), p.Unit)
	if err := o.fillTeams(ctx, &p, r.URL.Query()); err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, p.page())
}

// unitTyped is the unit that a field of a page names, by id, code or name.
func (o *Org) unitTyped(ctx context.Context, typed string) (UnitID, error) {
	if typed == "" || o.now(ctx).units[UnitID(typed)] != nil {
		return UnitID(typed), nil
	}
	id, ok := named(o.Now(ctx), typed)
	if !ok {
		return "", errs.New(errs.Invalid, "error.invalid").Field("unit", "org.parent.none", typed)
	}
	return id, nil
}

func (o *Org) fillTeams(ctx context.Context, p *teamsPage, q url.Values) (err error) {
	p.pages = ui.Pages{At: ui.PageAt(q), Size: teamsOnPage, Path: "/org/teams", Query: q}
	p.Limit, p.Offset = teamsOnPage, (p.pages.At-1)*teamsOnPage
	if p.list, err = o.Teams(ctx, p.TeamFilter); err != nil {
		return err
	}
	if p.pages.Total, err = o.CountTeams(ctx, p.TeamFilter); err != nil {
		return err
	}
	if p.least, err = o.Rule(ctx, TeamMin, clock.Today(ctx)); err != nil || p.Unit == "" {
		return err
	}
	p.counts, err = o.TeamCounts(ctx, p.Unit, clock.Today(ctx))
	return err
}

func (p *teamsPage) page() ui.Page {
	page := ui.Page{Title: i18n.T("org.teams"), Lead: i18n.T("org.teams.lead"), Body: teamsBody(p), Wide: true}
	if p.edits {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.team.add"), Href: "/org/teams/new?unit=" + url.QueryEscape(string(p.Unit)), Icon: "plus"})
	}
	page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.team.work"), Href: "/org/teams/work?unit=" + url.QueryEscape(string(p.Unit)), Icon: "task"})
	return page
}

func (p *teamsPage) terms(ctx context.Context) []ui.Term {
	c := p.counts[0]
	term := func(key string, n int) ui.Term {
		return ui.Term{Text: i18n.T("org.team.count." + key), Data: i18n.Number(ctx, n)}
	}
	out := []ui.Term{term("teams", c.Teams), term("members", c.Members), term("persons", c.Persons)}
	if c.Villages > 0 {
		out = append(out, ui.Term{Text: i18n.T("org.team.count.covered"), Data: i18n.Number(ctx, c.Covered) + "/" + i18n.Number(ctx, c.Villages)})
	}
	return append(out, ui.Term{Text: i18n.T("org.team.count.short", p.least), Data: i18n.Number(ctx, c.Short)})
}

// below are the counts of the units right below that have teams or villages.
func (p *teamsPage) below() (out []TeamCount) {
	for _, c := range p.counts[1:] {
		if c.Teams > 0 || c.Villages > 0 {
			out = append(out, c)
		}
	}
	return out
}

// teamForm is what somebody typed about a team.
type teamForm struct {
	unit, village, name, decision, on, from, last, edition string
}

func teamFormOf(r *http.Request) teamForm {
	v := r.FormValue
	return teamForm{v("unit"), v("village"), v("name"), v("decision"), v("decision_on"), v("from"), v("to"), v("edition")}
}

func (in teamForm) read(f *errs.Form) Team {
	date := func(field, s string) clock.Date {
		d, err := ui.DateValue(s)
		f.Need(err == nil, field, "org.date.bad", s)
		return d
	}
	t := Team{Name: in.name, Decision: in.decision, DecisionOn: date("decision_on", in.on), From: date("from", in.from), To: afterDay(date("to", in.last))}
	t.Edition, _ = strconv.ParseInt(in.edition, 10, 64)
	return t
}

// teamFormPage is the form of a team.
type teamFormPage struct {
	id      TeamID // "" a new one
	form    teamForm
	under   UnitID
	now     []ui.Term
	refused *errs.Error
}

func (o *Org) showNewTeam(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, TeamEdit) {
		return access.Check(ctx, TeamEdit, "")
	}
	p := teamFormPage{form: teamForm{on: clock.Today(ctx).String()}}
	if u, ok := o.Now(ctx).Unit(UnitID(r.FormValue("unit"))); ok && (u.Tier == Commune || u.Tier == Village) {
		p.form.unit = labelOf(o.Now(ctx), u.ID)
	}
	return o.teamForm(w, r, http.StatusOK, p)
}

func (o *Org) teamForm(w http.ResponseWriter, r *http.Request, status int, p teamFormPage) error {
	p.under = onlyTop(r.Context(), TeamEdit)
	page := ui.Page{Title: i18n.T("org.team.add"), Body: teamFormBody(&p), Crumbs: teamCrumbs(), Narrow: true}
	if p.id != "" {
		page.Title = i18n.T("org.edit.of", p.form.name)
		page.Crumbs = teamCrumbs(ui.Crumb{Text: ui.Plain(p.form.name), Href: teamPath(p.id)})
	}
	return ui.Show(w, r, status, page)
}

func (o *Org) newTeam(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx := r.Context()
	p := teamFormPage{form: teamFormOf(r)}
	var f errs.Form
	t := p.form.read(&f)
	unit, ok := named(o.Now(ctx), p.form.unit)
	f.Need(ok && unit != "", "unit", "org.post.need-unit", p.form.unit)
	err := f.Err()
	var id TeamID
	if err == nil {
		err = o.db.Try(ctx, func(ctx context.Context) (err error) {
			id, err = o.foundTeam(ctx, unit, p.form.village, t)
			return err
		})
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		return o.teamForm(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.team.added"))
	return web.SeeOther(w, r, teamPath(id))
}

// foundTeam enters a team in a unit, or in a village of it, which is entered where it
// is not there yet. Asks through AddVillages and AddTeam.
func (o *Org) foundTeam(ctx context.Context, unit UnitID, village string, t Team) (TeamID, error) {
	if t.From == 0 {
		t.From = t.DecisionOn
	}
	if clean(village) != "" && t.From != 0 {
		ids, err := o.AddVillages(ctx, unit, Basis{On: t.From, Act: Act{Number: t.Decision}}, village)
		if err != nil {
			e := errs.Of(err)
			if text, ok := e.Fields["villages"]; ok {
				return "", errs.New(errs.Invalid, "error.invalid").Field("village", text.Key, text.Args...)
			}
			return "", err
		}
		return o.addTeam(ctx, ids[0], t, nil) // AddVillages asked for the commune, of which the village is
	}
	return o.AddTeam(ctx, unit, t)
}

// teamPage is a team with its members and its log.
type teamPage struct {
	TeamView
	log     []ActivityLine
	join    joinForm
	entry   logForm
	place   func(UnitID) string
	today   clock.Date
	refused *errs.Error // of the form that open names
	open    string      // "join", "new" or "log"
}

type joinForm struct {
	who              Picked
	self             personForm
	role, from, mark string
}

type logForm struct {
	on, hours, what, place string
	there                  []string
}

func (o *Org) teamPage(r *http.Request) (p teamPage, err error) {
	ctx := r.Context()
	if p.TeamView, err = o.ViewTeam(ctx, TeamID(r.PathValue("id"))); err != nil {
		return p, err
	}
	p.today, p.place = clock.Today(ctx), func(id UnitID) string { return o.unitName(ctx, id) }
	if p.log, err = o.Activities(ctx, p.ID, 0, 0); err != nil {
		return p, err
	}
	p.join = joinForm{who: o.PickOf(r, "who", i18n.T("org.team.who")), self: personFormOf(r), role: r.FormValue("role"), from: r.FormValue("from")}
	p.entry = logForm{r.FormValue("on"), r.FormValue("hours"), r.FormValue("what"), r.FormValue("place"), r.Form["there"]}
	if p.join.from == "" {
		p.join.from = p.today.String()
	}
	if p.entry.on == "" {
		p.entry.on = p.today.String()
	}
	return p, o.audit(ctx, Entry{Action: TeamRead, Unit: p.Unit, Subject: "team:" + string(p.ID), Read: true})
}

func (o *Org) showTeam(w http.ResponseWriter, r *http.Request) error {
	p, err := o.teamPage(r)
	if err != nil {
		return err
	}
	return o.team1(w, r, http.StatusOK, p)
}

func (o *Org) team1(w http.ResponseWriter, r *http.Request, status int, p teamPage) error {
	page := ui.Page{Title: ui.Plain(p.Name), Body: teamBody(&p), Crumbs: teamCrumbs(), Wide: true}
	if p.MayEdit {
		page.Actions = []ui.Act{{Text: i18n.T("org.edit"), Href: teamPath(p.ID) + "/edit", Icon: "edit"}}
	}
	return ui.Show(w, r, status, page)
}

func (p *teamPage) terms(ctx context.Context) []ui.Term {
	terms := []ui.Term{{Text: columnTitle("unit"), Body: unitLink(p.place(p.Unit), "/org/units/"+string(p.Unit))},
		{Text: i18n.T("org.team.decision"), Data: i18n.S(ctx, "org.team.decision-of", p.Decision, p.DecisionOn.Viet())}}
	if p.DecisionFile != "" {
		terms = append(terms, ui.Term{Text: i18n.T("org.team.decision-file"), Body: unitLink(p.DecisionName, teamPath(p.ID)+"/decision")})
	}
	terms = append(terms, ui.Term{Text: columnTitle("from"), Data: p.From.Viet()})
	if p.To != 0 {
		terms = append(terms, ui.Term{Text: i18n.T("org.until"), Data: lastDay(p.To).Viet()})
	}
	return terms
}

func (p *teamPage) present() (now []MemberLine, left []MemberLine) {
	for _, m := range p.Members {
		if m.Now {
			now = append(now, m)
		} else {
			left = append(left, m)
		}
	}
	return now, left
}

// thereOptions are the members of today, to be ticked in the log.
func (p *teamPage) thereOptions() []ui.Option {
	now, _ := p.present()
	out := make([]ui.Option, len(now))
	for i, m := range now {
		out[i] = ui.Option{Value: string(m.Person), Text: ui.Plain(m.Name)}
	}
	return out
}

func (o *Org) showEditTeam(w http.ResponseWriter, r *http.Request) error {
	p, err := o.editTeamPage(r)
	if err != nil {
		return err
	}
	return o.teamForm(w, r, http.StatusOK, p)
}

func (o *Org) editTeamPage(r *http.Request) (p teamFormPage, err error) {
	x, err := o.teamToEdit(r.Context(), TeamID(r.PathValue("id")))
	if err != nil {
		return p, err
	}
	return teamFormPage{id: x.ID, form: teamForm{name: x.Name, decision: x.Decision, on: x.DecisionOn.String(), from: x.From.String(),
		last: lastDay(x.To).String(), edition: strconv.FormatInt(x.Edition, 10)}}, nil
}

func (o *Org) saveTeam(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	saved, err := o.editTeamPage(r)
	if err != nil {
		return err
	}
	p := teamFormPage{id: saved.id, form: teamFormOf(r)}
	var f errs.Form
	t := p.form.read(&f)
	t.ID = p.id
	if err = f.Err(); err == nil {
		err = o.db.Try(r.Context(), func(ctx context.Context) error { return o.ChangeTeam(ctx, t) })
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		if changedSince(p.refused) {
			p.form.edition = saved.form.edition
			p.now = []ui.Term{{Text: i18n.T("org.team.name"), Data: saved.form.name}, {Text: i18n.T("org.team.decision"), Data: saved.form.decision}}
		}
		return o.teamForm(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.saved", t.Name))
	return web.SeeOther(w, r, teamPath(p.id))
}

// KeepDecision keeps the file of a team's decision: PDF, JPEG or PNG. Asks through
// teamToEdit.
func (o *Org) KeepDecision(ctx context.Context, t TeamID, name string, body io.Reader) error {
	x, err := o.teamToEdit(ctx, t)
	if err != nil {
		return err
	}
	info, err := o.keepPaper(ctx, body)
	if err != nil {
		return err
	}
	x.DecisionFile, x.DecisionName = string(info.Ref), clip(clean(name))
	return o.ChangeTeam(ctx, x.Team)
}

func (o *Org) sendDecision(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, paperMax+formLimit); err != nil {
		return err
	}
	p, err := o.editTeamPage(r)
	if err != nil {
		return err
	}
	f, head, err := r.FormFile("file")
	if err != nil {
		err = errs.New(errs.Invalid, "error.invalid").Field("file", "org.lecturer.no-paper")
	} else {
		defer f.Close()
		err = o.KeepDecision(r.Context(), p.id, head.Filename, f)
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		return o.teamForm(w, r, p.refused.Kind.Status(), p)
	}
	return web.SeeOther(w, r, teamPath(p.id))
}

func (o *Org) serveDecision(w http.ResponseWriter, r *http.Request) error {
	v, err := o.ViewTeam(r.Context(), TeamID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if v.DecisionFile == "" {
		return errs.New(errs.NotFound, "error.not-found")
	}
	return file.Serve(w, r, o.files, file.Ref(v.DecisionFile), v.DecisionName, "")
}

// joinPage lets somebody join: one who is entered, or with mark "new" somebody new.
func (o *Org) joinPage(w http.ResponseWriter, r *http.Request) error {
	return o.onTeam(w, r, "join", func(ctx context.Context, p *teamPage) error {
		var f errs.Form
		from, m := fieldDate(&f, r, "from"), NewMember{Role: TeamRole(r.FormValue("role"))}
		if r.FormValue("mark") == "new" {
			p.open = "new"
			m.New = p.join.self.read(&f)
		}
		if err := f.Err(); err != nil {
			return err
		}
		if p.open == "join" {
			var err error
			if m.Person, err = o.Pick(ctx, &p.join.who); err != nil {
				return err
			}
			if m.Person == "" {
				return errs.New(errs.Invalid, "error.invalid").Field("who-id", "org.pick.several")
			}
		}
		return o.AddMembers(ctx, p.ID, from, m)
	})
}

// onTeam carries a form of a team's page out, and shows the page again when it was
// refused; open names the form.
func (o *Org) onTeam(w http.ResponseWriter, r *http.Request, open string, do func(context.Context, *teamPage) error) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	p, err := o.teamPage(r)
	if err != nil {
		return err
	}
	p.open = open
	if err = o.db.Try(r.Context(), func(ctx context.Context) error { return do(ctx, &p) }); err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		return o.team1(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.team.saved"))
	return web.SeeOther(w, r, teamPath(p.ID))
}

func (o *Org) endMemberPage(w http.ResponseWriter, r *http.Request) error {
	return o.onTeam(w, r, "", func(ctx context.Context, p *teamPage) error {
		return o.EndMember(ctx, r.PathValue("member"), p.today)
	})
}

// hoursOf reads hours as people write them, «2» or «2,5», in minutes; 0: neither.
func hoursOf(s string) int64 {
	h, err := strconv.ParseFloat(strings.ReplaceAll(clean(s), ",", "."), 64)
	if err != nil || h < 0 || h > 24 {
		return 0
	}
	return int64(math.Round(h * 60))
}

func (o *Org) logPage(w http.ResponseWriter, r *http.Request) error {
	return o.onTeam(w, r, "log", func(ctx context.Context, p *teamPage) error {
		var f errs.Form
		a := Activity{Team: p.ID, On: fieldDate(&f, r, "on"), Minutes: hoursOf(p.entry.hours), What: p.entry.what, Place: p.entry.place}
		if err := f.Err(); err != nil {
			return err
		}
		there := make([]PersonID, len(p.entry.there))
		for i, id := range p.entry.there {
			there[i] = PersonID(id)
		}
		_, err := o.LogActivity(ctx, a, there...)
		return err
	})
}

func (o *Org) dropActivityPage(w http.ResponseWriter, r *http.Request) error {
	return o.onTeam(w, r, "", func(ctx context.Context, p *teamPage) error {
		edition, _ := strconv.ParseInt(r.FormValue("edition"), 10, 64)
		return o.DropActivity(ctx, r.PathValue("activity"), edition)
	})
}

// workPage adds up what teams did in a span of time.
type workPage struct {
	unit       UnitID
	typed      string
	under      UnitID
	from, last clock.Date
	lines      []WorkLine
	place      func(UnitID) string
	wrong      *errs.Error
}

// workOf reads the span of a work page: this month when none is given.
func (o *Org) workOf(r *http.Request) (p workPage, err error) {
	ctx := r.Context()
	if !access.Anywhere(ctx, TeamRead) {
		return p, access.Check(ctx, TeamRead, "")
	}
	y, m, _ := clock.Today(ctx).YMD()
	p = workPage{typed: r.FormValue("unit"), under: onlyTop(ctx, TeamRead), from: clock.NewDate(y, m, 1), last: clock.NewDate(y, m+1, 1) - 1,
		place: func(id UnitID) string { return o.unitName(ctx, id) }}
	var f errs.Form
	if d := fieldDate(&f, r, "from"); d != 0 {
		p.from = d
	}
	if d := fieldDate(&f, r, "last"); d != 0 {
		p.last = d
	}
	f.Need(p.last >= p.from, "last", "org.post.ends-before", p.from.Viet())
	if err = f.Err(); err == nil {
		p.unit, err = o.unitTyped(ctx, p.typed)
	}
	var e *errs.Error
	if errors.As(err, &e) {
		p.wrong = e
		return p, nil
	}
	if p.unit == "" {
		p.unit = p.under
	}
	if p.typed = labelOf(o.Now(ctx), p.unit); p.unit != "" {
		p.lines, err = o.TeamWork(ctx, p.unit, p.from, p.last+1)
	}
	return p, err
}

func (o *Org) showTeamWork(w http.ResponseWriter, r *http.Request) error {
	p, err := o.workOf(r)
	if err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T("org.team.work"), Lead: i18n.T("org.team.work-lead"), Body: workBody(&p), Crumbs: teamCrumbs(), Wide: true}
	if len(p.lines) > 0 {
		q := url.Values{"unit": {string(p.unit)}, "from": {p.from.String()}, "last": {p.last.String()}}
		page.Actions = []ui.Act{{Text: i18n.T("org.people.xlsx"), Icon: "download", Href: "/org/teams/work.xlsx?" + q.Encode(), Download: true}}
	}
	status := http.StatusOK
	if p.wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return ui.Show(w, r, status, page)
}

func (o *Org) teamWorkSheet(w http.ResponseWriter, r *http.Request) error {
	p, err := o.workOf(r)
	if err != nil {
		return err
	}
	if p.wrong != nil {
		return p.wrong
	}
	var b bytes.Buffer
	if err := p.write(&b); err != nil {
		return err
	}
	return download(w, "to-cong-nghe-so.xlsx", b.Bytes())
}
