package learn

import (
	"context"
	"io"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/pdf"
)

// printedMost is how many lines of a register book are printed at once: 400 pages.
const printedMost = 10000

// PrintRegister writes the register book, narrowed by f, as a PDF to be printed
// and bound, for those who may read it. That it was is noted in the audit log.
func (l *Learn) PrintRegister(ctx context.Context, f RegisterFilter, w io.Writer) error {
	if !access.Anywhere(ctx, ReadRegister) {
		return access.Check(ctx, ReadRegister, "")
	}
	f.Offset, f.Limit = 0, printedMost
	all, n, err := l.Register(ctx, f)
	if err != nil {
		return err
	}
	if n > printedMost {
		return errs.New(errs.Invalid, "learn.register.too-many", n, printedMost)
	}
	if err := l.auditRead(ctx, ReadRegister, "", "", "register", map[string]any{"export": "pdf", "lines": n}); err != nil {
		return err
	}
	head := func(key string, width float64) pdf.Column { return pdf.Column{Title: i18n.S(ctx, key), Width: width} }
	t := pdf.Table{Lies: pdf.Across, Columns: []pdf.Column{head("learn.register.number", 24), head("learn.certificate.serial", 32), head("learn.person", 46), head("learn.birth", 22),
		head("learn.unit", 0), head("learn.course", 0), head("learn.certificate.issued-on", 22), head("learn.certificate.standing", 24)}}
	today := now(ctx)
	for _, k := range all {
		t.Rows = append(t.Rows, pdf.Row{Cells: []string{k.Register(), k.Serial, k.Name, k.Birth.Viet(), k.UnitName, k.Title, k.IssuedOn.Viet(), i18n.S(ctx, "learn.certificate."+k.Standing(today))}})
	}
	return pdf.SimpleTable{Title: i18n.S(ctx, "learn.register"), Table: t, Made: clock.Now(ctx)}.Write(w)
}
