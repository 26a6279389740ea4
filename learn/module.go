// Package learn runs the training: topics and their learning outcomes, courses
// made of lessons, who learns what and how far, tasks done at the workplace,
// completion, certificates, and the evaluation of it all.
//
// What the pages of learners read is one row for each course that a person
// learns: learn_enrolment.marks holds a letter for each lesson. That row is a
// summary of records (learn_progress, learn_task, the attempts of package quiz)
// and can be made anew from them at any time: see Recompute.
package learn

import (
	"context"
	"embed"

	"github.com/danielgtaylor/huma/v2"

	"lotrinh/learn/quiz"
	"lotrinh/learn/survey"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/event"
	"lotrinh/platform/file"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

//go:embed schema
var schema embed.FS

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// What people may be allowed to do. A right on records is asked for the unit in
// which the learner was when he enrolled: a superior sees his own people's.
const (
	EditCourse   module.ActionName = "learn.course.edit"
	Enrol        module.ActionName = "learn.enrolment.edit"
	ReadRecords  module.ActionName = "learn.record.read"
	ConfirmTask  module.ActionName = "learn.task.confirm"
	Issue        module.ActionName = "learn.certificate.issue"
	ReadRegister module.ActionName = "learn.register.read"
)

var actions = []module.Action{
	{Name: EditCourse, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.Lecturer}},
	{Name: Enrol, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager, module.Head}},
	{Name: ReadRecords, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager, module.Lecturer, module.Head, module.Compiler, module.Supervisor},
		Own: []module.Role{module.Head}}, // a superior sees the learning records of his own unit only
	{Name: ConfirmTask, Roles: []module.Role{module.Head}},
	{Name: Issue, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer}},
	{Name: ReadRegister, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.Compiler, module.Supervisor}},
}

// Orgs is what learn needs of the units and people.
type Orgs interface {
	Now(context.Context) *org.Tree
	On(context.Context, clock.Date) *org.Tree
	Main(org.UnitID) org.UnitID
	People(context.Context, []org.PersonID) (map[org.PersonID]org.Brief, error)
	PostsOn(context.Context, []org.PersonID, clock.Date) (map[org.PersonID]org.Post, error)
}

// Attendance tells who was present how often, for rules that ask for it.
type Attendance interface {
	// Attended returns for each person how many sessions of the classes of a course
	// there were, and in how many he was present.
	Attended(ctx context.Context, course string, people []org.PersonID) (map[org.PersonID]Present, error)
}

// Present is how often someone was there.
type Present struct{ Was, Of int }

// Letters brings letters to people.
type Letters interface {
	Send(context.Context, ...mail.Letter) error
}

// Learn is the module.
type Learn struct {
	db         *db.DB
	store      store
	bus        *event.Bus
	jobs       *job.Queue
	files      file.Store
	orgs       Orgs
	letters    Letters
	attendance Attendance
	quiz       *quiz.Quiz
	surveys    *survey.Surveys
	teaching   Teaching
	outlines   outlines
	base       string
}

// New returns the module. letters may be nil: then nobody is written to.
func New(d *db.DB, bus *event.Bus, jobs *job.Queue, files file.Store, orgs Orgs, letters Letters) *Learn {
	l := &Learn{db: d, store: store{d}, bus: bus, jobs: jobs, files: files, orgs: orgs, letters: letters}
	l.quiz = quiz.New(d, bus, gate{l})
	l.quiz.SetNames(pages{l})
	l.outlines.load = l.store.outline
	return l
}

// SetAttendance says who knows of attendance. Open to the app alone, which wires
// the modules: it is no use case.
func (l *Learn) SetAttendance(a Attendance) { l.attendance = a }

// SetBase says under which address the house is reached from outside, for the QR
// of certificates: "https://hoc.quangnam.gov.vn". Open to the app alone.
func (l *Learn) SetBase(url string) { l.base = url }

// Quiz is the question bank and the tests. Open to all: it asks for itself.
func (l *Learn) Quiz() *quiz.Quiz { return l.quiz }

// QuizModule is what the question bank brings to the house: its tables and rights.
// Its pages and jobs come with Module. Open to the app alone.
func (l *Learn) QuizModule() module.Module {
	return module.Module{Name: quiz.Schema.Module, Schema: quiz.Schema.FS, Actions: quiz.Actions}
}

// Module is what learn brings to the house. Open to the app alone.
func (l *Learn) Module() module.Module {
	p := pages{l}
	return module.Module{
		Name:    "learn",
		Schema:  schema,
		Actions: actions,
		Routes:  func(m *web.Mux) { p.routes(m); l.quiz.Routes(m) },
		API:     func(a huma.API) { l.api(a) },
		Jobs:    l.addJobs,
		Menu: []module.Link{
			{Text: i18n.T("learn.menu"), Path: "/learn", Icon: "book", Order: 20},
			{Text: i18n.T("learn.menu.courses"), Path: "/learn/courses", Icon: "edit", Needs: EditCourse, Order: 21},
			{Text: i18n.T("learn.menu.bank"), Path: "/learn/bank", Icon: "question", Needs: quiz.EditBank, Order: 22},
			{Text: i18n.T("learn.menu.tasks"), Path: "/learn/tasks", Icon: "task", Needs: ConfirmTask, Order: 23},
			{Text: i18n.T("learn.menu.register"), Path: "/learn/register", Icon: "certificate", Needs: ReadRegister, Order: 24},
			{Text: i18n.T("learn.catalogue"), Path: "/learn/catalogue", Order: 25, Public: true},
			{Text: i18n.T("learn.check"), Path: "/c", Order: 26, Public: true},
		},
		Home:    []module.Card{{Roles: []module.Role{module.Learner}, Order: 1, Body: p.nextCard}},
		Measure: l.Sources(),
		Files:   l.refs,
		Seed:    l.Seed,
	}
}

// addJobs names what learn does in the background.
func (l *Learn) addJobs(q *job.Queue) {
	l.quiz.Jobs(q)
	q.Handle("learn.bundle", l.bundleJob)
	q.Schedule(job.Schedule{Name: "learn.surveys", Every: surveyEvery, Run: l.surveyJob})
}
