package staff

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"lotrinh/access"
	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// path is the page that lists what f asks for.
func path(f Filter) string { return "/learn/staff?" + f.values().Encode() }

// Path is the page on which those of a unit who have courses to complete are listed
// and reminded.
func Path(unit org.UnitID) string { return path(Filter{Unit: unit, State: Open}) }

func (f Filter) values() url.Values {
	v := url.Values{"unit": {string(f.Unit)}}
	if f.State != "" {
		v.Set("state", f.State)
	}
	if f.Heads {
		v.Set("heads", "1")
	}
	if f.Text != "" {
		v.Set("q", f.Text)
	}
	return v
}

// headUnits lists the units that the actor heads today.
func headUnits(ctx context.Context) (units []org.UnitID) {
	who, _ := access.Who(ctx)
	for _, g := range who.Grants {
		if g.Role == module.Head && !slices.Contains(units, g.Unit) {
			units = append(units, g.Unit)
		}
	}
	return units
}

// headView is what the home of a head says of one unit.
type headView struct {
	Unit       org.UnitID
	Name       string
	Own, Below Standing
	MayRemind  bool
}

// headCard says who of the actor's people has not learnt what he needs, and
// whether he has himself.
func (s *Staff) headCard(ctx context.Context) (web.Component, error) {
	var views []headView
	tree := s.orgs.Now(ctx)
	for _, u := range headUnits(ctx) {
		v := headView{Unit: u, Name: tree.Name(u), MayRemind: access.Allowed(ctx, SendReminder, u)}
		var err error
		if v.Own, v.Below, err = s.Standings(ctx, u); err != nil {
			return nil, err
		}
		views = append(views, v)
	}
	if len(views) == 0 {
		return nil, nil
	}
	home, err := s.courses.MyHome(ctx)
	return headBody(views, myself(ctx, home)), err
}

// self is the state of the actor's own courses.
type self struct {
	Known            bool // the account belongs to a person
	Open, Late, Done int
}

func myself(ctx context.Context, h learn.Home) self {
	who, _ := access.Who(ctx)
	m := self{Known: who.Person != "", Open: len(h.Courses), Done: h.Completed}
	for _, c := range h.Courses {
		if c.Enrolment.Due != 0 && c.Enrolment.Due < clock.Today(ctx) {
			m.Late++
		}
	}
	return m
}

func (m self) tone() ui.Tone {
	switch {
	case !m.Known:
		return ui.Info
	case m.Late > 0 || m.Done+m.Open == 0:
		return ui.Warn
	case m.Open > 0:
		return ui.Info
	}
	return ui.Good
}

func (m self) text() i18n.Text {
	switch {
	case !m.Known:
		return i18n.T("learn_staff.self.unknown")
	case m.Done+m.Open == 0:
		return i18n.T("learn_staff.self.none")
	case m.Late > 0:
		return i18n.T("learn_staff.self.late", m.Done, m.Done+m.Open, m.Late)
	case m.Open > 0:
		return i18n.T("learn_staff.self.open", m.Done, m.Done+m.Open)
	}
	return i18n.T("learn_staff.self.done", m.Done)
}

// lead is the one sentence that a head reads first.
func (v headView) lead() i18n.Text {
	switch {
	case v.Own.People == 0:
		return i18n.T("learn_staff.lead.nobody")
	case v.Own.Open+v.Own.None == 0:
		return i18n.T("learn_staff.lead.done", v.Own.People)
	}
	if v.Own.None == 0 {
		return i18n.T("learn_staff.lead.open", v.Own.Open, v.Own.People, v.Own.Late)
	}
	return i18n.T("learn_staff.lead", v.Own.Open, v.Own.People, v.Own.Late, v.Own.None)
}

func (v headView) tone() ui.Tone {
	if v.Own.Late > 0 {
		return ui.Warn
	}
	return ui.Info
}

// chart draws a standing, each share leading to the names.
func chart(title i18n.Text, id string, n Standing, f Filter) ui.Chart {
	c := ui.Chart{Title: title, ID: id, Unit: i18n.T("learn_staff.persons"), Series: []ui.Series{{}}}
	for _, x := range []struct {
		state string
		n     int
	}{{Late, n.Late}, {Open, n.Open}, {None, n.None}, {Done, n.Done}} {
		f.State = x.state
		href := path(f)
		if x.n == 0 {
			href = ""
		}
		c.Labels = append(c.Labels, x.state)
		c.Base = append(c.Base, int64(n.People))
		c.Series[0].Values = append(c.Series[0].Values, int64(x.n))
		c.Series[0].Hrefs = append(c.Series[0].Hrefs, href)
	}
	return c
}

// named puts the words of the states into a chart.
func named(ctx context.Context, c ui.Chart) ui.Chart {
	for i, state := range c.Labels {
		c.Labels[i] = i18n.S(ctx, "learn_staff.state."+state)
	}
	return c
}

// headsCard says whether the heads of units have taken part themselves.
func (s *Staff) headsCard(ctx context.Context) (web.Component, error) {
	top := s.top(ctx)
	if top == "" {
		return nil, nil
	}
	n, err := s.Heads(ctx, top)
	if err != nil || n.People == 0 {
		return nil, err
	}
	c := chart(i18n.T("learn_staff.heads"), "heads", n, Filter{Unit: top, Heads: true})
	return headsBody(n, c, top, access.Allowed(ctx, SendReminder, top)), nil
}

// top is the highest unit whose records the actor may read.
func (s *Staff) top(ctx context.Context) org.UnitID {
	t := s.orgs.Now(ctx)
	in := access.In(ctx, learn.ReadRecords)
	if in.All() && len(t.Roots()) > 0 {
		return t.Roots()[0]
	}
	best := org.UnitID("")
	for _, u := range append(slices.Clone(in.Tops()), headUnits(ctx)...) {
		if t.Has(u) && (best == "" || t.Depth(u) < t.Depth(best)) {
			best = u
		}
	}
	return best
}

const shownAtOnce = 100 // people on a page

func (s *Staff) showPeople(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.URL.Query()
	page := ui.PageAt(v)
	f := Filter{Unit: org.UnitID(v.Get("unit")), State: v.Get("state"), Heads: v.Get("heads") != "", Text: v.Get("q"), Offset: (page - 1) * shownAtOnce, Limit: shownAtOnce}
	if f.Unit == "" {
		f.Unit = s.top(ctx)
	}
	list, n, err := s.People(ctx, f)
	if err != nil {
		return err
	}
	tree := s.orgs.Now(ctx)
	view := listView{Filter: f, People: list, Tree: tree, Unit: tree.Name(f.Unit), MayRemind: access.Allowed(ctx, SendReminder, f.Unit),
		Pages: ui.Pages{At: page, Size: shownAtOnce, Total: n, Path: "/learn/staff", Query: v}}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T(view.title(), ui.Plain(view.Unit)), Lead: i18n.T("learn_staff.list.lead", n), Wide: true,
		Body: listPage(view)})
}

// listView is what the list of staff shows.
type listView struct {
	Filter    Filter
	People    []Person
	Tree      *org.Tree
	Unit      string
	MayRemind bool
	Pages     ui.Pages
}

func (v listView) title() string {
	if v.Filter.Heads {
		return "learn_staff.list.heads"
	}
	return "learn_staff.list"
}

// tabs lead to the lists of the other states.
func (v listView) tabs() (links []ui.Link) {
	for _, state := range []string{"", Late, Open, None, Done} {
		f := v.Filter
		f.State = state
		links = append(links, ui.Link{Text: i18n.T("learn_staff.state." + state), Href: path(f), Current: state == v.Filter.State})
	}
	return links
}

func (v listView) about(p Person) string {
	if p.Unit == v.Filter.Unit || v.Tree.Name(p.Unit) == "" {
		return p.Title
	}
	if p.Title == "" {
		return v.Tree.Name(p.Unit)
	}
	return p.Title + ", " + v.Tree.Name(p.Unit)
}

func (s *Staff) remind(w http.ResponseWriter, r *http.Request) error {
	ctx, unit := r.Context(), org.UnitID(r.FormValue("unit"))
	send, done, none := s.Remind, "learn_staff.reminded", "learn_staff.reminded.none"
	if r.FormValue("to") == "heads" {
		send, done, none = s.RemindHeads, "learn_staff.reminded.heads", "learn_staff.reminded.none"
	}
	n, err := send(ctx, unit)
	if err != nil {
		return err
	}
	if n == 0 {
		ui.Flash(w, r, ui.Info, i18n.T(none))
	} else {
		ui.Flash(w, r, ui.Good, i18n.T(done, n))
	}
	back := path(Filter{Unit: unit, State: Open})
	if to := r.FormValue("back"); web.Local(to) {
		back = to
	}
	return web.SeeOther(w, r, back)
}

func count(n int) string { return strconv.Itoa(n) }

// kept is what a search keeps of the filter.
func (v listView) kept() url.Values {
	f := v.Filter
	f.Text = ""
	return f.values()
}

// wide says whether authorities with heads of their own lie below the unit.
func (v listView) wide() bool {
	return slices.ContainsFunc(v.Tree.Subtree(v.Filter.Unit), func(u org.Unit) bool { return u.ID != v.Filter.Unit && u.Tier.Authority() })
}

// personPath leads to a person, for those who may read his record.
func personPath(ctx context.Context, p Person) string {
	if !access.Allowed(ctx, org.PersonRead, p.Unit) {
		return ""
	}
	return "/org/people/" + string(p.ID)
}
