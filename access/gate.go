package access

import (
	"context"
	"time"

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
	Audit: func(ctx context.Context, d *db.DB, e org.Entry) error { return Audit(ctx, d, entryOf(e)) },
	AuditAll: func(ctx context.Context, d *db.DB, list []org.Entry) error {
		entries := make([]Entry, len(list))
		for i, e := range list {
			entries[i] = entryOf(e)
		}
		return AuditAll(ctx, d, entries)
	},
	Tops: func(ctx context.Context, a module.ActionName) ([]org.UnitID, bool) {
		s := In(ctx, a)
		return s.Tops(), s.All()
	},
	Bare: func(w *db.Where, person string) *db.Where {
		return w.And("not exists (select 1 from access_account a where a.person_id = " + person + ")")
	},
	Who: func(ctx context.Context) (account, name string) {
		if who, ok := Who(ctx); ok {
			return string(who.Account), who.Name
		}
		return "", ""
	},
	Log: personLog,
})

func entryOf(e org.Entry) Entry {
	return Entry{Action: e.Action, Unit: e.Unit, Person: e.Person, Subject: e.Subject, Detail: e.Detail, Read: e.Read}
}

// personLog lists what the log holds about a person, the latest first.
func personLog(ctx context.Context, d *db.DB, p org.PersonID, limit int) ([]org.LogLine, error) {
	type row struct {
		At     time.Time         `db:"at"`
		Action module.ActionName `db:"action"`
		Read   bool              `db:"is_read"`
		Actor  string            `db:"actor"`
		Detail string            `db:"detail"`
	}
	rows, err := db.All[row](ctx, d, `select `+db.Columns[row]("")+` from access_audit where person_id = $1 and person_id <> ''
		order by at desc, id desc limit $2`, p, limit)
	lines := make([]org.LogLine, len(rows))
	for i, r := range rows {
		lines[i] = org.LogLine(r)
	}
	return lines, err
}
