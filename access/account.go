package access

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
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
	Folded     string       `db:"folded"`
	SortKey    string       `db:"sort_key"`
	Email      string       `db:"email"`
	Unit       org.UnitID   `db:"unit_id"`
	State      State        `db:"state"`
	Password   string       `db:"password"`
	PasswordAt time.Time    `db:"password_at"`
	TOTP       string       `db:"totp"`
	TOTPAt     time.Time    `db:"totp_at"`
	TOTPStep   int64        `db:"totp_step"`
	TwoStep    bool         `db:"two_step"`
	MadeAt     time.Time    `db:"made_at"`
	SeenAt     time.Time    `db:"seen_at"`
	Edition    int64        `db:"edition"`
}

var (
	nameRule  = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{2,63}$`)
	emailRule = regexp.MustCompile(`^[^@\s<>",;:]+@[^@\s<>",;:]+\.[^@\s<>",;:.]+$`)
)

// NameKey is the form of a sign-in name by which accounts are told apart.
func NameKey(name string) string { return strings.ToLower(text.Clean(name)) }

// NewAccount is what OpenAccount needs.
type NewAccount struct {
	Name     string // for signing in: 3 to 64 of a-z, 0-9 and . _ @ + -
	Title    string // who it is
	Email    string
	Person   org.PersonID
	Unit     org.UnitID
	Password string // "" = first sign-in by code
}

// OpenAccount makes an account. Errors: Invalid with fields name, title, email,
// unit, password; Conflict when the name is taken.
func (a *Access) OpenAccount(ctx context.Context, n NewAccount) (AccountID, error) {
	if err := Check(ctx, EditAccounts, n.Unit); err != nil {
		return "", err
	}
	acc, err := a.drawUp(ctx, n)
	if err != nil {
		return "", err
	}
	return acc.ID, a.db.Tx(ctx, func(ctx context.Context) error { return a.insertAccounts(ctx, acc) })
}

func subject(id AccountID) string { return "account:" + string(id) }

// drawUp makes the row of a new account, or says what is wrong with it.
func (a *Access) drawUp(ctx context.Context, n NewAccount) (Account, error) {
	acc := Account{ID: AccountID(id.New(ctx)), Name: text.Clean(n.Name), Person: n.Person, Unit: n.Unit, State: Fresh,
		MadeAt: clock.Now(ctx), Edition: 1}
	acc.describe(n.Title, n.Email)
	var f errs.Form
	acc.examine(&f)
	if n.Password != "" {
		a.judge(ctx, &f, "password", n.Password, acc)
	}
	if err := f.Err(); err != nil || n.Password == "" {
		return acc, err
	}
	hash, err := hashPassword(ctx, n.Password)
	acc.Password, acc.PasswordAt, acc.State = hash, clock.Now(ctx), Active
	return acc, err
}

// describe sets who the account is, and what follows from it and the name.
func (acc *Account) describe(title, email string) {
	acc.Title, acc.Email = text.Clean(title), strings.ToLower(text.Clean(email))
	acc.NameKey = NameKey(acc.Name)
	acc.Folded = text.Fold(acc.Title + " " + acc.Name + " " + acc.Email)
	acc.SortKey = text.NameKey(acc.Title)
}

func (acc *Account) examine(f *errs.Form) {
	f.Need(nameRule.MatchString(acc.NameKey), "name", "access.name.rule")
	f.Need(acc.Title != "" && len(acc.Title) <= 400, "title", "access.title.missing")
	f.Need(acc.Email == "" || emailRule.MatchString(acc.Email) && len(acc.Email) <= 254, "email", "access.email.rule")
	f.Need(acc.Unit != "", "unit", "access.grant.unit")
}

// insertAccounts writes new accounts; a name that is taken is a Conflict.
func (a *Access) insertAccounts(ctx context.Context, accounts ...Account) error {
	if err := a.allFree(ctx, accounts); err != nil {
		return err
	}
	entries := make([]Entry, len(accounts))
	for i, acc := range accounts {
		entries[i] = Entry{Action: EditAccounts, Unit: acc.Unit, Person: acc.Person, Subject: subject(acc.ID),
			Detail: map[string]any{"opened": acc.Name}}
	}
	if err := db.Insert(ctx, a.db, "access_account", accounts...); err != nil {
		return err
	}
	return AuditAll(ctx, a.db, entries)
}

// allFree refuses new accounts whose names others bear.
func (a *Access) allFree(ctx context.Context, accounts []Account) error {
	for chunk := range slices.Chunk(accounts, 500) {
		keys := make([]string, len(chunk))
		for i, acc := range chunk {
			keys[i] = acc.NameKey
		}
		w := db.NewWhere()
		db.In(w, "name_key", keys)
		taken, err := db.All[string](ctx, a.db, `select name from access_account where `+w.SQL()+` order by name limit 1`, w.Args()...)
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return errs.New(errs.Conflict, "access.name.taken", taken[0])
		}
	}
	return nil
}

// judge says in f what is wrong with a password.
func (a *Access) judge(ctx context.Context, f *errs.Form, field, password string, acc Account) {
	n := len([]rune(password))
	f.Need(n >= 10, field, "access.password.short")
	f.Need(n <= 256, field, "access.password.long")
	own := []string{acc.Name, acc.Title, acc.Email, a.unitName(ctx, acc.Unit)}
	mailbox, _, _ := strings.Cut(acc.Email, "@")
	own = append(own, mailbox)
	f.Need(!weak(password, own...), field, "access.password.common")
}

// manage finds an account that the actor of ctx may change: it stands on the list
// of a unit of his, and holds no right above what he himself could give, so that
// nobody gains rights by taking over an account.
func (a *Access) manage(ctx context.Context, id AccountID) (Account, error) {
	who, ok := Who(ctx)
	if !ok {
		return Account{}, errs.New(errs.Stranger, "error.sign-in")
	}
	acc, err := a.accountByID(ctx, id)
	if err != nil {
		return acc, err
	}
	if Check(ctx, EditAccounts, acc.Unit) != nil {
		return Account{}, errs.New(errs.NotFound, "error.not-found")
	}
	held, err := a.grantsFrom(ctx, id, clock.Today(ctx))
	for _, g := range held {
		if !who.masters(g.Role, g.Unit) {
			return Account{}, errs.New(errs.Denied, "access.account.above")
		}
	}
	return acc, err
}

// AccountEdit is what may be changed of an account.
type AccountEdit struct {
	Name, Title, Email string
	Unit               org.UnitID
	Edition            int64 // the one that was read
}

// Change rewrites an account. Errors as of OpenAccount; Conflict when it changed
// since.
func (a *Access) Change(ctx context.Context, id AccountID, e AccountEdit) error {
	acc, err := a.manage(ctx, id)
	if err != nil {
		return err
	}
	if err := Check(ctx, EditAccounts, e.Unit); err != nil {
		return err
	}
	before := acc.Name
	acc.Name, acc.Unit = text.Clean(e.Name), e.Unit
	acc.describe(e.Title, e.Email)
	var f errs.Form
	acc.examine(&f)
	if err := f.Err(); err != nil {
		return err
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		if err := a.free(ctx, acc); err != nil {
			return err
		}
		return a.rewrite(ctx, acc, e.Edition, map[string]any{"changed": acc.Name, "was": before},
			`name = $3, name_key = $4, title = $5, email = $6, folded = $7, sort_key = $8, unit_id = $9`,
			acc.Name, acc.NameKey, acc.Title, acc.Email, acc.Folded, acc.SortKey, acc.Unit)
	})
}

// free refuses a name that another account bears.
func (a *Access) free(ctx context.Context, acc Account) error {
	n, err := db.One[int](ctx, a.db, `select count(*) from access_account where name_key = $1 and id <> $2`, acc.NameKey, acc.ID)
	if err == nil && n > 0 {
		err = errs.New(errs.Conflict, "access.name.taken", acc.Name)
	}
	return err
}

// rewrite sets columns of an account that still has an edition ($2), makes the
// caches forget it and notes it in the log.
func (a *Access) rewrite(ctx context.Context, acc Account, edition int64, detail any, set string, args ...any) error {
	return a.db.Tx(ctx, func(ctx context.Context) error {
		n, err := a.db.Exec(ctx, `update access_account set edition = edition + 1, `+set+` where id = $1 and edition = $2`,
			append([]any{acc.ID, edition}, args...)...)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "error.changed")
		}
		if err := a.changed(ctx, acc.ID); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: EditAccounts, Unit: acc.Unit, Person: acc.Person, Subject: subject(acc.ID), Detail: detail})
	})
}

// Disable lets an account sign in no more, and ends its sessions and codes.
func (a *Access) Disable(ctx context.Context, id AccountID) error {
	acc, err := a.manage(ctx, id)
	if err != nil || acc.State == Disabled {
		return err
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		if err := a.endSessions(ctx, acc.ID, ""); err != nil {
			return err
		}
		if err := a.voidCodes(ctx, acc.ID); err != nil {
			return err
		}
		return a.rewrite(ctx, acc, acc.Edition, map[string]any{"disabled": true}, `state = $3`, Disabled)
	})
}

// Enable lets a disabled account sign in again, as it did before.
func (a *Access) Enable(ctx context.Context, id AccountID) error {
	acc, err := a.manage(ctx, id)
	if err != nil || acc.State != Disabled {
		return err
	}
	state, err := a.ready(ctx, acc)
	if err != nil {
		return err
	}
	return a.rewrite(ctx, acc, acc.Edition, map[string]any{"disabled": false}, `state = $3`, state)
}

// ready is the state of an account that is not disabled.
func (a *Access) ready(ctx context.Context, acc Account) (State, error) {
	n, err := db.One[int](ctx, a.db, `select (select count(*) from access_passkey where account_id = $1)
		+ (select count(*) from access_identity where account_id = $1)`, acc.ID)
	if acc.Password != "" || n > 0 {
		return Active, err
	}
	return Fresh, err
}

func (a *Access) accountByID(ctx context.Context, id AccountID) (Account, error) {
	return db.One[Account](ctx, a.db, `select `+db.Columns[Account]("a")+` from access_account a where a.id = $1`, id)
}

func (a *Access) accountByName(ctx context.Context, name string) (Account, error) {
	return db.One[Account](ctx, a.db, `select `+db.Columns[Account]("a")+` from access_account a where a.name_key = $1`, NameKey(name))
}
