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

// partsOf reads the marks by criterion of an attempt, by the number of the
// question, in thousandths of a point.
func partsOf(s string) map[int][]int64 {
	out := map[int][]int64{}
	if s != "" && json.Unmarshal([]byte(s), &out) != nil {
		return map[int][]int64{}
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
	Mark   int64   // thousandths of a point; the sum of Parts where there are any
	Parts  []int64 // by criterion of the rubric; nil when the answer is marked as a whole
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
		if a.Edition != edition {
			return errs.New(errs.Conflict, "error.changed")
		}
		return q.giveMarks(ctx, a, given, "")
	})
}

// giveMarks marks answers of an attempt; key names the fields of the form where
// they do not bear the number of the question.
func (q *Quiz) giveMarks(ctx context.Context, a Attempt, given map[int]Given, key string) error {
	if a.Submitted.IsZero() {
		return errs.New(errs.Conflict, "learn_quiz.still-open")
	}
	p, err := q.papers.get(ctx, a.Paper)
	if err != nil {
		return err
	}
	marks, err := p.mergeMarks(&a, given, key)
	if err != nil {
		return err
	}
	if who, ok := access.Who(ctx); ok {
		a.GradedBy = string(who.Account)
	}
	if err := q.settle(ctx, p, a, marks); err != nil {
		return err
	}
	return auditPerson(ctx, q.db, Mark, a.Unit, a.Person, "attempt:"+string(a.ID), a.Marks)
}

// mergeMarks puts what was given into an attempt and returns all its marks.
func (p *Paper) mergeMarks(a *Attempt, given map[int]Given, key string) ([]int64, error) {
	drawn, marks, remarks, parts := splitInts(a.Drawn), marksOf(a.Marks), remarksOf(a.Remarks), partsOf(a.Parts)
	var f errs.Form
	for no, g := range given {
		if no < 1 || no > len(drawn) {
			continue
		}
		name := orElse(key, strconv.Itoa(no))
		g.check(&f, name, &p.items[drawn[no-1]])
		marks[no-1] = g.Mark
		if parts[no] = g.Parts; len(g.Parts) == 0 {
			delete(parts, no)
		}
		if remarks[no] = text.CleanLines(g.Remark); remarks[no] == "" {
			delete(remarks, no)
		}
	}
	a.Marks, a.Remarks, a.Parts = marksText(marks), jsonOf(remarks), jsonOf(parts)
	return marks, f.Err()
}

// check says by field what is wrong with a mark for an item: m and the name for
// the whole, c, the name and the criterion for a part.
func (g Given) check(f *errs.Form, name string, it *item) {
	f.Need(g.Mark >= 0 && g.Mark <= it.Points*1000, "m"+name, "learn_quiz.need.mark", it.Points)
	for k, part := range g.Parts {
		f.Need(k < len(it.Rubric) && part >= 0 && part <= it.Rubric[k].Points*1000, partField(name, k), "learn_quiz.need.part", it.Rubric[min(k, len(it.Rubric)-1)].Points)
	}
}

func partField(name string, k int) string { return "c" + name + "." + strconv.Itoa(k) }

// jsonOf writes a map by question, "" when it is empty.
func jsonOf[V any](m map[int]V) string {
	if len(m) == 0 {
		return ""
	}
	body, err := json.Marshal(m)
	if err != nil {
		return "" // numbers and texts do not fail
	}
	return string(body)
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
