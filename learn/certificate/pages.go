package certificate

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/sheet"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const (
	shown     = 50 // certificates on a page
	formLimit = 64 << 10
)

// Module is what certificates bring to the house.
func (c *Certificates) Module() module.Module {
	readers := []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager, module.Head, module.Supervisor}
	return module.Module{
		Name:   "learn_certificate",
		Schema: schema,
		Actions: []module.Action{
			{Name: Read, Roles: readers},
			{Name: Grant, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer}},
		},
		Menu: []module.Link{
			{Text: i18n.T("learn_certificate.mine"), Path: "/certificates/mine", Icon: "certificate", Order: 30},
			{Text: i18n.T("learn_certificate.register"), Path: "/certificates", Icon: "certificate", Needs: Read, Order: 55},
		},
		Routes: c.routes,
		Files:  c.refs,
	}
}

func (c *Certificates) routes(m *web.Mux) {
	often := web.NewLimiter(60, 30) // so that nobody tries serials by the thousand
	m.Public("GET /c", web.Limited(often, c.askSerial))
	m.Public("GET /c/{serial}", web.Limited(often, c.check))
	m.Handle("GET /certificates", c.register)
	m.Handle("GET /certificates/file", c.registerFile)
	m.Handle("GET /certificates/mine", c.mine)
	m.Handle("GET /certificates/{id}", c.show)
	m.Handle("GET /certificates/{id}/file", c.file)
	m.Handle("POST /certificates/{id}/revoke", c.revoke)
	m.Handle("POST /certificates/{id}/replace", c.replace)
	m.Handle("POST /certificate-packs", c.packUp)
	m.Handle("GET /certificate-packs/{id}", c.showPack)
	m.Handle("GET /certificate-packs/{id}/file", c.packFile)
	m.Handle("GET /certificate-templates/{unit}", c.editTemplate)
	m.Handle("POST /certificate-templates/{unit}", c.saveTemplate)
}

// askSerial is the page on which a serial is typed in.
func (c *Certificates) askSerial(w http.ResponseWriter, r *http.Request) error {
	if s := r.FormValue("serial"); s != "" {
		if clean := CleanSerial(s); clean != "" {
			return web.SeeOther(w, r, "/c/"+clean)
		}
		return c.shownCheck(w, r, http.StatusNotFound, nil, s)
	}
	return c.shownCheck(w, r, http.StatusOK, nil, "")
}

func (c *Certificates) check(w http.ResponseWriter, r *http.Request) error {
	typed := r.PathValue("serial")
	p, err := c.Check(r.Context(), typed)
	if errors.Is(err, errs.NotFound) {
		return c.shownCheck(w, r, http.StatusNotFound, nil, typed)
	}
	if err != nil {
		return err
	}
	return c.shownCheck(w, r, http.StatusOK, &p, "")
}

func (c *Certificates) shownCheck(w http.ResponseWriter, r *http.Request, status int, p *Proof, unknown string) error {
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("learn_certificate.check"), Narrow: true, Body: checkPage(p, unknown)})
}

func (c *Certificates) mine(w http.ResponseWriter, r *http.Request) error {
	list, err := c.Mine(r.Context())
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_certificate.mine"), Body: minePage(list)})
}

func (c *Certificates) register(w http.ResponseWriter, r *http.Request) error {
	if !access.Anywhere(r.Context(), Read) {
		return errs.New(errs.Denied, "error.denied")
	}
	v := r.URL.Query()
	page := ui.PageAt(v)
	list, total, err := c.Register(r.Context(), Filter{Text: v.Get("q"), Course: v.Get("course"), Limit: shown, Offset: (page - 1) * shown})
	if err != nil {
		return err
	}
	p := ui.Page{Title: i18n.T("learn_certificate.register"), Wide: true,
		Body:    registerPage(list, v.Get("q"), ui.Pages{At: page, Size: shown, Total: total, Path: "/certificates", Query: v}, c.own(r)),
		Actions: []ui.Act{{Text: i18n.T("learn_certificate.xlsx"), Href: "/certificates/file?" + v.Encode(), Icon: "download", Download: true}}}
	return ui.Show(w, r, http.StatusOK, p)
}

// own lists the units whose certificates the actor issues.
func (c *Certificates) own(r *http.Request) (units []org.Unit) {
	s, t := access.In(r.Context(), Grant), c.orgs.Now(r.Context())
	tops := s.Tops()
	if s.All() {
		tops = t.Roots()
	}
	for _, id := range tops {
		if u, ok := t.Unit(id); ok {
			units = append(units, u)
		}
	}
	return units
}

// registerFile is the register book as a sheet, at most 100,000 lines.
func (c *Certificates) registerFile(w http.ResponseWriter, r *http.Request) error {
	v, ctx := r.URL.Query(), r.Context()
	list, _, err := c.Register(ctx, Filter{Text: v.Get("q"), Course: v.Get("course"), Limit: 100_000})
	if err != nil {
		return err
	}
	if err := access.Audit(ctx, c.db, access.Entry{Action: Read, Subject: "register", Read: true, Detail: len(list)}); err != nil {
		return err
	}
	s := sheet.Sheet{Name: i18n.S(ctx, "learn_certificate.register"), Titles: []string{i18n.S(ctx, "learn_certificate.register")}}
	for _, k := range []string{"number", "serial", "holder", "born", "unit", "course", "hours", "grade", "issued", "state", "why"} {
		s.Fields = append(s.Fields, sheet.Field{Title: i18n.S(ctx, "learn_certificate."+k)})
	}
	s.Fields[8].Format = sheet.Date
	rows := make([][]any, len(list))
	for i, k := range list {
		rows[i] = []any{number(k), k.Serial, k.Holder, k.Born, k.UnitName, k.Title, k.Hours, k.Grade, k.Issued, i18n.S(ctx, "learn_certificate.state."+string(k.State)), k.Why}
	}
	s.Rows = sheet.Rows(rows)
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="so-dang-ky.xlsx"`)
	return sheet.WriteXLSX(w, s)
}

func number(k Certificate) string {
	return strconv.FormatInt(k.Number, 10) + "/" + strconv.FormatInt(k.Year, 10)
}

func (c *Certificates) show(w http.ResponseWriter, r *http.Request) error {
	return c.shownOne(w, r, http.StatusOK, nil)
}

func (c *Certificates) shownOne(w http.ResponseWriter, r *http.Request, status int, refused *errs.Error) error {
	k, err := c.Certificate(r.Context(), ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	may := access.Allowed(r.Context(), Grant, k.Unit) && k.State == Valid
	p := ui.Page{Title: i18n.T("learn_certificate.of", k.Holder), Narrow: true, Body: showPage(k, may, refused, r.PostForm.Get("why")),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn_certificate.register"), Href: "/certificates"}}}
	if k.State == Valid {
		p.Actions = []ui.Act{{Text: i18n.T("learn_certificate.pdf"), Href: "/certificates/" + string(k.ID) + "/file", Icon: "download", Download: true}}
	}
	return ui.Show(w, r, status, p)
}

func (c *Certificates) file(w http.ResponseWriter, r *http.Request) error {
	var b bytes.Buffer
	if err := c.Print(r.Context(), ID(r.PathValue("id")), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="giay-chung-nhan.pdf"`)
	_, err := b.WriteTo(w)
	return err
}

func (c *Certificates) revoke(w http.ResponseWriter, r *http.Request) error {
	return c.ended(w, r, c.Revoke)
}

func (c *Certificates) replace(w http.ResponseWriter, r *http.Request) error {
	return c.ended(w, r, c.Replace)
}

func (c *Certificates) ended(w http.ResponseWriter, r *http.Request, end func(ctx context.Context, cert ID, edition int64, why string) error) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	edition, _ := strconv.ParseInt(r.PostForm.Get("edition"), 10, 64)
	err := end(r.Context(), ID(r.PathValue("id")), edition, r.PostForm.Get("why"))
	if errors.Is(err, errs.Invalid) {
		return c.shownOne(w, r, http.StatusUnprocessableEntity, errs.Of(err))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/certificates/"+r.PathValue("id"))
}

func (c *Certificates) packUp(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	pack, err := c.PackUp(r.Context(), org.UnitID(r.PostForm.Get("unit")), r.PostForm.Get("course"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/certificate-packs/"+pack)
}

func (c *Certificates) showPack(w http.ResponseWriter, r *http.Request) error {
	p, err := c.PackOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn_certificate.pack"), Narrow: true, Fragment: true, Body: packPage(p),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn_certificate.register"), Href: "/certificates"}}})
}

func (c *Certificates) packFile(w http.ResponseWriter, r *http.Request) error {
	p, err := c.PackOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return file.Serve(w, r, c.files, file.Ref(p.File), "giay-chung-nhan.zip", "application/zip")
}

func (c *Certificates) editTemplate(w http.ResponseWriter, r *http.Request) error {
	unit := org.UnitID(r.PathValue("unit"))
	if err := access.Check(r.Context(), Grant, unit); err != nil {
		return err
	}
	t, err := c.TemplateOf(r.Context(), unit)
	if err != nil {
		return err
	}
	if t.Unit != unit { // that of a unit above, to start from
		t.Unit, t.Edition = unit, 0
	}
	return c.shownTemplate(w, r, http.StatusOK, t, nil)
}

func (c *Certificates) shownTemplate(w http.ResponseWriter, r *http.Request, status int, t Template, refused *errs.Error) error {
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("learn_certificate.template", c.orgs.Now(r.Context()).Name(t.Unit)), Narrow: true,
		Body: templatePage(t, refused), Crumbs: []ui.Crumb{{Text: i18n.T("learn_certificate.register"), Href: "/certificates"}}})
}

func (c *Certificates) saveTemplate(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	f := r.PostForm
	edition, _ := strconv.ParseInt(f.Get("edition"), 10, 64)
	t := Template{Unit: org.UnitID(r.PathValue("unit")), ParentBody: f.Get("parent_body"), Issuer: f.Get("issuer"), Completed: f.Get("completed"),
		Place: f.Get("place"), Sign: f.Get("sign"), Signer: f.Get("signer"), Accent: f.Get("accent"), Edition: edition}
	err := c.SetTemplate(r.Context(), t)
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		return c.shownTemplate(w, r, e.Kind.Status(), t, e)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/certificates")
}

// refs tells doctor which files the packs hold.
func (c *Certificates) refs(ctx context.Context, yield func(string) error) error {
	return db.Each(ctx, c.db, `select file from learn_certificate_pack where file <> ''`, nil, yield)
}
