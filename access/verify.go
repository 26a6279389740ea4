package access

import (
	"context"
	"encoding/hex"
	"fmt"

	"lotrinh/platform/db"
)

// Proof is what a walk along the chain found.
type Proof struct {
	House    string // whose log it is
	First    int64  // number of the first link walked
	Last     int64  // number of the last
	Hash     string // of the last link: note it down to prove later that nothing changed
	Unsealed int    // entries that wait for their link
	Faults   []Fault
}

// Whole says whether nothing was found wrong.
func (p Proof) Whole() bool { return len(p.Faults) == 0 }

// Fault is a place where the log is not what it was.
type Fault struct {
	Seq   int64  // link; 0 = an entry without one
	Entry string // id of the entry
	What  string // changed, missing, moved, loose
}

// The faults.
const (
	Changed = "changed" // the entry's content is not what was sealed
	Missing = "missing" // a number or an entry is gone
	Moved   = "moved"   // the link does not follow from the one before
	Loose   = "loose"   // an entry that neither waits nor is sealed
)

const faultsMax = 100 // enough to see what happened

func (p *Proof) fault(seq int64, entry, what string) {
	if len(p.Faults) < faultsMax {
		p.Faults = append(p.Faults, Fault{seq, entry, what})
	}
}

// linked is a link with its entry; the entry's ID is "" when it is gone.
type linked struct {
	Seq   int64  `db:"seq"`
	Audit string `db:"audit_id"`
	Link  string `db:"link"`
	Record
}

const linkedQuery = `select s.seq, s.audit_id, s.hash as link, a.id, a.at, a.action, a.is_read, a.unit_id, a.person_id,
	a.subject, a.detail, a.account_id, a.actor, a.address, a.hash from access_seal s left join access_audit a on a.id = s.audit_id`

// walk follows a chain link by link.
type walk struct {
	proof Proof
	hash  string // of the last link
}

func (w *walk) step(l linked) {
	for w.proof.Last+1 < l.Seq && len(w.proof.Faults) < faultsMax {
		w.proof.Last++
		w.proof.fault(w.proof.Last, "", Missing)
	}
	w.proof.Last = l.Seq
	switch {
	case l.ID == "":
		w.proof.fault(l.Seq, l.Audit, Missing)
	case hex.EncodeToString(l.sum()) != l.Hash:
		w.proof.fault(l.Seq, l.ID, Changed)
	case next(l.Seq, w.hash, l.Hash) != l.Link:
		w.proof.fault(l.Seq, l.ID, Moved)
	}
	w.hash = l.Link
}

// Verify walks the whole chain. What it finds wrong is in the Proof; an error
// says only that the log could not be read. It shows no entry. Open to all.
func (a *Access) Verify(ctx context.Context) (Proof, error) {
	house, err := a.house(ctx)
	if err != nil {
		return Proof{}, err
	}
	w := walk{proof: Proof{House: house, First: 1}, hash: genesis(house)}
	for { // page by page, so that a long walk holds no connection and no lock
		rows, err := db.All[linked](ctx, a.db, linkedQuery+` where s.seq > $1 order by s.seq limit 2000`, w.proof.Last)
		if err != nil {
			return w.proof, err
		}
		for _, l := range rows {
			w.step(l)
		}
		if len(rows) == 0 {
			break
		}
	}
	w.proof.Hash = w.hash
	if w.proof.Unsealed, err = a.Unsealed(ctx); err != nil {
		return w.proof, err
	}
	loose, err := db.All[string](ctx, a.db, `select a.id from access_audit a where not exists (select 1 from access_seal s where s.audit_id = a.id)
		and not exists (select 1 from access_unsealed u where u.id = a.id) order by a.id limit `+fmt.Sprint(faultsMax))
	for _, id := range loose {
		w.proof.fault(0, id, Loose)
	}
	return w.proof, err
}

// Unsealed counts the entries that wait for their link. Open to all.
func (a *Access) Unsealed(ctx context.Context) (int, error) {
	return db.One[int](ctx, a.db, `select count(*) from access_unsealed`)
}
