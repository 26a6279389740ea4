package access

import (
	"context"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// chromium opens a browser with a passkey of its own, or skips the test where
// there is none.
func chromium(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser, which -short leaves out")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no Chromium: the script of passkeys is not tried in a browser")
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(late)
	must(t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
			Options: &webauthn.VirtualAuthenticatorOptions{Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
				HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		return err
	})))
	return ctx
}

// The script, in a real browser and under the strict content security policy: a
// passkey in place of the first password, then a sign-in with it.
func TestPasskeyInABrowser(t *testing.T) {
	d := dbtest.SQLite(t, schemas)
	t.Cleanup(func() { d.Close() })
	h := build(t, d)
	ctx := System(db.Guard(context.Background()))
	h.land(t, ctx)
	ui.Routes(h.mux, false)
	srv := httptest.NewServer(web.Secure(ui.Read(h.Middleware(h.mux))))
	t.Cleanup(srv.Close)
	base := strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)
	h.Set(Options{Base: base})
	slips, err := h.Issue(ctx, h.fresh(t, ctx, "lanvt"))
	must(t, err)

	b := chromium(t)
	greeting := func() string {
		t.Helper()
		must(t, chromedp.Do(b, chromedp.Navigate(base+"/hello")))
		text, err := chromedp.Run(b, chromedp.Text("body"))
		must(t, err)
		return text
	}
	must(t, chromedp.Do(b, chromedp.Navigate(base+"/access/first?code="+slips[0].Code), chromedp.Click("main form button.primary"),
		chromedp.WaitVisible(`button[data-passkey="new"]`), chromedp.Click(`button[data-passkey="new"]`),
		chromedp.WaitNotPresent(`button[data-passkey="new"]`)))
	if got := greeting(); got != "hello Người lanvt" {
		t.Fatalf("after making a passkey: %q", got)
	}
	for range 2 {
		must(t, h.EndAll(ctx, slips[0].Account))
		must(t, chromedp.Do(b, chromedp.Navigate(base+"/access/sign-in?next=/hello"), chromedp.WaitVisible(`button[data-passkey="ask"]`),
			chromedp.Click(`button[data-passkey="ask"]`), chromedp.WaitNotPresent(`button[data-passkey="ask"]`)))
		if got := greeting(); got != "hello Người lanvt" {
			t.Fatalf("after signing in with it: %q", got)
		}
	}
}
