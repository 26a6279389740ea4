package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lotrinh/access"
	"lotrinh/app"
	"lotrinh/measure"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
)

type exportCmd struct {
	Units        exportUnitsCmd        `cmd:"" help:"The units of today, as import units reads them."`
	People       exportPeopleCmd       `cmd:"" help:"People and their posts, as import people reads them. Of personal numbers only masks."`
	Results      exportResultsCmd      `cmd:"" help:"Planned, registered, attended, completed, certified, by unit, commune, category, topic or month."`
	Certificates exportCertificatesCmd `cmd:"" help:"The register book of certificates."`
	Audit        exportAuditCmd        `cmd:"" help:"The audit log as a proof that stands alone: see verify-export."`
	All          exportAllCmd          `cmd:"" help:"All of these tables in a folder or ZIP file; without --unit every stored table and file too, in an open form."`
}

// to is where a table goes and of what it is.
type to struct {
	To   string `arg:"" help:"File to write, which must not exist yet: .xlsx, .csv or .json. - for standard output."`
	As   string `help:"Form of the file where its name does not tell: xlsx, csv or json." enum:"xlsx,csv,json," default:""`
	Unit string `help:"Code of the unit; it and all below it are given out. The highest unit when left out."`
	Lang string `help:"Language of headings: vi or en." enum:"vi,en" default:"vi"`
}

// form is xlsx, csv or json.
func (t to) form() (string, error) {
	form := t.As
	if form == "" {
		form = strings.ToLower(strings.TrimPrefix(filepath.Ext(t.To), "."))
	}
	if !slices.Contains([]string{"xlsx", "csv", "json"}, form) {
		return "", fmt.Errorf("%s does not tell the form of the file: end it in .xlsx, .csv or .json, or say --as", t.To)
	}
	return form, nil
}

// write opens the house and writes the table that pick chooses of those about the
// unit.
func (t to) write(ctx context.Context, out io.Writer, g global, q app.ExportQuery, pick string) error {
	form, err := t.form()
	if err != nil {
		return err
	}
	return openExisting(ctx, g, func(h *app.House) error {
		ctx := i18n.With(access.System(ctx), i18n.Lang(t.Lang))
		if q.Unit, err = h.UnitByCode(ctx, t.Unit); err != nil {
			return err
		}
		tables := h.Tables(q)
		table := tables[slices.IndexFunc(tables, func(x app.Table) bool { return x.Name == pick })]
		if t.To == "-" {
			_, err := writeTable(ctx, out, table, form, func(string, int, int) {})
			return err
		}
		n, err := writeWhole(t.To, func(w io.Writer) (int, error) { return writeTable(ctx, w, table, form, progress(os.Stderr)) })
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s: %d rows\n", t.To, n)
		return err
	})
}

// writeTable writes a table in a form and counts its rows.
func writeTable(ctx context.Context, w io.Writer, t app.Table, form string, tell func(string, int, int)) (n int, err error) {
	s, err := t.Make(ctx)
	if err != nil {
		return 0, err
	}
	s.Rows = counted(s.Rows, func() { n++; tell(t.Name, n, 0) })
	switch form {
	case "xlsx":
		err = sheet.WriteXLSX(w, s)
	case "csv":
		err = sheet.WriteCSV(w, s)
	default:
		err = sheet.WriteJSON(w, s)
	}
	return n, err
}

// counted calls row for each row that passes by.
func counted(rows iter.Seq2[[]any, error], row func()) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for cells, err := range rows {
			if err == nil {
				row()
			}
			if !yield(cells, err) {
				return
			}
		}
	}
}

type exportUnitsCmd struct{ to }

// Run writes the units of today.
func (c exportUnitsCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return c.write(ctx, out, g, app.ExportQuery{}, "units")
}

type exportPeopleCmd struct{ to }

// Run writes people with their main posts of today.
func (c exportPeopleCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return c.write(ctx, out, g, app.ExportQuery{}, "people")
}

type exportCertificatesCmd struct{ to }

// Run writes the register book.
func (c exportCertificatesCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return c.write(ctx, out, g, app.ExportQuery{}, "certificates")
}

// span is which days of results count, and by which units.
type span struct {
	From string `help:"First day that counts, as 2022-05-01."`
	Till string `help:"Last day that counts."`
	Was  bool   `help:"By units as they were, not as they are now."`
}

func (s span) query() (q app.ExportQuery, err error) {
	q.AsItWas = s.Was
	if q.From, err = clock.ParseDate(s.From); err != nil {
		return q, err
	}
	q.To, err = clock.ParseDate(s.Till)
	return q, err
}

type exportResultsCmd struct {
	to
	span
	By string `help:"What the rows are: unit, commune, category, topic or month." enum:"unit,commune,category,topic,month" default:"unit"`
}

// Run writes results.
func (c exportResultsCmd) Run(ctx context.Context, out io.Writer, g global) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	q.Rows = measure.Rows(c.By)
	return c.write(ctx, out, g, q, "results-by-"+c.By)
}

type exportAuditCmd struct {
	To   string `arg:"" help:"File to write, which must not exist yet; - for standard output."`
	From string `help:"First day, as 2022-05-01."`
	Till string `help:"Last day."`
}

// Run writes the sealed entries of the audit log.
func (c exportAuditCmd) Run(ctx context.Context, out io.Writer, g global) error {
	from, err := clock.ParseDate(c.From)
	if err != nil {
		return err
	}
	till, err := clock.ParseDate(c.Till)
	if err != nil {
		return err
	}
	if till != 0 {
		till++
	}
	return openExisting(ctx, g, func(h *app.House) error {
		ctx := access.System(ctx)
		if _, err := h.Access.Seal(ctx); err != nil {
			return err
		}
		if c.To == "-" {
			return h.Access.Export(ctx, out, from, till)
		}
		_, err := writeWhole(c.To, func(w io.Writer) (int, error) { return 0, h.Access.Export(ctx, w, from, till) })
		if err == nil {
			_, err = fmt.Fprintf(out, "%s: check it anywhere with lotrinh verify-export %s\n", c.To, c.To)
		}
		return err
	})
}

type exportAllCmd struct {
	span
	To   string `arg:"" help:"Folder or .zip file to write, which must not exist yet."`
	As   string `help:"Form of the tables: xlsx, csv or json." enum:"xlsx,csv,json" default:"xlsx"`
	Unit string `help:"Code of a unit; without it the whole house is given out, with every stored table and file."`
	Lang string `help:"Language of headings: vi or en." enum:"vi,en" default:"vi"`
}

// Run writes all tables about a unit, or all that the house holds.
func (c exportAllCmd) Run(ctx context.Context, out io.Writer, g global) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	return openExisting(ctx, g, func(h *app.House) error {
		ctx := i18n.With(access.System(ctx), i18n.Lang(c.Lang))
		if q.Unit, err = h.UnitByCode(ctx, c.Unit); err != nil {
			return err
		}
		n, err := c.fill(ctx, h, q)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s: %d files\n", c.To, n)
		return err
	})
}

// fill writes everything under another name first, so that what bears the name is
// whole.
func (c exportAllCmd) fill(ctx context.Context, h *app.House, q app.ExportQuery) (n int, err error) {
	if strings.EqualFold(filepath.Ext(c.To), ".zip") {
		return writeWhole(c.To, func(w io.Writer) (int, error) {
			z := zip.NewWriter(w)
			n, err := c.tables(ctx, h, q, func(name string) (io.WriteCloser, error) {
				f, err := z.Create(name)
				return keepOpen{f}, err
			})
			return n, errors.Join(err, z.Close())
		})
	}
	if _, err := os.Stat(c.To); err == nil {
		return 0, fmt.Errorf("%s exists already: choose another name", c.To)
	}
	part := c.To + ".part"
	if err := os.RemoveAll(part); err != nil {
		return 0, err
	}
	defer os.RemoveAll(part)
	n, err = c.tables(ctx, h, q, func(name string) (io.WriteCloser, error) {
		path := filepath.Join(part, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return nil, err
		}
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	})
	if err != nil {
		return 0, err
	}
	return n, os.Rename(part, c.To)
}

// keepOpen is a part of a ZIP file, which ends where the next begins.
type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }

func (c exportAllCmd) tables(ctx context.Context, h *app.House, q app.ExportQuery, create func(string) (io.WriteCloser, error)) (n int, err error) {
	tell := progress(os.Stderr)
	for _, t := range h.Tables(q) {
		w, err := create(t.Name + "." + c.As)
		if err != nil {
			return n, err
		}
		n++
		_, err = writeTable(ctx, w, t, c.As, tell)
		if err = errors.Join(err, w.Close()); err != nil {
			return n, fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	if c.Unit != "" {
		return n, nil
	}
	stored, err := h.ExportStored(ctx, create, tell)
	return n + stored, err
}
