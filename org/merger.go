package org

import (
	"cmp"
	"context"

	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// Merger is an official table of what became what, to be carried out on one day.
type Merger struct {
	Rows   []MapRow
	By     Basis
	Absorb bool // a unit that keeps its code goes on and takes the others in; else what merges is a new unit
	// Answers holds shares that somebody typed, by SplitPart.Key.
	Answers map[string]string
}

// SplitOf is an old unit that goes to several new ones.
type SplitOf struct {
	Unit  UnitID
	Name  string
	Stays bool // a part stays with it
	Parts []SplitPart
}

// SplitPart is what one new unit gets of it.
type SplitPart struct {
	Key     string // under which the share is answered
	Name    string // of the new unit
	Share   Share
	Assumed bool // nobody has said the share
}

// PreviewMerger says what a merger would do, in words and with the splits whose
// shares are asked for. Asks through mayAsk.
func (o *Org) PreviewMerger(ctx context.Context, m Merger) (Preview, error) {
	if err := o.mayAsk(ctx, UnitMerge); err != nil {
		return Preview{}, err
	}
	if err := m.check(); err != nil {
		return Preview{}, err
	}
	b := o.now(ctx)
	p := newMerging(ctx, b, m).preview()
	p.Stamp = b.stamp
	return *p, nil
}

// ApplyMerger carries a merger out, all or nothing. seen is the Stamp of the
// preview that was agreed to; where units have changed since, it is a Conflict.
// Asks through mayAsk, and through carryOut for every unit that ends or changes.
func (o *Org) ApplyMerger(ctx context.Context, m Merger, seen string) error {
	if err := o.mayAsk(ctx, UnitMerge); err != nil {
		return err
	}
	if err := m.check(); err != nil {
		return err
	}
	return o.carryOut(ctx, UnitMerge, seen, m.By, "merger:"+m.By.Act.Label(), func(b *book) *Preview {
		return newMerging(ctx, b, m).preview()
	})
}

func (m *Merger) check() error {
	var f errs.Form
	f.Need(m.By.On != 0, "on", "org.unit.need-date")
	f.Need(len(m.Rows) > 0, "file", "org.file.none")
	f.Need(m.By.Operates == 0 || m.By.Operates >= m.By.On, "operates", "org.unit.need-span", m.By.On.Viet())
	return f.Err()
}

// merging works a merger out on the units of a book.
type merging struct {
	m       Merger
	t       *Tree // the day before
	p       *Preview
	newID   func() UnitID
	index   *codeIndex
	targets map[string]*target
	order   []*target           // in the order of the file, those above first
	gives   map[UnitID][]*gift  // what each old unit gives
	olds    []UnitID            // in the order of the file
	spoken  map[UnitID]bool     // units that the file names as the lowest of a line
	keeper  map[UnitID]*target  // old units that go on, and as what
	missing map[UnitID][]UnitID // communes that the file leaves out, by their district
}

// target is a unit as it will be.
type target struct {
	key     string
	tier    Tier
	ref     Ref
	line    int
	above   *target
	from    []UnitID
	outside bool // something of it comes from units that are not kept here
	id      UnitID
	keeps   bool // it is an old unit that goes on
}

// gift is what an old unit gives to a target.
type gift struct {
	to       *target
	weight   int64 // lines of the file
	num, den int64 // 0/0: not said
	assumed  bool
}

func newMerging(ctx context.Context, b *book, m Merger) *merging {
	t := b.tree(m.By.On - 1)
	return &merging{m: m, t: t, p: &Preview{}, newID: func() UnitID { return UnitID(id.New(ctx)) },
		index: indexCodes(t), targets: map[string]*target{}, gives: map[UnitID][]*gift{},
		spoken: map[UnitID]bool{}, keeper: map[UnitID]*target{}, missing: map[UnitID][]UnitID{}}
}

func (g *merging) preview() *Preview {
	for i := range g.m.Rows {
		g.read(&g.m.Rows[i])
	}
	g.findMissing()
	for _, tier := range []Tier{Province, District, Commune} {
		for _, t := range g.order {
			if t.tier == tier {
				g.decide(t)
			}
		}
	}
	for _, t := range g.order {
		g.put(t)
	}
	for _, old := range g.olds {
		g.give(old)
	}
	g.endDistricts()
	g.tellRehung()
	g.tellReused()
	return g.p
}

// read takes in one line: who gives to whom, at each tier.
func (g *merging) read(r *MapRow) {
	province, ok := g.index.find(Province, r.OldProvince, "")
	if !ok && !r.OldProvince.empty() {
		g.outside(r)
		return
	}
	old, tier, ok := g.oldUnit(r, province)
	if !ok {
		return
	}
	above := g.target(Province, r.NewProvince, nil, r.Line)
	if province != "" {
		g.link(province, above, r, tier == Province)
	}
	if !r.NewDistrict.empty() {
		above = g.target(District, r.NewDistrict, above, r.Line)
		if d, ok := g.district(old); ok && tier != District {
			g.link(d, above, r, false)
		}
	}
	if !r.NewCommune.empty() {
		above = g.target(Commune, r.NewCommune, above, r.Line)
	}
	if tier != Province {
		g.link(old, above, r, true)
	}
	g.spoken[old] = true
}

// outside keeps in mind that a new unit takes from units that are not kept here.
func (g *merging) outside(r *MapRow) {
	ref, tier := r.new()
	g.p.say(NoteOutside, "", r.Line, "org.note.outside", r.OldProvince.Name, ref.Name)
	keys := []string{targetKey(Province, r.NewProvince, nil)}
	if tier == Commune {
		keys = append(keys, targetKey(Commune, r.NewCommune, &target{key: keys[0]}))
	}
	for _, k := range keys {
		if t := g.targets[k]; t != nil {
			t.outside = true
		} else {
			g.targets[k] = &target{key: k, outside: true}
		}
	}
}

// oldUnit finds the lowest unit on the old side of a line, and tells when it is
// not there or is another.
func (g *merging) oldUnit(r *MapRow, province UnitID) (UnitID, Tier, bool) {
	ref, tier := r.old()
	if tier == Province {
		return province, tier, province != ""
	}
	within := province
	if tier == Commune {
		if d, ok := g.index.find(District, r.OldDistrict, province); ok {
			within = d
		}
	}
	u, ok := g.index.find(tier, ref, within)
	if !ok {
		u, ok = g.index.find(tier, ref, province)
	}
	if !ok {
		g.p.say(NoteProblem, "", r.Line, "org.note.no-old", ref.Name, ref.Code, (g.m.By.On - 1).Viet())
		return "", tier, false
	}
	return u, tier, g.agreed(r, u, ref, within != province)
}

// agreed says whether the unit that bears a line's old code is the one that the
// line names. Where the names differ, a letter or two or the same district make it
// one unit until somebody says otherwise; else somebody must say so.
func (g *merging) agreed(r *MapRow, u UnitID, ref Ref, sameDistrict bool) bool {
	name := g.t.Name(u)
	if ref.Name == "" || sameBare(name, ref.Name) {
		return true
	}
	n := Note{Kind: NoteProblem, Unit: u, Line: r.Line, Ask: "name:" + string(u), Answer: "other",
		Text:    textOf("org.note.other-name", ref.Code, name, ref.Name),
		Options: []Option{option("same", "org.ask.same-unit"), option("other", "org.ask.other-unit")}}
	if sameDistrict || nearly(name, ref.Name) {
		n.Answer = "same"
	}
	n.Answer = cmp.Or(g.m.Answers[n.Ask], n.Answer)
	if n.Answer == "same" {
		n.Kind = NoteDoubt
	}
	g.p.note(n)
	return n.Answer == "same"
}

func (g *merging) district(u UnitID) (UnitID, bool) { return g.t.Up(u, District) }

// targetKey tells new units apart: by code, or by name within the unit above.
func targetKey(tier Tier, r Ref, above *target) string {
	switch {
	case r.Code != "":
		return string(tier) + ":" + r.Code
	case above != nil:
		return above.key + "/" + string(tier) + ":" + nameKey(r.Name)
	}
	return string(tier) + ":" + nameKey(r.Name)
}

// target is the new unit of that name; a line that gives one code two names is a
// problem.
func (g *merging) target(tier Tier, r Ref, above *target, line int) *target {
	key := targetKey(tier, r, above)
	t := g.targets[key]
	switch {
	case t == nil:
		t = &target{key: key}
		g.targets[key] = t
	case t.tier != "" && nameKey(t.ref.Name) != nameKey(r.Name):
		g.p.say(NoteProblem, "", line, "org.note.two-names", r.Code, t.ref.Name, r.Name)
	}
	if t.tier == "" { // new, or known only from outside
		t.tier, t.ref, t.line, t.above = tier, r, line, above
		g.order = append(g.order, t)
	}
	return t
}

// link notes that old gives to t. A line that says so itself, rather than by the
// units below, may say the share.
func (g *merging) link(old UnitID, t *target, r *MapRow, said bool) {
	if g.gives[old] == nil {
		g.olds = append(g.olds, old)
	}
	for _, gf := range g.gives[old] {
		if gf.to == t {
			if !said {
				gf.weight++
			}
			return
		}
	}
	gf := &gift{to: t, weight: 1}
	if said {
		gf.num, gf.den = r.Num, r.Den
	}
	g.gives[old] = append(g.gives[old], gf)
	t.from = append(t.from, old)
}
