package org

import (
	"context"
	"time"

	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// Gate is what org asks of access. Package access stands on org and so cannot be
// imported here: it hands in its answers by AskBy while the program starts.
type Gate struct {
	Check     func(context.Context, module.ActionName, UnitID) error
	CheckSelf func(context.Context, PersonID) error
	Anywhere  func(context.Context, module.ActionName) bool
	Narrow    func(context.Context, module.ActionName, *db.Where, string) *db.Where
	Audit     func(context.Context, *db.DB, Entry) error
	AuditAll  func(context.Context, *db.DB, []Entry) error
	// Tops lists the units at the tops of where the actor may do something; all:
	// everywhere.
	Tops func(context.Context, module.ActionName) (tops []UnitID, all bool)
	// Bare narrows to people, by the column of their ids, who have no account.
	Bare func(w *db.Where, person string) *db.Where
	// Who is the account that acts, by which ActBy lets it act again, and the name
	// that screens show.
	Who func(context.Context) (account, name string)
	// Log lists what was done to the data of a person and who looked, the latest
	// first.
	Log func(context.Context, *db.DB, PersonID, int) ([]LogLine, error)
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

// LogLine is a line of the audit log that concerns a person.
type LogLine struct {
	At     time.Time
	Action module.ActionName
	Read   bool
	Actor  string
	Detail string // JSON
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

// may is access.Check as a yes or no, for screens that leave out what one may not.
func may(ctx context.Context, a module.ActionName, unit UnitID) bool {
	return access.Check(ctx, a, unit) == nil
}

// everywhere asks for a at every root of today's units: for what is the whole
// house's.
func (o *Org) everywhere(ctx context.Context, a module.ActionName) error {
	roots := o.Now(ctx).Roots()
	if len(roots) == 0 {
		return access.Check(ctx, a, "")
	}
	for _, r := range roots {
		if err := access.Check(ctx, a, r); err != nil {
			return err
		}
	}
	return nil
}

func (o *Org) audit(ctx context.Context, e Entry) error {
	if access.Audit == nil {
		return nil
	}
	return access.Audit(ctx, o.db, e)
}

// ActBy sets how work that goes on in the background acts again as the account
// that began it.
func (o *Org) ActBy(again func(ctx context.Context, account string) (context.Context, error)) {
	o.again = again
}
