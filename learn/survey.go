package learn

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/text"
)

// Evaluation has six objects (Circular 10/2017/TT-BNV): programme, trainee,
// lecturer, facilities, course, effect after training. Its questionnaires are
// those of package content. An answer says no person and no moment: who has
// answered stands in another table, and nothing in either leads to the other.

// SmallestGroup is how many answers a result needs to be shown.
const SmallestGroup = 5

const surveyOpenDays = 30 // after it was sent

// Survey is a questionnaire sent about a course.
type Survey struct {
	ID     string     `db:"id"`
	Course CourseID   `db:"course_id"`
	Unit   org.UnitID `db:"unit_id"`
	Key    string     `db:"survey_key"` // of the questionnaire in package content
	Object string     `db:"object"`
	SentOn clock.Date `db:"sent_on"`
	Closes clock.Date `db:"closes_on"`
	Asked  int        `db:"asked"`
}

type asked struct {
	Survey     string       `db:"survey_id"`
	Person     org.PersonID `db:"person_id"`
	Respondent string       `db:"respondent"`
	Answered   bool         `db:"answered"`
}

func questionnaire(key string) (content.Survey, bool) {
	for _, s := range content.Surveys() {
		if s.Key == key {
			return s, true
		}
	}
	return content.Survey{}, false
}

// surveyJob sends the questionnaires whose time has come.
func (l *Learn) surveyJob(ctx context.Context) error {
	_, err := l.SendSurveys(access.System(ctx))
	return err
}

// SendSurveys sends the questionnaires of all courses that have ended long enough
// ago, each once, and says how many it sent. It is the house's own work: only
// access.System may call it.
func (l *Learn) SendSurveys(ctx context.Context) (int, error) {
	if err := access.CheckSelf(ctx, ""); err != nil {
		return 0, err
	}
	today, sent := clock.Today(ctx), 0
	ended, err := db.All[Course](ctx, l.db, `select `+courseCols+` from learn_course where state <> 'draft' and ends_on is not null
		and ends_on < $1 and ends_on > $2`, today, today-400)
	if err != nil {
		return 0, err
	}
	for _, c := range ended {
		for _, s := range content.Surveys() {
			due := c.Ends + clock.Date(s.AfterDays) + 1
			if today < due || today > due+surveyOpenDays {
				continue
			}
			n, err := l.send(ctx, c, s)
			if err != nil {
				return sent, err
			}
			sent += n
		}
	}
	return sent, nil
}

// send sends one questionnaire about a course, unless that was done.
func (l *Learn) send(ctx context.Context, c Course, s content.Survey) (n int, err error) {
	err = l.db.Tx(ctx, func(ctx context.Context) error {
		row := Survey{ID: id.New(ctx), Course: c.ID, Unit: c.Unit, Key: s.Key, Object: string(s.Object), SentOn: clock.Today(ctx), Closes: clock.Today(ctx) + surveyOpenDays}
		people, err := l.respondents(ctx, c, s, row.ID)
		if err != nil || len(people) == 0 {
			return err
		}
		row.Asked = len(people)
		made, err := l.db.Exec(ctx, `insert into learn_survey (id, course_id, unit_id, survey_key, object, sent_on, closes_on, asked)
			values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (course_id, survey_key) do nothing`,
			row.ID, string(c.ID), string(c.Unit), s.Key, row.Object, row.SentOn, row.Closes, row.Asked)
		if err != nil || made == 0 {
			return err
		}
		n = 1
		if err := db.Insert(ctx, l.db, "learn_survey_asked", people...); err != nil {
			return err
		}
		return l.writeTo(ctx, c, s, row, people)
	})
	return n, err
}

// respondents are the people asked: trainees who did not withdraw, and for the
// employing agency the head of the unit of each trainee.
func (l *Learn) respondents(ctx context.Context, c Course, s content.Survey, survey string) ([]asked, error) {
	var out []asked
	for _, r := range s.Respondents {
		query := ""
		switch r {
		case content.AskTrainee:
			query = `select distinct e.person_id from learn_enrolment e where e.course_id = $1 and e.state <> 'withdrawn'`
		case content.AskAgency:
			query = `select distinct o.person_id from learn_enrolment e join org_post o on o.unit_id = e.unit_id and o.head
				and o.from_on <= $2 and (o.to_on is null or o.to_on > $2) where e.course_id = $1 and e.state <> 'withdrawn'`
		default:
			continue // lecturers are asked by the classroom, which knows them
		}
		args := []any{string(c.ID)}
		if r == content.AskAgency {
			args = append(args, clock.Today(ctx))
		}
		people, err := db.All[org.PersonID](ctx, l.db, query, args...)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			out = append(out, asked{survey, p, string(r), false})
		}
	}
	return out, nil
}

func (l *Learn) writeTo(ctx context.Context, c Course, s content.Survey, row Survey, people []asked) error {
	if l.letters == nil {
		return nil
	}
	letters := make([]mail.Letter, len(people))
	for i, p := range people {
		letters[i] = mail.Letter{Reader: string(p.Person), Subject: s.Title, Link: "/learn/surveys/" + row.ID,
			Body: i18n.T("learn.survey.letter", s.Title, c.Title, row.Closes.Viet()).As(i18n.Vi)}
	}
	return l.letters.Send(ctx, letters...)
}

// MySurveys lists the questionnaires that wait for the actor's answer.
func (l *Learn) MySurveys(ctx context.Context) ([]Survey, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	return db.All[Survey](ctx, l.db, `select `+db.Columns[Survey]("s")+` from learn_survey_asked a join learn_survey s on s.id = a.survey_id
		where a.person_id = $1 and not a.answered and s.closes_on >= $2 order by s.closes_on, s.id`, string(who.Person), clock.Today(ctx))
}

// SurveyOf returns a questionnaire that the actor is asked to answer.
func (l *Learn) SurveyOf(ctx context.Context, sid string) (Survey, content.Survey, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return Survey{}, content.Survey{}, errs.New(errs.Stranger, "error.sign-in")
	}
	s, err := db.One[Survey](ctx, l.db, `select `+db.Columns[Survey]("s")+` from learn_survey s where s.id = $1 and s.id in
		(select survey_id from learn_survey_asked where person_id = $2)`, sid, string(who.Person))
	if err != nil {
		return s, content.Survey{}, err
	}
	q, ok := questionnaire(s.Key)
	if !ok {
		return s, q, errs.New(errs.NotFound, "error.not-found")
	}
	return s, q, nil
}

// Answer answers a questionnaire, once: scores from 1 to 5 by item, 0 for none,
// and words. What is written names neither the person nor the hour.
func (l *Learn) Answer(ctx context.Context, sid string, scores []int, words string) error {
	s, q, err := l.SurveyOf(ctx, sid) // asks access.Who
	if err != nil {
		return err
	}
	words = text.CleanLines(words)
	var f errs.Form
	given := 0
	for i, v := range scores {
		f.Need(v >= 0 && v <= 5, "q"+strconv.Itoa(i), "learn.need.step")
		if v > 0 {
			given++
		}
	}
	f.Need(len(scores) == len(q.Items) && (given > 0 || words != ""), "q0", "learn.need.step")
	f.Need(len(words) <= 4000, "words", "learn.need.words")
	if err := f.Err(); err != nil {
		return err
	}
	today := clock.Today(ctx)
	if today > s.Closes {
		return errs.New(errs.Conflict, "learn.survey.closed", s.Closes.Viet())
	}
	who, _ := access.Who(ctx)
	return l.db.Tx(ctx, func(ctx context.Context) error {
		respondent, err := db.All[string](ctx, l.db, `update learn_survey_asked set answered = $1 where survey_id = $2 and person_id = $3 and not answered
			returning respondent`, true, sid, string(who.Person))
		if err != nil {
			return err
		}
		if len(respondent) == 0 {
			return errs.New(errs.Conflict, "learn.survey.answered")
		}
		var name [16]byte
		rand.Read(name[:]) // not id.New, which tells the time
		body := answered{hex.EncodeToString(name[:]), sid, respondent[0], monday(today), scoresText(scores), words}
		return l.jobs.Add(ctx, answerJob, body, job.At(time.Now().Add(aWhile())))
	})
}

// An answer is written by a job some time within the hour after it was given: were
// it written at once, its transaction or its place in the table would lead to the
// row that says who has just answered.
const answerJob = "learn.survey.answer"

type answered struct {
	ID         string     `db:"id" json:"id"`
	Survey     string     `db:"survey_id" json:"survey"`
	Respondent string     `db:"respondent" json:"respondent"`
	Week       clock.Date `db:"week_on" json:"week"`
	Scores     string     `db:"scores" json:"scores"`
	Words      string     `db:"words" json:"words"`
}

func aWhile() time.Duration {
	var b [2]byte
	rand.Read(b[:])
	return time.Duration(int(b[0])<<8|int(b[1])) * time.Hour / 65536
}

func (l *Learn) answerJob(ctx context.Context, body []byte) error {
	var a answered
	if err := json.Unmarshal(body, &a); err != nil {
		return err
	}
	return db.InsertOr(ctx, l.db, "learn_survey_answer", "on conflict (id) do nothing", a)
}

func monday(d clock.Date) clock.Date {
	return d - clock.Date((int(d.Weekday())+6)%7)
}

func scoresText(scores []int) string {
	parts := make([]string, len(scores))
	for i, v := range scores {
		parts[i] = strconv.Itoa(v)
		if v == 0 {
			parts[i] = "-"
		}
	}
	return strings.Join(parts, ",")
}

// SurveyResult is what was answered to one questionnaire about a course by one
// group.
type SurveyResult struct {
	Survey     Survey
	Title      string
	Respondent string
	Asked      int
	Answers    int
	Hidden     bool // fewer answers than SmallestGroup
	Items      []ItemResult
	Words      []string
}

// ItemResult is the answers to one item.
type ItemResult struct {
	Text  string
	Steps [5]int // how many chose 1 … 5
	N     int
	Mean  int // hundredths; 0 without answers
}

// SurveyResults returns the results of a course by object and group to those who
// may read them in the course's unit. A group of fewer than SmallestGroup answers
// is counted and not shown.
func (l *Learn) SurveyResults(ctx context.Context, cid CourseID) ([]SurveyResult, error) {
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return nil, err
	}
	if err := access.Check(ctx, ReadSurvey, c.Unit); err != nil {
		return nil, err
	}
	type group struct {
		Survey     string `db:"survey_id"`
		Respondent string `db:"respondent"`
		Asked      int    `db:"asked"`
	}
	surveys, err := db.All[Survey](ctx, l.db, `select `+db.Columns[Survey]("")+` from learn_survey where course_id = $1 order by sent_on, id`, string(cid))
	if err != nil {
		return nil, err
	}
	var out []SurveyResult
	for _, s := range surveys {
		groups, err := db.All[group](ctx, l.db, `select survey_id, respondent, count(*) as asked from learn_survey_asked where survey_id = $1 group by survey_id, respondent order by respondent`, s.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			r, err := l.surveyResult(ctx, s, g.Respondent, g.Asked)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
	}
	return out, nil
}

func (l *Learn) surveyResult(ctx context.Context, s Survey, respondent string, askedN int) (SurveyResult, error) {
	type answer struct {
		Scores string `db:"scores"`
		Words  string `db:"words"`
	}
	q, _ := questionnaire(s.Key)
	r := SurveyResult{Survey: s, Title: q.Title, Respondent: respondent, Asked: askedN}
	all, err := db.All[answer](ctx, l.db, `select scores, words from learn_survey_answer where survey_id = $1 and respondent = $2 order by id`, s.ID, respondent)
	if err != nil {
		return r, err
	}
	if r.Answers = len(all); r.Answers < SmallestGroup {
		r.Hidden = true
		return r, nil
	}
	r.Items = make([]ItemResult, len(q.Items))
	for i, item := range q.Items {
		r.Items[i].Text = item.Text
	}
	for _, a := range all {
		r.count(a.Scores)
		if a.Words != "" {
			r.Words = append(r.Words, a.Words)
		}
	}
	for i := range r.Items {
		r.Items[i].mean()
	}
	return r, nil
}

func (r *SurveyResult) count(scores string) {
	for i, v := range strings.Split(scores, ",") {
		n, err := strconv.Atoi(v)
		if err == nil && i < len(r.Items) && n >= 1 && n <= 5 {
			r.Items[i].Steps[n-1]++
			r.Items[i].N++
		}
	}
}

func (it *ItemResult) mean() {
	sum := 0
	for i, n := range it.Steps {
		sum += (i + 1) * n
	}
	if it.N > 0 {
		it.Mean = (sum*100 + it.N/2) / it.N
	}
}
