package org

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// Person is someone with all his posts, the newest first; of a merged record the
// one that stands for it. Whoever may read people in one of the units that answer
// for him may read him, and it is noted; he may read himself. Asks through
// mayRead.
func (o *Org) Person(ctx context.Context, p PersonID) (Person, []Post, error) {
	x, posts, err := o.load1(ctx, p)
	if err != nil {
		return Person{}, nil, err
	}
	if err := o.mayRead(ctx, x.ID, posts); err != nil {
		return Person{}, nil, err
	}
	return x, posts, o.noteRead(ctx, x.ID, posts)
}

// load1 reads a person and his posts; nobody's leave is asked.
func (o *Org) load1(ctx context.Context, p PersonID) (Person, []Post, error) {
	x, err := db.One[Person](ctx, o.db, `select `+db.Columns[Person]("")+` from org_person where id = $1`, p)
	if err != nil {
		return Person{}, nil, strangerFirst(ctx, p, err)
	}
	if x.Merged != nil {
		return o.load1(ctx, *x.Merged)
	}
	posts, err := o.posts(ctx, p)
	return x, posts, err
}

// strangerFirst asks a stranger to sign in before he learns that there is nobody.
func strangerFirst(ctx context.Context, p PersonID, err error) error {
	if e := access.CheckSelf(ctx, p); errs.Of(e).Kind == errs.Stranger && e != nil {
		return e
	}
	return err
}

// noteRead writes into the log that someone read a person; what one reads of
// oneself is not noted.
func (o *Org) noteRead(ctx context.Context, p PersonID, posts []Post) error {
	if access.CheckSelf(ctx, p) == nil {
		return nil
	}
	unit := UnitID("")
	if len(posts) > 0 {
		unit = posts[0].Unit
	}
	return o.audit(ctx, Entry{Action: PersonRead, Unit: unit, Person: p, Subject: "person:" + string(p), Read: true})
}

func (o *Org) posts(ctx context.Context, p PersonID) ([]Post, error) {
	return db.All[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post where person_id = $1
		order by from_on desc, main desc, id`, p)
}

// mayRead asks whether the actor may read a person.
func (o *Org) mayRead(ctx context.Context, p PersonID, posts []Post) error {
	if err := access.CheckSelf(ctx, p); err == nil {
		return nil
	}
	units, err := o.answering(ctx, p, posts)
	if err != nil {
		return err
	}
	return anyOf(ctx, PersonRead, units)
}

// mayEdit asks whether the actor may change what is known of a person: in the unit
// of his main post, else in any that answers for him.
func (o *Org) mayEdit(ctx context.Context, p PersonID, posts []Post) error {
	today := clock.Today(ctx)
	for _, post := range posts {
		if post.Main && post.held(today) {
			return access.Check(ctx, PersonEdit, post.Unit)
		}
	}
	units, err := o.answering(ctx, p, posts)
	if err != nil {
		return err
	}
	return anyOf(ctx, PersonEdit, units)
}

func anyOf(ctx context.Context, a module.ActionName, units []UnitID) error {
	err := access.Check(ctx, a, "")
	for _, u := range units {
		if err == nil {
			return nil
		}
		err = access.Check(ctx, a, u)
	}
	return err
}

// answering lists the units that answer for a person: those of the posts that he
// holds or is to hold; without any, of those he held last; and the unit that keeps
// him as a lecturer.
func (o *Org) answering(ctx context.Context, p PersonID, posts []Post) ([]UnitID, error) {
	var units []UnitID
	today, last := clock.Today(ctx), clock.Date(0)
	for _, post := range posts {
		if post.To == 0 || post.To > today {
			units = append(units, post.Unit)
		}
		last = max(last, post.To)
	}
	if len(units) == 0 {
		for _, post := range posts {
			if post.To == last {
				units = append(units, post.Unit)
			}
		}
	}
	teaching, err := db.All[UnitID](ctx, o.db, `select unit_id from org_lecturer where person_id = $1`, p)
	return append(units, teaching...), err
}

// Brief is what lists show of a person: no personal data but the name.
type Brief struct {
	ID        PersonID `db:"id"`
	Name      string   `db:"name"`
	NameKey   string   `db:"name_key"`
	Unit      UnitID   `db:"unit_id"` // of the main post today; "" none
	Category  Category `db:"category"`
	Title     string   `db:"title"`
	Head      bool     `db:"head"`
	PartyHead bool     `db:"party_head"`
}

// People are the names, units and categories of people as of today. Open to all
// modules, which ask for the right to the list that the names stand in.
func (o *Org) People(ctx context.Context, ids []PersonID) (map[PersonID]Brief, error) {
	all := map[PersonID]Brief{}
	for len(ids) > 0 {
		n := min(500, len(ids))
		w := db.NewWhere(clock.Today(ctx))
		rows, err := db.All[Brief](ctx, o.db, briefs+` where `+db.In(w, "p.id", ids[:n]).SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, b := range rows {
			all[b.ID] = b
		}
		ids = ids[n:]
	}
	return all, nil
}

const (
	briefColumns = `p.id, p.name, p.name_key, o.unit_id, o.category, o.title, o.head, o.party_head`
	briefs       = `select ` + briefColumns + ` from org_person p left join org_post o
		on o.person_id = p.id and o.main and o.from_on <= $1 and (o.to_on is null or o.to_on > $1)`
)

// PostOn is the main post of a person on a date; errs.NotFound when he had none.
// Open to all modules: units and categories are stamped on the records they make.
func (o *Org) PostOn(ctx context.Context, p PersonID, on clock.Date) (UnitID, Category, error) {
	posts, err := o.PostsOn(ctx, []PersonID{p}, on)
	if err != nil {
		return "", "", err
	}
	post, ok := posts[p]
	if !ok {
		return "", "", errs.New(errs.NotFound, "org.post.none", on.Viet())
	}
	return post.Unit, post.Category, nil
}

// PostsOn is PostOn for many; who had no post is not in the map. Open to all, as
// PostOn is.
func (o *Org) PostsOn(ctx context.Context, people []PersonID, on clock.Date) (map[PersonID]Post, error) {
	all := map[PersonID]Post{}
	for len(people) > 0 {
		n := min(500, len(people))
		w := db.NewWhere(on)
		rows, err := db.All[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post
			where main and from_on <= $1 and (to_on is null or to_on > $1) and `+db.In(w, "person_id", people[:n]).SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			all[p.Person] = p
		}
		people = people[n:]
	}
	return all, nil
}

// HeadsOf lists who heads each unit, or its Party committee, on a date. Open to all:
// who answers for an authority is public.
func (o *Org) HeadsOf(ctx context.Context, units []UnitID, on clock.Date) (map[UnitID][]Post, error) {
	all := map[UnitID][]Post{}
	for len(units) > 0 {
		n := min(500, len(units))
		w := db.NewWhere(on)
		rows, err := db.All[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post where (head or party_head)
			and from_on <= $1 and (to_on is null or to_on > $1) and `+db.In(w, "unit_id", units[:n]).SQL()+` order by from_on, id`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			all[p.Unit] = append(all[p.Unit], p)
		}
		units = units[n:]
	}
	return all, nil
}
