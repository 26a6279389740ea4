package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// The log is proved in two steps. Whoever does something writes the entry with
// the hash of its content, in the same transaction, and waits for nobody. The
// sealer then gives each entry, in the order of their ids, its place in the
// chain: link n is the hash of n, of link n-1 and of the entry's hash. Who
// changes, removes or reorders entries must make every later link anew, which an
// exported link shows. Entries of the last second, not yet sealed, are the gap.

const sealBatch = 500

// link is an entry's place in the chain.
type link struct {
	Seq   int64     `db:"seq"`
	Audit string    `db:"audit_id"`
	Hash  string    `db:"hash"`
	At    time.Time `db:"at"`
}

// next is the hash of link seq: SHA-256 of the text "seq\nprevious\nentry\n",
// the number in decimal, the hashes in hex.
func next(seq int64, previous, entry string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%s\n%s\n", seq, previous, entry))
	return hex.EncodeToString(sum[:])
}

// Seal links all entries that wait, and says how many. One node links at a time;
// one that comes second finds its numbers taken and leaves the rest to the other.
// It is the clock's work and shows nothing. Open to all.
func (a *Access) Seal(ctx context.Context) (n int, err error) {
	if err := a.protect(ctx); err != nil {
		return 0, err
	}
	house, err := a.house(ctx)
	if err != nil {
		return 0, err
	}
	for {
		m, err := a.sealSome(ctx, house)
		n += m
		if errors.Is(err, errs.Conflict) {
			return n, nil
		}
		if err != nil || m < sealBatch {
			return n, err
		}
	}
}

// protect makes the engine refuse changes to the log, once in a run.
func (a *Access) protect(ctx context.Context) error {
	if a.protected.Load() {
		return nil
	}
	if err := a.db.AppendOnly(ctx, "access_audit", "access_seal"); err != nil {
		return err
	}
	a.protected.Store(true)
	return nil
}

type waiting struct {
	ID   string `db:"id"`
	Hash string `db:"hash"`
}

func (a *Access) sealSome(ctx context.Context, house string) (n int, err error) {
	const look = `select a.id, a.hash from access_unsealed u join access_audit a on a.id = u.id order by u.id limit $1`
	idle, err := db.All[waiting](ctx, a.db, look, 1) // most often there is nothing to do: do not open a transaction
	if err != nil || len(idle) == 0 {
		return 0, err
	}
	err = a.db.Tx(ctx, func(ctx context.Context) error {
		rows, err := db.All[waiting](ctx, a.db, look, sealBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		last, err := a.lastLink(ctx, house)
		if err != nil {
			return err
		}
		n = len(rows)
		return a.append(ctx, last, rows)
	})
	return n, err
}

func (a *Access) append(ctx context.Context, last link, rows []waiting) error {
	now := time.Now()
	links, ids := make([]link, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		seq := last.Seq + 1
		last = link{seq, r.ID, next(seq, last.Hash, r.Hash), now}
		links[i], ids[i] = last, r.ID
	}
	if err := db.Insert(ctx, a.db, "access_seal", links...); err != nil {
		return err
	}
	w := db.NewWhere()
	db.In(w, "id", ids)
	_, err := a.db.Exec(ctx, `delete from access_unsealed where `+w.SQL(), w.Args()...)
	return err
}

// lastLink is the end of the chain; of an empty one, link 0, whose hash is that
// of the house's name.
func (a *Access) lastLink(ctx context.Context, house string) (link, error) {
	l, err := db.One[link](ctx, a.db, `select seq, audit_id, hash, at from access_seal order by seq desc limit 1`)
	if errors.Is(err, errs.NotFound) {
		return link{Hash: genesis(house)}, nil
	}
	return l, err
}

func genesis(house string) string {
	sum := sha256.Sum256([]byte("lotrinh audit 1\n" + house + "\n"))
	return hex.EncodeToString(sum[:])
}

// house is the name of this house, drawn when its log begins.
func (a *Access) house(ctx context.Context) (string, error) {
	return a.setting(ctx, "house", func() string { return id.New(ctx) })
}

// setting reads a value that is drawn once and then kept.
func (a *Access) setting(ctx context.Context, name string, draw func() string) (string, error) {
	const read = `select value from access_setting where name = $1`
	v, err := db.One[string](ctx, a.db, read, name)
	if !errors.Is(err, errs.NotFound) {
		return v, err
	}
	if _, err := a.db.Exec(ctx, `insert into access_setting (name, value) values ($1, $2) on conflict (name) do nothing`, name, draw()); err != nil {
		return "", err
	}
	return db.One[string](ctx, a.db, read, name)
}
