package quiz

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// remarksOf reads the remarks of an attempt by the number of the question.
func remarksOf(s string) map[int]string {
	out := map[int]string{}
	if s != "" && json.Unmarshal([]byte(s), &out) != nil {
		return map[int]string{}
	}
	return out
}

// Listed is an attempt in a list.
type Listed struct {
	ID        AttemptID    `db:"id"`
	Test      TestID       `db:"test_id"`
	Person    org.PersonID `db:"person_id"`
	Unit      org.UnitID   `db:"unit_id"`
	Number    int          `db:"number"`
	OpenedAt  time.Time    `db:"opened_at"`
	Submitted time.Time    `db:"submitted_at"`
	EndedBy   string       `db:"ended_by"`
	State     State        `db:"state"`
	Score     int64        `db:"score"`
	Points    int64        `db:"points"`
	Passed    bool         `db:"passed"`
}

// ListFilter narrows a list of attempts.
type ListFilter struct {
	State         State
	Offset, Limit int // Limit 0 = 100
}

// Attempts lists the attempts at a test by people of the units whose marks the
// actor may read, those that wait for marks first, and how many there are.
func (q *Quiz) Attempts(ctx context.Context, tid TestID, f ListFilter) ([]Listed, int, error) {
	w := access.In(ctx, ReadMarks).Narrow(db.NewWhere(), "unit_id")
	w.And("test_id = ?", string(tid)).If(f.State != "", "state = ?", string(f.State))
	n, err := db.One[int](ctx, q.db, `select count(*) from learn_quiz_attempt where `+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	rows, err := db.All[Listed](ctx, q.db, `select `+db.Columns[Listed]("")+` from learn_quiz_attempt where `+w.SQL()+
		` order by case state when 'marking' then 0 else 1 end, submitted_at desc nulls last, id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
	return rows, n, err
}

// Given is the mark that a person gives to one answer.
type Given struct {
	Mark   int64 // thousandths of a point
	Remark string
}

// GiveMarks marks answers of an attempt by hand, by the number of the question.
// When no answer is left unmarked, the result stands; it can be marked anew. A
// mark given by someone else since the given edition is a Conflict.
func (q *Quiz) GiveMarks(ctx context.Context, aid AttemptID, edition int, given map[int]Given) error {
	return q.db.Tx(ctx, func(ctx context.Context) error {
		a, err := q.store.attempt(ctx, aid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, Mark, a.Unit); err != nil {
			return err
		}
		if a.Submitted.IsZero() {
			return errs.New(errs.Conflict, "learn_quiz.still-open")
		}
		if a.Edition != edition {
			return errs.New(errs.Conflict, "error.changed")
		}
		p, err := q.papers.get(ctx, a.Paper)
		if err != nil {
			return err
		}
		marks, err := q.mergeMarks(p, &a, given)
		if err != nil {
			return err
		}
		if who, ok := access.Who(ctx); ok {
			a.GradedBy = string(who.Account)
		}
		if err := q.settle(ctx, p, a, marks); err != nil {
			return err
		}
		return auditPerson(ctx, q.db, Mark, a.Unit, a.Person, "attempt:"+string(aid), a.Marks)
	})
}

func (q *Quiz) mergeMarks(p *Paper, a *Attempt, given map[int]Given) ([]int64, error) {
	drawn, marks, remarks := splitInts(a.Drawn), marksOf(a.Marks), remarksOf(a.Remarks)
	var f errs.Form
	for no, g := range given {
		field := "m" + strconv.Itoa(no)
		if no < 1 || no > len(drawn) {
			continue
		}
		full := p.items[drawn[no-1]].Points
		f.Need(g.Mark >= 0 && g.Mark <= full*1000, field, "learn_quiz.need.mark", full)
		marks[no-1] = g.Mark
		if remarks[no] = text.CleanLines(g.Remark); remarks[no] == "" {
			delete(remarks, no)
		}
	}
	a.Marks = marksText(marks)
	if len(remarks) > 0 {
		body, err := json.Marshal(remarks)
		if err != nil {
			return nil, err
		}
		a.Remarks = string(body)
	}
	return marks, f.Err()
}

// Intro is what someone sees of a test before it is opened.
type Intro struct {
	Test      Test
	Questions int
	Points    int64 // whole points
	Mine      []Listed
	Open      AttemptID // under way, "" none
	Left      int       // attempts left, -1 = any number
	Refused   error     // why it cannot be opened; nil when it can
}

// Intro returns what the actor has to know before a test: its rules and his
// attempts so far. It asks for his seat through the Gate.
func (q *Quiz) Intro(ctx context.Context, tid TestID) (Intro, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return Intro{}, errs.New(errs.Stranger, "error.sign-in")
	}
	t, err := q.store.test(ctx, tid)
	if err != nil {
		return Intro{}, err
	}
	in := Intro{Test: t, Left: -1}
	seat, refused := q.gate.Seat(ctx, t, who.Person)
	if refused != nil && !access.Allowed(ctx, ReadBank, t.Unit) {
		return Intro{}, refused
	}
	if p, err := q.papers.get(ctx, t.Paper); err == nil {
		drawn := p.draw(1)
		in.Questions, in.Points = len(drawn), p.pointsOf(drawn)/1000
	}
	if in.Mine, err = q.store.mine(ctx, tid, who.Person); err != nil {
		return in, err
	}
	before, err := q.store.standing(ctx, tid, who.Person)
	if err != nil {
		return in, err
	}
	in.Open = before.Open
	if t.Attempts > 0 {
		in.Left = max(0, t.Attempts+before.MoreAttempts-before.Count)
	}
	if in.Refused = refused; in.Refused == nil && in.Open == "" {
		_, in.Refused = q.begin(ctx, t, seat, before)
	}
	return in, nil
}

func (s store) mine(ctx context.Context, tid TestID, p org.PersonID) ([]Listed, error) {
	return db.All[Listed](ctx, s.db, `select `+db.Columns[Listed]("")+` from learn_quiz_attempt
		where test_id = $1 and person_id = $2 order by number`, string(tid), string(p))
}
