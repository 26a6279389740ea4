package quiz

import (
	"net/http"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const formMax = 1 << 20 // bytes of a form; a paper with twenty essays is under 500 kB

// pages are the handlers: each reads the request, makes one call, shows what came
// of it.
type pages struct{ q *Quiz }

// Routes names the pages of tests and of the bank.
func (q *Quiz) Routes(m *web.Mux) {
	p := pages{q}
	script.Route(m)
	m.Handle("GET /learn/tests/{id}", p.intro)
	m.Handle("POST /learn/tests/{id}/attempts", p.open)
	m.Handle("GET /learn/attempts/{id}", p.sheet)
	m.Handle("POST /learn/attempts/{id}", p.submit)
	m.Handle("POST /learn/attempts/{id}/answers", p.save)
	m.Handle("GET /learn/attempts/{id}/result", p.result)
	p.manage(m)
}

func (p pages) open(w http.ResponseWriter, r *http.Request) error {
	aid, err := p.q.OpenAttempt(r.Context(), TestID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, attemptPath(aid))
}

func (p pages) sheet(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := p.q.Sheet(ctx, AttemptID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !a.Submitted.IsZero() {
		return web.SeeOther(w, r, attemptPath(a.ID)+"/result")
	}
	s, err := p.q.seat(ctx, a)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: ui.Plain(s.paper.Title), Narrow: true, Body: sheetPage(a, s, clock.Now(ctx))})
}

// save answers a script with the time, and a plain form with the page again.
func (p pages) save(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	aid := AttemptID(r.PathValue("id"))
	at, err := p.q.Save(r.Context(), aid, r.PostForm)
	if err != nil {
		return err
	}
	if web.IsFragment(r) {
		w.Header().Set("X-Saved-At", at.Format("15:04:05"))
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn_quiz.saved.at", at.Format("15:04:05")))
	return web.SeeOther(w, r, attemptPath(aid))
}

func (p pages) submit(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	aid := AttemptID(r.PathValue("id"))
	if err := p.q.Submit(r.Context(), aid, r.PostForm); err != nil {
		return err
	}
	return web.SeeOther(w, r, attemptPath(aid)+"/result")
}

func (p pages) result(w http.ResponseWriter, r *http.Request) error {
	res, err := p.q.Result(r.Context(), AttemptID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if res.Own && res.Attempt.Submitted.IsZero() {
		return web.SeeOther(w, r, attemptPath(res.Attempt.ID))
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_quiz.result.title", ui.Plain(res.Test.Title)), Narrow: true, Body: resultPage(res)})
}

func (p pages) intro(w http.ResponseWriter, r *http.Request) error {
	in, err := p.q.Intro(r.Context(), TestID(r.PathValue("id")))
	if err != nil {
		return err
	}
	page := ui.Page{Title: ui.Plain(in.Test.Title), Narrow: true, Body: introPage(in)}
	if access.Allowed(r.Context(), EditBank, in.Test.Unit) {
		page.Actions = []ui.Act{{Text: i18n.T("learn_quiz.test.manage"), Href: testPath(in.Test.ID) + "/edit"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}
