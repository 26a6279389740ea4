package org_test

import (
	"context"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/db"
)

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, _ *db.DB) {
		p := add(t, ctx, o, "", "79", "Thành phố Hồ Chí Minh", org.KindMunicipality, "2000-01-01")
		q := add(t, ctx, o, p, "767", "Quận Tân Phú", org.KindUrbanDistrict, "2000-01-01")
		w := add(t, ctx, o, q, "26836", "Phường Tân Phú", org.KindWard, "2000-01-01")
		v := add(t, ctx, o, q, "26845", "Phường Tân Phú Trung", org.KindWard, "2000-01-01")
		x := add(t, ctx, o, q, "26842", "Phường Tăng Nhơn Phú A", org.KindWard, "2000-01-01")
		d := add(t, ctx, o, p, "", "Sở Đầu tư", org.KindDepartment, "2000-01-01")
		y := add(t, ctx, o, q, "26848", "Phường Tấn Phù", org.KindWard, "2000-01-01")
		for query, want := range map[string][]org.UnitID{
			"tân phú":        {q, w, y, v, x},
			"tan phu":        {q, w, y, v, x},
			"TAN  PHU":       {q, w, y, v, x},
			"phường tân phú": {w, y, v, x},
			"26842":          {x},
			"2684":           {x, v, y},
			"phu a":          {x},
			"dau tu":         {d},
			"đầu":            {d},
			"xyz":            nil,
			" ":              nil,
		} {
			got := o.Now(ctx).Search(query, "", 10)
			var ids []org.UnitID
			for _, u := range got {
				ids = append(ids, u.ID)
			}
			same := len(ids) == len(want)
			for i := range ids {
				same = same && ids[i] == want[i]
			}
			if !same {
				names := make([]string, len(got))
				for i, u := range got {
					names[i] = u.Name
				}
				t.Errorf("%q finds %q", query, names)
			}
		}
		if got := o.Now(ctx).Search("tan", q, 1); len(got) != 1 || got[0].ID != q {
			t.Errorf("below %s: %v", q, got)
		}
	})
}
