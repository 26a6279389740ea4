package survey

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"slices"
	"strconv"
	"unicode/utf8"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

const (
	maxRemark = 2000 // letters
	stirred   = 64   // answers written anew with each that comes
)

// Reply is what somebody answered.
type Reply struct {
	Scores []int // 1 to 5 for each item; 0 not answered
	Remark string
}

// Asked is a questionnaire as it is put to somebody.
type Asked struct {
	Run   Run
	Body  Body
	Spent bool // the token was used
}

// AskedBy is the questionnaire that a token opens. Open to all: who has the token
// was asked. NotFound for a token that never was or whose run is sealed; Conflict
// before the first day and after the last.
func (s *Surveys) AskedBy(ctx context.Context, t string) (a Asked, err error) {
	_, a, err = s.askedBy(ctx, t)
	return a, err
}

func (s *Surveys) askedBy(ctx context.Context, t string) (k token, a Asked, err error) {
	k, err = db.One[token](ctx, s.db, `select hash, run_id, slice, used from learn_survey_token where hash = $1`, hashed(t))
	if err != nil {
		return k, a, errs.New(errs.NotFound, "learn_survey.unknown").Because(err)
	}
	a.Spent = k.Used
	if a.Run, err = s.run(ctx, k.Run); err != nil {
		return k, a, err
	}
	_, a.Body, err = s.form(ctx, a.Run.Form)
	if err == nil && !a.Run.OpenOn(clock.Today(ctx)) {
		key := "learn_survey.was-closed"
		if !a.Run.ClosedOn(clock.Today(ctx)) {
			key = "learn_survey.not-yet"
		}
		err = errs.New(errs.Conflict, key, a.Run.Opens.Viet())
	}
	return k, a, err
}

// Answer takes the answer of whoever holds a token, once. Open to all: the token
// says who may; nothing of the actor is kept. Errors: Invalid with fields q1, q2 …
// and remark; NotFound and Conflict as AskedBy has them; Conflict when the token
// was used.
func (s *Surveys) Answer(ctx context.Context, t string, r Reply) error {
	r.Remark = text.CleanLines(r.Remark)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		k, a, err := s.askedBy(ctx, t)
		if err != nil {
			return err
		}
		if k.Used {
			return errs.New(errs.Conflict, "learn_survey.answered")
		}
		if err := r.check(len(a.Body.Items)); err != nil {
			return err
		}
		n, err := s.db.Exec(ctx, `update learn_survey_token set used = $1 where hash = $2 and not used`, true, k.Hash)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "learn_survey.answered")
		}
		if err != nil {
			return err
		}
		return s.keep(ctx, k, r)
	})
}

// keep writes the answer, which from here on is nobody's.
func (s *Surveys) keep(ctx context.Context, k token, r Reply) error {
	// The count comes first: it makes answers to one run wait for one another.
	if _, err := s.db.Exec(ctx, `update learn_survey_run set answered = answered + 1 where id = $1`, k.Run); err != nil {
		return err
	}
	if err := s.stirAnswers(ctx, answer{Run: k.Run, Slice: k.Slice, Scores: r.digits()}); err != nil {
		return err
	}
	if r.Remark != "" {
		if err := s.stirRemarks(ctx, remark{Run: k.Run, Body: r.Remark}); err != nil {
			return err
		}
	}
	run, err := s.run(ctx, k.Run)
	if err != nil {
		return err
	}
	// The log hears that somebody answered on this day, and no more.
	nobody := clock.At(access.From(access.System(ctx), ""), clock.Today(ctx).Time())
	return access.Audit(nobody, s.db, access.Entry{Action: answered, Unit: run.Unit, Subject: "survey-run:" + string(k.Run)})
}

// check says by field what is missing of a reply to so many items.
func (r Reply) check(items int) error {
	var f errs.Form
	for i := range items {
		f.Need(i < len(r.Scores) && r.Scores[i] >= 1 && r.Scores[i] <= 5, field(i), "learn_survey.need-score", i+1)
	}
	f.Need(len(r.Scores) <= items, "remark", "error.unreadable")
	f.Need(utf8.RuneCountInString(r.Remark) <= maxRemark, "remark", "learn_survey.long-remark", maxRemark)
	return f.Err()
}

// field is the form field of item i, counted from 0.
func field(i int) string { return "q" + strconv.Itoa(i+1) }

func (r Reply) digits() string {
	b := make([]byte, len(r.Scores))
	for i, n := range r.Scores {
		b[i] = '0' + byte(n)
	}
	return string(b)
}

type answer struct {
	ID     int64  `db:"id"`
	Run    RunID  `db:"run_id"`
	Slice  string `db:"slice"`
	Scores string `db:"scores"`
}

type remark struct {
	ID   int64  `db:"id"`
	Run  RunID  `db:"run_id"`
	Body string `db:"body"`
}

// stirAnswers writes an answer together with up to stirred others of its run, all
// under fresh ids, so that neither place nor transaction tells which came last.
func (s *Surveys) stirAnswers(ctx context.Context, a answer) error {
	rows, err := db.All[answer](ctx, s.db, `delete from learn_survey_reply where id in
		(select id from learn_survey_reply where run_id = $1 order by id limit $2) returning `+db.Columns[answer](""), a.Run, stirred)
	if err != nil {
		return err
	}
	rows = append(rows, a)
	ids, err := s.fresh(ctx, "learn_survey_reply", len(rows))
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].ID = ids[i]
	}
	slices.SortFunc(rows, func(a, b answer) int { return int(a.ID - b.ID) })
	return db.Insert(ctx, s.db, "learn_survey_reply", rows...)
}

// stirRemarks is stirAnswers for what was said in words.
func (s *Surveys) stirRemarks(ctx context.Context, r remark) error {
	rows, err := db.All[remark](ctx, s.db, `delete from learn_survey_remark where id in
		(select id from learn_survey_remark where run_id = $1 order by id limit $2) returning `+db.Columns[remark](""), r.Run, stirred)
	if err != nil {
		return err
	}
	rows = append(rows, r)
	ids, err := s.fresh(ctx, "learn_survey_remark", len(rows))
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].ID = ids[i]
	}
	slices.SortFunc(rows, func(a, b remark) int { return int(a.ID - b.ID) })
	return db.Insert(ctx, s.db, "learn_survey_remark", rows...)
}

// fresh draws n random ids that no row of the table has.
func (s *Surveys) fresh(ctx context.Context, table string, n int) ([]int64, error) {
	return s.freshBy(ctx, table, n, func() int64 {
		var b [4]byte
		rand.Read(b[:])
		return int64(binary.LittleEndian.Uint32(b[:]) >> 1)
	})
}

func (s *Surveys) freshBy(ctx context.Context, table string, n int, draw func() int64) ([]int64, error) {
	out, seen := make([]int64, 0, n), map[int64]bool{0: true}
	for len(out) < n {
		var drawn []int64
		for range min(n-len(out), 400) {
			if v := draw(); !seen[v] {
				seen[v], drawn = true, append(drawn, v)
			}
		}
		w := db.NewWhere()
		taken, err := db.All[int64](ctx, s.db, `select id from `+table+` where `+db.In(w, "id", drawn).SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, v := range drawn {
			if !slices.Contains(taken, v) {
				out = append(out, v)
			}
		}
	}
	return out, nil
}
