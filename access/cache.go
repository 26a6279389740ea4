package access

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

const (
	cacheHalf   = 20_000           // sessions in each of the cache's two halves
	cacheTrust  = 30 * time.Second // after which a session is read again, whatever happened
	pollAfter   = time.Second      // one request then asks what other nodes changed
	pollAtLast  = 1800 * time.Millisecond
	pollOverlap = time.Minute // a change is seen though its transaction took so long
)

// entry is a session in memory.
type entry struct {
	actor *Actor
	until time.Time  // expires
	day   clock.Date // on which the grants were in force
	read  time.Time
}

// cache holds sessions and keys by their kind and the hash of their token: at most twice cacheHalf, those
// used last. What another node changed is learnt from access_change.
type cache struct {
	mu         sync.RWMutex
	young, old map[string]*entry
	dropped    uint64 // counts what was forgotten, so that a slow reader does not bring it back
	polled     atomic.Int64
	polling    sync.Mutex
	seen       map[string]time.Time // changes already dealt with
}

func newCache() *cache {
	return &cache{young: map[string]*entry{}, old: map[string]*entry{}, seen: map[string]time.Time{}}
}

func (c *cache) get(hash string) (e *entry, dropped uint64) {
	c.mu.RLock()
	e, dropped = c.young[hash], c.dropped
	if e != nil {
		c.mu.RUnlock()
		return e, dropped
	}
	e = c.old[hash]
	c.mu.RUnlock()
	if e != nil {
		c.put(hash, e, dropped)
	}
	return e, dropped
}

// put keeps e unless something was forgotten since dropped was read.
func (c *cache) put(hash string, e *entry, dropped uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dropped != dropped {
		return
	}
	if len(c.young) >= cacheHalf {
		c.old, c.young = c.young, make(map[string]*entry, cacheHalf)
	}
	c.young[hash] = e
}

// forget drops all sessions of accounts.
func (c *cache) forget(accounts ...AccountID) {
	gone := make(map[AccountID]bool, len(accounts))
	for _, a := range accounts {
		gone[a] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropped++
	for _, half := range []map[string]*entry{c.young, c.old} {
		for hash, e := range half {
			if gone[e.actor.Account] {
				delete(half, hash)
			}
		}
	}
}

// forgetAll drops all sessions.
func (c *cache) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropped++
	c.young, c.old = map[string]*entry{}, map[string]*entry{}
}

// refresh learns what other nodes changed, when that was last asked a second or
// more ago. One request asks while the others go on; when nobody has asked for
// nearly two seconds, all wait for the answer.
func (a *Access) refresh(ctx context.Context) error {
	c := a.sessions
	age := time.Duration(time.Now().UnixNano() - c.polled.Load())
	switch {
	case age < pollAfter:
		return nil
	case age < pollAtLast:
		if !c.polling.TryLock() {
			return nil
		}
	default:
		c.polling.Lock()
	}
	defer c.polling.Unlock()
	if time.Duration(time.Now().UnixNano()-c.polled.Load()) < pollAfter {
		return nil // someone else asked while we waited
	}
	return a.poll(ctx, c)
}

func (a *Access) poll(ctx context.Context, c *cache) error {
	type change struct {
		ID      string    `db:"id"`
		Account AccountID `db:"account_id"`
	}
	asked := time.Now()
	rows, err := db.All[change](ctx, a.db, `select id, account_id from access_change where at > $1`, asked.Add(-pollOverlap))
	if err != nil {
		return err
	}
	var gone []AccountID
	for _, r := range rows {
		if _, known := c.seen[r.ID]; !known {
			c.seen[r.ID] = asked
			gone = append(gone, r.Account)
		}
	}
	for id, at := range c.seen {
		if asked.Sub(at) > 2*pollOverlap {
			delete(c.seen, id)
		}
	}
	if len(gone) > 0 {
		c.forget(gone...)
	}
	c.polled.Store(asked.UnixNano())
	return nil
}

// bySession returns who holds the session of a token, or nil.
func (a *Access) bySession(ctx context.Context, token string) (*Actor, error) {
	return a.holder(ctx, "session ", token, a.load)
}

// byKey returns the program that holds a key, or nil.
func (a *Access) byKey(ctx context.Context, secret string) (*Actor, error) {
	return a.holder(ctx, "key ", secret, a.loadKey)
}

// holder returns who holds a token of a kind; load reads it where it is not in
// memory. A token of one kind opens nothing as one of another.
func (a *Access) holder(ctx context.Context, kind, token string, load func(context.Context, string) (*entry, error)) (*Actor, error) {
	if err := a.refresh(ctx); err != nil {
		return nil, err
	}
	hash := hashToken(token)
	e, dropped := a.sessions.get(kind + hash)
	now := clock.Now(ctx)
	if e != nil && time.Since(e.read) < cacheTrust && now.Before(e.until) && e.day == clock.DateOf(now) {
		return e.actor, nil
	}
	e, err := load(ctx, hash)
	if err != nil || e == nil {
		return nil, err
	}
	e.read = time.Now()
	a.sessions.put(kind+hash, e, dropped)
	return e.actor, nil
}
