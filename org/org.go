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
	"lotrinh/platform/event"
	"lotrinh/platform/file"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
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
	files     file.Store
	queue     *job.Queue
	again     func(ctx context.Context, account string) (context.Context, error)
	days      dayCache
	work      sync.Map // id of an import under way: *progress

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
