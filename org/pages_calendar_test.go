package org_test

import (
	"context"
	"regexp"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

var dayLink = regexp.MustCompile(`/org/calendar/([0-9a-f-]{36})`)

func TestCalendarPages(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, d *db.DB, x town) {
		s := townSite(t, o, d, officeOf(o, x))
		s.says(t, "/org/calendar?year=2026", "Làm bù", "Sửa lịch này")
		s.says(t, "/org/calendar?year=2150", "chưa có ngày nào")
		goes(t, s.post("/org/calendar/own", "year", "2026"))
		s.says(t, "/org/calendar/new", "Nghỉ hoán đổi")
		form := []string{"date", "2028-01-03", "kind", "in_lieu", "name", "Nghỉ bù Tết Dương lịch", "basis", "TB 1/2027", "status", "decided"}
		s.notYet(t, 422, "vốn đã nghỉ", "/org/calendar/new", append([]string{"date", "2028-01-02"}, form[2:]...)...)
		s.notYet(t, 422, "Chưa có tên ngày", "/org/calendar/new", append(form[:4:4], form[6:]...)...)
		goes(t, s.post("/org/calendar/new", form...))
		if o.Calendar(x.house).IsWorking(day("2028-01-03")) {
			t.Error("the day is still worked")
		}
		body := s.says(t, "/org/calendar?year=2028", "Nghỉ bù Tết Dương lịch")
		path := "/org/calendar/" + dayLink.FindStringSubmatch(body)[1]
		s.says(t, path, "TB 1/2027")
		goes(t, s.post(path, append(form[:4:4], "name", "Nghỉ bù", "basis", "TB 2/2027", "status", "decided", "edition", "0")...))
		s.notYet(t, 409, "Nghỉ bù", path, append(form, "edition", "0")...)
		s.says(t, "/org/calendar/count?from=2028-01-01&to=2028-01-07&days=1", "4 ngày làm việc", "04/01/2028")
		if w := s.get("/org/calendar/count?from=2028-01-01&to=9999-01-07"); w.Code != 422 {
			t.Errorf("eight thousand years: %d", w.Code)
		}
		s.says(t, "/org/rules", "7 người", "Cử nhân")
		s.notYet(t, 422, "Giá trị phải từ 1 đến 100", "/org/rules", "rule", "team.members", "value", "0", "from", "2024-01-01", "basis", "x")
		s.notYet(t, 422, "Chưa có căn cứ", "/org/rules", "rule", "team.members", "value", "5", "from", "2024-01-01")
		goes(t, s.post("/org/rules", "rule", "team.members", "value", "5", "from", "2024-01-01", "basis", "QĐ 9/2024"))
		if n, err := o.Rule(x.house, org.TeamMin, clock.Today(x.house)); err != nil || n != 5 {
			t.Errorf("the rule says %d (%v)", n, err)
		}
		for name, c := range map[string]struct {
			ctx        context.Context
			read, edit int
		}{"neighbour": {x.officer, 200, 403}, "stranger": {x.stranger, 401, 401}} {
			other := townSite(t, o, d, c.ctx)
			for _, p := range []string{"/org/calendar", "/org/calendar/count", "/org/rules"} {
				if w := other.get(p); w.Code != c.read {
					t.Errorf("%s reads %s: %d", name, p, w.Code)
				}
			}
			if w := other.get(path); w.Code != c.edit {
				t.Errorf("%s opens the form: %d", name, w.Code)
			}
			for _, p := range []string{"/org/calendar/own", "/org/calendar/new", path, path + "/drop", "/org/rules"} {
				if w := other.post(p, append(form, "edition", "1", "rule", "team.members", "value", "5", "from", "2024-01-01")...); w.Code != c.edit {
					t.Errorf("%s writes %s: %d", name, p, w.Code)
				}
			}
		}
		goes(t, s.post(path+"/drop", "edition", "1", "year", "2028"))
		if !o.Calendar(x.house).IsWorking(day("2028-01-03")) {
			t.Error("the day is still off")
		}
	})
}
