package org

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// PersonMerge is to make one record of two that are of one person.
const PersonMerge module.ActionName = "org.person.merge"

// PersonsMerged tells that the record From was of the same person as To, which
// stands for both from now on: whoever keeps From puts To in its place.
type PersonsMerged struct {
	From PersonID `json:"from"`
	To   PersonID `json:"to"`
}

// EventName implements event.Event.
func (PersonsMerged) EventName() string { return "org.persons-merged" }

// MergePeople makes one record of two: keep takes the posts, teams and, where it
// lacks them, the particulars of drop, whose record is left empty and leads to
// keep. Errors: Invalid when both have different numbers or birth dates, for then
// they are two people or one of them is wrong.
func (o *Org) MergePeople(ctx context.Context, keep, drop PersonID) error {
	a, postsA, err := o.load1(ctx, keep)
	if err != nil {
		return err
	}
	b, postsB, err := o.load1(ctx, drop)
	if err != nil {
		return err
	}
	if err := o.mayMerge(ctx, a.ID, postsA); err != nil {
		return err
	}
	if err := o.mayMerge(ctx, b.ID, postsB); err != nil {
		return err
	}
	if err := a.mergeable(b); err != nil {
		return err
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		for _, step := range []func(context.Context) error{
			func(ctx context.Context) error { return o.mergePosts(ctx, a.ID, postsA, postsB) },
			func(ctx context.Context) error { return o.mergeRecords(ctx, a.ID, b.ID) },
			func(ctx context.Context) error { return o.mergeRows(ctx, a, b) },
		} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		for _, e := range []Entry{{Person: a.ID, Subject: "person:" + string(a.ID), Detail: map[string]PersonID{"merged": b.ID}},
			{Person: b.ID, Subject: "person:" + string(b.ID), Detail: map[string]PersonID{"into": a.ID}}} {
			e.Action = PersonMerge
			if err := o.audit(ctx, e); err != nil {
				return err
			}
		}
		return o.publish(ctx, PersonsMerged{From: b.ID, To: a.ID})
	})
}

// mayMerge asks for PersonMerge in a unit that answers for a person.
func (o *Org) mayMerge(ctx context.Context, p PersonID, posts []Post) error {
	units, err := o.answering(ctx, p, posts)
	if err != nil {
		return err
	}
	return anyOf(ctx, PersonMerge, units)
}

func (p Person) mergeable(q Person) error {
	switch {
	case p.ID == q.ID:
		return errs.New(errs.Invalid, "org.merge.same")
	case p.Hash != nil && q.Hash != nil && *p.Hash != *q.Hash:
		return errs.New(errs.Invalid, "org.merge.numbers", p.Mask, q.Mask)
	case p.Birth != 0 && q.Birth != 0 && p.Birth != q.Birth:
		return errs.New(errs.Invalid, "org.merge.births", p.Birth.Viet(), q.Birth.Viet())
	}
	return nil
}

// PostFate is what becomes of a post when its bearer is merged into another.
type PostFate string

// The fates of posts.
const (
	PostGoes  PostFate = "goes"  // to the other record as it is
	PostYield PostFate = "yield" // as a concurrent one, beside the other's main post
	PostTwin  PostFate = "twin"  // nowhere: the other record has it already
)

// fateOf is what becomes of p when it comes to one who holds the posts of a.
func fateOf(p Post, a []Post) PostFate {
	fate := PostGoes
	for _, q := range a {
		if q.Unit == p.Unit && q.From == p.From && q.Title == p.Title {
			return PostTwin
		}
		if p.Main && q.Main && overlap(p, q) {
			fate = PostYield
		}
	}
	return fate
}

// mergePosts gives a the posts of b, each by its fate.
func (o *Org) mergePosts(ctx context.Context, to PersonID, a, b []Post) error {
	for _, p := range b {
		fate := fateOf(p, a)
		query := `update org_post set person_id = $1, main = $2, edition = edition + 1 where id = $3`
		args := []any{string(to), p.Main && fate == PostGoes, p.ID}
		if fate == PostTwin {
			query, args = `delete from org_post where id = $1`, []any{p.ID}
		}
		if _, err := o.db.Exec(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// MergePreview is what MergePeople would do.
type MergePreview struct {
	Keep, Drop Person // as they are now
	Into       Person // Keep with what it lacks taken from Drop
	Held       []Post // of Keep
	Posts      []Post // of Drop, with Fates in the same order
	Fates      []PostFate
	Teams      int         // memberships of Drop
	Lecturer   bool        // Drop is on the list of lecturers
	Why        *errs.Error // why they cannot be merged; nil when they can
}

// PreviewMerge says what MergePeople would do, for whoever may merge both. Asks
// through mayMerge.
func (o *Org) PreviewMerge(ctx context.Context, keep, drop PersonID) (v MergePreview, err error) {
	if v.Keep, v.Held, err = o.load1(ctx, keep); err != nil {
		return v, err
	}
	if err := o.mayMerge(ctx, v.Keep.ID, v.Held); err != nil {
		return v, err
	}
	if v.Drop, v.Posts, err = o.load1(ctx, drop); err != nil {
		return v, err
	}
	if err := o.mayMerge(ctx, v.Drop.ID, v.Posts); err != nil {
		return v, err
	}
	for _, p := range v.Posts {
		v.Fates = append(v.Fates, fateOf(p, v.Held))
	}
	v.Into = v.Keep.filled(v.Drop)
	if err := v.Keep.mergeable(v.Drop); err != nil {
		v.Why = errs.Of(err)
	}
	if v.Teams, err = db.One[int](ctx, o.db, `select count(*) from org_team_member where person_id = $1`, string(v.Drop.ID)); err != nil {
		return v, err
	}
	n, err := db.One[int](ctx, o.db, `select count(*) from org_lecturer where person_id = $1`, string(v.Drop.ID))
	v.Lecturer = n > 0
	if err != nil {
		return v, err
	}
	return v, o.noteRead(ctx, v.Drop.ID, v.Posts)
}

func overlap(a, b Post) bool {
	return (a.To == 0 || b.From < a.To) && (b.To == 0 || a.From < b.To)
}

// mergeRecords moves what else this module keeps of a person.
func (o *Org) mergeRecords(ctx context.Context, to, from PersonID) error {
	for _, query := range []string{
		`update org_lecturer set person_id = $1 where person_id = $2 and not exists (select 1 from org_lecturer where person_id = $1)`,
		`delete from org_lecturer where person_id = $2 and $1 <> $2`,
		`delete from org_lecturer_paper where person_id = $2 and exists (select 1 from org_lecturer_paper x
			where x.person_id = $1 and x.file = org_lecturer_paper.file)`,
		`update org_lecturer_paper set person_id = $1 where person_id = $2`,
		`delete from org_team_member where person_id = $2 and exists (select 1 from org_team_member x
			where x.person_id = $1 and x.team_id = org_team_member.team_id and x.to_on is null)`,
		`update org_team_member set person_id = $1 where person_id = $2`,
		`delete from org_team_presence where person_id = $2 and exists (select 1 from org_team_presence x
			where x.person_id = $1 and x.activity_id = org_team_presence.activity_id)`,
		`update org_team_presence set person_id = $1 where person_id = $2`,
		`update org_person set merged_into = $1 where merged_into = $2`,
	} {
		if _, err := o.db.Exec(ctx, query, string(to), string(from)); err != nil {
			return err
		}
	}
	return nil
}

// mergeRows empties the record of b, fills what a lacks, and leads b to a.
func (o *Org) mergeRows(ctx context.Context, a, b Person) error {
	n, err := o.db.Exec(ctx, `update org_person set merged_into = $1, number_hash = null, number_mask = '', email = '', phone = '',
		birth_on = null, sex = '', edition = edition + 1 where id = $2 and edition = $3`, string(a.ID), string(b.ID), b.Edition)
	if err := o.touched(ctx, n, err, `select count(*) from org_person where id = $1`, string(b.ID)); err != nil {
		return err
	}
	n, err = o.updatePerson(ctx, a.filled(b))
	return o.touched(ctx, n, err, `select count(*) from org_person where id = $1`, string(a.ID))
}

// filled is a with what it lacks taken from b.
func (a Person) filled(b Person) Person {
	if a.Hash == nil {
		a.Hash, a.Mask = b.Hash, b.Mask
	}
	fill(&a.Birth, b.Birth)
	fill(&a.Sex, b.Sex)
	fill(&a.Email, b.Email)
	fill(&a.Phone, b.Phone)
	return a
}

func fill[T comparable](to *T, from T) {
	var zero T
	if *to == zero {
		*to = from
	}
}

// Twins lists pairs that are likely one person entered twice: the same name and
// birth date, both at work where the actor may merge. At most a hundred.
func (o *Org) Twins(ctx context.Context) ([][2]Brief, error) {
	w := access.Narrow(ctx, PersonMerge, db.NewWhere(clock.Today(ctx)), "o.unit_id")
	type row struct {
		Brief
		Birth clock.Date `db:"birth_on"`
	}
	rows, err := db.All[row](ctx, o.db, `select `+briefColumns+`, p.birth_on`+atWork+`p.merged_into is null and p.birth_on is not null
		and exists (select 1 from org_person x where x.folded = p.folded and x.birth_on = p.birth_on and x.id <> p.id and x.merged_into is null
			and (x.number_hash is null or p.number_hash is null)) and `+w.SQL()+` order by p.folded, p.birth_on, p.id limit 200`, w.Args()...)
	if err != nil {
		return nil, err
	}
	var pairs [][2]Brief
	for i := 1; i < len(rows) && len(pairs) < 100; i++ {
		if a, b := rows[i-1], rows[i]; a.NameKey == b.NameKey && a.Birth == b.Birth {
			pairs = append(pairs, [2]Brief{a.Brief, b.Brief})
		}
	}
	return pairs, nil
}
