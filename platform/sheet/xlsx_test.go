package sheet

import (
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"lotrinh/platform/clock"
)

const styles = `<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/><numFmt numFmtId="165" formatCode="0000000000"/>` +
	`<numFmt numFmtId="166" formatCode="[Red]#,##0&quot; day&quot;"/><numFmt numFmtId="167" formatCode="hh:mm"/></numFmts>` +
	`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>` +
	`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/></cellXfs>`

func TestCells(t *testing.T) {
	for name, c := range map[string]struct{ cell, want string }{
		"shared":           {`<c r="A1" t="s"><v>0</v></c>`, "1|Nguyễn Văn An"},
		"rich":             {`<c r="A1" t="s"><v>1</v></c>`, "1|Trần Thị Bé"},
		"inline":           {`<c r="A1" t="inlineStr"><is><t xml:space="preserve"> Xã  Tư </t></is></c>`, "1|Xã Tư"},
		"decomposed":       {`<c r="A1" t="inlineStr"><is><t>` + norm.NFD.String("Thuỷ") + `</t></is></c>`, "1|Thuỷ"},
		"line break":       {`<c r="A1" t="inlineStr"><is><t>Số 1_x000D_&#10;Lê Lợi</t></is></c>`, "1|Số 1 Lê Lợi"},
		"integer":          {`<c r="A1"><v>912345678</v></c>`, "1|912345678"},
		"float":            {`<c r="A1"><v>0.10000000000000001</v></c>`, "1|0.1"},
		"exponent":         {`<c r="A1"><v>4.6200012345E+10</v></c>`, "1|46200012345"},
		"number 12 digits": {`<c r="A1"><v>46200012345</v></c>`, "1|46200012345"},
		"16 digits":        {`<c r="A1"><v>1234567890123456</v></c>`, "1| !lost-digits@A1"},
		"leading zeros":    {`<c r="A1" s="3"><v>912345678</v></c>`, "1|0912345678"},
		"date built in":    {`<c r="A1" s="1"><v>45292</v></c>`, "1|01/01/2024"},
		"date custom":      {`<c r="A1" s="2"><v>45292.75</v></c>`, "1|01/01/2024"},
		"date 29/2/1900":   {`<c r="A1" s="1"><v>60</v></c>`, "1| !bad-date@A1"},
		"not a date":       {`<c r="A1" s="4"><v>45292</v></c>`, "1|45292"},
		"time":             {`<c r="A1" s="5"><v>0.3125</v></c>`, "1|07:30"},
		"style beyond":     {`<c r="A1" s="99"><v>1</v></c>`, "1|1"},
		"ISO date":         {`<c r="A1" t="d"><v>2024-02-29T00:00:00</v></c>`, "1|29/02/2024"},
		"boolean":          {`<c r="A1" t="b"><v>1</v></c>`, "1|TRUE"},
		"formula":          {`<c r="A1"><f>1+1</f><v>2</v></c>`, "1|2"},
		"text formula":     {`<c r="A1" t="str"><f>"a"</f><v>abc</v></c>`, "1|abc"},
		"formula no value": {`<c r="A1"><f>1+1</f></c>`, "1| !formula-empty@A1"},
		"shared formula":   {`<c r="B1"><f t="shared" si="0"/></c>`, "1|| !formula-empty@B1"},
		"formula error":    {`<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>`, "1| !formula-error@A1"},
		"no reference":     {`<c t="inlineStr"><is><t>a</t></is></c><c><v>2</v></c>`, "1|a|2"},
		"gap in row":       {`<c r="A1"><v>1</v></c><c r="D1"><v>4</v></c>`, "1|1|||4"},
		"font of old":      {`<c r="A1" t="inlineStr"><is><t>NguyÔn V¨n An</t></is></c>`, "1| !legacy-cell@A1"},
		"look-alike":       {`<c r="A1" t="inlineStr"><is><t>Nguy` + "\u0435" + `n</t></is></c>`, "1|Nguyen"},
		"prefixed":         {`<x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>`, "1|a"},
		"replacement":      {`<c r="A1" t="inlineStr"><is><t>Nguy` + "\uFFFD" + `n</t></is></c>`, "1| !bad-letters@A1"},
		"CDATA":            {`<c r="A1" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>`, "1|a<b"},
		"unknown kind":     {`<c r="A1" t="zz"><v>1</v></c>`, "! broken"},
		"no such string":   {`<c r="A1" t="s"><v>7</v></c>`, "! broken"},
		"not a number":     {`<c r="A1"><v>abc</v></c>`, "1| !bad-number@A1"},
	} {
		b := book{
			sheets: []string{data(`<row r="1">` + c.cell + `</row>`)}, styles: styles,
			strings: `<si><t>Nguyễn Văn An</t></si><si><r><t>Trần </t></r><r><t>Thị Bé</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>`,
		}
		expect(t, name, dump(t, mustOpen(t, b.zip(t))), c.want)
	}
}

func TestDate1904(t *testing.T) {
	b := book{props: ` date1904="1"`, styles: styles, sheets: []string{data(`<row r="1"><c r="A1" s="1"><v>43830</v></c></row>`)}}
	expect(t, "1904", dump(t, mustOpen(t, b.zip(t))), "1|01/01/2024")
}

func TestSerialDate(t *testing.T) {
	for n, want := range map[float64]string{1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01", 45292: "2024-01-01", 45292.99: "2024-01-01", 2958465: "9999-12-31"} {
		if d, ok := SerialDate(n, false); !ok || d != clock.MustDate(want) {
			t.Errorf("serial %v is %s, want %s", n, d, want)
		}
	}
	for _, n := range []float64{0, -1, 60, 2958466, 1e300} {
		if d, ok := SerialDate(n, false); ok {
			t.Errorf("serial %v is taken for %s", n, d)
		}
	}
}

func TestRowsKeepTheirNumbers(t *testing.T) {
	b := book{sheets: []string{data(cellsOf(2, "a") + `<row r="3"/><row r="4"><c r="A4" s="1"/></row>` +
		`<row r="7" hidden="1"><c r="A7"><v>1</v></c></row><row><c><v>2</v></c></row>`)}}
	tab := mustOpen(t, b.zip(t))
	expect(t, "numbers", dump(t, tab), "2|a", "7|1", "8|2")
	for row := range tab.Rows() {
		if row.Hidden != (row.Number == 7) {
			t.Errorf("row %d: hidden is %v", row.Number, row.Hidden)
		}
	}
}

func TestSheetIsChosen(t *testing.T) {
	b := book{
		sheets: []string{data(cellsOf(1, "ẩn")), data(`<row r="1"><c r="A1" s="1"/></row>`), `<sheetData/><pageMargins left="1"/>`, data(cellsOf(1, "đúng")), data(cellsOf(1, "sau"))},
		states: []string{"veryHidden"},
	}
	tab := mustOpen(t, b.zip(t))
	if tab.Sheet != "Tờ 4" || strings.Join(tab.Others, ",") != "Tờ 5" {
		t.Errorf("sheet %q, others %q", tab.Sheet, tab.Others)
	}
	expect(t, "chosen", dump(t, tab), "1|đúng")
}

func TestMergedCells(t *testing.T) {
	sheet := data(cellsOf(1, "Danh sách", "")+cellsOf(2, "Họ và tên", "Đơn vị", "Ghi chú")+cellsOf(3, "An", "Xã Tư", "x")+cellsOf(4, "Bình", "", "y")+
		cellsOf(5, "I. Khối Đảng")+cellsOf(6, "Cúc", "Xã Năm", "")) +
		`<mergeCells count="3"><mergeCell ref="A1:C1"/><mergeCell ref="B3:B4"/><mergeCell ref="A5:C5"/><mergeCell ref="C6:D6"/></mergeCells>`
	tab := mustOpen(t, book{sheets: []string{sheet}}.zip(t))
	if _, err := tab.Header(Column{Key: "name", Aliases: []string{"Họ và tên"}}, Column{Key: "unit", Aliases: []string{"Đơn vị"}}); err != nil {
		t.Fatal(err)
	}
	expect(t, "merged", dump(t, tab), "3|An|Xã Tư|x", "4|Bình||y !merged-cells@B4", "5|I. Khối Đảng|| !merged-cells@B5", "6|Cúc|Xã Năm||")
}

func TestParts(t *testing.T) {
	b := book{sheets: []string{data(cellsOf(1, "a"))}}
	files := b.files()
	for i := range files {
		files[i].name = strings.ReplaceAll(strings.Replace(files[i].name, "sharedStrings", "SharedStrings", 1), "/", `\`)
	}
	expect(t, "other case and backslashes", dump(t, mustOpen(t, zipOf(t, files...))), "1|a")
}

// TestWorkbookOfAnotherProgram reads what excelize writes through its own means:
// shared strings, styles, formulas, merged cells, a hidden first sheet.
func TestWorkbookOfAnotherProgram(t *testing.T) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	name := "Học viên"
	second, errSheet := f.NewSheet(name)
	f.SetActiveSheet(second) // a sheet that is active cannot be hidden
	errs := []error{err, errSheet, f.SetCellValue("Sheet1", "A1", "ẩn"), f.SetSheetVisible("Sheet1", false),
		f.SetCellValue(name, "A1", "DANH SÁCH"), f.MergeCell(name, "A1", "D1"),
		f.SetSheetRow(name, "A3", &[]any{"Họ và tên", "Ngày sinh", "Đơn vị", "Điểm"}),
		f.SetSheetRow(name, "A4", &[]any{"Nguyễn Văn An", 31111, "Xã Hòa Vang", 7.5}),
		f.SetSheetRow(name, "A5", &[]any{"Trần Thị Bé", "6/3/1985", nil, nil}),
		f.SetCellStyle(name, "B4", "B4", day), f.MergeCell(name, "C4", "C5"), f.SetCellFormula(name, "D5", "=D4+1")}
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	tab := mustOpen(t, b.Bytes())
	if _, err := tab.Header(people...); err != nil {
		t.Fatal(err)
	}
	expect(t, "rows", dump(t, tab), "4|Nguyễn Văn An|05/03/1985|Xã Hòa Vang|7.5", "5|Trần Thị Bé|6/3/1985|| !merged-cells@C5 !formula-empty@D5")
	for row := range tab.Rows() {
		if got := row.Date("born_on").String(); row.Number == 5 && got != "1985-03-06" || row.Number == 4 && row.Decimal("score", 1) != 75 {
			t.Errorf("row %d: born on %s, score %d", row.Number, got, row.Decimal("score", 1))
		}
	}
}
