package org_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

func officeOf(o *org.Org, x town) context.Context {
	return as(o, access.Actor{Account: "4", Name: "Văn phòng", Grants: []access.Grant{{Role: module.Office, Unit: x.p}}})
}

// notYet is the answer to a form that is shown again, in words.
func (s *site) notYet(t *testing.T, code int, says, path string, pairs ...string) string {
	t.Helper()
	w := s.post(path, pairs...)
	text := tags.ReplaceAllString(w.Body.String(), " ")
	if w.Code != code || !strings.Contains(w.Body.String(), says) || rawKey.MatchString(text) {
		t.Errorf("%s: %d, want %d with %q\n%.1500s", path, w.Code, code, says, text)
	}
	return w.Body.String()
}

func TestPersonPages(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, d *db.DB, x town) {
		s := townSite(t, o, d, officeOf(o, x))
		mine := "/org/people/" + string(x.ids[0])
		someone := []string{"name", "Phạm Thị Mới", "birth", "1992-03-04", "unit", "Phường An Mỹ (20341)", "category", "civil_servant", "from", "2024-01-01", "main", "1"}
		s.notYet(t, 422, "Chưa có họ và tên đầy đủ", "/org/people/new", append([]string{"x", ""}, someone[2:]...)...)
		s.says(t, "/org/people/new?unit="+string(x.a), "Phường Tân Thạnh (20335)")
		made := goes(t, s.post("/org/people/new", someone...))
		s.says(t, made, "Phạm Thị Mới", "Chức vụ chính", "Phường An Mỹ")
		s.notYet(t, 409, "Là người khác, vẫn thêm", "/org/people/new", someone...)
		goes(t, s.post("/org/people/new", append(someone, "sure", "1")...))
		s.notYet(t, 409, "đang ở Phường Tân Thạnh", "/org/people/new", append(someone, "sure", "1", "number", "049190001234")...)

		s.says(t, mine, "0491****1234", "Chuyển đơn vị")
		s.says(t, mine+"/edit", "Hiện là 0491****1234")
		edit := []string{"edition", "0", "name", "Trần Thị Bình", "birth", "01/05/1990", "phone", "0905123456"}
		goes(t, s.post(mine+"/edit", edit...))
		p, _, err := o.Person(x.house, x.ids[0])
		if err != nil || p.Mask != "0491****1234" || p.Phone != "0905123456" {
			t.Errorf("%+v %v", p, err)
		}
		again := s.notYet(t, 409, "Người khác vừa lưu thay đổi", mine+"/edit", append(edit[:6:6], "phone", "0905999999")...)
		if !strings.Contains(again, "0905999999") || !strings.Contains(again, `name="edition" value="1"`) {
			t.Error("what was typed is not there any more")
		}

		s.says(t, mine+"/post?main=1", "Chức vụ chính đang giữ kết thúc")
		s.says(t, mine+"/post", "Thêm chức vụ kiêm nhiệm")
		post := []string{"unit", "Phường An Mỹ", "title", "Phó Chủ tịch", "category", "cadre", "head", "1", "from", "2024-06-01"}
		s.notYet(t, 422, "Không tìm thấy đơn vị", mine+"/post", append([]string{"unit", "Phường Không Có"}, post[2:]...)...)
		goes(t, s.post(mine+"/post", append(post, "main", "1", "why", "12/QĐ-UBND")...))
		s.says(t, mine, "Phó Chủ tịch", "Người đứng đầu", "31/05/2024", "12/QĐ-UBND")
		held := mainPost(t, x.house, o, x.ids[0])
		s.says(t, mine+"/posts/"+held, "Kết thúc chức vụ", "Phó Chủ tịch")
		goes(t, s.post(mine+"/posts/"+held, append(post[:2:2], "title", "Phó Chủ tịch Ủy ban nhân dân", "category", "cadre", "from", "2024-06-01", "edition", "0")...))
		s.notYet(t, 409, "Người khác vừa lưu thay đổi", mine+"/posts/"+held, append(post, "edition", "0")...)
		s.notYet(t, 422, "Ngày cuối không được trước", mine+"/posts/"+held+"/end", "on", "2024-05-01")
		goes(t, s.post(mine+"/posts/"+held+"/end", "on", "2024-12-31"))
		s.says(t, mine, "31/12/2024")
		goes(t, s.post(mine+"/posts/"+held+"/drop"))
		if w := s.get("/org/people/" + string(x.ids[1]) + "/posts/" + held); w.Code != 404 {
			t.Errorf("a post of nobody: %d", w.Code)
		}

		for name, c := range map[string]struct {
			ctx  context.Context
			want int
		}{"neighbour": {x.officer, 403}, "stranger": {x.stranger, 401}} {
			other := townSite(t, o, d, c.ctx)
			theirs := "/org/people/" + string(x.ids[1])
			for _, path := range []string{theirs, theirs + "/edit", theirs + "/post", theirs + "/merge", theirs + "/posts/" + mainPost(t, x.house, o, x.ids[1])} {
				if w := other.get(path); w.Code != c.want {
					t.Errorf("%s reads %s: %d", name, path, w.Code)
				}
				if path != theirs {
					if w := other.post(path, append(someone, "with", string(x.ids[0]))...); w.Code != c.want {
						t.Errorf("%s writes %s: %d", name, path, w.Code)
					}
				}
			}
			if w := other.post("/org/people/new", someone...); w.Code != c.want {
				t.Errorf("%s adds: %d", name, w.Code)
			}
		}
	})
}

// Somebody who left is taken in again by the whole number, from any unit.
func TestReceivePage(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, d *db.DB, x town) {
		left, err := o.AddPeople(x.house, someone(x.b, "Ngô Văn Đi", "049090005555"))
		must(t, err)
		must(t, o.EndPost(x.house, mainPost(t, x.house, o, left[0]), day("2024-01-01")))
		s := townSite(t, o, d, x.officer)
		form := []string{"name", "Ngô Văn Đi", "number", "049090005555", "birth", "1990-05-01", "unit", "Phường Tân Thạnh", "category", "cadre", "from", "2024-02-01", "main", "1"}
		s.notYet(t, 409, "Tiếp nhận Ngô Văn Đi", "/org/people/new", form...)
		if to := goes(t, s.post("/org/people/new", append(form, "receive", "1")...)); to != "/org/people/"+string(left[0]) {
			t.Errorf("received as %s", to)
		}
	})
}

var hiddenID = regexp.MustCompile(`type="radio"[^>]*name="who-id"[^>]*value="([^"]+)"|name="who-id"[^>]*value="([^"]+)"[^>]*type="radio"`)

func TestMergePages(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, d *db.DB, x town) {
		ids, err := o.AddPeople(x.house, someone(x.b, "Trần Thị Bình", ""), someone(x.b, "Trần Thị Bình Minh", ""))
		must(t, err)
		s := townSite(t, o, d, officeOf(o, x))
		s.says(t, "/org/twins", "Trần Thị Bình", "Xem trước khi gộp")
		page := "/org/people/" + string(x.ids[0]) + "/merge"
		s.says(t, page, "Hồ sơ kia của người này")
		body := s.says(t, page+"?who="+url.QueryEscape("trần thị bình"), "là ai?", "Trần Thị Bình Minh")
		if n := len(hiddenID.FindAllString(body, -1)); n != 3 {
			t.Errorf("%d to choose from, not 3", n)
		}
		s.says(t, page+"?who=khong+co+ai", "Không tìm thấy")
		s.says(t, page+"?who=binh&who-id="+string(ids[0]), "Thành kiêm nhiệm", "Sau khi gộp")
		if to := goes(t, s.post(page, "with", string(x.ids[0]))); !strings.Contains(to, "merge?with=") {
			t.Errorf("one with itself: %s", to)
		}
		goes(t, s.post(page, "with", string(ids[0])))
		if p, _, err := o.Person(x.house, ids[0]); err != nil || p.ID != x.ids[0] {
			t.Errorf("the old link leads to %v (%v)", p.ID, err)
		}
		check(t, step{"a neighbour", last(o.PreviewMerge(x.officer, ids[1], x.ids[0])), errs.Denied},
			step{"a stranger", last(o.PreviewMerge(x.stranger, ids[1], x.ids[0])), errs.Stranger})
		if w := townSite(t, o, d, x.self).get("/org/twins"); w.Code != 403 {
			t.Errorf("one without rights: %d", w.Code)
		}
	})
}
