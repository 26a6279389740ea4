package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Behind tells the requests to next whom they come from, where proxies stand
// between: of what X-Forwarded-For says, as much is believed as the machine itself
// and the proxies that the operator names have added. Addr then is the visitor's.
func Behind(proxies []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header["X-Forwarded-For"]) > 0 {
			if from := visitorOf(r, proxies); from.IsValid() {
				r.RemoteAddr = netip.AddrPortFrom(from, 0).String()
			}
		}
		next.ServeHTTP(w, r)
	})
}

// visitorOf goes back from proxy to proxy until one is not trusted.
func visitorOf(r *http.Request, proxies []netip.Prefix) netip.Addr {
	from := Addr(r)
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(said) - 1; i >= 0 && trusted(from, proxies); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(said[i]))
		if err != nil {
			break
		}
		from = next.Unmap().WithZone("")
	}
	return from
}

func trusted(a netip.Addr, proxies []netip.Prefix) bool {
	return a.IsLoopback() || slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Addr is the address that a request comes from: the visitor's, inside Behind.
func Addr(r *http.Request) netip.Addr {
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, _ := netip.ParseAddr(r.RemoteAddr)
	return a
}

const longestPath = 2000

// Local says whether path leads to a page of this house and nowhere else.
func Local(path string) bool {
	u, err := url.Parse(path)
	return err == nil && len(path) <= longestPath && strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") &&
		!strings.ContainsAny(path, "\\\r\n\t\x00") && u.Scheme == "" && u.Host == "" && u.User == nil
}
