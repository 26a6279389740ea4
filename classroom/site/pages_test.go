package site_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/classroom/site"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// house is the pages and endpoints of the classroom and of its sites, as whoever
// actor says, with a switch that cuts the line.
type house struct {
	*httptest.Server
	cut   atomic.Bool
	actor atomic.Pointer[access.Actor]
}

func (l *land) serve(t testing.TB) *house {
	t.Helper()
	s := &house{}
	pages := &web.Mux{SignedIn: access.SignedIn, Once: web.NewOnce(l.d),
		ErrorPage: func(r *http.Request, e *errs.Error) web.Component { return ui.ErrorPage(r, e) }}
	ui.Routes(pages, false)
	l.c.Set(classroom.Options{Beside: l.Sites})
	api := http.NewServeMux()
	doc := humago.New(api, huma.DefaultConfig("test", "1"))
	for _, m := range []module.Module{l.c.Module(), l.Sites.Module()} {
		m.Routes(pages)
		m.API(doc)
	}
	s.Server = httptest.NewServer(web.Secure(ui.Read(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.cut.Load() {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				conn.Close()
			}
			return
		}
		ctx := clock.At(r.Context(), now.AddDate(0, 0, 7))
		if a := s.actor.Load(); a != nil {
			ctx = access.As(ctx, *a, l.o.Covers)
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			api.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		pages.ServeHTTP(w, r.WithContext(ctx))
	}))))
	t.Cleanup(s.Close)
	return s
}

func (s *house) signIn(a access.Actor) { s.actor.Store(&a) }

func (s *house) officer(l *land) {
	s.signIn(access.Actor{Account: "off", Name: "Ban tổ chức", Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: l.province}}})
}

// get asks for a page; headers are names and values in turn.
func (s *house) get(t testing.TB, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
	must(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return s.do(t, r)
}

func (s *house) post(t testing.TB, path string, form url.Values) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	must(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(t, r)
}

func (s *house) do(t testing.TB, r *http.Request) (*http.Response, string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	must(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, string(body)
}

func (l *land) path() string { return "/classroom/sessions/" + string(l.session) }

var liveURL = regexp.MustCompile(`hx-get="([^"]+)"`)

// A watcher is told nothing while nothing changes, then what changed alone, and
// reads the page anew when the sites are others.
func TestWatching(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		sites := l.confer(t)
		web := l.serve(t)
		web.officer(l)
		_, page := web.get(t, l.path()+"/board")
		live := liveURL.FindStringSubmatch(page)
		if live == nil || strings.Count(page, `class="site-tile `) != len(sites) {
			t.Fatalf("no board: %.2000s", page)
		}
		r, body := web.get(t, live[1])
		if r.StatusCode != http.StatusNoContent || body != "" || r.Header.Get("ETag") == "" {
			t.Fatalf("nothing changed: %d %q", r.StatusCode, body)
		}
		if r, _ := web.get(t, live[1], "If-None-Match", r.Header.Get("ETag")); r.StatusCode != http.StatusNotModified {
			t.Fatalf("by its tag: %d", r.StatusCode)
		}
		l.take(t, l.ctx, sites[3], mark("check:notice", site.Yes), mark("check:connected", site.Yes))
		_, err := l.Board(l.ctx, l.session) // as if a second had gone by
		must(t, err)
		r, body = web.get(t, live[1])
		if r.StatusCode != http.StatusOK || strings.Count(body, `class="site-tile `) != 1 || !strings.Contains(body, "t-"+string(sites[3].ID)) || strings.Contains(body, "<html") {
			t.Fatalf("one site changed: %d %s", r.StatusCode, body)
		}
		if r, _ := web.get(t, liveURL.FindStringSubmatch(body)[1]); r.StatusCode != http.StatusNoContent {
			t.Fatalf("the new version is not known: %d", r.StatusCode)
		}
		must(t, l.SaveContact(l.ctx, sites[1].ID, "", "", "0235 999", l.line(t, sites[1]).Edition))
		_, err = l.Board(l.ctx, l.session)
		must(t, err)
		if r, _ := web.get(t, live[1]); r.Header.Get("HX-Refresh") != "true" {
			t.Fatalf("the sites changed: %d %v", r.StatusCode, r.Header)
		}
		web.signIn(access.Actor{Account: "x", Person: sites[2].Host})
		if r, _ := web.get(t, live[1]); r.StatusCode != http.StatusNotFound {
			t.Fatalf("a host watches the board: %d", r.StatusCode)
		}
	})
}

// A site's page does all without script: taps, numbers, signature, incidents.
func TestSitePageWithoutScript(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		x := l.confer(t)[3]
		web := l.serve(t)
		web.signIn(access.Actor{Account: "h", Name: "Nguyễn Văn Chủ", Person: x.Host})
		at := "/classroom/sites/" + string(x.ID)
		for _, form := range []url.Values{
			{"subject": {"check:notice"}, "value": {site.Yes}},
			{"subject": {"incident"}, "value": {site.NoPower}, "note": {"mất điện cả xã"}},
		} {
			if r, body := web.post(t, at+"/marks", form); r.StatusCode != http.StatusSeeOther {
				t.Fatalf("%d %s", r.StatusCode, body)
			}
		}
		r, body := web.post(t, at+"/counts", url.Values{"category": {"cadre", "civil_servant"}, "n:cadre": {"3"}, "n:civil_servant": {"10"}, "sign": {"1"}})
		if r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", r.StatusCode, body)
		}
		got := l.line(t, x)
		if got.State != site.Counted || got.Standing.Total != 13 || got.OpenIncidents() != 1 || got.Signature.ByName != "Nguyễn Văn Chủ" || !got.Signature.ByHost {
			t.Fatalf("%+v", got.Standing)
		}
		if r, body := web.get(t, at); r.StatusCode != http.StatusOK || !strings.Contains(body, "mất điện cả xã") || !strings.Contains(body, "Đã chốt số") {
			t.Fatalf("%d %s", r.StatusCode, body)
		}
		if _, body := web.get(t, "/classroom/mine"); !strings.Contains(body, at) {
			t.Fatalf("one's own page does not lead to the site: %s", body)
		}
	})
}

// The organiser sets a session up from its own page, page by page.
func TestSetUpByPages(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		web := l.serve(t)
		web.officer(l)
		l.people(t, l.commune[:]...)
		setup := l.path() + "/sites/setup"
		if _, body := web.get(t, l.path()); !strings.Contains(body, setup) {
			t.Fatalf("the session does not lead to its sites: %s", body)
		}
		if r, _ := web.get(t, l.path()+"/board"); r.Header.Get("Location") != setup {
			t.Fatalf("no sites yet: %d", r.StatusCode)
		}
		for path, form := range map[string]url.Values{setup: {"contact": {"Văn phòng"}, "phone": {"một"}}, l.path() + "/sites/invite": {"top": {string(l.province)}}} {
			if r, body := web.post(t, path, form); r.StatusCode != http.StatusUnprocessableEntity && r.StatusCode != http.StatusNotFound {
				t.Fatalf("%s: %d %s", path, r.StatusCode, body)
			}
		}
		for _, step := range []struct {
			path string
			form url.Values
		}{
			{setup, url.Values{"contact": {"Văn phòng"}, "phone": {"0235 1"}}},
			{l.path() + "/sites/invite", url.Values{"top": {string(l.province)}, "tiers": {"commune"}, "categories": {"cadre"}, "n:cadre": {"5"}}},
			{l.path() + "/sites/hosts", nil},
			{l.path() + "/sites/checks", url.Values{"edition": {"1"}, "key": {"connected", ""}, "use-0": {"on"}, "minutes-0": {"30"}, "label-1": {"Đã phát tài liệu"}, "use-1": {"on"}}},
			{l.path() + "/sites", url.Values{"unit": {string(l.province)}, "central": {"on"}, "n:cadre": {"20"}}},
		} {
			if r, body := web.post(t, step.path, step.form); r.StatusCode != http.StatusSeeOther {
				t.Fatalf("%s: %d %s", step.path, r.StatusCode, body)
			}
		}
		b, err := l.Board(l.ctx, l.session)
		must(t, err)
		if len(b.Lines) != 5 || b.Lines[0].Host != "" || b.Lines[1].Host == "" || len(b.Checks) != 2 || b.Checks[1].Label != "Đã phát tài liệu" || b.Total.Expected != 40 {
			t.Fatalf("%d sites, %+v, %+v", len(b.Lines), b.Checks, b.Total)
		}
		x := b.Lines[1]
		for _, path := range []string{setup, l.path() + "/sites/checks", l.path() + "/sites", l.path() + "/sites?state=silent&only=nohost", l.path() + "/sites/new",
			"/classroom/sites/" + string(x.ID) + "/edit", "/classroom/sites/" + string(x.ID) + "/host", "/classroom/sites/" + string(x.ID) + "/host?q=chu", "/classroom/conferences",
			"/classroom/classes/" + string(l.class)} {
			for _, lang := range []string{"vi", "en"} {
				r, body := web.get(t, path, "Cookie", "view="+lang)
				if r.StatusCode != http.StatusOK || strings.Contains(body, ">site.") || strings.Contains(body, "%!") || strings.Contains(body, ">classroom.") {
					t.Errorf("%s in %s: %d %s", path, lang, r.StatusCode, body)
				}
			}
		}
	})
}

func TestExports(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		x := l.confer(t)[3]
		l.take(t, l.host(x), x, mark("count:cadre", "2"), mark("sign", "cadre=2"))
		web := l.serve(t)
		web.officer(l)
		for as, magic := range map[string]string{"xlsx": "PK\x03\x04", "pdf": "%PDF-"} {
			r, body := web.get(t, l.path()+"/sites/export?as="+as)
			if r.StatusCode != http.StatusOK || !strings.HasPrefix(body, magic) {
				t.Fatalf("%s: %d %.80q", as, r.StatusCode, body)
			}
		}
		web.signIn(access.Actor{Account: "x", Person: x.Host})
		if r, _ := web.get(t, l.path()+"/sites/export?as=xlsx"); r.StatusCode != http.StatusNotFound {
			t.Fatalf("a host takes all figures: %d", r.StatusCode)
		}
	})
}

// Every sentence is there in both languages, with the same places to fill in.
func TestSentences(t *testing.T) {
	for _, k := range site.Kinds {
		for _, lang := range i18n.Langs {
			if !i18n.Has(lang, "site.incident."+k) {
				t.Errorf("%s: no word for incident %s", lang, k)
			}
		}
	}
	for _, s := range site.States {
		if !i18n.Has(i18n.En, "site.state."+string(s)) {
			t.Errorf("no word for state %s", s)
		}
	}
}

// The conference of Bắc Giang in the demo is the one that was published.
func TestSeed(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		l := newSeeded(t, ctx, d)
		list, err := l.Conferences(l.ctx)
		must(t, err)
		if len(list) != 1 {
			t.Fatalf("%d conferences", len(list))
		}
		b, err := l.Board(l.ctx, list[0].Session)
		must(t, err)
		if len(b.Lines) != 239 || b.Total.Counted != 3600 || b.Tally[site.Counted] != 239 || b.Open != 0 || !b.Lines[0].Central {
			t.Fatalf("%d sites, %d people, %v, %d incidents open", len(b.Lines), b.Total.Counted, b.Tally, b.Open)
		}
		for _, x := range b.Lines {
			if x.Host == "" || !x.Signature.ByHost {
				t.Fatalf("%s: host %q, signed by %+v", x.UnitName, x.Host, x.Signature)
			}
		}
	})
}

// newSeeded is a house with the demo's units and people and the conference.
func newSeeded(t testing.TB, ctx context.Context, d *db.DB) *land {
	t.Helper()
	l := newLandOf(t, ctx, d)
	l.ctx = access.System(clock.At(ctx, clock.MustDate("2022-04-01").Time()))
	must(t, l.o.Module().Seed(l.ctx))
	must(t, l.Sites.Module().Seed(l.ctx))
	return l
}

// BenchmarkBoard is 50 watchers of a board of 239 sites, each asking again as soon
// as it was answered: while nothing changes, and while a site reports before each
// round. It prints microseconds per poll and bytes per answer.
func BenchmarkBoard(b *testing.B) {
	l := newSeeded(b, db.Guard(context.Background()), dbtest.SQLite(b, schemas()))
	list, err := l.Conferences(l.ctx)
	must(b, err)
	board, err := l.Board(l.ctx, list[0].Session)
	must(b, err)
	h := l.handler(b)
	const watchers = 50
	poll := func(version string) (int, string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/classroom/sessions/"+string(list[0].Session)+"/board/live?v="+version, nil)
		h.ServeHTTP(w, r.WithContext(l.ctx))
		if w.Code != http.StatusOK && w.Code != http.StatusNoContent {
			b.Fatal(w.Code)
		}
		return w.Body.Len(), w.Body.String()
	}
	b.Run("still", func(b *testing.B) {
		for range b.N {
			for range watchers {
				poll(board.Version)
			}
		}
		report(b, watchers, 0)
	})
	b.Run("moving", func(b *testing.B) {
		size, version := 0, board.Version
		for i := range b.N {
			x := board.Lines[i%len(board.Lines)]
			l.take(b, l.ctx, x.Site, mark("check:notice", site.No))
			_, err := l.Board(l.ctx, list[0].Session)
			must(b, err)
			n, body := poll(version)
			for range watchers - 1 {
				poll(version)
			}
			size += n
			version = strings.TrimPrefix(regexp.MustCompile(`v=[0-9a-f-]+`).FindString(body), "v=")
		}
		report(b, watchers, size/b.N)
	})
	b.Run("page", func(b *testing.B) {
		size := 0
		for range b.N {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/classroom/sessions/"+string(list[0].Session)+"/board", nil).WithContext(l.ctx))
			size = w.Body.Len()
		}
		b.ReportMetric(float64(size), "bytes")
	})
}

func report(b *testing.B, watchers, size int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N*watchers), "µs/poll")
	b.ReportMetric(float64(size), "bytes")
}

func (l *land) handler(t testing.TB) http.Handler {
	t.Helper()
	pages := &web.Mux{SignedIn: access.SignedIn, ErrorPage: func(r *http.Request, e *errs.Error) web.Component { return ui.ErrorPage(r, e) }}
	l.Sites.Module().Routes(pages)
	return ui.Read(pages)
}
