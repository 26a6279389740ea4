package measure

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
)

const recordsShown = 50 // on a page of records

// query reads what is asked for from an address; without a unit it is the
// reader's own.
func (m *Measure) query(r *http.Request) (Query, error) {
	v := r.URL.Query()
	q := Query{Unit: org.UnitID(v.Get("unit")), Rows: Rows(v.Get("rows")), Tier: org.Tier(v.Get("tier")), Category: org.Category(v.Get("category")),
		Topic: v.Get("topic"), AsItWas: v.Get("view") == "was"}
	if !slices.Contains(AllRows, q.Rows) {
		q.Rows = ByUnit
	}
	if !slices.Contains(tiers, q.Tier) {
		q.Tier = ""
	}
	if q.Unit == "" {
		q.Unit = m.own(r.Context())
	}
	var f errs.Form
	var err error
	q.From, err = ui.DateValue(v.Get("from"))
	f.Need(err == nil, "from", "measure.bad-date")
	q.To, err = ui.DateValue(v.Get("to"))
	f.Need(err == nil, "to", "measure.bad-date")
	f.Need(q.From == 0 || q.To == 0 || q.From <= q.To, "to", "measure.bad-span")
	return q, f.Err()
}

// own is the highest unit whose results the reader may see.
func (m *Measure) own(ctx context.Context) org.UnitID {
	s, t := access.In(ctx, ReadResults), m.orgs.Now(ctx)
	if s.All() {
		return first(t.Roots())
	}
	tops := slices.Clone(s.Tops())
	slices.SortStableFunc(tops, func(a, b org.UnitID) int { return t.Depth(a) - t.Depth(b) })
	for _, u := range tops {
		if t.Has(u) {
			return u
		}
	}
	return first(tops)
}

func first(ids []org.UnitID) org.UnitID {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// values is the address of q, with pairs of other values put in.
func (q Query) values(pairs ...string) url.Values {
	v := url.Values{"unit": {string(q.Unit)}, "rows": {string(q.Rows)}}
	set := func(k, s string) {
		if s != "" {
			v.Set(k, s)
		}
	}
	set("tier", string(q.Tier))
	set("category", string(q.Category))
	set("topic", q.Topic)
	set("from", q.From.String())
	set("to", q.To.String())
	if q.AsItWas {
		v.Set("view", "was")
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func (q Query) href(path string, pairs ...string) string {
	return path + "?" + q.values(pairs...).Encode()
}

func (m *Measure) showResults(w http.ResponseWriter, r *http.Request) error {
	q, err := m.query(r)
	refused := errs.Of(err)
	if err != nil { // show all days, and say what was wrong with the dates
		q.From, q.To = 0, 0
	} else {
		refused = nil
	}
	res, err := m.Results(r.Context(), q)
	if err != nil {
		return err
	}
	topics, err := m.topicOptions(r.Context(), q)
	if err != nil {
		return err
	}
	view := resultView{Result: m.shown(res), filter: filter{q, topics, refused, r.URL.Query()}}
	if len(res.Rows) == 0 {
		if view.Why, err = m.Why(r.Context(), q); err != nil {
			return err
		}
	}
	p := ui.Page{Title: i18n.T("measure.title", res.Unit.Name), Lead: i18n.T("measure.lead", i18n.Date(r.Context(), res.At)),
		Crumbs: m.crumbs(r.Context(), q), Wide: true, Body: resultsPage(view),
		Actions: []ui.Act{
			{Text: i18n.T("measure.xlsx"), Href: q.href("/results/file", "as", "xlsx"), Icon: "download", Download: true},
			{Text: i18n.T("measure.csv"), Href: q.href("/results/file", "as", "csv"), Icon: "download", Download: true},
			{Text: i18n.T("measure.pdf"), Href: q.href("/results/file", "as", "pdf"), Icon: "download", Download: true},
		}}
	return ui.Show(w, r, http.StatusOK, p)
}

// resultView is what the page of results shows.
type resultView struct {
	Result
	filter
	Why []Hint // of an empty result
}

// more says whether the form's further conditions are in use, so that they show.
func (v resultView) more() bool {
	return v.refused != nil || v.q.Category != "" || v.q.From != 0 || v.q.To != 0 || v.q.AsItWas
}

// filter is what the form above the table shows.
type filter struct {
	q       Query
	topics  []ui.Option
	refused *errs.Error
	typed   url.Values
}

func (f filter) date(name string, d clock.Date) string {
	if f.refused != nil {
		return f.typed.Get(name)
	}
	return d.String()
}

// shown leaves out the measures that count nothing here.
func (m *Measure) shown(r Result) Result {
	var keep []int
	for i, c := range r.Total.Cells {
		if c.N != 0 {
			keep = append(keep, i)
		}
	}
	pick := func(cells []Figure) (out []Figure) {
		for _, i := range keep {
			out = append(out, cells[i])
		}
		return out
	}
	measures := r.Measures
	r.Measures = nil
	for _, i := range keep {
		r.Measures = append(r.Measures, measures[i])
	}
	r.Total.Cells = pick(r.Total.Cells)
	for i := range r.Rows {
		r.Rows[i].Cells = pick(r.Rows[i].Cells)
	}
	return r
}

// topicOptions lists the topics in which something is counted below the unit.
func (m *Measure) topicOptions(ctx context.Context, q Query) ([]ui.Option, error) {
	all := Query{Unit: q.Unit, AsItWas: q.AsItWas}
	g, err := m.grouping(ctx, all)
	if err != nil {
		return nil, err
	}
	keys := []string{}
	for _, s := range m.stores {
		keys = append(keys, s.Topics(g.query(all, false))...)
	}
	if q.Topic != "" {
		keys = append(keys, q.Topic)
	}
	slices.Sort(keys)
	names, err := m.topicNames(ctx, slices.Compact(keys))
	opts := []ui.Option{{Text: i18n.T("measure.all-topics")}}
	for _, key := range slices.Compact(keys) {
		if names[key] != "" {
			opts = append(opts, ui.Option{Value: key, Text: ui.Plain(names[key])})
		}
	}
	return opts, err
}

// crumbs is the way down to the unit, as far as the reader may go up.
func (m *Measure) crumbs(ctx context.Context, q Query) (out []ui.Crumb) {
	t := m.orgs.Now(ctx)
	for _, up := range slices.Backward(t.Ancestors(q.Unit)) {
		if access.Allowed(ctx, ReadResults, up) {
			out = append(out, ui.Crumb{Text: ui.Plain(t.Name(up)), Href: q.href("/results", "unit", string(up))})
		}
	}
	return out
}

func (m *Measure) showRecords(w http.ResponseWriter, r *http.Request) error {
	q, err := m.query(r)
	if err != nil {
		return err
	}
	v := r.URL.Query()
	page := ui.PageAt(v)
	records, total, err := m.Behind(r.Context(), q, v.Get("measure"), v.Get("row"), (page-1)*recordsShown, recordsShown)
	if err != nil {
		return err
	}
	all := m.measures()
	i := slices.IndexFunc(all, func(x module.Measure) bool { return x.Key == v.Get("measure") })
	unit, _ := m.orgs.Now(r.Context()).Unit(q.Unit)
	p := ui.Page{Title: all[i].Text, Lead: i18n.T("measure.records-lead", total, unit.Name),
		Crumbs: []ui.Crumb{{Text: i18n.T("measure.menu"), Href: q.href("/results")}},
		Body:   recordsPage(records, ui.Pages{At: page, Size: recordsShown, Total: total, Path: "/results/records", Query: v})}
	return ui.Show(w, r, http.StatusOK, p)
}
