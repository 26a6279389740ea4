package org

import (
	"context"
	"errors"

	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// KeepNumber in Particulars.Number leaves the personal number as it is: screens
// only know its mask.
const KeepNumber = "="

// ChangePerson changes what is known of a person; edition is that which the editor
// saw. Errors: Invalid with fields, Conflict when someone changed it since or
// another bears the number. Asks through mayEdit.
func (o *Org) ChangePerson(ctx context.Context, p PersonID, edition int64, q Particulars) error {
	x, posts, err := o.load1(ctx, p)
	if err != nil {
		return err
	}
	if err := o.mayEdit(ctx, x.ID, posts); err != nil {
		return err
	}
	keep := q.Number == KeepNumber
	if keep {
		q.Number = ""
	}
	if q, err = q.clean(ctx); err != nil {
		return err
	}
	next := x
	next.put(o, q)
	if keep {
		next.Hash, next.Mask = x.Hash, x.Mask
	}
	next.Edition = edition
	return o.rewrite(ctx, x, next, posts)
}

// CorrectOwn changes the addresses by which a person is reached; they are his to
// give. The rest is corrected by his unit.
func (o *Org) CorrectOwn(ctx context.Context, p PersonID, email, phone string) error {
	if err := access.CheckSelf(ctx, p); err != nil {
		return err
	}
	x, posts, err := o.load1(ctx, p)
	if err != nil {
		return err
	}
	q, err := Particulars{x.Name, x.Birth, x.Sex, email, phone, ""}.clean(ctx)
	if err != nil {
		return err
	}
	next := x
	next.Email, next.Phone = q.Email, q.Phone
	return o.rewrite(ctx, x, next, posts)
}

// rewrite saves next over old, when the row is still of next.Edition.
func (o *Org) rewrite(ctx context.Context, old, next Person, posts []Post) error {
	diff := old.diff(next)
	return o.db.Tx(ctx, func(ctx context.Context) error {
		n, err := o.updatePerson(ctx, next)
		if err := o.touched(ctx, n, err, `select count(*) from org_person where id = $1`, string(next.ID)); err != nil {
			return err
		}
		unit := UnitID("")
		if len(posts) > 0 {
			unit = posts[0].Unit
		}
		return o.audit(ctx, Entry{Action: PersonEdit, Unit: unit, Person: next.ID, Subject: "person:" + string(next.ID), Detail: diff})
	})
}

func (o *Org) updatePerson(ctx context.Context, p Person) (int64, error) {
	n, err := o.db.Exec(ctx, `update org_person set name = $1, name_key = $2, folded = $3, birth_on = $4, sex = $5, email = $6,
		phone = $7, number_hash = $8, number_mask = $9, edition = edition + 1 where id = $10 and edition = $11`,
		p.Name, p.NameKey, p.Folded, p.Birth, p.Sex, p.Email, p.Phone, p.Hash, p.Mask, string(p.ID), p.Edition)
	if errors.Is(err, errs.Conflict) {
		err = errs.New(errs.Conflict, "org.person.number-taken").Field("number", "org.person.number-taken").Because(err)
	}
	return n, err
}

// diff says which fields differ, with the old and the new value; of the number
// the masks alone.
func (p Person) diff(q Person) map[string][2]string {
	d := map[string][2]string{}
	note := func(name, a, b string) {
		if a != b {
			d[name] = [2]string{a, b}
		}
	}
	note("name", p.Name, q.Name)
	note("birth", p.Birth.String(), q.Birth.String())
	note("sex", p.Sex, q.Sex)
	note("email", p.Email, q.Email)
	note("phone", p.Phone, q.Phone)
	note("number", p.Mask, q.Mask)
	return d
}

// History lists what was done to the data of a person and who looked, the latest
// first, for whoever may read him: he has a right to it himself. Asks through
// mayRead.
func (o *Org) History(ctx context.Context, p PersonID) ([]LogLine, error) {
	x, posts, err := o.load1(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := o.mayRead(ctx, x.ID, posts); err != nil {
		return nil, err
	}
	if access.Log == nil {
		return nil, nil
	}
	return access.Log(ctx, o.db, x.ID, historyMax)
}

const historyMax = 100 // lines of the log on the page of a person

// numberOf reads whose number a hash is, "" nobody's.
func (o *Org) numberOf(ctx context.Context, hash string) (PersonID, error) {
	p, err := db.One[PersonID](ctx, o.db, `select id from org_person where number_hash = $1`, hash)
	if errors.Is(err, errs.NotFound) {
		err = nil
	}
	return p, err
}
