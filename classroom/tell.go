package classroom

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/mail"
)

// tell writes the same letter to people: into their inbox, and by mail to those
// who gave an address. key is that of the subject; the body is key + ".body".
func (c *Classroom) tell(ctx context.Context, people []org.PersonID, link, key string, args ...any) error {
	if len(people) == 0 || c.post == nil {
		return nil
	}
	addresses, err := c.addresses(ctx, people)
	if err != nil {
		return err
	}
	subject, body := i18n.T(key, args...).As(i18n.Vi), i18n.T(key+".body", args...).As(i18n.Vi)
	letters := make([]mail.Letter, len(people))
	for i, p := range people {
		letters[i] = mail.Letter{Reader: string(p), Address: addresses[p], Subject: subject, Body: body, Link: link}
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
