package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lotrinh": main})
}

// TestScripts runs the command line as an operator does: testdata/*.txtar.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			addr, err := freeAddr()
			e.Setenv("ADDR", addr)
			e.Setenv("LC_ALL", "C.UTF-8")
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "answers": answers, "sealed": sealed, "sql": execSQL, "counts": counts, "same": same,
			"damage": damage, "half": half, "forge": forge,
		},
	})
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// exits CODE COMMAND… holds a command to its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	code := 0
	var failed *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		code = failed.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// answers URL STATUS waits until a page answers with a status.
func answers(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: answers URL STATUS")
	}
	last := ""
	for end := time.Now().Add(12 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		res, err := http.Get(args[0])
		if err != nil {
			last = err.Error()
			continue
		}
		res.Body.Close()
		if last = fmt.Sprint(res.StatusCode); last == args[1] {
			return
		}
	}
	ts.Fatalf("%s: %s, want %s", args[0], last, args[1])
}

// sealed FILE waits until every entry of the audit log has its link.
func sealed(ts *testscript.TestScript, neg bool, args []string) {
	n := -1
	for end := time.Now().Add(time.Minute); n != 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		n = number(ts, args[0], "select count(*) from access_unsealed")
	}
	if n != 0 {
		ts.Fatalf("%d entries wait for their link", n)
	}
}

// execSQL carries statements out behind the back of the house: sql FILE STATEMENT.
func execSQL(ts *testscript.TestScript, neg bool, args []string) {
	d, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer d.Close()
	_, err = d.Exec(strings.Join(args[1:], " "))
	ts.Check(err)
}

// counts holds the answer of a query to a number: counts FILE NUMBER QUERY. A
// number with a + is a least.
func counts(ts *testscript.TestScript, neg bool, args []string) {
	n := number(ts, args[0], strings.Join(args[2:], " "))
	var want int
	_, err := fmt.Sscanf(args[1], "%d", &want)
	ts.Check(err)
	if least := strings.HasSuffix(args[1], "+"); least && n < want || !least && n != want {
		ts.Fatalf("%s: %d, want %s", strings.Join(args[2:], " "), n, args[1])
	}
}

func number(ts *testscript.TestScript, file, query string) (n int) {
	d, err := sql.Open("sqlite", ts.MkAbs(file))
	ts.Check(err)
	defer d.Close()
	ts.Check(d.QueryRow(query).Scan(&n))
	return n
}

// same FILE FILE TABLE… says that the tables of two databases have the same rows.
func same(ts *testscript.TestScript, neg bool, args []string) {
	for _, table := range args[2:] {
		query := "select count(*) from " + table
		if a, b := number(ts, args[0], query), number(ts, args[1], query); a != b {
			ts.Fatalf("%s: %d rows and %d", table, a, b)
		}
	}
}

// half FILE TO copies the first half of a file.
func half(ts *testscript.TestScript, neg bool, args []string) {
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b[:len(b)/2], 0o600))
}

// forge FILE OLD NEW puts other words into a file.
func forge(ts *testscript.TestScript, neg bool, args []string) {
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	if !strings.Contains(string(b), args[1]) {
		ts.Fatalf("%s does not hold %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(string(b), args[1], args[2])), 0o600))
}

// damage writes nonsense into the middle of a file: damage FILE.
func damage(ts *testscript.TestScript, neg bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_RDWR, 0)
	ts.Check(err)
	defer f.Close()
	info, err := f.Stat()
	ts.Check(err)
	for at := info.Size() / 4; at < info.Size()/2; at += 4096 {
		_, err := f.WriteAt([]byte(strings.Repeat("nonsense", 16)), at)
		ts.Check(err)
	}
}
