package quiz

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lotrinh/access"
	"lotrinh/learn/page"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// markingRoutes names the pages of those who mark by hand: an attempt as a whole,
// or all answers to one question.
func (p pages) markingRoutes(m *web.Mux) {
	m.Handle("GET /learn/attempts/{id}/marking", p.marking)
	m.Handle("POST /learn/attempts/{id}/marking", p.mark)
	m.Handle("GET /learn/tests/{id}/marking", p.stacks)
	m.Handle("GET /learn/tests/{id}/marking/{paper}/{place}", p.stack)
	m.Handle("POST /learn/tests/{id}/marking/{paper}/{place}", p.markStack)
}

func (p pages) marking(w http.ResponseWriter, r *http.Request) error {
	res, err := p.q.Result(r.Context(), AttemptID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := access.Check(r.Context(), Mark, res.Attempt.Unit); err != nil {
		return err
	}
	return p.showMarking(w, r, http.StatusOK, res, nil)
}

func (p pages) showMarking(w http.ResponseWriter, r *http.Request, status int, res Result, refused *errs.Error) error {
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("learn_quiz.marking"), Narrow: true, Body: markingPage(res, refused, r.PostForm),
		Crumbs: []ui.Crumb{{Text: ui.Plain(res.Test.Title), Href: testPath(res.Test.ID) + "/results"}}})
}

// readGiven reads the mark of one answer from the fields named after key; false
// when nothing was filled in.
func readGiven(f url.Values, key string) (Given, bool) {
	g := Given{Remark: f.Get("r" + key)}
	for k := 0; f.Has(partField(key, k)); k++ {
		typed := strings.TrimSpace(f.Get(partField(key, k)))
		if typed == "" {
			continue
		}
		for len(g.Parts) < k {
			g.Parts = append(g.Parts, 0)
		}
		g.Parts = append(g.Parts, readMark(typed))
	}
	for _, part := range g.Parts {
		g.Mark += max(part, 0)
	}
	if len(g.Parts) > 0 {
		return g, true
	}
	typed := strings.TrimSpace(f.Get("m" + key))
	g.Mark = readMark(typed)
	return g, typed != ""
}

// readMark reads a mark in thousandths; what is none is -1, which is refused.
func readMark(typed string) int64 {
	x, ok := ParseNumber(typed, "")
	if !ok || x < 0 || x > 1000 {
		return -1
	}
	return int64(x*1000 + 0.5)
}

func (p pages) mark(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	ctx, aid, given := r.Context(), AttemptID(r.PathValue("id")), map[int]Given{}
	for _, s := range r.PostForm["no"] {
		no, err := strconv.Atoi(s)
		if err != nil {
			continue
		}
		if g, ok := readGiven(r.PostForm, s); ok {
			given[no] = g
		}
	}
	err := p.q.GiveMarks(ctx, aid, page.Number(r.PostForm, "edition"), given)
	if e := errs.Of(err); err != nil && e.Kind == errs.Invalid {
		res, err := p.q.Result(ctx, aid)
		if err != nil {
			return err
		}
		return p.showMarking(w, r, e.Kind.Status(), res, e)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn_quiz.marked"))
	return web.SeeOther(w, r, attemptPath(aid)+"/marking")
}

func (p pages) stacks(w http.ResponseWriter, r *http.Request) error {
	t, all, err := p.q.ToMark(r.Context(), TestID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_quiz.stacks"), Lead: ui.Plain(t.Title), Body: stacksPage(t, all),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn_quiz.tests"), Href: "/learn/tests"}, {Text: i18n.T("learn_quiz.results"), Href: testPath(t.ID) + "/results"}}})
}

const stackSize = 10 // answers on a page

func (p pages) stack(w http.ResponseWriter, r *http.Request) error {
	return p.showStack(w, r, http.StatusOK, nil)
}

func (p pages) showStack(w http.ResponseWriter, r *http.Request, status int, refused *errs.Error) error {
	at := ui.PageAt(r.URL.Query())
	place, err := strconv.Atoi(r.PathValue("place"))
	if err != nil {
		return errs.New(errs.NotFound, "error.not-found").Because(err)
	}
	s, err := p.q.Stack(r.Context(), TestID(r.PathValue("id")), PaperID(r.PathValue("paper")), place, (at-1)*stackSize, stackSize)
	if err != nil {
		return err
	}
	pager := ui.Pages{At: at, Size: stackSize, Total: s.Total, Path: r.URL.Path, Query: r.URL.Query()}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("learn_quiz.stack"), Narrow: true, Body: stackPage(s, pager, refused, r.PostForm),
		Crumbs: []ui.Crumb{{Text: ui.Plain(s.Test.Title), Href: testPath(s.Test.ID) + "/results"}, {Text: i18n.T("learn_quiz.stacks"), Href: testPath(s.Test.ID) + "/marking"}}})
}

// typedOr is what was typed into a field of a form that was refused, else other.
func typedOr(typed url.Values, name, other string) string {
	if typed.Has(name) {
		return typed.Get(name)
	}
	return other
}

func stackPath(s Stack) string { return stackOf(s.Test.ID, s.Paper, s.Place) }

func stackOf(t TestID, p PaperID, place int) string {
	return testPath(t) + "/marking/" + string(p) + "/" + strconv.Itoa(place)
}

func (p pages) markStack(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	place, err := strconv.Atoi(r.PathValue("place"))
	if err != nil {
		return errs.New(errs.NotFound, "error.not-found").Because(err)
	}
	var all []StackMark
	for i, aid := range r.PostForm["attempt"] {
		key := strconv.Itoa(i)
		if g, ok := readGiven(r.PostForm, key); ok {
			all = append(all, StackMark{Attempt: AttemptID(aid), Was: at(r.PostForm["was"], i), Key: key, Given: g})
		}
	}
	if len(all) == 0 {
		return p.showStack(w, r, http.StatusUnprocessableEntity, errs.New(errs.Invalid, "learn_quiz.need.any-mark"))
	}
	err = p.q.MarkStack(r.Context(), TestID(r.PathValue("id")), place, all)
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		return p.showStack(w, r, e.Kind.Status(), e)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn_quiz.marked-n", len(all)))
	return web.SeeOther(w, r, r.URL.Path)
}
