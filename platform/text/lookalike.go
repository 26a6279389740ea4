package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// twins pairs letters of other scripts with the Latin letter they are mistaken for.
var twins = func() map[rune]rune {
	m := map[rune]rune{'Ð': 'Đ', 'ð': 'đ', 'Ɖ': 'Đ', 'ɖ': 'đ'}
	for _, p := range [][2]string{
		{"АВЕЅІЈКМНОРСТУҮХԚԜаеѕіјорсуүхԁԛԝһӏ", "ABESIJKMHOPCTYYXQWaesijopcyyxdqwhl"}, // Cyrillic
		{"ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχ", "ABEZHIKMNOPTYXaikvopux"},                         // Greek
	} {
		latin := []rune(p[1])
		for i, r := range []rune(p[0]) {
			m[r] = latin[i]
		}
	}
	return m
}()

// LookAlike replaces Cyrillic and Greek letters that stand in for Latin ones, and the
// Icelandic and African «Ð», «Ɖ» that stand in for «Đ». changed tells whether any
// did; then fixed is NFC, and the caller shows both and asks, or mends and says so.
//
// A word is mended if it mixes scripts («Nguyễn» with a Cyrillic «е»), or if it is
// made of look-alikes altogether in a text that is otherwise Latin («ТР. Đà Nẵng»).
// Words truly in another script («Москва») stay, and keep their neighbours.
func LookAlike(s string) (fixed string, changed bool) {
	if !strings.ContainsFunc(s, suspicious) {
		return s, false
	}
	mendAlien := mostlyLatin(s)
	var out strings.Builder
	for _, w := range splitWords(norm.NFD.String(s)) {
		kinds := scripts(w)
		if kinds.twin && !kinds.foreign && (kinds.latin || mendAlien) {
			w = strings.Map(twin, w)
			changed = true
		}
		out.WriteString(w)
	}
	if !changed {
		return s, false
	}
	return NFC(out.String()), true
}

// suspicious reports letters that no Vietnamese word has: eth, African D, Greek and
// Cyrillic.
func suspicious(r rune) bool {
	if r < 0xd0 {
		return false
	}
	return twins[r] != 0 || unicode.In(r, unicode.Cyrillic, unicode.Greek)
}

func twin(r rune) rune {
	if t, ok := twins[r]; ok {
		return t
	}
	return r
}

// wordScripts tells what kinds of letters a word has. A mark that Vietnamese does not
// use makes its letter foreign.
type wordScripts struct{ latin, twin, foreign bool }

func scripts(word string) (k wordScripts) {
	for _, r := range word {
		switch {
		case twins[r] != 0:
			k.twin = true
		case unicode.Is(unicode.Latin, r):
			k.latin = true
		case unicode.IsLetter(r), unicode.Is(unicode.Mn, r) && !strings.ContainsRune(vietMarks, r):
			k.foreign = true
		}
	}
	return k
}

// vietMarks are the combining marks of Vietnamese: five tones, then circumflex, breve
// and horn.
const vietMarks = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"

// mostlyLatin reports whether s has Latin letters and no word that can only be of
// another script.
func mostlyLatin(s string) bool {
	latin := false
	for _, w := range splitWords(norm.NFD.String(s)) {
		k := scripts(w)
		if k.foreign {
			return false
		}
		latin = latin || k.latin
	}
	return latin
}

// splitWords cuts s into runs of letters with their marks and runs of all else;
// joined, they are s again.
func splitWords(s string) []string {
	var out []string
	start, inWord := 0, false
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
		if i > 0 && letter != inWord {
			out = append(out, s[start:i])
			start = i
		}
		inWord = letter
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}
