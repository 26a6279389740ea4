// Package certificate issues certificates of completion and proves them: a serial
// that nobody can guess, a page on which anybody can check it, a register book for
// each unit and year, and the PDF with its QR code. A certificate is never
// changed: it is revoked, or replaced by another that names it.
package certificate

import (
	"context"
	"crypto/rand"
	"embed"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
	"lotrinh/platform/text"
)

//go:embed schema
var schema embed.FS

// Schema is the tables of certificates.
var Schema = db.Schema{Module: "learn_certificate", FS: schema}

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// What people may be allowed to do.
const (
	Read  module.ActionName = "learn_certificate.read"
	Grant module.ActionName = "learn_certificate.issue" // issue, revoke, replace; set the template
)

// ID names a certificate inside the house; outside its serial does.
type ID string

// State is whether a certificate holds.
type State string

// The states.
const (
	Valid    State = "valid"
	Revoked  State = "revoked"
	Replaced State = "replaced"
)

// Certificate is one, as it was printed.
type Certificate struct {
	ID         ID           `db:"id"`
	Serial     string       `db:"serial"`
	Number     int64        `db:"number"` // in the register book of Unit and Year
	Year       int64        `db:"year"`
	Unit       org.UnitID   `db:"unit_id"` // that issues it
	Person     org.PersonID `db:"person_id"`
	Holder     string       `db:"holder"`
	Folded     string       `db:"folded"`
	Born       string       `db:"born"`
	HolderUnit org.UnitID   `db:"holder_unit_id"` // at that time
	UnitName   string       `db:"holder_unit"`
	Category   org.Category `db:"category"` // at that time
	Course     string       `db:"course_id"`
	Title      string       `db:"course"`
	Topic      string       `db:"topic_id"`
	Hours      string       `db:"hours"` // «24 tiết»
	From       clock.Date   `db:"from_on"`
	To         clock.Date   `db:"to_on"`
	Grade      string       `db:"grade"`
	Issued     clock.Date   `db:"issued_on"`
	State      State        `db:"state"`
	Why        string       `db:"why"` // it was revoked or replaced
	Replaces   *ID          `db:"replaces_id"`
	ChangedAt  time.Time    `db:"changed_at"`
	Edition    int64        `db:"edition"`
}

// Orgs is what certificates ask of units and people.
type Orgs interface {
	Person(context.Context, org.PersonID) (org.Person, []org.Post, error)
	Now(context.Context) *org.Tree
}

// Certificates is the module.
type Certificates struct {
	db    *db.DB
	orgs  Orgs
	files file.Store
	jobs  *job.Queue
	base  string // https://host of the public page
}

// New returns the module; base is where its public page is reached.
func New(d *db.DB, orgs Orgs, files file.Store, jobs *job.Queue, base string) *Certificates {
	c := &Certificates{d, orgs, files, jobs, base}
	jobs.Handle("learn_certificate.pack", c.pack)
	return c
}

// Award is what a certificate is given for.
type Award struct {
	Unit       org.UnitID // that issues it
	Person     org.PersonID
	Holder     string
	Born       clock.Date
	HolderUnit org.UnitID
	UnitName   string
	Category   org.Category
	Course     string // id; one valid certificate for each person and course
	Title      string
	Topic      string
	Hours      string
	From, To   clock.Date
	Grade      string
}

const serialLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" // none that is read for another

// serial draws 60 random bits: «7K3M-Q2XD-9TBF».
func serial() string {
	var b [12]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = serialLetters[int(b[i])%len(serialLetters)]
	}
	return string(b[:4]) + "-" + string(b[4:8]) + "-" + string(b[8:])
}

// CleanSerial reads a serial as people type it; "" when it cannot be one.
func CleanSerial(s string) string {
	s = strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(text.Clean(s)))
	if len(s) != 12 || strings.Trim(s, serialLetters) != "" {
		return ""
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:]
}

// Issue gives certificates, all or none. Who has a valid one for the course
// already keeps that one and gets no other, so that it can be called again.
func (c *Certificates) Issue(ctx context.Context, awards ...Award) error {
	asked := map[org.UnitID]int64{}
	for _, a := range awards {
		if _, ok := asked[a.Unit]; !ok {
			if err := access.Check(ctx, Grant, a.Unit); err != nil {
				return err
			}
		}
		asked[a.Unit]++
	}
	return c.db.Tx(ctx, func(ctx context.Context) error {
		awards, err := c.without(ctx, awards)
		if err != nil || len(awards) == 0 {
			return err
		}
		rows, err := c.enter(ctx, awards)
		if err != nil {
			return err
		}
		if err := db.Insert(ctx, c.db, "learn_certificate", rows...); err != nil {
			return err
		}
		for unit := range asked {
			e := access.Entry{Action: Grant, Unit: unit, Subject: "certificates", Detail: map[string]int64{"issued": asked[unit]}}
			if err := access.Audit(ctx, c.db, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// without leaves out those who have a valid certificate for the course.
func (c *Certificates) without(ctx context.Context, awards []Award) (left []Award, err error) {
	have := map[string]map[org.PersonID]bool{}
	for _, a := range awards {
		if have[a.Course] == nil {
			people, err := db.All[org.PersonID](ctx, c.db, `select person_id from learn_certificate where course_id = $1 and state = 'valid'`, a.Course)
			if err != nil {
				return nil, err
			}
			have[a.Course] = map[org.PersonID]bool{}
			for _, p := range people {
				have[a.Course][p] = true
			}
		}
		if !have[a.Course][a.Person] {
			have[a.Course][a.Person] = true
			left = append(left, a)
		}
	}
	return left, nil
}

// enter numbers awards in the register books of their units.
func (c *Certificates) enter(ctx context.Context, awards []Award) ([]Certificate, error) {
	today := clock.Today(ctx)
	count := map[org.UnitID]int64{}
	for _, a := range awards {
		count[a.Unit]++
	}
	next := map[org.UnitID]int64{}
	for unit, n := range count {
		last, err := db.One[int64](ctx, c.db, `insert into learn_certificate_book (unit_id, year, last) values ($1, $2, $3)
			on conflict (unit_id, year) do update set last = learn_certificate_book.last + excluded.last returning last`, unit, today.Year(), n)
		if err != nil {
			return nil, err
		}
		next[unit] = last - n
	}
	rows := make([]Certificate, len(awards))
	for i, a := range awards {
		next[a.Unit]++
		rows[i] = Certificate{ID: ID(id.New(ctx)), Serial: serial(), Number: next[a.Unit], Year: int64(today.Year()), Unit: a.Unit, Person: a.Person,
			Holder: a.Holder, Folded: text.Fold(a.Holder), Born: a.Born.Viet(), HolderUnit: a.HolderUnit, UnitName: a.UnitName, Category: a.Category,
			Course: a.Course, Title: a.Title, Topic: a.Topic, Hours: a.Hours, From: a.From, To: a.To, Grade: a.Grade, Issued: today, State: Valid, ChangedAt: clock.Now(ctx)}
	}
	return rows, nil
}

// Certificate is one of them, for its holder and for those who may read it in the
// unit that issued it or the holder's.
func (c *Certificates) Certificate(ctx context.Context, cert ID) (Certificate, error) {
	k, err := db.One[Certificate](ctx, c.db, `select `+db.Columns[Certificate]("")+` from learn_certificate where id = $1`, cert)
	if err != nil {
		return k, err
	}
	if access.CheckSelf(ctx, k.Person) == nil || access.Allowed(ctx, Read, k.Unit) {
		return k, nil
	}
	return k, access.Check(ctx, Read, k.HolderUnit)
}

// Mine lists the certificates of the actor, the newest first.
func (c *Certificates) Mine(ctx context.Context) ([]Certificate, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	return db.All[Certificate](ctx, c.db, `select `+db.Columns[Certificate]("")+` from learn_certificate
		where person_id = $1 and state <> 'replaced' order by issued_on desc, id`, who.Person)
}

// Revoke takes a certificate back, and says why.
func (c *Certificates) Revoke(ctx context.Context, cert ID, edition int64, why string) error {
	return c.end(ctx, cert, edition, Revoked, why, nil)
}

// Replace gives a new certificate for one that holds, with the name that its
// holder bears now; the old one names its successor by being replaced.
func (c *Certificates) Replace(ctx context.Context, cert ID, edition int64, why string) error {
	return c.end(ctx, cert, edition, Replaced, why, func(ctx context.Context, k Certificate) error {
		p, _, err := c.orgs.Person(ctx, k.Person)
		if err != nil {
			return err
		}
		born, _ := text.ParseDate(k.Born)
		rows, err := c.enter(ctx, []Award{{Unit: k.Unit, Person: k.Person, Holder: p.Name, Born: max(p.Birth, born), HolderUnit: k.HolderUnit, UnitName: k.UnitName,
			Category: k.Category, Course: k.Course, Title: k.Title, Topic: k.Topic, Hours: k.Hours, From: k.From, To: k.To, Grade: k.Grade}})
		if err != nil {
			return err
		}
		rows[0].Replaces = &k.ID
		return db.Insert(ctx, c.db, "learn_certificate", rows...)
	})
}

func (c *Certificates) end(ctx context.Context, cert ID, edition int64, state State, why string, then func(context.Context, Certificate) error) error {
	why = text.Clean(why)
	return c.db.Tx(ctx, func(ctx context.Context) error {
		k, err := c.Certificate(ctx, cert)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, Grant, k.Unit); err != nil {
			return err
		}
		var f errs.Form
		f.Need(why != "", "why", "learn_certificate.need-why")
		if err := f.Err(); err != nil {
			return err
		}
		n, err := c.db.Exec(ctx, `update learn_certificate set state = $1, why = $2, changed_at = $3, edition = edition + 1
			where id = $4 and edition = $5 and state = 'valid'`, state, why, clock.Now(ctx), cert, edition)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "error.changed")
		}
		if then != nil {
			if err := then(ctx, k); err != nil {
				return err
			}
		}
		return access.Audit(ctx, c.db, access.Entry{Action: Grant, Unit: k.Unit, Person: k.Person, Subject: "certificate:" + string(cert), Detail: map[string]string{"state": string(state), "why": why}})
	})
}

// Filter narrows the register.
type Filter struct {
	Text   string // of the holder, with or without marks, or a serial
	Course string
	Limit  int // 50 when zero
	Offset int
}

// Register is the register book: certificates issued where the actor may read,
// the newest first, and how many there are.
func (c *Certificates) Register(ctx context.Context, f Filter) ([]Certificate, int, error) {
	w := access.In(ctx, Read).Narrow(db.NewWhere(), "unit_id")
	w.If(f.Text != "", `folded like ? escape '\' or serial = ?`, db.Like(text.Fold(text.Clean(f.Text))), CleanSerial(f.Text))
	w.If(f.Course != "", "course_id = ?", f.Course)
	total, err := db.One[int](ctx, c.db, `select count(*) from learn_certificate where `+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	limit := f.Limit
	if limit == 0 {
		limit = 50
	}
	list, err := db.All[Certificate](ctx, c.db, `select `+db.Columns[Certificate]("")+` from learn_certificate where `+w.SQL()+
		` order by issued_on desc, unit_id, number desc limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
	return list, total, err
}

// Proof is what anybody may learn of a certificate by its serial.
type Proof struct {
	Serial   string
	Holder   string // masked: «N. V. An»
	Title    string
	Issuer   string
	Issued   clock.Date
	State    State
	Changed  time.Time
	Replaced string // serial of the one that took its place; "" none
}

// Check tells whether a serial is of a certificate that holds. Open to all: it is
// what a certificate is for; the holder's name is masked.
func (c *Certificates) Check(ctx context.Context, typed string) (Proof, error) {
	s := CleanSerial(typed)
	if s == "" {
		return Proof{}, errs.New(errs.NotFound, "learn_certificate.unknown")
	}
	k, err := db.One[Certificate](ctx, c.db, `select `+db.Columns[Certificate]("")+` from learn_certificate where serial = $1`, s)
	if err != nil {
		return Proof{}, errs.New(errs.NotFound, "learn_certificate.unknown").Because(err)
	}
	t, err := c.template(ctx, k.Unit)
	p := Proof{Serial: k.Serial, Holder: masked(k.Holder), Title: k.Title, Issuer: t.Issuer, Issued: k.Issued, State: k.State, Changed: k.ChangedAt}
	if err != nil || k.State != Replaced {
		return p, err
	}
	next, err := db.All[string](ctx, c.db, `select serial from learn_certificate where replaces_id = $1`, k.ID)
	if len(next) > 0 {
		p.Replaced = next[0]
	}
	return p, err
}

// masked keeps the given name and the first letters of the others.
func masked(name string) string {
	words := strings.Fields(name)
	for i := range words[:max(0, len(words)-1)] {
		r := []rune(words[i])
		words[i] = string(r[:1]) + "."
	}
	return strings.Join(words, " ")
}
