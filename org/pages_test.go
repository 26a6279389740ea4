package org_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/event"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// site is the pages of org for one visitor.
type site struct {
	t   testing.TB
	mux *web.Mux
	ctx context.Context
}

// sites runs test on every engine, in the demo, as its administrator.
func sites(t *testing.T, test func(t *testing.T, s *site, sys context.Context, o *org.Org)) {
	t.Helper()
	dbtest.Each(t, append(schemas(), web.Schema), func(t *testing.T, ctx context.Context, d *db.DB) {
		o := org.New(d, event.New(job.New(d)))
		access.Register(o.Module().Actions...)
		sys := access.System(ctx)
		demo(t, sys, o)
		s := &site{t: t, mux: &web.Mux{SignedIn: access.SignedIn, Once: web.NewOnce(d), ErrorPage: ui.ErrorPage}}
		o.Module().Routes(s.mux)
		var grants []access.Grant
		for _, r := range o.Now(sys).Roots() {
			grants = append(grants, access.Grant{Role: module.Admin, Unit: r})
		}
		s.ctx = access.As(context.Background(), access.Actor{Account: "admin", Name: "Quản trị", Grants: grants}, o.Covers)
		test(t, s, sys, o)
	})
}

func (s *site) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, r.WithContext(s.ctx))
	return w
}

func (s *site) get(path string) *httptest.ResponseRecorder {
	return s.do(httptest.NewRequest("GET", path, nil))
}

func (s *site) post(path string, pairs ...string) *httptest.ResponseRecorder {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r)
}

// send posts a form with files, by field: name and content in turn.
func (s *site) send(path string, fields map[string]string, files ...[3]string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		must(s.t, m.WriteField(k, v))
	}
	for _, f := range files {
		w, err := m.CreateFormFile(f[0], f[1])
		must(s.t, err)
		_, err = io.WriteString(w, f[2])
		must(s.t, err)
	}
	must(s.t, m.Close())
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return s.do(r)
}

var (
	rawKey  = regexp.MustCompile(`\b(org|error|ui)\.[a-z0-9]+[.-][a-z0-9.-]+`)
	tags    = regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>`)
	badVerb = regexp.MustCompile(`%!|EXTRA|<nil>`)
)

func (s *site) whole(t *testing.T, path string, l i18n.Lang) string {
	t.Helper()
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil).WithContext(i18n.With(s.ctx, l)))
	body := w.Body.String()
	if w.Code != 200 || !strings.Contains(body, "<h1>") {
		t.Fatalf("%s: %d %.400s", path, w.Code, body)
	}
	text := tags.ReplaceAllString(body, " ")
	if bad := badVerb.FindString(text); bad != "" {
		t.Errorf("%s (%s) shows %q", path, l, bad)
	}
	for _, key := range rawKey.FindAllString(text, -1) {
		t.Errorf("%s (%s) shows the key %q", path, l, key)
	}
	return body
}

func TestPages(t *testing.T) {
	sites(t, func(t *testing.T, s *site, sys context.Context, o *org.Org) {
		q9, tamKy := byCode(t, sys, o, "2020-12-31", "763"), byCode(t, sys, o, "2025-06-30", "502")
		quangNam := byCode(t, sys, o, "2025-06-30", "49")
		for _, l := range i18n.Langs {
			for path, want := range map[string]string{
				"/org/units": "Quảng Nam",
				"/org/units?on=2020-12-31&under=" + string(byCode(t, sys, o, "2020-12-31", "79")): "Quận 9",
				"/org/units?q=tan+phu&on=2020-12-31":                                              "Phường Tân Phú",
				"/org/units?on=2021-06-01&known=2020-12-01":                                       "Hồ Chí Minh",
				"/org/units?q=khong+co":                                                           "",
				"/org/units/" + string(q9):                                                        "Thành phố Thủ Đức",
				"/org/units/" + string(q9) + "?on=2020-12-31":                                     "Phường Long Phước",
				"/org/units/" + string(quangNam):                                                  "Sở Nội vụ",
				"/org/units/" + string(tamKy) + "/edit":                                           "502",
				"/org/units/" + string(tamKy) + "/end":                                            "Tam Kỳ",
				"/org/units/" + string(tamKy) + "/new":                                            "",
				"/org/new":                                                                        "",
				"/org/map":                                                                        "atlas",
				"/org/map?on=2022-04-01&tier=commune&under=" + string(quangNam):                   "Phường Tân Thạnh",
				"/org/shapes":                                                                     "", "/org/import": "", "/org/merger": "/org/merger-2025", "/org/merger-2025": "Đà Nẵng",
			} {
				if body := s.whole(t, path, l); !strings.Contains(body, want) {
					t.Errorf("%s (%s) does not show %q", path, l, want)
				}
			}
			for _, name := range []string{"hoang-sa", "truong-sa"} {
				if body := s.whole(t, "/org/map?under="+string(byCode(t, sys, o, "2025-06-30", "24")), l); !strings.Contains(body, i18n.T("ui.map."+name).As(l)) {
					t.Errorf("%s dropped out of the map", name)
				}
			}
		}
	})
}

func TestUnitForms(t *testing.T) {
	sites(t, func(t *testing.T, s *site, sys context.Context, o *org.Org) {
		ward := byCode(t, sys, o, "2025-06-30", "20335")
		path := "/org/units/" + string(ward)
		w := s.post(path+"/new", "name", "Khối phố 1", "kind", "quarter", "parent", "20335", "effective", "01/03/2021", "_once", "k1")
		if w.Code != 303 {
			t.Fatalf("%d %s", w.Code, tags.ReplaceAllString(w.Body.String(), ""))
		}
		if again := s.post(path+"/new", "name", "Khối phố 1", "kind", "quarter", "parent", "20335", "effective", "01/03/2021", "_once", "k1"); again.Header().Get("Location") != w.Header().Get("Location") {
			t.Error("a repeated form makes another unit")
		}
		if w := s.post(path+"/new", "name", "", "kind", "quarter", "parent", "99999", "effective", "31/02/2021"); w.Code != 422 || !strings.Contains(w.Body.String(), "31/02/2021") {
			t.Errorf("%d: what was typed is not shown again", w.Code)
		}
		d, err := o.Unit(sys, ward)
		must(t, err)
		form := []string{"name", "Phường Tân Thạnh Đông", "kind", "ward", "code", "20335", "parent", string(d.Unit.Parent), "effective", "2024-01-01",
			"number", "1/NQ-HĐND", "code-d20", "H47.1.2", "edition", "1"}
		if w := s.post(path+"/edit", form...); w.Code != 303 {
			t.Fatalf("%d %s", w.Code, tags.ReplaceAllString(w.Body.String(), ""))
		}
		if w := s.post(path+"/edit", form...); w.Code != 409 || !strings.Contains(w.Body.String(), "Tân Thạnh Đông") {
			t.Errorf("somebody else changed it meanwhile: %d", w.Code)
		}
		d, err = o.Unit(sys, ward)
		must(t, err)
		if d.Unit.Name != "Phường Tân Thạnh Đông" || d.Codes[org.D20] != "H47.1.2" || d.Changes[0].Act.Number != "1/NQ-HĐND" {
			t.Errorf("%+v", d)
		}
		if id, err := o.UnitByCode(sys, org.D20, "h47.1.2", day("2024-06-01")); err != nil || id != ward {
			t.Errorf("by code: %s %v", id, err)
		}
		if w := s.post(path+"/edit", "name", "X", "kind", "ward", "effective", "2024-01-01", "code-qcvn102", "nonsense", "parent", string(d.Unit.Parent)); w.Code != 422 {
			t.Errorf("a code of no form: %d", w.Code)
		}
		if w := s.post(path+"/end", "heir", "20341", "effective", "2026-01-01", "number", "2/NQ"); w.Code != 303 {
			t.Errorf("%d %s", w.Code, tags.ReplaceAllString(w.Body.String(), ""))
		}
		if o.On(sys, day("2026-01-01")).Has(ward) || o.Successors(ward, day("2026-01-01"))[0].Unit != byCode(t, sys, o, "2026-01-01", "20341") {
			t.Error("the ward did not go into the other")
		}
	})
}

func TestWizards(t *testing.T) {
	sites(t, func(t *testing.T, s *site, sys context.Context, o *org.Org) {
		head := "old_province_code,old_province,old_commune_code,old_commune,new_province_code,new_province,new_district_code,new_district,new_commune_code,new_commune\n"
		row := func(old, name, next, nextName string) string {
			return "49,Tỉnh Quảng Nam," + old + "," + name + ",49,Tỉnh Quảng Nam,502,Thành phố Tam Kỳ," + next + "," + nextName + "\n"
		}
		file := head + row("20335", "Phường Tân Thạnh", "20335", "Phường Tân An") + row("20341", "Phường An Mỹ", "20335", "Phường Tân An") +
			row("20344", "Phường Hòa Hương", "20335", "Phường Tân An") + row("20344", "Phường Hòa Hương", "20350", "Phường Hòa Thuận")
		basis := map[string]string{"effective": "2025-06-01", "number": "9/NQ-HĐND", "url": "https://example.vn"}
		if w := s.send("/org/merger", map[string]string{"effective": ""}, [3]string{"file", "x.csv", file}); w.Code != 422 {
			t.Errorf("without a date: %d", w.Code)
		}
		if w := s.send("/org/merger", basis, [3]string{"file", "x.csv", "a,b\n1,2\n"}); w.Code != 422 {
			t.Errorf("a file of something else: %d", w.Code)
		}
		w := s.send("/org/merger", basis, [3]string{"file", "x.csv", file})
		at := w.Header().Get("Location")
		if w.Code != 303 {
			t.Fatalf("%d %s", w.Code, tags.ReplaceAllString(w.Body.String(), ""))
		}
		for _, l := range i18n.Langs {
			s.whole(t, at, l)
		}
		body := s.whole(t, at, i18n.Vi)
		share := regexp.MustCompile(`name="(a:[^"]*commune:20350)"`).FindStringSubmatch(body)
		if share == nil {
			t.Fatal("nobody is asked for the shares of Hòa Hương")
		}
		share[1] = strings.ReplaceAll(share[1], "&gt;", ">")
		if w := s.post(at, share[1], "3/4"); w.Code != 303 {
			t.Fatalf("%d", w.Code)
		}
		if w := s.get(at + "/preview.xlsx"); w.Code != 200 || w.Body.Len() < 1000 {
			t.Errorf("no table of the preview: %d", w.Code)
		}
		if w := s.post(at+"/apply", "stamp", "old"); w.Code != 409 {
			t.Errorf("a stale preview is carried out: %d", w.Code)
		}
		stamp := regexp.MustCompile(`name="stamp" value="([^"]*)"`).FindStringSubmatch(s.whole(t, at, i18n.Vi))
		if stamp == nil {
			t.Fatal("it cannot be carried out")
		}
		if w := s.post(at+"/apply", "stamp", stamp[1]); w.Code != 303 {
			t.Fatalf("%d %s", w.Code, tags.ReplaceAllString(w.Body.String(), ""))
		}
		if parts := o.Successors(byCode(t, sys, o, "2025-05-31", "20344"), day("2025-06-01")); len(parts) != 2 || parts[0].Num != 3 || parts[0].Den != 4 {
			t.Errorf("Hòa Hương went to %v", parts)
		}
		s.whole(t, at, i18n.Vi)
		s.whole(t, "/org/merger", i18n.En)
		list := "code,name,level,parent_code,tier\n49,Tỉnh Quảng Nam,Tỉnh,,province\n502,Thành phố Tam Kỳ,Thành phố,49,district\n20335,Phường Tân An Mới,Phường,502,commune\n"
		w = s.send("/org/import", map[string]string{"effective": "2025-06-15"}, [3]string{"file", "ds.csv", list})
		if w.Code != 303 {
			t.Fatalf("%d %s", w.Code, tags.ReplaceAllString(w.Body.String(), ""))
		}
		if body := s.whole(t, w.Header().Get("Location"), i18n.Vi); !strings.Contains(body, "Phường Tân An Mới") {
			t.Error("the preview does not show the new name")
		}
	})
}

func TestDemoMergerPage(t *testing.T) {
	sites(t, func(t *testing.T, s *site, sys context.Context, o *org.Org) {
		if w := s.post("/org/merger-2025"); w.Code != 303 {
			t.Fatalf("%d %s", w.Code, tags.ReplaceAllString(w.Body.String(), ""))
		}
		if o.Now(sys).Count("", org.District) != 0 {
			t.Error("districts are left")
		}
		if w := s.post("/org/merger-2025"); w.Code < 400 {
			t.Errorf("twice: %d", w.Code)
		}
		s.ctx = access.As(context.Background(), access.Actor{Account: "l", Grants: []access.Grant{{Role: module.Learner, Unit: o.Now(sys).Roots()[0]}}}, o.Covers)
		for path, want := range map[string]int{"/org/units": 200, "/org/map": 200, "/org/import": 403, "/org/merger": 403, "/org/merger-2025": 403, "/org/shapes": 403, "/org/new": 403} {
			if w := s.get(path); w.Code != want {
				t.Errorf("a learner at %s: %d, want %d", path, w.Code, want)
			}
		}
		s.ctx = context.Background()
		if w := s.get("/org/units/none"); w.Code != 401 {
			t.Errorf("a stranger: %d", w.Code)
		}
	})
}
