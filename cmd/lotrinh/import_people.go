package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"lotrinh/access"
	"lotrinh/app"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
)

type importPeopleCmd struct {
	File     string `arg:"" type:"existingfile" help:"Roll of people, XLSX or CSV, with the columns of the form that the page of people gives."`
	Unit     string `help:"Code of the unit whose roll it is: rows that name no unit are of it."`
	DryRun   bool   `help:"Only say what would change."`
	On       string `help:"Day from which new posts hold where a row tells none, as 2025-07-01. Default: today."`
	Category string `help:"Category of rows that tell none." enum:"cadre,civil_servant,public_employee,worker,part_time_worker,team_member," default:""`
	Partial  bool   `help:"Take the rows that are right and leave out those that are not."`
	Lang     string `help:"Language of what is said about rows: vi or en." enum:"vi,en" default:"vi"`
}

// Run brings in a roll of people, all or nothing unless told otherwise.
func (c importPeopleCmd) Run(ctx context.Context, out io.Writer, g global) error {
	on, err := clock.ParseDate(c.On)
	if err != nil {
		return err
	}
	return openExisting(ctx, g, func(h *app.House) error {
		ctx := i18n.With(access.System(ctx), i18n.Lang(c.Lang))
		tell := progress(os.Stderr)
		opt := org.RollOptions{On: on, Category: org.Category(c.Category), Partial: c.Partial, Name: "lotrinh import people",
			Progress: func(done, total int) { tell(c.File, done, total) }}
		if c.Unit != "" {
			if opt.Unit, err = h.UnitByCode(ctx, c.Unit); err != nil {
				return err
			}
		}
		roll, err := c.read(ctx, h, opt)
		tellRoll(ctx, out, roll)
		switch {
		case err != nil:
			return err
		case c.DryRun && roll.Bad > 0 && !c.Partial:
			return fmt.Errorf("nothing was changed: mend %d rows of %s first, or leave them out with --partial", roll.Bad, c.File)
		case c.DryRun:
			_, err = fmt.Fprintln(out, "Nothing was changed. Leave --dry-run out to do it.")
		}
		return err
	})
}

func (c importPeopleCmd) read(ctx context.Context, h *app.House, opt org.RollOptions) (org.Roll, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return org.Roll{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return org.Roll{}, err
	}
	if !c.DryRun {
		return h.Orgs.ImportPeopleFile(ctx, f, info.Size(), c.File, opt)
	}
	t, err := sheet.Open(f, info.Size(), c.File, sheet.Limits{})
	if err != nil {
		return org.Roll{}, err
	}
	return h.Orgs.PreviewPeople(ctx, t, opt)
}

const linesShown = 200 // of a level, on a terminal

// tellRoll says what came of the rows; what is wrong row by row.
func tellRoll(ctx context.Context, out io.Writer, r org.Roll) {
	for _, n := range r.Notes {
		fmt.Fprintln(out, n.In(ctx))
	}
	shown := map[string]int{}
	for _, l := range r.Lines {
		if l.Level != org.RollBad && l.Level != org.RollWarn {
			continue
		}
		if shown[l.Level]++; shown[l.Level] <= linesShown {
			fmt.Fprintf(out, "%s  row %d: %s\n", l.Level, l.Row, l.Text.In(ctx))
		}
	}
	if r.Rows > 0 {
		fmt.Fprintf(out, "%d rows: %d new, %d changed, %d the same, %d cannot be taken, %d with a warning\n", r.Rows, r.New, r.Changed, r.Same, r.Bad, r.Warned)
	}
}
