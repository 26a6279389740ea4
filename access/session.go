package access

import (
	"context"
	"errors"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
)

// Session is one browser in which an account is signed in.
type Session struct {
	ID        string    `db:"id"`
	TokenHash string    `db:"token_hash"`
	Account   AccountID `db:"account_id"`
	Means     string    `db:"means"`
	MadeAt    time.Time `db:"made_at"`
	SeenAt    time.Time `db:"seen_at"`
	ExpiresAt time.Time `db:"expires_at"`
	Address   string    `db:"address"`
	Agent     string    `db:"agent"`
}

// begin opens a session for an account and returns the token for its cookie.
func (a *Access) begin(ctx context.Context, acc Account, means, agent string) (token string, err error) {
	now := clock.Now(ctx)
	token, hash := newToken()
	s := Session{ID: id.New(ctx), TokenHash: hash, Account: acc.ID, Means: means, MadeAt: now, SeenAt: now,
		ExpiresAt: now.Add(a.opt.Longest), Address: Address(ctx), Agent: cut(agent, 200)}
	err = a.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, a.db, "access_session", s); err != nil {
			return err
		}
		if _, err := a.db.Exec(ctx, `update access_account set seen_at = $1 where id = $2`, now, acc.ID); err != nil {
			return err
		}
		return Audit(as(ctx, &Actor{Account: acc.ID, Name: acc.Title}), a.db, Entry{Action: SignIn, Unit: acc.Unit,
			Person: acc.Person, Subject: subject(acc.ID), Detail: map[string]any{"means": means}})
	})
	return token, err
}

func cut(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// End ends a session of the actor of ctx. What is not theirs is NotFound.
func (a *Access) End(ctx context.Context, session string) error {
	who, ok := Who(ctx)
	if !ok {
		return errs.New(errs.Stranger, "error.sign-in")
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		n, err := a.db.Exec(ctx, `delete from access_session where id = $1 and account_id = $2`, session, who.Account)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "error.not-found")
		}
		if err := a.changed(ctx, who.Account); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: SignOut, Unit: who.Unit, Person: who.Person, Subject: subject(who.Account)})
	})
}

// held is a session with all that decides what its holder may do.
type held struct {
	Session   string       `db:"session"`
	Account   AccountID    `db:"account"`
	Person    org.PersonID `db:"person"`
	Title     string       `db:"title"`
	Unit      org.UnitID   `db:"unit"`
	SeenAt    time.Time    `db:"seen_at"`
	ExpiresAt time.Time    `db:"expires_at"`
	Means     string       `db:"means"`
	TwoStep   bool         `db:"two_step"`
	Password  bool         `db:"has_password"`
}

// load reads the session of a token; entry is nil when there is none in force.
func (a *Access) load(ctx context.Context, hash string) (*entry, error) {
	now := clock.Now(ctx)
	h, err := db.One[held](ctx, a.db, `select s.id as session, a.id as account, a.person_id as person, a.title, a.unit_id as unit,
		s.seen_at, s.expires_at, s.means, a.two_step, a.password <> '' as has_password from access_session s join access_account a on a.id = s.account_id
		where s.token_hash = $1 and a.state = 'active' and s.expires_at > $2 and s.seen_at > $3`,
		hash, now, now.Add(-a.opt.Idle))
	if errors.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if now.Sub(h.SeenAt) > a.opt.Idle/8 { // not at every request: it is a write
		if _, err := a.db.Exec(ctx, `update access_session set seen_at = $1 where id = $2`, now, h.Session); err != nil {
			return nil, err
		}
	}
	who, err := a.actorOf(ctx, h.Account, h.Person, h.Title, h.Unit)
	if err != nil {
		return nil, err
	}
	who.Session = h.Session
	if !strong(h.Means, h.TwoStep, h.Password) {
		if err := a.withhold(ctx, who); err != nil {
			return nil, err
		}
	}
	return &entry{actor: who, until: h.ExpiresAt, day: clock.DateOf(now)}, nil
}

type grantRow struct {
	Role      module.Role `db:"role"`
	Unit      org.UnitID  `db:"unit_id"`
	From      clock.Date  `db:"from_on"`
	To        clock.Date  `db:"to_on"`
	Delegable bool        `db:"delegable"`
}

// grantsOf lists the grants of an account that are in force today.
func (a *Access) grantsOf(ctx context.Context, account AccountID) ([]Grant, error) {
	rows, err := db.All[grantRow](ctx, a.db, `select role, unit_id, from_on, to_on, delegable from access_grant
		where account_id = $1 and from_on <= $2 and (to_on is null or to_on > $2) order by id`, account, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	grants := make([]Grant, len(rows))
	for i, r := range rows {
		grants[i] = Grant(r)
	}
	return grants, nil
}

// changed makes all nodes forget what they hold about an account: this one when
// the transaction commits, the others within two seconds.
func (a *Access) changed(ctx context.Context, accounts ...AccountID) error {
	type change struct {
		ID      string    `db:"id"`
		Account AccountID `db:"account_id"`
		At      time.Time `db:"at"`
	}
	rows := make([]change, len(accounts))
	for i, acc := range accounts {
		rows[i] = change{id.New(ctx), acc, time.Now()}
	}
	if err := db.Insert(ctx, a.db, "access_change", rows...); err != nil {
		return err
	}
	db.AfterCommit(ctx, func() { a.sessions.forget(accounts...) })
	return nil
}

func (a *Access) sweepSessions(ctx context.Context) error {
	now := clock.Now(ctx)
	for _, step := range []struct {
		query  string
		before time.Time
	}{
		{`delete from access_session where expires_at < $1`, now},
		{`delete from access_session where seen_at < $1`, now.Add(-a.opt.Idle)},
		{`delete from access_step where expires_at < $1`, now},
		{`delete from access_change where at < $1`, time.Now().Add(-10 * time.Minute)},
	} {
		if _, err := a.db.Exec(ctx, step.query, step.before); err != nil {
			return err
		}
	}
	return nil
}
