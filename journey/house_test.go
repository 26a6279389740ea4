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

// seeded is the folder of a demo house that nobody has entered yet. It is made
// once; every house of the tests begins as its copy.
var seeded = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "journey-*")
	if err != nil {
		return "", err
	}
	finally(func() { os.RemoveAll(dir) })
	return dir, seed(config(dir, ""))
})

func config(dir, database string) app.Config {
	return app.Config{Addr: freePort(), Data: dir, Database: database, Demo: true, Workers: 2, Unit: app.DemoOwner}
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
// what is their own.
var shared = sync.OnceValues(func() (*house, error) {
	dir, err := copyOfSeeded()
	if err != nil {
		return nil, err
	}
	h, stop, err := serve(config(dir, ""))
	if err == nil {
		finally(stop)
	}
	return h, err
})

// sharedHouse is the house of all tests.
func sharedHouse(t testing.TB) *house {
	t.Helper()
	h, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ownHouse is a house of this test alone, for what cannot be undone.
func ownHouse(t testing.TB) *house {
	t.Helper()
	dir, err := copyOfSeeded()
	if err != nil {
		t.Fatal(err)
	}
	return start(t, config(dir, ""))
}

func start(t testing.TB, c app.Config) *house {
	t.Helper()
	h, stop, err := serve(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return h
}

// eachEngine runs a journey in a house of its own on SQLite, and on PostgreSQL
// where TEST_POSTGRES names one.
func eachEngine(t *testing.T, walk func(t *testing.T, h *house)) {
	needBrowser(t)
	t.Run("sqlite", func(t *testing.T) { walk(t, ownHouse(t)) })
	t.Run("postgres", func(t *testing.T) {
		c := config(t.TempDir(), postgres(t))
		if err := seed(c); err != nil {
			t.Fatal(err)
		}
		walk(t, start(t, c))
	})
}

// postgres makes an empty database and returns its URL; it skips without a server.
func postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TEST_POSTGRES")
	if server == "" {
		t.Skip("TEST_POSTGRES names no server")
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("lotrinh_j_%d_%d", os.Getpid(), time.Now().UnixNano())
	if _, err := admin.Exec("create database " + name + " template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin.Exec("drop database if exists " + name + " with (force)")
		admin.Close()
	})
	u.Path = "/" + name
	return u.String()
}

func copyOfSeeded() (string, error) {
	from, err := seeded()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "journey-*")
	if err != nil {
		return "", err
	}
	finally(func() { os.RemoveAll(dir) })
	return dir, os.CopyFS(dir, os.DirFS(from))
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
