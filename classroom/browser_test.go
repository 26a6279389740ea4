package classroom_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// site is the module's pages and endpoints, as whoever actor says, with a switch
// that cuts the line.
type site struct {
	*httptest.Server
	cut   atomic.Bool
	actor atomic.Pointer[access.Actor]
}

func (l *land) serve(t testing.TB) *site {
	t.Helper()
	s := &site{}
	pages := &web.Mux{SignedIn: access.SignedIn, Once: web.NewOnce(l.d),
		ErrorPage: func(r *http.Request, e *errs.Error) web.Component { return ui.ErrorPage(r, e) }}
	ui.Routes(pages, false)
	m := l.Module()
	m.Routes(pages)
	api := http.NewServeMux()
	m.API(humago.New(api, huma.DefaultConfig("test", "1")))
	s.Server = httptest.NewServer(web.Secure(ui.Read(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.cut.Load() {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
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

func (s *site) signIn(a access.Actor) { s.actor.Store(&a) }

// browser opens Chromium, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	found := false
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		_, err := exec.LookPath(name)
		found = found || err == nil
	}
	if !found {
		t.Skip("no Chromium: the off-line roll call is not tried in a browser")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)
	a, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(a)
	t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(late)
	return ctx
}

func run(t *testing.T, ctx context.Context, js string) string {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => String(await (async () => { `+js+` })()))()`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", js, err)
	}
	return v
}

// eventually waits until js answers want.
func eventually(t *testing.T, ctx context.Context, js, want string) {
	t.Helper()
	got := ""
	for range 100 {
		if got = run(t, ctx, js); got == want {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s: %q, want %q", js, got, want)
}

// A class manager opens the roll, loses the network, calls the roll, reloads the
// page still without a network, changes one line, and has all of it sent when
// the network is back.
func TestRollCallOffLine(t *testing.T) {
	ctx := browser(t)
	d := dbtest.SQLite(t, schemas())
	l := newLand(t, db.Guard(context.Background()), d)
	k := l.open(t, l.plan(t), 40, classroom.Rule{})
	staff := l.people(t, l.commune[0], 40, org.CivilServant)
	_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: staff})
	must(t, err)
	s := l.meet(t, k, "2022-05-16", "")
	web := l.serve(t)
	web.signIn(access.Actor{Account: "acc", Name: "Quản lý lớp", Grants: []access.Grant{{Role: module.ClassManager, Unit: l.province}}})
	page := web.URL + "/classroom/sessions/" + string(s) + "/roll"
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(360, 740), chromedp.Navigate(page)))
	eventually(t, ctx, `return !!(await caches.match("/classroom/sessions/`+string(s)+`/roll")) && (await navigator.serviceWorker.getRegistration("/classroom/"))?.active?.state`, "activated")
	must(t, chromedp.Do(ctx, chromedp.Navigate(page))) // the worker takes the page over
	eventually(t, ctx, `return !!navigator.serviceWorker.controller`, "true")

	web.cut.Store(true)
	web.CloseClientConnections()
	const taps = `const taps = document.querySelectorAll(".roll-tap"), save = document.querySelector(".roll-foot .primary"); `
	run(t, ctx, taps+`taps[0].click(); taps[1].click(); taps[1].click(); save.click();`)
	eventually(t, ctx, `return document.getElementById("roll-status").textContent.includes("khi có mạng")`, "true")
	must(t, chromedp.Do(ctx, chromedp.Navigate(page)))
	eventually(t, ctx, `return document.querySelectorAll(".roll-tap .late").length + "," + document.querySelectorAll(".roll-tap .excused").length`, "1,1")
	run(t, ctx, taps+`taps[2].click(); taps[0].click(); save.click();`)
	eventually(t, ctx, `return (await outbox.list("acc")).length`, "2")

	web.cut.Store(false)
	run(t, ctx, `dispatchEvent(new Event("online"))`)
	eventually(t, ctx, `return (await outbox.list("acc")).length`, "0")
	roll, err := l.Roll(l.ctx, s)
	must(t, err)
	tally := roll.Tally
	if tally[classroom.Present] != 37 || tally[classroom.Excused] != 2 || tally[classroom.Late] != 1 || roll.Session.RolledAt.IsZero() {
		t.Fatalf("%v", tally)
	}
	for _, line := range roll.Lines {
		if line.Now.Conflict {
			t.Fatalf("one device disagrees with itself about %s", line.Seat.Name)
		}
	}
}
