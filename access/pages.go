package access

import (
	"context"
	"net/http"

	"lotrinh/platform/errs"
	"lotrinh/platform/web"
)

const formLimit = 64 << 10

func (a *Access) routes(m *web.Mux) {
	m.Public("GET /access/sign-in", a.showSignIn)
	m.Public("POST /access/sign-in", a.signIn)
	m.Handle("POST /access/sign-out", a.signOut)
}

func (a *Access) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := local(r.FormValue("next"))
	if SignedIn(r.Context()) {
		return web.SeeOther(w, r, next)
	}
	return web.Page(w, r, http.StatusOK, signInPage(signInForm{Next: next}))
}

// SignInPage is the page for a stranger who asked for r; the app shows it with
// status 401.
func (a *Access) SignInPage(r *http.Request, e *errs.Error) web.Component {
	next := "/"
	if r.Method == http.MethodGet {
		next = local(r.URL.RequestURI())
	}
	return signInPage(signInForm{Next: next, Notice: e.Text})
}

func (a *Access) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	f := signInForm{Name: r.PostFormValue("name"), Next: local(r.PostFormValue("next"))}
	acc, err := a.WithPassword(r.Context(), f.Name, r.PostFormValue("password"))
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Busy) {
		f.Notice = e.Text
		return web.Page(w, r, e.Kind.Status(), signInPage(f))
	}
	if err != nil {
		return err
	}
	if err := a.enter(r.Context(), w, r, acc, "password"); err != nil {
		return err
	}
	return web.SeeOther(w, r, f.Next)
}

// enter begins a session in this browser; the one it had before is over.
func (a *Access) enter(ctx context.Context, w http.ResponseWriter, r *http.Request, acc Account, means string) error {
	if who, ok := Who(ctx); ok && who.Session != "" {
		if err := a.End(ctx, who.Session); err != nil {
			return err
		}
	}
	token, err := a.begin(ctx, acc, means, r.UserAgent())
	if err != nil {
		return err
	}
	a.setCookie(w, a.cookieName(), token, a.opt.Longest)
	return nil
}

func (a *Access) signOut(w http.ResponseWriter, r *http.Request) error {
	who, _ := Who(r.Context())
	if who.Session != "" {
		if err := a.End(r.Context(), who.Session); err != nil {
			return err
		}
	}
	a.setCookie(w, a.cookieName(), "", -1)
	return web.SeeOther(w, r, "/access/sign-in")
}
