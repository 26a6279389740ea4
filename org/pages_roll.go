package org

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/sheet"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (o *Org) routesRoll(m *web.Mux) {
	m.Handle("GET /org/rolls", o.showRolls)
	m.Handle("POST /org/rolls", o.sendRoll)
	m.Handle("GET /org/rolls/{id}", o.showRoll)
	m.Handle("POST /org/rolls/{id}/carry", o.carryPage)
	m.Handle("POST /org/rolls/{id}/again", o.againPage)
	m.Handle("POST /org/rolls/{id}/answer", o.answerPage)
	m.Handle("GET /org/rolls/{id}/faults.xlsx", o.faultsPage)
}

// rollForm is the page on which a roll is sent.
type rollForm struct {
	unit, category, on string
	under              UnitID // where the reader may import; "" in several places
	once               string // names this sending: the file goes up outside of a transaction
	runs               []Run
	refused            *errs.Error
}

func rollPath(id string) string { return "/org/rolls/" + url.PathEscape(id) }

func rollSteps() []ui.Step {
	return []ui.Step{{Text: i18n.T("org.roll.step-file")}, {Text: i18n.T("org.roll.step-preview")}, {Text: i18n.T("org.roll.step-done")}}
}

func peopleCrumbs(more ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Text: i18n.T("org.people"), Href: "/org/people"}}, more...)
}

func (o *Org) showRolls(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := rollForm{unit: clean(r.FormValue("unit")), category: r.FormValue("category"), on: clock.Today(ctx).String()}
	if _, err := ui.DateValue(r.FormValue("on")); err == nil && r.FormValue("on") != "" {
		f.on = r.FormValue("on")
	}
	t := o.Now(ctx)
	if t.Has(UnitID(f.unit)) {
		f.unit = labelOf(t, UnitID(f.unit))
	} else if top := onlyTop(ctx, PersonEdit); f.unit == "" && top != "" && len(t.Children(top)) == 0 {
		f.unit = labelOf(t, top) // of a unit with others below it each row names its own
	}
	return o.rollsPage(w, r, http.StatusOK, f)
}

func (o *Org) rollsPage(w http.ResponseWriter, r *http.Request, status int, f rollForm) (err error) {
	if f.runs, err = o.Runs(r.Context()); err != nil {
		return err
	}
	f.under = onlyTop(r.Context(), PersonEdit)
	if f.once == "" {
		f.once = id.New(r.Context())
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("org.rolls"), Lead: i18n.T("org.rolls.lead"), Crumbs: peopleCrumbs(), Body: rollsBody(&f)})
}

// sendRoll takes a file in. What is no table at all is refused at once; the rest is
// told by the page of the run.
func (o *Org) sendRoll(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, fileLimit); err != nil {
		return err
	}
	ctx := r.Context()
	f := rollForm{unit: r.FormValue("unit"), category: r.FormValue("category"), on: r.FormValue("on"), once: r.FormValue("once")}
	run, err := o.takeRoll(r, f)
	var e *errs.Error
	if errors.As(err, &e) && (e.Kind == errs.Invalid || e.Kind == errs.TooLarge) {
		f.refused, f.once = e, id.New(ctx)
		return o.rollsPage(w, r, e.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, rollPath(run))
}

func (o *Org) takeRoll(r *http.Request, f rollForm) (string, error) {
	var form errs.Form
	opt := RollOptions{Category: Category(f.category)}
	var ok bool
	var err error
	opt.Unit, ok = named(o.Now(r.Context()), f.unit)
	form.Need(ok, "unit", "org.parent.none", f.unit)
	opt.On, err = ui.DateValue(f.on)
	form.Need(err == nil, "on", "org.date.bad", f.on)
	form.Need(f.category == "" || validCategory(opt.Category), "category", "org.post.need-category")
	file, head, err := r.FormFile("file")
	form.Need(err == nil, "file", "org.roll.no-file")
	if file != nil {
		defer file.Close()
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	if err := o.maySend(r.Context(), opt.Unit); errors.Is(err, errs.Denied) && opt.Unit != "" {
		return "", errs.New(errs.Invalid, "error.invalid").Field("unit", "org.unit.not-yours", f.unit)
	} else if err != nil {
		return "", err
	}
	if err := isTable(file, head); err != nil {
		return "", err
	}
	return o.SendRoll(r.Context(), file, head.Filename, f.once, opt)
}

// isTable opens a file as a table, without reading its rows, and rewinds it.
func isTable(file multipart.File, head *multipart.FileHeader) error {
	if head.Size > rollFileMax {
		return errs.New(errs.TooLarge, "org.roll.too-large", rollFileMax>>20)
	}
	if head.Size == 0 {
		return errs.New(errs.Invalid, "error.invalid").Field("file", "org.roll.empty-file")
	}
	_, err := sheet.Open(file, head.Size, head.Filename, sheet.Limits{File: rollFileMax})
	if err != nil {
		return errs.New(errs.Invalid, "error.invalid").Field("file", errs.Of(err).Text.Key, errs.Of(err).Text.Args...).Because(err)
	}
	_, err = file.Seek(0, 0)
	return err
}

// rollPage is a run as it is now.
type rollPage struct {
	Run
	done, total int64
	level       string
	lines       []RollLine
	pages       ui.Pages
	asks        []RollAsk
	names       map[PersonID]Brief
	place       func(UnitID) string
}

const rollLinesOnPage = 50

func (o *Org) showRoll(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := rollPage{level: r.FormValue("show"), place: func(id UnitID) string { return o.unitName(ctx, id) }}
	var err error
	if p.Run, p.done, p.total, err = o.RollRun(ctx, r.PathValue("id")); err != nil {
		return err
	}
	if p.busy() {
		return ui.Show(w, r, http.StatusOK, p.page(p.working()))
	}
	if web.IsFragment(r) { // the work whose progress was shown is over
		w.Header().Set("HX-Refresh", "true")
		return nil
	}
	if err := o.fillRoll(ctx, &p, r.URL.Query()); err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, p.page(rollBody(&p)))
}

func (p *rollPage) page(body web.Component) ui.Page {
	return ui.Page{Title: i18n.T("org.roll.of", p.Name), Crumbs: peopleCrumbs(ui.Crumb{Text: i18n.T("org.rolls"), Href: "/org/rolls"}),
		Body: body, Fragment: p.busy(), Wide: true}
}

func (p *rollPage) busy() bool { return p.State == RollReading || p.State == RollWriting }

func (p *rollPage) working() web.Component {
	text := i18n.T("org.roll.work." + p.State)
	if p.total == 0 && p.done > 0 {
		text = i18n.T("org.roll.work.rows", p.done)
	}
	return ui.Progress(ui.Work{Text: text, Done: p.done, Total: p.total, Page: rollPath(p.ID)})
}

// fillRoll reads what there is to say of a run that waits for nobody.
func (o *Org) fillRoll(ctx context.Context, p *rollPage, q url.Values) (err error) {
	levels := p.levels()
	if p.level == "" && len(levels) > 0 {
		p.level = levels[0].name
	}
	n, err := o.countRollLines(ctx, p.ID, p.level)
	if err != nil {
		return err
	}
	p.pages = ui.Pages{At: ui.PageAt(q), Size: rollLinesOnPage, Total: n, Path: rollPath(p.ID), Query: q}
	if p.lines, err = o.RollLines(ctx, p.ID, p.level, rollLinesOnPage, (p.pages.At-1)*rollLinesOnPage); err != nil || p.State != RollReady {
		return err
	}
	if p.asks, err = o.RollAsks(ctx, p.ID); err != nil {
		return err
	}
	var ids []PersonID
	for _, a := range p.asks {
		ids = append(ids, a.Who...)
	}
	p.names, err = o.People(ctx, ids)
	return err
}

type rollLevel struct {
	name string
	n    int
}

// levels lists what there are rows of, what needs work first.
func (p *rollPage) levels() (out []rollLevel) {
	for _, l := range []rollLevel{{RollBad, p.Bad}, {RollWarn, p.Warned}, {RollChange, p.Changed}, {RollNew, p.New}} {
		if l.n > 0 {
			out = append(out, l)
		}
	}
	return out
}

func (p *rollPage) tabs() []ui.Link {
	var out []ui.Link
	for _, l := range p.levels() {
		out = append(out, ui.Link{Text: i18n.T("org.roll.level." + l.name), Count: int64(l.n), Href: rollPath(p.ID) + "?show=" + l.name, Current: l.name == p.level})
	}
	return out
}

func (p *rollPage) counts(ctx context.Context) []ui.Term {
	var out []ui.Term
	for _, c := range []struct {
		key string
		n   int
	}{{"rows", p.Rows}, {"new", p.New}, {"change", p.Changed}, {"same", p.Same}, {"bad", p.Bad}} {
		out = append(out, ui.Term{Text: i18n.T("org.roll.count." + c.key), Data: i18n.Number(ctx, c.n)})
	}
	if p.Unit != nil {
		out = append(out, ui.Term{Text: i18n.T("org.roll.unit"), Data: p.place(*p.Unit)})
	}
	return append(out, ui.Term{Text: i18n.T("org.roll.on"), Data: p.On.Viet()})
}

// step is where the run stands on rollSteps.
func (p *rollPage) step() int {
	if p.State == RollDone {
		return 2
	}
	return 1
}

// takes says how many rows would do something.
func (p *rollPage) takes() int { return p.New + p.Changed }

// againHref leads to the form with the same choices, for the mended file.
func (p *rollPage) againHref() string {
	q := url.Values{"on": {p.On.String()}}
	if p.Unit != nil {
		q.Set("unit", string(*p.Unit))
	}
	if p.Category != "" {
		q.Set("category", string(p.Category))
	}
	return "/org/rolls?" + q.Encode()
}

func (p *rollPage) peopleHref() string {
	if p.Unit == nil {
		return "/org/people"
	}
	return "/org/people?unit=" + url.QueryEscape(string(*p.Unit))
}

func (p *rollPage) answerOptions(a RollAsk) []ui.Option {
	out := make([]ui.Option, 0, len(a.Who)+1)
	for _, id := range a.Who {
		b := p.names[id]
		text := i18n.T("org.roll.ask.same", b.Name, p.place(b.Unit))
		if b.Unit != a.Unit {
			text = i18n.T("org.roll.ask.moves", b.Name, p.place(b.Unit))
		}
		hint := i18n.Text{}
		if b.Title != "" {
			hint = ui.Plain(b.Title)
		}
		out = append(out, ui.Option{Value: string(id), Text: text, Hint: hint})
	}
	return append(out, ui.Option{Value: AskNew, Text: i18n.T("org.roll.ask.new", p.place(a.Unit))})
}

// backToRun answers a form of the page of a run: what went wrong is told there.
func backToRun(w http.ResponseWriter, r *http.Request, err error) error {
	if e := errs.Of(err); err != nil {
		if e.Kind != errs.Invalid && e.Kind != errs.Conflict {
			return err
		}
		ui.Flash(w, r, ui.Bad, e.Text)
	}
	return web.SeeOther(w, r, rollPath(r.PathValue("id")))
}

func (o *Org) carryPage(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	return backToRun(w, r, o.db.Try(r.Context(), func(ctx context.Context) error {
		return o.CarryOut(ctx, r.PathValue("id"), r.FormValue("stamp"), r.FormValue("partial") == "1")
	}))
}

func (o *Org) againPage(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	return backToRun(w, r, o.db.Try(r.Context(), func(ctx context.Context) error { return o.ReadAgain(ctx, r.PathValue("id")) }))
}

func (o *Org) answerPage(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	answers := map[int]string{}
	for field, values := range r.PostForm {
		if row, err := strconv.Atoi(strings.TrimPrefix(field, "row-")); err == nil && strings.HasPrefix(field, "row-") {
			answers[row] = values[0]
		}
	}
	return backToRun(w, r, o.db.Try(r.Context(), func(ctx context.Context) error { return o.AnswerRoll(ctx, r.PathValue("id"), answers) }))
}

func (o *Org) faultsPage(w http.ResponseWriter, r *http.Request) error {
	var b bytes.Buffer
	if err := o.RollFaults(r.Context(), r.PathValue("id"), &b); err != nil {
		return err
	}
	return download(w, "dong-can-sua.xlsx", b.Bytes())
}
