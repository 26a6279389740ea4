package org_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/job"
)

var day = clock.MustDate

func schemas() []db.Schema { return []db.Schema{job.Schema, org.Schema, access.Schema} }

// each runs test on every engine, as the house itself.
func each(t *testing.T, test func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		o := org.New(d, event.New(job.New(d)))
		access.Register(o.Module().Actions...)
		test(t, access.System(ctx), o, d)
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func add(t testing.TB, ctx context.Context, o *org.Org, parent org.UnitID, code, name string, k org.Kind, on string) org.UnitID {
	t.Helper()
	id, err := o.Add(ctx, org.Unit{Parent: parent, Code: code, Name: name, Kind: k, Tier: org.TierOf(k)}, org.Basis{On: day(on)})
	must(t, err)
	return id
}

func TestUnitsAreDated(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
		p := add(t, ctx, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		q := add(t, ctx, o, p, "502", "Thành phố Tam Kỳ", org.KindCity, "2020-01-01")
		c := add(t, ctx, o, q, "20560", "Xã Điện Thắng Bắc", org.KindCommune, "2020-01-01")
		must(t, o.Reclassify(ctx, c, org.KindWard, "Phường Điện Thắng Bắc", org.Basis{On: day("2025-01-01"),
			Act: org.Act{Number: "1241/NQ-UBTVQH15", Issuer: "Ủy ban Thường vụ Quốc hội", Signed: day("2024-10-24")}}))
		for on, want := range map[string]string{"2019-12-31": "", "2020-01-01": "Xã Điện Thắng Bắc",
			"2024-12-31": "Xã Điện Thắng Bắc", "2025-01-01": "Phường Điện Thắng Bắc"} {
			if got := o.On(ctx, day(on)).Name(c); got != want {
				t.Errorf("on %s it is %q, want %q", on, got, want)
			}
		}
		now := o.Now(ctx)
		if !now.Within(c, p) || !now.Within(c, c) || now.Within(p, c) || now.Len() != 3 || len(now.Subtree(q)) != 2 {
			t.Error("the tree does not hold together")
		}
		if up := now.Ancestors(c); len(up) != 2 || up[0] != q || up[1] != p {
			t.Errorf("ancestors are %v", up)
		}
		again := org.New(d, nil)
		if got := again.On(ctx, day("2024-12-31")).Name(c); got != "Xã Điện Thắng Bắc" {
			t.Errorf("another node reads %q", got)
		}
	})
}

func TestSuccession(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
		p := add(t, ctx, o, "", "79", "Thành phố Hồ Chí Minh", org.KindMunicipality, "1976-07-02")
		q9 := add(t, ctx, o, p, "763", "Quận 9", org.KindUrbanDistrict, "1997-04-01")
		q2 := add(t, ctx, o, p, "769", "Quận 2", org.KindUrbanDistrict, "1997-04-01")
		w := add(t, ctx, o, q9, "26857", "Phường Long Phước", org.KindWard, "1997-04-01")
		td, err := o.Add(ctx, org.Unit{Parent: p, Code: "769", Name: "Thành phố Thủ Đức", Kind: org.KindCity, Tier: org.District},
			org.Basis{On: day("2021-01-01"), Operates: day("2021-01-22")})
		must(t, err)
		by := org.Basis{On: day("2021-01-01"), Operates: day("2021-01-22"), Closes: day("2021-01-21"), Act: org.Act{Number: "1111/NQ-UBTVQH14"}}
		must(t, o.Succeed(ctx, []org.Pair{{From: q9, To: td, Kind: org.Merge, Num: 1, Den: 1}, {From: q2, To: td, Kind: org.Merge, Num: 1, Den: 1}}, by))
		if o.Main(q9) != td || !o.Now(ctx).Within(w, td) || o.Now(ctx).Has(q9) {
			t.Error("the ward did not follow its district")
		}
		if !o.On(ctx, day("2020-12-31")).Within(w, q9) {
			t.Error("history changed")
		}
		if !o.Covers(td, q9) || !o.Covers(p, q9) || o.Covers(q9, td) || !o.Covers(q9, q9) || o.Covers(q2, q9) {
			t.Error("rights do not reach the ended district as they should")
		}
		on := day("2021-01-20")
		if tr := o.Working(ctx, on); !tr.Has(q9) || tr.Has(td) {
			t.Error("before the authorities started the old ones were at work")
		}
		if tr := o.Working(ctx, day("2021-01-21")); tr.Has(q9) || tr.Has(td) {
			t.Error("old seals are void on 21/1, the new authorities start on 22/1")
		}
		if !o.On(ctx, on).Has(td) {
			t.Error("by law the city is there from 1/1")
		}
		narrowed(t, ctx, o, d)
	})
}

// narrowed wants org_reach to answer as Covers does, for every pair of units.
func narrowed(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
	t.Helper()
	type pair struct {
		Top org.UnitID `db:"top"`
		Low org.UnitID `db:"low"`
	}
	rows, err := db.All[pair](ctx, d, `select distinct top.unit_id as top, low.unit_id as low from org_reach low
		join org_reach top on low.path >= top.path and low.path < top.path_end`)
	must(t, err)
	units, err := db.All[org.UnitID](ctx, d, `select id from org_unit`)
	must(t, err)
	inSQL := map[pair]bool{}
	for _, r := range rows {
		inSQL[r] = true
	}
	for _, top := range units {
		for _, low := range units {
			if o.Covers(top, low) != inSQL[pair{top, low}] {
				t.Errorf("Covers(%s, %s) is %v, org_reach says otherwise", top, low, o.Covers(top, low))
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, _ *db.DB) {
		p := add(t, ctx, o, "", "01", "Thành phố Hà Nội", org.KindMunicipality, "2000-01-01")
		q := add(t, ctx, o, p, "001", "Quận Ba Đình", org.KindUrbanDistrict, "2000-01-01")
		for name, err := range map[string]error{
			"a parent that ends":   o.End(ctx, p, org.Basis{On: day("2020-01-01")}),
			"a ring":               o.Move(ctx, p, q, org.Basis{On: day("2020-01-01")}),
			"no name":              o.Rename(ctx, q, "  ", org.Basis{On: day("2020-01-01")}),
			"before it began":      o.Rename(ctx, q, "Quận X", org.Basis{On: day("1999-01-01")}),
			"no such unit":         o.Rename(ctx, "none", "Quận X", org.Basis{On: day("2020-01-01")}),
			"a stale edition":      o.Change(ctx, q, org.Edit{}, org.Basis{On: day("2020-01-01"), Edition: 7}),
			"shares above one":     o.Succeed(ctx, []org.Pair{{From: q, To: p, Kind: org.Merge, Num: 3, Den: 2}}, org.Basis{On: day("2020-01-01")}),
			"successors not there": o.Succeed(ctx, []org.Pair{{From: q, To: "none", Kind: org.Merge, Num: 1, Den: 1}}, org.Basis{On: day("2020-01-01")}),
		} {
			if err == nil || errs.Of(err).Kind == errs.Fault {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := o.End(access.As(context.Background(), access.Actor{}, o.Covers), q, org.Basis{On: day("2020-01-01")}); !errors.Is(err, errs.Denied) {
			t.Errorf("a neighbour may end a unit: %v", err)
		}
	})
}

// What is recorded for a day to come is told and reached on that day.
func TestTheDayBrings(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		q := job.New(d)
		bus := event.New(q)
		o := org.New(d, bus)
		var told []org.UnitsSucceeded
		event.On(bus, "test", func(_ context.Context, e org.UnitsSucceeded) error { told = append(told, e); return nil })
		at := func(s string) context.Context { return clock.At(access.System(ctx), day(s).Time()) }
		p := add(t, at("2025-06-01"), o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		a := add(t, at("2025-06-01"), o, p, "1", "Xã A", org.KindCommune, "2020-01-01")
		b := add(t, at("2025-06-01"), o, p, "2", "Xã B", org.KindCommune, "2025-07-01")
		must(t, o.Succeed(at("2025-06-15"), []org.Pair{{From: a, To: b, Kind: org.Merge, Num: 1, Den: 1}}, org.Basis{On: day("2025-07-01")}))
		must(t, q.Drain(ctx))
		if len(told) != 0 || o.Covers(b, a) || !o.Covers(p, b) {
			t.Errorf("before the day: told %v, reach of a by b %v, of b by the province %v", told, o.Covers(b, a), o.Covers(p, b))
		}
		must(t, o.Refresh(at("2025-06-30")))
		if o.Covers(b, a) {
			t.Error("it takes effect a day early")
		}
		must(t, o.Refresh(at("2025-07-01")))
		must(t, q.Drain(ctx))
		if len(told) != 1 || told[0].On != day("2025-07-01") || !o.Covers(b, a) {
			t.Errorf("on the day: told %v, reach %v", told, o.Covers(b, a))
		}
		must(t, o.Refresh(at("2025-07-02")))
		must(t, q.Drain(ctx))
		if len(told) != 1 {
			t.Errorf("told %d times", len(told))
		}
		narrowed(t, at("2025-07-02"), o, d)
	})
}

// Two nodes on one database: what one changes, the other sees within two seconds,
// and two changes at once do not tread on each other.
func TestTwoNodes(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
		p := add(t, ctx, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		other := org.New(d, nil)
		if !other.Now(ctx).Has(p) {
			t.Fatal("the other node does not read what is there")
		}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				node := []*org.Org{o, other}[i%2]
				ctx := access.System(db.Guard(context.Background()))
				if _, err := node.Add(ctx, org.Unit{Parent: p, Name: fmt.Sprint("Xã ", i), Kind: org.KindCommune, Tier: org.Commune}, org.Basis{On: day("2020-01-01")}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for end := time.Now().Add(4 * time.Second); o.Now(ctx).Len() < 9 || other.Now(ctx).Len() < 9; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d and %d units", o.Now(ctx).Len(), other.Now(ctx).Len())
			}
		}
		narrowed(t, ctx, o, d)
	})
}

// A transaction sees its own units; when it fails, nobody does.
func TestUndone(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
		p := add(t, ctx, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		err := d.Tx(ctx, func(ctx context.Context) error {
			c := add(t, ctx, o, p, "1", "Xã A", org.KindCommune, "2020-01-01")
			if !o.Now(ctx).Within(c, p) {
				t.Error("the transaction does not see its own unit")
			}
			if err := d.Try(ctx, func(ctx context.Context) error {
				add(t, ctx, o, p, "2", "Xã B", org.KindCommune, "2020-01-01")
				return errs.Conflict
			}); err == nil {
				t.Error("the part did not fail")
			}
			if n := o.Now(ctx).Len(); n != 2 {
				t.Errorf("%d units after the part was undone", n)
			}
			return errs.Conflict
		})
		if !errors.Is(err, errs.Conflict) || o.Now(ctx).Len() != 1 {
			t.Errorf("%v, %d units", err, o.Now(ctx).Len())
		}
	})
}
