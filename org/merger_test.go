package org_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// part is the history of some provinces of a national list.
func part(t testing.TB, name, on string, provinces ...string) org.History {
	all := national(t, name, on)
	in := map[org.UnitID]bool{}
	var h org.History
	for _, s := range all.Spans {
		if slices.Contains(provinces, string(s.ID)) || in[s.Parent] {
			in[s.ID] = true
			h.Spans = append(h.Spans, s)
		}
	}
	return h
}

func mapping(t testing.TB, name string) []org.MapRow {
	f, err := os.Open(shared(t, name))
	must(t, err)
	defer f.Close()
	rows, err := org.ParseMapping(f, name)
	must(t, err)
	return rows
}

// merge previews a merger and carries it out.
func merge(t testing.TB, ctx context.Context, o *org.Org, m org.Merger) org.Preview {
	t.Helper()
	p, err := o.PreviewMerger(ctx, m)
	must(t, err)
	for _, n := range p.Of(org.NoteProblem) {
		t.Errorf("problem: %s", n.Text.In(ctx))
	}
	must(t, o.ApplyMerger(ctx, m, p.Stamp))
	return p
}

// paths lists the units of a tree as "code name < parent", the names folded in
// spelling, for comparison with a list.
func paths(tr *org.Tree, tiers ...org.Tier) []string {
	var out []string
	for _, u := range tr.All() {
		if slices.Contains(tiers, u.Tier) {
			parent, _ := tr.Unit(u.Parent)
			out = append(out, u.Code+" "+strings.ToLower(u.Name)+" < "+parent.Code)
		}
	}
	slices.Sort(out)
	return out
}

func differ(t *testing.T, got, want []string) {
	t.Helper()
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("too much: %s", g)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("missing: %s", w)
		}
	}
}

func TestStepOfQuangNam(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, _ *db.DB) {
		_, err := o.Record(ctx, part(t, "units/gso_2022-05-05.csv", "2022-05-05", "49", "24"))
		must(t, err)
		rows := slices.DeleteFunc(mapping(t, "units/step_2022_to_2025_demo_areas.csv"), func(r org.MapRow) bool { return r.OldProvince.Code == "79" })
		p := merge(t, ctx, o, org.Merger{Rows: rows, Absorb: true, By: org.Basis{On: day("2025-01-01"), Act: org.Act{Number: "1241/NQ-UBTVQH15"}}})
		for _, k := range org.NoteKinds {
			for i, n := range p.Of(k) {
				if i < 4 {
					t.Logf("%s: %s", k, n.Text.In(ctx))
				}
			}
		}
		var want []string
		h := part(t, "units/gso_2025-06-30_before_merger.csv", "2025-06-30", "49", "24")
		for _, s := range h.Spans {
			if s.Tier == org.Commune {
				want = append(want, fmt.Sprintf("%s %s", s.Code, strings.ToLower(s.Name)))
			}
		}
		var got []string
		now := o.Now(ctx)
		for _, u := range now.All() {
			if u.Tier == org.Commune {
				got = append(got, fmt.Sprintf("%s %s", u.Code, strings.ToLower(u.Name)))
			}
		}
		differ(t, got, want)
		if n := now.Count("", org.District); n != 27 {
			t.Errorf("%d districts, want 17 + 10", n)
		}
	})
}

func TestMergerOf2025(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
		ids, err := o.Record(ctx, part(t, "units/gso_2025-06-30_before_merger.csv", "2025-03-01", "49", "48", "24", "27"))
		must(t, err)
		office := add(t, ctx, o, ids["49"], "", "Sở Nội vụ tỉnh Quảng Nam", org.KindDepartment, "2025-03-01")
		division := add(t, ctx, o, ids["502"], "", "Phòng Văn hóa thành phố Tam Kỳ", org.KindDivision, "2025-03-01")
		village := add(t, ctx, o, ids["20335"], "", "Khối phố 1", org.KindQuarter, "2025-03-01")
		rows := slices.DeleteFunc(mapping(t, "units/map_2025-07-01_demo_areas.csv"), func(r org.MapRow) bool { return r.OldProvince.Code == "79" })
		rows = append(rows, org.MapRow{OldProvince: org.Ref{Code: "77", Name: "Tỉnh Bà Rịa - Vũng Tàu"}, NewProvince: org.Ref{Code: "79", Name: "Thành phố Hồ Chí Minh"}})
		m := org.Merger{Rows: rows, By: org.Basis{On: day("2025-07-01"), Act: org.Act{Number: "202/2025/QH15"}}}
		p := merge(t, ctx, o, m)
		for _, k := range org.NoteKinds {
			t.Logf("%s: %d", k, p.Count(k))
			for i, n := range p.Of(k) {
				if i < 4 {
					t.Logf("%s: %s", k, n.Text.In(ctx))
				}
			}
		}
		var want []string
		for _, s := range part(t, "units/qd19_2025-07-01.csv", "2025-07-01", "48", "24").Spans {
			if s.Tier == org.Commune {
				want = append(want, s.Code+" "+strings.ToLower(s.Name)+" < "+string(s.Parent))
			}
		}
		now := o.Now(ctx)
		differ(t, paths(now, org.Commune), want)
		if n := now.Count("", org.Commune); n != 94+99 {
			t.Errorf("%d communes, want 94 + 99", n)
		}
		if now.Count("", org.District) != 0 || now.Count("", org.Province) != 2 {
			t.Error("districts are left, or provinces")
		}
		if before := o.On(ctx, day("2025-06-30")); before.Count(ids["49"], org.Commune) != 233 || !before.Within(division, ids["502"]) {
			t.Error("history changed")
		}
		danang := o.Main(ids["49"])
		if danang == ids["48"] || danang != o.Main(ids["48"]) || now.Name(danang) != "Thành phố Đà Nẵng" {
			t.Error("Đà Nẵng of 1/7/2025 is a new unit that both follow")
		}
		for name, u := range map[string]org.UnitID{"department": office, "division": division, "village": village} {
			if !now.Within(u, danang) {
				t.Errorf("the %s did not follow", name)
			}
		}
		if parent, _ := now.Unit(village); parent.Parent != o.Main(ids["20335"]) {
			t.Error("the village lies below another unit than the successor of its ward")
		}
		if !o.Covers(danang, ids["502"]) || o.Covers(o.Main(ids["24"]), ids["502"]) {
			t.Error("the ended district lies in the wrong reach")
		}
		if err := o.ApplyMerger(ctx, m, p.Stamp); errs.Of(err).Kind != errs.Conflict {
			t.Errorf("the same again: %v", err)
		}
	})
}
