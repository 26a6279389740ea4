package access

import (
	"context"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

const (
	totpPeriod    = 30 // seconds (RFC 6238)
	recoveryCodes = 10 // for who has lost the telephone
	recoveryLong  = 10 // letters of one
)

// StartTOTP draws the secret of one-time passwords for the actor of ctx, who gives
// the password once more. It is in force only after ConfirmTOTP. url is what the
// QR code for the telephone holds. Errors: Invalid with field old.
func (a *Access) StartTOTP(ctx context.Context, password string) (secret, url string, err error) {
	acc, err := a.self(ctx)
	if err != nil {
		return "", "", err
	}
	if err := a.reprove(ctx, acc, password); err != nil {
		return "", "", err
	}
	if !acc.TOTPAt.IsZero() {
		return "", "", errs.New(errs.Conflict, "access.totp.on")
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Lo Trinh", AccountName: acc.Name})
	if err != nil {
		return "", "", err
	}
	hidden, err := a.encipher(ctx, key.Secret(), "totp:"+string(acc.ID))
	if err != nil {
		return "", "", err
	}
	err = a.rewrite(ctx, acc, acc.Edition, map[string]any{"totp": "begun"}, `totp = $3, totp_at = null, totp_step = 0`, hidden)
	return key.Secret(), key.URL(), err
}

// ConfirmTOTP puts one-time passwords in force for the actor of ctx, who proves by
// a code that the telephone has the secret. From then on a password alone does not
// do. It returns the recovery codes, which are told once, and ends the other
// sessions. Errors: Invalid with field code.
func (a *Access) ConfirmTOTP(ctx context.Context, code string) (recovery []string, err error) {
	acc, err := a.self(ctx)
	if err != nil {
		return nil, err
	}
	if acc.TOTP == "" || !acc.TOTPAt.IsZero() {
		return nil, errStep
	}
	ok, err := a.try(ctx, acc.NameKey+"#2", Address(ctx), func() (bool, error) { return a.fitsTOTP(ctx, acc, code) })
	if err == nil && !ok {
		err = errs.New(errs.Invalid, "error.invalid").Field("code", "access.totp.wrong")
	}
	if err != nil {
		return nil, err
	}
	err = a.db.Tx(ctx, func(ctx context.Context) error {
		who, _ := Who(ctx)
		if err := a.endSessions(ctx, acc.ID, who.Session); err != nil {
			return err
		}
		if recovery, err = a.drawRecovery(ctx, acc.ID); err != nil {
			return err
		}
		return a.rewrite(ctx, acc, acc.Edition, map[string]any{"totp": "on"}, `totp_at = $3, two_step = $4`, clock.Now(ctx), true)
	})
	return recovery, err
}

// DropTOTP takes one-time passwords out of force for the actor of ctx, who gives
// the password once more.
func (a *Access) DropTOTP(ctx context.Context, password string) error {
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
	return a.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := a.db.Exec(ctx, `delete from access_recovery where account_id = $1`, acc.ID); err != nil {
			return err
		}
		return a.rewrite(ctx, acc, acc.Edition, map[string]any{"totp": "off"},
			`totp = '', totp_at = null, two_step = $3`, acc.TwoStep && len(keys) > 0)
	})
}

// DropSecond takes all second factors from an account that the actor of ctx
// manages: its owner has lost them.
func (a *Access) DropSecond(ctx context.Context, id AccountID) error {
	acc, err := a.manage(ctx, id)
	if err != nil {
		return err
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		for _, table := range []string{"access_recovery", "access_passkey"} {
			if _, err := a.db.Exec(ctx, `delete from `+table+` where account_id = $1`, acc.ID); err != nil {
				return err
			}
		}
		if err := a.endSessions(ctx, acc.ID, ""); err != nil {
			return err
		}
		return a.rewrite(ctx, acc, acc.Edition, map[string]any{"second": "removed"},
			`totp = '', totp_at = null, two_step = $3`, false)
	})
}

// fitsTOTP says whether code is the one-time password of this half minute, of the
// one before or of the one after, and uses it up.
func (a *Access) fitsTOTP(ctx context.Context, acc Account, code string) (bool, error) {
	if acc.TOTP == "" {
		return false, nil
	}
	secret, err := a.decipher(ctx, acc.TOTP, "totp:"+string(acc.ID))
	if err != nil {
		return false, err
	}
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	at := clock.Now(ctx).Unix() / totpPeriod
	for step := at - 1; step <= at+1; step++ {
		want, err := totp.GenerateCode(secret, time.Unix(step*totpPeriod, 0))
		if err != nil {
			return false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			n, err := a.db.Exec(ctx, `update access_account set totp_step = $1 where id = $2 and totp_step < $1`, step, acc.ID)
			return n == 1, err
		}
	}
	return false, nil
}

// drawRecovery draws new recovery codes in place of those that were.
func (a *Access) drawRecovery(ctx context.Context, account AccountID) (codes []string, err error) {
	type row struct {
		Account AccountID `db:"account_id"`
		Hash    string    `db:"code_hash"`
	}
	rows := make([]row, recoveryCodes)
	for i := range rows {
		code := drawCode(recoveryLong)
		codes = append(codes, code[:5]+"-"+code[5:])
		rows[i] = row{account, recoveryHash(account, code)}
	}
	if _, err := a.db.Exec(ctx, `delete from access_recovery where account_id = $1`, account); err != nil {
		return nil, err
	}
	return codes, db.Insert(ctx, a.db, "access_recovery", rows...)
}

func recoveryHash(account AccountID, code string) string {
	return hashToken("recovery\x00" + string(account) + "\x00" + codeText(code))
}

// fitsRecovery says whether code is a recovery code of the account, and uses it up.
func (a *Access) fitsRecovery(ctx context.Context, acc Account, code string) (bool, error) {
	if len(codeText(code)) != recoveryLong {
		return false, nil
	}
	n, err := a.db.Exec(ctx, `update access_recovery set used_at = $1 where account_id = $2 and code_hash = $3 and used_at is null`,
		clock.Now(ctx), acc.ID, recoveryHash(acc.ID, code))
	return n == 1, err
}

// RecoveryLeft counts the recovery codes that the actor of ctx has not used.
func (a *Access) RecoveryLeft(ctx context.Context) (int, error) {
	acc, err := a.self(ctx)
	if err != nil {
		return 0, err
	}
	return db.One[int](ctx, a.db, `select count(*) from access_recovery where account_id = $1 and used_at is null`, acc.ID)
}
