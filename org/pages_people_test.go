package org_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func TestPeoplePages(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		m := &web.Mux{SignedIn: access.SignedIn, ErrorPage: func(r *http.Request, e *errs.Error) web.Component { return ui.ErrorPage(r, e) }}
		o.Module().Routes(m)
		for _, c := range []struct {
			path   string
			ctx    context.Context
			status int
			says   string
		}{
			{"/org/people?q=binh", x.officer, 200, "Trần Thị Bình"},
			{"/org/people?q=anh", x.officer, 200, "Không có ai"},
			{"/org/people", x.stranger, 401, ""},
			{"/org/people/" + string(x.ids[0]), x.officer, 200, "0491****1234"},
			{"/org/people/" + string(x.ids[1]), x.officer, 403, ""},
			{"/org/people.csv", x.officer, 200, "Trần Thị Bình"},
			{"/org/people/form.xlsx?unit=" + string(x.a), x.officer, 200, "PK"},
		} {
			w := httptest.NewRecorder()
			m.ServeHTTP(w, httptest.NewRequest("GET", c.path, nil).WithContext(c.ctx))
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s: %d, want %d with %q\n%.500s", c.path, w.Code, c.status, c.says, w.Body)
			}
		}
	})
}
