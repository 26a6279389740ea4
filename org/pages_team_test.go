package org_test

import (
	"context"
	"strings"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

func TestTeamPages(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, d *db.DB, x town) {
		running(t, o, x)
		s := townSite(t, o, d, x.officer)
		s.says(t, "/org/teams", "Chưa có tổ nào")
		s.says(t, "/org/teams/new?unit="+string(x.a), "Phường Tân Thạnh (20335)")
		form := []string{"unit", "20335", "village", "Khu phố 2", "name", "Tổ công nghệ số cộng đồng khu phố 2", "decision", "58/QĐ-UBND", "decision_on", "2022-06-01"}
		s.notYet(t, 422, "không bắt đầu bằng thôn", "/org/teams/new", append([]string{"unit", "20335", "village", "Hai"}, form[4:]...)...)
		s.notYet(t, 422, "Chưa có số quyết định", "/org/teams/new", form[:6]...)
		page := goes(t, s.post("/org/teams/new", form...))
		s.says(t, page, "58/QĐ-UBND", "Khu phố 2", "ít hơn 7 thành viên")
		s.notYet(t, 422, "Không tìm thấy", page+"/members", "who", "Không Có Ai", "role", "leader", "from", "2022-06-01")
		goes(t, s.post(page+"/members", "who", "Trần Thị Bình", "role", "leader", "from", "2022-06-01"))
		s.notYet(t, 422, "Chưa có họ và tên đầy đủ", page+"/members", "mark", "new", "role", "member", "from", "2022-06-01")
		goes(t, s.post(page+"/members", "mark", "new", "name", "Đỗ Văn Mới", "birth", "1990-01-02", "role", "member", "from", "2022-06-01"))
		s.says(t, page, "Trần Thị Bình", "Tổ trưởng", "Đỗ Văn Mới")
		s.says(t, "/org/teams?unit=20335", "Thiếu người", "1/1")

		entry := []string{"on", "2024-01-05", "hours", "2,5", "what", "Hướng dẫn cài VNeID", "there", string(x.ids[0])}
		s.notYet(t, 422, "Chưa chọn ai tham gia", page+"/activities", entry[:6]...)
		s.notYet(t, 422, "Số giờ phải lớn hơn 0", page+"/activities", append([]string{"hours", "nhiều"}, append(entry[:2:2], entry[4:]...)...)...)
		goes(t, s.post(page+"/activities", entry...))
		s.says(t, page, "Hướng dẫn cài VNeID", "2,5")
		s.says(t, "/org/teams/work?unit=20335&from=2024-01-01&last=2024-01-31", "Trần Thị Bình", "2,5")
		if w := s.get("/org/teams/work.xlsx?unit=20335&from=2024-01-01&last=2024-01-31"); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "PK") {
			t.Errorf("the payment list: %d", w.Code)
		}
		if w := s.get("/org/teams/work?unit=20335&from=2024-02-01&last=2024-01-01"); w.Code != 422 {
			t.Errorf("a span that ends before it begins: %d", w.Code)
		}
		id := org.TeamID(strings.TrimPrefix(page, "/org/teams/"))
		v, err := o.ViewTeam(x.house, id)
		must(t, err)
		log, err := o.Activities(x.house, id, 0, 0)
		must(t, err)
		leave := page + "/members/" + v.Members[0].ID + "/end"
		drop := page + "/activities/" + log[0].ID + "/drop"

		s.says(t, page+"/edit", "58/QĐ-UBND")
		goes(t, s.post(page+"/edit", append(form[4:], "edition", "0")...))
		s.notYet(t, 409, "Người khác vừa lưu thay đổi", page+"/edit", append(form[4:], "edition", "0")...)
		if w := s.send(page+"/decision", nil, [3]string{"file", "x.txt", "chữ"}); w.Code != 422 {
			t.Errorf("a text as the decision: %d", w.Code)
		}
		goes(t, s.send(page+"/decision", nil, [3]string{"file", "58.pdf", "%PDF-1.7 qd"}))
		if w := s.get(page + "/decision"); w.Code != 200 || w.Body.String() != "%PDF-1.7 qd" {
			t.Errorf("the decision: %d", w.Code)
		}
		for name, c := range map[string]struct {
			ctx  context.Context
			want int
		}{"neighbour": {x.self, 403}, "stranger": {x.stranger, 401}} {
			other := townSite(t, o, d, c.ctx)
			for _, path := range []string{"/org/teams", page, page + "/edit", page + "/decision", "/org/teams/work?unit=20335", "/org/teams/new"} {
				if w := other.get(path); w.Code != c.want {
					t.Errorf("%s reads %s: %d", name, path, w.Code)
				}
			}
			for _, path := range []string{"/org/teams/new", page + "/edit", page + "/members", page + "/activities", leave, drop} {
				if w := other.post(path, append(form, entry...)...); w.Code != c.want {
					t.Errorf("%s writes %s: %d", name, path, w.Code)
				}
			}
		}
		goes(t, s.post(drop, "edition", "0"))
		goes(t, s.post(leave))
		if v, _ := o.ViewTeam(x.house, id); v.Members[0].Now && v.Members[1].Now || clock.Today(x.house) == 0 {
			t.Errorf("he is still there: %+v", v.Members)
		}
	})
}
