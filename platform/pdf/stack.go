package pdf

// stack is centred text of different fonts, one under the other, at a scale.
type stack struct {
	scale  float64
	width  float64
	items  []stackItem
	height float64
}

type stackItem struct {
	lines []textLine
	font  font
	step  float64 // height of a line
	ink   color
	gap   float64 // above
	rule  float64 // length of a rule below, as part of the longest line
}

func newStack(scale, width float64) *stack { return &stack{scale: scale, width: width} }

// add stacks a text, wrapped into lines of about equal length, with a gap above
// it in points. Empty text is left out.
func (s *stack) add(f font, text string, ink color, gap float64) {
	if oneLine(text) == "" {
		return
	}
	f.size *= s.scale
	item := stackItem{lines: balance(f, text, s.width), font: f, step: f.line(), ink: ink, gap: gap * s.scale}
	s.items = append(s.items, item)
	s.height += item.gap + float64(len(item.lines))*item.step
}

// free leaves room that does not scale.
func (s *stack) free(height float64) {
	s.items = append(s.items, stackItem{gap: height})
	s.height += height
}

// ruleRoom is the height that a rule under a text takes.
const ruleRoom = 6.5

// ruled puts a rule under the last text, as long as a part of its longest line.
func (s *stack) ruled(part float64) {
	s.items[len(s.items)-1].rule = part
	s.height += ruleRoom
}

func (i stackItem) longest() float64 {
	long := 0.0
	for _, l := range i.lines {
		long = max(long, l.width)
	}
	return long
}

func (s *stack) draw(c *canvas, x, y float64) {
	for _, i := range s.items {
		y = c.lines(i.lines, i.font, x, y+i.gap, s.width, i.step, center, i.ink)
		if i.rule > 0 {
			long := i.longest() * i.rule
			from := x + (s.width-long)/2
			c.rule(pen{width: 0.7, color: i.ink}, from, y+2.5, from+long, y+2.5)
			y += ruleRoom
		}
	}
}
