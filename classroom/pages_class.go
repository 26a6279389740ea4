package classroom

import (
	"context"
	"net/http"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const listSize = 50

type classesView struct {
	List  []ClassLine
	Pages ui.Pages
	Query string
	State string
}

func (c *Classroom) showClasses(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	at := ui.PageAt(q)
	list, total, err := c.Classes(r.Context(), ClassFilter{Text: q.Get("q"), State: ClassState(q.Get("state")), Limit: listSize, Offset: (at - 1) * listSize})
	if err != nil {
		return err
	}
	v := classesView{List: list, Query: q.Get("q"), State: q.Get("state"),
		Pages: ui.Pages{At: at, Size: listSize, Total: total, Path: "/classroom/classes", Query: q}}
	p := ui.Page{Title: i18n.T("classroom.classes"), Body: classesPage(v), Wide: true}
	if access.Anywhere(r.Context(), RunClass) {
		p.Actions = []ui.Act{{Text: i18n.T("classroom.rooms"), Icon: "building", Href: "/classroom/rooms"},
			{Text: i18n.T("classroom.paper"), Icon: "edit", Href: "/classroom/paper"}}
	}
	return ui.Show(w, r, http.StatusOK, p)
}

type classForm struct {
	Class
	ManagerLine string // as typed
	UnitChoice  []ui.Option
	RuleUnits   []ui.Option
	Topics      []ui.Option
	Refused     *errs.Error
}

func (c *Classroom) editClass(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := classForm{Class: Class{Plan: PlanID(r.PathValue("plan")), Planned: UsualSize, Capacity: UsualSize, State: ClassDraft}}
	if id := ClassID(r.PathValue("class")); id != "" {
		k, err := c.Class(ctx, id)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, EditClass, k.Unit); err != nil {
			return err
		}
		f.Class = k
		if k.Manager != "" {
			if f.ManagerLine, err = c.labels(ctx, []org.PersonID{k.Manager}); err != nil {
				return err
			}
		}
	}
	return c.showClassForm(w, r, http.StatusOK, f)
}

func (c *Classroom) showClassForm(w http.ResponseWriter, r *http.Request, status int, f classForm) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, EditClass) {
		return errs.New(errs.Denied, "error.denied")
	}
	p, err := c.Plan(ctx, f.Plan)
	if err != nil {
		return err
	}
	if f.ID == "" && f.From == 0 {
		f.Unit, f.From, f.To, f.NominateBy = p.Unit, p.From, p.To, p.From
	}
	topics, err := c.topics(ctx, p.ID)
	if err != nil {
		return err
	}
	f.Topics = []ui.Option{{Text: i18n.T("classroom.topic.all")}}
	for _, t := range topics {
		f.Topics = append(f.Topics, ui.Option{Value: string(t.ID), Text: ui.Plain(t.Name)})
	}
	f.UnitChoice = c.units(ctx, EditClass, i18n.Text{})
	f.RuleUnits = c.units(ctx, EditClass, i18n.Text{})
	title := i18n.T("classroom.class.new")
	if f.ID != "" {
		title = i18n.T("classroom.class.edit")
	}
	return ui.Show(w, r, status, ui.Page{Title: title, Narrow: true, Body: classFormPage(f),
		Crumbs: []ui.Crumb{crumb("classroom.plans", "/classroom/plans"), plainCrumb(p.Name, planPath(p.ID))}})
}

func (c *Classroom) saveClass(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	k := Class{ID: ClassID(f.get("id")), Plan: PlanID(r.PathValue("plan")), Topic: TopicID(f.get("topic")), Unit: org.UnitID(f.get("unit")),
		Code: f.get("code"), Name: f.get("name"), Decision: f.get("decision"), Decided: f.date("decided"), From: f.date("from"), To: f.date("to"),
		Planned: f.number("planned"), Capacity: f.number("capacity"), NominateBy: f.date("nominate_by"), State: ClassState(f.get("state")),
		Edition: f.number("edition"), Rule: Rule{Categories: idsOf[org.Category](f.all("categories")), Tiers: idsOf[org.Tier](f.all("tiers")),
			Units: idsOf[org.UnitID](f.all("units")), Heads: f.on("heads"), Posts: strings.Split(f.get("posts"), ",")}}
	k.Rule.clean()
	id, err := k.ID, f.bad.Err()
	if err == nil {
		k.Manager, err = c.managerOf(r.Context(), f.get("manager"))
	}
	if err == nil {
		id, err = c.SaveClass(r.Context(), k)
	}
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("classroom.saved"))
		return web.SeeOther(w, r, classPath(id))
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return c.showClassForm(w, r, e.Kind.Status(), classForm{Class: k, ManagerLine: f.get("manager"), Refused: e})
}

func (c *Classroom) managerOf(ctx context.Context, line string) (org.PersonID, error) {
	if line == "" {
		return "", nil
	}
	p, problem := c.find(ctx, line, "")
	if problem.Key != "" {
		return "", errs.New(errs.Invalid, "error.invalid").Field("manager", problem.Key, problem.Args...)
	}
	return p, nil
}

type classView struct {
	More       web.Component // of the module beside
	Class      Class
	Registered int64
	Waiting    int64
	Plan       Plan
	Topic      string
	UnitName   string
	Manager    string
	Rule       string
	Sessions   []SessionLine
	Today      clock.Date
	Edit       bool
	Run        bool
	Nominate   bool
	Tabs       []ui.Link
}

// tabs are the pages about a class.
func (c *Classroom) tabs(ctx context.Context, k Class, at string) []ui.Link {
	tabs := []ui.Link{
		{Text: i18n.T("classroom.tab.class"), Href: classPath(k.ID)},
		{Text: i18n.T("classroom.tab.roster"), Href: classPath(k.ID) + "/roster"},
	}
	if access.Anywhere(ctx, Nominate) {
		tabs = append(tabs, ui.Link{Text: i18n.T("classroom.tab.nominate"), Href: classPath(k.ID) + "/nominate"},
			ui.Link{Text: i18n.T("classroom.late"), Href: classPath(k.ID) + "/late"})
	}
	if access.Allowed(ctx, ReadClass, k.Unit) || c.mayRun(ctx, k) == nil {
		tabs = append(tabs, ui.Link{Text: i18n.T("classroom.report"), Href: classPath(k.ID) + "/report"})
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == classPath(k.ID)+at
	}
	return tabs
}

func (c *Classroom) classCrumbs(k Class, self bool) []ui.Crumb {
	crumbs := []ui.Crumb{crumb("classroom.classes", "/classroom/classes")}
	if !self {
		crumbs = append(crumbs, plainCrumb(k.Name, classPath(k.ID)))
	}
	return crumbs
}

func (c *Classroom) showClass(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := c.Class(ctx, ClassID(r.PathValue("class")))
	if err != nil {
		return err
	}
	v, err := c.viewClass(ctx, k)
	if err != nil {
		return err
	}
	p := ui.Page{Title: ui.Plain(k.Name), Crumbs: c.classCrumbs(k, true), Body: classPage(v), Wide: true}
	if v.Run {
		p.Actions = append(p.Actions, ui.Act{Text: i18n.T("classroom.session.new"), Icon: "plus", Href: classPath(k.ID) + "/sessions/new"})
	}
	if v.Edit {
		p.Actions = append(p.Actions, ui.Act{Text: i18n.T("classroom.edit"), Icon: "edit", Href: classPath(k.ID) + "/edit"})
	}
	return ui.Show(w, r, http.StatusOK, p)
}

func (c *Classroom) viewClass(ctx context.Context, k Class) (v classView, err error) {
	v = classView{Class: k, Today: clock.Today(ctx), Edit: access.Allowed(ctx, EditClass, k.Unit), Run: c.mayRun(ctx, k) == nil,
		Nominate: access.Anywhere(ctx, Nominate), Rule: c.ruleWords(ctx, k.Rule), UnitName: c.nameOf(ctx, c.orgs.On(ctx, k.From), k.Unit),
		Tabs: c.tabs(ctx, k, "")}
	if v.Plan, err = c.plan(ctx, k.Plan); err != nil {
		return v, err
	}
	names, err := c.topicNames(ctx, k.Plan)
	if err != nil {
		return v, err
	}
	v.Topic = names[k.Topic]
	if v.Registered, v.Waiting, err = c.fill(ctx, k.ID); err != nil {
		return v, err
	}
	if k.Manager != "" {
		if v.Manager, err = c.labels(ctx, []org.PersonID{k.Manager}); err != nil {
			return v, err
		}
	}
	if v.Sessions, err = c.Sessions(ctx, k.ID); err == nil && c.opt.Beside != nil {
		v.More, err = c.opt.Beside.OnClass(ctx, k.ID)
	}
	return v, err
}

func (c *Classroom) setClassState(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	id := ClassID(r.PathValue("class"))
	err = c.SetClassState(r.Context(), id, ClassState(f.get("state")), f.number("edition"))
	if e := errs.Of(err); err != nil && e.Kind == errs.Invalid {
		ui.Flash(w, r, ui.Bad, i18n.T("classroom.class.cannot-open"))
		return web.SeeOther(w, r, classPath(id)+"/edit")
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("classroom.saved"))
	return web.SeeOther(w, r, classPath(id))
}

type roomsView struct {
	List    []Room
	Names   map[org.UnitID]string
	Units   []ui.Option
	Edit    bool
	In      Room
	Refused *errs.Error
}

func (c *Classroom) showRooms(w http.ResponseWriter, r *http.Request) error {
	return c.roomsPage(w, r, http.StatusOK, Room{}, nil)
}

func (c *Classroom) roomsPage(w http.ResponseWriter, r *http.Request, status int, in Room, e *errs.Error) error {
	ctx := r.Context()
	list, err := c.Rooms(ctx)
	if err != nil {
		return err
	}
	v := roomsView{List: list, Names: map[org.UnitID]string{}, Edit: access.Anywhere(ctx, EditClass), In: in, Refused: e}
	t := c.orgs.Now(ctx)
	for _, x := range list {
		v.Names[x.Unit] = c.nameOf(ctx, t, x.Unit)
	}
	if v.Edit {
		v.Units = c.units(ctx, EditClass, i18n.Text{})
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("classroom.rooms"), Crumbs: []ui.Crumb{crumb("classroom.classes", "/classroom/classes")}, Body: roomsPage(v)})
}

func (c *Classroom) saveRoom(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	room := Room{Unit: org.UnitID(f.get("unit")), Name: f.get("name"), Address: f.get("address"), Capacity: f.number("capacity")}
	if err = f.bad.Err(); err == nil {
		_, err = c.SaveRoom(r.Context(), room)
	}
	if err == nil {
		return web.SeeOther(w, r, "/classroom/rooms")
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return c.roomsPage(w, r, e.Kind.Status(), room, e)
}
