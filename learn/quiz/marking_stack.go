package quiz

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strconv"

	"lotrinh/access"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Marking question by question: one who marks reads all answers to one question
// one after another, by the same criteria, and is not told whose they are.

// ToMark is a question of a test that is marked by hand, with how far that is.
type ToMark struct {
	Paper    PaperID
	Place    int // in the paper
	Stem     string
	Points   int64 // whole points
	Waiting  int
	Marked   int
	Question QuestionID
}

// ToMark lists the questions of a test that are marked by hand, with how many
// answers by people of the units where the actor may mark wait for it.
func (q *Quiz) ToMark(ctx context.Context, tid TestID) (Test, []ToMark, error) {
	t, err := q.store.test(ctx, tid)
	if err != nil {
		return t, nil, err
	}
	if !access.Anywhere(ctx, Mark) {
		return Test{}, nil, access.Check(ctx, Mark, t.Unit)
	}
	ids, err := db.All[PaperID](ctx, q.db, `select id from learn_quiz_paper where test_id = $1 order by number desc`, string(tid))
	if err != nil {
		return t, nil, err
	}
	var out []ToMark
	for _, pid := range ids {
		p, err := q.papers.get(ctx, pid)
		if err != nil {
			return t, nil, err
		}
		if !p.byHand() {
			continue
		}
		rows, err := q.store.handed(ctx, access.In(ctx, Mark), tid, pid)
		if err != nil {
			return t, nil, err
		}
		out = append(out, p.toMark(rows, pid == t.Paper)...)
	}
	return t, out, nil
}

// byHand says whether a person has to mark anything in the paper.
func (p *Paper) byHand() bool {
	return slices.ContainsFunc(p.items, func(it item) bool { return it.byHand })
}

// toMark counts the answers to each question marked by hand; of an old paper only
// what somebody was asked.
func (p *Paper) toMark(rows []handed, current bool) (out []ToMark) {
	for place := range p.items {
		it := &p.items[place]
		if !it.byHand {
			continue
		}
		m := ToMark{Paper: p.ID, Place: place, Stem: it.Stem, Points: it.Points, Question: it.Question}
		for _, r := range rows {
			switch mark, asked := r.markAt(place); {
			case asked && mark == unmarked:
				m.Waiting++
			case asked:
				m.Marked++
			}
		}
		if current || m.Waiting+m.Marked > 0 {
			out = append(out, m)
		}
	}
	return out
}

// handed is what is read of a handed-in attempt to mark one question of it.
type handed struct {
	ID      AttemptID `db:"id"`
	Drawn   string    `db:"drawn"`
	Log     string    `db:"log"`
	Marks   string    `db:"marks"`
	Remarks string    `db:"remarks"`
	Parts   string    `db:"parts"`
}

// markAt is the mark of the question at a place of the paper, and whether it was
// asked.
func (h handed) markAt(place int) (int64, bool) {
	k := slices.Index(splitInts(h.Drawn), place)
	marks := marksOf(h.Marks)
	if k < 0 || k >= len(marks) {
		return 0, false
	}
	return marks[k], true
}

func (s store) handed(ctx context.Context, in access.Scope, tid TestID, pid PaperID) ([]handed, error) {
	w := in.Narrow(db.NewWhere(), "unit_id").And("test_id = ?", string(tid)).And("paper_id = ?", string(pid)).And("submitted_at is not null")
	return db.All[handed](ctx, s.db, `select `+db.Columns[handed]("")+` from learn_quiz_attempt where `+w.SQL(), w.Args()...)
}

// Stack is the answers to one question, those that wait for a mark first. The
// order of the others is neither that of names nor that of time.
type Stack struct {
	Test    Test
	Paper   PaperID
	Place   int
	Answers []Stacked
	Total   int
	Waiting int
	item    *item
}

// Stacked is one answer of a stack; who gave it is not told.
type Stacked struct {
	Attempt AttemptID
	Reviewed
}

// Stack returns answers to the question at a place of a paper, of people of the
// units where the actor may mark. That answers were read is noted in the log.
func (q *Quiz) Stack(ctx context.Context, tid TestID, pid PaperID, place, offset, limit int) (Stack, error) {
	t, err := q.store.test(ctx, tid)
	if err != nil {
		return Stack{}, err
	}
	if !access.Anywhere(ctx, Mark) {
		return Stack{}, access.Check(ctx, Mark, t.Unit)
	}
	p, err := q.papers.get(ctx, pid)
	if err != nil {
		return Stack{}, err
	}
	if place < 0 || place >= len(p.items) || !p.items[place].byHand {
		return Stack{}, errs.New(errs.NotFound, "error.not-found")
	}
	rows, err := q.store.handed(ctx, access.In(ctx, Mark), tid, pid)
	if err != nil {
		return Stack{}, err
	}
	s := Stack{Test: t, Paper: pid, Place: place, item: &p.items[place]}
	s.fill(rows, offset, limit)
	return s, access.Audit(ctx, q.db, access.Entry{Action: ReadMarks, Unit: t.Unit, Subject: "test:" + string(tid), Detail: map[string]int{"answers": len(s.Answers)}, Read: true})
}

func (s *Stack) fill(rows []handed, offset, limit int) {
	rows = slices.DeleteFunc(rows, func(h handed) bool { _, asked := h.markAt(s.Place); return !asked })
	for _, h := range rows {
		if m, _ := h.markAt(s.Place); m == unmarked {
			s.Waiting++
		}
	}
	s.Total = len(rows)
	slices.SortFunc(rows, func(a, b handed) int {
		return cmp.Or(cmp.Compare(s.marked(a), s.marked(b)), cmp.Compare(s.shuffled(a.ID), s.shuffled(b.ID)))
	})
	from := min(max(offset, 0), len(rows))
	for i, h := range rows[from:min(from+limit, len(rows))] {
		s.Answers = append(s.Answers, s.answer(h, from+i+1))
	}
}

func (s *Stack) marked(h handed) int {
	if m, _ := h.markAt(s.Place); m == unmarked {
		return 0
	}
	return 1
}

// shuffled orders the answers of a stack, each time the same way.
func (s *Stack) shuffled(id AttemptID) uint64 {
	h := fnv.New64a()
	h.Write([]byte(string(s.Paper) + strconv.Itoa(s.Place) + string(id)))
	return h.Sum64()
}

func (s *Stack) answer(h handed, no int) Stacked {
	drawn := splitInts(h.Drawn)
	k := slices.Index(drawn, s.Place)
	r := Reviewed{No: no, Points: s.item.Points * 1000, Mark: marksOf(h.Marks)[k], Answer: logLast(h.Log, len(drawn))[k], Remark: remarksOf(h.Remarks)[k+1],
		Parts: partsOf(h.Parts)[k+1], item: s.item}
	return Stacked{Attempt: h.ID, Reviewed: r}
}

// StackMark is a mark given to an answer of a stack.
type StackMark struct {
	Attempt AttemptID
	Was     string // the mark that stood there when it was shown, "-" none
	Key     string // names its fields in the form
	Given
}

// MarkStack marks answers of a stack, all or none. One that was marked by somebody
// else meanwhile is a Conflict; other questions of the same attempt may be marked
// at the same time.
func (q *Quiz) MarkStack(ctx context.Context, tid TestID, place int, all []StackMark) error {
	return q.db.Tx(ctx, func(ctx context.Context) error {
		for _, m := range all {
			if err := q.markOne(ctx, tid, place, m); err != nil { // asks access.Check
				return err
			}
		}
		return nil
	})
}

func (q *Quiz) markOne(ctx context.Context, tid TestID, place int, m StackMark) error {
	a, err := q.store.attempt(ctx, m.Attempt)
	if err != nil {
		return err
	}
	if err := access.Check(ctx, Mark, a.Unit); err != nil {
		return err
	}
	k := slices.Index(splitInts(a.Drawn), place)
	marks := marksOf(a.Marks)
	if a.Test != tid || k < 0 || k >= len(marks) {
		return errs.New(errs.NotFound, "error.not-found")
	}
	if markWord(marks[k]) != m.Was {
		return errs.New(errs.Conflict, "error.changed")
	}
	return q.giveMarks(ctx, a, map[int]Given{k + 1: m.Given}, m.Key)
}

// markWord writes a mark as forms carry it.
func markWord(mark int64) string { return marksText([]int64{mark}) }

// Waiting counts, for each test, the attempts by people of the units where the
// actor may mark that wait for marks.
func (q *Quiz) Waiting(ctx context.Context) (map[TestID]int, error) {
	type count struct {
		Test TestID `db:"test_id"`
		N    int    `db:"n"`
	}
	w := access.In(ctx, Mark).Narrow(db.NewWhere(), "unit_id").And("state = 'marking'")
	out := map[TestID]int{}
	return out, db.Each(ctx, q.db, `select test_id, count(*) as n from learn_quiz_attempt where `+w.SQL()+` group by test_id`, w.Args(), func(c count) error {
		out[c.Test] = c.N
		return nil
	})
}
