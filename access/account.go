package access

import (
	"context"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// State is where an account stands.
type State string

// The states of an account.
const (
	Fresh    State = "new"      // waits for its first sign-in by code
	Active   State = "active"   // has a password, a passkey or a provider
	Disabled State = "disabled" // may not sign in
)

// Account lets someone sign in.
type Account struct {
	ID         AccountID    `db:"id"`
	Name       string       `db:"name"`
	NameKey    string       `db:"name_key"`
	Person     org.PersonID `db:"person_id"`
	Title      string       `db:"title"`
	Email      string       `db:"email"`
	Unit       org.UnitID   `db:"unit_id"`
	State      State        `db:"state"`
	Password   string       `db:"password"`
	PasswordAt time.Time    `db:"password_at"`
	TOTP       string       `db:"totp"`
	TOTPAt     time.Time    `db:"totp_at"`
	TOTPStep   int64        `db:"totp_step"`
	MadeAt     time.Time    `db:"made_at"`
	SeenAt     time.Time    `db:"seen_at"`
	Edition    int64        `db:"edition"`
}

var nameRule = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{2,63}$`)

// NameKey is the form of a sign-in name by which accounts are told apart.
func NameKey(name string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(name))) }

// NewAccount is what Open needs to make an account.
type NewAccount struct {
	Name     string // for signing in: 3 to 64 of a-z, 0-9 and . _ @ + -
	Title    string // who it is
	Email    string
	Person   org.PersonID
	Unit     org.UnitID
	Password string // "" = first sign-in by code
}

// Open makes an account. Errors: Invalid with fields name, title, password;
// Conflict when the name is taken.
func (a *Access) Open(ctx context.Context, n NewAccount) (AccountID, error) {
	if err := Check(ctx, EditAccounts, n.Unit); err != nil {
		return "", err
	}
	acc, err := a.drawUp(ctx, n)
	if err != nil {
		return "", err
	}
	err = a.db.Tx(ctx, func(ctx context.Context) error {
		if err := a.insertAccount(ctx, acc); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: EditAccounts, Unit: acc.Unit, Person: acc.Person,
			Subject: subject(acc.ID), Detail: map[string]any{"opened": acc.Name}})
	})
	return acc.ID, err
}

func subject(id AccountID) string { return "account:" + string(id) }

func (a *Access) drawUp(ctx context.Context, n NewAccount) (Account, error) {
	acc := Account{ID: AccountID(id.New(ctx)), Name: strings.TrimSpace(n.Name), NameKey: NameKey(n.Name), Person: n.Person,
		Title: strings.TrimSpace(n.Title), Email: strings.TrimSpace(n.Email), Unit: n.Unit, State: Fresh,
		MadeAt: clock.Now(ctx), Edition: 1}
	var f errs.Form
	f.Need(nameRule.MatchString(acc.NameKey), "name", "access.name.rule")
	f.Need(acc.Title != "", "title", "access.title.missing")
	if n.Password != "" {
		a.judge(&f, "password", n.Password, acc)
	}
	if err := f.Err(); err != nil || n.Password == "" {
		return acc, err
	}
	hash, err := hashPassword(ctx, n.Password)
	acc.Password, acc.PasswordAt, acc.State = hash, clock.Now(ctx), Active
	return acc, err
}

func (a *Access) insertAccount(ctx context.Context, acc Account) error {
	n, err := db.One[int](ctx, a.db, `select count(*) from access_account where name_key = $1`, acc.NameKey)
	if err != nil {
		return err
	}
	if n > 0 {
		return errs.New(errs.Conflict, "access.name.taken", acc.Name)
	}
	return db.Insert(ctx, a.db, "access_account", acc)
}

// judge says in f what is wrong with a password.
func (a *Access) judge(f *errs.Form, field, password string, acc Account) {
	n := len([]rune(password))
	f.Need(n >= 10, field, "access.password.short")
	f.Need(n <= 256, field, "access.password.long")
}

func (a *Access) accountByID(ctx context.Context, id AccountID) (Account, error) {
	return db.One[Account](ctx, a.db, `select `+db.Columns[Account]("a")+` from access_account a where a.id = $1`, id)
}

func (a *Access) accountByName(ctx context.Context, name string) (Account, error) {
	return db.One[Account](ctx, a.db, `select `+db.Columns[Account]("a")+` from access_account a where a.name_key = $1`, NameKey(name))
}
