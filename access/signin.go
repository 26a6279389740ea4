package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"strings"

	"lotrinh/platform/errs"
)

var errRefused = errs.New(errs.Invalid, "access.refused")

// WithPassword returns the account that name and password open. device is the
// mark of a browser in which it was signed in before, or "". Whatever is wrong,
// the answer is the same and takes the same time. Errors: Invalid, Busy. Open to
// all.
func (a *Access) WithPassword(ctx context.Context, name, password, device string) (acc Account, err error) {
	name, password = text64(NameKey(name)), longest(password)
	acc, err = a.accountByName(ctx, name)
	if err != nil && !errors.Is(err, errs.NotFound) {
		return acc, err
	}
	stale := false
	ok, err := a.try(ctx, name, a.place(ctx, acc.ID, device), func() (ok bool, err error) {
		ok, stale, err = checkPassword(ctx, acc.Password, password)
		return ok && acc.State == Active, err
	})
	switch {
	case err != nil:
		return Account{}, err
	case !ok:
		if err := a.refused(ctx, acc, "password"); err != nil {
			return Account{}, err
		}
		return Account{}, errRefused
	case stale:
		err = a.rehash(ctx, acc, password)
	}
	return acc, err
}

// text64 bounds what is kept of a name that somebody typed.
func text64(s string) string { return s[:min(len(s), 64)] }

// longest bounds what is hashed; no account has a longer password.
func longest(s string) string { return s[:min(len(s), 4096)] }

// place is where an attempt comes from: the browser, if it bears the mark of the
// account, else the address.
func (a *Access) place(ctx context.Context, account AccountID, device string) string {
	name, _, ok := strings.Cut(device, ".")
	if !ok || account == "" {
		return Address(ctx)
	}
	want, err := a.deviceMark(ctx, account, name)
	if err != nil || subtle.ConstantTimeCompare([]byte(want), []byte(device)) != 1 {
		return Address(ctx)
	}
	return "device " + name
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
	_, err = a.db.Exec(ctx, `update access_account set password = $1 where id = $2 and password = $3`, hash, acc.ID, acc.Password)
	return err
}

// arrival is what goes with someone from the sign-in page to the page after: where
// to, and the form that a session which ran out had interrupted.
type arrival struct {
	Next  string `json:"next"`
	Kept  string `json:"kept,omitempty"`
	Means string `json:"means"`
}

// Second ends the step of someone whose password was right with a one-time
// password or a recovery code. Errors: Invalid, Busy. Open to all.
func (a *Access) Second(ctx context.Context, token, code string) (acc Account, to arrival, err error) {
	s, err := a.readStep(ctx, stepSecond, token, &to)
	if err != nil {
		return acc, to, err
	}
	if acc, err = a.accountByID(ctx, s.Account); err != nil {
		return acc, to, err
	}
	ok, err := a.try(ctx, acc.NameKey+"#2", Address(ctx), func() (ok bool, err error) {
		if acc.State != Active {
			return false, nil
		}
		if !acc.TOTPAt.IsZero() {
			ok, err = a.fitsTOTP(ctx, acc, code)
		}
		if !ok && err == nil {
			ok, err = a.fitsRecovery(ctx, acc, code)
		}
		return ok, err
	})
	if err == nil && !ok {
		if err = a.refused(ctx, acc, "second"); err == nil {
			err = errs.New(errs.Invalid, "access.totp.wrong")
		}
	}
	if err != nil {
		return acc, to, err
	}
	_, err = a.takeStep(ctx, stepSecond, token, &to)
	return acc, to, err
}

// SetTwoStep says whether the password of the actor of ctx does alone; it cannot
// be demanded of an account without a second factor.
func (a *Access) SetTwoStep(ctx context.Context, on bool, password string) error {
	acc, err := a.self(ctx)
	if err != nil {
		return err
	}
	if err := a.reprove(ctx, acc, password); err != nil {
		return err
	}
	keys, err := a.passkeysOf(ctx, acc.ID)
	if err != nil {
		return err
	}
	if !on {
		if err := a.maySwitchOff(ctx, acc); err != nil {
			return err
		}
	}
	if on && acc.TOTPAt.IsZero() && len(keys) == 0 {
		return errs.New(errs.Conflict, "access.second.none")
	}
	return a.rewrite(ctx, acc, acc.Edition, map[string]any{"two-step": on}, `two_step = $3`, on)
}

// maySwitchOff refuses whose roles want a second factor.
func (a *Access) maySwitchOff(ctx context.Context, acc Account) error {
	want, err := a.SecondRoles(ctx)
	if err != nil || len(want) == 0 {
		return err
	}
	grants, err := a.grantsOf(ctx, acc.ID)
	for _, g := range grants {
		if slices.Contains(want, g.Role) {
			return errs.New(errs.Conflict, "access.second.wanted", roleSaid(ctx, g.Role))
		}
	}
	return err
}

// asksSecond says whether acc needs a second factor after its password.
func (acc *Account) asksSecond() bool { return acc.TwoStep }
