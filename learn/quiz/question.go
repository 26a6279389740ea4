package quiz

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// QuestionID names a question for good; its text changes by version.
type QuestionID string

// Kind tells how a question is answered and marked.
type Kind string

// The kinds, each with the fields of Body that it uses.
const (
	Single    Kind = "single"     // Options, exactly one right
	Multiple  Kind = "multiple"   // Options, one or more right
	TrueFalse Kind = "true_false" // Answer
	Matching  Kind = "matching"   // Pairs; right sides are shown shuffled
	Ordering  Kind = "ordering"   // Sequence, in the right order; shown shuffled
	Numeric   Kind = "numeric"    // Value, Tolerance, Unit
	ShortText Kind = "short_text" // Accept
	Essay     Kind = "essay"      // Rubric; marked by hand
)

// Kinds lists all kinds in the order in which the screens name them.
var Kinds = []Kind{Single, Multiple, TrueFalse, Matching, Ordering, Numeric, ShortText, Essay}

// Level is what a question demands.
type Level string

// The levels, the easiest first.
const (
	Remember   Level = "remember"
	Understand Level = "understand"
	Apply      Level = "apply"
)

// Levels lists them, the easiest first.
var Levels = []Level{Remember, Understand, Apply}

// Body is what a version of a question says; a saved one never changes.
type Body struct {
	Kind        Kind     `json:"kind"`
	Points      int64    `json:"points"` // whole points, 1 to 100
	Stem        string   `json:"stem"`   // Markdown
	Explanation string   `json:"explanation,omitempty"`
	Options     []Option `json:"options,omitempty"`
	Answer      bool     `json:"answer,omitempty"`
	Pairs       []Pair   `json:"pairs,omitempty"`
	Sequence    []string `json:"sequence,omitempty"`
	Value       float64  `json:"value,omitempty"`
	Tolerance   float64  `json:"tolerance,omitempty"`
	Unit        string   `json:"unit,omitempty"` // written after the field: «%»
	Accept      []string `json:"accept,omitempty"`
	Rubric      []Rubric `json:"rubric,omitempty"`
}

// Option is one choice.
type Option struct {
	Text  string `json:"text"`
	Right bool   `json:"right,omitempty"`
}

// Pair is two texts that belong together.
type Pair struct {
	Left  string `json:"left"`
	Right string `json:"right"`
}

// Rubric is one criterion that an essay is marked by.
type Rubric struct {
	Text   string `json:"text"`
	Points int64  `json:"points"`
}

// Question is a question of the bank.
type Question struct {
	ID      QuestionID `db:"id"`
	Unit    org.UnitID `db:"unit_id"`
	Topic   string     `db:"topic_id"`
	Outcome string     `db:"outcome_id"`
	Level   Level      `db:"level"`
	Kind    Kind       `db:"kind"`
	Version int        `db:"version"`
	Stem    string     `db:"stem"`
	Folded  string     `db:"folded"`
	Source  *string    `db:"source_key"`
	Retired bool       `db:"retired"`
	Edition int        `db:"edition"`
	MadeAt  time.Time  `db:"made_at"`
}

// NewQuestion is what someone fills in to add or change a question.
type NewQuestion struct {
	Unit    org.UnitID
	Topic   string
	Outcome string
	Level   Level
	Source  string // key in shipped or imported material: the same key is the same question
	Body
}

const (
	stemMax  = 8000
	textMax  = 1000
	itemsMax = 20
)

// tidy brings every text to NFC without marks that nobody sees.
func (n *NewQuestion) tidy() {
	n.Stem, n.Explanation = text.CleanLines(n.Stem), text.CleanLines(n.Explanation)
	n.Body.Unit = text.Clean(n.Body.Unit)
	for i := range n.Options {
		n.Options[i].Text = text.Clean(n.Options[i].Text)
	}
	for i := range n.Pairs {
		n.Pairs[i] = Pair{text.Clean(n.Pairs[i].Left), text.Clean(n.Pairs[i].Right)}
	}
	for i := range n.Sequence {
		n.Sequence[i] = text.Clean(n.Sequence[i])
	}
	for i := range n.Accept {
		n.Accept[i] = text.Clean(n.Accept[i])
	}
	for i := range n.Rubric {
		n.Rubric[i].Text = text.Clean(n.Rubric[i].Text)
	}
}

func (n NewQuestion) check() error {
	var f errs.Form
	f.Need(n.Unit != "", "unit", "learn_quiz.need.unit")
	f.Need(slices.Contains(Kinds, n.Kind), "kind", "learn_quiz.need.kind")
	f.Need(slices.Contains(Levels, n.Level), "level", "learn_quiz.need.level")
	f.Need(n.Stem != "" && len(n.Stem) <= stemMax, "stem", "learn_quiz.need.stem")
	f.Need(n.Points >= 1 && n.Points <= 100, "points", "learn_quiz.need.points")
	n.checkAnswer(&f)
	return f.Err()
}

func (n NewQuestion) checkAnswer(f *errs.Form) {
	switch n.Kind {
	case Single, Multiple:
		right := 0
		for _, o := range n.Options {
			if o.Right {
				right++
			}
		}
		f.Need(distinct(texts(n.Options, func(o Option) string { return o.Text }), 2), "options", "learn_quiz.need.options")
		f.Need(right == 1 || n.Kind == Multiple && right > 1, "options", "learn_quiz.need.right")
	case Matching:
		f.Need(distinct(texts(n.Pairs, func(p Pair) string { return p.Left }), 2) &&
			distinct(texts(n.Pairs, func(p Pair) string { return p.Right }), 2), "pairs", "learn_quiz.need.pairs")
	case Ordering:
		f.Need(distinct(n.Sequence, 2), "sequence", "learn_quiz.need.sequence")
	case Numeric:
		f.Need(finite(n.Value), "value", "learn_quiz.need.number")
		f.Need(finite(n.Tolerance) && n.Tolerance >= 0, "tolerance", "learn_quiz.need.tolerance")
	case ShortText:
		f.Need(distinct(n.Accept, 1), "accept", "learn_quiz.need.accept")
	case Essay:
		sum := int64(0)
		for _, r := range n.Rubric {
			sum += r.Points
		}
		f.Need(distinct(texts(n.Rubric, func(r Rubric) string { return r.Text }), 1) && sum == n.Points, "rubric", "learn_quiz.need.rubric")
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func texts[T any](items []T, of func(T) string) []string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = of(it)
	}
	return out
}

// distinct says whether there are at least min texts, not too many, none blank
// and no two alike.
func distinct(all []string, least int) bool {
	seen := map[string]bool{}
	for _, t := range all {
		t = strings.ToLower(t)
		if t == "" || len(t) > textMax || seen[t] {
			return false
		}
		seen[t] = true
	}
	return len(all) >= least && len(all) <= itemsMax
}

// AddQuestion writes a question into the bank of a unit.
func (q *Quiz) AddQuestion(ctx context.Context, n NewQuestion) (QuestionID, error) {
	ids, err := q.AddQuestions(ctx, []NewQuestion{n}) // asks access.Check for each
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// AddQuestions writes many questions, all or none. A question whose Source is in
// the bank already is left as it is.
func (q *Quiz) AddQuestions(ctx context.Context, all []NewQuestion) ([]QuestionID, error) {
	ids := make([]QuestionID, len(all))
	err := q.db.Tx(ctx, func(ctx context.Context) error {
		known, err := q.store.bySource(ctx)
		if err != nil {
			return err
		}
		for i, n := range all {
			if err := access.Check(ctx, EditBank, n.Unit); err != nil {
				return err
			}
			if ids[i] = known[n.Source]; n.Source != "" && ids[i] != "" {
				continue
			}
			if ids[i], err = q.add(ctx, n); err != nil {
				return err
			}
		}
		return audit(ctx, q.db, "learn_quiz.question.added", all[0].Unit, string(ids[0]), strconv.Itoa(len(ids)))
	})
	return ids, err
}

func (q *Quiz) add(ctx context.Context, n NewQuestion) (QuestionID, error) {
	n.tidy()
	if err := n.check(); err != nil {
		return "", err
	}
	row := Question{ID: QuestionID(id.New(ctx)), Unit: n.Unit, Topic: n.Topic, Outcome: n.Outcome, Level: n.Level, Kind: n.Kind,
		Version: 1, Stem: n.Stem, Folded: text.Fold(n.Stem), MadeAt: clock.Now(ctx)}
	if n.Source != "" {
		row.Source = &n.Source
	}
	if err := db.Insert(ctx, q.db, "learn_quiz_question", row); err != nil {
		return "", err
	}
	return row.ID, q.store.addVersion(ctx, row, n.Body)
}

// EditQuestion saves a new version of a question, unless someone changed it since
// the given edition. Papers already published keep the version that they ask.
func (q *Quiz) EditQuestion(ctx context.Context, qid QuestionID, edition int, n NewQuestion) error {
	return q.db.Tx(ctx, func(ctx context.Context) error {
		row, err := q.store.question(ctx, qid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, EditBank, row.Unit); err != nil {
			return err
		}
		n.Unit = row.Unit
		n.tidy()
		if err := n.check(); err != nil {
			return err
		}
		if row.Edition != edition {
			return errs.New(errs.Conflict, "error.changed")
		}
		row.Topic, row.Outcome, row.Level, row.Kind = n.Topic, n.Outcome, n.Level, n.Kind
		row.Version, row.Stem, row.Folded = row.Version+1, n.Stem, text.Fold(n.Stem)
		if err := q.store.saveQuestion(ctx, row); err != nil {
			return err
		}
		if err := q.store.addVersion(ctx, row, n.Body); err != nil {
			return err
		}
		return audit(ctx, q.db, "learn_quiz.question.edited", row.Unit, string(qid), strconv.Itoa(row.Version))
	})
}

// Retire takes a question out of new papers, or back in.
func (q *Quiz) Retire(ctx context.Context, qid QuestionID, retired bool) error {
	return q.db.Tx(ctx, func(ctx context.Context) error {
		row, err := q.store.question(ctx, qid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, EditBank, row.Unit); err != nil {
			return err
		}
		row.Retired = retired
		if err := q.store.saveQuestion(ctx, row); err != nil {
			return err
		}
		return audit(ctx, q.db, "learn_quiz.question.retired", row.Unit, string(qid), strconv.FormatBool(retired))
	})
}

// Question returns a question with the body of one of its versions; version 0 is
// the current one.
func (q *Quiz) Question(ctx context.Context, qid QuestionID, version int) (Question, Body, error) {
	row, err := q.store.question(ctx, qid)
	if err != nil {
		return row, Body{}, err
	}
	if err := access.Check(ctx, ReadBank, row.Unit); err != nil {
		return Question{}, Body{}, err
	}
	if version == 0 {
		version = row.Version
	}
	raw, err := q.store.version(ctx, qid, version)
	if err != nil {
		return row, Body{}, err
	}
	var b Body
	return row, b, json.Unmarshal([]byte(raw), &b)
}

// BankFilter narrows a list of questions.
type BankFilter struct {
	Topic, Outcome string
	Level          Level
	Kind           Kind
	Text           string
	Retired        bool // the retired ones instead of the others
	Offset, Limit  int  // Limit 0 = 50
}

// Questions lists the questions of the units whose bank the actor may read, and
// how many there are.
func (q *Quiz) Questions(ctx context.Context, f BankFilter) ([]Question, int, error) {
	return q.store.questions(ctx, access.In(ctx, ReadBank), f)
}
