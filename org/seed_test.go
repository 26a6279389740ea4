package org_test

import (
	"context"
	"testing"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/id"
)

// demo seeds the units of the demo.
func demo(t testing.TB, ctx context.Context, o *org.Org) {
	t.Helper()
	at := clock.At(id.Seeded(ctx, 2022), day("2022-04-01").Time())
	must(t, o.Module().Seed(at))
}

// byCode finds a unit of a date.
func byCode(t testing.TB, ctx context.Context, o *org.Org, on, code string) org.UnitID {
	t.Helper()
	for _, u := range o.On(ctx, day(on)).All() {
		if u.Code == code {
			return u.ID
		}
	}
	t.Fatalf("no unit %s on %s", code, on)
	return ""
}

func TestDemo(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
		start := time.Now()
		demo(t, ctx, o)
		t.Logf("seeded in %v", time.Since(start))
		q9 := byCode(t, ctx, o, "2020-12-31", "763")
		for _, c := range []struct {
			on, root string
			tier     org.Tier
			want     int
		}{
			{"2022-04-01", "49", org.District, 18}, {"2022-04-01", "49", org.Commune, 241}, {"2022-04-01", "24", org.Commune, 209},
			{"2022-04-01", "24", org.District, 10}, {"2025-06-30", "49", org.District, 17}, {"2025-06-30", "49", org.Commune, 233},
			{"2025-06-30", "24", org.Commune, 192}, {"2022-04-01", "49", org.Agency, 22},
		} {
			if got := o.On(ctx, day(c.on)).Count(byCode(t, ctx, o, c.on, c.root), c.tier); got != c.want {
				t.Errorf("%s on %s: %d of tier %s, want %d", c.root, c.on, got, c.tier, c.want)
			}
		}
		if name := o.Now(ctx).Name(o.Main(q9)); name != "Thành phố Thủ Đức" {
			t.Errorf("Quận 9 became %q", name)
		}
		old, err := o.AsOf(ctx, day("2021-06-01"), day("2020-12-01").Time().UnixMicro())
		must(t, err)
		if !old.Has(q9) {
			t.Error("as known in 2020, Quận 9 would be there in June 2021")
		}
		p, err := o.PreviewMerge2025(ctx)
		must(t, err)
		if !p.Ready() {
			t.Fatalf("the merger is not ready: %v", p.Of(org.NoteProblem))
		}
		start = time.Now()
		must(t, o.Merge2025(ctx))
		t.Logf("merged in %v", time.Since(start))
		now := o.Now(ctx)
		if now.Count("", org.District) != 0 {
			t.Error("districts are left")
		}
		danang := byCode(t, ctx, o, "2025-07-01", "48")
		if now.Count(danang, org.Commune) != 94 || now.Count(danang, org.Agency) != 22 {
			t.Errorf("Đà Nẵng has %d communes and %d departments", now.Count(danang, org.Commune), now.Count(danang, org.Agency))
		}
		if o.Merge2025(ctx) == nil {
			t.Error("the merger happens twice")
		}
		if !o.Covers(danang, byCode(t, ctx, o, "2022-04-01", "20335")) {
			t.Error("Đà Nẵng does not reach the old ward")
		}
		narrowedSome(t, ctx, o, d)
	})
}

// narrowedSome is narrowed for the top units alone, in a house of many units.
func narrowedSome(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
	t.Helper()
	for _, top := range o.On(ctx, day("2022-04-01")).Roots() {
		lows, err := db.All[org.UnitID](ctx, d, `select distinct low.unit_id from org_reach low join org_reach top
			on low.path >= top.path and low.path < top.path_end where top.unit_id = $1`, top)
		must(t, err)
		n := 0
		all, err := db.All[org.UnitID](ctx, d, `select id from org_unit`)
		must(t, err)
		for _, low := range all {
			if o.Covers(top, low) {
				n++
			}
		}
		if n != len(lows) {
			t.Errorf("%s covers %d units, org_reach says %d", top, n, len(lows))
		}
	}
}
