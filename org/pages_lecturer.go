package org

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (o *Org) routesLecturer(m *web.Mux) {
	m.Handle("GET /org/lecturers", o.showLecturers)
	m.Handle("GET /org/lecturers/new", o.showNewLecturer)
	m.Handle("GET /org/lecturers/outside", o.showOutside)
	m.Handle("POST /org/lecturers/outside", o.addOutside)
	m.Handle("GET /org/lecturers/{id}", o.showLecturer)
	m.Handle("POST /org/lecturers/{id}", o.saveLecturer)
	m.Handle("POST /org/lecturers/{id}/check", o.checkLecturerPage)
	m.Handle("POST /org/lecturers/{id}/papers", o.addPaperPage)
	m.Handle("GET /org/lecturers/{id}/papers/{paper}", o.servePaper)
	m.Handle("POST /org/lecturers/{id}/papers/{paper}/drop", o.dropPaperPage)
	o.routesProvider(m)
}

func lecturerPath(p PersonID) string { return "/org/lecturers/" + url.PathEscape(string(p)) }

func lecturerTabs(now string) []ui.Link {
	return []ui.Link{{Text: i18n.T("org.lecturers"), Href: "/org/lecturers", Current: now == "lecturers"},
		{Text: i18n.T("org.providers"), Href: "/org/providers", Current: now == "providers"}}
}

func lecturerCrumbs(more ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Text: i18n.T("org.lecturers"), Href: "/org/lecturers"}}, more...)
}

// lecturersPage is the list of lecturers.
type lecturersPage struct {
	words     string
	list      []Lecturer
	fit       map[PersonID]error
	providers map[ProviderID]string
	today     clock.Date
	edits     bool
	place     func(UnitID) string
}

func (o *Org) showLecturers(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, LecturerRead) {
		return access.Check(ctx, LecturerRead, "")
	}
	p := lecturersPage{words: clean(r.FormValue("q")), today: clock.Today(ctx), edits: access.Anywhere(ctx, LecturerEdit), fit: map[PersonID]error{},
		place: func(id UnitID) string { return o.unitName(ctx, id) }}
	var err error
	if p.list, err = o.Lecturers(ctx, LecturerFilter{Text: p.words}); err != nil {
		return err
	}
	rule, err := o.fitRule(ctx, p.today)
	if err != nil {
		return err
	}
	var ids []ProviderID
	for _, l := range p.list {
		p.fit[l.Person] = rule.judge(l.Qualification)
		if l.Provider != "" {
			ids = append(ids, l.Provider)
		}
	}
	if p.providers, err = o.ProviderNames(ctx, ids); err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T("org.lecturers"), Lead: i18n.T("org.lecturers.lead"), Body: lecturersBody(&p), Wide: true}
	if p.edits {
		page.Actions = []ui.Act{{Text: i18n.T("org.lecturer.add"), Href: "/org/lecturers/new", Icon: "plus"},
			{Text: i18n.T("org.lecturer.outside"), Href: "/org/lecturers/outside", Icon: "plus"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}

// fitText says what a lecturer lacks; zero: nothing.
func fitText(err error) i18n.Text {
	if err == nil {
		return i18n.Text{}
	}
	return errs.Of(err).Text
}

func fitTag(err error) ui.Tag {
	switch {
	case err == nil:
		return ui.Tag{Tone: ui.Good, Text: i18n.T("org.lecturer.fit")}
	case errs.Of(err).Text.Key == "org.lecturer.not-checked":
		return ui.Tag{Tone: ui.Warn, Text: i18n.T("org.lecturer.to-check")}
	}
	return ui.Tag{Tone: ui.Bad, Text: i18n.T("org.lecturer.unfit")}
}

// pickLecturer is the page on which a person of a unit is chosen.
type pickLecturer struct {
	who     Picked
	refused *errs.Error
}

func (o *Org) showNewLecturer(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, LecturerEdit) {
		return access.Check(ctx, LecturerEdit, "")
	}
	p := pickLecturer{who: o.PickOf(r, "who", i18n.T("org.lecturer.who"))}
	if p.who.Typed != "" {
		id, err := o.Pick(ctx, &p.who)
		if err != nil {
			if p.refused, err = refusedForm(err); err != nil {
				return err
			}
		}
		if id != "" {
			return web.SeeOther(w, r, lecturerPath(id))
		}
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("org.lecturer.add"), Body: pickLecturerBody(&p), Crumbs: lecturerCrumbs(), Narrow: true})
}

// lecturerForm is what somebody typed about a lecturer.
type lecturerForm struct {
	unit, rank, degree, field, practice, years, stated, provider, from, last string
	edition                                                                  string
}

func lecturerFormOf(r *http.Request) lecturerForm {
	v := r.FormValue
	return lecturerForm{v("unit"), v("rank"), v("degree"), v("field"), v("practice"), v("years"), v("stated"), v("provider"), v("from"), v("last"), v("edition")}
}

func (in lecturerForm) read(o *Org, ctx context.Context, f *errs.Form) Qualification {
	date := func(field, s string) clock.Date {
		d, err := ui.DateValue(s)
		f.Need(err == nil, field, "org.date.bad", s)
		return d
	}
	q := Qualification{Rank: Rank(in.rank), Degree: Degree(in.degree), Field: in.field, Practice: in.practice, Provider: ProviderID(in.provider),
		Stated: date("stated", in.stated), From: date("from", in.from), To: afterDay(date("last", in.last))}
	var ok bool
	q.Unit, ok = named(o.Now(ctx), in.unit)
	f.Need(ok && q.Unit != "", "unit", "org.post.need-unit", in.unit)
	years, err := strconv.Atoi(clean(in.years))
	f.Need(err == nil || in.years == "", "years", "org.lecturer.bad-years")
	q.Years = years
	q.Edition, _ = strconv.ParseInt(in.edition, 10, 64)
	return q
}

// lecturerPage is what is known of a lecturer, with the form that changes it.
type lecturerPage struct {
	person    Person
	q         Qualification
	listed    bool
	fit       error
	form      lecturerForm
	papers    []Paper
	providers []Provider
	edits     bool
	under     UnitID
	place     func(UnitID) string
	now       []ui.Term
	refused   *errs.Error
	paper     *errs.Error // why a paper was refused
}

func (o *Org) showLecturer(w http.ResponseWriter, r *http.Request) error {
	p, err := o.lecturerPage(r)
	if err != nil {
		return err
	}
	return o.lecturer(w, r, http.StatusOK, p)
}

// lecturerPage reads a lecturer, or a person who is to become one.
func (o *Org) lecturerPage(r *http.Request) (p lecturerPage, err error) {
	ctx := r.Context()
	id := PersonID(r.PathValue("id"))
	if p.q, err = o.Lecturer(ctx, id); err == nil {
		p.listed = true
		err = o.fillLecturer(ctx, &p)
		return p, err
	}
	if !errors.Is(err, errs.NotFound) {
		return p, err
	}
	x, posts, err := o.Person(ctx, id)
	if err != nil {
		return p, err
	}
	if !access.Anywhere(ctx, LecturerEdit) {
		return p, access.Check(ctx, LecturerEdit, "")
	}
	p.person, p.edits = x, true
	p.form.from, p.form.stated = clock.Today(ctx).String(), clock.Today(ctx).String()
	for _, post := range posts {
		if post.Main && post.held(clock.Today(ctx)) {
			p.form.unit = labelOf(o.Now(ctx), post.Unit)
		}
	}
	return p, nil
}

func (o *Org) fillLecturer(ctx context.Context, p *lecturerPage) (err error) {
	if p.person, _, err = o.load1(ctx, p.q.Person); err != nil {
		return err
	}
	q := p.q
	p.edits = access.Check(ctx, LecturerEdit, q.Unit) == nil
	p.form = lecturerForm{labelOf(o.Now(ctx), q.Unit), string(q.Rank), string(q.Degree), q.Field, q.Practice, strconv.Itoa(q.Years), q.Stated.String(),
		string(q.Provider), q.From.String(), lastDay(q.To).String(), strconv.FormatInt(q.Edition, 10)}
	if p.papers, err = o.Papers(ctx, q.Person); err != nil {
		return err
	}
	rule, err := o.fitRule(ctx, clock.Today(ctx))
	p.fit = rule.judge(q)
	if err != nil {
		return err
	}
	return o.audit(ctx, Entry{Action: LecturerRead, Unit: q.Unit, Person: q.Person, Subject: "lecturer:" + string(q.Person), Read: true})
}

func (o *Org) lecturer(w http.ResponseWriter, r *http.Request, status int, p lecturerPage) (err error) {
	ctx := r.Context()
	p.place = func(id UnitID) string { return o.unitName(ctx, id) }
	p.under = onlyTop(ctx, LecturerEdit)
	if access.Anywhere(ctx, LecturerRead) {
		if p.providers, err = o.Providers(ctx, ""); err != nil {
			return err
		}
	}
	return ui.Show(w, r, status, ui.Page{Title: ui.Plain(p.person.Name), Lead: i18n.T("org.lecturer.record"), Body: lecturerBody(&p), Crumbs: lecturerCrumbs()})
}

func (p *lecturerPage) terms(ctx context.Context) []ui.Term {
	q := p.q
	terms := []ui.Term{{Text: i18n.T("org.lecturer.unit"), Data: p.place(q.Unit)}, {Text: i18n.T("org.lecturer.rank"), Data: i18n.S(ctx, "org.rank."+string(q.Rank))},
		{Text: i18n.T("org.lecturer.degree"), Data: i18n.S(ctx, "org.degree."+string(q.Degree))}, {Text: i18n.T("org.lecturer.field"), Data: dash(q.Field)},
		{Text: i18n.T("org.lecturer.practice"), Data: dash(q.Practice)}, {Text: i18n.T("org.lecturer.years"), Data: i18n.Number(ctx, q.YearsOn(clock.Today(ctx)))}}
	for _, x := range p.providers {
		if x.ID == q.Provider {
			terms = append(terms, ui.Term{Text: i18n.T("org.provider"), Data: x.Name})
		}
	}
	if q.Checked() {
		terms = append(terms, ui.Term{Text: i18n.T("org.lecturer.checked"), Data: i18n.S(ctx, "org.lecturer.checked-by", i18n.DateTime(ctx, q.CheckedAt), actorText(ctx, q.CheckedBy))})
	}
	return terms
}

func (o *Org) saveLecturer(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	p, err := o.lecturerPage(r)
	if err != nil {
		return err
	}
	p.form = lecturerFormOf(r)
	var f errs.Form
	q := p.form.read(o, r.Context(), &f)
	q.Person = p.person.ID
	if err = f.Err(); err == nil {
		err = o.db.Try(r.Context(), func(ctx context.Context) error { return o.SaveLecturer(ctx, q) })
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		if changedSince(p.refused) {
			p.place = func(id UnitID) string { return o.unitName(r.Context(), id) }
			p.form.edition, p.now = strconv.FormatInt(p.q.Edition, 10), p.terms(r.Context())
		}
		return o.lecturer(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.lecturer.saved"))
	return web.SeeOther(w, r, lecturerPath(p.person.ID))
}

func (o *Org) checkLecturerPage(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	id := PersonID(r.PathValue("id"))
	edition, _ := strconv.ParseInt(r.FormValue("edition"), 10, 64)
	err := o.db.Try(r.Context(), func(ctx context.Context) error { return o.CheckLecturer(ctx, id, edition, r.FormValue("ok") == "1") })
	if err != nil {
		e, err := refusedForm(err)
		if err != nil {
			return err
		}
		ui.Flash(w, r, ui.Bad, e.Text)
	}
	return web.SeeOther(w, r, lecturerPath(id))
}

// addPaperPage takes a paper in, outside of a transaction.
func (o *Org) addPaperPage(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, paperMax+formLimit); err != nil {
		return err
	}
	p, err := o.lecturerPage(r)
	if err != nil {
		return err
	}
	file, head, err := r.FormFile("file")
	if err != nil {
		err = errs.New(errs.Invalid, "error.invalid").Field("file", "org.lecturer.no-paper")
	} else {
		defer file.Close()
		err = o.AddPaper(r.Context(), p.person.ID, head.Filename, file)
	}
	if err != nil {
		if p.paper, err = refusedForm(err); err != nil {
			return err
		}
		return o.lecturer(w, r, p.paper.Kind.Status(), p)
	}
	return web.SeeOther(w, r, lecturerPath(p.person.ID))
}

func (o *Org) dropPaperPage(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	if err := o.DropPaper(r.Context(), r.PathValue("paper")); err != nil {
		return err
	}
	return web.SeeOther(w, r, lecturerPath(PersonID(r.PathValue("id"))))
}

// outsidePage is the form of a lecturer who holds no post in any unit.
type outsidePage struct {
	self    personForm
	form    lecturerForm
	page    lecturerPage
	refused *errs.Error
}

func (o *Org) showOutside(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, LecturerEdit) {
		return access.Check(ctx, LecturerEdit, "")
	}
	today := clock.Today(ctx).String()
	return o.outside(w, r, http.StatusOK, outsidePage{form: lecturerForm{unit: labelOf(o.Now(ctx), onlyTop(ctx, LecturerEdit)), from: today, stated: today}})
}

func (o *Org) outside(w http.ResponseWriter, r *http.Request, status int, p outsidePage) (err error) {
	p.page.under = onlyTop(r.Context(), LecturerEdit)
	if p.page.providers, err = o.Providers(r.Context(), ""); err != nil {
		return err
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("org.lecturer.outside"), Lead: i18n.T("org.lecturer.outside-lead"), Body: outsideBody(&p), Crumbs: lecturerCrumbs(), Narrow: true})
}

func (o *Org) addOutside(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	p := outsidePage{self: personFormOf(r), form: lecturerFormOf(r)}
	var f errs.Form
	who, q := p.self.read(&f), p.form.read(o, r.Context(), &f)
	err := f.Err()
	var id PersonID
	if err == nil {
		err = o.db.Try(r.Context(), func(ctx context.Context) (err error) {
			id, err = o.AddLecturer(ctx, who, q)
			return err
		})
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		return o.outside(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.lecturer.saved"))
	return web.SeeOther(w, r, lecturerPath(id))
}
