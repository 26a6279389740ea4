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

// nearly says whether two names differ by a letter or two once marks and spaces
// are gone, as two papers spell one place («Zà Hung», «Za Hung»; «Tà Bhing»,
// «Tà Bhinh»).
func nearly(a, b string) bool {
	x, y := strings.ReplaceAll(fold(bare(a)), " ", ""), strings.ReplaceAll(fold(bare(b)), " ", "")
	return distance(x, y) <= 2
}

// distance is how many letters to put in, leave out or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left, diag := i+1, i
		for j := range len(b) {
			cost := diag
			if a[i] != b[j] {
				cost = 1 + min(diag, left, row[j+1])
			}
			diag, row[j+1], left = row[j+1], cost, cost
		}
		row[0] = i + 1
	}
	return row[len(b)]
}
