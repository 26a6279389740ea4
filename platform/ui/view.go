package ui

import (
	"context"
	"net/http"
	"strings"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/web"
)

// View is how a visitor wants to read: kept in a cookie, without script.
type View struct {
	Size     string // "small", "" or "large"
	Contrast string // "" or "high"
	Lang     string // "vi", "en" or "" for Vietnamese
}

const viewCookie = "view"

type viewKey struct{}

// Read is middleware that reads the visitor's view and language from the cookie
// into the context.
func Read(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := viewOf(r)
		ctx := WithView(r.Context(), v)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// WithView returns a context whose pages are drawn for v, in its language.
func WithView(ctx context.Context, v View) context.Context {
	if v.Lang != "" {
		ctx = i18n.With(ctx, i18n.Lang(v.Lang))
	}
	return context.WithValue(ctx, viewKey{}, v)
}

func viewFrom(ctx context.Context) View {
	v, _ := ctx.Value(viewKey{}).(View)
	return v
}

func viewOf(r *http.Request) View {
	c, err := r.Cookie(viewCookie)
	if err != nil {
		return View{}
	}
	var v View
	for word := range strings.SplitSeq(c.Value, ".") {
		v.take(word)
	}
	return v
}

// take changes the view by one word; any other word changes nothing.
func (v *View) take(word string) {
	switch word {
	case "small", "large":
		v.Size = word
	case "normal":
		v.Size = ""
	case "high":
		v.Contrast = word
	case "plain":
		v.Contrast = ""
	case string(i18n.Vi), string(i18n.En):
		v.Lang = word
	}
}

func (v View) String() string {
	return strings.Trim(strings.Join([]string{v.Size, v.Contrast, v.Lang}, "."), ".")
}

// class is the class of the html element.
func (v View) class() string {
	s := ""
	if v.Size != "" {
		s = "text-" + v.Size
	}
	if v.Contrast != "" {
		s = strings.TrimSpace(s + " contrast-" + v.Contrast)
	}
	return s
}

// setView answers POST /view: it keeps what was chosen and goes back.
func setView(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, 16<<10); err != nil {
		return err
	}
	v := viewOf(r)
	v.take(r.PostForm.Get("set"))
	http.SetCookie(w, &http.Cookie{Name: viewCookie, Value: v.String(), Path: "/",
		MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: r.TLS != nil})
	back := r.PostForm.Get("back")
	if !web.Local(back) {
		return errs.New(errs.Invalid, "error.unreadable")
	}
	return web.SeeOther(w, r, back)
}
