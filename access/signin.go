package access

import (
	"context"
	"errors"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
)

// WithPassword returns the account that name and password open. Whatever is
// wrong, the answer is the same and takes the same time. Open to all.
func (a *Access) WithPassword(ctx context.Context, name, password string) (Account, error) {
	acc, err := a.accountByName(ctx, name)
	if err != nil && !errors.Is(err, errs.NotFound) {
		return acc, err
	}
	ok, stale, err := checkPassword(ctx, acc.Password, password)
	if err != nil {
		return acc, err
	}
	if !ok || acc.State != Active {
		if err := a.refused(ctx, acc, "password"); err != nil {
			return acc, err
		}
		return Account{}, errs.New(errs.Invalid, "access.refused")
	}
	if stale {
		err = a.rehash(ctx, acc, password)
	}
	return acc, err
}

// refused notes an attempt that failed; of a name that nobody bears, only that.
func (a *Access) refused(ctx context.Context, acc Account, means string) error {
	e := Entry{Action: SignInFailed, Unit: acc.Unit, Person: acc.Person, Detail: map[string]any{"means": means}}
	if acc.ID != "" {
		e.Subject = subject(acc.ID)
	}
	return Audit(ctx, a.db, e)
}

func (a *Access) rehash(ctx context.Context, acc Account, password string) error {
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return err
	}
	_, err = a.db.Exec(ctx, `update access_account set password = $1, password_at = $2 where id = $3 and password = $4`,
		hash, clock.Now(ctx), acc.ID, acc.Password)
	return err
}
