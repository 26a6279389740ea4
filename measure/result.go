package measure

import (
	"cmp"
	"context"
	"slices"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/fact"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

// Rows says what the rows of a result are.
type Rows string

// What rows can be.
const (
	ByUnit     Rows = "unit" // the units right under the one asked for
	ByCommune  Rows = "commune"
	ByTier     Rows = "tier"
	ByCategory Rows = "category"
	ByTopic    Rows = "topic"
	ByMonth    Rows = "month"
)

// AllRows lists them.
var AllRows = []Rows{ByUnit, ByCommune, ByTier, ByCategory, ByTopic, ByMonth}

// Query asks for results.
type Query struct {
	Unit     org.UnitID // and all below it
	Rows     Rows
	Tier     org.Tier     // "" all; an agency counts in the tier of the authority that it serves
	Category org.Category // "" all
	Topic    string       // "" all
	From, To clock.Date   // days from From to To, both counted; zero = open
	AsItWas  bool         // units as they were; else counted for those of today
}

// Result is a table of figures.
type Result struct {
	Query    Query
	Unit     org.Unit // asked for
	Measures []module.Measure
	Rows     []Row
	Total    Row // persons are counted once, so it may be less than the sum of rows
	At       clock.Date
}

// Row is a line of figures, one for each measure of the result.
type Row struct {
	Key   string // unit, category, topic or month; "" for the total
	Name  string
	Unit  org.UnitID // rows of units lead on to this one; "" = no further
	Cells []Figure
}

// Figure is a count of attendances (lượt) and of the persons (người) among them.
type Figure struct{ N, Persons int64 }

// Results adds up what the reader may see.
func (m *Measure) Results(ctx context.Context, q Query) (Result, error) {
	g, err := m.grouping(ctx, q)
	if err != nil {
		return Result{}, err
	}
	if err := m.refresh(ctx); err != nil {
		return Result{}, err
	}
	r := Result{Query: q, Unit: g.unit, Measures: m.measures(), At: clock.Today(ctx)}
	r.Total = Row{Cells: make([]Figure, len(r.Measures))}
	r.add(m.stores, g)
	return r, m.name(ctx, &r, g)
}

// add fills a result from the stores.
func (r *Result) add(stores []*fact.Store, g *grouping) {
	q, rows := r.Query, map[string]*Row{}
	for _, s := range stores {
		cells, totals := s.SumTotal(g.query(q, true))
		for _, c := range cells {
			row := rows[keyOf(c, q.Rows)]
			if row == nil {
				row = &Row{Key: keyOf(c, q.Rows), Cells: make([]Figure, len(r.Measures))}
				rows[row.Key] = row
			}
			row.Cells[r.index(c.Measure)] = Figure{c.N, c.Persons}
		}
		for _, c := range totals {
			r.Total.Cells[r.index(c.Measure)] = Figure{c.N, c.Persons}
		}
	}
	for _, row := range rows {
		r.Rows = append(r.Rows, *row)
	}
}

func (r Result) index(measure string) int {
	return slices.IndexFunc(r.Measures, func(m module.Measure) bool { return m.Key == measure })
}

func keyOf(c fact.Cell, rows Rows) string {
	switch rows {
	case ByCategory:
		return c.Category
	case ByTopic:
		return c.Topic
	case ByMonth:
		return c.Period
	}
	return c.Group
}

// Behind lists the records behind a figure: those of a measure in a row ("" =
// in all rows) that the reader may see, at most limit from offset on, and how
// many records the figure counts.
func (m *Measure) Behind(ctx context.Context, q Query, measure, row string, offset, limit int) ([]module.Record, int, error) {
	g, err := m.grouping(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	s := m.storeOf(measure)
	if s == nil {
		return nil, 0, errs.New(errs.NotFound, "error.not-found")
	}
	if err := m.refresh(ctx); err != nil {
		return nil, 0, err
	}
	ids, total := s.Records(g.narrowed(q, measure, row), offset, limit)
	records, err := s.Source().Records(ctx, ids)
	return records, total, err
}

// grouping says for every unit in which row it counts.
type grouping struct {
	m     *Measure
	unit  org.Unit
	now   *org.Tree
	tree  *org.Tree // in which rows are named
	scope access.Scope
	rows  Rows
	tier  org.Tier
	was   bool
	until clock.Date
	ctx   context.Context
	known map[string]placed // what group said of a unit
}

// placed is the row in which the facts of a unit count.
type placed struct {
	row string
	ok  bool
}

func (m *Measure) grouping(ctx context.Context, q Query) (*grouping, error) {
	if err := access.Check(ctx, ReadResults, q.Unit); err != nil {
		return nil, err
	}
	g := &grouping{m: m, now: m.orgs.Now(ctx), rows: q.Rows, tier: q.Tier, was: q.AsItWas, known: map[string]placed{}, until: clock.Today(ctx), scope: access.In(ctx, ReadResults), ctx: ctx}
	if q.To != 0 {
		g.until = min(q.To, g.until)
	}
	g.tree = g.now
	if g.was {
		g.tree = m.orgs.On(ctx, g.until)
	}
	var ok bool
	if g.unit, ok = g.tree.Unit(q.Unit); ok {
		return g, nil
	}
	g.tree, g.unit, ok = g.lastTree(q.Unit)
	if !ok {
		return nil, errs.New(errs.NotFound, "org.unit.none")
	}
	return g, nil
}

// lastTree is the tree of the last day of a unit that has ended.
func (g *grouping) lastTree(id org.UnitID) (*org.Tree, org.Unit, bool) {
	_, to, ok := g.m.orgs.Lifetime(id)
	if !ok || to == 0 {
		return nil, org.Unit{}, false
	}
	t := g.m.orgs.On(g.ctx, to-1)
	u, ok := t.Unit(id)
	return t, u, ok
}

// place is where the facts of a unit count: the unit itself in a tree that has
// it, or as now in the unit that took most of it; where nobody took it, in the unit
// above.
func (g *grouping) place(id org.UnitID) (*org.Tree, org.UnitID, bool) {
	if g.was {
		if g.tree.Has(id) {
			return g.tree, id, true
		}
		t, _, ok := g.lastTree(id)
		return t, id, ok
	}
	for range depthMax {
		if g.now.Has(id) {
			return g.now, id, true
		}
		if main := g.m.orgs.Main(id); main != id {
			id = main
			continue
		}
		_, u, ok := g.lastTree(id)
		if !ok || u.Parent == "" {
			break
		}
		id = u.Parent
	}
	return nil, "", false
}

const depthMax = 16 // steps to a living unit: successors and parents of successors

// group is the row of a unit's facts; ok is false when they are not asked for or
// not for this reader.
func (g *grouping) group(unit string) (row string, ok bool) {
	p, met := g.known[unit]
	if !met {
		p.row, p.ok = g.groupOf(org.UnitID(unit))
		g.known[unit] = p
	}
	return p.row, p.ok
}

func (g *grouping) groupOf(id org.UnitID) (row string, ok bool) {
	t, at, ok := g.place(id)
	if !ok || !t.Within(at, g.unit.ID) || !g.may(id) {
		return "", false
	}
	tier := tierOf(t, at)
	if g.tier != "" && tier != g.tier {
		return "", false
	}
	if g.rows == ByTier {
		return string(tier), true
	}
	if g.rows == ByCommune {
		if c, ok := t.Up(at, org.Commune); ok {
			return string(c), true
		}
		return string(at), true
	}
	if at == g.unit.ID {
		return string(at), true
	}
	up := append([]org.UnitID{at}, t.Ancestors(at)...)
	return string(up[slices.Index(up, g.unit.ID)-1]), true
}

// tierOf is the tier of the authority that a unit is or serves: a department of the
// province is of the province's tier.
func tierOf(t *org.Tree, id org.UnitID) org.Tier {
	for _, up := range append([]org.UnitID{id}, t.Ancestors(id)...) {
		if u, _ := t.Unit(up); slices.Contains(tiers, u.Tier) {
			return u.Tier
		}
	}
	return ""
}

// tiers are those that results are told by.
var tiers = []org.Tier{org.Province, org.District, org.Commune, org.Village}

func (g *grouping) may(id org.UnitID) bool {
	if g.scope.All() {
		return true
	}
	return slices.ContainsFunc(g.scope.Tops(), func(top org.UnitID) bool { return g.m.orgs.Covers(top, id) })
}

func (g *grouping) query(q Query, broken bool) fact.Query {
	f := fact.Query{By: []fact.Dim{fact.ByMeasure}, Group: g.group, Period: month, From: q.From}
	if q.To != 0 {
		f.To = q.To + 1
	}
	if q.Category != "" {
		f.Categories = []string{string(q.Category)}
	}
	if q.Topic != "" {
		f.Topics = []string{q.Topic}
	}
	if broken {
		f.By = append(f.By, dims[q.Rows])
	}
	return f
}

var dims = map[Rows]fact.Dim{ByUnit: fact.ByGroup, ByCommune: fact.ByGroup, ByTier: fact.ByGroup, ByCategory: fact.ByCategory, ByTopic: fact.ByTopic, ByMonth: fact.ByPeriod}

// narrowed is the query of one figure.
func (g *grouping) narrowed(q Query, measure, row string) fact.Query {
	f := g.query(q, false)
	f.Measures = []string{measure}
	if row == "" {
		return f
	}
	switch q.Rows {
	case ByCategory:
		f.Categories = []string{row}
	case ByTopic:
		f.Topics = []string{row}
	case ByMonth:
		from, to := monthDays(row)
		f.From, f.To = max(f.From, from), to
		if q.To != 0 {
			f.To = min(to, q.To+1)
		}
	default:
		f.Group = func(unit string) (string, bool) {
			r, ok := g.group(unit)
			return r, ok && r == row
		}
	}
	return f
}

func month(d clock.Date) string { return d.String()[:7] }

// monthDays is the first day of a month "2022-05" and the first of the next.
func monthDays(s string) (from, to clock.Date) {
	from, err := clock.ParseDate(s + "-01")
	if err != nil {
		return 0, 1
	}
	y, mo, _ := from.YMD()
	return from, clock.NewDate(y, mo+1, 1)
}

// name puts names to the rows and orders them.
func (m *Measure) name(ctx context.Context, r *Result, g *grouping) error {
	topics, err := m.topics(ctx, r)
	if err != nil {
		return err
	}
	order := map[string]int{} // of units and tiers; units that ended come after the others
	for i, tier := range tiers {
		order[string(tier)] = i - len(tiers)
	}
	for i, u := range g.tree.Subtree(g.unit.ID) {
		order[string(u.ID)] = i - g.tree.Len()
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		switch r.Query.Rows {
		case ByCategory:
			row.Name = categoryName(ctx, row.Key)
		case ByTopic:
			row.Name = cmp.Or(topics[row.Key], i18n.S(ctx, "measure.no-topic"))
		case ByTier:
			row.Name = tierName(ctx, row.Key)
		case ByMonth:
			from, _ := monthDays(row.Key)
			row.Name = from.Viet()[3:]
		default:
			g.nameUnit(ctx, row)
		}
	}
	slices.SortFunc(r.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(order[a.Key], order[b.Key]), cmp.Compare(a.Key, b.Key))
	})
	return nil
}

func categoryName(ctx context.Context, key string) string {
	if key == "" {
		return i18n.S(ctx, "measure.no-category")
	}
	return i18n.S(ctx, "org.category."+key)
}

func tierName(ctx context.Context, key string) string {
	if key == "" {
		return i18n.S(ctx, "measure.no-tier")
	}
	return i18n.S(ctx, "org.tier."+key)
}

func (g *grouping) nameUnit(ctx context.Context, row *Row) {
	id := org.UnitID(row.Key)
	t, at, ok := g.place(id)
	if !ok {
		row.Name = row.Key
		return
	}
	row.Name = t.Name(at)
	if id == g.unit.ID {
		row.Name = i18n.S(ctx, "measure.unit-itself", row.Name)
		return
	}
	if len(t.Children(at)) > 0 {
		row.Unit = id
	}
}

func (m *Measure) topics(ctx context.Context, r *Result) (map[string]string, error) {
	names := map[string]string{}
	if r.Query.Rows != ByTopic {
		return names, nil
	}
	keys := make([]string, len(r.Rows))
	for i, row := range r.Rows {
		keys[i] = row.Key
	}
	return m.topicNames(ctx, keys)
}

func (m *Measure) topicNames(ctx context.Context, keys []string) (map[string]string, error) {
	names := map[string]string{}
	for _, s := range m.stores {
		if s.Source().Topics == nil {
			continue
		}
		more, err := s.Source().Topics(ctx, keys)
		if err != nil {
			return nil, err
		}
		for k, v := range more {
			names[k] = v
		}
	}
	return names, nil
}
