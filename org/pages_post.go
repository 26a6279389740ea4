package org

import (
	"context"
	"net/http"
	"strconv"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// postForm is what somebody typed about a post.
type postForm struct {
	unit, title, category, from, last, why string
	head, partyHead, main                  bool
	under                                  UnitID // below which alone the reader may give posts
	edition                                string
}

func postFormOf(r *http.Request) postForm {
	return postForm{unit: r.FormValue("unit"), title: r.FormValue("title"), category: r.FormValue("category"), from: r.FormValue("from"),
		last: r.FormValue("last"), why: r.FormValue("why"), head: r.FormValue("head") == "1", partyHead: r.FormValue("party_head") == "1",
		main: r.FormValue("main") == "1", edition: r.FormValue("edition")}
}

func (in postForm) read(o *Org, ctx context.Context, f *errs.Form) Post {
	date := func(field, s string) clock.Date {
		d, err := ui.DateValue(s)
		f.Need(err == nil, field, "org.date.bad", s)
		return d
	}
	p := Post{Title: in.title, Category: Category(in.category), Head: in.head, PartyHead: in.partyHead, Main: in.main,
		From: date("from", in.from), To: afterDay(date("last", in.last)), Why: in.why}
	t := o.Now(ctx)
	if p.From != 0 {
		t = o.On(ctx, p.From)
	}
	var ok bool
	p.Unit, ok = named(t, in.unit)
	if !ok { // a post of the past may be typed with the name of today
		p.Unit, ok = named(o.Now(ctx), in.unit)
	}
	f.Need(ok && p.Unit != "", "unit", "org.post.need-unit", in.unit)
	f.Need(p.From != 0, "from", "org.post.need-from")
	f.Need(validCategory(p.Category), "category", "org.post.need-category")
	f.Need(p.To == 0 || p.To > p.From, "last", "org.post.ends-before", p.From.Viet())
	return p
}

// postPage is the form of a post: a new one, or one that is corrected or ended.
type postPage struct {
	person  Person
	post    Post // that is edited; zero: a new one
	form    postForm
	end     string // date of the form that ends it
	now     []ui.Term
	refused *errs.Error
	ending  *errs.Error // why it could not be ended or dropped
}

func (p *postPage) path() string {
	if p.post.ID == "" {
		return personPath(p.person.ID) + "/post"
	}
	return personPath(p.person.ID) + "/posts/" + p.post.ID
}

func (o *Org) postPage(w http.ResponseWriter, r *http.Request, status int, p postPage) error {
	title := i18n.T("org.post.edit")
	switch {
	case p.post.ID == "" && p.form.main:
		title = i18n.T("org.post.move")
	case p.post.ID == "":
		title = i18n.T("org.post.second")
	}
	p.form.under = onlyTop(r.Context(), PersonEdit)
	return ui.Show(w, r, status, ui.Page{Title: title, Lead: ui.Plain(p.person.Name), Body: postBody(&p), Narrow: true,
		Crumbs: peopleCrumbs(ui.Crumb{Text: ui.Plain(p.person.Name), Href: personPath(p.person.ID)})})
}

func (o *Org) showNewPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, posts, err := o.Person(ctx, PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !access.Anywhere(ctx, PersonEdit) {
		return access.Check(ctx, PersonEdit, "")
	}
	f := postForm{main: r.FormValue("main") == "1", from: clock.Today(ctx).String()}
	for _, post := range posts {
		if post.Main && post.held(clock.Today(ctx)) {
			f.category, f.unit = string(post.Category), labelOf(o.Now(ctx), post.Unit)
		}
	}
	return o.postPage(w, r, http.StatusOK, postPage{person: x, form: f})
}

func (o *Org) newPostPage(w http.ResponseWriter, r *http.Request) error {
	return o.answerPost(w, r, func(ctx context.Context, p *postPage, post Post) error { return o.GivePost(ctx, post) })
}

func (o *Org) savePost(w http.ResponseWriter, r *http.Request) error {
	return o.answerPost(w, r, func(ctx context.Context, p *postPage, post Post) error {
		post.ID = r.PathValue("post")
		post.Edition, _ = strconv.ParseInt(p.form.edition, 10, 64)
		return o.ChangePost(ctx, post)
	})
}

// answerPost reads the form of a post and does with it what the page is for.
func (o *Org) answerPost(w http.ResponseWriter, r *http.Request, do func(context.Context, *postPage, Post) error) error {
	p, err := o.postOf(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	p.form = postFormOf(r)
	var f errs.Form
	post := p.form.read(o, ctx, &f)
	post.Person = p.person.ID
	if err = f.Err(); err == nil {
		err = o.db.Try(ctx, func(ctx context.Context) error { return do(ctx, &p, post) })
	}
	if err != nil {
		if p.refused, err = refusedForm(err); err != nil {
			return err
		}
		if changedSince(p.refused) {
			p.form.edition, p.now = strconv.FormatInt(p.post.Edition, 10), o.postTerms(ctx, p.post)
		}
		return o.postPage(w, r, p.refused.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.post.saved"))
	return web.SeeOther(w, r, personPath(p.person.ID))
}

// postOf reads the person of a request, and the post where it names one.
func (o *Org) postOf(w http.ResponseWriter, r *http.Request) (p postPage, err error) {
	ctx := r.Context()
	if r.Method == http.MethodPost {
		if err = web.Form(w, r, formLimit); err != nil {
			return p, err
		}
	}
	if p.person, _, err = o.Person(ctx, PersonID(r.PathValue("id"))); err != nil || r.PathValue("post") == "" {
		return p, err
	}
	if p.post, err = o.Post(ctx, r.PathValue("post")); err == nil && p.post.Person != p.person.ID {
		err = errs.New(errs.NotFound, "error.not-found")
	}
	p.end = clock.Today(ctx).String()
	p.form = postForm{labelOf(o.Now(ctx), p.post.Unit), p.post.Title, string(p.post.Category), p.post.From.String(), lastDay(p.post.To).String(), p.post.Why,
		p.post.Head, p.post.PartyHead, p.post.Main, "", strconv.FormatInt(p.post.Edition, 10)}
	if p.form.unit == "" { // it has ended since
		p.form.unit = o.unitName(ctx, p.post.Unit)
	}
	return p, err
}

func (o *Org) postTerms(ctx context.Context, p Post) []ui.Term {
	return []ui.Term{{Text: columnTitle("unit"), Data: o.unitName(ctx, p.Unit)}, {Text: columnTitle("title"), Data: dash(p.Title)},
		{Text: columnTitle("category"), Data: i18n.S(ctx, "org.category."+string(p.Category))}, {Text: columnTitle("from"), Data: p.From.Viet()},
		{Text: i18n.T("org.until"), Data: dash(lastDay(p.To).Viet())}}
}

func (o *Org) showEditPost(w http.ResponseWriter, r *http.Request) error {
	p, err := o.postOf(w, r)
	if err != nil {
		return err
	}
	return o.postPage(w, r, http.StatusOK, p)
}

func (o *Org) endPostPage(w http.ResponseWriter, r *http.Request) error {
	return o.closePost(w, r, i18n.T("org.post.ended"), func(ctx context.Context, p *postPage) error {
		p.end = r.FormValue("on")
		var f errs.Form
		on := fieldDate(&f, r, "on")
		f.Need(on != 0, "on", "org.unit.need-date")
		f.Need(on == 0 || on >= p.post.From, "on", "org.post.ends-before", p.post.From.Viet())
		if err := f.Err(); err != nil {
			return err
		}
		return o.EndPost(ctx, p.post.ID, on+1)
	})
}

func (o *Org) dropPostPage(w http.ResponseWriter, r *http.Request) error {
	return o.closePost(w, r, i18n.T("org.post.dropped"), func(ctx context.Context, p *postPage) error { return o.DropPost(ctx, p.post.ID) })
}

func (o *Org) closePost(w http.ResponseWriter, r *http.Request, said i18n.Text, do func(context.Context, *postPage) error) error {
	p, err := o.postOf(w, r)
	if err != nil {
		return err
	}
	if err = o.db.Try(r.Context(), func(ctx context.Context) error { return do(ctx, &p) }); err != nil {
		if p.ending, err = refusedForm(err); err != nil {
			return err
		}
		return o.postPage(w, r, p.ending.Kind.Status(), p)
	}
	ui.Flash(w, r, ui.Good, said)
	return web.SeeOther(w, r, personPath(p.person.ID))
}
