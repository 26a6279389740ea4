package org_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
)

func TestCleanNumber(t *testing.T) {
	for in, want := range map[string]bool{"": true, "049 090 001 234": true, "049090001234": true, "49090001234": false,
		"000090001234": false, "099090001234": false, "049490001234": false, "04909000123x": false} {
		if _, ok := org.CleanNumber(in); ok != want {
			t.Errorf("%q: %v", in, ok)
		}
	}
}

func someone(unit org.UnitID, name, number string) org.NewPerson {
	return org.NewPerson{Name: name, Birth: day("1990-05-01"), Number: number,
		Post: org.Post{Unit: unit, Title: "Công chức Văn phòng – thống kê", Category: org.CivilServant, From: day("2020-01-01")}}
}

func TestPeople(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
		p := add(t, ctx, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		a := add(t, ctx, o, p, "20335", "Phường Tân Thạnh", org.KindWard, "2020-01-01")
		b := add(t, ctx, o, p, "20341", "Phường An Mỹ", org.KindWard, "2020-01-01")
		ids, err := o.AddPeople(ctx, someone(a, "Trần Thị  Bình", "049190001234"), someone(a, "Lê Văn Ánh", ""), someone(b, "Phạm Ân", ""))
		must(t, err)
		if _, err := o.AddPeople(ctx, someone(b, "Người Khác", "049 190 001 234")); !errors.Is(err, errs.Conflict) {
			t.Errorf("the same number twice: %v", err)
		}
		got, posts, err := o.Person(ctx, ids[0])
		must(t, err)
		if got.Name != "Trần Thị Bình" || got.Mask != "0491****1234" || len(posts) != 1 || !posts[0].Main {
			t.Errorf("%+v %+v", got, posts)
		}
		list, err := o.Search(ctx, org.Filter{Unit: p})
		must(t, err)
		var names []string
		for _, x := range list {
			names = append(names, x.Name)
		}
		if fmt.Sprint(names) != "[Lê Văn Ánh Phạm Ân Trần Thị Bình]" {
			t.Errorf("by given name: %v", names)
		}
		if found, _ := o.Search(ctx, org.Filter{Text: "binh"}); len(found) != 1 {
			t.Errorf("«binh» finds %d", len(found))
		}
		must(t, o.GivePost(ctx, org.Post{Person: ids[0], Unit: b, Title: "Phó Chủ tịch", Category: org.Cadre, Main: true, From: day("2023-03-01")}))
		for on, want := range map[string]org.UnitID{"2023-02-28": a, "2023-03-01": b} {
			if unit, _, err := o.PostOn(ctx, ids[0], day(on)); err != nil || unit != want {
				t.Errorf("on %s in %v (%v)", on, unit, err)
			}
		}
		if _, _, err := o.PostOn(ctx, ids[0], day("2019-12-31")); !errors.Is(err, errs.NotFound) {
			t.Errorf("a post before the first: %v", err)
		}
	})
}

// Whoever may read one ward reads no person of its neighbour, and a stranger none.
func TestPeopleKeepToTheirUnit(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, o *org.Org, d *db.DB) {
		p := add(t, ctx, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
		a := add(t, ctx, o, p, "20335", "Phường Tân Thạnh", org.KindWard, "2020-01-01")
		b := add(t, ctx, o, p, "20341", "Phường An Mỹ", org.KindWard, "2020-01-01")
		ids, err := o.AddPeople(ctx, someone(a, "Trần Thị Bình", ""), someone(b, "Phạm Ân", ""))
		must(t, err)
		officer := access.As(db.Guard(context.Background()), access.Actor{Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: a}}}, o.Covers)
		self := access.As(db.Guard(context.Background()), access.Actor{Person: ids[1]}, o.Covers)
		for _, c := range []struct {
			name string
			err  error
			want error
		}{
			{"own", second(o.Person(officer, ids[0])), nil},
			{"neighbour", second(o.Person(officer, ids[1])), errs.Denied},
			{"himself", second(o.Person(self, ids[1])), nil},
			{"stranger", second(o.Person(context.Background(), ids[1])), errs.Stranger},
			{"adds to a neighbour", first(o.AddPeople(officer, someone(b, "Kẻ Lạ", ""))), errs.Denied},
			{"gives a post there", o.GivePost(officer, org.Post{Person: ids[0], Unit: b, Category: org.Cadre, From: day("2024-01-01")}), errs.Denied},
			{"ends one there", o.EndPost(officer, mainPost(t, ctx, o, ids[1]), day("2024-01-01")), errs.Denied},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v", c.name, c.err)
			}
		}
		if list, err := o.Search(officer, org.Filter{}); err != nil || len(list) != 1 {
			t.Errorf("the officer sees %d people, %v", len(list), err)
		}
		if list, _ := o.Search(context.Background(), org.Filter{}); len(list) != 0 {
			t.Errorf("a stranger sees %d people", len(list))
		}
	})
}

func second(_ org.Person, _ []org.Post, err error) error { return err }

func first(_ []org.PersonID, err error) error { return err }

func mainPost(t *testing.T, ctx context.Context, o *org.Org, p org.PersonID) string {
	posts, err := o.PostsOn(ctx, []org.PersonID{p}, clock.Today(ctx))
	must(t, err)
	return posts[p].ID
}

// When a unit ends, its people go where most of it went, and their history stays.
func TestPeopleFollowTheirUnit(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		q := job.New(d)
		o := org.New(d, event.New(q))
		ctx = access.System(ctx)
		p := add(t, ctx, o, "", "79", "Thành phố Hồ Chí Minh", org.KindMunicipality, "1976-07-02")
		old := add(t, ctx, o, p, "27016", "Phường Sơn Kỳ", org.KindWard, "2004-01-01")
		big := add(t, ctx, o, p, "27013", "Phường Tây Thạnh", org.KindWard, "2025-07-01")
		small := add(t, ctx, o, p, "27028", "Phường Tân Sơn Nhì", org.KindWard, "2025-07-01")
		ids, err := o.AddPeople(ctx, someone(old, "Trần Thị Bình", ""))
		must(t, err)
		must(t, o.Succeed(ctx, []org.Pair{{From: old, To: small, Kind: org.Split, Num: 1, Den: 3}, {From: old, To: big, Kind: org.Split, Num: 2, Den: 3}},
			org.Basis{On: day("2025-07-01"), Act: org.Act{Number: "1685/NQ-UBTVQH15"}}))
		must(t, q.Drain(ctx))
		must(t, q.Drain(ctx))
		for on, want := range map[string]org.UnitID{"2025-06-30": old, "2025-07-01": big} {
			if unit, _, err := o.PostOn(ctx, ids[0], day(on)); err != nil || unit != want {
				t.Errorf("on %s in %v, want %v (%v)", on, unit, want, err)
			}
		}
		_, posts, err := o.Person(ctx, ids[0])
		if err != nil || len(posts) != 2 || posts[0].Why != "1685/NQ-UBTVQH15" {
			t.Errorf("%+v %v", posts, err)
		}
	})
}
