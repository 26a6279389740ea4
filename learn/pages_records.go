package learn

import (
	"bytes"
	"net/http"

	"lotrinh/access"
	"lotrinh/learn/page"
	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// records names the pages of those who look after learners.
func (p pages) records(m *web.Mux) {
	m.Handle("GET /learn/courses/{id}/grades", p.grades)
	m.Handle("GET /learn/courses/{id}/grades.csv", p.gradesFile(false))
	m.Handle("GET /learn/courses/{id}/grades.xlsx", p.gradesFile(true))
	m.Handle("GET /learn/courses/{id}/enrol", p.enrolForm)
	m.Handle("POST /learn/courses/{id}/enrol", p.enrol)
	m.Handle("POST /learn/enrolments/{id}/state", p.enrolmentState)
	m.Handle("POST /learn/courses/{id}/recompute", p.recompute)
	m.Handle("POST /learn/courses/{id}/certificates", p.issue)
	m.Handle("POST /learn/courses/{id}/bundle", p.orderBundle)
	m.Handle("GET /learn/bundles/{id}", p.bundle)
	m.Handle("GET /learn/bundles/{id}/zip", p.bundleZip)
	m.Handle("GET /learn/register", p.register)
	m.Handle("GET /learn/register.csv", p.registerFile(false))
	m.Handle("GET /learn/register.xlsx", p.registerFile(true))
	m.Handle("GET /learn/register.pdf", p.registerPrint)
	m.Handle("POST /learn/certificates/{serial}/revoke", p.revoke)
	m.Handle("POST /learn/certificates/{serial}/reissue", p.reissue)
	m.Handle("GET /learn/template", p.template)
	m.Handle("POST /learn/template", p.saveTemplate)
	m.Handle("GET /learn/tasks", p.tasks)
	m.Handle("POST /learn/tasks/{id}", p.decide)
}

func (p pages) grades(w http.ResponseWriter, r *http.Request) error {
	f := GradeFilter{Text: r.FormValue("q"), State: EnrolmentState(r.FormValue("state")), Offset: offset(r, 100)}
	c, o, rows, n, err := p.l.Gradebook(r.Context(), courseID(r), f)
	if err != nil {
		return err
	}
	path := coursePath(c.ID)
	page := ui.Page{Title: i18n.T("learn.gradebook.of", ui.Plain(c.Title)), Wide: true,
		Body:    gradesPage(c, o, p.gradeCells(r.Context(), o, rows), pager(r, n, 100), f, access.Allowed(r.Context(), Issue, c.Unit)),
		Actions: []ui.Act{{Text: i18n.T("learn.csv"), Href: path + "/grades.csv", Icon: "download", Download: true}, {Text: i18n.T("learn.xlsx"), Href: path + "/grades.xlsx", Icon: "download", Download: true}}}
	return ui.Show(w, r, http.StatusOK, page)
}

func (p pages) gradesFile(xlsx bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, s, err := p.l.GradeSheet(r.Context(), courseID(r), GradeFilter{State: EnrolmentState(r.FormValue("state"))})
		if err != nil {
			return err
		}
		return download(w, s, "so-diem-"+safeName(c.Title), xlsx)
	}
}

// download sends a table as a file.
func download(w http.ResponseWriter, s sheet.Sheet, name string, xlsx bool) error {
	kind, end := "text/csv; charset=utf-8", ".csv"
	if xlsx {
		kind, end = evidenceKinds[".xlsx"], ".xlsx"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+end+`"`)
	w.Header().Set("Cache-Control", "private, no-store")
	if xlsx {
		return sheet.WriteXLSX(w, s)
	}
	return sheet.WriteCSV(w, s)
}

func (p pages) enrolForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, Enrol) {
		return access.Check(ctx, Enrol, "")
	}
	v, err := p.l.store.course(ctx, courseID(r))
	if err != nil {
		return err
	}
	f := org.Filter{Unit: org.UnitID(r.FormValue("unit")), Text: r.FormValue("q"), Category: org.Category(r.FormValue("category")), Limit: 200}
	people, err := p.l.Candidates(ctx, v.ID, f)
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.enrol.in", ui.Plain(v.Title)), Body: enrolPage(v, people, p.units(ctx, access.In(ctx, Enrol)), f),
		Crumbs: []ui.Crumb{{Text: ui.Plain(v.Title), Href: coursePath(v.ID)}}})
}

func (p pages) enrol(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	var people []org.PersonID
	for _, id := range r.PostForm["person"] {
		people = append(people, org.PersonID(id))
	}
	if len(people) == 0 {
		return errs.New(errs.Invalid, "learn.enrol.nobody")
	}
	n, err := p.l.Enrol(r.Context(), courseID(r), people)
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.enrol.done", n))
	return web.SeeOther(w, r, coursePath(courseID(r))+"/grades")
}

func (p pages) enrolmentState(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	ctx, eid := r.Context(), EnrolmentID(r.PathValue("id"))
	change := p.l.Withdraw
	if r.PostForm.Get("state") == string(Active) {
		change = p.l.Reinstate
	}
	if err := change(ctx, eid); err != nil {
		return err
	}
	e, err := p.l.store.enrolment(ctx, eid)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, coursePath(e.Course)+"/grades")
}

func (p pages) recompute(w http.ResponseWriter, r *http.Request) error {
	n, err := p.l.Recompute(r.Context(), courseID(r))
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.recomputed", n))
	return web.SeeOther(w, r, coursePath(courseID(r))+"/grades")
}

func (p pages) issue(w http.ResponseWriter, r *http.Request) error {
	serials, err := p.l.Issue(r.Context(), courseID(r), nil)
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.certificate.issued-n", len(serials)))
	return web.SeeOther(w, r, "/learn/register?course="+string(courseID(r)))
}

func (p pages) orderBundle(w http.ResponseWriter, r *http.Request) error {
	bid, err := p.l.OrderBundle(r.Context(), courseID(r))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/learn/bundles/"+bid)
}

func (p pages) bundle(w http.ResponseWriter, r *http.Request) error {
	b, err := p.l.BundleOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if b.State != "done" {
		w.Header().Set("Refresh", "3") // works without script
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.bundle"), Narrow: true, Body: bundlePage(b)})
}

func (p pages) bundleZip(w http.ResponseWriter, r *http.Request) error {
	b, body, err := p.l.OpenBundle(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	serveFile(w, r, "giay-chung-nhan.zip", "application/zip", true, body, b.MadeAt)
	return nil
}

func registerFilter(r *http.Request) RegisterFilter {
	return RegisterFilter{Unit: org.UnitID(r.FormValue("unit")), Course: CourseID(r.FormValue("course")), Year: page.Number(r.URL.Query(), "year"), Text: r.FormValue("q"), Offset: offset(r, 100)}
}

func (p pages) register(w http.ResponseWriter, r *http.Request) error {
	if !access.Anywhere(r.Context(), ReadRegister) {
		return access.Check(r.Context(), ReadRegister, "")
	}
	f := registerFilter(r)
	all, n, err := p.l.Register(r.Context(), f)
	if err != nil {
		return err
	}
	q := "?" + r.URL.RawQuery
	page := ui.Page{Title: i18n.T("learn.register"), Wide: true, Body: registerPage(all, pager(r, n, 100), f),
		Actions: []ui.Act{{Text: i18n.T("learn.csv"), Href: "/learn/register.csv" + q, Icon: "download", Download: true}, {Text: i18n.T("learn.xlsx"), Href: "/learn/register.xlsx" + q, Icon: "download", Download: true}}}
	if n <= printedMost {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("learn.register.print"), Href: "/learn/register.pdf" + q, Icon: "download"})
	} else {
		page.Lead = i18n.T("learn.register.too-many", n, printedMost)
	}
	if access.Anywhere(r.Context(), Issue) {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("learn.template"), Href: "/learn/template", Icon: "edit"})
	}
	return ui.Show(w, r, http.StatusOK, page)
}

func (p pages) registerPrint(w http.ResponseWriter, r *http.Request) error {
	var b bytes.Buffer
	if err := p.l.PrintRegister(r.Context(), registerFilter(r), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="so-cap-giay-chung-nhan.pdf"`)
	w.Header().Set("Cache-Control", "private, no-store")
	_, err := b.WriteTo(w)
	return err
}

func (p pages) registerFile(xlsx bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		s, err := p.l.RegisterSheet(r.Context(), registerFilter(r))
		if err != nil {
			return err
		}
		return download(w, s, "so-dang-ky-cap-giay-chung-nhan", xlsx)
	}
}

func (p pages) revoke(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	if err := p.l.Revoke(r.Context(), r.PathValue("serial"), r.PostForm.Get("reason")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.certificate.revoked-now"))
	return web.SeeOther(w, r, "/learn/register")
}

func (p pages) reissue(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	fresh, err := p.l.Reissue(r.Context(), r.PathValue("serial"), r.PostForm.Get("reason"))
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.certificate.reissued", fresh))
	return web.SeeOther(w, r, "/learn/register")
}

func (p pages) template(w http.ResponseWriter, r *http.Request) error {
	ctx, units := r.Context(), p.units(r.Context(), access.In(r.Context(), Issue))
	unit := org.UnitID(r.FormValue("unit"))
	if unit == "" && len(units) > 0 {
		unit = org.UnitID(units[0].Value)
	}
	t, err := p.l.TemplateOf(ctx, unit)
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.template"), Narrow: true, Body: templatePage(t, units, nil)})
}

func (p pages) saveTemplate(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	f := r.PostForm
	t := Template{Unit: org.UnitID(f.Get("unit")), ParentBody: f.Get("parent_body"), Body: f.Get("body"), Title: f.Get("title"), Place: f.Get("place"),
		Signs: f.Get("signs"), Signer: f.Get("signer"), Months: page.Number(f, "months"), Accent: f.Get("accent"), Edition: page.Number(f, "edition")}
	err := p.l.SetTemplate(r.Context(), t)
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		return ui.Show(w, r, e.Kind.Status(), ui.Page{Title: i18n.T("learn.template"), Narrow: true, Body: templatePage(t, nil, e)})
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.saved"))
	return web.SeeOther(w, r, "/learn/template?unit="+string(t.Unit))
}

func (p pages) tasks(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := p.l.WaitingTasks(ctx)
	if err != nil {
		return err
	}
	var ids []org.PersonID
	for _, t := range all {
		ids = append(ids, t.Person)
	}
	people, err := p.l.orgs.People(ctx, ids)
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.menu.tasks"), Lead: i18n.T("learn.tasks.lead"), Body: tasksPage(all, people)})
}

func (p pages) decide(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	confirm := r.PostForm.Get("decision") == "confirm"
	if err := p.l.Decide(r.Context(), TaskID(r.PathValue("id")), page.Number(r.PostForm, "edition"), confirm, r.PostForm.Get("remark")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.saved"))
	return web.SeeOther(w, r, "/learn/tasks")
}
