// Package ui draws the pages of the house: the layout around each page, the parts
// that pages are made of, and the assets (style, script, font, icons) they need.
//
// Pages are whole HTML documents made on the server. They work without script;
// htmx and a small app.js only make them pleasanter. Nothing is inline, so the
// strict content security policy of web.Secure holds. The layout follows Circular
// 32/2017/TT-BTTTT, articles 16–18: mark and full name of the unit at the head,
// menu, and at the foot the unit, the person responsible, address, telephone,
// e-mail and site map.
//
// A handler ends with Show. Its templ file puts parts together:
//
//	@ui.Form(ui.Send{To: "/learn/courses", Refused: refused}) {
//		@ui.Field(ui.Input{Name: "title", Label: i18n.T("learn.course.title"), Value: in.Title, Required: true})
//		@ui.Submit(i18n.T("ui.save"))
//	}
//
// Every part stands on the page GET /ui (see Routes), with what it is for.
package ui

import (
	"embed"
	"net/http"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/web"
)

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// Page is one page without its surroundings.
type Page struct {
	Title    i18n.Text     // the h1 and the window's title
	Lead     i18n.Text     // a sentence or two under the title; may be zero
	Crumbs   []Crumb       // the way here, without the page itself
	Actions  []Act         // buttons beside the title
	Body     web.Component // what stands under the title
	Wide     bool          // takes the full width: tables, boards
	Narrow   bool          // one narrow column: sign-in, a lesson, a short form
	NoTitle  bool          // the body draws its own h1
	Fragment bool          // an htmx request gets Body alone

	failed bool // tells app.js that what was sent has not been carried out
}

// Crumb is a step on the way to a page.
type Crumb struct {
	Text i18n.Text
	Href string
}

// Plain makes a Text of words that are data, such as the name of a course, and
// read the same in every language.
func Plain(words string) i18n.Text { return i18n.Text{Key: words} }

// Show answers with p in the layout, or with its body alone when htmx asks for
// it and p is a Fragment. A message left by Flash is shown once.
func Show(w http.ResponseWriter, r *http.Request, status int, p Page) error {
	w.Header().Set("Content-Language", string(i18n.Of(r.Context())))
	w.Header().Add("Vary", "Cookie, HX-Request")
	if p.Fragment && web.IsFragment(r) {
		return web.Page(w, r, status, p.Body)
	}
	return web.Page(w, r, status, layout(p, takeFlash(w, r)))
}

// Whole is p in its layout, for an answer that is written elsewhere.
func Whole(p Page) web.Component { return layout(p, nil) }

// ErrorPage is the whole page that tells of e. An htmx request gets the notice
// alone.
func ErrorPage(r *http.Request, e *errs.Error) web.Component {
	if web.IsFragment(r) {
		return Notice(Bad, e.Text)
	}
	p := Page{Title: i18n.T("ui.error." + string(e.Kind)), Body: errorBody(e), Narrow: true, failed: true}
	return layout(p, nil)
}
