package sheet

import (
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lotrinh/platform/clock"
	"lotrinh/platform/text"
)

// Format is how the cells of a column show. Number and date codes name no language, so
// that Excel writes 1.234,56 where the machine is set to Vietnamese.
type Format int

// The formats. Text keeps leading zeros and is never calculated.
const (
	Text     Format = iota
	Integer         // 1.234
	Decimal1        // 1.234,5
	Decimal2        // 1.234,56
	Percent         // 90,3%, of 0.903
	Money           // 1.234 đ
	Date            // 31/12/2024
	DateTime        // 31/12/2024 07:30
)

var formatCodes = map[Format]string{
	Text: "@", Integer: "#,##0", Decimal1: "#,##0.0", Decimal2: "#,##0.00", Percent: "0.0%",
	Money: `#,##0" đ"`, Date: "dd/mm/yyyy", DateTime: "dd/mm/yyyy hh:mm",
}

// Field is a column to write.
type Field struct {
	Title  string
	Width  float64 // in characters; 0: by the title and the format
	Format Format
	// Choices is where the values that a cell may take stand, for a form that people
	// fill in: "'Danh mục'!$A$2:$A$9". Excel offers them; another value is not refused.
	Choices string
}

// Sheet is a table to write. Rows yields the values of each row by field: nil, string,
// bool, any integer or float, clock.Date (zero: empty), time.Time (zero: empty; shown
// in the zone of the house), or a fmt.Stringer. An error that it yields ends the
// writing and is returned.
type Sheet struct {
	Name   string   // of the sheet in an .xlsx; made fit for Excel
	Titles []string // lines above the header
	Fields []Field
	Rows   iter.Seq2[[]any, error]
}

// Rows makes an iterator of rows at hand, for Sheet.Rows.
func Rows(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// width is the column's width in characters.
func (f Field) width() float64 {
	if f.Width > 0 {
		return f.Width
	}
	least := map[Format]int{Date: 11, DateTime: 17, Money: 15}[f.Format]
	return float64(min(max(utf8.RuneCountInString(f.Title)+2, least, 9), 50))
}

// value normalises what a row yields to nil, string, bool, int64, float64, clock.Date
// or time.Time.
func value(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, int64:
		return v, nil
	case string:
		return text.CleanLines(v), nil
	case int:
		return int64(v), nil
	case clock.Date:
		if v == 0 {
			return nil, nil
		}
		return v, nil
	case time.Time:
		if v.IsZero() {
			return nil, nil
		}
		return v, nil
	case float64:
		return finite(v)
	case float32:
		return finite(float64(v))
	case int8, int16, int32, uint, uint8, uint16, uint32, uint64:
		n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
		return n, err
	case fmt.Stringer:
		return text.CleanLines(v.String()), nil
	}
	return nil, fmt.Errorf("sheet: a cell of type %T cannot be written", v)
}

// finite refuses what no cell can hold.
func finite(f float64) (any, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, fmt.Errorf("sheet: the number %v cannot be written", f)
	}
	return f, nil
}

// isFormula reports a text that a spreadsheet program would calculate if someone opened
// it as .csv: one that begins with = + - @, a tab or a line break, also in full width
// (OWASP, CSV Injection), and likewise after apostrophes.
func isFormula(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "'"))
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", r)
}

// guard puts an apostrophe before a text that would be calculated; unguard takes it
// off.
func guard(s string) string {
	if isFormula(s) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if strings.HasPrefix(s, "'") && isFormula(s[1:]) {
		return s[1:]
	}
	return s
}
