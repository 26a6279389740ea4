package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
)

var schema = []db.Schema{{Module: "t", FS: fstest.MapFS{"schema/0001_things.sql": {Data: []byte(`-- +goose Up
create table t_things (
	id    text    primary key,
	n     bigint  not null default 0,
	ok    boolean not null default false,
	ratio double precision not null default 0,
	on_   text,
	at    bigint,
	note  text
);
create table t_parts (thing_id text not null references t_things (id));
`)}}}}

type thingID string

type thing struct {
	ID    thingID    `db:"id"`
	N     int        `db:"n"`
	OK    bool       `db:"ok"`
	Ratio float64    `db:"ratio"`
	On    clock.Date `db:"on_"`
	At    time.Time  `db:"at"`
	Note  string     `db:"note"`
}

func TestRoundTrip(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, ctx context.Context, d *db.DB) {
		now := clock.Now(ctx)
		want := []thing{{"a", 1 << 40, true, 0.25, clock.MustDate("2025-07-01"), now, "Đông Giang"}, {ID: "b"}}
		must(t, db.Insert(ctx, d, "t_things", want...))
		got, err := db.All[thing](ctx, d, `select `+db.Columns[thing]("t")+` from t_things t order by t.id`)
		must(t, err)
		if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		n, err := db.One[int](ctx, d, `select sum(n) from t_things`)
		if err != nil || n != 1<<40 {
			t.Fatalf("sum %d, %v", n, err)
		}
		w := db.NewWhere(now).And("id = ?", thingID("a")).If(false, "no")
		ids, err := db.All[string](ctx, d, `select id from t_things where at <= $1 and `+db.In(w, "n", []int{3, 1 << 40}).SQL(), w.Args()...)
		if err != nil || len(ids) != 1 {
			t.Fatalf("%v, %v", ids, err)
		}
	})
}

func TestRefusalsArePlain(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, ctx context.Context, d *db.DB) {
		must(t, db.Insert(ctx, d, "t_things", thing{ID: "a"}))
		if err := db.Insert(ctx, d, "t_things", thing{ID: "a"}); !errors.Is(err, errs.Conflict) {
			t.Errorf("the same key twice: %v", err)
		}
		if _, err := d.Exec(ctx, `insert into t_parts (thing_id) values ($1)`, "none"); !errors.Is(err, errs.Conflict) {
			t.Errorf("a part of nothing: %v", err)
		}
		if _, err := db.One[thing](ctx, d, `select `+db.Columns[thing]("")+` from t_things where id = 'x'`); !errors.Is(err, errs.NotFound) {
			t.Errorf("no row: %v", err)
		}
		if _, err := db.All[thing](ctx, d, `select id from t_things`); err == nil {
			t.Error("missing columns go unseen")
		}
	})
}

func count(t *testing.T, ctx context.Context, d *db.DB) int {
	t.Helper()
	n, err := db.One[int](ctx, d, `select count(*) from t_things`)
	must(t, err)
	return n
}

func TestTxJoinsUndoesAndTries(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, ctx context.Context, d *db.DB) {
		boom := errors.New("boom")
		add := func(ctx context.Context, id thingID) error {
			return d.Tx(ctx, func(ctx context.Context) error { return db.Insert(ctx, d, "t_things", thing{ID: id}) })
		}
		told := 0
		err := d.Tx(ctx, func(ctx context.Context) error {
			db.AfterCommit(ctx, func() { told++ })
			must(t, add(ctx, "a"))
			return boom
		})
		if !errors.Is(err, boom) || count(t, ctx, d) != 0 || told != 0 {
			t.Fatalf("not undone: %v", err)
		}
		err = d.Tx(ctx, func(ctx context.Context) error { // a swallowed failure must not commit by half
			must(t, add(ctx, "a"))
			_ = d.Tx(ctx, func(context.Context) error { return boom })
			return nil
		})
		if !errors.Is(err, boom) || count(t, ctx, d) != 0 {
			t.Fatalf("half committed: %v", err)
		}
		must(t, d.Tx(ctx, func(ctx context.Context) error {
			db.AfterCommit(ctx, func() { told++ })
			must(t, add(ctx, "a"))
			if err := d.Try(ctx, func(ctx context.Context) error { return add(ctx, "a") }); !errors.Is(err, errs.Conflict) {
				t.Fatal(err)
			}
			return add(ctx, "b")
		}))
		if count(t, ctx, d) != 2 || told != 1 {
			t.Fatal("the part that failed took the rest along")
		}
	})
}

func TestOuterContextInsideTxIsRefused(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, ctx context.Context, d *db.DB) {
		err := d.Tx(ctx, func(context.Context) error {
			if _, err := db.All[int](ctx, d, `select 1`); err == nil {
				t.Error("read outside the transaction")
			}
			_, err := d.Exec(ctx, `delete from t_things`)
			return err
		})
		if err == nil {
			t.Fatal("wrote outside the transaction")
		}
	})
}

// Many write at once; some fail, some panic, some give up waiting. What was
// acknowledged is there, and nothing else.
func TestGroupCommit(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, ctx context.Context, d *db.DB) {
		var wg sync.WaitGroup
		var acknowledged atomic.Int32
		for i := range 200 {
			wg.Go(func() {
				defer func() { recover() }()
				ctx, cancel := context.WithCancel(db.Guard(context.Background()))
				defer cancel()
				err := d.Tx(ctx, func(ctx context.Context) error {
					if err := db.Insert(ctx, d, "t_things", thing{ID: thingID(fmt.Sprint(i))}); err != nil {
						return err
					}
					switch i % 5 {
					case 1:
						return errs.Invalid
					case 2:
						panic("a fault in a use case")
					case 3:
						cancel()
					}
					return nil
				})
				if err == nil {
					acknowledged.Add(1)
				} else if i%5 == 0 || i%5 == 4 {
					t.Errorf("%d did nothing wrong, and fails for its neighbours: %v", i, err)
				}
			})
		}
		wg.Wait()
		if got := count(t, ctx, d); got != int(acknowledged.Load()) || got < 80 {
			t.Fatalf("%d rows, %d acknowledged", got, acknowledged.Load())
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	d := dbtest.SQLite(b, schema)
	defer d.Close()
	var n atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := db.Insert(context.Background(), d, "t_things", thing{ID: thingID(fmt.Sprint(n.Add(1)))}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

func BenchmarkRead(b *testing.B) {
	d := dbtest.SQLite(b, schema)
	defer d.Close()
	must(b, db.Insert(context.Background(), d, "t_things", thing{ID: "a"}))
	for b.Loop() {
		if _, err := db.One[thing](context.Background(), d, `select `+db.Columns[thing]("t")+` from t_things t where t.id = $1`, "a"); err != nil {
			b.Fatal(err)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
