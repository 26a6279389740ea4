package ui

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"lotrinh/platform/i18n"
)

// Chrome is what surrounds every page. The app's middleware puts it into the
// context of each request.
type Chrome struct {
	Site     i18n.Text // name of the programme; "Lộ Trình" when zero
	Unit     string    // full Vietnamese name of the unit that runs the site
	Emblem   string    // path of the unit's emblem; the mark of the programme when empty
	Footer   Footer    //
	User     string    // name of the person signed in; "" for a stranger
	Role     string    // what the person is here, in words
	Key      string    // identifier of the person: what is typed but not sent is kept for this person alone
	UserMenu []Link    // entries of the person's own menu, above "sign out"
	Menu     []Link    // the main menu
	Inbox    int64     // unread messages
	Banner   i18n.Text // a line above all, such as "demo data"; may be zero
	Path     string    // path and query of this page
	SignIn   string    // "/sign-in" when empty
	SignOut  string    // "/sign-out" when empty; a POST
	Bell     string    // page of the inbox; "/inbox" when empty
	Search   string    // page of the search; no search box when empty
}

// Footer is what a public authority says of itself at the foot of each page
// (Circular 32/2017/TT-BTTTT, article 17).
type Footer struct {
	Unit, Person, Address, Phone, Email string
	SiteMap                             string // path; none when empty
	Links                               []Link // what is open to everybody
	Licence                             string // permission number of the site; may be empty
	Version                             string
}

// Link leads somewhere, from a menu, a row of tabs or a list.
type Link struct {
	Text    i18n.Text
	Href    string
	Icon    string // name of an icon; none when empty
	Count   int64  // shown beside the text when above zero
	Current bool   // the page we are on; menus find it by Chrome.Path themselves
}

type chromeKey struct{}

// With returns a context whose pages are surrounded by c.
func With(ctx context.Context, c Chrome) context.Context {
	return context.WithValue(ctx, chromeKey{}, c)
}

// Of is the chrome of ctx; the empty words of it filled in.
func Of(ctx context.Context) Chrome {
	c, _ := ctx.Value(chromeKey{}).(Chrome)
	if c.Site.Key == "" {
		c.Site = i18n.T("ui.site")
	}
	or(&c.SignIn, "/sign-in")
	or(&c.SignOut, "/sign-out")
	or(&c.Bell, "/inbox")
	or(&c.Path, "/")
	return c
}

func or(s *string, other string) {
	if *s == "" {
		*s = other
	}
}

// in says whether the page we are on is l or below it.
func (c Chrome) in(l Link) bool {
	if l.Current {
		return true
	}
	path, _, _ := strings.Cut(c.Path, "?")
	if l.Href == "/" {
		return path == "/"
	}
	return path == l.Href || strings.HasPrefix(path, strings.TrimSuffix(l.Href, "/")+"/")
}

// current finds the entry of the menu that the page belongs to: the longest path
// that leads here; -1 for none.
func (c Chrome) current(menu []Link) int {
	best := -1
	for i, l := range menu {
		if c.in(l) && (best < 0 || len(l.Href) > len(menu[best].Href)) {
			best = i
		}
	}
	return best
}

func (c Chrome) signInHref() string {
	if c.Path == "/" || strings.HasPrefix(c.Path, c.SignIn) {
		return c.SignIn
	}
	return c.SignIn + "?next=" + url.QueryEscape(c.Path)
}

// who stands for the person in the page without naming the person.
func (c Chrome) who() string {
	sum := sha256.Sum256([]byte(c.Key))
	return hex.EncodeToString(sum[:6])
}
