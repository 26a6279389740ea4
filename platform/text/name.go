package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// alphabet is the order of the Vietnamese letters, with f, j, w and z, which names
// of foreign origin use, where the dictionary puts them.
const alphabet = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

// letterCode gives each letter of the alphabet one byte, A–Z then a–g, so that keys
// compare bytewise and stay free of quotes and wildcards.
var letterCode = func() map[rune]byte {
	m := map[rune]byte{}
	code := byte('A')
	for _, r := range alphabet {
		m[r] = code
		if code++; code == 'Z'+1 {
			code = 'a'
		}
	}
	return m
}()

// doubleFamilies are family names of two words or more, folded.
var doubleFamilies = []string{
	"cong tang ton nu ", "cong huyen ton nu ", "huyen ton nu ", "ton nu ", "ton that ", "au duong ",
}

// SplitName cuts a full name written in the Vietnamese order into family name,
// middle names and given name. The given name is the last word; a name of one word
// is a given name; «Tôn Thất», «Tôn Nữ» (with what precedes them) and «Âu Dương»
// are family names where a word remains after them.
func SplitName(s string) (family, middle, given string) {
	words := strings.Fields(Clean(s))
	n := len(words)
	switch n {
	case 0:
		return "", "", ""
	case 1:
		return "", "", words[0]
	}
	k := familyWords(words)
	return strings.Join(words[:k], " "), strings.Join(words[k:n-1], " "), words[n-1]
}

// familyWords counts the words of the family name.
func familyWords(words []string) int {
	if len(words) == 2 {
		return 1
	}
	folded := Fold(strings.Join(words[:len(words)-1], " ")) + " "
	for _, f := range doubleFamilies {
		if strings.HasPrefix(folded, f) {
			return strings.Count(f, " ")
		}
	}
	return 1
}

// NameKey returns the sort key of a person's name: by given name, then family name,
// then middle names, each by the Vietnamese alphabet (a ă â b c d đ …) and, among
// equal letters, by tone (level, huyền, hỏi, ngã, sắc, nặng). Keys are ASCII and
// compare bytewise as C.UTF-8 and SQLite's BINARY do. Letter case and tone
// placement do not count. Within one part the order is that of x/text/collate for
// Vietnamese, which the tests hold it to; the key is our own because a stored key
// must not change with a library's tables, and is a third as long.
func NameKey(s string) string {
	family, middle, given := SplitName(Retone(s))
	key := make([]byte, 0, 2*len(s)+8)
	for _, part := range []string{given, family, middle} {
		key = appendNamePart(key, part)
	}
	return string(bytes.TrimRight(key, " "))
}

// appendNamePart appends the letters of a part, a space, its tones (a digit for each
// letter, without trailing zeros), a space. A word break inside a part is "-", which
// sorts after the space and before all letters and digits.
func appendNamePart(key []byte, part string) []byte {
	var buf [64]byte
	tone := buf[:0]
	for _, r := range part {
		r = unicode.ToLower(r)
		v, ok := toned[r]
		if !ok {
			v.base = r
		}
		before := len(key)
		key = appendNameLetter(key, v.base)
		for range len(key) - before {
			tone = append(tone, '0'+byte(v.tone))
		}
	}
	key = append(key, ' ')
	key = append(key, bytes.TrimRight(tone, "0")...)
	return append(key, ' ')
}

// appendNameLetter appends the code of a lower-case letter without tone. Letters with
// foreign marks count as the plain letter, apostrophes and other signs not at all,
// letters of other scripts as themselves, after all Latin ones.
func appendNameLetter(key []byte, r rune) []byte {
	if c, ok := letterCode[r]; ok {
		return append(key, c)
	}
	switch {
	case r == ' ' || r == '-':
		return append(key, '-')
	case '0' <= r && r <= '9':
		return append(key, byte(r))
	}
	for _, d := range Fold(string(r)) {
		if c, ok := letterCode[d]; ok {
			key = append(key, c)
		} else if unicode.IsLetter(d) {
			key = utf8.AppendRune(key, d)
		}
	}
	return key
}
