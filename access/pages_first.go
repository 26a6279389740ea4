package access

import (
	_ "embed"
	"encoding/json"
	"io"
	"net/http"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (a *Access) showFirst(w http.ResponseWriter, r *http.Request) error {
	return a.firstPage(w, r, cut(r.FormValue("code"), 64), nil)
}

func (a *Access) firstPage(w http.ResponseWriter, r *http.Request, code string, refused *errs.Error) error {
	status := http.StatusOK
	if refused != nil {
		status = refused.Kind.Status()
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("access.first.title"), Lead: i18n.T("access.first.lead"), Narrow: true,
		Body: firstBody(code, refused)})
}

func (a *Access) first(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	code := cut(r.PostFormValue("code"), 128)
	token, err := a.ByCode(r.Context(), code)
	if err != nil {
		if e := errs.Of(err); e.Kind != errs.Fault {
			return a.firstPage(w, r, code, e)
		}
		return err
	}
	a.setCookie(w, firstCookie, token, stepLife)
	return web.SeeOther(w, r, "/access/first/password")
}

func (a *Access) showFirstPassword(w http.ResponseWriter, r *http.Request) error {
	return a.firstPasswordPage(w, r, nil)
}

func (a *Access) firstPasswordPage(w http.ResponseWriter, r *http.Request, refused *errs.Error) error {
	var f firstStep
	s, err := a.readStep(r.Context(), stepFirst, a.cookieOf(r, firstCookie), &f)
	if err != nil {
		return a.firstPage(w, r, "", errs.Of(err))
	}
	acc, err := a.accountByID(r.Context(), s.Account)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if refused != nil {
		status = refused.Kind.Status()
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("access.first.choose"), Narrow: true,
		Body: firstPasswordBody(acc, a.unitName(r.Context(), acc.Unit), a.PasskeysWork(), refused)})
}

func (a *Access) firstPassword(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	acc, err := a.FirstPassword(r.Context(), a.cookieOf(r, firstCookie), r.PostFormValue("password"))
	if err != nil {
		if e := errs.Of(err); e.Kind != errs.Fault {
			return a.firstPasswordPage(w, r, e)
		}
		return err
	}
	return a.afterFirst(w, r, acc, "code")
}

// afterFirst lets in who has used up a code; a second factor that the account had
// before is still asked for.
func (a *Access) afterFirst(w http.ResponseWriter, r *http.Request, acc Account, means string) error {
	a.setCookie(w, firstCookie, "", -1)
	to := arrival{Next: "/", Means: means}
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

//go:embed passkey.js
var passkeyJS []byte

func passkeyScript(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, err := w.Write(passkeyJS)
	return err
}

// ceremony is what the script sends and gets.
type ceremony struct {
	Mode     string          `json:"mode,omitempty"` // first, second, or neither
	Next     string          `json:"next,omitempty"`
	Kept     string          `json:"kept,omitempty"`
	Name     string          `json:"name,omitempty"`
	Password string          `json:"password,omitempty"`
	Answer   json.RawMessage `json:"answer,omitempty"`
}

func readCeremony(w http.ResponseWriter, r *http.Request) (c ceremony, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, formLimit))
	if err != nil {
		return c, err
	}
	if json.Unmarshal(body, &c) != nil {
		err = errs.New(errs.Invalid, "error.unreadable")
	}
	return c, err
}

func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(v)
}

// scripted answers a script: what goes wrong is JSON, with the sentence to show.
func scripted(w http.ResponseWriter, r *http.Request, err error) error {
	if err != nil {
		e := errs.Of(err)
		if e.Kind == errs.Fault {
			return err
		}
		web.Problem(w, r, e)
	}
	return nil
}

func (a *Access) askPasskey(w http.ResponseWriter, r *http.Request) error {
	c, err := readCeremony(w, r)
	if err != nil {
		return scripted(w, r, err)
	}
	second := ""
	if c.Mode == "second" {
		second = a.cookieOf(r, stepCookie)
	}
	options, token, err := a.AskPasskey(r.Context(), second, arrival{Next: local(c.Next), Kept: c.Kept, Means: "passkey"})
	if err != nil {
		return scripted(w, r, err)
	}
	a.setCookie(w, stepCookie, token, stepLife)
	return writeJSON(w, json.RawMessage(options))
}

// byPasskey signs in. The script then opens the page it is told; an interrupted
// form comes back to the script as a page.
func (a *Access) byPasskey(w http.ResponseWriter, r *http.Request) error {
	c, err := readCeremony(w, r)
	if err != nil {
		return scripted(w, r, err)
	}
	acc, to, err := a.ByPasskey(r.Context(), a.cookieOf(r, stepCookie), c.Answer)
	if err != nil {
		return scripted(w, r, err)
	}
	return a.enter(w, r, acc, to)
}

func (a *Access) newPasskey(w http.ResponseWriter, r *http.Request) error {
	c, err := readCeremony(w, r)
	if err != nil {
		return scripted(w, r, err)
	}
	first := ""
	if c.Mode == "first" {
		first = a.cookieOf(r, firstCookie)
	}
	options, token, err := a.NewPasskey(r.Context(), first, c.Password)
	if err != nil {
		return scripted(w, r, err)
	}
	a.setCookie(w, stepCookie, token, stepLife)
	return writeJSON(w, json.RawMessage(options))
}

func (a *Access) savePasskey(w http.ResponseWriter, r *http.Request) error {
	c, err := readCeremony(w, r)
	if err != nil {
		return scripted(w, r, err)
	}
	acc, first, err := a.SavePasskey(r.Context(), a.cookieOf(r, stepCookie), c.Name, c.Answer)
	if err != nil {
		return scripted(w, r, err)
	}
	if first {
		return a.afterFirst(w, r, acc, "code")
	}
	a.setCookie(w, stepCookie, "", -1)
	ui.Flash(w, r, ui.Good, i18n.T("access.passkey.made"))
	return web.SeeOther(w, r, "/access/me")
}
