package pdf

import "fmt"

// atom is a piece of a paper that is never parted by a page break.
type atom struct {
	height float64
	gap    float64 // left free above it, except at the top of a page
	keep   bool    // stays on the page of the atom after it
	wide   bool    // goes on a landscape page
	any    bool    // takes the page as it lies
	within *tableHead
	// draw paints the atom into the given width with its top at y.
	draw func(c *canvas, x, y, width float64)
}

// tableHead is drawn again where a page break falls inside a table.
type tableHead struct {
	height float64
	draw   func(c *canvas, x, y, width float64)
	foot   func(c *canvas, x, y, width float64) // closes the table at a page's end
}

// sheet is a page form: its size and the margins around the text.
type sheet struct {
	width, height            float64
	top, bottom, left, right float64
}

// text is the width between the margins.
func (s sheet) text() float64 { return s.width - s.left - s.right }

// body is the height between the margins.
func (s sheet) body() float64 { return s.height - s.top - s.bottom }

// flow sets atoms on pages.
type flow struct {
	upright sheet
	across  sheet // for atoms that go on landscape pages
	atoms   []atom
	// each is drawn on every page; page counts from 1.
	each func(c *canvas, s sheet, page, pages int)
}

// placed is an atom, or a repeated table head, at its place on a page.
type placed struct {
	y    float64
	draw func(c *canvas, x, y, width float64)
}

// flowPage is a page with what stands on it.
type flowPage struct {
	sheet sheet
	wide  bool
	items []placed
	y     float64 // where the next atom begins
	last  *atom
}

// pages lays the atoms out.
func (f *flow) pages() []*flowPage {
	var out []*flowPage
	var page *flowPage
	for i := range f.atoms {
		a := &f.atoms[i]
		if page == nil || f.breaks(page, i) {
			page = f.turn(page, a)
			out = append(out, page)
		}
		page.set(a)
	}
	return out
}

// breaks tells whether atom i starts a new page.
func (f *flow) breaks(page *flowPage, i int) bool {
	a := f.atoms[i]
	if !a.any && a.wide != page.wide {
		return true
	}
	if page.last == nil {
		return false
	}
	need := f.chain(i, page)
	if need > page.sheet.body() {
		need = a.height // too much to keep together on any page
	}
	return page.y+a.gap+need > page.sheet.height-page.sheet.bottom+0.01
}

// chain is the height of atom i and of those it must stay with.
func (f *flow) chain(i int, page *flowPage) float64 {
	sum := f.atoms[i].height
	for f.atoms[i].keep && i+1 < len(f.atoms) {
		i++
		next := f.atoms[i]
		if !next.any && next.wide != page.wide {
			break
		}
		sum += next.gap + next.height
	}
	return sum
}

// turn starts the page for an atom and closes the page before it.
func (f *flow) turn(before *flowPage, a *atom) *flowPage {
	s := f.upright
	if a.wide {
		s = f.across
	}
	page := &flowPage{sheet: s, wide: a.wide, y: s.top}
	if before == nil || before.last == nil || before.last.within == nil || before.last.within != a.within {
		return page
	}
	head := a.within
	if head.foot != nil {
		before.items = append(before.items, placed{before.y, head.foot})
	}
	page.items = append(page.items, placed{page.y, head.draw})
	page.y += head.height
	return page
}

func (p *flowPage) set(a *atom) {
	if p.last != nil {
		p.y += a.gap
	}
	p.items = append(p.items, placed{p.y, a.draw})
	p.y += a.height
	p.last = a
}

// write lays out and draws the whole document. It refuses to print over the end
// of a page.
func (f *flow) write(c *canvas) {
	pages := f.pages()
	for i, p := range pages {
		if p.y > p.sheet.height-p.sheet.bottom+1 {
			c.keep(fmt.Errorf("%w: a text on page %d is too long to stand on one page", ErrInput, i+1))
			return
		}
		c.page(p.sheet.width, p.sheet.height)
		if f.each != nil {
			f.each(c, p.sheet, i+1, len(pages))
		}
		for _, item := range p.items {
			item.draw(c, p.sheet.left, item.y, p.sheet.text())
		}
	}
}

// add appends atoms.
func (f *flow) add(a ...atom) { f.atoms = append(f.atoms, a...) }

// textStyle is how a block of lines is set.
type textStyle struct {
	size   float64
	height float64 // of a line
	align  align
	before float64 // left free above the block
	after  bool    // stays with what follows
}

// textAtoms makes an atom of each line. The first two and the last two lines of a
// block stay together, so that no line stands alone on a page.
func textAtoms(lines []textLine, indent float64, s textStyle) []atom {
	out := make([]atom, len(lines))
	for i, l := range lines {
		dx := 0.0
		if i == 0 {
			dx = indent
		}
		out[i] = atom{
			height: s.height,
			keep:   i == 0 && len(lines) > 1 || i == len(lines)-2 || s.after && i == len(lines)-1,
			draw: func(c *canvas, x, y, width float64) {
				base := font{serif, s.size}.base(s.height)
				c.line(l, s.size, x+dx, y+base, width-dx, s.align, black)
			},
		}
	}
	out[0].gap = s.before
	return out
}

// blockAtom makes a single atom of lines that must not be parted.
func blockAtom(lines []textLine, s textStyle) atom {
	return atom{
		height: float64(len(lines)) * s.height, gap: s.before, keep: s.after,
		draw: func(c *canvas, x, y, width float64) {
			for _, l := range lines {
				c.line(l, s.size, x, y+font{serif, s.size}.base(s.height), width, s.align, black)
				y += s.height
			}
		},
	}
}
