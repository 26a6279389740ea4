package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"lotrinh/access"
)

type verifyCmd struct {
	File string `arg:"" help:"File that export audit wrote, or that the page of the log gave; - for standard input."`
	Link string `help:"Hash of the last link, as it was noted down before."`
}

// Run checks a proof with nothing but the file, as an outsider does.
func (c verifyCmd) Run(_ context.Context, out io.Writer) error {
	in := io.Reader(os.Stdin)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	p, err := access.VerifyExport(in)
	if err != nil {
		return err
	}
	for _, f := range p.Faults {
		fmt.Fprintf(out, "FAULT  link %d: %s %s\n", f.Seq, f.What, f.Entry)
	}
	if c.Link != "" && c.Link != p.Hash {
		p.Faults = append(p.Faults, access.Fault{Seq: p.Last, What: access.Moved})
		fmt.Fprintf(out, "FAULT  the last link is %s, not %s\n", p.Hash, c.Link)
	}
	if !p.Whole() {
		return errUnsound
	}
	_, err = fmt.Fprintf(out, "ok  house %s, links %d to %d, the last is %s\n", p.House, p.First, p.Last, p.Hash)
	return err
}
