package org_test

import (
	"context"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/event"
	"lotrinh/platform/id"
	"lotrinh/platform/job"
)

// The demo has Quảng Nam's officials, the same ones each time, with a head and a
// head of the Party committee in each commune and district; and lecturers who are
// fit to teach.
func TestSeededPeople(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		q := job.New(d)
		o := org.New(d, event.New(q))
		access.Register(o.Module().Actions...)
		ctx = access.System(id.Seeded(clock.At(ctx, day("2022-04-01").Time()), 1))
		must(t, o.Module().Seed(ctx))
		must(t, q.Drain(ctx))
		n, err := db.One[int](ctx, d, `select count(*) from org_post p join org_unit_state s on s.unit_id = p.unit_id
			where p.from_on = '2021-07-01' and s.from_on <= '2022-05-05' and (s.to_on is null or s.to_on > '2022-05-05') and p.unit_id in
			(select low.unit_id from org_reach low join org_reach top on low.path >= top.path and low.path < top.path_end
			join org_unit_state t on t.unit_id = top.unit_id where t.code = '49' and t.tier = 'province')`)
		if err != nil || n < 5500 || n > 5900 {
			t.Errorf("%d officials of Quảng Nam, %v", n, err)
		}
		tree := o.On(ctx, day("2022-05-05"))
		var units []org.UnitID
		for _, u := range tree.All() {
			if up, ok := tree.Up(u.ID, org.Province); ok && tree.Name(up) == "Tỉnh Quảng Nam" && (u.Tier == org.Commune || u.Tier == org.District) {
				units = append(units, u.ID)
			}
		}
		heads, err := o.HeadsOf(ctx, units, day("2022-05-05"))
		must(t, err)
		for _, u := range units {
			if len(heads[u]) != 2 {
				t.Fatalf("%s has %d heads", tree.Name(u), len(heads[u]))
			}
		}
		if len(units) != 18+241 {
			t.Errorf("%d districts and communes", len(units))
		}
		counts, err := o.TeamCounts(ctx, byCode(t, ctx, o, "2022-05-05", "49"), day("2022-05-05"))
		must(t, err)
		if c := counts[0]; c.Teams != 241 || c.Members != 241*7 || c.Persons != c.Members || c.Short != 0 {
			t.Errorf("teams: %+v", c)
		}
		fit := 0
		list, err := o.Lecturers(ctx, org.LecturerFilter{})
		must(t, err)
		for _, l := range list {
			if o.LecturerFit(ctx, l.Person, day("2022-05-05")) == nil {
				fit++
			}
		}
		if fit < 10 {
			t.Errorf("%d of %d lecturers may teach", fit, len(list))
		}
	})
}
