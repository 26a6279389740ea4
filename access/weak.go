package access

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"lotrinh/platform/text"
)

// A password is refused when people who guess would try it early: a common word
// or name, Vietnamese or English, however decorated with digits and marks at its
// ends and written with 0 for o; a run along the keyboard or the alphabet; a
// repetition; a telephone number, a date or a personal number; the owner's own
// name, or the name of his unit. There is no rule about kinds of characters (NIST SP 800-63B 3.1.1).

//go:embed common.txt
var commonText string

// common is the words of common.txt, folded.
var common = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			for word := range strings.FieldsSeq(line) {
				set[word] = true
			}
		}
	}
	return set
})

// weak says whether a password is easy to guess; own are names near its owner.
func weak(password string, own ...string) bool {
	plain := letters(text.Fold(password))
	core, bare := strip(unleet(plain)), strip(plain)
	switch {
	case len(bare) <= 3 && len(plain) <= 12, // little but digits and marks
		common()[plain], bare != "" && (madeOf(core, 0) || madeOf(bare, 0)), isRun(plain), isRepeated(plain):
		return true
	}
	for _, name := range own {
		if name = strip(letters(text.Fold(name))); len(name) >= 4 && (core == name || bare == name) {
			return true
		}
	}
	return false
}

// strip takes digits and signs off both ends.
func strip(s string) string { return strings.Trim(s, "0123456789@$!") }

// letters is s without what people put between letters and digits.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("@$!", r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// unleet undoes digits and signs written for letters.
func unleet(s string) string {
	body := strings.TrimRight(s, "0123456789@$!") // 123 at the end is no «lea»
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(body)
}

// madeOf says whether s is one to three common words one after another.
func madeOf(s string, depth int) bool {
	if s = strip(s); len(s) <= 1 {
		return true
	}
	if depth == 3 {
		return false
	}
	for n := len(s); n >= 3; n-- {
		if common()[s[:n]] && madeOf(s[n:], depth+1) {
			return true
		}
	}
	return false
}

// rows are the orders in which fingers run.
var rows = []string{"01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qazwsxedcrfvtgbyhnujmikolp",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "147258369", "123654789", "789456123"}

// isRun says whether s is made of pieces of at least three along one of rows,
// forwards or backwards.
func isRun(s string) bool {
	for s != "" {
		best := 0
		for _, row := range rows {
			for _, way := range []string{row, backwards(row)} {
				for n := min(len(s), len(way)); n > best; n-- {
					if strings.Contains(way, s[:n]) {
						best = n
					}
				}
			}
		}
		if best < 3 {
			return false
		}
		s = s[best:]
	}
	return true
}

func backwards(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// isRepeated says whether s is one piece of up to a third of it, again and again,
// or a common one twice.
func isRepeated(s string) bool {
	for n := 1; n <= len(s)/2; n++ {
		if strings.Repeat(s[:n], len(s)/n+1)[:len(s)] != s {
			continue
		}
		if n <= len(s)/3 || isRun(s[:n]) || madeOf(s[:n], 0) || isNumber(s[:n]) {
			return true
		}
	}
	return false
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }
