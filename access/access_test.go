package access

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

var schemas = []db.Schema{job.Schema, web.Schema, org.Schema, mail.Schema, Schema}

// house is access with the web in front of it, as the app builds it.
type house struct {
	*Access
	d    *db.DB
	org  *org.Org
	jobs *job.Queue
	mux  *web.Mux
	srv  *httptest.Server

	province, district, commune, other org.UnitID // other is the commune's neighbour
}

func build(t testing.TB, d *db.DB) *house {
	t.Helper()
	q := job.New(d)
	bus := event.New(q)
	h := &house{d: d, jobs: q, org: org.New(d, bus)}
	h.Access = New(d, h.org, bus, q)
	Register(h.org.Module().Actions...)
	h.mux = &web.Mux{SignedIn: SignedIn, Once: web.NewOnce(d)}
	h.mux.ErrorPage = func(r *http.Request, e *errs.Error) web.Component {
		if e.Kind == errs.Stranger {
			return h.SignInPage(r, e)
		}
		return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, e.Text.Key)
			return err
		})
	}
	h.Module().Routes(h.mux)
	h.mux.Handle("GET /hello", func(w http.ResponseWriter, r *http.Request) error {
		who, _ := Who(r.Context())
		_, err := io.WriteString(w, "hello "+who.Name)
		return err
	})
	h.srv = httptest.NewServer(http.NewCrossOriginProtection().Handler(ui.Read(h.Middleware(h.mux))))
	t.Cleanup(h.srv.Close)
	return h
}

// each runs test on each engine, in a house of its own; ctx is the house's.
func each(t *testing.T, test func(t *testing.T, ctx context.Context, h *house)) {
	dbtest.Each(t, schemas, func(t *testing.T, ctx context.Context, d *db.DB) {
		h := build(t, d)
		h.land(t, System(ctx))
		test(t, System(ctx), h)
	})
}

// land makes the units.
func (h *house) land(t testing.TB, ctx context.Context) {
	t.Helper()
	add := func(parent org.UnitID, code, name string, k org.Kind) org.UnitID {
		id, err := h.org.Add(ctx, org.Unit{Parent: parent, Code: code, Name: name, Kind: k, Tier: org.TierOf(k)},
			org.Basis{On: clock.MustDate("2020-01-01")})
		must(t, err)
		return id
	}
	h.province = add("", "49", "Tỉnh Quảng Nam", org.KindProvince)
	h.district = add(h.province, "518", "Huyện Núi Thành", org.KindRuralDistrict)
	h.commune = add(h.district, "20984", "Xã Tam Xuân I", org.KindCommune)
	h.other = add(h.district, "20986", "Xã Tam Tiến", org.KindCommune)
}

// as is ctx in which an account acts, with its grants of today.
func (h *house) as(t testing.TB, ctx context.Context, id AccountID) context.Context {
	t.Helper()
	acc, err := h.accountByID(ctx, id)
	must(t, err)
	grants, err := h.grantsOf(ctx, id)
	must(t, err)
	return As(ctx, Actor{Account: acc.ID, Person: acc.Person, Name: acc.Title, Unit: acc.Unit, Grants: grants}, h.org.Covers, h.posts)
}

const goodPassword = "con-trau-di-cay-2022"

func (h *house) account(t testing.TB, ctx context.Context, name string) AccountID {
	t.Helper()
	id, err := h.OpenAccount(ctx, NewAccount{Name: name, Title: "Người " + name, Unit: h.commune, Password: goodPassword})
	must(t, err)
	return id
}

// browser keeps cookies and follows no redirect.
type browser struct {
	t   testing.TB
	h   *house
	c   *http.Client
	jar *cookiejar.Jar
}

func (h *house) browser(t testing.TB) *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{t, h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}, jar}
}

type answer struct {
	code     int
	body     string
	location string
	header   http.Header
}

func (b *browser) do(r *http.Request) answer {
	b.t.Helper()
	res, err := b.c.Do(r)
	must(b.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(b.t, err)
	return answer{res.StatusCode, string(body), res.Header.Get("Location"), res.Header}
}

func (b *browser) request(method, path string, body io.Reader) *http.Request {
	b.t.Helper()
	r, err := http.NewRequest(method, b.h.srv.URL+path, body)
	must(b.t, err)
	return r
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.do(b.request("GET", path, nil))
}

func (b *browser) post(path string, fields ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := b.request("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) signIn(name string) {
	b.t.Helper()
	if got := b.post("/access/sign-in", "name", name, "password", goodPassword); got.code != http.StatusSeeOther {
		b.t.Fatalf("%s cannot sign in: %d %s", name, got.code, got.body)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSignInAndOut(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.account(t, ctx, "binh")
		b := h.browser(t)
		if got := b.get("/hello"); got.code != 401 || !strings.Contains(got.body, `value="/hello"`) {
			t.Fatalf("a stranger gets %d %s", got.code, got.body)
		}
		if got := b.get("/nowhere"); got.code != 401 {
			t.Fatalf("a stranger learns that a page is missing: %d", got.code)
		}
		got := b.post("/access/sign-in", "name", "binh", "password", "wrong password")
		if got.code != 422 {
			t.Fatalf("a wrong password: %d", got.code)
		}
		got = b.post("/access/sign-in", "name", " BINH", "password", goodPassword, "next", "/hello?x=1")
		if got.code != 303 || got.location != "/hello?x=1" {
			t.Fatalf("sign-in: %d %q", got.code, got.location)
		}
		if got := b.get("/hello"); got.body != "hello Người binh" {
			t.Fatalf("signed in: %d %s", got.code, got.body)
		}
		if got := b.post("/access/sign-out"); got.code != 303 {
			t.Fatalf("sign-out: %d", got.code)
		}
		if got := b.get("/hello"); got.code != 401 {
			t.Fatalf("after sign-out: %d", got.code)
		}
	})
}

func benchHouse(b *testing.B) *house {
	b.Helper()
	d := dbtest.SQLite(b, schemas)
	b.Cleanup(func() { d.Close() })
	h := build(b, d)
	h.land(b, System(db.Guard(context.Background())))
	return h
}

func roleNamed(s string) module.Role { return module.Role(s) }

// posted is a post office that keeps no letters.
type posted struct{}

func (posted) Send(context.Context, ...mail.Letter) error { return nil }
func (posted) Sends() bool                                { return true }
