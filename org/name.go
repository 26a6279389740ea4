package org

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// clean is text as the house keeps it: NFC, single spaces, none at the ends.
func clean(s string) string { return norm.NFC.String(strings.Join(strings.Fields(s), " ")) }

// fold is text as people search it: lower case, without marks, đ as d.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(strings.Join(strings.Fields(s), " "))) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case !unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// nameKey tells whether two spellings are one name: it does not mind the form of
// Unicode, letter case, doubled spaces, where the tone stands in a syllable
// («Hòa», «Hoà») and zeros before a number («Phường 05»). «Hòa» and «Hoa» differ.
func nameKey(name string) string {
	words := strings.Fields(norm.NFD.String(strings.ToLower(name)))
	for i, w := range words {
		words[i] = syllableKey(w)
	}
	return strings.Join(words, " ")
}

const tones = "\u0300\u0301\u0303\u0309\u0323" // grave, acute, tilde, hook, dot below

func syllableKey(w string) string {
	if n := strings.TrimLeft(w, "0"); n != "" && strings.Trim(n, "0123456789") == "" {
		return n
	}
	letters, tone := make([]rune, 0, len(w)), []rune(nil)
	for _, r := range w {
		if strings.ContainsRune(tones, r) {
			tone = append(tone, r)
		} else {
			letters = append(letters, r)
		}
	}
	return string(append(letters, tone...))
}
