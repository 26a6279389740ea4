package org

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// carryRoll carries a plan out in one transaction. What was changed by others since
// it was made is a Conflict, and nothing is done.
func (o *Org) carryRoll(ctx context.Context, p *rollPlan) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		var people []Person
		var posts []Post
		var notes []Entry
		done := 0
		for i := range p.items {
			it := &p.items[i]
			switch it.act {
			case rowNew:
				people = append(people, it.newcomer(ctx, o))
				posts = append(posts, *it.begin)
			case rowChange:
				post, err := o.amendEntered(ctx, it)
				if err != nil {
					return err
				}
				posts = append(posts, post...)
			default:
				continue
			}
			notes = append(notes, it.entry(p.opt.Name))
			if done++; p.opt.Progress != nil && done%200 == 0 {
				p.opt.Progress(done, len(p.items))
			}
		}
		if err := o.insertPeople(ctx, people, posts); err != nil {
			return movedOn(err)
		}
		return o.auditAll(ctx, notes)
	})
}

// movedOn turns a number that someone entered meanwhile into what it means here.
func movedOn(err error) error {
	if errs.Of(err).Kind == errs.Conflict {
		return errs.New(errs.Conflict, "org.roll.moved-on").Because(err)
	}
	return err
}

// newcomer makes the rows of a new person.
func (it *rollItem) newcomer(ctx context.Context, o *Org) Person {
	it.person = Person{ID: PersonID(id.New(ctx)), MadeAt: clock.Now(ctx)}
	it.person.put(o, it.who)
	post := it.begin.fresh(ctx)
	post.Person = it.person.ID
	it.begin = &post
	return it.person
}

// amendEntered changes a person and his main post; a post that is to begin is
// returned, to be written with the others.
func (o *Org) amendEntered(ctx context.Context, it *rollItem) (begin []Post, err error) {
	if it.fields {
		n, err := o.updatePerson(ctx, it.next(o))
		if err != nil || n == 0 {
			return nil, changedMeanwhile(n, err)
		}
	}
	if it.amend != nil {
		n, err := o.updatePost(ctx, *it.amend)
		if err != nil || n == 0 {
			return nil, changedMeanwhile(n, err)
		}
		return nil, o.tellMove(ctx, it, *it.amend)
	}
	if it.begin == nil {
		return nil, nil
	}
	if it.end != nil {
		n, err := o.db.Exec(ctx, `update org_post set to_on = $1, edition = edition + 1 where id = $2 and edition = $3`,
			it.begin.From, it.end.ID, it.end.Edition)
		if err != nil || n == 0 {
			return nil, changedMeanwhile(n, err)
		}
	}
	post := it.begin.fresh(ctx)
	post.Person = it.person.ID
	return []Post{post}, o.tellMove(ctx, it, post)
}

func changedMeanwhile(n int64, err error) error {
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "org.roll.moved-on")
	}
	return movedOn(err)
}

func (o *Org) tellMove(ctx context.Context, it *rollItem, now Post) error {
	if it.old.PostID == "" || it.old.Unit == now.Unit {
		return nil
	}
	return o.publish(ctx, PersonMoved{it.person.ID, it.old.Unit, now.Unit, now.From})
}

// next is the person with what the row tells put in.
func (it *rollItem) next(o *Org) Person {
	old, q := it.old.Person, it.who
	fill(&q.Birth, old.Birth)
	fill(&q.Sex, old.Sex)
	fill(&q.Email, old.Email)
	fill(&q.Phone, old.Phone)
	next := old
	next.put(o, q)
	if q.Number == "" {
		next.Hash, next.Mask = old.Hash, old.Mask
	}
	return next
}

// entry is what the audit log says of a row that was carried out.
func (it *rollItem) entry(name string) Entry {
	if name == "" {
		name = "roll"
	}
	e := Entry{Action: PersonEdit, Unit: it.unit, Person: it.person.ID, Subject: name}
	if it.act == rowNew {
		e.Detail = added{it.person.Name}
		return e
	}
	texts := make([]string, len(it.changes))
	for i, c := range it.changes {
		texts[i] = c.As("vi")
	}
	e.Detail = map[string][]string{"changed": texts}
	return e
}

func (o *Org) auditAll(ctx context.Context, list []Entry) error {
	if access.AuditAll == nil || len(list) == 0 {
		return nil
	}
	return access.AuditAll(ctx, o.db, list)
}
