package journey

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"lotrinh/platform/module"
)

// firstPaint is when the page in the window first showed something, in
// milliseconds after it was asked for.
const firstPaint = `new Promise(done => { const say = list => { const e = list.find(e => e.name === "first-contentful-paint"); if (e) done(e.startTime) };
	say(performance.getEntriesByType("paint")); new PerformanceObserver(l => say(l.getEntries())).observe({type: "paint", buffered: true}) })`

// BenchmarkFirstPaint opens the learner's home on a phone over slow 3G (400 kbit/s,
// 400 ms to answer) with a warm server: cold, as on the first visit after the
// sign-in page was seen elsewhere, and warm, with what the browser has kept.
func BenchmarkFirstPaint(b *testing.B) {
	needBrowser(b)
	h := sharedHouse(b)
	for _, cold := range []bool{true, false} {
		b.Run(map[bool]string{true: "cold", false: "warm"}[cold], func(b *testing.B) {
			var all float64
			for range b.N {
				v := visit(b, h, phone)
				v.signIn(module.Learner)
				v.open("/")
				v.connect(slow3G)
				if cold {
					v.dropCache()
				}
				v.open("/")
				all += ask[float64](v, firstPaint)
			}
			b.ReportMetric(all/float64(b.N), "ms-to-first-paint")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// dropCache empties the cache of the browser.
func (v *visitor) dropCache() {
	v.t.Helper()
	v.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCache, cdp.Empty{})
		return err
	}))
}
