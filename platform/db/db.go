// Package db runs one SQL text on SQLite and on PostgreSQL.
//
// Arguments are written $1, $2, … and bound by number on both engines; docs/sql.md
// says which SQL both read alike. A transaction travels in the context, so that a
// call into another module joins the caller's transaction without either of them
// saying so.
//
// On SQLite all writes go through one connection and share commits (group
// commit): a transaction that finds others waiting lets them into the same
// commit, and returns only when that commit is on disk.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // driver "sqlite"

	"lotrinh/platform/errs"
)

// DB is the house's one database.
type DB struct {
	url      string
	postgres bool
	read     *sql.DB // PostgreSQL: for everything
	reads    pool    // SQLite only: read with its prepared statements
	write    *sql.DB // SQLite only: where the writer's connection comes from
	writer   writer
}

// Open opens "postgres://…", or else the SQLite file of that name.
func Open(ctx context.Context, url string) (*DB, error) {
	d := &DB{url: url, postgres: strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")}
	var err error
	if d.postgres {
		d.read, err = openPostgres(ctx, url)
		return d, err
	}
	return d, d.openSQLite(ctx, url)
}

func (d *DB) openSQLite(ctx context.Context, file string) (err error) {
	const pragmas = "?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)" +
		"&_pragma=synchronous(full)&_pragma=foreign_keys(on)&_pragma=cache_size(-16000)&_pragma=temp_store(memory)"
	name := "file:" + strings.NewReplacer("?", "%3f", "#", "%23").Replace(file) + pragmas
	if d.write, err = sql.Open("sqlite", name); err != nil {
		return err
	}
	if err = d.write.PingContext(ctx); err != nil {
		return err
	}
	if d.read, err = sql.Open("sqlite", name+"&_pragma=query_only(on)"); err != nil {
		return err
	}
	d.read.SetMaxOpenConns(max(4, 2*runtime.NumCPU()))
	d.read.SetMaxIdleConns(max(4, 2*runtime.NumCPU()))
	d.reads = pool{d.read, &prepared{on: d.read}}
	return d.read.PingContext(ctx)
}

// Close closes the database, once the writes under way are done.
func (d *DB) Close() error {
	if d.postgres {
		return d.read.Close()
	}
	return errors.Join(d.read.Close(), d.writer.close(), d.write.Close())
}

// Postgres says whether the database is PostgreSQL. Only platform code and
// measurements ask.
func (d *DB) Postgres() bool { return d.postgres }

// Engine names the engine for people: "SQLite" or "PostgreSQL".
func (d *DB) Engine() string {
	if d.postgres {
		return "PostgreSQL"
	}
	return "SQLite"
}

// URL is what Open was given.
func (d *DB) URL() string { return d.url }

// SQL is the pool of reading connections, for migrations and health checks.
func (d *DB) SQL() *sql.DB { return d.read }

type runner interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

type txKey struct{}

// tx is the transaction of a context.
type tx struct {
	runner
	failed error    // a nested call failed: the whole must not commit
	after  []func() // once committed
	kept   map[any]any
}

type guardKey struct{}

// Guard returns a context that knows when a transaction is open on it, so that
// code inside which uses this outer context by mistake is refused instead of
// writing outside the transaction (PostgreSQL) or waiting for itself (SQLite).
// The web layer, the job runner and the tests guard the contexts they hand out. A
// goroutine started from such a context needs a guard of its own.
func Guard(ctx context.Context) context.Context {
	return context.WithValue(ctx, guardKey{}, new(atomic.Bool))
}

var errOuter = errors.New("db: the outer context was used inside a transaction: pass on the one that Tx gave")

func (d *DB) in(ctx context.Context) (runner, error) {
	if t, ok := ctx.Value(txKey{}).(*tx); ok {
		return t, nil
	}
	if g, ok := ctx.Value(guardKey{}).(*atomic.Bool); ok && g.Load() {
		return nil, errOuter
	}
	if d.reads.prepared != nil {
		return d.reads, nil
	}
	return d.read, nil
}

// Tx runs fn in a transaction, and commits it when fn returns nil. A Tx inside a
// Tx joins it; when the inner one fails, the outer cannot commit any more (use
// Try for a part that may fail). Within fn use the context that fn is given.
func (d *DB) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if t, inside := ctx.Value(txKey{}).(*tx); inside {
		err := fn(ctx)
		if err != nil && t.failed == nil {
			t.failed = err
		}
		return err
	}
	if g, ok := ctx.Value(guardKey{}).(*atomic.Bool); ok {
		if g.Swap(true) {
			return errOuter
		}
		defer g.Store(false)
	}
	t := &tx{}
	var err error
	if d.postgres {
		err = d.txPostgres(ctx, t, fn)
	} else {
		err = d.writer.tx(ctx, d.write, t, fn)
	}
	if err != nil {
		return err
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

func (t *tx) run(ctx context.Context, fn func(context.Context) error) error {
	if err := fn(context.WithValue(ctx, txKey{}, t)); err != nil {
		return err
	}
	if t.failed != nil {
		return fmt.Errorf("a part of the transaction failed: %w", t.failed)
	}
	return nil
}

func (d *DB) txPostgres(ctx context.Context, t *tx, fn func(context.Context) error) error {
	x, err := d.read.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer x.Rollback()
	t.runner = x
	if err := t.run(ctx, fn); err != nil {
		return err
	}
	return x.Commit()
}

// Try runs fn as a part of the transaction of ctx that may fail: on an error all
// that fn did is undone, and the rest goes on.
func (d *DB) Try(ctx context.Context, fn func(ctx context.Context) error) error {
	t, inside := ctx.Value(txKey{}).(*tx)
	if !inside {
		return d.Tx(ctx, fn)
	}
	if _, err := t.ExecContext(ctx, "savepoint part"); err != nil {
		return err
	}
	before, hooks, kept := t.failed, len(t.after), maps.Clone(t.kept)
	err := fn(ctx)
	if err == nil && t.failed != before {
		err = t.failed
	}
	if err != nil {
		t.failed, t.after, t.kept = before, t.after[:hooks], kept
		if _, e := t.ExecContext(ctx, "rollback to savepoint part"); e != nil {
			return errors.Join(err, e)
		}
	}
	if _, e := t.ExecContext(ctx, "release savepoint part"); e != nil {
		return errors.Join(err, e)
	}
	return err
}

// AfterCommit calls fn when the transaction of ctx has committed, or at once
// when there is none. What fn does must bear being lost in a crash.
func AfterCommit(ctx context.Context, fn func()) {
	if t, ok := ctx.Value(txKey{}).(*tx); ok {
		t.after = append(t.after, fn)
		return
	}
	fn()
}

// Exec runs a statement, in a transaction of its own when ctx has none, and says
// how many rows it touched.
func (d *DB) Exec(ctx context.Context, query string, args ...any) (n int64, err error) {
	if t, ok := ctx.Value(txKey{}).(*tx); ok {
		return exec(ctx, t, query, args)
	}
	err = d.Tx(ctx, func(ctx context.Context) error {
		n, err = exec(ctx, ctx.Value(txKey{}).(*tx), query, args)
		return err
	})
	return n, err
}

func exec(ctx context.Context, r runner, query string, args []any) (int64, error) {
	res, err := r.ExecContext(ctx, query, bind(args)...)
	if err != nil {
		return 0, refusal(err, query)
	}
	return res.RowsAffected()
}

// bind makes times microseconds, and the zero time NULL.
func bind(args []any) []any {
	out := args
	for i, a := range args {
		t, ok := a.(time.Time)
		if !ok {
			continue
		}
		if &out[0] == &args[0] {
			out = append([]any(nil), args...)
		}
		out[i] = micros(t)
	}
	return out
}

func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// refusal turns what the database refuses into what a person did.
func refusal(err error, query string) error {
	var pg interface{ SQLState() string }
	state := ""
	if errors.As(err, &pg) {
		state = pg.SQLState()
	}
	text := err.Error()
	switch {
	case state == "23505" || strings.Contains(text, "UNIQUE constraint failed"):
		return errs.New(errs.Conflict, "error.exists").Because(err)
	case state == "23503" || strings.Contains(text, "FOREIGN KEY constraint failed"):
		return errs.New(errs.Conflict, "error.in-use").Because(err)
	case state == "53100" || strings.Contains(text, "database or disk is full"):
		return errs.New(errs.Fault, "error.disk-full").Because(err)
	}
	return fmt.Errorf("%w in %s", err, strings.Join(strings.Fields(query), " "))
}
