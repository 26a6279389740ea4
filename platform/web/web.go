// Package web is the thin layer between net/http and the modules' pages.
//
// Handlers return errors; Mux turns them into a page, or for a path under /api/
// into problem+json (RFC 9457). Every visitor is asked to sign in but for what is
// routed by Public. A form that carries the field _once is carried out once,
// however often a weak network sends it.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
)

// Component is a piece of a page.
type Component = templ.Component

// Handler is an http.HandlerFunc that may fail.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Mux routes to handlers that may fail.
type Mux struct {
	mux       http.ServeMux
	routes    []string
	lostRoute sync.Once // the last route: what no other answers
	SignedIn  func(context.Context) bool
	ErrorPage func(*http.Request, *errs.Error) Component
	Once      *Once
}

// Handle routes a pattern of net/http ("GET /learn/courses/{id}") to h, for
// visitors who have signed in.
func (m *Mux) Handle(pattern string, h Handler) {
	m.Public(pattern, func(w http.ResponseWriter, r *http.Request) error {
		if !m.SignedIn(r.Context()) {
			return errs.New(errs.Stranger, "error.sign-in")
		}
		if m.Once != nil && r.Method == http.MethodPost {
			return m.Once.serve(w, r, h)
		}
		return h(w, r)
	})
}

// Public routes a pattern to h, for anyone.
func (m *Mux) Public(pattern string, h Handler) {
	m.routes = append(m.routes, pattern)
	m.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		Routed(r)
		r = r.WithContext(db.Guard(r.Context()))
		if err := h(w, r); err != nil {
			m.Fail(w, r, err)
		}
	})
}

// Routes lists the patterns, as they were routed.
func (m *Mux) Routes() []string { return m.routes }

// Route is the pattern that answers r, "" when none does.
func (m *Mux) Route(r *http.Request) string {
	if _, pattern := m.mux.Handler(r); pattern != "/" {
		return pattern
	}
	return ""
}

func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.lostRoute.Do(func() { m.mux.HandleFunc("/", m.lost) })
	m.mux.ServeHTTP(w, r)
}

type routeKey struct{}

// Noting returns r with room for the pattern that will answer it, which can be read
// when the answer is given, though those in between hand on copies of r.
func Noting(r *http.Request) (noting *http.Request, pattern *string) {
	pattern = new(string)
	return r.WithContext(context.WithValue(r.Context(), routeKey{}, pattern)), pattern
}

// Routed notes by which pattern r is answered, for Noting.
func Routed(r *http.Request) {
	if p, ok := r.Context().Value(routeKey{}).(*string); ok {
		*p = r.Pattern
	}
}

// lost answers a path that leads nowhere; a stranger is asked to sign in first.
func (m *Mux) lost(w http.ResponseWriter, r *http.Request) {
	if !m.SignedIn(r.Context()) {
		m.Fail(w, r, errs.New(errs.Stranger, "error.sign-in"))
		return
	}
	m.Fail(w, r, errs.New(errs.NotFound, "error.not-found"))
}

// Fail answers with an error.
func (m *Mux) Fail(w http.ResponseWriter, r *http.Request, err error) {
	e := errs.Of(err)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		e = errs.New(errs.TooLarge, "error.too-large", tooLarge.Limit>>20)
	}
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody waits for the answer
	}
	if e.Kind == errs.Fault {
		slog.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "err", err)
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		Problem(w, r, e)
		return
	}
	if err := Page(w, r, e.Kind.Status(), m.ErrorPage(r, e)); err != nil {
		slog.ErrorContext(r.Context(), "error page failed", "err", err)
	}
}

type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Kind   string         `json:"kind"`
	Errors []problemField `json:"errors,omitempty"`
}

type problemField struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

func problemOf(e *errs.Error, l i18n.Lang) problem {
	p := problem{"about:blank", e.Text.As(l), e.Kind.Status(), string(e.Kind), nil}
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		p.Errors = append(p.Errors, problemField{name, e.Fields[name].As(l)})
	}
	return p
}

// Problem writes e as application/problem+json.
func Problem(w http.ResponseWriter, r *http.Request, e *errs.Error) {
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.Header().Set("Content-Language", string(i18n.Of(r.Context())))
	w.WriteHeader(e.Kind.Status())
	json.NewEncoder(w).Encode(problemOf(e, i18n.Of(r.Context())))
}

// Page renders a page with a status.
func Page(w http.ResponseWriter, r *http.Request, status int, page Component) error {
	buf := templ.GetBuffer()
	defer templ.ReleaseBuffer(buf)
	if err := page.Render(r.Context(), buf); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(buf.Bytes())
	return err
}

// SeeOther sends the browser on after a POST that went well. To an htmx request
// it says so in a header that htmx follows.
func SeeOther(w http.ResponseWriter, r *http.Request, to string) error {
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// IsFragment says whether htmx asks for a piece of the page alone.
func IsFragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-Boosted") != "true"
}

// Form reads a form of at most limit bytes, in text that is NFC-ready UTF-8
// without NUL, or refuses it.
func Form(w http.ResponseWriter, r *http.Request, limit int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(1 << 20)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return err
		}
		return errs.New(errs.Invalid, "error.unreadable").Because(err)
	}
	return nil
}
