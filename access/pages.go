package access

import (
	"net/http"
	"net/url"
	"time"

	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const formLimit = 256 << 10 // the sign-in form may carry an interrupted one along

func (a *Access) routes(m *web.Mux) {
	m.Public("GET /access/sign-in", a.showSignIn)
	m.Public("POST /access/sign-in", a.signIn)
	m.Public("POST /access/demo", a.enterDemo)
	m.Public("GET /access/second", a.showSecond)
	m.Public("POST /access/second", a.second)
	m.Public("GET /access/first", a.showFirst)
	m.Public("POST /access/first", a.first)
	m.Public("GET /access/first/password", a.showFirstPassword)
	m.Public("POST /access/first/password", a.firstPassword)
	m.Public("GET /access/oidc/{name}", a.toProvider)
	m.Public("GET /access/oidc/{name}/back", a.fromProvider)
	m.Public("GET /access/passkey.js", passkeyScript)
	m.Public("POST /access/passkey/ask", a.askPasskey)
	m.Public("POST /access/passkey/sign-in", a.byPasskey)
	m.Public("POST /access/passkey/new", a.newPasskey)
	m.Public("POST /access/passkey/save", a.savePasskey)
	m.Handle("POST /access/sign-out", a.signOut)
}

// signInForm is what the sign-in page shows.
type signInForm struct {
	Name, Next, Kept string
	Notice           i18n.Text
	Tone             ui.Tone
	Passkeys         bool
	Providers        []Provider
	Demo             []Account
	Units            map[org.UnitID]string // names of the units of Demo
}

func (f signInForm) page() ui.Page {
	return ui.Page{Title: i18n.T("access.sign-in"), Body: signInBody(f), Narrow: true}
}

// fill adds what the page offers besides the form. Without the demo's accounts it
// is still a page.
func (a *Access) fill(r *http.Request, f signInForm) signInForm {
	f.Passkeys, f.Providers = a.PasskeysWork(), a.opt.Sign
	if f.Tone == "" {
		f.Tone = ui.Bad
	}
	if a.opt.Demo {
		f.Demo, _ = a.demoAccounts(r.Context())
		f.Units = map[org.UnitID]string{}
		for _, acc := range f.Demo {
			f.Units[acc.Unit] = a.unitName(r.Context(), acc.Unit)
		}
	}
	return f
}

func (a *Access) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := local(r.FormValue("next"))
	if SignedIn(r.Context()) {
		return web.SeeOther(w, r, next)
	}
	return ui.Show(w, r, http.StatusOK, a.fill(r, signInForm{Next: next}).page())
}

// SignInPage is the page for a stranger who asked for r; the app shows it with
// status 401. A form that the stranger sent is carried along.
func (a *Access) SignInPage(r *http.Request, e *errs.Error) web.Component {
	if web.IsFragment(r) { // a piece of a page: the page itself, and what is typed in it, stays
		return signInAside(local(pageOf(r)))
	}
	f := signInForm{Next: "/", Notice: e.Text, Tone: ui.Info}
	if r.Method == http.MethodGet {
		f.Next = local(r.URL.RequestURI())
	} else if f.Kept = keep(r); f.Kept != "" {
		f.Notice = i18n.T("access.kept.notice")
	}
	return ui.Whole(a.fill(r, f).page())
}

// pageOf is the page that htmx asks a piece for.
func pageOf(r *http.Request) string {
	u, err := url.Parse(r.Header.Get("HX-Current-URL"))
	if err != nil {
		return "/"
	}
	return u.RequestURI()
}

func (a *Access) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	f := signInForm{Name: r.PostFormValue("name"), Next: local(r.PostFormValue("next")), Kept: r.PostFormValue(keptField)}
	acc, err := a.WithPassword(r.Context(), f.Name, r.PostFormValue("password"), a.cookieOf(r, deviceCookie))
	if err != nil {
		e := errs.Of(err)
		if e.Kind == errs.Fault {
			return err
		}
		f.Notice = e.Text
		return ui.Show(w, r, e.Kind.Status(), a.fill(r, f).page())
	}
	to := arrival{Next: f.Next, Kept: f.Kept, Means: "password"}
	if !acc.TwoStep {
		return a.enter(w, r, acc, to)
	}
	token, err := a.openStep(r.Context(), stepSecond, acc.ID, to)
	if err != nil {
		return err
	}
	a.setCookie(w, stepCookie, token, stepLife)
	return web.SeeOther(w, r, "/access/second")
}

// enter begins a session in this browser, ends the one it had before, and goes on
// to where the visitor was going, or offers the interrupted form again.
func (a *Access) enter(w http.ResponseWriter, r *http.Request, acc Account, to arrival) error {
	ctx := r.Context()
	if who, ok := Who(ctx); ok && who.Session != "" {
		if err := a.End(ctx, who.Session); err != nil && errs.Of(err).Kind != errs.NotFound {
			return err
		}
	}
	token, err := a.begin(ctx, acc, to.Means, r.UserAgent())
	if err != nil {
		return err
	}
	a.setCookie(w, sessionCookie, token, a.opt.Longest)
	a.setCookie(w, stepCookie, "", -1)
	if err := a.markDevice(w, r, acc.ID); err != nil {
		return err
	}
	held, err := a.bySession(ctx, token)
	if err != nil {
		return err
	}
	if held != nil && len(held.Withheld) > 0 {
		return web.SeeOther(w, r, "/access/me#second")
	}
	if k, ok := unkeep(to.Kept); ok {
		return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("access.kept.title"), Body: keptBody(k), Narrow: true})
	}
	return web.SeeOther(w, r, local(to.Next))
}

// markDevice lets the browser show next time that acc was signed in here.
func (a *Access) markDevice(w http.ResponseWriter, r *http.Request, acc AccountID) error {
	name, _ := newToken()
	mark, err := a.deviceMark(r.Context(), acc, name)
	if err == nil {
		a.setCookie(w, deviceCookie, mark, 365*24*time.Hour)
	}
	return err
}

func (a *Access) signOut(w http.ResponseWriter, r *http.Request) error {
	who, _ := Who(r.Context())
	if who.Session != "" {
		if err := a.End(r.Context(), who.Session); err != nil {
			return err
		}
	}
	a.setCookie(w, sessionCookie, "", -1)
	w.Header().Set("Clear-Site-Data", `"cache"`) // the next one at this screen sees nothing by going back
	return web.SeeOther(w, r, "/access/sign-in")
}

func (a *Access) showSecond(w http.ResponseWriter, r *http.Request) error {
	return a.secondPage(w, r, nil)
}

func (a *Access) secondPage(w http.ResponseWriter, r *http.Request, refused *errs.Error) error {
	var to arrival
	s, err := a.readStep(r.Context(), stepSecond, a.cookieOf(r, stepCookie), &to)
	if err != nil {
		return web.SeeOther(w, r, "/access/sign-in")
	}
	keys, err := a.passkeysOf(r.Context(), s.Account)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if refused != nil {
		status = refused.Kind.Status()
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("access.second.title"), Lead: i18n.T("access.second.lead"), Narrow: true,
		Body: secondBody(refused, a.PasskeysWork() && len(keys) > 0)})
}

func (a *Access) second(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	acc, to, err := a.Second(r.Context(), a.cookieOf(r, stepCookie), r.PostFormValue("code"))
	if err != nil {
		if e := errs.Of(err); e.Kind != errs.Fault {
			return a.secondPage(w, r, e)
		}
		return err
	}
	to.Means += "+second"
	return a.enter(w, r, acc, to)
}

func (a *Access) toProvider(w http.ResponseWriter, r *http.Request) error {
	where, token, err := a.ToProvider(r.Context(), r.PathValue("name"), arrival{Next: local(r.FormValue("next")), Means: "oidc"})
	if err != nil {
		return err
	}
	a.setCookie(w, stepCookie, token, stepLife)
	http.Redirect(w, r, where, http.StatusFound)
	return nil
}

func (a *Access) fromProvider(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	acc, to, err := a.FromProvider(r.Context(), r.PathValue("name"), a.cookieOf(r, stepCookie), q.Get("state"), q.Get("code"))
	if err != nil {
		e := errs.Of(err)
		if e.Kind == errs.Fault {
			return err
		}
		return ui.Show(w, r, e.Kind.Status(), a.fill(r, signInForm{Next: "/", Notice: e.Text}).page())
	}
	return a.enter(w, r, acc, to)
}

func withNext(path, next string) string { return path + "?next=" + url.QueryEscape(next) }
