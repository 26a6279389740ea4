package quiz

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"lotrinh/learn/page"
	"lotrinh/org"
)

// A question is written in plain fields, so that its form needs no script: a line
// for each option, pair, step or criterion. A right option begins with *, the two
// sides of a pair are parted by =>, a criterion ends with its points after a bar.

// readQuestion reads the form of a question.
func readQuestion(f url.Values) NewQuestion {
	n := NewQuestion{Unit: org.UnitID(f.Get("unit")), Topic: f.Get("topic"), Outcome: f.Get("outcome"), Level: Level(f.Get("level")),
		Body: Body{Kind: Kind(f.Get("kind")), Points: int64(page.Number(f, "points")), Stem: f.Get("stem"), Explanation: f.Get("explanation")}}
	switch n.Kind {
	case Single, Multiple:
		n.Options = readOptions(f.Get("options"))
	case TrueFalse:
		n.Answer = f.Get("answer") == "1"
	case Matching:
		n.Pairs = readPairs(f.Get("pairs"))
	case Ordering:
		n.Sequence = readLines(f.Get("sequence"))
	case Numeric:
		n.Body.Unit = f.Get("unit_word")
		n.Value, n.Tolerance = readFloat(f.Get("value")), readFloat(f.Get("tolerance"))
	case ShortText:
		n.Accept = readLines(f.Get("accept"))
	case Essay:
		n.Rubric = readRubric(f.Get("rubric"))
	}
	return n
}

// readFloat reads a number; what is none is one that the use case refuses.
func readFloat(s string) float64 {
	if strings.TrimSpace(s) == "" {
		return 0
	}
	x, ok := ParseNumber(s, "")
	if !ok {
		return math.Inf(-1)
	}
	return x
}

func readLines(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func readOptions(s string) []Option {
	var out []Option
	for _, line := range readLines(s) {
		words, right := strings.CutPrefix(line, "*")
		out = append(out, Option{Text: strings.TrimSpace(words), Right: right})
	}
	return out
}

func readPairs(s string) []Pair {
	var out []Pair
	for _, line := range readLines(s) {
		left, right, _ := strings.Cut(line, "=>")
		out = append(out, Pair{strings.TrimSpace(left), strings.TrimSpace(right)})
	}
	return out
}

func readRubric(s string) []Rubric {
	var out []Rubric
	for _, line := range readLines(s) {
		words, points := line, int64(0)
		if i := strings.LastIndexByte(line, '|'); i >= 0 {
			words = strings.TrimSpace(line[:i])
			n, err := strconv.ParseInt(strings.TrimSpace(line[i+1:]), 10, 32)
			if err == nil {
				points = n
			}
		}
		out = append(out, Rubric{words, points})
	}
	return out
}

func writeOptions(all []Option) string {
	return joinLines(all, func(o Option) string {
		if o.Right {
			return "* " + o.Text
		}
		return o.Text
	})
}

func writePairs(all []Pair) string {
	return joinLines(all, func(p Pair) string { return p.Left + " => " + p.Right })
}

func writeRubric(all []Rubric) string {
	return joinLines(all, func(r Rubric) string { return r.Text + " | " + strconv.FormatInt(r.Points, 10) })
}

func joinLines[T any](all []T, line func(T) string) string {
	return strings.Join(texts(all, line), "\n")
}

// decimalText writes a number as people here do.
func decimalText(x float64) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', -1, 64), ".", ",", 1)
}
