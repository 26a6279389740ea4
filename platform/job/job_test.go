package job

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
)

func each(t *testing.T, test func(*testing.T, context.Context, *Queue)) {
	dbtest.Each(t, []db.Schema{Schema}, func(t *testing.T, ctx context.Context, d *db.DB) { test(t, ctx, New(d)) })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAJobBelongsToItsTransaction(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, q *Queue) {
		var got []string
		q.Handle("k", func(_ context.Context, b []byte) error { got = append(got, string(b)); return nil })
		boom := errors.New("boom")
		err := q.db.Tx(ctx, func(ctx context.Context) error {
			must(t, q.Add(ctx, "k", "undone"))
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		must(t, q.Add(ctx, "k", "one", Unique("u")))
		must(t, q.Add(ctx, "k", "two", Unique("u")))
		must(t, q.Add(ctx, "k", "later", At(time.Now().Add(time.Hour))))
		must(t, q.Drain(ctx))
		if len(got) != 1 || got[0] != `"one"` {
			t.Fatalf("did %v", got)
		}
	})
}

func TestFailuresRetryThenLieDead(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, q *Queue) {
		fail := true
		q.HandleTx("k", func(ctx context.Context, _ []byte) error {
			if fail {
				panic("cannot")
			}
			return nil
		})
		must(t, q.Add(ctx, "k", 1))
		for range MaxTries {
			if q.Drain(ctx) == nil {
				t.Fatal("the failure was not told")
			}
			_, err := q.db.Exec(ctx, `update job_queue set run_at = 0`) // its time comes
			must(t, err)
		}
		dead, err := q.DeadList(ctx)
		if err != nil || len(dead) != 1 || dead[0].Tries != MaxTries || dead[0].Error == "" || dead[0].DeadAt.IsZero() {
			t.Fatalf("dead list %+v, %v", dead, err)
		}
		must(t, q.Drain(ctx)) // the dead rest
		fail = false
		must(t, q.Revive(ctx, dead[0].ID))
		must(t, q.Drain(ctx))
		if w, d, err := q.Depth(ctx); w != 0 || d != 0 || err != nil {
			t.Fatalf("%d waiting, %d dead, %v", w, d, err)
		}
	})
}

// Two nodes share the work: each job is done once, and the work under way ends
// before Run returns.
func TestRunOnTwoNodes(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, q *Queue) {
		var done, ticks atomic.Int32
		nodes := []*Queue{q, New(q.db)}
		for _, n := range nodes {
			n.Handle("k", func(context.Context, []byte) error { done.Add(1); return nil })
			n.Schedule(Schedule{Name: "s", Every: time.Hour, Run: func(context.Context) error { ticks.Add(1); return nil }})
		}
		must(t, q.db.Tx(ctx, func(ctx context.Context) error {
			for i := range 100 {
				must(t, q.Add(ctx, "k", i))
			}
			return nil
		}))
		run, stop := context.WithCancel(ctx)
		ended := make(chan struct{}, 2)
		for _, n := range nodes {
			go func() { n.Run(run, 4); ended <- struct{}{} }()
		}
		for wait := 0; wait < 500; wait++ {
			if w, _, _ := q.Depth(ctx); w == 0 && ticks.Load() > 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		stop()
		<-ended
		<-ended
		if done.Load() != 100 || ticks.Load() != 1 {
			t.Fatalf("%d jobs, %d ticks", done.Load(), ticks.Load())
		}
	})
}
