package quiz

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/learn/page"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// Names finds the words for what this package knows by identifier alone.
type Names interface {
	// UnitChoices lists the units of a scope, to choose from.
	UnitChoices(context.Context, access.Scope) []ui.Option
	// TopicChoices lists the topics, to choose from.
	TopicChoices(context.Context) ([]ui.Option, error)
	// GoalChoices lists the learning outcomes of all topics, to choose from.
	GoalChoices(context.Context) ([]ui.Option, error)
	// People names people.
	People(context.Context, []org.PersonID) (map[org.PersonID]org.Brief, error)
}

// SetNames wires in who knows names. Open to package learn alone, at the start.
func (q *Quiz) SetNames(n Names) { q.names = n }

func (p pages) manage(m *web.Mux) {
	m.Handle("GET /learn/bank", p.bank)
	m.Handle("GET /learn/bank/new", p.newQuestion)
	m.Handle("POST /learn/bank", p.addQuestion)
	m.Handle("GET /learn/bank/{id}", p.editQuestion)
	m.Handle("POST /learn/bank/{id}", p.saveQuestion)
	m.Handle("POST /learn/bank/{id}/retire", p.retire)
	m.Handle("GET /learn/tests", p.tests)
	m.Handle("GET /learn/tests/new", p.newTest)
	m.Handle("POST /learn/tests", p.createTest)
	m.Handle("GET /learn/tests/{id}/edit", p.editTest)
	m.Handle("POST /learn/tests/{id}/edit", p.saveTest)
	m.Handle("POST /learn/tests/{id}/publish", p.publish)
	m.Handle("GET /learn/tests/{id}/results", p.results)
	m.Handle("GET /learn/tests/{id}/statistics", p.statistics)
	m.Handle("POST /learn/tests/{id}/extend", p.extend)
	p.markingRoutes(m)
}

func (p pages) bank(w http.ResponseWriter, r *http.Request) error {
	ctx, at := r.Context(), ui.PageAt(r.URL.Query())
	if !access.Anywhere(ctx, ReadBank) {
		return access.Check(ctx, ReadBank, "")
	}
	f := BankFilter{Topic: r.FormValue("topic"), Level: Level(r.FormValue("level")), Kind: Kind(r.FormValue("kind")), Text: r.FormValue("q"), Outcome: r.FormValue("outcome"),
		Retired: r.FormValue("retired") != "", Offset: (at - 1) * 50}
	all, n, err := p.q.Questions(ctx, f)
	if err != nil {
		return err
	}
	topics, err := p.q.names.TopicChoices(ctx)
	if err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T("learn_quiz.bank"), Body: bankPage(all, f, topics, ui.Pages{At: at, Size: 50, Total: n, Path: r.URL.Path, Query: r.URL.Query()}),
		Actions: []ui.Act{{Text: i18n.T("learn_quiz.tests"), Href: "/learn/tests"}}}
	return ui.Show(w, r, http.StatusOK, page)
}

// questionForm is what the form of a question shows.
type questionForm struct {
	To      string
	ID      QuestionID
	Edition int
	In      NewQuestion
	Retired bool
	Units   []ui.Option
	Topics  []ui.Option
	Goals   []ui.Option
	Refused *errs.Error
}

func (p pages) showQuestion(w http.ResponseWriter, r *http.Request, status int, f questionForm) (err error) {
	ctx := r.Context()
	f.Units = p.q.names.UnitChoices(ctx, access.In(ctx, EditBank))
	if f.Topics, err = p.q.names.TopicChoices(ctx); err != nil {
		return err
	}
	if f.Goals, err = p.goals(ctx); err != nil {
		return err
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("learn_quiz.kind." + string(f.In.Kind)), Narrow: true, Body: questionPage(f),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn_quiz.bank"), Href: "/learn/bank"}}})
}

// goals are the learning outcomes to choose from, and none.
func (p pages) goals(ctx context.Context) ([]ui.Option, error) {
	all, err := p.q.names.GoalChoices(ctx)
	return append([]ui.Option{{Text: i18n.T("learn_quiz.goal.none")}}, all...), err
}

func (p pages) newQuestion(w http.ResponseWriter, r *http.Request) error {
	kind := Kind(r.FormValue("kind"))
	if kind == "" {
		kind = Single
	}
	n := NewQuestion{Level: Understand, Body: Body{Kind: kind, Points: 1}}
	return p.showQuestion(w, r, http.StatusOK, questionForm{To: "/learn/bank", In: n})
}

func (p pages) addQuestion(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	in := readQuestion(r.PostForm)
	id, err := p.q.AddQuestion(r.Context(), in)
	if e := errs.Of(err); err != nil && e.Kind == errs.Invalid {
		return p.showQuestion(w, r, e.Kind.Status(), questionForm{To: "/learn/bank", In: in, Refused: e})
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn_quiz.saved.done"))
	return web.SeeOther(w, r, "/learn/bank/"+string(id))
}

func (p pages) editQuestion(w http.ResponseWriter, r *http.Request) error {
	f, err := p.questionForm(r)
	if err != nil {
		return err
	}
	return p.showQuestion(w, r, http.StatusOK, f)
}

func (p pages) questionForm(r *http.Request) (questionForm, error) {
	row, body, err := p.q.Question(r.Context(), QuestionID(r.PathValue("id")), 0)
	return questionForm{To: "/learn/bank/" + string(row.ID), ID: row.ID, Edition: row.Edition, Retired: row.Retired,
		In: NewQuestion{Unit: row.Unit, Topic: row.Topic, Outcome: row.Outcome, Level: row.Level, Body: body}}, err
}

func (p pages) saveQuestion(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	qid, in := QuestionID(r.PathValue("id")), readQuestion(r.PostForm)
	err := p.q.EditQuestion(r.Context(), qid, page.Number(r.PostForm, "edition"), in)
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		f, err := p.questionForm(r)
		if err != nil {
			return err
		}
		f.In, f.Refused = in, e
		return p.showQuestion(w, r, e.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn_quiz.saved.done"))
	return web.SeeOther(w, r, "/learn/bank/"+string(qid))
}

func (p pages) retire(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	qid := QuestionID(r.PathValue("id"))
	if err := p.q.Retire(r.Context(), qid, r.PostForm.Get("retired") != ""); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/learn/bank/"+string(qid))
}

func (p pages) tests(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, ReadBank) {
		return access.Check(ctx, ReadBank, "")
	}
	all, err := p.q.Tests(ctx, r.FormValue("course"))
	if err != nil {
		return err
	}
	waiting, err := p.q.Waiting(ctx)
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_quiz.tests"), Body: testsPage(all, waiting),
		Actions: []ui.Act{{Text: i18n.T("learn_quiz.test.new"), Href: "/learn/tests/new", Kind: ui.Primary, Icon: "plus"}}})
}

// testForm is what the form of a test shows.
type testForm struct {
	To      string
	ID      TestID
	Edition int
	In      NewTest
	Test    Test
	Units   []ui.Option
	Topics  []ui.Option
	Goals   []ui.Option
	Refused *errs.Error
}

func (p pages) showTest(w http.ResponseWriter, r *http.Request, status int, f testForm) (err error) {
	ctx := r.Context()
	f.Units = p.q.names.UnitChoices(ctx, access.In(ctx, EditBank))
	if f.Topics, err = p.q.names.TopicChoices(ctx); err != nil {
		return err
	}
	if f.Goals, err = p.goals(ctx); err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T("learn_quiz.test.new"), Narrow: true, Body: testPage(f), Crumbs: []ui.Crumb{{Text: i18n.T("learn_quiz.tests"), Href: "/learn/tests"}}}
	if f.ID != "" {
		page.Title = ui.Plain(f.Test.Title)
		page.Actions = []ui.Act{{Text: i18n.T("learn_quiz.results"), Href: testPath(f.ID) + "/results"}, {Text: i18n.T("learn_quiz.statistics"), Href: testPath(f.ID) + "/statistics", Icon: "chart"}}
	}
	return ui.Show(w, r, status, page)
}

func (p pages) newTest(w http.ResponseWriter, r *http.Request) error {
	return p.showTest(w, r, http.StatusOK, testForm{To: "/learn/tests", In: NewTest{Course: r.FormValue("course"), Minutes: 30, Attempts: 1, GraceS: 60, PassPercent: 50,
		MixQuestion: true, MixOptions: true, Review: ReviewFull, Late: LateCount, Counts: Best, Picks: []Pick{{Count: 20, NoHand: true}}}})
}

// readTest reads the form of a test: its picks are rows of topic, level and count.
func readTest(f url.Values) NewTest {
	n := NewTest{Unit: org.UnitID(f.Get("unit")), Course: f.Get("course"), Title: f.Get("title"), Intro: f.Get("intro"), Minutes: page.Number(f, "minutes"),
		Attempts: page.Number(f, "attempts"), GraceS: page.Number(f, "grace"), PassPercent: page.Number(f, "pass"), MixQuestion: f.Get("mix_questions") != "",
		MixOptions: f.Get("mix_options") != "", Review: Review(f.Get("review")), Late: Late(f.Get("late")), Counts: Counts(f.Get("counts")),
		OpensAt: moment(f.Get("opens_at")), ClosesAt: moment(f.Get("closes_at"))}
	for i, topic := range f["pick_topic"] {
		pick := Pick{Topic: topic, Level: Level(at(f["pick_level"], i)), Question: QuestionID(at(f["pick_question"], i)), Outcome: at(f["pick_outcome"], i), Kind: Kind(at(f["pick_kind"], i)), NoHand: f.Get("no_hand") != ""}
		pick.Count, _ = strconv.Atoi(strings.TrimSpace(at(f["pick_count"], i))) // none is a row left empty
		if pick.Count > 0 || pick.Question != "" {
			n.Picks = append(n.Picks, pick)
		}
	}
	return n
}

func at(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}

// moment reads the value of a datetime-local field; what is none is no time.
func moment(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02T15:04", strings.TrimSpace(s), clock.Zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

func localMoment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Zone).Format("2006-01-02T15:04")
}

func (p pages) createTest(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	in := readTest(r.PostForm)
	id, err := p.q.CreateTest(r.Context(), in)
	if e := errs.Of(err); err != nil && e.Kind == errs.Invalid {
		return p.showTest(w, r, e.Kind.Status(), testForm{To: "/learn/tests", In: in, Refused: e})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, testPath(id)+"/edit")
}

func (p pages) testForm(r *http.Request) (testForm, error) {
	t, err := p.q.Test(r.Context(), TestID(r.PathValue("id")))
	return testForm{To: testPath(t.ID) + "/edit", ID: t.ID, Edition: t.Edition, Test: t, In: NewTest{Unit: t.Unit, Course: t.Course, Title: t.Title, Intro: t.Intro,
		Minutes: t.Minutes, Attempts: t.Attempts, OpensAt: t.OpensAt, ClosesAt: t.ClosesAt, GraceS: t.GraceS, PassPercent: t.PassPercent,
		MixQuestion: t.MixQuestion, MixOptions: t.MixOptions, Review: t.Review, Late: t.Late, Counts: t.Counts, Picks: t.Picks()}}, err
}

func (p pages) editTest(w http.ResponseWriter, r *http.Request) error {
	f, err := p.testForm(r)
	if err != nil {
		return err
	}
	return p.showTest(w, r, http.StatusOK, f)
}

func (p pages) saveTest(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	tid, in := TestID(r.PathValue("id")), readTest(r.PostForm)
	err := p.q.EditTest(r.Context(), tid, page.Number(r.PostForm, "edition"), in)
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		f, err := p.testForm(r)
		if err != nil {
			return err
		}
		f.In, f.Refused = in, e
		return p.showTest(w, r, e.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn_quiz.saved.done"))
	return web.SeeOther(w, r, testPath(tid)+"/edit")
}

func (p pages) publish(w http.ResponseWriter, r *http.Request) error {
	tid := TestID(r.PathValue("id"))
	if err := p.q.Publish(r.Context(), tid); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn_quiz.published"))
	return web.SeeOther(w, r, testPath(tid)+"/edit")
}

func (p pages) results(w http.ResponseWriter, r *http.Request) error {
	ctx, at := r.Context(), ui.PageAt(r.URL.Query())
	if !access.Anywhere(ctx, ReadMarks) {
		return access.Check(ctx, ReadMarks, "")
	}
	tid := TestID(r.PathValue("id"))
	t, err := p.q.store.test(ctx, tid)
	if err != nil {
		return err
	}
	rows, n, err := p.q.Attempts(ctx, tid, ListFilter{State: State(r.FormValue("state")), Offset: (at - 1) * 100})
	if err != nil {
		return err
	}
	var ids []org.PersonID
	for _, a := range rows {
		ids = append(ids, a.Person)
	}
	people, err := p.q.names.People(ctx, ids)
	if err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T("learn_quiz.results.of", ui.Plain(t.Title)), Wide: true, Crumbs: []ui.Crumb{{Text: i18n.T("learn_quiz.tests"), Href: "/learn/tests"}},
		Body: resultsPage(t, rows, people, ui.Pages{At: at, Size: 100, Total: n, Path: r.URL.Path, Query: r.URL.Query()})}
	if access.Anywhere(ctx, Mark) {
		page.Actions = []ui.Act{{Text: i18n.T("learn_quiz.stacks"), Href: testPath(tid) + "/marking", Icon: "edit"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}

func (p pages) statistics(w http.ResponseWriter, r *http.Request) error {
	s, err := p.q.Statistics(r.Context(), TestID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_quiz.statistics.of", ui.Plain(s.Test.Title)), Wide: true, Body: statisticsPage(s),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn_quiz.tests"), Href: "/learn/tests"}, {Text: ui.Plain(s.Test.Title), Href: testPath(s.Test.ID) + "/edit"}}})
}

func (p pages) extend(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	tid, f := TestID(r.PathValue("id")), r.PostForm
	if err := p.q.Extend(r.Context(), tid, org.PersonID(f.Get("person")), page.Number(f, "minutes"), page.Number(f, "attempts"), f.Get("reason")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn_quiz.extended"))
	return web.SeeOther(w, r, testPath(tid)+"/results")
}
