package sheet

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
)

var (
	errNumber      = errors.New("sheet: not a number")
	errNumberRange = errors.New("sheet: a number beyond 18 digits")
)

// The ways to write a number in text: with thousands marks and a decimal comma, with
// commas and a decimal point, or without thousands marks.
var (
	vietNumber  = regexp.MustCompile(`^[+-]?[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]+)?$`)
	usNumber    = regexp.MustCompile(`^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$`)
	plainNumber = regexp.MustCompile(`^[+-]?[0-9]+(?:[.,][0-9]+)?$`)
)

// parseNumber reads s times 10^places exactly. 1.234 is a thousand, as in Vietnamese
// writing, and 1,234 has three decimals. stored says that s is as a spreadsheet
// stores numbers, with a decimal point and no thousands marks.
func parseNumber(s string, stored bool, places int) (int64, error) {
	s = strings.Replace(s, "−", "-", 1)
	switch {
	case stored:
	case vietNumber.MatchString(s):
		s = strings.NewReplacer(".", "", " ", "", ",", ".").Replace(s)
	case usNumber.MatchString(s) && (strings.Contains(s, ".") || strings.Count(s, ",") > 1):
		s = strings.ReplaceAll(s, ",", "")
	default:
		s = strings.Replace(s, ",", ".", 1)
	}
	if !plainNumber.MatchString(s) {
		return 0, errNumber
	}
	whole, frac, _ := strings.Cut(s, ".")
	frac = strings.TrimRight(frac, "0")
	if len(frac) > places {
		return 0, errNumber
	}
	n, ok := new(big.Int).SetString(whole+frac+strings.Repeat("0", places-len(frac)), 10)
	if !ok {
		return 0, errNumber
	}
	if !n.IsInt64() || len(n.String()) > 18 {
		return 0, errNumberRange
	}
	return n.Int64(), nil
}
