package org_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/org/calendar"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
)

// town is a province with two wards, and those who act there.
type town struct {
	p, a, b              org.UnitID
	house, officer, self context.Context // the house; the officer of ward a; a person of ward b
	stranger             context.Context
	queue                *job.Queue
	ids                  []org.PersonID // one in a, one in b
}

func inTown(t *testing.T, test func(t *testing.T, o *org.Org, d *db.DB, x town)) {
	t.Helper()
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		q := job.New(d)
		o := org.New(d, event.New(q))
		access.Register(o.Module().Actions...)
		x := town{house: access.System(ctx), stranger: db.Guard(context.Background()), queue: q}
		x.p = add(t, x.house, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		x.a = add(t, x.house, o, x.p, "20335", "Phường Tân Thạnh", org.KindWard, "2020-01-01")
		x.b = add(t, x.house, o, x.p, "20341", "Phường An Mỹ", org.KindWard, "2020-01-01")
		var err error
		x.ids, err = o.AddPeople(x.house, someone(x.a, "Trần Thị Bình", "049190001234"), someone(x.b, "Lê Văn Ánh", ""))
		must(t, err)
		x.officer = as(o, access.Actor{Account: "1", Name: "Cán bộ phường", Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: x.a}}})
		x.self = as(o, access.Actor{Account: "2", Person: x.ids[1]})
		test(t, o, d, x)
	})
}

func as(o *org.Org, a access.Actor) context.Context {
	return access.As(db.Guard(context.Background()), a, o.Covers)
}

type step struct {
	name string
	err  error
	want error // a Kind, or nil
}

func check(t *testing.T, steps ...step) {
	t.Helper()
	for _, s := range steps {
		if !errors.Is(s.err, s.want) || s.want == nil && s.err != nil {
			t.Errorf("%s: %v, want %v", s.name, s.err, s.want)
		}
	}
}

func third[A, B any](_ A, _ B, err error) error { return err }

func last[A any](_ A, err error) error { return err }

// Everything about people is closed to a stranger and to the officer of a
// neighbouring ward.
func TestPeopleWalls(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		mine, other := x.ids[0], x.ids[1]
		post := mainPost(t, x.house, o, other)
		q := org.Qualification{Person: other, Unit: x.b, Degree: org.Master, Years: 3, Practice: "Triển khai một cửa điện tử"}
		must(t, o.SaveLecturer(x.house, q))
		team, err := o.AddTeam(x.house, x.b, aTeam(), org.NewMember{Person: other, Role: org.TeamLeader})
		must(t, err)
		provider, err := o.SaveProvider(x.house, org.Provider{Unit: x.b, Name: "Trường Chính trị", Code: "TCT"})
		must(t, err)
		activity := org.Activity{Team: team, On: day("2024-01-05"), Minutes: 90, What: "Cài VNeID"}
		calls := map[string]func(ctx context.Context) error{
			"change a person": func(ctx context.Context) error {
				return o.ChangePerson(ctx, other, 0, org.Particulars{Name: "Kẻ Lạ"})
			},
			"his history": func(ctx context.Context) error { return last(o.History(ctx, other)) },
			"his post":    func(ctx context.Context) error { return last(o.Post(ctx, post)) },
			"change it": func(ctx context.Context) error {
				return o.ChangePost(ctx, org.Post{ID: post, Unit: x.b, Category: org.Cadre, From: day("2020-01-01")})
			},
			"drop it": func(ctx context.Context) error { return o.DropPost(ctx, post) },
			"take him in": func(ctx context.Context) error {
				return o.GivePost(ctx, org.Post{Person: other, Unit: x.a, Category: org.Cadre, From: day("2024-01-01")})
			},
			"merge":            func(ctx context.Context) error { return o.MergePeople(ctx, mine, other) },
			"a lecturer":       func(ctx context.Context) error { return last(o.Lecturer(ctx, other)) },
			"check a lecturer": func(ctx context.Context) error { return o.CheckLecturer(ctx, other, 0, true) },
			"bring a paper":    func(ctx context.Context) error { return o.AddPaper(ctx, other, "a.pdf", strings.NewReader("%PDF-1.7")) },
			"see papers":       func(ctx context.Context) error { return last(o.Papers(ctx, other)) },
			"save a lecturer":  func(ctx context.Context) error { return o.SaveLecturer(ctx, q) },
			"another's unit": func(ctx context.Context) error {
				return last(o.AddLecturer(ctx, org.Particulars{Name: "Vũ Minh"}, org.Qualification{Unit: x.b}))
			},
			"save a provider": func(ctx context.Context) error {
				return last(o.SaveProvider(ctx, org.Provider{ID: provider, Unit: x.b, Name: "Khác"}))
			},
			"found a team":   func(ctx context.Context) error { return last(o.AddTeam(ctx, x.b, aTeam())) },
			"change a team":  func(ctx context.Context) error { return o.ChangeTeam(ctx, org.Team{ID: team, Name: "Khác"}) },
			"join a team":    func(ctx context.Context) error { return o.AddMembers(ctx, team, 0, org.NewMember{Person: mine}) },
			"see a team":     func(ctx context.Context) error { return last(o.ViewTeam(ctx, team)) },
			"log for a team": func(ctx context.Context) error { return last(o.LogActivity(ctx, activity, other)) },
			"read its log":   func(ctx context.Context) error { return last(o.Activities(ctx, team, 0, 0)) },
			"count teams":    func(ctx context.Context) error { return last(o.TeamCounts(ctx, x.b, day("2024-01-05"))) },
			"add up their work": func(ctx context.Context) error {
				return last(o.TeamWork(ctx, x.b, day("2024-01-01"), day("2025-01-01")))
			},
			"enter villages": func(ctx context.Context) error {
				return last(o.AddVillages(ctx, x.b, org.Basis{On: day("2024-01-01")}, "Thôn Một"))
			},
			"edit the calendar": func(ctx context.Context) error { return o.OwnCalendar(ctx) },
			"set a rule": func(ctx context.Context) error {
				return o.SetRule(ctx, org.Ruling{Rule: org.TeamMin, From: day("2024-01-01"), Value: 5, Basis: "x"})
			},
			"let all follow":  func(ctx context.Context) error { return o.CatchUp(ctx) },
			"correct his own": func(ctx context.Context) error { return o.CorrectOwn(ctx, other, "a@b.vn", "") },
		}
		for name, call := range calls {
			check(t, step{"a neighbour: " + name, call(x.officer), errs.Denied}, step{"a stranger: " + name, call(x.stranger), errs.Stranger})
		}
		check(t,
			step{"a leader logs", last(o.LogActivity(x.self, activity, other)), nil},
			step{"and reads", last(o.Activities(x.self, team, 0, 0)), nil},
			step{"a lecturer reads himself", last(o.Lecturer(x.self, other)), nil},
			step{"one corrects one's address", o.CorrectOwn(x.self, other, "An@QuangNam.gov.vn ", "0905 123 456"), nil},
			step{"not one's name", o.ChangePerson(x.self, other, 1, org.Particulars{Name: "Lê Văn Anh"}), errs.Denied},
		)
		lists := map[string]func(ctx context.Context) (int, error){
			"lecturers": func(ctx context.Context) (int, error) {
				l, err := o.Lecturers(ctx, org.LecturerFilter{})
				return len(l), err
			},
			"teams": func(ctx context.Context) (int, error) { l, err := o.Teams(ctx, org.TeamFilter{}); return len(l), err },
			"count": func(ctx context.Context) (int, error) { return o.CountTeams(ctx, org.TeamFilter{}) },
			"twins": func(ctx context.Context) (int, error) { l, err := o.Twins(ctx); return len(l), err },
		}
		for name, list := range lists {
			for _, ctx := range []context.Context{x.officer, x.stranger} {
				if n, err := list(ctx); n != 0 || err != nil {
					t.Errorf("%s: %d, %v", name, n, err)
				}
			}
		}
		if n, err := o.Count(x.officer, org.Filter{}); n != 1 || err != nil {
			t.Errorf("the officer counts %d, %v", n, err)
		}
	})
}

func aTeam() org.Team {
	return org.Team{Name: "Tổ công nghệ số cộng đồng khối 3", Decision: "58/QĐ-UBND", DecisionOn: day("2022-06-01")}
}

func TestTwoPeopleEditOne(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		p, _, err := o.Person(x.house, x.ids[0])
		must(t, err)
		q := org.Particulars{Name: p.Name, Birth: p.Birth, Phone: "0905123456", Number: org.KeepNumber}
		must(t, o.ChangePerson(x.house, p.ID, p.Edition, q))
		q.Phone = "0905999999"
		check(t, step{"the second", o.ChangePerson(x.house, p.ID, p.Edition, q), errs.Conflict})
		q.Number = "049085007777"
		must(t, o.ChangePerson(x.house, p.ID, p.Edition+1, q))
		now, _, err := o.Person(x.house, p.ID)
		if err != nil || now.Phone != "0905999999" || now.Mask != "0490****7777" || now.Edition != 2 {
			t.Errorf("%+v %v", now, err)
		}
		check(t, step{"another's number", o.ChangePerson(x.house, x.ids[1], 0, org.Particulars{Name: "Lê Văn Ánh", Number: "049085007777"}), errs.Conflict})
		lines, err := o.History(x.house, p.ID)
		if err != nil || len(lines) != 2 || !strings.Contains(lines[1].Detail, "0905123456") {
			t.Errorf("history: %+v %v", lines, err)
		}
		_, _, err = o.Person(x.officer, p.ID)
		must(t, err)
		if lines, _ = o.History(x.house, p.ID); len(lines) != 3 || !lines[0].Read || lines[0].Actor != "Cán bộ phường" {
			t.Errorf("who looked is not told: %+v", lines[0])
		}
	})
}

func TestPostsAreKeptApart(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		p := x.ids[0]
		post := func(unit org.UnitID, main bool, from, to string) org.Post {
			return org.Post{Person: p, Unit: unit, Title: "Phó Chủ tịch", Category: org.Cadre, Main: main, From: day(from), To: day(to)}
		}
		must(t, o.GivePost(x.house, post(x.b, true, "2023-03-01", "")))
		must(t, o.GivePost(x.house, post(x.a, false, "2023-03-01", "2024-01-01")))
		check(t,
			step{"into the past", o.GivePost(x.house, post(x.a, true, "2019-12-01", "")), errs.Invalid},
			step{"over a later one", o.GivePost(x.house, post(x.a, true, "2022-01-01", "")), errs.Invalid},
			step{"backwards", o.GivePost(x.house, post(x.a, false, "2023-03-01", "2023-01-01")), errs.Invalid},
		)
		_, posts, err := o.Person(x.house, p)
		must(t, err)
		if len(posts) != 3 || posts[2].To != day("2023-03-01") {
			t.Fatalf("%+v", posts)
		}
		old := posts[2]
		old.Title, old.To = "Công chức địa chính", day("2023-02-01")
		must(t, o.ChangePost(x.house, old))
		check(t, step{"seen before", o.ChangePost(x.house, old), errs.Conflict})
		old.Edition, old.To = old.Edition+1, day("2023-04-01")
		check(t, step{"over the next", o.ChangePost(x.house, old), errs.Invalid})
		must(t, o.DropPost(x.house, posts[1].ID))
		must(t, o.EndPost(x.house, posts[0].ID, day("2024-06-01")))
		if _, _, err := o.Person(x.officer, p); !errors.Is(err, errs.Denied) {
			t.Errorf("whose last post was elsewhere: %v", err)
		}
		id, err := o.ReceivePerson(x.officer, "049190001234", "tran thi binh", post(x.a, true, "2024-06-01", ""))
		if err != nil || id != p {
			t.Errorf("taken in: %v %v", id, err)
		}
		_, err = o.ReceivePerson(x.officer, "049190001234", "Trần Thị Bình", post(x.a, true, "2024-07-01", ""))
		check(t, step{"twice", err, errs.Conflict}, step{"no such number", last(o.FindByNumber(x.officer, "049190009999")), errs.NotFound})
	})
}

func TestMerge(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, d *db.DB, x town) {
		twin := someone(x.b, "Trần Thị Bình", "")
		twin.Phone = "0905123456"
		ids, err := o.AddPeople(x.house, twin, someone(x.b, "Trần Thị Bình", "049190005678"))
		must(t, err)
		if pairs, err := o.Twins(x.house); err != nil || len(pairs) == 0 {
			t.Errorf("twins: %v %v", pairs, err)
		}
		team, err := o.AddTeam(x.house, x.b, aTeam(), org.NewMember{Person: ids[0]})
		must(t, err)
		keep := x.ids[0]
		check(t,
			step{"with himself", o.MergePeople(x.house, keep, keep), errs.Invalid},
			step{"two numbers", o.MergePeople(x.house, keep, ids[1]), errs.Invalid},
			step{"one", o.MergePeople(x.house, keep, ids[0]), nil},
		)
		p, posts, err := o.Person(x.house, ids[0])
		if err != nil || p.ID != keep || p.Phone != "0905123456" || len(posts) != 2 || posts[0].Main == posts[1].Main {
			t.Errorf("the old id leads to %+v %+v %v", p, posts, err)
		}
		if v, err := o.ViewTeam(x.house, team); err != nil || v.Members[0].Person != keep {
			t.Errorf("the team has %+v %v", v.Members, err)
		}
		if n, _ := o.Count(x.house, org.Filter{Text: "binh"}); n != 2 {
			t.Errorf("%d are left of three", n)
		}
	})
}

func TestLecturerFit(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		p := x.ids[0]
		on := day("2024-05-01")
		check(t, step{"not listed", o.LecturerFit(x.house, p, on), errs.Invalid})
		q := org.Qualification{Person: p, Unit: x.a, Degree: org.Master, Stated: day("2024-01-01")}
		for i, c := range []struct {
			name   string
			change func()
			fits   bool
		}{
			{"degree without practice", func() {}, false},
			{"both", func() { q.Years, q.Practice = 2, "Quản trị hệ thống một cửa" }, true},
			{"rank instead of degree", func() { q.Degree, q.Rank = org.NoDegree, org.AssociateProfessor }, true},
			{"neither", func() { q.Rank = org.NoRank }, false},
			{"on the list later", func() { q.Degree, q.From = org.Doctor, day("2024-06-01") }, false},
			{"bachelor", func() { q.Degree, q.From = org.Bachelor, day("2024-01-01") }, true},
		} {
			c.change()
			q.Edition = max(0, int64(2*i)-1) // each turn saves and checks
			must(t, o.SaveLecturer(x.house, q))
			check(t, step{c.name + ", not checked", o.LecturerFit(x.house, p, on), errs.Invalid})
			must(t, o.CheckLecturer(x.house, p, int64(2*i), true))
			if err := o.LecturerFit(x.house, p, on); (err == nil) != c.fits {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		must(t, o.SetRule(x.house, org.Ruling{Rule: org.DegreeMin, From: day("2024-05-01"), Value: 2, Basis: "QĐ 1/2024"}))
		check(t, step{"before the rule", o.LecturerFit(x.house, p, on-1), nil}, step{"after it", o.LecturerFit(x.house, p, on), errs.Invalid})
		check(t, step{"a rule out of range", o.SetRule(x.house, org.Ruling{Rule: org.DegreeMin, From: on, Value: 9, Basis: "x"}), errs.Invalid})
		q = org.Qualification{Years: 2, Stated: day("2024-03-15")}
		for on, want := range map[string]int{"2024-03-15": 2, "2025-03-14": 2, "2025-03-15": 3, "2024-03-14": 1, "2020-01-01": 0} {
			if got := q.YearsOn(day(on)); got != want {
				t.Errorf("on %s %d years", on, got)
			}
		}
	})
}

func TestTeams(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		v, err := o.AddVillages(x.officer, x.a, org.Basis{On: day("2022-01-01")}, "Khối phố 1", "Khu phố 2", "Tổ dân phố 3")
		if !errors.Is(err, errs.Invalid) {
			t.Fatalf("«Khối phố» is no kind: %v", err)
		}
		v, err = o.AddVillages(x.officer, x.a, org.Basis{On: day("2022-01-01")}, "Khu phố 2", "tổ dân phố 3")
		must(t, err)
		again, err := o.AddVillages(x.officer, x.a, org.Basis{On: day("2022-01-01")}, "Khu phố  2")
		if err != nil || again[0] != v[0] {
			t.Errorf("entered twice: %v %v", again, err)
		}
		join := func(name string, r org.TeamRole) org.NewMember {
			return org.NewMember{New: org.Particulars{Name: name, Birth: day("1985-01-01")}, Role: r}
		}
		id, err := o.AddTeam(x.officer, v[0], aTeam(), join("Ngô Văn Tâm", org.TeamLeader), join("Ngô Thị Tư", ""))
		must(t, err)
		must(t, o.AddMembers(x.officer, id, day("2023-01-01"), join("Hồ Văn Sáu", org.TeamLeader), org.NewMember{Person: x.ids[0], Role: org.TeamDeputy}))
		view, err := o.ViewTeam(x.officer, id)
		must(t, err)
		var now []string
		for _, m := range view.Members {
			if m.Now {
				now = append(now, string(m.Role)+" "+m.Name)
			}
		}
		if got := strings.Join(now, ", "); got != "leader Hồ Văn Sáu, deputy Trần Thị Bình, member Ngô Thị Tư, member Ngô Văn Tâm" || !view.Short || view.Least != 7 {
			t.Errorf("%s; short %v of %d", got, view.Short, view.Least)
		}
		a := org.Activity{Team: id, On: day("2023-02-01"), Minutes: 150, What: "Hướng dẫn nộp hồ sơ trực tuyến"}
		var there []org.PersonID
		for _, m := range view.Members {
			if m.Now {
				there = append(there, m.Person)
			}
		}
		a.ID, err = o.LogActivity(x.officer, a, there...)
		must(t, err)
		_, err = o.LogActivity(x.officer, org.Activity{Team: id, On: day("2022-07-01"), Minutes: 60, What: "Họp"}, there[0])
		check(t, step{"not yet a member", err, errs.Invalid})
		a.Minutes = 120
		_, err = o.LogActivity(x.officer, a, there[:2]...)
		must(t, err)
		work, err := o.TeamWork(x.officer, x.a, day("2023-01-01"), day("2024-01-01"))
		if err != nil || len(work) != 2 || work[0].Days != 1 || work[0].Minutes != 120 {
			t.Errorf("work: %+v %v", work, err)
		}
		counts, err := o.TeamCounts(x.officer, x.a, day("2023-06-01"))
		if err != nil || counts[0] != (org.TeamCount{Unit: x.a, Villages: 2, Covered: 1, Teams: 1, Members: 4, Persons: 4, Short: 1}) || len(counts) != 3 {
			t.Errorf("counts: %+v %v", counts, err)
		}
		must(t, o.DropActivity(x.officer, a.ID, 1))
		view.Team.To = day("2024-01-01")
		must(t, o.ChangeTeam(x.officer, view.Team))
		if n, _ := o.CountTeams(x.officer, org.TeamFilter{Over: true}); n != 1 {
			t.Errorf("%d teams are over", n)
		}
	})
}

// A team goes where its village goes, and its commune's lecturers go along.
func TestTeamsFollow(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		v, err := o.AddVillages(x.house, x.a, org.Basis{On: day("2022-01-01")}, "Khu phố 1", "Khu phố 2")
		must(t, err)
		id, err := o.AddTeam(x.house, v[0], aTeam())
		must(t, err)
		must(t, o.SaveLecturer(x.house, org.Qualification{Person: x.ids[0], Unit: x.a}))
		by := org.Basis{On: day("2024-01-01"), Act: org.Act{Number: "12/NQ-HĐND"}}
		must(t, o.Succeed(x.house, []org.Pair{{From: v[0], To: v[1], Kind: org.Merge, Num: 1, Den: 1}}, by))
		must(t, o.Succeed(x.house, []org.Pair{{From: x.a, To: x.b, Kind: org.Merge, Num: 1, Den: 1}}, by))
		must(t, x.queue.Drain(x.house))
		must(t, x.queue.Drain(x.house))
		view, err := o.ViewTeam(x.house, id)
		if err != nil || view.Unit != v[1] || len(view.Homes) != 2 || view.Homes[0].Why != "12/NQ-HĐND" || view.Homes[1].To != day("2024-01-01") {
			t.Errorf("%+v %v", view, err)
		}
		if q, _ := o.Lecturer(x.house, x.ids[0]); q.Unit != x.b {
			t.Errorf("the lecturer stayed behind")
		}
		if c, _ := o.TeamCounts(x.house, x.b, day("2024-01-01")); len(c) == 0 || c[0].Teams != 1 {
			t.Errorf("the ward that followed counts %+v", c)
		}
	})
}

// People who are entered in a unit that is no more follow it when asked.
func TestCatchUp(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		must(t, o.Succeed(x.house, []org.Pair{{From: x.a, To: x.b, Kind: org.Merge, Num: 1, Den: 1}}, org.Basis{On: day("2024-01-01")}))
		must(t, x.queue.Drain(x.house))
		ids, err := o.AddPeople(x.house, someone(x.a, "Đến Sau", ""))
		must(t, err)
		for range 2 {
			must(t, o.CatchUp(x.house))
		}
		_, posts, err := o.Person(x.house, ids[0])
		if err != nil || len(posts) != 2 || posts[0].Unit != x.b || posts[1].To != day("2024-01-01") {
			t.Errorf("%+v %v", posts, err)
		}
	})
}

func TestCalendarIsEdited(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		ctx := x.house
		d := day("2028-01-03") // a Monday
		if !o.Calendar(ctx).IsWorking(d) || o.Calendar(ctx).IsWorking(day("2026-01-01")) {
			t.Error("the program's own table is not in force")
		}
		h := org.Holiday{Date: d, Kind: calendar.InLieu, Name: "Nghỉ bù Tết Dương lịch", Basis: "TB 1/2027", Status: calendar.Decided}
		must(t, o.SaveHoliday(ctx, h))
		if o.Calendar(ctx).IsWorking(d) || o.Calendar(ctx).IsWorking(day("2026-01-01")) {
			t.Error("the edit is not in force, or the seed was lost")
		}
		weekend := h
		weekend.Date = day("2028-01-01")
		nameless := h
		nameless.Name = " "
		check(t, step{"twice", o.SaveHoliday(ctx, h), errs.Invalid}, step{"a Saturday in lieu", o.SaveHoliday(ctx, weekend), errs.Invalid},
			step{"nameless", o.SaveHoliday(ctx, nameless), errs.Invalid})
		rows, err := o.Holidays(ctx, 2028)
		must(t, err)
		if len(rows) != 1 {
			t.Fatalf("%+v", rows)
		}
		rows[0].Status = calendar.Candidate
		must(t, o.SaveHoliday(ctx, rows[0]))
		check(t, step{"seen before", o.SaveHoliday(ctx, rows[0]), errs.Conflict}, step{"dropped too late", o.DropHoliday(ctx, rows[0].ID, 0), errs.Conflict},
			step{"dropped", o.DropHoliday(ctx, rows[0].ID, 1), nil}, step{"dropped twice", o.DropHoliday(ctx, rows[0].ID, 1), errs.NotFound})
		if !o.Calendar(ctx).IsWorking(d) {
			t.Error("what was dropped is in force")
		}
	})
}

func TestHeads(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		must(t, o.GivePost(x.house, org.Post{Person: x.ids[0], Unit: x.p, Title: "Chủ tịch", Category: org.Cadre, Head: true, From: day("2021-01-01"), To: day("2022-01-01")}))
		must(t, o.GivePost(x.house, org.Post{Person: x.ids[1], Unit: x.p, Title: "Bí thư", Category: org.Cadre, PartyHead: true, From: day("2021-06-01")}))
		for on, want := range map[string]int{"2020-06-01": 0, "2021-01-01": 1, "2021-07-01": 2, "2022-01-01": 1} {
			heads, err := o.HeadsOf(x.stranger, []org.UnitID{x.p, x.a}, day(on))
			if err != nil || len(heads[x.p]) != want {
				t.Errorf("on %s: %+v %v", on, heads, err)
			}
		}
	})
}
