package learn

import (
	"context"
	"errors"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

var certificateCols = db.Columns[Certificate]("")

func (s store) certificate(ctx context.Context, serial string) (Certificate, error) {
	return db.One[Certificate](ctx, s.db, `select `+certificateCols+` from learn_certificate where serial = $1`, serial)
}

func (s store) saveCertificate(ctx context.Context, k Certificate) error {
	return changed(s.db.Exec(ctx, `update learn_certificate set revoked_at = $1, reason = $2, replaced_by = $3, changed_at = $4, edition = edition + 1
		where id = $5 and edition = $6`, k.RevokedAt, k.Reason, k.ReplacedBy, clock.Now(ctx), k.ID, k.Edition))
}

// holder is what a certificate says of a person.
type holder struct {
	ID    org.PersonID `db:"id"`
	Name  string       `db:"name"`
	Birth clock.Date   `db:"birth_on"`
	Sex   string       `db:"sex"`
}

func (s store) holders(ctx context.Context, people []org.PersonID) (map[org.PersonID]holder, error) {
	all := map[org.PersonID]holder{}
	for len(people) > 0 {
		n := min(500, len(people))
		w := db.In(db.NewWhere(), "id", people[:n])
		err := db.Each(ctx, s.db, `select id, name, birth_on, sex from org_person where `+w.SQL(), w.Args(),
			func(h holder) error { all[h.ID] = h; return nil })
		if err != nil {
			return nil, err
		}
		people = people[n:]
	}
	return all, nil
}

// numbers takes n numbers of the register book of a unit and year, and returns the
// first. The row is locked until the transaction ends, so that none is lost.
func (s store) numbers(ctx context.Context, unit org.UnitID, year, n int) (first int, err error) {
	last, err := db.One[int](ctx, s.db, `insert into learn_register (unit_id, year, last) values ($1, $2, $3)
		on conflict (unit_id, year) do update set last = learn_register.last + excluded.last returning last`, string(unit), year, n)
	return last - n + 1, err
}

// Template is how certificates of a unit look and who signs them.
type Template struct {
	Unit       org.UnitID `db:"unit_id"`
	ParentBody string     `db:"parent_body"`
	Body       string     `db:"body"`
	Title      string     `db:"title"`
	Place      string     `db:"place"`
	Signs      string     `db:"signs"` // a line each
	Signer     string     `db:"signer"`
	Months     int        `db:"months"` // of validity; 0 = without end
	Accent     string     `db:"accent"` // RRGGBB
	Edition    int        `db:"edition"`
}

// template is the template of a unit; a plain one where it has none.
func (s store) template(ctx context.Context, unit org.UnitID) (Template, error) {
	t, err := db.One[Template](ctx, s.db, `select `+db.Columns[Template]("")+` from learn_template where unit_id = $1`, string(unit))
	if errors.Is(err, errs.NotFound) {
		return Template{Unit: unit}, nil
	}
	return t, err
}
