package classroom

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/mail"
)

// reader is someone to write to.
type reader struct {
	inbox  string
	person org.PersonID // "" for an account of nobody
	email  string       // "" = that of the person
}

// tell writes the same letter to people: into their inbox, and by mail to those
// who gave an address. key is that of the subject; the body is key + ".body".
func (c *Classroom) tell(ctx context.Context, people []org.PersonID, link, key string, args ...any) error {
	readers := make([]reader, len(people))
	for i, p := range people {
		readers[i] = reader{inbox: string(p), person: p}
	}
	return c.write(ctx, readers, link, key, args...)
}

// write is tell for readers who need not be persons.
func (c *Classroom) write(ctx context.Context, readers []reader, link, key string, args ...any) error {
	if len(readers) == 0 || c.post == nil {
		return nil
	}
	people := make([]org.PersonID, len(readers))
	for i, r := range readers {
		people[i] = r.person
	}
	addresses, err := c.addresses(ctx, people)
	if err != nil {
		return err
	}
	subject, body := i18n.T(key, args...).As(i18n.Vi), i18n.T(key+".body", args...).As(i18n.Vi)
	letters := make([]mail.Letter, len(readers))
	for i, r := range readers {
		letters[i] = mail.Letter{Reader: r.inbox, Address: r.email, Subject: subject, Body: body, Link: link}
		if r.email == "" {
			letters[i].Address = addresses[r.person]
		}
	}
	return c.post.Send(ctx, letters...)
}

type addressRow struct {
	ID    org.PersonID `db:"id"`
	Email string       `db:"email"`
}

func (c *Classroom) addresses(ctx context.Context, people []org.PersonID) (map[org.PersonID]string, error) {
	all := map[org.PersonID]string{}
	for len(people) > 0 {
		n := min(500, len(people))
		w := db.NewWhere()
		rows, err := db.All[addressRow](ctx, c.db, `select id, email from org_person where `+db.In(w, "id", people[:n]).SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			all[r.ID] = r.Email
		}
		people = people[n:]
	}
	return all, nil
}

func (c *Classroom) tellSeated(ctx context.Context, k Class, a Answer) error {
	if err := c.tell(ctx, a.Registered, "/classroom/mine", "classroom.mail.registered", k.Name, k.From.Viet(), k.To.Viet()); err != nil {
		return err
	}
	return c.tell(ctx, a.Waiting, "/classroom/mine", "classroom.mail.waiting", k.Name, k.From.Viet(), k.To.Viet())
}

func (c *Classroom) tellPromoted(ctx context.Context, k Class, p org.PersonID) error {
	return c.tell(ctx, []org.PersonID{p}, "/classroom/mine", "classroom.mail.promoted", k.Name, k.From.Viet(), k.To.Viet())
}

func (c *Classroom) tellLeft(ctx context.Context, k Class, p org.PersonID, to SeatState, why string) error {
	return c.tell(ctx, []org.PersonID{p}, "/classroom/mine", "classroom.mail."+string(to), k.Name, why)
}
