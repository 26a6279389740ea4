package main

import (
	"context"
	"fmt"
	"io"

	"lotrinh/app"
)

type doctorCmd struct{}

// Run checks the house and exits with 3 when something is not sound. It does not
// bring the tables up to date, since that is one of the things it checks, and makes no folder, database or key where there is none.
func (doctorCmd) Run(ctx context.Context, out io.Writer, g global) error {
	c := g.config()
	c.Existing = true
	h, err := app.Open(ctx, c)
	if err != nil {
		fmt.Fprintf(out, "FAULT  %-10s %v\n", "house", err)
		return errUnsound
	}
	defer h.Close()
	sound := true
	for _, f := range h.Doctor(ctx) {
		mark := "ok   "
		if !f.Sound {
			mark, sound = "FAULT", false
		}
		fmt.Fprintf(out, "%s  %-10s %s\n", mark, f.Check, f.Text)
	}
	if !sound {
		return errUnsound
	}
	return nil
}
