package sheet

import (
	"os"
	"path/filepath"
	"testing"

	"lotrinh/platform/text"
)

// unitLists is the folder of unit lists in ../shared/data beside the repository
// (LOTRINH_SHARED names another data folder); the test is skipped where it is not.
func unitLists(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("LOTRINH_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir = filepath.Join(dir, "units")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no unit lists here: %v", err)
	}
	return dir
}

// TestRealUnitNames reads every list of administrative units: no real name may be
// taken for an old font's text or for broken, and each folds and sorts the same
// whichever way its tones are placed.
func TestRealUnitNames(t *testing.T) {
	dir, total := unitLists(t), 0
	for _, pattern := range []string{"gso_*.csv", "qd19_*.csv"} {
		lists, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(lists) == 0 {
			t.Fatalf("%s: %d lists, %v", pattern, len(lists), err)
		}
		for _, list := range lists {
			total += len(readUnits(t, list))
		}
	}
	t.Logf("%d names", total)
}

// TestTonePlacementBetweenReleases compares two releases of one list: the names that
// differ only by where the tone stands, 190 and more, must be the same to us.
func TestTonePlacementBetweenReleases(t *testing.T) {
	dir := unitLists(t)
	before, after := readUnits(t, filepath.Join(dir, "qd19_2025-07-01.csv")), readUnits(t, filepath.Join(dir, "qd19_2026-04-30.csv"))
	differ, same := 0, 0
	for code, name := range before {
		if other := after[code]; other != "" && other != name {
			differ++
			if text.Retone(other) == text.Retone(name) {
				same++
			}
		}
	}
	if same < 190 || differ-same > 20 {
		t.Errorf("of %d names that differ, %d differ by tone placement", differ, same)
	}
}

// readUnits reads the names of a list by code.
func readUnits(t *testing.T, list string) map[string]string {
	t.Helper()
	names := map[string]string{}
	f, err := os.Open(list)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	tab, err := Open(f, info.Size(), list, Limits{})
	if err != nil {
		t.Fatalf("%s: %v", list, err)
	}
	if _, err := tab.Header(Column{Key: "code", Required: true}, Column{Key: "name", Required: true}); err != nil {
		t.Fatalf("%s: %v", list, err)
	}
	for row, err := range tab.Rows() {
		if err != nil || row.Err() != nil {
			t.Fatalf("%s: row %d: %v, %v", list, row.Number, err, row.Err())
		}
		name := row.Text("name")
		r := text.Retone(name)
		if name == "" || text.Fold(r) != text.Fold(name) || text.NameKey(r) != text.NameKey(name) {
			t.Errorf("%s: row %d: %q and %q differ", list, row.Number, name, r)
		}
		for _, w := range row.Warnings() {
			t.Errorf("%s: %s", filepath.Base(list), w.Text().As("vi"))
		}
		names[row.Text("code")] = name
	}
	return names
}
