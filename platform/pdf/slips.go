package pdf

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// CodeSlips are one-time sign-in slips to be cut out and handed over, ten on an
// A4 page in the order given, or eight. They hold secrets: write them to the
// person who prints them, and keep no copy.
type CodeSlips struct {
	Title   string // «PHIẾU CẤP TÀI KHOẢN» where empty
	Slips   []CodeSlip
	PerPage int       // 8 or 10; 0 is 10
	Made    time.Time // in the file's properties; zero leaves it out
}

// CodeSlip is one person's slip.
type CodeSlip struct {
	Name    string
	Unit    string
	Account string
	Code    string    // without blanks or dashes; printed in groups of four
	Address string    // of the sign-in page, short, as one types it
	URL     string    // of the sign-in page, as QR; may be empty
	Expires time.Time // printed to the minute, in its own time zone; zero leaves it out
}

// slipCut is the dashed line along which slips are cut.
var slipCut = pen{width: 0.4, color: color{140, 140, 140}, dash: 3}

// Distances on a slip.
var (
	slipPad = mm(5)
	slipQR  = mm(25)
)

// Write writes the slips as PDF.
func (s CodeSlips) Write(w io.Writer) error {
	rows, err := s.rows()
	if err != nil {
		return err
	}
	c := newCanvas(a4Short, a4Long, info{title: s.title(), made: s.Made})
	for i := range s.Slips {
		place := i % (2 * rows)
		if place == 0 {
			c.page(a4Short, a4Long)
			cutLines(c, rows)
		}
		width, height := a4Short/2, a4Long/float64(rows)
		x, y := float64(place%2)*width, float64(place/2)*height
		if err := s.Slips[i].draw(c, s.title(), x+slipPad, y+slipPad, width-2*slipPad, height-2*slipPad); err != nil {
			return fmt.Errorf("slip %d (%.40s): %w", i+1, s.Slips[i].Account, err)
		}
	}
	return c.finish(w)
}

func (s *CodeSlips) title() string { return orElse(s.Title, wordSlip) }

// rows is how many slips stand one under the other.
func (s *CodeSlips) rows() (int, error) {
	switch {
	case len(s.Slips) == 0:
		return 0, fmt.Errorf("%w: no slip", ErrInput)
	case s.PerPage == 0 || s.PerPage == 10:
		return 5, nil
	case s.PerPage == 8:
		return 4, nil
	}
	return 0, fmt.Errorf("%w: CodeSlips.PerPage is %d, not 8 or 10", ErrInput, s.PerPage)
}

func cutLines(c *canvas, rows int) {
	c.rule(slipCut, a4Short/2, 0, a4Short/2, a4Long)
	for i := 1; i < rows; i++ {
		y := a4Long * float64(i) / float64(rows)
		c.rule(slipCut, 0, y, a4Short, y)
	}
}

// draw sets the slip into a rectangle, at the largest scale at which it fits.
func (s *CodeSlip) draw(c *canvas, title string, x, y, width, height float64) error {
	if oneLine(s.Account) == "" || oneLine(s.Code) == "" {
		return fmt.Errorf("%w: CodeSlip without Account or Code", ErrInput)
	}
	for scale := 1.0; scale >= leastScale; scale -= 0.04 {
		l := s.at(title, scale, width)
		if l.height <= height {
			l.draw(c, s, x, y+(height-l.height)/2, width)
			return c.err
		}
	}
	return fmt.Errorf("%w: the texts of the slip do not fit", ErrInput)
}

// slipLayout is a slip with its texts wrapped.
type slipLayout struct {
	upper, lower []slipLine // beside the QR code, and below it
	beside       float64    // height of the upper part
	height       float64
	side         float64 // of the QR code
}

// slipLine is text in a font, or a label with a value behind it.
type slipLine struct {
	lines []textLine
	font  font
	gap   float64
	ink   color
	label string
	small font    // of the label
	room  float64 // that the label takes
}

func (l slipLine) height() float64 { return l.gap + float64(len(l.lines))*l.font.line() }

func (s *CodeSlip) at(title string, scale, width float64) *slipLayout {
	l := &slipLayout{side: slipQR}
	if oneLine(s.URL) == "" {
		l.side = 0
	}
	narrow := width - l.side - mm(1)
	text := func(f font, t string, wide, gap float64, ink color) slipLine {
		f.size *= scale
		return slipLine{lines: wrapText(f, t, wide), font: f, gap: gap * scale, ink: ink}
	}
	labelled := func(f font, label, value string, wide, gap float64) slipLine {
		small := font{sans, 7.5 * scale}
		room := small.width(label) + 5
		line := text(f, value, wide-room, gap, black)
		line.label, line.small, line.room = label, small, room
		return line
	}
	l.upper = append(l.upper, text(font{sansBold, 7.5}, title, narrow, 0, grey))
	l.upper = append(l.upper, text(font{sansBold, 10.5}, s.Name, narrow, 0, black))
	l.upper = append(l.upper, text(font{sans, 7.5}, s.Unit, narrow, 0, black))
	l.upper = append(l.upper, labelled(font{monoBold, 10.5}, wordAccount, s.Account, narrow, 3))
	l.upper = append(l.upper, text(font{sans, 7.5}, wordCode, narrow, 2, black))
	l.upper = append(l.upper, text(font{monoBold, 15}, groups(s.Code), narrow, 0, black))
	if s.Address != "" {
		l.lower = append(l.lower, labelled(font{sansBold, 8}, wordAddress, s.Address, width, 1))
	}
	if !s.Expires.IsZero() {
		l.lower = append(l.lower, labelled(font{sans, 8}, wordExpires, s.Expires.Format("15:04 ngày 02/01/2006"), width, 0))
	}
	how := wordSlipScan
	if l.side == 0 {
		how = wordSlipOpen
	}
	l.lower = append(l.lower, text(font{sans, 6.8}, how, width, 2, black))
	l.lower = append(l.lower, text(font{sans, 6.8}, wordSlipThen, width, 0, black))
	l.measure()
	return l
}

func (l *slipLayout) measure() {
	for _, t := range l.upper {
		l.beside += t.height()
	}
	l.beside = max(l.beside, l.side)
	l.height = l.beside
	for _, t := range l.lower {
		l.height += t.height()
	}
}

func (l *slipLayout) draw(c *canvas, s *CodeSlip, x, y, width float64) {
	if l.side > 0 {
		c.qr(oneLine(s.URL), x+width-l.side, y, l.side)
	}
	top := y
	for _, t := range l.upper {
		top = t.draw(c, x, top, width)
	}
	top = y + l.beside
	for _, t := range l.lower {
		top = t.draw(c, x, top, width)
	}
}

// draw sets the line with its top at y and returns the y below it.
func (l slipLine) draw(c *canvas, x, y, width float64) float64 {
	y += l.gap
	step := l.font.line()
	if l.label != "" {
		c.text(l.small, x, y+l.font.base(step), black, l.label)
	}
	return c.lines(l.lines, l.font, x+l.room, y, width, step, left, l.ink)
}

// groups parts a code by fours: «K7QD42MPX9» becomes «K7QD 42MP X9».
func groups(code string) string {
	r := []rune(strings.NewReplacer(" ", "", "-", "").Replace(oneLine(code)))
	var parts []string
	for len(r) > 4 {
		parts = append(parts, string(r[:4]))
		r = r[4:]
	}
	return strings.Join(append(parts, string(r)), " ")
}
