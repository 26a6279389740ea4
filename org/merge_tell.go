package org

import (
	"fmt"
	"slices"
	"strings"
)

// endDistricts ends the districts whose communes have all gone, where the file
// knows no districts any more.
func (g *merging) endDistricts() {
	for i := range g.m.Rows {
		if !g.m.Rows[i].NewDistrict.empty() {
			return
		}
	}
	var districts []UnitID
	for _, old := range g.olds {
		d, ok := g.district(old)
		if ok && d != old && !slices.Contains(districts, d) {
			districts = append(districts, d)
		}
	}
	for _, d := range districts {
		left := g.leftIn(d)
		if len(left) > 0 {
			g.p.say(NoteDoubt, d, 0, "org.note.district-left", g.t.Name(d), g.names(left))
			continue
		}
		g.p.plan.ends = append(g.p.plan.ends, unitEnd{d, g.m.By.Act})
		g.p.say(NoteEnded, d, 0, "org.note.district-ends", g.t.Name(d))
	}
}

// leftIn lists the communes of a district that the file leaves out.
func (g *merging) leftIn(d UnitID) (left []UnitID) {
	for _, c := range g.t.Children(d) {
		if u, _ := g.t.Unit(c); u.Tier == Commune && !g.spoken[c] {
			left = append(left, c)
		}
	}
	return left
}

// tellRehung tells which departments, divisions, villages and forgotten units
// come to lie elsewhere because the unit above them ends.
func (g *merging) tellRehung() {
	ends := map[UnitID]bool{}
	for _, s := range g.p.plan.pairs {
		for _, pair := range s.pairs {
			ends[pair.From] = g.keeper[pair.From] == nil && len(g.missing[pair.From]) == 0
		}
	}
	for _, e := range g.p.plan.ends {
		ends[e.id] = true
	}
	for i := range g.t.units {
		u := &g.t.units[i]
		if !ends[u.Parent] || ends[u.ID] || g.keeper[u.ID] != nil {
			continue
		}
		key := "org.note.rehung"
		if u.Tier == District || u.Tier == Commune {
			key = "org.note.forgotten"
		}
		g.p.say(NoteRehung, u.ID, 0, key, u.Name, g.t.Name(u.Parent))
	}
}

// tellReused tells where a code names another unit than it did.
func (g *merging) tellReused() {
	for _, t := range g.order {
		if t.ref.Code == "" {
			continue
		}
		for _, id := range g.index.byCode[t.ref.Code] {
			was, _ := g.t.Unit(id)
			if id != t.id && !sameBare(was.Name, t.ref.Name) {
				g.p.say(NoteReused, t.id, t.line, "org.note.reused", t.ref.Code, was.Name, t.ref.Name)
			}
		}
	}
}

// splitText lists the parts of a split: «Phường A 1/2, Phường B 1/2».
func splitText(s SplitOf) string {
	parts := make([]string, len(s.Parts))
	for i, p := range s.Parts {
		parts[i] = fmt.Sprintf("%s %d/%d", p.Name, p.Share.Num, p.Share.Den)
	}
	return strings.Join(parts, ", ")
}

// codeIndex finds units of a tree as lists name them.
type codeIndex struct {
	t      *Tree
	byCode map[string][]UnitID
	byName map[string][]UnitID // bare, folded in spelling
}

func indexCodes(t *Tree) *codeIndex {
	x := &codeIndex{t, map[string][]UnitID{}, map[string][]UnitID{}}
	for i := range t.units {
		u := &t.units[i]
		if u.Code != "" {
			x.byCode[u.Code] = append(x.byCode[u.Code], u.ID)
		}
		key := bareKey(u.Name)
		x.byName[key] = append(x.byName[key], u.ID)
	}
	return x
}

// find is the unit of a tier, within a unit where one is given, that bears the
// code, or else, when only one does, the name.
func (x *codeIndex) find(tier Tier, r Ref, within UnitID) (UnitID, bool) {
	fits := func(id UnitID) bool {
		u, _ := x.t.Unit(id)
		return u.Tier == tier && (within == "" || x.t.Within(id, within))
	}
	for _, id := range x.byCode[r.Code] {
		if r.Code != "" && fits(id) {
			return id, true
		}
	}
	var found []UnitID
	for _, id := range x.byName[bareKey(r.Name)] {
		if fits(id) {
			found = append(found, id)
		}
	}
	if len(found) > 1 { // «Xã Tân An» and «Phường Tân An»: the kind tells
		found = slices.DeleteFunc(found, func(id UnitID) bool { return nameKey(x.t.Name(id)) != nameKey(r.Name) })
	}
	if len(found) != 1 || r.Name == "" {
		return "", false
	}
	return found[0], true
}

func bareKey(name string) string { return nameKey(bare(clean(name))) }

func sameBare(a, b string) bool { return bareKey(a) == bareKey(b) }
