package pdf

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Certificate is a certificate of completion («giấy chứng nhận») on one A4 page
// laid across. Issuer, Holder and Course must be given; whatever else is empty
// is left out.
type Certificate struct {
	ParentBody string // above the issuer
	Issuer     string
	Title      string // «GIẤY CHỨNG NHẬN» where empty
	Intro      string // «Chứng nhận» where empty
	Salutation string // «Ông», «Bà»
	Holder     string
	Born       string // as it is to be read: «02/9/1985» or «1985»
	Unit       string // of the holder
	Completed  string // «Đã hoàn thành khóa bồi dưỡng» where empty
	Course     string // or topic
	Duration   string // «24 tiết»
	From, To   time.Time
	Grade      string // «Giỏi»
	Place      string
	Date       time.Time // of issue
	Sign       []string  // powers and post, a line each: «TM. Ủy ban nhân dân», «Chủ tịch»
	Signer     string
	Serial     string
	Register   string // number in the register book
	Note       string // «Cấp lại lần 1, thay giấy chứng nhận số …»
	CheckURL   string // public page that proves the certificate; printed, and as QR
	Design     CertificateDesign
	Made       time.Time // in the file's properties; zero leaves it out
}

// RGB is a colour in parts of 255.
type RGB [3]uint8

// CertificateDesign is what a unit may choose of the looks.
type CertificateDesign struct {
	Accent   RGB  // title and main rule of the frame; zero is a deep red
	Ornament RGB  // fine rules and ornaments; zero is an old gold
	Bare     bool // no frame: for paper that has one printed on it
}

func (d CertificateDesign) colors() (accent, ornament color) {
	accent, ornament = color(d.Accent), color(d.Ornament)
	if accent == (color{}) {
		accent = color{158, 27, 30}
	}
	if ornament == (color{}) {
		ornament = color{176, 137, 62}
	}
	return accent, ornament
}

// Write writes the certificate as a PDF of one page.
func (k Certificate) Write(w io.Writer) error {
	return Certificates(w, []Certificate{k})
}

// Certificates writes one PDF with a page for each certificate, in the order
// given. The file's properties are those of the first. It takes about 40 kB of
// memory a page until it is written; CertificateZip holds only a few at a time.
func Certificates(w io.Writer, list []Certificate) error {
	if len(list) == 0 {
		return fmt.Errorf("%w: no certificate", ErrInput)
	}
	return certificates(newCanvas(a4Long, a4Short, list[0].about(len(list))), w, list)
}

func certificates(c *canvas, w io.Writer, list []Certificate) error {
	for i := range list {
		if err := list[i].page(c); err != nil {
			return fmt.Errorf("certificate %d (%.40s): %w", i+1, list[i].Serial, err)
		}
	}
	return c.finish(w)
}

func (k *Certificate) about(count int) info {
	title := k.title()
	if count == 1 {
		title = strings.TrimSpace(title + " " + k.Serial)
	}
	return info{title: title, author: k.Issuer, made: k.Made}
}

func (k *Certificate) title() string { return orElse(k.Title, wordCertificate) }

func orElse(s, other string) string {
	if strings.TrimSpace(s) == "" {
		return other
	}
	return s
}

// mostLetters bounds each text of a certificate: more can never fit.
const mostLetters = 600

func (k *Certificate) check() error {
	for _, f := range []struct {
		name, text string
		needed     bool
	}{
		{"Issuer", k.Issuer, true}, {"Holder", k.Holder, true}, {"Course", k.Course, true},
		{"ParentBody", k.ParentBody, false}, {"Title", k.Title, false}, {"Intro", k.Intro, false},
		{"Salutation", k.Salutation, false}, {"Born", k.Born, false}, {"Unit", k.Unit, false},
		{"Completed", k.Completed, false}, {"Duration", k.Duration, false}, {"Grade", k.Grade, false},
		{"Place", k.Place, false}, {"Sign", strings.Join(k.Sign, "\n"), false}, {"Signer", k.Signer, false},
		{"Serial", k.Serial, false}, {"Register", k.Register, false}, {"Note", k.Note, false},
		{"CheckURL", k.CheckURL, false},
	} {
		if f.needed && oneLine(f.text) == "" {
			return fmt.Errorf("%w: Certificate.%s is empty", ErrInput, f.name)
		}
		if n := utf8.RuneCountInString(f.text); n > mostLetters {
			return fmt.Errorf("%w: Certificate.%s has %d letters; at most %d fit", ErrInput, f.name, n, mostLetters)
		}
	}
	return nil
}

// Distances on the certificate.
var (
	certSide  = mm(24) // from the edge of the sheet to the text, left and right
	certTop   = mm(20)
	certBelow = mm(20.5)
	certSeal  = mm(21) // free for seal and signature
)

// certInk is the colour of the text: nearly black, a little warm.
var certInk = color{34, 31, 29}

// page draws the certificate on a page of its own.
func (k *Certificate) page(c *canvas) error {
	if err := k.check(); err != nil {
		return err
	}
	l, err := k.layout()
	if err != nil {
		return err
	}
	c.page(a4Long, a4Short)
	accent, ornament := k.Design.colors()
	if !k.Design.Bare {
		drawFrame(c, accent, ornament)
	}
	l.draw(c)
	return c.err
}

// certLayout is a certificate with its texts wrapped at a scale at which they
// fit the page.
type certLayout struct {
	issuer, nation *stack
	middle, sign   *stack
	proof          *certProof
	rest           float64 // height left over between the parts
}

// leastScale is how far a certificate's type may be reduced: 12 pt to 5 pt.
const leastScale = 0.42

// layout wraps the texts at the largest scale at which everything fits.
func (k *Certificate) layout() (*certLayout, error) {
	for scale := 1.0; scale >= leastScale; scale -= 0.03 {
		l := k.at(scale)
		if l.rest >= 0 {
			return l, nil
		}
	}
	return nil, fmt.Errorf("%w: the texts of the certificate do not fit on one page", ErrInput)
}

// at wraps the texts at a scale.
func (k *Certificate) at(scale float64) *certLayout {
	accent, _ := k.Design.colors()
	width := a4Long - 2*certSide
	l := &certLayout{}
	l.issuer, l.nation = k.head(scale, width)
	l.middle = k.middle(scale, width, accent)
	l.sign = k.signature(scale, width/2)
	l.proof = k.proof(scale, width/2-mm(4))
	top := max(l.issuer.height, l.nation.height)
	l.rest = a4Short - certTop - certBelow - top - l.middle.height - max(l.sign.height, l.proof.height) - mm(4)
	return l
}

func (k *Certificate) head(scale, width float64) (issuer, nation *stack) {
	issuer, nation = newStack(scale, width*0.45), newStack(scale, width*0.45)
	if k.ParentBody != "" {
		issuer.add(font{sans, 10.5}, upper(k.ParentBody), certInk, 0)
	}
	issuer.add(font{sansBold, 10.5}, upper(k.Issuer), certInk, 0)
	issuer.ruled(0.4)
	nation.add(font{sansBold, 10.5}, wordNation, certInk, 0)
	nation.add(font{sansBold, 11}, wordMotto, certInk, 0)
	nation.ruled(1)
	return issuer, nation
}

// middle is all that stands between the head and the signature.
func (k *Certificate) middle(scale, width float64, accent color) *stack {
	s := newStack(scale, width)
	s.add(font{sansBold, 31}, upper(k.title()), accent, 0)
	s.add(font{sans, 12.5}, orElse(k.Intro, wordCertifies), certInk, 6)
	s.add(font{sansBold, 23}, strings.TrimSpace(k.Salutation+" "+k.Holder), certInk, 1)
	if k.Born != "" {
		s.add(font{sans, 12}, wordBorn+" "+k.Born, certInk, 1)
	}
	if k.Unit != "" {
		s.add(font{sans, 12}, wordUnit+" "+k.Unit, certInk, 1)
	}
	s.add(font{sans, 12.5}, orElse(k.Completed, wordCompleted), certInk, 8)
	s.add(font{sansBold, 17}, k.Course, accent, 2)
	s.add(font{sans, 12}, k.facts(), certInk, 3)
	if k.Note != "" {
		s.add(font{sansItalic, 10.5}, k.Note, certInk, 2)
	}
	return s
}

// facts are duration, days and grade on one line.
func (k *Certificate) facts() string {
	var parts []string
	if k.Duration != "" {
		parts = append(parts, wordDuration+" "+oneLine(k.Duration))
	}
	if days := dateRange(k.From, k.To); days != "" {
		parts = append(parts, days)
	}
	text := strings.Join(parts, ", ")
	if k.Grade != "" {
		text = strings.TrimPrefix(text+". "+wordGrade+" "+oneLine(k.Grade), ". ")
	}
	if text == "" {
		return ""
	}
	r := []rune(text)
	return upper(string(r[:1])) + string(r[1:])
}

func (k *Certificate) signature(scale, width float64) *stack {
	s := newStack(scale, width)
	s.add(font{sansItalic, 11.5}, longDate(oneLine(k.Place), k.Date), certInk, 0)
	for _, post := range k.Sign {
		s.add(font{sansBold, 11.5}, upper(post), certInk, 1)
	}
	s.free(certSeal)
	s.add(font{sansBold, 12.5}, oneLine(k.Signer), certInk, 0)
	return s
}

// draw places the parts: the head at the top, the proof at the bottom left, the
// signature at the bottom right, and what height is left over above and below the
// middle.
func (l *certLayout) draw(c *canvas) {
	width := a4Long - 2*certSide
	l.issuer.draw(c, certSide, certTop)
	l.nation.draw(c, certSide+width*0.55, certTop)
	top := certTop + max(l.issuer.height, l.nation.height)
	l.middle.draw(c, certSide, top+min(l.rest*0.5, mm(14)))
	l.proof.draw(c, certSide, a4Short-certBelow-l.proof.height)
	l.sign.draw(c, certSide+width/2, a4Short-certBelow-l.sign.height)
}
