package db

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
)

// writer is SQLite's one writing connection with its group commit.
type writer struct {
	waiting  atomic.Int32 // transactions that want to write, counted before the lock
	mu       sync.Mutex
	conn     *sql.Conn
	prepared *prepared
	group    *group
}

// group is the transactions that share a commit.
type group struct {
	size int
	done chan struct{}
	err  error
}

const groupMax = 64 // transactions in one commit, so that none waits long

func (w *writer) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		return nil
	}
	return w.conn.Close()
}

func (w *writer) tx(ctx context.Context, pool *sql.DB, t *tx, fn func(context.Context) error) error {
	g, err := w.join(ctx, pool, t, fn)
	if g == nil {
		return err
	}
	<-g.done
	return g.err
}

func (w *writer) join(ctx context.Context, pool *sql.DB, t *tx, fn func(context.Context) error) (*group, error) {
	w.waiting.Add(1)
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.settle()
	defer w.waiting.Add(-1)
	return w.member(ctx, pool, t, fn)
}

// settle commits the open group when nobody waits to join it.
func (w *writer) settle() {
	if w.group != nil && (w.waiting.Load() == 0 || w.group.size >= groupMax) {
		w.commit()
	}
}

// member runs fn as one member of the open group, and returns the group to wait
// for, or nil when fn failed and nothing of it is left.
func (w *writer) member(ctx context.Context, pool *sql.DB, t *tx, fn func(context.Context) error) (g *group, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := w.begin(pool); err != nil {
		return nil, err
	}
	if err := w.exec("savepoint member"); err != nil {
		w.abort(err)
		return nil, err
	}
	t.runner = steady{w.conn, w.prepared}
	ok := false
	defer func() { // fn may panic: undo its part, let the others go on
		if ok {
			return
		}
		if e := w.exec("rollback to savepoint member"); e != nil {
			w.abort(e) // the engine undid the whole group, as it does when the disk is full
			return
		}
		w.exec("release savepoint member")
	}()
	if err := t.run(ctx, fn); err != nil {
		return nil, err
	}
	if err := w.exec("release savepoint member"); err != nil {
		return nil, err
	}
	ok = true
	w.group.size++
	return w.group, nil
}

func (w *writer) begin(pool *sql.DB) (err error) {
	if w.group != nil {
		return nil
	}
	if w.conn == nil {
		if w.conn, err = pool.Conn(context.Background()); err != nil {
			return err
		}
		w.prepared = &prepared{on: w.conn}
	}
	if err := w.exec("begin immediate"); err != nil {
		return err
	}
	w.group = &group{done: make(chan struct{})}
	return nil
}

func (w *writer) exec(query string) error {
	_, err := steady{w.conn, w.prepared}.ExecContext(context.Background(), query)
	if err != nil {
		return refusal(err, query)
	}
	return nil
}

func (w *writer) commit() {
	g := w.group
	if g.size == 0 { // every member failed
		w.abort(nil)
		return
	}
	if err := w.exec("commit"); err != nil {
		w.abort(err)
		return
	}
	w.group = nil
	close(g.done)
}

// abort undoes the whole group and tells its members why.
func (w *writer) abort(err error) {
	g := w.group
	w.group = nil
	w.exec("rollback") // fails when the engine has done so already
	g.err = err
	close(g.done)
}

// steady runs statements to their end: SQLite undoes the whole transaction, and
// with it the other members of the group, when a writing statement is interrupted.
type steady struct {
	conn     *sql.Conn
	prepared *prepared
}

func (s steady) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if stmt := s.prepared.get(ctx, q); stmt != nil { // ends before the same text can come again; a query may not
		return stmt.ExecContext(ctx, args...)
	}
	return s.conn.ExecContext(ctx, q, args...)
}

func (s steady) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.conn.QueryContext(context.WithoutCancel(ctx), q, args...)
}
