package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strings"
	"time"
)

const valuesMax = 900 // arguments in one statement of several rows

// Insert writes rows into table, each field by its db tag. Many rows go in
// statements of several rows on PostgreSQL and one by one on SQLite, which is
// the fastest on each (docs/sql.md).
func Insert[T any](ctx context.Context, d *DB, table string, rows ...T) error {
	return InsertOr(ctx, d, table, "", rows...)
}

// InsertOr is Insert with an ending such as "on conflict (id) do nothing".
func InsertOr[T any](ctx context.Context, d *DB, table, ending string, rows ...T) error {
	if len(rows) == 0 {
		return nil
	}
	cols, at := columns(reflect.TypeFor[T]())
	step := 1
	if d.postgres {
		step = max(1, valuesMax/len(cols))
	}
	return d.Tx(ctx, func(ctx context.Context) error {
		if s, ok := ctx.Value(txKey{}).(*tx).runner.(steady); ok && len(rows) >= preparedMin {
			return insertPrepared(ctx, s, insertText(table, cols, 1)+ending, rows, at)
		}
		for len(rows) > 0 {
			n := min(step, len(rows))
			if _, err := d.Exec(ctx, insertText(table, cols, n)+ending, values(rows[:n], at)...); err != nil {
				return err
			}
			rows = rows[n:]
		}
		return nil
	})
}

const preparedMin = 8 // rows from which it pays to read the statement once

// insertPrepared reads the statement once for all rows: that is two fifths of what
// a row costs on SQLite.
func insertPrepared[T any](ctx context.Context, s steady, query string, rows []T, at [][]int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	stmt, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return refusal(err, query)
	}
	defer stmt.Close()
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := stmt.ExecContext(context.WithoutCancel(ctx), values(rows[i:i+1], at)...); err != nil {
			return refusal(err, query)
		}
	}
	return nil
}

func columns(t reflect.Type) (names []string, at [][]int) {
	for _, f := range reflect.VisibleFields(t) {
		if name := f.Tag.Get("db"); name != "" {
			names, at = append(names, name), append(at, f.Index)
		}
	}
	return names, at
}

// Columns is the list of T's columns, "a.id, a.name" with prefix "a", for use
// after select.
func Columns[T any](prefix string) string {
	names, _ := columns(reflect.TypeFor[T]())
	if prefix == "" {
		return strings.Join(names, ", ")
	}
	return prefix + "." + strings.Join(names, ", "+prefix+".")
}

func insertText(table string, cols []string, rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "insert into %s (%s) values ", table, strings.Join(cols, ", "))
	n := 0
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		for c := range cols {
			n++
			sep := ", "
			if c == 0 {
				sep = "("
			}
			fmt.Fprintf(&b, "%s$%d", sep, n)
		}
		b.WriteByte(')')
	}
	b.WriteByte(' ')
	return b.String()
}

func values[T any](rows []T, at [][]int) []any {
	args := make([]any, 0, len(rows)*len(at))
	for _, row := range rows {
		v := reflect.ValueOf(row)
		for _, i := range at {
			args = append(args, value(v.FieldByIndex(i)))
		}
	}
	return args
}

// value gives the driver a plain type, whatever the field's own type is called.
func value(f reflect.Value) any {
	switch x := f.Interface().(type) {
	case time.Time:
		return micros(x)
	case driver.Valuer:
		return x
	}
	switch f.Kind() {
	case reflect.String:
		return f.String()
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
		return f.Int()
	}
	return f.Interface()
}
