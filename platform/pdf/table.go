package pdf

import "fmt"

// Align places the text of a column.
type Align int

// Text stands at the left; figures are put to the Right, short codes and dates
// in the Center.
const (
	Left Align = iota
	Center
	Right
)

// Column is a column of a Table.
type Column struct {
	Title string
	Group string  // neighbours with the same group share a heading above theirs
	Align Align   // of the cells; headings are always centred
	Width float64 // in millimetres; 0 shares what is left by the texts' lengths
}

// Row is a line of a Table. A row with fewer cells than there are columns is
// filled up with empty ones; surplus cells are an error.
type Row struct {
	Cells   []string
	Bold    bool // a sum
	Section bool // only the first cell is printed, in bold, across all columns
}

// Orientation says how the page of a table lies.
type Orientation int

// Fitted lays a table across when its words do not fit the upright page.
const (
	Fitted Orientation = iota
	Upright
	Across
)

// Table is a ruled table. Its heading is repeated on every page.
type Table struct {
	Caption string // above the table, centred; may be empty
	Columns []Column
	Rows    []Row
	Lies    Orientation
	row     float64 // least height of a row, in points
}

// cellPad is the free space at the left and right inside a cell, in points.
const cellPad = 3.0

// cellRise is the free space above and below the text of a cell, in points.
const cellRise = 2.5

var tablePen = pen{width: 0.5}

// mostColumns is how many columns still leave room for a figure in each.
const mostColumns = 30

// check refuses a table with too many columns, or with more cells in a row than
// it has columns.
func (t *Table) check() error {
	if len(t.Columns) > mostColumns {
		return fmt.Errorf("%w: table «%s» has %d columns; at most %d fit", ErrInput, t.Caption, len(t.Columns), mostColumns)
	}
	for i, r := range t.Rows {
		if len(r.Cells) > len(t.Columns) {
			return fmt.Errorf("%w: table «%s», row %d: %d cells in %d columns", ErrInput, t.Caption, i+1, len(r.Cells), len(t.Columns))
		}
	}
	return nil
}

func (r Row) font(size float64) font {
	if r.Bold || r.Section {
		return font{serifBold, size}
	}
	return font{serif, size}
}

// tableLayout is a table with its widths and type size settled.
type tableLayout struct {
	table  *Table
	size   float64
	height float64 // of a line
	widths []float64
	left   []float64 // of each column, and the right edge at the end
	head   *tableHead
}

func (t *Table) layout(width float64) *tableLayout {
	needs := t.needs()
	size, _ := sizeFor(needs, width)
	l := &tableLayout{table: t, size: size, height: font{serif, size}.line() * 1.02}
	l.widths = share(needs, size, width)
	x := 0.0
	for _, w := range l.widths {
		l.left = append(l.left, x)
		x += w
	}
	l.left = append(l.left, x)
	l.head = l.heading()
	return l
}

// atoms sets the table into width; body is the height of a page.
func (t *Table) atoms(width, body float64, wide bool) []atom {
	if len(t.Columns) == 0 {
		return nil
	}
	l := t.layout(width)
	var out []atom
	if t.Caption != "" {
		lines := wrapText(font{serifBold, tableSize + 1}, t.Caption, width)
		style := textStyle{size: tableSize + 1, height: font{serif, tableSize + 1}.line(), align: center, before: 6, after: true}
		out = append(out, blockAtom(lines, style))
	}
	out = append(out, atom{height: l.head.height, gap: 6, keep: len(t.Rows) > 0, within: l.head, draw: l.head.draw})
	for _, r := range t.Rows {
		out = append(out, l.rowAtoms(r, body-l.head.height)...)
	}
	for i := range out {
		out[i].wide = wide
	}
	return out
}

// tableCell is the wrapped text of one cell.
type tableCell struct {
	lines []textLine
	x, w  float64
	align align
}

func (l *tableLayout) cells(r Row) []tableCell {
	if r.Section {
		w := l.left[len(l.widths)]
		return []tableCell{{l.wrap(r, first(r.Cells), w), 0, w, left}}
	}
	out := make([]tableCell, len(l.widths))
	for i, w := range l.widths {
		text := ""
		if i < len(r.Cells) {
			text = r.Cells[i]
		}
		out[i] = tableCell{l.wrap(r, text, w), l.left[i], w, align(l.table.Columns[i].Align)}
	}
	return out
}

func (l *tableLayout) wrap(r Row, text string, width float64) []textLine {
	return wrapText(r.font(l.size), text, width-2*cellPad)
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

func tallest(cells []tableCell) int {
	n := 1
	for _, c := range cells {
		n = max(n, len(c.lines))
	}
	return n
}

// rowAtoms sets one row. A row of more than half a page is parted into pieces of
// eight lines, so that it runs over the page break instead of leaving a hole.
func (l *tableLayout) rowAtoms(r Row, body float64) []atom {
	cells := l.cells(r)
	n := tallest(cells)
	if float64(n)*l.height+2*cellRise <= body/2 {
		return []atom{l.rowAtom(cells, n, true, true, r.Section)}
	}
	var out []atom
	const piece = 8
	for from := 0; from < n; from += piece {
		part := make([]tableCell, len(cells))
		for i, c := range cells {
			part[i] = c
			part[i].lines = c.lines[min(from, len(c.lines)):min(from+piece, len(c.lines))]
		}
		out = append(out, l.rowAtom(part, min(piece, n-from), from == 0, from+piece >= n, r.Section))
	}
	return out
}

func (l *tableLayout) rowAtom(cells []tableCell, n int, starts, ends, section bool) atom {
	top, bottom := 0.0, 0.0
	if starts {
		top = cellRise
	}
	if ends {
		bottom = cellRise
	}
	height := float64(n)*l.height + top + bottom
	if starts && ends && height < l.table.row {
		top += (l.table.row - height) / 2
		height = l.table.row
	}
	return atom{
		height: height, within: l.head, keep: section,
		draw: func(c *canvas, x, y, _ float64) {
			for _, cell := range cells {
				dy := top
				if starts && ends {
					dy += float64(n-len(cell.lines)) * l.height / 2
				}
				c.lines(cell.lines, font{serif, l.size}, x+cell.x+cellPad, y+dy, cell.w-2*cellPad, l.height, cell.align, black)
				c.rule(tablePen, x+cell.x, y, x+cell.x, y+height)
			}
			edge := x + l.left[len(l.widths)]
			c.rule(tablePen, edge, y, edge, y+height)
			if ends {
				c.rule(tablePen, x, y+height, edge, y+height)
			}
		},
	}
}
