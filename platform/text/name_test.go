package text

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"pgregory.net/rapid"
)

func TestSplitName(t *testing.T) {
	for _, c := range []struct{ in, family, middle, given string }{
		{"", "", "", ""},
		{"An", "", "", "An"},
		{"Lê Lợi", "Lê", "", "Lợi"},
		{"  Nguyễn  Thị Minh   Khai ", "Nguyễn", "Thị Minh", "Khai"},
		{"Tôn Nữ Thị Ninh", "Tôn Nữ", "Thị", "Ninh"},
		{"Công Tằng Tôn Nữ Mỹ Lệ", "Công Tằng Tôn Nữ", "Mỹ", "Lệ"},
		{"Tôn Thất Tùng", "Tôn Thất", "", "Tùng"},
		{"Tôn Thất", "Tôn", "", "Thất"},
		{"Âu Dương Lân", "Âu Dương", "", "Lân"},
		{"H'Hen Niê", "H'Hen", "", "Niê"},
	} {
		f, m, g := SplitName(c.in)
		if f != c.family || m != c.middle || g != c.given {
			t.Errorf("SplitName(%q) = %q, %q, %q", c.in, f, m, g)
		}
	}
}

func TestNameKeyOrder(t *testing.T) {
	want := []string{
		"Trần Văn An",      // An before Ái: a letter more, not a tone, decides
		"Lê Thị Ân",        // a before â
		"Bùi Thị Bình",     //
		"Nguyễn Văn Cường", //
		"Nguyễn Văn Dũng",  // d before đ
		"Trần Đức",         //
		"Bùi Thị Hà",       // tones: level, huyền, hỏi, ngã, sắc, nặng
		"Nguyễn Thị Hà",    // then the family name: B before N
		"Nguyễn Văn Hà",    // then the middle names: Thị before Văn
		"Bùi Thị Hải",      // a longer given name after a shorter
		"Lê Hoa",           //
		"Lê Hòa",           //
		"Trần Hoà",         // the same given name in the other spelling
		"Lê Thị Hoàng",     //
		"Lê Văn Tâm",       //
		"Lê Văn Ước",       // ư after u
		"Lê Văn Xuân",      //
		"Lê Văn Ý",         //
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(NameKey(a), NameKey(b)) })
	if !slices.Equal(got, want) {
		t.Fatalf("sorted\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestNameKeyIgnores(t *testing.T) {
	for _, same := range [][2]string{
		{"NGUYỄN VĂN HOÀ", "Nguyễn Văn Hòa"},
		{"Nguyễn  Văn\u00a0An", "Nguyễn Văn An"},
		{"H'Hen Niê", "HHen Niê"},
	} {
		if NameKey(same[0]) != NameKey(same[1]) {
			t.Errorf("%q and %q have keys %q and %q", same[0], same[1], NameKey(same[0]), NameKey(same[1]))
		}
	}
	if key := NameKey("Nguyễn Thị Minh Khai"); len(key) > 40 || strings.Trim(key, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg ") != "" {
		t.Errorf("the key %q is long or not plain", key)
	}
}

// TestNameKeyIsCollation holds the order within a given name to x/text/collate for
// Vietnamese.
func TestNameKeyIsCollation(t *testing.T) {
	vi := collate.New(language.Vietnamese, collate.IgnoreCase)
	letters := []rune(strings.Join(tones, "") + "bcdđghklmnpqrstvx")
	word := rapid.StringOfN(rapid.SampledFrom(letters), 1, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if Retone(a) != a || Retone(b) != b {
			t.Skip("another spelling of the same word")
		}
		want, got := vi.CompareString(a, b), strings.Compare(NameKey(a), NameKey(b))
		if want != got {
			t.Fatalf("%q and %q compare %d by key (%q, %q), %d by collation", a, b, got, NameKey(a), NameKey(b), want)
		}
	})
}
