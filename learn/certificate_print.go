package learn

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"strconv"
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
	"lotrinh/platform/pdf"
	"lotrinh/platform/text"
)

// SetTemplate says how certificates of a unit look, unless someone changed that
// since the given edition.
func (l *Learn) SetTemplate(ctx context.Context, t Template) error {
	if err := access.Check(ctx, Issue, t.Unit); err != nil {
		return err
	}
	t.Body, t.ParentBody, t.Title, t.Place, t.Signer = text.Clean(t.Body), text.Clean(t.ParentBody), text.Clean(t.Title), text.Clean(t.Place), text.Clean(t.Signer)
	t.Signs, t.Accent = text.CleanLines(t.Signs), strings.TrimPrefix(text.Clean(t.Accent), "#")
	var f errs.Form
	f.Need(t.Body != "" && len(t.Body) <= titleMax, "body", "learn.need.body")
	f.Need(t.Months >= 0 && t.Months <= 600, "months", "learn.need.months")
	f.Need(t.Accent == "" || len(color(t.Accent)) == 3, "accent", "learn.need.accent")
	if err := f.Err(); err != nil {
		return err
	}
	return l.db.Tx(ctx, func(ctx context.Context) error {
		n, err := l.db.Exec(ctx, `insert into learn_template (unit_id, parent_body, body, title, place, signs, signer, months, accent, edition)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) on conflict (unit_id) do update set parent_body = excluded.parent_body,
			body = excluded.body, title = excluded.title, place = excluded.place, signs = excluded.signs, signer = excluded.signer,
			months = excluded.months, accent = excluded.accent, edition = learn_template.edition + 1 where learn_template.edition = $10`,
			string(t.Unit), t.ParentBody, t.Body, t.Title, t.Place, t.Signs, t.Signer, t.Months, t.Accent, t.Edition)
		if err := changed(n, err); err != nil {
			return err
		}
		return l.audit(ctx, "learn.template.set", t.Unit, "template:"+string(t.Unit), t.Body)
	})
}

// TemplateOf returns how certificates of a unit look.
func (l *Learn) TemplateOf(ctx context.Context, unit org.UnitID) (Template, error) {
	if err := access.Check(ctx, Issue, unit); err != nil {
		return Template{}, err
	}
	return l.store.template(ctx, unit)
}

func color(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		return nil
	}
	return b
}

// paper is a certificate as it is printed.
func (l *Learn) paper(ctx context.Context, k Certificate, t Template, sex string) pdf.Certificate {
	p := pdf.Certificate{ParentBody: t.ParentBody, Issuer: t.Body, Title: t.Title, Holder: k.Name, Born: k.Birth.Viet(), Unit: k.UnitName,
		Course: k.Title, Grade: k.Grade, Place: t.Place, Date: k.IssuedOn.Time(), Signer: t.Signer, Serial: k.Serial, Register: k.Register(),
		CheckURL: l.base + "/c/" + k.Serial, Made: k.ChangedAt}
	if p.Issuer == "" {
		p.Issuer = l.orgs.On(ctx, k.IssuedOn).Name(k.Unit)
	}
	if k.Minutes >= 45 {
		p.Duration = strconv.Itoa(k.Minutes/45) + " tiết"
	}
	if t.Signs != "" {
		p.Sign = strings.Split(t.Signs, "\n")
	}
	if k.Replaces != "" {
		p.Note = i18n.T("learn.certificate.note", k.Replaces).As(i18n.Vi)
	}
	switch sex {
	case "male":
		p.Salutation = "Ông"
	case "female":
		p.Salutation = "Bà"
	}
	if c := color(t.Accent); len(c) == 3 {
		p.Design.Accent = pdf.RGB(c)
	}
	return p
}

// PrintCertificate writes a certificate as a PDF, for its holder or for those who
// may read the register book of the unit that issued it.
func (l *Learn) PrintCertificate(ctx context.Context, serial string, w io.Writer) error {
	k, err := l.store.certificate(ctx, cleanSerial(serial))
	if err != nil {
		return err
	}
	if access.CheckSelf(ctx, k.Person) != nil {
		if err := access.Check(ctx, ReadRegister, k.Unit); err != nil {
			return errs.New(errs.NotFound, "error.not-found").Because(err)
		}
		if err := l.auditRead(ctx, ReadRegister, k.Unit, k.Person, "certificate:"+k.Serial, nil); err != nil {
			return err
		}
	}
	papers, err := l.papers(ctx, []Certificate{k})
	if err != nil {
		return err
	}
	return papers[0].Write(w)
}

func (l *Learn) papers(ctx context.Context, all []Certificate) ([]pdf.Certificate, error) {
	people := make([]org.PersonID, len(all))
	for i, k := range all {
		people[i] = k.Person
	}
	named, err := l.store.holders(ctx, people)
	if err != nil {
		return nil, err
	}
	templates := map[org.UnitID]Template{}
	out := make([]pdf.Certificate, len(all))
	for i, k := range all {
		t, ok := templates[k.Unit]
		if !ok {
			if t, err = l.store.template(ctx, k.Unit); err != nil {
				return nil, err
			}
			templates[k.Unit] = t
		}
		out[i] = l.paper(ctx, k, t, named[k.Person].Sex)
	}
	return out, nil
}

// Bundle is a ZIP with many certificates, made in the background.
type Bundle struct {
	ID     string     `db:"id"`
	Unit   org.UnitID `db:"unit_id"`
	Course CourseID   `db:"course_id"`
	State  string     `db:"state"` // waiting, working, done, failed
	Done   int        `db:"done"`
	Total  int        `db:"total"`
	File   file.Ref   `db:"file_ref"`
	Size   int64      `db:"size"`
	MadeBy string     `db:"made_by"`
	MadeAt time.Time  `db:"made_at"`
}

// OrderBundle has the certificates of a course that hold put into a ZIP, in the
// background; Bundle tells how far that is.
func (l *Learn) OrderBundle(ctx context.Context, cid CourseID) (string, error) {
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return "", err
	}
	if err := access.Check(ctx, ReadRegister, c.Unit); err != nil {
		return "", err
	}
	n, err := db.One[int](ctx, l.db, `select count(*) from learn_certificate where course_id = $1 and revoked_at is null and replaced_by = ''`, string(cid))
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "learn.bundle.empty")
	}
	if err != nil {
		return "", err
	}
	who, _ := access.Who(ctx)
	b := Bundle{ID: id.New(ctx), Unit: c.Unit, Course: cid, State: "waiting", Total: n, MadeBy: string(who.Account), MadeAt: clock.Now(ctx)}
	return b.ID, l.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, l.db, "learn_bundle", b); err != nil {
			return err
		}
		if err := l.auditRead(ctx, ReadRegister, c.Unit, "", "course:"+string(cid), map[string]int{"bundle": n}); err != nil {
			return err
		}
		return l.jobs.Add(ctx, "learn.bundle", b.ID)
	})
}

// BundleOf tells how far a bundle is.
func (l *Learn) BundleOf(ctx context.Context, bid string) (Bundle, error) {
	b, err := l.store.bundle(ctx, bid)
	if err != nil {
		return b, err
	}
	if err := access.Check(ctx, ReadRegister, b.Unit); err != nil {
		return Bundle{}, errs.New(errs.NotFound, "error.not-found").Because(err)
	}
	return b, nil
}

// OpenBundle opens the ZIP of a bundle that is done.
func (l *Learn) OpenBundle(ctx context.Context, bid string) (Bundle, io.ReadSeekCloser, error) {
	b, err := l.BundleOf(ctx, bid) // asks access.Check
	if err != nil {
		return b, nil, err
	}
	if b.State != "done" {
		return b, nil, errs.New(errs.Conflict, "learn.bundle.not-done")
	}
	r, _, err := l.files.Open(ctx, b.File)
	return b, r, err
}

// bundleJob makes the ZIP of a bundle.
func (l *Learn) bundleJob(ctx context.Context, body []byte) error {
	var bid string
	if err := json.Unmarshal(body, &bid); err != nil {
		return err
	}
	b, err := l.store.bundle(ctx, bid)
	if err != nil || b.State == "done" {
		return err
	}
	all, err := db.All[Certificate](ctx, l.db, `select `+certificateCols+` from learn_certificate where course_id = $1 and revoked_at is null
		and replaced_by = '' order by year, number`, string(b.Course))
	if err != nil {
		return err
	}
	papers, err := l.papers(ctx, all)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp("", "bundle-*.zip")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	last := time.Now()
	err = pdf.CertificateZip(f, papers, func(done int) error {
		if time.Since(last) < time.Second {
			return nil
		}
		last = time.Now()
		b.State, b.Done, b.Total = "working", done, len(papers)
		return l.store.saveBundle(ctx, b)
	})
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	info, err := l.files.Put(ctx, f, 4<<30)
	if err != nil {
		return err
	}
	b.State, b.Done, b.Total, b.File, b.Size = "done", len(papers), len(papers), info.Ref, info.Size
	return l.store.saveBundle(ctx, b)
}

func (s store) bundle(ctx context.Context, bid string) (Bundle, error) {
	return db.One[Bundle](ctx, s.db, `select `+db.Columns[Bundle]("")+` from learn_bundle where id = $1`, bid)
}

func (s store) saveBundle(ctx context.Context, b Bundle) error {
	_, err := s.db.Exec(ctx, `update learn_bundle set state = $1, done = $2, total = $3, file_ref = $4, size = $5 where id = $6`,
		b.State, b.Done, b.Total, string(b.File), b.Size, b.ID)
	return err
}
