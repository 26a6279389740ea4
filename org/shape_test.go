package org_test

import (
	"context"
	"math"
	"os"
	"strings"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

func TestShapes(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, _ *db.DB) {
		_, err := o.Record(ctx, part(t, "units/qd19_2025-07-01.csv", "2025-07-01", "48", "56"))
		must(t, err)
		for _, name := range []string{"geo/48_da_nang_communes.geojson", "geo/48_da_nang_communes.topojson", "geo/provinces.topojson"} {
			f, err := os.Open(shared(t, name))
			must(t, err)
			in, err := o.ImportShapes(ctx, f, day("2025-07-01"))
			f.Close()
			must(t, err)
			if want := map[bool]int{true: 2, false: 94}[strings.Contains(name, "provinces")]; in.Matched != want {
				t.Errorf("%s: %d matched, want %d; unknown %v", name, in.Matched, want, in.Unknown)
			}
		}
		now := o.Now(ctx)
		hoangSa := byCode(t, ctx, o, "2025-07-01", "20333")
		u, _ := now.Unit(hoangSa)
		if math.Abs(u.Lat-16.5) > 1 || math.Abs(u.Lon-112) > 1 {
			t.Errorf("Hoàng Sa lies at %f, %f", u.Lat, u.Lon)
		}
		var ids []org.UnitID
		for _, u := range now.All() {
			ids = append(ids, u.ID)
		}
		shapes, err := o.Outlines(ctx, ids, day("2026-01-01"))
		must(t, err)
		if len(shapes) != 96 || len(shapes[hoangSa]) < 10 {
			t.Errorf("%d outlines, %d of Hoàng Sa's islands", len(shapes), len(shapes[hoangSa]))
		}
		if p := shapes[byCode(t, ctx, o, "2025-07-01", "56")]; len(p) < 100 {
			t.Errorf("%d rings of Khánh Hòa: Trường Sa dropped out", len(p))
		}
		_, err = o.ImportShapes(ctx, strings.NewReader(`{"type":"Feature","properties":{"code":"99999"},"geometry":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}}`), day("2025-07-01"))
		if errs.Of(err).Text.Key != "org.shape.none" {
			t.Errorf("outlines of nobody: %v", err)
		}
	})
}
