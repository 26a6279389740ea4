package db

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
)

// One returns the only row of a query as a T, or errs.NotFound.
func One[T any](ctx context.Context, d *DB, query string, args ...any) (T, error) {
	var first T
	n := 0
	err := Each(ctx, d, query, args, func(t T) error {
		if n == 0 {
			first = t
		}
		n++
		return nil
	})
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "error.not-found")
	}
	return first, err
}

// All returns the rows of a query. A struct takes each column in the field that
// bears its name in a db tag; a column without a field, or a tagged field without
// a column, is an error. Any other T takes the only column. NULL is the zero
// time.Time, clock.Date, string, number or bool.
func All[T any](ctx context.Context, d *DB, query string, args ...any) ([]T, error) {
	var all []T
	err := Each(ctx, d, query, args, func(t T) error { all = append(all, t); return nil })
	return all, err
}

// Each calls fn for every row of a query, as All reads rows, without holding
// them. On SQLite fn must not write outside a transaction of ctx for long: the
// reading connection is held meanwhile.
func Each[T any](ctx context.Context, d *DB, query string, args []any, fn func(T) error) error {
	in, err := d.in(ctx)
	if err != nil {
		return err
	}
	rows, err := in.QueryContext(ctx, query, bind(args)...)
	if err != nil {
		return refusal(err, query)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return err
	}
	shape, err := shapeFor(reflect.TypeFor[T](), cols)
	if err != nil {
		return fmt.Errorf("%w in %s", err, query)
	}
	dest := make([]any, len(cols))
	cells := make([]cell, len(cols))
	for i := range cells {
		dest[i] = &cells[i]
	}
	for rows.Next() {
		var t T
		v := reflect.ValueOf(&t).Elem()
		for i := range cells {
			cells[i].to = v
			if shape != nil {
				cells[i].to = v.FieldByIndex(shape[i])
			}
		}
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("%w in %s", err, query)
		}
		if err := fn(t); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return refusal(err, query)
	}
	return nil
}

type shapeKey struct {
	t    reflect.Type
	cols string
}

var shapes sync.Map // shapeKey: [][]int

var (
	timeType = reflect.TypeFor[time.Time]()
	dateType = reflect.TypeFor[clock.Date]()
)

// shapeFor says in which field of t each column goes; nil when t is no struct.
func shapeFor(t reflect.Type, cols []string) ([][]int, error) {
	if t.Kind() != reflect.Struct || t == timeType {
		if len(cols) != 1 {
			return nil, fmt.Errorf("db: %d columns for one %s", len(cols), t)
		}
		return nil, nil
	}
	key := shapeKey{t, strings.Join(cols, ",")}
	if s, ok := shapes.Load(key); ok {
		return s.([][]int), nil
	}
	field := tagged(t)
	if len(field) != len(cols) {
		return nil, fmt.Errorf("db: %d columns for the %d tagged fields of %s", len(cols), len(field), t)
	}
	shape := make([][]int, len(cols))
	for i, c := range cols {
		at, ok := field[c]
		if !ok {
			return nil, fmt.Errorf("db: %s has no field tagged %q", t, c)
		}
		shape[i] = at
	}
	shapes.Store(key, shape)
	return shape, nil
}

func tagged(t reflect.Type) map[string][]int {
	field := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		if name := f.Tag.Get("db"); name != "" {
			field[name] = f.Index
		}
	}
	return field
}

// cell scans one column into a field.
type cell struct{ to reflect.Value }

// Scan implements sql.Scanner.
func (c *cell) Scan(v any) error {
	switch c.to.Type() {
	case timeType:
		n, ok := v.(int64)
		if v == nil {
			c.to.SetZero()
			return nil
		} else if !ok {
			return fmt.Errorf("db: a time from %T", v)
		}
		c.to.Set(reflect.ValueOf(time.UnixMicro(n).In(clock.Zone)))
		return nil
	case dateType:
		return c.to.Addr().Interface().(*clock.Date).Scan(v)
	}
	if v == nil {
		c.to.SetZero()
		return nil
	}
	return c.set(v)
}

func (c *cell) set(v any) error {
	if c.to.Kind() == reflect.Pointer {
		c.to.Set(reflect.New(c.to.Type().Elem()))
		return (&cell{c.to.Elem()}).Scan(v)
	}
	if s, ok := c.to.Addr().Interface().(interface{ Scan(any) error }); ok {
		return s.Scan(v)
	}
	switch v := v.(type) {
	case int64:
		switch c.to.Kind() {
		case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
			if c.to.OverflowInt(v) {
				return fmt.Errorf("db: %d does not fit a %s", v, c.to.Type())
			}
			c.to.SetInt(v)
			return nil
		case reflect.Bool:
			c.to.SetBool(v != 0)
			return nil
		case reflect.Float64:
			c.to.SetFloat(float64(v))
			return nil
		}
	case float64:
		if c.to.Kind() == reflect.Float64 {
			c.to.SetFloat(v)
			return nil
		}
	case bool:
		if c.to.Kind() == reflect.Bool {
			c.to.SetBool(v)
			return nil
		}
	case string:
		return c.setText(v)
	case []byte:
		return c.setText(string(v))
	}
	return fmt.Errorf("db: a %s from %T", c.to.Type(), v)
}

func (c *cell) setText(s string) error {
	switch {
	case c.to.Kind() == reflect.String:
		c.to.SetString(s)
		return nil
	case c.to.Kind() == reflect.Slice && c.to.Type().Elem().Kind() == reflect.Uint8:
		c.to.SetBytes([]byte(s))
		return nil
	case c.to.CanInt(): // PostgreSQL gives sums of bigints as text
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return err
		}
		c.to.SetInt(n)
		return nil
	}
	return fmt.Errorf("db: a %s from text", c.to.Type())
}
