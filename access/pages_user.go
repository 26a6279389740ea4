package access

import (
	"fmt"
	"net/http"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// userPage is what the page about one account shows.
type userPage struct {
	acc      Account
	unit     string
	grants   []grantLine
	edits    bool // the actor may change it
	gives    bool // and give it roles
	above    bool // it stands above the actor
	mails    bool
	form     userForm
	refused  *errs.Error
	give     grantForm
	roles    []ui.Option
	units    []ui.Option
	sessions int
}

func (a *Access) showUser(w http.ResponseWriter, r *http.Request) error {
	return a.userPage(w, r, nil, nil, nil)
}

func (a *Access) userPage(w http.ResponseWriter, r *http.Request, form *userForm, give *grantForm, refused *errs.Error) error {
	ctx := r.Context()
	acc, held, err := a.Account(ctx, AccountID(r.PathValue("id")))
	if err != nil {
		return err
	}
	u := userPage{acc: acc, unit: a.unitName(ctx, acc.Unit), mails: a.mails(), refused: refused,
		form: userForm{acc.Name, acc.Title, acc.Email, acc.Unit, acc.Edition}, give: grantForm{Unit: acc.Unit, From: clock.Today(ctx).String()}}
	if form != nil {
		u.form = *form
	}
	if give != nil {
		u.give = *give
	}
	if u.grants, err = a.lines(ctx, held); err != nil {
		return err
	}
	if _, err := a.manage(ctx, acc.ID); err == nil {
		u.edits = true
	} else if errs.Of(err).Kind == errs.Denied {
		u.above = true
	}
	open, err := a.sessionsOf(ctx, acc.ID)
	if err != nil {
		return err
	}
	u.sessions = len(open)
	u.roles, u.units = a.giveable(ctx), a.unitOptions(ctx, EditGrants, acc.Unit)
	u.gives = len(u.roles) > 0 && len(u.units) > 0
	status := http.StatusOK
	if refused != nil {
		status = refused.Kind.Status()
	}
	crumbs := []ui.Crumb{{Text: i18n.T("access.users.of", u.unit), Href: usersHref(acc.Unit)}}
	return ui.Show(w, r, status, ui.Page{Title: ui.Plain(acc.Title), Crumbs: crumbs, Body: userBody(u)})
}

func (a *Access) saveUser(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	f, id := readUserForm(r), AccountID(r.PathValue("id"))
	err := a.Change(r.Context(), id, AccountEdit{Name: f.Name, Title: f.Title, Email: f.Email, Unit: f.Unit, Edition: f.Edition})
	if err != nil {
		if e := errs.Of(err); e.Kind == errs.Invalid || e.Kind == errs.Conflict {
			return a.userPage(w, r, &f, nil, e)
		}
		return err
	}
	return done(w, r, "access.saved", userHref(id))
}

// userDo carries out one act on an account: the button says which.
func (a *Access) userDo(w http.ResponseWriter, r *http.Request) (err error) {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	ctx, id := r.Context(), AccountID(r.PathValue("id"))
	switch act := r.PostFormValue("act"); act {
	case "disable":
		err = a.Disable(ctx, id)
	case "enable":
		err = a.Enable(ctx, id)
	case "end":
		err = a.EndAll(ctx, id)
	case "second":
		err = a.DropSecond(ctx, id)
	case "invite":
		_, err = a.Invite(ctx, id)
	default:
		err = errs.New(errs.Invalid, "error.unreadable").Because(fmt.Errorf("no act %q", act))
	}
	if err != nil {
		return err
	}
	return done(w, r, "access.saved", userHref(id))
}
