package access

import (
	"context"
	"strconv"
	"strings"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/mail"
	"lotrinh/platform/text"
)

// AccountFilter narrows a list of accounts; zero fields narrow nothing.
type AccountFilter struct {
	Query string // in names and e-mail, marks or not
	Unit  org.UnitID
	State State
	Page  int // from 1
	Size  int // zero = 50
}

// Accounts lists the accounts of units of the actor of ctx, by given name, and
// says how many there are. Looking is noted in the log.
func (a *Access) Accounts(ctx context.Context, f AccountFilter) (list []Account, total int, err error) {
	if !Anywhere(ctx, ViewAccounts) {
		return nil, 0, refuse(ctx)
	}
	w := In(ctx, ViewAccounts).Narrow(db.NewWhere(), "a.unit_id")
	w.If(f.Query != "", `a.folded like ? escape '\'`, db.Like(text.Fold(text.Clean(f.Query))))
	w.If(f.State != "", "a.state = ?", f.State)
	if f.Unit != "" {
		Scope{tops: []org.UnitID{f.Unit}}.Narrow(w, "a.unit_id")
	}
	if total, err = db.One[int](ctx, a.db, `select count(*) from access_account a where `+w.SQL(), w.Args()...); err != nil {
		return nil, 0, err
	}
	size := f.Size
	if size <= 0 {
		size = 50
	}
	limit, offset := w.Arg(size), w.Arg((max(1, f.Page)-1)*size)
	list, err = db.All[Account](ctx, a.db, `select `+db.Columns[Account]("a")+` from access_account a where `+w.SQL()+
		` order by a.sort_key, a.id limit `+limit+` offset `+offset, w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	return list, total, Audit(ctx, a.db, Entry{Action: ViewAccounts, Unit: f.Unit, Read: true, Detail: map[string]any{"query": f.Query, "page": f.Page}})
}

// Account is one account with its grants of today and later, for who may see
// accounts of its unit. Looking is noted in the log.
func (a *Access) Account(ctx context.Context, id AccountID) (acc Account, grants []Granted, err error) {
	if !Anywhere(ctx, ViewAccounts) {
		return acc, nil, refuse(ctx)
	}
	if acc, err = a.accountByID(ctx, id); err != nil {
		return acc, nil, err
	}
	if Check(ctx, ViewAccounts, acc.Unit) != nil {
		return Account{}, nil, errs.New(errs.NotFound, "error.not-found")
	}
	if grants, err = a.grantsFrom(ctx, id, clock.Today(ctx)); err != nil {
		return acc, nil, err
	}
	return acc, grants, Audit(ctx, a.db, Entry{Action: ViewAccounts, Unit: acc.Unit, Person: acc.Person, Subject: subject(id), Read: true})
}

// Tally counts the accounts of a unit and all below it, by state.
type Tally struct {
	Unit                    org.UnitID
	Fresh, Active, Disabled int
}

// All counts the accounts in every state.
func (t Tally) All() int { return t.Fresh + t.Active + t.Disabled }

// Tallies counts the accounts of a unit and of each unit right below it: how far
// the handing out of accounts has come. The first is the unit itself, as a whole.
func (a *Access) Tallies(ctx context.Context, unit org.UnitID) ([]Tally, error) {
	if err := Check(ctx, ViewAccounts, unit); err != nil {
		return nil, err
	}
	type row struct {
		Unit  org.UnitID `db:"unit_id"`
		State State      `db:"state"`
		N     int        `db:"n"`
	}
	w := Scope{tops: []org.UnitID{unit}}.Narrow(db.NewWhere(), "a.unit_id")
	rows, err := db.All[row](ctx, a.db, `select a.unit_id, a.state, count(*) as n from access_account a where `+w.SQL()+
		` group by a.unit_id, a.state`, w.Args()...)
	if err != nil {
		return nil, err
	}
	list := []Tally{{Unit: unit}}
	for _, child := range a.orgs.Now(ctx).Children(unit) {
		list = append(list, Tally{Unit: child})
	}
	for _, r := range rows {
		for i := range list {
			if i == 0 || a.orgs.Covers(list[i].Unit, r.Unit) {
				list[i].add(r.State, r.N)
			}
		}
	}
	return list, nil
}

func (t *Tally) add(s State, n int) {
	switch s {
	case Fresh:
		t.Fresh += n
	case Active:
		t.Active += n
	case Disabled:
		t.Disabled += n
	}
}

// candidate is a person without an account, with a unit of today.
type candidate struct {
	ID    org.PersonID `db:"id"`
	Name  string       `db:"name"`
	Email string       `db:"email"`
	Unit  org.UnitID   `db:"unit_id"`
}

// OpenForUnit makes an account for every person who holds a post in a unit or
// below it today and has none. They wait for their codes (Issue or Invite).
func (a *Access) OpenForUnit(ctx context.Context, unit org.UnitID) (made []AccountID, err error) {
	if err := Check(ctx, EditAccounts, unit); err != nil {
		return nil, err
	}
	w := db.NewWhere(clock.Today(ctx))
	Scope{tops: []org.UnitID{unit}}.Narrow(w, "h.unit_id")
	people, err := db.All[candidate](ctx, a.db, `select p.id, p.name, p.email, h.unit_id from org_person p join org_post h on h.person_id = p.id
		where h.from_on <= $1 and (h.to_on is null or h.to_on > $1) and `+w.SQL()+`
		and not exists (select 1 from access_account x where x.person_id = p.id) order by p.name_key, p.id, h.main desc, h.id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	return made, a.db.Tx(ctx, func(ctx context.Context) error {
		taken, err := a.namesTaken(ctx)
		if err != nil {
			return err
		}
		var rows []Account
		for i, p := range people {
			if i > 0 && people[i-1].ID == p.ID {
				continue // another post of the same person
			}
			acc, err := a.drawUp(ctx, NewAccount{Name: taken.next(p.Name), Title: p.Name, Email: p.Email, Person: p.ID, Unit: p.Unit})
			if err != nil {
				return err
			}
			rows, made = append(rows, acc), append(made, acc.ID)
		}
		return a.insertAccounts(ctx, rows...)
	})
}

// nameSet is the sign-in names there are, in lower case.
type nameSet map[string]int

func (a *Access) namesTaken(ctx context.Context) (nameSet, error) {
	taken := nameSet{}
	return taken, db.Each(ctx, a.db, `select name_key from access_account`, nil, func(s string) error { taken[s] = 1; return nil })
}

// next is a free sign-in name for a person, and takes it: the given name and the
// first letters of the others, «bichtt» for Trần Thị Bích, with a number when
// others came before.
func (t nameSet) next(person string) string {
	family, middle, given := text.SplitName(person)
	base := onlyLetters(given)
	for word := range strings.FieldsSeq(family + " " + middle) {
		if w := onlyLetters(word); w != "" {
			base += w[:1]
		}
	}
	for len(base) < 3 {
		base += "0"
	}
	base = base[:min(len(base), 40)]
	name := base
	for n := max(t[base], 2); t[name] > 0; n++ {
		name = base + strconv.Itoa(n)
		t[base] = n
	}
	t[name] = max(t[name], 1)
	return name
}

func onlyLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text.Fold(s))
}

// FreshIn lists the accounts of a unit and below it that wait for their first
// sign-in, by unit and name: those whose slips are to be printed.
func (a *Access) FreshIn(ctx context.Context, unit org.UnitID, limit int) ([]AccountID, error) {
	if err := Check(ctx, EditAccounts, unit); err != nil {
		return nil, err
	}
	w := Scope{tops: []org.UnitID{unit}}.Narrow(db.NewWhere(Fresh), "a.unit_id")
	return db.All[AccountID](ctx, a.db, `select a.id from access_account a where a.state = $1 and `+w.SQL()+
		` order by a.unit_id, a.sort_key, a.id limit `+w.Arg(limit), w.Args()...)
}

const inviteLife = 7 // days that the link in a letter is good for

// Invite sends each account a letter with a link for the first sign-in, and says
// to how many: those without an e-mail address get none. Errors: Conflict where no
// mail is sent; Denied for an account above oneself.
func (a *Access) Invite(ctx context.Context, ids ...AccountID) (sent int, err error) {
	if !a.mails() {
		return 0, errs.New(errs.Conflict, "access.mail.off")
	}
	return sent, a.db.Tx(ctx, func(ctx context.Context) error {
		for _, id := range ids {
			acc, err := a.manage(ctx, id)
			if err != nil {
				return err
			}
			if acc.Email == "" {
				continue
			}
			if err := a.invite(ctx, acc); err != nil {
				return err
			}
			sent++
		}
		return nil
	})
}

func (a *Access) invite(ctx context.Context, acc Account) error {
	s, err := a.issue(ctx, acc, "mail", drawCode(24), inviteLife*day)
	if err != nil {
		return err
	}
	return a.opt.Mail.Send(ctx, mail.Letter{Address: acc.Email, Subject: i18n.S(ctx, "access.mail.subject"),
		Body: i18n.S(ctx, "access.mail.body", acc.Title, a.unitName(ctx, acc.Unit), acc.Name, i18n.DateTime(ctx, s.Expires)),
		Link: "/access/first?code=" + s.Code})
}
