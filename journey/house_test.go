package journey

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/app"
	"lotrinh/platform/db"
	"lotrinh/platform/module"
)

// house is the running whole with the demo province in it.
type house struct {
	*app.House
	at string // http://127.0.0.1:PORT
}

// logged keeps what the house logs as an error: a journey may look well while
// something behind it fails.
type logged struct {
	slog.Handler
	mu   sync.Mutex
	said []string
}

func (l *logged) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		var s strings.Builder
		s.WriteString(r.Message)
		r.Attrs(func(a slog.Attr) bool { fmt.Fprintf(&s, " %s", a); return true })
		l.mu.Lock()
		l.said = append(l.said, s.String())
		l.mu.Unlock()
	}
	return nil
}

func (l *logged) Enabled(_ context.Context, v slog.Level) bool { return v >= slog.LevelError }

var faults = &logged{Handler: slog.DiscardHandler}

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(faults))
	code := m.Run()
	closeAll()
	for _, s := range faults.said {
		fmt.Fprintln(os.Stderr, "the house logged a fault:", s)
		code = max(code, 1)
	}
	os.Exit(code)
}

// atEnd is what is left to close when all tests have run, the last first.
var (
	ending sync.Mutex
	atEnd  []func()
)

func finally(f func()) {
	ending.Lock()
	defer ending.Unlock()
	atEnd = append(atEnd, f)
}

func closeAll() {
	for _, f := range slices.Backward(atEnd) {
		f()
	}
}

// model is a demo house that nobody has entered yet. It is seeded once for each
// engine; every house of the tests begins as its copy.
type model struct {
	dir      string
	database string // the name of the model's database on the server; "" = SQLite, in dir
}

var onSQLite = sync.OnceValues(func() (model, error) { return newModel("") })

var onPostgres = sync.OnceValues(func() (model, error) {
	name := fmt.Sprintf("lotrinh_j_%d", os.Getpid())
	if err := createDatabase(name, "template0"); err != nil {
		return model{}, err
	}
	return newModel(name)
})

func newModel(database string) (model, error) {
	dir, err := os.MkdirTemp("", "journey-*")
	if err != nil {
		return model{}, err
	}
	finally(func() { os.RemoveAll(dir) })
	m := model{dir, database}
	return m, seed(m.config(dir, database))
}

// copies counts the copies, for the names of their databases.
var copies atomic.Int64

// copy makes a house like the model.
func (m model) copy() (c app.Config, err error) {
	dir, err := os.MkdirTemp("", "journey-*")
	if err != nil {
		return c, err
	}
	finally(func() { os.RemoveAll(dir) })
	database := m.database
	if database != "" {
		database = fmt.Sprintf("%s_%d", m.database, copies.Add(1))
		if err := createDatabase(database, m.database); err != nil {
			return c, err
		}
	}
	return m.config(dir, database), os.CopyFS(dir, os.DirFS(m.dir))
}

func (m model) config(dir, database string) app.Config {
	if database != "" {
		u, _ := url.Parse(os.Getenv("TEST_POSTGRES"))
		u.Path = "/" + database
		database = u.String()
	}
	return app.Config{Addr: freePort(), Data: dir, Database: database, Demo: true, Workers: 2, Unit: app.DemoOwner}
}

// createDatabase makes a database like another, until all tests have ended.
func createDatabase(name, like string) error {
	admin, err := sql.Open("pgx", os.Getenv("TEST_POSTGRES"))
	if err != nil {
		return err
	}
	defer admin.Close()
	if _, err = admin.Exec("create database " + name + " template " + like + " encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'"); err != nil {
		return err
	}
	finally(func() {
		if admin, err := sql.Open("pgx", os.Getenv("TEST_POSTGRES")); err == nil {
			admin.Exec("drop database if exists " + name + " with (force)")
			admin.Close()
		}
	})
	return nil
}

func freePort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func seed(c app.Config) error {
	ctx := context.Background()
	h, err := app.Open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.Migrate(ctx); err != nil {
		return err
	}
	if err := h.SeedDemo(ctx, io.Discard); err != nil {
		return err
	}
	return openRest(ctx, h)
}

// openRest opens an account for each role that the demo has none for.
func openRest(ctx context.Context, h *app.House) error {
	ctx = access.System(ctx)
	top, err := h.UnitByCode(ctx, "")
	for _, role := range module.Roles {
		if err == nil {
			err = h.Access.OpenDemo(ctx, role, "Trình diễn", "", top)
		}
	}
	return err
}

// shared is the house of all tests that leave it as they found it, or change only
// what is their own, on SQLite; sharedPostgres is its like.
var (
	shared         = sync.OnceValues(func() (*house, error) { return open(onSQLite) })
	sharedPostgres = sync.OnceValues(func() (*house, error) { return open(onPostgres) })
)

// open opens a copy of a model until all tests have ended.
func open(of func() (model, error)) (*house, error) {
	m, err := of()
	if err != nil {
		return nil, err
	}
	c, err := m.copy()
	if err != nil {
		return nil, err
	}
	h, stop, err := serve(c)
	if err == nil {
		finally(stop)
	}
	return h, err
}

// sharedHouse is the house of all tests.
func sharedHouse(t testing.TB) *house {
	t.Helper()
	return must(t)(shared())
}

func must(t testing.TB) func(*house, error) *house {
	return func(h *house, err error) *house {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
}

// onEach walks a journey through the shared house of SQLite, and through that of
// PostgreSQL where TEST_POSTGRES names a server.
func onEach(t *testing.T, walk func(t *testing.T, h *house)) {
	each(t, walk, shared, sharedPostgres)
}

// onEachOwn is onEach in houses of this journey alone, for what cannot be undone.
func onEachOwn(t *testing.T, walk func(t *testing.T, h *house)) {
	each(t, walk, func() (*house, error) { return open(onSQLite) }, func() (*house, error) { return open(onPostgres) })
}

func each(t *testing.T, walk func(t *testing.T, h *house), sqlite, postgres func() (*house, error)) {
	needBrowser(t)
	t.Run("sqlite", func(t *testing.T) { walk(t, must(t)(sqlite())) })
	t.Run("postgres", func(t *testing.T) {
		if os.Getenv("TEST_POSTGRES") == "" {
			t.Skip("TEST_POSTGRES names no server")
		}
		walk(t, must(t)(postgres()))
	})
}

// serve opens the house of c and answers until stop is called.
func serve(c app.Config) (h *house, stop func(), err error) {
	ctx, cancel := context.WithCancel(context.Background())
	a, err := app.Open(ctx, c)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- a.Serve(ctx, func(addr string) { ready <- addr }) }()
	stop = func() { cancel(); <-ended; a.Close() }
	select {
	case addr := <-ready:
		h = &house{a, "http://" + addr}
		return h, stop, h.healthy()
	case err := <-ended:
		cancel()
		return nil, nil, err
	}
}

func (h *house) healthy() error {
	for range 100 {
		if res, err := http.Get(h.at + "/healthz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%s/healthz does not answer", h.at)
}

// one reads a single value from the database of the house, past all rights: for
// journeys that have to look behind the screen.
func one[T any](t testing.TB, h *house, query string, args ...any) T {
	t.Helper()
	v, err := db.One[T](context.Background(), h.DB, query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// settle waits until the house has done what it does in the background.
func (h *house) settle(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if one[int](t, h, `select count(*) from job_queue where dead_at is null and run_at <= $1`, time.Now().UnixMicro()) == 0 {
			return
		}
	}
	t.Fatal("jobs are still waiting")
}
