package pdf

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// printed is a document read back: what stands where on its pages.
type printed struct {
	pages []printedPage
}

// printedPage is measured in points from the lower left corner, as in the file.
type printedPage struct {
	width, height float64
	runs          []printedRun
	rules         []printedRule
	images        int
}

// printedRun is text drawn at one go; y is its base line.
type printedRun struct {
	text        string
	face        string
	size        float64
	x, y, width float64
}

type printedRule struct{ x1, y1, x2, y2 float64 }

// render writes a document and reads it back.
func render(t testing.TB, d interface{ Write(io.Writer) error }) *printed {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatalf("writing %T: %v", d, err)
	}
	return readPDF(t, b.Bytes())
}

var (
	reObject  = regexp.MustCompile(`(?s)^\d+ 0 obj\n(.*)endobj`)
	reFont    = regexp.MustCompile(`/F(\d+) (\d+) 0 R`)
	reRef     = regexp.MustCompile(`/(\w+) +(\d+) 0 R`)
	reBox     = regexp.MustCompile(`/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]`)
	reRange   = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]+)>`)
	reText    = regexp.MustCompile(`(?s)BT\n(\S+) (\S+) TD\n/F(\d+) (\S+) Tf \S+ Tc\n[^\[]*\[<([0-9A-F]*)>\] TJ`)
	reSegment = regexp.MustCompile(`(?m)^(\S+) (\S+) m (\S+) (\S+) l s$`)
	reRect    = regexp.MustCompile(`(?m)^(\S+) (\S+) (\S+) (\S+) re S$`)
)

// pdfFile is a file taken apart into its objects, by number.
type pdfFile struct {
	t       testing.TB
	objects map[int]string
	fonts   map[int]pdfFont // by number in the resources
}

type pdfFont struct {
	name  string
	runes map[uint16]string // by glyph
}

// readPDF takes a file apart by its cross-reference table, which is proved so.
func readPDF(t testing.TB, data []byte) *printed {
	t.Helper()
	f := &pdfFile{t: t, objects: map[int]string{}, fonts: map[int]pdfFont{}}
	f.readObjects(data)
	f.readFonts()
	p := &printed{}
	for i := 1; i <= len(f.objects); i++ {
		if strings.Contains(f.objects[i], "/Type /Page\n") {
			p.pages = append(p.pages, f.page(f.objects[i]))
		}
	}
	return p
}

func (f *pdfFile) readObjects(data []byte) {
	at := bytes.LastIndex(data, []byte("startxref\n"))
	start, err := strconv.Atoi(strings.Fields(string(data[at+10:]))[0])
	if err != nil {
		f.t.Fatal(err)
	}
	lines := strings.Split(string(data[start:]), "\n")
	var offsets []int
	for _, l := range lines[3:] {
		if !strings.HasSuffix(l, " n ") {
			break
		}
		offsets = append(offsets, number[int](f.t, strings.TrimLeft(l[:10], "0")))
	}
	ends := append(offsets[1:], start)
	for i, from := range offsets {
		m := reObject.FindSubmatch(data[from:ends[i]])
		if m == nil {
			f.t.Fatalf("object %d is not where the cross-reference table says", i+1)
		}
		f.objects[i+1] = string(m[1])
	}
}

func number[T int | float64](t testing.TB, s string) T {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return T(v)
}

func (f *pdfFile) ref(object, name string) int {
	for _, m := range reRef.FindAllStringSubmatch(object, -1) {
		if m[1] == name {
			return number[int](f.t, m[2])
		}
	}
	f.t.Fatalf("no /%s in %.200q", name, object)
	return 0
}

func (f *pdfFile) readFonts() {
	for _, m := range reFont.FindAllStringSubmatch(f.objects[4], -1) {
		font := f.objects[number[int](f.t, m[2])]
		name := regexp.MustCompile(`/BaseFont /(\S+)`).FindStringSubmatch(font)[1]
		runes := map[uint16]string{}
		for _, r := range reRange.FindAllStringSubmatch(f.objects[f.ref(font, "ToUnicode")], -1) {
			glyph, _ := strconv.ParseUint(r[1], 16, 16)
			code, _ := strconv.ParseInt(r[2], 16, 32)
			runes[uint16(glyph)] = string(rune(code))
		}
		f.fonts[number[int](f.t, m[1])] = pdfFont{name, runes}
	}
}

func (f *pdfFile) page(object string) printedPage {
	box := reBox.FindStringSubmatch(object)
	p := printedPage{width: number[float64](f.t, box[1]), height: number[float64](f.t, box[2])}
	content := f.stream(f.ref(object, "Contents"))
	for _, m := range reText.FindAllStringSubmatch(content, -1) {
		p.runs = append(p.runs, f.run(m))
	}
	for _, m := range reSegment.FindAllStringSubmatch(content, -1) {
		v := f.numbers(m[1:])
		p.rules = append(p.rules, printedRule{v[0], v[1], v[2], v[3]})
	}
	for _, m := range reRect.FindAllStringSubmatch(content, -1) {
		v := f.numbers(m[1:])
		x, y, w, h := v[0], v[1], v[2], v[3]
		p.rules = append(p.rules, printedRule{x, y, x + w, y}, printedRule{x, y + h, x + w, y + h},
			printedRule{x, y, x, y + h}, printedRule{x + w, y, x + w, y + h})
	}
	p.images = strings.Count(content, " Do ") + strings.Count(content, " Do\n")
	return p
}

func (f *pdfFile) numbers(s []string) []float64 {
	out := make([]float64, len(s))
	for i := range s {
		out[i] = number[float64](f.t, s[i])
	}
	return out
}

func (f *pdfFile) stream(object int) string {
	body := f.objects[object]
	r, err := zlib.NewReader(strings.NewReader(body[strings.Index(body, "stream\n")+7:]))
	if err != nil {
		f.t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(out)
}

func (f *pdfFile) run(m []string) printedRun {
	font := f.fonts[number[int](f.t, m[3])]
	glyphs, err := hex.DecodeString(m[5])
	if err != nil {
		f.t.Fatal(err)
	}
	var b strings.Builder
	for i := 0; i < len(glyphs); i += 2 {
		s, ok := font.runes[uint16(glyphs[i])<<8|uint16(glyphs[i+1])]
		if !ok {
			f.t.Fatalf("a glyph of %s has no character", font.name)
		}
		b.WriteString(s)
	}
	r := printedRun{text: strings.TrimRight(b.String(), " "), face: font.name}
	v := f.numbers([]string{m[1], m[2], m[4]})
	r.x, r.y, r.size = v[0], v[1], v[2]
	r.width = runFont(r).width(r.text)
	return r
}

func runFont(r printedRun) font {
	for i, name := range faceFiles {
		if name == r.face {
			return font{face(i), r.size}
		}
	}
	return font{}
}

// String is the text of the document as golden files keep it: a line for each
// base line of each page, pieces from left to right parted by two blanks.
func (p *printed) String() string {
	var b strings.Builder
	for i, page := range p.pages {
		fmt.Fprintf(&b, "== %d: %.0f × %.0f mm\n", i+1, page.width*25.4/72, page.height*25.4/72)
		runs := slices.Clone(page.runs)
		slices.SortStableFunc(runs, func(a, b printedRun) int {
			return cmp.Or(cmp.Compare(b.y, a.y), cmp.Compare(a.x, b.x))
		})
		for j, r := range runs {
			switch {
			case j > 0 && runs[j-1].y == r.y && r.x-runs[j-1].x-runs[j-1].width < r.size:
				b.WriteString(" ")
			case j > 0 && runs[j-1].y == r.y:
				b.WriteString("  ")
			case j > 0:
				b.WriteString("\n")
			}
			b.WriteString(strings.TrimSpace(r.text))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// words are all words of the document.
func (p *printed) words() map[string]int {
	out := map[string]int{}
	for _, page := range p.pages {
		for _, r := range page.runs {
			for _, w := range strings.Fields(r.text) {
				out[w]++
			}
		}
	}
	return out
}

// sound proves that nothing is clipped: all text lies on the page with a margin
// of at least the given millimetres, no two pieces of text overlap, and no rule
// runs through a text.
func (p *printed) sound(t *testing.T, margin float64) {
	t.Helper()
	edge := mm(margin) - 0.5
	for i, page := range p.pages {
		for j, a := range page.runs {
			if a.text == "" {
				continue
			}
			if a.x < edge || a.x+a.width > page.width-edge || a.y < edge || a.y+0.7*a.size > page.height-edge {
				t.Errorf("page %d: %q at %.0f,%.0f runs out of the page", i+1, a.text, a.x, a.y)
			}
			for _, b := range page.runs[j+1:] {
				if b.text != "" && a.overlaps(b) {
					t.Errorf("page %d: %q at %.1f,%.1f and %q at %.1f,%.1f overlap", i+1, a.text, a.x, a.y, b.text, b.x, b.y)
				}
			}
			for _, r := range page.rules {
				if a.struck(r) {
					t.Errorf("page %d: a rule runs through %q", i+1, a.text)
				}
			}
		}
	}
}

// overlaps compares the boxes from the base line to the height of small letters.
func (a printedRun) overlaps(b printedRun) bool {
	const hair = 0.3
	return a.x+a.width > b.x+hair && b.x+b.width > a.x+hair &&
		a.y+0.5*a.size > b.y+hair && b.y+0.5*b.size > a.y+hair
}

func (a printedRun) struck(r printedRule) bool {
	const hair = 0.3
	return max(r.x1, r.x2) > a.x+hair && min(r.x1, r.x2) < a.x+a.width-hair &&
		max(r.y1, r.y2) > a.y+hair && min(r.y1, r.y2) < a.y+0.5*a.size
}
