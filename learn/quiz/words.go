package quiz

import (
	"context"
	"html"
	"strconv"
	"strings"
	"time"

	"lotrinh/learn/markup"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
)

func testPath(id TestID) string { return "/learn/tests/" + string(id) }

func introHTML(source string) string { return markup.HTML(source, nil) }

// points writes thousandths of a point: 12,5 or 12.5.
func points(ctx context.Context, milli int64) string {
	s := i18n.Number(ctx, milli/1000)
	part := strings.TrimRight(strconv.FormatInt(1000+milli%1000, 10)[1:], "0")
	if part == "" {
		return s
	}
	mark := ","
	if i18n.Of(ctx) == i18n.En {
		mark = "."
	}
	return s + mark + part
}

func term(key, data string) ui.Term { return ui.Term{Text: i18n.T(key), Data: data} }

func introTerms(ctx context.Context, in Intro) []ui.Term {
	t := in.Test
	terms := []ui.Term{
		term("learn_quiz.questions", i18n.S(ctx, "learn_quiz.questions-of", in.Questions, in.Points)),
		term("learn_quiz.minutes", orAny(ctx, t.Minutes, "learn_quiz.minutes-n")),
		term("learn_quiz.attempts", orAny(ctx, t.Attempts, "learn_quiz.attempts-n")),
		term("learn_quiz.pass", strconv.Itoa(t.PassPercent)+" %"),
	}
	if !t.OpensAt.IsZero() || !t.ClosesAt.IsZero() {
		terms = append(terms, term("learn_quiz.window", window(ctx, t.OpensAt, t.ClosesAt)))
	}
	return terms
}

func window(ctx context.Context, from, to time.Time) string {
	return strings.TrimSpace(i18n.DateTime(ctx, from) + " – " + i18n.DateTime(ctx, to))
}

func orAny(ctx context.Context, n int, key string) string {
	if n == 0 {
		return i18n.S(ctx, "learn_quiz.unlimited")
	}
	return i18n.S(ctx, key, n)
}

func mineRows(ctx context.Context, in Intro) [][]ui.Cell {
	var rows [][]ui.Cell
	for _, a := range in.Mine {
		row := []ui.Cell{{Text: strconv.Itoa(a.Number), Href: attemptPath(a.ID) + "/result"}, {Text: i18n.DateTime(ctx, a.Submitted)}, {Text: "–"}, {Text: stateText(ctx, a)}}
		if a.State == Graded && in.Test.Review != ReviewNever {
			row[2].Text = points(ctx, a.Score) + "/" + points(ctx, a.Points)
		} else if a.State == Graded {
			row[3].Text = i18n.S(ctx, "learn_quiz.state.handed-in")
		}
		rows = append(rows, row)
	}
	return rows
}

func stateText(ctx context.Context, a Listed) string {
	switch {
	case a.State == Graded && a.Passed:
		return i18n.S(ctx, "learn_quiz.passed")
	case a.State == Graded:
		return i18n.S(ctx, "learn_quiz.failed")
	}
	return i18n.S(ctx, "learn_quiz.state."+string(a.State))
}

func passTone(passed bool) ui.Tone {
	if passed {
		return ui.Good
	}
	return ui.Warn
}

func passText(ctx context.Context, r Result) i18n.Text {
	key := "learn_quiz.result.failed"
	if r.Attempt.Passed {
		key = "learn_quiz.result.passed"
	}
	return i18n.T(key, points(ctx, r.Attempt.Score), points(ctx, r.Attempt.Points), r.Test.PassPercent)
}

func markTone(q Reviewed) ui.Tone {
	switch q.Mark {
	case unmarked:
		return ui.Info
	case q.Points:
		return ui.Good
	case 0:
		return ui.Bad
	}
	return ui.Warn
}

func markText(ctx context.Context, q Reviewed) i18n.Text {
	if q.Mark == unmarked {
		return i18n.T("learn_quiz.unmarked")
	}
	return i18n.T("learn_quiz.mark-of", points(ctx, q.Mark), points(ctx, q.Points))
}

func reviewTerms(ctx context.Context, q Reviewed) []ui.Term {
	terms := []ui.Term{term("learn_quiz.your-answer", q.item.words(ctx, q.Answer))}
	if right := q.item.words(ctx, q.item.key()); right != "" {
		terms = append(terms, term("learn_quiz.right-answer", right))
	}
	for k, c := range q.item.Rubric {
		if k < len(q.Parts) {
			terms = append(terms, ui.Term{Text: ui.Plain(c.Text), Data: points(ctx, q.Parts[k]) + "/" + points(ctx, c.Points*1000)})
		}
	}
	if q.Remark != "" {
		terms = append(terms, term("learn_quiz.remark", q.Remark))
	}
	return terms
}

// partMark is the mark of a criterion as its field shows it.
func partMark(q Reviewed, k int) string {
	if k >= len(q.Parts) {
		return ""
	}
	return decimalText(float64(q.Parts[k]) / 1000)
}

// key is the right answer, as answers are kept; "" where there is no single one.
func (it *item) key() string {
	switch it.Kind {
	case Single, Multiple:
		var right []int
		for i, o := range it.Options {
			if o.Right {
				right = append(right, i)
			}
		}
		return joinInts(right)
	case TrueFalse:
		if it.Answer {
			return "1"
		}
		return "0"
	case Matching, Ordering:
		return joinInts(inOrder(it.parts()))
	case Numeric:
		return strings.Replace(strconv.FormatFloat(it.Value, 'f', -1, 64), ".", ",", 1)
	case ShortText:
		return it.Accept[0]
	}
	return ""
}

// words says an answer as a person reads it.
func (it *item) words(ctx context.Context, answer string) string {
	if answer == "" {
		return ""
	}
	parts := splitInts(answer)
	var out []string
	switch it.Kind {
	case Single, Multiple:
		for _, i := range parts {
			if i >= 0 && i < len(it.Options) {
				out = append(out, html.UnescapeString(it.Options[i].Text))
			}
		}
		return strings.Join(out, "; ")
	case TrueFalse:
		if answer == "1" {
			return i18n.S(ctx, "learn_quiz.true")
		}
		return i18n.S(ctx, "learn_quiz.false")
	case Matching:
		for i, at := range parts {
			if i < len(it.Pairs) && at >= 0 && at < len(it.Pairs) {
				out = append(out, it.Pairs[i].Left+" → "+it.Pairs[at].Right)
			}
		}
		return strings.Join(out, "; ")
	case Ordering:
		return it.sequence(parts)
	}
	return answer
}

// sequence names the items of an ordering in the order given.
func (it *item) sequence(parts []int) string {
	at := make([][]string, len(it.Sequence))
	for i, p := range parts {
		if p >= 0 && p < len(at) && i < len(it.Sequence) {
			at[p] = append(at[p], it.Sequence[i])
		}
	}
	var out []string
	for p, names := range at {
		if len(names) > 0 {
			out = append(out, strconv.Itoa(p+1)+". "+strings.Join(names, " / "))
		}
	}
	return strings.Join(out, "; ")
}

// answerTime is the time of day at which something was saved.
func answerTime(t time.Time) string { return t.In(clock.Zone).Format("15:04:05") }

func levels(any bool) []ui.Option {
	out := words("learn_quiz.level.", Levels...)
	if any {
		return append([]ui.Option{{Text: i18n.T("learn_quiz.any")}}, out...)
	}
	return out
}

func kinds() []ui.Option {
	return append([]ui.Option{{Text: i18n.T("learn_quiz.any")}}, words("learn_quiz.kind.", Kinds...)...)
}

// words are choices whose texts are named by prefix and value.
func words[T ~string](prefix string, values ...T) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: string(v), Text: i18n.T(prefix + string(v))}
	}
	return out
}

func trueValue(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func countText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func noHand(picks []Pick) bool { return len(picks) > 0 && picks[0].NoHand }

func givenMark(q Reviewed) string {
	if q.Mark == unmarked {
		return ""
	}
	return decimalText(float64(q.Mark) / 1000)
}

// two writes a figure between -1 and 1 with two decimals.
func two(ctx context.Context, x float64) string {
	s := strconv.FormatFloat(x, 'f', 2, 64)
	if i18n.Of(ctx) == i18n.Vi {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

func statTerms(ctx context.Context, s Stats) []ui.Term {
	return []ui.Term{term("learn_quiz.attempts-marked", i18n.Number(ctx, s.Attempts)), term("learn_quiz.mean", i18n.Percent(ctx, int64(s.Mean*10000+0.5), 10000)),
		term("learn_quiz.spread", two(ctx, s.Spread)), term("learn_quiz.alpha", two(ctx, s.Alpha))}
}

func statRows(ctx context.Context, s Stats) [][]ui.Cell {
	var out [][]ui.Cell
	for _, it := range s.Items {
		note := ""
		switch {
		case it.N < 30:
			note = "learn_quiz.note.few"
		case it.Discrimination < 0:
			note = "learn_quiz.note.wrong"
		case it.Facility > 0.95:
			note = "learn_quiz.note.easy"
		case it.Facility < 0.2:
			note = "learn_quiz.note.hard"
		case it.Discrimination < 0.2:
			note = "learn_quiz.note.weak"
		}
		row := []ui.Cell{{Text: cut(it.Stem, 160), Href: "/learn/bank/" + string(it.Question)}, {Text: i18n.Number(ctx, it.N)},
			{Text: i18n.Percent(ctx, int64(it.Facility*10000+0.5), 10000)}, {Text: two(ctx, it.Discrimination)}, {}}
		if note != "" {
			row[4].Text = i18n.S(ctx, note)
		}
		out = append(out, row)
	}
	return out
}
