package quiz

import (
	"strconv"
	"strings"
	"unicode"

	"lotrinh/platform/text"
)

// ParseNumber reads a number as people write it here: «1.234,56», «12,5 %»,
// «−3», also «12.5» where the dot cannot part thousands. unit, when it stands
// behind the number, is left out. One dot or comma before exactly three digits
// parts thousands when it is a dot («1.234» is 1234), and decimals when it is a
// comma («1,234» is 1.234).
func ParseNumber(s, unit string) (float64, bool) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text.Fold(s))
	if unit = strings.ReplaceAll(text.Fold(unit), " ", ""); unit != "" {
		s = strings.TrimSuffix(s, unit)
	}
	digits, negative := strings.CutPrefix(strings.TrimPrefix(s, "+"), "-")
	plain, ok := decimal(digits)
	if !ok || len(plain) > 40 {
		return 0, false
	}
	x, err := strconv.ParseFloat(plain, 64)
	if negative {
		x = -x
	}
	return x, err == nil && finite(x)
}

// decimal rewrites digits with marks as strconv reads them.
func decimal(s string) (string, bool) {
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	whole, part := s, ""
	switch {
	case commas == 1 && dots == 0:
		whole, part, _ = strings.Cut(s, ",")
	case commas == 1 && strings.IndexByte(s, ',') > strings.LastIndexByte(s, '.'): // 1.234,56
		whole, part, _ = strings.Cut(s, ",")
	case dots == 1 && strings.IndexByte(s, '.') > strings.LastIndexByte(s, ','): // 12.5 or 1,234.56
		i := strings.IndexByte(s, '.')
		if whole, part = s[:i], s[i+1:]; commas == 0 && len(part) == 3 && whole != "0" && whole != "" {
			whole, part = s, "" // 1.234
		}
	}
	whole, ok := thousands(whole)
	if !ok || !allDigits(part) || whole+part == "" {
		return "", false
	}
	return whole + "." + part, true
}

// thousands takes the marks out of «1.234.567», and refuses marks out of place.
func thousands(s string) (string, bool) {
	mark := "."
	if strings.Contains(s, ",") {
		mark = ","
	}
	groups := strings.Split(s, mark)
	for i, g := range groups {
		if !allDigits(g) || i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && (g == "" || len(g) > 3) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
