package pdf

import (
	"fmt"
	"strings"
)

// firstIndent is how far the first line of a paragraph goes in; the decree says
// 1 or 1.27 cm.
var firstIndent = mm(12.7)

// paragraphGap is left free between paragraphs; the decree wants at least 6 pt.
const paragraphGap = 6.0

// lineHeight of running text: a little more than single; the decree allows up to
// one and a half.
func (l *adminLayout) lineHeight() float64 { return font{serif, l.size}.line() * 1.1 }

func (l *adminLayout) paragraph(spans ...span) {
	l.text(false, spans...)
}

func (l *adminLayout) text(after bool, spans ...span) {
	p := paragraph{size: l.size, indent: firstIndent, spans: spans}
	style := textStyle{size: l.size, height: l.lineHeight(), align: justify, before: paragraphGap, after: after}
	l.put(textAtoms(p.wrap(l.width()), firstIndent, style)...)
}

func (l *adminLayout) centred(text string, f face, before float64) {
	lines := balance(font{f, l.size}, text, l.width())
	l.put(blockAtom(lines, textStyle{l.size, l.lineHeight(), center, before, true}))
}

func (h Heading) blockOf(l *adminLayout) {
	f := serifBold
	if h.Level > 2 {
		f = serif
	}
	text := h.Text
	if !h.Plain {
		text = l.numbered(h.Level) + " " + text
	}
	l.text(true, span{text, f})
}

// numbered counts a heading of a level, and starts the levels below anew.
func (l *adminLayout) numbered(level int) string {
	level = min(max(level, 1), len(l.numbers))
	l.numbers[level-1]++
	for i := level; i < len(l.numbers); i++ {
		l.numbers[i] = 0
	}
	n := l.numbers[level-1]
	switch level {
	case 1:
		return roman(n) + "."
	case 2:
		return fmt.Sprintf("%d.", n)
	}
	return letters(n) + ")"
}

// pointLetters is the Vietnamese alphabet as points of a text are counted.
var pointLetters = []rune("abcdđeghiklmnopqrstuvxy")

func letters(n int) string {
	out := ""
	for n > 0 {
		n--
		out = string(pointLetters[n%len(pointLetters)]) + out
		n /= len(pointLetters)
	}
	return out
}

func roman(n int) string {
	values := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	signs := []string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
	var b strings.Builder
	for i, v := range values {
		for ; n >= v; n -= v {
			b.WriteString(signs[i])
		}
	}
	return b.String()
}

func (a Article) blockOf(l *adminLayout) {
	l.articles++
	lead := fmt.Sprintf("%s %d.", wordArticle, l.articles)
	if a.Title == "" {
		l.running(span{lead, serifBold}, a.Text)
		return
	}
	l.text(a.Text != "", span{lead, serifBold}, span{a.Title, serifBold})
	if a.Text != "" {
		Paragraph{Text: a.Text}.blockOf(l)
	}
}

// running sets text whose first paragraph begins with a lead.
func (l *adminLayout) running(lead span, text string) {
	for i, part := range strings.Split(clean(text), "\n") {
		if i == 0 {
			l.paragraph(lead, span{part, serif})
		} else {
			l.paragraph(span{part, serif})
		}
	}
}

// Each line of the text is a paragraph of its own.
func (p Paragraph) blockOf(l *adminLayout) {
	f := serif
	if p.Italic {
		f = serifItalic
	}
	for i, part := range strings.Split(clean(p.Text), "\n") {
		if i == 0 && p.Lead != "" {
			l.paragraph(span{p.Lead, serifBold}, span{part, f})
		} else {
			l.paragraph(span{part, f})
		}
	}
}

func (b Centred) blockOf(l *adminLayout) {
	f := serifBold
	if b.Light {
		f = serif
	}
	l.centred(b.Text, f, paragraphGap)
}

func (t Table) blockOf(l *adminLayout) {
	wide := l.lying || t.wide(l.upright.text())
	s := l.upright
	if wide {
		s = l.across
	}
	l.put(t.atoms(s.text(), s.body(), wide)...)
}

// addressees sets «Kính gửi:»: one on the same line, several as a list below it.
func (l *adminLayout) addressees(to []string) {
	if len(to) == 0 {
		return
	}
	lead := span{wordTo, serif}
	if len(to) == 1 {
		p := paragraph{size: l.size, spans: []span{lead, {to[0], serif}}}
		l.put(blockAtom(p.wrap(l.width()), textStyle{l.size, l.lineHeight(), center, 12, true}))
		return
	}
	indent := mm(30)
	l.put(shifted(indent, wrapText(font{serif, l.size}, wordTo, l.width()-indent), l.size, l.lineHeight(), 12))
	for i, t := range to {
		lines := wrapText(font{serif, l.size}, "- "+closed(t, i == len(to)-1), l.width()-indent-mm(20))
		l.put(shifted(indent+mm(20), lines, l.size, l.lineHeight(), 0))
	}
}

// shifted is a block of lines at the left, dx from the margin.
func shifted(dx float64, lines []textLine, size, height, before float64) atom {
	a := blockAtom(lines, textStyle{size, height, left, before, true})
	inner := a.draw
	a.draw = func(c *canvas, x, y, width float64) { inner(c, x+dx, y, width-dx) }
	return a
}
