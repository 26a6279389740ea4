// Package access says who is there and what they may do: accounts, sign-in,
// sessions, roles on units, and the audit log.
package access

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// AccountID names an account.
type AccountID string

// Actor is whoever is doing something: a person with an account, or the house
// itself.
type Actor struct {
	Account AccountID
	Person  org.PersonID // "" for an account that belongs to no person
	Name    string
	Grants  []Grant // those in force today

	system bool
	covers Covers
}

// Covers says whether a right on top holds for unit: unit is top, lies below it
// today, or has ended and its successors do.
type Covers func(top, unit org.UnitID) bool

// Grant gives a role on a unit and all below it, from a date to a date.
type Grant struct {
	Role module.Role
	Unit org.UnitID
	From clock.Date
	To   clock.Date // first day on which it holds no more; zero = open
}

type actorKey struct{}

// As returns a context in which a acts; covers answers for the tree of units.
func As(ctx context.Context, a Actor, covers Covers) context.Context {
	a.covers = covers
	return context.WithValue(ctx, actorKey{}, &a)
}

// System returns a context in which the house itself acts and may do anything:
// for jobs, seeds and the command line, never for a request.
func System(ctx context.Context) context.Context {
	return context.WithValue(ctx, actorKey{}, &Actor{Name: "system", system: true})
}

// Who is the actor of ctx; ok is false when nobody has signed in.
func Who(ctx context.Context) (a *Actor, ok bool) {
	a, ok = ctx.Value(actorKey{}).(*Actor)
	return a, ok
}

// SignedIn says whether someone acts in ctx.
func SignedIn(ctx context.Context) bool { _, ok := Who(ctx); return ok }

var rolesOf = map[module.ActionName][]module.Role{}

// Register makes actions known; the app does it for every module at the start.
func Register(actions ...module.Action) {
	for _, a := range actions {
		rolesOf[a.Name] = a.Roles
	}
}

// Check returns nil when the actor of ctx may do a in unit; else a Stranger or
// Denied error.
func Check(ctx context.Context, a module.ActionName, unit org.UnitID) error {
	who, ok := Who(ctx)
	if !ok {
		return errs.New(errs.Stranger, "error.sign-in")
	}
	if who.system {
		return nil
	}
	for _, g := range who.Grants {
		if allows(g.Role, a) && (g.Unit == unit || who.covers != nil && who.covers(g.Unit, unit)) {
			return nil
		}
	}
	return errs.New(errs.Denied, "error.denied")
}

// Allowed is Check as a yes or no, for screens that leave out what one may not.
func Allowed(ctx context.Context, a module.ActionName, unit org.UnitID) bool {
	return Check(ctx, a, unit) == nil
}

// Anywhere says whether the actor of ctx may do a in some unit.
func Anywhere(ctx context.Context, a module.ActionName) bool {
	s := In(ctx, a)
	return s.all || len(s.tops) > 0
}

// CheckSelf returns nil when p is the actor of ctx, or the house acts.
func CheckSelf(ctx context.Context, p org.PersonID) error {
	who, ok := Who(ctx)
	switch {
	case !ok:
		return errs.New(errs.Stranger, "error.sign-in")
	case who.system || p != "" && who.Person == p:
		return nil
	}
	return errs.New(errs.Denied, "error.denied")
}

func allows(r module.Role, a module.ActionName) bool {
	for _, may := range rolesOf[a] {
		if may == r {
			return true
		}
	}
	return false
}

// Scope is where someone may do something: everywhere, or in the units at its
// tops and below.
type Scope struct {
	all  bool
	tops []org.UnitID
}

// All says whether the scope is everywhere.
func (s Scope) All() bool { return s.all }

// Tops lists the units at the tops of the scope.
func (s Scope) Tops() []org.UnitID { return s.tops }

// In returns where the actor of ctx may do a: nowhere, for a stranger.
func In(ctx context.Context, a module.ActionName) Scope {
	who, ok := Who(ctx)
	if !ok {
		return Scope{}
	}
	if who.system {
		return Scope{all: true}
	}
	var s Scope
	for _, g := range who.Grants {
		if allows(g.Role, a) {
			s.tops = append(s.tops, g.Unit)
		}
	}
	return s
}

// Narrow adds to w that the unit in column lies in s. It reads org_reach, which
// holds for every unit, ended ones too, the places in today's tree that rights
// reach it by (see package org).
func (s Scope) Narrow(w *db.Where, column string) *db.Where {
	if s.all {
		return w
	}
	if len(s.tops) == 0 {
		return w.And("1 = 0")
	}
	cond, args := "", make([]any, 0, len(s.tops))
	for i, t := range s.tops {
		if i > 0 {
			cond += ", "
		}
		cond += "?"
		args = append(args, t)
	}
	return w.And(column+` in (select low.unit_id from org_reach low join org_reach top
		on low.path >= top.path and low.path < top.path_end where top.unit_id in (`+cond+`))`, args...)
}
