package measure

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/pdf"
)

// report is a result in the form of Decree 30/2020/NĐ-CP, to be numbered, dated and
// signed: what is counted in words, and the table, which where it is long or wide
// goes into an appendix. It is in Vietnamese whatever the reader's language is.
func (m *Measure) report(ctx context.Context, r Result) (pdf.AdminDocument, error) {
	ctx = i18n.With(ctx, i18n.Vi)
	from, err := m.issuer(ctx, r.Unit)
	doc := pdf.AdminDocument{
		ParentBody: from.parent, Body: from.body, Symbol: from.symbol, Place: from.place, Kind: i18n.S(ctx, "measure.report"),
		Abstract: i18n.S(ctx, "measure.report-of", lowerFirst(r.Unit.Name)), Made: r.At.Time(),
		Sign: from.sign, Signer: from.signer, Recipients: append(from.to, i18n.S(ctx, "measure.report-archive")),
		Blocks: []pdf.Block{pdf.Heading{Level: 1, Text: i18n.S(ctx, "measure.report.general")}, pdf.Paragraph{Text: span(ctx, r) + "."}},
	}
	for i, x := range r.Measures {
		doc.Blocks = append(doc.Blocks, pdf.Paragraph{Text: "- " + figureText(ctx, x, r.Total.Cells[i])})
	}
	doc.Blocks = append(doc.Blocks, pdf.Paragraph{Text: i18n.S(ctx, "measure.persons-note"), Italic: true})
	t := reportTable(ctx, r)
	title := i18n.S(ctx, "measure.report.detail")
	if len(t.Columns) <= shortColumns && len(t.Rows) <= shortRows {
		doc.Blocks = append(doc.Blocks, pdf.Heading{Level: 1, Text: title}, t)
		return doc, err
	}
	doc.Blocks = append(doc.Blocks, pdf.Heading{Level: 1, Text: title}, pdf.Paragraph{Text: i18n.S(ctx, "measure.report.appendix")})
	doc.Appendices = []pdf.Appendix{{Title: t.Caption, Blocks: []pdf.Block{withoutCaption(t)}}}
	return doc, err
}

const (
	shortColumns = 5
	shortRows    = 14
)

func withoutCaption(t pdf.Table) pdf.Table { t.Caption = ""; return t }

// figureText says a total in words: «Đăng ký khóa: 29.807 lượt (5.692 người).»
func figureText(ctx context.Context, m module.Measure, f Figure) string {
	unit := m.Unit.In(ctx)
	text := strings.TrimSuffix(m.Text.In(ctx), " ("+unit+")") + ": " + i18n.Number(ctx, f.N) + " " + unit
	if f.Persons != 0 {
		text += " (" + i18n.S(ctx, "measure.persons", f.Persons) + ")"
	}
	return text + "."
}

func reportTable(ctx context.Context, r Result) pdf.Table {
	s := table(ctx, r)
	t := pdf.Table{Caption: r.caption(ctx).In(ctx)}
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
	return t
}

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

// issuer is who issues a document of a unit and how he signs (Decree 30/2020/NĐ-CP,
// appendix I): for an administrative unit its People's Committee, for an agency or
// division itself, under the body above it.
type issuer struct {
	parent, body, symbol, place, signer string
	sign, to                            []string
}

func (m *Measure) issuer(ctx context.Context, u org.Unit) (issuer, error) {
	t := m.orgs.Now(ctx)
	if !t.Has(u.ID) {
		t = m.orgs.On(ctx, u.From)
	}
	above, _ := t.Unit(u.Parent)
	f := issuer{body: body(u), parent: body(above), symbol: "BC-UBND", place: placeName(u)}
	if slices.Contains(tiers, u.Tier) {
		f.parent = ""
	} else {
		f.symbol = "BC-" + initials(u.Name)
		f.place = placeName(above)
	}
	if above.ID != "" {
		f.to = []string{i18n.S(ctx, "measure.report.to", body(above))}
	}
	return f, m.sign(ctx, u, &f)
}

// sign puts in the head of the unit today, with his post.
func (m *Measure) sign(ctx context.Context, u org.Unit, f *issuer) error {
	committee := slices.Contains(tiers, u.Tier)
	title := i18n.S(ctx, "measure.report-signer")
	if committee {
		title = i18n.S(ctx, "measure.report.chair")
	}
	heads, err := m.orgs.HeadsOf(ctx, []org.UnitID{u.ID}, clock.Today(ctx))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(heads[u.ID], func(p org.Post) bool { return p.Head })
	if i >= 0 {
		post := heads[u.ID][i]
		people, err := m.orgs.People(ctx, []org.PersonID{post.Person})
		if err != nil {
			return err
		}
		f.signer, title = people[post.Person].Name, cmp.Or(post.Title, title)
	}
	if committee {
		f.sign = []string{i18n.S(ctx, "measure.report.for"), strings.TrimSuffix(title, " "+i18n.S(ctx, "measure.report.committee"))}
		return nil
	}
	f.sign = []string{title}
	return nil
}

// body is the body that acts for a unit.
func body(u org.Unit) string {
	if slices.Contains(tiers, u.Tier) {
		return "Ủy ban nhân dân " + lowerFirst(u.Name)
	}
	return u.Name
}

// kindWords are the words before the name of an administrative unit.
var kindWords = []string{"Tỉnh ", "Thành phố ", "Thị xã ", "Thị trấn ", "Đặc khu ", "Huyện ", "Quận ", "Xã ", "Phường "}

// placeName is the name of a unit without its kind, but for names that are numbers.
func placeName(u org.Unit) string {
	for _, w := range kindWords {
		if name, ok := strings.CutPrefix(u.Name, w); ok {
			if first, _ := utf8.DecodeRuneInString(name); unicode.IsDigit(first) {
				return u.Name
			}
			return name
		}
	}
	return u.Name
}

// initials are the first letters of a name: «SNV» for «Sở Nội vụ».
func initials(name string) string {
	var b strings.Builder
	for _, word := range strings.Fields(name) {
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(r) {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}
