package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tones lists each vowel with its six tones in dictionary order: level, grave,
// hook, tilde, acute, dot.
var tones = []string{
	"aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị",
	"oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ",
}

// toned tells the vowel without its tone, and the tone 0–5, of each lower-case
// vowel letter.
var toned = func() map[rune]vowel {
	m := map[rune]vowel{}
	for _, row := range tones {
		letters := []rune(row)
		for tone, r := range letters {
			m[r] = vowel{base: letters[0], tone: tone}
		}
	}
	return m
}()

// withTone is the inverse of toned.
var withTone = func() map[vowel]rune {
	m := map[vowel]rune{}
	for r, v := range toned {
		m[v] = r
	}
	return m
}()

type vowel struct {
	base rune
	tone int
}

// Retone moves the tone marks of oa, oe and uy to one place, so that two spellings
// of one word become equal without losing their marks: «Hoà» → «Hòa», «thuỷ» →
// «thủy», «khoẻ» → «khỏe» in an open syllable, and «hòang» → «hoàng», «Hùynh» →
// «Huỳnh» before a final consonant. «quý» is left alone (qu is a consonant), and
// so is «quí», which is another spelling and not another placement.
func Retone(s string) string {
	s = NFC(s)
	if !strings.ContainsFunc(s, hasTone) {
		return s
	}
	rs := []rune(s)
	changed := false
	for i := 0; i+1 < len(rs); i++ {
		if glide(rs, i) && retonePair(rs, i) {
			changed = true
		}
	}
	if !changed {
		return s
	}
	return string(rs)
}

func hasTone(r rune) bool {
	return r >= utf8.RuneSelf && toned[unicode.ToLower(r)].tone > 0
}

// glide reports whether runes i and i+1 are the pair oa, oe or uy, whatever their
// tones, and stand as the vowel of a syllable.
func glide(rs []rune, i int) bool {
	a, b := toned[unicode.ToLower(rs[i])].base, toned[unicode.ToLower(rs[i+1])].base
	switch {
	case a == 'o' && (b == 'a' || b == 'e'):
	case a == 'u' && b == 'y':
	default:
		return false
	}
	return i == 0 || unicode.ToLower(rs[i-1]) != 'q'
}

// retonePair puts the tone of the pair at i on its first letter where the syllable
// ends there, and on its second where a letter follows.
func retonePair(rs []rune, i int) bool {
	open := i+2 == len(rs) || !unicode.IsLetter(rs[i+2])
	from, to := i+1, i
	if !open {
		from, to = i, i+1
	}
	src, dst := toned[unicode.ToLower(rs[from])], toned[unicode.ToLower(rs[to])]
	if src.tone == 0 || dst.tone != 0 {
		return false
	}
	rs[to] = recase(rs[to], withTone[vowel{dst.base, src.tone}])
	rs[from] = recase(rs[from], src.base)
	return true
}

// recase gives r the case of like.
func recase(like, r rune) rune {
	if unicode.IsUpper(like) {
		return unicode.ToUpper(r)
	}
	return r
}
