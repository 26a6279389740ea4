package access

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Sessions lists the sessions of the actor of ctx that are in force, the one used
// last first.
func (a *Access) Sessions(ctx context.Context) ([]Session, error) {
	who, ok := Who(ctx)
	if !ok {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	return a.sessionsOf(ctx, who.Account)
}

func (a *Access) sessionsOf(ctx context.Context, account AccountID) ([]Session, error) {
	now := clock.Now(ctx)
	return db.All[Session](ctx, a.db, `select `+db.Columns[Session]("")+` from access_session
		where account_id = $1 and expires_at > $2 and seen_at > $3 order by seen_at desc, id desc`, account, now, now.Add(-a.opt.Idle))
}

// EndOthers ends all sessions of the actor of ctx but the one that asks.
func (a *Access) EndOthers(ctx context.Context) error {
	who, ok := Who(ctx)
	if !ok {
		return errs.New(errs.Stranger, "error.sign-in")
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		if err := a.endSessions(ctx, who.Account, who.Session); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: SignOut, Unit: who.Unit, Person: who.Person, Subject: subject(who.Account),
			Detail: map[string]any{"all": true}})
	})
}

// EndAll ends all sessions of an account that the actor of ctx manages.
func (a *Access) EndAll(ctx context.Context, id AccountID) error {
	acc, err := a.manage(ctx, id)
	if err != nil {
		return err
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		if err := a.endSessions(ctx, acc.ID, ""); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: SignOut, Unit: acc.Unit, Person: acc.Person, Subject: subject(acc.ID),
			Detail: map[string]any{"all": true}})
	})
}

// endSessions ends all sessions of an account but one.
func (a *Access) endSessions(ctx context.Context, account AccountID, but string) error {
	if _, err := a.db.Exec(ctx, `delete from access_session where account_id = $1 and id <> $2`, account, but); err != nil {
		return err
	}
	return a.changed(ctx, account)
}

// renew gives the session of the actor of ctx another token, after which the one
// before opens nothing: what the session may do has grown.
func (a *Access) renew(ctx context.Context) (token string, err error) {
	who, ok := Who(ctx)
	if !ok || who.Session == "" {
		return "", errs.New(errs.Stranger, "error.sign-in")
	}
	token, hash := newToken()
	return token, a.db.Tx(ctx, func(ctx context.Context) error {
		n, err := a.db.Exec(ctx, `update access_session set token_hash = $1 where id = $2`, hash, who.Session)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Stranger, "error.sign-in")
		}
		return a.changed(ctx, who.Account)
	})
}
