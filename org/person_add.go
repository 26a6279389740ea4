package org

import (
	"context"
	"errors"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// AddPeople enters people with their main posts, all or none. A number that
// somebody has already is a Conflict.
func (o *Org) AddPeople(ctx context.Context, list ...NewPerson) ([]PersonID, error) {
	asked := map[UnitID]int{}
	people, posts, ids := make([]Person, len(list)), make([]Post, len(list)), make([]PersonID, len(list))
	for i, n := range list {
		if asked[n.Post.Unit]++; asked[n.Post.Unit] == 1 {
			if err := access.Check(ctx, PersonEdit, n.Post.Unit); err != nil {
				return nil, err
			}
		}
		p, err := o.person(ctx, n)
		if err != nil {
			return nil, err
		}
		if err := o.checkPost(ctx, n.Post); err != nil {
			return nil, err
		}
		n.Post.Person, n.Post.Main = p.ID, true
		people[i], posts[i], ids[i] = p, n.Post.fresh(ctx), p.ID
	}
	return ids, o.db.Tx(ctx, func(ctx context.Context) error {
		if err := o.insertPeople(ctx, people, posts); err != nil {
			return err
		}
		if len(list) == 1 {
			return o.audit(ctx, Entry{Action: PersonEdit, Unit: posts[0].Unit, Person: ids[0], Subject: "person:" + string(ids[0]), Detail: added{people[0].Name}})
		}
		return o.auditAdded(ctx, asked)
	})
}

type added struct {
	Added string `json:"added"`
}

func (o *Org) insertPeople(ctx context.Context, people []Person, posts []Post) error {
	err := db.Insert(ctx, o.db, "org_person", people...)
	if errors.Is(err, errs.Conflict) {
		err = errs.New(errs.Conflict, "org.person.number-taken").Field("number", "org.person.number-taken").Because(err)
	}
	if err != nil {
		return err
	}
	return db.Insert(ctx, o.db, "org_post", posts...)
}

func (o *Org) auditAdded(ctx context.Context, units map[UnitID]int) error {
	for _, unit := range sortedKeys(units) {
		if err := o.audit(ctx, Entry{Action: PersonEdit, Unit: unit, Subject: "people", Detail: map[string]int{"added": units[unit]}}); err != nil {
			return err
		}
	}
	return nil
}

// fresh is the post as it is first written.
func (p Post) fresh(ctx context.Context) Post {
	p.ID, p.Title, p.Why, p.Edition = id.New(ctx), text.Clean(p.Title), text.Clean(p.Why), 0
	return p
}

// Found is who bears a personal number.
type Found struct {
	Brief
	Free bool // holds no post now: whoever knows the number may receive him
}

// FindByNumber looks a person up by his whole number, for who is about to enter
// him. errs.NotFound when nobody bears it; errs.Denied when he is at work where the
// actor may not read. Asks through mayRead.
func (o *Org) FindByNumber(ctx context.Context, number string) (Found, error) {
	if !access.Anywhere(ctx, PersonEdit) {
		return Found{}, access.Check(ctx, PersonEdit, "")
	}
	n, ok := CleanNumber(number)
	if !ok || n == "" {
		return Found{}, errs.New(errs.Invalid, "error.invalid").Field("number", "org.person.bad-number")
	}
	p, err := db.One[PersonID](ctx, o.db, `select id from org_person where number_hash = $1`, o.NumberHash(n))
	if err != nil {
		return Found{}, err
	}
	posts, err := o.posts(ctx, p)
	if err != nil {
		return Found{}, err
	}
	free := isFree(posts, clock.Today(ctx))
	if !free {
		if err := o.mayRead(ctx, p, posts); err != nil {
			return Found{}, errs.New(errs.Denied, "org.person.elsewhere")
		}
	}
	briefs, err := o.People(ctx, []PersonID{p})
	return Found{briefs[p], free}, err
}

func isFree(posts []Post, today clock.Date) bool {
	for _, p := range posts {
		if p.To == 0 || p.To > today {
			return false
		}
	}
	return true
}

// ReceivePerson gives a main post to someone who holds none, by his whole number
// and name: how a person comes from a unit that the receiver cannot read. Errors:
// NotFound, Conflict while he holds a post.
func (o *Org) ReceivePerson(ctx context.Context, number, name string, p Post) (PersonID, error) {
	if err := access.Check(ctx, PersonEdit, p.Unit); err != nil {
		return "", err
	}
	found, err := o.FindByNumber(ctx, number)
	if err != nil {
		return "", err
	}
	if text.Fold(text.Clean(name)) != text.Fold(found.Name) {
		return "", errs.New(errs.Invalid, "error.invalid").Field("name", "org.person.other-name")
	}
	if !found.Free {
		return "", errs.New(errs.Conflict, "org.person.still-there", found.Name)
	}
	p.Person, p.Main = found.ID, true
	if err := o.checkPost(ctx, p); err != nil {
		return "", err
	}
	return found.ID, o.appoint(ctx, p)
}
