package access

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
)

// guess is attempts at a password with a wrong one, from an address at a time.
func (h *house) guess(ctx context.Context, name, address string, at time.Time) error {
	_, err := h.WithPassword(From(clock.At(ctx, at), address), name, "not the password", "")
	return err
}

// A guesser must wait longer and longer, and holds up nobody else: not the owner
// from elsewhere, not the owner beside him in a browser known to the account.
func TestGuessersWaitAlone(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.account(t, ctx, "binh")
		start := time.Now()
		const thief, home = "203.0.113.7", "198.51.100.1"
		for i := range pairFree {
			if err := h.guess(ctx, "binh", thief, start); !errors.Is(err, errs.Invalid) {
				t.Fatalf("guess %d: %v", i, err)
			}
		}
		if err := h.guess(ctx, "BINH ", thief, start.Add(time.Second)); !errors.Is(err, errs.Busy) {
			t.Errorf("the guess too many: %v", err)
		}
		if _, err := h.WithPassword(From(clock.At(ctx, start.Add(time.Second)), thief), "binh", goodPassword, ""); !errors.Is(err, errs.Busy) {
			t.Errorf("the right password tells the guesser that it is right: %v", err)
		}
		if _, err := h.WithPassword(From(clock.At(ctx, start), home), "binh", goodPassword, ""); err != nil {
			t.Errorf("the owner elsewhere is locked out: %v", err)
		}
		mark, err := h.deviceMark(ctx, id, "my-browser")
		must(t, err)
		if _, err := h.WithPassword(From(clock.At(ctx, start.Add(time.Second)), thief), "binh", goodPassword, mark); err != nil {
			t.Errorf("the owner's own browser at the same address is locked out: %v", err)
		}
		forged := "my-browser." + mark[len(mark)-10:]
		if _, err := h.WithPassword(From(clock.At(ctx, start.Add(time.Second)), thief), "binh", goodPassword, forged); !errors.Is(err, errs.Busy) {
			t.Errorf("a forged mark is believed: %v", err)
		}
		other := h.account(t, ctx, "cuong")
		if mark, err = h.deviceMark(ctx, other, "my-browser"); err != nil || h.place(From(ctx, thief), id, mark) != thief {
			t.Errorf("the mark of one account serves another")
		}
		wait, last := time.Duration(0), start
		for range 6 {
			last = last.Add(20 * time.Minute)
			_ = h.guess(ctx, "binh", thief, last)
			left := h.guesses.left(last, "binh", thief)
			if left > pairWorst || left < 0 {
				t.Errorf("wait of %s", left)
			}
			wait = max(wait, left)
		}
		if h.guesses.left(last.Add(24*time.Hour), "binh", thief) > 0 {
			t.Error("a wait never ends")
		}
	})
}

func TestDelayGrows(t *testing.T) {
	g, now := newGuesses(), time.Now()
	last := time.Duration(-1)
	for i := range 20 {
		g.failed(now, "binh", "a")
		left := g.left(now, "binh", "a")
		if i >= pairFree && left <= last && left < pairWorst || i < pairFree-1 && left > 0 {
			t.Errorf("after %d failures: %s, before %s", i+1, left, last)
		}
		last = left
	}
	if last != pairWorst {
		t.Errorf("the longest wait is %s", last)
	}
	g.succeeded("binh", "a")
	if g.left(now, "binh", "a") > 0 {
		t.Error("who got in still waits")
	}
	for i := range placeFree + 3 { // many names, one place
		g.failed(now, fmt.Sprint("n", i), "b")
	}
	if g.left(now, "somebody", "b") == 0 || g.left(now, "somebody", "c") > 0 {
		t.Error("a place that tries many names does not wait, or another does")
	}
	for i := range guessesMax + 100 {
		g.failed(now, fmt.Sprint("m", i), fmt.Sprint("p", i))
	}
	if len(g.all) > guessesMax+1 {
		t.Errorf("%d failures are remembered", len(g.all))
	}
}

// Nothing tells a name that is taken from one that is not: not the words, not the
// status, not the waiting.
func TestNamesCannotBeFoundOut(t *testing.T) {
	atRealCost(t)
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.account(t, ctx, "binh")
		must(t, h.Disable(ctx, h.account(t, ctx, "khoa")))
		_, err := h.OpenAccount(ctx, NewAccount{Name: "moi", Title: "Mới", Unit: h.commune})
		must(t, err)
		b := h.browser(t)
		ask := func(name, password string) string {
			got := b.post("/access/sign-in", "name", name, "password", password)
			return fmt.Sprint(got.code, len(got.body)-len(name))
		}
		want := ask("khongcoai", goodPassword)
		for _, name := range []string{"binh", "khoa", "moi"} {
			password := goodPassword
			if name == "binh" {
				password = "not the password"
			}
			if got := ask(name, password); got != want {
				t.Errorf("%s: %s, nobody: %s", name, got, want)
			}
		}
		took := func(name string) time.Duration { // the shortest of three: other work on the machine only adds
			least := time.Hour
			for range 3 {
				start := time.Now()
				ask(name, "not the password")
				least = min(least, time.Since(start))
			}
			return least
		}
		if known, unknown := took("binh"), took("khongaica"); unknown < known/8 || known < unknown/8 {
			t.Errorf("known %s, unknown %s", known, unknown)
		}
		now := time.Now()
		for i := range 2 * pairFree {
			a, b := h.guess(ctx, "binh", "192.0.2.9", now), h.guess(ctx, "nobody", "192.0.2.10", now)
			if errs.Of(a).Kind != errs.Of(b).Kind {
				t.Errorf("guess %d: %v and %v", i, a, b)
			}
		}
	})
}

// Guesses sent all at once are no way round the wait.
func TestGuessesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.account(t, ctx, "binh")
		var wg sync.WaitGroup
		var looked atomic.Int32
		hold := make(chan struct{})
		for range 50 {
			wg.Go(func() {
				_, _ = h.try(ctx, "binh", "203.0.113.7", func() (bool, error) {
					looked.Add(1)
					<-hold
					return false, nil
				})
			})
		}
		time.Sleep(50 * time.Millisecond)
		if _, err := h.try(ctx, "binh", "198.51.100.1", func() (bool, error) { return true, nil }); err != nil {
			t.Errorf("the owner elsewhere: %v", err)
		}
		close(hold)
		wg.Wait()
		if looked.Load() > pairAtOnce || len(h.guesses.underWay) != 0 {
			t.Errorf("%d looked, %v are under way", looked.Load(), h.guesses.underWay)
		}
	})
}
