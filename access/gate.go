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
	Narrow: func(ctx context.Context, a module.ActionName, w *db.Where, column string) *db.Where {
		return In(ctx, a).Narrow(w, column)
	},
})
