package quiz

import (
	"math"
	"strings"

	"lotrinh/platform/text"
)

// unmarked stands for a mark that a person has still to give.
const unmarked = int64(-1)

// mark gives thousandths of a point for an answer, or unmarked where a person has
// to read it. Choices out of several, matching and ordering earn a part of the
// points for a part of the answer; a wrong choice takes one right choice back.
func (it *item) mark(answer string) int64 {
	if answer == "" {
		return 0
	}
	full := it.Points * 1000
	switch it.Kind {
	case Single:
		return all(full, it.rightChoice(answer))
	case Multiple:
		return it.markMultiple(answer, full)
	case TrueFalse:
		return all(full, (answer == "1") == it.Answer)
	case Matching, Ordering:
		return it.markPlaces(answer, full)
	case Numeric:
		x, ok := ParseNumber(answer, it.Unit)
		return all(full, ok && math.Abs(x-it.Value) <= it.Tolerance+1e-9*math.Max(1, math.Abs(it.Value)))
	case ShortText:
		return all(full, it.accepts(answer))
	}
	return unmarked
}

func all(full int64, right bool) int64 {
	if right {
		return full
	}
	return 0
}

func (it *item) rightChoice(answer string) bool {
	chosen := splitInts(answer)
	return len(chosen) == 1 && chosen[0] >= 0 && chosen[0] < len(it.Options) && it.Options[chosen[0]].Right
}

func (it *item) markMultiple(answer string, full int64) int64 {
	right, got := int64(0), int64(0)
	for _, o := range it.Options {
		if o.Right {
			right++
		}
	}
	for _, i := range splitInts(answer) {
		if i >= 0 && i < len(it.Options) && it.Options[i].Right {
			got++
		} else {
			got--
		}
	}
	return max(0, full*got/max(right, 1))
}

func (it *item) markPlaces(answer string, full int64) int64 {
	got := int64(0)
	for i, at := range splitInts(answer) {
		if at == i {
			got++
		}
	}
	return full * got / int64(max(it.parts(), 1))
}

// accepts compares typed text without case, marks, look-alike letters and the
// punctuation around it.
func (it *item) accepts(answer string) bool {
	given := comparable(answer)
	for _, want := range it.Accept {
		if comparable(want) == given {
			return true
		}
	}
	return false
}

func comparable(s string) string {
	s, _ = text.LookAlike(text.NFC(s))
	return strings.Trim(text.Fold(s), " .,;:!?\"'()")
}
