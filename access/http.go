package access

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lotrinh/platform/i18n"
)

func (a *Access) cookieName() string {
	if a.opt.Secure {
		return "__Host-lotrinh"
	}
	return "lotrinh"
}

// setCookie gives the browser a token, until it is closed or life is over; with
// life < 0 it takes it away.
func (a *Access) setCookie(w http.ResponseWriter, name, token string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: token, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: a.opt.Secure, SameSite: http.SameSiteLaxMode})
}

// Middleware puts whoever sent a request into its context, by the session in its
// cookie or the key in its header, and the address it came from.
func (a *Access) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := From(r.Context(), host(r.RemoteAddr))
		if c, err := r.Cookie(a.cookieName()); err == nil && c.Value != "" {
			who, err := a.actor(ctx, c.Value)
			if err != nil {
				slog.ErrorContext(ctx, "session cannot be read", "err", err)
				http.Error(w, i18n.S(ctx, "error.fault"), http.StatusServiceUnavailable)
				return
			}
			if who != nil {
				ctx = as(ctx, who)
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func host(remote string) string {
	if h, _, err := net.SplitHostPort(remote); err == nil {
		return h
	}
	return remote
}

// local is path when it leads to a page of this house, else "/".
func local(path string) string {
	u, err := url.Parse(path)
	if err != nil || len(path) > 2000 || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n\t\x00") || u.Scheme != "" || u.Host != "" || u.User != nil {
		return "/"
	}
	if strings.HasPrefix(u.Path, "/access/sign-") {
		return "/"
	}
	return path
}
