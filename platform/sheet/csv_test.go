package sheet

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
)

func TestCSV(t *testing.T) {
	utf16 := func(s string) string {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, c := range map[string]struct {
		in, format string
		want       []string
	}{
		"comma":         {"a,b\n1,2\n", "UTF-8 ,", []string{"1|a|b", "2|1|2"}},
		"semicolon":     {"\ufeffHọ tên;Điểm\r\nAn;7,5\r\nBình;8,25\r\n", "UTF-8-BOM ;", []string{"1|Họ tên|Điểm", "2|An|7,5", "3|Bình|8,25"}},
		"tab, UTF-16":   {utf16("Họ\tTên\r\nLê\tLợi\r\n"), "UTF-16LE \t", []string{"1|Họ|Tên", "2|Lê|Lợi"}},
		"empty tabs":    {"a\tb\tc\n\t\t3\n", "UTF-8 \t", []string{"1|a|b|c", "2|||3"}},
		"pipe":          {"a|b\n1|2\n", "UTF-8 |", []string{"1|a|b", "2|1|2"}},
		"sep=":          {"sep=;\r\na;b,c\r\n", "UTF-8 ;", []string{"1|a|b,c"}},
		"one column":    {"a\nb\n", "UTF-8 ,", []string{"1|a", "2|b"}},
		"titles above":  {"DANH SÁCH, LỚP 1\n\nSTT;Tên\n1;An, Bình\n2;Cúc\n", "UTF-8 ;", []string{"1|DANH SÁCH, LỚP 1", "3|STT|Tên", "4|1|An, Bình", "5|2|Cúc"}},
		"lines in cell": {"a,\"x\ny\"\n\n\nb,\"1\n2\n3\"\nc\n", "UTF-8 ,", []string{"1|a|x y", "4|b|1 2 3", "5|c"}},
		"bad quote":     {"a,b\n1,x\"y\n\n2,z\n", "UTF-8 ,", []string{"1|a|b", "2 !bad-quotes@2", "4|2|z"}},
		"apostrophes":   {"'=1+1,'+84905,'abc,''=x\n", "UTF-8 ,", []string{"1|=1+1|+84905|'abc|'=x"}},
		"lost letters":  {"Nguy?n V?n An,L?p 1?,a?b=c\n", "UTF-8 ,", []string{"1|||a?b=c !lost-letters@A1 !lost-letters@B1"}},
		"rounded":       {"1.23457E+11\n", "UTF-8 ,", []string{"1| !lost-digits@A1"}},
		"carriage only": {"a,b\r\n,\r\n \r\nc,d", "UTF-8 ,", []string{"1|a|b", "4|c|d"}},
	} {
		tab := mustOpen(t, []byte(c.in))
		if got := fmt.Sprintf("%s %c", tab.Encoding, tab.Separator); got != c.format {
			t.Errorf("%s: format %q, want %q", name, got, c.format)
		}
		expect(t, name, dump(t, tab), c.want...)
	}
}

func TestCSVLongCell(t *testing.T) {
	tab := mustOpen(t, []byte("a,"+strings.Repeat("đ", 40_000)+"\n"))
	expect(t, "long", dump(t, tab), "1|a| !cell-too-long@B1")
}
