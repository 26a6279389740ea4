package ui

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/id"
	"lotrinh/platform/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

func guideContext() context.Context {
	ctx := clock.At(context.Background(), time.Date(2022, 6, 1, 8, 0, 0, 0, clock.Zone))
	return With(id.Seeded(ctx, 1), guideChrome())
}

var hashed = regexp.MustCompile(`(/assets/\w+)\.[0-9a-f]{12}\.`)

func render(t testing.TB, ctx context.Context, c web.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGoldenParts(t *testing.T) {
	for name, c := range map[string]web.Component{
		"layout": layout(guidePage(), &flash{Good, "Đã lưu."}), "words": guideWords(), "forms": guideForms(),
		"lists": guideLists(), "charts": guideCharts(),
	} {
		got := hashed.ReplaceAllString(strings.ReplaceAll(render(t, guideContext(), c), "><", ">\n<"), "$1.")
		path := "testdata/" + name + ".html"
		if *update {
			os.MkdirAll("testdata", 0o755)
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from what it was; look at it, then go test -update", path)
		}
	}
}

func TestArchipelagosNeverDropOut(t *testing.T) {
	for name, a := range map[string]Atlas{"nothing": {}, "places": guideMap(), "links": {Islands: []Island{{ID: "hoang-sa", Href: "/x"}}},
		"inside": {Places: []Place{{Label: "Hoàng Sa", Lat: 16.5, Lon: 112, Shape: []Ring{{{112, 16.5}, {112.1, 16.5}, {112.1, 16.6}}}}}}} {
		s := render(t, guideContext(), Map(a))
		if !strings.Contains(s, "Quần đảo Hoàng Sa</text>") || !strings.Contains(s, "Quần đảo Trường Sa</text>") || strings.Count(s, `class="islands"`) != 1 {
			t.Errorf("%s: an archipelago is missing", name)
		}
	}
}

func TestNothingIsInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=|<style|<script>|javascript:`)
	if found := inline.FindString(render(t, guideContext(), layout(guidePage(), nil))); found != "" {
		t.Errorf("%q would be refused by the content security policy", found)
	}
}

func TestIconsAreDrawn(t *testing.T) {
	for _, name := range Icons {
		if !bytes.Contains(assets["icons.svg"].plain, []byte(`id="`+name+`"`)) {
			t.Errorf("icon %s is named and not drawn", name)
		}
	}
}

// The first visit of a learner brings the page and what it names: the style, its
// scripts, both fonts, icons and mark: together less than 60 KB on the wire.
// Scripts of roll calls and conferences come with their own pages.
func TestFirstVisitIsLight(t *testing.T) {
	html := render(t, guideContext(), layout(Page{Title: Plain("Khóa bồi dưỡng"), Body: guideLists()}, nil))
	var page bytes.Buffer
	z := gzip.NewWriter(&page)
	z.Write([]byte(html))
	z.Close()
	sum, files := page.Len(), 0
	for name, a := range assets {
		if !strings.Contains(html, a.path) && !bytes.Contains(assets["app.css"].plain, []byte(a.path)) {
			continue
		}
		n := len(a.plain)
		if a.gzip != nil {
			n = len(a.gzip)
		}
		t.Logf("%-14s %6d", name, n)
		sum, files = sum+n, files+1
	}
	t.Logf("page %d, %d files, together %d bytes", page.Len(), files, sum)
	if sum >= 60<<10 || files < 7 {
		t.Errorf("a first visit weighs %d bytes in %d files", sum, files)
	}
}

func TestAssetsKeepForEver(t *testing.T) {
	w := get(testMux(), Asset("app.css"), "Accept-Encoding", "gzip")
	if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := get(testMux(), "/assets/app.0.css"); w.Code != 404 {
		t.Errorf("an unknown asset: %d", w.Code)
	}
	if css := assets["app.css"].plain; !bytes.Contains(css, []byte(Asset("bold.woff2"))) {
		t.Error("the style sheet does not name the hashed font")
	}
}

func TestDateValue(t *testing.T) {
	for in, want := range map[string]string{"2025-07-01": "2025-07-01", " 1/7/2025 ": "2025-07-01", "01-07-2025": "2025-07-01",
		"1.7.2025": "2025-07-01", "": "", "31/6/2025": "?", "7/2025": "?", "1/13/2025": "?", "1/7/25": "?", "0/1/2025": "?", "a/b/2025": "?"} {
		d, err := DateValue(in)
		if got := d.String(); (err != nil) != (want == "?") || err == nil && got != want {
			t.Errorf("%q: %s, %v; want %s", in, got, err, want)
		}
	}
}

func FuzzDateValue(f *testing.F) {
	f.Add("31/12/2025")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := DateValue(s)
		if err != nil {
			return
		}
		if again, err := DateValue(d.Viet()); err != nil || again != d {
			t.Errorf("%q became %s, which reads as %s, %v", s, d, again, err)
		}
	})
}

func TestViewIsKeptAndLeadsNowhereElse(t *testing.T) {
	post := func(form string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/view", strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		testMux().ServeHTTP(w, r)
		return w
	}
	w := post("set=high&back=/learn?x=1")
	if w.Code != 303 || w.Header().Get("Location") != "/learn?x=1" || !strings.Contains(w.Header().Get("Set-Cookie"), "view=high") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, back := range []string{"//evil.example", "https://evil.example", "/%5Cevil.example", ""} {
		if w := post("set=high&back=" + back); w.Code != 422 {
			t.Errorf("back to %q: %d", back, w.Code)
		}
	}
}

func BenchmarkTableOf200Rows(b *testing.B) {
	var rows [][]Cell
	for len(rows) < 200 {
		rows = append(rows, guideRows()...)
	}
	ctx, p := guideContext(), Page{Title: Plain("Lớp"), Body: Rows(guideSheet(), rows)}
	b.ReportAllocs()
	for b.Loop() {
		b.SetBytes(int64(len(render(b, ctx, layout(p, nil)))))
	}
}
