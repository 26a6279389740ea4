package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/file"
)

// The tables hold what is hard to carry over: every kind of value, references
// against the order of names and onto the own table, a row that the schema made.
const tables = `-- +goose Up
create table t_part (id text primary key, of_id text references t_whole (id), body bytea);
create table t_whole (id text primary key, n bigint, ok boolean not null, r double precision, on_ text,
	under_id text references t_whole (id));
insert into t_whole (id, ok) values ('first', true);
`

func schemas(tables string) []db.Schema {
	whole := strings.Index(tables, "create table t_whole") // PostgreSQL wants the table before the reference
	ordered := "-- +goose Up\n" + tables[whole:strings.Index(tables, "insert")] + tables[len("-- +goose Up\n"):whole] + tables[strings.Index(tables, "insert"):]
	return []db.Schema{{Module: "t", FS: fstest.MapFS{"schema/0001_t.sql": {Data: []byte(ordered)}}}}
}

func quiet(string, int, int) {}

func store(t *testing.T) file.Store {
	s, err := file.OpenStore(context.Background(), t.TempDir())
	must(t, err)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type whole struct {
	ID    string     `db:"id"`
	N     int64      `db:"n"`
	OK    bool       `db:"ok"`
	R     float64    `db:"r"`
	On    clock.Date `db:"on_"`
	Under *string    `db:"under_id"`
}

func fill(t *testing.T, ctx context.Context, d *db.DB) {
	last := "z"
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		return errors.Join(
			db.Insert(ctx, d, "t_whole", whole{ID: "z", N: -1 << 62, R: 0.1, On: clock.MustDate("2020-12-31")}),
			db.Insert(ctx, d, "t_whole", whole{ID: "a", N: 7, OK: true, Under: &last}),
			db.Insert(ctx, d, "t_part", struct {
				ID   string `db:"id"`
				Of   string `db:"of_id"`
				Body []byte `db:"body"`
			}{"Đ \u2028 \"quoted\"", "a", []byte{0, 255, 10}}))
	}))
}

func dump(t *testing.T, ctx context.Context, d *db.DB) string {
	t.Helper()
	s, err := d.Snapshot(ctx)
	must(t, err)
	defer s.Close()
	all, err := s.Tables(ctx)
	must(t, err)
	var b strings.Builder
	for _, table := range all {
		must(t, s.Rows(ctx, table, func(row []any) error { fmt.Fprintln(&b, table.Name, row); return nil }))
	}
	return b.String()
}

func TestABackupBecomesTheSameHouseOnEitherEngine(t *testing.T) {
	sch := schemas(tables)
	dbtest.Each(t, sch, func(t *testing.T, ctx context.Context, from *db.DB) {
		fill(t, ctx, from)
		files := store(t)
		info, err := files.Put(ctx, strings.NewReader("minh chứng"), 100)
		must(t, err)
		var b bytes.Buffer
		made, err := Write(ctx, &b, from, files, sch, quiet)
		must(t, err)
		if made.Rows != 4 || made.Tables != 2 || made.Files != 1 {
			t.Fatalf("%+v", made)
		}
		dbtest.Each(t, nil, func(t *testing.T, ctx context.Context, to *db.DB) {
			other := store(t)
			_, err := Restore(ctx, bytes.NewReader(b.Bytes()), to, other, sch, quiet)
			must(t, err)
			if got, want := dump(t, ctx, to), dump(t, ctx, from); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if f, _, err := other.Open(ctx, info.Ref); err != nil {
				t.Error(err)
			} else {
				f.Close()
			}
			if _, err := Restore(ctx, bytes.NewReader(b.Bytes()), to, other, sch, quiet); !errors.Is(err, ErrNotEmpty) {
				t.Errorf("restored over a house: %v", err)
			}
			if _, err := to.Exec(ctx, `insert into t_part (id, of_id) values ('x', 'none')`); err == nil {
				t.Error("references are not held any more")
			}
		})
	})
}

// A cut or altered backup leaves nothing behind.
func TestADamagedBackupIsRefused(t *testing.T) {
	sch := schemas(tables)
	from := dbtest.SQLite(t, sch)
	defer from.Close()
	ctx := context.Background()
	fill(t, ctx, from)
	var b bytes.Buffer
	_, err := Write(ctx, &b, from, store(t), sch, quiet)
	must(t, err)
	for _, bad := range [][]byte{nil, []byte("PK\x03\x04"), b.Bytes()[:b.Len()/2], b.Bytes()[:b.Len()-9]} {
		to := dbtest.SQLite(t, nil)
		if _, err := Restore(ctx, bytes.NewReader(bad), to, store(t), sch, quiet); err == nil {
			t.Errorf("%d bytes of %d were taken for a backup", len(bad), b.Len())
		}
		if empty, err := to.Empty(ctx); err == nil && !empty && !strings.Contains(dump(t, ctx, to), "first") {
			t.Error("half a house was left")
		}
		to.Close()
	}
}

// A backup made while others write holds each transaction whole.
func TestABackupIsOfOneMoment(t *testing.T) {
	sch := schemas(tables)
	dbtest.Each(t, sch, func(t *testing.T, ctx context.Context, from *db.DB) {
		stop, stopped := make(chan struct{}), make(chan struct{})
		var n atomic.Int64
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				default:
				}
				i := n.Add(1)
				from.Tx(context.Background(), func(ctx context.Context) error {
					id := fmt.Sprint("w", i)
					return errors.Join(db.Insert(ctx, from, "t_whole", whole{ID: id}),
						db.Insert(ctx, from, "t_part", struct {
							ID string `db:"id"`
							Of string `db:"of_id"`
						}{id, id}))
				})
			}
		}()
		for n.Load() < 50 {
		}
		var b bytes.Buffer
		_, err := Write(ctx, &b, from, store(t), sch, quiet)
		close(stop)
		<-stopped
		must(t, err)
		to := dbtest.SQLite(t, nil)
		defer to.Close()
		_, err = Restore(ctx, &b, to, store(t), sch, quiet)
		must(t, err)
		parts, err := db.One[int](ctx, to, `select count(*) from t_part`)
		must(t, err)
		wholes, err := db.One[int](ctx, to, `select count(*) from t_whole where id like 'w%'`)
		must(t, err)
		if parts != wholes || parts < 40 {
			t.Fatalf("%d parts of %d wholes", parts, wholes)
		}
	})
}
