package pdf

import (
	"fmt"
	"io"
	"time"
	"unicode/utf8"
)

// RollSheet is a paper sheet for roll call: trainees sign, and it is typed in
// afterwards by the sheet code printed on each of its pages.
type RollSheet struct {
	ParentBody string
	Body       string // that holds the class
	Code       string // short, as it is typed in: «K7QD-42MP»; at most 24 letters
	URL        string // opens the sheet where it is typed in, as QR; empty puts the code itself into the QR
	Class      string
	Session    string // «Buổi 3: Dịch vụ công trực tuyến»
	Date       time.Time
	Time       string // «7 giờ 30 – 11 giờ 00»
	Room       string
	Lecturer   string
	Detail     string // heading of the column beside the name: «Năm sinh», «Đơn vị»
	Trainees   []RollTrainee
	Blank      int       // empty lines at the end, for those who were not expected
	Manager    string    // of the class, printed under the place for the signature
	Made       time.Time // in the file's properties; zero leaves it out
}

// RollTrainee is a line of a RollSheet.
type RollTrainee struct {
	Name   string
	Detail string // under RollSheet.Detail
	Note   string
}

var rollMargins = sheet{a4Short, a4Long, mm(12), mm(16), mm(18), mm(12)}

// rollRow is the least height of a line, so that there is room to sign.
var rollRow = mm(7.8)

// mostCode is how many letters a sheet code may have.
const mostCode = 24

// Write writes the sheet as PDF.
func (r RollSheet) Write(w io.Writer) error {
	if n := utf8.RuneCountInString(oneLine(r.Code)); n == 0 || n > mostCode {
		return fmt.Errorf("%w: RollSheet.Code has %d letters, not 1 to %d", ErrInput, n, mostCode)
	}
	c := newCanvas(a4Short, a4Long, info{title: wordRoll + " " + oneLine(r.Code), author: r.Body, made: r.Made})
	head := r.head()
	page := rollMargins
	page.top += head.height + 6
	if page.body() < mm(60) {
		return fmt.Errorf("%w: the head of the roll sheet leaves no room for names", ErrInput)
	}
	f := flow{upright: page, across: page}
	f.each = func(c *canvas, s sheet, i, n int) {
		head.draw(c, s.left, rollMargins.top, s.text())
		c.put(font{serif, 11}, s.left, s.height-mm(9), s.text(), right, black, fmt.Sprintf(wordPage, i, n))
		c.put(font{serif, 11}, s.left, s.height-mm(9), s.text(), left, black, wordSheetCode+": "+oneLine(r.Code))
	}
	table := r.table()
	f.add(table.atoms(page.text(), page.body(), false)...)
	f.atoms[len(f.atoms)-1].keep = true
	f.add(r.closing())
	f.write(c)
	return c.finish(w)
}

func (r *RollSheet) table() Table {
	detail := orElse(r.Detail, "Đơn vị")
	t := Table{
		row: rollRow,
		Columns: []Column{
			{Title: wordOrdinal, Align: Center, Width: 11}, {Title: wordFullName}, {Title: detail},
			{Title: wordSignature, Width: 38}, {Title: wordNote, Width: 24},
		},
	}
	for i, p := range r.Trainees {
		t.Rows = append(t.Rows, Row{Cells: []string{fmt.Sprint(i + 1), p.Name, p.Detail, "", p.Note}})
	}
	for i := range max(r.Blank, 0) {
		t.Rows = append(t.Rows, Row{Cells: []string{fmt.Sprint(len(r.Trainees) + i + 1)}})
	}
	return t
}

// rollHead is the head of each page of a roll sheet.
type rollHead struct {
	height float64
	draw   func(c *canvas, x, y, width float64)
}

// rollQR is the side of the QR code on the sheet.
var rollQR = mm(28)

// head sets body and title at the left and the middle, the sheet's code with its
// QR at the right, and below them what is known of the session.
func (r *RollSheet) head() rollHead {
	width := rollMargins.text()
	rest := width - rollQR - mm(4)
	title := newStack(1, rest)
	if r.ParentBody != "" {
		title.add(font{serif, 12}, upper(r.ParentBody), black, 0)
	}
	title.add(font{serifBold, 12}, upper(r.Body), black, 0)
	title.add(font{serifBold, 17}, wordRoll, black, 8)
	title.add(font{serif, 12}, wordSheetCode, black, 4)
	title.add(font{monoBold, 20}, oneLine(r.Code), black, 0)
	facts := r.facts(width)
	top := max(title.height, rollQR) + 4
	height := top
	for _, l := range facts {
		height += float64(len(l)) * factFont.line()
	}
	return rollHead{height, func(c *canvas, x, y, width float64) {
		title.draw(c, x, y)
		c.qr(orElse(oneLine(r.URL), oneLine(r.Code)), x+width-rollQR, y, rollQR)
		y += top
		for _, l := range facts {
			y = c.lines(l, factFont, x, y, width, factFont.line(), left, black)
		}
	}}
}

var factFont = font{serif, 12.5}

// facts are the lines on class, session, time, room and lecturer.
func (r *RollSheet) facts(width float64) [][]textLine {
	when := ""
	if !r.Date.IsZero() {
		when = "ngày " + shortDate(r.Date)
	}
	if r.Time != "" {
		when = joined(oneLine(r.Time), when)
	}
	var out [][]textLine
	for _, f := range []struct{ label, value string }{
		{wordClass, r.Class}, {wordSession, r.Session}, {wordTime, when}, {wordRoom, r.Room}, {wordLecturer, r.Lecturer},
	} {
		if oneLine(f.value) == "" {
			continue
		}
		p := paragraph{size: factFont.size, spans: []span{{f.label, serif}, {f.value, serifBold}}}
		out = append(out, p.wrap(width))
	}
	return out
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// closing has the sums to be filled in and the class manager's signature.
func (r *RollSheet) closing() atom {
	width := rollMargins.text()
	f := font{serif, 12}
	text := fmt.Sprintf(wordRollTotal, len(r.Trainees)) + "\n" + wordRollPresent
	sums := wrapText(f, text, width)
	sign := newStack(1, width/2)
	sign.add(font{serifBold, 13}, wordManager, black, 0)
	sign.add(font{serifItalic, 12}, wordSignHere, black, 0)
	sign.free(mm(18))
	sign.add(font{serifBold, 13}, oneLine(r.Manager), black, 0)
	step := f.line() * 1.25
	top := float64(len(sums))*step + 6
	return atom{gap: 6, height: top + sign.height, draw: func(c *canvas, x, y, _ float64) {
		c.lines(sums, f, x, y, width, step, left, black)
		sign.draw(c, x+width/2, y+top)
	}}
}
