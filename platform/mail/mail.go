// Package mail brings letters to people: into their inbox in the house, and by
// SMTP to those who gave an address, where a mail server is set.
//
// A letter is written in the transaction that gives reason for it; it is posted
// by a job, again and again while the mail server is away.
package mail

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/id"
	"lotrinh/platform/job"
)

//go:embed schema
var schema embed.FS

// Schema is the inbox.
var Schema = db.Schema{Module: "mail", FS: schema}

// Letter is one letter to one person, in his language.
type Letter struct {
	Reader  string // person id: the letter lies in his inbox
	Address string // e-mail address, or ""
	Subject string
	Body    string // plain text
	Link    string // path in the house that the letter is about, or ""
}

// Post writes and sends letters.
type Post struct {
	db   *db.DB
	jobs *job.Queue
	smtp *server
	base string // https://host, to make links whole
}

type server struct {
	client *gomail.Client
	from   string
}

// New returns the post office. smtp is "smtp://user:password@host:port?from=a@b"
// (STARTTLS where the server offers it; &tls=must, &tls=none), "smtps://…" for
// TLS from the start, or "" for the inbox alone.
func New(d *db.DB, q *job.Queue, smtp, base string) (*Post, error) {
	p := &Post{db: d, jobs: q, base: base}
	q.Handle("mail", p.deliver)
	if smtp == "" {
		return p, nil
	}
	var err error
	p.smtp, err = dial(smtp)
	return p, err
}

func dial(where string) (*server, error) {
	u, err := url.Parse(where)
	if err != nil || u.Hostname() == "" || u.Query().Get("from") == "" {
		return nil, fmt.Errorf("mail: %q is not of the form smtp://user:password@host:port?from=address", where)
	}
	opts := []gomail.Option{gomail.WithTimeout(20 * time.Second), gomail.WithTLSPolicy(gomail.TLSOpportunistic)}
	switch {
	case u.Scheme == "smtps":
		opts = append(opts, gomail.WithSSL())
	case u.Query().Get("tls") == "must":
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case u.Query().Get("tls") == "none":
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		opts = append(opts, gomail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), opts...)
	return &server{client, u.Query().Get("from")}, err
}

// Sends says whether there is a mail server, so that letters reach an address.
func (p *Post) Sends() bool { return p.smtp != nil }

type inboxRow struct {
	ID      string    `db:"id"`
	Reader  string    `db:"reader"`
	Subject string    `db:"subject"`
	Body    string    `db:"body"`
	Link    string    `db:"link"`
	At      time.Time `db:"at"`
	ReadAt  time.Time `db:"read_at"`
}

// Send puts letters into inboxes and, where there is an address and a mail
// server, on their way.
func (p *Post) Send(ctx context.Context, letters ...Letter) error {
	return p.db.Tx(ctx, func(ctx context.Context) error {
		var rows []inboxRow
		for _, l := range letters {
			if l.Reader != "" {
				rows = append(rows, inboxRow{ID: id.New(ctx), Reader: l.Reader, Subject: l.Subject, Body: l.Body, Link: l.Link, At: clock.Now(ctx)})
			}
			if l.Address == "" || p.smtp == nil {
				continue
			}
			if err := p.jobs.Add(ctx, "mail", l); err != nil {
				return err
			}
		}
		return db.Insert(ctx, p.db, "mail_inbox", rows...)
	})
}

func (p *Post) deliver(ctx context.Context, body []byte) error {
	var l Letter
	if err := json.Unmarshal(body, &l); err != nil || p.smtp == nil {
		return err
	}
	m := gomail.NewMsg()
	if err := m.From(p.smtp.from); err != nil {
		return err
	}
	if err := m.To(l.Address); err != nil {
		return err
	}
	m.Subject(l.Subject)
	m.SetDate()
	m.SetMessageID()
	text := l.Body
	if l.Link != "" {
		text += "\n\n" + p.base + l.Link
	}
	m.SetBodyString(gomail.TypeTextPlain, text)
	return p.smtp.client.DialAndSendWithContext(ctx, m)
}

// Item is a letter in an inbox.
type Item = inboxRow

// Inbox lists the letters of a reader, the latest first. The caller has asked
// whether the reader is who reads.
func (p *Post) Inbox(ctx context.Context, reader string, limit int) ([]Item, error) {
	return db.All[Item](ctx, p.db, `select `+db.Columns[Item]("")+` from mail_inbox
		where reader = $1 order by at desc, id desc limit $2`, reader, limit)
}

// Unread counts the letters that a reader has not opened.
func (p *Post) Unread(ctx context.Context, reader string) (int, error) {
	return db.One[int](ctx, p.db, `select count(*) from mail_inbox where reader = $1 and read_at is null`, reader)
}

// Read marks all letters of a reader up to now as opened.
func (p *Post) Read(ctx context.Context, reader string) error {
	_, err := p.db.Exec(ctx, `update mail_inbox set read_at = $1 where reader = $2 and read_at is null`, clock.Now(ctx), reader)
	return err
}
