package classroom

import (
	"net/http"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const listLimit = 10 << 20 // bytes of an uploaded list

// doNominateList takes an uploaded list of people.
func (c *Classroom) doNominateList(w http.ResponseWriter, r *http.Request) error {
	if !access.Anywhere(r.Context(), Nominate) {
		return errs.New(errs.Denied, "error.denied")
	}
	if err := web.Form(w, r, listLimit); err != nil {
		return err
	}
	f := formOf{r: r, bad: &errs.Form{}}
	v := nominateView{Unit: org.UnitID(f.get("unit")), Number: f.get("number"), On: f.get("on")}
	n := Nomination{Class: ClassID(r.PathValue("class")), Unit: v.Unit, Number: v.Number, On: f.date("on")}
	err := f.bad.Err()
	var a ListAnswer
	if err == nil {
		a, err = c.listOf(r, n)
	}
	if err != nil {
		e, err := refused(err)
		if err != nil {
			return err
		}
		v.ListRefused = e
		return c.nominatePage(w, r, e.Kind.Status(), v)
	}
	if len(a.Faults) > 0 {
		v.List = &a
		return c.nominatePage(w, r, http.StatusUnprocessableEntity, v)
	}
	ui.Flash(w, r, ui.Good, i18n.T("classroom.list.done", len(a.Registered), len(a.Waiting), a.Already))
	return web.SeeOther(w, r, classPath(n.Class)+"/roster")
}

func (c *Classroom) listOf(r *http.Request, n Nomination) (ListAnswer, error) {
	file, head, err := r.FormFile("file")
	if err != nil {
		return ListAnswer{}, errs.New(errs.Invalid, "error.invalid").Field("file", "classroom.list.need-file")
	}
	defer file.Close()
	t, err := sheet.Open(file, head.Size, head.Filename, sheet.Limits{})
	if err != nil {
		return ListAnswer{}, err
	}
	return c.NominateList(r.Context(), n, t)
}

// downloadListForm is an empty list to fill in.
func (c *Classroom) downloadListForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, Nominate) {
		return errs.New(errs.Denied, "error.denied")
	}
	attach(w, "danh-sach-cu-hoc-vien.xlsx", xlsxType)
	return sheet.WriteXLSX(w, sheet.Sheet{Name: i18n.S(ctx, "classroom.list.form"), Titles: []string{i18n.S(ctx, "classroom.list.form"), i18n.S(ctx, "classroom.list.form.hint")},
		Fields: []sheet.Field{{Title: i18n.S(ctx, "classroom.list.name"), Width: 28}, {Title: i18n.S(ctx, "classroom.list.birth"), Format: sheet.Date, Width: 14},
			{Title: i18n.S(ctx, "classroom.list.number"), Width: 20}, {Title: i18n.S(ctx, "classroom.list.unit"), Width: 36}}, Rows: sheet.Rows(nil)})
}

// downloadRoster is the roster as a workbook: the lines that the reader may see.
func (c *Classroom) downloadRoster(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := c.Class(ctx, ClassID(r.PathValue("class")))
	if err != nil {
		return err
	}
	lines, err := c.Roster(ctx, k.ID)
	if err != nil {
		return err
	}
	s := sheet.Sheet{Name: i18n.S(ctx, "classroom.roster"), Titles: []string{k.Name, i18n.S(ctx, "classroom.list.as-of", clock.Today(ctx).Viet())},
		Fields: []sheet.Field{{Title: i18n.S(ctx, "classroom.list.n"), Format: sheet.Integer}, {Title: i18n.S(ctx, "classroom.list.name"), Width: 28},
			{Title: i18n.S(ctx, "classroom.list.unit"), Width: 32}, {Title: i18n.S(ctx, "classroom.list.post"), Width: 30}, {Title: i18n.S(ctx, "classroom.category"), Width: 22},
			{Title: i18n.S(ctx, "classroom.nomination.number"), Width: 18}, {Title: i18n.S(ctx, "classroom.signed"), Format: sheet.Date},
			{Title: i18n.S(ctx, "classroom.state"), Width: 18}, {Title: i18n.S(ctx, "classroom.why"), Width: 30}}}
	rows := make([][]any, len(lines))
	for i, l := range lines {
		rows[i] = []any{i + 1, l.Name, l.UnitName, l.Title, categoryName(ctx, l.Category), l.Number, l.On, i18n.S(ctx, "classroom.seat.state."+string(l.State)), l.Why}
	}
	s.Rows = sheet.Rows(rows)
	attach(w, "danh-sach-lop-"+fileName(k)+".xlsx", xlsxType)
	return sheet.WriteXLSX(w, s)
}
