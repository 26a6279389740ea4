package sheet

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"iter"
	"strconv"

	"lotrinh/platform/text"
)

// openXLSX finds the first visible sheet that holds something.
func (t *Table) openXLSX(r io.ReaderAt, size int64) error {
	p, err := openPkg(r, size, t.lim)
	if err != nil {
		return err
	}
	w, err := openWorkbook(p, t.lim)
	if err != nil {
		return err
	}
	for _, s := range w.sheets {
		f := w.pkg.find(w.rels[s.rel])
		if s.hidden || f == nil || w.types[s.rel] != "worksheet" {
			continue
		}
		if t.src != nil {
			t.Others = append(t.Others, s.name)
			continue
		}
		found, err := scanSheet(f)
		if err != nil {
			return err
		}
		if found.last > 0 {
			t.Sheet, t.src = s.name, &xlsxSheet{w: w, file: f, scan: found}
		}
	}
	if t.src == nil {
		return newError("empty")
	}
	return nil
}

// xlsxSheet is a worksheet as a source of rows.
type xlsxSheet struct {
	w    *workbook
	file *zip.File
	scan scan
}

func (s *xlsxSheet) rows() iter.Seq2[rawRow, error] {
	return func(yield func(rawRow, error) bool) {
		p, err := openPart(s.file)
		if err != nil {
			yield(rawRow{}, err)
			return
		}
		defer p.close()
		r := &rowReader{part: p, sheet: s, merges: mergeCursor{rest: s.scan.merges}}
		for {
			row, err := r.next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(rawRow{}, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// rowReader walks through the rows of one worksheet.
type rowReader struct {
	part   *part
	sheet  *xlsxSheet
	merges mergeCursor
	row    int // the number of the row read last
	empty  int // how many rows without content precede in the file
	buf    []byte
	cells  []cell
}

// next returns the next row that holds something, io.EOF after the last.
func (r *rowReader) next() (rawRow, error) {
	for {
		tok, err := r.part.next()
		if err != nil {
			return rawRow{}, unexpected(err) // the document ends before the rows do
		}
		switch el := tok.(type) {
		case xml.EndElement:
			if el.Name.Local == "sheetData" {
				return rawRow{}, io.EOF
			}
		case xml.StartElement:
			if el.Name.Local != "row" {
				continue
			}
			row, err := r.readRow(el)
			if err != nil || len(row.cells) > 0 {
				r.empty = 0
				return row, err
			}
			if r.part.dec.InputOffset() > r.sheet.scan.last {
				return rawRow{}, io.EOF
			}
			if r.empty++; r.empty > r.sheet.w.lim.Empty {
				return rawRow{}, newError("gap", r.sheet.w.lim.Empty).at(r.row, "")
			}
		}
	}
}

// readRow reads one row up to its end tag.
func (r *rowReader) readRow(el xml.StartElement) (rawRow, error) {
	if err := r.number(attr(el, "r")); err != nil {
		return rawRow{}, err
	}
	r.cells = r.cells[:0]
	next := 0
	for {
		tok, err := r.part.next()
		if err != nil {
			return rawRow{}, unexpected(err)
		}
		switch c := tok.(type) {
		case xml.StartElement:
			if c.Name.Local != "c" {
				continue
			}
			if next, err = r.readCell(c, next); err != nil {
				return rawRow{}, err
			}
		case xml.EndElement:
			if c.Name.Local == "row" {
				return r.finish(isTrue(attr(el, "hidden")))
			}
		}
	}
}

// number sets the row's number from its attribute, or counts on where it has none.
func (r *rowReader) number(attr string) error {
	n := r.row + 1
	if attr != "" {
		var err error
		if n, err = strconv.Atoi(attr); err != nil {
			return newError("broken").because(err)
		}
	}
	if n <= r.row || n > maxRow {
		return newError("broken")
	}
	r.row = n
	return nil
}

// finish marks the merged cells and copies the row out of the reader's buffer.
func (r *rowReader) finish(hidden bool) (rawRow, error) {
	if len(r.cells) == 0 {
		return rawRow{}, nil
	}
	areas, err := r.merges.at(r.row)
	if err != nil {
		return rawRow{}, err
	}
	for _, a := range areas {
		r.cover(a)
	}
	return rawRow{num: r.row, hidden: hidden, cells: append([]cell(nil), r.cells...)}, nil
}

// cover marks the cells of a row that a merged area hides.
func (r *rowReader) cover(a area) {
	first := ColumnLetters(a.firstCol) + strconv.Itoa(a.firstRow)
	for col := a.firstCol; col <= a.lastCol && col < r.sheet.w.lim.Columns; col++ {
		if col == a.firstCol && r.row == a.firstRow {
			continue
		}
		r.grow(col)
		r.cells[col] = cell{fault: "merged-cells", detail: first}
	}
}

func (r *rowReader) grow(col int) {
	for len(r.cells) <= col {
		r.cells = append(r.cells, cell{})
	}
}

// readCell reads one cell up to its end tag into the row, and returns the column that
// a cell without a reference would have next.
func (r *rowReader) readCell(el xml.StartElement, col int) (int, error) {
	if ref := attr(el, "r"); ref != "" {
		c, _, ok := parseRef(ref)
		if !ok {
			return 0, newError("broken")
		}
		col = c
	}
	raw, err := r.readRaw()
	if err != nil {
		return 0, err
	}
	c, err := r.sheet.makeCell(attr(el, "t"), attr(el, "s"), raw)
	if err != nil || c.kind == emptyCell && c.fault == "" {
		return col + 1, err
	}
	if col >= r.sheet.w.lim.Columns {
		return 0, newError("too-many-columns", r.sheet.w.lim.Columns).at(r.row, ColumnLetters(col))
	}
	r.grow(col)
	r.cells[col] = c
	return col + 1, nil
}

// rawCell is what stands between the tags of a cell.
type rawCell struct {
	value   string
	has     bool // there is a value, even an empty one
	formula bool
}

func (r *rowReader) readRaw() (raw rawCell, err error) {
	limit := r.sheet.w.lim.cellBytes()
	for {
		tok, err := r.part.next()
		if err != nil {
			return raw, unexpected(err)
		}
		switch el := tok.(type) {
		case xml.EndElement:
			if el.Name.Local == "c" {
				return raw, nil
			}
		case xml.StartElement:
			only := ""
			switch el.Name.Local {
			case "f":
				raw.formula = true
				continue
			case "is":
				only = "t"
			case "v":
			default:
				continue
			}
			if r.buf, err = r.part.text(r.buf[:0], only, limit); err != nil {
				return raw, err
			}
			raw.value, raw.has = string(r.buf), true
		}
	}
}

// makeCell turns what a cell holds into what it says (ECMA-376 part 1, 18.18.11).
func (s *xlsxSheet) makeCell(kind, style string, raw rawCell) (cell, error) {
	switch {
	case kind == "e":
		return faulty("formula-error", raw.value), nil
	case !raw.has && raw.formula:
		return faulty("formula-empty", ""), nil
	case !raw.has:
		return cell{}, nil
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(raw.value)
		v, ok := s.w.strings.get(i)
		if err != nil || !ok {
			return cell{}, newError("broken")
		}
		return makeText(unescape(v), s.w.lim), nil
	case "str", "inlineStr":
		return makeText(unescape(raw.value), s.w.lim), nil
	case "b":
		return cell{kind: textCell, text: map[bool]string{true: "TRUE", false: "FALSE"}[isTrue(raw.value)]}, nil
	case "d":
		return isoCell(raw.value), nil
	case "", "n":
		if raw.value == "" {
			return cell{}, nil
		}
		return makeNumber(raw.value, s.format(style), s.w.date1904), nil
	}
	return cell{}, newError("broken")
}

func (s *xlsxSheet) format(style string) numFormat {
	i, err := strconv.Atoi(style)
	if err != nil || i < 0 || i >= len(s.w.formats) {
		return numFormat{}
	}
	return s.w.formats[i]
}

// isoCell reads a cell of type d: 2024-12-31, or with a time behind a T.
func isoCell(v string) cell {
	d, err := text.ParseDate(withoutTime(v))
	if err != nil || d == 0 {
		return faulty("bad-date", clip(v))
	}
	return cell{kind: dateCell, text: d.Viet(), date: d}
}
