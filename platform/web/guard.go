package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"lotrinh/platform/errs"
)

// Secure adds the headers that keep a page to itself: nothing runs, frames or
// loads but what this house serves.
func Secure(next http.Handler) http.Handler {
	const csp = "default-src 'self'; img-src 'self' data:; media-src 'self'; object-src 'none'; base-uri 'none'; " +
		"form-action 'self'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(), microphone=(), camera=(self)")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// Limiter lets each address make so many requests a minute, with bursts.
type Limiter struct {
	mu    sync.Mutex
	every rate.Limit
	burst int
	seen  map[netip.Prefix]*visitor
	swept time.Time
}

type visitor struct {
	bucket *rate.Limiter
	last   time.Time
}

const limiterMax = 50_000 // addresses remembered; beyond that the idle are forgotten at once

// NewLimiter allows perMinute requests an address, burst of them at once.
func NewLimiter(perMinute, burst int) *Limiter {
	return &Limiter{every: rate.Limit(float64(perMinute) / 60), burst: burst, seen: map[netip.Prefix]*visitor{}}
}

// Allow says whether addr may go on; else how long it should wait.
func (l *Limiter) Allow(addr netip.Addr) (bool, time.Duration) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > time.Minute || len(l.seen) > limiterMax {
		l.sweep(now)
	}
	key := network(addr)
	v := l.seen[key]
	if v == nil {
		v = &visitor{bucket: rate.NewLimiter(l.every, l.burst)}
		l.seen[key] = v
	}
	v.last = now
	res := v.bucket.ReserveN(now, 1)
	if wait := res.DelayFrom(now); wait > 0 {
		res.CancelAt(now)
		return false, wait
	}
	return true, 0
}

func (l *Limiter) sweep(now time.Time) {
	idle := time.Duration(float64(l.burst)/float64(l.every)*float64(time.Second)) + time.Minute
	if len(l.seen) > limiterMax {
		idle = 10 * time.Second
	}
	for k, v := range l.seen {
		if now.Sub(v.last) > idle {
			delete(l.seen, k)
		}
	}
	l.swept = now
}

// network is what counts as one visitor: an IPv4 address, or an IPv6 /64.
func network(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() && !a.Is4In6() {
		bits = 64
	} else {
		a = a.Unmap()
	}
	p, _ := a.Prefix(bits)
	return p
}

// Limited is h for visitors within l.
func Limited(l *Limiter, h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if ok, wait := l.Allow(Addr(r)); !ok {
			secs := int(wait.Seconds()) + 1
			w.Header().Set("Retry-After", strconv.Itoa(secs))
			return errs.New(errs.Busy, "error.busy", secs)
		}
		return h(w, r)
	}
}
