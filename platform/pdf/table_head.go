package pdf

// headCell is one cell of a table's heading, with its rows counted from the top.
type headCell struct {
	text     string
	from, to int // columns from … to-1
	row      int // 0, or 1 under a group
	rows     int // 2 when it stands beside a group
}

// headCells lists the cells of the heading and tells how many rows it has.
func (t *Table) headCells() (cells []headCell, rows int) {
	rows = 1
	for _, c := range t.Columns {
		if c.Group != "" {
			rows = 2
		}
	}
	for i := 0; i < len(t.Columns); {
		group := t.Columns[i].Group
		if group == "" {
			cells = append(cells, headCell{t.Columns[i].Title, i, i + 1, 0, rows})
			i++
			continue
		}
		from := i
		for ; i < len(t.Columns) && t.Columns[i].Group == group; i++ {
			cells = append(cells, headCell{t.Columns[i].Title, i, i + 1, 1, 1})
		}
		cells = append(cells, headCell{group, from, i, 0, 1})
	}
	return cells, rows
}

// heading lays out the heading of the table.
func (l *tableLayout) heading() *tableHead {
	cells, rows := l.table.headCells()
	bold := font{serifBold, l.size}
	wrapped := make([][]textLine, len(cells))
	heights := make([]float64, rows)
	for i, h := range cells {
		wrapped[i] = wrapText(bold, h.text, l.left[h.to]-l.left[h.from]-2*cellPad)
		if h.rows == 1 {
			heights[h.row] = max(heights[h.row], l.tall(wrapped[i]))
		}
	}
	for i, h := range cells {
		if need := l.tall(wrapped[i]); h.rows == 2 && need > heights[0]+heights[1] {
			heights[1] = need - heights[0]
		}
	}
	total := 0.0
	for _, h := range heights {
		total += h
	}
	draw := func(c *canvas, x, y, _ float64) {
		for i, h := range cells {
			l.drawHeadCell(c, h, wrapped[i], heights, x, y)
		}
	}
	return &tableHead{height: total, draw: draw, foot: l.foot}
}

// tall is the height of a cell of so many lines.
func (l *tableLayout) tall(lines []textLine) float64 {
	return float64(len(lines))*l.height + 2*cellRise
}

func (l *tableLayout) drawHeadCell(c *canvas, h headCell, lines []textLine, heights []float64, x, y float64) {
	height := 0.0
	for i, row := range heights {
		if i < h.row {
			y += row
		} else if i < h.row+h.rows {
			height += row
		}
	}
	x1, width := x+l.left[h.from], l.left[h.to]-l.left[h.from]
	c.box(tablePen, x1, y, width, height)
	top := y + (height-float64(len(lines))*l.height)/2
	c.lines(lines, font{serifBold, l.size}, x1+cellPad, top, width-2*cellPad, l.height, center, black)
}

// foot draws the rule under a table that goes on over the page.
func (l *tableLayout) foot(c *canvas, x, y, _ float64) {
	c.rule(tablePen, x, y, x+l.left[len(l.widths)], y)
}
