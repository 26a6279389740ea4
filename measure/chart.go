package measure

import (
	"lotrinh/platform/ui"
)

const bars = 30 // more are not told apart by the eye

// chart draws the first measure of a result, row by row.
func chart(r Result) ui.Chart {
	c := ui.Chart{Title: r.Measures[0].Text, Unit: r.Measures[0].Unit, Series: []ui.Series{{}}, ID: "results"}
	for i, row := range r.Rows {
		if i == bars {
			break
		}
		c.Labels = append(c.Labels, row.Name)
		c.Series[0].Values = append(c.Series[0].Values, row.Cells[0].N)
		c.Series[0].Hrefs = append(c.Series[0].Hrefs, r.Query.href("/results/records", "measure", r.Measures[0].Key, "row", row.Key))
	}
	return c
}
