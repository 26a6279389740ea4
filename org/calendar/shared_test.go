package calendar

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared opens a file of the research folder ../shared/data beside the
// repository (LOTRINH_SHARED names another place), and skips where there is none.
func shared(t *testing.T, name string) [][]string {
	t.Helper()
	dir := os.Getenv("LOTRINH_SHARED")
	if dir == "" {
		dir = "../../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Skipf("no shared data here: %v", err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// The computed list of holidays agrees: what it calls statutory is in the seed,
// and every holiday of the seed is in it, at least as a candidate.
func TestSeedAgreesWithComputedList(t *testing.T) {
	listed := map[string]string{}
	for _, row := range shared(t, "holidays_vn_2020_2027.csv") {
		if strings.Contains(row[0], "..") {
			continue
		}
		listed[row[0]] = row[4]
	}
	inSeed := map[string]Day{}
	for _, d := range Seed() {
		if d.Kind == Holiday {
			inSeed[d.Date.String()] = d
			if listed[d.Date.String()] == "" && d.Status != Candidate {
				t.Errorf("%s %s is not in the list", d.Date, d.Name)
			}
		}
	}
	for date, status := range listed {
		if _, ok := inSeed[date]; !ok && status == "statutory" {
			t.Errorf("%s is statutory and not in the seed", date)
		}
	}
	if len(listed) < 100 {
		t.Errorf("only %d days were listed", len(listed))
	}
}
