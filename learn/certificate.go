package learn

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// Certificate is a certificate (giấy chứng nhận) as it was issued and entered in
// the register book of a unit.
type Certificate struct {
	ID          string       `db:"id"`
	Serial      string       `db:"serial"`
	Unit        org.UnitID   `db:"unit_id"` // who issued it
	Year        int          `db:"year"`
	Number      int          `db:"number"` // in the register book of the year
	Course      CourseID     `db:"course_id"`
	Enrolment   EnrolmentID  `db:"enrolment_id"`
	Person      org.PersonID `db:"person_id"`
	PersonUnit  org.UnitID   `db:"person_unit"`
	Category    org.Category `db:"category"`
	Topic       TopicID      `db:"topic_id"`
	Name        string       `db:"name"`
	Birth       clock.Date   `db:"birth_on"`
	UnitName    string       `db:"unit_name"`
	Title       string       `db:"title"`
	Minutes     int          `db:"minutes"`
	Grade       string       `db:"grade"`
	CompletedOn clock.Date   `db:"completed_on"`
	IssuedOn    clock.Date   `db:"issued_on"`
	ValidTo     clock.Date   `db:"valid_to"` // first day on which it holds no more
	RevokedAt   time.Time    `db:"revoked_at"`
	Reason      string       `db:"reason"`
	Replaces    string       `db:"replaces"`    // serial
	ReplacedBy  string       `db:"replaced_by"` // serial
	ChangedAt   time.Time    `db:"changed_at"`
	Edition     int          `db:"edition"`
}

// Register is the number in the register book: «12/2022».
func (c Certificate) Register() string { return strconv.Itoa(c.Number) + "/" + strconv.Itoa(c.Year) }

// Standing says whether a certificate holds: "valid", "revoked", "replaced" or
// "expired".
func (c Certificate) Standing(today clock.Date) string {
	switch {
	case !c.RevokedAt.IsZero():
		return "revoked"
	case c.ReplacedBy != "":
		return "replaced"
	case c.ValidTo != 0 && today >= c.ValidTo:
		return "expired"
	}
	return "valid"
}

// serialLetters leave out what is mistaken for another when read aloud or typed.
const serialLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// newSerial draws a serial such as "LT22-7KQ4-M2XH": the year, and 40 random bits,
// so that nobody finds one by counting.
func newSerial(ctx context.Context, year int) string {
	var b [5]byte
	if _, err := hex.Decode(b[:], []byte(strings.ReplaceAll(id.New(ctx), "-", "")[22:])); err != nil {
		rand.Read(b[:])
	}
	n := uint64(b[0])<<32 | uint64(b[1])<<24 | uint64(b[2])<<16 | uint64(b[3])<<8 | uint64(b[4])
	letters := make([]byte, 8)
	for i := range letters {
		letters[i] = serialLetters[n&31]
		n >>= 5
	}
	return "LT" + strconv.Itoa(year)[2:] + "-" + string(letters[:4]) + "-" + string(letters[4:])
}

// cleanSerial reads a serial as people type it.
func cleanSerial(s string) string {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' || r > 0x7f {
			return -1
		}
		return r
	}, s))
	if len(s) != 12 {
		return ""
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:]
}

// Issue issues certificates for completed enrolments of a course to people of the
// units where the actor may: for those named, or, when none is named, for all who
// have none yet. It returns the serials.
func (l *Learn) Issue(ctx context.Context, cid CourseID, only []EnrolmentID) ([]string, error) {
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return nil, err
	}
	if err := access.Check(ctx, Issue, c.Unit); err != nil {
		return nil, err
	}
	w := db.NewWhere(string(cid))
	if len(only) > 0 {
		db.In(w, "e.id", only)
	}
	rows, err := db.All[Enrolment](ctx, l.db, `select `+db.Columns[Enrolment]("e")+` from learn_enrolment e
		where e.course_id = $1 and e.state = 'completed' and `+w.SQL()+` and not exists
		(select 1 from learn_certificate k where k.enrolment_id = e.id and k.revoked_at is null and k.replaced_by = '') order by e.completed_on, e.id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	return l.issue(ctx, c, rows)
}

// issue enters certificates for completed enrolments in the register book.
func (l *Learn) issue(ctx context.Context, c Course, rows []Enrolment) (serials []string, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	err = l.db.Tx(ctx, func(ctx context.Context) error {
		all, err := l.draw(ctx, c, rows)
		if err != nil {
			return err
		}
		if err := l.enter(ctx, all); err != nil {
			return err
		}
		for _, k := range all {
			serials = append(serials, k.Serial)
		}
		return l.audit(ctx, string(Issue), c.Unit, "course:"+string(c.ID), map[string]int{"issued": len(all)})
	})
	return serials, err
}

// draw fills in certificates, without their numbers.
func (l *Learn) draw(ctx context.Context, c Course, rows []Enrolment) ([]Certificate, error) {
	people := make([]org.PersonID, len(rows))
	for i, e := range rows {
		people[i] = e.Person
	}
	named, err := l.store.holders(ctx, people)
	if err != nil {
		return nil, err
	}
	t, err := l.store.template(ctx, c.Unit)
	if err != nil {
		return nil, err
	}
	today := clock.Today(ctx)
	out := make([]Certificate, len(rows))
	for i, e := range rows {
		p := named[e.Person]
		k := Certificate{ID: id.New(ctx), Unit: c.Unit, Year: today.Year(), Course: c.ID, Enrolment: e.ID, Person: e.Person, PersonUnit: e.Unit,
			Category: e.Category, Topic: c.Topic, Name: p.Name, Birth: p.Birth, UnitName: l.orgs.On(ctx, e.CompletedOn).Name(e.Unit),
			Title: c.Title, Minutes: c.Minutes, Grade: grade(e.Score), CompletedOn: e.CompletedOn, IssuedOn: today}
		if k.Name == "" {
			return nil, errs.New(errs.Invalid, "learn.certificate.no-person")
		}
		if t.Months > 0 {
			y, m, d := today.YMD()
			k.ValidTo = clock.NewDate(y, m+time.Month(t.Months), d)
		}
		out[i] = k
	}
	return out, nil
}

// grade names a score in hundredths of a percent; "" without one. The words are
// those of the printed certificate, in Vietnamese.
func grade(score int) string {
	switch {
	case score < 0:
		return ""
	case score >= 9000:
		return "Xuất sắc"
	case score >= 8000:
		return "Giỏi"
	case score >= 6500:
		return "Khá"
	}
	return "Đạt"
}

// enter numbers certificates in the register books of their units and writes them.
func (l *Learn) enter(ctx context.Context, all []Certificate) error {
	first, err := l.store.numbers(ctx, all[0].Unit, all[0].Year, len(all))
	if err != nil {
		return err
	}
	now := clock.Now(ctx)
	for i := range all {
		all[i].Number, all[i].Serial, all[i].ChangedAt = first+i, newSerial(ctx, all[i].Year), now
	}
	if err := db.Insert(ctx, l.db, "learn_certificate", all...); err != nil {
		return err
	}
	for _, k := range all {
		if err := l.bus.Publish(ctx, CertificateIssued{Serial: k.Serial, Course: k.Course, Person: k.Person, Unit: k.PersonUnit}); err != nil {
			return err
		}
	}
	return nil
}

// Revoke takes back a certificate, with the reason that the check page shows.
func (l *Learn) Revoke(ctx context.Context, serial, reason string) error {
	reason = text.Clean(reason)
	var f errs.Form
	f.Need(reason != "" && len(reason) <= 500, "reason", "learn.need.reason")
	if err := f.Err(); err != nil {
		return err
	}
	return l.changeCertificate(ctx, serial, func(ctx context.Context, k *Certificate) error {
		k.RevokedAt, k.Reason = clock.Now(ctx), reason
		return l.bus.Publish(ctx, CertificateRevoked{Serial: serial, Person: k.Person, Reason: reason})
	}) // asks access.Check
}

// Reissue issues a new certificate in place of one whose holder's name has changed
// or that was printed wrongly: a new serial and number, each leading to the other.
func (l *Learn) Reissue(ctx context.Context, serial, reason string) (string, error) {
	fresh := ""
	reason = text.Clean(reason)
	var f errs.Form
	f.Need(reason != "" && len(reason) <= 500, "reason", "learn.need.reason")
	if err := f.Err(); err != nil {
		return "", err
	}
	err := l.changeCertificate(ctx, serial, func(ctx context.Context, k *Certificate) error {
		named, err := l.store.holders(ctx, []org.PersonID{k.Person})
		if err != nil {
			return err
		}
		n := *k
		n.ID, n.Replaces, n.Edition, n.IssuedOn, n.Year = id.New(ctx), k.Serial, 0, clock.Today(ctx), clock.Today(ctx).Year()
		if p := named[k.Person]; p.Name != "" {
			n.Name, n.Birth = p.Name, p.Birth
		}
		k.ReplacedBy, k.Reason = "…", reason // makes room for the new one; its serial follows
		if err := l.store.saveCertificate(ctx, *k); err != nil {
			return err
		}
		k.Edition++
		list := []Certificate{n}
		if err := l.enter(ctx, list); err != nil {
			return err
		}
		fresh = list[0].Serial
		k.ReplacedBy = fresh
		return nil
	}) // asks access.Check
	return fresh, err
}

func (l *Learn) changeCertificate(ctx context.Context, serial string, change func(context.Context, *Certificate) error) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		k, err := l.store.certificate(ctx, serial)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, Issue, k.Unit); err != nil {
			return err
		}
		if !k.RevokedAt.IsZero() || k.ReplacedBy != "" {
			return errs.New(errs.Conflict, "learn.certificate.over")
		}
		if err := change(ctx, &k); err != nil {
			return err
		}
		if err := l.store.saveCertificate(ctx, k); err != nil {
			return err
		}
		return l.auditPerson(ctx, Issue, k.Unit, k.Person, "certificate:"+serial, map[string]string{"reason": k.Reason, "replaced": k.ReplacedBy})
	})
}

// Checked is what the public check page says of a certificate.
type Checked struct {
	Serial     string     `json:"serial"`
	Name       string     `json:"name"` // masked: «Nguyễn V. A.»
	Title      string     `json:"title"`
	Issuer     string     `json:"issuer"`
	IssuedOn   clock.Date `json:"issued_on"`
	ValidTo    clock.Date `json:"valid_to"`
	Standing   string     `json:"standing"` // valid, revoked, replaced, expired
	Reason     string     `json:"reason,omitempty"`
	ReplacedBy string     `json:"replaced_by,omitempty"`
}

// CheckCertificate says whether a serial is that of a certificate that holds. Open
// to all: it tells a stranger no more than that the paper in his hand is true.
func (l *Learn) CheckCertificate(ctx context.Context, serial string) (Checked, error) {
	serial = cleanSerial(serial)
	if serial == "" {
		return Checked{}, errs.New(errs.NotFound, "learn.certificate.unknown")
	}
	k, err := l.store.certificate(ctx, serial)
	if err != nil {
		return Checked{}, errs.New(errs.NotFound, "learn.certificate.unknown").Because(err)
	}
	return Checked{Serial: k.Serial, Name: maskName(k.Name), Title: k.Title, Issuer: l.orgs.On(ctx, k.IssuedOn).Name(k.Unit), IssuedOn: k.IssuedOn,
		ValidTo: k.ValidTo, Standing: k.Standing(clock.Today(ctx)), Reason: k.Reason, ReplacedBy: k.ReplacedBy}, nil
}

// maskName keeps the family name whole and the first letters of the rest.
func maskName(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		if i > 0 {
			words[i] = string([]rune(w)[:1]) + "."
		}
	}
	return strings.Join(words, " ")
}

// MyCertificates lists the actor's certificates, the newest first.
func (l *Learn) MyCertificates(ctx context.Context) ([]Certificate, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	return db.All[Certificate](ctx, l.db, `select `+certificateCols+` from learn_certificate where person_id = $1 order by issued_on desc, id`, string(who.Person))
}
