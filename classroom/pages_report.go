package classroom

import (
	"context"
	"net/http"
	"strings"

	"lotrinh/access"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/pdf"
	"lotrinh/platform/sheet"
	"lotrinh/platform/text"
	"lotrinh/platform/ui"
)

type reportView struct {
	Report
	Grids []grid
	Tabs  []ui.Link
	Costs bool // the reader may see what the plan costs
}

func (c *Classroom) showReport(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rep, err := c.Report(ctx, ClassID(r.PathValue("class")))
	if err != nil {
		return err
	}
	v := reportView{Report: rep, Grids: rep.grids(ctx), Tabs: c.tabs(ctx, rep.Class, "/report"), Costs: access.Allowed(ctx, ReadPlan, rep.Plan.Unit)}
	path := classPath(rep.Class.ID) + "/report/download?as="
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("classroom.report"), Lead: ui.Plain(rep.Class.Name), Crumbs: c.classCrumbs(rep.Class, false), Wide: true,
		Body: reportPage(v), Actions: []ui.Act{
			{Text: i18n.T("classroom.as.pdf"), Href: path + "pdf", Icon: "download", Download: true},
			{Text: i18n.T("classroom.as.xlsx"), Href: path + "xlsx", Icon: "download", Download: true}}})
}

func (c *Classroom) downloadReport(w http.ResponseWriter, r *http.Request) error {
	rep, err := c.Report(r.Context(), ClassID(r.PathValue("class")))
	if err != nil {
		return err
	}
	ctx, name := i18n.With(r.Context(), i18n.Vi), "bao-cao-lop-"+fileName(rep.Class)
	switch r.URL.Query().Get("as") {
	case "pdf":
		attach(w, name+".pdf", "application/pdf")
		return rep.paper(ctx).Write(w)
	case "xlsx":
		var sheets []sheet.Sheet
		for _, g := range rep.grids(ctx) {
			sheets = append(sheets, g.sheet(ctx, i18n.S(ctx, "classroom.report.of", rep.Class.Name, rep.UnitName), rep.note(ctx)))
		}
		attach(w, name+".xlsx", xlsxType)
		return sheet.WriteXLSX(w, sheets...)
	}
	return errs.New(errs.NotFound, "error.not-found")
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func attach(w http.ResponseWriter, name, contentType string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "private, no-store")
}

// fileName is a class in letters that any file system takes.
func fileName(k Class) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, text.Fold(orText(k.Code, k.Name)))
	return strings.Trim(plain[:min(60, len(plain))], "-")
}

// note says what the figures of the report mean, and of which day they are.
func (r Report) note(ctx context.Context) string {
	return i18n.S(ctx, "classroom.report.note", r.On.Viet())
}

// summary is the report in sentences, one a line.
func (r Report) summary(ctx context.Context) []string {
	k := r.Class
	lines := []string{
		i18n.S(ctx, "classroom.report.sum.class", k.Name, orText(signed(k.Decision, k.Decided), "–"), span(k.From, k.To)),
		i18n.S(ctx, "classroom.report.sum.size", k.Planned, r.Total.Registered, r.Total.Waiting, r.Total.Persons),
		i18n.S(ctx, "classroom.report.sum.sessions", r.Held, r.Held+r.ToCome, hours(r.Minutes), r.Cancelled),
		i18n.S(ctx, "classroom.report.sum.turns", r.Total.Attended(), r.Total.Expected(), i18n.Percent(ctx, r.Total.Attended(), r.Total.Expected())),
	}
	if r.CostAll.Planned+r.CostAll.Actual > 0 {
		lines = append(lines, i18n.S(ctx, "classroom.report.sum.cost", r.CostAll.Planned, r.CostAll.Actual, r.PerTrainee()))
	}
	return lines
}

// paper is the report in the form of Decree 30/2020/NĐ-CP, ready to be numbered
// and signed.
func (r Report) paper(ctx context.Context) pdf.AdminDocument {
	blocks := []pdf.Block{pdf.Heading{Level: 1, Text: i18n.S(ctx, "classroom.report.general")}}
	for _, line := range r.summary(ctx) {
		blocks = append(blocks, pdf.Paragraph{Text: line})
	}
	blocks = append(blocks, pdf.Heading{Level: 1, Text: i18n.S(ctx, "classroom.report.results")})
	doc := pdf.AdminDocument{Body: r.UnitName, Symbol: "BC-…", Place: r.UnitName, Date: r.On.Time(), Kind: i18n.S(ctx, "classroom.report.kind"),
		Abstract: i18n.S(ctx, "classroom.report.abstract", r.Class.Name), Made: r.On.Time(),
		Sign: []string{i18n.S(ctx, "classroom.report.signer")}, Signer: r.Manager, Recipients: []string{i18n.S(ctx, "classroom.report.archive")}}
	for _, g := range r.grids(ctx) {
		if g.Title.Key == "classroom.report.people" || g.Title.Key == "classroom.report.absences" {
			doc.Appendices = append(doc.Appendices, pdf.Appendix{Title: g.Title.In(ctx), Blocks: []pdf.Block{untitled(g.table(ctx))}})
			continue
		}
		blocks = append(blocks, g.table(ctx))
	}
	doc.Blocks = append(blocks, pdf.Paragraph{Text: r.note(ctx), Italic: true})
	return doc
}

func untitled(t pdf.Table) pdf.Table {
	t.Caption = ""
	return t
}

// ready says whether anything can be reported yet.
func (v reportView) ready() bool { return v.Held > 0 || len(v.People) > 0 }

// anchor is where a table stands on its page.
func (g grid) anchor() string {
	return g.Title.Key[strings.LastIndexByte(g.Title.Key, '.')+1:]
}
