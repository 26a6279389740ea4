package facts

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// shared reads a file of the research folder ../shared/data/units beside the
// repository (LOTRINH_SHARED names another data folder), by column name, and
// skips where there is none.
func shared(t *testing.T, name string) []map[string]string {
	t.Helper()
	dir := os.Getenv("LOTRINH_SHARED")
	if dir == "" {
		dir = "../../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, "units", name))
	if err != nil {
		t.Skipf("no shared data here: %v", err)
	}
	defer func() { _ = f.Close() }()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, head := range lines[0] {
			row[head] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// alike folds what the lists write in several ways: letter case, spaces, and on
// which vowel the tone mark of a syllable stands.
func alike(name string) string {
	var words []string
	for _, w := range strings.Fields(strings.ToLower(norm.NFD.String(name))) {
		var letters, tones []rune
		for _, r := range w {
			if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) {
				tones = append(tones, r)
			} else if unicode.IsPrint(r) || unicode.Is(unicode.Mn, r) {
				letters = append(letters, r)
			}
		}
		words = append(words, string(letters)+string(tones))
	}
	s := strings.Join(words, " ")
	if s == alikeXaLy {
		s = "xa\u0303 sa ly\u0301"
	}
	return s
}

// The one name that is written otherwise on purpose; see the package comment.
const alikeXaLy = "xa\u0303 xa ly\u0301"

// The lists of six days say the same as the table: same codes, names, parents.
func TestListsAgree(t *testing.T) {
	for _, c := range []struct {
		file, day string
		provinces []string
	}{
		// The first list has Quảng Nam as before the mergers of that winter.
		{"gso_2020-02-02.csv", "2020-03-01", []string{"48", "24", "27"}},
		{"gso_2021-01-13.csv", "2021-01-13", []string{"48", "49", "24", "27"}},
		{"gso_2022-05-05.csv", "2022-05-05", []string{"48", "49", "24", "27"}},
		{"gso_2025-06-30_before_merger.csv", "2025-06-30", []string{"48", "49", "24", "27"}},
		{"qd19_2025-07-01.csv", "2025-07-01", []string{"48", "24"}},
		{"qd19_2026-04-30.csv", "2026-04-30", []string{"48", "24"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			rows := map[string]map[string]string{}
			for _, r := range shared(t, c.file) {
				rows[r["code"]] = r
			}
			for _, p := range c.provinces {
				compare(t, c.day, p, rows, listed(rows, p))
			}
		})
	}
}

// listed are the codes under a province in a list.
func listed(rows map[string]map[string]string, province string) []string {
	var codes []string
	for code := range rows {
		top := code
		for len(top) > 2 || top != province && rows[top]["parent_code"] != "" {
			top = rows[top]["parent_code"]
		}
		if top == province {
			codes = append(codes, code)
		}
	}
	return codes
}

func compare(t *testing.T, d, province string, rows map[string]map[string]string, codes []string) {
	t.Helper()
	ours, byKey := map[string]Unit{}, map[string]Unit{}
	for _, top := range On(day(d)) {
		byKey[top.Key] = top
		if top.Code != province {
			continue
		}
		ours[top.Code] = top
		for _, tier := range []Tier{DistrictTier, CommuneTier} {
			for _, u := range below(day(d), top.Key, tier) {
				ours[u.Code] = u
			}
		}
	}
	for _, code := range codes {
		u, ok := ours[code]
		if !ok {
			t.Errorf("%s %s is not in the table", code, rows[code]["name"])
			continue
		}
		delete(ours, code)
		if alike(u.Name) != alike(rows[code]["name"]) || byKey[u.Parent].Code != rows[code]["parent_code"] {
			t.Errorf("%s: %s under %q, listed as %s under %q", code, u.Name, byKey[u.Parent].Code, rows[code]["name"], rows[code]["parent_code"])
		}
	}
	// The first list leaves Hoàng Sa out.
	delete(ours, "498")
	for code, u := range ours {
		t.Errorf("%s %s is not listed", code, u.Name)
	}
}

// The districts of Hồ Chí Minh City, of which the table has but four.
func TestHoChiMinhAgrees(t *testing.T) {
	for _, c := range []struct{ file, day string }{
		{"gso_2020-02-02.csv", "2020-03-01"}, {"gso_2021-01-13.csv", "2020-12-31"},
		{"gso_2022-05-05.csv", "2022-05-05"}, {"gso_2025-06-30_before_merger.csv", "2025-06-30"},
		{"qd19_2025-07-01.csv", "2025-07-01"},
	} {
		rows, children := map[string]map[string]string{}, map[string]int{}
		for _, r := range shared(t, c.file) {
			rows[r["code"]] = r
			children[r["parent_code"]]++
		}
		parents, n := map[string]Unit{}, map[string]int{}
		for _, u := range On(day(c.day)) {
			if u.Area != HoChiMinh {
				continue
			}
			parents[u.Key] = u
			n[parents[u.Parent].Code]++
			if r := rows[u.Code]; alike(r["name"]) != alike(u.Name) || r["parent_code"] != parents[u.Parent].Code {
				t.Errorf("%s: %s %s, listed as %s under %s", c.day, u.Code, u.Name, r["name"], r["parent_code"])
			}
		}
		for _, d := range []string{"762", "763", "767", "769"} {
			if n[d] != children[d] {
				t.Errorf("%s: %s has %d wards, listed %d", c.day, d, n[d], children[d])
			}
		}
	}
}

// The table of 1/7/2025: each pair of old and new commune is a succession, or one
// unit that went on, and there are no others.
func TestMapOf2025Agrees(t *testing.T) {
	pairs := map[string]bool{}
	for _, r := range shared(t, "map_2025-07-01_demo_areas.csv") {
		old := r["old_commune_code"]
		if old == "" {
			old = r["old_district_code"]
		}
		pairs[r["old_province_code"]+"/"+old+" "+r["new_province_code"]+"/"+r["new_commune_code"]] = true
	}
	eve, birth := map[string]string{}, map[string]string{}
	for _, u := range On(day("2025-06-30")) {
		eve[u.Key] = u.Key[:2] + "/" + u.Code
	}
	byKey := map[string]Unit{}
	for _, u := range On(day("2025-07-01")) {
		byKey[u.Key] = u
		birth[u.Key] = byKey[u.Parent].Code + "/" + u.Code
	}
	got := map[string]bool{}
	for _, s := range Successions() {
		if s.Effective == day("2025-07-01") && s.Moves() && len(byKey[s.To].Code) == 5 || s.Change == Reparent && s.Effective == day("2025-07-01") {
			got[eve[s.From]+" "+birth[s.To]] = true
		}
	}
	for p := range pairs {
		if !got[p] {
			t.Errorf("%s is not in the table", p)
		}
	}
	for p := range got {
		if !pairs[p] {
			t.Errorf("%s is only in the table", p)
		}
	}
}

// The steps of 2022 to 2025 lead where the comparison of the lists leads.
func TestStepsAgree(t *testing.T) {
	keys := func(d string) map[string]Unit {
		m := map[string]Unit{}
		for _, u := range On(day(d)) {
			m[fmt.Sprint(u.Key[:2], "/", u.Code)] = u
		}
		return m
	}
	was, is := keys("2022-05-05"), keys("2025-06-30")
	heir := map[string]string{}
	for _, s := range Successions() {
		if s.Change == Merge && s.Effective > day("2022-05-05") && s.Effective < day("2025-07-01") {
			heir[s.From] = s.To
		}
	}
	for _, r := range shared(t, "step_2022_to_2025_demo_areas.csv") {
		from := was[r["province_code"]+"/"+r["code_2022"]]
		to := is[r["province_code"]+"/"+r["code_2025"]]
		end := from.Key
		if h, ok := heir[end]; ok {
			end = h
		}
		if from.Key == "" || end != to.Key {
			t.Errorf("%s %s leads to %s, listed as %s (%s)", r["code_2022"], r["name_2022"], end, to.Key, r["change"])
		}
	}
}

func TestCentroidsAgree(t *testing.T) {
	type point struct{ lon, lat string }
	listed := map[string][]point{}
	province := map[string]Area{"thành phố Đà Nẵng": DaNang, "tỉnh Bắc Ninh": BacNinh, "thành phố Hồ Chí Minh": HoChiMinh}
	for _, r := range shared(t, "successors_2025_area_population_beforetext.csv") {
		id := string(province[r["new_province"]]) + alike(r["kind"]+" "+r["name"])
		listed[id] = append(listed[id], point{r["lon"], r["lat"]})
	}
	n := 0
	for _, u := range On(day("2025-07-01")) {
		if u.Tier != CommuneTier {
			continue
		}
		n++
		near := func(s string, f float64) bool {
			v, err := strconv.ParseFloat(s, 64)
			return err == nil && math.Abs(v-f) < 1e-4
		}
		at := listed[string(u.Area)+alike(u.Name)]
		if !slices.ContainsFunc(at, func(p point) bool { return near(p.lon, u.Lon) && near(p.lat, u.Lat) }) {
			t.Errorf("%s %s lies at %g %g, listed %v", u.Key, u.Name, u.Lon, u.Lat, at)
		}
	}
	if n != 94+99+18 {
		t.Errorf("%d communes", n)
	}
}
