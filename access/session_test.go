package access

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/event"
)

func (b *browser) cookie(name string) string {
	u, _ := url.Parse(b.h.srv.URL)
	for _, c := range b.jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func (b *browser) setCookie(name, value string) {
	u, _ := url.Parse(b.h.srv.URL)
	b.jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// A token that an attacker planted before the sign-in opens nothing after it, and
// neither does the one from before a change of what the session may do.
func TestSessionFixation(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.account(t, ctx, "binh")
		b := h.browser(t)
		b.setCookie(sessionCookie, "planted")
		b.signIn("binh")
		first := b.cookie(sessionCookie)
		if first == "planted" || len(first) < 43 {
			t.Fatalf("the token is %q", first)
		}
		b.signIn("binh") // again: the first session is over
		thief := h.browser(t)
		thief.setCookie(sessionCookie, first)
		if got := thief.get("/hello"); got.code != 401 {
			t.Errorf("the token from before the second sign-in: %d", got.code)
		}
		second := b.cookie(sessionCookie)
		if got := b.post("/access/me/password", "old", goodPassword, "password", goodPassword+"-moi"); got.code != 303 {
			t.Fatalf("password: %d %s", got.code, got.body)
		}
		thief.setCookie(sessionCookie, second)
		if got := thief.get("/hello"); got.code != 401 {
			t.Errorf("the token from before the password was changed: %d", got.code)
		}
		if got := b.get("/hello"); got.code != 200 {
			t.Errorf("the session itself: %d", got.code)
		}
		kept, err := db.All[string](ctx, h.d, `select token_hash from access_session`)
		must(t, err)
		for _, k := range kept {
			if k == b.cookie(sessionCookie) {
				t.Error("the token itself is in the database")
			}
		}
	})
}

func TestCookieIsGuarded(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.account(t, ctx, "binh")
		for _, secure := range []bool{false, true} {
			h.Set(Options{Secure: secure})
			got := h.browser(t).post("/access/sign-in", "name", "binh", "password", goodPassword)
			found := false
			for _, line := range got.header.Values("Set-Cookie") {
				name, _, _ := strings.Cut(line, "=")
				if name != h.cookie(sessionCookie) {
					continue
				}
				found = true
				if !strings.Contains(line, "HttpOnly") || !strings.Contains(line, "SameSite=Lax") || !strings.Contains(line, "Path=/") || strings.Contains(line, "Domain") {
					t.Error(line)
				}
				if secure != strings.Contains(line, "Secure") || secure != strings.HasPrefix(name, "__Host-") {
					t.Error(line)
				}
			}
			if !found {
				t.Errorf("no session cookie in %v", got.header)
			}
		}
	})
}

// What ends a session ends it at once on this node and within two seconds on
// another.
func TestEndedSessionsAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		admin := h.holder(t, ctx, "admin", "admin")
		bus := event.New(h.jobs)
		other := New(h.d, h.org, bus, h.jobs)
		for name, end := range map[string]func(context.Context, AccountID) error{
			"ended by a manager": h.EndAll,
			"disabled":           h.Disable,
		} {
			id := h.account(t, ctx, fmt.Sprintf("nguoi%d", len(name)))
			token, err := h.begin(ctx, Account{ID: id, Title: "x", Unit: h.commune}, "password", "")
			must(t, err)
			for _, node := range []*Access{h.Access, other} {
				if who, err := node.bySession(ctx, token); err != nil || who == nil || who.Account != id {
					t.Fatalf("%s: %v %v", name, who, err)
				}
			}
			must(t, end(h.as(t, ctx, admin), id))
			if who, err := h.bySession(ctx, token); err != nil || who != nil {
				t.Errorf("%s: still lives here: %v", name, err)
			}
			deadline := time.Now().Add(2 * time.Second)
			for {
				who, err := other.bySession(ctx, token)
				must(t, err)
				if who == nil {
					break
				}
				if time.Now().After(deadline) {
					t.Errorf("%s: still lives on the other node after two seconds", name)
					break
				}
				time.Sleep(50 * time.Millisecond)
			}
		}
	})
}

func TestSessionsRunOut(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.Set(Options{Idle: time.Hour, Longest: 3 * time.Hour})
		start := time.Now()
		at := func(d time.Duration) context.Context { return clock.At(ctx, start.Add(d)) }
		begin := func() string {
			token, err := h.begin(at(0), Account{ID: h.account(t, ctx, fmt.Sprintf("n%d", time.Now().UnixNano()))}, "password", "")
			must(t, err)
			return token
		}
		lives := func(token string, d time.Duration) bool {
			h.sessions = newCache() // read it anew, as after cacheTrust
			who, err := h.bySession(at(d), token)
			must(t, err)
			return who != nil
		}
		idle := begin()
		if !lives(idle, 59*time.Minute) || lives(idle, 3*time.Hour) {
			t.Error("an idle session does not end")
		}
		busy := begin()
		for d := 30 * time.Minute; d < 3*time.Hour; d += 30 * time.Minute {
			if !lives(busy, d) {
				t.Fatalf("a session in use ended after %s", d)
			}
		}
		if lives(busy, 3*time.Hour) {
			t.Error("a session outlives its longest time")
		}
		must(t, h.Sweep(at(4*time.Hour)))
		if n, err := db.One[int](ctx, h.d, `select count(*) from access_session`); err != nil || n != 0 {
			t.Errorf("%d sessions are left, %v", n, err)
		}
	})
}

// Rights count from the moment they are given, and on their days.
func TestRightsAreDated(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.account(t, ctx, "binh")
		today := clock.Today(ctx)
		b := h.browser(t)
		b.signIn("binh")
		may := func(when clock.Date) bool {
			acting := h.as(t, clock.At(ctx, when.Time().Add(12*time.Hour)), id)
			return Allowed(acting, EditAccounts, h.commune)
		}
		_, err := h.Give(ctx, id, Grant{Role: "training_officer", Unit: h.district, From: today + 1, To: today + 3}, "")
		must(t, err)
		for day, want := range map[clock.Date]bool{today: false, today + 1: true, today + 2: true, today + 3: false} {
			if may(day) != want {
				t.Errorf("on %s: %v", day, !want)
			}
		}
		if got := b.get("/access/users"); got.code != 403 {
			t.Errorf("before the first day: %d", got.code)
		}
		g, err := h.Give(ctx, id, Grant{Role: "training_officer", Unit: h.commune}, "")
		must(t, err)
		if got := b.get("/access/users"); got.code != 200 {
			t.Errorf("given, and yet: %d", got.code)
		}
		must(t, h.Revoke(ctx, g))
		if got := b.get("/access/users"); got.code != 403 {
			t.Errorf("taken back, and yet: %d", got.code)
		}
	})
}

func TestCacheIsBounded(t *testing.T) {
	c := newCache()
	for i := range 3*cacheHalf + 7 {
		c.put(fmt.Sprint(i), &entry{actor: &Actor{Account: AccountID(fmt.Sprint(i))}}, c.dropped)
	}
	if n := len(c.young) + len(c.old); n > 2*cacheHalf {
		t.Errorf("%d sessions are held", n)
	}
	newest := fmt.Sprint(3*cacheHalf + 6)
	if e, _ := c.get(newest); e == nil {
		t.Error("the newest is gone")
	}
	c.forget(AccountID(newest))
	if e, _ := c.get(newest); e != nil {
		t.Error("what was forgotten is found")
	}
	before := c.dropped
	c.forget("nobody")
	c.put("late", &entry{actor: &Actor{}}, before)
	if e, _ := c.get("late"); e != nil {
		t.Error("a slow reader brought back what may have been ended meanwhile")
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.account(t, ctx, "binh")
		h.account(t, ctx, "cuong")
		phone, office, stranger := h.browser(t), h.browser(t), h.browser(t)
		phone.signIn("binh")
		office.signIn("binh")
		stranger.signIn("cuong")
		list, err := h.sessionsOf(ctx, id)
		must(t, err)
		if len(list) != 2 {
			t.Fatalf("%d sessions", len(list))
		}
		for _, s := range list {
			if got := stranger.post("/access/me/sessions/end", "session", s.ID); got.code != 404 {
				t.Errorf("someone else ends it: %d", got.code)
			}
		}
		if got := office.post("/access/me/sessions/end-others"); got.code != 303 {
			t.Fatalf("%d", got.code)
		}
		if phone.get("/hello").code != 401 || office.get("/hello").code != 200 || stranger.get("/hello").code != 200 {
			t.Error("not the others ended")
		}
	})
}

func BenchmarkMiddleware(b *testing.B) {
	h := benchHouse(b)
	ctx := System(db.Guard(context.Background()))
	id := h.account(b, ctx, "binh")
	for _, u := range []string{"training_officer", "class_manager"} {
		_, err := h.Give(ctx, id, Grant{Role: roleNamed(u), Unit: h.commune}, "")
		must(b, err)
	}
	token, err := h.begin(ctx, Account{ID: id, Title: "x", Unit: h.commune}, "password", "")
	must(b, err)
	handler := h.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if !SignedIn(r.Context()) {
			b.Fatal("nobody is signed in")
		}
	}))
	r, _ := http.NewRequest("GET", "/hello", nil)
	r.RemoteAddr = "10.1.2.3:4567"
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: token})
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(w, r)
	}
}

func BenchmarkPassword(b *testing.B) {
	atRealCost(b)
	hash, err := hashPassword(context.Background(), goodPassword)
	must(b, err)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if ok, _, err := checkPassword(context.Background(), hash, goodPassword); !ok || err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "checks/s")
}
