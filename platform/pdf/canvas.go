package pdf

import (
	"io"
	"time"

	"github.com/signintech/gopdf"
)

// mm turns millimetres into points.
func mm(v float64) float64 { return v * 72 / 25.4 }

// The sides of an A4 sheet in points.
var (
	a4Short = mm(210)
	a4Long  = mm(297)
)

// align places text in a width.
type align int

const (
	left align = iota
	center
	right
	justify
)

// color is red, green and blue.
type color [3]uint8

var (
	black = color{0, 0, 0}
	grey  = color{110, 110, 110}
)

// canvas draws on the pages of one document. The first error is kept and told by
// finish.
type canvas struct {
	gp     *gopdf.GoPdf
	loaded [faceCount]bool
	font   font // as last set
	stroke pen  // as last set on this page
	fill   color
	filled bool // fill was set on this page
	err    error
}

// pen is a line's width and colour; dash is the length of dash and gap, 0 for an
// unbroken line.
type pen struct {
	width float64
	color color
	dash  float64
}

// info is what a reader's «document properties» show.
type info struct {
	title, author string
	made          time.Time
}

// newCanvas starts a document; width and height are of its pages unless a page
// is added with others.
func newCanvas(width, height float64, about info) *canvas {
	gp := &gopdf.GoPdf{}
	gp.Start(gopdf.Config{PageSize: gopdf.Rect{W: width, H: height}})
	gp.SetInfo(gopdf.PdfInfo{
		Title: basicPlane(about.title), Author: basicPlane(about.author),
		Producer: producer, CreationDate: about.made,
	})
	return &canvas{gp: gp, font: font{face: -1}}
}

// basicPlane leaves out of a property what the library cannot write there: it
// spells a character as four digits.
func basicPlane(s string) string {
	out := []rune(oneLine(s))
	for i, r := range out {
		if r > 0xFFFF {
			out[i] = '\uFFFD'
		}
	}
	return string(out)
}

// page starts a page of the given size.
func (c *canvas) page(width, height float64) {
	c.gp.AddPageWithOption(gopdf.PageOption{PageSize: &gopdf.Rect{W: width, H: height}})
	c.stroke, c.filled = pen{}, false
}

// finish writes the document out.
func (c *canvas) finish(w io.Writer) error {
	if c.err != nil {
		return c.err
	}
	out := &checkedWriter{w: w}
	if _, err := c.gp.WriteTo(out); err != nil {
		return err
	}
	return out.err
}

// checkedWriter remembers the first failure, which the library passes over.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.w.Write(p)
	c.err = err
	return n, err
}

func (c *canvas) keep(err error) {
	if c.err == nil {
		c.err = err
	}
}

// use makes f the font of the next text and embeds its typeface when first used.
func (c *canvas) use(f font) {
	if c.font == f {
		return
	}
	m := f.load()
	if !c.loaded[f.face] {
		c.keep(c.gp.AddTTFFontFromFontContainer(m.name, m.container))
		c.loaded[f.face] = true
	}
	c.keep(c.gp.SetFont(m.name, "", f.size))
	c.font = f
}

// text draws cleaned text with its base line at y, starting at x.
func (c *canvas) text(f font, x, y float64, ink color, s string) {
	if s == "" {
		return
	}
	c.use(f)
	c.gp.SetTextColor(ink[0], ink[1], ink[2])
	c.fill, c.filled = ink, true // text and areas share one colour
	c.gp.SetXY(x, y)
	c.keep(c.gp.Text(f.load().show(s)))
}

// put draws one line of text placed in a width.
func (c *canvas) put(f font, x, y, width float64, a align, ink color, s string) {
	c.text(f, x+shift(a, width-f.width(s)), y, ink, s)
}

// shift is how far to the right text moves that leaves the given room.
func shift(a align, room float64) float64 {
	switch a {
	case center:
		return room / 2
	case right:
		return room
	}
	return 0
}

// line draws a wrapped line placed in a width, at a size.
func (c *canvas) line(l textLine, size, x, y, width float64, a align, ink color) {
	if a == justify && !l.last && len(l.words) > 1 {
		c.spread(l, size, x, y, width, ink)
		return
	}
	x += shift(a, width-l.width)
	for _, run := range l.runs() {
		f := font{run.face, size}
		c.text(f, x, y, ink, run.text)
		x += f.width(run.text)
	}
}

// runs joins neighbouring words of one typeface, with the blanks between them.
func (l textLine) runs() []span {
	var out []span
	for i, w := range l.words {
		text := w.text
		if i > 0 {
			text = " " + text
		}
		if n := len(out); n > 0 && out[n-1].face == w.face {
			out[n-1].text += text
		} else {
			out = append(out, span{text, w.face})
		}
	}
	return out
}

// spread draws a line with its blanks widened so that it fills the width. Each
// word carries its blank, so that text copied from the page has it.
func (c *canvas) spread(l textLine, size, x, y, width float64, ink color) {
	extra := (width - l.width) / float64(len(l.words)-1)
	for i, w := range l.words {
		f := font{w.face, size}
		text := w.text
		if i < len(l.words)-1 {
			text += " "
		}
		c.text(f, x, y, ink, text)
		x += w.width + f.width(" ") + extra
	}
}

// lines draws wrapped lines one under the other, each of the given height, from
// the top y, and returns the y below them.
func (c *canvas) lines(ls []textLine, f font, x, y, width, height float64, a align, ink color) float64 {
	for _, l := range ls {
		c.line(l, f.size, x, y+f.base(height), width, a, ink)
		y += height
	}
	return y
}

// pen sets how the next rules are drawn.
func (c *canvas) pen(p pen) {
	if c.stroke == p {
		return
	}
	c.gp.SetLineWidth(p.width)
	c.gp.SetStrokeColor(p.color[0], p.color[1], p.color[2])
	switch {
	case p.dash > 0:
		c.gp.SetCustomLineType([]float64{p.dash, p.dash}, 0)
	case c.stroke.dash > 0:
		c.gp.SetCustomLineType([]float64{}, 0)
	}
	c.stroke = p
}

// rule draws a straight line.
func (c *canvas) rule(p pen, x1, y1, x2, y2 float64) {
	c.pen(p)
	c.gp.Line(x1, y1, x2, y2)
}

// box draws the outline of a rectangle.
func (c *canvas) box(p pen, x, y, w, h float64) {
	c.pen(p)
	c.gp.RectFromUpperLeft(x, y, w, h)
}

// ink sets the colour of the next filled shapes.
func (c *canvas) ink(fill color) {
	if c.filled && c.fill == fill {
		return
	}
	c.gp.SetFillColor(fill[0], fill[1], fill[2])
	c.fill, c.filled = fill, true
}
