package org

import (
	"cmp"
	"context"

	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// List is a list of the units that are there on By.On, to be brought in: what it
// names and we do not know begins, what it leaves out ends.
type List struct {
	Rows []ListRow
	By   Basis
	// Whole says that the list is of the whole country: provinces that it leaves out
	// end. Otherwise it speaks only of what lies below the units that it names.
	Whole bool
	// Mapping, where there is one, says which unit became which, and settles most
	// of what is in doubt.
	Mapping []MapRow
	// Absorb is as in Merger: with a mapping, a unit that keeps its code goes on and
	// takes the others in; else what merges is a new unit.
	Absorb bool
	// Answers decide what is in doubt, by Note.Ask.
	Answers map[string]string
}

// PreviewImport says in words what a list would change: units that are new,
// renamed, reclassified, elsewhere, ended, or bear another's code; and what may be
// read in two ways, to be decided. Asks through mayAsk.
func (o *Org) PreviewImport(ctx context.Context, l List) (Preview, error) {
	if err := o.mayAsk(ctx, UnitEdit); err != nil {
		return Preview{}, err
	}
	if err := l.check(); err != nil {
		return Preview{}, err
	}
	b := o.now(ctx)
	p := newListing(ctx, b, l).preview()
	p.Stamp = b.stamp
	return *p, nil
}

// Import brings a list in, all or nothing. seen is the Stamp of the preview that
// was agreed to; where units have changed since, it is a Conflict.
// Asks through mayAsk, and through carryOut for every unit that changes.
func (o *Org) Import(ctx context.Context, l List, seen string) error {
	if err := o.mayAsk(ctx, UnitEdit); err != nil {
		return err
	}
	if err := l.check(); err != nil {
		return err
	}
	return o.carryOut(ctx, UnitEdit, seen, l.By, "import", func(b *book) *Preview { return newListing(ctx, b, l).preview() })
}

func (l *List) check() error {
	var f errs.Form
	f.Need(l.By.On != 0, "on", "org.unit.need-date")
	f.Need(len(l.Rows) > 0, "file", "org.file.none")
	return f.Err()
}

// listing works a list out on the units of a book.
type listing struct {
	l      List
	t      *Tree
	p      *Preview
	newID  func() UnitID
	index  *codeIndex
	rows   []*listed
	byCode map[string]*listed
	taken  map[UnitID]*listed
	tiers  map[Tier]bool
	become map[UnitID][]*MapRow // lines of the mapping, by the old unit
	origin map[string][]UnitID  // old units, by the code of the new
	names  map[UnitID]string    // of new units
}

// listed is a row of the list and the unit that it is.
type listed struct {
	ListRow
	kind   Kind
	parent UnitID
	id     UnitID
	isNew  bool
}

func newListing(ctx context.Context, b *book, l List) *listing {
	t := b.tree(l.By.On)
	return &listing{l: l, t: t, p: &Preview{}, newID: func() UnitID { return UnitID(id.New(ctx)) }, index: indexCodes(t),
		byCode: map[string]*listed{}, taken: map[UnitID]*listed{}, tiers: map[Tier]bool{},
		become: map[UnitID][]*MapRow{}, origin: map[string][]UnitID{}, names: map[UnitID]string{}}
}

func (g *listing) preview() *Preview {
	g.read()
	g.readMapping()
	for _, tier := range Tiers {
		rows := g.ofTier(tier)
		for _, r := range rows {
			g.hang(r)
		}
		for _, r := range rows {
			g.takeSure(r)
		}
		for _, r := range rows {
			if r.id == "" {
				g.takeByName(r)
			}
		}
		for _, r := range rows {
			if r.id == "" {
				g.decide(r)
			}
		}
	}
	for _, r := range g.rows {
		g.put(r)
	}
	g.end()
	return g.p
}

// read takes in the rows, and tells of those that cannot be.
func (g *listing) read() {
	for i := range g.l.Rows {
		r := &listed{ListRow: g.l.Rows[i]}
		ok := false
		if r.Level != "" {
			r.kind, ok = KindOf(r.Level, r.Tier)
			if !ok {
				g.p.say(NoteProblem, "", r.Line, "org.note.kind", r.Name, r.Level)
				continue
			}
		} else {
			r.kind, _ = kindOfName(r.Name, r.Tier)
		}
		if other := g.byCode[r.Code]; r.Code != "" && other != nil {
			if nameKey(other.Name) != nameKey(r.Name) {
				g.p.say(NoteProblem, "", r.Line, "org.note.two-names", r.Code, other.Name, r.Name)
			}
			continue
		}
		if r.Code != "" {
			g.byCode[r.Code] = r
		}
		g.rows = append(g.rows, r)
		g.tiers[r.Tier] = true
	}
}

func (g *listing) readMapping() {
	for i := range g.l.Mapping {
		m := &g.l.Mapping[i]
		ref, tier := m.old()
		old, ok := g.index.find(tier, ref, "")
		if !ok {
			continue
		}
		to, _ := m.new()
		g.become[old] = append(g.become[old], m)
		g.origin[to.Code] = append(g.origin[to.Code], old)
	}
}

func (g *listing) ofTier(t Tier) (rows []*listed) {
	for _, r := range g.rows {
		if r.Tier == t {
			rows = append(rows, r)
		}
	}
	return rows
}

// hang finds the unit above a row: one of the list, else one that is there.
func (g *listing) hang(r *listed) {
	if r.ParentCode == "" {
		return
	}
	if above := g.byCode[r.ParentCode]; above != nil && above != r {
		if above.id == "" {
			g.p.say(NoteProblem, "", r.Line, "org.note.parent-below", r.Name, above.Name)
			return
		}
		r.parent = above.id
		return
	}
	for _, id := range g.index.byCode[r.ParentCode] {
		if u, _ := g.t.Unit(id); u.Tier.rank() < r.Tier.rank() || r.Tier == Agency {
			r.parent = id
			return
		}
	}
	g.p.say(NoteProblem, "", r.Line, "org.note.no-parent", r.Name, r.ParentCode)
}

func (g *listing) take(r *listed, u UnitID) { r.id, g.taken[u] = u, r }

// takeSure takes the unit with the same code and the same name, marks and all, or
// the same name but for the kind.
func (g *listing) takeSure(r *listed) {
	u, ok := g.withCode(r)
	if ok && sameBare(g.t.Name(u), r.Name) && g.mapped(u, r) != no {
		g.take(r, u)
	}
}

// withCode is the free unit of the row's tier that bears its code.
func (g *listing) withCode(r *listed) (UnitID, bool) {
	if r.Code == "" {
		return "", false
	}
	for _, id := range g.index.byCode[r.Code] {
		if u, _ := g.t.Unit(id); u.Tier == r.Tier && g.taken[id] == nil {
			return id, true
		}
	}
	return "", false
}

// takeByName takes the unit of the same full name below the same parent when its
// code is no other row's: it got another code.
func (g *listing) takeByName(r *listed) {
	if _, ok := g.withCode(r); ok || g.l.Answers["row:"+r.Code] != "" {
		return
	}
	u, ok := g.named(r)
	if ok && nameKey(g.t.Name(u)) == nameKey(r.Name) && g.mapped(u, r) != no {
		g.take(r, u)
	}
}

// named is the free unit of the row's tier and name below the row's parent, whose
// code no row of that name bears.
func (g *listing) named(r *listed) (UnitID, bool) {
	var found []UnitID
	for _, id := range g.index.byName[bareKey(r.Name)] {
		u, _ := g.t.Unit(id)
		if u.Tier == r.Tier && u.Parent == r.parent && g.taken[id] == nil && (u.Code == "" || !g.keeps(u)) {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// keeps says whether a row bears the unit's code and name.
func (g *listing) keeps(u Unit) bool {
	r := g.byCode[u.Code]
	return r != nil && r.Tier == u.Tier && sameBare(r.Name, u.Name)
}

type verdict int

const (
	unsaid verdict = iota
	yes
	no
)

// mapped asks the mapping whether the unit became the row's.
func (g *listing) mapped(u UnitID, r *listed) verdict {
	lines := g.become[u]
	if len(lines) == 0 || r.Code == "" {
		return unsaid
	}
	for _, m := range lines {
		if to, _ := m.new(); to.Code == r.Code && (g.l.Absorb || len(lines) == 1 && len(g.origin[r.Code]) == 1) {
			return yes
		}
	}
	return no
}

// decide settles a row that no unit bears both code and name of.
func (g *listing) decide(r *listed) {
	x, hasX := g.withCode(r)
	y, hasY := g.named(r)
	if hasX && g.mapped(x, r) == no {
		hasX = false
	}
	if hasX && g.mapped(x, r) == yes {
		g.take(r, x)
		return
	}
	if from := g.origin[r.Code]; len(from) == 1 && len(g.become[from[0]]) == 1 && g.taken[from[0]] == nil {
		if u, _ := g.t.Unit(from[0]); u.Tier == r.Tier {
			g.take(r, from[0])
			return
		}
	}
	if (!hasX && !hasY) || len(g.origin[r.Code]) > 0 {
		g.begin(r)
		return
	}
	g.ask(r, x, hasX, y, hasY)
}

// ask lets people say which unit the row is: the one that bore its code, the one
// that bore its name, or a new one. Until they do, the code decides, unless the
// unit that bore it lay elsewhere.
func (g *listing) ask(r *listed, x UnitID, hasX bool, y UnitID, hasY bool) {
	n := Note{Kind: NoteDoubt, Line: r.Line, Ask: "row:" + cmp.Or(r.Code, r.Name)}
	var guess string
	if hasY {
		n.Options = append(n.Options, option("same:"+string(y), "org.ask.same-name", g.t.Name(y)))
		guess = "same:" + string(y)
	}
	if hasX {
		n.Options = append(n.Options, option("same:"+string(x), "org.ask.renamed", g.t.Name(x), r.Name))
		if u, _ := g.t.Unit(x); u.Parent == r.parent {
			guess = "same:" + string(x)
		}
	}
	n.Options = append(n.Options, option("new", "org.ask.new", r.Name))
	n.Answer = cmp.Or(g.l.Answers[n.Ask], guess, "new")
	n.Text = textOf("org.note.doubt", r.Name, codeText(r.Code))
	if hasX {
		n.Text = textOf("org.note.doubt-code", r.Code, g.t.Name(x), r.Name)
	}
	g.p.note(n)
	switch n.Answer {
	case "same:" + string(x):
		g.take(r, x)
	case "same:" + string(y):
		g.take(r, y)
	default:
		g.begin(r)
	}
}

func (g *listing) begin(r *listed) {
	r.id, r.isNew = g.newID(), true
	g.names[r.id] = r.Name
}
