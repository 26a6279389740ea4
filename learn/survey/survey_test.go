package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/id"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

var day = clock.MustDate("2022-06-01") // on which the course of the tests ends

type house struct {
	d              *db.DB
	orgs           *org.Org
	s              *Surveys
	post           *mail.Post
	top, ward, new org.UnitID
	people         []org.PersonID // twenty trainees; 0–11 in ward, of whom 0 is head, 12–19 in new
}

func schemas() []db.Schema {
	return []db.Schema{job.Schema, web.Schema, mail.Schema, org.Schema, access.Schema, Schema}
}

// each runs a test on every engine, on the day on which the course ends and as
// the house.
func each(t *testing.T, test func(*testing.T, context.Context, *house)) {
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		test(t, on(ctx, day), open(t, d))
	})
}

// on is the house's context at nine o'clock of a day.
func on(ctx context.Context, d clock.Date) context.Context {
	return access.System(clock.At(ctx, d.Time().Add(9*time.Hour)))
}

func open(t testing.TB, d *db.DB) *house {
	h := &house{d: d}
	jobs := job.New(d)
	h.orgs = org.New(d, event.New(jobs))
	var err error
	h.post, err = mail.New(d, jobs, "smtp://127.0.0.1:9?from=lotrinh@example.vn", "https://lotrinh.example.vn")
	must(t, err)
	h.s = New(d, h.orgs, h.post, []byte("a key that is not in the database"))
	access.Register(h.orgs.Module().Actions...)
	access.Register(h.s.Module().Actions...)
	sys := on(context.Background(), clock.MustDate("2020-01-01"))
	add := func(under org.UnitID, name string, k org.Kind) org.UnitID {
		u, err := h.orgs.Add(sys, org.Unit{Parent: under, Name: name, Kind: k, Tier: org.TierOf(k)}, org.Basis{On: clock.MustDate("2020-01-01")})
		must(t, err)
		return u
	}
	h.top = add("", "Tỉnh Quảng Nam", org.KindProvince)
	h.ward, h.new = add(h.top, "Phường An Mỹ", org.KindWard), add(h.top, "Phường An Xuân", org.KindWard)
	for i := range 20 {
		p := org.Post{Unit: h.ward, Category: org.CivilServant, From: clock.MustDate("2020-01-01"), Head: i == 0}
		if i >= 12 {
			p.Unit, p.Category = h.new, org.Cadre
		}
		ids, err := h.orgs.AddPeople(sys, org.NewPerson{Name: fmt.Sprintf("Nguyễn Văn %c", 'A'+i), Email: fmt.Sprintf("nguoi%d@example.vn", i), Post: p})
		must(t, err)
		h.people = append(h.people, ids...)
	}
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// class is the trainees and one lecturer.
func (h *house) class() (list []Invitee) {
	for i, p := range h.people {
		v := Invitee{Person: p, Respondent: content.AskTrainee, Unit: h.ward, Category: org.CivilServant}
		if i >= 12 {
			v.Unit, v.Category = h.new, org.Cadre
		}
		list = append(list, v)
	}
	return append(list, Invitee{Person: h.people[19], Respondent: content.AskLecturer, Unit: h.new, Category: org.Cadre})
}

func (h *house) course() Course {
	return Course{ID: "class-1", Title: "Căn bản chuyển đổi số, lớp 1", ProgrammeID: "p1", Programme: "Chuyển đổi số 2022", Unit: h.top, Ended: day}
}

// run opens one run for the class.
func (h *house) run(t testing.TB, ctx context.Context, key string, by Slicing, people ...Invitee) RunID {
	t.Helper()
	if people == nil {
		people = h.class()
	}
	r, err := h.s.Open(ctx, NewRun{Key: key, Course: "Lớp 1", ProgrammeID: "p1", Programme: "Chuyển đổi số 2022", Unit: h.top, SliceBy: by, Invite: people})
	must(t, err)
	return r
}

// say answers as person i, with the same score for every item.
func (h *house) say(ctx context.Context, run RunID, i, score int, words string) error {
	t := h.s.token(invite{run, h.people[i], content.AskTrainee})
	a, err := h.s.AskedBy(ctx, t)
	if err != nil {
		return err
	}
	r := Reply{Remark: words}
	for range a.Body.Items {
		r.Scores = append(r.Scores, score)
	}
	return h.s.Answer(ctx, t, r)
}

func TestOneAnswerEach(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		run := h.run(t, ctx, "ks-giang-vien", Whole)
		tok := h.s.token(invite{run, h.people[1], content.AskTrainee})
		a, err := h.s.AskedBy(ctx, tok)
		if err != nil || len(a.Body.Items) != 7 || a.Spent {
			t.Fatalf("%+v %v", a, err)
		}
		good := []int{5, 4, 3, 2, 1, 5, 5}
		for name, r := range map[string]Reply{"too few": {Scores: good[:6]}, "not answered": {Scores: []int{5, 4, 3, 0, 1, 5, 5}}, "six": {Scores: []int{6, 4, 3, 2, 1, 5, 5}},
			"long": {Scores: good, Remark: strings.Repeat("ế", maxRemark+1)}, "too many": {Scores: append(good, 5)}} {
			if err := h.s.Answer(ctx, tok, r); !errors.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, h.s.Answer(context.WithoutCancel(ctx), tok, Reply{Scores: good}))
		if err := h.s.Answer(ctx, tok, Reply{Scores: good}); !errors.Is(err, errs.Conflict) {
			t.Errorf("answered twice: %v", err)
		}
		if err := h.s.Answer(ctx, "made up", Reply{Scores: good}); !errors.Is(err, errs.NotFound) {
			t.Errorf("a token that never was: %v", err)
		}
		r, err := h.s.Run(ctx, run)
		if err != nil || r.Answered != 1 || r.Invited != 20 {
			t.Errorf("%+v %v", r, err)
		}
		late := on(context.Background(), r.Closes+1)
		if err := h.say(late, run, 2, 3, ""); !errors.Is(err, errs.Conflict) {
			t.Errorf("answered after the last day: %v", err)
		}
		must(t, h.s.Extend(ctx, run, r.Edition, r.Closes+7))
		must(t, h.say(late, run, 2, 3, ""))
		if err := h.s.Extend(ctx, run, r.Edition, r.Closes+9); !errors.Is(err, errs.Conflict) {
			t.Errorf("extended from an old page: %v", err)
		}
		if err := h.s.Extend(on(ctx, r.Closes+8), run, r.Edition+1, r.Closes+20); !errors.Is(err, errs.Conflict) {
			t.Errorf("a closed run was opened again: %v", err)
		}
	})
}

// A course that ends opens what is due, and three months later the run on the
// effect, to the trainees and to the heads of their agencies.
func TestCourseEnds(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		must(t, h.s.OnCourseEnded(ctx, h.course(), h.class()))
		must(t, h.s.OnCourseEnded(ctx, h.course(), h.class())) // at least once
		count := func(ctx context.Context, want int) []Run {
			t.Helper()
			list, n, err := h.s.Runs(ctx, Filter{Course: "class-1"})
			if err != nil || n != want {
				t.Fatalf("%d runs, want %d (%v)", n, want, err)
			}
			return list
		}
		count(ctx, 4) // all but the course (a day later) and the effect
		must(t, h.s.Daily(on(ctx, day+1)))
		count(on(ctx, day+1), 5)
		must(t, h.s.Daily(on(ctx, day+89)))
		count(on(ctx, day+89), 5)
		later := on(ctx, day+90)
		must(t, h.s.Daily(later))
		must(t, h.s.Daily(later))
		runs := count(later, 6)
		if e := runs[0]; e.Object != content.ObjectEffect || e.Opens != day+90 || e.Invited != 21 || e.Headless != 1 {
			t.Errorf("effect: %+v; want 20 trainees and one head, and one agency without", e)
		}
		left, err := db.One[int](ctx, h.d, `select (select count(*) from learn_survey_course) + (select count(*) from learn_survey_member) + (select count(*) from learn_survey_due)`)
		if err != nil || left != 0 {
			t.Errorf("%d rows of a course that is done with (%v)", left, err)
		}
		must(t, h.s.OnCourseEnded(later, h.course(), h.class()))
		count(later, 6)
	})
}

func TestLetters(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		run := h.run(t, ctx, "ks-giang-vien", Whole)
		inbox := func(i, want int, subject string) {
			t.Helper()
			list, err := h.post.Inbox(ctx, string(h.people[i]), 9)
			if err != nil || len(list) != want || want > 0 && (!strings.Contains(list[0].Subject, subject) || list[0].Link != "/surveys/"+string(run)+"/answer") {
				t.Errorf("person %d: %+v %v", i, list, err)
			}
		}
		inbox(3, 1, "Mời trả lời")
		mails, err := db.All[string](ctx, h.d, `select body from job_queue where kind = 'mail'`)
		if err != nil || len(mails) != 20 || !strings.Contains(strings.Join(mails, ""), "/s/"+h.s.token(invite{run, h.people[3], content.AskTrainee})) {
			t.Errorf("%d mails, %v", len(mails), err)
		}
		must(t, h.say(ctx, run, 4, 5, ""))
		r, err := h.s.Run(ctx, run)
		must(t, err)
		soon := on(context.Background(), r.Closes-remindDays)
		must(t, h.s.Daily(on(ctx, r.Closes-remindDays-1)))
		inbox(3, 1, "Mời trả lời")
		must(t, h.s.Daily(soon))
		must(t, h.s.Daily(soon))
		inbox(3, 2, "Nhắc trả lời")
		inbox(4, 1, "Mời trả lời")
		mine, err := h.s.Mine(access.As(soon, access.Actor{Person: h.people[3]}, h.orgs.Covers))
		if err != nil || len(mine) != 1 || mine[0].Run != run {
			t.Errorf("%+v %v", mine, err)
		}
		if mine, err := h.s.Mine(access.As(soon, access.Actor{Person: h.people[4]}, h.orgs.Covers)); err != nil || len(mine) != 0 {
			t.Errorf("who answered is asked again: %+v %v", mine, err)
		}
	})
}

func TestLetterWaitsForFirstDay(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		_, err := h.s.Open(ctx, NewRun{Key: "ks-giang-vien", Course: "Lớp 1", Unit: h.top, Opens: day + 2, Invite: h.class()})
		must(t, err)
		for i, d := range []clock.Date{day, day + 2} { // none, then one
			must(t, h.s.Daily(on(ctx, d)))
			if list, err := h.post.Inbox(ctx, string(h.people[0]), 9); err != nil || len(list) != i {
				t.Errorf("on %s: %d letters, %v", d, len(list), err)
			}
		}
		if _, err := h.s.Open(ctx, NewRun{Key: "ks-giang-vien", Unit: h.top, Opens: day, Closes: day - 1, Invite: h.class()}); !errors.Is(err, errs.Invalid) {
			t.Errorf("closes before it opens: %v", err)
		}
		if _, err := h.s.Open(ctx, NewRun{Key: "ks-giang-vien", Unit: h.top}); !errors.Is(err, errs.Invalid) {
			t.Errorf("nobody is asked: %v", err)
		}
		if _, err := h.s.Open(ctx, NewRun{Key: "ks-nothing", Unit: h.top, Invite: h.class()}); !errors.Is(err, errs.NotFound) {
			t.Errorf("no such questionnaire: %v", err)
		}
	})
}

// Nothing is told while a run is open, nor of fewer than five answers, nor of a
// group that leaves fewer than five; afterwards who was asked is forgotten.
func TestResults(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		run, few := h.run(t, ctx, "ks-giang-vien", ByCategory), h.run(t, ctx, "ks-khoa-boi-duong", ByCategory)
		for i := range 18 { // 12 civil servants, 6 cadres
			words := ""
			if i < 4 {
				words = "Ý kiến " + string(rune('A'+i))
			}
			must(t, h.say(ctx, run, i, 2+3*(i/12), words))
		}
		for i := range 4 {
			must(t, h.say(ctx, few, i, 1, ""))
		}
		if out, err := h.s.ResultsOf(ctx, run); err != nil || out.Closed || out.Shown || out.Total.N != 0 {
			t.Errorf("told while open: %+v %v", out, err)
		}
		after := on(ctx, day+60)
		look := func() {
			t.Helper()
			out, err := h.s.ResultsOf(after, run)
			if err != nil || !out.Shown || out.Total.N != 18 || out.Total.Items[0] != (Dist{0, 12, 0, 0, 6}) || out.Remarks != nil {
				t.Fatalf("%+v %v", out.Total, err)
			}
			if len(out.Slices) != 2 || out.Slices[0].Label != "civil_servant" || out.Slices[0].N != 12 || out.Slices[1].Items[6] != (Dist{0, 0, 0, 0, 6}) {
				t.Errorf("%+v", out.Slices)
			}
			if out, err := h.s.ResultsOf(after, few); err != nil || out.Shown || out.Total.N != 0 || !out.Closed {
				t.Errorf("four answers are told: %+v %v", out, err)
			}
		}
		look()
		must(t, h.s.Daily(after))
		look()
		left, err := db.One[int](ctx, h.d, `select (select count(*) from learn_survey_invite) + (select count(*) from learn_survey_token)`)
		if err != nil || left != 0 {
			t.Errorf("%d rows still say who was asked (%v)", left, err)
		}
	})
}

func TestSmallGroupsHide(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		run := h.run(t, ctx, "ks-giang-vien", ByCategory)
		for i := range 16 { // 12 civil servants; 4 of the 8 cadres
			must(t, h.say(ctx, run, i, 3, "lời"))
		}
		after := on(ctx, day+60)
		out, err := h.s.ResultsOf(after, run)
		if err != nil || out.Slices != nil || len(out.Remarks) != 16 {
			t.Errorf("%+v %v", out.Slices, err)
		}
		must(t, h.s.Daily(after))
		labels, err := db.All[string](ctx, h.d, `select distinct slice from learn_survey_reply`)
		if err != nil || len(labels) != 1 || labels[0] != "" {
			t.Errorf("labels that are left: %q %v", labels, err)
		}
	})
}

// Across a programme, small runs are told by fives only.
func TestProgramme(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		answers := []int{6, 3, 1, 2, 4} // in the order in which the runs close
		for i, n := range answers {
			r, err := h.s.Open(ctx, NewRun{Key: "ks-giang-vien", CourseID: fmt.Sprint("c", i), Course: fmt.Sprint("Lớp ", i), ProgrammeID: "p1", Programme: "Chương trình",
				Unit: h.top, Closes: day + clock.Date(i), Invite: h.class()})
			must(t, err)
			for k := range n {
				must(t, h.say(ctx, r, k, 4, ""))
			}
		}
		for after, want := range map[clock.Date]int64{1: 6, 2: 6, 3: 6, 4: 12, 5: 12} {
			list, err := h.s.ProgrammeResults(on(ctx, day+after), "p1")
			must(t, err)
			if len(list) != 1 || list[0].Total.N != want || len(list[0].Lines) != 1 || list[0].Answered != want {
				t.Errorf("%d runs closed: %+v", after, list)
			}
		}
		if _, err := h.s.ProgrammeResults(ctx, "nothing"); !errors.Is(err, errs.NotFound) {
			t.Errorf("no such programme: %v", err)
		}
	})
}

func TestVersions(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		const key = "ks-giang-vien"
		f, err := h.s.FormFor(ctx, h.ward, key)
		must(t, err)
		if f.Unit != "" || f.Version != 1 {
			t.Fatalf("%+v", f)
		}
		set := func(unit org.UnitID, f Form, line string) (Form, error) {
			b, err := f.Body()
			must(t, err)
			ty := typedForm(b)
			ty.Items += "\n" + line
			if err := h.s.SetForm(ctx, unit, key, f.ID, f.Edition, ty.body(key, b)); err != nil {
				return f, err
			}
			return h.s.FormFor(ctx, unit, key)
		}
		own, err := set(h.top, f, "Câu thứ tám.")
		must(t, err)
		if own.Unit != h.top || own.Version != 1 || own.ID == f.ID {
			t.Fatalf("%+v", own)
		}
		if _, err := set(h.top, f, "Câu khác."); !errors.Is(err, errs.Conflict) {
			t.Errorf("edited from an old page: %v", err)
		}
		again, err := set(h.top, own, "Câu thứ chín.")
		if err != nil || again.ID != own.ID || again.Edition != 1 {
			t.Errorf("nobody was asked, yet there is another version: %+v %v", again, err)
		}
		run := h.run(t, ctx, key, Whole)
		next, err := set(h.top, again, "Câu thứ mười.")
		if err != nil || next.ID == own.ID || next.Version != 2 {
			t.Errorf("%+v %v", next, err)
		}
		out, err := h.s.ResultsOf(ctx, run)
		if err != nil || len(out.Body.Items) != 9 || out.Body.Items[8] != (Item{key + ".9", "Câu thứ chín."}) {
			t.Errorf("the version that was put to people: %+v %v", out.Body.Items, err)
		}
		if f, err := h.s.FormFor(ctx, h.new, key); err != nil || f.ID != next.ID {
			t.Errorf("a unit below: %+v %v", f, err)
		}
		if err := h.s.SetForm(ctx, h.top, key, next.ID, next.Edition, Body{AfterDays: -1}); !errors.Is(err, errs.Invalid) || len(errs.Of(err).Fields) != 4 {
			t.Errorf("an empty questionnaire: %v", err)
		}
	})
}

func TestWhoMay(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		n := NewRun{Key: "ks-giang-vien", Course: "Lớp 1", ProgrammeID: "p1", Unit: h.ward, Invite: h.class()}
		run, err := h.s.Open(ctx, n)
		must(t, err)
		must(t, h.s.Daily(ctx))
		later := day + 60
		as := func(unit org.UnitID) context.Context {
			return access.As(clock.At(context.Background(), later.Time()), access.Actor{Person: h.people[15], Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: unit}}}, h.orgs.Covers)
		}
		nobody := clock.At(context.Background(), later.Time())
		for name, c := range map[string]struct {
			ctx  context.Context
			want error
		}{"stranger": {nobody, errs.Stranger}, "neighbour": {as(h.new), errs.Denied}} {
			_, err1 := h.s.Run(c.ctx, run)
			_, err2 := h.s.ResultsOf(c.ctx, run)
			_, err3 := h.s.Open(c.ctx, n)
			_, err4 := h.s.FormsFor(c.ctx, h.ward)
			_, err5 := h.s.FormFor(c.ctx, h.ward, "ks-giang-vien")
			for i, err := range []error{err1, err2, err3, err4, err5, h.s.Extend(c.ctx, run, 0, later), h.s.OnCourseEnded(c.ctx, Course{ID: "x", Unit: h.ward}, h.class()),
				h.s.SetForm(c.ctx, h.ward, "ks-giang-vien", "", 0, Body{}), h.s.SeedDemo(c.ctx, 1, Demo{run, 3})} {
				if !errors.Is(err, c.want) {
					t.Errorf("%s, case %d: %v", name, i, err)
				}
			}
			if list, n, err := h.s.Runs(c.ctx, Filter{}); err != nil || n != 0 || len(list) != 0 {
				t.Errorf("%s sees %d runs (%v)", name, n, err)
			}
			if list, err := h.s.Rates(c.ctx, Filter{}); err != nil || len(list) != 0 {
				t.Errorf("%s sees %d rates (%v)", name, len(list), err)
			}
			if list, err := h.s.Programmes(c.ctx); err != nil || len(list) != 0 {
				t.Errorf("%s sees %d programmes (%v)", name, len(list), err)
			}
			if list, err := h.s.ProgrammeResults(c.ctx, "p1"); err == nil {
				t.Errorf("%s sees %d results", name, len(list))
			}
		}
		if _, err := h.s.Mine(nobody); !errors.Is(err, errs.Stranger) {
			t.Errorf("a stranger's own: %v", err)
		}
		if _, err := h.s.MyToken(nobody, run); !errors.Is(err, errs.Stranger) {
			t.Errorf("a stranger's token: %v", err)
		}
		for i, want := range map[int]error{3: nil, 15: nil} {
			if _, err := h.s.MyToken(access.As(ctx, access.Actor{Person: h.people[i]}, h.orgs.Covers), run); !errors.Is(err, want) {
				t.Errorf("person %d: %v", i, err)
			}
		}
		if _, err := h.s.MyToken(access.As(ctx, access.Actor{Person: "nobody"}, h.orgs.Covers), run); !errors.Is(err, errs.NotFound) {
			t.Errorf("who was not asked: %v", err)
		}
		officer := as(h.ward)
		if out, err := h.s.ResultsOf(officer, run); err != nil || !out.Closed {
			t.Errorf("the unit's own officer: %v", err)
		}
		if err := h.s.SeedDemo(officer, 1, Demo{run, 3}); !errors.Is(err, errs.Denied) {
			t.Errorf("an officer made answers up: %v", err)
		}
	})
}

// The demo's answers are the same whatever the house's key is.
func TestSeedDemo(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		ctx = id.Seeded(ctx, 7)
		var last Results
		for i, key := range []string{"one key", "another"} {
			s := New(h.d, h.orgs, h.post, []byte(key))
			run, err := s.Open(ctx, NewRun{Key: "ks-giang-vien", CourseID: fmt.Sprint(i), Unit: h.top, SliceBy: ByCategory, Invite: h.class(), Quiet: true})
			must(t, err)
			must(t, s.SeedDemo(ctx, 2022, Demo{run, 17}))
			out, err := s.ResultsOf(on(ctx, day+60), run)
			must(t, err)
			if out.Total.N != 17 || out.Run.Answered != 17 || out.Total.All().Agree()*2 < out.Total.All().Base() {
				t.Errorf("%+v", out.Total)
			}
			if i > 0 && fmt.Sprint(out.Total, out.Slices) != fmt.Sprint(last.Total, last.Slices) {
				t.Errorf("%+v\n%+v", out, last)
			}
			last = out
			if err := h.post.Send(ctx); err != nil {
				t.Error(err)
			}
		}
		if list, err := h.post.Inbox(ctx, string(h.people[0]), 9); err != nil || len(list) != 0 {
			t.Errorf("a quiet run wrote %d letters (%v)", len(list), err)
		}
	})
}

// A class that answers all at once, everybody twice: each counts once, and none
// is lost.
func TestAllAtOnce(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		run := h.run(t, ctx, "ks-giang-vien", Whole)
		results := make(chan error)
		for n := range 40 {
			go func() { results <- h.say(on(context.Background(), day), run, n/2, 1+n/2%5, "lời") }()
		}
		taken := 0
		for range 40 {
			if err := <-results; err == nil {
				taken++
			} else if !errors.Is(err, errs.Conflict) {
				t.Error(err)
			}
		}
		out, err := h.s.ResultsOf(on(ctx, day+60), run)
		if err != nil || taken != 20 || out.Total.N != 20 || out.Run.Answered != 20 || len(out.Remarks) != 20 || out.Total.Items[3] != (Dist{4, 4, 4, 4, 4}) {
			t.Errorf("%d taken; %+v, %d remarks, %v", taken, out.Total, len(out.Remarks), err)
		}
	})
}

// BenchmarkAnswer takes answers to a run of 3,600 people.
func BenchmarkAnswer(b *testing.B) {
	d := dbtest.SQLite(b, schemas())
	defer d.Close()
	h := open(b, d)
	ctx := on(context.Background(), day)
	run := h.run(b, ctx, "ks-giang-vien", Whole)
	tok := h.s.token(invite{run, h.people[0], content.AskTrainee})
	var old []answer
	for i := range 3600 {
		old = append(old, answer{int64(i*500_000 + 1), run, "", "5445544"})
	}
	must(b, db.Insert(ctx, d, "learn_survey_reply", old...))
	for b.Loop() {
		must(b, h.s.Answer(ctx, tok, Reply{Scores: []int{5, 4, 4, 5, 5, 4, 4}, Remark: "Nên thêm giờ thực hành."}))
		_, err := d.Exec(ctx, `update learn_survey_token set used = $1`, false)
		must(b, err)
	}
}
