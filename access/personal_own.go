package access

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
)

// tellAccounts tells of the accounts of a person, their sessions and roles.
func (a *Access) tellAccounts(ctx context.Context, p org.PersonID) ([]Sheet, error) {
	accounts := Sheet{Name: "accounts", Title: i18n.S(ctx, "access.data.accounts"),
		Columns: names(ctx, "access.name", "access.email", "access.unit", "access.state", "access.made", "access.seen")}
	sessions := Sheet{Name: "sessions", Title: i18n.S(ctx, "access.sessions.title"),
		Columns: names(ctx, "access.made", "access.seen", "access.means", "access.address", "access.agent")}
	roles := Sheet{Name: "roles", Title: i18n.S(ctx, "access.grants.title"),
		Columns: names(ctx, "access.role", "access.unit", "access.from", "access.to")}
	all, err := db.All[Account](ctx, a.db, `select `+db.Columns[Account]("")+` from access_account where person_id = $1 order by made_at, id`, p)
	if err != nil {
		return nil, err
	}
	for _, acc := range all {
		accounts.Rows = append(accounts.Rows, []string{acc.Name, acc.Email, a.unitName(ctx, acc.Unit), i18n.S(ctx, "access.state."+string(acc.State)),
			i18n.DateTime(ctx, acc.MadeAt), i18n.DateTime(ctx, acc.SeenAt)})
		open, err := a.sessionsOf(ctx, acc.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range open {
			sessions.Rows = append(sessions.Rows, []string{i18n.DateTime(ctx, s.MadeAt), i18n.DateTime(ctx, s.SeenAt), s.Means, s.Address, s.Agent})
		}
		held, err := a.grantsFrom(ctx, acc.ID, clock.Date(1))
		if err != nil {
			return nil, err
		}
		for _, g := range held {
			roles.Rows = append(roles.Rows, []string{i18n.S(ctx, "access.role."+string(g.Role)), a.unitName(ctx, g.Unit), g.From.Viet(), g.To.Viet()})
		}
	}
	return []Sheet{accounts, sessions, roles}, nil
}

const readersTold = 100_000

// tellReaders tells who looked at a person's data.
func (a *Access) tellReaders(ctx context.Context, p org.PersonID) ([]Sheet, error) {
	seen, _, err := a.WhoRead(ctx, p, 1, readersTold)
	if err != nil {
		return nil, err
	}
	s := Sheet{Name: "readers", Title: i18n.S(ctx, "access.readers.title"), Columns: names(ctx, "access.when", "access.actor", "access.unit", "access.action")}
	for _, r := range seen {
		s.Rows = append(s.Rows, []string{i18n.DateTime(ctx, r.At), r.Actor, a.unitName(ctx, r.Unit), i18n.S(ctx, string(r.Action))})
	}
	return []Sheet{s}, nil
}
