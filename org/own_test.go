package org_test

import (
	"context"
	"slices"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/db"
)

func TestOwnUnits(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
		p := add(t, ctx, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		q := add(t, ctx, o, p, "506", "Huyện Đại Lộc", org.KindRuralDistrict, "2020-01-01")
		office := add(t, ctx, o, q, "", "Phòng Văn hóa và Thông tin", org.KindDivision, "2020-01-01")
		sea := add(t, ctx, o, p, "", "Sở Nội vụ", org.KindDepartment, "2020-01-01")
		desk := add(t, ctx, o, sea, "", "Phòng Đào tạo", org.KindDivision, "2020-01-01")
		a := add(t, ctx, o, q, "20500", "Xã Đại Hiệp", org.KindCommune, "2020-01-01")
		village := add(t, ctx, o, a, "", "Thôn Phú Trung", org.KindVillage, "2020-01-01")
		gone := add(t, ctx, o, q, "20503", "Xã Đại Nghĩa", org.KindCommune, "2020-01-01")
		must(t, o.Succeed(ctx, []org.Pair{{From: gone, To: a, Kind: org.Merge, Num: 1, Den: 1}}, org.Basis{On: day("2025-01-01")}))
		for top, want := range map[org.UnitID][]org.UnitID{p: {p}, q: {q, office}, sea: {sea, desk}, a: {a, village, gone}, village: {village}} {
			got := o.OwnUnits(top)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("own of %s: %d units, want %d", o.Now(ctx).Name(top), len(got), len(want))
			}
		}
	})
}
