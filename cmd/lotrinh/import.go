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
)

type importCmd struct {
	People importPeopleCmd `cmd:"" help:"Bring in people and posts from XLSX or CSV; says row by row what cannot be taken."`
	Units  importUnitsCmd  `cmd:"" help:"Bring in a list of units (code,name,level,parent_code,tier): says first what would change, does it with --yes."`
}

type importUnitsCmd struct {
	File  string `arg:"" type:"existingfile" help:"List of units, CSV or XLSX."`
	On    string `help:"Day on which the list holds, as 2025-07-01. Default: today."`
	Act   string `help:"Number of the legal act behind it."`
	Whole bool   `help:"The list is of the whole country: provinces that it leaves out end."`
	Yes   bool   `help:"Do it, rather than only say what would change."`
}

// Run says what a list of units would change and, with --yes, changes it.
func (c importUnitsCmd) Run(ctx context.Context, out io.Writer, g global) error {
	rows, err := readList(c.File)
	if err != nil {
		return err
	}
	on := clock.Today(ctx)
	if c.On != "" {
		if on, err = clock.ParseDate(c.On); err != nil {
			return err
		}
	}
	l := org.List{Rows: rows, Whole: c.Whole, By: org.Basis{On: on, Act: org.Act{Number: c.Act}}}
	return open(ctx, g.config(), func(h *app.House) error {
		ctx := access.System(ctx)
		p, err := h.Orgs.PreviewImport(ctx, l)
		if err != nil {
			return err
		}
		tellPreview(ctx, out, p)
		switch {
		case p.Empty() && p.Count(org.NoteProblem) == 0:
			_, err := fmt.Fprintln(out, "The units are as the list says: there is nothing to change.")
			return err
		case !p.Ready():
			return fmt.Errorf("nothing was changed: mend the problems above in %s first", c.File)
		case !c.Yes:
			_, err := fmt.Fprintln(out, "Nothing was changed. Say --yes to do it.")
			return err
		}
		return h.Orgs.Import(ctx, l, p.Stamp)
	})
}

func readList(name string) ([]org.ListRow, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return org.ParseList(f, name)
}

const notesShown = 20 // of a kind, on a terminal

func tellPreview(ctx context.Context, out io.Writer, p org.Preview) {
	for _, k := range org.NoteKinds {
		notes := p.Of(k)
		if len(notes) == 0 {
			continue
		}
		fmt.Fprintf(out, "%s: %d\n", k, len(notes))
		for i, n := range notes {
			if i == notesShown {
				fmt.Fprintf(out, "  … %d more\n", len(notes)-i)
				break
			}
			fmt.Fprintf(out, "  %s\n", n.Text.In(ctx))
		}
	}
}
