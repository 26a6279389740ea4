package journey

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

// reader follows the links of the house as one role, in one language, without a
// browser: quick enough to see hundreds of pages.
type reader struct {
	house *house
	role  module.Role // "" is a stranger
	lang  i18n.Lang
	http  http.Client
	seen  map[string]bool // paths
	tally map[string]int  // pages read, by pattern
}

// sheet is one page that was read.
type sheet struct {
	pattern, path string
	role          module.Role
	lang          i18n.Lang
	status        int
	size          int
	took          time.Duration
	html          bool
	doc           *html.Node
}

func (s sheet) String() string {
	return fmt.Sprintf("%s (%s, %s)", s.path, cmp.Or(s.role, "stranger"), s.lang)
}

const (
	samePattern = 3   // pages read of each pattern, for each role and language
	mostPages   = 600 // pages read for each role and language
	mostBytes   = 4 << 20
)

// stranger is the role of somebody who has not signed in.
const stranger = module.Role("")

// demoRoles lists the roles that the demo has an account for.
func demoRoles(t testing.TB, h *house) (roles []module.Role) {
	t.Helper()
	for _, role := range module.Roles {
		if one[int](t, h, `select count(*) from access_account where name_key = $1`, "demo."+string(role)) > 0 {
			roles = append(roles, role)
		}
	}
	return roles
}

func newReader(t testing.TB, h *house, role module.Role, lang i18n.Lang) *reader {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := url.Parse(h.at)
	jar.SetCookies(at, []*http.Cookie{{Name: "view", Value: string(lang), Path: "/"}})
	r := &reader{house: h, role: role, lang: lang, http: http.Client{Jar: jar}, seen: map[string]bool{}, tally: map[string]int{}}
	if role != stranger {
		res, err := r.http.PostForm(h.at+"/access/demo", url.Values{"role": {string(role)}, "next": {"/site-map"}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Fatalf("the demo does not let %s in: %s", role, res.Status)
		}
	}
	return r
}

// begin lists where people come in by themselves: typed, from a slip, from a code.
var begin = []string{"/", "/site-map", "/access/sign-in", "/ui"}

func (r *reader) crawl() (sheets []sheet, err error) {
	queue := slices.Clone(begin)
	for len(queue) > 0 && len(sheets) < mostPages {
		path := queue[0]
		queue = queue[1:]
		if !r.wants(path) {
			continue
		}
		s, err := r.read(path)
		if err != nil {
			return sheets, err
		}
		sheets = append(sheets, s)
		if s.doc == nil {
			r.tally[s.pattern] = samePattern // of files one is enough
			continue
		}
		queue = append(queue, links(s.doc, path)...)
	}
	return sheets, nil
}

// wants says whether a path is new and few of its pattern were read; it counts it.
func (r *reader) wants(path string) bool {
	p := r.pattern(path)
	if r.seen[path] || p == "" || strings.HasPrefix(path, "/assets/") {
		return false
	}
	r.seen[path] = true
	if r.tally[p] >= samePattern {
		return false
	}
	r.tally[p]++
	return true
}

func (r *reader) pattern(path string) string {
	req, err := http.NewRequest(http.MethodGet, r.house.at+path, nil)
	if err != nil {
		return ""
	}
	return r.house.Mux.Route(req)
}

func (r *reader) read(path string) (s sheet, err error) {
	s = sheet{pattern: r.pattern(path), path: path, role: r.role, lang: r.lang}
	begun := time.Now()
	res, err := r.http.Get(r.house.at + path)
	if err != nil {
		return s, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, mostBytes))
	if err != nil {
		return s, err
	}
	s.status, s.size, s.took = res.StatusCode, len(body), time.Since(begun)
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		s.html = true
		s.doc, err = html.Parse(strings.NewReader(string(body)))
	}
	return s, err
}

// links lists where a page leads to by GET, on this site.
func links(doc *html.Node, from string) (paths []string) {
	base, _ := url.Parse("http://house" + from)
	for n := range doc.Descendants() {
		to := ""
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "a", n.Data == "iframe":
			to = cmp.Or(attr(n, "href"), attr(n, "src"))
		case n.Data == "form" && !strings.EqualFold(attr(n, "method"), "post"):
			to = attr(n, "action")
		default:
			to = attr(n, "hx-get")
		}
		u, err := base.Parse(to)
		if to == "" || strings.HasPrefix(to, "#") || err != nil || u.Host != "house" || u.Scheme != "http" {
			continue
		}
		u.Fragment = ""
		paths = append(paths, u.RequestURI())
	}
	return paths
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// crawled is all pages that all roles reach in both languages, in the shared
// house. It is read once.
var (
	crawled   []sheet
	crawlOnce sync.Once
)

func crawlAll(t *testing.T) []sheet {
	t.Helper()
	h := sharedHouse(t)
	crawlOnce.Do(func() {
		for _, role := range append([]module.Role{stranger}, demoRoles(t, h)...) {
			for _, lang := range i18n.Langs {
				sheets, err := newReader(t, h, role, lang).crawl()
				if err != nil {
					t.Fatal(err)
				}
				crawled = append(crawled, sheets...)
			}
		}
	})
	if len(crawled) == 0 {
		t.Fatal("the pages could not be read")
	}
	return crawled
}

// TestLinksLeadSomewhere reads what every role can reach by links. Nothing may
// fail, and nobody may be offered what he may not see.
func TestLinksLeadSomewhere(t *testing.T) {
	for _, s := range crawlAll(t) {
		strange := s.role == stranger && s.status == http.StatusUnauthorized
		if s.status != http.StatusOK && s.status != http.StatusNoContent && !strange {
			t.Errorf("%s: %d", s, s.status)
		}
	}
}

// unreached lists the patterns of GET that no link leads to, with the reason. A
// page that is not in it must be reached by every run, so that nothing is built
// that nobody finds.
var unreached = map[string]string{
	"GET /access/second":                              "in the middle of signing in with two steps",
	"GET /access/first/password":                      "after a one-time code was given",
	"GET /access/oidc/{name}":                         "the demo knows no other provider of sign-in",
	"GET /access/oidc/{name}/back":                    "the demo knows no other provider of sign-in",
	"GET /access/me/password":                         "for those who have a password; the demo's accounts have none",
	"GET /access/corrections":                         "while somebody waits for a correction",
	"GET /org/import/{id}":                            "after a list of units was sent in",
	"GET /org/import/{id}/preview.xlsx":               "after a list of units was sent in",
	"GET /org/merger/{id}":                            "after a mapping was sent in",
	"GET /org/merger/{id}/preview.xlsx":               "after a mapping was sent in",
	"GET /org/rolls/{id}":                             "after a list of people was sent in",
	"GET /org/rolls/{id}/faults.xlsx":                 "after a list of people was sent in",
	"GET /org/lecturers/{id}/papers/{paper}":          "after a lecturer's paper was added",
	"GET /org/teams/work.xlsx":                        "after a period was asked for",
	"GET /org/teams/{id}/decision":                    "after the file of a decision was sent in",
	"GET /org/calendar/{id}":                          "after a day was entered; the demo keeps the published calendar",
	"GET /survey-programmes/{id}":                     "after a programme's people were asked",
	"GET /s/{token}":                                  "by the letter that asks",
	"GET /s/thanks":                                   "after a questionnaire was answered",
	"GET /c/{serial}":                                 "by the code on a certificate, or typed in",
	"GET /learn/courses/{id}/lessons/{slot}/file":     "the demo's lessons are text",
	"GET /learn/courses/{id}/lessons/{slot}/captions": "the demo's lessons are text",
	"GET /learn/courses/{id}/pictures/{name...}":      "loaded by lessons with pictures",
	"GET /learn/register.pdf":                         "while the register has no more certificates than are printed at once",
	"GET /learn/evidence/{id}":                        "after evidence was sent in",
	"GET /learn/bundles/{id}":                         "after certificates were asked for in bulk",
	"GET /learn/bundles/{id}/zip":                     "after certificates were asked for in bulk",
	"GET /learn/attempts/{id}":                        "while somebody takes a test",
	"GET /learn/tests/{id}/marking/{paper}/{place}":   "while an essay waits for its mark",
	"GET /classroom/scan/{session}/{step}/{mac}":      "by the code on the screen of a room",
	"GET /classroom/scan/{session}/done":              "after the code was scanned",
	"GET /classroom/feed/{token}":                     "by calendars that somebody gave the address to",
}

// quiet says that a pattern is no page: a file that pages load by themselves.
func quiet(pattern string) bool {
	return strings.HasSuffix(pattern, ".js") || strings.HasPrefix(pattern, "GET /assets/") || pattern == "GET /favicon.ico"
}

func TestEveryPageIsReached(t *testing.T) {
	reached := map[string]map[i18n.Lang]bool{}
	for _, s := range crawlAll(t) {
		if reached[s.pattern] == nil {
			reached[s.pattern] = map[i18n.Lang]bool{}
		}
		reached[s.pattern][s.lang] = true
	}
	h := sharedHouse(t)
	for _, p := range h.Mux.Routes() {
		if !strings.HasPrefix(p, "GET ") || quiet(p) {
			continue
		}
		_, known := unreached[p]
		if got := len(reached[p]); got < len(i18n.Langs) && !known {
			t.Errorf("no link leads to %s: link it, or say in unreached why not", p)
		} else if got > 0 && known {
			t.Errorf("%s is reached: take it off the list", p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(unreached)) {
		if !slices.Contains(h.Mux.Routes(), p) {
			t.Errorf("%s is no route any more: take it off the list", p)
		}
	}
	t.Logf("%d pages of %d patterns, %d patterns not reached", len(crawlAll(t)), len(reached), len(unreached))
}

// TestSlowPages names the slowest pages and the heaviest, for whoever reads the
// log. It holds nothing to a time.
func TestSlowPages(t *testing.T) {
	all := slices.DeleteFunc(slices.Clone(crawlAll(t)), func(s sheet) bool { return !s.html })
	slices.SortFunc(all, func(a, b sheet) int { return cmp.Compare(b.took, a.took) })
	for _, s := range all[:min(len(all), 8)] {
		t.Logf("%6.0f ms %s", float64(s.took.Microseconds())/1000, s)
	}
	slices.SortFunc(all, func(a, b sheet) int { return cmp.Compare(b.size, a.size) })
	for _, s := range all[:min(len(all), 8)] {
		t.Logf("%6d kB %s", s.size/1024, s)
	}
}
