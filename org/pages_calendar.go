package org

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"lotrinh/org/calendar"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (o *Org) routesCalendar(m *web.Mux) {
	m.Handle("GET /org/calendar", o.showCalendar)
	m.Handle("GET /org/calendar/count", o.showCount)
	m.Handle("GET /org/calendar/{id}", o.showHoliday)
	m.Handle("POST /org/calendar/{id}", o.saveHoliday)
	m.Handle("POST /org/calendar/{id}/drop", o.dropHoliday)
	m.Handle("POST /org/calendar/own", o.ownCalendar)
	m.Handle("GET /org/rules", o.showRules)
	m.Handle("POST /org/rules", o.saveRule)
}

// calendarTabs leads between the days, the calculator and the rules.
func calendarTabs(now string) []ui.Link {
	return []ui.Link{{Text: i18n.T("org.calendar"), Href: "/org/calendar", Current: now == "days"},
		{Text: i18n.T("org.calendar.count"), Href: "/org/calendar/count", Current: now == "count"},
		{Text: i18n.T("org.rules"), Href: "/org/rules", Current: now == "rules"}}
}

// mayEverywhere says whether the actor may do something in the whole house.
func (o *Org) mayEverywhere(ctx context.Context, a module.ActionName) bool {
	return o.everywhere(ctx, a) == nil
}

// calendarPage is the days of a year that are not what their place in the week makes
// them.
type calendarPage struct {
	year   int
	rows   []Holiday
	edits  bool
	own    bool // the table is the house's; else the program's, whose rows have no id
	months []monthDays
}

// monthDays is how many days of a month are worked.
type monthDays struct {
	month, worked, days int
}

func (o *Org) showCalendar(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := calendarPage{year: clock.Today(ctx).Year(), edits: o.mayEverywhere(ctx, CalendarEdit)}
	if y, err := strconv.Atoi(r.FormValue("year")); err == nil && y >= 1990 && y <= 2199 {
		p.year = y
	}
	var err error
	if p.rows, err = o.Holidays(ctx, p.year); err != nil {
		return err
	}
	stamp, err := o.calendarStamp(ctx)
	if err != nil {
		return err
	}
	p.own = stamp != ""
	c := o.Calendar(ctx)
	for m := range 12 {
		first, next := clock.NewDate(p.year, time.Month(m+1), 1), clock.NewDate(p.year, time.Month(m+2), 1)
		p.months = append(p.months, monthDays{m + 1, c.WorkingBetween(first-1, next-1), int(next - first)})
	}
	page := ui.Page{Title: i18n.T("org.calendar"), Lead: i18n.T("org.calendar.lead"), Body: calendarBody(&p), Wide: true}
	if p.edits && p.own {
		page.Actions = []ui.Act{{Text: i18n.T("org.holiday.add"), Href: "/org/calendar/new?year=" + strconv.Itoa(p.year), Icon: "plus"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}

func (o *Org) ownCalendar(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	if err := o.OwnCalendar(r.Context()); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.calendar.owned"))
	return web.SeeOther(w, r, "/org/calendar?year="+r.FormValue("year"))
}

const newHoliday = "new" // the id of a row that is to be entered

// holidayForm is what somebody typed about a day.
type holidayForm struct {
	date, kind, name, basis, status, edition string
}

// holidayPage is the form of a day.
type holidayPage struct {
	id      string // "" a new one
	form    holidayForm
	refused *errs.Error
}

func (o *Org) showHoliday(w http.ResponseWriter, r *http.Request) error {
	p, err := o.holidayPage(r)
	if err != nil {
		return err
	}
	return o.holiday(w, r, http.StatusOK, p)
}

func (o *Org) holidayPage(r *http.Request) (p holidayPage, err error) {
	ctx := r.Context()
	if err := o.everywhere(ctx, CalendarEdit); err != nil {
		return p, err
	}
	if r.PathValue("id") == newHoliday {
		p.form = holidayForm{kind: string(calendar.InLieu), status: string(calendar.Decided)}
		return p, nil
	}
	rows, err := o.holidayRows(ctx)
	if err != nil {
		return p, err
	}
	for _, h := range rows {
		if h.ID == r.PathValue("id") {
			return holidayPage{id: h.ID, form: holidayForm{h.Date.String(), string(h.Kind), h.Name, h.Basis, string(h.Status), strconv.FormatInt(h.Edition, 10)}}, nil
		}
	}
	return p, errs.New(errs.NotFound, "error.not-found")
}

func (o *Org) holiday(w http.ResponseWriter, r *http.Request, status int, p holidayPage) error {
	title := i18n.T("org.holiday.edit")
	if p.id == "" {
		title = i18n.T("org.holiday.add")
	}
	return ui.Show(w, r, status, ui.Page{Title: title, Body: holidayBody(&p), Narrow: true, Crumbs: []ui.Crumb{{Text: i18n.T("org.calendar"), Href: "/org/calendar"}}})
}

func (p *holidayPage) path() string {
	if p.id == "" {
		return "/org/calendar/" + newHoliday
	}
	return "/org/calendar/" + p.id
}

func (o *Org) saveHoliday(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	p, err := o.holidayPage(r)
	if err != nil {
		return err
	}
	saved := p.form.edition
	p.form = holidayForm{r.FormValue("date"), r.FormValue("kind"), r.FormValue("name"), r.FormValue("basis"), r.FormValue("status"), r.FormValue("edition")}
	var f errs.Form
	h := Holiday{ID: p.id, Date: fieldDate(&f, r, "date"), Kind: calendar.Kind(p.form.kind), Name: p.form.name, Basis: p.form.basis, Status: calendar.Status(p.form.status)}
	h.Edition, _ = strconv.ParseInt(p.form.edition, 10, 64)
	if err = f.Err(); err == nil {
		err = o.db.Try(r.Context(), func(ctx context.Context) error { return o.SaveHoliday(ctx, h) })
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		if changedSince(p.refused) {
			p.form.edition = saved
		}
		return o.holiday(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.holiday.saved"))
	return web.SeeOther(w, r, "/org/calendar?year="+strconv.Itoa(h.Date.Year()))
}

func (o *Org) dropHoliday(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	edition, _ := strconv.ParseInt(r.FormValue("edition"), 10, 64)
	err := o.db.Try(r.Context(), func(ctx context.Context) error { return o.DropHoliday(ctx, r.PathValue("id"), edition) })
	if err != nil {
		e, err := refusedForm(err)
		if err != nil {
			return err
		}
		ui.Flash(w, r, ui.Bad, e.Text)
	}
	return web.SeeOther(w, r, "/org/calendar?year="+r.FormValue("year"))
}

// countPage counts working days.
type countPage struct {
	from, to, days string
	result         []ui.Term
	wrong          *errs.Error
}

const countMax = 36_600 // days between two dates that are counted: a hundred years

// showCount answers two questions: how many working days lie between two dates, and
// which day is so many working days after one. The first day is not counted, and a
// limit that ends on a day off ends on the next working day (Civil Code 147–148).
func (o *Org) showCount(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := countPage{from: r.FormValue("from"), to: r.FormValue("to"), days: clean(r.FormValue("days"))}
	if p.from == "" {
		p.from = clock.Today(ctx).String()
	}
	var f errs.Form
	from, err := ui.DateValue(p.from)
	f.Need(err == nil, "from", "org.date.bad", p.from)
	to, err := ui.DateValue(p.to)
	f.Need(err == nil, "to", "org.date.bad", p.to)
	f.Need(to == 0 || to >= from && to <= from+countMax, "to", "org.calendar.to-before", from.Viet())
	n, err := strconv.Atoi(p.days)
	f.Need(p.days == "" || err == nil && n >= 1 && n <= 3650, "days", "org.calendar.bad-days")
	status := http.StatusOK
	if err := f.Err(); err != nil {
		p.wrong, status = errs.Of(err), http.StatusUnprocessableEntity
	} else {
		p.result = o.counted(ctx, from, to, n)
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("org.calendar.count"), Lead: i18n.T("org.calendar.count-lead"), Body: countBody(&p)})
}

func (o *Org) counted(ctx context.Context, from, to clock.Date, n int) (out []ui.Term) {
	c := o.Calendar(ctx)
	kind := i18n.T("org.calendar.off")
	if c.IsWorking(from) {
		kind = i18n.T("org.calendar.working")
	}
	out = append(out, ui.Term{Text: ui.Plain(from.Viet()), Data: kind.In(ctx)})
	if to != 0 {
		out = append(out, ui.Term{Text: i18n.T("org.calendar.between", from.Viet(), to.Viet()), Data: i18n.S(ctx, "org.calendar.days", c.WorkingBetween(from, to))})
	}
	if n > 0 {
		out = append(out, ui.Term{Text: i18n.T("org.calendar.after-working", n), Data: c.DeadlineWorking(from, n).Viet()},
			ui.Term{Text: i18n.T("org.calendar.after-days", n), Data: c.Deadline(from, n).Viet()})
	}
	return out
}

// rulesPage is the figures that an authority sets, with what was set when.
type rulesPage struct {
	rulings []Ruling
	now     map[Rule]int64
	form    ruleForm
	edits   bool
	refused *errs.Error
}

type ruleForm struct{ rule, value, from, basis string }

func (o *Org) showRules(w http.ResponseWriter, r *http.Request) error {
	return o.rules(w, r, http.StatusOK, rulesPage{form: ruleForm{rule: r.FormValue("rule"), from: clock.Today(r.Context()).String()}})
}

func (o *Org) rules(w http.ResponseWriter, r *http.Request, status int, p rulesPage) (err error) {
	ctx := r.Context()
	p.edits, p.now = o.mayEverywhere(ctx, RuleEdit), map[Rule]int64{}
	if p.rulings, err = o.Rulings(ctx); err != nil {
		return err
	}
	for _, x := range Rules {
		if p.now[x], err = o.Rule(ctx, x, clock.Today(ctx)); err != nil {
			return err
		}
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("org.rules"), Lead: i18n.T("org.rules.lead"), Body: rulesBody(&p)})
}

func (o *Org) saveRule(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	p := rulesPage{form: ruleForm{r.FormValue("rule"), r.FormValue("value"), r.FormValue("from"), r.FormValue("basis")}}
	if err := o.everywhere(r.Context(), RuleEdit); err != nil {
		return err
	}
	var f errs.Form
	x := Ruling{Rule: Rule(p.form.rule), From: fieldDate(&f, r, "from"), Basis: p.form.basis}
	var err error
	x.Value, err = strconv.ParseInt(clean(p.form.value), 10, 64)
	f.Need(err == nil, "value", "org.rule.need-value")
	if err = f.Err(); err == nil {
		err = o.db.Try(r.Context(), func(ctx context.Context) error { return o.SetRule(ctx, x) })
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		return o.rules(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.rule.saved"))
	return web.SeeOther(w, r, "/org/rules")
}

// ruleValue says what a rule's figure means.
func ruleValue(r Rule, n int64) i18n.Text {
	if r == DegreeMin && n >= 0 && n < int64(len(Degrees)) {
		return i18n.T("org.degree." + string(Degrees[n]))
	}
	return i18n.T("org.rule.value."+string(r), n)
}
