package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
)

type signed struct{}

func mux(d *db.DB) *Mux {
	m := &Mux{
		SignedIn: func(ctx context.Context) bool { return ctx.Value(signed{}) != nil },
		ErrorPage: func(_ *http.Request, e *errs.Error) Component {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, err := io.WriteString(w, e.Text.Key)
				return err
			})
		},
	}
	if d != nil {
		m.Once = NewOnce(d)
	}
	return m
}

func ask(m *Mux, method, path string, form url.Values, in bool) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if in {
		r = r.WithContext(context.WithValue(r.Context(), signed{}, true))
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w
}

func TestErrorsBecomeAnswers(t *testing.T) {
	m := mux(nil)
	m.Handle("GET /fault", func(http.ResponseWriter, *http.Request) error { return io.EOF })
	m.Handle("GET /api/denied", func(http.ResponseWriter, *http.Request) error { return errs.New(errs.Denied, "error.denied") })
	m.Handle("POST /big", func(w http.ResponseWriter, r *http.Request) error { return Form(w, r, 10) })
	for _, c := range []struct {
		method, path string
		in           bool
		status       int
		body         string
	}{
		{"GET", "/fault", true, 500, "error.fault"},
		{"GET", "/fault", false, 401, "error.sign-in"},
		{"GET", "/none", false, 401, "error.sign-in"},
		{"GET", "/none", true, 404, "error.not-found"},
		{"GET", "/api/denied", true, 403, `"kind":"denied"`},
		{"POST", "/big", true, 413, "error.too-large"},
	} {
		w := ask(m, c.method, c.path, url.Values{"text": {strings.Repeat("x", 100)}}, c.in)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s %s: %d %s, want %d %s", c.method, c.path, w.Code, w.Body, c.status, c.body)
		}
	}
}

// A body of 2 GB is refused by what it says of its length, and one that says
// nothing when it has sent too much; neither is held in memory.
func TestAHugeFormIsRefusedEarly(t *testing.T) {
	dbtest.Each(t, []db.Schema{Schema}, func(t *testing.T, _ context.Context, d *db.DB) {
		m := mux(d)
		m.Handle("POST /things", func(http.ResponseWriter, *http.Request) error { t.Error("the handler was called"); return nil })
		for _, length := range []int64{2 << 30, -1} {
			r := httptest.NewRequest("POST", "/things", io.LimitReader(endless{}, 2<<30))
			r.ContentLength = length
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			m.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), signed{}, true)))
			if w.Code != http.StatusRequestEntityTooLarge {
				t.Errorf("length %d: %d %s", length, w.Code, w.Body)
			}
		}
	})
}

// endless is a body that goes on.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'a'
	}
	return len(b), nil
}

func TestAFormIsCarriedOutOnce(t *testing.T) {
	dbtest.Each(t, []db.Schema{Schema}, func(t *testing.T, _ context.Context, d *db.DB) {
		m, made := mux(d), 0
		m.Handle("POST /things", func(w http.ResponseWriter, r *http.Request) error {
			if r.FormValue("name") == "" {
				return errs.New(errs.Invalid, "error.invalid")
			}
			made++
			return SeeOther(w, r, fmt.Sprintf("/things/%d", made))
		})
		for i, c := range []struct {
			form     url.Values
			status   int
			location string
		}{
			{url.Values{OnceField: {"k"}}, 422, ""}, // refused, so it may come again
			{url.Values{OnceField: {"k"}, "name": {"a"}}, 303, "/things/1"},
			{url.Values{OnceField: {"k"}, "name": {"a"}}, 303, "/things/1"},
			{url.Values{OnceField: {"l"}, "name": {"a"}}, 303, "/things/2"},
			{url.Values{"name": {"a"}}, 303, "/things/3"},
		} {
			w := ask(m, "POST", "/things", c.form, true)
			if w.Code != c.status || w.Header().Get("Location") != c.location {
				t.Errorf("%d: %d %s, want %d %s", i, w.Code, w.Header().Get("Location"), c.status, c.location)
			}
		}
	})
}
