package site

import (
	"context"
	"net/http"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/pdf"
	"lotrinh/platform/sheet"
)

// export sends the figures of a conference as a file. That it was taken out is
// noted in the log.
func (s *Sites) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, err := s.Exported(ctx, session(r))
	if err != nil {
		return err
	}
	name := "diem-cau-" + b.Meeting.On().String()
	switch r.URL.Query().Get("as") {
	case "xlsx":
		attach(w, name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		return sheet.WriteXLSX(w, bySite(ctx, b), byGroup(ctx, b))
	case "pdf":
		attach(w, name+".pdf", "application/pdf")
		return report(ctx, b, s.orgs.On(ctx, b.Meeting.On()).Name(b.Meeting.Unit)).Write(w)
	}
	return notFound()
}

// Exported is the board of a conference, for taking out.
func (s *Sites) Exported(ctx context.Context, id classroom.SessionID) (*Board, error) {
	b, err := s.Board(ctx, id) // asks access
	if err != nil {
		return nil, err
	}
	if len(b.Lines) == 0 {
		return nil, errs.New(errs.Invalid, "site.none")
	}
	return b, access.Audit(ctx, s.db, access.Entry{Action: Read, Unit: b.Meeting.Unit, Subject: "session:" + string(id), Read: true,
		Detail: map[string]int{"exported": len(b.Lines)}})
}

func attach(w http.ResponseWriter, name, contentType string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// numbers are the columns of figures that both sheets end in.
func (b *Board) numbers(ctx context.Context, fields []sheet.Field) []sheet.Field {
	fields = append(fields, sheet.Field{Title: i18n.S(ctx, "site.expected"), Format: sheet.Integer})
	for _, c := range b.categories() {
		fields = append(fields, sheet.Field{Title: categoryText(c).In(ctx), Format: sheet.Integer})
	}
	return append(fields, sheet.Field{Title: i18n.S(ctx, "site.counted"), Format: sheet.Integer})
}

// figures are the numbers of lines added up; what is not signed is not counted.
func (b *Board) figures(lines []Line) []int64 {
	out := make([]int64, len(b.categories())+2)
	for _, l := range lines {
		out[0] += l.Invited
		if !l.Signed {
			continue
		}
		for i, c := range b.categories() {
			out[i+1] += l.Counts[c]
		}
		out[len(out)-1] += l.Standing.Total
	}
	return out
}

func bySite(ctx context.Context, b *Board) sheet.Sheet {
	s := sheet.Sheet{Name: i18n.S(ctx, "site.list"), Titles: titles(ctx, b), Fields: b.numbers(ctx, []sheet.Field{
		{Title: i18n.S(ctx, "site.group"), Width: 26}, {Title: i18n.S(ctx, "site.site"), Width: 30}, {Title: i18n.S(ctx, "classroom.state"), Width: 16},
		{Title: i18n.S(ctx, "site.signature"), Width: 34}})}
	s.Fields = append(s.Fields, sheet.Field{Title: i18n.S(ctx, "site.incidents"), Format: sheet.Integer})
	var rows [][]any
	for _, l := range b.Lines {
		signed := ""
		if l.Signed {
			signed = l.Signature.ByName + ", " + clockOf(l.Signature.At)
		}
		row := []any{b.Groups[l.Group].Name, l.UnitName, i18n.S(ctx, "site.state."+string(l.State)), signed}
		for _, n := range b.figures([]Line{l}) {
			row = append(row, n)
		}
		rows = append(rows, append(row, int64(len(l.Standing.Incidents))))
	}
	total := []any{i18n.S(ctx, "site.sum"), "", "", ""}
	for _, n := range b.figures(b.Lines) {
		total = append(total, n)
	}
	s.Rows = sheet.Rows(append(rows, append(total, int64(b.Incidents))))
	return s
}

func byGroup(ctx context.Context, b *Board) sheet.Sheet {
	s := sheet.Sheet{Name: i18n.S(ctx, "site.by-group"), Titles: titles(ctx, b), Fields: b.numbers(ctx, []sheet.Field{
		{Title: i18n.S(ctx, "site.group"), Width: 30}, {Title: i18n.S(ctx, "site.sites"), Format: sheet.Integer}})}
	var rows [][]any
	for _, g := range b.Groups {
		lines := make([]Line, len(g.Lines))
		for i, n := range g.Lines {
			lines[i] = b.Lines[n]
		}
		rows = append(rows, groupRow(b, g.Name, lines))
	}
	s.Rows = sheet.Rows(append(rows, groupRow(b, i18n.S(ctx, "site.sum"), b.Lines)))
	return s
}

func groupRow(b *Board, name string, lines []Line) []any {
	row := []any{name, int64(len(lines))}
	for _, n := range b.figures(lines) {
		row = append(row, n)
	}
	return row
}

func titles(ctx context.Context, b *Board) []string {
	return []string{b.Meeting.Name(), clockOf(b.Meeting.Starts), i18n.S(ctx, "site.sum.hint")}
}

// report is a conference in the form of Decree 30/2020/NĐ-CP, ready to be numbered,
// dated and signed. It is in Vietnamese whatever the reader's language is.
func report(ctx context.Context, b *Board, body string) pdf.AdminDocument {
	ctx = i18n.With(ctx, i18n.Vi)
	s := byGroup(ctx, b)
	t := pdf.Table{Caption: i18n.S(ctx, "site.report.table")}
	for i, f := range s.Fields {
		c := pdf.Column{Title: f.Title, Align: pdf.Right}
		if i == 0 {
			c.Align = pdf.Left
		}
		t.Columns = append(t.Columns, c)
	}
	for row := range s.Rows {
		t.Rows = append(t.Rows, pdf.Row{Cells: cells(ctx, row)})
	}
	t.Rows[len(t.Rows)-1].Bold = true
	blocks := []pdf.Block{
		pdf.Paragraph{Text: i18n.S(ctx, "site.report.lead", b.Meeting.Name(), clockOf(b.Meeting.Starts), len(b.Lines), len(b.Lines)-1)},
		pdf.Paragraph{Text: i18n.S(ctx, "site.report.stand", b.Tally[Counted], b.Total.Counted, b.Total.Expected)},
		pdf.Paragraph{Text: i18n.S(ctx, "site.report.named", b.Named)},
		t,
		pdf.Paragraph{Text: i18n.S(ctx, "site.report.incidents", b.Incidents, b.Open)},
		pdf.Paragraph{Text: i18n.S(ctx, "site.sum.hint"), Italic: true},
	}
	return pdf.AdminDocument{
		Body: body, Symbol: "BC-…", Place: short(body), Date: clock.Now(ctx), Kind: i18n.S(ctx, "site.report"),
		Abstract: i18n.S(ctx, "site.report.of", b.Meeting.Name()), Made: clock.Now(ctx), Blocks: blocks,
		Sign: []string{i18n.S(ctx, "site.report.signer")}, Recipients: []string{i18n.S(ctx, "site.report.archive")},
	}
}

// cells are the cells of a row of figures as people read them.
func cells(ctx context.Context, row []any) []string {
	out := make([]string, len(row))
	for i, v := range row {
		switch v := v.(type) {
		case int64:
			out[i] = i18n.Number(ctx, v)
		case string:
			out[i] = v
		}
	}
	return out
}
