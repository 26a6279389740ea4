package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lotrinh/platform/clock"
)

// readDate reads day, month, year, parted by "/", "-" or ".".
func readDate(s string) (clock.Date, error) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(parts) != 3 || len(parts[2]) != 4 {
		return 0, noDate(s)
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return 0, noDate(s)
		}
		n[i] = int(v)
	}
	if n[1] < 1 || n[1] > 12 || n[0] < 1 || n[2] < 1000 {
		return 0, noDate(s)
	}
	d := clock.NewDate(n[2], time.Month(n[1]), n[0])
	if _, _, day := d.YMD(); day != n[0] {
		return 0, noDate(s)
	}
	return d, nil
}

func noDate(s string) error { return fmt.Errorf("ui: %q is no date of the form 31/12/2025", s) }
