package access

import (
	"context"
	"net/http"
	"net/url"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (a *Access) routesLog(m *web.Mux) {
	m.Handle("GET /access/audit", a.showLog)
	m.Handle("GET /access/audit/export", a.exportLog)
	m.Handle("GET /access/keys", a.showKeys)
	m.Handle("POST /access/keys", a.makeKey)
	m.Handle("POST /access/keys/{id}/end", a.endKey)
	m.Handle("GET /access/corrections", a.showCorrections)
	m.Handle("POST /access/corrections/{id}", a.answerCorrection)
}

const logSize = 50

// logPage is what the page of the audit log shows.
type logPage struct {
	query   url.Values
	entries []Record
	units   map[org.UnitID]string
	actions []ui.Option
	whole   bool // the actor may export
	proof   *Proof
	pages   ui.Pages
	refused *errs.Error
}

func (a *Access) showLog(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	p := logPage{query: q, units: map[org.UnitID]string{}, actions: actionOptions(), whole: a.checkWholeLog(ctx) == nil}
	f, refused := readLogFilter(q)
	p.refused = refused
	entries, total, err := a.Log(ctx, f)
	if err != nil {
		return err
	}
	p.entries, p.pages = entries, ui.Pages{At: f.Page, Size: logSize, Total: total, Path: "/access/audit", Query: q}
	for _, e := range entries {
		p.units[e.Unit] = a.unitName(ctx, e.Unit)
	}
	if p.whole && q.Get("verify") == "1" {
		proof, err := a.Verify(ctx)
		if err != nil {
			return err
		}
		p.proof = &proof
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("access.audit.title"), Lead: i18n.T("access.audit.lead"), Wide: true, Body: logBody(p)})
}

// readLogFilter reads what was asked for. A date that cannot be read narrows
// nothing, and is told.
func readLogFilter(q url.Values) (f LogFilter, refused *errs.Error) {
	var form errs.Form
	from, err := ui.DateValue(q.Get("from"))
	form.Need(err == nil, "from", "access.grant.date")
	to, err := ui.DateValue(q.Get("to"))
	form.Need(err == nil, "to", "access.grant.date")
	if to != 0 {
		to++
	}
	f = LogFilter{From: from, To: to, Action: module.ActionName(q.Get("action")), Unit: org.UnitID(q.Get("unit")), Person: org.PersonID(q.Get("person")),
		Account: AccountID(q.Get("account")), Subject: q.Get("subject"), Kind: q.Get("kind"), Page: ui.PageAt(q), Size: logSize}
	if err := form.Err(); err != nil {
		refused = errs.Of(err)
	}
	return f, refused
}

// actionOptions lists all actions in words; those that stand in the log only too.
func actionOptions() []ui.Option {
	options := []ui.Option{{Value: "", Text: i18n.T("access.audit.any")}}
	for _, name := range []module.ActionName{SignIn, SignOut, SignInFailed, TakeData, AskData} {
		options = append(options, ui.Option{Value: string(name), Text: i18n.T(string(name))})
	}
	for _, row := range matrix() {
		options = append(options, ui.Option{Value: string(row.action), Text: i18n.T(string(row.action))})
	}
	return options
}

func (a *Access) exportLog(w http.ResponseWriter, r *http.Request) error {
	f, refused := readLogFilter(r.URL.Query())
	if refused != nil {
		return refused
	}
	return a.Export(r.Context(), &download{w, "application/x-ndjson", "nhat-ky-he-thong.jsonl", false}, f.From, f.To)
}

// download is a file that is written as it is made: until its first byte an error
// is still an error page.
type download struct {
	http.ResponseWriter
	kind, name string
	begun      bool
}

func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		d.Header().Set("Content-Type", d.kind)
		d.Header().Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
		d.Header().Set("Cache-Control", "no-store")
	}
	return d.ResponseWriter.Write(b)
}

// keysPage is what the page of API keys shows.
type keysPage struct {
	keys    []Key
	units   map[org.UnitID]string
	choices []ui.Option
	actions []ui.Option
	made    string // the secret of the key just made
	name    string
	refused *errs.Error
}

func (a *Access) showKeys(w http.ResponseWriter, r *http.Request) error {
	return a.keysPage(w, r, keysPage{})
}

func (a *Access) keysPage(w http.ResponseWriter, r *http.Request, p keysPage) (err error) {
	ctx := r.Context()
	if p.keys, err = a.Keys(ctx); err != nil {
		return err
	}
	p.units = map[org.UnitID]string{}
	for _, k := range p.keys {
		p.units[k.Unit] = a.unitName(ctx, k.Unit)
	}
	p.choices = a.topOptions(ctx, EditKeys)
	who, _ := Who(ctx)
	for _, row := range matrix() {
		if len(who.tops(row.action)) > 0 {
			p.actions = append(p.actions, ui.Option{Value: string(row.action), Text: i18n.T(string(row.action))})
		}
	}
	status := http.StatusOK
	if p.refused != nil {
		status = p.refused.Kind.Status()
	}
	w.Header().Set("Cache-Control", "no-store")
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("access.keys.title"), Lead: i18n.T("access.keys.lead"), Body: keysBody(p)})
}

// topOptions lists the units at the tops of a scope and right below them.
func (a *Access) topOptions(ctx context.Context, act module.ActionName) (options []ui.Option) {
	for _, top := range In(ctx, act).Tops() {
		options = append(options, a.unitOptions(ctx, act, top)...)
	}
	return options
}

func (a *Access) makeKey(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	var acts []module.ActionName
	for _, v := range r.PostForm["actions"] {
		acts = append(acts, module.ActionName(v))
	}
	expires, err := ui.DateValue(r.PostFormValue("expires"))
	if err != nil {
		expires = clock.Date(1) // long past: refused below in the same words
	}
	p := keysPage{name: r.PostFormValue("name")}
	p.made, err = a.MakeKey(r.Context(), p.name, org.UnitID(r.PostFormValue("unit")), acts, expires)
	if err != nil {
		e := errs.Of(err)
		if e.Kind != errs.Invalid {
			return err
		}
		p.made, p.refused = "", e
	}
	return a.keysPage(w, r, p)
}

func (a *Access) endKey(w http.ResponseWriter, r *http.Request) error {
	if err := a.EndKey(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	return done(w, r, "access.keys.ended", "/access/keys")
}
