// Package sheet reads tables out of .xlsx and .csv files that strangers send, and
// writes tables into them.
//
// Reading streams: a file is never held whole beyond its shared strings, each
// limit is checked before the bytes behind it are read, and every refusal is an
// *Error that a person can act on. The zip and XML of .xlsx are read here, with
// archive/zip and encoding/xml, because excelize's streaming reader tells neither
// dates from numbers, nor formulas without a value from empty cells, nor merged
// cells. Writing .xlsx is excelize's.
//
//	tab, err := sheet.Open(file, size, name, sheet.Limits{})
//	head, err := tab.Header(columns...)
//	for row, err := range tab.Rows() {
//		if err != nil {
//			return err // the file cannot be read on
//		}
//		name, born := row.Text("name"), row.Date("born_on")
//		if errs := row.Errors(); len(errs) > 0 {
//			report(errs) // this row cannot be taken; the next may
//		}
//	}
package sheet

import (
	"bytes"
	"io"
	"iter"

	"lotrinh/platform/text"
)

// Limits bounds what Open and Rows take in. A zero field is its default.
type Limits struct {
	File     int64 // bytes of the file; 50 MB
	Unzipped int64 // bytes of all XML in an .xlsx, unzipped; 128 MB
	Ratio    int64 // how many times a part over 1 MB may unzip; 200
	Strings  int64 // bytes of an .xlsx file's shared strings in memory; 32 MB
	Rows     int   // rows with data below the header; 100,000
	Columns  int   // columns with data; 256
	Cell     int   // letters in a cell; 32,767, as in Excel
	Empty    int   // empty rows between two rows with data; 10,000
}

func (l Limits) orDefault() Limits {
	def(&l.File, 50<<20)
	def(&l.Unzipped, 128<<20)
	def(&l.Ratio, 200)
	def(&l.Strings, 32<<20)
	def(&l.Rows, 100_000)
	def(&l.Columns, 256)
	def(&l.Cell, 32_767)
	def(&l.Empty, 10_000)
	return l
}

func def[N int | int64](n *N, value N) {
	if *n == 0 {
		*n = value
	}
}

// Table is one table of a file: the only one of a .csv, the first visible sheet with
// data of an .xlsx. It is for one goroutine, and reads the file anew for each Rows.
type Table struct {
	File   string   // the name given to Open
	Sheet  string   // the sheet's name, "" in a .csv
	Others []string // visible sheets that are not read

	Encoding  text.Encoding // of a .csv, else ""
	Separator rune          // of the columns of a .csv, else 0

	src  source
	lim  Limits
	head *Header
}

// source yields the rows of a table that are not empty, in order.
type source interface {
	rows() iter.Seq2[rawRow, error]
}

// rawRow is a row as the file has it.
type rawRow struct {
	num    int // 1-based, as a spreadsheet program shows it
	hidden bool
	cells  []cell // from column A on
	fault  *Error // what is wrong with the row as a whole
}

// Open looks at the first bytes of r, whatever the file is called, and prepares
// reading it. It refuses with an *Error: "too-large", "encrypted", "xls", "html",
// "unsupported", "not-a-table", "broken", "zip-bomb", "unsafe-path", "unsafe-xml",
// "strings-too-large", "bad-encoding", "legacy-font", "empty". Other errors are r's.
func Open(r io.ReaderAt, size int64, name string, lim Limits) (*Table, error) {
	lim = lim.orDefault()
	if size > lim.File {
		return nil, tooLarge(lim)
	}
	t := &Table{File: name, lim: lim}
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	kind, err := sniff(head)
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindZip:
		err = t.openXLSX(r, size)
	case kindOLE:
		err = refuseOLE(r, size)
	default:
		err = t.openCSV(r, size)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// OpenReader is Open for a file whose size is not known: it reads at most
// Limits.File bytes into memory and refuses a longer one as "too-large".
func OpenReader(r io.Reader, name string, lim Limits) (*Table, error) {
	lim = lim.orDefault()
	b, err := io.ReadAll(io.LimitReader(r, lim.File+1))
	if err != nil {
		return nil, err
	}
	return Open(bytes.NewReader(b), int64(len(b)), name, lim)
}

func tooLarge(lim Limits) *Error { return newError("too-large", lim.File>>20) }

// Rows yields the rows below the header, or all rows before Header was called,
// without the empty ones. What is wrong with one row stands in row.Errors; the error
// that Rows yields ends it: "broken", "unsafe-xml", "too-many-rows", "gap",
// "bad-encoding", "legacy-font".
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		n := 0
		for raw, err := range t.src.rows() {
			if err != nil {
				yield(Row{}, err)
				return
			}
			if t.head != nil && raw.num <= t.head.last {
				continue
			}
			if n++; n > t.lim.Rows {
				yield(Row{}, newError("too-many-rows", t.lim.Rows).at(raw.num, ""))
				return
			}
			if !yield(newRow(raw, t.head), nil) {
				return
			}
		}
	}
}
