package access

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// Passkey is a key on a telephone, in a computer or on a stick that signs in in
// place of a password (WebAuthn level 3).
type Passkey struct {
	ID         string    `db:"id"`
	Account    AccountID `db:"account_id"`
	Name       string    `db:"name"`
	Credential string    `db:"credential"`
	MadeAt     time.Time `db:"made_at"`
	UsedAt     time.Time `db:"used_at"`
}

const passkeysMax = 20 // of one account

// keyring is an account as go-webauthn sees it.
type keyring struct {
	acc  Account
	keys []webauthn.Credential
}

func (k *keyring) WebAuthnID() []byte                         { return []byte(k.acc.ID) }
func (k *keyring) WebAuthnName() string                       { return k.acc.Name }
func (k *keyring) WebAuthnDisplayName() string                { return k.acc.Title }
func (k *keyring) WebAuthnCredentials() []webauthn.Credential { return k.keys }

// PasskeysWork says whether passkeys can be used: browsers want a name, not an
// address of digits, and TLS but for localhost.
func (a *Access) PasskeysWork() bool { return a.webauthn != nil }

func newWebAuthn(base string) *webauthn.WebAuthn {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return nil
	}
	local := u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost")
	if u.Scheme != "https" && !local {
		return nil
	}
	wa, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Lộ Trình", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil
	}
	return wa
}

var errNoPasskeys = errs.New(errs.Conflict, "access.passkey.off")

func (a *Access) passkeysOf(ctx context.Context, account AccountID) ([]Passkey, error) {
	return db.All[Passkey](ctx, a.db, `select `+db.Columns[Passkey]("")+` from access_passkey where account_id = $1 order by made_at, id`, account)
}

// Passkeys lists the passkeys of the actor of ctx.
func (a *Access) Passkeys(ctx context.Context) ([]Passkey, error) {
	acc, err := a.self(ctx)
	if err != nil {
		return nil, err
	}
	return a.passkeysOf(ctx, acc.ID)
}

func (a *Access) keyring(ctx context.Context, acc Account) (*keyring, error) {
	rows, err := a.passkeysOf(ctx, acc.ID)
	if err != nil {
		return nil, err
	}
	k := &keyring{acc: acc}
	for _, r := range rows {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(r.Credential), &c); err != nil {
			return nil, err
		}
		k.keys = append(k.keys, c)
	}
	return k, nil
}

// registering is what is remembered while a passkey is being made.
type registering struct {
	Session webauthn.SessionData `json:"session"`
	Code    string               `json:"code,omitempty"` // id of the one-time code that it spends
}

// NewPasskey begins to make a passkey: for the actor of ctx, or, with the token of
// the step that ByCode began, for the owner of the code. It returns what the
// browser's navigator.credentials.create needs, as JSON, and the token of the step
// that SavePasskey ends. Who is signed in gives the password once more. Open to
// all: without code or session it is refused as a stranger.
func (a *Access) NewPasskey(ctx context.Context, first, password string) (options []byte, token string, err error) {
	if a.webauthn == nil {
		return nil, "", errNoPasskeys
	}
	acc, code, err := a.maker(ctx, first, password)
	if err != nil {
		return nil, "", err
	}
	ring, err := a.keyring(ctx, acc)
	if err != nil {
		return nil, "", err
	}
	if len(ring.keys) >= passkeysMax {
		return nil, "", errs.New(errs.Conflict, "access.passkey.many", passkeysMax)
	}
	created, session, err := a.webauthn.BeginRegistration(ring,
		webauthn.WithExclusions(webauthn.Credentials(ring.keys).CredentialDescriptors()))
	if err != nil {
		return nil, "", err
	}
	if options, err = json.Marshal(created.Response); err != nil {
		return nil, "", err
	}
	token, err = a.openStep(ctx, stepRegister, acc.ID, registering{*session, code})
	return options, token, err
}

// maker is who makes a passkey: the owner of a one-time code, or who is signed in.
func (a *Access) maker(ctx context.Context, first, password string) (acc Account, code string, err error) {
	if first == "" {
		if acc, err = a.self(ctx); err == nil {
			err = a.reprove(ctx, acc, password)
		}
		return acc, "", err
	}
	var f firstStep
	s, err := a.readStep(ctx, stepFirst, first, &f)
	if err != nil {
		return acc, "", err
	}
	acc, err = a.accountByID(ctx, s.Account)
	return acc, f.Code, err
}

// SavePasskey ends what NewPasskey began with the browser's answer (JSON of
// PublicKeyCredential.toJSON). With a one-time code it spends the code, makes the
// account active, and first is true. Open to all: the step says who.
func (a *Access) SavePasskey(ctx context.Context, token, name string, answer []byte) (acc Account, first bool, err error) {
	if a.webauthn == nil {
		return acc, false, errNoPasskeys
	}
	var r registering
	s, err := a.takeStep(ctx, stepRegister, token, &r)
	if err != nil {
		return acc, false, err
	}
	if who, ok := Who(ctx); r.Code == "" && (!ok || who.Account != s.Account) {
		return acc, false, errs.New(errs.Stranger, "error.sign-in")
	}
	if acc, err = a.accountByID(ctx, s.Account); err != nil {
		return acc, false, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return acc, false, errPasskey(err)
	}
	made, err := a.webauthn.CreateCredential(&keyring{acc: acc}, r.Session, parsed)
	if err != nil {
		return acc, false, errPasskey(err)
	}
	err = a.db.Tx(ctx, func(ctx context.Context) error { return a.keepPasskey(ctx, acc, made, name, r.Code) })
	return acc, r.Code != "", err
}

func errPasskey(cause error) error {
	return errs.New(errs.Invalid, "access.passkey.refused").Because(cause)
}

func (a *Access) keepPasskey(ctx context.Context, acc Account, made *webauthn.Credential, name, code string) error {
	body, err := json.Marshal(made)
	if err != nil {
		return err
	}
	if name = cut(text.Clean(name), 60); name == "" {
		name = "Passkey"
	}
	row := Passkey{ID: base64.RawURLEncoding.EncodeToString(made.ID), Account: acc.ID, Name: name, Credential: string(body), MadeAt: clock.Now(ctx)}
	if err := db.Insert(ctx, a.db, "access_passkey", row); err != nil {
		return err
	}
	ctx = as(ctx, &Actor{Account: acc.ID, Person: acc.Person, Name: acc.Title, Unit: acc.Unit})
	if code != "" {
		if err := a.spend(ctx, code); err != nil {
			return err
		}
		if err := a.endSessions(ctx, acc.ID, ""); err != nil {
			return err
		}
	}
	return a.rewrite(ctx, acc, acc.Edition, map[string]any{"passkey": "made", "name": name}, `state = $3`, Active)
}

// AskPasskey begins a sign-in by passkey. With the token of a second step it asks
// for a passkey of that account, else for any. It returns what the browser's
// navigator.credentials.get needs, as JSON, and the token of the step that
// ByPasskey ends. Open to all.
func (a *Access) AskPasskey(ctx context.Context, second string, to arrival) (options []byte, token string, err error) {
	if a.webauthn == nil {
		return nil, "", errNoPasskeys
	}
	var account AccountID
	if second != "" {
		s, err := a.readStep(ctx, stepSecond, second, &to)
		if err != nil {
			return nil, "", err
		}
		account = s.Account
	}
	asked, session, err := a.askFor(ctx, account)
	if err != nil {
		return nil, "", err
	}
	if options, err = json.Marshal(asked.Response); err != nil {
		return nil, "", err
	}
	token, err = a.openStep(ctx, stepSign, account, signing{*session, to})
	return options, token, err
}

func (a *Access) askFor(ctx context.Context, account AccountID) (*protocol.CredentialAssertion, *webauthn.SessionData, error) {
	if account == "" {
		return a.webauthn.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	}
	acc, err := a.accountByID(ctx, account)
	if err != nil {
		return nil, nil, err
	}
	ring, err := a.keyring(ctx, acc)
	if err != nil {
		return nil, nil, err
	}
	if len(ring.keys) == 0 {
		return nil, nil, errs.New(errs.Conflict, "access.second.none")
	}
	return a.webauthn.BeginLogin(ring, webauthn.WithUserVerification(protocol.VerificationRequired))
}

// signing is what is remembered while a passkey is asked for.
type signing struct {
	Session webauthn.SessionData `json:"session"`
	To      arrival              `json:"to"`
}

// ByPasskey ends a sign-in by passkey with the browser's answer and returns the
// account it opens. Errors: Invalid, the same whatever is wrong; Busy. Open to all.
func (a *Access) ByPasskey(ctx context.Context, token string, answer []byte) (acc Account, to arrival, err error) {
	if a.webauthn == nil {
		return acc, to, errNoPasskeys
	}
	var sign signing
	s, err := a.takeStep(ctx, stepSign, token, &sign)
	if err != nil {
		return acc, to, err
	}
	var cause error
	ok, err := a.try(ctx, "passkey", Address(ctx), func() (bool, error) {
		acc, cause = a.proved(ctx, s, sign, answer)
		return cause == nil, nil
	})
	if err == nil && !ok {
		if err = a.refused(ctx, Account{}, "passkey"); err == nil {
			err = errPasskey(cause)
		}
	}
	return acc, sign.To, err
}

// proved checks the answer of a passkey and keeps its counter.
func (a *Access) proved(ctx context.Context, s step, sign signing, answer []byte) (acc Account, err error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return acc, err
	}
	find := func(_, handle []byte) (webauthn.User, error) {
		acc, err := a.accountByID(ctx, AccountID(handle))
		if err != nil {
			return nil, err
		}
		return a.keyring(ctx, acc)
	}
	var user webauthn.User
	var used *webauthn.Credential
	if s.Account == "" {
		user, used, err = a.webauthn.ValidatePasskeyLogin(find, sign.Session, parsed)
	} else if user, err = find(nil, []byte(s.Account)); err == nil {
		used, err = a.webauthn.ValidateLogin(user, sign.Session, parsed)
	}
	if err != nil {
		return acc, err
	}
	acc = user.(*keyring).acc
	if acc.State != Active {
		return Account{}, errors.New("access: the account is not active")
	}
	if used.Authenticator.CloneWarning {
		return Account{}, errors.New("access: the passkey's counter went back: it may have been copied")
	}
	return acc, a.usedPasskey(ctx, used)
}

func (a *Access) usedPasskey(ctx context.Context, c *webauthn.Credential) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = a.db.Exec(ctx, `update access_passkey set credential = $1, used_at = $2 where id = $3`,
		string(body), clock.Now(ctx), base64.RawURLEncoding.EncodeToString(c.ID))
	return err
}

// DropPasskey removes a passkey of the actor of ctx, who gives the password once
// more. The last way into an account cannot be removed (Conflict).
func (a *Access) DropPasskey(ctx context.Context, passkey, password string) error {
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
	if acc.Password == "" && len(keys) < 2 {
		return errs.New(errs.Conflict, "access.passkey.last")
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		n, err := a.db.Exec(ctx, `delete from access_passkey where id = $1 and account_id = $2`, passkey, acc.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "error.not-found")
		}
		return a.rewrite(ctx, acc, acc.Edition, map[string]any{"passkey": "removed"}, `two_step = $3`,
			acc.TwoStep && (!acc.TOTPAt.IsZero() || len(keys) > 1))
	})
}
