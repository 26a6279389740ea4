package pdf

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// SimpleTable is a plain report: what it is about, for which period, from which
// source, and a table. It lies across when the table does.
type SimpleTable struct {
	Body     string // that reports; may be empty
	Title    string
	Subtitle string
	Period   string // «từ 15/4/2022 đến 14/5/2022»
	Source   string // where the figures come from, and the cut-off
	Table    Table
	Notes    []string  // below the table
	Made     time.Time // printed at the foot with the page number; zero leaves it out
}

var (
	reportUpright = sheet{a4Short, a4Long, mm(18), mm(18), mm(20), mm(15)}
	reportAcross  = sheet{a4Long, a4Short, mm(18), mm(18), mm(20), mm(15)}
)

// Write writes the report as PDF.
func (t SimpleTable) Write(w io.Writer) error {
	if oneLine(t.Title) == "" {
		return fmt.Errorf("%w: SimpleTable.Title is empty", ErrInput)
	}
	if err := t.Table.check(); err != nil {
		return err
	}
	wide := t.Table.wide(reportUpright.text())
	s := reportUpright
	if wide {
		s = reportAcross
	}
	c := newCanvas(a4Short, a4Long, info{title: t.Title, author: t.Body, made: t.Made})
	f := flow{upright: reportUpright, across: reportAcross, each: t.foot}
	f.add(t.head(s.text(), wide))
	f.add(t.Table.atoms(s.text(), s.body(), wide)...)
	f.add(t.notes(s.text(), wide)...)
	f.write(c)
	return c.finish(w)
}

// head sets everything above the table.
func (t *SimpleTable) head(width float64, wide bool) atom {
	s := newStack(1, width)
	s.add(font{serifBold, 12}, upper(t.Body), black, 0)
	s.add(font{serifBold, 15}, upper(t.Title), black, 8)
	s.add(font{serif, 13}, t.Subtitle, black, 2)
	s.add(font{serifItalic, 13}, labelled(wordPeriod, t.Period), black, 2)
	s.add(font{serifItalic, 12}, labelled(wordSource, t.Source), black, 2)
	return atom{height: s.height, keep: true, wide: wide, draw: func(c *canvas, x, y, _ float64) { s.draw(c, x, y) }}
}

// labelled is a label with its value, or nothing without one.
func labelled(label, value string) string {
	if oneLine(value) == "" {
		return ""
	}
	return label + " " + value
}

func (t *SimpleTable) notes(width float64, wide bool) []atom {
	var out []atom
	f := font{serif, 11.5}
	for i, n := range t.Notes {
		lines := textAtoms(wrapText(f, n, width), 0, textStyle{size: f.size, height: f.line() * 1.05})
		if i == 0 {
			lines[0].gap = 8
		}
		for j := range lines {
			lines[j].wide = wide
		}
		out = append(out, lines...)
	}
	return out
}

// foot prints the day the report was made and the page number.
func (t *SimpleTable) foot(c *canvas, s sheet, page, pages int) {
	f := font{serif, 11}
	y := s.height - mm(10)
	if !t.Made.IsZero() {
		c.put(f, s.left, y, s.text(), left, black, "Lập "+strings.ToLower(longDate("", t.Made)))
	}
	c.put(f, s.left, y, s.text(), right, black, fmt.Sprintf(wordPage, page, pages))
}
