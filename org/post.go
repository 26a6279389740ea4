package org

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// PersonMoved tells that the main post of a person went to another unit.
type PersonMoved struct {
	Person PersonID   `json:"person"`
	From   UnitID     `json:"from"`
	To     UnitID     `json:"to"`
	On     clock.Date `json:"on"`
}

// EventName implements event.Event.
func (PersonMoved) EventName() string { return "org.person-moved" }

// GivePost gives a person a post beside the ones held (kiêm nhiệm), or with
// p.Main the main post, which ends the one before on that day. Asked for in the
// unit of the post, of the person, and for a main post in the unit of the one it
// ends.
func (o *Org) GivePost(ctx context.Context, p Post) error {
	if err := access.Check(ctx, PersonEdit, p.Unit); err != nil {
		return err
	}
	x, posts, err := o.load1(ctx, p.Person)
	if err != nil {
		return err
	}
	if err := o.mayRead(ctx, x.ID, posts); err != nil {
		return err
	}
	if p.Person = x.ID; !p.Main && isFree(posts, p.From) {
		p.Main = true // of posts held at once one is the main one
	}
	if err := o.checkPost(ctx, p); err != nil {
		return err
	}
	return o.appoint(ctx, p)
}

// appoint writes a post that was asked for and checked.
func (o *Org) appoint(ctx context.Context, p Post) error {
	p = p.fresh(ctx)
	return o.db.Tx(ctx, func(ctx context.Context) error {
		if p.Main {
			if err := o.leave(ctx, p); err != nil {
				return err
			}
			if err := o.mainAlone(ctx, p); err != nil {
				return err
			}
		}
		if err := db.Insert(ctx, o.db, "org_post", p); err != nil {
			return err
		}
		return o.auditPost(ctx, p, p)
	})
}

func (o *Org) auditPost(ctx context.Context, p Post, detail any) error {
	return o.audit(ctx, Entry{Action: PersonEdit, Unit: p.Unit, Person: p.Person, Subject: "post:" + p.ID, Detail: detail})
}

// leave ends the main post held on the day p begins.
func (o *Org) leave(ctx context.Context, p Post) error {
	held, err := o.PostsOn(ctx, []PersonID{p.Person}, p.From)
	old, ok := held[p.Person]
	if err != nil || !ok {
		return err
	}
	if err := access.Check(ctx, PersonEdit, old.Unit); err != nil {
		return err
	}
	if old.From >= p.From {
		return errs.New(errs.Invalid, "error.invalid").Field("from", "org.post.begun", old.From.Viet())
	}
	if err := o.endPost(ctx, old, p.From); err != nil || old.Unit == p.Unit {
		return err
	}
	return o.publish(ctx, PersonMoved{p.Person, old.Unit, p.Unit, p.From})
}

// mainAlone refuses a main post that would be held at once with another.
func (o *Org) mainAlone(ctx context.Context, p Post) error {
	w := db.NewWhere(p.Person, p.ID, p.From).If(p.To != 0, "from_on < ?", p.To)
	others, err := db.All[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post where person_id = $1 and id <> $2
		and main and (to_on is null or to_on > $3) and `+w.SQL()+` order by from_on`, w.Args()...)
	if err != nil || len(others) == 0 {
		return err
	}
	return errs.New(errs.Invalid, "error.invalid").Field("from", "org.post.overlap", others[0].From.Viet())
}

func (o *Org) endPost(ctx context.Context, p Post, on clock.Date) error {
	_, err := o.db.Exec(ctx, `update org_post set to_on = $1, edition = edition + 1 where id = $2 and (to_on is null or to_on > $1)`, on, p.ID)
	return err
}

// EndPost ends a post: on is the first day on which it is held no more.
func (o *Org) EndPost(ctx context.Context, post string, on clock.Date) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		p, err := o.postToEdit(ctx, post)
		if err != nil {
			return err
		}
		if on <= p.From {
			return errs.New(errs.Invalid, "error.invalid").Field("to", "org.unit.need-span", p.From.Viet())
		}
		if err := o.endPost(ctx, p, on); err != nil {
			return err
		}
		return o.auditPost(ctx, p, map[string]clock.Date{"ended": on})
	})
}

// postToEdit reads a post that the actor may change.
func (o *Org) postToEdit(ctx context.Context, post string) (Post, error) {
	p, err := db.One[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post where id = $1`, post)
	if err != nil {
		return p, strangerFirst(ctx, "", err)
	}
	return p, access.Check(ctx, PersonEdit, p.Unit)
}

// Post is one post, for whoever may change it. Asks through postToEdit.
func (o *Org) Post(ctx context.Context, post string) (Post, error) { return o.postToEdit(ctx, post) }

// ChangePost corrects a post that was entered wrongly: p.ID names it, p.Edition is
// that which the editor saw. Person and Main stay. Asked for in the unit it was in
// and in that it is put in.
func (o *Org) ChangePost(ctx context.Context, p Post) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		old, err := o.postToEdit(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, PersonEdit, p.Unit); err != nil {
			return err
		}
		p.Person, p.Main, p.Title, p.Why = old.Person, old.Main, text.Clean(p.Title), text.Clean(p.Why)
		if err := o.checkPost(ctx, p); err != nil {
			return err
		}
		if p.Main {
			if err := o.mainAlone(ctx, p); err != nil {
				return err
			}
		}
		n, err := o.updatePost(ctx, p)
		if err := o.touched(ctx, n, err, `select count(*) from org_post where id = $1`, p.ID); err != nil {
			return err
		}
		if p.Main && old.Unit != p.Unit {
			if err := o.publish(ctx, PersonMoved{p.Person, old.Unit, p.Unit, p.From}); err != nil {
				return err
			}
		}
		return o.auditPost(ctx, p, [2]Post{old, p})
	})
}

func (o *Org) updatePost(ctx context.Context, p Post) (int64, error) {
	return o.db.Exec(ctx, `update org_post set unit_id = $1, title = $2, category = $3, head = $4, party_head = $5,
		from_on = $6, to_on = $7, why = $8, edition = edition + 1 where id = $9 and edition = $10`,
		p.Unit, p.Title, string(p.Category), p.Head, p.PartyHead, p.From, p.To, p.Why, p.ID, p.Edition)
}

// DropPost takes away a post that should never have been entered; a person keeps
// at least one.
func (o *Org) DropPost(ctx context.Context, post string) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		p, err := o.postToEdit(ctx, post)
		if err != nil {
			return err
		}
		n, err := o.db.Exec(ctx, `delete from org_post where id = $1 and exists (select 1 from org_post x
			where x.person_id = org_post.person_id and x.id <> org_post.id)`, p.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "org.post.only")
		}
		return o.auditPost(ctx, p, map[string]Post{"dropped": p})
	})
}
