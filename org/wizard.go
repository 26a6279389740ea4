package org

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
)

// wizard is an import or a merger that somebody is working out.
type wizard struct {
	ID      string
	Kind    wizardKind
	Title   string
	MadeAt  time.Time
	DoneAt  time.Time
	Edition int64
	wizardBody
}

type wizardKind string

const (
	importWizard wizardKind = "import"
	mergerWizard wizardKind = "merger"
)

// action is what one must be allowed to do somewhere for taking part.
func (k wizardKind) action() module.ActionName {
	if k == importWizard {
		return UnitEdit
	}
	return UnitMerge
}

// wizardBody is what of it is kept as JSON.
type wizardBody struct {
	File    string            `json:"file"`
	List    []ListRow         `json:"list,omitempty"`
	Mapping []MapRow          `json:"mapping,omitempty"`
	By      Basis             `json:"by"`
	Absorb  bool              `json:"absorb"`
	Whole   bool              `json:"whole"`
	Answers map[string]string `json:"answers,omitempty"`
}

func (w *wizard) list() List {
	return List{Rows: w.List, By: w.By, Whole: w.Whole, Mapping: w.Mapping, Absorb: w.Absorb, Answers: w.Answers}
}

func (w *wizard) merger() Merger {
	return Merger{Rows: w.Mapping, By: w.By, Absorb: w.Absorb, Answers: w.Answers}
}

type wizardRow struct {
	ID      string     `db:"id"`
	Kind    wizardKind `db:"kind"`
	Title   string     `db:"title"`
	Body    string     `db:"body"`
	MadeAt  time.Time  `db:"made_at"`
	DoneAt  time.Time  `db:"done_at"`
	Edition int64      `db:"edition"`
}

// upload is a file that came with a form.
type upload struct {
	name string
	body io.Reader
}

// begin starts a wizard from files: for a merger a mapping, with one of provinces
// besides where there is one; for an import a list, with a mapping where there is
// one.
func (o *Org) begin(ctx context.Context, k wizardKind, body wizardBody, files []upload) (string, error) {
	if err := o.mayAsk(ctx, k.action()); err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "", errs.New(errs.Invalid, "error.invalid").Field("file", "org.file.none")
	}
	body.File = files[0].name
	for i, f := range files {
		if k == importWizard && i == 0 {
			rows, err := ParseList(f.body, f.name)
			if err != nil {
				return "", err
			}
			body.List = rows
			continue
		}
		rows, err := ParseMapping(f.body, f.name)
		if err != nil {
			return "", err
		}
		body.Mapping = append(body.Mapping, rows...)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	title := body.By.Act.Label()
	if title == "" {
		title = clean(body.File)
	}
	row := wizardRow{id.New(ctx), k, title, string(text), clock.Now(ctx), time.Time{}, 1}
	return row.ID, db.Insert(ctx, o.db, "org_wizard", row)
}

// wizard reads one back.
func (o *Org) wizard(ctx context.Context, k wizardKind, id string) (wizard, error) {
	if err := o.mayAsk(ctx, k.action()); err != nil {
		return wizard{}, err
	}
	row, err := db.One[wizardRow](ctx, o.db, `select `+db.Columns[wizardRow]("")+` from org_wizard where id = $1 and kind = $2`, id, k)
	if err != nil {
		return wizard{}, err
	}
	w := wizard{ID: row.ID, Kind: row.Kind, Title: row.Title, MadeAt: row.MadeAt, DoneAt: row.DoneAt, Edition: row.Edition}
	return w, json.Unmarshal([]byte(row.Body), &w.wizardBody)
}

const wizardsShown = 20

// wizards lists the latest of a kind, without what is in them.
func (o *Org) wizards(ctx context.Context, k wizardKind) ([]wizardRow, error) {
	if err := o.mayAsk(ctx, k.action()); err != nil {
		return nil, err
	}
	return db.All[wizardRow](ctx, o.db, `select id, kind, title, '' as body, made_at, done_at, edition from org_wizard
		where kind = $1 order by made_at desc limit $2`, k, wizardsShown)
}

// preview works a wizard out on the units as they are.
func (o *Org) preview(ctx context.Context, w wizard) (Preview, error) {
	if w.Kind == importWizard {
		return o.PreviewImport(ctx, w.list())
	}
	return o.PreviewMerger(ctx, w.merger())
}

// answer keeps answers; one that is empty is taken back.
func (o *Org) answer(ctx context.Context, w wizard, answers map[string]string) error {
	if err := o.mayAsk(ctx, w.Kind.action()); err != nil {
		return err
	}
	if w.Answers == nil {
		w.Answers = map[string]string{}
	}
	for k, v := range answers {
		if v = clean(v); v == "" {
			delete(w.Answers, k)
		} else {
			w.Answers[k] = v
		}
	}
	text, err := json.Marshal(w.wizardBody)
	if err != nil {
		return err
	}
	n, err := o.db.Exec(ctx, `update org_wizard set body = $1, edition = edition + 1
		where id = $2 and edition = $3 and done_at is null`, string(text), w.ID, w.Edition)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "error.changed")
	}
	return err
}

// finish carries a wizard out as its preview of stamp said.
func (o *Org) finish(ctx context.Context, w wizard, stamp string) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		n, err := o.db.Exec(ctx, `update org_wizard set done_at = $1 where id = $2 and done_at is null`, clock.Now(ctx), w.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "org.wizard.done")
		}
		if w.Kind == importWizard {
			return o.Import(ctx, w.list(), stamp)
		}
		return o.ApplyMerger(ctx, w.merger(), stamp)
	})
}

const wizardKept = 90 * 24 * time.Hour

// sweep forgets wizards that nobody finished, and what was in those that were.
func (o *Org) sweep(ctx context.Context) error {
	_, err := o.db.Exec(ctx, `delete from org_wizard where made_at < $1`, clock.Now(ctx).Add(-wizardKept))
	return err
}
