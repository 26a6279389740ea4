package org_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// townSite is the pages of a town as one of its people sees them.
func townSite(t *testing.T, o *org.Org, d *db.DB, ctx context.Context) *site {
	m := &web.Mux{SignedIn: access.SignedIn, ErrorPage: func(r *http.Request, e *errs.Error) web.Component { return ui.ErrorPage(r, e) }, Once: web.NewOnce(d)}
	o.Module().Routes(m)
	return &site{t: t, mux: m, ctx: ctx}
}

// says is a page in both languages, with what it must say in Vietnamese.
func (s *site) says(t *testing.T, path string, want ...string) string {
	t.Helper()
	s.whole(t, path, i18n.En)
	body := s.whole(t, path, i18n.Vi)
	for _, w := range want {
		if !strings.Contains(body, w) {
			t.Errorf("%s does not say %q", path, w)
		}
	}
	return body
}

// goes is where an answer sends the browser.
func goes(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d, not sent on: %.600s", w.Code, tags.ReplaceAllString(w.Body.String(), " "))
	}
	return w.Header().Get("Location")
}

var stampField = regexp.MustCompile(`name="stamp" value="([0-9a-f]+)"`)

// A list goes up, is looked at, decided, carried out; what was wrong comes down.
func TestRollPages(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, d *db.DB, x town) {
		running(t, o, x)
		office := as(o, access.Actor{Account: "4", Name: "Văn phòng", Grants: []access.Grant{{Role: module.Office, Unit: x.p}}})
		o.ActBy(func(ctx context.Context, _ string) (context.Context, error) {
			return access.As(ctx, access.Actor{Account: "4", Grants: []access.Grant{{Role: module.Office, Unit: x.p}}}, o.Covers), nil
		})
		s := townSite(t, o, d, office)
		s.says(t, "/org/rolls?unit="+string(x.a), "Phường Tân Thạnh (20335)", "Tải tệp mẫu")
		csv := "Họ và tên,Ngày sinh,Đối tượng\nNgô Hoa,1/1/1990,Cán bộ\nHồ Lan,31/2/1990,Cán bộ\nLê Văn Ánh,1/5/1990,Công chức\n"
		send := func(name, unit, body string) *httptest.ResponseRecorder {
			return s.send("/org/rolls", map[string]string{"unit": unit, "on": "2024-01-01", "once": name + unit}, [3]string{"file", name, body})
		}
		for name, c := range map[string][3]string{
			"a picture":       {"anh.png", "Phường Tân Thạnh", "\x89PNG\r\n\x1a\n"},
			"no such unit":    {"ds.csv", "Phường Không Có", csv},
			"an empty file":   {"ds.csv", "", ""},
			"an old workbook": {"ds.xls", "", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)},
		} {
			w := send(c[0], c[1], c[2])
			text := tags.ReplaceAllString(w.Body.String(), " ")
			if w.Code != 422 || rawKey.MatchString(text) {
				t.Errorf("%s: %d %.300s", name, w.Code, text)
			}
		}
		path := goes(t, send("ds.csv", "Phường Tân Thạnh (20335)", csv))
		if again := goes(t, send("ds.csv", "Phường Tân Thạnh (20335)", csv)); again != path {
			t.Errorf("sent twice it is %s and %s", path, again)
		}
		s.says(t, path, "Đang đọc và đối chiếu")
		must(t, x.queue.Drain(x.house))
		body := s.says(t, path, "Chỉ nhập 2 dòng đúng", "31/2/1990", "Có thể trùng với người đã có", "Phường An Mỹ")
		s.says(t, path+"?show=new", "Ngô Hoa")
		if w := s.get(path + "/faults.xlsx"); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "PK") {
			t.Errorf("faults: %d", w.Code)
		}
		goes(t, s.post(path+"/answer", "row-4", string(x.ids[1])))
		must(t, x.queue.Drain(x.house))
		body = s.says(t, path+"?show=change", "Lê Văn Ánh")
		goes(t, s.post(path+"/carry", "stamp", stampField.FindStringSubmatch(body)[1], "partial", "1"))
		must(t, x.queue.Drain(x.house))
		s.says(t, path, "Đã nhập: 1 người mới, 1 người được cập nhật", "Tải lên tệp đã sửa")
		if unit, _, err := o.PostOn(x.house, x.ids[1], day("2024-01-01")); err != nil || unit != x.a {
			t.Errorf("whom the row was said to be about is in %v (%v)", unit, err)
		}
		for name, c := range map[string]struct {
			ctx  context.Context
			want int
		}{"neighbour": {x.officer, 404}, "stranger": {x.stranger, 401}, "one without rights": {x.self, 403}} {
			other := townSite(t, o, d, c.ctx)
			for _, p := range []string{path, path + "/faults.xlsx"} {
				if w := other.get(p); w.Code != c.want {
					t.Errorf("%s reads %s: %d", name, p, w.Code)
				}
			}
			if w := other.post(path+"/carry", "stamp", "x"); w.Code != c.want {
				t.Errorf("%s carries out: %d", name, w.Code)
			}
			if w := other.post(path+"/answer", "row-4", "new"); w.Code != c.want {
				t.Errorf("%s answers: %d", name, w.Code)
			}
		}
	})
}
