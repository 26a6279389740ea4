package org

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strings"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
)

// KeepFiles sets where uploads are kept.
func (o *Org) KeepFiles(s file.Store) { o.files = s }

const listsName = "Danh mục" // the second sheet of a form; what forms say is data, in Vietnamese

const formUnitsMax = 5000

// RollForm writes an empty roll to be filled in: the columns that are read, with
// lists of categories and of the units of unit (of all where the actor may edit
// people, when unit is ""). Asks through maySend.
func (o *Org) RollForm(ctx context.Context, w io.Writer, unit UnitID) error {
	if err := o.maySend(ctx, unit); err != nil {
		return err
	}
	units := o.formUnits(ctx, unit)
	choices := map[string]string{
		"category": listRange("A", len(formCategories)), "sex": listRange("B", 2), "unit": listRange("C", len(units)),
		"head": listRange("E", 1), "party_head": listRange("E", 1),
	}
	var fields []sheet.Field
	for _, c := range rollColumns {
		if c.offered {
			fields = append(fields, sheet.Field{Title: c.titles[0], Width: c.width, Format: c.format, Choices: choices[c.key]})
		}
	}
	title := "DANH SÁCH NGƯỜI"
	if unit != "" {
		title += " – " + strings.ToUpper(o.Now(ctx).Name(unit))
	}
	return sheet.WriteXLSX(w, sheet.Sheet{Name: "Danh sách", Titles: []string{title, i18n.S(i18n.With(ctx, i18n.Vi), "org.roll.form-help")},
		Fields: fields, Rows: sheet.Rows(nil)}, listsSheet(units))
}

var formCategories = []Category{Cadre, CivilServant, PublicEmployee, Worker, PartTimeWorker, TeamMember}

func listRange(col string, n int) string {
	return fmt.Sprintf("'%s'!$%s$2:$%s$%d", listsName, col, col, n+1)
}

// listsSheet holds what the columns of a form may say.
func listsSheet(units [][2]string) sheet.Sheet {
	rows := func(yield func([]any, error) bool) {
		for i := range max(len(units), len(formCategories)) {
			row := make([]any, 5)
			if i < len(formCategories) {
				row[0] = i18n.T("org.category." + string(formCategories[i])).As(i18n.Vi)
			}
			if i < 2 {
				row[1] = []string{"Nam", "Nữ"}[i]
			}
			if i < len(units) {
				row[2], row[3] = units[i][0], units[i][1]
			}
			if i == 0 {
				row[4] = "x"
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return sheet.Sheet{Name: listsName, Rows: rows, Fields: []sheet.Field{{Title: "Đối tượng", Width: 36}, {Title: "Giới tính"},
		{Title: "Đơn vị", Width: 50}, {Title: "Mã đơn vị", Width: 12}, {Title: "Đánh dấu"}}}
}

// formUnits lists units by path and code.
func (o *Org) formUnits(ctx context.Context, unit UnitID) (units [][2]string) {
	t := o.Now(ctx)
	tops := []UnitID{unit}
	if unit == "" {
		var all bool
		if tops, all = access.Tops(ctx, PersonEdit); all {
			tops = t.Roots()
		}
	}
	f := unitFinder{t: t}
	for _, top := range tops {
		for _, u := range t.Subtree(top) {
			if len(units) < formUnitsMax {
				units = append(units, [2]string{f.path(u.ID), u.Code})
			}
		}
	}
	return units
}

// ExportPeople writes the people of a filter, without its limit, as "xlsx" or "csv";
// that it was taken out is noted. Of personal numbers only the masks are known. The
// columns are those that are read, so that what was corrected can be sent back.
func (o *Org) ExportPeople(ctx context.Context, w io.Writer, format string, f Filter) error {
	s, err := o.PeopleSheet(ctx, f)
	if err != nil {
		return err
	}
	if format == "csv" {
		return sheet.WriteCSV(w, s)
	}
	return sheet.WriteXLSX(w, s)
}

// PeopleSheet is what ExportPeople writes, for other forms. Asks through Count.
func (o *Org) PeopleSheet(ctx context.Context, f Filter) (sheet.Sheet, error) {
	n, err := o.Count(ctx, f)
	if err != nil {
		return sheet.Sheet{}, err
	}
	return sheet.Sheet{Name: "Danh sách", Fields: exportFields(), Rows: o.exportRows(ctx, f),
		Titles: []string{"DANH SÁCH NGƯỜI", i18n.S(i18n.With(ctx, i18n.Vi), "org.roll.export-head", clock.Today(ctx).Viet(), n)}}, o.noteList(ctx, f, n)
}

const maskTitle = "Số định danh đã che"

func exportFields() (fields []sheet.Field) {
	for _, c := range rollColumns {
		if !c.offered {
			continue
		}
		f := sheet.Field{Title: c.titles[0], Width: c.width, Format: c.format}
		if c.key == "number" {
			f.Title = maskTitle
		}
		fields = append(fields, f)
	}
	return fields
}

func (o *Org) exportRows(ctx context.Context, f Filter) iter.Seq2[[]any, error] {
	type row struct {
		Person
		Unit      UnitID     `db:"unit_id"`
		Title     string     `db:"title"`
		Category  Category   `db:"category"`
		Head      bool       `db:"head"`
		PartyHead bool       `db:"party_head"`
		From      clock.Date `db:"from_on"`
	}
	return func(yield func([]any, error) bool) {
		w, from := o.searching(ctx, f)
		names := unitFinder{t: o.Now(ctx), b: o.now(ctx)}
		err := db.Each(ctx, o.db, `select `+db.Columns[Person]("p")+`, o.unit_id, o.title, o.category, o.head, o.party_head, o.from_on`+
			from+access.Narrow(ctx, PersonRead, w, "o.unit_id").SQL()+` order by p.name_key, p.id`, w.Args(), func(r row) error {
			u, _ := names.t.Unit(r.Unit)
			place := names.path(r.Unit)
			if u.ID == "" {
				place = names.name(r.Unit)
			}
			if !yield([]any{r.Name, r.Birth, sexCell(r.Sex), r.Mask, u.Code, place, r.Title, i18n.T("org.category." + string(r.Category)).As(i18n.Vi),
				tick(r.Head), tick(r.PartyHead), r.From, r.Email, r.Phone}, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && err != errStop {
			yield(nil, err)
		}
	}
}

var errStop = errs.New(errs.Fault, "error.fault")

func sexCell(sex string) string {
	if sex == "" {
		return ""
	}
	return i18n.T("org.sex." + sex).As(i18n.Vi)
}

func tick(b bool) string {
	if b {
		return "x"
	}
	return ""
}

// RollFaults writes the rows of a run that cannot be taken, with what to mend before
// each, as a roll that can be mended and sent back. Asks through run.
func (o *Org) RollFaults(ctx context.Context, id string, w io.Writer) error {
	r, err := o.run(ctx, id)
	if err != nil {
		return err
	}
	if r.File == "" {
		return errs.New(errs.NotFound, "org.roll.swept")
	}
	return o.withTable(ctx, r, func(t *sheet.Table) error {
		opt, err := o.optionsOf(ctx, r)
		if err != nil {
			return err
		}
		p, err := o.plan(ctx, t, opt)
		if err != nil {
			return err
		}
		bad := map[int]string{}
		for i := range p.items {
			if it := &p.items[i]; it.act == rowBad {
				bad[it.num] = sayAll(ctx, it.bad)
			}
		}
		fields := []sheet.Field{{Title: i18n.S(ctx, "org.roll.to-mend"), Width: 50}}
		for _, c := range rollColumns {
			fields = append(fields, sheet.Field{Title: c.titles[0], Width: c.width})
		}
		return sheet.WriteXLSX(w, sheet.Sheet{Name: "Dòng cần sửa", Fields: fields, Rows: faultRows(t, bad)})
	})
}

func sayAll(ctx context.Context, texts []i18n.Text) string {
	said := make([]string, len(texts))
	for i, t := range texts {
		said[i] = t.In(ctx)
	}
	return strings.Join(said, " ")
}

func faultRows(t *sheet.Table, bad map[int]string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for row, err := range t.Rows() {
			if err != nil {
				yield(nil, err)
				return
			}
			why, ok := bad[row.Number]
			if !ok {
				continue
			}
			cells := []any{why}
			for _, c := range rollColumns {
				cells = append(cells, row.Text(c.key))
			}
			if !yield(cells, nil) {
				return
			}
		}
	}
}
