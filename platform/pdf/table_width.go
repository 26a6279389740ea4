package pdf

import "strings"

// Bounds of the type size in tables, in points.
const (
	tableSize  = 12.0
	tableLeast = 7.0
)

// readable is the width, in type sizes, that a text of several words gets before
// the table turns across or is set smaller.
const readable = 9.0

// columnNeed is what the texts of a column ask for, in points at a type size of 1.
type columnNeed struct {
	fixed float64 // points, whatever the type size; 0 is free
	word  float64 // widest word, of the headings too
	line  float64 // longest line of the cells
	title float64 // heading on one line
}

// needs measures all texts of the table.
func (t *Table) needs() []columnNeed {
	out := make([]columnNeed, len(t.Columns))
	bold := font{serifBold, 1}
	for i, c := range t.Columns {
		out[i] = columnNeed{
			fixed: mm(c.Width),
			word:  max(longestWord(bold, c.Title), t.groupShare(i)),
			title: bold.width(oneLine(c.Title)),
		}
	}
	for _, r := range t.Rows {
		if r.Section {
			continue
		}
		for i, cell := range r.Cells {
			out[i].add(r.font(1), cell)
		}
	}
	return out
}

func (n *columnNeed) add(f font, cell string) {
	for part := range strings.SplitSeq(clean(cell), "\n") {
		n.line = max(n.line, f.width(part))
		for _, w := range splitWords(part) {
			n.word = max(n.word, f.width(w))
		}
	}
}

// least is the width below which the column does not go at a type size.
func (n columnNeed) least(size float64) float64 {
	if n.fixed > 0 {
		return n.fixed
	}
	return max(n.word, min(n.line, readable))*size + 2*cellPad
}

// wish is the width at which no cell wraps, but no more than most.
func (n columnNeed) wish(size, most float64) float64 {
	if n.fixed > 0 {
		return n.fixed
	}
	return min(max(n.line, min(n.title, most/size/2))*size+2*cellPad, most)
}

// groupShare is what column i adds to the width of the heading above it.
func (t *Table) groupShare(i int) float64 {
	group := t.Columns[i].Group
	if group == "" {
		return 0
	}
	from, to := i, i+1
	for from > 0 && t.Columns[from-1].Group == group {
		from--
	}
	for to < len(t.Columns) && t.Columns[to].Group == group {
		to++
	}
	return longestWord(font{serifBold, 1}, group) / float64(to-from)
}

// sizeFor is the largest type size at which every column gets the least it asks
// for in the given width, or the smallest size there is.
func sizeFor(needs []columnNeed, width float64) (size float64, fits bool) {
	for size = tableSize; ; size-- {
		sum := 0.0
		for _, n := range needs {
			sum += n.least(size)
		}
		if sum <= width {
			return size, true
		}
		if size <= tableLeast {
			return size, false
		}
	}
}

// wide tells whether the table goes on a landscape page.
func (t *Table) wide(upright float64) bool {
	if t.Lies != Fitted {
		return t.Lies == Across
	}
	size, fits := sizeFor(t.needs(), upright)
	return !fits || size < tableSize
}

// share gives each column the least it asks for, and shares the rest out by how
// much more each would like. The widths add up to width.
func share(needs []columnNeed, size, width float64) []float64 {
	out := make([]float64, len(needs))
	more := make([]float64, len(needs))
	least, wishes := 0.0, 0.0
	for i, n := range needs {
		out[i] = n.least(size)
		more[i] = max(n.wish(size, width*0.6)-out[i], 0)
		least += out[i]
		wishes += more[i]
	}
	rest := width - least
	for i := range out {
		if rest > 0 && wishes > 0 {
			out[i] += rest * more[i] / wishes
		} else {
			out[i] *= width / least
		}
	}
	return out
}
