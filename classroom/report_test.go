package classroom_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
	"lotrinh/platform/sheet"
)

// taught is a class of six from two communes, three sessions, two of them held.
func taught(t testing.TB, l *land) (classroom.ClassID, []org.PersonID) {
	t.Helper()
	p := l.plan(t)
	topics, err := l.Topics(l.ctx, p)
	must(t, err)
	k := l.open(t, p, 5, classroom.Rule{})
	must(t, l.SetQuotas(l.ctx, p, []classroom.Quota{{Unit: l.commune[0], Topic: topics[0].ID, Seats: 12}}))
	class, err := l.Class(l.ctx, k)
	must(t, err)
	class.Topic = topics[0].ID
	_, err = l.SaveClass(l.ctx, class)
	must(t, err)
	staff := append(l.people(t, l.commune[0], 4, org.CivilServant), l.people(t, l.commune[2], 2, org.Worker)...)
	_, err = l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.province, People: staff, Quiet: true})
	must(t, err)
	teacher := l.people(t, l.province, 1, org.PublicEmployee)
	for i, on := range []string{"2022-05-16", "2022-05-18", "2022-05-20"} {
		d := draft(k, on, "")
		d.Lecturers = teacher
		s, err := l.SaveSession(l.ctx, d)
		must(t, err)
		if i < 2 {
			l.call(t, s, staff, i)
		}
	}
	_, err = l.SaveCost(l.ctx, classroom.Cost{Plan: p, Class: k, Source: classroom.Recurrent, Item: "Thuê hội trường", Planned: 6_000_000, Actual: 5_000_001})
	must(t, err)
	return k, staff
}

// call calls the roll of the first five: in the first session all but the third
// are there, in the second the first sends another and the fourth is not marked.
func (l *land) call(t testing.TB, s classroom.SessionID, staff []org.PersonID, n int) {
	t.Helper()
	states := [][]classroom.Presence{
		{classroom.Present, classroom.Late, classroom.Excused, classroom.Present, classroom.LeftEarly},
		{classroom.Substitute, classroom.Present, classroom.Unexcused, "", classroom.Present},
	}[n]
	var marks []classroom.Mark
	for i, state := range states {
		m := classroom.Mark{ID: classroom.MarkID("mark-" + string(rune('a'+n)) + "-" + string(staff[i])), Person: staff[i], State: state}
		switch state {
		case "":
			continue
		case classroom.Excused:
			m.Reason = "Họp Hội đồng nhân dân"
		case classroom.Substitute:
			m.Substitute = "Lê Thị Hồng"
		}
		marks = append(marks, m)
	}
	refused, err := l.MarkAll(l.ctx, s, marks, true)
	must(t, err)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
}

func TestReportOfAClass(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k, _ := taught(t, l)
		r, err := l.Report(l.ctx, k)
		must(t, err)
		if r.Held != 2 || r.ToCome != 1 || r.Minutes != 360 || r.Total.Registered != 5 || r.Total.Waiting != 1 {
			t.Errorf("held %d, to come %d, %d minutes, %+v", r.Held, r.ToCome, r.Minutes, r.Total)
		}
		if r.Total.Attended() != 7 || r.Total.Expected() != 10 || r.Total.Unmarked != 1 || r.Total.Persons != 5 {
			t.Errorf("%d of %d attendances, %d unmarked, %d persons", r.Total.Attended(), r.Total.Expected(), r.Total.Unmarked, r.Total.Persons)
		}
		if len(r.Units) != 2 || r.Units[0].Name != "Phường Tân Thạnh" || r.Units[0].Registered != 4 || r.Units[0].Attended() != 5 || r.Units[0].Quota != 12 {
			t.Errorf("units: %+v", r.Units)
		}
		if len(r.Categories) != 2 || r.Categories[1].Category != org.Worker || r.Categories[1].Waiting != 1 || r.Categories[1].Attended() != 2 {
			t.Errorf("categories: %+v", r.Categories)
		}
		if len(r.Lecturers) != 1 || r.Lecturers[0].Sessions != 2 || r.Lecturers[0].Minutes != 360 {
			t.Errorf("lecturers: %+v", r.Lecturers)
		}
		why := map[classroom.Presence]string{}
		for _, a := range r.Absences {
			why[a.State] += a.Reason + a.Substitute
		}
		if len(r.Absences) != 5 || why[classroom.Excused] != "Họp Hội đồng nhân dân" || why[classroom.Substitute] != "Lê Thị Hồng" {
			t.Errorf("absences: %v", why)
		}
		if r.PerTrainee() != 1_000_000 {
			t.Errorf("cost for each: %d", r.PerTrainee())
		}
		if _, err := l.Report(l.as(module.TrainingOfficer, l.commune[1], ""), k); !errors.Is(err, errs.NotFound) {
			t.Errorf("a neighbour reads the report: %v", err)
		}
	})
}

func TestReportLeavesTheHouse(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k, _ := taught(t, l)
		s := l.serve(t)
		s.signIn(access.Actor{Account: "a", Grants: []access.Grant{{Role: module.ClassManager, Unit: l.province}}})
		path := "/classroom/classes/" + string(k) + "/report"
		page := string(s.get(t, path, http.StatusOK))
		for _, want := range []string{"70,0", "Phường Tân Thạnh", "Người dự thay: Lê Thị Hồng", "1.000.000 đồng"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		if paper := s.get(t, path+"/download?as=pdf", http.StatusOK); !bytes.HasPrefix(paper, []byte("%PDF-")) {
			t.Errorf("the paper begins %q", paper[:20])
		}
		book := s.get(t, path+"/download?as=xlsx", http.StatusOK)
		tab, err := sheet.Open(bytes.NewReader(book), int64(len(book)), "b.xlsx", sheet.Limits{})
		must(t, err)
		_, err = tab.Header(sheet.Column{Key: "unit", Aliases: []string{"Đơn vị"}}, sheet.Column{Key: "n", Aliases: []string{"Đã đăng ký"}}, sheet.Column{Key: "turns", Aliases: []string{"Dự (lượt)"}})
		must(t, err)
		rows := map[string]int64{}
		for row, err := range tab.Rows() {
			must(t, err)
			rows[row.Text("unit")] = row.Int("n")
		}
		if rows["Phường Tân Thạnh"] != 4 || rows["Xã Bình Minh"] != 1 {
			t.Errorf("the workbook says %v", rows)
		}
		s.get(t, path+"/download?as=exe", http.StatusNotFound)
	})
}

// get asks for a page and wants a status.
func (s *site) get(t testing.TB, path string, status int) []byte {
	t.Helper()
	res, err := http.Get(s.URL + path)
	must(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != status {
		t.Fatalf("%s answers %d, want %d", path, res.StatusCode, status)
	}
	return body
}
