package measure

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/module"
)

// Whatever merges, splits, moves or ends, no number is lost or counted twice as
// now, and the past stays as it was.
func TestMergersLoseNoNumber(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, p *province) {
		sys := access.System(ctx)
		w := &mergers{t: t, ctx: sys, p: p, r: rand.New(rand.NewPCG(1726, 2025)), day: day("2022-01-01")}
		w.grow()
		for range 14 {
			w.spread()
			before := w.read(Query{Unit: p.top, Rows: ByUnit, AsItWas: true, To: w.day})
			was := w.day
			w.day += 30
			w.change()
			for _, q := range []Query{{Unit: p.top, Rows: ByUnit}, {Unit: p.top, Rows: ByCommune}, {Unit: p.top, Rows: ByTier}, {Unit: p.top, Rows: ByTopic}} {
				if sum, total := w.sums(q); sum != w.n || total != w.n {
					t.Fatalf("on %s by %s: rows add up to %d, total %d, of %d", w.day, q.Rows, sum, total, w.n)
				}
			}
			if after := w.read(Query{Unit: p.top, Rows: ByUnit, AsItWas: true, To: was}); after != before {
				t.Fatalf("on %s the past of %s is\n%s\nno longer\n%s", w.day, was, after, before)
			}
		}
	})
}

// mergers is a province in which units come and go.
type mergers struct {
	t     *testing.T
	ctx   context.Context
	p     *province
	r     *rand.Rand
	day   clock.Date
	facts []module.Fact
	n     int64 // facts
	names int
}

func (w *mergers) grow() {
	for range 3 {
		d := w.add(w.p.top, org.KindRuralDistrict)
		for range 3 {
			w.add(d, org.KindCommune)
		}
		w.add(d, org.KindDivision)
	}
	src := w.p.source()
	src.Facts = func(_ context.Context, since time.Time, yield func(module.Fact) error) error {
		for _, f := range w.facts {
			if err := yield(f); err != nil {
				return err
			}
		}
		return nil
	}
	w.p.m = New(w.p.orgs, src)
}

func (w *mergers) add(under org.UnitID, k org.Kind) org.UnitID {
	w.names++
	id, err := w.p.orgs.Add(w.ctx, org.Unit{Parent: under, Name: fmt.Sprintf("Đơn vị %d", w.names), Kind: k, Tier: org.TierOf(k)}, org.Basis{On: w.day})
	must(w.t, err)
	return id
}

// spread writes a fact for each unit of the day.
func (w *mergers) spread() {
	for _, u := range w.p.orgs.On(w.ctx, w.day).Subtree(w.p.top) {
		w.n++
		w.facts = append(w.facts, module.Fact{Measure: "attended", Record: fmt.Sprint(w.n), Unit: string(u.ID), Person: fmt.Sprint("p", w.n), Category: "cadre", Topic: "t1", On: w.day, N: 1})
	}
	w.p.m.looked = time.Time{}
}

func (w *mergers) pick(tier org.Tier, not ...org.UnitID) org.UnitID {
	var list []org.UnitID
	for _, u := range w.p.orgs.On(w.ctx, w.day).Subtree(w.p.top) {
		if u.Tier == tier && (len(not) == 0 || u.ID != not[0]) {
			list = append(list, u.ID)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return list[w.r.IntN(len(list))]
}

// change lets one of the things happen that happen to units.
func (w *mergers) change() {
	by := org.Basis{On: w.day}
	a := w.pick(org.Commune)
	b := w.pick(org.Commune, a)
	var err error
	switch w.r.IntN(5) {
	case 0:
		err = w.p.orgs.Succeed(w.ctx, []org.Pair{{From: a, To: b, Kind: org.Merge, Num: 1, Den: 1}}, by)
	case 1:
		x, y := w.add(w.pick(org.District), org.KindCommune), w.add(w.pick(org.District), org.KindCommune)
		err = w.p.orgs.Succeed(w.ctx, []org.Pair{{From: a, To: x, Kind: org.Split, Num: 2, Den: 3}, {From: a, To: y, Kind: org.Split, Num: 1, Den: 3}}, by)
	case 2:
		err = w.p.orgs.Move(w.ctx, a, w.pick(org.District), by)
	case 3:
		if v := w.pick(org.Division); v != "" {
			err = w.p.orgs.End(w.ctx, v, by) // nobody follows it
		}
	case 4:
		if d := w.pick(org.District); d != "" {
			err = w.p.orgs.Succeed(w.ctx, []org.Pair{{From: d, To: w.pick(org.District, d), Kind: org.Merge, Num: 1, Den: 1}}, by)
		}
	}
	must(w.t, err)
}

func (w *mergers) read(q Query) string {
	r, err := w.p.m.Results(w.ctx, q)
	must(w.t, err)
	return text(r)
}

func (w *mergers) sums(q Query) (rows, total int64) {
	r, err := w.p.m.Results(w.ctx, q)
	must(w.t, err)
	for _, row := range r.Rows {
		rows += row.Cells[0].N
	}
	return rows, r.Total.Cells[0].N
}
