package access

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/module"
)

// org cannot import this package, and asks through what is handed in here.
var _ = org.AskBy(org.Gate{
	Check:     Check,
	CheckSelf: CheckSelf,
	Anywhere:  Anywhere,
	Narrow: func(ctx context.Context, a module.ActionName, w *db.Where, column string) *db.Where {
		return In(ctx, a).Narrow(w, column)
	},
	Audit: func(ctx context.Context, d *db.DB, e org.Entry) error {
		return Audit(ctx, d, Entry{Action: e.Action, Unit: e.Unit, Person: e.Person, Subject: e.Subject, Detail: e.Detail, Read: e.Read})
	},
})
