package org

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// ProviderID names a provider.
type ProviderID string

// Value stores the id of no provider as NULL.
func (p ProviderID) Value() (driver.Value, error) { return idValue(string(p)) }

// Provider is a school, an institute or a firm that provides lecturers and courses
// (đơn vị cung cấp).
type Provider struct {
	ID         ProviderID `db:"id"`
	Unit       UnitID     `db:"unit_id"` // keeps the record
	Code       string     `db:"code"`    // the unit's own; "" none
	Name       string     `db:"name"`
	Folded     string     `db:"folded"`
	Contact    string     `db:"contact"` // who answers there
	Phone      string     `db:"phone"`
	Email      string     `db:"email"`
	Contract   string     `db:"contract"` // number
	ContractOn clock.Date `db:"contract_on"`
	ContractTo clock.Date `db:"contract_to"` // first day on which it holds no more
	MadeAt     time.Time  `db:"made_at"`
	Edition    int64      `db:"edition"`
}

func (p *Provider) clean() error {
	for _, s := range []*string{&p.Code, &p.Name, &p.Contact, &p.Phone, &p.Contract} {
		*s = text.Clean(*s)
	}
	p.Email = strings.ToLower(text.Clean(p.Email))
	p.Folded = text.Fold(p.Name + " " + p.Code)
	var f errs.Form
	f.Need(p.Unit != "", "unit", "org.unit.none")
	f.Need(p.Name != "" && len(p.Name) <= 300, "name", "org.provider.need-name")
	f.Need(len(p.Code) <= 40, "code", "org.provider.bad-code")
	f.Need(validEmail(p.Email), "email", "org.person.bad-email")
	f.Need(validPhone(p.Phone), "phone", "org.person.bad-phone")
	f.Need(p.ContractTo == 0 || p.ContractTo > p.ContractOn, "contract_to", "org.unit.need-span", p.ContractOn.Viet())
	return f.Err()
}

// SaveProvider enters a provider (without an ID), or changes one that is still of
// p.Edition.
func (o *Org) SaveProvider(ctx context.Context, p Provider) (ProviderID, error) {
	if err := access.Check(ctx, LecturerEdit, p.Unit); err != nil {
		return "", err
	}
	if p.ID != "" {
		old, err := o.Provider(ctx, p.ID)
		if err != nil {
			return "", err
		}
		if err := access.Check(ctx, LecturerEdit, old.Unit); err != nil {
			return "", err
		}
	}
	if err := p.clean(); err != nil {
		return "", err
	}
	err := o.db.Tx(ctx, func(ctx context.Context) error {
		err := o.writeProvider(ctx, &p)
		if errors.Is(err, errs.Conflict) && errs.Of(err).Text.Key == "error.exists" {
			err = errs.New(errs.Invalid, "error.invalid").Field("code", "org.provider.code-taken")
		}
		if err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: LecturerEdit, Unit: p.Unit, Subject: "provider:" + string(p.ID), Detail: p})
	})
	return p.ID, err
}

func (o *Org) writeProvider(ctx context.Context, p *Provider) error {
	if p.ID == "" {
		p.ID, p.MadeAt, p.Edition = ProviderID(id.New(ctx)), clock.Now(ctx), 0
		return db.Insert(ctx, o.db, "org_provider", *p)
	}
	n, err := o.db.Exec(ctx, `update org_provider set unit_id = $1, code = $2, name = $3, folded = $4, contact = $5, phone = $6, email = $7,
		contract = $8, contract_on = $9, contract_to = $10, edition = edition + 1 where id = $11 and edition = $12`,
		p.Unit, p.Code, p.Name, p.Folded, p.Contact, p.Phone, p.Email, p.Contract, p.ContractOn, p.ContractTo, string(p.ID), p.Edition)
	return o.touched(ctx, n, err, `select count(*) from org_provider where id = $1`, string(p.ID))
}

// Provider is one provider, for whoever may read lecturers somewhere: a province's
// classes name providers that other units contracted.
func (o *Org) Provider(ctx context.Context, p ProviderID) (Provider, error) {
	if !access.Anywhere(ctx, LecturerRead) {
		return Provider{}, access.Check(ctx, LecturerRead, "")
	}
	return db.One[Provider](ctx, o.db, `select `+db.Columns[Provider]("")+` from org_provider where id = $1`, string(p))
}

// Providers lists the providers by name, of those whose name or code holds the
// words, for whoever may read lecturers somewhere.
func (o *Org) Providers(ctx context.Context, words string) ([]Provider, error) {
	if !access.Anywhere(ctx, LecturerRead) {
		return nil, access.Check(ctx, LecturerRead, "")
	}
	w := db.NewWhere()
	for _, word := range strings.Fields(text.Fold(text.Clean(words))) {
		w.And(`folded like ? escape '\'`, db.Like(word))
	}
	return db.All[Provider](ctx, o.db, `select `+db.Columns[Provider]("")+` from org_provider where `+w.SQL()+` order by folded, id limit 500`, w.Args()...)
}

// ProviderNames are the names of providers by id. Open to all modules, for the
// lists in which they stand.
func (o *Org) ProviderNames(ctx context.Context, ids []ProviderID) (map[ProviderID]string, error) {
	names := map[ProviderID]string{}
	if len(ids) == 0 {
		return names, nil
	}
	w := db.NewWhere()
	db.In(w, "id", ids[:min(len(ids), 500)])
	rows, err := db.All[Provider](ctx, o.db, `select `+db.Columns[Provider]("")+` from org_provider where `+w.SQL(), w.Args()...)
	for _, p := range rows {
		names[p.ID] = p.Name
	}
	return names, err
}
