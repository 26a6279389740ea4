package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/measure"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
)

// The merger of 1/7/2025 on the demo's units: what was counted for the units of 2022
// adds up to the same as now, and as it was it reads as before the merger.
func TestTheMergerOf2025KeepsEveryFigure(t *testing.T) {
	onEachEngine(t, func(t *testing.T, h *House) {
		began := clock.MustDate("2022-04-01")
		seed := access.System(id.Seeded(clock.At(context.Background(), began.Time().Add(8*time.Hour)), demoSeed))
		need(t, h.Orgs.Module().Seed(seed))
		ctx := access.System(context.Background())
		m, n := oneFactEach(ctx, h.Orgs, began+60)
		was := func(root org.UnitID, rows measure.Rows) string {
			r, err := m.Results(ctx, measure.Query{Unit: root, Rows: rows, AsItWas: true, To: clock.MustDate("2022-12-31")})
			need(t, err)
			return fmt.Sprintf("%s %+v %+v", r.Unit.Name, r.Rows, r.Total)
		}
		roots := h.Orgs.On(ctx, began+60).Roots()
		before := map[org.UnitID][]string{}
		for _, root := range roots {
			before[root] = []string{was(root, measure.ByUnit), was(root, measure.ByCommune), was(root, measure.ByTier)}
		}
		if got := sumNow(t, ctx, h, m); got != n {
			t.Fatalf("before the merger the provinces of today count %d of %d", got, n)
		}
		need(t, h.Orgs.Merge2025(ctx))
		if len(h.Orgs.Now(ctx).Roots()) >= len(roots) {
			t.Fatal("no province was merged")
		}
		if got := sumNow(t, ctx, h, m); got != n {
			t.Errorf("after the merger the provinces of today count %d of %d", got, n)
		}
		for root, want := range before {
			for i, got := range []string{was(root, measure.ByUnit), was(root, measure.ByCommune), was(root, measure.ByTier)} {
				if got != want[i] {
					t.Errorf("as it was, %d: %s\nwant %s", i, got, want[i])
				}
			}
		}
	})
}

// oneFactEach counts one record in each unit that lived on a day, and says how many.
func oneFactEach(ctx context.Context, orgs *org.Org, on clock.Date) (*measure.Measure, int64) {
	units := orgs.On(ctx, on).All()
	src := module.Source{Key: "t", Measures: []module.Measure{{Key: "t.done", Step: module.Completed}},
		Facts: func(_ context.Context, since time.Time, yield func(module.Fact) error) error {
			for i, u := range units {
				if err := yield(module.Fact{Measure: "t.done", Record: fmt.Sprint(i), Unit: string(u.ID), Person: fmt.Sprint("p", i), Category: "cadre", On: on, N: 1}); err != nil {
					return err
				}
			}
			return nil
		}}
	return measure.New(orgs, src), int64(len(units))
}

// sumNow adds up the provinces of today, row by row.
func sumNow(t *testing.T, ctx context.Context, h *House, m *measure.Measure) (n int64) {
	t.Helper()
	for _, root := range h.Orgs.Now(ctx).Roots() {
		r, err := m.Results(ctx, measure.Query{Unit: root, Rows: measure.ByCommune})
		need(t, err)
		rows := int64(0)
		for _, row := range r.Rows {
			rows += row.Cells[0].N
		}
		if rows != r.Total.Cells[0].N {
			t.Errorf("%s: rows add up to %d, total %d", r.Unit.Name, rows, r.Total.Cells[0].N)
		}
		n += rows
	}
	return n
}
