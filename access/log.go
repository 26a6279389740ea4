package access

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/module"
)

// LogFilter narrows the log; zero fields narrow nothing.
type LogFilter struct {
	From, To clock.Date // days, [From, To)
	Action   module.ActionName
	Unit     org.UnitID // and all below it
	Person   org.PersonID
	Account  AccountID
	Subject  string
	Kind     string // "read" or "change"
	Page     int    // from 1
	Size     int    // entries on a page; zero = 50
}

// Log lists entries of units of the actor of ctx, the latest first, and says how
// many there are in all. Entries that concern no unit are for who may see every
// unit's. Looking is itself noted.
func (a *Access) Log(ctx context.Context, f LogFilter) (entries []Record, total int, err error) {
	if !Anywhere(ctx, ViewAudit) {
		return nil, 0, refuse(ctx)
	}
	w := a.logWhere(ctx, f)
	if total, err = db.One[int](ctx, a.db, `select count(*) from access_audit a where `+w.SQL(), w.Args()...); err != nil {
		return nil, 0, err
	}
	size, page := f.Size, max(1, f.Page)
	if size <= 0 {
		size = 50
	}
	limit, offset := w.Arg(size), w.Arg((page-1)*size)
	entries, err = db.All[Record](ctx, a.db, `select `+db.Columns[Record]("a")+` from access_audit a where `+w.SQL()+
		` order by a.at desc, a.id desc limit `+limit+` offset `+offset, w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	return entries, total, Audit(ctx, a.db, Entry{Action: ViewAudit, Unit: f.Unit, Person: f.Person, Read: true, Detail: map[string]any{"page": page}})
}

func (a *Access) logWhere(ctx context.Context, f LogFilter) *db.Where {
	w := db.NewWhere()
	if a.checkWholeLog(ctx) != nil {
		In(ctx, ViewAudit).Narrow(w, "a.unit_id")
	}
	if f.From != 0 {
		w.And("a.at >= ?", f.From.Time())
	}
	if f.To != 0 {
		w.And("a.at < ?", f.To.Time())
	}
	w.If(f.Action != "", "a.action = ?", f.Action)
	w.If(f.Person != "", "a.person_id = ?", f.Person)
	w.If(f.Account != "", "a.account_id = ?", f.Account)
	w.If(f.Subject != "", "a.subject = ?", f.Subject)
	if f.Kind != "" {
		w.And("a.is_read = ?", f.Kind == "read")
	}
	if f.Unit != "" {
		Scope{tops: []org.UnitID{f.Unit}}.Narrow(w, "a.unit_id")
	}
	return w
}

// Reader is one time that somebody looked at a person's data, or changed it.
type Reader = Record

// WhoRead lists who looked at or changed the data of p, also in records that were
// merged into his, the latest first, but for p himself. Only p may ask.
func (a *Access) WhoRead(ctx context.Context, p org.PersonID, page, size int) (seen []Reader, total int, err error) {
	if err := CheckSelf(ctx, p); err != nil {
		return nil, 0, err
	}
	who, _ := Who(ctx)
	w := db.NewWhere().And("a.person_id in (select id from org_person where id = ? or merged_into = ?)", p, p).And("a.account_id <> ?", who.Account)
	if total, err = db.One[int](ctx, a.db, `select count(*) from access_audit a where `+w.SQL(), w.Args()...); err != nil {
		return nil, 0, err
	}
	limit, offset := w.Arg(size), w.Arg((max(1, page)-1)*size)
	seen, err = db.All[Record](ctx, a.db, `select `+db.Columns[Record]("a")+` from access_audit a where `+w.SQL()+
		` order by a.at desc, a.id desc limit `+limit+` offset `+offset, w.Args()...)
	return seen, total, err
}
