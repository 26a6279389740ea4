// Package backup writes a whole house into one file and makes a house of it
// again, on the same engine or the other: a backup of SQLite can be restored to
// PostgreSQL, which is how one outgrows the other.
//
// The file is a tar, compressed with zstd: head.json (format and versions of the
// tables), tables/NAME.jsonl (a line of columns, then a line for each row, all
// read at one moment while others write), files/REF, and sum.json (rows and
// SHA-256 of every table). Restore is one transaction, and refuses a file whose
// sums do not come out.
package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/file"
)

const format = 1

type head struct {
	Format   int              `json:"format"`
	At       time.Time        `json:"at"`
	Engine   string           `json:"engine"`
	Versions map[string]int64 `json:"versions"` // of the tables, by module
}

type sum struct {
	Tables map[string]tableSum `json:"tables"`
	Files  int                 `json:"files"`
}

type tableSum struct {
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

// Report says what a backup holds.
type Report struct {
	At     time.Time
	Engine string // that it was made from
	Tables int
	Rows   int
	Files  int
}

// Progress is told, now and then, what is being done.
type Progress func(what string, done, of int)

// Write writes a backup of d and of all files to w, while others go on writing.
func Write(ctx context.Context, w io.Writer, d *db.DB, files file.Store, schemas []db.Schema, tell Progress) (Report, error) {
	z, err := zstd.NewWriter(w)
	if err != nil {
		return Report{}, err
	}
	out := &writer{tar: tar.NewWriter(z), at: clock.Now(ctx), tell: tell}
	err = errors.Join(out.all(ctx, d, files, schemas), out.tar.Close(), z.Close())
	return out.report(d.Engine()), err
}

type writer struct {
	tar  *tar.Writer
	at   time.Time
	sum  sum
	tell Progress
}

func (o *writer) report(engine string) Report {
	r := Report{At: o.at, Engine: engine, Tables: len(o.sum.Tables), Files: o.sum.Files}
	for _, t := range o.sum.Tables {
		r.Rows += t.Rows
	}
	return r
}

func (o *writer) all(ctx context.Context, d *db.DB, files file.Store, schemas []db.Schema) error {
	versions, err := d.Versions(ctx, schemas)
	if err != nil {
		return err
	}
	if err := o.json("head.json", head{format, o.at, d.Engine(), versions}); err != nil {
		return err
	}
	if err := o.tables(ctx, d); err != nil {
		return err
	}
	if err := o.files(ctx, files); err != nil {
		return err
	}
	return o.json("sum.json", o.sum)
}

func (o *writer) json(name string, v any) error {
	b, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	return o.entry(name, int64(len(b)), bytes.NewReader(b))
}

func (o *writer) entry(name string, size int64, r io.Reader) error {
	if err := o.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: o.at}); err != nil {
		return err
	}
	_, err := io.Copy(o.tar, r)
	return err
}

func (o *writer) tables(ctx context.Context, d *db.DB) error {
	o.sum.Tables = map[string]tableSum{}
	snap, err := d.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	tables, err := snap.Tables(ctx)
	if err != nil {
		return err
	}
	for i, t := range tables {
		o.tell(t.Name, i, len(tables))
		if err := o.table(ctx, snap, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return nil
}

// table spools a table to disk first, since tar wants to know its size.
func (o *writer) table(ctx context.Context, snap *db.Snapshot, t db.Table) error {
	f, err := os.CreateTemp("", "lotrinh-backup-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	h := sha256.New()
	enc := json.NewEncoder(io.MultiWriter(f, h))
	enc.SetEscapeHTML(false)
	if err := enc.Encode(t.Columns); err != nil {
		return err
	}
	rows := 0
	err = snap.Rows(ctx, t, func(row []any) error { rows++; return enc.Encode(row) })
	if err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	o.sum.Tables[t.Name] = tableSum{rows, hex.EncodeToString(h.Sum(nil))}
	return o.entry("tables/"+t.Name+".jsonl", size, f)
}

func (o *writer) files(ctx context.Context, files file.Store) error {
	for info, err := range files.List(ctx) {
		if err != nil {
			return err
		}
		f, info, err := files.Open(ctx, info.Ref)
		if err != nil {
			return err
		}
		err = o.entry("files/"+string(info.Ref), info.Size, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
		o.sum.Files++
		o.tell("files", o.sum.Files, 0)
	}
	return nil
}

// ErrNotEmpty says that the house to restore to holds something already.
var ErrNotEmpty = errors.New("the database is not empty: restore into a new one (another --data or DATABASE_URL)")

// ErrDamaged says that a backup is not whole.
var ErrDamaged = errors.New("the backup is damaged or cut short: use another copy")

// Restore makes the house of a backup in the empty database d and the store
// files. On any error nothing of it stays in the database.
func Restore(ctx context.Context, r io.Reader, d *db.DB, files file.Store, schemas []db.Schema, tell Progress) (Report, error) {
	z, err := zstd.NewReader(r)
	if err != nil {
		return Report{}, err
	}
	defer z.Close()
	in := &reader{tar: tar.NewReader(z), d: d, files: files, tell: tell, got: map[string]tableSum{}}
	if err := in.head(ctx, schemas); err != nil {
		return Report{}, err
	}
	if err := d.Load(ctx, in.body); err != nil {
		return Report{}, err
	}
	return in.report, d.MigrateAll(ctx, schemas...)
}

type reader struct {
	tar    *tar.Reader
	d      *db.DB
	files  file.Store
	tell   Progress
	got    map[string]tableSum
	nfiles int
	report Report
}

// head reads the first entry, and makes the tables as they were in the backup.
func (in *reader) head(ctx context.Context, schemas []db.Schema) error {
	e, err := in.tar.Next()
	var h head
	if err != nil || e.Name != "head.json" || json.NewDecoder(in.tar).Decode(&h) != nil {
		return fmt.Errorf("%w: this is no backup of Lộ Trình", ErrDamaged)
	}
	if h.Format != format {
		return fmt.Errorf("the backup has format %d, this program reads %d: use the program that made it, or a newer one", h.Format, format)
	}
	in.report = Report{At: h.At, Engine: h.Engine}
	if empty, err := in.d.Empty(ctx); err != nil || !empty {
		return errors.Join(err, ErrNotEmpty)
	}
	return in.d.MigrateTo(ctx, h.Versions, schemas)
}

func (in *reader) body(ctx context.Context, load func(t db.Table, next func() ([]any, error)) error) error {
	for {
		e, err := in.tar.Next()
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if e.Name == "sum.json" {
			return in.check()
		}
		if name, ok := strings.CutPrefix(e.Name, "tables/"); ok {
			err = in.table(strings.TrimSuffix(name, ".jsonl"), load)
		} else {
			err = in.file(ctx, e)
		}
		if err != nil {
			return err
		}
	}
}

func (in *reader) table(name string, load func(db.Table, func() ([]any, error)) error) error {
	in.tell(name, len(in.got), 0)
	h := sha256.New()
	dec := json.NewDecoder(io.TeeReader(in.tar, h))
	dec.UseNumber()
	t := db.Table{Name: name}
	if err := dec.Decode(&t.Columns); err != nil {
		return fmt.Errorf("%w: table %s: %w", ErrDamaged, name, err)
	}
	rows := 0
	err := load(t, func() ([]any, error) {
		var row []any
		if err := dec.Decode(&row); err != nil {
			return nil, err
		}
		rows++
		return row, nil
	})
	if err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	in.got[name] = tableSum{rows, finish(h, in.tar)}
	in.report.Tables++
	in.report.Rows += rows
	return nil
}

// finish hashes what the decoder has not read, and returns the sum.
func finish(h hash.Hash, r io.Reader) string {
	io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil))
}

func (in *reader) file(ctx context.Context, e *tar.Header) error {
	info, err := in.files.Put(ctx, in.tar, e.Size)
	if err == nil && e.Name != "files/"+string(info.Ref) {
		err = fmt.Errorf("%w: %s", ErrDamaged, e.Name)
	}
	in.nfiles++
	in.report.Files++
	return err
}

func (in *reader) check() error {
	var s sum
	if err := json.NewDecoder(in.tar).Decode(&s); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if s.Files != in.nfiles || len(s.Tables) != len(in.got) {
		return fmt.Errorf("%w: %d files of %d, %d tables of %d", ErrDamaged, in.nfiles, s.Files, len(in.got), len(s.Tables))
	}
	for name, want := range s.Tables {
		if in.got[name] != want {
			return fmt.Errorf("%w: table %s has %d rows of %d or other ones", ErrDamaged, name, in.got[name].Rows, want.Rows)
		}
	}
	return nil
}
