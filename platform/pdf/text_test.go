package pdf

import (
	"strings"
	"testing"
	"time"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                      "plain",
		"Nguye\u0302\u0303n":         "Nguyễn", // decomposed
		"a\r\nb\rc\vd\u2028e":        "a\nb\nc\nd\ne",
		"a\tb\u3000c":                "a b c",
		"a\u202Fb":                   "a\u00A0b",
		"\uFEFFa\u200Bb\u00ADc":      "abc",
		"❤\uFE0F":                    "❤",
		"a\x00b\x07":                 "a\uFFFDb\uFFFD",
		"\xff":                       "\uFFFD",
		"thôn 5\u00A0\u2013\u00A0xã": "thôn 5\u00A0\u2013\u00A0xã",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := oneLine(" a \n\n b\t"); got != "a b" {
		t.Errorf("oneLine: %q", got)
	}
}

func lineTexts(lines []textLine) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.String()
	}
	return out
}

func TestWrap(t *testing.T) {
	f := font{serif, 10}
	word := f.width("Quảng")
	for _, c := range []struct {
		text  string
		width float64
		want  string
	}{
		{"", 100, ""},
		{"Quảng Nam", 500, "Quảng Nam"},
		{"Quảng Nam", word, "Quảng|Nam"},
		{"Quảng\u00A0Nam Quảng", word * 2, "Quảng\u00A0Nam|Quảng"},
		{"a\nb", 500, "a|b"},
		{"a\n\nb", 500, "a||b"},
		{"https://a.vn/bcd", f.width("https://a.vn"), "https://a.|vn/bcd"},
		{"mmmmmm", f.width("mmm"), "mmm|mmm"},
		{"mm", 0.1, "m|m"},
	} {
		if got := strings.Join(lineTexts(wrapText(f, c.text, c.width)), "|"); got != c.want {
			t.Errorf("wrap %q to %.1f: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestWrapWidths(t *testing.T) {
	f := font{sans, 11}
	text := longCertificate().Course
	for width := 60.0; width < 400; width += 7 {
		for _, l := range wrapText(f, text, width) {
			if got := f.width(l.String()); got > width+0.01 || got-l.width > 0.01 || l.width-got > 0.01 {
				t.Errorf("line %q is %.2f wide and measured %.2f; room %.2f", l, got, l.width, width)
			}
		}
	}
}

func TestParagraphIndentAndFaces(t *testing.T) {
	p := paragraph{size: 10, indent: 40, spans: []span{{"Điều 1.", serifBold}, {"Mở lớp bồi dưỡng", serif}}}
	lines := p.wrap(font{serifBold, 10}.width("Điều 1.") + 41)
	if got := strings.Join(lineTexts(lines), "|"); got != "Điều 1.|Mở lớp bồi|dưỡng" {
		t.Errorf("%q", got)
	}
	if lines[0].words[0].face != serifBold || lines[1].words[0].face != serif {
		t.Error("faces are lost")
	}
	if lines[0].last || !lines[2].last {
		t.Error("only the last line ends the paragraph")
	}
}

func TestFit(t *testing.T) {
	text := "Trung tâm Giám sát, điều hành thông minh"
	full := font{sansBold, 12}.width(text)
	f, lines := fit(font{sansBold, 12}, 8, full*0.8, 1, text)
	if len(lines) != 1 || f.size > 9.6 || f.size < 9 {
		t.Errorf("size %v in %d lines", f.size, len(lines))
	}
	if f, lines = fit(font{sansBold, 12}, 8, full*0.2, 1, text); f.size != 8 || len(lines) < 2 {
		t.Errorf("size %v in %d lines, want the least size and several lines", f.size, len(lines))
	}
}

func TestBalance(t *testing.T) {
	f := font{serifBold, 13}
	got := lineTexts(balance(f, "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", f.width("SỞ THÔNG TIN VÀ TRUYỀN TH")))
	if strings.Join(got, "|") != "SỞ THÔNG TIN VÀ|TRUYỀN THÔNG" {
		t.Errorf("%q", got)
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{longDate("Quảng Nam", day(2022, 2, 9)), "Quảng Nam, ngày 09 tháng 02 năm 2022"},
		{longDate("", day(2022, 12, 19)), "ngày 19 tháng 12 năm 2022"},
		{longDate("Huế", day(2022, 3, 1)), "Huế, ngày 01 tháng 3 năm 2022"},
		{oneLine(strings.ReplaceAll(longDate("Huế", time.Time{}), "\u00A0", "_")), "Huế, ngày______tháng______năm________"},
		{dateRange(time.Time{}, day(2022, 1, 1)), ""},
		{dateRange(day(2022, 1, 1), time.Time{}), "ngày 01/01/2022"},
		{dateRange(day(2022, 1, 1), day(2022, 1, 1)), "ngày 01/01/2022"},
		{dateRange(day(2020, 10, 1), day(2020, 12, 31)), "từ ngày 01/10/2020 đến ngày 31/12/2020"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestNumbering(t *testing.T) {
	for n, want := range map[int]string{1: "I", 4: "IV", 9: "IX", 14: "XIV", 40: "XL", 99: "XCIX", 2022: "MMXXII"} {
		if got := roman(n); got != want {
			t.Errorf("roman(%d) = %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int]string{1: "a", 5: "đ", 6: "e", 7: "g", 23: "y", 24: "aa"} {
		if got := letters(n); got != want {
			t.Errorf("letters(%d) = %s, want %s", n, got, want)
		}
	}
	l := &adminLayout{}
	got := ""
	for _, level := range []int{1, 2, 2, 3, 3, 1, 2, 9} {
		got += l.numbered(level) + " "
	}
	if got != "I. 1. 2. a) b) II. 1. a) " {
		t.Errorf("headings: %s", got)
	}
}

func TestSmallTexts(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{groups("K7QD42MPX9"), "K7QD 42MP X9"},
		{groups("k7qd-42mp"), "k7qd 42mp"},
		{groups("12345678"), "1234 5678"},
		{groups("ab"), "ab"},
		{closed("Lưu: VT;", true), "Lưu: VT."},
		{closed(" Như trên. ", false), "Như trên;"},
		{firstUpper("KẾ HOẠCH"), "Kế hoạch"},
		{fileSafe("QNM/2022-01 Nguyễn Thị Đượm…"), "QNM-2022-01 Nguyen Thi Duom"},
		{fileSafe("../../etc/passwd\x00"), "etc-passwd"},
		{fileSafe(strings.Repeat("ư", 300)), strings.Repeat("u", 100)},
		{upper("thành phố Đà Nẵng"), "THÀNH PHỐ ĐÀ NẴNG"},
		{(&Certificate{Grade: "Giỏi"}).facts(), "Xếp loại: Giỏi"},
		{(&Certificate{From: day(2022, 1, 2)}).facts(), "Ngày 02/01/2022"},
		{(&Certificate{}).facts(), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
