package site

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// setupView is the page that makes a session run on sites.
type setupView struct {
	Meeting    Meeting
	ID         classroom.SessionID
	Begun      bool
	Sites      int
	Hostless   int
	Tops       []ui.Option
	Invited    []Invited
	Names      map[org.UnitID]string
	Invitation Invitation
	Refused    *errs.Error // of the settings
	NotInvited *errs.Error // of the invitation
}

func (s *Sites) showSetup(w http.ResponseWriter, r *http.Request) error {
	return s.setupPage(w, r, http.StatusOK, setupView{Invitation: Invitation{Tiers: []org.Tier{org.Commune},
		Categories: []org.Category{org.Cadre, org.CivilServant}}})
}

// setupPage shows the set-up; v holds what was typed and refused.
func (s *Sites) setupPage(w http.ResponseWriter, r *http.Request, status int, v setupView) error {
	ctx := r.Context()
	m, err := s.meeting(ctx, session(r))
	if err != nil {
		return err
	}
	if err := may(ctx, Organise, m); err != nil {
		return err
	}
	v.ID, v.Begun = session(r), m.Session != ""
	if v.Refused == nil {
		v.Meeting = m
	} else {
		typed := v.Meeting
		v.Meeting = m
		v.Meeting.Link, v.Meeting.Contact, v.Meeting.Phone, v.Meeting.Edition = typed.Link, typed.Contact, typed.Phone, typed.Edition
	}
	if v.Begun {
		if err := s.fillSetup(ctx, &v); err != nil {
			return err
		}
	}
	way := []ui.Crumb{crumb("classroom.classes", "/classroom/classes"), {Text: ui.Plain(m.Name()), Href: sessionPath(v.ID)}}
	if v.Begun {
		way = crumbs(m)
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("site.setup"), Lead: ui.Plain(m.Name() + ", " + clockOf(m.Starts)), Crumbs: way, Body: setupBody(v)})
}

func (s *Sites) fillSetup(ctx context.Context, v *setupView) error {
	sites, err := s.sitesOf(ctx, v.ID)
	if err != nil {
		return err
	}
	v.Sites = len(sites)
	for _, x := range sites {
		if x.Host == "" {
			v.Hostless++
		}
	}
	t := s.orgs.On(ctx, v.Meeting.On())
	v.Names = map[org.UnitID]string{}
	for _, u := range t.Subtree(v.Meeting.Unit) {
		v.Names[u.ID] = u.Name
		if len(t.Children(u.ID)) > 0 {
			v.Tops = append(v.Tops, ui.Option{Value: string(u.ID), Text: ui.Plain(strings.Repeat("– ", t.Depth(u.ID)-t.Depth(v.Meeting.Unit)) + u.Name)})
		}
	}
	if v.Invitation.Top == "" {
		v.Invitation.Top = v.Meeting.Unit
	}
	v.Invited, err = s.Invitations(ctx, v.ID)
	return err
}

func (s *Sites) saveSetup(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	c := Conference{Session: session(r), Link: f.get("link"), Contact: f.get("contact"), Phone: f.get("phone"), Edition: f.number("edition")}
	err = s.SetUp(r.Context(), c)
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("site.setup.saved"))
		return web.SeeOther(w, r, sitesPath(session(r))+"/setup")
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return s.setupPage(w, r, e.Kind.Status(), setupView{Meeting: Meeting{Conference: c}, Refused: e})
}

func (s *Sites) doInvite(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	v := Invitation{Session: session(r), Top: org.UnitID(f.get("top")), Tiers: ofWords[org.Tier](f.all("tiers")),
		Categories: ofWords[org.Category](f.all("categories")), Number: f.get("number"), ByPosts: f.on("by_posts")}
	v.Each = f.counts(v.Categories)
	opened, reached := 0, 0
	if err = f.bad.Err(); err == nil {
		opened, reached, err = s.Invite(r.Context(), v)
	}
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("site.invited", reached, opened))
		return web.SeeOther(w, r, sitesPath(session(r))+"/setup")
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return s.setupPage(w, r, e.Kind.Status(), setupView{Invitation: v, NotInvited: e})
}

func (s *Sites) doHosts(w http.ResponseWriter, r *http.Request) error {
	n, err := s.HostByHeads(r.Context(), session(r))
	if err != nil {
		return err
	}
	tone, text := ui.Good, i18n.T("site.hosts.named", n)
	if n == 0 {
		tone, text = ui.Warn, i18n.T("site.hosts.none")
	}
	ui.Flash(w, r, tone, text)
	return web.SeeOther(w, r, sitesPath(session(r))+"/setup")
}

func (s *Sites) doChase(w http.ResponseWriter, r *http.Request) error {
	told, hostless, err := s.Chase(r.Context(), session(r))
	if err != nil {
		return err
	}
	switch {
	case told+hostless == 0:
		ui.Flash(w, r, ui.Good, i18n.T("site.chase.nobody"))
	case hostless > 0:
		ui.Flash(w, r, ui.Warn, i18n.T("site.chased.some", told, hostless))
	default:
		ui.Flash(w, r, ui.Good, i18n.T("site.chased", told))
	}
	return web.SeeOther(w, r, sitesPath(session(r))+"?only=overdue")
}

type checksView struct {
	Meeting Meeting
	Checks  []Check
	Edition int64
	Refused *errs.Error
}

func (s *Sites) showChecks(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.Meeting(ctx, session(r))
	if err != nil {
		return err
	}
	checks, err := s.checksOf(ctx, m.Session)
	if err != nil {
		return err
	}
	return s.checksPage(w, r, http.StatusOK, checksView{Meeting: m, Checks: checks, Edition: m.Edition})
}

func (s *Sites) checksPage(w http.ResponseWriter, r *http.Request, status int, v checksView) error {
	if err := may(r.Context(), Organise, v.Meeting); err != nil {
		return err
	}
	way := append(crumbs(v.Meeting), crumb("site.setup", sitesPath(v.Meeting.Session)+"/setup"))
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("site.checks"), Lead: i18n.T("site.checks.lead"), Crumbs: way, Body: checksBody(v)})
}

const freeChecks = 2 // empty rows for items of one's own

// saveChecks reads the rows of the checklist; a row whose box is not ticked, or a
// new one without words, is left out.
func (s *Sites) saveChecks(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	m, err := s.Meeting(ctx, session(r))
	if err != nil {
		return err
	}
	v := checksView{Meeting: m, Edition: f.number("edition")}
	for i, key := range f.all("key") {
		c := Check{Key: key, Label: f.get(fmt.Sprintf("label-%d", i)), Days: f.number(fmt.Sprintf("days-%d", i)),
			Minutes: f.number(fmt.Sprintf("minutes-%d", i)), Central: f.on(fmt.Sprintf("central-%d", i))}
		if c.Label != "" && c.Label == i18n.S(ctx, "site.check."+key) {
			c.Label = ""
		}
		if f.on(fmt.Sprintf("use-%d", i)) && (key != "" || c.Label != "") {
			v.Checks = append(v.Checks, c)
		}
	}
	if err = f.bad.Err(); err == nil {
		err = s.SaveChecks(ctx, m.Session, v.Checks, v.Edition)
	}
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("site.saved"))
		return web.SeeOther(w, r, sitesPath(m.Session)+"/setup")
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	v.Refused = e
	return s.checksPage(w, r, e.Kind.Status(), v)
}

type siteForm struct {
	Draft
	Meeting  Meeting
	UnitName string
	HostName string
	Units    []ui.Option
	Refused  *errs.Error
}

func (s *Sites) editSite(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if at := ID(r.PathValue("site")); at != "" {
		v, err := s.View(ctx, at)
		if err != nil {
			return err
		}
		return s.siteFormPage(w, r, http.StatusOK, siteForm{Draft: Draft{v.Site, v.Expected}, Meeting: v.Meeting})
	}
	m, err := s.Meeting(ctx, session(r))
	if err != nil {
		return err
	}
	return s.siteFormPage(w, r, http.StatusOK, siteForm{Draft: Draft{Site: Site{Session: m.Session}}, Meeting: m})
}

func (s *Sites) siteFormPage(w http.ResponseWriter, r *http.Request, status int, f siteForm) error {
	ctx := r.Context()
	if err := may(ctx, Organise, f.Meeting); err != nil {
		return err
	}
	t := s.orgs.On(ctx, f.Meeting.On())
	f.UnitName = t.Name(f.Unit)
	f.Units = []ui.Option{{Text: i18n.T("site.choose-unit")}}
	for _, u := range t.Subtree(f.Meeting.Unit) {
		if u.Tier != org.Village {
			f.Units = append(f.Units, ui.Option{Value: string(u.ID), Text: ui.Plain(strings.Repeat("– ", t.Depth(u.ID)-t.Depth(f.Meeting.Unit)) + u.Name)})
		}
	}
	if f.Host != "" {
		names, err := s.orgs.People(ctx, []org.PersonID{f.Host})
		if err != nil {
			return err
		}
		f.HostName = names[f.Host].Name
	}
	title := i18n.T("site.new")
	if f.ID != "" {
		title = ui.Plain(f.UnitName)
	}
	way := append(crumbs(f.Meeting), crumb("site.list", sitesPath(f.Meeting.Session)))
	return ui.Show(w, r, status, ui.Page{Title: title, Narrow: true, Crumbs: way, Body: siteFormBody(f)})
}

func (s *Sites) saveSite(w http.ResponseWriter, r *http.Request) error {
	in, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	m, err := s.Meeting(ctx, session(r))
	if err != nil {
		return err
	}
	f := siteForm{Meeting: m}
	f.Site = Site{ID: ID(in.get("id")), Session: m.Session, Unit: org.UnitID(in.get("unit")), Central: in.on("central"), Room: in.get("room"),
		Host: org.PersonID(in.get("host")), Technician: in.get("technician"), Phone: in.get("phone"), Link: in.get("link"), Edition: in.number("edition")}
	f.Expected = map[org.Category]int64{}
	for _, c := range org.Categories {
		if in.get("n:"+string(c)) != "" {
			f.Expected[c] = in.number("n:" + string(c))
		}
	}
	id := f.ID
	if err = in.bad.Err(); err == nil {
		id, err = s.SaveSite(ctx, f.Draft)
	}
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("site.saved"))
		return web.SeeOther(w, r, sitePath(id))
	}
	if f.Refused, err = refused(err); err != nil {
		return err
	}
	return s.siteFormPage(w, r, f.Refused.Kind.Status(), f)
}

func (s *Sites) removeSite(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx, at := r.Context(), ID(r.PathValue("site"))
	x, err := s.site(ctx, at)
	if err != nil {
		return err
	}
	err = s.RemoveSite(ctx, at, f.number("edition"))
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("site.removed"))
		return web.SeeOther(w, r, sitesPath(x.Session))
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Bad, e.Text)
	return web.SeeOther(w, r, sitePath(at)+"/edit")
}

type hostView struct {
	Site     Site
	UnitName string
	Query    string
	Wide     bool // looked for beyond the unit of the site
	People   []org.Brief
	Units    map[org.PersonID]string
}

// chooseHost lists who may be named: the people of the site's unit, or whom the
// query finds in all the conference's units.
func (s *Sites) chooseHost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.View(ctx, ID(r.PathValue("site")))
	if err != nil {
		return err
	}
	if err := may(ctx, Organise, v.Meeting); err != nil {
		return err
	}
	h := hostView{Site: v.Site, UnitName: v.UnitName, Query: strings.TrimSpace(r.URL.Query().Get("q")), Units: map[org.PersonID]string{}}
	f := org.Filter{Unit: v.Site.Unit, Own: true, Limit: 40}
	if h.Query != "" {
		f, h.Wide = org.Filter{Unit: v.Meeting.Unit, Text: h.Query, Limit: 40}, true
	}
	if h.People, err = s.orgs.Search(ctx, f); err != nil {
		return err
	}
	t := s.orgs.Now(ctx)
	for _, p := range h.People {
		h.Units[p.ID] = p.Title + ", " + t.Name(p.Unit)
	}
	way := append(crumbs(v.Meeting), ui.Crumb{Text: ui.Plain(v.UnitName), Href: sitePath(v.ID)})
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("site.host.choose"), Narrow: true, Crumbs: way, Body: hostBody(h)})
}

func (s *Sites) nameHost(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	at := ID(r.PathValue("site"))
	err = s.NameHost(r.Context(), at, org.PersonID(f.get("person")), f.number("edition"))
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("site.host.named"))
		return web.SeeOther(w, r, sitePath(at)+"/edit")
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Bad, e.Text)
	return web.SeeOther(w, r, sitePath(at)+"/host")
}
