package org

import (
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// wizardForm is the first step of an import or a merger.
type wizardForm struct {
	kind    wizardKind
	basis   basisForm
	absorb  bool
	whole   bool
	list    []wizardRow
	refused *errs.Error
	demo    bool // the demo's merger waits to be carried out
}

func (k wizardKind) path() string { return "/org/" + string(k) }

func (k wizardKind) text(what string) i18n.Text { return i18n.T("org." + string(k) + what) }

func (k wizardKind) steps() []ui.Step {
	return []ui.Step{{Text: k.text(".step-file")}, {Text: i18n.T("org.wizard.step-preview")}, {Text: i18n.T("org.wizard.step-done")}}
}

func (o *Org) showWizards(k wizardKind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return o.wizardsPage(w, r, http.StatusOK, wizardForm{kind: k, absorb: k == importWizard})
	}
}

func (o *Org) wizardsPage(w http.ResponseWriter, r *http.Request, status int, f wizardForm) (err error) {
	ctx := r.Context()
	if f.list, err = o.wizards(ctx, f.kind); err != nil {
		return err
	}
	f.demo = f.kind == mergerWizard && o.demoWaits(ctx)
	return ui.Show(w, r, status, ui.Page{Title: f.kind.text(""), Lead: f.kind.text(".lead"), Body: wizardFormBody(&f),
		Crumbs: []ui.Crumb{{Text: i18n.T("org.units"), Href: "/org/units"}}})
}

func (o *Org) beginWizard(k wizardKind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := web.Form(w, r, fileLimit); err != nil {
			return err
		}
		f := wizardForm{kind: k, basis: basisFormOf(r), absorb: r.FormValue("absorb") == "1", whole: r.FormValue("whole") == "1"}
		var form errs.Form
		by := f.basis.read(&form)
		err := form.Err()
		id := ""
		if err == nil {
			id, err = o.beginFrom(r, k, wizardBody{By: by, Absorb: f.absorb, Whole: f.whole})
		}
		var e *errs.Error
		if errors.As(err, &e) && (e.Kind == errs.Invalid || e.Kind == errs.TooLarge) {
			f.refused = e
			return o.wizardsPage(w, r, e.Kind.Status(), f)
		}
		if err != nil {
			return err
		}
		return web.SeeOther(w, r, k.path()+"/"+id)
	}
}

// beginFrom opens the files of the form and starts the wizard.
func (o *Org) beginFrom(r *http.Request, k wizardKind, body wizardBody) (string, error) {
	var files []upload
	for _, field := range []string{"file", "mapping"} {
		f, head, err := r.FormFile(field)
		if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
			continue
		}
		if err != nil {
			return "", errs.New(errs.Invalid, "error.unreadable").Because(err)
		}
		defer func(f multipart.File) { f.Close() }(f)
		if head.Size > 0 {
			files = append(files, upload{head.Filename, f})
		}
	}
	return o.begin(r.Context(), k, body, files)
}

// wizardPage is the second and third step: what would happen, what is asked, and
// the order to do it.
type wizardPage struct {
	wizard
	preview Preview
	done    bool
	refused *errs.Error
	shown   int // notes of each kind
}

const notesShown = 200

func (o *Org) showWizard(k wizardKind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		wz, err := o.wizard(r.Context(), k, r.PathValue("id"))
		if err != nil {
			return err
		}
		return o.wizardPage(w, r, http.StatusOK, wizardPage{wizard: wz, shown: notesShown})
	}
}

func (o *Org) wizardPage(w http.ResponseWriter, r *http.Request, status int, p wizardPage) (err error) {
	p.done = !p.DoneAt.IsZero()
	if !p.done {
		if p.preview, err = o.preview(r.Context(), p.wizard); err != nil {
			return err
		}
	}
	return ui.Show(w, r, status, ui.Page{Title: ui.Plain(p.Title), Lead: p.Kind.text(""), Body: wizardPageBody(&p), Wide: true,
		Crumbs: []ui.Crumb{{Text: i18n.T("org.units"), Href: "/org/units"}, {Text: p.Kind.text(""), Href: p.Kind.path()}}})
}

func (o *Org) answerWizard(k wizardKind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := web.Form(w, r, fileLimit); err != nil {
			return err
		}
		wz, err := o.wizard(r.Context(), k, r.PathValue("id"))
		if err != nil {
			return err
		}
		if err := o.answer(r.Context(), wz, answersOf(r)); err != nil {
			return err
		}
		ui.Flash(w, r, ui.Good, i18n.T("org.wizard.answered"))
		return web.SeeOther(w, r, k.path()+"/"+wz.ID)
	}
}

// answersOf takes the fields "a:KEY" of a form; what is as it was is left out.
func answersOf(r *http.Request) map[string]string {
	out := map[string]string{}
	for name, values := range r.Form {
		if key, ok := strings.CutPrefix(name, "a:"); ok && len(values) > 0 && values[0] != r.FormValue("was:"+key) {
			out[key] = values[0]
		}
	}
	return out
}

func (o *Org) applyWizard(k wizardKind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := web.Form(w, r, formLimit); err != nil {
			return err
		}
		ctx := r.Context()
		wz, err := o.wizard(ctx, k, r.PathValue("id"))
		if err != nil {
			return err
		}
		err = o.db.Try(ctx, func(ctx context.Context) error { return o.finish(ctx, wz, r.FormValue("stamp")) })
		var e *errs.Error
		if errors.As(err, &e) && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
			return o.wizardPage(w, r, e.Kind.Status(), wizardPage{wizard: wz, refused: e, shown: notesShown})
		}
		if err != nil {
			return err
		}
		ui.Flash(w, r, ui.Good, k.text(".done"))
		return web.SeeOther(w, r, k.path()+"/"+wz.ID)
	}
}

// downloadPreview gives every note as a table, for reading on paper.
func (o *Org) downloadPreview(k wizardKind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		wz, err := o.wizard(ctx, k, r.PathValue("id"))
		if err != nil {
			return err
		}
		p, err := o.preview(ctx, wz)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		w.Header().Set("Content-Disposition", `attachment; filename="xem-truoc.xlsx"`)
		return sheet.WriteXLSX(w, sheet.Sheet{Name: i18n.S(ctx, "org.wizard.step-preview"), Titles: []string{wz.Title},
			Fields: []sheet.Field{{Title: i18n.S(ctx, "org.note.kind-of"), Width: 24}, {Title: i18n.S(ctx, "org.note.line"), Format: sheet.Integer}, {Title: i18n.S(ctx, "org.note.text"), Width: 110}},
			Rows: func(yield func([]any, error) bool) {
				for _, kind := range NoteKinds {
					for _, n := range p.Of(kind) {
						if !yield([]any{i18n.S(ctx, "org.notes."+string(kind)), lineOf(n), n.Text.In(ctx)}, nil) {
							return
						}
					}
				}
			}})
	}
}

func lineOf(n Note) any {
	if n.Line == 0 {
		return nil
	}
	return n.Line
}

// demoWaits says whether the units are the demo's, before its merger.
func (o *Org) demoWaits(ctx context.Context) bool {
	if len(o.Turns(ctx)) == 0 || o.Turns(ctx)[0] >= MergerDay {
		return false
	}
	p, err := o.PreviewMerge2025(ctx)
	return err == nil && p.Ready()
}

func (o *Org) showMerger2025(w http.ResponseWriter, r *http.Request) error {
	p, err := o.PreviewMerge2025(r.Context())
	if err != nil {
		return err
	}
	return o.merger2025Page(w, r, http.StatusOK, p, nil)
}

func (o *Org) merger2025Page(w http.ResponseWriter, r *http.Request, status int, p Preview, refused *errs.Error) error {
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("org.merger-2025"), Lead: i18n.T("org.merger-2025.lead"), Wide: true,
		Body:   merger2025Body(p, refused),
		Crumbs: []ui.Crumb{{Text: i18n.T("org.units"), Href: "/org/units"}, {Text: i18n.T("org.merger"), Href: "/org/merger"}}})
}

func (o *Org) applyMerger2025(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := o.db.Try(ctx, func(ctx context.Context) error { return o.Merge2025(ctx) })
	var e *errs.Error
	if errors.As(err, &e) && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		return o.merger2025Page(w, r, e.Kind.Status(), Preview{}, e)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.merger.done"))
	return web.SeeOther(w, r, "/org/units")
}

// shapesPage is the form by which outlines come in.
type shapesPage struct {
	on      string
	refused *errs.Error
	in      *ShapesIn
}

func (o *Org) showShapes(w http.ResponseWriter, r *http.Request) error {
	if err := o.mayAsk(r.Context(), UnitEdit); err != nil {
		return err
	}
	return o.shapesPage(w, r, http.StatusOK, shapesPage{})
}

func (o *Org) shapesPage(w http.ResponseWriter, r *http.Request, status int, p shapesPage) error {
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("org.shapes"), Lead: i18n.T("org.shapes.lead"), Body: shapesBody(&p), Narrow: true,
		Crumbs: []ui.Crumb{{Text: i18n.T("org.units"), Href: "/org/units"}, {Text: i18n.T("org.map"), Href: "/org/map"}}})
}

func (o *Org) importShapes(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, fileLimit); err != nil {
		return err
	}
	p := shapesPage{on: r.FormValue("on")}
	m, err := momentOf(r)
	if err == nil {
		var f multipart.File
		f, _, err = r.FormFile("file")
		if err != nil {
			err = errs.New(errs.Invalid, "error.invalid").Field("file", "org.file.none").Because(err)
		} else {
			defer f.Close()
			err = o.db.Try(r.Context(), func(ctx context.Context) error {
				in, err := o.ImportShapes(ctx, f, m.on)
				p.in = &in
				return err
			})
		}
	}
	var e *errs.Error
	if errors.As(err, &e) && (e.Kind == errs.Invalid || e.Kind == errs.TooLarge) {
		p.refused, p.in = e, nil
		return o.shapesPage(w, r, e.Kind.Status(), p)
	}
	if err != nil {
		return err
	}
	if len(p.in.Unknown) > 0 {
		return o.shapesPage(w, r, http.StatusOK, p)
	}
	ui.Flash(w, r, ui.Good, i18n.T("org.shapes.done", p.in.Matched))
	return web.SeeOther(w, r, "/org/map?on="+m.on.String())
}
