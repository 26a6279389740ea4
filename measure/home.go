package measure

import (
	"cmp"
	"context"
	"slices"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const slowest = 5 // units shown as lagging

// officeView is the whole of a province on the first page of its office.
type officeView struct {
	Topics             Result
	Slow, SlowCommunes ui.Chart
	Missing            int       // units with people planned for and nobody registered
	Newest, Looked     time.Time // of the facts
}

func (v officeView) newest(ctx context.Context) string {
	if v.Newest.IsZero() {
		return ""
	}
	return i18n.S(ctx, "measure.home.newest", i18n.DateTime(ctx, v.Newest))
}

// officeCard shows results by topic, the units that lag behind, and how fresh the
// figures are.
func (m *Measure) officeCard(ctx context.Context) (web.Component, error) {
	top := m.own(ctx)
	if top == "" {
		return nil, nil
	}
	var v officeView
	res, err := m.Results(ctx, Query{Unit: top, Rows: ByTopic})
	if err != nil {
		return nil, err
	}
	v.Topics = m.shown(res)
	units, err := m.Results(ctx, Query{Unit: top, Rows: ByUnit})
	if err != nil {
		return nil, err
	}
	v.Slow = m.slow(ctx, units, i18n.T("measure.slow.units"), "slow")
	v.Missing = missing(units)
	if u, ok := m.orgs.Now(ctx).Unit(top); ok && u.Tier == org.Province {
		communes, err := m.Results(ctx, Query{Unit: top, Rows: ByCommune, Tier: org.Commune})
		if err != nil {
			return nil, err
		}
		v.SlowCommunes = m.slow(ctx, communes, i18n.T("measure.slow.communes"), "slow-communes")
	}
	v.Newest, v.Looked = m.fresh()
	return officeBody(v), nil
}

// fresh is when the newest of all facts was changed, and since when all have been
// looked for.
func (m *Measure) fresh() (newest, looked time.Time) {
	for i, s := range m.stores {
		n, l := s.Newest()
		if n.After(newest) {
			newest = n
		}
		if i == 0 || l.Before(looked) {
			looked = l
		}
	}
	return newest, looked
}

// share is the part of those in a course who completed it.
type share struct {
	row        Row
	done, base int64
}

// behind says whether a has the smaller share; of equal ones the larger unit comes first.
func behind(a, b share) int {
	return cmp.Or(cmp.Compare(a.done*b.base, b.done*a.base), cmp.Compare(b.base, a.base), cmp.Compare(a.row.Name, b.row.Name))
}

// shares lists the rows in which somebody is in a course, the slowest first.
func shares(r Result) (list []share) {
	for _, row := range r.Rows {
		s := share{row, r.of(row, module.Completed).N, r.of(row, module.Enrolled).N}
		if s.base > 0 {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, behind)
	return list
}

// slow draws the units in which the smallest part of those in a course completed
// it; each leads to its people, where the house can ask them to go on.
func (m *Measure) slow(ctx context.Context, r Result, title i18n.Text, id string) ui.Chart {
	c := ui.Chart{Title: title, ID: id, Unit: i18n.T("measure.times"), Series: []ui.Series{{}}}
	list := shares(r)
	if len(list) < 2 {
		return c
	}
	for _, s := range list[:min(slowest, len(list))] {
		c.Labels = append(c.Labels, s.row.Name)
		c.Hrefs = append(c.Hrefs, m.ask(ctx, r.Query, org.UnitID(s.row.Key)))
		c.Base = append(c.Base, s.base)
		c.Series[0].Values = append(c.Series[0].Values, s.done)
		c.Series[0].Hrefs = append(c.Series[0].Hrefs, r.records(r.step(module.Enrolled), s.row))
	}
	return c
}

// ask is where people of a unit are asked to go on, else its results.
func (m *Measure) ask(ctx context.Context, q Query, unit org.UnitID) string {
	if m.opt.Ask != nil && m.orgs.Now(ctx).Has(unit) {
		if href := m.opt.Ask(ctx, unit); href != "" {
			return href
		}
	}
	return Query{Unit: unit, Rows: ByTopic, AsItWas: q.AsItWas}.href("/results")
}

// missing counts the rows with seats planned and nobody registered.
func missing(r Result) (n int) {
	for _, row := range r.Rows {
		if r.of(row, module.Planned).N > 0 && r.of(row, module.Enrolled).N+r.of(row, module.Registered).N == 0 {
			n++
		}
	}
	return n
}

// headView compares a unit with its neighbours and with the month before.
type headView struct {
	Unit           org.Unit
	Parent         string
	Own, All       share // of the unit; of all units of its tier under the same parent
	Rank, Of       int   // from the best; a rank names its universe
	This, Last     int64 // completed this month and last
	Latest         string
	LatestN        int64
	OwnHref, Month string
}

// headCard compares the units that the actor heads with their neighbours. Of these
// it shows sums alone.
func (m *Measure) headCard(ctx context.Context) (web.Component, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return nil, nil
	}
	var views []headView
	for _, g := range who.Grants {
		u, lives := m.orgs.Now(ctx).Unit(g.Unit)
		if g.Role != module.Head || !lives || slices.ContainsFunc(views, func(v headView) bool { return v.Unit.ID == u.ID }) {
			continue
		}
		v, err := m.compare(ctx, u)
		if err != nil {
			return nil, err
		}
		if v.Own.base > 0 {
			views = append(views, v)
		}
	}
	if len(views) == 0 {
		return nil, nil
	}
	return headBody(views), nil
}

func (m *Measure) compare(ctx context.Context, u org.Unit) (headView, error) {
	v := headView{Unit: u, Parent: m.orgs.Now(ctx).Name(u.Parent)}
	own, err := m.Results(ctx, Query{Unit: u.ID, Rows: ByMonth})
	if err != nil {
		return v, err
	}
	v.Own = share{own.Total, own.of(own.Total, module.Completed).N, own.of(own.Total, module.Enrolled).N}
	if i := own.step(module.Enrolled); i >= 0 {
		v.OwnHref = own.records(i, own.Total)
	}
	v.when(ctx, own)
	if u.Parent == "" {
		return v, nil
	}
	// Sums of the neighbours are no one's records: the house adds them up.
	all, err := m.Results(access.System(ctx), Query{Unit: u.Parent, Rows: ByUnit, Tier: u.Tier})
	if err != nil {
		return v, err
	}
	list := shares(all)
	for i, s := range list {
		v.All.done, v.All.base = v.All.done+s.done, v.All.base+s.base
		if s.row.Key == string(u.ID) {
			v.Rank, v.Of = rank(list, i), len(list)
		}
	}
	return v, nil
}

// rank is the place of list[i] from the best, in competition ranking: equals share
// a place (15, 15, 17).
func rank(list []share, i int) int {
	n := 1
	for _, s := range list {
		if s.done*list[i].base > list[i].done*s.base {
			n++
		}
	}
	return n
}

// when takes the months from the results of a unit by month.
func (v *headView) when(ctx context.Context, r Result) {
	y, mo, _ := clock.Today(ctx).YMD()
	this, last := month(clock.NewDate(y, mo, 1)), month(clock.NewDate(y, mo, 1)-1)
	for _, row := range r.Rows {
		n := r.of(row, module.Completed).N
		switch {
		case row.Key == this:
			v.This = n
		case row.Key == last:
			v.Last = n
		}
		if n > 0 {
			v.Latest, v.LatestN = row.Name, n
		}
	}
}

func (v headView) months(ctx context.Context) string {
	switch {
	case v.This+v.Last > 0:
		return i18n.S(ctx, "measure.compare.months", v.This, v.Last)
	case v.Latest != "":
		return i18n.S(ctx, "measure.compare.latest", v.Latest, v.LatestN)
	}
	return i18n.S(ctx, "measure.compare.never")
}

func (v headView) chart(ctx context.Context) ui.Chart {
	c := ui.Chart{Title: i18n.T("measure.chart.completed"), Unit: i18n.T("measure.times"), ID: "compare",
		Labels: []string{v.Unit.Name}, Base: []int64{v.Own.base}, Series: []ui.Series{{Values: []int64{v.Own.done}, Hrefs: []string{v.OwnHref}}}}
	if v.All.base > 0 && v.Of > 1 {
		c.Labels = append(c.Labels, i18n.S(ctx, "measure.compare.all", v.Parent, v.Of))
		c.Base = append(c.Base, v.All.base)
		c.Series[0].Values = append(c.Series[0].Values, v.All.done)
	}
	return c
}
