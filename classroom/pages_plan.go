package classroom

import (
	"net/http"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

type plansView struct {
	Programmes []Programme
	Plans      []Plan
	Names      map[org.UnitID]string
	Edit       bool
	Query      string
}

func (c *Classroom) showPlans(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := plansView{Edit: access.Anywhere(ctx, EditPlan), Query: r.URL.Query().Get("q"), Names: map[org.UnitID]string{}}
	var err error
	if v.Programmes, err = c.Programmes(ctx); err != nil {
		return err
	}
	if v.Plans, err = c.Plans(ctx, PlanFilter{Text: v.Query}); err != nil {
		return err
	}
	for _, p := range v.Plans {
		v.Names[p.Unit] = c.nameOf(ctx, c.orgs.On(ctx, p.From), p.Unit)
	}
	p := ui.Page{Title: i18n.T("classroom.plans"), Lead: i18n.T("classroom.plans.lead"), Body: plansPage(v)}
	if v.Edit {
		p.Actions = []ui.Act{{Text: i18n.T("classroom.plan.new"), Kind: ui.Primary, Icon: "plus", Href: "/classroom/plans/new"},
			{Text: i18n.T("classroom.programme.new"), Href: "/classroom/programmes/new"}}
	}
	return ui.Show(w, r, http.StatusOK, p)
}

type programmeForm struct {
	Programme
	Units   []ui.Option
	Refused *errs.Error
}

func (c *Classroom) editProgramme(w http.ResponseWriter, r *http.Request) error {
	if !access.Anywhere(r.Context(), EditPlan) {
		return errs.New(errs.Denied, "error.denied")
	}
	return c.showProgrammeForm(w, r, http.StatusOK, programmeForm{})
}

func (c *Classroom) showProgrammeForm(w http.ResponseWriter, r *http.Request, status int, f programmeForm) error {
	f.Units = c.units(r.Context(), EditPlan, i18n.Text{})
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("classroom.programme.new"), Narrow: true,
		Crumbs: []ui.Crumb{crumb("classroom.plans", "/classroom/plans")}, Body: programmePage(f)})
}

func (c *Classroom) saveProgramme(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	p := Programme{ID: ProgrammeID(f.get("id")), Unit: org.UnitID(f.get("unit")), Name: f.get("name"), Basis: f.get("basis"),
		From: f.date("from"), To: f.date("to"), Edition: f.number("edition")}
	if err = f.bad.Err(); err == nil {
		_, err = c.SaveProgramme(r.Context(), p)
	}
	if err == nil {
		return web.SeeOther(w, r, "/classroom/plans")
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return c.showProgrammeForm(w, r, e.Kind.Status(), programmeForm{Programme: p, Refused: e})
}

type planForm struct {
	Plan
	Programmes []ui.Option
	Units      []ui.Option
	Refused    *errs.Error
}

func (c *Classroom) editPlan(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), planForm{Plan: Plan{State: PlanDraft}}
	if id := PlanID(r.PathValue("plan")); id != "" {
		p, err := c.Plan(ctx, id)
		if err != nil {
			return err
		}
		f.Plan = p
	}
	if !access.Anywhere(ctx, EditPlan) {
		return errs.New(errs.Denied, "error.denied")
	}
	return c.showPlanForm(w, r, http.StatusOK, f)
}

func (c *Classroom) showPlanForm(w http.ResponseWriter, r *http.Request, status int, f planForm) error {
	list, err := c.Programmes(r.Context())
	if err != nil {
		return err
	}
	for _, p := range list {
		f.Programmes = append(f.Programmes, ui.Option{Value: string(p.ID), Text: ui.Plain(p.Name)})
	}
	f.Units = c.units(r.Context(), EditPlan, i18n.Text{})
	title := i18n.T("classroom.plan.new")
	if f.ID != "" {
		title = i18n.T("classroom.plan.edit")
	}
	return ui.Show(w, r, status, ui.Page{Title: title, Narrow: true,
		Crumbs: []ui.Crumb{crumb("classroom.plans", "/classroom/plans")}, Body: planFormPage(f)})
}

func (c *Classroom) savePlan(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	p := Plan{ID: PlanID(f.get("id")), Programme: ProgrammeID(f.get("programme")), Unit: org.UnitID(f.get("unit")), Name: f.get("name"),
		Number: f.get("number"), Signed: f.date("signed"), Basis: f.get("basis"), From: f.date("from"), To: f.date("to"),
		State: PlanState(f.get("state")), Edition: f.number("edition")}
	id := p.ID
	if err = f.bad.Err(); err == nil {
		id, err = c.SavePlan(r.Context(), p)
	}
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("classroom.saved"))
		return web.SeeOther(w, r, planPath(id))
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return c.showPlanForm(w, r, e.Kind.Status(), planForm{Plan: p, Refused: e})
}

type planView struct {
	Plan      Plan
	Programme string
	UnitName  string
	Topics    []Topic
	Classes   []ClassLine
	Total     int
	Edit      bool
	Learn     []ui.Option
	Topic     Topic // in the form
	Refused   *errs.Error
}

func (c *Classroom) showPlan(w http.ResponseWriter, r *http.Request) error {
	return c.planPage(w, r, http.StatusOK, Topic{}, nil)
}

func (c *Classroom) planPage(w http.ResponseWriter, r *http.Request, status int, t Topic, e *errs.Error) error {
	ctx := r.Context()
	p, err := c.Plan(ctx, PlanID(r.PathValue("plan")))
	if err != nil {
		return err
	}
	v := planView{Plan: p, UnitName: c.nameOf(ctx, c.orgs.On(ctx, p.From), p.Unit), Edit: access.Allowed(ctx, EditPlan, p.Unit), Topic: t, Refused: e}
	if v.Topics, err = c.topics(ctx, p.ID); err != nil {
		return err
	}
	if v.Classes, v.Total, err = c.Classes(ctx, ClassFilter{Plan: p.ID, Limit: 100}); err != nil {
		return err
	}
	if v.Programme, err = c.programmeName(ctx, p.Programme); err != nil {
		return err
	}
	if v.Learn, err = c.learnOptions(ctx); err != nil {
		return err
	}
	page := ui.Page{Title: ui.Plain(p.Name), Crumbs: []ui.Crumb{crumb("classroom.plans", "/classroom/plans")}, Body: planPage(v), Wide: true}
	if v.Edit {
		page.Actions = []ui.Act{{Text: i18n.T("classroom.class.new"), Kind: ui.Primary, Icon: "plus", Href: planPath(p.ID) + "/classes/new"},
			{Text: i18n.T("classroom.edit"), Icon: "edit", Href: planPath(p.ID) + "/edit"}}
	}
	return ui.Show(w, r, status, page)
}

func (c *Classroom) saveTopic(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	t := Topic{Plan: PlanID(r.PathValue("plan")), Name: f.get("name"), Sort: f.number("sort"), Learn: f.get("learn"),
		From: f.date("from"), To: f.date("to"), Periods: f.number("periods")}
	if err = f.bad.Err(); err == nil {
		_, err = c.SaveTopic(r.Context(), t)
	}
	if err == nil {
		return web.SeeOther(w, r, planPath(t.Plan))
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return c.planPage(w, r, e.Kind.Status(), t, e)
}
