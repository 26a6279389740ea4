package ui

import (
	"strconv"
	"strings"
)

func emblem(c Chrome) string {
	if c.Emblem != "" {
		return c.Emblem
	}
	return Asset("mark.svg")
}

// short writes a count for the bell: beyond 99 nobody counts.
func short(n int64) string {
	if n > 99 {
		return "99+"
	}
	return strconv.FormatInt(n, 10)
}

func pressed(on bool) string { return strconv.FormatBool(on) }

// currentIs is the value of aria-current in a menu or a row of tabs.
func currentIs(on bool) string {
	if on {
		return "page"
	}
	return "false"
}

// dial strips a telephone number down to what a phone can call.
func dial(scheme, value string) string {
	if scheme != "tel:" {
		return value
	}
	return strings.Map(func(r rune) rune {
		if r == '+' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, value)
}
