package facts

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"lotrinh/platform/clock"
)

func day(s string) clock.Date { return clock.MustDate(s) }

// below are the units of a tier under a key on a day, at any depth.
func below(d clock.Date, key string, tier Tier) []Unit {
	parent, on := map[string]string{}, On(d)
	for _, u := range on {
		parent[u.Key] = u.Parent
	}
	var found []Unit
	for _, u := range on {
		p := u.Parent
		for p != "" && p != key {
			p = parent[p]
		}
		if p == key && u.Tier == tier {
			found = append(found, u)
		}
	}
	return found
}

// find is the unit that bears a code under a province on a day.
func find(t *testing.T, d, province, code string) Unit {
	t.Helper()
	for _, top := range On(day(d)) {
		if top.Tier != ProvinceTier || top.Code != province {
			continue
		}
		for tier := DistrictTier; tier <= CommuneTier; tier++ {
			for _, u := range below(day(d), top.Key, tier) {
				if u.Code == code {
					return u
				}
			}
		}
	}
	t.Fatalf("%s: no %s under %s", d, code, province)
	return Unit{}
}

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		d, key              string
		districts, communes int
		kinds               map[Kind]int // of the communes, where a resolution counts them
	}{
		{"2022-05-05", "49@2020", 18, 241, nil},
		{"2025-03-01", "49@2020", 17, 233, map[Kind]int{Commune: 190, Ward: 29, Township: 14}},
		{"2022-05-05", "48@2020", 8, 56, map[Kind]int{Commune: 11, Ward: 45}},
		{"2025-03-01", "48@2020", 8, 47, map[Kind]int{Commune: 11, Ward: 36}},
		{"2025-07-01", "48@2025-07", 0, 94, map[Kind]int{Commune: 70, Ward: 23, SpecialZone: 1}},
		{"2021-01-13", "24@2020", 10, 209, nil},
		{"2022-07-01", "24@2020", 10, 209, map[Kind]int{Commune: 182, Ward: 10, Township: 17}},
		{"2024-02-01", "24@2020", 10, 209, map[Kind]int{Commune: 175, Ward: 19, Township: 15}},
		{"2025-01-01", "24@2020", 10, 192, map[Kind]int{Commune: 143, Ward: 35, Township: 14}},
		{"2021-02-01", "27@2020", 8, 126, map[Kind]int{Commune: 89, Ward: 31, Township: 6}},
		{"2025-01-01", "27@2020", 8, 121, map[Kind]int{Commune: 66, Ward: 50, Township: 5}},
		{"2025-07-01", "24@2025-07", 0, 99, map[Kind]int{Commune: 66, Ward: 33}},
		{"2020-12-31", "79/763@2020", 0, 13, map[Kind]int{Ward: 13}},
		{"2020-12-31", "79/769@2020", 0, 11, nil},
		{"2020-12-31", "79/762@2020", 0, 12, nil},
		{"2021-01-01", "79/769@2021-01", 0, 34, map[Kind]int{Ward: 34}},
		{"2022-05-05", "79/767@2020", 0, 11, map[Kind]int{Ward: 11}},
		{"2025-07-01", "79@2025-07", 0, 18, map[Kind]int{Ward: 18}},
	} {
		communes := below(day(c.d), c.key, CommuneTier)
		if n := len(below(day(c.d), c.key, DistrictTier)); n != c.districts || len(communes) != c.communes {
			t.Errorf("%s on %s: %d/%d, want %d/%d", c.key, c.d, n, len(communes), c.districts, c.communes)
		}
		kinds := map[Kind]int{}
		for _, u := range communes {
			kinds[u.Kind]++
		}
		for k, want := range c.kinds {
			if kinds[k] != want {
				t.Errorf("%s on %s: %d of kind %s, want %d", c.key, c.d, kinds[k], k, want)
			}
		}
	}
}

// origins are the units on a day before from which a unit comes, by all steps.
func origins(key string) map[string]bool {
	from := map[string]bool{}
	for _, s := range Successions() {
		if s.Moves() && s.To == key && s.From != key {
			from[s.From] = true
		}
	}
	return from
}

func TestMergedProvincesComeFromBothParts(t *testing.T) {
	for _, c := range []struct {
		key  string
		want map[string]int // province before → communes from it alone
	}{
		{"48@2025-07", map[string]int{"49": 78, "48": 16}},
		{"24@2025-07", map[string]int{"24": 58, "27": 41}},
	} {
		got := map[string]int{}
		for _, u := range below(day("2025-07-01"), c.key, CommuneTier) {
			provinces := map[string]bool{}
			for o := range origins(u.Key) {
				provinces[o[:2]] = true
			}
			if u.From != day("2025-07-01") || strings.HasSuffix(u.Key, "@2020") {
				provinces[u.Key[:2]] = true // it went on as it was
			}
			if len(provinces) != 1 {
				t.Errorf("%s comes from %v", u.Key, provinces)
			}
			for p := range provinces {
				got[p]++
			}
		}
		for p, n := range c.want {
			if got[p] != n {
				t.Errorf("%s: %d communes from %s, want %d", c.key, got[p], p, n)
			}
		}
	}
}

// Every name is written once and for all as people read it.
func TestNamesAreClean(t *testing.T) {
	misplaced := regexp.MustCompile(`(?:^|[^Qq])(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?:\P{L}|$)`)
	for _, u := range Units() {
		if !norm.NFC.IsNormalString(u.Name) || strings.Join(strings.Fields(u.Name), " ") != u.Name {
			t.Errorf("%q is not NFC and single-spaced", u.Name)
		}
		if !strings.HasPrefix(u.Name, u.Kind.Word()+" ") || u.Short() == u.Name || u.Kind.Word() == "" {
			t.Errorf("%q does not begin with its kind", u.Name)
		}
		if misplaced.MatchString(u.Name) {
			t.Errorf("%q has its tone mark on the second vowel", u.Name)
		}
		for _, w := range strings.Fields(u.Short()) {
			if r := []rune(w)[0]; unicode.IsLower(r) {
				t.Errorf("%q has a small initial", u.Name)
			}
		}
		if len(u.Code) != map[Tier]int{ProvinceTier: 2, DistrictTier: 3, CommuneTier: 5}[u.Tier] {
			t.Errorf("%s has the code %s", u.Name, u.Code)
		}
	}
}

// The spans of a unit follow each other, its parent stands as long as it does,
// and no two units of a province bear one code on one day.
func TestSpans(t *testing.T) {
	spans, known := map[string][]Unit{}, map[string]bool{}
	for _, u := range Units() {
		spans[u.Key] = append(spans[u.Key], u)
		if u.Parent != "" && !known[u.Parent] {
			t.Errorf("%s comes before its parent", u.Key)
		}
		known[u.Key] = true
	}
	for key, us := range spans {
		for i, u := range us {
			if u.To != 0 && u.From >= u.To || i > 0 && us[i-1].To != u.From {
				t.Errorf("%s: the spans do not follow each other", key)
			}
			if u.Parent == "" {
				continue
			}
			ps := spans[u.Parent]
			first, last := ps[0], ps[len(ps)-1]
			if u.From < first.From || last.To != 0 && (u.To == 0 || u.To > last.To) {
				t.Errorf("%s stands when its parent %s does not", key, u.Parent)
			}
		}
	}
	for _, d := range days() {
		seen := map[string]string{}
		for _, u := range On(d) {
			id := string(u.Area) + u.Code
			if seen[id] != "" {
				t.Errorf("%s: %s and %s bear %s", d, seen[id], u.Key, u.Code)
			}
			seen[id] = u.Key
		}
	}
}

// days are those on which anything changes, and the days around them.
func days() []clock.Date {
	ds := []clock.Date{Begins, day("2026-11-22")}
	for _, s := range Successions() {
		if ds[len(ds)-1] != s.Effective {
			ds = append(ds, s.Effective-1, s.Effective)
		}
	}
	return ds
}

// What leaves a unit on a day is all of it, and a unit begins and ends only by
// a succession.
func TestSuccessionsAddUp(t *testing.T) {
	type leaving struct {
		key string
		d   clock.Date
	}
	left, reached, gone := map[leaving]float64{}, map[leaving]bool{}, map[leaving]bool{}
	first, last := map[string]clock.Date{}, map[string]clock.Date{}
	for _, u := range Units() {
		if _, seen := first[u.Key]; !seen {
			first[u.Key] = u.From
		}
		last[u.Key] = u.To
	}
	acts := map[string]Act{}
	for _, a := range Acts() {
		acts[a.Number] = a
	}
	for _, s := range Successions() {
		if _, ok := acts[s.Act]; !ok && s.Change != Recode {
			t.Errorf("%s to %s by an unknown act %q", s.From, s.To, s.Act)
		}
		if a := acts[s.Act]; a.InForce > s.Effective || s.Operating < s.Effective {
			t.Errorf("%s to %s is effective on %s, before its act", s.From, s.To, s.Effective)
		}
		if _, ok := first[s.To]; s.Moves() && !ok {
			t.Errorf("%s goes into %s, which is no unit", s.From, s.To)
		}
		if s.Moves() {
			left[leaving{s.From, s.Effective}] += s.Share.Float()
			reached[leaving{s.To, s.Effective}] = true
		}
		if s.Moves() && s.Change != Partial || s.Change == Dissolve {
			gone[leaving{s.From, s.Effective}] = true
		}
		if (s.Change == Merge || s.Change == Succeed) != (s.Share.Num == s.Share.Den && s.Moves()) {
			t.Errorf("%s to %s is a %s of %v", s.From, s.To, s.Change, s.Share)
		}
	}
	for l, sum := range left {
		if sum < 1-1e-9 || sum > 1+1e-9 {
			t.Errorf("on %s %g of %s leaves it", l.d, sum, l.key)
		}
	}
	for key, d := range first {
		if d != 0 && !reached[leaving{key, d}] {
			t.Errorf("%s is formed of nothing", key)
		}
		if d := last[key]; (d != 0) && !gone[leaving{key, d}] {
			t.Errorf("%s ends without a trace", key)
		}
	}
}

func TestPlaces(t *testing.T) {
	lasts := map[string]bool{}
	for _, u := range Units() {
		lasts[u.Key] = u.To == 0
	}
	for _, u := range Units() {
		if u.Lon < 102 || u.Lon > 113 || u.Lat < 8 || u.Lat > 24 {
			t.Errorf("%s %s lies at %g %g", u.Key, u.Name, u.Lon, u.Lat)
		}
		if u.Tier != CommuneTier && !u.Derived {
			t.Errorf("%s %s has a place of its own", u.Key, u.Name)
		}
		if u.Tier == CommuneTier && u.Derived == lasts[u.Key] {
			t.Errorf("%s %s: derived %v", u.Key, u.Name, u.Derived)
		}
	}
	if u := find(t, "2025-07-01", "48", "20333"); u.Lon < 111 || u.Name != "Đặc khu Hoàng Sa" {
		t.Errorf("%s lies at %g", u.Name, u.Lon)
	}
	for _, u := range On(day("2022-05-05")) {
		if u.Key == "48@2020" && u.Lon > 108.4 {
			t.Errorf("Đà Nẵng lies at sea: %g", u.Lon)
		}
	}
}

func TestActs(t *testing.T) {
	acts := Acts()
	seen := map[string]bool{}
	for i, a := range acts {
		if a.Title == "" || a.Signed == 0 || a.InForce < a.Signed || seen[a.Number] {
			t.Errorf("%+v", a)
		}
		seen[a.Number] = true
		if i > 0 && acts[i-1].Signed > a.Signed {
			t.Errorf("%s stands after a younger act", a.Number)
		}
		if a.URL != "" && !strings.HasPrefix(a.URL, "https://") {
			t.Errorf("%s: %s", a.Number, a.URL)
		}
	}
	if len(acts) != 17 {
		t.Errorf("%d acts", len(acts))
	}
}

func TestTableIsSmall(t *testing.T) {
	sum := 0
	for _, f := range []string{"acts.txt", "danang.txt", "bacninh.txt", "hochiminh.txt"} {
		b, err := texts.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		sum += len(b)
	}
	if sum > 120_000 {
		t.Errorf("%d bytes", sum)
	}
}

// What Units and Successions return is the caller's.
func TestCallersCannotChangeTheTable(t *testing.T) {
	Units()[0].Name, Successions()[0].From, Acts()[0].Title = "x", "x", "x"
	if Units()[0].Name == "x" || Successions()[0].From == "x" || Acts()[0].Title == "x" {
		t.Error("a caller changed the table")
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := read(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOn(b *testing.B) {
	d := day("2022-05-05")
	for b.Loop() {
		On(d)
	}
}
