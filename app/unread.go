package app

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// unread remembers for a few seconds how many letters wait for each reader, so
// that the bell costs no query on every page.
type unread struct {
	mu    sync.Mutex
	known map[string]counted
}

type counted struct {
	n  int64
	at time.Time
}

const (
	unreadFor = 20 * time.Second
	unreadMax = 50_000 // readers remembered
)

func (u *unread) of(ctx context.Context, reader string, count func(context.Context, string) (int, error)) int64 {
	if reader == "" {
		return 0
	}
	now := time.Now()
	u.mu.Lock()
	c, ok := u.known[reader]
	u.mu.Unlock()
	if ok && now.Sub(c.at) < unreadFor {
		return c.n
	}
	n, err := count(ctx, reader)
	if err != nil {
		slog.ErrorContext(ctx, "inbox cannot be counted", "err", err)
		return 0
	}
	u.set(reader, counted{int64(n), now})
	return int64(n)
}

func (u *unread) set(reader string, c counted) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.known == nil || len(u.known) > unreadMax {
		u.known = map[string]counted{}
	}
	u.known[reader] = c
}

func (u *unread) forget(reader string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.known, reader)
}
