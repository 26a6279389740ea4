package measure

import (
	"context"

	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
)

const bars = 30 // more are not told apart by the eye

// chart compares the rows of a result: how many of those in a course completed it,
// where both are counted; else the first measure alone.
func chart(r Result) ui.Chart {
	i, base := r.step(module.Completed), r.step(module.Enrolled)
	c := ui.Chart{ID: "results", Series: []ui.Series{{}}}
	if i < 0 || base < 0 {
		i, base = 0, -1
	}
	c.Title, c.Unit = r.Measures[i].Text, r.Measures[i].Unit
	if base >= 0 {
		c.Title = i18n.T("measure.chart.completed")
	}
	for n, row := range r.Rows {
		if n == bars {
			break
		}
		c.Labels = append(c.Labels, row.Name)
		c.Hrefs = append(c.Hrefs, r.lead(row))
		c.Series[0].Values = append(c.Series[0].Values, row.Cells[i].N)
		c.Series[0].Hrefs = append(c.Series[0].Hrefs, r.records(i, row))
		if base >= 0 {
			c.Base = append(c.Base, row.Cells[base].N)
		}
	}
	return c
}

const linesMax = 6 // colours that are told apart; the table above has all measures

// trend draws a result by month: a line for each measure of attendances or persons,
// but not for what is planned.
func trend(ctx context.Context, r Result) ui.Chart {
	c := ui.Chart{ID: "results", Title: i18n.T("measure.chart.trend"), Unit: i18n.T("measure.times")}
	rows := r.everyMonth(ctx)
	for _, row := range rows {
		c.Labels = append(c.Labels, row.Name)
	}
	for i, m := range r.Measures {
		if m.Step <= module.Planned || len(c.Series) == linesMax {
			continue
		}
		s := ui.Series{Name: m.Text}
		for _, row := range rows {
			s.Values = append(s.Values, row.Cells[i].N)
			s.Hrefs = append(s.Hrefs, r.records(i, row))
		}
		c.Series = append(c.Series, s)
	}
	return c
}

const gapMax = 6 // months without figures that are drawn one by one

// everyMonth is the rows of a result by month with those in between in which nothing
// was counted, so that equal steps are equal times; a long gap is one step marked
// as such.
func (r Result) everyMonth(ctx context.Context) (rows []Row) {
	for _, row := range r.Rows {
		if len(rows) > 0 {
			gap := monthsBetween(rows[len(rows)-1].Key, row.Key)
			if len(gap) > gapMax {
				gap = []string{i18n.S(ctx, "measure.gap")}
			}
			for _, name := range gap {
				rows = append(rows, Row{Name: name, Cells: make([]Figure, len(r.Measures))})
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// monthsBetween names the months after one and before another.
func monthsBetween(after, before string) (names []string) {
	if from, _ := monthDays(after); from == 0 {
		return nil
	}
	for _, to := monthDays(after); month(to) < before; _, to = monthDays(month(to)) {
		names = append(names, to.Viet()[3:])
	}
	return names
}

// step is the column of a step on the way; -1 where it is not counted here.
func (r Result) step(s module.Step) int {
	for i, m := range r.Measures {
		if m.Step == s {
			return i
		}
	}
	return -1
}

// of is the figure of a step in a row; zero where it is not counted.
func (r Result) of(row Row, s module.Step) Figure {
	if i := r.step(s); i >= 0 {
		return row.Cells[i]
	}
	return Figure{}
}

// records is where the records behind a figure stand; "" behind a zero.
func (r Result) records(i int, row Row) string {
	if row.Cells[i].N == 0 {
		return ""
	}
	return r.Query.href("/results/records", "measure", r.Measures[i].Key, "row", row.Key)
}

// lead is the result one step further down a row; "" when there is none.
func (r Result) lead(row Row) string {
	if row.Unit == "" {
		return ""
	}
	return r.Query.href("/results", "unit", string(row.Unit))
}

// caption is the table's, with what it is narrowed to.
func (r Result) caption(ctx context.Context) i18n.Text {
	text := i18n.S(ctx, "measure.caption."+string(r.Query.Rows))
	if r.Query.Tier != "" {
		text += ", " + tierName(ctx, string(r.Query.Tier))
	}
	if r.Query.Category != "" {
		text += ", " + categoryName(ctx, string(r.Query.Category))
	}
	return ui.Plain(text)
}
