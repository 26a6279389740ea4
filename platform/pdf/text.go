package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// clean brings text to the form that layout expects: NFC, lines parted by '\n',
// other white space as single blanks, invisible format characters left out. A
// control character becomes U+FFFD, which no typeface here has, so that it shows.
func clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ReplaceAll(norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")), "\r\n", "\n")
	return strings.Map(cleanRune, s)
}

// plain tells whether s is ASCII without control characters.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func cleanRune(r rune) rune {
	switch {
	case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
		return '\n'
	case r == nbsp || r == 0x202F || r == 0x2007:
		return nbsp
	case r == '\t' || unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		return -1
	case unicode.IsControl(r):
		return '\uFFFD'
	}
	return r
}

const nbsp = '\u00A0'

// oneLine is cleaned text without line breaks.
func oneLine(s string) string {
	return strings.Join(splitWords(strings.ReplaceAll(clean(s), "\n", " ")), " ")
}

// splitWords parts cleaned text at blanks; a no-break space holds words together.
func splitWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' })
}

// span is a run of text in one typeface.
type span struct {
	text string
	face face
}

// word is a piece of a line that is drawn at one go.
type word struct {
	text  string
	face  face
	width float64
}

// textLine is one line of wrapped text.
type textLine struct {
	words []word
	width float64 // with single blanks between the words
	last  bool    // ends a paragraph, so it is not spread out
}

// String is the line as read.
func (l textLine) String() string {
	var b strings.Builder
	for i, w := range l.words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// paragraph is text to be wrapped: all spans at one size, the first line shifted
// to the right by indent.
type paragraph struct {
	size   float64
	indent float64
	spans  []span
}

// wrap breaks the paragraph into lines no wider than width. It breaks at blanks,
// and inside a word only when the word alone is wider than the line. There is
// always at least one line.
func (p paragraph) wrap(width float64) []textLine {
	w := wrapper{size: p.size, room: width - p.indent, width: width}
	for _, s := range p.spans {
		for i, part := range strings.Split(clean(s.text), "\n") {
			if i > 0 {
				w.end()
			}
			for _, text := range splitWords(part) {
				w.add(text, s.face)
			}
		}
	}
	w.end()
	return w.lines
}

// wrapper fills lines with words.
type wrapper struct {
	size  float64
	room  float64 // width of the line being filled
	width float64 // width of the following lines
	line  textLine
	lines []textLine
}

func (w *wrapper) add(text string, f face) {
	fnt := font{f, w.size}
	wide := fnt.width(text)
	gap := 0.0
	if len(w.line.words) > 0 {
		gap = fnt.width(" ")
	}
	if w.line.width+gap+wide > w.room+0.01 && len(w.line.words) > 0 {
		w.flush(false)
		gap = 0
	}
	if wide > w.room+0.01 {
		w.split(text, fnt)
		return
	}
	w.put(word{text: text, face: f, width: wide}, gap)
}

// split sets a word that is wider than the line, in pieces.
func (w *wrapper) split(text string, f font) {
	for text != "" {
		n := prefixThatFits(text, f, w.room)
		piece := text[:n]
		w.put(word{text: piece, face: f.face, width: f.width(piece)}, 0)
		if text = text[n:]; text != "" {
			w.flush(false)
		}
	}
}

// prefixThatFits is the length in bytes of the longest start of text that is no
// wider than room: at least one character, and if possible up to a mark at which
// an address may be parted. A hyphen is none: at the end of a line nobody knows
// whether it belongs to the address.
func prefixThatFits(text string, f font, room float64) int {
	cut, mark, wide := 0, 0, 0.0
	for i, r := range text {
		wide += f.width(string(r))
		if i > 0 && wide > room {
			if mark > 0 {
				return mark
			}
			return cut
		}
		cut = i + len(string(r))
		if strings.ContainsRune("/_.,;@&?=", r) {
			mark = cut
		}
	}
	return len(text)
}

func (w *wrapper) put(p word, gap float64) {
	w.line.words = append(w.line.words, p)
	w.line.width += gap + p.width
}

// end closes a paragraph.
func (w *wrapper) end() { w.flush(true) }

func (w *wrapper) flush(last bool) {
	w.line.last = last
	w.lines = append(w.lines, w.line)
	w.line = textLine{}
	w.room = w.width
}

// wrapText breaks text in one font into lines no wider than width.
func wrapText(f font, text string, width float64) []textLine {
	return paragraph{size: f.size, spans: []span{{text, f.face}}}.wrap(width)
}

// balance breaks text into as few lines as wrapText, but of about equal length:
// centred names look ill with a single word on the last line.
func balance(f font, text string, width float64) []textLine {
	lines := wrapText(f, text, width)
	low, high := longestWord(f, text), width
	if len(lines) == 1 || low > width {
		return lines
	}
	for high-low > 1 {
		if mid := (low + high) / 2; len(wrapText(f, text, mid)) > len(lines) {
			low = mid
		} else {
			high = mid
		}
	}
	return wrapText(f, text, high)
}

// fit returns the largest size, from f.size down to least in half points, at
// which text takes no more than the given number of lines, with those lines. At
// the least size it takes as many lines as it needs.
func fit(f font, least, width float64, most int, text string) (font, []textLine) {
	for {
		lines := wrapText(f, text, width)
		if len(lines) <= most && !broken(f, text, width) || f.size <= least {
			return f, lines
		}
		f.size = max(f.size-0.5, least)
	}
}

// broken tells whether some word of the text is wider than the line.
func broken(f font, text string, width float64) bool {
	return longestWord(f, text) > width+0.01
}

// longestWord is the width of the widest word of a text.
func longestWord(f font, text string) float64 {
	widest := 0.0
	for _, part := range strings.Split(clean(text), "\n") {
		for _, w := range splitWords(part) {
			widest = max(widest, f.width(w))
		}
	}
	return widest
}

// upper is text in capitals, as Decree 30/2020 wants for names of bodies, kinds
// of document and posts.
func upper(s string) string { return strings.ToUpper(clean(s)) }
