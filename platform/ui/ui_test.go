package ui

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/web"
)

func testMux() *web.Mux {
	m := &web.Mux{SignedIn: func(context.Context) bool { return true }, ErrorPage: ErrorPage}
	Routes(m, true)
	return m
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestShowDrawsTheLayoutOrTheFragment(t *testing.T) {
	show := func(fragment bool, htmx string) string {
		r := httptest.NewRequest("GET", "/x", nil)
		r.Header.Set("HX-Request", htmx)
		w := httptest.NewRecorder()
		p := Page{Title: Plain("Khóa học"), Body: Notice(Info, Plain("Nội dung")), Fragment: fragment}
		if err := Show(w, r, 200, p); err != nil {
			t.Fatal(err)
		}
		return w.Body.String()
	}
	if s := show(false, ""); !strings.Contains(s, "<h1>Khóa học</h1>") || !strings.Contains(s, `lang="vi"`) || !strings.Contains(s, "Nội dung") {
		t.Errorf("whole page: %s", s)
	}
	if s := show(true, "true"); strings.Contains(s, "<html") || !strings.Contains(s, "Nội dung") {
		t.Errorf("fragment: %s", s)
	}
	if s := show(false, "true"); !strings.Contains(s, "<html") {
		t.Errorf("a page that is no fragment came without its layout: %s", s)
	}
}

func TestFieldsOfARefusedFormTellWhy(t *testing.T) {
	refused := errs.New(errs.Invalid, "error.invalid").Field("title", "error.exists")
	var b strings.Builder
	field := Field(Input{Name: "title", Label: Plain("Tên"), Value: "<Lớp> 1"})
	ctx := withRefused(t.Context(), refused)
	if err := field.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`aria-invalid="true"`, `aria-describedby="f-title-error"`, `value="&lt;Lớp&gt; 1"`, i18n.S(ctx, "error.exists")} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in %s", want, b.String())
		}
	}
}

// The summary names wrong fields in the order in which the form has them, whatever
// the order in which they were judged, and leads to each by its own id.
func TestSummaryFollowsTheForm(t *testing.T) {
	refused := errs.New(errs.Invalid, "error.invalid").Field("a", "error.exists").Field("z", "error.exists").Field("m", "error.exists").Field("none", "error.exists")
	fields := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, in := range []Input{{Name: "z"}, {Name: "m", ID: "own-id"}, {Name: "ok"}, {Name: "a"}} {
			in.Label = Plain(in.Name)
			if err := Field(in).Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
	var b strings.Builder
	if err := Form(Send{To: "/x", Refused: refused}).Render(templ.WithChildren(t.Context(), fields), &b); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range regexp.MustCompile(`<a href="#([^"]+)"`).FindAllStringSubmatch(b.String(), -1) {
		got = append(got, m[1])
	}
	if want := []string{"f-z", "own-id", "f-a", "f-none"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
