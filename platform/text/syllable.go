package text

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// syllable matches one Vietnamese syllable in lower case without its tone.
var syllable = regexp.MustCompile(`^(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|n(?:gh?|h)?|p|ph|qu|r|s|t[hr]?|v|x)?` +
	`(?:[aăâeêioôơuưy]|[aâêiou]?[uy]|[aoơơôuư]i|[aeo]o|i[aê]|o[aăe]|u[aâêôơ]|ư[aơ]|yê|` +
	`i?êu|yêu|oa[io]|oay|oeo|u[âô][iy]|uy[aêu]|ươ[iu])` +
	`(?:ch?|m|n[gh]?|p|t)?$`)

// isSyllable reports whether a word, NFC, reads as a Vietnamese syllable: known
// initial, vowel and final, one tone at most, and not the capital in the middle of
// small letters («TuÊn») that betrays a converted font.
func isSyllable(word string) bool {
	if mixedCase(word) {
		return false
	}
	var b strings.Builder
	tonesSeen := 0
	for _, r := range strings.ToLower(word) {
		if v, ok := toned[r]; ok {
			r = v.base
			if v.tone > 0 {
				tonesSeen++
			}
		}
		b.WriteRune(r)
	}
	return tonesSeen <= 1 && syllable.MatchString(b.String())
}

// mixedCase reports a capital after a small letter.
func mixedCase(word string) bool {
	small := false
	for _, r := range word {
		if small && unicode.IsUpper(r) {
			return true
		}
		small = small || unicode.IsLower(r)
	}
	return false
}

// plausibility counts, among the words of s that are not plain ASCII, those that
// read as Vietnamese and those that do not. Symbols that no Vietnamese text has
// inside a word («V¨n») count as words that do not.
func plausibility(s string) (good, bad int) {
	for _, w := range splitWords(NFC(s)) {
		switch {
		case isASCII(w):
		case !startsLetter(w):
			bad += strings.Count(strings.Map(oddSymbol, w), "x")
		case isSyllable(w):
			good++
		default:
			bad++
		}
	}
	return good, bad
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func startsLetter(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsLetter(r)
}

// oddSymbol maps what a text in Vietnamese would not hold to 'x', all else to nothing.
func oddSymbol(r rune) rune {
	if r < utf8.RuneSelf || unicode.IsSpace(r) || strings.ContainsRune("«»“”‘’‚„–—…•·°²³₫€§©®™×÷±≤≥½¼¾√→", r) {
		return -1
	}
	return 'x'
}
