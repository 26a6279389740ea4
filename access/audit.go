package access

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
)

// Entry is what a module tells the audit log. Who did it, when and from where
// are added by Audit.
type Entry struct {
	Action  module.ActionName
	Unit    org.UnitID   // where; "" when it concerns no unit
	Person  org.PersonID // whose data was read or changed; "" when nobody's
	Subject string       // what it was done to: "course:0190…"
	Detail  any          // becomes JSON; never a password, code, token or key
	Read    bool         // someone looked; else something was changed
}

// Record is an entry as the log keeps it.
type Record struct {
	ID      string            `db:"id" json:"id"`
	At      time.Time         `db:"at" json:"-"`
	Action  module.ActionName `db:"action" json:"action"`
	Read    bool              `db:"is_read" json:"-"`
	Unit    org.UnitID        `db:"unit_id" json:"unit"`
	Person  org.PersonID      `db:"person_id" json:"person"`
	Subject string            `db:"subject" json:"subject"`
	Detail  string            `db:"detail" json:"detail"`
	Account AccountID         `db:"account_id" json:"account"`
	Actor   string            `db:"actor" json:"actor"`
	Address string            `db:"address" json:"address"`
	Hash    string            `db:"hash" json:"hash"`
}

// Audit writes an entry into the log, in the transaction of ctx where there is
// one, so that what is done and the note of it stand or fall together.
func Audit(ctx context.Context, d *db.DB, e Entry) error {
	return AuditAll(ctx, d, []Entry{e})
}

// AuditAll is Audit for many entries at once.
func AuditAll(ctx context.Context, d *db.DB, entries []Entry) error {
	records, waiting := make([]Record, len(entries)), make([]unsealed, len(entries))
	for i, e := range entries {
		r, err := record(ctx, e)
		if err != nil {
			return err
		}
		records[i], waiting[i] = r, unsealed{r.ID}
	}
	return d.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, d, "access_audit", records...); err != nil {
			return err
		}
		return db.Insert(ctx, d, "access_unsealed", waiting...)
	})
}

type unsealed struct {
	ID string `db:"id"`
}

func record(ctx context.Context, e Entry) (Record, error) {
	r := Record{ID: id.New(ctx), At: clock.Now(ctx), Action: e.Action, Read: e.Read, Unit: e.Unit,
		Person: e.Person, Subject: e.Subject, Detail: "{}", Address: Address(ctx)}
	if e.Detail != nil {
		text, err := json.Marshal(e.Detail)
		if err != nil {
			return r, fmt.Errorf("audit of %s: %w", e.Action, err)
		}
		r.Detail = string(text)
	}
	if who, ok := Who(ctx); ok {
		r.Account, r.Actor = who.Account, who.Name
	}
	r.Hash = hex.EncodeToString(r.sum())
	return r, nil
}

// sum is the SHA-256 of the entry's fields but its hash, each as UTF-8 text with
// its length (eight bytes, big-endian) before it, in the order of Record; the
// time is in decimal microseconds since 1970, a read is "read", else "change".
func (r *Record) sum() []byte {
	h := sha256.New()
	var size [8]byte
	for _, field := range [...]string{r.ID, fmt.Sprint(r.At.UnixMicro()), string(r.Action), r.kind(), string(r.Unit),
		string(r.Person), r.Subject, r.Detail, string(r.Account), r.Actor, r.Address} {
		binary.BigEndian.PutUint64(size[:], uint64(len(field)))
		h.Write(size[:])
		h.Write([]byte(field))
	}
	return h.Sum(nil)
}

func (r *Record) kind() string {
	if r.Read {
		return "read"
	}
	return "change"
}

type addressKey struct{}

// From returns a context whose actor comes from a network address.
func From(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// Address is where the actor of ctx comes from; "" when from the machine itself.
func Address(ctx context.Context) string {
	s, _ := ctx.Value(addressKey{}).(string)
	return s
}
