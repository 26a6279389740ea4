// Package job does work in the background: after a commit, after a delay, by the
// clock, again after a failure. A job is a row; it is written in the transaction
// that wants it done, so that it is neither lost nor done for nothing.
//
// A job is done at least once: a node that dies holds its lease for LeaseTime,
// then another takes over. After MaxTries failures it lies on the dead list.
package job

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

//go:embed schema
var schema embed.FS

// Schema is the queue's table.
var Schema = db.Schema{Module: "job", FS: schema}

// The patience of the queue.
const (
	MaxTries  = 10
	LeaseTime = 5 * time.Minute
	pollEvery = 2 * time.Second
	batchSize = 16
)

// Queue hands jobs to their handlers.
type Queue struct {
	db       *db.DB
	handlers map[string]handler
	every    []Schedule
	kick     chan struct{}
}

type handler struct {
	fn   func(context.Context, []byte) error
	inTx bool
}

// Schedule is work done by the clock, by one node at a time.
type Schedule struct {
	Name  string
	Every time.Duration
	Run   func(context.Context) error
}

// New returns a queue over d. Handlers are named before Run.
func New(d *db.DB) *Queue {
	return &Queue{db: d, handlers: map[string]handler{}, kick: make(chan struct{}, 1)}
}

// Handle names who does the jobs of a kind. fn may use the network; it must bear
// being called twice for one job.
func (q *Queue) Handle(kind string, fn func(ctx context.Context, body []byte) error) {
	q.handlers[kind] = handler{fn: fn}
}

// HandleTx is Handle for work in the database alone: fn and the end of the job
// are one transaction, so that its effect happens exactly once.
func (q *Queue) HandleTx(kind string, fn func(ctx context.Context, body []byte) error) {
	q.handlers[kind] = handler{fn: fn, inTx: true}
}

// Schedule adds work done by the clock.
func (q *Queue) Schedule(s Schedule) { q.every = append(q.every, s) }

// Option changes when or whether a job is added.
type Option func(*row)

// At delays a job.
func At(t time.Time) Option { return func(r *row) { r.RunAt = t.UnixMicro() } }

// Unique adds the job only if none of that key waits.
func Unique(key string) Option { return func(r *row) { r.Unique = &key } }

type row struct {
	ID     string  `db:"id"`
	Kind   string  `db:"kind"`
	Body   string  `db:"body"`
	Unique *string `db:"unique_key"`
	RunAt  int64   `db:"run_at"`
}

// Add queues a job in the transaction of ctx; body is kept as JSON.
func (q *Queue) Add(ctx context.Context, kind string, body any, opts ...Option) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r := row{ID: id.New(ctx), Kind: kind, Body: string(text), RunAt: time.Now().UnixMicro()}
	for _, o := range opts {
		o(&r)
	}
	if err := db.InsertOr(ctx, q.db, "job_queue", "on conflict (unique_key) do nothing", r); err != nil {
		return err
	}
	db.AfterCommit(ctx, q.wake)
	return nil
}

func (q *Queue) wake() {
	select {
	case q.kick <- struct{}{}:
	default:
	}
}

// Run does jobs until ctx ends, with as many hands as workers, and waits for the
// jobs under way.
func (q *Queue) Run(ctx context.Context, workers int) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, s := range q.every {
		wg.Go(func() { q.tick(db.Guard(ctx), s) })
	}
	own := db.Guard(ctx)
	hands := make(chan struct{}, workers)
	for ctx.Err() == nil {
		jobs, err := q.claim(own, min(batchSize, workers-len(hands)))
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "jobs cannot be read", "err", err)
		}
		for _, j := range jobs {
			hands <- struct{}{}
			wg.Go(func() {
				defer func() { <-hands; q.wake() }()
				q.do(context.WithoutCancel(ctx), j)
			})
		}
		if len(jobs) == batchSize {
			continue
		}
		select {
		case <-ctx.Done():
		case <-q.kick:
		case <-time.After(pollEvery):
		}
	}
}

// Drain does all that is due, in order, until nothing is, and returns the first
// failure. For tests, seeds and the command line.
func (q *Queue) Drain(ctx context.Context) error {
	var first error
	for {
		jobs, err := q.claim(ctx, batchSize)
		if err != nil || len(jobs) == 0 {
			return errors.Join(first, err)
		}
		for _, j := range jobs {
			if err := q.do(ctx, j); err != nil && first == nil {
				first = err
			}
		}
	}
}

type claimed struct {
	ID    string `db:"id"`
	Kind  string `db:"kind"`
	Body  string `db:"body"`
	Tries int    `db:"tries"`
}

func (q *Queue) claim(ctx context.Context, limit int) (jobs []claimed, err error) {
	if limit <= 0 {
		return nil, nil
	}
	now := time.Now()
	due, err := db.All[string](ctx, q.db, `select id from job_queue
		where dead_at is null and run_at <= $1 and lease_until < $1 order by run_at, id limit $2`, now.UnixMicro(), limit)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	w := db.NewWhere(now.Add(LeaseTime).UnixMicro()).And("lease_until < ?", now.UnixMicro())
	db.In(w, "id", due)
	err = q.db.Tx(ctx, func(ctx context.Context) error {
		jobs, err = db.All[claimed](ctx, q.db, `update job_queue set lease_until = $1, tries = tries + 1
			where `+w.SQL()+` returning id, kind, body, tries`, w.Args()...)
		return err
	})
	return jobs, err
}

func (q *Queue) do(ctx context.Context, j claimed) (err error) {
	ctx = db.Guard(ctx)
	h, ok := q.handlers[j.Kind]
	switch {
	case !ok:
		err = fmt.Errorf("nobody does jobs of kind %q", j.Kind)
	case h.inTx:
		err = q.db.Tx(ctx, func(ctx context.Context) error {
			return errors.Join(safely(ctx, h.fn, j.Body), q.end(ctx, j.ID))
		})
	default:
		if err = safely(ctx, h.fn, j.Body); err == nil {
			err = q.end(ctx, j.ID)
		}
	}
	if err == nil {
		return nil
	}
	slog.ErrorContext(ctx, "job failed", "kind", j.Kind, "job", j.ID, "tries", j.Tries, "err", err)
	if e := q.postpone(ctx, j, err); e != nil {
		slog.ErrorContext(ctx, "job cannot be put off", "job", j.ID, "err", e)
	}
	return err
}

func safely(ctx context.Context, fn func(context.Context, []byte) error, body string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return fn(ctx, []byte(body))
}

func (q *Queue) end(ctx context.Context, id string) error {
	_, err := q.db.Exec(ctx, `delete from job_queue where id = $1`, id)
	return err
}

// postpone tries again after 5 s, 20 s, 80 s … at most an hour, or gives up.
func (q *Queue) postpone(ctx context.Context, j claimed, cause error) error {
	now := time.Now()
	if j.Tries >= MaxTries {
		_, err := q.db.Exec(ctx, `update job_queue set dead_at = $1, lease_until = 0, error = $2 where id = $3`,
			now, cause.Error(), j.ID)
		return err
	}
	wait := min(time.Hour, 5*time.Second<<(2*(j.Tries-1)))
	_, err := q.db.Exec(ctx, `update job_queue set run_at = $1, lease_until = 0, error = $2 where id = $3`,
		now.Add(wait).UnixMicro(), cause.Error(), j.ID)
	return err
}

// tick runs s whenever it is due. The row that says when it is due is the same
// for all nodes; who moves it on does the work.
func (q *Queue) tick(ctx context.Context, s Schedule) {
	key := "every:" + s.Name
	for {
		due, err := q.due(ctx, key, s.Every)
		if due && err == nil {
			err = safely(db.Guard(ctx), func(ctx context.Context, _ []byte) error { return s.Run(ctx) }, "")
		}
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "scheduled work failed", "work", s.Name, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(min(s.Every, time.Minute)):
		}
	}
}

func (q *Queue) due(ctx context.Context, key string, every time.Duration) (bool, error) {
	now := time.Now()
	n, err := q.db.Exec(ctx, `insert into job_clock (name, next_at) values ($1, $2)
		on conflict (name) do update set next_at = excluded.next_at where job_clock.next_at <= $3`,
		key, now.Add(every).UnixMicro(), now.UnixMicro())
	return n > 0, err
}

// Dead is a job that was given up.
type Dead struct {
	ID     string    `db:"id"`
	Kind   string    `db:"kind"`
	Body   string    `db:"body"`
	Tries  int       `db:"tries"`
	Error  string    `db:"error"`
	DeadAt time.Time `db:"dead_at"`
}

// DeadList lists the jobs that were given up, the latest first.
func (q *Queue) DeadList(ctx context.Context) ([]Dead, error) {
	return db.All[Dead](ctx, q.db, `select id, kind, body, tries, error, dead_at from job_queue
		where dead_at is not null order by dead_at desc limit 200`)
}

// Revive puts a dead job back in the queue.
func (q *Queue) Revive(ctx context.Context, id string) error {
	n, err := q.db.Exec(ctx, `update job_queue set dead_at = null, tries = 0, run_at = $1
		where id = $2 and dead_at is not null`, clock.Now(ctx).UnixMicro(), id)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "error.not-found")
	}
	db.AfterCommit(ctx, q.wake)
	return err
}

// Drop forgets a dead job and returns what it was. Errors: NotFound.
func (q *Queue) Drop(ctx context.Context, id string) (d Dead, err error) {
	err = q.db.Tx(ctx, func(ctx context.Context) error {
		d, err = db.One[Dead](ctx, q.db, `delete from job_queue where id = $1 and dead_at is not null
			returning id, kind, body, tries, error, dead_at`, id)
		return err
	})
	return d, err
}

// Depth counts the jobs that wait and those given up.
func (q *Queue) Depth(ctx context.Context) (waiting, dead int, err error) {
	type depth struct {
		Waiting int `db:"waiting"`
		Dead    int `db:"dead"`
	}
	c, err := db.One[depth](ctx, q.db, `select count(*) filter (where dead_at is null) as waiting,
		count(dead_at) as dead from job_queue`)
	return c.Waiting, c.Dead, err
}
