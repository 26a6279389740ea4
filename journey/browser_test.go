package journey

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long a step of a journey may take before it counts as stuck. It
// is for machines under load, not a measure of speed.
const patience = 20 * time.Second

func browserPath() string {
	for _, name := range []string{os.Getenv("LOTRINH_BROWSER"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}

func needBrowser(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser, which -short leaves out")
	}
	if browserPath() == "" {
		t.Skip("no chromium on the PATH: tools/install brings one")
	}
}

// browser is one Chromium for all tests.
var browser = sync.OnceValues(func() (context.Context, error) {
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browserPath()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "vi"))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, closeAll := chromedp.NewContext(alloc)
	finally(func() { closeAll(); stop() })
	return ctx, chromedp.Do(ctx)
})

// screen is what a visitor looks at.
type screen struct {
	name          string
	width, height int64
	touch         bool
}

var (
	phone = screen{"phone", 360, 740, true}
	desk  = screen{"desk", 1280, 900, false}
)

func (s screen) use(v *visitor) {
	opts := []chromedp.EmulateViewportOption{}
	if s.touch {
		opts = append(opts, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	v.do(chromedp.EmulateViewport(s.width, s.height, opts...))
	v.screen = s
}

// visit opens a fresh window, with no cookies, at the house.
func visit(t testing.TB, h *house, s screen) *visitor {
	t.Helper()
	needBrowser(t)
	root, err := browser()
	if err != nil {
		t.Fatalf("the browser does not start: %v", err)
	}
	v := &visitor{t: t, at: h.at, house: h}
	ctx, cancel := chromedp.NewContext(root, chromedp.WithNewBrowserContext(), chromedp.WithListener(v.hear))
	t.Cleanup(func() { v.check(); cancel() })
	v.ctx = ctx
	v.do() // opens the tab
	s.use(v)
	return v
}

// line is a connection: milliseconds to answer, bytes a second down and up.
type line struct{ latency, down, up float64 }

// slow3G is the profile that Chromium's developer tools and WebPageTest call so.
var slow3G = line{400, 400 * 1024 / 8, 400 * 1024 / 8}

var fast = line{0, -1, -1}

func (v *visitor) connect(l line) { v.network(l, false) }

// cut takes the network away from the window, as in a valley without signal.
func (v *visitor) cut() { v.t.Helper(); v.offline = true; v.network(fast, true) }

// restore brings the network back.
func (v *visitor) restore() { v.t.Helper(); v.network(fast, false); v.offline = false }

func (v *visitor) network(l line, offline bool) {
	v.t.Helper()
	v.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			EmulateOfflineServiceWorker: new(offline),
			MatchedNetworkConditions: []*network.Conditions{{
				Latency: l.latency, DownloadThroughput: l.down, UploadThroughput: l.up, Offline: offline}}})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, network.OverrideNetworkState, network.OverrideNetworkStateParams{
			Offline: offline, Latency: l.latency, DownloadThroughput: l.down, UploadThroughput: l.up,
			ConnectionType: cmp.Or(map[bool]network.ConnectionType{true: network.ConnectionTypeNone}[offline], network.ConnectionTypeCellular4g)})
		return err
	}))
}

// withoutScript turns scripts off.
func (v *visitor) withoutScript() {
	v.t.Helper()
	v.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}
