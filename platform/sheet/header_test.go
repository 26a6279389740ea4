package sheet

import (
	"fmt"
	"strings"
	"testing"
)

var people = []Column{
	{Key: "name", Aliases: []string{"Họ và tên", "Họ tên"}, Required: true},
	{Key: "born_on", Aliases: []string{"Ngày sinh", "Ngày, tháng, năm sinh"}},
	{Key: "unit", Aliases: []string{"Đơn vị", "Cơ quan"}, Required: true},
	{Key: "score", Aliases: []string{"Điểm"}},
}

func TestHeader(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"first row":    {"Họ và tên;Đơn vị\nAn;Xã Tư\n", "1 name=A unit=B first=2 missing=Ngày sinh,Điểm"},
		"titles above": {"UBND TỈNH\n\nDANH SÁCH HỌC VIÊN\nSTT;HỌ TÊN (*);CƠ QUAN\n1;An;Xã Tư\n", "4 name=B unit=C first=5 missing=Ngày sinh,Điểm unknown=STT"},
		"brackets":     {"Họ tên;Ngày sinh (dd/mm/yyyy);Đơn vị [xã]\nAn;1/2/1990;Xã Tư\n", "1 name=A born_on=B unit=C first=2 missing=Điểm"},
		"decomposed":   {"Họ va\u0300 tên;ĐƠN VỊ\nAn;Xã Tư\n", "1 name=A unit=B first=2 missing=Ngày sinh,Điểm"},
		"by key":       {"name,unit,born_on,score\nAn,Xã Tư,,\n", "1 name=A born_on=C unit=B score=D first=2"},
		"numbered":     {"STT;Họ tên;Đơn vị;Điểm\n(1);(2);(3);(4)\n1;An;Xã Tư;8\n", "1 name=B unit=C score=D first=3 missing=Ngày sinh unknown=STT"},
		"A B 1 2 3":    {"STT;Mã;Họ tên;Đơn vị;Điểm\nA;B;1;2;3\n1;x;An;Xã Tư;8\n", "1 name=C unit=D score=E first=3 missing=Ngày sinh unknown=STT,Mã"},
		"two rows":     {"STT;Thông tin;;Kết quả\n;Họ tên;Đơn vị;Điểm\n1;An;Xã Tư;8\n", "2 name=B unit=C score=D first=3 missing=Ngày sinh"},
		"group":        {"Họ tên;Đơn vị;Kết quả;\n;;Điểm;Xếp loại\nAn;Xã Tư;8;Giỏi\n", "1 name=A unit=B score=C first=3 missing=Ngày sinh unknown=Xếp loại"},
		"data below":   {"Họ tên;Đơn vị;Ghi chú\nAn;Xã Tư;Điểm\n", "1 name=A unit=B first=2 missing=Ngày sinh,Điểm unknown=Ghi chú"},
		"missing":      {"Họ tên;Điểm\nAn;8\n", "missing-columns@1 «Đơn vị»"},
		"none":         {"a;b\nc;d\n", "no-header «Họ và tên», «Ngày sinh», «Đơn vị», «Điểm»"},
		"twice":        {"Họ tên;Đơn vị;Cơ quan\n", "duplicate-column@1 C"},
		"too far down": {strings.Repeat("x\n", 15) + "Họ tên;Đơn vị\n", "no-header «Họ và tên», «Ngày sinh», «Đơn vị», «Điểm»"},
	} {
		tab := mustOpen(t, []byte(c.in))
		h, err := tab.Header(people...)
		if got := describe(tab, h, err); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

// describe puts a header, or what is wrong with it, on one line.
func describe(tab *Table, h *Header, err error) string {
	if err != nil {
		args := err.(*Error).Args
		return errorName(err) + " " + fmt.Sprint(args[len(args)-1])
	}
	s := fmt.Sprint(h.Row)
	for _, c := range people {
		if h.Has(c.Key) {
			s += " " + c.Key + "=" + h.Column(c.Key)
		}
	}
	for row := range tab.Rows() {
		s += fmt.Sprintf(" first=%d", row.Number)
		break
	}
	if len(h.Missing) > 0 {
		s += " missing=" + strings.Join(h.Missing, ",")
	}
	if len(h.Unknown) > 0 {
		s += " unknown=" + strings.Join(h.Unknown, ",")
	}
	return s
}

func TestNotes(t *testing.T) {
	tab := mustOpen(t, []byte("STT;Họ tên;Đơn vị\n1;An;Xã Tư\n"))
	h, err := tab.Header(people...)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range h.Notes() {
		got = append(got, n.As("vi"))
	}
	expect(t, "notes", got, "Không đọc các cột: «STT».", "Tệp không có các cột: «Ngày sinh», «Điểm».")
}

func TestTypedCells(t *testing.T) {
	for name, c := range map[string]struct{ date, score, want string }{
		"good":        {"05/03/1985", "8", "1985-03-05 8 800"},
		"empty":       {"", "", " 0 0"},
		"iso":         {"1985-03-05", "1.234", "1985-03-05 1234 123400"},
		"with time":   {"05/03/1985 00:00:00", "1.000", "1985-03-05 1000 100000"},
		"short year":  {"5/3/85", "1", " 1 100 !short-year@B2"},
		"bad day":     {"30/2/1985", "1", " 1 100 !bad-date@B2"},
		"number":      {"20385", "1", " 1 100 !bad-date@B2"},
		"far":         {"5/3/2985", "1", " 1 100 !date-range@B2"},
		"decimals":    {"", "7,25", " 0 725 !not-integer@D2"},
		"words":       {"", "tám", " 0 0 !not-integer@D2 !bad-number@D2"},
		"huge":        {"", "9999999999999999999", " 0 0 !number-range@D2"},
		"too precise": {"", "7,125", " 0 0 !not-integer@D2 !bad-number@D2"},
	} {
		tab := mustOpen(t, []byte("Họ tên;Ngày sinh;Đơn vị;Điểm\nAn;"+c.date+";Xã Tư;"+c.score+"\n"))
		if _, err := tab.Header(people...); err != nil {
			t.Fatal(err)
		}
		for row, err := range tab.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprint(row.Date("born_on"), " ", row.Int("score"), " ", row.Decimal("score", 2))
			row.Date("born_on") // what is wrong is noted once
			for _, e := range row.Errors() {
				got += " !" + errorName(e)
			}
			if got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
			if (row.Err() == nil) != (len(row.Errors()) == 0) || row.Text("name") != "An" || row.Empty("score") != (c.score == "") {
				t.Errorf("%s: row says %v", name, row.Err())
			}
		}
	}
}

func TestNumberCellIsNoDate(t *testing.T) {
	b := book{styles: styles, sheets: []string{data(cellsOf(1, "Họ tên", "Ngày sinh", "Đơn vị") +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>An</t></is></c><c r="B2"><v>20385</v></c><c r="C2"><v>1</v></c></row>` +
		`<row r="3"><c r="A3" t="inlineStr"><is><t>Bé</t></is></c><c r="B3" s="1"><v>31111</v></c><c r="C3"><v>1</v></c></row>`)}}
	tab := mustOpen(t, b.zip(t))
	if _, err := tab.Header(people...); err != nil {
		t.Fatal(err)
	}
	var got []string
	for row := range tab.Rows() {
		got = append(got, row.Date("born_on").String())
		for _, e := range row.Errors() {
			got = append(got, e.Text().As("vi"))
		}
	}
	expect(t, "dates", got, "", "Dòng 2, cột B («Ngày sinh»): ô là số 20385, không phải ngày. Định dạng cột là Ngày, hoặc ghi theo dạng ngày/tháng/năm.", "1985-03-05")
}

func TestLookAlikeIsTold(t *testing.T) {
	tab := mustOpen(t, []byte("Họ tên;Đơn vị\nNguy\u0435n;Ðà Nẵng\n"))
	if _, err := tab.Header(people...); err != nil {
		t.Fatal(err)
	}
	for row := range tab.Rows() {
		var got []string
		for _, w := range row.Warnings() {
			got = append(got, errorName(w))
		}
		expect(t, "warnings", append(got, row.Text("name"), row.Text("unit")), "look-alike@A2", "look-alike@B2", "Nguyen", "Đà Nẵng")
	}
}

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]int64{
		"1234": 123400, "1.234": 123400, "1.234,5": 123450, "1 234,56": 123456, "-7,5": -750, "−7,5": -750, "12.5": 1250,
		"1,234.5": 123450, "1,234,567": 123456700, "0,10": 10, "007": 700, "7,500": 750,
	} {
		if n, err := parseNumber(in, false, 2); err != nil || n != want {
			t.Errorf("parseNumber(%q) = %d, %v; want %d", in, n, err, want)
		}
	}
	for _, bad := range []string{"", "1.23.4", "1,2,3", "7,125", "a", "1e5", "1.234.56", "--1", "1.", ",5", "12345678901234567890"} {
		if n, err := parseNumber(bad, false, 2); err == nil {
			t.Errorf("parseNumber(%q) = %d", bad, n)
		}
	}
	if n, err := parseNumber("1.234", true, 3); err != nil || n != 1234 {
		t.Errorf("a stored 1.234 is %d, %v", n, err)
	}
}

func TestColumnLetters(t *testing.T) {
	for n, want := range map[int]string{-1: "", 0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := ColumnLetters(n); got != want {
			t.Errorf("column %d is %s, want %s", n, got, want)
		}
		if col, row, ok := parseRef(want + "7"); n >= 0 && (!ok || col != n || row != 7) {
			t.Errorf("%s7 is column %d, row %d, %v", want, col, row, ok)
		}
	}
}
