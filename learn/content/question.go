package content

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// QuestionKind tells how a question is answered and marked.
type QuestionKind string

// The kinds of questions, each with the fields of Question that it uses.
const (
	Single    QuestionKind = "single"     // Options, exactly one correct
	Multiple  QuestionKind = "multiple"   // Options, two or more correct, at least one wrong
	TrueFalse QuestionKind = "true_false" // Answer
	Matching  QuestionKind = "matching"   // Pairs, whose right sides are shown shuffled
	Ordering  QuestionKind = "ordering"   // Sequence, shown shuffled
	Numeric   QuestionKind = "numeric"    // Number
	ShortText QuestionKind = "short_text" // Accept
	Essay     QuestionKind = "essay"      // Rubric, marked by hand
)

// QuestionKinds lists all kinds.
func QuestionKinds() []QuestionKind {
	return []QuestionKind{Single, Multiple, TrueFalse, Matching, Ordering, Numeric, ShortText, Essay}
}

// Level is what a question demands: to remember, to understand or to apply.
type Level string

// The levels, the easiest first.
const (
	Remember   Level = "remember"   // nhớ
	Understand Level = "understand" // hiểu
	Apply      Level = "apply"      // vận dụng
)

// Question is one question of a bank. Only the fields of its kind are set.
type Question struct {
	Topic       string       `toml:"-"`
	Key         string       `toml:"key"`
	Kind        QuestionKind `toml:"kind"`
	Outcome     string       `toml:"outcome"` // key of the topic's outcome
	Level       Level        `toml:"level"`
	Points      int          `toml:"points"`
	Stem        string       `toml:"stem"`
	Explanation string       `toml:"explanation"` // shown after the test

	Options  []Option     `toml:"options"`
	Answer   *bool        `toml:"answer"` // true where the statement is right
	Pairs    []Pair       `toml:"pairs"`
	Sequence []string     `toml:"sequence"` // in the right order
	Number   *Number      `toml:"number"`
	Accept   []string     `toml:"accept"` // compare without case, with runs of spaces as one
	Rubric   []RubricLine `toml:"rubric"` // its points add up to Points
}

// Option is one choice.
type Option struct {
	Text    string `toml:"text"`
	Correct bool   `toml:"correct"`
}

// Pair is two texts that belong together.
type Pair struct {
	Left  string `toml:"left"`
	Right string `toml:"right"`
}

// Number is the answer to a numeric question: anything from Value−Tolerance to
// Value+Tolerance is right.
type Number struct {
	Value     float64 `toml:"value"`
	Tolerance float64 `toml:"tolerance"`
	Unit      string  `toml:"unit"` // written after the field, «%»
}

// RubricLine is one criterion that an essay is marked by.
type RubricLine struct {
	Text   string `toml:"text"`
	Points int    `toml:"points"`
}

// check reports the first thing that makes the question unusable.
func (q Question) check() error {
	if !slices.Contains([]Level{Remember, Understand, Apply}, q.Level) {
		return fmt.Errorf("unknown level %q", q.Level)
	}
	if q.Points < 1 {
		return errors.New("points must be at least 1")
	}
	if blank(q.Stem) || blank(q.Explanation) {
		return errors.New("stem and explanation are required")
	}
	if err := q.checkFields(); err != nil {
		return err
	}
	return q.checkAnswer()
}

// checkFields allows only the fields of the question's kind.
func (q Question) checkFields() error {
	set := map[string]bool{
		"options": q.Options != nil, "answer": q.Answer != nil, "pairs": q.Pairs != nil,
		"sequence": q.Sequence != nil, "number": q.Number != nil, "accept": q.Accept != nil, "rubric": q.Rubric != nil,
	}
	own := map[QuestionKind]string{
		Single: "options", Multiple: "options", TrueFalse: "answer", Matching: "pairs",
		Ordering: "sequence", Numeric: "number", ShortText: "accept", Essay: "rubric",
	}[q.Kind]
	if own == "" {
		return fmt.Errorf("unknown kind %q", q.Kind)
	}
	for field, isSet := range set {
		if isSet != (field == own) {
			return fmt.Errorf("a question of kind %s has %s, and nothing else", q.Kind, own)
		}
	}
	return nil
}

// checkAnswer holds the answer against what its kind demands.
func (q Question) checkAnswer() error {
	switch q.Kind {
	case Single, Multiple:
		return q.checkOptions()
	case Matching:
		return q.checkPairs()
	case Ordering:
		return several(q.Sequence, 3, "steps")
	case Numeric:
		return q.Number.check()
	case ShortText:
		return several(q.Accept, 1, "accepted answers")
	case Essay:
		return q.checkRubric()
	}
	return nil
}

func (q Question) checkOptions() error {
	texts, correct := make([]string, 0, len(q.Options)), 0
	for _, o := range q.Options {
		texts = append(texts, o.Text)
		if o.Correct {
			correct++
		}
	}
	if q.Kind == Single && correct != 1 {
		return fmt.Errorf("a single choice has one correct option, not %d", correct)
	}
	if q.Kind == Multiple && (correct < 2 || correct == len(q.Options)) {
		return fmt.Errorf("a multiple choice has two or more correct options and a wrong one, not %d of %d", correct, len(q.Options))
	}
	return several(texts, 3, "options")
}

func (q Question) checkPairs() error {
	var lefts, rights []string
	for _, p := range q.Pairs {
		lefts, rights = append(lefts, p.Left), append(rights, p.Right)
	}
	if err := several(lefts, 3, "left sides"); err != nil {
		return err
	}
	return several(rights, 3, "right sides")
}

func (n Number) check() error {
	if math.IsNaN(n.Value) || math.IsInf(n.Value, 0) || n.Tolerance < 0 || math.IsInf(n.Tolerance, 0) || math.IsNaN(n.Tolerance) {
		return errors.New("a numeric answer is a finite number with a tolerance of 0 or more")
	}
	return nil
}

func (q Question) checkRubric() error {
	sum := 0
	var texts []string
	for _, r := range q.Rubric {
		if r.Points < 1 {
			return errors.New("each line of a rubric carries at least 1 point")
		}
		sum += r.Points
		texts = append(texts, r.Text)
	}
	if sum != q.Points {
		return fmt.Errorf("the rubric gives %d points, the question %d", sum, q.Points)
	}
	return several(texts, 2, "rubric lines")
}

// several demands at least min texts, none blank and no two alike.
func several(texts []string, least int, what string) error {
	if len(texts) < least {
		return fmt.Errorf("at least %d %s are required", least, what)
	}
	seen := map[string]bool{}
	for _, t := range texts {
		folded := strings.ToLower(strings.Join(strings.Fields(t), " "))
		if folded == "" || seen[folded] {
			return fmt.Errorf("%s are blank or repeated: %q", what, t)
		}
		seen[folded] = true
	}
	return nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
