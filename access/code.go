package access

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// codeLetters are what codes on paper are made of: nothing that looks like
// something else.
const (
	codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
	codeLength  = 12 // 59 bits: with the throttle, and a few weeks to guess, out of reach
)

// drawCode draws a code of n letters, each as likely as the others.
func drawCode(n int) string {
	const fair = 256 / len(codeLetters) * len(codeLetters)
	code, buf := make([]byte, 0, n), make([]byte, 2*n)
	for len(code) < n {
		rand.Read(buf)
		for _, b := range buf {
			if int(b) < fair && len(code) < n {
				code = append(code, codeLetters[int(b)%len(codeLetters)])
			}
		}
	}
	return string(code)
}

// codeText is a code as people type it brought to the form in which it is kept.
func codeText(s string) string {
	s = strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "", "\u00a0", "", "\u2013", "").Replace(strings.TrimSpace(s)))
	return s[:min(len(s), 64)]
}

func codeHash(code string) string { return hashToken("code\x00" + codeText(code)) }

// Slip is a one-time code with whom it is for. The code exists here and on the
// paper, and nowhere else.
type Slip struct {
	Account AccountID
	Title   string
	Name    string
	Unit    org.UnitID
	Code    string
	Expires time.Time
}

// codeRow is a code as the database keeps it.
type codeRow struct {
	ID        string    `db:"id"`
	Account   AccountID `db:"account_id"`
	Hash      string    `db:"code_hash"`
	Purpose   string    `db:"purpose"`
	MadeAt    time.Time `db:"made_at"`
	MadeBy    AccountID `db:"made_by"`
	ExpiresAt time.Time `db:"expires_at"`
	UsedAt    time.Time `db:"used_at"`
}

// Issue draws a one-time code for each account; codes drawn before for them are
// void. With one, its owner chooses a password or makes a passkey. What the
// account opens now stays good until then. Denied for an account above oneself;
// nothing is drawn when one of them fails.
func (a *Access) Issue(ctx context.Context, ids ...AccountID) (slips []Slip, err error) {
	err = a.db.Tx(ctx, func(ctx context.Context) error {
		for _, id := range ids {
			acc, err := a.manage(ctx, id)
			if err != nil {
				return err
			}
			s, err := a.issue(ctx, acc, "slip", drawCode(codeLength), a.opt.CodeLife)
			if err != nil {
				return err
			}
			slips = append(slips, s)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return slips, nil
}

func (a *Access) issue(ctx context.Context, acc Account, purpose, code string, life time.Duration) (Slip, error) {
	if acc.State == Disabled {
		return Slip{}, errs.New(errs.Conflict, "access.account.is-disabled", acc.Name)
	}
	if err := a.voidCodes(ctx, acc.ID); err != nil {
		return Slip{}, err
	}
	who, _ := Who(ctx)
	now := clock.Now(ctx)
	row := codeRow{ID: id.New(ctx), Account: acc.ID, Hash: codeHash(code), Purpose: purpose, MadeAt: now, MadeBy: who.Account, ExpiresAt: now.Add(life)}
	if err := db.Insert(ctx, a.db, "access_code", row); err != nil {
		return Slip{}, err
	}
	err := Audit(ctx, a.db, Entry{Action: EditAccounts, Unit: acc.Unit, Person: acc.Person, Subject: subject(acc.ID),
		Detail: map[string]any{"code": purpose, "until": row.ExpiresAt}})
	return Slip{acc.ID, acc.Title, acc.Name, acc.Unit, code, row.ExpiresAt}, err
}

func (a *Access) voidCodes(ctx context.Context, account AccountID) error {
	_, err := a.db.Exec(ctx, `delete from access_code where account_id = $1 and used_at is null`, account)
	return err
}

var errCode = errs.New(errs.Invalid, "access.code.wrong")

// codeOwner finds the account that a code is good for.
func (a *Access) codeOwner(ctx context.Context, code string) (row codeRow, acc Account, err error) {
	row, err = db.One[codeRow](ctx, a.db, `select `+db.Columns[codeRow]("")+` from access_code
		where code_hash = $1 and used_at is null and expires_at > $2`, codeHash(code), clock.Now(ctx))
	if errors.Is(err, errs.NotFound) {
		return row, acc, errCode
	}
	if err != nil {
		return row, acc, err
	}
	acc, err = a.accountByID(ctx, row.Account)
	if err == nil && acc.State == Disabled {
		err = errCode
	}
	return row, acc, err
}

// firstStep is what is known of someone whose code was right.
type firstStep struct {
	Code string `json:"code"` // id of the code, not the code
}

// ByCode checks a one-time code and returns the token of the step in which its
// owner chooses a password or makes a passkey; until then the code stays good.
// Errors: Invalid for a wrong, used or old code; Busy. Open to all.
func (a *Access) ByCode(ctx context.Context, code string) (token string, err error) {
	var row codeRow
	ok, err := a.try(ctx, "code", Address(ctx), func() (bool, error) {
		row, _, err = a.codeOwner(ctx, code)
		if errors.Is(err, errs.Invalid) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errCode
	}
	return a.openStep(ctx, stepFirst, row.Account, firstStep{row.ID})
}

// spend uses up the code of a first step, once.
func (a *Access) spend(ctx context.Context, codeID string) error {
	n, err := a.db.Exec(ctx, `update access_code set used_at = $1 where id = $2 and used_at is null and expires_at > $1`,
		clock.Now(ctx), codeID)
	if err == nil && n == 0 {
		err = errCode
	}
	return err
}

// FirstPassword ends the step that ByCode began: it sets the password, spends the
// code, and ends what sessions the account had. Errors: Invalid with field
// password. Open to all.
func (a *Access) FirstPassword(ctx context.Context, token, password string) (acc Account, err error) {
	var f firstStep
	s, err := a.readStep(ctx, stepFirst, token, &f)
	if err != nil {
		return acc, err
	}
	if acc, err = a.accountByID(ctx, s.Account); err != nil {
		return acc, err
	}
	hash, err := a.newPassword(ctx, password, acc)
	if err != nil {
		return acc, err
	}
	err = a.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := a.takeStep(ctx, stepFirst, token, &f); err != nil {
			return err
		}
		if err := a.spend(ctx, f.Code); err != nil {
			return err
		}
		return a.setPassword(ctx, acc, hash, "")
	})
	if err != nil {
		return acc, err
	}
	return a.accountByID(ctx, acc.ID)
}

// newPassword hashes a password that is good enough for acc.
func (a *Access) newPassword(ctx context.Context, password string, acc Account) (hash string, err error) {
	var f errs.Form
	a.judge(ctx, &f, "password", password, acc)
	if err := f.Err(); err != nil {
		return "", err
	}
	return hashPassword(ctx, password)
}

// setPassword keeps a hash, makes the account active and ends all its sessions but
// one. It acts in the name of the account.
func (a *Access) setPassword(ctx context.Context, acc Account, hash, but string) error {
	ctx = as(ctx, &Actor{Account: acc.ID, Person: acc.Person, Name: acc.Title, Unit: acc.Unit})
	if err := a.endSessions(ctx, acc.ID, but); err != nil {
		return err
	}
	return a.rewrite(ctx, acc, acc.Edition, map[string]any{"password": "set"},
		`password = $3, password_at = $4, state = $5`, hash, clock.Now(ctx), Active)
}

// ChangePassword sets another password for the actor of ctx, who knows the one
// that is, and ends the other sessions. Errors: Invalid with fields old, password.
func (a *Access) ChangePassword(ctx context.Context, old, password string) error {
	acc, err := a.self(ctx)
	if err != nil {
		return err
	}
	who, _ := Who(ctx)
	if err := a.reprove(ctx, acc, old); err != nil {
		return err
	}
	hash, err := a.newPassword(ctx, password, acc)
	if err != nil {
		return err
	}
	return a.db.Tx(ctx, func(ctx context.Context) error { return a.setPassword(ctx, acc, hash, who.Session) })
}

// self is the account of the actor of ctx.
func (a *Access) self(ctx context.Context) (Account, error) {
	who, ok := Who(ctx)
	if !ok || who.Account == "" {
		return Account{}, errs.New(errs.Stranger, "error.sign-in")
	}
	return a.accountByID(ctx, who.Account)
}

// reprove asks the owner of a signed-in account for the password once more, before
// what opens it is changed; one who has none is believed by the session.
func (a *Access) reprove(ctx context.Context, acc Account, password string) error {
	if acc.Password == "" {
		return nil
	}
	ok, err := a.try(ctx, acc.NameKey, Address(ctx), func() (bool, error) {
		ok, _, err := checkPassword(ctx, acc.Password, password)
		return ok, err
	})
	if err == nil && !ok {
		err = errs.New(errs.Invalid, "error.invalid").Field("old", "access.password.wrong")
	}
	return err
}
