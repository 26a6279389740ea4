package classroom_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/module"
	"lotrinh/platform/sheet"
)

// book is a list of people as a workbook.
func book(t testing.TB, rows [][]any) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, sheet.WriteXLSX(&b, sheet.Sheet{Name: "DS", Titles: []string{"Danh sách cử đi học"}, Fields: []sheet.Field{{Title: "Họ và tên"}, {Title: "Ngày sinh"},
		{Title: "Số CCCD"}, {Title: "Đơn vị công tác"}}, Rows: sheet.Rows(rows)}))
	return b.Bytes()
}

func tableOf(t testing.TB, body []byte) *sheet.Table {
	t.Helper()
	tab, err := sheet.Open(bytes.NewReader(body), int64(len(body)), "ds.xlsx", sheet.Limits{})
	must(t, err)
	return tab
}

// listLand has two namesakes in a commune, one with a number, and a worker.
func listLand(t testing.TB, l *land) (classroom.ClassID, []org.PersonID) {
	t.Helper()
	k := l.open(t, l.plan(t), 40, classroom.Rule{Categories: []org.Category{org.CivilServant}})
	post := func(c org.Category, u org.UnitID) org.Post {
		return org.Post{Unit: u, Category: c, From: day("2021-01-01")}
	}
	people, err := l.o.AddPeople(l.ctx,
		org.NewPerson{Name: "Nguyễn Thị Hòa", Birth: day("1985-03-02"), Number: "049185000011", Post: post(org.CivilServant, l.commune[0])},
		org.NewPerson{Name: "Nguyễn Thị Hòa", Birth: day("1990-07-08"), Post: post(org.CivilServant, l.commune[0])},
		org.NewPerson{Name: "Trần Văn Bảy", Birth: day("1979-01-01"), Post: post(org.Worker, l.commune[0])},
		org.NewPerson{Name: "Lê Hữu Tám", Birth: day("1988-05-05"), Number: "049088000022", Post: post(org.CivilServant, l.commune[2])})
	must(t, err)
	return k, people
}

func TestNominateFromAList(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		l.o.SetNumberKey([]byte("0123456789abcdef0123456789abcdef"))
		k, people := listLand(t, l)
		n := classroom.Nomination{Class: k, Unit: l.commune[0], Number: "12/QĐ-UBND", On: day("2022-05-09")}
		officer := l.as(module.TrainingOfficer, l.commune[0], "")
		bad := [][]any{
			{"Nguyễn Thị Hoà", "", "", ""},                       // 3: two of the name
			{"nguyen thi hoa", "08/07/1990", "", "P. An Mỹ"},     // 4: in another ward
			{"Nguyễn Thị Hòa", "02/03/1985", "049185000011", ""}, // 5: right
			{"", "", "049185000011", ""},                         // 6: the same again
			{"Phạm Văn Lạ", "", "049185000011", ""},              // 7: the number is another's
			{"Trần Văn Bảy", "1979-01-01", "", ""},               // 8: no civil servant
			{"Lê Hữu Tám", "05/05/1988", "049088000022", ""},     // 9: of another commune
			{"Lê Hữu Tám", "31/02/1988", "1234", ""},             // 10: neither date nor number
			{"", "01/01/1980", "", ""},                           // 11: nobody
		}
		a, err := l.NominateList(officer, n, tableOf(t, book(t, bad)))
		must(t, err)
		want := map[int]string{3: "classroom.list.many", 4: "classroom.list.none", 6: "classroom.list.twice", 7: "classroom.list.other-name", 8: "classroom.rule.category",
			9: "classroom.list.none", 10: "classroom.list.bad-number", 11: "classroom.list.nobody"}
		got := map[int]string{}
		for _, f := range a.Faults {
			got[f.Row] = f.Why[0].Key
		}
		for row, key := range want {
			if got[row] != key {
				t.Errorf("row %d: %q, want %q", row, got[row], key)
			}
		}
		if len(got) != len(want) || len(a.Registered) != 0 {
			t.Errorf("%v, registered %v", got, a.Registered)
		}
		if lines, err := l.Roster(l.ctx, k); err != nil || len(lines) != 0 {
			t.Fatalf("a list with faults seated %d: %v", len(lines), err)
		}
		good := [][]any{{"Nguyễn Thị Hòa", "", "0491 8500 0011", ""}, {"Nguyễn Thị Hoà", "8/7/1990", "", "Phường Tân Thạnh, thành phố Tam Kỳ"}}
		a, err = l.NominateList(officer, n, tableOf(t, book(t, good[:1])))
		must(t, err)
		if len(a.Faults) != 0 || len(a.Registered) != 1 || a.Registered[0] != people[0] {
			t.Fatalf("%+v", a)
		}
		a, err = l.NominateList(officer, n, tableOf(t, book(t, good)))
		must(t, err)
		if len(a.Faults) != 0 || a.Already != 1 || len(a.Registered) != 1 || a.Registered[0] != people[1] {
			t.Fatalf("sent whole again: %+v", a)
		}
		if _, err := l.NominateList(l.as(module.TrainingOfficer, l.commune[2], ""), n, tableOf(t, book(t, good))); err == nil {
			t.Error("a neighbour nominates")
		}
	})
}

func TestListsGoUpAndRostersComeDown(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k, _ := listLand(t, l)
		s := l.serve(t)
		s.signIn(access.Actor{Account: "a", Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: l.province}}})
		path := "/classroom/classes/" + string(k)
		if form := s.get(t, "/classroom/nominate/form", http.StatusOK); len(tableOf(t, form).Others) != 0 {
			t.Error("the empty list has several sheets")
		}
		send := func(name string, body []byte) (int, string) {
			t.Helper()
			var b bytes.Buffer
			m := multipart.NewWriter(&b)
			must(t, m.WriteField("unit", string(l.commune[0])))
			part, err := m.CreateFormFile("file", name)
			must(t, err)
			_, err = part.Write(body)
			must(t, err)
			must(t, m.Close())
			res, err := http.Post(s.URL+path+"/nominate/list", m.FormDataContentType(), &b)
			must(t, err)
			defer res.Body.Close()
			var page bytes.Buffer
			_, err = page.ReadFrom(res.Body)
			must(t, err)
			return res.StatusCode, page.String()
		}
		if code, page := send("ds.xlsx", book(t, [][]any{{"Không Ai Cả", "", "", ""}})); code != http.StatusUnprocessableEntity || !strings.Contains(page, "Không tìm thấy người này") {
			t.Errorf("%d for a person who is not there", code)
		}
		if code, _ := send("ds.xlsx", []byte("PK\x03\x04 nothing")); code != http.StatusUnprocessableEntity {
			t.Errorf("%d for a broken file", code)
		}
		if code, page := send("ds.xlsx", book(t, [][]any{{"Nguyễn Thị Hòa", "02/03/1985", "", ""}})); code != http.StatusOK || !strings.Contains(page, "Nguyễn Thị Hòa") {
			t.Errorf("%d for a good list", code)
		}
		tab := tableOf(t, s.get(t, path+"/roster/download", http.StatusOK))
		_, err := tab.Header(sheet.Column{Key: "name", Aliases: []string{"Họ và tên"}}, sheet.Column{Key: "unit", Aliases: []string{"Đơn vị"}})
		must(t, err)
		n := 0
		for row, err := range tab.Rows() {
			must(t, err)
			n++
			if row.Text("name") != "Nguyễn Thị Hòa" || row.Text("unit") != "Phường Tân Thạnh" {
				t.Errorf("%v", row.Cells())
			}
		}
		if n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}
