package access

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lotrinh/platform/db"
)

func TestPasswordHash(t *testing.T) {
	atRealCost(t)
	ctx := context.Background()
	hash, err := hashPassword(ctx, goodPassword)
	must(t, err)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %q", hash)
	}
	if again, _ := hashPassword(ctx, goodPassword); again == hash {
		t.Error("two hashes of one password are the same")
	}
	cheap := strings.Replace("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$", "=64", "=64", 1)
	for _, c := range []struct {
		hash, password string
		ok             bool
	}{
		{hash, goodPassword, true},
		{hash, goodPassword + " ", false},
		{hash, "", false},
		{"", goodPassword, false},
		{"", "", false},
		{"$argon2id$v=19$m=19456,t=2,p=1$$", "", false},
		{cheap, "x", false},
		{strings.Replace(hash, "m=19456", "m=999999999", 1), goodPassword, false},
		{strings.Replace(hash, "v=19", "v=16", 1), goodPassword, false},
	} {
		ok, stale, err := checkPassword(ctx, c.hash, c.password)
		if err != nil || ok != c.ok || stale {
			t.Errorf("%.40q with %q: %v %v %v", c.hash, c.password, ok, stale, err)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA")
	f.Fuzz(func(t *testing.T, s string) {
		c, _, sum, ok := parseHash(s)
		if ok && (c.memory > 1<<20 || c.passes == 0 || c.passes > 64 || c.lanes == 0 || len(sum) < 16) {
			t.Errorf("%q would cost %+v", s, c)
		}
	})
}

// A password kept at another cost is hashed anew when it is used.
func TestRehash(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.account(t, ctx, "binh")
		old, err := hashPassword(ctx, goodPassword)
		atRealCost(t)
		must(t, err)
		_, err = h.d.Exec(ctx, `update access_account set password = $1 where id = $2`, old, id)
		must(t, err)
		for range 2 {
			_, err = h.WithPassword(ctx, "binh", goodPassword, "")
			must(t, err)
		}
		now, err := db.One[string](ctx, h.d, `select password from access_account where id = $1`, id)
		must(t, err)
		if !strings.Contains(now, "t=2,") {
			t.Errorf("kept as %q", now)
		}
	})
}

// However many sign in at once, no more hash at a time than there are turns.
func TestFewHashAtOnce(t *testing.T) {
	atRealCost(t)
	var wg sync.WaitGroup
	var most, at atomic.Int32
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				most.Store(max(most.Load(), int32(len(turns))))
				time.Sleep(time.Millisecond)
			}
		}
	}()
	for range 12 {
		wg.Go(func() {
			at.Add(1)
			if _, err := hashPassword(context.Background(), "x"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	close(stop)
	if int(most.Load()) > cap(turns) || most.Load() == 0 || at.Load() != 12 {
		t.Errorf("%d at once, %d turns", most.Load(), cap(turns))
	}
	gone, cancel := context.WithCancel(context.Background())
	for range cap(turns) {
		turns <- struct{}{}
	}
	cancel()
	if _, err := hashPassword(gone, "x"); err == nil {
		t.Error("who has left still waits for a turn")
	}
	for range cap(turns) {
		<-turns
	}
}
