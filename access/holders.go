package access

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/module"
)

// Inbox names the inbox of the actor: that of his person, or of the account where
// it belongs to none.
func (who *Actor) Inbox() string { return inboxOf(who.Account, who.Person) }

func inboxOf(account AccountID, p org.PersonID) string {
	if p != "" || account == "" {
		return string(p)
	}
	return "account:" + string(account)
}

// Holder is an account whose role lets it do something on a unit and all below.
type Holder struct {
	Account AccountID    `db:"id"`
	Person  org.PersonID `db:"person_id"` // "" for an account of nobody
	Email   string       `db:"email"`     // of the account; "" none
	Unit    org.UnitID   `db:"unit_id"`
}

// Inbox names the inbox of the holder.
func (h Holder) Inbox() string { return inboxOf(h.Account, h.Person) }

// Holders lists the accounts that are not disabled whose role lets them do an
// action today, and on which units, for those who may edit accounts there.
func (a *Access) Holders(ctx context.Context, action module.ActionName) ([]Holder, error) {
	if !Anywhere(ctx, EditAccounts) {
		return nil, refuse(ctx)
	}
	var roles []module.Role
	for _, r := range rolesOf[action] {
		if r != module.Learner {
			roles = append(roles, r)
		}
	}
	w := In(ctx, EditAccounts).Narrow(db.In(db.NewWhere(clock.Today(ctx)), "g.role", roles), "g.unit_id")
	return db.All[Holder](ctx, a.db, `select distinct a.id, coalesce(a.person_id, '') as person_id, a.email, g.unit_id from access_grant g
		join access_account a on a.id = g.account_id where a.state <> 'disabled' and g.from_on <= $1 and (g.to_on is null or g.to_on > $1)
		and `+w.SQL()+` order by g.unit_id, a.id`, w.Args()...)
}
