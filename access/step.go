package access

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// stepLife is how long one may take from one page to the next.
const stepLife = 15 * time.Minute

// The kinds of steps.
const (
	stepFirst    = "first"    // the code was right: choose a password or passkey
	stepSecond   = "second"   // the password was right: the second factor is missing
	stepSign     = "sign"     // a passkey is asked for
	stepRegister = "register" // a passkey is being made
	stepOIDC     = "oidc"     // gone to a provider
)

// step is what is known between two pages of someone who has not signed in yet.
// The browser holds its token.
type step struct {
	Hash      string    `db:"token_hash"`
	Kind      string    `db:"kind"`
	Account   AccountID `db:"account_id"`
	Data      string    `db:"data"`
	ExpiresAt time.Time `db:"expires_at"`
}

func (a *Access) openStep(ctx context.Context, kind string, account AccountID, data any) (token string, err error) {
	text, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	token, hash := newToken()
	return token, db.Insert(ctx, a.db, "access_step", step{hash, kind, account, string(text), clock.Now(ctx).Add(stepLife)})
}

var errStep = errs.New(errs.Invalid, "access.step.over")

// readStep finds the step of a token, and reads its data into data.
func (a *Access) readStep(ctx context.Context, kind, token string, data any) (step, error) {
	s, err := db.One[step](ctx, a.db, `select `+db.Columns[step]("")+` from access_step
		where token_hash = $1 and kind = $2 and expires_at > $3`, hashToken(token), kind, clock.Now(ctx))
	if errors.Is(err, errs.NotFound) {
		return s, errStep
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(s.Data), data)
}

// takeStep is readStep for the last time: whoever takes a step first has it.
func (a *Access) takeStep(ctx context.Context, kind, token string, data any) (s step, err error) {
	err = a.db.Tx(ctx, func(ctx context.Context) error {
		if s, err = a.readStep(ctx, kind, token, data); err != nil {
			return err
		}
		n, err := a.db.Exec(ctx, `delete from access_step where token_hash = $1`, s.Hash)
		if err == nil && n == 0 {
			err = errStep
		}
		return err
	})
	return s, err
}
