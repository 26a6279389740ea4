package sheet

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"lotrinh/platform/clock"
)

// WriteXLSX writes the sheets as a workbook: titles in bold, a header that stays while
// one scrolls, widths and formats by column. Text is written as text in the format
// Text, so that no cell is ever a formula, not even after someone edits it. Rows
// stream: beyond 16 MB they wait in a temporary file until w gets the whole. A text of
// more than 32,767 letters is an error, not cut.
func WriteXLSX(w io.Writer, sheets ...Sheet) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	names := map[string]bool{}
	for i, s := range sheets {
		name := sheetName(s.Name, names)
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil {
			err = writeSheet(f, name, s)
		}
		if err != nil {
			return err
		}
	}
	return f.Write(w)
}

// sheetName makes a name that Excel takes: no more than 31 letters, without []:*?/\,
// and not twice.
func sheetName(s string, taken map[string]bool) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, s), "' ")
	if s == "" {
		s = "Trang tính"
	}
	name := cut(s, 31)
	for n := 2; taken[strings.ToLower(name)]; n++ {
		suffix := fmt.Sprintf(" (%d)", n)
		name = cut(s, 31-len(suffix)) + suffix
	}
	taken[strings.ToLower(name)] = true
	return name
}

// cut shortens s to n letters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimRight(string(r[:n]), " '")
	}
	return s
}

// sheetWriter writes one sheet row by row.
type sheetWriter struct {
	out    *excelize.StreamWriter
	name   string
	row    int
	fields []Field
	styles map[Format]int
	cells  []any
}

func writeSheet(f *excelize.File, name string, s Sheet) error {
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	w := &sheetWriter{out: out, name: name, fields: s.Fields, styles: map[Format]int{}}
	if err := w.layout(f, s); err != nil {
		return err
	}
	for row, err := range s.Rows {
		if err != nil {
			return err
		}
		if err := w.write(row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// layout sets widths and the frozen header, and writes titles and header.
func (w *sheetWriter) layout(f *excelize.File, s Sheet) error {
	for i, field := range s.Fields {
		if err := w.out.SetColWidth(i+1, i+1, field.width()); err != nil {
			return err
		}
	}
	head := len(s.Titles) + 1
	err := w.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: fmt.Sprintf("A%d", head+1), ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	for _, field := range s.Fields {
		if err := w.style(f, field.Format); err != nil {
			return err
		}
	}
	if err := w.offer(f, s); err != nil {
		return err
	}
	if err := w.titles(f, s.Titles); err != nil {
		return err
	}
	return w.header(f)
}

// offerRows is how many rows below the header offer choices.
const offerRows = 5000

// offer gives the columns that have them their choices, and the cells that are still
// empty in such a form their formats, so that a number typed there keeps its zeros.
func (w *sheetWriter) offer(f *excelize.File, s Sheet) error {
	form := false
	for i, field := range s.Fields {
		if field.Choices == "" {
			continue
		}
		form = true
		col, first := ColumnLetters(i), len(s.Titles)+2
		v := excelize.NewDataValidation(true)
		v.SetSqref(fmt.Sprintf("%s%d:%s%d", col, first, col, first+offerRows))
		v.SetSqrefDropList(field.Choices)
		v.ShowErrorMessage = false
		if err := f.AddDataValidation(w.name, v); err != nil {
			return err
		}
	}
	for i, field := range s.Fields {
		if !form {
			break
		}
		if err := w.out.SetColStyle(i+1, i+1, w.styles[field.Format]); err != nil {
			return err
		}
	}
	return nil
}

// style registers the style of a format.
func (w *sheetWriter) style(f *excelize.File, format Format) error {
	if _, ok := w.styles[format]; ok {
		return nil
	}
	code, ok := formatCodes[format]
	if !ok {
		return fmt.Errorf("sheet: no format %d", format)
	}
	style := &excelize.Style{CustomNumFmt: &code, Alignment: &excelize.Alignment{Vertical: "top", WrapText: format == Text}}
	if format == Text {
		style.CustomNumFmt, style.NumFmt = nil, 49 // "@", as Excel itself writes it
	}
	id, err := f.NewStyle(style)
	w.styles[format] = id
	return err
}

func (w *sheetWriter) titles(f *excelize.File, lines []string) error {
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 13}, NumFmt: 49})
	if err != nil {
		return err
	}
	for _, line := range lines {
		if err := w.put([]any{excelize.Cell{StyleID: bold, Value: line}}); err != nil {
			return err
		}
	}
	return nil
}

func (w *sheetWriter) header(f *excelize.File) error {
	border := []excelize.Border{{Type: "bottom", Color: "7F7F7F", Style: 1}}
	id, err := f.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Border: border, NumFmt: 49,
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	})
	if err != nil {
		return err
	}
	var cells []any
	for _, field := range w.fields {
		cells = append(cells, excelize.Cell{StyleID: id, Value: field.Title})
	}
	return w.put(cells)
}

// write writes one row of data.
func (w *sheetWriter) write(row []any) error {
	if len(row) > len(w.fields) {
		return fmt.Errorf("sheet: a row of %d cells for %d fields", len(row), len(w.fields))
	}
	w.cells = w.cells[:0]
	for i, v := range row {
		c, err := w.cell(v, w.fields[i].Format)
		if err != nil {
			return fmt.Errorf("row %d, field %q: %w", w.row+1, w.fields[i].Title, err)
		}
		w.cells = append(w.cells, c)
	}
	return w.put(w.cells)
}

// maxText is how many letters a cell of Excel holds.
const maxText = 32_767

func (w *sheetWriter) cell(v any, format Format) (any, error) {
	v, err := value(v)
	if err != nil || v == nil {
		return nil, err
	}
	switch x := v.(type) {
	case string:
		if x == "" {
			return nil, nil
		}
		if len(x) > maxText && utf8.RuneCountInString(x) > maxText {
			return nil, fmt.Errorf("sheet: a text of more than %d letters", maxText)
		}
	case clock.Date:
		v = int64(x - clock.NewDate(1899, 12, 30))
	case time.Time:
		v = serialTime(x)
	}
	return excelize.Cell{StyleID: w.styles[format], Value: v}, nil
}

// serialTime is t as Excel's serial number, in the zone of the house.
func serialTime(t time.Time) float64 {
	t = t.In(clock.Zone)
	of := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second
	return float64(clock.DateOf(t)-clock.NewDate(1899, 12, 30)) + of.Hours()/24
}

func (w *sheetWriter) put(cells []any) error {
	w.row++
	return w.out.SetRow(fmt.Sprintf("A%d", w.row), cells)
}
