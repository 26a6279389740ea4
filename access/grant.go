package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
)

// GrantID names a grant.
type GrantID string

// Granted is a grant with its story.
type Granted struct {
	ID        GrantID     `db:"id"`
	Account   AccountID   `db:"account_id"`
	Role      module.Role `db:"role"`
	Unit      org.UnitID  `db:"unit_id"`
	From      clock.Date  `db:"from_on"`
	To        clock.Date  `db:"to_on"`
	Delegable bool        `db:"delegable"`
	By        AccountID   `db:"granted_by"` // "" = the house
	At        time.Time   `db:"granted_at"`
	Origin    GrantID     `db:"origin"` // the grant it took over from, when units merged
	Note      string      `db:"note"`
	Edition   int64       `db:"edition"`
}

// below says which roles the holder of a role may give to others. A role itself
// is passed on only by who holds it delegable.
var below = map[module.Role][]module.Role{
	module.Admin:           module.Roles[:len(module.Roles)-1],
	module.Office:          {module.TrainingOfficer, module.ClassManager, module.Lecturer, module.Head, module.Compiler, module.Supervisor},
	module.Head:            {module.TrainingOfficer, module.ClassManager, module.Lecturer, module.Compiler, module.Supervisor},
	module.TrainingOfficer: {module.ClassManager, module.Lecturer},
}

// mayGive says whether a right of who lets him give g, as long as g says.
func (who *Actor) mayGive(g Grant) bool {
	return who.system || slices.ContainsFunc(who.Grants, func(own Grant) bool {
		return who.commands(own, g.Role, g.Unit) && g.From >= own.From && within(g.To, own.To)
	})
}

// commands says whether own lets who give or take back role on unit.
func (who *Actor) commands(own Grant, role module.Role, unit org.UnitID) bool {
	return (slices.Contains(below[own.Role], role) || own.Role == role && own.Delegable) &&
		(own.Unit == unit || who.covers != nil && who.covers(own.Unit, unit))
}

// masters says whether who stands above a right, whatever its dates.
func (who *Actor) masters(role module.Role, unit org.UnitID) bool {
	return who.system || slices.ContainsFunc(who.Grants, func(own Grant) bool { return who.commands(own, role, unit) })
}

// within says whether a right that ends at to ends no later than one that ends
// at limit; zero is never.
func within(to, limit clock.Date) bool { return limit == 0 || to != 0 && to <= limit }

// Give grants a role to an account: a role that the actor stands above or holds
// delegable, in a unit of his, no longer than his own right. From zero is today.
// Errors: Invalid with fields role, unit, from, to; Denied beyond one's own.
func (a *Access) Give(ctx context.Context, account AccountID, g Grant, note string) (GrantID, error) {
	if err := Check(ctx, EditGrants, g.Unit); err != nil {
		return "", err
	}
	if g.From == 0 {
		g.From = clock.Today(ctx)
	}
	if err := wellFormed(g); err != nil {
		return "", err
	}
	who, _ := Who(ctx)
	if !who.mayGive(g) {
		return "", errs.New(errs.Denied, "access.grant.beyond")
	}
	acc, err := a.accountByID(ctx, account)
	if err != nil {
		return "", err
	}
	row := Granted{ID: GrantID(id.New(ctx)), Account: account, Role: g.Role, Unit: g.Unit, From: g.From, To: g.To,
		Delegable: g.Delegable, By: who.Account, At: clock.Now(ctx), Note: strings.TrimSpace(note), Edition: 1}
	return row.ID, a.db.Tx(ctx, func(ctx context.Context) error { return a.insertGrant(ctx, acc, row) })
}

func wellFormed(g Grant) error {
	var f errs.Form
	f.Need(slices.Contains(module.Roles, g.Role) && g.Role != module.Learner, "role", "access.grant.role")
	f.Need(g.Unit != "", "unit", "access.grant.unit")
	f.Need(g.To == 0 || g.To > g.From, "to", "access.grant.dates")
	return f.Err()
}

func (a *Access) insertGrant(ctx context.Context, acc Account, g Granted) error {
	if err := db.Insert(ctx, a.db, "access_grant", g); err != nil {
		return err
	}
	if err := a.changed(ctx, acc.ID); err != nil {
		return err
	}
	return Audit(ctx, a.db, Entry{Action: EditGrants, Unit: g.Unit, Person: acc.Person, Subject: subject(acc.ID),
		Detail: map[string]any{"gave": g.Role, "grant": g.ID, "from": g.From, "to": g.To, "delegable": g.Delegable}})
}

// Revoke ends a grant today. One may end what one could give, and what one holds.
// Of a grant that one may not see, the answer is NotFound.
func (a *Access) Revoke(ctx context.Context, grant GrantID) error {
	who, ok := Who(ctx)
	if !ok {
		return errs.New(errs.Stranger, "error.sign-in")
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		g, err := a.grantByID(ctx, grant)
		if err != nil {
			return err
		}
		if g.Account != who.Account && (Check(ctx, EditGrants, g.Unit) != nil || !who.masters(g.Role, g.Unit)) {
			return errs.New(errs.NotFound, "error.not-found")
		}
		return a.endGrant(ctx, g, clock.Today(ctx))
	})
}

// endGrant makes g hold no more from day on; before it began, it never holds.
func (a *Access) endGrant(ctx context.Context, g Granted, day clock.Date) error {
	day = max(day, g.From)
	if g.To != 0 && g.To <= day {
		return nil
	}
	n, err := a.db.Exec(ctx, `update access_grant set to_on = $1, edition = edition + 1 where id = $2 and edition = $3`, day, g.ID, g.Edition)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "error.changed")
	}
	if err := a.changed(ctx, g.Account); err != nil {
		return err
	}
	acc, err := a.accountByID(ctx, g.Account)
	if err != nil {
		return err
	}
	return Audit(ctx, a.db, Entry{Action: EditGrants, Unit: g.Unit, Person: acc.Person, Subject: subject(g.Account),
		Detail: map[string]any{"ended": g.Role, "grant": g.ID, "to": day}})
}

func (a *Access) grantByID(ctx context.Context, id GrantID) (Granted, error) {
	return db.One[Granted](ctx, a.db, `select `+db.Columns[Granted]("")+` from access_grant where id = $1`, id)
}

// grantsFrom lists the grants of an account that are in force on a day or will be.
func (a *Access) grantsFrom(ctx context.Context, account AccountID, day clock.Date) ([]Granted, error) {
	return db.All[Granted](ctx, a.db, `select `+db.Columns[Granted]("")+` from access_grant
		where account_id = $1 and (to_on is null or to_on > $2) order by from_on, id`, account, day)
}
