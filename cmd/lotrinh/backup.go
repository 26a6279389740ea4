package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"lotrinh/app"
	"lotrinh/platform/backup"
)

type backupCmd struct {
	To string `arg:"" help:"File to write, which must not exist yet; - for standard output." type:"path"`
}

// Run writes a backup while the house goes on working.
func (b backupCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return openExisting(ctx, g, func(h *app.House) error {
		if b.To == "-" {
			if _, err := backup.Write(ctx, out, h.DB, h.Files, h.Schemas(), func(string, int, int) {}); err != nil {
				return err
			}
			return h.NoteBackup(ctx)
		}
		r, err := writeWhole(b.To, func(w io.Writer) (backup.Report, error) {
			return backup.Write(ctx, w, h.DB, h.Files, h.Schemas(), progress(os.Stderr))
		})
		if err != nil {
			return err
		}
		if err := h.NoteBackup(ctx); err != nil {
			return err
		}
		return tell(out, b.To, r)
	})
}

// writeWhole writes a file under another name first, so that a file of that name
// is always whole.
func writeWhole[R any](name string, write func(io.Writer) (R, error)) (r R, err error) {
	if _, err := os.Stat(name); err == nil {
		return r, fmt.Errorf("%s exists already: choose another name", name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".lotrinh-backup-*")
	if err != nil {
		return r, err
	}
	defer os.Remove(f.Name())
	if r, err = write(f); err != nil {
		return r, errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return r, err
	}
	return r, os.Rename(f.Name(), name)
}

func tell(out io.Writer, name string, r backup.Report) error {
	_, err := fmt.Fprintf(out, "%s: %s, %s, %d tables, %d rows, %d files\n",
		name, r.At.Format("02/01/2006 15:04:05"), r.Engine, r.Tables, r.Rows, r.Files)
	return err
}

// progress tells what is being done, at most five times a second.
func progress(w io.Writer) backup.Progress {
	var last time.Time
	return func(what string, done, of int) {
		if time.Since(last) < 200*time.Millisecond {
			return
		}
		last = time.Now()
		if of > 0 {
			fmt.Fprintf(w, "\r%d/%d %-40s", done, of, what)
			return
		}
		fmt.Fprintf(w, "\r%d %-40s", done, what)
	}
}

type restoreCmd struct {
	From string `arg:"" help:"Backup to read; - for standard input."`
}

// Run makes the house of a backup in an empty database.
func (r restoreCmd) Run(ctx context.Context, out io.Writer, g global) error {
	in := io.Reader(os.Stdin)
	if r.From != "-" {
		f, err := os.Open(r.From)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	h, err := app.Open(ctx, g.config())
	if err != nil {
		return err
	}
	defer h.Close()
	done, err := backup.Restore(ctx, in, h.DB, h.Files, h.Schemas(), progress(os.Stderr))
	if err != nil {
		return err
	}
	return tell(out, r.From, done)
}
