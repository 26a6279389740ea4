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

func (o *Org) routesPerson(m *web.Mux) {
	m.Handle("GET /org/people/new", o.showNewPerson)
	m.Handle("POST /org/people/new", o.newPerson)
	m.Handle("GET /org/people/{id}", o.showPerson)
	m.Handle("GET /org/people/{id}/edit", o.showEditPerson)
	m.Handle("POST /org/people/{id}/edit", o.savePerson)
	m.Handle("GET /org/people/{id}/post", o.showNewPost)
	m.Handle("POST /org/people/{id}/post", o.newPostPage)
	m.Handle("GET /org/people/{id}/posts/{post}", o.showEditPost)
	m.Handle("POST /org/people/{id}/posts/{post}", o.savePost)
	m.Handle("POST /org/people/{id}/posts/{post}/end", o.endPostPage)
	m.Handle("POST /org/people/{id}/posts/{post}/drop", o.dropPostPage)
}

func personPath(p PersonID) string { return "/org/people/" + url.PathEscape(string(p)) }

// refusedForm is the error of a form that is shown again, or err when it is no matter
// of what was typed.
func refusedForm(err error) (*errs.Error, error) {
	var e *errs.Error
	if errors.As(err, &e) && (e.Kind == errs.Invalid || e.Kind == errs.Conflict || e.Kind == errs.TooLarge) {
		return e, nil
	}
	return nil, err
}

// changedSince says whether a form was refused because somebody else saved meanwhile.
func changedSince(e *errs.Error) bool {
	return e != nil && e.Kind == errs.Conflict && e.Text.Key == "error.changed"
}

// fieldDate reads a date field of a form.
func fieldDate(f *errs.Form, r *http.Request, field string) clock.Date {
	d, err := ui.DateValue(r.FormValue(field))
	f.Need(err == nil, field, "org.date.bad", r.FormValue(field))
	return d
}

// lastDay is the last day of a span that ends before to, as screens show it.
func lastDay(to clock.Date) clock.Date {
	if to == 0 {
		return 0
	}
	return to - 1
}

// afterDay is the end of a span whose last day was typed.
func afterDay(last clock.Date) clock.Date {
	if last == 0 {
		return 0
	}
	return last + 1
}

// personPage is a person with his posts and what may be done.
type personPage struct {
	Person
	posts           []Post
	today           clock.Date
	log             []LogLine
	edits, merges   bool
	lecturer, teach bool // is on the list of lecturers; may be put on it
	place           func(UnitID) string
}

func (o *Org) showPerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, posts, err := o.Person(ctx, PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := personPage{Person: x, posts: posts, today: clock.Today(ctx), place: func(id UnitID) string { return o.unitName(ctx, id) }}
	p.edits, p.merges = o.mayEdit(ctx, x.ID, posts) == nil, o.mayMerge(ctx, x.ID, posts) == nil
	p.teach = access.Anywhere(ctx, LecturerEdit)
	if _, err := o.Lecturer(ctx, x.ID); err == nil {
		p.lecturer = true
	}
	if p.log, err = o.History(ctx, x.ID); err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, p.page())
}

func (p *personPage) page() ui.Page {
	page := ui.Page{Title: ui.Plain(p.Name), Crumbs: peopleCrumbs(), Body: personBody(p), Wide: true}
	if p.edits {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.edit"), Href: personPath(p.ID) + "/edit", Icon: "edit"})
	}
	if p.lecturer || p.teach {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.lecturer.record"), Href: "/org/lecturers/" + url.PathEscape(string(p.ID)), Icon: "certificate"})
	}
	if p.merges {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("org.person.merge"), Href: personPath(p.ID) + "/merge", Kind: ui.Quiet})
	}
	return page
}

func (p *personPage) terms(ctx context.Context) []ui.Term {
	return []ui.Term{{Text: columnTitle("birth"), Data: dash(p.Birth.Viet())}, {Text: columnTitle("sex"), Data: i18n.S(ctx, "org.sex."+p.Sex)},
		{Text: columnTitle("number"), Data: dash(p.Mask)}, {Text: columnTitle("email"), Data: dash(p.Email)}, {Text: columnTitle("phone"), Data: dash(p.Phone)}}
}

// postTags say what a post is besides its title.
func (p *personPage) postTags(x Post) (tags []ui.Tag) {
	add := func(ok bool, tone ui.Tone, key string) {
		if ok {
			tags = append(tags, ui.Tag{Tone: tone, Text: i18n.T(key)})
		}
	}
	add(x.held(p.today) && x.Main, ui.Good, "org.post.main")
	add(!x.Main, ui.Info, "org.post.concurrent")
	add(x.Head, ui.Warn, "org.post.head")
	add(x.PartyHead, ui.Warn, "org.post.party-head")
	add(x.From > p.today, ui.Neutral, "org.post.later")
	return tags
}

// personForm is what somebody typed about a person.
type personForm struct {
	name, birth, sex, number, email, phone string
	dropNumber                             bool
	edition                                string
}

func personFormOf(r *http.Request) personForm {
	return personForm{r.FormValue("name"), r.FormValue("birth"), r.FormValue("sex"), r.FormValue("number"), r.FormValue("email"), r.FormValue("phone"),
		r.FormValue("drop_number") == "1", r.FormValue("edition")}
}

func (in personForm) read(f *errs.Form) Particulars {
	birth, err := ui.DateValue(in.birth)
	f.Need(err == nil, "birth", "org.date.bad", in.birth)
	return Particulars{in.name, birth, in.sex, in.email, in.phone, in.number}
}

// editPersonPage is the form of a person who is entered.
type editPersonPage struct {
	person  Person
	form    personForm
	now     []ui.Term // what is saved, where somebody else saved meanwhile
	refused *errs.Error
}

func (o *Org) showEditPerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, posts, err := o.Person(ctx, PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := o.mayEdit(ctx, x.ID, posts); err != nil {
		return err
	}
	f := personForm{x.Name, x.Birth.String(), x.Sex, "", x.Email, x.Phone, false, strconv.FormatInt(x.Edition, 10)}
	return o.editPerson(w, r, http.StatusOK, editPersonPage{person: x, form: f})
}

func (o *Org) editPerson(w http.ResponseWriter, r *http.Request, status int, p editPersonPage) error {
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("org.edit.of", p.person.Name), Body: editPersonBody(&p), Narrow: true,
		Crumbs: peopleCrumbs(ui.Crumb{Text: ui.Plain(p.person.Name), Href: personPath(p.person.ID)})})
}

func (o *Org) savePerson(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx := r.Context()
	x, _, err := o.Person(ctx, PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := editPersonPage{person: x, form: personFormOf(r)}
	var f errs.Form
	q := p.form.read(&f)
	if q.Number == "" && !p.form.dropNumber {
		q.Number = KeepNumber
	}
	if err = f.Err(); err == nil {
		edition, _ := strconv.ParseInt(p.form.edition, 10, 64)
		err = o.db.Try(ctx, func(ctx context.Context) error { return o.ChangePerson(ctx, x.ID, edition, q) })
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		if changedSince(p.refused) {
			p.form.edition = strconv.FormatInt(x.Edition, 10)
			p.now = append([]ui.Term{{Text: columnTitle("name"), Data: x.Name}}, (&personPage{Person: x}).terms(ctx)...)
		}
		return o.editPerson(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.saved", q.Name))
	return web.SeeOther(w, r, personPath(x.ID))
}

// newPersonPage is the form of somebody to be entered with his post.
type newPersonPage struct {
	form    personForm
	post    postForm
	twins   []Brief // of the same name and birth date
	found   *Found  // who bears the number
	place   func(UnitID) string
	refused *errs.Error
}

func (o *Org) showNewPerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, PersonEdit) {
		return access.Check(ctx, PersonEdit, "")
	}
	p := newPersonPage{post: postForm{main: true, from: clock.Today(ctx).String()}}
	unit := UnitID(r.FormValue("unit"))
	if top := onlyTop(ctx, PersonEdit); unit == "" && len(o.Now(ctx).Children(top)) == 0 {
		unit = top
	}
	p.post.unit = labelOf(o.Now(ctx), unit)
	return o.newPersonForm(w, r, http.StatusOK, p)
}

func (o *Org) newPersonForm(w http.ResponseWriter, r *http.Request, status int, p newPersonPage) error {
	ctx := r.Context()
	p.place = func(id UnitID) string { return o.unitName(ctx, id) }
	p.post.under = onlyTop(ctx, PersonEdit)
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("org.person.new"), Lead: i18n.T("org.person.new-lead"), Body: newPersonBody(&p), Narrow: true, Crumbs: peopleCrumbs()})
}

func (o *Org) newPerson(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx := r.Context()
	p := newPersonPage{form: personFormOf(r), post: postFormOf(r)}
	var f errs.Form
	q, post := p.form.read(&f), p.post.read(o, ctx, &f)
	err := f.Err()
	if err == nil && r.FormValue("sure") != "1" && r.FormValue("receive") != "1" {
		if p.twins, err = o.Namesakes(ctx, q.Name, q.Birth); err == nil && len(p.twins) > 0 {
			return o.newPersonForm(w, r, http.StatusConflict, p)
		}
	}
	var id PersonID
	if err == nil {
		err = o.db.Try(ctx, func(ctx context.Context) (err error) {
			id, err = o.enterPerson(ctx, q, post, r.FormValue("receive") == "1")
			return err
		})
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		o.findBearer(ctx, &p, q.Number)
		return o.newPersonForm(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.saved", q.Name))
	return web.SeeOther(w, r, personPath(id))
}

// enterPerson enters somebody new, or receives the bearer of a number who holds no
// post. Asks through AddPeople and ReceivePerson.
func (o *Org) enterPerson(ctx context.Context, q Particulars, post Post, receive bool) (PersonID, error) {
	if receive {
		return o.ReceivePerson(ctx, q.Number, q.Name, post)
	}
	ids, err := o.AddPeople(ctx, NewPerson{q.Name, q.Birth, q.Sex, q.Email, q.Phone, q.Number, post})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// findBearer looks up who bears a number that is taken.
func (o *Org) findBearer(ctx context.Context, p *newPersonPage, number string) {
	if p.refused.Text.Key != "org.person.number-taken" {
		return
	}
	found, err := o.FindByNumber(ctx, number)
	if err == nil {
		p.found = &found
	} else if errors.Is(err, errs.Denied) {
		p.refused = errs.New(errs.Conflict, "org.person.elsewhere").Field("number", "org.person.elsewhere")
	}
}
