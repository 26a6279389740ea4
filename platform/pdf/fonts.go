package pdf

import (
	"embed"
	"fmt"
	"sync"

	"github.com/signintech/gopdf"
)

//go:embed fonts/*.ttf
var fontFiles embed.FS

// face names one embedded typeface in one style.
type face int

const (
	serif face = iota
	serifBold
	serifItalic
	serifBoldItalic
	sans
	sansBold
	sansItalic
	monoBold
	faceCount
)

var faceFiles = [faceCount]string{
	serif:           "LiberationSerif-Regular",
	serifBold:       "LiberationSerif-Bold",
	serifItalic:     "LiberationSerif-Italic",
	serifBoldItalic: "LiberationSerif-BoldItalic",
	sans:            "BeVietnamPro-Regular",
	sansBold:        "BeVietnamPro-Bold",
	sansItalic:      "BeVietnamPro-Italic",
	monoBold:        "LiberationMono-Bold",
}

// lastRune bounds the characters that are looked for in a typeface: everything
// above the geometric shapes and dingbats counts as missing.
const lastRune = 0x2800

// replacements are tried in turn for a character that a typeface lacks.
var replacements = []rune{'□', '¤', '?'}

// metrics is what layout needs to know of a typeface. Widths are in thousandths
// of the type size.
type metrics struct {
	name        string
	container   *gopdf.FontContainer // holds this one typeface, parsed
	widths      [lastRune]uint16     // width of the replacement where missing
	has         [lastRune]bool
	replacement rune
	ascent      float64 // height above and depth below the base line,
	descent     float64 // both positive, as parts of the type size
}

// faces parses each typeface once, when first used, for the whole program.
var faces = func() (all [faceCount]func() (*metrics, error)) {
	for f := range faceCount {
		all[f] = sync.OnceValues(func() (*metrics, error) { return loadFace(faceFiles[f]) })
	}
	return all
}()

func loadFace(name string) (*metrics, error) {
	data, err := fontFiles.ReadFile("fonts/" + name + ".ttf")
	if err != nil {
		return nil, fmt.Errorf("pdf: typeface %s: %w", name, err)
	}
	if data, err = stripHints(data); err != nil {
		return nil, fmt.Errorf("pdf: typeface %s: %w", name, err)
	}
	m := &metrics{name: name, container: &gopdf.FontContainer{}}
	if err := m.container.AddTTFFontData(name, data); err != nil {
		return nil, fmt.Errorf("pdf: typeface %s: %w", name, err)
	}
	var font gopdf.SubsetFontObj
	if err := font.SetTTFData(data); err != nil {
		return nil, fmt.Errorf("pdf: typeface %s: %w", name, err)
	}
	m.measure(&font)
	return m, nil
}

// measure fills in the widths of every character that the typeface has, and of
// the replacement everywhere else.
func (m *metrics) measure(font *gopdf.SubsetFontObj) {
	parser := font.GetTTFParser()
	em := float64(parser.UnitsPerEm())
	m.ascent = float64(parser.Ascender()) / em
	m.descent = -float64(parser.Descender()) / em
	if m.descent < 0 {
		m.descent = -m.descent
	}
	for r := rune(' '); r < lastRune; r++ {
		glyph, err := font.CharCodeToGlyphIndex(r)
		if err != nil || glyph == 0 {
			continue
		}
		m.has[r] = true
		m.widths[r] = uint16(font.GlyphIndexToPdfWidth(glyph))
	}
	for _, r := range replacements {
		if m.has[r] {
			m.replacement = r
			break
		}
	}
	for r := range m.widths {
		if !m.has[r] {
			m.widths[r] = m.widths[m.replacement]
		}
	}
}

// known tells whether the typeface can show r.
func (m *metrics) known(r rune) bool { return r >= 0 && r < lastRune && m.has[r] }

// width is the length of s in thousandths of the type size.
func (m *metrics) width(s string) int {
	sum := 0
	for _, r := range s {
		if r < 0 || r >= lastRune {
			r = m.replacement
		}
		sum += int(m.widths[r])
	}
	return sum
}

// show puts the replacement where the typeface lacks a character of s.
func (m *metrics) show(s string) string {
	for _, r := range s {
		if !m.known(r) {
			return m.replace(s)
		}
	}
	return s
}

func (m *metrics) replace(s string) string {
	out := []rune(s)
	for i, r := range out {
		if !m.known(r) {
			out[i] = m.replacement
		}
	}
	return string(out)
}

// font is a typeface at a size in points.
type font struct {
	face face
	size float64
}

// load returns the metrics of the font's typeface. The typefaces are part of the
// program, so one that cannot be read is a broken build.
func (f font) load() *metrics {
	m, err := faces[f.face]()
	if err != nil {
		panic(err)
	}
	return m
}

// width is the length of s in points.
func (f font) width(s string) float64 { return float64(f.load().width(s)) * f.size / 1000 }

// line is the height of one line of text set single-spaced.
func (f font) line() float64 {
	m := f.load()
	return (m.ascent + m.descent) * f.size
}

// base is the distance from the top of a line of height h to its base line.
func (f font) base(h float64) float64 {
	m := f.load()
	return (h-(m.ascent+m.descent)*f.size)/2 + m.ascent*f.size
}
