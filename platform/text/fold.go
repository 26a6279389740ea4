package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the search form of s: lower case, without marks, đ as d, white space
// collapsed, typographic quotes and dashes as plain ones. As marks go, so does
// their placement: «Hoà», «Hòa» and «hoa» fold alike, while «quý» and «quí» do not
// («quy», «qui»). Fold(Fold(s)) == Fold(s), and the normal form of s is irrelevant.
//
// A string that is folded already is returned as it is, without allocation; any
// other costs one.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var buf [128]byte
	return string(AppendFold(buf[:0], s))
}

// AppendFold appends the search form of s to dst.
func AppendFold(dst []byte, s string) []byte {
	start, gap := len(dst), false
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		i += n
		if unicode.IsSpace(r) {
			gap = true
			continue
		}
		mark := len(dst)
		if gap && mark > start {
			dst = append(dst, ' ')
		}
		before := len(dst)
		dst = appendFolded(dst, r)
		if len(dst) == before {
			dst = dst[:mark] // a letter that vanishes does not end the gap
			continue
		}
		gap = false
	}
	return dst
}

// appendFolded appends the folded form of one rune, which is nothing for marks and
// invisible characters.
func appendFolded(dst []byte, r rune) []byte {
	switch {
	case r < utf8.RuneSelf:
		return appendASCII(dst, r)
	case r < firstLatin:
	case r <= lastLatin:
		if c := latin[r-firstLatin]; c != 0 {
			return append(dst, c)
		}
	case r >= 0x1e00 && r <= 0x1eff:
		if c := latinMore[r-0x1e00]; c != 0 {
			return append(dst, c)
		}
	case r >= 0xff01 && r <= 0xff5e: // full-width ASCII
		return appendASCII(dst, r-0xff01+'!')
	}
	return appendRare(dst, r)
}

func appendASCII(dst []byte, r rune) []byte {
	if 'A' <= r && r <= 'Z' {
		r += 'a' - 'A'
	}
	if r < ' ' || r == 0x7f {
		return dst
	}
	return append(dst, byte(r))
}

// appendRare folds what the tables leave out: marks, punctuation, other scripts.
func appendRare(dst []byte, r rune) []byte {
	var buf [32]byte
	for d := norm.NFD.AppendString(buf[:0], string(r)); len(d) > 0; {
		r, n := utf8.DecodeRune(d)
		d = d[n:]
		r = unicode.ToLower(r)
		switch s, ok := plain[r]; {
		case ok:
			dst = append(dst, s...)
		case unicode.Is(unicode.Mn, r) || invisible(r):
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// isFolded says whether s is ASCII and Fold would leave it as it is.
func isFolded(s string) bool {
	gap := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			if gap {
				return false
			}
			gap = true
			continue
		case c < ' ' || c >= 0x7f || ('A' <= c && c <= 'Z'):
			return false
		}
		gap = false
	}
	return !gap || s == ""
}

const (
	firstLatin = 0x00c0
	lastLatin  = 0x024f
)

// latin and latinMore give the plain lower-case letter of the Latin letters with
// marks (U+00C0–U+024F and U+1E00–U+1EFF), 0 where there is none.
var (
	latin     = foldTable(firstLatin, lastLatin)
	latinMore = foldTable(0x1e00, 0x1eff)
)

// plain spells out, by lower-case letter, what has no decomposition: letters with a stroke, ligatures,
// typographic punctuation.
var plain = map[rune]string{
	'đ': "d", 'ð': "d", 'ɖ': "d", 'ƀ': "b", 'ɓ': "b", 'ł': "l", 'ø': "o", 'ı': "i", 'ħ': "h", 'ŧ': "t",
	'æ': "ae", 'œ': "oe", 'ß': "ss", 'þ': "th",
	'‘': "'", '’': "'", '‚': "'", '‛': "'", 'ʼ': "'", '′': "'", '´': "'",
	'“': `"`, '”': `"`, '„': `"`, '«': `"`, '»': `"`, '″': `"`,
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-", '…': "...",
}

func foldTable(from, to rune) []byte {
	t := make([]byte, to-from+1)
	for r := from; r <= to; r++ {
		if s := plain[unicode.ToLower(r)]; len(s) == 1 {
			t[r-from] = s[0]
			continue
		}
		d := norm.NFD.String(string(r))
		if c := unicode.ToLower(rune(d[0])); len(d) > 1 && 'a' <= c && c <= 'z' {
			t[r-from] = byte(c)
		}
	}
	return t
}
