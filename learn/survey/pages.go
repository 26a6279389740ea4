package survey

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const (
	shown     = 50 // runs on a page
	formLimit = 64 << 10
)

func (s *Surveys) routes(m *web.Mux) {
	often := web.NewLimiter(60, 30) // so that nobody tries tokens by the thousand
	m.Public("GET /s/thanks", s.thanks)
	m.Public("GET /s/{token}", web.Limited(often, s.askToken))
	m.Public("POST /s/{token}", web.Limited(often, s.answerToken))
	m.Handle("GET /surveys", s.overview)
	m.Handle("GET /surveys/mine", s.mine)
	m.Handle("GET /surveys/{id}", s.show)
	m.Handle("GET /surveys/{id}/answer", s.ask)
	m.Handle("POST /surveys/{id}/answer", s.answer)
	m.Handle("GET /surveys/{id}/file", s.file)
	m.Handle("POST /surveys/{id}/closes", s.extend)
	m.Handle("GET /survey-programmes/{id}", s.programme)
	m.Handle("GET /survey-forms", s.forms)
	m.Handle("GET /survey-forms/{unit}/{key}", s.editForm)
	m.Handle("POST /survey-forms/{unit}/{key}", s.saveForm)
}

// parseReply reads an answer of so many items as the page sends it. What cannot
// be read is not answered.
func parseReply(v url.Values, items int) Reply {
	r := Reply{Scores: make([]int, items), Remark: text.CleanLines(v.Get("remark"))}
	for i := range r.Scores {
		if t := v.Get(field(i)); len(t) == 1 && t[0] >= '1' && t[0] <= '5' {
			r.Scores[i] = int(t[0] - '0')
		}
	}
	return r
}

func (s *Surveys) askToken(w http.ResponseWriter, r *http.Request) error {
	return s.shownAsk(w, r, r.PathValue("token"))
}

func (s *Surveys) answerToken(w http.ResponseWriter, r *http.Request) error {
	return s.answered(w, r, r.PathValue("token"))
}

func (s *Surveys) ask(w http.ResponseWriter, r *http.Request) error {
	t, err := s.MyToken(r.Context(), RunID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.shownAsk(w, r, t)
}

func (s *Surveys) answer(w http.ResponseWriter, r *http.Request) error {
	t, err := s.MyToken(r.Context(), RunID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.answered(w, r, t)
}

func (s *Surveys) shownAsk(w http.ResponseWriter, r *http.Request, t string) error {
	a, err := s.AskedBy(r.Context(), t)
	if err != nil {
		return err
	}
	if a.Spent {
		return s.thanks(w, r)
	}
	return s.shownForm(w, r, http.StatusOK, a, Reply{Scores: make([]int, len(a.Body.Items))}, nil)
}

// answered takes an answer. A form that was wrong is shown again with what was
// ticked and typed; one that was sent before is thanked for again.
func (s *Surveys) answered(w http.ResponseWriter, r *http.Request, t string) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	a, err := s.AskedBy(r.Context(), t)
	if err != nil {
		return err
	}
	reply := parseReply(r.PostForm, len(a.Body.Items))
	err = s.Answer(r.Context(), t, reply)
	if errors.Is(err, errs.Invalid) {
		return s.shownForm(w, r, http.StatusUnprocessableEntity, a, reply, errs.Of(err))
	}
	if err != nil && !a.Spent {
		return err
	}
	return web.SeeOther(w, r, "/s/thanks")
}

func (s *Surveys) shownForm(w http.ResponseWriter, r *http.Request, status int, a Asked, reply Reply, refused *errs.Error) error {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	return ui.Show(w, r, status, ui.Page{Title: ui.Plain(a.Body.titled(r.Context())), Lead: ui.Plain(a.Run.Course), Narrow: true,
		Body: answerPage(r.URL.Path, a, reply, refused)})
}

func (s *Surveys) thanks(w http.ResponseWriter, r *http.Request) error {
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_survey.thanks"), Narrow: true, Body: thanksPage(access.SignedIn(r.Context()))})
}

func (s *Surveys) mine(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Mine(r.Context())
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_survey.mine"), Lead: i18n.T("learn_survey.mine-lead"), Body: minePage(list)})
}

func (s *Surveys) overview(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.URL.Query()
	if !access.Anywhere(ctx, Read) {
		return errs.New(errs.Denied, "error.denied")
	}
	page := ui.PageAt(v)
	f := Filter{Programme: v.Get("programme"), Course: v.Get("course"), Object: Object(v.Get("object")), State: v.Get("state"), Limit: shown, Offset: (page - 1) * shown}
	list, total, err := s.Runs(ctx, f)
	if err != nil {
		return err
	}
	rates, err := s.Rates(ctx, f)
	if err != nil {
		return err
	}
	programmes, err := s.Programmes(ctx)
	if err != nil {
		return err
	}
	p := ui.Page{Title: i18n.T("learn_survey.overview"), Lead: i18n.T("learn_survey.lead"), Wide: true,
		Body: overviewPage(f, list, rates, programmes, ui.Pages{At: page, Size: shown, Total: total, Path: "/surveys", Query: v}, clock.Today(ctx))}
	if access.Anywhere(ctx, Edit) {
		p.Actions = []ui.Act{{Text: i18n.T("learn_survey.forms"), Href: "/survey-forms", Icon: "edit"}}
	}
	return ui.Show(w, r, http.StatusOK, p)
}

func (s *Surveys) show(w http.ResponseWriter, r *http.Request) error {
	return s.shownRun(w, r, http.StatusOK, "", nil)
}

func (s *Surveys) shownRun(w http.ResponseWriter, r *http.Request, status int, closes string, refused *errs.Error) error {
	ctx := r.Context()
	out, err := s.ResultsOf(ctx, RunID(r.PathValue("id")))
	if err != nil {
		return err
	}
	may := !out.Closed && access.Allowed(ctx, Edit, out.Run.Unit)
	p := ui.Page{Title: ui.Plain(out.Body.titled(ctx)), Lead: ui.Plain(out.Run.Course), Crumbs: []ui.Crumb{{Text: i18n.T("learn_survey.overview"), Href: "/surveys"}},
		Body: resultsPage(out, s.namer(ctx, out.Run.SliceBy), may, closes, refused)}
	if out.Shown {
		p.Actions = []ui.Act{{Text: i18n.T("learn_survey.xlsx"), Href: "/surveys/" + string(out.Run.ID) + "/file", Icon: "download", Download: true}}
	}
	return ui.Show(w, r, status, p)
}

// namer says what the label of a group reads as.
func (s *Surveys) namer(ctx context.Context, by Slicing) func(string) string {
	return func(label string) string {
		switch {
		case label == "":
			return i18n.S(ctx, "learn_survey.others")
		case by == ByUnit:
			if name := s.orgs.Now(ctx).Name(org.UnitID(label)); name != "" {
				return name
			}
			return s.orgs.Now(ctx).Name(s.orgs.Main(org.UnitID(label)))
		case by == ByCategory:
			return i18n.S(ctx, "org.category."+label)
		}
		return i18n.S(ctx, "learn_survey.respondent."+label)
	}
}

func (s *Surveys) extend(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	edition, _ := strconv.ParseInt(r.PostForm.Get("edition"), 10, 64)
	typed := r.PostForm.Get("closes")
	closes, _ := ui.DateValue(typed) // zero, which is refused, when it cannot be read
	err := s.Extend(r.Context(), RunID(r.PathValue("id")), edition, closes)
	if errors.Is(err, errs.Invalid) {
		return s.shownRun(w, r, http.StatusUnprocessableEntity, typed, errs.Of(err))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/surveys/"+r.PathValue("id"))
}

func (s *Surveys) programme(w http.ResponseWriter, r *http.Request) error {
	list, err := s.ProgrammeResults(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title, _, err := s.Runs(r.Context(), Filter{Programme: r.PathValue("id"), Limit: 1})
	if err != nil || len(title) == 0 {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_survey.programme-results"), Lead: ui.Plain(title[0].Programme),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn_survey.overview"), Href: "/surveys"}}, Body: programmePage(list)})
}

// forms lists the questionnaires of the units in which the actor may edit.
func (s *Surveys) forms(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, tree := access.In(ctx, Edit), s.orgs.Now(ctx)
	tops := scope.Tops()
	if scope.All() {
		tops = tree.Roots()
	}
	if len(tops) == 0 {
		return errs.New(errs.Denied, "error.denied")
	}
	var list []formsOf
	for _, u := range tops {
		unit, ok := tree.Unit(u)
		if !ok {
			continue
		}
		forms, err := s.FormsFor(ctx, u)
		if err != nil {
			return err
		}
		list = append(list, formsOf{unit, forms})
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_survey.forms"), Lead: i18n.T("learn_survey.forms-lead"),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn_survey.overview"), Href: "/surveys"}}, Body: formsPage(list)})
}

type formsOf struct {
	Unit  org.Unit
	Forms []Form
}

func (s *Surveys) editForm(w http.ResponseWriter, r *http.Request) error {
	unit := org.UnitID(r.PathValue("unit"))
	if err := access.Check(r.Context(), Edit, unit); err != nil {
		return err
	}
	f, err := s.FormFor(r.Context(), unit, r.PathValue("key"))
	if err != nil {
		return err
	}
	b, err := f.Body()
	if err != nil {
		return err
	}
	return s.shownEdit(w, r, http.StatusOK, f, typedForm(b), nil)
}

// typed is a questionnaire as it stands in the fields of its page.
type typed struct{ Title, TitleEn, Intro, AfterDays, OpenDays, Items, Open string }

func typedForm(b Body) typed {
	lines := make([]string, len(b.Items))
	for i, item := range b.Items {
		lines[i] = item.Text
	}
	return typed{b.Title, b.TitleEn, b.Intro, strconv.Itoa(b.AfterDays), strconv.Itoa(b.OpenDays), strings.Join(lines, "\n"), b.Open.Text}
}

func parseTyped(v url.Values) typed {
	return typed{text.Clean(v.Get("title")), text.Clean(v.Get("title_en")), text.CleanLines(v.Get("intro")), text.Clean(v.Get("after_days")),
		text.Clean(v.Get("open_days")), text.CleanLines(v.Get("items")), text.Clean(v.Get("open"))}
}

// body is what was typed as a questionnaire that takes the place of old.
func (t typed) body(key string, old Body) Body {
	b := Body{Title: t.Title, TitleEn: t.TitleEn, Intro: t.Intro, Open: Item{Key: old.Open.Key, Text: t.Open}, Respondents: old.Respondents, Scale: old.Scale}
	var err error
	if b.AfterDays, err = strconv.Atoi(t.AfterDays); err != nil {
		b.AfterDays = -1 // which check refuses
	}
	b.OpenDays, _ = strconv.Atoi(t.OpenDays)
	var lines []string
	for l := range strings.SplitSeq(t.Items, "\n") {
		if l = text.Clean(l); l != "" {
			lines = append(lines, l)
		}
	}
	b.Items = keyed(key, lines, old.Items)
	return b
}

func (s *Surveys) shownEdit(w http.ResponseWriter, r *http.Request, status int, f Form, t typed, refused *errs.Error) error {
	unit := org.UnitID(r.PathValue("unit"))
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("learn_survey.edit-form"), Lead: ui.Plain(s.orgs.Now(r.Context()).Name(unit)), Narrow: true,
		Crumbs: []ui.Crumb{{Text: i18n.T("learn_survey.overview"), Href: "/surveys"}, {Text: i18n.T("learn_survey.forms"), Href: "/survey-forms"}},
		Body:   formPage(r.URL.Path, f, t, refused)})
}

func (s *Surveys) saveForm(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx, unit, key := r.Context(), org.UnitID(r.PathValue("unit")), r.PathValue("key")
	if err := access.Check(ctx, Edit, unit); err != nil {
		return err
	}
	f, err := s.FormFor(ctx, unit, key)
	if err != nil {
		return err
	}
	old, err := f.Body()
	if err != nil {
		return err
	}
	t := parseTyped(r.PostForm)
	edition, _ := strconv.ParseInt(r.PostForm.Get("edition"), 10, 64)
	err = s.SetForm(ctx, unit, key, r.PostForm.Get("based"), edition, t.body(key, old))
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		f.ID, f.Edition = r.PostForm.Get("based"), edition
		return s.shownEdit(w, r, e.Kind.Status(), f, t, e)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/survey-forms")
}

// waitingCard tells somebody on the first page what waits for an answer.
func (s *Surveys) waitingCard(ctx context.Context) (web.Component, error) {
	list, err := s.Mine(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return waitingPart(list), nil
}

// rateCard tells who runs courses how the open runs are answered.
func (s *Surveys) rateCard(ctx context.Context) (web.Component, error) {
	if !access.Anywhere(ctx, Read) {
		return nil, nil
	}
	rates, err := s.Rates(ctx, Filter{State: "open"})
	if err != nil || len(rates) == 0 {
		return nil, err
	}
	return rateChart(rates, Filter{State: "open"}), nil
}
