package site_test

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"lotrinh/access"
	"lotrinh/classroom/site"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
)

// browser opens Chromium, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	found := false
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		_, err := exec.LookPath(name)
		found = found || err == nil
	}
	if !found {
		t.Skip("no Chromium: the page of a site is not tried off line in a browser")
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
	for range 150 {
		if got = run(t, ctx, js); got == want {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s: %q, want %q", js, got, want)
}

// A host opens his site, loses the network, ticks the checklist, counts, signs and
// tells of an incident, reloads the page still without a network, closes the
// incident, and has all of it sent when the network is back.
func TestSiteOffLine(t *testing.T) {
	ctx := browser(t)
	l := newLand(t, db.Guard(context.Background()), dbtest.SQLite(t, schemas()))
	x := l.confer(t)[3]
	web := l.serve(t)
	web.signIn(access.Actor{Account: "acc", Name: "Nguyễn Văn Chủ", Person: x.Host})
	path := "/classroom/sites/" + string(x.ID)
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(web.URL+path)))
	eventually(t, ctx, `return !!(await caches.match("`+path+`")) && (await navigator.serviceWorker.getRegistration("/classroom/"))?.active?.state`, "activated")
	must(t, chromedp.Do(ctx, chromedp.Navigate(web.URL+path))) // the worker takes the page over
	eventually(t, ctx, `return !!navigator.serviceWorker.controller`, "true")

	web.cut.Store(true)
	web.CloseClientConnections()
	run(t, ctx, `document.querySelector('[data-subject="check:notice"] button').click();
		document.querySelector('[data-subject="check:connected"] button').click();
		document.querySelector('[data-category="cadre"] [data-step="1"]').click();
		document.querySelector('[data-category="cadre"] [data-step="1"]').click();
		document.querySelector('#n-civil_servant').value = "9";
		document.querySelector('.site-kinds [value="no_sound"]').click();
		document.querySelector('[name="sign"]').click();`)
	eventually(t, ctx, `return document.getElementById("site-status").textContent.includes("khi có mạng")`, "true")
	eventually(t, ctx, `return (await outbox.list("acc")).length`, "4")
	must(t, chromedp.Do(ctx, chromedp.Navigate(web.URL+path)))
	eventually(t, ctx, `return [document.querySelectorAll(".site-tap.on").length, document.querySelector("#n-cadre").value, document.querySelector("#n-civil_servant").value,
		document.querySelectorAll(".site-incidents .open").length].join()`, "2,2,9,1")
	run(t, ctx, `document.querySelector('.site-incidents .open button').click()`)
	eventually(t, ctx, `return (await outbox.list("acc")).length`, "5")

	web.cut.Store(false)
	run(t, ctx, `dispatchEvent(new Event("online"))`)
	eventually(t, ctx, `return (await outbox.list("acc")).length`, "0")
	got := l.line(t, x)
	if got.State != site.Counted || got.Counts[org.Cadre] != 2 || got.Standing.Total != 11 || len(got.Standing.Incidents) != 1 || got.OpenIncidents() != 0 || len(got.Conflicts) != 0 || !got.Signature.ByHost {
		t.Fatalf("%+v", got.Standing)
	}
	eventually(t, ctx, `return document.querySelector("[data-state]").textContent.trim()`, "Đã chốt số")
}

// An organiser has the board open; a site reports, and the board fills by itself.
func TestBoardFillsLive(t *testing.T) {
	ctx := browser(t)
	l := newLand(t, db.Guard(context.Background()), dbtest.SQLite(t, schemas()))
	x := l.confer(t)[3]
	web := l.serve(t)
	web.officer(l)
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(web.URL+l.path()+"/board")))
	tile := `document.getElementById("t-` + string(x.ID) + `")`
	eventually(t, ctx, `return `+tile+`.classList.contains("silent")`, "true")
	l.take(t, l.host(x), x, mark("check:connected", site.Yes))
	eventually(t, ctx, `return `+tile+`.classList.contains("connected") + "," + document.querySelector(".site-tally .connected b").textContent`, "true,1")
	l.take(t, l.host(x), x, mark("count:cadre", "4"), mark("sign", "cadre=4"))
	eventually(t, ctx, `return `+tile+`.textContent.includes("4") + "," + document.querySelector(".site-total b").textContent`, "true,4")
}
