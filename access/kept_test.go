package access

import (
	"bytes"
	"context"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lotrinh/platform/web"
)

var fieldRule = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// hidden reads the hidden fields of a page.
func hidden(body string) url.Values {
	v := url.Values{}
	for _, m := range fieldRule.FindAllStringSubmatch(body, -1) {
		v.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return v
}

func (b *browser) postForm(path string, form url.Values) answer {
	b.t.Helper()
	var pairs []string
	for name, values := range form {
		for _, v := range values {
			pairs = append(pairs, name, v)
		}
	}
	return b.post(path, pairs...)
}

// The session ends while someone fills in a form: after signing in, with a second
// factor or without, all that was typed is there and is sent again, once.
func TestTypedFormsSurvive(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		var got []url.Values
		h.mux.Handle("POST /things/{id}", func(w http.ResponseWriter, r *http.Request) error {
			if err := web.Form(w, r, 1<<20); err != nil {
				return err
			}
			got = append(got, r.PostForm)
			return web.SeeOther(w, r, "/hello")
		})
		id := h.account(t, ctx, "binh")
		typed := url.Values{"title": {"Lớp «Căn bản» <1>"}, "note": {"dòng 1\ndòng 2"}, "pick": {"a", "b"}, web.OnceField: {"key-1"},
			"new_password": {"never kept"}, "api_token": {"never kept"}}
		way := func(b *browser, to func(answer) answer) {
			t.Helper()
			got = nil
			b.signIn("binh")
			must(t, h.EndAll(ctx, id))
			asked := b.postForm("/things/7?tab=2", typed)
			if asked.code != http.StatusUnauthorized || strings.Contains(asked.body, "never kept") {
				t.Fatalf("%d %s", asked.code, asked.body)
			}
			page := to(asked)
			again := hidden(page.body)
			if page.code != 200 || !strings.Contains(page.body, `action="/things/7?tab=2"`) || !strings.Contains(page.body, "Gửi lại") {
				t.Fatalf("%d %s", page.code, page.body)
			}
			sent := b.postForm("/things/7?tab=2", again)
			if sent.code != 303 || len(got) != 1 {
				t.Fatalf("%d %v", sent.code, got)
			}
			for _, name := range []string{"title", "note", "pick", web.OnceField} {
				if strings.ReplaceAll(strings.Join(got[0][name], "|"), "\r\n", "\n") != strings.Join(typed[name], "|") {
					t.Errorf("%s: %q", name, got[0][name])
				}
			}
			if got[0].Has("new_password") || got[0].Has("api_token") {
				t.Errorf("secrets were carried along: %v", got[0])
			}
			b.postForm("/things/7?tab=2", again)
			if len(got) != 1 {
				t.Error("it was carried out twice")
			}
		}
		in := func(b *browser, asked answer) answer {
			f := hidden(asked.body)
			f.Set("name", "binh")
			f.Set("password", goodPassword)
			return b.postForm("/access/sign-in", f)
		}
		b := h.browser(t)
		way(b, func(asked answer) answer {
			f := hidden(asked.body)
			f.Set("name", "binh")
			f.Set("password", "not the password")
			return in(b, b.postForm("/access/sign-in", f)) // a slip of the finger loses nothing either
		})
		typed.Set(web.OnceField, "key-2")
		b = h.browser(t)
		b.signIn("binh")
		_, recovery := b.secondFactor()
		second := h.browser(t)
		n := 0
		pass := func(asked answer) answer {
			if got := in(second, asked); got.location != "/access/second" {
				t.Fatalf("%d", got.code)
			}
			n++
			return second.post("/access/second", "code", recovery[n])
		}
		if got := pass(second.get("/hello")); got.code != 303 {
			t.Fatalf("%d", got.code)
		}
		must(t, h.EndAll(ctx, id))
		way2 := second.postForm("/things/7?tab=2", typed)
		page := pass(way2)
		if hidden(page.body).Get("title") != typed.Get("title") {
			t.Errorf("after a second factor: %d %s", page.code, page.body)
		}
	})
}

func TestFilesAreSaidToBeLost(t *testing.T) {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	must(t, m.WriteField("title", "Lớp 1"))
	f, err := m.CreateFormFile("file", "x.pdf")
	must(t, err)
	f.Write(make([]byte, 2<<20))
	must(t, m.Close())
	r, err := http.NewRequest("POST", "/things", &body)
	must(t, err)
	r.Header.Set("Content-Type", m.FormDataContentType())
	k, ok := unkeep(keep(r))
	if !ok || !k.Files || k.Fields.Get("title") != "Lớp 1" || k.Path != "/things" {
		t.Errorf("%+v %v", k, ok)
	}
}

func TestWhatIsNotKept(t *testing.T) {
	for name, c := range map[string]struct{ method, path, body string }{
		"too long":        {"POST", "/things", "a=" + strings.Repeat("x", keptMax)},
		"a sign-in":       {"POST", "/access/sign-in", "name=x"},
		"the API":         {"POST", "/api/things", "a=1"},
		"another house":   {"POST", "//evil.example/things", "a=1"},
		"nothing":         {"POST", "/things", ""},
		"only a password": {"POST", "/things", "password=x"},
		"a question":      {"GET", "/things", "a=1"},
	} {
		r, err := http.NewRequest(c.method, "http://localhost", strings.NewReader(c.body))
		must(t, err)
		r.URL.Path = c.path
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if got := keep(r); got != "" {
			t.Errorf("%s is kept", name)
		}
	}
}

func FuzzUnkeep(f *testing.F) {
	f.Add("eyJwYXRoIjoiL3giLCJmaWVsZHMiOnsiYSI6WyJiIl19fQ")
	f.Add("eyJwYXRoIjoiLy9ldmlsIn0")
	f.Fuzz(func(t *testing.T, s string) {
		if k, ok := unkeep(s); ok && local(k.Path) != k.Path {
			t.Errorf("%q leads to %q", s, k.Path)
		}
	})
}
