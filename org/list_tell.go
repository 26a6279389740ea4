package org

import (
	"cmp"
	"strings"

	"lotrinh/platform/i18n"
)

func textOf(key string, args ...any) i18n.Text { return i18n.T(key, args...) }

func option(value, key string, args ...any) Option { return Option{value, i18n.T(key, args...)} }

// put plans what a row brings: a new unit, or what is another about a known one.
func (g *listing) put(r *listed) {
	if r.id == "" {
		return
	}
	if r.isNew {
		u := Unit{ID: r.id, Code: r.Code, Name: r.Name, Kind: r.kind, Tier: r.Tier, Parent: r.parent, Lat: r.Lat, Lon: r.Lon}
		g.p.plan.news = append(g.p.plan.news, newUnit{u, g.l.By.Act})
		g.p.say(NoteNew, r.id, r.Line, "org.note.added", r.Name, codeText(r.Code), g.nameOf(r.parent))
		g.tellReused(r)
		return
	}
	u, _ := g.t.Unit(r.id)
	var e Edit
	if nameKey(u.Name) != nameKey(r.Name) {
		e.Name = &r.Name
	}
	if u.Kind != r.kind {
		e.Kind, e.Name = &r.kind, &r.Name
	}
	if r.Code != "" && u.Code != r.Code {
		e.Code = &r.Code
		g.tellReused(r)
	}
	if r.parent != u.Parent && (r.parent != "" || u.Tier == Province) {
		e.Parent = &r.parent
	}
	g.p.edit(u, e, r.Line, g.l.By.Act, g.nameOf)
}

// tellReused tells that a row bears the code that another unit had.
func (g *listing) tellReused(r *listed) {
	for _, id := range g.index.byCode[r.Code] {
		if u, _ := g.t.Unit(id); r.Code != "" && id != r.id && u.Tier == r.Tier {
			g.p.say(NoteReused, r.id, r.Line, "org.note.reused", r.Code, u.Name, r.Name)
		}
	}
}

func (g *listing) nameOf(id UnitID) string { return cmp.Or(g.t.Name(id), g.names[id], "–") }

const askMax = 300 // ended units that are asked about one by one

// end plans the end of the units that the list leaves out, and asks who follows
// them where neither the mapping nor an answer says.
func (g *listing) end() {
	var gone []Unit
	for i := range g.t.units {
		if u := g.t.units[i]; g.taken[u.ID] == nil && g.tiers[u.Tier] && g.speaksOf(u) {
			gone = append(gone, u)
		}
	}
	asked := 0
	for _, u := range gone {
		if g.follow(u) {
			continue
		}
		g.p.plan.ends = append(g.p.plan.ends, unitEnd{u.ID, g.l.By.Act})
		if u.Tier != Commune || asked >= askMax {
			g.p.say(NoteEnded, u.ID, 0, "org.note.ended", u.Name, codeText(u.Code))
			continue
		}
		asked++
		g.p.note(Note{Kind: NoteDoubt, Unit: u.ID, Ask: "end:" + string(u.ID), Text: textOf("org.note.who-follows", u.Name, codeText(u.Code)),
			Options: append([]Option{option("", "org.ask.nobody")}, g.candidates(u)...)})
	}
}

// speaksOf says whether the list speaks of a unit that it does not name: all of
// the country, or what lies below a unit that it names.
func (g *listing) speaksOf(u Unit) bool {
	if g.l.Whole {
		return true
	}
	for up := u.Parent; up != ""; {
		if g.taken[up] != nil {
			return true
		}
		above, _ := g.t.Unit(up)
		up = above.Parent
	}
	return false
}

// follow plans the successors of an ended unit, as an answer or the mapping says.
func (g *listing) follow(u Unit) bool {
	var pairs []Pair
	if code, ok := strings.CutPrefix(g.l.Answers["end:"+string(u.ID)], "into:"); ok {
		if to := g.byCode[code]; to != nil && to.id != "" {
			pairs = []Pair{{From: u.ID, To: to.id, Kind: Merge, Num: 1, Den: 1}}
		}
	} else {
		pairs = g.mappedPairs(u.ID)
	}
	if len(pairs) == 0 {
		return false
	}
	g.p.plan.pairs = append(g.p.plan.pairs, actPairs{pairs, g.l.By.Act})
	names := make([]string, len(pairs))
	for i, p := range pairs {
		names[i] = g.nameOf(p.To)
	}
	if len(pairs) > 1 {
		g.p.say(NoteSplit, u.ID, 0, "org.note.split", u.Name, strings.Join(names, ", "))
	} else {
		g.p.say(NoteMerged, pairs[0].To, 0, "org.note.goes", u.Name, names[0])
	}
	return true
}

// mappedPairs is who follows a unit by the mapping: in equal parts where it says
// no shares.
func (g *listing) mappedPairs(u UnitID) (pairs []Pair) {
	lines := g.become[u]
	for _, m := range lines {
		to, _ := m.new()
		r := g.byCode[to.Code]
		if r == nil || r.id == "" {
			return nil
		}
		p := Pair{From: u, To: r.id, Kind: Merge, Num: m.Num, Den: m.Den}
		if p.Den == 0 {
			p.Num, p.Den, p.Assumed = 1, int64(len(lines)), len(lines) > 1
		}
		if p.Num < p.Den {
			p.Kind = Split
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// candidates are the units of the list that may follow an ended one: those below
// the same parent.
func (g *listing) candidates(u Unit) []Option {
	var out []Option
	for _, r := range g.rows {
		if r.Tier == u.Tier && r.Code != "" && (r.parent == u.Parent || r.parent == g.parentOfParent(u)) {
			out = append(out, Option{"into:" + r.Code, i18n.Text{Key: r.Name}})
		}
	}
	return out
}

func (g *listing) parentOfParent(u Unit) UnitID {
	above, _ := g.t.Unit(u.Parent)
	return above.Parent
}
