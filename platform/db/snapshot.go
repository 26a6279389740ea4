package db

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

// Table is a table as both engines know it.
type Table struct {
	Name    string
	Columns []Column
}

// Column is a column with the kind of its values: int, real, bool, text, bytes.
type Column struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// Snapshot reads the whole database as it was at one moment.
type Snapshot struct {
	conn *sql.Conn
	d    *DB
}

// Snapshot begins reading at this moment; others go on writing.
func (d *DB) Snapshot(ctx context.Context) (*Snapshot, error) {
	conn, err := d.read.Conn(ctx)
	if err != nil {
		return nil, err
	}
	begin := "begin deferred"
	if d.postgres {
		begin = "begin isolation level repeatable read read only"
	}
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &Snapshot{conn, d}, nil
}

// Close ends the reading.
func (s *Snapshot) Close() error {
	_, err := s.conn.ExecContext(context.Background(), "rollback")
	return errors.Join(err, s.conn.Close())
}

// Tables lists the tables of the modules, without those that hold versions.
func (s *Snapshot) Tables(ctx context.Context) ([]Table, error) { return s.d.tables(ctx, s.conn) }

type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

func (d *DB) tables(ctx context.Context, q querier) ([]Table, error) {
	query := `select m.name, c.name, lower(c.type) from sqlite_master m join pragma_table_info(m.name) c
		where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid`
	if d.postgres {
		query = `select table_name, column_name, data_type from information_schema.columns
			where table_schema = current_schema() order by table_name, ordinal_position`
	}
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	byName := map[string]*Table{}
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			return nil, err
		}
		if strings.HasPrefix(table, "schema_") {
			continue
		}
		if byName[table] == nil {
			byName[table] = &Table{Name: table}
		}
		byName[table].Columns = append(byName[table].Columns, Column{column, kindOf(kind)})
	}
	var all []Table
	for _, t := range byName {
		all = append(all, *t)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, rows.Err()
}

func kindOf(declared string) string {
	switch {
	case strings.HasPrefix(declared, "bool"):
		return "bool"
	case strings.Contains(declared, "int"):
		return "int"
	case strings.HasPrefix(declared, "double"), declared == "real":
		return "real"
	case declared == "bytea", declared == "blob":
		return "bytes"
	}
	return "text"
}

// Rows calls fn for every row of t; values are int64, float64, bool, string (the
// bytes of a bytes column in base64) or nil.
func (s *Snapshot) Rows(ctx context.Context, t Table, fn func([]any) error) error {
	rows, err := s.conn.QueryContext(ctx, "select "+strings.Join(names(t), ", ")+" from "+t.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	row, to := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range to {
		to[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return err
		}
		for i, c := range t.Columns {
			row[i] = plain(c.Kind, row[i])
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

func names(t Table) []string {
	out := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = c.Name
	}
	return out
}

func plain(kind string, v any) any {
	switch v := v.(type) {
	case []byte:
		if kind == "bytes" {
			return base64.StdEncoding.EncodeToString(v)
		}
		return string(v)
	case int64:
		if kind == "bool" {
			return v != 0
		}
	}
	return v
}

// Empty says whether no table of the modules holds a row, or there is none yet.
func (d *DB) Empty(ctx context.Context) (bool, error) {
	tables, err := d.tables(ctx, d.read)
	if err != nil {
		return false, err
	}
	for _, t := range tables {
		var one int
		err := d.read.QueryRowContext(ctx, "select 1 from "+t.Name+" limit 1").Scan(&one)
		if !errors.Is(err, sql.ErrNoRows) {
			return false, err
		}
	}
	return true, nil
}

// Load fills an empty database in one transaction: fill calls load for each
// table, which takes rows from next until that returns io.EOF. References
// between tables are checked at the end.
func (d *DB) Load(ctx context.Context, fill func(ctx context.Context, load func(t Table, next func() ([]any, error)) error) error) error {
	return d.Tx(ctx, func(ctx context.Context) error {
		back, err := d.looseReferences(ctx)
		if err != nil {
			return err
		}
		have, err := d.tables(ctx, ctx.Value(txKey{}).(*tx))
		if err != nil {
			return err
		}
		kinds := map[string]map[string]string{}
		for _, t := range have {
			kinds[t.Name] = map[string]string{}
			for _, c := range t.Columns {
				kinds[t.Name][c.Name] = c.Kind
			}
		}
		err = fill(ctx, func(t Table, next func() ([]any, error)) error { return d.loadTable(ctx, t, kinds[t.Name], next) })
		if err != nil {
			return err
		}
		return back()
	})
}

func (d *DB) loadTable(ctx context.Context, t Table, kinds map[string]string, next func() ([]any, error)) error {
	for _, c := range t.Columns {
		if kinds[c.Name] == "" {
			return fmt.Errorf("db: no column %s.%s", t.Name, c.Name)
		}
	}
	if _, err := d.Exec(ctx, "delete from "+t.Name); err != nil { // rows that the schema itself put in
		return err
	}
	text := insertText(t.Name, names(t), 1)
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(row) != len(t.Columns) {
			return fmt.Errorf("db: a row of %d values for %d columns", len(row), len(t.Columns))
		}
		for i, c := range t.Columns {
			if row[i], err = typed(kinds[c.Name], row[i]); err != nil {
				return err
			}
		}
		if _, err := d.Exec(ctx, text, row...); err != nil {
			return err
		}
	}
}

// typed makes a value that was read from JSON fit a column of that kind.
func typed(kind string, v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		if kind == "real" {
			return v.Float64()
		}
		return v.Int64()
	case string:
		if kind == "bytes" {
			return base64.StdEncoding.DecodeString(v)
		}
	}
	return v, nil
}

// looseReferences lets rows come in any order, and returns what makes references
// hold again.
func (d *DB) looseReferences(ctx context.Context) (back func() error, err error) {
	if !d.postgres {
		_, err := d.Exec(ctx, "pragma defer_foreign_keys = on") // until the commit
		return func() error { return nil }, err
	}
	type reference struct {
		Table string `db:"t"`
		Name  string `db:"n"`
		Def   string `db:"d"`
	}
	refs, err := All[reference](ctx, d, `select c.conrelid::regclass::text as t, c.conname::text as n, pg_get_constraintdef(c.oid) as d
		from pg_constraint c join pg_namespace s on s.oid = c.connamespace where c.contype = 'f' and s.nspname = current_schema()`)
	if err != nil {
		return nil, err
	}
	for _, r := range refs {
		if _, err := d.Exec(ctx, "alter table "+r.Table+" drop constraint "+r.Name); err != nil {
			return nil, err
		}
	}
	return func() error {
		for _, r := range refs {
			if _, err := d.Exec(ctx, "alter table "+r.Table+" add constraint "+r.Name+" "+r.Def); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
