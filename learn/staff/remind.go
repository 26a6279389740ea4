package staff

import (
	"context"
	"slices"
	"time"

	"lotrinh/access"
	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/mail"
)

// quiet is how long nobody is reminded again of the same thing.
const quiet = 20 * time.Hour

const remindAtOnce = 20_000 // people; a province has fewer

// reminder is a row of learn_staff_reminder.
type reminder struct {
	Person org.PersonID `db:"person_id"`
	About  string       `db:"about"`
	At     time.Time    `db:"at"`
}

// Remind writes to all people of a unit (and below it, as far as the actor may) who
// have courses to complete, but to nobody twice within a day. It returns how many
// were written to.
func (s *Staff) Remind(ctx context.Context, unit org.UnitID) (n int, err error) {
	if err := access.Check(ctx, SendReminder, unit); err != nil {
		return 0, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		w := access.In(ctx, SendReminder).Narrow(Filter{Unit: unit, State: Open}.where(ctx), "o.unit_id")
		w.And("(r.at is null or r.at < ?)", clock.Now(ctx).Add(-quiet))
		list, err := db.All[Person](ctx, s.db, personCols+personFrom+w.SQL()+` order by p.id limit `+w.Arg(remindAtOnce), w.Args()...)
		if err != nil {
			return err
		}
		letters := make([]mail.Letter, len(list))
		for i, p := range list {
			letters[i] = ownLetter(p)
		}
		n = len(list)
		return s.send(ctx, unit, "own", letters)
	})
	return n, err
}

func ownLetter(p Person) mail.Letter {
	l := mail.Letter{Reader: string(p.ID), Address: p.Email, Link: "/learn", Subject: i18n.T("learn_staff.letter", p.Open).As(i18n.Vi)}
	l.Body = i18n.T("learn_staff.letter.open", p.Open).As(i18n.Vi)
	if p.Late > 0 {
		l.Body = i18n.T("learn_staff.letter.late", p.Open, p.Late, p.Due.Viet()).As(i18n.Vi)
	}
	return l
}

// RemindHeads writes to the heads of the units under a unit in which people have
// courses to complete, with the number of them and a link to their names; to
// nobody twice within a day. It returns how many were written to.
func (s *Staff) RemindHeads(ctx context.Context, unit org.UnitID) (n int, err error) {
	if err := access.Check(ctx, SendReminder, unit); err != nil {
		return 0, err
	}
	if err := access.Check(ctx, learn.ReadRecords, unit); err != nil {
		return 0, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		letters, err := s.headLetters(ctx, unit)
		if err != nil {
			return err
		}
		n = len(letters)
		return s.send(ctx, unit, "unit", letters)
	})
	return n, err
}

// headLetters writes one letter to each head who answers for people with courses
// to complete and was not written to within a day.
func (s *Staff) headLetters(ctx context.Context, unit org.UnitID) ([]mail.Letter, error) {
	tree, counts := s.orgs.Now(ctx), map[org.UnitID]Standing{}
	units, err := s.byUnit(ctx, unit, false)
	if err != nil {
		return nil, err
	}
	scope := map[org.UnitID]bool{}
	for id, n := range units {
		a := authority(tree, id)
		counts[a] = counts[a].plus(n)
		scope[a] = access.Allowed(ctx, SendReminder, a)
	}
	var late []org.UnitID
	for a, n := range counts {
		if n.Open > 0 && scope[a] {
			late = append(late, a)
		}
	}
	slices.Sort(late)
	heads, err := s.orgs.HeadsOf(ctx, late, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	known, err := s.remindedOf(ctx, "unit")
	if err != nil {
		return nil, err
	}
	var letters []mail.Letter
	for _, a := range late {
		for _, p := range heads[a] {
			if !known[p.Person] {
				known[p.Person] = true
				letters = append(letters, headLetter(tree.Name(a), a, p.Person, counts[a]))
			}
		}
	}
	return letters, nil
}

// remindedOf is who was written to about something within a day.
func (s *Staff) remindedOf(ctx context.Context, about string) (map[org.PersonID]bool, error) {
	known := map[org.PersonID]bool{}
	return known, db.Each(ctx, s.db, `select person_id from learn_staff_reminder where about = $1 and at >= $2`, []any{about, clock.Now(ctx).Add(-quiet)},
		func(p org.PersonID) error { known[p] = true; return nil })
}

// authority is the nearest unit at or above id that has a head who answers for it.
func authority(t *org.Tree, id org.UnitID) org.UnitID {
	for _, up := range append([]org.UnitID{id}, t.Ancestors(id)...) {
		if u, _ := t.Unit(up); u.Tier.Authority() {
			return up
		}
	}
	return id
}

func headLetter(name string, unit org.UnitID, p org.PersonID, n Standing) mail.Letter {
	return mail.Letter{Reader: string(p), Subject: i18n.T("learn_staff.letter.head", name).As(i18n.Vi), Link: path(Filter{Unit: unit, State: Open}),
		Body: i18n.T("learn_staff.letter.head.text", name, n.Open, n.People, n.Late).As(i18n.Vi)}
}

// send posts letters, remembers to whom, and notes it in the audit log.
func (s *Staff) send(ctx context.Context, unit org.UnitID, about string, letters []mail.Letter) error {
	if s.letters == nil {
		return errs.New(errs.Conflict, "learn_staff.no-letters")
	}
	if len(letters) == 0 {
		return nil
	}
	rows := make([]reminder, len(letters))
	for i, l := range letters {
		rows[i] = reminder{org.PersonID(l.Reader), about, clock.Now(ctx)}
	}
	if err := db.InsertOr(ctx, s.db, "learn_staff_reminder", `on conflict (person_id, about) do update set at = excluded.at`, rows...); err != nil {
		return err
	}
	if err := s.letters.Send(ctx, letters...); err != nil {
		return err
	}
	return access.Audit(ctx, s.db, access.Entry{Action: SendReminder, Unit: unit, Subject: "reminder:" + about, Detail: map[string]int{"people": len(letters)}})
}
