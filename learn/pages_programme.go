package learn

import (
	"context"
	"net/http"
	"net/url"

	"lotrinh/access"
	"lotrinh/learn/page"
	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// programmeRoutes names the pages of programmes.
func (p pages) programmeRoutes(m *web.Mux) {
	m.Handle("GET /learn/programmes", p.programmeList)
	m.Handle("GET /learn/programmes/new", p.newProgramme)
	m.Handle("POST /learn/programmes", p.createProgramme)
	m.Handle("GET /learn/programmes/{id}", p.programme)
	m.Handle("GET /learn/programmes/{id}/edit", p.editProgramme)
	m.Handle("POST /learn/programmes/{id}/edit", p.saveProgramme)
	m.Handle("GET /learn/programmes/{id}/graduates", p.graduates)
}

func programmePath(id ProgrammeID) string { return "/learn/programmes/" + string(id) }

func programmeID(r *http.Request) ProgrammeID { return ProgrammeID(r.PathValue("id")) }

var programmesCrumb = ui.Crumb{Text: i18n.T("learn.programmes"), Href: "/learn/programmes"}

func (p pages) programmeList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := p.l.Programmes(ctx)
	if err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T("learn.programmes"), Lead: i18n.T("learn.programmes.lead"), Body: programmesPage(p.l.orgs.Now(ctx), all)}
	if access.Anywhere(ctx, EditCourse) {
		page.Crumbs = []ui.Crumb{coursesCrumb}
		page.Actions = []ui.Act{{Text: i18n.T("learn.programme.new"), Href: "/learn/programmes/new", Kind: ui.Primary, Icon: "plus"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}

func (p pages) programme(w http.ResponseWriter, r *http.Request) error {
	v, err := p.l.ProgrammeOf(r.Context(), programmeID(r))
	if err != nil {
		return err
	}
	page := ui.Page{Title: ui.Plain(v.Programme.Title), Body: programmePage(v), Crumbs: []ui.Crumb{programmesCrumb}}
	if v.Editor {
		page.Actions = []ui.Act{{Text: i18n.T("learn.programme.edit"), Href: programmePath(v.Programme.ID) + "/edit", Icon: "edit"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}

func (p pages) graduates(w http.ResponseWriter, r *http.Request) error {
	ctx, pid := r.Context(), programmeID(r)
	all, n, err := p.l.Graduates(ctx, pid, offset(r, 100), 100)
	if err != nil {
		return err
	}
	v, err := p.l.store.programme(ctx, pid)
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.graduates"), Lead: ui.Plain(v.Title), Body: graduatesPage(p.l.orgs.Now(ctx), v, all, pager(r, n, 100)),
		Crumbs: []ui.Crumb{programmesCrumb, {Text: ui.Plain(v.Title), Href: programmePath(pid)}}})
}

// programmeForm is what the form of a programme shows.
type programmeForm struct {
	To      string
	ID      ProgrammeID // "" for a new one
	Edition int
	In      NewProgramme
	Units   []ui.Option
	Courses []ui.Option
	Refused *errs.Error
}

func (p pages) newProgramme(w http.ResponseWriter, r *http.Request) error {
	return p.showProgrammeForm(w, r, http.StatusOK, programmeForm{})
}

func (p pages) showProgrammeForm(w http.ResponseWriter, r *http.Request, status int, f programmeForm) (err error) {
	ctx := r.Context()
	if f.Courses, err = p.courseChoices(ctx, "", f.In.Courses); err != nil { // asks access
		return err
	}
	f.Units = p.units(ctx, access.In(ctx, EditCourse))
	f.To = "/learn/programmes"
	page := ui.Page{Title: i18n.T("learn.programme.new"), Narrow: true, Crumbs: []ui.Crumb{programmesCrumb}}
	if f.ID != "" {
		f.To = programmePath(f.ID) + "/edit"
		page.Title = i18n.T("learn.programme.edit")
		page.Crumbs = append(page.Crumbs, ui.Crumb{Text: ui.Plain(f.In.Title), Href: programmePath(f.ID)})
	}
	page.Body = programmeFormPage(f)
	return ui.Show(w, r, status, page)
}

// courseChoices are courses to choose from, those chosen first.
func (p pages) courseChoices(ctx context.Context, but CourseID, chosen []CourseID) ([]ui.Option, error) {
	all, err := p.l.Choices(ctx, but)
	tree := p.l.orgs.Now(ctx)
	is := map[CourseID]bool{}
	for _, c := range chosen {
		is[c] = true
	}
	var first, rest []ui.Option
	for _, c := range all {
		o := ui.Option{Value: string(c.ID), Text: ui.Plain(c.Title), Hint: ui.Plain(tree.Name(c.Unit) + " · " + span(ctx, c))}
		if is[c.ID] {
			first = append(first, o)
		} else {
			rest = append(rest, o)
		}
	}
	return append(first, rest...), err
}

func readProgramme(f url.Values) NewProgramme {
	n := NewProgramme{Unit: org.UnitID(f.Get("unit")), Title: f.Get("title"), Summary: f.Get("summary"), Least: page.Number(f, "least"), Closed: f.Get("closed") != ""}
	for _, c := range f["courses"] {
		n.Courses = append(n.Courses, CourseID(c))
	}
	return n
}

func (p pages) createProgramme(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	in := readProgramme(r.PostForm)
	pid, err := p.l.AddProgramme(r.Context(), in)
	if e := errs.Of(err); err != nil && e.Kind == errs.Invalid {
		return p.showProgrammeForm(w, r, e.Kind.Status(), programmeForm{In: in, Refused: e})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, programmePath(pid))
}

func (p pages) programmeEdited(r *http.Request) (programmeForm, error) {
	v, err := p.l.store.programme(r.Context(), programmeID(r))
	if err != nil {
		return programmeForm{}, err
	}
	if err := access.Check(r.Context(), EditCourse, v.Unit); err != nil {
		return programmeForm{}, err
	}
	return programmeForm{ID: v.ID, Edition: v.Edition, In: NewProgramme{Unit: v.Unit, Title: v.Title, Summary: v.Summary, Courses: v.Courses(), Least: v.Least, Closed: v.Closed}}, nil
}

func (p pages) editProgramme(w http.ResponseWriter, r *http.Request) error {
	f, err := p.programmeEdited(r)
	if err != nil {
		return err
	}
	return p.showProgrammeForm(w, r, http.StatusOK, f)
}

func (p pages) saveProgramme(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	in := readProgramme(r.PostForm)
	err := p.l.EditProgramme(r.Context(), programmeID(r), page.Number(r.PostForm, "edition"), in)
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		f, err := p.programmeEdited(r)
		if err != nil {
			return err
		}
		f.In, f.Refused = in, e
		return p.showProgrammeForm(w, r, e.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.saved"))
	return web.SeeOther(w, r, programmePath(programmeID(r)))
}

func courseValues(all []CourseID) []string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = string(c)
	}
	return out
}

// stageRows say how many people have completed how many of the courses.
func stageRows(ctx context.Context, v ProgrammeView) [][]ui.Cell {
	var out [][]ui.Cell
	for k := len(v.Stages) - 1; k >= 0; k-- {
		out = append(out, []ui.Cell{{Text: i18n.S(ctx, "learn.of", k, len(v.Courses))}, {Text: i18n.Number(ctx, v.Stages[k])}})
	}
	return out
}

func stageHead() ui.Sheet {
	return ui.Sheet{Caption: i18n.T("learn.programme.stages"), Bare: true, Columns: []ui.Column{{Text: i18n.T("learn.programme.done-courses")}, {Text: i18n.T("learn.programme.people"), Num: true}}}
}

func ruleWords(p Programme) i18n.Text {
	if p.Wanted() == len(p.Courses()) {
		return i18n.T("learn.programme.rule-all", len(p.Courses()))
	}
	return i18n.T("learn.programme.rule-least", p.Wanted(), len(p.Courses()))
}
