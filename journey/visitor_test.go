package journey

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"lotrinh/platform/module"
)

// visitor is somebody at a window. It notes whatever goes wrong in it: errors of
// scripts, what the content security policy refused, answers that failed.
type visitor struct {
	t      testing.TB
	ctx    context.Context
	at     string
	house  *house
	screen screen

	offline bool // the network is cut: requests may fail
	mu      sync.Mutex
	wrong   []string
	allowed []string // parts of faults that belong to the journey
}

// allow says that a fault whose text contains part belongs to the journey, such
// as the 422 of a form that is refused.
func (v *visitor) allow(part string) { v.allowed = append(v.allowed, part) }

func (v *visitor) hear(ev any) {
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		v.fault("script: " + ev.ExceptionDetails.Text + exception(ev.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError {
			v.fault("console: " + said(ev.Args))
		}
	case *log.EventEntryAdded:
		if ev.Entry.Level == log.EntryLevelError {
			v.fault("log: " + ev.Entry.Text + " " + ev.Entry.URL)
		}
	case *network.EventResponseReceived:
		if ev.Response.Status >= http.StatusBadRequest {
			v.fault(fmt.Sprintf("answer: %d %s", ev.Response.Status, ev.Response.URL))
		}
	case *network.EventLoadingFailed:
		if !ev.Canceled && ev.ErrorText != "net::ERR_ABORTED" {
			v.fault("request: " + ev.ErrorText)
		}
	}
}

func exception(d *runtime.ExceptionDetails) string {
	if d.Exception == nil {
		return ""
	}
	return " " + d.Exception.Description
}

func said(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		words = append(words, string(a.Value)+a.Description)
	}
	return strings.Join(words, " ")
}

func (v *visitor) fault(what string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	cut := v.offline && (strings.Contains(what, "ERR_INTERNET_DISCONNECTED") || strings.Contains(what, "Failed to fetch") || strings.Contains(what, "htmx:sendError"))
	if cut || slices.ContainsFunc(v.allowed, func(part string) bool { return strings.Contains(what, part) }) {
		return
	}
	v.wrong = append(v.wrong, what)
}

// check tells what went wrong in the window so far.
func (v *visitor) check() {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, w := range v.wrong {
		v.t.Errorf("in the window: %s", w)
	}
	v.wrong = nil
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if v.ctx.Err() == nil && chromedp.FromContext(v.ctx).Target == nil {
		if err := chromedp.Do(v.ctx); err != nil { // the first run binds the tab to its context
			v.t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.t.Fatalf("%v\nat %s", err, v.where())
	}
}

func (v *visitor) where() string {
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.title + "\n" + (d => { d.querySelectorAll("select").forEach(s => s.remove()); return d.innerText })((document.querySelector("main") || document.body).cloneNode(true)).replace(/\s+/g, " ")`))
	if err != nil {
		return err.Error()
	}
	return s[:min(len(s), 1000)]
}

// ask evaluates an expression in the page.
func ask[T any](v *visitor, js string, args ...any) T {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expr(js, args...), chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%s: %v\nat %s", js[:min(len(js), 200)], err, v.where())
	}
	return got
}

// expr puts arguments, as JSON, into the places %s of an expression.
func expr(js string, args ...any) string {
	if len(args) == 0 {
		return js
	}
	quoted := make([]any, len(args))
	for i, a := range args {
		b, err := json.Marshal(a)
		if err != nil {
			panic(err)
		}
		quoted[i] = string(b)
	}
	return fmt.Sprintf(js, quoted...)
}

// open goes to a path of the house and returns the status of the answer.
func (v *visitor) open(path string) int {
	v.t.Helper()
	return v.load(func(ctx context.Context) (*network.Response, error) {
		return chromedp.Run(ctx, chromedp.NavigateResponse(v.at+path))
	})
}

func (v *visitor) load(how func(context.Context) (*network.Response, error)) int {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	res, err := how(ctx)
	if err != nil {
		v.t.Fatalf("%v\nat %s", err, v.where())
	}
	if res == nil {
		return 0
	}
	return int(res.Status)
}

// signIn enters the demo as the account that shows role.
func (v *visitor) signIn(role module.Role) {
	v.t.Helper()
	v.signInTo(role, "/")
}

// signInTo enters the demo at a page that a stranger may not see.
func (v *visitor) signInTo(role module.Role, path string) {
	v.t.Helper()
	v.open("/access/sign-in?next=" + path)
	v.press(fmt.Sprintf("button[name=role][value=%q]", role))
}

// press clicks the first visible element of a selector and waits for the page
// that this leads to.
func (v *visitor) press(sel string) int {
	v.t.Helper()
	v.see(sel)
	return v.load(func(ctx context.Context) (*network.Response, error) {
		return chromedp.RunResponse(ctx, v.hit(sel))
	})
}

// click clicks the first visible element of a selector and waits for nothing.
func (v *visitor) click(sel string) {
	v.t.Helper()
	v.see(sel)
	v.do(v.hit(sel))
}

// hit taps on a phone and clicks at a desk, on the first element of sel that
// shows.
func (v *visitor) hit(sel string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		at, err := chromedp.Evaluate[[]float64](expr(`(() => { const e = (`+visible+`)(%s)[0]; if (!e) return [];
			e.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"}); const r = e.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2] })()`, sel))(ctx, t)
		if err != nil {
			return err
		}
		if len(at) != 2 {
			return fmt.Errorf("nothing to press: %s", sel)
		}
		if v.screen.touch {
			_, err = chromedp.TapXY(at[0], at[1])(ctx, t)
			return err
		}
		_, err = chromedp.MouseClickXY(at[0], at[1])(ctx, t)
		return err
	})
}

// visible is a function of a selector that gives the elements of it that show.
// A selector may end in "=words": then only elements that say these words count.
const visible = `(s) => { const [, css, words] = s.match(/^(.*?)(?:=([^\]"']*))?$/s);
	return [...document.querySelectorAll(css)].filter(e => e.checkVisibility() && e.getClientRects().length &&
	(words === undefined || (e.innerText || e.value || e.getAttribute("aria-label") || "").normalize().trim().includes(words.normalize()))) }`

// see waits until an element of sel shows.
func (v *visitor) see(sel string) {
	v.t.Helper()
	v.until("to see "+sel, `(`+visible+`)(%s).length > 0`, sel)
}

// gone waits until no element of sel shows.
func (v *visitor) gone(sel string) {
	v.t.Helper()
	v.until("to see no more of "+sel, `(`+visible+`)(%s).length === 0`, sel)
}

// reads waits until the page says words somewhere.
func (v *visitor) reads(words string) {
	v.t.Helper()
	v.until("to read «"+words+"»", `document.body.innerText.normalize().includes(%s.normalize())`, words)
}

// until waits until an expression is true. It asks again from outside, so that it
// outlives the page and works without script.
func (v *visitor) until(what, js string, args ...any) {
	v.t.Helper()
	end := time.Now().Add(patience)
	var last error
	for time.Now().Before(end) {
		ctx, cancel := context.WithTimeout(v.ctx, patience)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expr(js, args...), chromedp.EvalAwaitPromise))
		cancel()
		if err == nil && ok {
			return
		}
		last = err
		time.Sleep(60 * time.Millisecond)
	}
	v.t.Fatalf("waited in vain %s (%v)\nat %s", what, last, v.where())
}

// count is how many elements of a selector show.
func (v *visitor) count(sel string) int {
	v.t.Helper()
	return ask[int](v, `(`+visible+`)(%s).length`, sel)
}

// text is what the first element of a selector that shows says.
func (v *visitor) text(sel string) string {
	v.t.Helper()
	v.see(sel)
	return ask[string](v, `(`+visible+`)(%s)[0].innerText.normalize().trim()`, sel)
}

// write types words into a field, over what stands there.
func (v *visitor) write(sel, words string) {
	v.t.Helper()
	v.see(sel)
	ask[bool](v, `(() => { const e = (`+visible+`)(%s)[0]; e.focus(); e.select ? e.select() : 0; return true })()`, sel)
	if ask[string](v, `document.activeElement.value || ""`) != "" {
		v.do(chromedp.KeyEvent("\b"))
	}
	v.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: words})
		return err
	}))
}

// set puts a value into a field that is not typed into: a date, a time, a choice.
func (v *visitor) set(sel, value string) {
	v.t.Helper()
	v.see(sel)
	ask[bool](v, `(() => { const e = (`+visible+`)(%s)[0]; e.value = %s; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return e.value === %s })()`, sel, value, value)
}

// path is where the window is, without the host.
func (v *visitor) path() string {
	v.t.Helper()
	return ask[string](v, `location.pathname + location.search`)
}
