package db_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
)

const victim = "LOTRINH_TEST_VICTIM" // holds the database that a child process writes to

func TestMain(m *testing.M) {
	if url := os.Getenv(victim); url != "" {
		writeForEver(url)
	}
	os.Exit(m.Run())
}

// writeForEver writes from many hands at once and prints what was acknowledged.
func writeForEver(url string) {
	ctx := context.Background()
	d, err := db.Open(ctx, url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var mu sync.Mutex
	for hand := range 16 {
		go func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%d-%d-%d", os.Getpid(), hand, i)
				err := d.Tx(ctx, func(ctx context.Context) error {
					return errors.Join(db.Insert(ctx, d, "t_things", thing{ID: thingID(key)}),
						db.Insert(ctx, d, "t_parts", part{key}))
				})
				if err != nil {
					continue
				}
				mu.Lock()
				fmt.Println(key)
				mu.Unlock()
			}
		}()
	}
	select {}
}

type part struct {
	Thing string `db:"thing_id"`
}

// A process that is killed in the middle of its writes, again and again, loses
// nothing that it had acknowledged, and leaves no half of a transaction.
func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, ctx context.Context, d *db.DB) {
		url := d.URL()
		acknowledged := map[string]bool{}
		for round := range 12 {
			for _, key := range killOne(t, url, time.Duration(20+15*round)*time.Millisecond) {
				acknowledged[key] = true
			}
		}
		have, err := db.All[string](ctx, d, `select t.id from t_things t join t_parts p on p.thing_id = t.id`)
		must(t, err)
		kept := map[string]bool{}
		for _, key := range have {
			kept[key] = true
		}
		for key := range acknowledged {
			if !kept[key] {
				t.Fatalf("%s was acknowledged and is lost", key)
			}
		}
		// In one statement, since a server ends what a killed client had begun to commit.
		halves, err := db.One[int](ctx, d, `select count(*) from t_things t where not exists (select 1 from t_parts p where p.thing_id = t.id)`)
		if err != nil || halves != 0 || len(acknowledged) < 100 {
			t.Fatalf("%d things without their part, %d acknowledged, %v", halves, len(acknowledged), err)
		}
		if !d.Postgres() {
			if sound, err := db.One[string](ctx, d, `pragma integrity_check`); err != nil || sound != "ok" {
				t.Fatalf("the file is unsound: %s %v", sound, err)
			}
		}
		t.Logf("%s: 12 kills, %d transactions acknowledged, %d kept", d.Engine(), len(acknowledged), len(have))
	})
}

// killOne lets a child write, kills it some time after its first word, and returns
// what it said it had written.
func killOne(t *testing.T, url string, after time.Duration) (keys []string) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self, "-test.run=none")
	cmd.Env = append(os.Environ(), victim+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // a last line without its end was cut by the kill
			break
		}
		if len(keys) == 0 {
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		keys = append(keys, strings.TrimSpace(line))
	}
	cmd.Wait()
	return keys
}

// A full disk is told as such, undoes only what it kept from being written, and
// is over when there is room again.
func TestFullDisk(t *testing.T) {
	made := dbtest.SQLite(t, schema)
	file := filepath.Clean(made.URL())
	made.Close()
	ctx := context.Background()
	d, err := db.Open(ctx, file)
	must(t, err)
	defer d.Close()
	limit := func(pages int) {
		must(t, d.Tx(ctx, func(ctx context.Context) error {
			_, err := db.One[int](ctx, d, fmt.Sprintf(`pragma max_page_count = %d`, pages))
			return err
		}))
	}
	limit(40)
	big := strings.Repeat("x", 2000)
	kept := 0
	for i := 0; ; i++ {
		err = db.Insert(ctx, d, "t_things", thing{ID: thingID(fmt.Sprint(i)), Note: big})
		if err != nil {
			break
		}
		kept++
	}
	if e := errs.Of(err); e.Text.Key != "error.disk-full" || kept == 0 {
		t.Fatalf("after %d rows: %v", kept, err)
	}
	if n := count(t, ctx, d); n != kept {
		t.Fatalf("%d rows of %d", n, kept)
	}
	limit(1 << 20)
	must(t, db.Insert(ctx, d, "t_things", thing{ID: "after", Note: big}))
}
