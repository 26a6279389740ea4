package sheet

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"lotrinh/platform/clock"
)

var fields = []Field{
	{Title: "Họ và tên", Width: 30}, {Title: "Ngày sinh", Format: Date}, {Title: "Số buổi", Format: Integer},
	{Title: "Tỷ lệ", Format: Percent}, {Title: "Kinh phí", Format: Money}, {Title: "Lúc", Format: DateTime}, {Title: "Điện thoại"}, {Title: "Điểm", Format: Decimal1},
}

var rowsToWrite = [][]any{
	{"Nguyễn Văn An", clock.MustDate("1985-03-05"), 1234, 0.903, int64(300000), time.Date(2025, 7, 1, 0, 30, 0, 0, time.UTC), "0905123456", 7.25},
	{"=cmd|' /C calc'!A1", clock.Date(0), int32(-5), float32(0.5), nil, time.Time{}, "+84905", 0},
	{"@SUM(A1) <b>&\"x\"", nil, uint8(3), true, nil, nil, "-1", nil},
	{"Dòng 1\r\nDòng 2 _x0041_\x00", nil},
}

func sample() Sheet {
	return Sheet{Name: "Danh sách: lớp 1/2", Titles: []string{"DANH SÁCH", "=1+1"}, Fields: fields, Rows: Rows(rowsToWrite)}
}

func written(t testing.TB, sheets ...Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteXLSX(&b, sheets...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteXLSX(t *testing.T) {
	in := written(t, sample(), sample())
	tab := mustOpen(t, in)
	if tab.Sheet != "Danh sách  lớp 1 2" || strings.Join(tab.Others, "") != "Danh sách  lớp 1 2 (2)" {
		t.Errorf("sheets %q, %q", tab.Sheet, tab.Others)
	}
	expect(t, "read back", dump(t, tab),
		"1|DANH SÁCH", "2|=1+1", "3|Họ và tên|Ngày sinh|Số buổi|Tỷ lệ|Kinh phí|Lúc|Điện thoại|Điểm",
		"4|Nguyễn Văn An|05/03/1985|1234|0.903|300000|01/07/2025|0905123456|7.25",
		"5|=cmd|' /C calc'!A1||-5|0.5|||+84905|0", `6|@SUM(A1) <b>&"x"||3|TRUE|||-1`, "7|Dòng 1 Dòng 2 _x0041_")
}

// TestWriteXLSXForExcel looks at the workbook as another reader does.
func TestWriteXLSXForExcel(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(written(t, sample())))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	name := f.GetSheetName(0)
	shown := map[string]string{"B4": "05/03/1985", "C4": "1,234", "D4": "90.3%", "E4": "300,000 đ", "F4": "01/07/2025 07:30", "H4": "7.3", "A5": "=cmd|' /C calc'!A1", "A7": "Dòng 1\nDòng 2 _x0041_"}
	for ref, want := range shown {
		if got, err := f.GetCellValue(name, ref); err != nil || got != want {
			t.Errorf("%s shows %q, %v; want %q", ref, got, err, want)
		}
	}
	for _, ref := range []string{"A2", "A5", "A6", "G5", "G6"} {
		formula, err := f.GetCellFormula(name, ref)
		id, _ := f.GetCellStyle(name, ref)
		style, _ := f.GetStyle(id)
		if kind, _ := f.GetCellType(name, ref); err != nil || formula != "" || kind != excelize.CellTypeInlineString || style.NumFmt != 49 {
			t.Errorf("%s: formula %q, kind %v, style %+v, %v", ref, formula, kind, style, err)
		}
	}
	panes, err := f.GetPanes(name)
	if err != nil || !panes.Freeze || panes.YSplit != 3 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	if w, err := f.GetColWidth(name, "A"); err != nil || w != 30 {
		t.Errorf("width %v, %v", w, err)
	}
}

// TestWriteForm gives a column choices, and the cells still empty their formats.
func TestWriteForm(t *testing.T) {
	fields := []Field{{Title: "Giới tính", Choices: "'Danh mục'!$A$2:$A$3"}, {Title: "Ngày sinh", Format: Date}}
	lists := Sheet{Name: "Danh mục", Fields: []Field{{Title: "Giới tính"}}, Rows: Rows([][]any{{"Nam"}, {"Nữ"}})}
	f, err := excelize.OpenReader(bytes.NewReader(written(t, Sheet{Name: "Danh sách", Fields: fields, Rows: Rows(nil)}, lists)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	offered, err := f.GetDataValidations("Danh sách")
	if err != nil || len(offered) != 1 || offered[0].Formula1 != fields[0].Choices || offered[0].ShowErrorMessage {
		t.Errorf("%+v, %v", offered, err)
	}
	id, err := f.GetColStyle("Danh sách", "A")
	style, _ := f.GetStyle(id)
	if err != nil || style.NumFmt != 49 {
		t.Errorf("an empty cell is %+v, %v", style, err)
	}
}

func TestWriteCSV(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, sample()); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffHọ và tên,Ngày sinh,Số buổi,Tỷ lệ,Kinh phí,Lúc,Điện thoại,Điểm\r\n" +
		"Nguyễn Văn An,05/03/1985,1234,0.903,300000,01/07/2025 07:30,0905123456,7.25\r\n" +
		"'=cmd|' /C calc'!A1,,-5,0.5,,,'+84905,0\r\n" +
		"\"'@SUM(A1) <b>&\"\"x\"\"\",,3,TRUE,,,'-1,\r\n" +
		"\"Dòng 1\r\nDòng 2 _x0041_\",,,,,,,\r\n"
	if b.String() != want {
		t.Errorf("%q\nwant\n%q", b.String(), want)
	}
	expect(t, "read back", dump(t, mustOpen(t, b.Bytes()))[2:], "3|=cmd|' /C calc'!A1||-5|0.5|||+84905|0", `4|@SUM(A1) <b>&"x"||3|TRUE|||-1`, "5|Dòng 1 Dòng 2 _x0041_")
	b.Reset()
	if err := (CSV{Semicolon: true, NoMark: true}).Write(&b, Sheet{Fields: fields[:1], Rows: Rows([][]any{{7.25}})}); err != nil || b.String() != "Họ và tên\r\n7,25\r\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestWriteRefuses(t *testing.T) {
	fault := errors.New("the query broke off")
	broken := func(yield func([]any, error) bool) {
		_ = yield([]any{"a"}, nil) && yield(nil, fault)
	}
	for name, c := range map[string]struct {
		rows iter.Seq2[[]any, error]
		csv  bool
	}{
		"error":         {broken, true},
		"too many":      {Rows([][]any{{"a", "b"}}), true},
		"type":          {Rows([][]any{{struct{}{}}}), true},
		"infinite":      {Rows([][]any{{math.Inf(1)}}), true},
		"unsigned huge": {Rows([][]any{{uint64(math.MaxUint64)}}), true},
		"too long":      {Rows([][]any{{strings.Repeat("đ", maxText+1)}}), false},
	} {
		s := Sheet{Fields: fields[:1], Rows: c.rows}
		if err := WriteXLSX(io.Discard, s); err == nil || name == "error" && !errors.Is(err, fault) {
			t.Errorf("%s: xlsx gives %v", name, err)
		}
		if err := WriteCSV(io.Discard, s); (err != nil) != c.csv {
			t.Errorf("%s: csv gives %v", name, err)
		}
	}
}

func TestSheetName(t *testing.T) {
	taken := map[string]bool{}
	for _, c := range []struct{ in, want string }{
		{"", "Trang tính"}, {"", "Trang tính (2)"}, {"a/b", "a b"}, {"A B", "A B (2)"}, {"'x'", "x"},
		{strings.Repeat("đ", 40), strings.Repeat("đ", 31)}, {strings.Repeat("đ", 40), strings.Repeat("đ", 27) + " (2)"},
	} {
		if got := sheetName(c.in, taken); got != c.want {
			t.Errorf("sheetName(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// TestRoundTrip writes any cleaned texts and reads them back the same.
func TestRoundTrip(t *testing.T) {
	word := rapid.StringOf(rapid.SampledFrom([]rune("aăđễNg0 =+-@'\",;\t\n<>&_x41|?“”")))
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.SliceOfN(word, 3, 3).Draw(rt, "cells")
		row := []any{"mốc", want[0], want[1], want[2]}
		s := Sheet{Fields: fields[:4], Rows: Rows([][]any{row})}
		var x, c bytes.Buffer
		if err := errors.Join(WriteXLSX(&x, s), WriteCSV(&c, s)); err != nil {
			rt.Fatal(err)
		}
		for name, in := range map[string][]byte{"xlsx": x.Bytes(), "csv": c.Bytes()} {
			checkBack(rt, name, in, want)
		}
	})
}

func checkBack(t *rapid.T, name string, in []byte, want []string) {
	tab, err := open(in, Limits{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for row, err := range tab.Rows() {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if row.Number == 1 || len(row.Errors()) > 0 { // Nguy?n is refused on purpose
			continue
		}
		got := append(row.Cells(), "", "", "")
		for i, w := range want {
			if c := makeText(w, Limits{}.orDefault()); got[i+1] != c.text {
				t.Fatalf("%s: %q came back as %q", name, w, got[i+1])
			}
		}
	}
}
