package facts

import (
	"slices"
	"strings"
	"testing"
)

const small = `base 49 T Quảng Nam
502 TP Tam Kỳ
20335 P Tân Thạnh
20338 P Phước Hòa
503 TP Hội An
20401 P Minh An
at 49/20401 108.33 15.88
on 2025-01-01 1241/NQ-UBTVQH15
`

func acts() []Act { return []Act{{Number: "1241/NQ-UBTVQH15"}} }

func TestJournalRefuses(t *testing.T) {
	for _, c := range []struct{ why, lines string }{
		{"unknown verb", "join 49/20335 49/20338"},
		{"unknown unit", "merge 49/20999 > 49/20335"},
		{"into an unknown unit", "merge 49/20335 > 49/20999"},
		{"into itself", "merge 49/20335 > 49/20335"},
		{"ends and goes on", "merge 49/20335 > 49/20338\npart 49/20335 > 49/20401 1/2"},
		{"more than the whole", "part 49/20335 > 49/20338 2/3\npart 49/20335 > 49/20401 2/3"},
		{"less than the whole", "new 49/20340 P An Xuân in 49/502 of 49/20335:1/2"},
		{"a share above one", "part 49/20335 > 49/20338 3/2"},
		{"no share", "part 49/20335 > 49/20338 x"},
		{"formed twice", "new 49/20340 P An Xuân in 49/502\nnew 49/20340 P An Xuân in 49/502"},
		{"under a code that stands", "new 49/20335 P An Xuân in 49/502 of 49/20338"},
		{"wrong kind for the code", "kind H 49/20335"},
		{"called so already", "kind P 49/20335"},
		{"no parent", "new 50/20340 P An Xuân"},
		{"parent below", "move 49/502 to 49/20335"},
		{"parent unknown", "move 49/20335 to 49/599"},
		{"code of another length", "code 49/20335 2033"},
		{"code of another unit", "code 49/20335 20338"},
		{"ends twice", "merge 49/20335 > 49/20338\nend 49/20335"},
		{"unknown act", "on 2025-07-01 1/NQ"},
		{"time runs backwards", "on 2024-07-01 1241/NQ-UBTVQH15"},
		{"a list after an act", "20402 P Cẩm Phô"},
		{"a base after an act", "base 48 TP Đà Nẵng"},
		{"at sea", "at 49/20335 15.5 108.5"},
	} {
		if j, err := replay(DaNang, small+c.lines+"\n", acts()); err == nil {
			t.Errorf("%s: %q gives %v", c.why, c.lines, j.successions)
		}
	}
	for _, text := range []string{"20335 P Tân Thạnh", "merge a > b", "base 49 T Quảng Nam\n20335 P Tân Thạnh", "x"} {
		if _, err := replay(DaNang, text, acts()); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func TestJournalSaysTheLine(t *testing.T) {
	_, err := replay(DaNang, small+"merge 49/20999 > 49/20335\n", acts())
	if err == nil || !strings.Contains(err.Error(), "line 9") || !strings.Contains(err.Error(), "49/20999") {
		t.Error(err)
	}
}

// A small act, read whole.
func TestJournal(t *testing.T) {
	j, err := replay(DaNang, small+`new 49/20335 P An Thạnh in 49/503 of 49/20335 49/20338:1/4?
part 49/20401 > 49/20335 1/5
new 49/20340 X An Hòa in 49/502 of 49/20338:3/4?
`, acts())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range j.successions {
		got = append(got, s.From+" "+string(s.Change)+" "+s.To)
	}
	slices.Sort(got)
	want(t, got,
		"49/20335@2020 merge 49/20335@2025-01", "49/20338@2020 split 49/20335@2025-01",
		"49/20401@2020 partial 49/20335@2025-01", "49/20338@2020 split 49/20340@2025-01",
		"49/20401@2020 partial 49/20401@2020")
	for _, u := range j.units {
		if u.Key == "49/20335@2025-01" && (u.Parent != "49/503@2020" || u.Name != "Phường An Thạnh" || u.From != day("2025-01-01")) {
			t.Errorf("%+v", u)
		}
		if u.Key == "49/503@2020" && (u.Lon == 0 || !u.Derived) {
			t.Errorf("%+v", u)
		}
	}
}

func FuzzReplay(f *testing.F) {
	f.Add(small + "merge 49/20335 > 49/20338\n")
	f.Add(small + "new 49/20340 X An Hòa in 49/502 of 49/20338:3/4? 49/20335 +\nnear 49/20340 108 15")
	f.Add(small + "kind X 49/20335\nname 49/20338 P A\ncode 49/20401 20402\nmove 49/20335 to 49/503\nend 49/20401 49/503")
	f.Fuzz(func(t *testing.T, text string) {
		j, err := replay(DaNang, text, acts())
		if err != nil {
			return
		}
		for _, u := range j.units {
			if u.To != 0 && u.From > u.To || u.Key == "" || u.Name == "" {
				t.Fatalf("%+v", u)
			}
		}
	})
}

func FuzzParseActs(f *testing.F) {
	f.Add("1/NQ|2025-01-01|2025-02-01|Tên|https://x\n")
	f.Fuzz(func(t *testing.T, text string) {
		as, err := parseActs(text)
		if err == nil && len(as) > strings.Count(text, "\n")+1 {
			t.Fatal("more acts than lines")
		}
	})
}
