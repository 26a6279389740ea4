package access

import (
	"context"
	"time"

	"lotrinh/org"
	"lotrinh/org/calendar"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/mail"
	"lotrinh/platform/text"
)

// A person's request about his data is answered within two working days (Law
// 91/2025/QH15, Decree 356/2025/NĐ-CP).
const answerWithin = 2

// Correction is what a person says is wrong in his data.
type Correction struct {
	ID         string       `db:"id"`
	Person     org.PersonID `db:"person_id"`
	Account    AccountID    `db:"account_id"`
	Unit       org.UnitID   `db:"unit_id"`
	Text       string       `db:"text"`
	MadeAt     time.Time    `db:"made_at"`
	Due        clock.Date   `db:"due_on"`
	State      string       `db:"state"` // open, done, refused
	Answer     string       `db:"answer"`
	AnsweredBy AccountID    `db:"answered_by"`
	AnsweredAt time.Time    `db:"answered_at"`
	Edition    int64        `db:"edition"`
}

// AskCorrection notes what the actor of ctx says is wrong in his data. Errors:
// Invalid with field text.
func (a *Access) AskCorrection(ctx context.Context, words string) (string, error) {
	acc, err := a.self(ctx)
	if err != nil {
		return "", err
	}
	words = text.CleanLines(words)
	var f errs.Form
	f.Need(words != "", "text", "access.correction.empty")
	f.Need(len(words) <= 8000, "text", "access.correction.long")
	if err := f.Err(); err != nil {
		return "", err
	}
	c := Correction{ID: id.New(ctx), Person: acc.Person, Account: acc.ID, Unit: acc.Unit, Text: words, MadeAt: clock.Now(ctx),
		Due: workdays().DeadlineWorking(clock.Today(ctx), answerWithin), State: "open", Edition: 1}
	return c.ID, a.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, a.db, "access_correction", c); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: AskData, Unit: acc.Unit, Person: acc.Person, Subject: "correction:" + c.ID})
	})
}

// Corrections lists the requests of people in units of the actor of ctx, the most
// urgent first; when mine, his own, the latest first.
func (a *Access) Corrections(ctx context.Context, mine, open bool) ([]Correction, error) {
	w, order := db.NewWhere(), "c.due_on, c.id"
	if mine {
		acc, err := a.self(ctx)
		if err != nil {
			return nil, err
		}
		w.And("c.account_id = ?", acc.ID)
		order = "c.made_at desc, c.id"
	} else {
		if !Anywhere(ctx, EditAccounts) {
			return nil, refuse(ctx)
		}
		In(ctx, EditAccounts).Narrow(w, "c.unit_id")
	}
	w.If(open, "c.state = 'open'")
	return db.All[Correction](ctx, a.db, `select `+db.Columns[Correction]("c")+` from access_correction c where `+w.SQL()+` order by `+order+` limit 500`, w.Args()...)
}

// AnswerCorrection ends a request: done or refused, with words for the person, who
// gets them as a letter.
func (a *Access) AnswerCorrection(ctx context.Context, id string, done bool, words string, edition int64) error {
	if !Anywhere(ctx, EditAccounts) {
		return refuse(ctx)
	}
	c, err := db.One[Correction](ctx, a.db, `select `+db.Columns[Correction]("")+` from access_correction where id = $1`, id)
	if err != nil {
		return err
	}
	if Check(ctx, EditAccounts, c.Unit) != nil {
		return errs.New(errs.NotFound, "error.not-found")
	}
	if words = text.CleanLines(words); words == "" || len(words) > 8000 {
		return errs.New(errs.Invalid, "error.invalid").Field("answer", "access.correction.answer-empty")
	}
	who, _ := Who(ctx)
	state := map[bool]string{true: "done", false: "refused"}[done]
	return a.db.Tx(ctx, func(ctx context.Context) error {
		n, err := a.db.Exec(ctx, `update access_correction set state = $1, answer = $2, answered_by = $3, answered_at = $4, edition = edition + 1
			where id = $5 and edition = $6 and state = 'open'`, state, words, who.Account, clock.Now(ctx), id, edition)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "error.changed")
		}
		if err := a.tellAnswer(ctx, c, words); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: AskData, Unit: c.Unit, Person: c.Person, Subject: "correction:" + c.ID, Detail: map[string]any{"state": state}})
	})
}

func (a *Access) tellAnswer(ctx context.Context, c Correction, words string) error {
	if a.opt.Mail == nil || c.Person == "" {
		return nil
	}
	return a.opt.Mail.Send(ctx, mail.Letter{Reader: string(c.Person), Subject: i18n.S(ctx, "access.correction.answered"), Body: words, Link: "/access/me/data"})
}

// workdays is the state's calendar as shipped.
func workdays() *calendar.Calendar { return calendar.Default() }
