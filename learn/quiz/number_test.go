package quiz

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]float64{"12": 12, "1.234,56": 1234.56, "1,234.56": 1234.56, "1.234": 1234, "1,234": 1.234, "12.5": 12.5, "12,5 %": 12.5,
		"−3": -3, " 1 234 567 ": 1234567, "0.123": 0.123, "1.234.567": 1234567, "+7": 7, ",5": 0.5, "１２": 12} {
		if got, ok := ParseNumber(in, "%"); !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("%q: %v %v, want %v", in, got, ok, want)
		}
	}
	for _, bad := range []string{"", "-", ".", "1.23.4", "1,2,3", "12a", "1e5", "--1", "1.2345.678", strings.Repeat("9", 60)} {
		if got, ok := ParseNumber(bad, ""); ok {
			t.Errorf("%q is taken for %v", bad, got)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"1.234,5 %", "−12", "0.5", "1,234.5", "\u00a01"} {
		f.Add(s, "%")
	}
	f.Fuzz(func(t *testing.T, s, unit string) {
		x, ok := ParseNumber(s, unit)
		if ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
			t.Errorf("%q: %v", s, x)
		}
	})
}

func FuzzLog(f *testing.F) {
	f.Add("a\nb\tc\\n", 3)
	f.Fuzz(func(t *testing.T, answer string, no int) {
		if no < 1 || no > 20 {
			return
		}
		log := logLine(no, 0, "first") + logLine(no, 1e9, answer)
		if got := logLast(log, 20)[no-1]; got != answer {
			t.Errorf("%q is read as %q", answer, got)
		}
		if logLast(logSqueeze(log, 20), 20)[no-1] != answer || (utf8.ValidString(answer) && !utf8.ValidString(log)) {
			t.Errorf("%q does not outlive a squeeze", answer)
		}
	})
}

func TestShortAnswers(t *testing.T) {
	it := &item{entry: entry{Body: Body{Kind: ShortText, Points: 1, Accept: []string{"Chính quyền số"}}}}
	for answer, want := range map[string]int64{"chính quyền số.": 1000, "CHINH QUYEN SO": 1000, "Chi\u0301nh quyê\u0300n sô\u0301": 1000, "Сhính quyền số": 1000, "chính quyền": 0, "": 0} {
		if got := it.mark(answer); got != want {
			t.Errorf("%q earns %d, want %d", answer, got, want)
		}
	}
}
