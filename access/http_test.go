package access

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/module"
)

func TestReturnLeadsNowhereElse(t *testing.T) {
	for path, want := range map[string]string{
		"/hello":                         "/hello",
		"/hello?x=1&y=//a":               "/hello?x=1&y=//a",
		"/lớp?q=điểm":                    "/lớp?q=điểm",
		"":                               "/",
		"hello":                          "/",
		"//evil.example":                 "/",
		"///evil.example":                "/",
		"/\\evil.example":                "/",
		"\\\\evil.example":               "/",
		"/\t/evil.example":               "/",
		"/\n/evil.example":               "/",
		"https://evil.example":           "/",
		"https:/evil.example":            "/",
		"javascript:alert(1)":            "/",
		"/access/sign-in?next=/":         "/",
		"/access/sign-out":               "/",
		"/%zz":                           "/",
		"/" + strings.Repeat("x", 2000):  "/",
		" /hello":                        "/",
		"/hello\x00":                     "/",
		"//user@evil.example/":           "/",
		"/.//evil.example/..//evil.test": "/.//evil.example/..//evil.test",
	} {
		if got := local(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func FuzzLocal(f *testing.F) {
	for _, s := range []string{"/a", "//a", "/\\a", "/a?b#c", "http://a", "/%2f/evil"} {
		f.Add(s)
	}
	base, _ := url.Parse("https://house.example/page")
	f.Fuzz(func(t *testing.T, s string) {
		u, err := base.Parse(local(s))
		if err != nil || u.Host != "house.example" || u.Scheme != "https" {
			t.Errorf("%q leads to %v, %v", s, u, err)
		}
	})
}

// A page of another house cannot make a browser act here.
func TestOtherHousesCannotPost(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.account(t, ctx, "binh")
		b := h.browser(t)
		b.signIn("binh")
		for _, site := range []string{"cross-site", "same-site"} {
			for _, path := range []string{"/access/sign-out", "/access/sign-in", "/access/me/password", "/nowhere"} {
				r := b.request("POST", path, strings.NewReader("a=1"))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Sec-Fetch-Site", site)
				if got := b.do(r); got.code != http.StatusForbidden || strings.Contains(got.body, keptField) {
					t.Errorf("%s from %s: %d", path, site, got.code)
				}
			}
		}
		if got := b.get("/hello"); got.code != 200 {
			t.Errorf("signed out: %d", got.code)
		}
	})
}

// A stranger learns nothing of what there is: 401 comes before 404 and 403.
func TestStrangerBeforeNotFound(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.account(t, ctx, "binh")
		b := h.browser(t)
		for _, path := range []string{"/access/users/" + string(id), "/access/users/none", "/access/me", "/access/audit", "/access/none", "/none"} {
			if got := b.get(path); got.code != http.StatusUnauthorized {
				t.Errorf("%s: %d", path, got.code)
			}
		}
		b.signIn("binh")
		for path, want := range map[string]int{"/access/users/" + string(id): 403, "/access/users/none": 403, "/access/audit": 403, "/access/keys": 403,
			"/access/corrections": 403, "/access/roles": 403, "/access/grants": 403, "/access/users/new": 403, "/access/audit/export": 403, "/none": 404, "/access/me": 200} {
			if got := b.get(path); got.code != want {
				t.Errorf("%s: %d, want %d", path, got.code, want)
			}
		}
	})
}

func TestDemoDoor(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		for range 2 {
			must(t, h.OpenDemo(ctx, module.Head, "Trần Văn Đứng", "", h.commune))
			must(t, h.OpenDemo(ctx, module.Learner, "Võ Thị Học", "", h.commune))
		}
		b := h.browser(t)
		if got := b.post("/access/demo", "role", "head"); got.code != http.StatusNotFound {
			t.Fatalf("a house that is no demo opens its demo accounts: %d", got.code)
		}
		h.Set(Options{Demo: true})
		if got := b.get("/access/sign-in"); !strings.Contains(got.body, "Người đứng đầu – Trần Văn Đứng") || !strings.Contains(got.body, "Học viên – Võ Thị Học") {
			t.Errorf("%s", got.body)
		}
		if got := b.post("/access/demo", "role", "head", "next", "/hello"); got.code != 303 || got.location != "/hello" {
			t.Fatalf("%d %s", got.code, got.body)
		}
		if got := b.get("/access/users"); got.code != 200 {
			t.Errorf("the head sees no accounts: %d", got.code)
		}
		h.account(t, ctx, "binh")
		if got := h.browser(t).post("/access/demo", "role", "../binh"); got.code != http.StatusNotFound {
			t.Errorf("another account: %d", got.code)
		}
		if got := h.browser(t).post("/access/sign-in", "name", "demo.head", "password", ""); got.code != http.StatusUnprocessableEntity {
			t.Errorf("an empty password: %d", got.code)
		}
	})
}

func TestKeysOpenTheAPIAlone(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		const may module.ActionName = "test.api.read"
		Register(module.Action{Name: may, Roles: []module.Role{module.Admin}}, module.Action{Name: "test.api.learn", Roles: []module.Role{module.Learner}})
		h.mux.Handle("GET /api/things/{unit}", func(w http.ResponseWriter, r *http.Request) error {
			return Check(r.Context(), may, org.UnitID(r.PathValue("unit")))
		})
		h.mux.Handle("GET /api/learn", func(w http.ResponseWriter, r *http.Request) error {
			return Check(r.Context(), "test.api.learn", h.commune)
		})
		admin := h.account(t, ctx, "admin")
		_, err := h.Give(ctx, admin, Grant{Role: module.Admin, Unit: h.district}, "")
		must(t, err)
		acting := h.as(t, ctx, admin)
		secret, err := h.MakeKey(acting, "IOC tỉnh", h.commune, []module.ActionName{may}, 0)
		must(t, err)
		ask := func(path, bearer string) int {
			r := h.browser(t).request("GET", path, nil)
			r.Header.Set("Authorization", "Bearer "+bearer)
			return h.browser(t).do(r).code
		}
		for i, c := range []struct {
			path, bearer string
			want         int
		}{
			{"/api/things/" + string(h.commune), secret, 200}, {"/api/things/" + string(h.other), secret, 403}, {"/api/things/" + string(h.district), secret, 403},
			{"/api/learn", secret, 403}, {"/hello", secret, 401}, {"/access/me", secret, 401},
			{"/api/things/" + string(h.commune), secret + "x", 401}, {"/api/things/" + string(h.commune), "", 401},
		} {
			if got := ask(c.path, c.bearer); got != c.want {
				t.Errorf("%d: %s: %d, want %d", i, c.path, got, c.want)
			}
		}
		if _, err := h.MakeKey(acting, "x", h.commune, []module.ActionName{"test.api.learn"}, 0); err == nil {
			t.Error("a key for what is every learner's own")
		}
		if _, err := h.MakeKey(acting, "x", h.province, []module.ActionName{may}, 0); err == nil {
			t.Error("a key beyond one's own unit")
		}
		b := h.browser(t)
		b.signIn("admin")
		thief := b.request("GET", "/api/things/"+string(h.commune), nil)
		thief.Header.Set("Authorization", "Bearer "+b.cookie(sessionCookie))
		if got := h.browser(t).do(thief); got.code != 401 {
			t.Errorf("a session's token as a key: %d", got.code)
		}
		planted := h.browser(t)
		planted.setCookie(sessionCookie, secret)
		if got := planted.get("/hello"); got.code != 401 {
			t.Errorf("a key as a session: %d", got.code)
		}
		keys, err := h.Keys(acting)
		must(t, err)
		must(t, h.EndKey(acting, keys[0].ID))
		if got := ask("/api/things/"+string(h.commune), secret); got != 401 {
			t.Errorf("an ended key: %d", got)
		}
		tomorrow, err := h.MakeKey(acting, "x", h.commune, []module.ActionName{may}, clock.Today(ctx)+1)
		must(t, err)
		if who, err := h.byKey(ctx, tomorrow); err != nil || who == nil {
			t.Errorf("%v %v", who, err)
		}
		if who, err := h.byKey(clock.At(ctx, (clock.Today(ctx)+1).Time()), tomorrow); err != nil || who != nil {
			t.Errorf("a key after its time: %v %v", who, err)
		}
		got := b.post("/access/keys", "name", "Báo cáo", "unit", string(h.commune), "actions", string(may))
		if got.code != 200 || !strings.Contains(got.body, keyPrefix) {
			t.Errorf("by the page: %d", got.code)
		}
		if got := b.get("/access/keys"); strings.Contains(got.body, "<code>"+keyPrefix) {
			t.Error("the secret is shown a second time")
		}
	})
}

// A piece of a page whose session has ended leaves the page, and what is typed in
// it, where it is.
func TestFragmentsSayThatTheSessionEnded(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		r := h.browser(t).request("GET", "/hello", nil)
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Current-URL", h.srv.URL+"/classes/7?tab=2")
		got := h.browser(t).do(r)
		if got.code != 401 || strings.Contains(got.body, "<html") || !strings.Contains(got.body, url.QueryEscape("/classes/7?tab=2")) {
			t.Errorf("%d %s", got.code, got.body)
		}
	})
}

func TestSignedInPagesAreNotLeftBehind(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.account(t, ctx, "binh")
		b := h.browser(t)
		b.signIn("binh")
		if got := b.get("/hello"); !strings.Contains(got.header.Get("Cache-Control"), "private") {
			t.Error(got.header)
		}
		if got := b.post("/access/sign-out"); got.header.Get("Clear-Site-Data") != `"cache"` {
			t.Error(got.header)
		}
	})
}
