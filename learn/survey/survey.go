// Package survey asks what a training was worth: the questionnaires on the six
// objects of Circular 10/2017/TT-BNV (programme, trainee, lecturer, facilities,
// course, effect after training), put to trainees, lecturers and employing
// agencies when a course ends and some months later.
//
// Answers are anonymous. What is kept so that they stay so:
//   - an answer holds no person, account, time or order; a remark in words does not
//     even know which answer it came with;
//   - a spent token says whose it is only to the key that is kept outside the
//     database, and is deleted when the run closes;
//   - the house, not a person, is named in the audit log, with the day alone;
//   - results are shown when a run has closed, for five answers or more, and for
//     groups only if what subtraction leaves is nobody or five again. The groups
//     of a run are one partition, chosen before anybody answers, so that no two
//     tables can be laid across each other.
package survey

import (
	"context"
	"embed"
	"time"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
)

//go:embed schema
var schema embed.FS

// Schema is the tables of questionnaires and answers.
var Schema = db.Schema{Module: "learn_survey", FS: schema}

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// What people may be allowed to do. Answering is by token or one's own session.
const (
	Read module.ActionName = "learn_survey.read" // response rates and results
	Edit module.ActionName = "learn_survey.edit" // open runs, extend them, rewrite questionnaires

	answered module.ActionName = "learn_survey.answer" // in the log only
)

// Least is the smallest number of answers of which anything is told.
const Least = 5

// Orgs is what questionnaires ask of units and people.
type Orgs interface {
	Now(context.Context) *org.Tree
	Main(org.UnitID) org.UnitID
	PostsOn(context.Context, []org.PersonID, clock.Date) (map[org.PersonID]org.Post, error)
}

// Surveys is the module.
type Surveys struct {
	db   *db.DB
	orgs Orgs
	post access.Mailer
	key  []byte
}

// New returns the module. key makes the tokens: it must be secret, kept outside
// the database, and the same after a restart.
func New(d *db.DB, orgs Orgs, post access.Mailer, key []byte) *Surveys {
	return &Surveys{d, orgs, post, key}
}

// Module is what questionnaires bring to the house.
func (s *Surveys) Module() module.Module {
	readers := []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.Head, module.Supervisor}
	return module.Module{
		Name:   "learn_survey",
		Schema: schema,
		Actions: []module.Action{
			{Name: Read, Roles: readers},
			{Name: Edit, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer}},
		},
		Menu: []module.Link{
			{Text: i18n.T("learn_survey.mine"), Path: "/surveys/mine", Icon: "edit", Order: 31},
			{Text: i18n.T("learn_survey.overview"), Path: "/surveys", Icon: "chart", Needs: Read, Order: 56},
		},
		Home: []module.Card{
			{Roles: module.Roles, Order: 40, Body: s.waitingCard},
			{Roles: []module.Role{module.TrainingOfficer, module.Head, module.Office}, Order: 60, Body: s.rateCard},
		},
		Routes: s.routes,
		Jobs: func(q *job.Queue) {
			q.Schedule(job.Schedule{Name: "learn_survey.daily", Every: time.Hour, Run: s.Daily})
		},
	}
}

// Respondent is who is asked.
type Respondent = content.Respondent

// Object is what is evaluated.
type Object = content.Object

// Objects lists the six, in the order of the Circular.
var Objects = []Object{content.ObjectProgramme, content.ObjectTrainee, content.ObjectLecturer, content.ObjectFacilities, content.ObjectCourse, content.ObjectEffect}
