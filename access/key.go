package access

import (
	"context"
	"errors"
	"strings"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
	"lotrinh/platform/text"
)

// Key lets a program use the JSON API: to do some actions, on a unit and below.
type Key struct {
	ID      string     `db:"id"`
	Name    string     `db:"name"` // of the program
	Hash    string     `db:"hash"`
	Unit    org.UnitID `db:"unit_id"`
	Actions string     `db:"actions"` // with spaces between
	By      AccountID  `db:"made_by"`
	MadeAt  time.Time  `db:"made_at"`
	Expires clock.Date `db:"expires_on"` // first day on which it opens nothing; zero = open
	UsedAt  time.Time  `db:"used_at"`
	EndedAt time.Time  `db:"ended_at"`
}

const keyPrefix = "lotrinh_" // by which people and scanners of repositories know it

func keyAccount(id string) AccountID { return AccountID("key:" + id) }

// MakeKey makes a key for a program. Nobody can give it more than he may do
// himself in that unit. secret is told once and kept nowhere. Errors: Invalid with
// fields name, actions, expires; Denied.
func (a *Access) MakeKey(ctx context.Context, name string, unit org.UnitID, actions []module.ActionName, expires clock.Date) (secret string, err error) {
	if err := Check(ctx, EditKeys, unit); err != nil {
		return "", err
	}
	who, _ := Who(ctx)
	var f errs.Form
	name = text.Clean(name)
	f.Need(name != "" && len(name) <= 200, "name", "access.key.name")
	f.Need(len(actions) > 0, "actions", "access.key.actions")
	f.Need(expires == 0 || expires > clock.Today(ctx), "expires", "access.key.expires")
	words := make([]string, len(actions))
	for i, act := range actions {
		_, known := rolesOf[act]
		f.Need(known, "actions", "access.key.actions")
		if !who.system && !who.over(act, unit) {
			return "", errs.New(errs.Denied, "access.grant.beyond")
		}
		words[i] = string(act)
	}
	if err := f.Err(); err != nil {
		return "", err
	}
	token, _ := newToken()
	secret = keyPrefix + token
	row := Key{ID: id.New(ctx), Name: name, Hash: hashToken(secret), Unit: unit, Actions: strings.Join(words, " "),
		By: who.Account, MadeAt: clock.Now(ctx), Expires: expires}
	return secret, a.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, a.db, "access_key", row); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: EditKeys, Unit: unit, Subject: "key:" + row.ID,
			Detail: map[string]any{"made": name, "actions": row.Actions, "expires": expires}})
	})
}

// Keys lists the keys of units of the actor of ctx, the newest first.
func (a *Access) Keys(ctx context.Context) ([]Key, error) {
	if !Anywhere(ctx, EditKeys) {
		return nil, refuse(ctx)
	}
	w := In(ctx, EditKeys).Narrow(db.NewWhere(), "k.unit_id")
	return db.All[Key](ctx, a.db, `select `+db.Columns[Key]("k")+` from access_key k where `+w.SQL()+` order by k.made_at desc, k.id`, w.Args()...)
}

// refuse is Stranger for a stranger, else Denied.
func refuse(ctx context.Context) error {
	if !SignedIn(ctx) {
		return errs.New(errs.Stranger, "error.sign-in")
	}
	return errs.New(errs.Denied, "error.denied")
}

// EndKey ends a key: it opens nothing any more, within two seconds on all nodes.
func (a *Access) EndKey(ctx context.Context, key string) error {
	if !Anywhere(ctx, EditKeys) {
		return refuse(ctx)
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		k, err := db.One[Key](ctx, a.db, `select `+db.Columns[Key]("")+` from access_key where id = $1`, key)
		if err != nil {
			return err
		}
		if Check(ctx, EditKeys, k.Unit) != nil {
			return errs.New(errs.NotFound, "error.not-found")
		}
		if _, err := a.db.Exec(ctx, `update access_key set ended_at = $1 where id = $2 and ended_at is null`, clock.Now(ctx), key); err != nil {
			return err
		}
		if err := a.changed(ctx, keyAccount(key)); err != nil {
			return err
		}
		return Audit(ctx, a.db, Entry{Action: EditKeys, Unit: k.Unit, Subject: "key:" + k.ID, Detail: map[string]any{"ended": k.Name}})
	})
}

// loadKey reads the key of a hash; nil when none is in force.
func (a *Access) loadKey(ctx context.Context, hash string) (*entry, error) {
	now := clock.Now(ctx)
	k, err := db.One[Key](ctx, a.db, `select `+db.Columns[Key]("")+` from access_key
		where hash = $1 and ended_at is null and (expires_on is null or expires_on > $2)`, hash, clock.DateOf(now))
	if errors.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if now.Sub(k.UsedAt) > time.Hour { // not at every request: it is a write
		if _, err := a.db.Exec(ctx, `update access_key set used_at = $1 where id = $2`, now, k.ID); err != nil {
			return nil, err
		}
	}
	may := map[module.ActionName]bool{}
	for word := range strings.FieldsSeq(k.Actions) {
		may[module.ActionName(word)] = true
	}
	who := &Actor{Account: keyAccount(k.ID), Name: k.Name, Unit: k.Unit, key: may, top: k.Unit, covers: a.orgs.Covers, posts: a.posts}
	return &entry{actor: who, until: now.Add(24 * time.Hour), day: clock.DateOf(now)}, nil
}
