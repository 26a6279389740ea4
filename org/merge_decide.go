package org

import (
	"cmp"
	"math/big"
	"strings"

	"lotrinh/platform/i18n"
)

// findMissing lists the communes of the districts spoken of that the file leaves
// out: their district cannot end.
func (g *merging) findMissing() {
	for _, old := range g.olds {
		if u, _ := g.t.Unit(old); u.Tier != District || g.spoken[old] {
			continue
		}
		for _, c := range g.t.Children(old) {
			if u, _ := g.t.Unit(c); u.Tier == Commune && !g.spoken[c] {
				g.missing[old] = append(g.missing[old], c)
			}
		}
	}
}

// decide says whether a target is an old unit that goes on. One old unit, whole
// and alone, goes on under whatever name (docs/decisions). What merges is new,
// unless the merger says that the unit which keeps its code takes the others in.
func (g *merging) decide(t *target) {
	for _, old := range t.from {
		u, _ := g.t.Unit(old)
		if u.Tier != t.tier || g.keeper[old] != nil {
			continue
		}
		alone := len(t.from) == 1 && len(g.gives[old]) == 1 && !t.outside
		same := t.ref.Code != "" && u.Code == t.ref.Code || t.ref.Code == "" && sameBare(u.Name, t.ref.Name)
		if alone && len(g.missing[old]) == 0 || same && (g.m.Absorb || len(g.missing[old]) > 0) {
			t.id, t.keeps = old, true
			g.keeper[old] = t
			return
		}
	}
	if u, ok := g.index.find(t.tier, t.ref, ""); ok && g.gives[u] == nil && sameBare(g.t.Name(u), t.ref.Name) {
		t.id, t.keeps = u, true // the file does not speak of it as an old unit: it goes on
		return
	}
	t.id = g.newID()
}

// put adds a new unit to the plan, or what changes of one that goes on.
func (g *merging) put(t *target) {
	kind, known := kindOfName(t.ref.Name, t.tier)
	parent := UnitID("")
	if t.above != nil {
		parent = t.above.id
	}
	if t.keeps {
		g.edit(t, kind, known, parent)
		return
	}
	if t.ref.Name == "" {
		g.p.say(NoteProblem, "", t.line, "org.note.no-name", t.ref.Code)
		return
	}
	u := Unit{ID: t.id, Code: t.ref.Code, Name: t.ref.Name, Kind: kind, Tier: t.tier, Parent: parent}
	u.Lat, u.Lon = g.middle(t.from)
	g.p.plan.news = append(g.p.plan.news, newUnit{u, g.m.By.Act})
	if len(t.from) > 1 || t.outside {
		g.p.say(NoteMerged, t.id, t.line, "org.note.merged", t.ref.Name, codeText(t.ref.Code), g.names(t.from))
	} else {
		g.p.say(NoteNew, t.id, t.line, "org.note.new", t.ref.Name, codeText(t.ref.Code), g.names(t.from))
	}
}

// edit tells and plans what changes of a unit that goes on.
func (g *merging) edit(t *target, kind Kind, known bool, parent UnitID) {
	u, _ := g.t.Unit(t.id)
	var e Edit
	if t.ref.Name != "" && nameKey(u.Name) != nameKey(t.ref.Name) && (known || !sameBare(u.Name, t.ref.Name)) {
		e.Name = &t.ref.Name
	}
	if known && kind != u.Kind && e.Name != nil {
		e.Kind = &kind
	}
	if t.ref.Code != "" && t.ref.Code != u.Code {
		e.Code = &t.ref.Code
	}
	if parent != u.Parent {
		e.Parent = &parent
	}
	g.p.edit(u, e, t.line, g.m.By.Act, g.nameOf)
	if len(t.from) > 1 {
		others := make([]UnitID, 0, len(t.from))
		for _, f := range t.from {
			if f != t.id {
				others = append(others, f)
			}
		}
		g.p.say(NoteMerged, t.id, t.line, "org.note.taken-in", cmp.Or(t.ref.Name, u.Name), codeText(cmp.Or(t.ref.Code, u.Code)), g.names(others))
	}
}

// edit tells what changes of a unit, and plans it; nothing when nothing does.
func (p *Preview) edit(u Unit, e Edit, line int, act Act, nameOf func(UnitID) string) {
	if e == (Edit{}) {
		return
	}
	p.plan.edits = append(p.plan.edits, unitEdit{u.ID, e, act})
	name := u.Name
	switch {
	case e.Kind != nil:
		p.say(NoteReclassified, u.ID, line, "org.note.reclassified", u.Name, *e.Name)
		name = *e.Name
	case e.Name != nil:
		p.say(NoteRenamed, u.ID, line, "org.note.renamed", u.Name, *e.Name)
		name = *e.Name
	}
	if e.Code != nil {
		p.say(NoteRecoded, u.ID, line, "org.note.recoded", name, u.Code, *e.Code)
	}
	if e.Parent != nil {
		p.say(NoteReparented, u.ID, line, "org.note.reparented", name, nameOf(u.Parent), nameOf(*e.Parent))
	}
}

// give plans what an old unit gives: shares that were said or typed, the rest in
// equal parts by the lines of the file.
func (g *merging) give(old UnitID) {
	gifts := g.gives[old]
	stays := g.keeper[old] != nil || len(g.missing[old]) > 0
	g.shares(old, gifts)
	u, _ := g.t.Unit(old)
	split := SplitOf{Unit: old, Name: u.Name, Stays: stays}
	var pairs []Pair
	for _, gf := range gifts {
		split.Parts = append(split.Parts, SplitPart{g.shareKey(old, gf.to), gf.to.ref.Name, Share{gf.to.id, gf.num, gf.den}, gf.assumed})
		if gf.to.id != old {
			pairs = append(pairs, Pair{From: old, To: gf.to.id, Kind: manner(u, gf, stays), Num: gf.num, Den: gf.den, Assumed: gf.assumed})
		}
	}
	if len(pairs) == 0 {
		return
	}
	g.p.plan.pairs = append(g.p.plan.pairs, actPairs{pairs, g.m.By.Act})
	if len(gifts) > 1 || stays {
		g.p.Splits = append(g.p.Splits, split)
		g.p.say(NoteSplit, old, gifts[0].to.line, "org.note.split", u.Name, splitText(split))
	}
}

func (g *merging) shareKey(old UnitID, t *target) string { return string(old) + ">" + t.key }

func manner(u Unit, gf *gift, stays bool) Manner {
	switch {
	case stays:
		return Partial
	case gf.num != gf.den:
		return Split
	case gf.to.tier != u.Tier:
		return Reclassify
	case len(gf.to.from) > 1 || gf.to.outside || gf.to.keeps:
		return Merge
	case sameBare(gf.to.ref.Name, u.Name):
		return Reparent
	}
	return Rename
}

// shares fills in the shares of gifts so that they make one whole; what stays
// with a unit because the file leaves communes out counts too.
func (g *merging) shares(old UnitID, gifts []*gift) {
	left, weights := big.NewRat(1, 1), int64(len(g.missing[old]))
	for _, gf := range gifts {
		if typed, ok := g.m.Answers[g.shareKey(old, gf.to)]; ok && strings.TrimSpace(typed) != "" {
			num, den, ok := ParseShare(typed)
			if !ok {
				g.p.say(NoteProblem, old, gf.to.line, "org.note.bad-share", g.t.Name(old), gf.to.ref.Name, typed)
			} else {
				gf.num, gf.den = num, den
			}
		}
		if gf.den == 0 {
			weights += gf.weight
		} else {
			left.Sub(left, big.NewRat(gf.num, gf.den))
		}
	}
	if left.Sign() < 0 || left.Sign() > 0 && weights == 0 || left.Sign() == 0 && weights > 0 {
		g.p.say(NoteProblem, old, gifts[0].to.line, "org.note.share-sum", g.t.Name(old), new(big.Rat).Sub(big.NewRat(1, 1), left).RatString())
		return
	}
	for _, gf := range gifts {
		if gf.den == 0 {
			part := new(big.Rat).Mul(left, big.NewRat(gf.weight, weights))
			gf.num, gf.den = part.Num().Int64(), part.Denom().Int64()
			gf.assumed = len(gifts) > 1 || len(g.missing[old]) > 0
		}
	}
}

// middle is the mean of the centroids that are known.
func (g *merging) middle(ids []UnitID) (lat, lon float64) {
	n := 0.0
	for _, id := range ids {
		if u, _ := g.t.Unit(id); u.Located() {
			lat, lon, n = lat+u.Lat, lon+u.Lon, n+1
		}
	}
	if n == 0 {
		return 0, 0
	}
	return lat / n, lon / n
}

// nameOf names an old unit or a target.
func (g *merging) nameOf(id UnitID) string {
	if name := g.t.Name(id); name != "" {
		return name
	}
	for _, t := range g.order {
		if t.id == id {
			return t.ref.Name
		}
	}
	return ""
}

func (g *merging) names(ids []UnitID) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = g.t.Name(id)
	}
	return strings.Join(all, ", ")
}

// codeText is a code in a sentence.
func codeText(code string) any {
	if code == "" {
		return i18n.T("org.code.none")
	}
	return code
}
