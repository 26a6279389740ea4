package certificate

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/id"
	"lotrinh/platform/pdf"
)

// Print writes the PDF of a certificate. A revoked one is not printed again.
func (c *Certificates) Print(ctx context.Context, cert ID, w io.Writer) error {
	k, err := c.Certificate(ctx, cert)
	if err != nil {
		return err
	}
	if k.State != Valid {
		return errs.New(errs.Conflict, "learn_certificate.void")
	}
	papers, err := c.papers(ctx, []Certificate{k})
	if err != nil {
		return err
	}
	if access.CheckSelf(ctx, k.Person) != nil {
		if err := access.Audit(ctx, c.db, access.Entry{Action: Read, Unit: k.Unit, Person: k.Person, Subject: "certificate:" + string(cert), Read: true}); err != nil {
			return err
		}
	}
	return papers[0].Write(w)
}

func (c *Certificates) papers(ctx context.Context, list []Certificate) ([]pdf.Certificate, error) {
	templates := map[org.UnitID]Template{}
	out := make([]pdf.Certificate, len(list))
	for i, k := range list {
		t, ok := templates[k.Unit]
		if !ok {
			var err error
			if t, err = c.template(ctx, k.Unit); err != nil {
				return nil, err
			}
			templates[k.Unit] = t
		}
		replaced := ""
		if k.Replaces != nil {
			var err error
			if replaced, err = db.One[string](ctx, c.db, `select serial from learn_certificate where id = $1`, *k.Replaces); err != nil {
				return nil, err
			}
		}
		out[i] = c.paper(k, t, replaced)
	}
	return out, nil
}

// Pack is a ZIP of many certificates, made in the background.
type Pack struct {
	ID     string     `db:"id"`
	Unit   org.UnitID `db:"unit_id"`
	Course string     `db:"course_id"`
	Total  int64      `db:"total"`
	Done   int64      `db:"done"`
	File   string     `db:"file"` // "" until it is done
	Error  string     `db:"error"`
	MadeAt time.Time  `db:"made_at"`
}

const packMax = 2 << 30 // bytes of a ZIP

// PackUp begins a ZIP of the valid certificates that a unit issued, of one course
// or of all.
func (c *Certificates) PackUp(ctx context.Context, unit org.UnitID, course string) (string, error) {
	if err := access.Check(ctx, Grant, unit); err != nil {
		return "", err
	}
	p := Pack{ID: id.New(ctx), Unit: unit, Course: course, MadeAt: clock.Now(ctx)}
	var err error
	w := packed(p)
	if p.Total, err = db.One[int64](ctx, c.db, `select count(*) from learn_certificate where `+w.SQL(), w.Args()...); err != nil {
		return "", err
	}
	if p.Total == 0 {
		return "", errs.New(errs.Invalid, "learn_certificate.none-to-pack")
	}
	return p.ID, c.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, c.db, "learn_certificate_pack", p); err != nil {
			return err
		}
		if err := access.Audit(ctx, c.db, access.Entry{Action: Read, Unit: unit, Subject: "pack:" + p.ID, Read: true, Detail: p.Total}); err != nil {
			return err
		}
		return c.jobs.Add(ctx, "learn_certificate.pack", p.ID)
	})
}

func packed(p Pack) *db.Where {
	return db.NewWhere().And("unit_id = ?", p.Unit).And("state = 'valid'").If(p.Course != "", "course_id = ?", p.Course)
}

// PackOf tells how far a ZIP is.
func (c *Certificates) PackOf(ctx context.Context, pack string) (Pack, error) {
	p, err := db.One[Pack](ctx, c.db, `select `+db.Columns[Pack]("")+` from learn_certificate_pack where id = $1`, pack)
	if err != nil {
		return p, err
	}
	return p, access.Check(ctx, Grant, p.Unit)
}

// pack makes the ZIP on disk and puts it into the file store.
func (c *Certificates) pack(ctx context.Context, body []byte) error {
	var pack string
	if err := json.Unmarshal(body, &pack); err != nil {
		return err
	}
	p, err := db.One[Pack](ctx, c.db, `select `+db.Columns[Pack]("")+` from learn_certificate_pack where id = $1`, pack)
	if err != nil || p.File != "" {
		return err
	}
	w := packed(p)
	list, err := db.All[Certificate](ctx, c.db, `select `+db.Columns[Certificate]("")+` from learn_certificate where `+w.SQL()+` order by year, number`, w.Args()...)
	if err != nil {
		return err
	}
	papers, err := c.papers(ctx, list)
	if err != nil {
		return err
	}
	info, err := c.zip(ctx, p, papers)
	if err != nil {
		return err
	}
	_, err = c.db.Exec(ctx, `update learn_certificate_pack set file = $1, done = $2, total = $2 where id = $3`, info.Ref, len(list), pack)
	return err
}

func (c *Certificates) zip(ctx context.Context, p Pack, papers []pdf.Certificate) (info file.Info, err error) {
	f, err := os.CreateTemp("", "lotrinh-pack-*")
	if err != nil {
		return info, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	out := bufio.NewWriterSize(f, 1<<20)
	told := time.Now()
	err = pdf.CertificateZip(out, papers, func(done int) error {
		if time.Since(told) < time.Second {
			return nil
		}
		told = time.Now()
		_, err := c.db.Exec(ctx, `update learn_certificate_pack set done = $1 where id = $2`, done, p.ID)
		return err
	})
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return info, err
	}
	return c.files.Put(ctx, f, packMax)
}
