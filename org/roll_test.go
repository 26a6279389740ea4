package org_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/sheet"
)

// table opens a roll given as lines of cells parted by |.
func table(t testing.TB, lines ...string) *sheet.Table {
	t.Helper()
	var csv strings.Builder
	for _, l := range lines {
		cells := strings.Split(l, "|")
		for i, c := range cells {
			cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		fmt.Fprintln(&csv, strings.Join(cells, ","))
	}
	tab, err := sheet.OpenReader(strings.NewReader(csv.String()), "danh-sach.csv", sheet.Limits{})
	must(t, err)
	return tab
}

const rollHead = "Họ và tên|Ngày sinh|Số CCCD|Đơn vị công tác|Chức vụ|Đối tượng|Điện thoại"

// told writes the lines of a roll as people read them.
func told(r org.Roll) string {
	var out []string
	for _, l := range r.Lines {
		out = append(out, l.Level+": "+l.Text.As(i18n.Vi))
	}
	return strings.Join(out, "\n")
}

func counted(r org.Roll) string {
	return fmt.Sprintf("%d rows: %d new, %d changed, %d same, %d bad", r.Rows, r.New, r.Changed, r.Same, r.Bad)
}

func expectRoll(t *testing.T, name string, r org.Roll, err error, want string) {
	t.Helper()
	if got := counted(r); err != nil || got != want {
		t.Errorf("%s: %s, want %s (%v)\n%s", name, got, want, err, told(r))
	}
}

func TestImportPeople(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		rows := []string{rollHead,
			"Nguyễn Văn An|05/03/1985|049085001234|Phường Tân Thạnh|Công chức tư pháp|Công chức|0905 111 222",
			"PHẠM THỊ HOA|31/02/1990||Phường Tân Thạnh|Văn thư|Viên chức|",
			"Lê Văn Ánh|01/05/1990||phuong an my|Công chức Văn phòng – thống kê|Công chức|",
			"Võ Thị Năm|12-8-1979||P. Tân Thạnh, tỉnh Quảng Nam|Chủ tịch Hội|Không chuyên trách|",
		}
		opt := org.RollOptions{Unit: x.p, On: day("2024-01-01")}
		r, err := o.PreviewPeople(x.house, table(t, rows...), opt)
		expectRoll(t, "preview", r, err, "4 rows: 2 new, 0 changed, 1 same, 1 bad")
		if want := "bad: Dòng 3: Ngày sinh «31/02/1990» không có thật. Sửa lại theo dạng ngày/tháng/năm."; !strings.Contains(told(r), want) {
			t.Errorf("%s\nwant %s", told(r), want)
		}
		_, err = o.ImportPeople(x.house, table(t, rows...), opt)
		check(t, step{"with a bad row", err, errs.Invalid})
		opt.Partial, opt.Stamp = true, r.Stamp
		r, err = o.ImportPeople(x.house, table(t, rows...), opt)
		expectRoll(t, "import", r, err, "4 rows: 2 new, 0 changed, 1 same, 1 bad")
		_, err = o.ImportPeople(x.house, table(t, rows...), opt)
		check(t, step{"after it was done", err, errs.Conflict})
		rows[2] = "Phạm Thị Hoa|28/02/1990||Phường Tân Thạnh|Văn thư|Viên chức|"
		rows[1] = "Nguyễn Văn An|05/03/1985|049085001234|Phường Tân Thạnh|Công chức tư pháp - hộ tịch||0905 111 333"
		opt.Stamp = ""
		r, err = o.ImportPeople(x.house, table(t, rows...), opt)
		expectRoll(t, "corrected", r, err, "4 rows: 1 new, 1 changed, 2 same, 0 bad")
		for _, want := range []string{"Điện thoại: 0905 111 222 → 0905 111 333", "Chức vụ: Công chức tư pháp → Công chức tư pháp - hộ tịch"} {
			if !strings.Contains(told(r), want) {
				t.Errorf("%s\nwant %s", told(r), want)
			}
		}
		r, err = o.ImportPeople(x.house, table(t, rows...), opt)
		expectRoll(t, "once more", r, err, "4 rows: 0 new, 0 changed, 4 same, 0 bad")
		if n, _ := o.Count(x.house, org.Filter{}); n != 5 {
			t.Errorf("%d people", n)
		}
	})
}

// What rows say and what they get, against one state of the records.
func TestRollRows(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		must(t, o.Succeed(x.house, []org.Pair{{From: add(t, x.house, o, x.p, "763", "Quận 9", org.KindUrbanDistrict, "2020-01-01"),
			To: x.b, Kind: org.Merge, Num: 1, Den: 1}}, org.Basis{On: day("2021-01-01")}))
		free, err := o.AddPeople(x.house, someone(x.b, "Đỗ Thị Tự Do", "049190007777"))
		must(t, err)
		must(t, o.EndPost(x.house, mainPost(t, x.house, o, free[0]), day("2023-06-01")))
		head := "Họ và tên|Ngày sinh|Số định danh cá nhân|Mã đơn vị|Đơn vị|Chức vụ|Đối tượng|Từ ngày|Nam|Nữ|Người đứng đầu"
		for _, c := range []struct{ row, counts, says string }{
			{"Hoa|1/1/1990|||Phường An Mỹ|||||", "1 bad", "chỉ có một chữ"},
			{"Ngô Hoa|1/1/90|||Phường An Mỹ|||||", "1 bad", "Ngày sinh «1/1/90» có năm chỉ hai chữ số"},
			{"Ngô Hoa|1990|||Phường An Mỹ|||||", "1 bad", "chỉ có năm"},
			{"Ngô Hoa|32874|||Phường An Mỹ|||||", "1 bad", "là một số, không phải ngày"},
			{"Ngô Hoa||||Phường An Mỹ||Cán bộ|||", "1 bad", "không phân biệt được người trùng tên"},
			{"Ngô Hoa|||| Phường An Mỹ||Cán bộ||1/1/1990|", "1 new", ""},
			{"Ngô Hoa||||Phường An Mỹ||Cán bộ||1/1/1990|2/1/1990", "1 bad", "cả cột Nam và cột Nữ"},
			{"Ngô Hoa|1/1/1990|||Phường An Mỹ|||||", "1 bad", "chưa có đối tượng"},
			{"Ngô Hoa|1/1/1990|||Phường An Mỹ||Giám đốc|||", "1 bad", "Đối tượng «Giám đốc» không nhận ra"},
			{"Ngô Hoa|1/1/1990||||||||", "1 bad", "chưa có đối tượng"}, // the roll's unit
			{"Ngô Hoa|1/1/1990|||Phường An Mi||Cán bộ|||", "1 bad", "Nếu là «Phường An Mỹ, Tỉnh Quảng Nam» thì sửa lại"},
			{"Ngô Hoa|1/1/1990|||Xã Không Có Thật||Cán bộ|||", "1 bad", "không có đơn vị «Xã Không Có Thật»"},
			{"Ngô Hoa|1/1/1990|||Quận 9||Cán bộ|||", "1 bad", "«Quận 9» đã chấm dứt từ ngày 01/01/2021. Ghi đơn vị kế thừa: «Phường An Mỹ, Tỉnh Quảng Nam»"},
			{"Ngô Hoa|1/1/1990||20341|Phường Tân Thạnh||Cán bộ|||", "1 bad", "mã 20341 là của «Phường An Mỹ», không phải «Phường Tân Thạnh»"},
			{"Ngô Hoa|1/1/1990||20341|UBND phường An Mỹ, tỉnh Quảng Nam||Cán bộ|||", "1 new", ""},
			{"Ngô Hoa|1/1/1990||99999|||Cán bộ|||", "1 bad", "không có đơn vị mã 99999"},
			{"Ngô Hoa|1/1/1990|123456789||Phường An Mỹ||Cán bộ|||", "1 bad", "chứng minh nhân dân cũ"},
			{"Ngô Hoa|1/1/1990|12345||Phường An Mỹ||Cán bộ|||", "1 bad", "không đúng"},
			{"Ngô Hoa|1/1/1990|49190001235||Phường An Mỹ||Cán bộ|||", "1 new", "đã thêm lại thành 0491****1235"},
			{"Ngô Hoa|1/1/1985|049190001235||Phường An Mỹ||Cán bộ|||", "1 new", "không khớp năm sinh"},
			{"Trần Thị Bình|1/5/1990|049190001234||Phường Tân Thạnh|||||", "1 same", ""},
			{"Trần Thị Bính|1/5/1990|||Phường Tân Thạnh|||||", "1 changed", "Họ và tên: Trần Thị Bình → Trần Thị Bính"},
			{"Ngô Hoa|1/1/1985|049190001234||Phường An Mỹ|||||", "1 bad", "số định danh này là của «Trần Thị Bình», sinh 01/05/1990"},
			{"Trần Thị Thanh Bình||049190001234||Phường Tân Thạnh|||||", "1 changed", "tên sẽ được sửa theo danh sách"},
			{"Trần Thị Bình|1/5/1990|049190001234||Phường An Mỹ|Phó Chủ tịch|Cán bộ|1/3/2023||", "1 changed", "từ ngày 01/03/2023 giữ chức vụ «Phó Chủ tịch» ở «Phường An Mỹ»"},
			{"Trần Thị Bình|1/5/1990|049190001234||Phường An Mỹ|||1/3/2019||", "1 bad", "là trước ngày 01/01/2020"},
			{"Trần Thị Bình|1/5/1990|||Phường An Mỹ||Cán bộ|||", "1 new", "đã có người cùng họ tên, ngày sinh ở «Phường Tân Thạnh, Tỉnh Quảng Nam»"},
			{"Đỗ Thị Tự Do||049190007777||Phường Tân Thạnh||Cán bộ|1/7/2023||", "1 changed", "tiếp nhận vào «Phường Tân Thạnh» từ ngày 01/07/2023"},
			{"Đỗ Thị Tự Do||049190007777||Phường Tân Thạnh||Cán bộ|1/5/2023||", "1 bad", "là trước ngày 01/06/2023"},
			{"Lê Văn Ánh|1/5/1990|||Phường An Mỹ|Chủ tịch||1/5/2023|||x", "1 changed", "từ ngày 01/05/2023 giữ chức vụ «Chủ tịch»"},
			{"Lê Văn Ánh|1/5/1990|||Phường An Mỹ|||||x|", "1 changed", "Giới tính: chưa rõ → Nữ"},
			{"Lê Văn Ánh|1/5/1990|||Phường An Mỹ||||||có", "1 changed", "Người đứng đầu: không → có"},
			{"Lê Văn Ánh|1/5/1990|||Phường An Mỹ||||||hay sao", "1 bad", "Ghi x nếu đúng"},
			{"Nguyễn Văn Аn|1/1/1990|||Phường An Mỹ||Cán bộ|||", "1 new", "trông giống chữ Việt"}, // a Cyrillic А
			{"TỔNG CỘNG|||||||||", "", ""},
		} {
			r, err := o.PreviewPeople(x.house, table(t, head, c.row, strings.Repeat("|", 10)), org.RollOptions{Unit: x.p, On: day("2024-01-01")})
			want := map[bool]string{true: "0 rows: 0 new, 0 changed, 0 same, 0 bad", false: ""}[c.counts == ""]
			got := counted(r)
			if c.counts != "" {
				want, got = c.counts, strings.Join(strings.Fields(onlyOf(r)), " ")
			}
			if err != nil || got != want || !strings.Contains(told(r), c.says) {
				t.Errorf("%s\n%s %v\n%s\nwant %s, %s", c.row, got, err, told(r), want, c.says)
			}
		}
	})
}

func onlyOf(r org.Roll) string {
	for _, c := range []struct {
		n    int
		name string
	}{{r.New, "new"}, {r.Changed, "changed"}, {r.Same, "same"}, {r.Bad, "bad"}} {
		if c.n > 0 {
			return fmt.Sprintf("%d %s", c.n, c.name)
		}
	}
	return "nothing"
}

func TestRollFindsTwins(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		r, err := o.PreviewPeople(x.house, table(t, rollHead,
			"Ngô Hoa|1/1/1990|049190001235|Phường An Mỹ||Cán bộ|", "Ngô Hòa|1/1/1990|049190001235|Phường An Mỹ||Cán bộ|",
			"Hồ Lan|1/1/1991||Phường An Mỹ||Cán bộ|", "HO LAN|01.01.1991||phường an mỹ||Cán bộ|",
			"Hồ Mai|1/1/1992|049192000001|Phường An Mỹ||Cán bộ|0905111222", "Hồ Mai|1/1/1992|049192000002|Phường An Mỹ||Cán bộ|0905111222",
		), org.RollOptions{Unit: x.p, On: day("2024-01-01")})
		expectRoll(t, "twins", r, err, "6 rows: 4 new, 0 changed, 0 same, 2 bad")
		for _, want := range []string{"Dòng 3: số định danh trùng với dòng 2", "Dòng 5: trùng người với dòng 4"} {
			if !strings.Contains(told(r), want) {
				t.Errorf("%s\nwant %s", told(r), want)
			}
		}
	})
}

// An officer imports into his ward, and learns nothing of the neighbour's people.
func TestRollKeepsToItsUnits(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		must(t, o.GivePost(x.house, org.Post{Person: x.ids[1], Unit: x.b, Title: "x", Category: org.Cadre, From: day("2024-01-01")}))
		p, _, err := o.Person(x.house, x.ids[1])
		must(t, err)
		must(t, o.ChangePerson(x.house, p.ID, p.Edition, org.Particulars{Name: p.Name, Birth: p.Birth, Number: "049085001111"}))
		r, err := o.PreviewPeople(x.officer, table(t, rollHead,
			"Mới Vào|1/1/1990||Phường Tân Thạnh||Cán bộ|",
			"Mới Vào|1/1/1990||Phường An Mỹ||Cán bộ|",
			"Lê Văn Ánh||049085001111|Phường Tân Thạnh||Cán bộ|",
			"Lê Văn Ánh|1/5/1990||Phường Tân Thạnh||Cán bộ|",
		), org.RollOptions{})
		expectRoll(t, "the officer's", r, err, "4 rows: 2 new, 0 changed, 0 same, 2 bad")
		if s := told(r); !strings.Contains(s, "không được sửa người của «Phường An Mỹ»") || !strings.Contains(s, "tài khoản không được xem") || strings.Contains(s, "đã có người cùng họ tên") {
			t.Error(s)
		}
		_, err = o.PreviewPeople(x.stranger, table(t, rollHead, "Mới Vào|1/1/1990||Phường An Mỹ||Cán bộ|"), org.RollOptions{})
		check(t, step{"a stranger", err, errs.Stranger})
		_, err = o.PreviewPeople(as(o, access.Actor{Grants: []access.Grant{{Role: module.Supervisor, Unit: x.p}}}), table(t, rollHead, "Mới Vào|1/1/1990||||Cán bộ|"), org.RollOptions{Unit: x.p})
		check(t, step{"a supervisor", err, errs.Denied})
	})
}

// Names of units as people write them find the unit; what is not one unit is told.
func TestRollFindsUnits(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, _ *db.DB) {
		p := add(t, ctx, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		tb := add(t, ctx, o, p, "513", "Huyện Thăng Bình", org.KindRuralDistrict, "2020-01-01")
		ds := add(t, ctx, o, p, "510", "Huyện Đại Lộc", org.KindRuralDistrict, "2020-01-01")
		tk := add(t, ctx, o, p, "502", "Thành phố Tam Kỳ", org.KindCity, "2020-01-01")
		a := add(t, ctx, o, tb, "20800", "Xã Bình Minh", org.KindCommune, "2020-01-01")
		b := add(t, ctx, o, ds, "20500", "Xã Bình Minh", org.KindCommune, "2020-01-01")
		c := add(t, ctx, o, tk, "20335", "Phường 05", org.KindWard, "2020-01-01")
		d := add(t, ctx, o, tb, "20801", "Xã Bình Hòa", org.KindCommune, "2020-01-01")
		e := add(t, ctx, o, tb, "20802", "Xã Bình Hoa", org.KindCommune, "2020-01-01")
		s := add(t, ctx, o, p, "", "Sở Văn hóa, Thể thao và Du lịch", org.KindDepartment, "2020-01-01")
		must(t, o.Reclassify(ctx, d, org.KindTownship, "Thị trấn Bình Hòa", org.Basis{On: day("2023-01-01")}))
		names := map[org.UnitID]string{tb: "tb", ds: "ds", tk: "tk", a: "a", b: "b", c: "c", d: "d", e: "e", s: "s", p: "p"}
		for _, x := range []struct{ cells, want string }{
			{"Xã Bình Minh, huyện Thăng Bình|||", "a"}, {"Xã Bình Minh|Huyện Đại Lộc||", "b"}, {"xa binh minh; dai loc; quang nam|||", "b"},
			{"Bình Minh|Thăng Bình|Quảng Nam|", "a"}, {"Xã Bình Minh|||", "có nhiều đơn vị tên «Xã Bình Minh»"}, {"|||20500", "b"},
			{"Phường 5|||", "c"}, {"P.5, TP. Tam Kỳ|||", "c"}, {"UBND phường 05|||", "c"}, {"Tp Tam Kỳ|||", "tk"}, {"UBND huyện Thăng Bình|||", "tb"},
			{"Sở Văn hóa, Thể thao và Du lịch|||", "s"}, {"Sở VH,TT&DL|||", "không có đơn vị"}, {"Sở VH-TT&DL|||", "s"},
			{"So Van hoa, The thao va Du lich, tinh Quang Nam|||", "s"}, {"Xã Bình Hoa|||", "e"}, {"Thị trấn Bình Hòa|||", "d"}, {"Xã Bình Hòa|||", "d"},
			{"Tỉnh Quảng Nam|||", "p"}, {"Xã Bình Minh|Huyện Quế Sơn||", "không có đơn vị"}, {"Xã Bình Mình|Huyện Thăng Bình||", "a"},
		} {
			row := "Ngô Hoa|1/1/1990|Cán bộ|" + x.cells
			opt := org.RollOptions{On: day("2024-01-01"), Partial: true}
			r, err := o.PreviewPeople(ctx, table(t, "Họ và tên|Ngày sinh|Đối tượng|Đơn vị|Huyện|Tỉnh|Mã đơn vị", row), opt)
			must(t, err)
			got := told(r)
			for id, name := range names {
				if strings.HasSuffix(got, ", "+o.Now(ctx).Name(id)) && name == x.want && r.New == 1 {
					got = name
				}
			}
			if got != x.want && !(r.Bad == 1 && strings.Contains(got, x.want)) {
				t.Errorf("%s: %s, want %s", x.cells, got, x.want)
			}
		}
	})
}

// What the tables of a file are like is told by the reader of tables, in words.
func TestRollRefusesFiles(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		for name, body := range map[string][]byte{
			"no columns": []byte("a,b\n1,2\n"), "a picture": []byte("\x89PNG\r\n\x1a\n0000"), "old font": []byte("Hä vµ tªn,Ngµy sinh\nNguyÔn V¨n An,1/1/1990\n"),
		} {
			_, err := o.ImportPeopleFile(x.house, bytes.NewReader(body), int64(len(body)), "f.csv", org.RollOptions{})
			var e *errs.Error
			if !errors.As(err, &e) || e.Kind != errs.Invalid || !i18n.Has(i18n.Vi, e.Text.Key) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
