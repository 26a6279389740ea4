package measure

import (
	"context"

	"lotrinh/platform/i18n"
)

// Hint is a condition without which an empty result would not be empty.
type Hint struct {
	Text i18n.Text // which condition
	N    int64     // records that count without it
	Href string    // the result without it
}

// Why says which conditions make a result of q empty, each with the figures that
// there are without it; none when the unit has no records whatever the conditions.
// When no single one is the cause, it is all of them together.
func (m *Measure) Why(ctx context.Context, q Query) (hints []Hint, err error) {
	for _, c := range q.conditions() {
		n, err := m.count(ctx, c.without)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			hints = append(hints, Hint{c.text(ctx), n, c.without.href("/results")})
		}
	}
	if len(hints) > 0 {
		return hints, nil
	}
	bare := Query{Unit: q.Unit, Rows: q.Rows, AsItWas: q.AsItWas}
	n, err := m.count(ctx, bare)
	if n > 0 {
		hints = append(hints, Hint{i18n.T("measure.why.all"), n, bare.href("/results")})
	}
	return hints, err
}

// count is how many records count in a query, in all measures.
func (m *Measure) count(ctx context.Context, q Query) (n int64, err error) {
	g, err := m.grouping(ctx, q)
	if err != nil {
		return 0, err
	}
	for _, s := range m.stores {
		n += s.Count(g.query(q, false))
	}
	return n, nil
}

// condition is one filter of a query, and the query without it.
type condition struct {
	text    func(context.Context) i18n.Text
	without Query
}

func (q Query) conditions() (list []condition) {
	add := func(is bool, text func(context.Context) i18n.Text, drop func(*Query)) {
		if is {
			without := q
			drop(&without)
			list = append(list, condition{text, without})
		}
	}
	add(q.Tier != "", func(ctx context.Context) i18n.Text { return i18n.T("measure.why.tier", tierName(ctx, string(q.Tier))) }, func(q *Query) { q.Tier = "" })
	add(q.Category != "", func(ctx context.Context) i18n.Text {
		return i18n.T("measure.why.category", categoryName(ctx, string(q.Category)))
	}, func(q *Query) { q.Category = "" })
	add(q.Topic != "", func(context.Context) i18n.Text { return i18n.T("measure.why.topic") }, func(q *Query) { q.Topic = "" })
	add(q.From != 0 || q.To != 0, func(context.Context) i18n.Text { return i18n.T("measure.why.span") }, func(q *Query) { q.From, q.To = 0, 0 })
	return list
}
