// Package dbtest gives each test a database of its own: a SQLite file, and where
// TEST_POSTGRES holds the URL of a server that may create databases, PostgreSQL
// too. The tables are made once and copied.
package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"lotrinh/platform/db"
	"lotrinh/platform/id"
)

// Each runs test on every engine at hand, with the tables of schemas in place.
// The context that it hands on is guarded (db.Guard).
func Each(t *testing.T, schemas []db.Schema, test func(t *testing.T, ctx context.Context, d *db.DB)) {
	t.Helper()
	run := func(name string, open func(testing.TB, []db.Schema) *db.DB) {
		t.Run(name, func(t *testing.T) {
			d := open(t, schemas)
			t.Cleanup(func() { d.Close() })
			test(t, db.Guard(context.Background()), d)
		})
	}
	run("sqlite", SQLite)
	if os.Getenv("TEST_POSTGRES") != "" {
		run("postgres", Postgres)
	}
}

var files sync.Map // hash of schemas: func() ([]byte, error)

// SQLite opens a fresh SQLite database.
func SQLite(t testing.TB, schemas []db.Schema) *db.DB {
	t.Helper()
	made, _ := files.LoadOrStore(hash(t, schemas), sync.OnceValues(func() ([]byte, error) { return template(schemas) }))
	body, err := made.(func() ([]byte, error))()
	must(t, err)
	file := filepath.Join(t.TempDir(), "test.db")
	must(t, os.WriteFile(file, body, 0o600))
	d, err := db.Open(context.Background(), file)
	must(t, err)
	return d
}

func template(schemas []db.Schema) ([]byte, error) {
	dir, err := os.MkdirTemp("", "lotrinh-test")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "t.db")
	d, err := db.Open(context.Background(), file)
	if err != nil {
		return nil, err
	}
	if err := d.MigrateAll(context.Background(), schemas...); err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil { // the last to close folds the log into the file
		return nil, err
	}
	return os.ReadFile(file)
}

// Postgres opens a fresh database on the server of TEST_POSTGRES.
func Postgres(t testing.TB, schemas []db.Schema) *db.DB {
	t.Helper()
	ctx := context.Background()
	server := os.Getenv("TEST_POSTGRES")
	admin, err := db.Open(ctx, server)
	must(t, err)
	t.Cleanup(func() { admin.Close() })
	admin.SQL().SetMaxOpenConns(1) // so that the lock below holds for all that follows it
	tmpl := "lotrinh_tmpl_" + hash(t, schemas)[:16]
	must(t, copyable(ctx, admin, server, tmpl, schemas))
	own := "lotrinh_t_" + hex.EncodeToString([]byte(id.New(ctx)[24:]))
	_, err = admin.SQL().ExecContext(ctx, "create database "+own+" template "+tmpl)
	must(t, err)
	t.Cleanup(func() { admin.SQL().ExecContext(ctx, "drop database if exists "+own+" with (force)") })
	d, err := db.Open(ctx, named(server, own))
	must(t, err)
	return d
}

// copyable makes the template database unless it is there. An advisory lock keeps
// test programs that run side by side from making it twice.
func copyable(ctx context.Context, admin *db.DB, server, tmpl string, schemas []db.Schema) error {
	conn := admin.SQL()
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock(7316)"); err != nil {
		return err
	}
	defer conn.ExecContext(ctx, "select pg_advisory_unlock(7316)")
	var n int
	if err := conn.QueryRowContext(ctx, "select count(*) from pg_database where datname = $1", tmpl).Scan(&n); err != nil || n > 0 {
		return err
	}
	building := tmpl + "_new"
	conn.ExecContext(ctx, "drop database if exists "+building+" with (force)")
	if _, err := conn.ExecContext(ctx, "create database "+building+" template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'"); err != nil {
		return err
	}
	d, err := db.Open(ctx, named(server, building))
	if err != nil {
		return err
	}
	err = d.MigrateAll(ctx, schemas...)
	d.Close()
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf("alter database %s rename to %s", building, tmpl))
	return err
}

func named(server, database string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + database
	return u.String()
}

// hash tells schemas apart by their text.
func hash(t testing.TB, schemas []db.Schema) string {
	t.Helper()
	h := sha256.New()
	for _, s := range schemas {
		fmt.Fprintln(h, s.Module)
		must(t, fs.WalkDir(s.FS, "schema", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := fs.ReadFile(s.FS, path)
			fmt.Fprintln(h, path, string(b))
			return err
		}))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
