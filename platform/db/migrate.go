package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// Schema is the tables of one module: its files are FS's schema/*.sql.
type Schema struct {
	Module string
	FS     fs.FS
}

// MigrateAll runs Migrate for each schema, in order.
func (d *DB) MigrateAll(ctx context.Context, all ...Schema) error {
	for _, s := range all {
		if err := d.Migrate(ctx, s.Module, s.FS); err != nil {
			return err
		}
	}
	return nil
}

// Migrate brings a module's tables up to date: the files schema/NNNN_name.sql in
// goose's form, each in a transaction, each once. Every module has its own table
// of versions, schema_<module>. On PostgreSQL a session lock keeps two nodes from
// doing it at once.
func (d *DB) Migrate(ctx context.Context, module string, schema fs.FS) error {
	dir, err := fs.Sub(schema, "schema")
	if err != nil {
		return err
	}
	p, err := d.provider(module, dir)
	if err != nil {
		return fmt.Errorf("schema of %s: %w", module, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("schema of %s: %w", module, err)
	}
	return nil
}

// Versions tells how far each module's tables are.
func (d *DB) Versions(ctx context.Context, schemas []Schema) (map[string]int64, error) {
	all := map[string]int64{}
	for _, s := range schemas {
		dir, err := fs.Sub(s.FS, "schema")
		if err != nil {
			return nil, err
		}
		p, err := d.provider(s.Module, dir)
		if err != nil {
			return nil, err
		}
		if all[s.Module], err = p.GetDBVersion(ctx); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// MigrateTo brings the tables of a new database to the versions given, which
// those of a backup are; a module that is not named stays without tables.
func (d *DB) MigrateTo(ctx context.Context, versions map[string]int64, schemas []Schema) error {
	known := 0
	for _, s := range schemas {
		v, ok := versions[s.Module]
		if !ok {
			continue
		}
		known++
		dir, err := fs.Sub(s.FS, "schema")
		if err != nil {
			return err
		}
		p, err := d.provider(s.Module, dir)
		if err != nil {
			return err
		}
		if _, err := p.UpTo(ctx, v); err != nil {
			return fmt.Errorf("schema of %s to %d: %w", s.Module, v, err)
		}
		if got, err := p.GetDBVersion(ctx); err != nil || got != v {
			return errors.Join(err, fmt.Errorf("schema of %s is at %d, the backup at %d: use a newer program", s.Module, got, v))
		}
	}
	if known != len(versions) {
		return fmt.Errorf("the backup has modules that this program has not: %v", versions)
	}
	return nil
}

// Pending counts the steps of a module's schema that have not run.
func (d *DB) Pending(ctx context.Context, module string, schema fs.FS) (int, error) {
	dir, err := fs.Sub(schema, "schema")
	if err != nil {
		return 0, err
	}
	p, err := d.provider(module, dir)
	if err != nil {
		return 0, err
	}
	states, err := p.Status(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, s := range states {
		if s.State == goose.StatePending {
			n++
		}
	}
	return n, nil
}

func (d *DB) provider(module string, dir fs.FS) (*goose.Provider, error) {
	dialect, pool := database.DialectSQLite3, d.write
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if d.postgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		dialect, pool = database.DialectPostgres, d.read
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	store, err := database.NewStore(dialect, "schema_"+module)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider("", pool, dir, append(opts, goose.WithStore(store))...)
}
