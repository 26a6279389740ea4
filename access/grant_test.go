package access

import (
	"context"
	"errors"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// Nobody gives more than he has: not a higher role, not elsewhere, not longer, not
// to pass on what he may not pass on.
func TestNobodyGivesMoreThanHeHas(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		today := clock.Today(ctx)
		target := h.account(t, ctx, "dich")
		for i, c := range []struct {
			own  Grant
			give Grant
			ok   bool
		}{
			{Grant{Role: module.Admin, Unit: h.province}, Grant{Role: module.Admin, Unit: h.province}, true},
			{Grant{Role: module.Admin, Unit: h.commune}, Grant{Role: module.Admin, Unit: h.commune}, true},
			{Grant{Role: module.Admin, Unit: h.commune}, Grant{Role: module.Learner, Unit: h.commune}, false},
			{Grant{Role: module.Admin, Unit: h.commune}, Grant{Role: module.Lecturer, Unit: h.other}, false},
			{Grant{Role: module.Admin, Unit: h.commune}, Grant{Role: module.Lecturer, Unit: h.district}, false},
			{Grant{Role: module.Office, Unit: h.province}, Grant{Role: module.Admin, Unit: h.commune}, false},
			{Grant{Role: module.Office, Unit: h.province}, Grant{Role: module.Office, Unit: h.commune}, false},
			{Grant{Role: module.Office, Unit: h.province, Delegable: true}, Grant{Role: module.Office, Unit: h.commune}, true},
			{Grant{Role: module.Office, Unit: h.province}, Grant{Role: module.Head, Unit: h.commune}, true},
			{Grant{Role: module.Head, Unit: h.district}, Grant{Role: module.Head, Unit: h.commune}, false},
			{Grant{Role: module.Head, Unit: h.district}, Grant{Role: module.TrainingOfficer, Unit: h.commune}, true},
			{Grant{Role: module.TrainingOfficer, Unit: h.district}, Grant{Role: module.ClassManager, Unit: h.commune, Delegable: true}, true},
			{Grant{Role: module.TrainingOfficer, Unit: h.district}, Grant{Role: module.Head, Unit: h.commune}, false},
			{Grant{Role: module.TrainingOfficer, Unit: h.district}, Grant{Role: module.Compiler, Unit: h.commune}, false},
			{Grant{Role: module.ClassManager, Unit: h.district, Delegable: true}, Grant{Role: module.ClassManager, Unit: h.commune}, false}, // may not edit grants at all
			{Grant{Role: module.Supervisor, Unit: h.province, Delegable: true}, Grant{Role: module.Supervisor, Unit: h.commune}, false},
			{Grant{Role: module.Head, Unit: h.district, To: today + 30}, Grant{Role: module.Lecturer, Unit: h.commune}, false},
			{Grant{Role: module.Head, Unit: h.district, To: today + 30}, Grant{Role: module.Lecturer, Unit: h.commune, To: today + 31}, false},
			{Grant{Role: module.Head, Unit: h.district, To: today + 30}, Grant{Role: module.Lecturer, Unit: h.commune, To: today + 30}, true},
			{Grant{Role: module.Head, Unit: h.district, From: today - 5}, Grant{Role: module.Lecturer, Unit: h.commune, From: today - 9}, false},
		} {
			acting := As(ctx, Actor{Account: "giver", Name: "giver", Grants: []Grant{c.own}}, h.org.Covers)
			_, err := h.Give(acting, target, c.give, "")
			if (err == nil) != c.ok {
				t.Errorf("%d: %+v gives %+v: %v", i, c.own, c.give, err)
			}
		}
		for _, bad := range []Grant{{Role: "king", Unit: h.commune}, {Role: module.Head}, {Role: module.Head, Unit: h.commune, From: today, To: today}} {
			if _, err := h.Give(ctx, target, bad, ""); !errors.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

// A right to manage accounts is no way to the rights of those above.
func TestNobodyTakesOverAnAccountAbove(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		officer := h.account(t, ctx, "officer")
		_, err := h.Give(ctx, officer, Grant{Role: module.TrainingOfficer, Unit: h.district}, "")
		must(t, err)
		head, lecturer, far := h.account(t, ctx, "head"), h.account(t, ctx, "lecturer"), h.account(t, ctx, "far")
		g, err := h.Give(ctx, head, Grant{Role: module.Head, Unit: h.commune}, "")
		must(t, err)
		_, err = h.Give(ctx, lecturer, Grant{Role: module.Lecturer, Unit: h.commune}, "")
		must(t, err)
		_, err = h.Give(ctx, far, Grant{Role: module.Lecturer, Unit: h.province, From: clock.Today(ctx) + 90}, "") // only later, and yet
		must(t, err)
		acting := h.as(t, ctx, officer)
		for name, try := range map[string]func(AccountID) error{
			"issue":   func(id AccountID) error { _, err := h.Issue(acting, id); return err },
			"disable": func(id AccountID) error { return h.Disable(acting, id) },
			"enable":  func(id AccountID) error { return h.Enable(acting, id) },
			"second":  func(id AccountID) error { return h.DropSecond(acting, id) },
			"end":     func(id AccountID) error { return h.EndAll(acting, id) },
			"change": func(id AccountID) error {
				return h.Change(acting, id, AccountEdit{Name: "x99", Title: "x", Unit: h.commune, Edition: 1})
			},
		} {
			for _, id := range []AccountID{head, far} {
				if err := try(id); !errors.Is(err, errs.Denied) {
					t.Errorf("%s an account above: %v", name, err)
				}
			}
			if name != "change" {
				if err := try(lecturer); err != nil {
					t.Errorf("%s an account below: %v", name, err)
				}
				must(t, h.Enable(acting, lecturer))
			}
		}
		if err := h.Revoke(acting, g); !errors.Is(err, errs.NotFound) {
			t.Errorf("revoke a right above: %v", err)
		}
		own, err := h.grantsFrom(ctx, officer, clock.Today(ctx))
		must(t, err)
		if err := h.Revoke(acting, own[0].ID); err != nil {
			t.Errorf("give up one's own right: %v", err)
		}
	})
}

// Rights, accounts and keys follow units that end; where part of a unit goes and
// the unit stays, they stay too.
func TestRightsFollowUnits(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		on := clock.MustDate("2025-07-01")
		early := clock.At(ctx, clock.MustDate("2024-05-01").Time())
		add := func(name string) org.UnitID {
			id, err := h.org.Add(ctx, org.Unit{Parent: h.province, Code: name, Name: "Xã " + name, Kind: org.KindCommune, Tier: org.Commune}, org.Basis{On: on})
			must(t, err)
			return id
		}
		big, small := add("Núi Thành"), add("Tam Xuân")
		give := func(name string, role module.Role, unit org.UnitID, to clock.Date) AccountID {
			id := h.account(t, ctx, name)
			_, err := h.Give(early, id, Grant{Role: role, Unit: unit, To: to}, "")
			must(t, err)
			return id
		}
		head := give("head", module.Head, h.commune, 0)
		brief := give("brief", module.Compiler, h.commune, clock.MustDate("2030-01-01"))
		over := give("over", module.Lecturer, h.commune, clock.MustDate("2025-01-01"))
		twice := give("twice", module.Head, h.other, 0)
		_, err := h.Give(early, twice, Grant{Role: module.Head, Unit: h.commune}, "")
		must(t, err)
		district := give("district", module.Supervisor, h.district, 0)
		token, err := h.begin(ctx, Account{ID: head, Unit: h.commune}, "password", "")
		must(t, err)
		if who, err := h.bySession(ctx, token); err != nil || who == nil || len(who.Grants) != 2 {
			t.Fatalf("%+v %v", who, err)
		}
		must(t, h.org.Succeed(ctx, []org.Pair{
			{From: h.commune, To: small, Kind: org.Split, Num: 1, Den: 3}, {From: h.commune, To: big, Kind: org.Split, Num: 2, Den: 3},
			{From: h.other, To: big, Kind: org.Merge, Num: 1, Den: 1},
			{From: h.district, To: big, Kind: org.Partial, Num: 1, Den: 10},
		}, org.Basis{On: on}))
		e := org.UnitsSucceeded{On: on, Pairs: []org.Pair{
			{From: h.commune, To: small, Kind: org.Split, Num: 1, Den: 3}, {From: h.commune, To: big, Kind: org.Split, Num: 2, Den: 3},
			{From: h.other, To: big, Kind: org.Merge, Num: 1, Den: 1}, {From: h.district, To: big, Kind: org.Partial, Num: 1, Den: 10}}}
		for range 2 { // told twice
			must(t, h.Follow(ctx, e))
		}
		held := func(id AccountID, unit org.UnitID) (list []Granted) {
			list, err := db.All[Granted](ctx, h.d, `select `+db.Columns[Granted]("")+` from access_grant where account_id = $1 and unit_id = $2`, id, unit)
			must(t, err)
			return list
		}
		old, now := held(head, h.commune), held(head, big)
		if len(old) != 1 || old[0].To != on || len(now) != 1 || now[0].From != on || now[0].To != 0 || now[0].Origin != old[0].ID || len(held(head, small)) != 0 {
			t.Errorf("the head: %+v, then %+v", old, now)
		}
		if now := held(brief, big); len(now) != 1 || now[0].To != clock.MustDate("2030-01-01") {
			t.Errorf("a right with an end: %+v", now)
		}
		if len(held(over, big)) != 0 {
			t.Error("a right that was over lives again")
		}
		if len(held(twice, big)) != 1 {
			t.Errorf("two rights that became one: %+v", held(twice, big))
		}
		if old := held(district, h.district); len(old) != 1 || old[0].To != 0 {
			t.Errorf("the unit lives on, its right does not: %+v", old)
		}
		who, err := h.bySession(ctx, token)
		must(t, err)
		if who == nil || who.Unit != big || !Allowed(as(ctx, who), ViewAccounts, big) || Allowed(as(ctx, who), ViewAccounts, small) {
			t.Errorf("the session: %+v", who)
		}
		if err := h.Follow(h.as(t, ctx, head), e); !errors.Is(err, errs.Denied) {
			t.Errorf("a person tells of a succession: %v", err)
		}
	})
}

func TestHeirs(t *testing.T) {
	pair := func(from, to org.UnitID, num, den int64) org.Pair {
		return org.Pair{From: from, To: to, Num: num, Den: den}
	}
	got := heirs([]org.Pair{pair("a", "x", 1, 3), pair("a", "y", 2, 3), pair("b", "x", 1, 2), pair("b", "y", 2, 4), pair("c", "z", 1, 1)})
	if len(got["a"]) != 1 || got["a"][0] != "y" || len(got["b"]) != 2 || len(got["c"]) != 1 {
		t.Errorf("%v", got)
	}
}

// A superior sees his own people, and nobody else's.
func TestSuperiorSeesHisOwnPeople(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		const read module.ActionName = "test.record.read"
		Register(module.Action{Name: read, Roles: []module.Role{module.Head, module.Learner}})
		post := func(unit org.UnitID, to string) org.Post {
			return org.Post{Unit: unit, Category: org.CivilServant, From: clock.MustDate("2021-01-01"), To: clock.MustDate(to)}
		}
		people, err := h.org.AddPeople(ctx, org.NewPerson{Name: "Trần Thị Bích", Post: post(h.commune, "")}, org.NewPerson{Name: "Lê Văn Cường", Post: post(h.other, "")},
			org.NewPerson{Name: "Võ Thị Lan", Post: post(h.commune, "2022-01-01")})
		must(t, err)
		bich, cuong, left := people[0], people[1], people[2]
		actor := func(p org.PersonID, g ...Grant) context.Context {
			return As(ctx, Actor{Account: "x", Person: p, Grants: g}, h.org.Covers, h.posts)
		}
		head := Grant{Role: module.Head, Unit: h.commune}
		for i, c := range []struct {
			ctx  context.Context
			of   org.PersonID
			want error
		}{
			{context.Background(), bich, errs.Stranger},
			{actor(bich), bich, nil},
			{actor(bich), cuong, errs.Denied},
			{actor(bich, Grant{Role: module.Learner, Unit: h.commune}), left, errs.Denied},
			{actor(cuong, head), bich, nil},
			{actor(bich, head), cuong, errs.Denied},
			{actor(bich, head), left, errs.Denied}, // no longer his
			{actor("", Grant{Role: module.Head, Unit: h.district}), cuong, nil},
			{actor("", head), "", errs.Denied},
			{actor("", Grant{Role: module.Lecturer, Unit: h.province}), bich, errs.Denied},
			{ctx, bich, nil},
		} {
			err := CheckPerson(c.ctx, read, c.of)
			if c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%d: %v, want %v", i, err, c.want)
			}
		}
	})
}
