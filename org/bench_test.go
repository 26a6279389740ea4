package org_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/dbtest"
)

// shared is the path of a file of the data that lies beside the repository; the
// test is skipped where it does not.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("LOTRINH_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(dir, "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here", path)
	}
	return path
}

func readCSV(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	must(t, err)
	out := make([]map[string]string, len(rows)-1)
	for i, r := range rows[1:] {
		out[i] = map[string]string{}
		for c, name := range rows[0] {
			out[i][name] = r[c]
		}
	}
	return out
}

// national is the history of one list of the whole country.
func national(t testing.TB, name, on string) org.History {
	var h org.History
	for _, r := range readCSV(t, shared(t, name)) {
		tier := org.Tier(r["tier"])
		k, ok := org.KindOf(r["level"], tier)
		if !ok {
			t.Fatalf("unknown kind %q", r["level"])
		}
		h.Spans = append(h.Spans, org.Span{Unit: org.Unit{ID: org.UnitID(r["code"]), Parent: org.UnitID(r["parent_code"]),
			Code: r["code"], Name: r["name"], Kind: k, Tier: tier, From: day(on)}})
	}
	return h
}

func country(b *testing.B) (context.Context, *org.Org, map[string]org.UnitID) {
	h := national(b, "units/gso_2022-05-05.csv", "2022-05-05")
	ctx := access.System(context.Background())
	o := org.New(dbtest.SQLite(b, schemas()), nil)
	ids, err := o.Record(ctx, h)
	must(b, err)
	return ctx, o, ids
}

var on2022 = clock.MustDate("2022-06-01")

func BenchmarkNow(b *testing.B) {
	ctx, o, _ := country(b)
	for b.Loop() {
		o.Now(ctx)
	}
}

func BenchmarkOn(b *testing.B) {
	ctx, o, _ := country(b)
	for b.Loop() {
		o.On(ctx, on2022)
	}
}

// BenchmarkRead reads every unit of the country in preorder.
func BenchmarkRead(b *testing.B) {
	ctx, o, _ := country(b)
	n := 0
	for b.Loop() {
		n = 0
		all := o.Now(ctx).All()
		for i := range all {
			if all[i].Tier == org.Commune {
				n++
			}
		}
	}
	b.ReportMetric(float64(o.Now(ctx).Len()), "units")
}

func BenchmarkSubtree(b *testing.B) {
	ctx, o, ids := country(b)
	t := o.Now(ctx)
	n := 0
	for b.Loop() {
		n = len(t.Subtree(ids["49"]))
	}
	b.ReportMetric(float64(n), "units")
}

func BenchmarkWithin(b *testing.B) {
	ctx, o, ids := country(b)
	t := o.Now(ctx)
	for b.Loop() {
		t.Within(ids["20335"], ids["49"])
	}
}

func BenchmarkCovers(b *testing.B) {
	_, o, ids := country(b)
	for b.Loop() {
		o.Covers(ids["49"], ids["20335"])
	}
}

// BenchmarkGrow makes the tree of the country from all states.
func BenchmarkGrow(b *testing.B) {
	ctx, o, _ := country(b)
	for b.Loop() {
		o.Working(ctx, on2022)
	}
}

// BenchmarkRename changes one unit of the country, with its reach and on disk.
func BenchmarkRename(b *testing.B) {
	ctx, o, ids := country(b)
	name := "Xã Mới"
	for b.Loop() {
		must(b, o.Rename(ctx, ids["20335"], name, org.Basis{On: on2022}))
		name += "a"
	}
}

// BenchmarkRecord brings the country in.
func BenchmarkRecord(b *testing.B) {
	h := national(b, "units/gso_2022-05-05.csv", "2022-05-05")
	ctx := access.System(context.Background())
	for b.Loop() {
		b.StopTimer()
		o := org.New(dbtest.SQLite(b, schemas()), nil)
		b.StartTimer()
		_, err := o.Record(ctx, h)
		must(b, err)
	}
}

// BenchmarkLoad reads the country from disk, as a node does when it starts.
func BenchmarkLoad(b *testing.B) {
	h := national(b, "units/gso_2022-05-05.csv", "2022-05-05")
	ctx := access.System(context.Background())
	d := dbtest.SQLite(b, schemas())
	_, err := org.New(d, nil).Record(ctx, h)
	must(b, err)
	for b.Loop() {
		if org.New(d, nil).Now(ctx).Len() < 11000 {
			b.Fatal("units are missing")
		}
	}
}

// BenchmarkMerger carries the merger of 1/7/2025 out on the whole country.
func BenchmarkMerger(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		ctx, o, m, p := nation(b)
		b.StartTimer()
		must(b, o.ApplyMerger(ctx, m, p.Stamp))
	}
}

// BenchmarkPreview works the merger of 1/7/2025 out on the whole country.
func BenchmarkPreview(b *testing.B) {
	ctx, o, m, _ := nation(b)
	for b.Loop() {
		_, err := o.PreviewMerger(ctx, m)
		must(b, err)
	}
}
