package org

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
)

// RollOptions is how a roll of people is read.
type RollOptions struct {
	Unit     UnitID     // whose roll it is: rows that name no unit are of it; may be ""
	On       clock.Date // day from which new posts hold where the row tells none; zero: today
	Category Category   // of rows that tell none; "" = such rows are refused when they are new
	Partial  bool       // take the rows that are right and leave out those that are not
	Stamp    string     // of the preview that was looked at; when the roll would do something else by now, nothing is done
	Name     string     // of this import in the audit log; "" = "roll"
	// Same says by row whom of those that RollAsk.Who names a row is about; "" is
	// somebody new.
	Same map[int]PersonID
	// Progress is told how many rows have been read and then written; may be nil.
	Progress func(done, total int)
}

// The levels of a RollLine.
const (
	RollBad    = "bad"    // the row cannot be taken
	RollWarn   = "warn"   // the row is taken; something was mended or should be looked at
	RollNew    = "new"    // a person who is entered
	RollChange = "change" // a person of whom something changes
)

// RollLine says something about a row of a roll.
type RollLine struct {
	Row   int
	Level string
	Text  i18n.Text
}

// Roll is what came, or would come, of a roll. Rows = New + Changed + Same + Bad.
type Roll struct {
	File    string
	Sheet   string // of a workbook
	Rows    int
	New     int
	Changed int
	Same    int
	Bad     int
	Warned  int         // of the rows that are taken, those with a warning
	Notes   []i18n.Text // about the file as a whole: columns that are not read
	Lines   []RollLine  // by row; the first linesMax of each level
	Asks    []RollAsk   // rows of which nobody knows whom they are about
	Stamp   string      // tells this outcome from another
	Done    bool        // it was carried out
}

const linesMax = 1000 // lines of each level that are kept of a roll

// PreviewPeople says what ImportPeople would do with a roll, and what is wrong with
// its rows. Asks through plan: for the right to edit people in each unit of the roll.
func (o *Org) PreviewPeople(ctx context.Context, t *sheet.Table, opt RollOptions) (Roll, error) {
	p, err := o.plan(ctx, t, opt)
	if err != nil {
		return Roll{}, err
	}
	return p.roll(), nil
}

// ImportPeople enters the people of a roll, and changes those who are entered already
// and of whom the roll tells something else; all in one transaction. A person is
// known again by number, or by name, birth date and unit. Cells that are empty change
// nothing. Without opt.Partial one bad row refuses the roll. Errors: Invalid, and
// Conflict when what it would do is no longer what opt.Stamp stands for. Asks through
// plan.
func (o *Org) ImportPeople(ctx context.Context, t *sheet.Table, opt RollOptions) (Roll, error) {
	return o.importRoll(ctx, t, opt, func(context.Context, Roll) error { return nil })
}

// importRoll is ImportPeople, with what is to be done in the same transaction.
func (o *Org) importRoll(ctx context.Context, t *sheet.Table, opt RollOptions, also func(context.Context, Roll) error) (Roll, error) {
	p, err := o.plan(ctx, t, opt)
	if err != nil {
		return Roll{}, err
	}
	r := p.roll()
	switch {
	case opt.Stamp != "" && opt.Stamp != r.Stamp:
		return r, errs.New(errs.Conflict, "org.roll.moved-on")
	case r.Bad > 0 && !opt.Partial:
		return r, errs.New(errs.Invalid, "org.roll.bad-rows", r.Bad)
	}
	err = o.db.Tx(ctx, func(ctx context.Context) error {
		if err := o.carryRoll(ctx, p); err != nil {
			return err
		}
		r.Done = true
		return also(ctx, r)
	})
	r.Done = err == nil
	return r, err
}

// ImportPeopleFile is ImportPeople for a file, .xlsx or .csv. Asks through plan.
func (o *Org) ImportPeopleFile(ctx context.Context, file io.ReaderAt, size int64, name string, opt RollOptions) (Roll, error) {
	t, err := sheet.Open(file, size, name, sheet.Limits{})
	if err != nil {
		return Roll{}, err
	}
	return o.ImportPeople(ctx, t, opt)
}

// roll sums a plan up.
func (p *rollPlan) roll() Roll {
	r := Roll{File: p.file, Sheet: p.sheet, Rows: len(p.items), Notes: p.notes}
	stamp, kept := sha256.New(), map[string]int{}
	for i := range p.items {
		it := &p.items[i]
		fmt.Fprintln(stamp, it.num, it.act, it.person.ID, it.person.Edition, it.unit, len(it.bad))
		r.count(it)
		if len(it.asks) > 0 && len(r.Asks) < linesMax {
			r.Asks = append(r.Asks, it.ask())
		}
		for _, l := range it.lines() {
			if kept[l.Level]++; kept[l.Level] <= linesMax {
				r.Lines = append(r.Lines, l)
			}
		}
	}
	r.Stamp = hex.EncodeToString(stamp.Sum(nil)[:16])
	return r
}

func (r *Roll) count(it *rollItem) {
	switch it.act {
	case rowBad:
		r.Bad++
		return
	case rowNew:
		r.New++
	case rowChange:
		r.Changed++
	case rowSame:
		r.Same++
	}
	if len(it.warn) > 0 {
		r.Warned++
	}
}

// lines says what there is to say of a row.
func (it *rollItem) lines() (lines []RollLine) {
	put := func(level string, texts ...i18n.Text) {
		for _, t := range texts {
			lines = append(lines, RollLine{it.num, level, t})
		}
	}
	if it.act == rowBad {
		put(RollBad, it.bad...)
		return lines
	}
	put(RollWarn, it.warn...)
	switch it.act {
	case rowNew:
		put(RollNew, i18n.T("org.roll.enters", strconv.Itoa(it.num), it.who.Name, it.unitName))
	case rowChange:
		for _, c := range it.changes {
			put(RollChange, i18n.T("org.roll.changes", strconv.Itoa(it.num), it.person.Name, c))
		}
	}
	return lines
}
