package quiz

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lotrinh/platform/text"
)

// An answer is kept as text, in the order in which the question was written, not
// in which it was shown:
//
//	single, multiple    "2" or "0,3": the options chosen
//	true_false          "1" or "0"
//	matching            "2,-,0": for each left side the right side chosen, - none
//	ordering            "2,0,1": for each item its place, - none
//	numeric, texts      what was typed
//
// "" is no answer.

// Limits of what is typed, in bytes.
const (
	shortMax = 500
	essayMax = 20000
)

// none stands for a part of an answer that was left open.
const none = "-"

// readAnswer reads the fields of question no (1 is the first) from a form, as its
// page names them: q7, or q7.0, q7.1 … for matching and ordering. Values that the
// page does not offer are taken for no answer.
func readAnswer(form url.Values, no int, it *item, show order) string {
	name := "q" + strconv.Itoa(no)
	switch it.Kind {
	case Single, Multiple:
		return choices(form[name], it, show)
	case TrueFalse:
		if v := form.Get(name); v == "0" || v == "1" {
			return v
		}
		return ""
	case Matching, Ordering:
		return places(form, name, it.parts(), show)
	case Essay:
		return cut(text.CleanLines(form.Get(name)), essayMax)
	}
	return cut(text.Clean(form.Get(name)), shortMax)
}

func choices(values []string, it *item, show order) string {
	var chosen []int
	for _, v := range values {
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(show.options) || slices.Contains(chosen, show.options[i]) {
			continue
		}
		chosen = append(chosen, show.options[i])
	}
	if it.Kind == Single && len(chosen) > 1 {
		chosen = chosen[:1]
	}
	slices.Sort(chosen)
	return joinInts(chosen)
}

// places reads one value for each part, numbered as shown. Values of matching name the right side as
// it was shown; those of ordering a place, 0 the first.
func places(form url.Values, name string, parts int, show order) string {
	out, any := make([]string, parts), false
	for k, i := range show.options {
		out[i] = none
		v, err := strconv.Atoi(form.Get(name + "." + strconv.Itoa(k)))
		if err != nil || v < 0 || v >= parts {
			continue
		}
		if show.rights != nil {
			v = show.rights[v]
		}
		out[i], any = strconv.Itoa(v), true
	}
	if !any {
		return ""
	}
	return strings.Join(out, ",")
}

func joinInts(all []int) string {
	var b []byte
	for i, n := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(b)
}

// splitInts reads "2,-,0"; what is no number is -1.
func splitInts(s string) []int {
	if s == "" {
		return nil
	}
	out := make([]int, 0, 8)
	for part := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(part)
		if err != nil {
			n = -1
		}
		out = append(out, n)
	}
	return out
}

// cut shortens s to at most limit bytes, between letters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
