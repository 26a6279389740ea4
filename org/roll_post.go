package org

import (
	"lotrinh/platform/i18n"
)

// comparePost works out what a row says of the main post of a person: nothing new,
// another post from a day on, or that the post was entered wrongly.
func (p *rollPlan) comparePost(it *rollItem) {
	e := it.old
	switch {
	case e.PostID == "":
		p.receive(it)
	case e.Unit == it.unit:
		p.sameUnit(it)
	default:
		p.otherUnit(it)
	}
}

// receive gives a post to one who holds none now.
func (p *rollPlan) receive(it *rollItem) {
	it.begin = p.newPost(it)
	it.begin.Head, it.begin.PartyHead = isYes(it.head), isYes(it.partyHead)
	if it.begin.From < it.old.LastTo {
		it.fault("org.roll.from-before", it.begin.From.Viet(), it.old.LastTo.Viet())
	}
	it.changes = append(it.changes, i18n.T("org.roll.received", it.unitName, it.begin.From.Viet()))
}

// told is the post with what a row says of it put in.
func (it *rollItem) told() Post {
	post := it.old.post()
	if it.title != "" {
		post.Title = it.title
	}
	if it.category != "" {
		post.Category = it.category
	}
	if it.head != nil {
		post.Head = *it.head
	}
	if it.partyHead != nil {
		post.PartyHead = *it.partyHead
	}
	return post
}

// sameUnit: another title or category from a later day is another post; else the
// post is corrected.
func (p *rollPlan) sameUnit(it *rollItem) {
	old, now := it.old.post(), it.told()
	if now != old && it.from > old.From {
		p.follow(it, now)
		return
	}
	if it.from != 0 && it.from != old.From && p.couldBegin(it) {
		now.From = p.start(it, it.unit)
	}
	if now != old {
		it.amend = &now
		it.tellPost(old, now)
	}
}

// couldBegin says whether the post may have begun on the row's day: not before the
// main post before it ended.
func (p *rollPlan) couldBegin(it *rollItem) bool {
	if it.from >= it.old.LastTo && (it.old.To == 0 || it.from < it.old.To) {
		return true
	}
	it.fault("org.roll.from-before", it.from.Viet(), it.old.LastTo.Viet())
	return false
}

// follow ends the post and begins another.
func (p *rollPlan) follow(it *rollItem, now Post) {
	old := it.old.post()
	now.From, now.To, now.Why = p.start(it, it.unit), 0, ""
	if now.From <= old.From {
		it.fault("org.roll.from-before", now.From.Viet(), old.From.Viet())
		return
	}
	it.end, it.begin = &old, &now
	it.changes = append(it.changes, i18n.T("org.roll.follows", now.From.Viet(), dash(now.Title), it.unitName))
}

// otherUnit: from a later day it is a move; from the same day the unit was entered
// wrongly.
func (p *rollPlan) otherUnit(it *rollItem) {
	old, now := it.old.post(), it.told()
	now.Unit = it.unit
	if it.head == nil {
		now.Head = false
	}
	if it.partyHead == nil {
		now.PartyHead = false
	}
	from := it.from
	fill(&from, p.opt.On)
	switch {
	case from > old.From:
		p.follow(it, now)
	case from == old.From:
		if start := p.start(it, it.unit); start != old.From {
			it.fault("org.roll.from-before", from.Viet(), start.Viet())
			return
		}
		it.amend = &now
		it.tellPost(old, now)
		it.changes = append(it.changes, i18n.T("org.roll.field", columnTitle("unit"), p.finder.name(old.Unit), it.unitName))
	default:
		it.fault("org.roll.from-before", from.Viet(), old.From.Viet())
	}
}

// name is what a unit is called, or was called last.
func (f *unitFinder) name(id UnitID) string {
	if name := f.t.Name(id); name != "" {
		return name
	}
	if s, ok := f.b.last(id); ok {
		return s.Name
	}
	return ""
}

// tellPost says what is corrected of a post.
func (it *rollItem) tellPost(old, now Post) {
	tell := func(column string, a, b any, differs bool) {
		if differs {
			it.changes = append(it.changes, i18n.T("org.roll.field", columnTitle(column), a, b))
		}
	}
	tell("title", dash(old.Title), dash(now.Title), old.Title != now.Title)
	tell("category", i18n.T("org.category."+string(old.Category)), i18n.T("org.category."+string(now.Category)), old.Category != now.Category)
	tell("head", yesNo(old.Head), yesNo(now.Head), old.Head != now.Head)
	tell("party_head", yesNo(old.PartyHead), yesNo(now.PartyHead), old.PartyHead != now.PartyHead)
	tell("from", old.From.Viet(), now.From.Viet(), old.From != now.From)
}

func yesNo(b bool) i18n.Text {
	if b {
		return i18n.T("org.yes")
	}
	return i18n.T("org.no")
}
