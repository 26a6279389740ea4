package certificate

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/pdf"
	"lotrinh/platform/text"
)

// Template is how the certificates of a unit look; a unit without one has that of
// the nearest unit above it.
type Template struct {
	Unit       org.UnitID `db:"unit_id"`
	ParentBody string     `db:"parent_body"`
	Issuer     string     `db:"issuer"`
	Completed  string     `db:"completed"` // «Đã hoàn thành khóa bồi dưỡng» where empty
	Place      string     `db:"place"`
	Sign       string     `db:"sign"` // powers and post, a line each
	Signer     string     `db:"signer"`
	Accent     string     `db:"accent"` // #rrggbb or ""
	Edition    int64      `db:"edition"`
}

// TemplateOf is the template by which a unit's certificates are printed.
func (c *Certificates) TemplateOf(ctx context.Context, unit org.UnitID) (Template, error) {
	if err := access.Check(ctx, Read, unit); err != nil {
		return Template{}, err
	}
	return c.template(ctx, unit)
}

func (c *Certificates) template(ctx context.Context, unit org.UnitID) (Template, error) {
	tree := c.orgs.Now(ctx)
	for _, u := range append([]org.UnitID{unit}, tree.Ancestors(unit)...) {
		t, err := db.One[Template](ctx, c.db, `select `+db.Columns[Template]("")+` from learn_certificate_template where unit_id = $1`, u)
		if err == nil || !errors.Is(err, errs.NotFound) {
			return t, err
		}
	}
	return Template{Unit: unit, Issuer: tree.Name(unit)}, nil
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// SetTemplate says how the certificates of a unit look from now on.
func (c *Certificates) SetTemplate(ctx context.Context, t Template) error {
	if err := access.Check(ctx, Grant, t.Unit); err != nil {
		return err
	}
	t.ParentBody, t.Issuer, t.Completed, t.Place = text.Clean(t.ParentBody), text.Clean(t.Issuer), text.Clean(t.Completed), text.Clean(t.Place)
	t.Sign, t.Signer, t.Accent = text.CleanLines(t.Sign), text.Clean(t.Signer), text.Clean(t.Accent)
	var f errs.Form
	f.Need(t.Issuer != "", "issuer", "learn_certificate.need-issuer")
	f.Need(t.Accent == "" || colour.MatchString(t.Accent), "accent", "learn_certificate.bad-accent")
	if err := f.Err(); err != nil {
		return err
	}
	seen := t.Edition
	t.Edition++
	return c.db.Tx(ctx, func(ctx context.Context) error {
		n, err := c.db.Exec(ctx, `insert into learn_certificate_template (`+db.Columns[Template]("")+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			on conflict (unit_id) do update set parent_body = excluded.parent_body, issuer = excluded.issuer, completed = excluded.completed, place = excluded.place,
				sign = excluded.sign, signer = excluded.signer, accent = excluded.accent, edition = excluded.edition
			where learn_certificate_template.edition = $10`,
			t.Unit, t.ParentBody, t.Issuer, t.Completed, t.Place, t.Sign, t.Signer, t.Accent, t.Edition, seen)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "error.changed")
		}
		if err != nil {
			return err
		}
		return access.Audit(ctx, c.db, access.Entry{Action: Grant, Unit: t.Unit, Subject: "template:" + string(t.Unit), Detail: t})
	})
}

// paper is a certificate as it is printed.
func (c *Certificates) paper(k Certificate, t Template, replaced string) pdf.Certificate {
	p := pdf.Certificate{ParentBody: t.ParentBody, Issuer: t.Issuer, Holder: k.Holder, Born: k.Born, Unit: k.UnitName, Completed: t.Completed,
		Course: k.Title, Duration: k.Hours, From: at(k.From), To: at(k.To), Grade: k.Grade, Place: t.Place, Date: at(k.Issued), Signer: t.Signer,
		Serial: k.Serial, Register: strconv.FormatInt(k.Number, 10) + "/" + strconv.FormatInt(k.Year, 10), CheckURL: c.base + "/c/" + k.Serial, Made: at(k.Issued)}
	if t.Sign != "" {
		p.Sign = strings.Split(t.Sign, "\n")
	}
	if replaced != "" {
		p.Note = "Thay giấy chứng nhận số " + replaced
	}
	if n, err := strconv.ParseUint(strings.TrimPrefix(t.Accent, "#"), 16, 24); err == nil {
		p.Design.Accent = pdf.RGB{uint8(n >> 16), uint8(n >> 8), uint8(n)}
	}
	return p
}

func at(d clock.Date) (t time.Time) {
	if d != 0 {
		t = d.Time()
	}
	return t
}
