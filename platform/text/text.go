// Package text holds what the product knows about written Vietnamese: one normal
// form for storing it, a folded form for searching it, a key for sorting people's
// names, and the repair or refusal of what other programs do to it.
//
// Nothing here touches a database or the network, and every function is safe for
// concurrent use.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC returns s in Unicode normal form C, the only form that is stored: «ế» is one
// letter, never an e with two marks. It returns s itself where nothing changes.
func NFC(s string) string { return norm.NFC.String(s) }

// Clean returns s fit for a field of one line: NFC, without leading and trailing
// space, every run of white space (line breaks, tabs, non-breaking spaces) as one
// space, without control characters, NUL, zero-width and direction marks, and with
// U+FFFD for bytes that are not UTF-8. It returns s itself where nothing changes.
func Clean(s string) string {
	if isClean(s) {
		return norm.NFC.String(s)
	}
	b := make([]byte, 0, len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = true
		case invisible(r):
		default:
			if gap && len(b) > 0 {
				b = append(b, ' ')
			}
			gap = false
			b = utf8.AppendRune(b, r)
		}
	}
	return norm.NFC.String(string(b))
}

// CleanLines is Clean for text of several lines: each line is cleaned, line breaks
// become "\n", and at most one empty line stands between two others.
func CleanLines(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	lines := strings.FieldsFunc(s, isLineBreak)
	if len(lines) < 2 {
		return Clean(s)
	}
	out := make([]string, 0, len(lines))
	for _, line := range splitLines(s) {
		line = Clean(line)
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n")
}

// splitLines cuts s at every line break, keeping empty lines.
func splitLines(s string) []string {
	return strings.Split(strings.Map(func(r rune) rune {
		if isLineBreak(r) {
			return '\n'
		}
		return r
	}, s), "\n")
}

func isLineBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// isClean says whether Clean would change nothing but the normal form.
func isClean(s string) bool {
	gap := true // a space is wrong at the start and after a space
	for i, r := range s {
		switch {
		case r == ' ':
			if gap {
				return false
			}
			gap = true
			continue
		case r < utf8.RuneSelf:
			if r < ' ' || r == 0x7f {
				return false
			}
		case unicode.IsSpace(r) || invisible(r):
			return false
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			return false
		}
		gap = false
	}
	return !gap || s == ""
}

// invisible reports control and format characters: NUL, zero-width spaces and
// joiners, byte-order marks, soft hyphens, direction marks, and noncharacters.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r&0xfffe == 0xfffe
}
