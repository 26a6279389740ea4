package pdf

// leftPart is the share of the text width that the issuing body's column takes.
const leftPart = 0.42

// header sets the head of the first page: at the left the issuing body, its
// superior, and the number; at the right the nation's name, the motto, place and
// date; the letter's subject under its number.
func (d *AdminDocument) header() atom {
	width := adminUpright.text()
	lw := width * leftPart
	rw := width - lw
	issuer, nation := d.headColumns(lw, rw)
	number, date := d.secondColumns(lw, rw)
	top := max(issuer.height, nation.height) + 6
	height := top + max(number.height, date.height) + 8
	return atom{height: height, keep: true, draw: func(c *canvas, x, y, _ float64) {
		issuer.draw(c, x, y)
		nation.draw(c, x+lw, y)
		number.draw(c, x, y+top)
		date.draw(c, x+lw, y+top)
	}}
}

// headColumns are the national name and motto, and the body with its superior.
func (d *AdminDocument) headColumns(lw, rw float64) (issuer, nation *stack) {
	issuer, nation = newStack(1, lw-6), newStack(1, rw)
	issuer.add(font{serif, 13}, upper(d.ParentBody), black, 0)
	issuer.add(font{serifBold, 13}, upper(d.Body), black, 0)
	issuer.ruled(0.4)
	nation.add(font{serifBold, 13}, wordNation, black, 0)
	nation.add(font{serifBold, 14}, wordMotto, black, 0)
	nation.ruled(1)
	return issuer, nation
}

// secondColumns are the number with a letter's subject, and place and date.
func (d *AdminDocument) secondColumns(lw, rw float64) (number, date *stack) {
	number, date = newStack(1, lw-6), newStack(1, rw)
	number.add(font{serif, 13}, wordNumber+" "+d.number(), black, 0)
	if d.Kind == "" && d.Abstract != "" {
		number.add(font{serif, 12}, wordAbout+" "+oneLine(d.Abstract), black, 6)
	}
	date.add(font{serifItalic, 14}, longDate(oneLine(d.Place), d.Date), black, 0)
	return number, date
}

// title sets the kind of document and its abstract, with a short rule below.
func (d *AdminDocument) title(l *adminLayout) []atom {
	if d.Kind == "" {
		return nil
	}
	s := newStack(1, l.width()*0.88)
	s.add(font{serifBold, l.size}, upper(d.Kind), black, 0)
	s.add(font{serifBold, l.size}, d.Abstract, black, 0)
	s.ruled(0.4)
	return []atom{{height: s.height + 6, gap: 6, keep: true, draw: func(c *canvas, x, y, width float64) {
		s.draw(c, x+(width-s.width)/2, y)
	}}}
}

// signatureRoom is left free for the seal and the signature.
var signatureRoom = mm(28)

// closing sets the recipients at the left and the signature at the right. It goes
// on whatever page the text ends on.
func (d *AdminDocument) closing(l *adminLayout) atom {
	width := l.upright.text()
	lw := width * 0.48
	sign := newStack(1, width-lw)
	for _, post := range d.Sign {
		sign.add(font{serifBold, l.size}, upper(post), black, 0)
	}
	sign.free(signatureRoom)
	sign.add(font{serifBold, l.size}, oneLine(d.Signer), black, 0)
	to, toHeight := d.recipients(lw - 10)
	height := max(sign.height, toHeight)
	return atom{height: height, gap: 12, any: true, wide: l.lying, draw: func(c *canvas, x, y, full float64) {
		to(c, x, y)
		sign.draw(c, x+full-sign.width, y)
	}}
}

// recipients sets «Nơi nhận:» and the list under it.
func (d *AdminDocument) recipients(width float64) (draw func(c *canvas, x, y float64), height float64) {
	if len(d.Recipients) == 0 {
		return func(*canvas, float64, float64) {}, 0
	}
	head, item := font{serifBoldItalic, 12}, font{serif, 11}
	hang := item.width("- ")
	var blocks [][]textLine
	height = head.line()
	for i, r := range d.Recipients {
		lines := wrapText(item, closed(r, i == len(d.Recipients)-1), width-hang)
		blocks = append(blocks, lines)
		height += float64(len(lines)) * item.line()
	}
	return func(c *canvas, x, y float64) {
		c.text(head, x, y+head.base(head.line()), black, wordRecipients)
		y += head.line()
		for _, lines := range blocks {
			c.text(item, x, y+item.base(item.line()), black, "-")
			y = c.lines(lines, item, x+hang, y, width-hang, item.line(), left, black)
		}
	}, height
}
