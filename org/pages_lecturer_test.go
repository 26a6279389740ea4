package org_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

func TestLecturerPages(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, d *db.DB, x town) {
		running(t, o, x)
		s := townSite(t, o, d, officeOf(o, x))
		s.says(t, "/org/lecturers", "Chưa có giảng viên")
		s.says(t, "/org/providers", "Chưa có đơn vị cung cấp")
		s.notYet(t, 422, "Chưa có tên đơn vị cung cấp", "/org/providers/new", "unit", "49")
		provider := goes(t, s.post("/org/providers/new", "unit", "49", "name", "Trường Chính trị tỉnh", "code", "TCT", "contract_to", "2026-12-31"))
		s.says(t, provider, "Trường Chính trị tỉnh", "2026-12-31")
		s.notYet(t, 409, "Người khác vừa lưu thay đổi", provider, "unit", "49", "name", "Tên khác", "edition", "7")
		s.says(t, "/org/providers?q=chinh+tri", "Trường Chính trị tỉnh")

		s.says(t, "/org/lecturers/new", "Người trong đơn vị")
		page := goes(t, s.get("/org/lecturers/new?who="+url.QueryEscape("Trần Thị Bình")))
		s.says(t, page, "Ghi vào danh sách giảng viên", "Phường Tân Thạnh (20335)")
		form := []string{"unit", "20335", "degree", "master", "practice", "Triển khai một cửa điện tử", "years", "3", "stated", "2024-01-01", "provider", strings.TrimPrefix(provider, "/org/providers/")}
		s.notYet(t, 422, "Số năm kinh nghiệm", page, append([]string{"years", "ba"}, form[:6]...)...)
		goes(t, s.post(page, form...))
		s.says(t, page, "chưa được kiểm tra", "Thạc sĩ")
		if err := o.LecturerFit(x.house, x.ids[0], clock.Today(x.house)); err == nil {
			t.Error("fit before anybody checked")
		}
		if w := s.send(page+"/papers", nil, [3]string{"file", "bang.exe", "MZ\x90\x00"}); w.Code != 422 {
			t.Errorf("a program as a paper: %d", w.Code)
		}
		for range 2 {
			goes(t, s.send(page+"/papers", nil, [3]string{"file", "bằng thạc sĩ.pdf", "%PDF-1.7 x"}))
		}
		papers, err := o.Papers(x.house, x.ids[0])
		if err != nil || len(papers) != 1 {
			t.Fatalf("%d papers (%v)", len(papers), err)
		}
		goes(t, s.post(page+"/check", "edition", "0", "ok", "1"))
		s.says(t, page, "Đủ điều kiện phân công", "bằng thạc sĩ.pdf")
		s.says(t, "/org/lecturers", "Đủ điều kiện", "Trường Chính trị tỉnh")
		goes(t, s.post(page, append(form[:6:6], "years", "9", "stated", "2024-01-01", "edition", "1")...))
		s.says(t, page, "chưa được kiểm tra")
		s.notYet(t, 409, "Người khác vừa lưu thay đổi", page, append(form, "edition", "1")...)
		s.says(t, "/org/lecturers/outside", "Giảng viên ngoài cơ quan")
		out := goes(t, s.post("/org/lecturers/outside", append(form, "name", "Vũ Văn Ngoài")...))
		s.says(t, out, "Vũ Văn Ngoài")

		paper := page + "/papers/" + papers[0].ID
		for name, c := range map[string]struct {
			ctx  context.Context
			want int
		}{"neighbour": {x.self, 403}, "stranger": {x.stranger, 401}} {
			other := townSite(t, o, d, c.ctx)
			for _, path := range []string{"/org/lecturers", page, paper, provider, "/org/lecturers/outside"} {
				if w := other.get(path); w.Code != c.want {
					t.Errorf("%s reads %s: %d", name, path, w.Code)
				}
			}
			for _, path := range []string{page, page + "/check", paper + "/drop", provider, "/org/lecturers/outside"} {
				if w := other.post(path, append(form, "name", "Kẻ Lạ", "edition", "2", "ok", "1")...); w.Code != c.want {
					t.Errorf("%s writes %s: %d", name, path, w.Code)
				}
			}
		}
		if w := s.get(paper); w.Code != 200 || w.Body.String() != "%PDF-1.7 x" {
			t.Errorf("the paper: %d", w.Code)
		}
		goes(t, s.post(paper+"/drop"))
		if papers, _ := o.Papers(x.house, x.ids[0]); len(papers) != 0 {
			t.Error("the paper is still there")
		}
	})
}
