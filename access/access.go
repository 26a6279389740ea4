// Package access says who is there and what they may do: accounts, sign-in,
// sessions, roles on units, and the audit log.
package access

import (
	"context"
	"slices"
	"strings"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// AccountID names an account.
type AccountID string

// Actor is whoever is doing something: a person with an account, a program with
// a key, or the house itself. It is shared between requests: read it only.
type Actor struct {
	Account AccountID
	Person  org.PersonID // "" for an account that belongs to no person
	Name    string
	Unit    org.UnitID // whose list of users the account stands on
	Session string     // names the session; "" without one
	Grants  []Grant    // those in force today

	Withheld []module.Role // held, but not in force until a second factor is set up

	system bool
	key    map[module.ActionName]bool // what a program's key may do; nil = no key
	top    org.UnitID                 // and where
	covers Covers
	own    Own
	posts  Posts
}

// Covers says whether a right on top holds for unit: unit is top, lies below it
// today, or has ended and its successors do.
type Covers func(top, unit org.UnitID) bool

// Own lists what is one unit with top under its head: its divisions and villages,
// not the authorities below it.
type Own func(top org.UnitID) []org.UnitID

// Posts says in which units a person holds a post today.
type Posts func(ctx context.Context, person org.PersonID) ([]org.UnitID, error)

// Grant gives a role on a unit and all below it, from a date to a date.
type Grant struct {
	Role      module.Role
	Unit      org.UnitID
	From      clock.Date
	To        clock.Date // first day on which it holds no more; zero = open
	Delegable bool       // its holder may pass the role on
}

type actorKey struct{}

// As returns a context in which a acts; covers answers for the tree of units and
// posts, where given, for the posts of people.
func As(ctx context.Context, a Actor, covers Covers, posts ...Posts) context.Context {
	a.covers = covers
	for _, p := range posts {
		a.posts = p
	}
	return as(ctx, &a)
}

func as(ctx context.Context, a *Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

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

var (
	rolesOf = map[module.ActionName][]module.Role{}
	ownOf   = map[module.ActionName][]module.Role{} // see module.Action.Own
)

// Register makes actions known; the app does it for every module at the start.
func Register(actions ...module.Action) {
	for _, a := range actions {
		rolesOf[a.Name], ownOf[a.Name] = a.Roles, a.Own
	}
}

// Check returns nil when the actor of ctx may do a in unit; else a Stranger or
// Denied error. An action of the role Learner is open to everybody with an
// account, wherever: what it touches must be their own (see CheckSelf).
func Check(ctx context.Context, a module.ActionName, unit org.UnitID) error {
	who, ok := Who(ctx)
	if !ok {
		return errs.New(errs.Stranger, "error.sign-in")
	}
	if who.everywhere(a) || who.over(a, unit) {
		return nil
	}
	return errs.New(errs.Denied, "error.denied")
}

// CheckPerson returns nil when p is the actor of ctx, or the actor may do a in a
// unit in which p holds a post today: a superior sees the records of his own
// people only.
func CheckPerson(ctx context.Context, a module.ActionName, p org.PersonID) error {
	if CheckSelf(ctx, p) == nil {
		return nil
	}
	who, ok := Who(ctx)
	if !ok {
		return errs.New(errs.Stranger, "error.sign-in")
	}
	if who.posts == nil || !Anywhere(ctx, a) {
		return errs.New(errs.Denied, "error.denied")
	}
	units, err := who.posts(ctx, p)
	if err != nil {
		return err
	}
	for _, u := range units {
		if who.over(a, u) {
			return nil
		}
	}
	return errs.New(errs.Denied, "error.denied")
}

// over is Check without what every learner may do: it is about someone else.
func (who *Actor) over(a module.ActionName, unit org.UnitID) bool {
	for _, top := range who.tops(a) {
		if top == unit || who.covers != nil && who.covers(top, unit) {
			return true
		}
	}
	return slices.Contains(who.ownUnits(a), unit)
}

// Allowed is Check as a yes or no, for screens that leave out what one may not.
func Allowed(ctx context.Context, a module.ActionName, unit org.UnitID) bool {
	return Check(ctx, a, unit) == nil
}

// Anywhere says whether the actor of ctx may do a in some unit.
func Anywhere(ctx context.Context, a module.ActionName) bool {
	s := In(ctx, a)
	return s.all || len(s.tops) > 0 || len(s.own) > 0
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
// tops and below, and in the units of own alone.
type Scope struct {
	all  bool
	tops []org.UnitID
	own  []org.UnitID
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
	return who.scope(a)
}

func (who *Actor) scope(a module.ActionName) Scope {
	if who.everywhere(a) {
		return Scope{all: true}
	}
	return Scope{tops: who.tops(a), own: who.ownUnits(a)}
}

func (who *Actor) everywhere(a module.ActionName) bool {
	return who.system || who.key == nil && allows(module.Learner, a)
}

// tops lists the units on which a right or a key lets the actor do a; what every
// learner may do is not among them, since that is done to one's own.
func (who *Actor) tops(a module.ActionName) (tops []org.UnitID) {
	if who.key[a] {
		return []org.UnitID{who.top}
	}
	for _, g := range who.Grants {
		if g.Role != module.Learner && allows(g.Role, a) && !slices.Contains(ownOf[a], g.Role) {
			tops = append(tops, g.Unit)
		}
	}
	return tops
}

// ownUnits lists the units in which the actor may do a because they are his own,
// and in nothing below them that has a head of its own: a superior sees the
// learning records of his own unit only.
func (who *Actor) ownUnits(a module.ActionName) (units []org.UnitID) {
	if who.key != nil {
		return nil
	}
	for _, g := range who.Grants {
		switch {
		case !slices.Contains(ownOf[a], g.Role):
		case who.own != nil:
			units = append(units, who.own(g.Unit)...)
		default:
			units = append(units, g.Unit)
		}
	}
	return units
}

// Narrow adds to w that the unit in column lies in s. It reads org_reach, which
// holds for every unit, ended ones too, the places in today's tree that rights
// reach it by (see package org).
func (s Scope) Narrow(w *db.Where, column string) *db.Where {
	if s.all {
		return w
	}
	if len(s.tops) == 0 {
		return db.In(w, column, s.own)
	}
	cond, args := "", make([]any, 0, len(s.tops))
	for i, t := range s.tops {
		if i > 0 {
			cond += ", "
		}
		cond += "?"
		args = append(args, t)
	}
	cond = column + ` in (select low.unit_id from org_reach low join org_reach top
		on low.path >= top.path and low.path < top.path_end where top.unit_id in (` + cond + `))`
	if len(s.own) > 0 {
		cond += ` or ` + column + ` in (?` + strings.Repeat(", ?", len(s.own)-1) + `)`
		for _, u := range s.own {
			args = append(args, u)
		}
	}
	return w.And(cond, args...)
}
