package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Xã Tư", "Xã Tư"},
		{"Xã  Tư", "Xã Tư"},
		{"  Thị trấn\u00a0\u00a0Bích Động\t", "Thị trấn Bích Động"},
		{"Nguyễn\r\nVăn\nAn", "Nguyễn Văn An"},
		{norm.NFD.String("Nguyễn Thị Thuỷ"), "Nguyễn Thị Thuỷ"},
		{"Đà\u200bNẵng\ufeff", "ĐàNẵng"},
		{"e\u200b\u0302\u0301", "ế"}, // what stands between a letter and its mark goes first
		{"a\x00b\x07c\x7f", "abc"},
		{"\u202eabc\u202c", "abc"},
		{"a\u3000b\u2009c", "a b c"},
		{"\xffabc", "\uFFFDabc"},
		{"\x00 \u200b", ""},
		{"a \u200b b", "a b"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCleanLines(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{" Số 1 \r\n\r\n\r\n đường  Lê Lợi\u2028phường 5\n", "Số 1\n\nđường Lê Lợi\nphường 5"},
		{"một dòng\n", "một dòng"},
		{"\n\n", ""},
	} {
		if got := CleanLines(c.in); got != c.want {
			t.Errorf("CleanLines(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"dong", "dong"},
		{"Đồng", "dong"},
		{"hoà", "hoa"}, {"hòa", "hoa"}, {norm.NFD.String("Hoà"), "hoa"},
		{"thuỷ", "thuy"}, {"thủy", "thuy"},
		{"quý", "quy"}, {"quí", "qui"},
		{"NGUYỄN  THỊ\tÁNH", "nguyen thi anh"},
		{" ưỚc Ơi ", "uoc oi"},
		{"Ðà Nẵng", "da nang"}, {"Ɖà Nẵng", "da nang"}, {"ðồng", "dong"},
		{"Xã\u00a0Tư\u200b", "xa tu"},
		{"Krông Năng – Êa Hồ", "krong nang - ea ho"},
		{"Kđăm Ƀlao", "kdam blao"},
		{"“Chuyển đổi số”", `"chuyen doi so"`},
		{"Ａ１", "a1"},
		{"Œuvre straße", "oeuvre strasse"},
		{"Москва", "москва"},
		{"a \u0301 b", "a b"},
	} {
		if got := Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// TestFoldAlphabet folds every Vietnamese letter of every tone and case.
func TestFoldAlphabet(t *testing.T) {
	for _, row := range tones {
		plain := Fold(row[:len(string([]rune(row)[0]))])
		for _, r := range row + strings.ToUpper(row) {
			if got := Fold(string(r)); got != plain || len(got) != 1 {
				t.Errorf("Fold(%c) = %q, want %q", r, got, plain)
			}
		}
	}
}

func TestFoldAllocations(t *testing.T) {
	folded, marked, buf := "nguyen van an", "Nguyễn Văn An", make([]byte, 0, 64)
	for name, c := range map[string]struct {
		most float64
		run  func()
	}{
		"folded": {0, func() { Fold(folded) }},
		"marked": {1, func() { Fold(marked) }},
		"append": {0, func() { AppendFold(buf, marked) }},
	} {
		if n := testing.AllocsPerRun(100, c.run); n > c.most {
			t.Errorf("%s: %v allocations, want at most %v", name, n, c.most)
		}
	}
}

func TestRetone(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Hoà Vang", "Hòa Vang"}, {"Hòa Vang", "Hòa Vang"}, {"HOÀ", "HÒA"},
		{"thuỷ", "thủy"}, {"thủy", "thủy"}, {"Thuỵ", "Thụy"},
		{"khoẻ", "khỏe"}, {"hoạ sĩ", "họa sĩ"},
		{"quý", "quý"}, {"quí", "quí"}, {"Quỳ", "Quỳ"},
		{"hoàng", "hoàng"}, {"hòang", "hoàng"}, {"Hùynh", "Huỳnh"}, {"toàn", "toàn"}, {"Khoát", "Khoát"},
		{"hoài", "hoài"}, {"xoáy", "xoáy"}, {"khuỷu", "khuỷu"}, {"uỷ ban", "ủy ban"}, {"Ủy ban", "Ủy ban"},
		{"ngoèo", "ngoèo"}, {norm.NFD.String("Hoà"), "Hòa"}, {"abc", "abc"},
	} {
		if got := Retone(c.in); got != c.want {
			t.Errorf("Retone(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestLookAlike(t *testing.T) {
	for _, c := range []struct {
		in, want string
		changed  bool
	}{
		{"Nguyễn Văn An", "Nguyễn Văn An", false},
		{"Nguy\u0435n", "Nguyen", true},                       // Cyrillic е
		{"Tr\u0430\u0300n", "Tràn", true},                     // Cyrillic а with a mark
		{"\u0422\u0420. Đà Nẵng", "TP. Đà Nẵng", true},        // Cyrillic ТР throughout
		{"Ðà Nẵng", "Đà Nẵng", true},                          // Icelandic eth
		{"Ɖà Nẵng", "Đà Nẵng", true},                          // African D
		{"\u0397\u03bf\u0300a", "Hòa", true},                  // Greek Η and ο
		{"Москва", "Москва", false},                           // truly Russian
		{"Hà Nội – Москва, ТР", "Hà Nội – Москва, ТР", false}, // ТР may be Russian here
		{"\u0435", "\u0435", false},                           // nothing Latin to belong to
		{"5 µm", "5 µm", false},
		{"Nguy\u0451n", "Nguy\u0451n", false}, // ё has a mark that Vietnamese does not use
	} {
		got, changed := LookAlike(c.in)
		if got != c.want || changed != c.changed {
			t.Errorf("LookAlike(%q) = %q, %v; want %q, %v", c.in, got, changed, c.want, c.changed)
		}
	}
}

// TestProperties holds the promises that are about any text whatever.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkProperties(t, rapid.String().Draw(t, "s"))
	})
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"Hoà Vang", "Nguy\u0435n", "\xff\x00", "e\u200b\u0301", "ǰ ﬁ Å ẞ", "가각", "ά", " ́", "İi"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkProperties(t, s) })
}

type tester interface {
	Fatalf(string, ...any)
}

func checkProperties(t tester, s string) {
	c := Clean(s)
	if Clean(c) != c || !norm.NFC.IsNormalString(c) || !utf8.ValidString(c) || strings.ContainsAny(c, "\x00\n\t") {
		t.Fatalf("Clean(%q) = %q is not clean", s, c)
	}
	f := Fold(s)
	if Fold(f) != f {
		t.Fatalf("Fold(%q) = %q folds again to %q", s, f, Fold(f))
	}
	if d := Fold(norm.NFD.String(s)); utf8.ValidString(s) && d != f {
		t.Fatalf("Fold(%q) = %q, but decomposed %q", s, f, d)
	}
	if r := Retone(s); Retone(r) != r || Fold(r) != f {
		t.Fatalf("Retone(%q) = %q, folded %q and not %q", s, r, Fold(r), f)
	}
	if fixed, _ := LookAlike(s); utf8.ValidString(s) && !utf8.ValidString(fixed) {
		t.Fatalf("LookAlike(%q) = %q", s, fixed)
	}
	if k := NameKey(s); strings.ContainsRune(k, 0) {
		t.Fatalf("NameKey(%q) = %q", s, k)
	}
	Legacy(s)
}

var benchNames = []string{"Nguyễn Thị Minh Khai", "Trần Văn Đức", "Lê Hoàng Phương Uyên", "Đặng Thuỳ Trâm"}

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Fold(benchNames[i%len(benchNames)])
	}
}

func BenchmarkFoldASCII(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Fold("nguyen thi minh khai")
	}
}

func BenchmarkAppendFold(b *testing.B) {
	b.ReportAllocs()
	buf := make([]byte, 0, 128)
	for i := 0; b.Loop(); i++ {
		AppendFold(buf, benchNames[i%len(benchNames)])
	}
}

func BenchmarkClean(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Clean(benchNames[i%len(benchNames)])
	}
}

func BenchmarkNameKey(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		NameKey(benchNames[i%len(benchNames)])
	}
}

func BenchmarkRetone(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Retone(benchNames[i%len(benchNames)])
	}
}
