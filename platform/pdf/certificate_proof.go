package pdf

// certProof is the lower left of a certificate: the QR code, the numbers beside
// it and the address below it.
type certProof struct {
	url     string
	address []textLine
	font    font // of the address
	hint    font
	label   font
	figure  font // of the numbers
	numbers []certNumber
	beside  float64 // height of the numbers
	upper   float64 // height of QR code and numbers
	height  float64
	width   float64
}

// certNumber is a label with its number.
type certNumber struct {
	label string
	lines []textLine
}

// Distances in the proof.
var (
	certQR    = mm(29)
	certLabel = mm(23) // room for a label before its number
)

// proof wraps the texts of the proof at a scale.
func (k *Certificate) proof(scale, width float64) *certProof {
	p := &certProof{
		url: oneLine(k.CheckURL), width: width, hint: font{sans, 8},
		label: font{sans, 9.5 * scale}, figure: font{sansBold, 10.5 * scale},
	}
	for _, n := range []struct{ label, value string }{{wordSerial, k.Serial}, {wordRegister, k.Register}} {
		if value := oneLine(n.value); value != "" {
			lines := wrapText(p.figure, value, width-certQR-certLabel)
			p.numbers = append(p.numbers, certNumber{n.label, lines})
			p.beside += p.step() * float64(len(lines))
		}
	}
	p.upper = p.beside
	if p.url != "" {
		p.upper = max(p.beside, certQR)
		p.font, p.address = fit(font{sans, 8}, 6, width, 3, p.url)
		p.height = p.hint.line() + float64(len(p.address))*p.font.line()
	}
	p.height += p.upper
	return p
}

// step is the distance of the numbers' lines.
func (p *certProof) step() float64 { return p.figure.line() * 1.1 }

func (p *certProof) draw(c *canvas, x, y float64) {
	side := 0.0
	if p.url != "" {
		side = certQR
		c.qrFlush(p.url, x, y, side)
		below := y + p.upper
		c.text(p.hint, x, below+p.hint.base(p.hint.line()), grey, wordCheck)
		below += p.hint.line()
		c.link(p.url, x, below, p.width, float64(len(p.address))*p.font.line())
		c.lines(p.address, p.font, x, below, p.width, p.font.line(), left, certInk)
	}
	y += (p.upper - p.beside) / 2
	for _, n := range p.numbers {
		c.text(p.label, x+side, y+p.figure.base(p.step()), certInk, n.label)
		y = c.lines(n.lines, p.figure, x+side+certLabel, y, p.width, p.step(), left, certInk)
	}
}
