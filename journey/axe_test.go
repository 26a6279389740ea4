package journey

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"lotrinh/platform/i18n"
)

//go:embed testdata/axe.min.js
var axe string

// TestAxeIsUnchanged holds the vendored file to the checksum noted beside it.
func TestAxeIsUnchanged(t *testing.T) {
	note, err := os.ReadFile("testdata/axe.txt")
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256([]byte(axe)); !strings.Contains(string(note), hex.EncodeToString(sum[:])) {
		t.Errorf("axe.min.js is not the file that axe.txt tells of: %x", sum)
	}
}

// violation is one rule of accessibility that a page breaks.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target         []any
		FailureSummary string
		HTML           string
	}
}

func (v violation) String() string {
	s := fmt.Sprintf("%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes[:min(len(v.Nodes), 3)] {
		s += fmt.Sprintf("\n\t%v %s\n\t\t%s", n.Target, n.HTML[:min(len(n.HTML), 200)], strings.ReplaceAll(n.FailureSummary, "\n", " "))
	}
	return s
}

// axeRun looks for what breaks WCAG 2.2 A and AA and for what axe holds to be
// good practice.
const axeRun = `axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help,
		nodes: v.nodes.map(n => ({target: n.target, failureSummary: n.failureSummary, html: n.html}))})))`

// grave lists the serious and critical violations of the page in the window.
func (v *visitor) grave() (all []violation) {
	v.t.Helper()
	v.do(chromedp.Evaluate[chromedp.Void](axe))
	for _, one := range ask[[]violation](v, axeRun) {
		if one.Impact == "serious" || one.Impact == "critical" {
			all = append(all, one)
		}
	}
	return all
}

// tooWide names what stands out of the window to the right. What scrolls inside
// its own box is no fault.
const tooWide = `(() => { const w = document.documentElement.clientWidth; if (document.documentElement.scrollWidth <= w + 1) return [];
	const boxed = e => { for (let p = e.parentElement; p; p = p.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(p).overflowX) && p !== document.body && p !== document.documentElement) return true; return false };
	const out = [...document.body.querySelectorAll("*")].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > w + 1 && !boxed(e)).slice(0, 4)
		.map(e => e.outerHTML.slice(0, 160) + " ends at " + Math.round(e.getBoundingClientRect().right));
	return ["the page is " + document.documentElement.scrollWidth + " wide", ...out] })()`

func (v *visitor) overflow() []string { v.t.Helper(); return ask[[]string](v, tooWide) }

// samples picks one page of each pattern, the fullest that any role sees, and the
// first page of each role.
func samples(all []sheet) []sheet {
	best := map[string]sheet{}
	for _, s := range all {
		key := s.pattern
		if s.path == "/" {
			key += string(s.role)
		}
		if s.html && s.lang == i18n.Vi && s.size > best[key].size {
			best[key] = s
		}
	}
	return slices.SortedFunc(maps.Values(best), func(a, b sheet) int {
		return strings.Compare(string(a.role)+a.path, string(b.role)+b.path)
	})
}

// TestPagesAreSoundInABrowser opens a page of every pattern in both languages: no
// serious violation, nothing wider than a phone, no error of script, policy or
// network.
func TestPagesAreSoundInABrowser(t *testing.T) {
	needBrowser(t)
	h := sharedHouse(t)
	pages := samples(crawlAll(t))
	var wg sync.WaitGroup
	for _, lang := range i18n.Langs { // a window for each language, side by side
		wg.Go(func() { inspect(t, h, pages, lang) })
	}
	wg.Wait()
	t.Logf("%d pages in %d languages", len(pages), len(i18n.Langs))
}

func inspect(t *testing.T, h *house, pages []sheet, lang i18n.Lang) {
	var v *visitor
	for i, s := range pages {
		if i == 0 || pages[i-1].role != s.role {
			v = visit(t, h, desk)
			if s.role != stranger {
				v.signIn(s.role)
			}
			v.speak(lang)
		}
		look(v, s)
	}
}

// speak chooses the language in the header.
func (v *visitor) speak(lang i18n.Lang) {
	v.t.Helper()
	if v.path() == "" || !strings.HasPrefix(ask[string](v, `location.href`), v.at) {
		v.open("/site-map")
	}
	v.press(fmt.Sprintf(`.view button[value=%q]`, string(lang)))
}

func look(v *visitor, s sheet) {
	v.t.Helper()
	desk.use(v)
	if s.status == http.StatusUnauthorized {
		v.allow("401")
	}
	v.open(s.path)
	for _, bad := range v.grave() {
		v.t.Errorf("%s on %s: %s", s.path, v.screen.name, bad)
	}
	phone.use(v)
	for _, w := range v.overflow() {
		v.t.Errorf("%s on a phone: %s", s.path, w)
	}
	v.mu.Lock()
	for i := range v.wrong {
		v.wrong[i] = s.path + ": " + v.wrong[i]
	}
	v.mu.Unlock()
	v.check()
}
