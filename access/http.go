package access

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"lotrinh/platform/i18n"
	"lotrinh/platform/web"
)

// The cookies.
const (
	sessionCookie = "lotrinh"        // the token of the session
	stepCookie    = "lotrinh-step"   // of a step to the next page
	firstCookie   = "lotrinh-first"  // of the step that a one-time code opened
	deviceCookie  = "lotrinh-device" // that an account was signed in here
)

// cookie is a cookie's name in this house: by TLS no other house can set it.
func (a *Access) cookie(name string) string {
	if a.opt.Secure {
		return "__Host-" + name
	}
	return name
}

// cookieOf is what the browser brings back in a cookie, or "".
func (a *Access) cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(a.cookie(name))
	if err != nil || len(c.Value) > 200 {
		return ""
	}
	return c.Value
}

// setCookie gives the browser a token, until it is closed or life is over; with
// life < 0 it takes it away.
func (a *Access) setCookie(w http.ResponseWriter, name, token string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: a.cookie(name), Value: token, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: a.opt.Secure, SameSite: http.SameSiteLaxMode})
}

// Middleware puts whoever sent a request into its context, by the session in its
// cookie or the key in its header, and the address it came from.
func (a *Access) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := From(r.Context(), web.Addr(r).String())
		who, err := a.visitor(ctx, r)
		if err != nil {
			slog.ErrorContext(ctx, "session cannot be read", "err", err)
			http.Error(w, i18n.S(ctx, "error.fault"), http.StatusServiceUnavailable)
			return
		}
		if who != nil {
			ctx = as(ctx, who)
			w.Header().Set("Cache-Control", "private, no-cache") // for who sits at this screen next; what may be kept says so itself
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// visitor is who sent a request, or nil. A program's key opens the API alone.
func (a *Access) visitor(ctx context.Context, r *http.Request) (*Actor, error) {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && strings.HasPrefix(r.URL.Path, "/api/") {
		return a.byKey(ctx, bearer)
	}
	if token := a.cookieOf(r, sessionCookie); token != "" {
		return a.bySession(ctx, token)
	}
	return nil, nil
}

// local is path when it leads to a page of this house other than the sign-in, else
// "/".
func local(path string) string {
	if !web.Local(path) || strings.HasPrefix(path, "/access/sign-") {
		return "/"
	}
	return path
}
