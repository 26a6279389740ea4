package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"lotrinh/access"
	"lotrinh/platform/db"
)

// sealedTables hold what opens accounts and sessions, or serves the house alone; they
// are not given out.
var sealedTables = []string{"access_session", "access_step", "access_code", "access_passkey", "access_recovery", "access_key",
	"access_change", "access_setting", "access_unsealed", "job_queue", "job_clock", "web_once", "classroom_feed"}

// isSecret says whether a column opens something or tells a personal number: tables
// are given out without it, whichever room it is in.
func isSecret(column string) bool {
	switch column {
	case "password", "totp", "totp_step", "secret", "token":
		return true
	}
	return strings.HasSuffix(column, "_hash") || strings.HasSuffix(column, "_secret") || strings.HasSuffix(column, "_token")
}

// ExportStored gives out every table of the house as it is stored, as
// tables/NAME.jsonl with a JSON object a line, all read at one moment while others
// write; and every uploaded file as files/REF. What opens accounts or sessions is
// left out. create makes a file, tell is told how far it is. That it was done is
// noted in the log.
func (h *House) ExportStored(ctx context.Context, create func(name string) (io.WriteCloser, error), tell func(what string, done, of int)) (files int, err error) {
	if err := access.Audit(ctx, h.DB, access.Entry{Action: access.ViewAudit, Read: true, Detail: map[string]any{"exported": "tables"}}); err != nil {
		return 0, err
	}
	snap, err := h.DB.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	defer snap.Close()
	tables, err := snap.Tables(ctx)
	if err != nil {
		return 0, err
	}
	for i, t := range tables {
		tell(t.Name, i, len(tables))
		if slices.Contains(sealedTables, t.Name) {
			continue
		}
		files++
		if err := into(create, "tables/"+t.Name+".jsonl", func(w io.Writer) error { return rawTable(ctx, w, snap, t) }); err != nil {
			return files, err
		}
	}
	n, err := h.exportFiles(ctx, create, tell)
	return files + n, err
}

func into(create func(string) (io.WriteCloser, error), name string, fill func(io.Writer) error) error {
	w, err := create(name)
	if err != nil {
		return err
	}
	if err := errors.Join(fill(w), w.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (h *House) exportFiles(ctx context.Context, create func(string) (io.WriteCloser, error), tell func(what string, done, of int)) (n int, err error) {
	for info, err := range h.Files.List(ctx) {
		if err != nil {
			return n, err
		}
		r, _, err := h.Files.Open(ctx, info.Ref)
		if err != nil {
			return n, err
		}
		err = into(create, "files/"+string(info.Ref), func(w io.Writer) error { _, err := io.Copy(w, r); return err })
		if err = errors.Join(err, r.Close()); err != nil {
			return n, err
		}
		n++
		tell("files", n, 0)
	}
	return n, nil
}

func rawTable(ctx context.Context, w io.Writer, snap *db.Snapshot, t db.Table) error {
	t.Columns = slices.DeleteFunc(slices.Clone(t.Columns), func(c db.Column) bool { return isSecret(c.Name) })
	out := bufio.NewWriter(w)
	err := snap.Rows(ctx, t, func(row []any) error {
		for i, c := range t.Columns {
			cell, err := json.Marshal(row[i])
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s%q: %s", before(i), c.Name, cell)
		}
		_, err := out.WriteString("}\n")
		return err
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

func before(column int) string {
	if column == 0 {
		return "{"
	}
	return ", "
}
