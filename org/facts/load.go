package facts

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"lotrinh/platform/clock"
)

//go:embed acts.txt danang.txt bacninh.txt hochiminh.txt
var texts embed.FS

type tables struct {
	units       []Unit
	successions []Succession
	acts        []Act
}

var load = sync.OnceValue(func() tables {
	t, err := read()
	if err != nil {
		panic(err) // the texts are ours
	}
	return t
})

func read() (tables, error) {
	var t tables
	text, err := texts.ReadFile("acts.txt")
	if err != nil {
		return t, err
	}
	if t.acts, err = parseActs(string(text)); err != nil {
		return t, err
	}
	for _, area := range []Area{DaNang, BacNinh, HoChiMinh} {
		text, err := texts.ReadFile(string(area) + ".txt")
		if err != nil {
			return t, err
		}
		j, err := replay(area, string(text), t.acts)
		if err != nil {
			return t, err
		}
		t.units = append(t.units, j.units...)
		t.successions = append(t.successions, j.successions...)
	}
	return t, nil
}

// parseActs reads "number|signed|in force|title|page" lines.
func parseActs(text string) ([]Act, error) {
	var acts []Act
	err := eachLine(text, func(line string) error {
		f := strings.Split(line, "|")
		if len(f) != 5 {
			return fmt.Errorf("%d fields", len(f))
		}
		signed, err := clock.ParseDate(f[1])
		if err != nil {
			return err
		}
		inForce, err := clock.ParseDate(f[2])
		if err != nil {
			return err
		}
		acts = append(acts, Act{Number: f[0], Signed: signed, InForce: inForce, Title: f[3], URL: f[4]})
		return nil
	})
	slices.SortStableFunc(acts, func(a, b Act) int { return int(a.Signed - b.Signed) })
	return acts, err
}

// eachLine calls do for the lines that are neither empty nor a comment.
func eachLine(text string, do func(line string) error) error {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if err := do(line); err != nil {
			return fmt.Errorf("facts: line %d: %q: %w", n, line, err)
		}
	}
	return nil
}
