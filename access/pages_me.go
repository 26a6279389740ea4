package access

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"

	"rsc.io/qr"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (a *Access) routesMe(m *web.Mux) {
	m.Handle("GET /access/me", a.showMe)
	m.Handle("GET /access/me/password", a.showPassword)
	m.Handle("POST /access/me/password", a.changePassword)
	m.Handle("POST /access/me/totp", a.startTOTP)
	m.Handle("POST /access/me/totp/confirm", a.confirmTOTP)
	m.Handle("POST /access/me/totp/drop", a.dropTOTP)
	m.Handle("POST /access/me/two-step", a.setTwoStep)
	m.Handle("POST /access/me/passkeys/drop", a.dropPasskey)
	m.Handle("POST /access/me/sessions/end", a.endSession)
	m.Handle("POST /access/me/sessions/end-others", a.endOthers)
	m.Handle("GET /access/me/data", a.showData)
	m.Handle("GET /access/me/data.zip", a.takeData)
	m.Handle("POST /access/me/corrections", a.askCorrection)
}

// mine is what the page about one's own account shows.
type mine struct {
	acc      Account
	unit     string
	grants   []grantLine
	sessions []Session
	current  string
	passkeys []Passkey
	works    bool // passkeys can be used here
	recovery int
	refused  *errs.Error
	withheld []module.Role // wait for a second factor
}

// grantLine is a grant in words.
type grantLine struct {
	Granted
	unitName, holder, by string
}

func (a *Access) showMe(w http.ResponseWriter, r *http.Request) error {
	return a.mePage(w, r, nil)
}

func (a *Access) mePage(w http.ResponseWriter, r *http.Request, refused *errs.Error) error {
	ctx := r.Context()
	m, err := a.mine(ctx)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if m.refused = refused; refused != nil {
		status = refused.Kind.Status()
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("access.me"), Body: meBody(m)})
}

func (a *Access) mine(ctx context.Context) (m mine, err error) {
	if m.acc, err = a.self(ctx); err != nil {
		return m, err
	}
	who, _ := Who(ctx)
	m.current, m.withheld, m.works, m.unit = who.Session, who.Withheld, a.PasskeysWork(), a.unitName(ctx, m.acc.Unit)
	held, err := a.grantsFrom(ctx, m.acc.ID, clock.Today(ctx))
	if err != nil {
		return m, err
	}
	if m.grants, err = a.lines(ctx, held); err != nil {
		return m, err
	}
	if m.sessions, err = a.Sessions(ctx); err != nil {
		return m, err
	}
	if m.passkeys, err = a.Passkeys(ctx); err != nil {
		return m, err
	}
	m.recovery, err = a.RecoveryLeft(ctx)
	return m, err
}

// again shows a page of one's account with what was refused, or passes on what is
// no refusal.
func (a *Access) again(w http.ResponseWriter, r *http.Request, err error) error {
	if e := errs.Of(err); e.Kind == errs.Invalid || e.Kind == errs.Conflict || e.Kind == errs.Busy {
		return a.mePage(w, r, e)
	}
	return err
}

// done tells what was done and goes back to the page about one's account.
func done(w http.ResponseWriter, r *http.Request, key, to string) error {
	ui.Flash(w, r, ui.Good, i18n.T(key))
	return web.SeeOther(w, r, to)
}

func (a *Access) showPassword(w http.ResponseWriter, r *http.Request) error {
	return a.passwordPage(w, r, http.StatusOK, nil)
}

func (a *Access) passwordPage(w http.ResponseWriter, r *http.Request, status int, refused *errs.Error) error {
	acc, err := a.self(r.Context())
	if err != nil {
		return err
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("access.password.change"), Narrow: true,
		Crumbs: []ui.Crumb{{Text: i18n.T("access.me"), Href: "/access/me"}}, Body: passwordBody(acc, refused)})
}

func (a *Access) changePassword(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	err := a.ChangePassword(r.Context(), r.PostFormValue("old"), r.PostFormValue("password"))
	if err != nil {
		if e := errs.Of(err); e.Kind == errs.Invalid || e.Kind == errs.Busy {
			return a.passwordPage(w, r, e.Kind.Status(), e)
		}
		return err
	}
	if err := a.renewCookie(w, r); err != nil {
		return err
	}
	return done(w, r, "access.password.changed", "/access/me")
}

// renewCookie gives the session another token: what it may do has grown.
func (a *Access) renewCookie(w http.ResponseWriter, r *http.Request) error {
	token, err := a.renew(r.Context())
	if err == nil {
		a.setCookie(w, sessionCookie, token, a.opt.Longest)
	}
	return err
}

func (a *Access) startTOTP(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	secret, url, err := a.StartTOTP(r.Context(), r.PostFormValue("old"))
	if err != nil {
		return a.again(w, r, err)
	}
	return a.totpPage(w, r, secret, url, nil)
}

func (a *Access) totpPage(w http.ResponseWriter, r *http.Request, secret, url string, refused *errs.Error) error {
	code, err := qr.Encode(url, qr.M)
	if err != nil {
		return err
	}
	code.Scale = 5
	picture := "data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())
	w.Header().Set("Cache-Control", "no-store")
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("access.totp.title"), Narrow: true,
		Crumbs: []ui.Crumb{{Text: i18n.T("access.me"), Href: "/access/me"}}, Body: totpBody(secret, picture, refused)})
}

func (a *Access) confirmTOTP(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	codes, err := a.ConfirmTOTP(r.Context(), r.PostFormValue("code"))
	if err != nil {
		return a.again(w, r, err)
	}
	if err := a.renewCookie(w, r); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("access.recovery.title"), Narrow: true,
		Crumbs: []ui.Crumb{{Text: i18n.T("access.me"), Href: "/access/me"}}, Body: recoveryBody(codes)})
}

func (a *Access) dropTOTP(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	if err := a.DropTOTP(r.Context(), r.PostFormValue("old")); err != nil {
		return a.again(w, r, err)
	}
	return done(w, r, "access.totp.dropped", "/access/me")
}

func (a *Access) setTwoStep(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	if err := a.SetTwoStep(r.Context(), r.PostFormValue("on") == "1", r.PostFormValue("old")); err != nil {
		return a.again(w, r, err)
	}
	return done(w, r, "access.saved", "/access/me")
}

func (a *Access) dropPasskey(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	if err := a.DropPasskey(r.Context(), r.PostFormValue("passkey"), r.PostFormValue("old")); err != nil {
		return a.again(w, r, err)
	}
	return done(w, r, "access.passkey.dropped", "/access/me")
}

func (a *Access) endSession(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	if err := a.End(r.Context(), r.PostFormValue("session")); err != nil {
		return err
	}
	return done(w, r, "access.sessions.ended", "/access/me")
}

func (a *Access) endOthers(w http.ResponseWriter, r *http.Request) error {
	if err := a.EndOthers(r.Context()); err != nil {
		return err
	}
	return done(w, r, "access.sessions.ended", "/access/me")
}

// dataPage is what the page about one's own data shows.
type dataPage struct {
	acc         Account
	corrections []Correction
	readers     []Record
	units       map[string]string
	pages       ui.Pages
	words       string
	refused     *errs.Error
}

const readersSize = 30

func (a *Access) showData(w http.ResponseWriter, r *http.Request) error {
	return a.dataPage(w, r, "", nil)
}

func (a *Access) dataPage(w http.ResponseWriter, r *http.Request, words string, refused *errs.Error) (err error) {
	ctx := r.Context()
	d := dataPage{words: words, refused: refused, units: map[string]string{}}
	if d.acc, err = a.self(ctx); err != nil {
		return err
	}
	if d.corrections, err = a.Corrections(ctx, true, false); err != nil {
		return err
	}
	if d.acc.Person != "" {
		at := ui.PageAt(r.URL.Query())
		var total int
		if d.readers, total, err = a.WhoRead(ctx, d.acc.Person, at, readersSize); err != nil {
			return err
		}
		d.pages = ui.Pages{At: at, Size: readersSize, Total: total, Path: "/access/me/data", Query: r.URL.Query()}
		for _, e := range d.readers {
			d.units[string(e.Unit)] = a.unitName(ctx, e.Unit)
		}
	}
	status := http.StatusOK
	if refused != nil {
		status = refused.Kind.Status()
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("access.data.title"), Lead: i18n.T("access.data.lead"),
		Crumbs: []ui.Crumb{{Text: i18n.T("access.me"), Href: "/access/me"}}, Body: dataBody(d)})
}

func (a *Access) takeData(w http.ResponseWriter, r *http.Request) error {
	who, _ := Who(r.Context())
	var body bytes.Buffer // whole, so that a fault half way is an error page and no half file
	if err := a.TakeAlong(r.Context(), who.Person, &body); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", `attachment; filename="du-lieu-cua-toi.zip"`)
	_, err := w.Write(body.Bytes())
	return err
}

func (a *Access) askCorrection(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	words := r.PostFormValue("text")
	if _, err := a.AskCorrection(r.Context(), words); err != nil {
		if e := errs.Of(err); e.Kind == errs.Invalid {
			return a.dataPage(w, r, words, e)
		}
		return err
	}
	return done(w, r, "access.correction.sent", "/access/me/data")
}
