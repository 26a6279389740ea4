package org

import (
	"context"
	"slices"
	"strconv"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
)

// entered is a person who is in the records, with the main post that he holds or is
// to hold.
type entered struct {
	Person
	PostID    string     `db:"post_id"` // "" he holds none
	Unit      UnitID     `db:"unit_id"`
	Title     string     `db:"title"`
	Category  Category   `db:"category"`
	Head      bool       `db:"head"`
	PartyHead bool       `db:"party_head"`
	From      clock.Date `db:"from_on"`
	To        clock.Date `db:"to_on"`
	Why       string     `db:"why"`
	PostEd    int64      `db:"post_edition"`
	LastTo    clock.Date `db:"last_to"` // when the main post before it ended
}

func (e *entered) post() Post {
	return Post{e.PostID, e.Person.ID, e.Unit, e.Title, e.Category, e.Head, e.PartyHead, true, e.From, e.To, e.Why, e.PostEd}
}

const enteredQuery = `, o.id as post_id, o.unit_id, o.title, o.category, o.head, o.party_head, o.from_on, o.to_on, o.why, o.edition as post_edition,
	(select max(x.to_on) from org_post x where x.person_id = p.id and x.main and x.to_on <= $1) as last_to
	from org_person p left join org_post o on o.person_id = p.id and o.main and (o.to_on is null or o.to_on > $1)
	where p.merged_into is null and `

const askAtOnce = 400 // values in one question to the database

// readEntered reads those of the records whom rows may speak of.
func (o *Org) readEntered(ctx context.Context, p *rollPlan) error {
	var hashes, names []string
	born := map[string]map[clock.Date]bool{}
	for i := range p.items {
		it := &p.items[i]
		if it.hash != "" {
			hashes = append(hashes, it.hash)
		}
		if it.who.Birth == 0 {
			continue
		}
		name := text.Fold(it.who.Name)
		if born[name] == nil {
			born[name] = map[clock.Date]bool{}
			names = append(names, name)
		}
		born[name][it.who.Birth] = true
	}
	err := o.askEntered(ctx, p, "p.number_hash", hashes, func(e *entered) { p.byNumber[*e.Hash] = e })
	if err != nil {
		return err
	}
	return o.askEntered(ctx, p, "p.folded", names, func(e *entered) {
		if born[e.Folded][e.Birth] {
			p.byName[e.Folded] = append(p.byName[e.Folded], e)
		}
	})
}

func (o *Org) askEntered(ctx context.Context, p *rollPlan, column string, values []string, put func(*entered)) error {
	for part := range slices.Chunk(values, askAtOnce) {
		w := db.NewWhere(p.opt.On)
		db.In(w, column, part)
		last := PersonID("")
		err := db.Each(ctx, o.db, `select `+db.Columns[Person]("p")+enteredQuery+w.SQL()+` order by p.id, o.from_on`, w.Args(), func(e entered) error {
			if e.Person.ID != last { // the first is the one held now
				put(&e)
			}
			last = e.Person.ID
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// match is whom of the records a row speaks of; nil: somebody new, or a fault.
func (p *rollPlan) match(ctx context.Context, it *rollItem) *entered {
	if e := p.byNumber[it.hash]; e != nil && it.hash != "" {
		return p.bearer(ctx, it, e)
	}
	var same, elsewhere []*entered
	for _, e := range p.byName[text.Fold(it.who.Name)] {
		switch {
		case e.Birth != it.who.Birth || e.PostID == "" || e.Hash != nil && it.hash != "":
		case e.Unit == it.unit:
			same = append(same, e)
		case p.may(ctx, PersonRead, p.mayRead, e.Unit) == nil:
			elsewhere = append(elsewhere, e)
		}
	}
	if len(same) != 1 && len(same)+len(elsewhere) > 0 {
		if e, told := p.told(it, append(same, elsewhere...)); told {
			return e
		}
	}
	switch {
	case len(same) > 1:
		it.fault("org.roll.many-same", it.who.Name)
	case len(same) == 1:
		return same[0]
	case len(elsewhere) > 0:
		it.warning("org.roll.same-elsewhere", p.finder.path(elsewhere[0].Unit))
	}
	return nil
}

// bearer is the one who bears the number of a row, unless the row is about another.
func (p *rollPlan) bearer(ctx context.Context, it *rollItem, e *entered) *entered {
	if e.PostID != "" && p.may(ctx, PersonRead, p.mayRead, e.Unit) != nil {
		it.fault("org.roll.elsewhere")
		return nil
	}
	if text.Fold(it.who.Name) == e.Folded {
		return e
	}
	switch {
	case e.PostID == "":
		it.fault("org.roll.number-other-free")
	case it.who.Birth != 0 && e.Birth != 0 && it.who.Birth != e.Birth:
		it.fault("org.roll.number-other", e.Name, e.Birth.Viet())
	default:
		it.warning("org.roll.name-changes", e.Name, it.who.Name)
		return e
	}
	return nil
}

// decide works out what is to be done about a row without faults.
func (p *rollPlan) decide(ctx context.Context, it *rollItem) {
	e := p.match(ctx, it)
	if len(it.bad) > 0 {
		return
	}
	if e == nil {
		p.enter(it)
		return
	}
	if first, ok := p.touched[e.Person.ID]; ok {
		it.fault("org.roll.person-twice", strconv.Itoa(first))
		return
	}
	p.touched[e.Person.ID] = it.num
	it.old, it.person = e, e.Person
	p.compare(it)
	p.comparePost(it)
	if (it.fields || it.end != nil || it.amend != nil) && e.PostID != "" && p.may(ctx, PersonEdit, p.mayEdit, e.Unit) != nil {
		it.fault("org.roll.not-yours", p.finder.t.Name(e.Unit))
		return
	}
	it.act = rowSame
	if it.fields || it.begin != nil || it.amend != nil {
		it.act = rowChange
	}
}

// enter makes a row somebody new.
func (p *rollPlan) enter(it *rollItem) {
	it.act = rowNew
	it.begin = p.newPost(it)
	it.begin.Head, it.begin.PartyHead = isYes(it.head), isYes(it.partyHead)
}

// newPost is the main post that a row tells of, for one who holds none.
func (p *rollPlan) newPost(it *rollItem) *Post {
	post := &Post{Unit: it.unit, Title: it.title, Category: it.category, Main: true}
	fill(&post.Category, p.opt.Category)
	if post.Category == "" {
		it.fault("org.roll.need-category")
	}
	post.From = p.start(it, it.unit)
	return post
}

// start is the day from which a post in a unit holds; it cannot be before the unit.
func (p *rollPlan) start(it *rollItem, unit UnitID) clock.Date {
	from := it.from
	fill(&from, p.opt.On)
	if first := p.finder.b.units[unit][0].From; from < first {
		it.warning("org.roll.unit-younger", it.unitName, first.Viet())
		from = first
	}
	return from
}

func isYes(b *bool) bool { return b != nil && *b }

// compare notes what a row tells otherwise of a person; what it does not tell stays.
func (p *rollPlan) compare(it *rollItem) {
	q, old := it.who, it.old.Person
	it.note("name", old.Name, q.Name)
	it.note("birth", old.Birth.Viet(), q.Birth.Viet())
	if q.Sex != "" && q.Sex != old.Sex {
		it.fields = true
		it.changes = append(it.changes, i18n.T("org.roll.field", columnTitle("sex"), i18n.T("org.sex."+old.Sex), i18n.T("org.sex."+q.Sex)))
	}
	it.note("email", old.Email, q.Email)
	it.note("phone", old.Phone, q.Phone)
	if it.hash != "" && (old.Hash == nil || *old.Hash != it.hash) {
		it.note("number", old.Mask, mask(q.Number))
		it.fields = true
	}
}

func (it *rollItem) note(column, old, new string) {
	if new == "" || old == new {
		return
	}
	it.fields = true
	it.changes = append(it.changes, i18n.T("org.roll.field", columnTitle(column), dash(old), new))
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
