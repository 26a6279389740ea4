package org

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// The states of a Run.
const (
	RollReading = "reading" // the file waits to be read, or is being read
	RollReady   = "ready"   // it was read; someone looks at what it would do
	RollRefused = "refused" // the file, or the outcome, could not be taken
	RollWriting = "writing" // it waits to be carried out, or is being carried out
	RollDone    = "done"
)

// Run is a roll that somebody sent to be read and carried out in the background.
type Run struct {
	ID       string     `db:"id"`
	Account  string     `db:"account"`
	Actor    string     `db:"actor"`
	Unit     *UnitID    `db:"unit_id"`
	Category Category   `db:"category"`
	On       clock.Date `db:"on_date"`
	File     string     `db:"file"`
	Name     string     `db:"name"`
	State    string     `db:"state"`
	Rows     int        `db:"total"`
	New      int        `db:"fresh"`
	Changed  int        `db:"changed"`
	Same     int        `db:"same"`
	Bad      int        `db:"bad"`
	Warned   int        `db:"warned"`
	Partial  bool       `db:"partial"`
	Stamp    string     `db:"stamp"`
	Error    string     `db:"error"`
	Notes    string     `db:"notes"`
	Once     *string    `db:"once"`
	MadeAt   time.Time  `db:"made_at"`
	DoneAt   time.Time  `db:"done_at"`
}

// unit is the unit of the roll, "" none.
func (r Run) unit() UnitID {
	if r.Unit == nil {
		return ""
	}
	return *r.Unit
}

func (r Run) options() RollOptions {
	return RollOptions{Unit: r.unit(), On: r.On, Category: r.Category, Partial: r.Partial, Name: "roll:" + r.ID}
}

// Refused is why the roll was refused; zero when it was not.
func (r Run) Refused() i18n.Text {
	if r.Error == "" {
		return i18n.Text{}
	}
	return decodeText(r.Error)
}

// Remarks are about the file as a whole.
func (r Run) Remarks() []i18n.Text {
	var kept []keptText
	if json.Unmarshal([]byte(r.Notes), &kept) != nil {
		return nil
	}
	texts := make([]i18n.Text, len(kept))
	for i, k := range kept {
		texts[i] = k.text()
	}
	return texts
}

// progress is how far a run is, in memory of the node that works on it.
type progress struct{ done, total atomic.Int64 }

const (
	rollRead    = "org.roll.read"
	rollWrite   = "org.roll.write"
	rollFileMax = 50 << 20            // bytes of an upload
	rollKept    = 30 * 24 * time.Hour // after which file and lines of a roll are swept
)

// SendRoll keeps a file and has it read in the background; once names the sending, so
// that a repeated one is the same run.
func (o *Org) SendRoll(ctx context.Context, body io.Reader, name, once string, opt RollOptions) (string, error) {
	if err := o.maySend(ctx, opt.Unit); err != nil {
		return "", err
	}
	if done, err := o.sent(ctx, once); err != nil || done != "" {
		return done, err
	}
	info, err := o.files.Put(ctx, body, rollFileMax)
	if err != nil {
		return "", err
	}
	account, actor := access.Who(ctx)
	if opt.On == 0 {
		opt.On = clock.Today(ctx)
	}
	r := Run{ID: id.New(ctx), Account: account, Actor: actor, Category: opt.Category, On: opt.On, File: string(info.Ref),
		Name: clip(text.Clean(name)), State: RollReading, Notes: "[]", MadeAt: clock.Now(ctx)}
	if opt.Unit != "" {
		r.Unit = &opt.Unit
	}
	if once != "" {
		r.Once = &once
	}
	return r.ID, o.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, o.db, "org_roll", r); err != nil {
			return err
		}
		if err := o.audit(ctx, Entry{Action: PersonEdit, Unit: opt.Unit, Subject: "roll:" + r.ID, Detail: map[string]any{"file": r.Name, "bytes": info.Size}}); err != nil {
			return err
		}
		return o.queue.Add(ctx, rollRead, r.ID)
	})
}

func (o *Org) maySend(ctx context.Context, unit UnitID) error {
	if unit != "" || !access.Anywhere(ctx, PersonEdit) {
		return access.Check(ctx, PersonEdit, unit)
	}
	return nil
}

func (o *Org) sent(ctx context.Context, once string) (string, error) {
	if once == "" {
		return "", nil
	}
	r, err := db.One[string](ctx, o.db, `select id from org_roll where once = $1`, once)
	if errors.Is(err, errs.NotFound) {
		err = nil
	}
	return r, err
}

// run reads a run that is the actor's own.
func (o *Org) run(ctx context.Context, id string) (Run, error) {
	if !access.Anywhere(ctx, PersonEdit) {
		return Run{}, access.Check(ctx, PersonEdit, "")
	}
	account, _ := access.Who(ctx)
	return db.One[Run](ctx, o.db, `select `+db.Columns[Run]("")+` from org_roll where id = $1 and account = $2`, id, account)
}

// RollRun is a run with its lines, for who sent it, and how far it is: done of total
// rows, zero when nobody here knows. Asks through run.
func (o *Org) RollRun(ctx context.Context, id string) (r Run, done, total int64, err error) {
	if r, err = o.run(ctx, id); err != nil {
		return r, 0, 0, err
	}
	if p, ok := o.work.Load(id); ok {
		done, total = p.(*progress).done.Load(), p.(*progress).total.Load()
	}
	return r, done, total, nil
}

// RollLines lists what there is to say of the rows of a run, of one level, by row.
// Asks through run.
func (o *Org) RollLines(ctx context.Context, id, level string, limit, offset int) ([]RollLine, error) {
	if _, err := o.run(ctx, id); err != nil {
		return nil, err
	}
	rows, err := db.All[rollLineRow](ctx, o.db, `select `+db.Columns[rollLineRow]("")+` from org_roll_line where roll_id = $1 and level = $2
		order by n limit $3 offset $4`, id, level, limit, offset)
	lines := make([]RollLine, len(rows))
	for i, r := range rows {
		lines[i] = RollLine{r.Row, r.Level, decodeText(r.Text)}
	}
	return lines, err
}

func (o *Org) countRollLines(ctx context.Context, id, level string) (int, error) {
	return db.One[int](ctx, o.db, `select count(*) from org_roll_line where roll_id = $1 and level = $2`, id, level)
}

type rollLineRow struct {
	Roll  string `db:"roll_id"`
	N     int    `db:"n"`
	Row   int    `db:"row_no"`
	Level string `db:"level"`
	Text  string `db:"text"`
}

// Runs lists the actor's own runs, the latest first.
func (o *Org) Runs(ctx context.Context) ([]Run, error) {
	if !access.Anywhere(ctx, PersonEdit) {
		return nil, access.Check(ctx, PersonEdit, "")
	}
	account, _ := access.Who(ctx)
	return db.All[Run](ctx, o.db, `select `+db.Columns[Run]("")+` from org_roll where account = $1 order by made_at desc limit 20`, account)
}

// ReadAgain has the file of a run that was refused, or looked at, read anew. Asks
// through run.
func (o *Org) ReadAgain(ctx context.Context, id string) error {
	r, err := o.run(ctx, id)
	if err != nil {
		return err
	}
	if r.File == "" {
		return errs.New(errs.NotFound, "org.roll.swept")
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		n, err := o.db.Exec(ctx, `update org_roll set state = 'reading', error = '', done_at = null where id = $1 and state in ('ready', 'refused')`, id)
		if err != nil || n == 0 {
			return err
		}
		return o.queue.Add(ctx, rollRead, id)
	})
}

// CarryOut has a run that is ready carried out in the background; stamp is that of
// the preview that was looked at. Done twice it does nothing more. Asks through run.
func (o *Org) CarryOut(ctx context.Context, id, stamp string, partial bool) error {
	r, err := o.run(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case r.State == RollWriting || r.State == RollDone:
		return nil
	case r.State != RollReady || r.Stamp != stamp:
		return errs.New(errs.Conflict, "org.roll.moved-on")
	case r.Bad > 0 && !partial:
		return errs.New(errs.Invalid, "org.roll.bad-rows", r.Bad)
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		n, err := o.db.Exec(ctx, `update org_roll set state = 'writing', partial = $1 where id = $2 and state = 'ready' and stamp = $3`, partial, id, stamp)
		if err != nil || n == 0 {
			return err
		}
		return o.queue.Add(ctx, rollWrite, id)
	})
}
