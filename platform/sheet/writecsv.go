package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"lotrinh/platform/clock"
)

// WriteCSV writes s as UTF-8 with the byte-order mark by which Excel knows it, commas
// between columns (RFC 4180), a decimal point, days as dd/mm/yyyy. Titles are left
// out. A text that a spreadsheet program would calculate gets an apostrophe before it,
// which Open takes off again.
func WriteCSV(w io.Writer, s Sheet) error { return CSV{}.Write(w, s) }

// CSV is WriteCSV with a choice.
type CSV struct {
	Semicolon bool // semicolons between columns and a decimal comma, as Excel set to Vietnamese opens without asking
	NoMark    bool // no byte-order mark, for programs
}

// Write writes s. Rows stream.
func (c CSV) Write(w io.Writer, s Sheet) error {
	if !c.NoMark {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if c.Semicolon {
		out.Comma = ';'
	}
	record := make([]string, len(s.Fields))
	for i, f := range s.Fields {
		record[i] = guard(f.Title)
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row, err := range s.Rows {
		if err == nil {
			err = c.fill(record, row, s.Fields)
		}
		if err == nil {
			err = out.Write(record)
		}
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// fill puts the values of a row into record.
func (c CSV) fill(record []string, row []any, fields []Field) error {
	if len(row) > len(fields) {
		return fmt.Errorf("sheet: a row of %d cells for %d fields", len(row), len(fields))
	}
	clear(record)
	for i, v := range row {
		v, err := value(v)
		if err != nil {
			return fmt.Errorf("field %q: %w", fields[i].Title, err)
		}
		record[i] = c.format(v)
	}
	return nil
}

// format writes one value.
func (c CSV) format(v any) string {
	switch v := v.(type) {
	case string:
		return guard(v)
	case bool:
		if v {
			return "TRUE"
		}
		return "FALSE"
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return c.decimal(strconv.FormatFloat(v, 'f', -1, 64))
	case clock.Date:
		return v.Viet()
	case time.Time:
		return v.In(clock.Zone).Format("02/01/2006 15:04")
	}
	return ""
}

func (c CSV) decimal(s string) string {
	if c.Semicolon {
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}
