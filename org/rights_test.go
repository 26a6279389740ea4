package org_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// Every use case of units, called by nobody, by the administrator of a neighbour
// province, and by a learner of the province itself.
func TestWhoMayChangeUnits(t *testing.T) {
	each(t, func(t *testing.T, sys context.Context, o *org.Org, d *db.DB) {
		mine := add(t, sys, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		commune := add(t, sys, o, mine, "20335", "Xã Tân Thạnh", org.KindCommune, "2020-01-01")
		other := add(t, sys, o, mine, "20341", "Xã An Mỹ", org.KindCommune, "2020-01-01")
		next := add(t, sys, o, "", "48", "Thành phố Đà Nẵng", org.KindMunicipality, "2020-01-01")
		by := org.Basis{On: day("2025-01-01")}
		stamp := func() string {
			p, err := o.PreviewMerger(sys, org.Merger{Rows: someRows(), By: by})
			must(t, err)
			return p.Stamp
		}
		cases := map[string]func(ctx context.Context) error{
			"Add": func(ctx context.Context) error {
				return errOf(o.Add(ctx, org.Unit{Parent: mine, Name: "Xã Mới", Kind: org.KindCommune, Tier: org.Commune}, by))
			},
			"Add at the root": func(ctx context.Context) error {
				return errOf(o.Add(ctx, org.Unit{Name: "Tỉnh Mới", Kind: org.KindProvince, Tier: org.Province}, by))
			},
			"AddAll": func(ctx context.Context) error {
				return errOf(o.AddAll(ctx, []org.Unit{{Parent: commune, Name: "Thôn 1", Kind: org.KindVillage, Tier: org.Village}}, by))
			},
			"Rename": func(ctx context.Context) error { return o.Rename(ctx, commune, "Xã Khác", by) },
			"Reclassify": func(ctx context.Context) error {
				return o.Reclassify(ctx, commune, org.KindWard, "Phường Khác", by)
			},
			"Change": func(ctx context.Context) error {
				code := "1"
				return o.Change(ctx, commune, org.Edit{Code: &code}, by)
			},
			"Move":      func(ctx context.Context) error { return o.Move(ctx, commune, next, by) },
			"Move from": func(ctx context.Context) error { return o.Move(ctx, commune, mine, by) },
			"End":       func(ctx context.Context) error { return o.End(ctx, commune, by) },
			"Succeed": func(ctx context.Context) error {
				return o.Succeed(ctx, []org.Pair{{From: commune, To: other, Kind: org.Merge, Num: 1, Den: 1}}, by)
			},
			"Record": func(ctx context.Context) error { return errOf(o.Record(ctx, org.History{})) },
			"ApplyMerger": func(ctx context.Context) error {
				return o.ApplyMerger(ctx, org.Merger{Rows: someRows(), By: by}, stamp())
			},
			"Import": func(ctx context.Context) error {
				return o.Import(ctx, org.List{By: by, Rows: []org.ListRow{{Code: "49", Name: "Tỉnh Quảng Nam", Tier: org.Province},
					{Code: "20335", Name: "Xã Tên Mới", Tier: org.Commune, ParentCode: "49"}}}, stamp())
			},
			"Merge2025": func(ctx context.Context) error { return o.Merge2025(ctx) },
		}
		actors := map[string]struct {
			ctx  context.Context
			want errs.Kind
		}{
			"stranger":  {db.Guard(context.Background()), errs.Stranger},
			"neighbour": {actor(o, module.Admin, next), errs.Denied},
			"learner":   {actor(o, module.Learner, mine), errs.Denied},
		}
		for who, a := range actors {
			for name, use := range cases {
				if err := use(a.ctx); !errors.Is(err, a.want) && !(name == "Merge2025" && who == "neighbour") {
					t.Errorf("%s by a %s: %v", name, who, err)
				}
			}
		}
		if tr := o.Now(sys); tr.Len() != 4 || tr.Name(commune) != "Xã Tân Thạnh" {
			t.Error("something changed all the same")
		}
		admin := actor(o, module.Admin, mine)
		must(t, o.Rename(admin, commune, "Phường Tân Thạnh", by))
		if err := o.Move(admin, commune, next, by); !errors.Is(err, errs.Denied) {
			t.Errorf("the administrator moves a commune to a province that is not his: %v", err)
		}
	})
}

func actor(o *org.Org, r module.Role, unit org.UnitID) context.Context {
	return access.As(db.Guard(context.Background()), access.Actor{Account: "a", Name: "Một người", Grants: []access.Grant{{Role: r, Unit: unit}}}, o.Covers)
}

func someRows() []org.MapRow {
	rows, err := org.ParseMapping(strings.NewReader("old_province_code,old_province,old_commune_code,old_commune,new_province_code,new_province,new_commune_code,new_commune\n"+
		"49,Tỉnh Quảng Nam,20335,Xã Tân Thạnh,49,Tỉnh Quảng Nam,20335,Phường Tân Thạnh\n"), "x.csv")
	if err != nil {
		panic(err)
	}
	return rows
}
