package survey

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/mail"
)

// remindDays is how many days before the last one people are reminded.
const remindDays = 3

// invite is one person asked in one part.
type invite struct {
	Run        RunID        `db:"run_id"`
	Person     org.PersonID `db:"person_id"`
	Respondent Respondent   `db:"respondent"`
}

type token struct {
	Hash  string `db:"hash"`
	Run   RunID  `db:"run_id"`
	Slice string `db:"slice"`
	Used  bool   `db:"used"`
}

// token is what lets an invitee answer: 160 bits that only the key can make.
func (s *Surveys) token(i invite) string {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(strings.Join([]string{"survey", string(i.Run), string(i.Person), string(i.Respondent)}, "\x00")))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:20])
}

// hashed is what is kept of a token.
func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// spent lists the hashes of the tokens of a run that were used.
func (s *Surveys) spent(ctx context.Context, run RunID) (map[string]bool, error) {
	list, err := db.All[string](ctx, s.db, `select hash from learn_survey_token where run_id = $1 and used`, run)
	if err != nil {
		return nil, err
	}
	used := make(map[string]bool, len(list))
	for _, h := range list {
		used[h] = true
	}
	return used, nil
}

// Waiting is a run that waits for somebody's answer.
type Waiting struct {
	Run   RunID
	Title Body
	About string // the course
	Until clock.Date
}

// Mine lists the open runs that wait for an answer of the actor, those that close
// first before the others.
func (s *Surveys) Mine(ctx context.Context) (list []Waiting, err error) {
	who, ok := access.Who(ctx)
	if !ok {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	if who.Person == "" {
		return nil, nil
	}
	rows, err := db.All[openInvite](ctx, s.db, `select i.run_id, i.person_id, i.respondent, r.course, r.closes_on, f.body
		from learn_survey_invite i join learn_survey_run r on r.id = i.run_id join learn_survey_form f on f.id = r.form_id
		where i.person_id = $1 and not r.sealed and r.opens_on <= $2 and r.closes_on >= $2 order by r.closes_on, r.course, r.object, i.run_id, i.respondent`, who.Person, clock.Today(ctx))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	hashes := make([]string, len(rows))
	for i, row := range rows {
		hashes[i] = hashed(s.token(invite{row.Run, row.Person, row.Respondent}))
	}
	w := db.NewWhere()
	free, err := db.All[string](ctx, s.db, `select hash from learn_survey_token where not used and `+db.In(w, "hash", hashes).SQL(), w.Args()...)
	for i, row := range rows {
		if !slices.Contains(free, hashes[i]) {
			continue
		}
		b, err := Form{JSON: row.Body}.Body()
		if err != nil {
			return nil, err
		}
		list = append(list, Waiting{row.Run, b, row.Course, row.Until})
	}
	return list, err
}

type openInvite struct {
	Run        RunID        `db:"run_id"`
	Person     org.PersonID `db:"person_id"`
	Respondent Respondent   `db:"respondent"`
	Course     string       `db:"course"`
	Until      clock.Date   `db:"closes_on"`
	Body       string       `db:"body"`
}

// MyToken is the token of the actor for a run: one that is not spent where there
// are two. NotFound for who is not asked, or when the run has closed.
func (s *Surveys) MyToken(ctx context.Context, run RunID) (string, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return "", errs.New(errs.Stranger, "error.sign-in")
	}
	list, err := db.All[invite](ctx, s.db, `select run_id, person_id, respondent from learn_survey_invite
		where run_id = $1 and person_id = $2 order by respondent`, run, who.Person)
	if err != nil {
		return "", err
	}
	last := ""
	for _, i := range list {
		last = s.token(i)
		used, err := db.One[bool](ctx, s.db, `select used from learn_survey_token where hash = $1`, hashed(last))
		if err != nil || !used {
			return last, err
		}
	}
	if last == "" {
		return "", errs.New(errs.NotFound, "learn_survey.unknown")
	}
	return last, nil
}

// tell writes to everybody in a run that it is open.
func (s *Surveys) tell(ctx context.Context, r Run) error {
	if err := s.send(ctx, r, "learn_survey.letter", nil); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `update learn_survey_run set told = $1 where id = $2`, true, r.ID)
	return err
}

// remind writes to those in a run who have not answered.
func (s *Surveys) remind(ctx context.Context, r Run) error {
	used, err := s.spent(ctx, r.ID)
	if err != nil {
		return err
	}
	if err := s.send(ctx, r, "learn_survey.reminder", used); err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `update learn_survey_run set reminded = $1 where id = $2`, true, r.ID)
	return err
}

type addressed struct {
	Person     org.PersonID `db:"person_id"`
	Respondent Respondent   `db:"respondent"`
	Email      string       `db:"email"`
}

// send writes to the people of a run whose token is not in but. The letter in
// the inbox leads to the page of those who have signed in, and only the one by
// mail bears the token, so that none lies in the database.
func (s *Surveys) send(ctx context.Context, r Run, key string, but map[string]bool) error {
	_, b, err := s.form(ctx, r.Form)
	if err != nil {
		return err
	}
	people, err := db.All[addressed](ctx, s.db, `select i.person_id, i.respondent, p.email from learn_survey_invite i join org_person p on p.id = i.person_id
		where i.run_id = $1 order by i.person_id, i.respondent`, r.ID)
	if err != nil {
		return err
	}
	var letters []mail.Letter
	for _, p := range people {
		t := s.token(invite{r.ID, p.Person, p.Respondent})
		if but[hashed(t)] {
			continue
		}
		l := mail.Letter{Subject: i18n.T(key, r.Course).As(i18n.Vi),
			Body: i18n.T(key+".body", b.Title, r.Course, r.Closes.Viet(), len(b.Items)).As(i18n.Vi)}
		in, out := l, l
		in.Reader, in.Link = string(p.Person), "/surveys/"+string(r.ID)+"/answer"
		letters = append(letters, in)
		if p.Email != "" {
			out.Address, out.Link = p.Email, "/s/"+t
			letters = append(letters, out)
		}
	}
	return s.post.Send(ctx, letters...)
}
