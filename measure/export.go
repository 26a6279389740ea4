package measure

import (
	"context"
	"net/http"
	"slices"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
)

// table is a result as a sheet: for each measure a column of lượt and, where
// persons were told apart, one of người.
func table(ctx context.Context, r Result) sheet.Sheet {
	s := sheet.Sheet{Name: i18n.S(ctx, "measure.menu"), Titles: titles(ctx, r), Fields: []sheet.Field{{Title: i18n.S(ctx, "measure.rows."+string(r.Query.Rows)), Width: 34}}}
	for i, m := range r.Measures {
		s.Fields = append(s.Fields, sheet.Field{Title: m.Text.In(ctx), Format: sheet.Integer})
		if r.Total.Cells[i].Persons != 0 {
			s.Fields = append(s.Fields, sheet.Field{Title: i18n.S(ctx, "measure.persons-of", m.Text), Format: sheet.Integer})
		}
	}
	var rows [][]any
	total := r.Total
	total.Name = i18n.S(ctx, "measure.total")
	for _, row := range append(r.Rows, total) {
		line := []any{row.Name}
		for i, c := range row.Cells {
			line = append(line, c.N)
			if r.Total.Cells[i].Persons != 0 {
				line = append(line, c.Persons)
			}
		}
		rows = append(rows, line)
	}
	s.Rows = sheet.Rows(rows)
	return s
}

// sources lists for each figure of a result where the records behind it stand:
// a second sheet of the workbook.
func (m *Measure) sources(ctx context.Context, r Result) sheet.Sheet {
	field := func(key string, width float64) sheet.Field { return sheet.Field{Title: i18n.S(ctx, key), Width: width} }
	s := sheet.Sheet{Name: i18n.S(ctx, "measure.source"), Fields: []sheet.Field{field("measure.source.row", 34), field("measure.source.measure", 24),
		field("measure.source.value", 12), field("measure.source.link", 90)}}
	s.Fields[2].Format = sheet.Integer
	total := r.Total
	total.Name = i18n.S(ctx, "measure.total")
	var rows [][]any
	for _, row := range append(slices.Clone(r.Rows), total) {
		for i, c := range row.Cells {
			if c.N != 0 {
				rows = append(rows, []any{row.Name, r.Measures[i].Text.In(ctx), c.N, m.opt.Base + r.records(i, row)})
			}
		}
	}
	s.Rows = sheet.Rows(rows)
	return s
}

func titles(ctx context.Context, r Result) []string {
	return []string{i18n.S(ctx, "measure.title", r.Unit.Name), span(ctx, r), i18n.S(ctx, "measure.persons-note")}
}

// span says which days and which units a result counts.
func span(ctx context.Context, r Result) string {
	to, view := r.At, i18n.T("measure.span."+viewValue(r.Query))
	if r.Query.To != 0 {
		to = r.Query.To
	}
	if r.Query.From == 0 {
		return i18n.S(ctx, "measure.span.to", i18n.Date(ctx, to), view)
	}
	return i18n.S(ctx, "measure.span", i18n.Date(ctx, r.Query.From), i18n.Date(ctx, to), view)
}

// download sends the results as a file.
func (m *Measure) download(w http.ResponseWriter, r *http.Request) error {
	q, err := m.query(r)
	if err != nil {
		return err
	}
	res, err := m.Results(r.Context(), q)
	if err != nil {
		return err
	}
	res = m.shown(res)
	name := "ket-qua-" + clock.Today(r.Context()).String()
	switch r.URL.Query().Get("as") {
	case "xlsx":
		attach(w, name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		return sheet.WriteXLSX(w, table(r.Context(), res), m.sources(r.Context(), res))
	case "csv":
		attach(w, name+".csv", "text/csv; charset=utf-8")
		return sheet.WriteCSV(w, table(r.Context(), res))
	case "pdf":
		doc, err := m.report(r.Context(), res)
		if err != nil {
			return err
		}
		attach(w, name+".pdf", "application/pdf")
		return doc.Write(w)
	}
	return errs.New(errs.NotFound, "error.not-found")
}

func attach(w http.ResponseWriter, name, contentType string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}
