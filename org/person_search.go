package org

import (
	"context"
	"strings"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/text"
)

// Filter narrows a list of people.
type Filter struct {
	Unit     UnitID   // the unit and all below it; "" = wherever the actor may read
	Own      bool     // the unit alone, without what lies below
	Text     string   // words of the name, with or without marks; or a whole personal number
	Category Category // "" any
	Heads    bool     // heads of units and of Party committees alone
	Bare     bool     // those who have no account alone
	Left     bool     // those who hold no post any more, by the last they held
	Limit    int      // 50 when zero
	Offset   int
}

// Search lists people by name, who have a post today where the actor may read.
func (o *Org) Search(ctx context.Context, f Filter) ([]Brief, error) {
	w, from := o.searching(ctx, f)
	limit := f.Limit
	if limit == 0 {
		limit = 50
	}
	return db.All[Brief](ctx, o.db, `select `+briefColumns+from+access.Narrow(ctx, PersonRead, w, "o.unit_id").SQL()+
		` order by p.name_key, p.id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
}

// Count counts what Search would list without a limit.
func (o *Org) Count(ctx context.Context, f Filter) (int, error) {
	w, from := o.searching(ctx, f)
	return db.One[int](ctx, o.db, `select count(*)`+from+access.Narrow(ctx, PersonRead, w, "o.unit_id").SQL(), w.Args()...)
}

const (
	atWork = ` from org_person p join org_post o on o.person_id = p.id and o.main and o.from_on <= $1
		and (o.to_on is null or o.to_on > $1) where `
	whoLeft = ` from org_person p join org_post o on o.person_id = p.id and o.main and o.to_on <= $1
		and not exists (select 1 from org_post x where x.person_id = p.id and (x.to_on is null or x.to_on > o.to_on)) where `
)

// searching is the conditions of a filter but for the rights, and what they are on.
func (o *Org) searching(ctx context.Context, f Filter) (*db.Where, string) {
	from := atWork
	if f.Left {
		from = whoLeft
	}
	w := db.NewWhere(clock.Today(ctx)).And("p.merged_into is null")
	w.If(f.Unit != "" && f.Own, "o.unit_id = ?", f.Unit)
	w.If(f.Unit != "" && !f.Own, `o.unit_id in (select low.unit_id from org_reach low join org_reach top
		on low.path >= top.path and low.path < top.path_end where top.unit_id = ?)`, f.Unit)
	w.If(f.Category != "", "o.category = ?", f.Category)
	w.If(f.Heads, "(o.head or o.party_head)")
	if f.Bare && access.Bare != nil {
		access.Bare(w, "p.id")
	}
	o.named(w, f.Text)
	return w, from
}

// named adds that each word stands in the name; a whole number is looked up as one.
func (o *Org) named(w *db.Where, words string) {
	words = text.Clean(words)
	if number, ok := CleanNumber(words); ok && number != "" {
		w.And("p.number_hash = ?", o.NumberHash(number))
		return
	}
	for _, word := range strings.Fields(text.Fold(words)) {
		w.And(`p.folded like ? escape '\'`, db.Like(word))
	}
}

// noteList writes into the log that a list of people was read or taken out.
func (o *Org) noteList(ctx context.Context, f Filter, n int) error {
	return o.audit(ctx, Entry{Action: PersonRead, Unit: f.Unit, Subject: "people", Read: true, Detail: map[string]any{
		"text": f.Text, "category": f.Category, "heads": f.Heads, "left": f.Left, "bare": f.Bare, "n": n}})
}

// Namesakes lists people of a name and a birth date who are at work where the actor
// may read, for who is about to enter one; none without a birth date.
func (o *Org) Namesakes(ctx context.Context, name string, birth clock.Date) ([]Brief, error) {
	if birth == 0 {
		return nil, nil
	}
	w := db.NewWhere(clock.Today(ctx), text.Fold(text.Clean(name)), birth)
	return db.All[Brief](ctx, o.db, `select `+briefColumns+atWork+`p.merged_into is null and p.folded = $2 and p.birth_on = $3 and `+
		access.Narrow(ctx, PersonRead, w, "o.unit_id").SQL()+` order by p.id limit 20`, w.Args()...)
}
