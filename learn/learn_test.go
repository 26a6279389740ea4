package learn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/learn/quiz"
	"lotrinh/learn/survey"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

func taskLesson() NewLesson {
	return NewLesson{Kind: LessonTask, Title: "Nhiệm vụ ứng dụng", Required: true, Evidence: []string{"Ảnh chụp màn hình"}, Confirm: []string{"Đã làm"}}
}

func TestLearningACourse(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		an := h.hire(t, ctx, h.commune, "Nguyễn Văn An")[0]
		head := h.hire(t, ctx, h.commune, "Trần Thị Bình")[0]
		cid := h.course(t, ctx, 2, NewCourse{Rule: Rule{Lessons: true, Tasks: true}, Days: 30}, taskLesson())
		_, err := h.learn.Enrol(h.as(ctx, head, module.Head, h.commune), cid, []org.PersonID{an, an})
		ok(t, err)
		me, boss := h.as(ctx, an, "", ""), h.as(ctx, head, module.Head, h.commune)
		ok(t, h.learn.FinishLesson(me, cid, 0))
		ok(t, h.learn.FinishLesson(me, cid, 0))
		ok(t, h.learn.FinishLesson(me, cid, 1))
		if err := h.learn.FinishLesson(me, cid, 2); !errors.Is(err, errs.Conflict) {
			t.Fatalf("a task is done by a click: %v", err)
		}
		file := func() []Upload { return []Upload{{"C:\\anh\\Màn hình.png", bytes.NewReader([]byte("\x89PNG"))}} }
		tid, err := h.learn.HandIn(me, cid, 2, "Đã đưa 12 thủ tục lên mạng.", file())
		ok(t, err)
		if _, err := h.learn.HandIn(me, cid, 2, "Lần nữa", nil); !errors.Is(err, errs.Conflict) {
			t.Fatalf("handed in twice: %v", err)
		}
		if err := h.learn.Decide(boss, tid, 0, false, ""); !errors.Is(err, errs.Invalid) {
			t.Fatalf("rejected without a reason: %v", err)
		}
		ok(t, h.learn.Decide(boss, tid, 0, false, "Thiếu ảnh."))
		if e := h.enrolment(t, ctx, cid, an); e.Marks != "ddr" || e.State != Active {
			t.Fatalf("after the rejection: %+v", e)
		}
		tid, err = h.learn.HandIn(me, cid, 2, "Đã bổ sung.", file())
		ok(t, err)
		waiting, err := h.learn.WaitingTasks(boss)
		if err != nil || len(waiting) != 1 || waiting[0].No != 2 || waiting[0].Files[0].Name != "Màn hình.png" {
			t.Fatalf("waiting: %+v %v", waiting, err)
		}
		ok(t, h.learn.Decide(boss, tid, 0, true, ""))
		e := h.enrolment(t, ctx, cid, an)
		if e.Marks != "ddd" || e.State != Completed || e.CompletedOn != clock.MustDate("2022-06-01") || e.Unit != h.commune || e.Due != clock.MustDate("2022-07-01") {
			t.Fatalf("at the end: %+v", e)
		}
		_, body, err := h.learn.OpenEvidence(boss, waiting[0].Files[0].ID)
		ok(t, err)
		defer body.Close()
		if got, _ := io.ReadAll(body); string(got) != "\x89PNG" {
			t.Fatalf("evidence: %q", got)
		}
	})
}

func TestNobodyConfirmsHisOwnTask(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		head := h.hire(t, ctx, h.commune, "Trần Thị Bình")[0]
		cid := h.course(t, ctx, 0, NewCourse{}, taskLesson())
		boss := h.as(ctx, head, module.Head, h.commune)
		_, err := h.learn.Enrol(boss, cid, []org.PersonID{head})
		ok(t, err)
		tid, err := h.learn.HandIn(boss, cid, 0, "Tự làm", nil)
		ok(t, err)
		if err := h.learn.Decide(boss, tid, 0, true, ""); !errors.Is(err, errs.Denied) {
			t.Fatal(err)
		}
	})
}

func TestATestMakesTheLesson(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		an := h.hire(t, ctx, h.commune, "Nguyễn Văn An")[0]
		cid := h.course(t, ctx, 1, NewCourse{Rule: Rule{Lessons: true, Score: 50}, AutoIssue: true, Minutes: 240})
		tid := trueFalseTest(t, sys, h, cid)
		_, err := h.learn.AddLessons(sys, cid, []NewLesson{{Kind: LessonQuiz, Title: "Bài kiểm tra", Required: true, Test: tid}})
		ok(t, err)
		_, err = h.learn.Enrol(sys, cid, []org.PersonID{an})
		ok(t, err)
		variant, err := h.learn.Vary(sys, cid, h.neighbour)
		ok(t, err)
		ok(t, h.learn.SetState(sys, variant, Published))
		binh := h.hire(t, ctx, h.neighbour, "Lê Bình")[0]
		_, err = h.learn.Enrol(sys, cid, []org.PersonID{binh})
		ok(t, err)
		for p, want := range map[org.PersonID]CourseID{an: cid, binh: variant} {
			me := h.as(ctx, p, "", "")
			ok(t, h.learn.FinishLesson(me, want, 0))
			aid, err := h.learn.Quiz().OpenAttempt(me, tid)
			ok(t, err)
			ok(t, h.learn.Quiz().Submit(me, aid, url.Values{"n": {"1", "2"}, "q1": {"1"}, "q2": {"1"}}))
			e := h.enrolment(t, ctx, cid, p)
			if e.Course != want || e.State != Completed || e.Score != 10000 || !e.Passed {
				t.Fatalf("%s: %+v", p, e)
			}
			certs, err := h.learn.MyCertificates(me)
			if err != nil || len(certs) != 1 || certs[0].Grade != "Xuất sắc" {
				t.Fatalf("certificates: %+v %v", certs, err)
			}
		}
		if _, err := h.learn.Quiz().OpenAttempt(h.as(ctx, "stranger", "", ""), tid); !errors.Is(err, errs.NotFound) {
			t.Fatalf("who is not enrolled takes the test: %v", err)
		}
	})
}

// trueFalseTest is a test of two statements that are true.
func trueFalseTest(t testing.TB, sys context.Context, h *house, cid CourseID) quiz.TestID {
	t.Helper()
	q := h.learn.Quiz()
	var all []quiz.NewQuestion
	for i := range 2 {
		all = append(all, quiz.NewQuestion{Unit: h.province, Topic: "tf", Level: quiz.Remember, Body: quiz.Body{Kind: quiz.TrueFalse, Points: 1, Stem: fmt.Sprint("Đúng hay sai ", i), Answer: true}})
	}
	_, err := q.AddQuestions(sys, all)
	ok(t, err)
	tid, err := q.CreateTest(sys, quiz.NewTest{Unit: h.province, Course: string(cid), Title: "Bài kiểm tra", PassPercent: 50, Picks: []quiz.Pick{{Topic: "tf", Count: 2}}})
	ok(t, err)
	ok(t, q.Publish(sys, tid))
	return tid
}

func TestCertificates(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		officer := h.as(ctx, "officer", module.TrainingOfficer, h.province)
		ids := h.hire(t, ctx, h.commune, "Nguyễn Văn An", "Trần Thị Bình", "Lê Cường")
		cid := h.course(t, ctx, 1, NewCourse{Minutes: 1080})
		_, err := h.learn.Enrol(officer, cid, ids)
		ok(t, err)
		for _, p := range ids[:2] {
			ok(t, h.learn.FinishLesson(h.as(ctx, p, "", ""), cid, 0))
		}
		ok(t, h.learn.SetTemplate(officer, Template{Unit: h.province, Body: "Sở Thông tin và Truyền thông", Months: 12, Signs: "GIÁM ĐỐC"}))
		serials, err := h.learn.Issue(officer, cid, nil)
		if err != nil || len(serials) != 2 {
			t.Fatalf("%v %v", serials, err)
		}
		if again, err := h.learn.Issue(officer, cid, nil); err != nil || len(again) != 0 {
			t.Fatalf("issued again: %v %v", again, err)
		}
		c, err := h.learn.CheckCertificate(ctx, strings.ToLower(strings.ReplaceAll(serials[0], "-", " ")))
		ok(t, err)
		if c.Standing != "valid" || strings.Contains(c.Name, "Văn") || c.Issuer != "Tỉnh Quảng Nam" {
			t.Fatalf("%+v", c)
		}
		fresh, err := h.learn.Reissue(officer, serials[0], "Đổi tên")
		ok(t, err)
		ok(t, h.learn.Revoke(officer, serials[1], "Cấp nhầm"))
		if err := h.learn.Revoke(officer, serials[0], "Lần nữa"); !errors.Is(err, errs.Conflict) {
			t.Fatal(err)
		}
		for serial, want := range map[string]string{serials[0]: "replaced", serials[1]: "revoked", fresh: "valid"} {
			if c, err := h.learn.CheckCertificate(ctx, serial); err != nil || c.Standing != want {
				t.Errorf("%s: %+v %v, want %s", serial, c, err, want)
			}
		}
		if _, err := h.learn.CheckCertificate(ctx, "LT22-AAAA-AAAA"); !errors.Is(err, errs.NotFound) {
			t.Fatal(err)
		}
		var paper bytes.Buffer
		ok(t, h.learn.PrintCertificate(officer, fresh, &paper))
		if !bytes.HasPrefix(paper.Bytes(), []byte("%PDF-")) {
			t.Fatal("no PDF")
		}
		book, n, err := h.learn.Register(officer, RegisterFilter{Text: "nguyen van"})
		if err != nil || n != 2 || book[0].Register() != "3/2022" || book[0].Replaces != serials[0] {
			t.Fatalf("%d %+v %v", n, book, err)
		}
		bid, err := h.learn.OrderBundle(officer, cid)
		ok(t, err)
		ok(t, h.jobs.Drain(ctx))
		b, body, err := h.learn.OpenBundle(officer, bid)
		ok(t, err)
		body.Close()
		if b.Done != 1 || b.Size < 1000 {
			t.Fatalf("%+v", b)
		}
	})
}

// TestCoursesAreEvaluatedByThemselves: when a course has ended, its trainees and
// those who taught it are asked, once.
func TestCoursesAreEvaluatedByThemselves(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		ids := h.hire(t, ctx, h.commune, "Lê An", "Lê Bình", "Lê Chi", "Lê Dung", "Lê Em", "Lê Phương")
		lecturer := h.hire(t, ctx, h.district, "Lê Giảng")[0]
		s := survey.New(h.d, h.orgs, h.post, []byte("a key outside the database"))
		access.Register(s.Module().Actions...)
		h.learn.SetSurveys(s, taught{lecturer})
		cid := h.course(t, ctx, 1, NewCourse{Ends: clock.MustDate("2022-05-31")})
		h.course(t, ctx, 1, NewCourse{Title: "Chưa hết", Ends: clock.MustDate("2022-06-01")})
		h.course(t, ctx, 1, NewCourse{Title: "Đã lâu", Ends: clock.MustDate("2021-06-01")})
		pid, err := h.learn.AddProgramme(sys, NewProgramme{Unit: h.province, Title: "Chương trình", Courses: []CourseID{cid}})
		ok(t, err)
		_, err = h.learn.Enrol(sys, cid, ids)
		ok(t, err)
		for _, want := range []int{1, 0} {
			if n, err := h.learn.EvaluateEnded(sys); err != nil || n != want {
				t.Fatalf("evaluated %d courses, want %d (%v)", n, want, err)
			}
		}
		runs, n, err := s.Runs(sys, survey.Filter{Course: string(cid)})
		if err != nil || n != 5 { // the effect after training is asked later
			t.Fatalf("%d runs %v", n, err)
		}
		for _, r := range runs {
			if r.ProgrammeID != string(pid) || r.Programme != "Chương trình" {
				t.Errorf("run of another programme: %+v", r)
			}
		}
		for p, want := range map[org.PersonID]int{ids[0]: 4, lecturer: 4} { // not the one on lecturers, and on trainees
			if mine, err := s.Mine(h.as(ctx, p, "", "")); err != nil || len(mine) != want {
				t.Errorf("%s is asked %d times, want %d (%v)", p, len(mine), want, err)
			}
		}
	})
}

// taught is one lecturer of every course.
type taught struct{ lecturer org.PersonID }

func (t taught) TaughtBy(context.Context, Course) ([]org.PersonID, error) {
	return []org.PersonID{t.lecturer}, nil
}

func TestSavingWhatSomeoneElseChanged(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		officer := h.as(ctx, "officer", module.TrainingOfficer, h.province)
		cid := h.course(t, ctx, 1, NewCourse{})
		c, err := h.learn.CourseOf(officer, cid)
		ok(t, err)
		in := NewCourse{Title: "Tên mới", Rule: Rule{Lessons: true}}
		ok(t, h.learn.EditCourse(officer, cid, c.Edition, in))
		if err := h.learn.EditCourse(officer, cid, c.Edition, in); !errors.Is(err, errs.Conflict) {
			t.Fatal(err)
		}
	})
}

func TestRecomputeMends(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		officer := h.as(ctx, "officer", module.TrainingOfficer, h.province)
		an := h.hire(t, ctx, h.commune, "Nguyễn Văn An")[0]
		cid := h.course(t, ctx, 2, NewCourse{})
		_, err := h.learn.Enrol(officer, cid, []org.PersonID{an})
		ok(t, err)
		ok(t, h.learn.FinishLesson(h.as(ctx, an, "", ""), cid, 1))
		_, err = h.d.Exec(ctx, `update learn_enrolment set marks = '', done = 9`)
		ok(t, err)
		if n, err := h.learn.Recompute(officer, cid); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if n, err := h.learn.Recompute(officer, cid); n != 0 || err != nil {
			t.Fatal(n, err)
		}
		if e := h.enrolment(t, ctx, cid, an); e.Marks != ".d" || e.Done != 1 {
			t.Fatalf("%+v", e)
		}
	})
}

func TestASuperiorSeesHisOwnPeople(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		an, binh := h.hire(t, ctx, h.commune, "Nguyễn Văn An")[0], h.hire(t, ctx, h.neighbour, "Lê Bình")[0]
		cid := h.course(t, ctx, 1, NewCourse{})
		_, err := h.learn.Enrol(sys, cid, []org.PersonID{an, binh})
		ok(t, err)
		for unit, want := range map[org.UnitID]int{h.commune: 1, h.neighbour: 1, h.district: 0, h.province: 0} {
			_, _, rows, n, err := h.learn.Gradebook(h.as(ctx, "head", module.Head, unit), cid, GradeFilter{})
			if err != nil || n != want || len(rows) != want {
				t.Errorf("head of %s sees %d (%v), want %d", unit, n, err, want)
			}
		}
	})
}

func TestSeedCourses(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		all, err := h.learn.SeedCourses(sys, h.province)
		if err != nil || len(all) != 6 || all[0].Test == "" {
			t.Fatalf("%+v %v", all, err)
		}
		again, err := h.learn.SeedCourses(sys, h.province)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(all) {
			t.Fatalf("again: %+v %v", again, err)
		}
		v, err := h.learn.Study(sys, all[0].Course)
		ok(t, err)
		_, body, err := h.learn.OpenPicture(sys, all[0].Course, "img/ba-muc.svg")
		ok(t, err)
		body.Close()
		if len(v.Outline.Lessons) < 11 || v.Course.State != Published {
			t.Fatalf("%+v", v)
		}
	})
}
