package app

import (
	"cmp"
	"context"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"

	"lotrinh/access"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// surround puts into the context of each request what stands around its page.
func (h *House) surround(next http.Handler) http.Handler {
	menu, foot := h.menu()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(ui.With(r.Context(), h.chrome(r, menu, foot))))
	})
}

func (h *House) chrome(r *http.Request, menu []module.Link, foot []ui.Link) ui.Chrome {
	c := ui.Chrome{
		Unit: h.Config.Unit.Name, Footer: h.Config.Unit.footer(), Path: r.URL.RequestURI(),
		SignIn: "/access/sign-in", SignOut: "/access/sign-out", Bell: "/inbox",
	}
	c.Footer.Links = foot
	if h.Config.Demo {
		c.Banner = i18n.T("app.demo")
	}
	ctx := r.Context()
	who, ok := access.Who(ctx)
	if !ok {
		return c
	}
	c.User, c.Role, c.Key = who.Name, topRole(ctx, who), string(who.Person)
	c.UserMenu = []ui.Link{{Text: i18n.T("app.account"), Href: "/access/me", Icon: "person"}}
	for _, l := range menu {
		if l.Needs == "" || access.Anywhere(ctx, l.Needs) {
			c.Menu = append(c.Menu, ui.Link{Text: l.Text, Href: l.Path, Icon: l.Icon})
		}
	}
	c.Inbox = h.unread.of(ctx, who.Inbox(), h.Mail.Unread)
	return c
}

// topRole is the widest role of the actor, in words.
func topRole(ctx context.Context, who *access.Actor) string {
	for _, role := range module.Roles {
		if slices.ContainsFunc(who.Grants, func(g access.Grant) bool { return g.Role == role }) {
			return i18n.S(ctx, "access.role."+string(role))
		}
	}
	return ""
}

// menu lists the links of all modules: those of the menu, and those at the foot.
func (h *House) menu() (menu []module.Link, foot []ui.Link) {
	for _, m := range h.Modules {
		menu = append(menu, m.Menu...)
	}
	slices.SortStableFunc(menu, func(a, b module.Link) int { return cmp.Compare(a.Order, b.Order) })
	for _, l := range menu {
		if l.Public {
			foot = append(foot, ui.Link{Text: l.Text, Href: l.Path})
		}
	}
	return slices.DeleteFunc(menu, func(l module.Link) bool { return l.Public }), foot
}

// errorPage asks a stranger to sign in and tells anybody else what went wrong.
func (h *House) errorPage(r *http.Request, e *errs.Error) web.Component {
	if e.Kind == errs.Stranger {
		return h.Access.SignInPage(r, e)
	}
	return ui.ErrorPage(r, e)
}

var version = sync.OnceValue(func() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" && b.Main.Version != "(devel)" {
		return b.Main.Version
	}
	return "1.0"
})
