package classroom

import (
	"context"
	"slices"
	"strings"

	"lotrinh/platform/i18n"
	"lotrinh/platform/pdf"
	"lotrinh/platform/sheet"
	"lotrinh/platform/ui"
)

// grid is a table of a report, for a page, a workbook and a paper alike.
type grid struct {
	Title i18n.Text
	cols  []col
	rows  [][]any  // string, int64 or share
	links []string // of the first cells; may be nil
	sum   bool     // the last row adds up the others
}

type col struct {
	key string
	num bool
}

// share is a part of a whole.
type share struct{ num, den int64 }

func texts(keys ...string) (cols []col) {
	for _, k := range keys {
		cols = append(cols, col{key: k})
	}
	return cols
}

func nums(keys ...string) (cols []col) {
	for _, k := range keys {
		cols = append(cols, col{key: k, num: true})
	}
	return cols
}

// cell writes a value for people to read.
func cell(ctx context.Context, v any) string {
	switch v := v.(type) {
	case int64:
		return i18n.Number(ctx, v)
	case share:
		return i18n.Percent(ctx, v.num, v.den)
	case string:
		return v
	}
	return ""
}

// uiRows is the grid for ui.Rows: a share shows its base.
func (g grid) uiRows(ctx context.Context) (rows [][]ui.Cell) {
	for i, r := range g.rows {
		row := make([]ui.Cell, len(r))
		for j, v := range r {
			row[j] = ui.Cell{Text: cell(ctx, v)}
			if s, ok := v.(share); ok {
				row[j].Body = ui.Ratio(s.num, s.den, "")
			}
		}
		if i < len(g.links) {
			row[0].Href = g.links[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func (g grid) uiSheet() ui.Sheet {
	s := ui.Sheet{Caption: g.Title, Bare: true, Dense: true, Sticky: true}
	for _, c := range g.cols {
		s.Columns = append(s.Columns, ui.Column{Text: i18n.T(c.key), Num: c.num})
	}
	return s
}

func (g grid) sheet(ctx context.Context, titles ...string) sheet.Sheet {
	s := sheet.Sheet{Name: g.Title.In(ctx), Titles: append(titles, g.Title.In(ctx))}
	for i, c := range g.cols {
		f := sheet.Field{Title: i18n.S(ctx, c.key)}
		switch {
		case len(g.rows) > 0 && isShare(g.rows[0][i]):
			f.Format = sheet.Percent
		case c.num:
			f.Format = sheet.Integer
		case i == 0:
			f.Width = 34
		}
		s.Fields = append(s.Fields, f)
	}
	rows := make([][]any, len(g.rows))
	for i, r := range g.rows {
		rows[i] = make([]any, len(r))
		for j, v := range r {
			rows[i][j] = v
			if x, ok := v.(share); ok {
				rows[i][j] = x.part()
			}
		}
	}
	s.Rows = sheet.Rows(rows)
	return s
}

func isShare(v any) bool { _, ok := v.(share); return ok }

// part is the share as a spreadsheet counts it; nothing without a base.
func (s share) part() any {
	if s.den == 0 {
		return nil
	}
	return float64(s.num) / float64(s.den)
}

func (g grid) table(ctx context.Context) pdf.Table {
	t := pdf.Table{Caption: g.Title.In(ctx)}
	for _, c := range g.cols {
		column := pdf.Column{Title: i18n.S(ctx, c.key)}
		if c.num {
			column.Align = pdf.Right
		}
		t.Columns = append(t.Columns, column)
	}
	for i, r := range g.rows {
		row := pdf.Row{Cells: make([]string, len(r)), Bold: g.sum && i == len(g.rows)-1}
		for j, v := range r {
			row.Cells[j] = cell(ctx, v)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// lines is the grid of units or categories, with the class as a whole at the end.
func (r Report) lines(ctx context.Context, title, first string, list []ReportLine, name func(ReportLine) string) grid {
	g := grid{Title: i18n.T(title), sum: true, cols: append(texts(first), nums("classroom.report.quota", "classroom.registered", "classroom.report.persons",
		"classroom.report.turns", "classroom.presence.present", "classroom.presence.late", "classroom.presence.left_early", "classroom.presence.substitute",
		"classroom.presence.excused", "classroom.presence.unexcused", "classroom.report.unmarked", "classroom.report.rate")...)}
	total := r.Total
	for _, l := range list {
		total.Quota += l.Quota
		g.rows = append(g.rows, l.row(name(l)))
	}
	g.rows = append(g.rows, total.row(i18n.S(ctx, "classroom.total")))
	if total.Quota == 0 { // none was set: a column of noughts says nothing
		g.drop(1)
	}
	return g
}

// drop takes a column out.
func (g *grid) drop(i int) {
	g.cols = slices.Delete(g.cols, i, i+1)
	for n, r := range g.rows {
		g.rows[n] = slices.Delete(r, i, i+1)
	}
}

func (l ReportLine) row(name string) []any {
	return []any{name, l.Quota, l.Registered, l.Persons, l.Attended(), l.Turns[Present], l.Turns[Late], l.Turns[LeftEarly], l.Turns[Substitute],
		l.Turns[Excused], l.Turns[Unexcused], l.Unmarked, share{l.Attended(), l.Expected()}}
}

// grids are all tables of the report.
func (r Report) grids(ctx context.Context) []grid {
	all := []grid{
		r.lines(ctx, "classroom.report.units", "classroom.unit", r.Units, func(l ReportLine) string { return l.Name }),
		r.lines(ctx, "classroom.report.categories", "classroom.category", r.Categories, func(l ReportLine) string { return categoryName(ctx, l.Category) }),
		r.sessionGrid(ctx), r.lecturerGrid(), r.costGrid(ctx), r.peopleGrid(ctx), r.absenceGrid(ctx),
	}
	return keep(all, func(g grid) bool { return len(g.rows) > 0 })
}

func (r Report) sessionGrid(ctx context.Context) grid {
	g := grid{Title: i18n.T("classroom.sessions"), cols: append(texts("classroom.session", "classroom.time", "classroom.place", "classroom.lecturers", "classroom.state"),
		nums("classroom.report.turns", "classroom.report.expected", "classroom.report.rate")...)}
	for _, s := range r.Sessions {
		g.rows = append(g.rows, []any{sessionName(ctx, s.SessionLine), timeSpan(s.Session), place(ctx, s.SessionLine), strings.Join(s.Teachers, ", "),
			i18n.S(ctx, s.standing()), s.Attended, s.Expected, share{s.Attended, s.Expected}})
		g.links = append(g.links, sessionPath(s.ID))
	}
	return g
}

// standing is the key of how a session stands.
func (s ReportSession) standing() string {
	switch {
	case s.Cancelled():
		return "classroom.session.cancelled.badge"
	case s.RolledAt.IsZero():
		return "classroom.roll.not-yet"
	}
	return "classroom.roll.done"
}

func (r Report) lecturerGrid() grid {
	g := grid{Title: i18n.T("classroom.lecturers"), cols: append(texts("classroom.report.lecturer"), nums("classroom.report.sessions", "classroom.report.hours")...)}
	for _, l := range r.Lecturers {
		g.rows = append(g.rows, []any{l.Name, int64(l.Sessions), hours(l.Minutes)})
	}
	return g
}

func (r Report) costGrid(ctx context.Context) grid {
	g := grid{Title: i18n.T("classroom.costs"), sum: true, cols: append(texts("classroom.cost.source"), nums("classroom.cost.planned", "classroom.cost.actual", "classroom.cost.share")...)}
	if r.CostAll.Planned+r.CostAll.Actual == 0 {
		return g
	}
	for _, s := range r.Costs {
		if s.Planned+s.Actual > 0 {
			g.rows = append(g.rows, []any{i18n.S(ctx, "classroom.funding."+string(s.Source)), s.Planned, s.Actual, share{s.Actual, s.Planned}})
		}
	}
	g.rows = append(g.rows, []any{i18n.S(ctx, "classroom.total"), r.CostAll.Planned, r.CostAll.Actual, share{r.CostAll.Actual, r.CostAll.Planned}})
	return g
}

func (r Report) peopleGrid(ctx context.Context) grid {
	g := grid{Title: i18n.T("classroom.report.people"), cols: append(texts("classroom.trainee", "classroom.unit", "classroom.category", "classroom.state"),
		nums("classroom.presence.present", "classroom.presence.late", "classroom.presence.left_early", "classroom.presence.substitute",
			"classroom.presence.excused", "classroom.presence.unexcused", "classroom.report.unmarked", "classroom.report.rate.own")...)}
	for _, p := range r.People {
		g.rows = append(g.rows, []any{p.Name, p.UnitName, categoryName(ctx, p.Category), i18n.S(ctx, "classroom.seat.state."+string(p.State)),
			p.Turns[Present], p.Turns[Late], p.Turns[LeftEarly], p.Turns[Substitute], p.Turns[Excused], p.Turns[Unexcused], p.Unmarked, share{p.Came(), p.Held}})
	}
	return g
}

func (r Report) absenceGrid(ctx context.Context) grid {
	g := grid{Title: i18n.T("classroom.report.absences"), cols: texts("classroom.trainee", "classroom.unit", "classroom.session", "classroom.time", "classroom.roll", "classroom.why")}
	for _, a := range r.Absences {
		why := a.Reason
		if a.Substitute != "" {
			why = strings.Trim(i18n.S(ctx, "classroom.report.by", a.Substitute)+"; "+why, "; ")
		}
		g.rows = append(g.rows, []any{a.Name, a.UnitName, sessionName(ctx, a.Session), a.Session.On().Viet(), i18n.S(ctx, "classroom.presence."+string(a.State)), orText(why, i18n.S(ctx, "classroom.report.no-reason"))})
	}
	return g
}
