package learn

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// world is one of each thing, in the commune.
type world struct {
	*house
	course    CourseID
	lesson    LessonID
	enrolment EnrolmentID
	person    org.PersonID
	task      TaskID
	evidence  string
	serial    string
	test      quiz.TestID
	attempt   quiz.AttemptID
	question  quiz.QuestionID
	topic     TopicID
	bundle    string
	programme ProgrammeID
}

func newWorld(t testing.TB, ctx context.Context, h *house) *world {
	t.Helper()
	sys, l := access.System(ctx), h.learn
	w := &world{house: h, person: h.hire(t, ctx, h.commune, "Nguyễn Văn An")[0]}
	var err error
	w.topic, err = l.AddTopic(sys, NewTopic{Unit: h.district, Title: "Chuyên đề"})
	ok(t, err)
	w.course, err = l.CreateCourse(sys, NewCourse{Unit: h.district, Topic: w.topic, Title: "Khóa của huyện"})
	ok(t, err)
	ids, err := l.AddLessons(sys, w.course, []NewLesson{{Kind: LessonText, Title: "Bài 1", Source: "x", Required: true}, taskLesson()})
	ok(t, err)
	w.lesson = ids[0]
	w.test = trueFalseTest(t, sys, h, w.course)
	ok(t, l.SetState(sys, w.course, Published))
	_, err = l.Enrol(sys, w.course, []org.PersonID{w.person})
	ok(t, err)
	me := h.as(ctx, w.person, "", "")
	w.enrolment = h.enrolment(t, ctx, w.course, w.person).ID
	ok(t, l.FinishLesson(me, w.course, 0))
	w.task, err = l.HandIn(me, w.course, 1, "Đã làm", []Upload{{"a.pdf", strings.NewReader("%PDF-1.4")}})
	ok(t, err)
	v, err := l.StudyLesson(me, w.course, 1)
	ok(t, err)
	w.evidence = v.Tasks[0].Files[0].ID
	w.attempt, err = l.Quiz().OpenAttempt(me, w.test)
	ok(t, err)
	ok(t, l.Quiz().Submit(me, w.attempt, url.Values{"n": {"1"}, "q1": {"1"}}))
	_, err = h.d.Exec(ctx, `update learn_enrolment set state = 'completed', completed_on = '2022-06-01'`)
	ok(t, err)
	serials, err := l.Issue(sys, w.course, nil)
	ok(t, err)
	w.serial = serials[0]
	w.bundle, err = l.OrderBundle(sys, w.course)
	ok(t, err)
	w.programme, err = l.AddProgramme(sys, NewProgramme{Unit: h.district, Title: "Chương trình", Courses: []CourseID{w.course}})
	ok(t, err)
	all, _, err := l.Quiz().Questions(sys, quiz.BankFilter{})
	ok(t, err)
	w.question = all[0].ID
	return w
}

// useCases are all that a person may ask of learn and of quiz, each about what
// belongs to the commune.
func (w *world) useCases() map[string]func(context.Context) error {
	l, q := w.learn, w.learn.Quiz()
	course := NewCourse{Unit: w.district, Title: "x", Rule: Rule{Lessons: true}}
	lesson := NewLesson{Kind: LessonText, Title: "x", Source: "x"}
	question := quiz.NewQuestion{Unit: w.district, Level: quiz.Remember, Body: quiz.Body{Kind: quiz.TrueFalse, Points: 1, Stem: "x"}}
	test := quiz.NewTest{Unit: w.district, Title: "x"}
	file := func() Upload { return Upload{"img/x.svg", strings.NewReader("<svg>")} }
	return map[string]func(context.Context) error{
		"AddTopic": func(ctx context.Context) error {
			_, err := l.AddTopic(ctx, NewTopic{Unit: w.district, Title: "x"})
			return err
		},
		"EditTopic":     func(ctx context.Context) error { return l.EditTopic(ctx, w.topic, 0, NewTopic{Title: "x"}) },
		"CreateCourse":  func(ctx context.Context) error { _, err := l.CreateCourse(ctx, course); return err },
		"EditCourse":    func(ctx context.Context) error { return l.EditCourse(ctx, w.course, 0, course) },
		"SetState":      func(ctx context.Context) error { return l.SetState(ctx, w.course, Closed) },
		"CourseOf":      func(ctx context.Context) error { _, err := l.CourseOf(ctx, w.course); return err },
		"Vary":          func(ctx context.Context) error { _, err := l.Vary(ctx, w.course, w.commune); return err },
		"AddLesson":     func(ctx context.Context) error { _, err := l.AddLesson(ctx, w.course, lesson); return err },
		"EditLesson":    func(ctx context.Context) error { return l.EditLesson(ctx, w.lesson, 0, lesson) },
		"MoveLesson":    func(ctx context.Context) error { return l.MoveLesson(ctx, w.lesson, 2) },
		"RetireLesson":  func(ctx context.Context) error { return l.RetireLesson(ctx, w.lesson) },
		"SetLessonFile": func(ctx context.Context) error { return l.SetLessonFile(ctx, w.lesson, 0, file()) },
		"AddPicture":    func(ctx context.Context) error { return l.AddPicture(ctx, w.course, file()) },
		"OpenPicture":   func(ctx context.Context) error { return closed(l.OpenPicture(ctx, w.course, "img/x.svg")) },
		"OpenLesson":    func(ctx context.Context) error { return closed(l.OpenLessonFile(ctx, w.course, 0)) },
		"Study":         func(ctx context.Context) error { _, err := l.Study(ctx, w.course); return err },
		"StudyLesson":   func(ctx context.Context) error { _, err := l.StudyLesson(ctx, w.course, 0); return err },
		"FinishLesson":  func(ctx context.Context) error { return l.FinishLesson(ctx, w.course, 0) },
		"Watched":       func(ctx context.Context) error { return l.Watched(ctx, w.course, 0, 5) },
		"HandIn":        func(ctx context.Context) error { _, err := l.HandIn(ctx, w.course, 1, "x", nil); return err },
		"Decide":        func(ctx context.Context) error { return l.Decide(ctx, w.task, 0, true, "") },
		"OpenEvidence":  func(ctx context.Context) error { return closed(l.OpenEvidence(ctx, w.evidence)) },
		"Enrol": func(ctx context.Context) error {
			_, err := l.Enrol(ctx, w.course, []org.PersonID{w.person})
			return err
		},
		"EnrolMany": func(ctx context.Context) error {
			_, err := l.EnrolMany(ctx, w.course, []org.PersonID{w.person}, "class")
			return err
		},
		"SignUp":    func(ctx context.Context) error { return l.SignUp(ctx, w.course) },
		"Withdraw":  func(ctx context.Context) error { return l.Withdraw(ctx, w.enrolment) },
		"Reinstate": func(ctx context.Context) error { return l.Reinstate(ctx, w.enrolment) },
		"Recompute": func(ctx context.Context) error { _, err := l.Recompute(ctx, w.course); return err },
		"AddProgramme": func(ctx context.Context) error {
			_, err := l.AddProgramme(ctx, NewProgramme{Unit: w.district, Title: "x", Courses: []CourseID{w.course}})
			return err
		},
		"EditProgramme": func(ctx context.Context) error {
			return l.EditProgramme(ctx, w.programme, 0, NewProgramme{Title: "x", Courses: []CourseID{w.course}})
		},
		"RetireTopic":   func(ctx context.Context) error { return l.RetireTopic(ctx, w.topic, true) },
		"Variants":      func(ctx context.Context) error { _, err := l.Variants(ctx, w.course); return err },
		"Differences":   func(ctx context.Context) error { _, _, err := l.Differences(ctx, w.course); return err },
		"Issue":         func(ctx context.Context) error { _, err := l.Issue(ctx, w.course, nil); return err },
		"Revoke":        func(ctx context.Context) error { return l.Revoke(ctx, w.serial, "x") },
		"Reissue":       func(ctx context.Context) error { _, err := l.Reissue(ctx, w.serial, "x"); return err },
		"Print":         func(ctx context.Context) error { return l.PrintCertificate(ctx, w.serial, io.Discard) },
		"SetTemplate":   func(ctx context.Context) error { return l.SetTemplate(ctx, Template{Unit: w.district, Body: "x"}) },
		"TemplateOf":    func(ctx context.Context) error { _, err := l.TemplateOf(ctx, w.district); return err },
		"OrderBundle":   func(ctx context.Context) error { _, err := l.OrderBundle(ctx, w.course); return err },
		"BundleOf":      func(ctx context.Context) error { _, err := l.BundleOf(ctx, w.bundle); return err },
		"OpenBundle":    func(ctx context.Context) error { return closed(l.OpenBundle(ctx, w.bundle)) },
		"EvaluateEnded": func(ctx context.Context) error { _, err := l.EvaluateEnded(ctx); return err },
		"Seed":          l.Seed,
		"AddQuestion":   func(ctx context.Context) error { _, err := q.AddQuestion(ctx, question); return err },
		"EditQuestion":  func(ctx context.Context) error { return q.EditQuestion(ctx, w.question, 0, question) },
		"Retire":        func(ctx context.Context) error { return q.Retire(ctx, w.question, true) },
		"Question":      func(ctx context.Context) error { _, _, err := q.Question(ctx, w.question, 0); return err },
		"CreateTest":    func(ctx context.Context) error { _, err := q.CreateTest(ctx, test); return err },
		"EditTest":      func(ctx context.Context) error { return q.EditTest(ctx, w.test, 1, test) },
		"Publish":       func(ctx context.Context) error { return q.Publish(ctx, w.test) },
		"Test":          func(ctx context.Context) error { _, err := q.Test(ctx, w.test); return err },
		"Extend":        func(ctx context.Context) error { return q.Extend(ctx, w.test, w.person, 5, 1, "x") },
		"OpenAttempt":   func(ctx context.Context) error { _, err := q.OpenAttempt(ctx, w.test); return err },
		"Save":          func(ctx context.Context) error { _, err := q.Save(ctx, w.attempt, url.Values{"n": {"1"}}); return err },
		"Submit":        func(ctx context.Context) error { return q.Submit(ctx, w.attempt, nil) },
		"Sheet":         func(ctx context.Context) error { _, err := q.Sheet(ctx, w.attempt); return err },
		"Result":        func(ctx context.Context) error { _, err := q.Result(ctx, w.attempt); return err },
		"Intro":         func(ctx context.Context) error { _, err := q.Intro(ctx, w.test); return err },
		"GiveMarks":     func(ctx context.Context) error { return q.GiveMarks(ctx, w.attempt, 1, nil) },
		"MarkStack": func(ctx context.Context) error {
			return q.MarkStack(ctx, w.test, 0, []quiz.StackMark{{Attempt: w.attempt}})
		},
		"Statistics": func(ctx context.Context) error { _, err := q.Statistics(ctx, w.test); return err },
		"EndOverdue": func(ctx context.Context) error { _, err := q.EndOverdue(ctx); return err },
	}
}

func closed[T any](_ T, r io.ReadSeekCloser, err error) error {
	if err == nil {
		r.Close()
	}
	return err
}

// TestWallsOfUseCases calls every use case as a stranger and as somebody with all
// roles in the neighbouring district.
func TestWallsOfUseCases(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		w := newWorld(t, ctx, h)
		other := h.hire(t, ctx, h.neighbour, "Lê Láng Giềng")[0]
		var grants []access.Grant
		for _, r := range module.Roles {
			grants = append(grants, access.Grant{Role: r, Unit: h.neighbour})
		}
		neighbour := access.As(ctx, access.Actor{Account: "neighbour", Person: other, Grants: grants}, h.orgs.Covers)
		for name, call := range w.useCases() {
			if err := call(ctx); !errors.Is(err, errs.Stranger) {
				t.Errorf("%s: a stranger gets %v", name, err)
			}
			err := call(neighbour)
			if !errors.Is(err, errs.Denied) && !errors.Is(err, errs.NotFound) && !(name == "SignUp" && errors.Is(err, errs.Conflict)) {
				t.Errorf("%s: a neighbour gets %v", name, err)
			}
		}
	})
}

// TestListsOfANeighbourAreEmpty asks for every list as the neighbour.
func TestListsOfANeighbourAreEmpty(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		w := newWorld(t, ctx, h)
		l, q := h.learn, h.learn.Quiz()
		for name, list := range map[string]func(context.Context) (int, error){
			"Courses":   func(ctx context.Context) (int, error) { _, n, err := l.Courses(ctx, CourseFilter{}); return n, err },
			"Catalogue": func(ctx context.Context) (int, error) { _, n, err := l.Catalogue(ctx, CourseFilter{}); return n, err },
			"Gradebook": func(ctx context.Context) (int, error) {
				_, _, _, n, err := l.Gradebook(ctx, w.course, GradeFilter{})
				return n, err
			},
			"Register":     func(ctx context.Context) (int, error) { _, n, err := l.Register(ctx, RegisterFilter{}); return n, err },
			"WaitingTasks": func(ctx context.Context) (int, error) { all, err := l.WaitingTasks(ctx); return len(all), err },
			"Candidates": func(ctx context.Context) (int, error) {
				all, err := l.Candidates(ctx, w.course, org.Filter{})
				return len(all), err
			},
			"Records": func(ctx context.Context) (int, error) {
				all, err := l.enrolmentRecords(ctx, []string{string(w.enrolment)})
				return len(all), err
			},
			"Attempts": func(ctx context.Context) (int, error) {
				_, n, err := q.Attempts(ctx, w.test, quiz.ListFilter{})
				return n, err
			},
			"Tests": func(ctx context.Context) (int, error) { all, err := q.Tests(ctx, ""); return len(all), err },
			"Graduates": func(ctx context.Context) (int, error) {
				_, n, err := l.Graduates(ctx, w.programme, 0, 10)
				return n, err
			},
			"Programme": func(ctx context.Context) (int, error) {
				v, err := l.ProgrammeOf(ctx, w.programme)
				return v.People(), err
			},
			"Topic": func(ctx context.Context) (int, error) {
				v, err := l.TopicSeen(ctx, w.topic)
				return len(v.Courses), err
			},
			"Programmes": func(ctx context.Context) (int, error) { all, err := l.MyProgrammes(ctx); return len(all), err },
			"Mine":       func(ctx context.Context) (int, error) { all, err := l.MyCertificates(ctx); return len(all), err },
			"Home":       func(ctx context.Context) (int, error) { all, err := l.MyHome(ctx); return len(all.Courses), err },
		} {
			if n, err := list(h.as(ctx, "neighbour", module.Head, h.neighbour)); err != nil || n != 0 {
				t.Errorf("%s: a neighbour sees %d (%v)", name, n, err)
			}
		}
	})
}

// TestPagesShow asks for every page as an officer of the province and as a learner,
// in both languages, and holds the learner's to 60 kB.
func TestPagesShow(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		w := newWorld(t, ctx, h)
		m := &web.Mux{SignedIn: access.SignedIn, ErrorPage: ui.ErrorPage}
		pages{h.learn}.routes(m)
		h.learn.Quiz().Routes(m)
		var grants []access.Grant
		for _, r := range module.Roles {
			grants = append(grants, access.Grant{Role: r, Unit: h.province})
		}
		officer := access.As(ctx, access.Actor{Account: "officer", Person: "officer", Name: "Cán bộ", Grants: grants}, h.orgs.Covers)
		learner := h.as(ctx, w.person, "", "")
		course, test := coursePath(w.course), "/learn/tests/"+string(w.test)
		managed := []string{"/learn/courses", "/learn/courses/new", course + "/edit", course + "/lessons/new?kind=task", "/learn/lessons/" + string(w.lesson), course + "/grades",
			course + "/grades.csv", course + "/grades.xlsx", course + "/enrol", "/learn/register", "/learn/register.csv", "/learn/register.pdf", "/learn/template", "/learn/tasks",
			"/learn/bundles/" + w.bundle, "/learn/certificates/" + w.serial, "/learn/bank", "/learn/bank/new?kind=matching", "/learn/bank/" + string(w.question),
			"/learn/tests", "/learn/tests/new", test + "/edit", test + "/results", test + "/statistics", "/learn/attempts/" + string(w.attempt) + "/marking", "/learn/evidence/" + w.evidence,
			test + "/marking", "/learn/topics/new", topicPath(w.topic) + "/edit", "/learn/programmes/new", programmePath(w.programme) + "/edit", programmePath(w.programme) + "/graduates"}
		own := []string{"/learn", "/learn/catalogue", "/learn/topics", topicPath(w.topic), "/learn/programmes", programmePath(w.programme), course, lessonPath(w.course, 0), lessonPath(w.course, 1), test, "/learn/attempts/" + string(w.attempt) + "/result",
			"/learn/certificates/" + w.serial, "/c", "/c/" + w.serial}
		for _, c := range []struct {
			who   context.Context
			paths []string
		}{{officer, managed}, {learner, own}} {
			for _, path := range c.paths {
				for _, lang := range []string{"vi", "en"} {
					r := httptest.NewRequest("GET", path, nil).WithContext(ui.WithView(c.who, ui.View{Lang: lang}))
					rec := httptest.NewRecorder()
					m.ServeHTTP(rec, r)
					if rec.Code != http.StatusOK || rec.Body.Len() == 0 {
						t.Errorf("%s in %s: %d %.300s", path, lang, rec.Code, rec.Body)
					}
					if strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
						for _, key := range []string{">learn.", ">learn_quiz.", "%!"} {
							if i := strings.Index(rec.Body.String(), key); i >= 0 {
								t.Errorf("%s in %s shows %.60q", path, lang, rec.Body.String()[i:])
							}
						}
						if rec.Body.Len() > 60<<10 {
							t.Errorf("%s weighs %d bytes", path, rec.Body.Len())
						}
					}
				}
			}
		}
		for _, path := range append(managed, own[2:12]...) {
			rec := httptest.NewRecorder()
			m.ServeHTTP(rec, httptest.NewRequest("GET", path, nil).WithContext(ctx))
			if rec.Code != http.StatusUnauthorized {
				t.Errorf("%s: a stranger gets %d", path, rec.Code)
			}
		}
	})
}
