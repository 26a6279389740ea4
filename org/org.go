// Package org is the ground all modules stand on: the units of the state as they
// were on any date, the people with their posts, the community teams, and the
// working calendar.
//
// A unit is an identity; its code, name, kind, tier and parent are dated. Units
// succeed one another with shares, by a legal act. All units of all times are held
// in memory: a Tree is what they were on one date, and never changes.
package org

import (
	"context"
	"database/sql/driver"
	"embed"
	"sync"
	"sync/atomic"

	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

//go:embed schema
var schema embed.FS

// Schema is the tables of units and people.
var Schema = db.Schema{Module: "org", FS: schema}

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// UnitID names a unit for good; its code, name, kind and parent are dated.
type UnitID string

// PersonID names a person.
type PersonID string

// ActID names a legal act.
type ActID string

// Value stores the id of no act as NULL.
func (a ActID) Value() (driver.Value, error) { return idValue(string(a)) }

func idValue(s string) (driver.Value, error) {
	if s == "" {
		return nil, nil
	}
	return s, nil
}

// Org is the module.
type Org struct {
	db  *db.DB
	bus *event.Bus

	numberKey []byte // of personal numbers

	loading sync.Mutex           // held by who looks whether the book is old
	looked  atomic.Int64         // when that was last done, unix nanoseconds
	book    atomic.Pointer[book] // the newest committed units
}

// New returns the module over d; what it tells others goes out by bus.
func New(d *db.DB, bus *event.Bus) *Org {
	o := &Org{db: d, bus: bus}
	if bus != nil {
		o.listen()
	}
	return o
}

// Gate is what org asks of access. Package access stands on org and so cannot be
// imported here: it hands in its answers by AskBy while the program starts.
type Gate struct {
	Check     func(context.Context, module.ActionName, UnitID) error
	CheckSelf func(context.Context, PersonID) error
	Anywhere  func(context.Context, module.ActionName) bool
	Narrow    func(context.Context, module.ActionName, *db.Where, string) *db.Where
	Audit     func(context.Context, *db.DB, Entry) error
}

// Entry is one line of the audit log.
type Entry struct {
	Action  module.ActionName
	Unit    UnitID
	Person  PersonID
	Subject string
	Detail  any  // kept as JSON
	Read    bool // someone looked; else something was changed
}

var access = Gate{Check: refuse}

// AskBy sets who answers for rights; until then every change is refused.
func AskBy(g Gate) struct{} {
	access = g
	return struct{}{}
}

func refuse(context.Context, module.ActionName, UnitID) error {
	return errs.New(errs.Denied, "error.denied")
}

func (o *Org) audit(ctx context.Context, e Entry) error {
	if access.Audit == nil {
		return nil
	}
	return access.Audit(ctx, o.db, e)
}
