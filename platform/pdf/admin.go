package pdf

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// AdminDocument is an administrative document in the form of Decree
// 30/2020/NĐ-CP, appendix I: a decision, plan, report, notice or, without a
// Kind, an official letter. Names of bodies, the kind and posts are printed in
// capitals however they are given.
type AdminDocument struct {
	ParentBody string // direct superior; may be empty
	Body       string // that issues the document
	Number     string // «05»; empty leaves room to write it in
	Symbol     string // «KH-UBND»
	Place      string // «Quảng Nam»
	Date       time.Time
	Kind       string // «Kế hoạch»; empty makes an official letter
	Abstract   string // what it is about, without «V/v»
	To         []string
	Authority  string   // of a decision: «Chủ tịch Ủy ban nhân dân tỉnh»
	Bases      []string // legal bases, one each, without closing mark
	Enacting   string   // of a decision: «QUYẾT ĐỊNH:»
	Blocks     []Block
	Sign       []string // powers and post, a line each: «TM. Ủy ban nhân dân», «Chủ tịch»
	Signer     string
	Recipients []string // «Nơi nhận», one each, without dash and closing mark
	Appendices []Appendix
	FontSize   float64   // 13 or 14 points; 0 is 14
	Made       time.Time // in the file's properties; zero leaves it out
}

// Block is a piece of the text of a document: Heading, Article, Paragraph,
// Centred or Table.
type Block interface{ blockOf(d *adminLayout) }

// Heading opens a part of the text. Headings are numbered by level: 1 gives «I.»,
// 2 «1.», 3 «a)». Plain ones are not numbered.
type Heading struct {
	Level int
	Text  string
	Plain bool
}

// Article is «Điều n.», numbered through the document. With a title the text
// stands below it, without one behind the number.
type Article struct {
	Title string
	Text  string
}

// Paragraph is running text. Lead is set in bold before it.
type Paragraph struct {
	Lead   string
	Text   string
	Italic bool
}

// Centred is a line of its own in the middle, in bold unless Light.
type Centred struct {
	Text  string
	Light bool
}

// Appendix follows the signature on pages of its own, counted on their own. It
// lies across as a whole when one of its tables does.
type Appendix struct {
	Title  string
	Blocks []Block
}

// Margins of the appendix to the decree: top and bottom 20–25 mm, left 30–35,
// right 15–20.
var (
	adminUpright = sheet{a4Short, a4Long, mm(20), mm(20), mm(30), mm(15)}
	adminAcross  = sheet{a4Long, a4Short, mm(20), mm(20), mm(30), mm(15)}
)

// Write writes the document as PDF.
func (d AdminDocument) Write(w io.Writer) error {
	if err := d.check(); err != nil {
		return err
	}
	about := info{title: strings.TrimSpace(d.Kind + " " + d.Abstract), author: d.Body, made: d.Made}
	c := newCanvas(a4Short, a4Long, about)
	main := d.layout()
	d.main(main)
	main.write(c)
	for i := range d.Appendices {
		l := d.layout()
		d.appendix(l, i)
		l.write(c)
	}
	return c.finish(w)
}

func (d *AdminDocument) check() error {
	if strings.TrimSpace(d.Body) == "" {
		return fmt.Errorf("%w: AdminDocument.Body is empty", ErrInput)
	}
	if d.FontSize != 0 && (d.FontSize < 13 || d.FontSize > 14) {
		return fmt.Errorf("%w: AdminDocument.FontSize is %v, not 13 to 14", ErrInput, d.FontSize)
	}
	if err := checkTables(d.Blocks); err != nil {
		return err
	}
	for _, a := range d.Appendices {
		if err := checkTables(a.Blocks); err != nil {
			return err
		}
	}
	return nil
}

func checkTables(blocks []Block) error {
	for _, b := range blocks {
		if t, ok := b.(Table); ok {
			if err := t.check(); err != nil {
				return err
			}
		}
	}
	return nil
}

// adminLayout sets one part of a document: the main text or an appendix.
type adminLayout struct {
	flow
	size     float64
	lying    bool // the whole part lies across
	articles int
	numbers  [3]int // of headings, by level
}

func (d *AdminDocument) layout() *adminLayout {
	l := &adminLayout{size: d.FontSize}
	if l.size == 0 {
		l.size = 14
	}
	l.upright, l.across, l.each = adminUpright, adminAcross, l.pageNumber
	return l
}

// pageNumber stands in the middle of the top margin, from the second page on.
func (l *adminLayout) pageNumber(c *canvas, s sheet, page, _ int) {
	if page == 1 {
		return
	}
	c.put(font{serif, 13}, s.left, mm(13), s.text(), center, black, fmt.Sprint(page))
}

// width is that of the running text.
func (l *adminLayout) width() float64 {
	if l.lying {
		return l.across.text()
	}
	return l.upright.text()
}

// put adds atoms, laid across where the whole part is.
func (l *adminLayout) put(atoms ...atom) {
	for _, a := range atoms {
		a.wide = a.wide || l.lying
		l.add(a)
	}
}

func (d *AdminDocument) main(l *adminLayout) {
	l.put(d.header())
	l.put(d.title(l)...)
	l.addressees(d.To)
	if d.Authority != "" {
		l.centred(upper(d.Authority), serifBold, 6)
	}
	for i, b := range d.Bases {
		l.paragraph(span{closed(b, i == len(d.Bases)-1), serifItalic})
	}
	if d.Enacting != "" {
		l.centred(d.Enacting, serifBold, 6)
	}
	l.blocks(d.Blocks)
	l.atoms[len(l.atoms)-1].keep = true // no signature on a page without text
	l.put(d.closing(l))
}

func (l *adminLayout) blocks(blocks []Block) {
	for _, b := range blocks {
		b.blockOf(l)
	}
}

// closed ends an item of a list: «;» after each, «.» after the last.
func closed(item string, last bool) string {
	item = strings.TrimRight(oneLine(item), " ;.,")
	if last {
		return item + "."
	}
	return item + ";"
}

// appendix sets the i-th appendix with its heading.
func (d *AdminDocument) appendix(l *adminLayout, i int) {
	a := d.Appendices[i]
	for _, b := range a.Blocks {
		if t, ok := b.(Table); ok && t.wide(l.upright.text()) {
			l.lying = true
		}
	}
	name := wordAppendix
	if len(d.Appendices) > 1 {
		name += " " + roman(i+1)
	}
	l.centred(name, serifBold, 0)
	l.centred(upper(a.Title), serifBold, 0)
	l.centred(d.attached(), serifItalic, 0)
	l.blocks(a.Blocks)
}

// attached says which document an appendix belongs to.
func (d *AdminDocument) attached() string {
	kind := oneLine(d.Kind)
	if kind == "" {
		kind = "Công văn"
	}
	return fmt.Sprintf("(Kèm theo %s số %s %s của %s)", firstUpper(kind), d.number(), longDate("", d.Date), oneLine(d.Body))
}

// firstUpper is a word with only its first letter in capitals.
func firstUpper(s string) string {
	r := []rune(strings.ToLower(s))
	return upper(string(r[:1])) + string(r[1:])
}

func (d *AdminDocument) number() string {
	number := oneLine(d.Number)
	if number == "" {
		number = blankFor(2)
	}
	return number + "/" + oneLine(d.Symbol)
}
