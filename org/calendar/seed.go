package calendar

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"lotrinh/platform/clock"
)

//go:embed seed.txt
var seedText string

var seeded = sync.OnceValue(func() *Calendar {
	days, err := parse(seedText)
	if err != nil {
		panic(err) // the text is ours
	}
	c, err := New(days)
	if err != nil {
		panic(err)
	}
	return c
})

// Seed is the table that the product ships, by date. The package comment says
// which of it is decided and which assumed.
func Seed() []Day { return seeded().Days() }

// Default is the calendar of Seed.
func Default() *Calendar { return seeded() }

// parse reads the form that seed.txt explains at its head.
func parse(text string) ([]Day, error) {
	bases := map[string]string{}
	var days []Day
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if rest, ok := strings.CutPrefix(line, "basis "); ok {
			key, name, _ := strings.Cut(rest, " ")
			bases[key] = name
			continue
		}
		d, err := parseDay(line, bases)
		if err != nil {
			return nil, fmt.Errorf("calendar: seed line %d: %w", n, err)
		}
		days = append(days, d)
	}
	return days, nil
}

func parseDay(line string, bases map[string]string) (Day, error) {
	f := strings.SplitN(line, " ", 5)
	if len(f) != 5 {
		return Day{}, fmt.Errorf("%q has not five fields", line)
	}
	date, err := clock.ParseDate(f[0])
	if err != nil {
		return Day{}, err
	}
	basis, ok := bases[f[3]]
	if !ok {
		return Day{}, fmt.Errorf("basis %q is not named before", f[3])
	}
	d := Day{Date: date, Kind: Kind(f[1]), Status: Status(f[2]), Basis: basis, Name: f[4]}
	return d, d.check()
}
