package org

import (
	"strings"

	"lotrinh/platform/text"
)

func clean(s string) string { return text.Clean(s) }

func fold(s string) string { return text.Fold(s) }

// nameKey tells whether two spellings are one name: it does not mind the form of
// Unicode, letter case, doubled spaces, where the tone stands in a syllable
// («Hòa», «Hoà») and zeros before a number («Phường 05»). «Hòa» and «Hoa» differ.
func nameKey(name string) string {
	words := strings.Fields(strings.ToLower(text.Retone(text.Clean(name))))
	for i, w := range words {
		if n := strings.TrimLeft(w, "0"); n != "" && strings.Trim(n, "0123456789") == "" {
			words[i] = n
		}
	}
	return strings.Join(words, " ")
}
