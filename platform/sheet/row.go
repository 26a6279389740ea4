package sheet

import (
	"errors"
	"fmt"
	"strconv"

	"lotrinh/platform/clock"
	"lotrinh/platform/text"
)

// Row is one row with content. It may be kept; its copies share what is wrong with it.
// Text, Date, Int and Decimal take the key of a column that Header was asked for, and
// give the zero value for an empty cell, for a column that is not there, and for a cell
// that cannot be read so, which then stands in Errors.
type Row struct {
	Number int  // 1-based, as a spreadsheet program shows it
	Hidden bool // hidden by a filter or by hand, yet read

	cells []cell
	head  *Header
	log   *rowLog
}

// rowLog gathers what is wrong with a row.
type rowLog struct{ errors, warnings []*Error }

// newRow notes what is wrong with the cells of known columns, or of all columns where
// there is no header.
func newRow(raw rawRow, head *Header) Row {
	r := Row{Number: raw.num, Hidden: raw.hidden, cells: raw.cells, head: head, log: &rowLog{}}
	if raw.fault != nil {
		r.log.errors = append(r.log.errors, raw.fault)
	}
	merged := ""
	for i, c := range r.cells {
		switch {
		case head != nil && !head.wants(i):
		case c.fault == "merged-cells" && c.detail == merged: // one area, one error
		case c.fault == "merged-cells":
			merged = c.detail
			r.fail(i, c.fault, c.detail)
		case c.fault != "":
			r.fail(i, c.fault, c.detail)
		case c.before != "":
			r.log.warnings = append(r.log.warnings, r.errorAt(i, "look-alike", c.before, c.text))
		}
	}
	return r
}

// Errors is what is wrong with the row so far: cells in known columns that cannot be
// taken at all, and those that Date, Int or Decimal could not read. A row with errors
// must not be imported. Codes: "formula-error", "formula-empty", "merged-cells",
// "legacy-cell", "bad-letters", "lost-letters", "lost-digits", "cell-too-long",
// "bad-quotes", "bad-date", "short-year", "date-range", "date-number", "bad-number",
// "not-integer", "number-range".
func (r Row) Errors() []*Error { return r.log.errors }

// Err is Errors as one error, nil where there is none.
func (r Row) Err() error {
	errs := make([]error, len(r.log.errors))
	for i, e := range r.log.errors {
		errs[i] = e
	}
	return errors.Join(errs...)
}

// Warnings is what was mended: "look-alike", letters of another script in a word.
func (r Row) Warnings() []*Error { return r.log.warnings }

// Cells is the text of every cell from column A on, for a preview.
func (r Row) Cells() []string {
	out := make([]string, len(r.cells))
	for i, c := range r.cells {
		out[i] = c.text
	}
	return out
}

// Text is the cleaned text of a cell: NFC, one line, look-alike letters mended, a
// number in plain digits (with the leading zeros that its format shows), a day as
// dd/mm/yyyy.
func (r Row) Text(key string) string { return r.at(key).text }

// Empty reports whether a cell holds nothing.
func (r Row) Empty(key string) bool { return r.at(key).kind == emptyCell }

// Date is the day in a cell: a date of the spreadsheet, or text that text.ParseDate
// reads, a time of day behind it dropped. A plain number is refused: 20385 may be a
// serial number or 2/3/85.
func (r Row) Date(key string) clock.Date {
	c := r.at(key)
	switch {
	case c.fault != "" || c.kind == emptyCell:
		return 0
	case c.kind == numberCell:
		r.fail(r.head.column(key), "date-number", c.text)
		return 0
	}
	d, err := text.ParseDate(withoutTime(c.text))
	switch {
	case errors.Is(err, text.ErrShortYear):
		r.fail(r.head.column(key), "short-year", clip(c.text))
	case errors.Is(err, text.ErrDateRange):
		r.fail(r.head.column(key), "date-range", clip(c.text))
	case err != nil:
		r.fail(r.head.column(key), "bad-date", clip(c.text))
	}
	return d
}

// Int is the whole number in a cell, written 1234, 1.234 or 1 234.
func (r Row) Int(key string) int64 { return r.number(key, 0, "not-integer") }

// Decimal is the number in a cell times 10^places: Decimal(k, 2) of 12,5 is 1250. In
// text the decimal sign is the comma, and a point before three digits a thousands
// mark; more decimals than places are refused as "bad-number".
func (r Row) Decimal(key string, places int) int64 { return r.number(key, places, "bad-number") }

func (r Row) number(key string, places int, code string) int64 {
	c := r.at(key)
	if c.fault != "" || c.kind == emptyCell {
		return 0
	}
	n, err := parseNumber(c.text, c.kind == numberCell, places)
	switch {
	case errors.Is(err, errNumberRange):
		r.fail(r.head.column(key), "number-range", clip(c.text))
	case err != nil:
		r.fail(r.head.column(key), code, clip(c.text))
	}
	return n
}

// at is the cell of a column, empty where there is none.
func (r Row) at(key string) cell {
	if r.head == nil {
		panic("sheet: a column by key before Header")
	}
	if i := r.head.column(key); i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return cell{}
}

// fail notes what is wrong with the cell of column i, once.
func (r Row) fail(i int, code string, detail string) {
	for _, e := range r.log.errors {
		if e.Code == code && e.Col == ColumnLetters(i) {
			return
		}
	}
	r.log.errors = append(r.log.errors, r.errorAt(i, code, detail))
}

// errorAt places an error in a cell.
func (r Row) errorAt(i int, code string, args ...any) *Error {
	e := newError(code, args...).at(r.Number, ColumnLetters(i))
	e.Args[1] = r.columnName(i)
	return e
}

// columnName names a column to a person by letter and title: C («Ngày sinh»).
func (r Row) columnName(i int) string {
	if r.head == nil || i >= len(r.head.titles) || r.head.titles[i] == "" {
		return ColumnLetters(i)
	}
	return fmt.Sprintf("%s («%s»)", ColumnLetters(i), clip(r.head.titles[i]))
}

// Where names the row and the column of key as the sentences of this package do, "12"
// and "C («Ngày sinh»)", for what a caller finds wrong with a cell.
func (r Row) Where(key string) (row, column string) {
	return strconv.Itoa(r.Number), r.columnName(r.head.column(key))
}
