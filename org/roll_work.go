package org

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/job"
	"lotrinh/platform/sheet"
)

// rollJobs does what was sent, and sweeps what is old.
func (o *Org) rollJobs(q *job.Queue) {
	o.queue = q
	q.Handle(rollRead, func(ctx context.Context, body []byte) error { return o.workOn(ctx, body, RollReading, o.readRun) })
	q.Handle(rollWrite, func(ctx context.Context, body []byte) error { return o.workOn(ctx, body, RollWriting, o.writeRun) })
	q.Schedule(job.Schedule{Name: "org.roll.sweep", Every: 6 * time.Hour, Run: o.sweepRolls})
}

// workOn does one step of a run that still waits for it, as who sent it. What a person
// can mend refuses the run; any other failure is tried again.
func (o *Org) workOn(ctx context.Context, body []byte, state string, step func(context.Context, Run, *sheet.Table, RollOptions) error) error {
	var id string
	if err := json.Unmarshal(body, &id); err != nil {
		return err
	}
	r, err := db.One[Run](ctx, o.db, `select `+db.Columns[Run]("")+` from org_roll where id = $1`, id)
	if err != nil || r.State != state {
		return err
	}
	p := &progress{}
	o.work.Store(id, p)
	defer o.work.Delete(id)
	opt, err := o.optionsOf(ctx, r)
	if err != nil {
		return err
	}
	opt.Progress = func(done, total int) { p.done.Store(int64(done)); p.total.Store(int64(total)) }
	err = o.actFor(ctx, r, func(ctx context.Context) error {
		return o.withTable(ctx, r, func(t *sheet.Table) error { return step(ctx, r, t, opt) })
	})
	if e := errs.Of(err); err != nil && e.Kind != errs.Fault {
		_, err = o.db.Exec(ctx, `update org_roll set state = 'refused', error = $1, done_at = $2 where id = $3`, encodeText(e.Text), clock.Now(ctx), id)
	}
	return err
}

// actFor calls fn as the account that sent a run, with the rights it has now.
func (o *Org) actFor(ctx context.Context, r Run, fn func(context.Context) error) error {
	if o.again == nil {
		return errors.New("org: nobody said how accounts act again (ActBy)")
	}
	ctx, err := o.again(ctx, r.Account)
	if err != nil {
		return err
	}
	return fn(ctx)
}

func (o *Org) withTable(ctx context.Context, r Run, fn func(*sheet.Table) error) error {
	f, info, err := o.files.Open(ctx, file.Ref(r.File))
	if err != nil {
		return err
	}
	defer f.Close()
	t, err := sheet.Open(readerAt(f), info.Size, r.Name, sheet.Limits{File: rollFileMax})
	if err != nil {
		return err
	}
	return fn(t)
}

// readerAt is r as an io.ReaderAt; stores that read over the network only seek.
func readerAt(r io.ReadSeeker) io.ReaderAt {
	if at, ok := r.(io.ReaderAt); ok {
		return at
	}
	return &seekAt{r: r}
}

type seekAt struct {
	mu sync.Mutex
	r  io.ReadSeeker
}

// ReadAt implements io.ReaderAt.
func (s *seekAt) ReadAt(p []byte, off int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

func (o *Org) readRun(ctx context.Context, r Run, t *sheet.Table, opt RollOptions) error {
	roll, err := o.PreviewPeople(ctx, t, opt)
	if err != nil {
		return err
	}
	return o.saveRun(ctx, r, roll, RollReady)
}

// writeRun carries a run out: what it does to people, and that it is done, are one
// transaction.
func (o *Org) writeRun(ctx context.Context, r Run, t *sheet.Table, opt RollOptions) error {
	opt.Stamp = r.Stamp
	_, err := o.importRoll(ctx, t, opt, func(ctx context.Context, roll Roll) error { return o.saveRun(ctx, r, roll, RollDone) })
	return err
}

// saveRun writes down what a step came to.
func (o *Org) saveRun(ctx context.Context, r Run, roll Roll, state string) error {
	rows := make([]rollLineRow, len(roll.Lines))
	for i, l := range roll.Lines {
		rows[i] = rollLineRow{r.ID, i, l.Row, l.Level, encodeText(l.Text)}
	}
	kept := make([]keptText, len(roll.Notes))
	for i, n := range roll.Notes {
		kept[i] = keepText(n)
	}
	notes, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	var done any
	if state == RollDone {
		done = clock.Now(ctx).UnixMicro()
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		n, err := o.db.Exec(ctx, `update org_roll set state = $1, total = $2, fresh = $3, changed = $4, same = $5, bad = $6, warned = $7,
			stamp = $8, notes = $9, done_at = $10 where id = $11 and state = $12`, state, roll.Rows, roll.New, roll.Changed, roll.Same,
			roll.Bad, roll.Warned, roll.Stamp, string(notes), done, r.ID, r.State)
		if err != nil || n == 0 {
			return err
		}
		if _, err := o.db.Exec(ctx, `delete from org_roll_line where roll_id = $1`, r.ID); err != nil {
			return err
		}
		if err := o.saveAsks(ctx, r.ID, roll.Asks); err != nil {
			return err
		}
		return db.Insert(ctx, o.db, "org_roll_line", rows...)
	})
}

// sweepRolls forgets files and lines of old rolls: they name people.
func (o *Org) sweepRolls(ctx context.Context) error {
	before := clock.Now(ctx).Add(-rollKept)
	for _, table := range []string{"org_roll_line", "org_roll_ask"} {
		if _, err := o.db.Exec(ctx, `delete from `+table+` where roll_id in (select id from org_roll where made_at < $1 and file <> '')`, before); err != nil {
			return err
		}
	}
	_, err := o.db.Exec(ctx, `update org_roll set file = '' where made_at < $1`, before)
	return err
}
