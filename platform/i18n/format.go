package i18n

import (
	"context"
	"strconv"
	"strings"
	"time"

	"lotrinh/platform/clock"
)

// Number writes n with the thousands marks of ctx's language: 1.234 or 1,234.
func Number[N ~int | ~int64 | ~int32](ctx context.Context, n N) string {
	s, neg := strconv.FormatInt(int64(n), 10), n < 0
	if neg {
		s = s[1:]
	}
	mark := "."
	if Of(ctx) == En {
		mark = ","
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	if neg {
		return "-" + s
	}
	return s
}

// Percent writes num/den with one decimal, rounded half up: 90,3 %. Without a
// base (den = 0) it is a dash. A screen shows the base beside it.
func Percent(ctx context.Context, num, den int64) string {
	if den <= 0 {
		return "–"
	}
	tenths := (num*2000 + den) / (2 * den)
	s := Number(ctx, tenths/10) + "," + strconv.FormatInt(tenths%10, 10) + " %"
	if Of(ctx) == En {
		s = strings.Replace(s, ",", ".", 1)
		s = strings.Replace(s, " %", "%", 1)
	}
	return s
}

// Date writes d as dd/mm/yyyy, in both languages.
func Date(_ context.Context, d clock.Date) string { return d.Viet() }

// DateTime writes t as dd/mm/yyyy hh:mm in the zone of the house; "" when zero.
func DateTime(_ context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Zone).Format("02/01/2006 15:04")
}

// Clock writes the time of day of t as hh:mm.
func Clock(_ context.Context, t time.Time) string { return t.In(clock.Zone).Format("15:04") }
