package org

import (
	"context"
	"database/sql/driver"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/event"
	"lotrinh/platform/id"
)

type versionRow struct {
	Stamp string     `db:"stamp"`
	On    clock.Date `db:"reach_on"`
}

func (o *Org) version(ctx context.Context) (versionRow, error) {
	return db.One[versionRow](ctx, o.db, `select stamp, reach_on from org_version`)
}

// load reads all units of all times.
func (o *Org) load(ctx context.Context) (*book, error) {
	v, err := o.version(ctx)
	if err != nil {
		return nil, err
	}
	b := &book{stamp: v.Stamp, units: map[UnitID][]state{}, acts: map[ActID]Act{},
		out: map[UnitID][]succession{}, in: map[UnitID][]succession{}}
	err = db.Each(ctx, o.db, `select `+db.Columns[state]("")+` from org_unit_state order by unit_id, from_on`, nil,
		func(s state) error { b.units[s.ID] = append(b.units[s.ID], s); return nil })
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, o.db, `select `+db.Columns[succession]("")+` from org_succession order by on_date, from_id, to_id`, nil,
		func(s succession) error {
			b.out[s.From] = append(b.out[s.From], s)
			b.in[s.To] = append(b.in[s.To], s)
			return nil
		})
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, o.db, `select `+db.Columns[Act]("")+` from org_act`, nil,
		func(a Act) error { b.acts[a.ID] = a; return nil })
	if err != nil {
		return nil, err
	}
	return b.bind(max(v.On, 1)), nil
}

const lookEvery = 2 * time.Second // how old the units in memory may be

// now is the book that ctx sees: in a transaction that changed units, with the
// change; else the newest that is known to be committed, at most lookEvery old.
// Where the database cannot be read, the last one that was.
func (o *Org) now(ctx context.Context) *book {
	if b, ok := db.Kept(ctx, o).(*book); ok {
		return b
	}
	b := o.book.Load()
	if b != nil && time.Now().UnixNano()-o.looked.Load() < int64(lookEvery) {
		return b
	}
	if b != nil && !o.loading.TryLock() {
		return b
	}
	if b == nil {
		o.loading.Lock()
	}
	defer o.loading.Unlock()
	return o.look(ctx)
}

// look reads the units anew when another node changed them.
func (o *Org) look(ctx context.Context) *book {
	b := o.book.Load()
	if b != nil && time.Now().UnixNano()-o.looked.Load() < int64(lookEvery) {
		return b // someone else looked meanwhile
	}
	ctx = context.WithoutCancel(ctx)
	v, err := o.version(ctx)
	if err == nil && (b == nil || b.stamp != v.Stamp || b.on != v.On) {
		var next *book
		if next, err = o.load(ctx); err == nil {
			o.book.Store(next)
		}
	}
	if err != nil {
		slog.ErrorContext(ctx, "units cannot be read", "err", err)
		if b == nil {
			return (&book{}).bind(clock.Today(ctx))
		}
		return b
	}
	o.looked.Store(time.Now().UnixNano())
	return o.book.Load()
}

// change carries out fn on a draft and saves what it made of the units, all in one
// transaction. Other changes wait meanwhile.
func (o *Org) change(ctx context.Context, fn func(context.Context, *draft) error) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		base, err := o.lock(ctx)
		if err != nil {
			return err
		}
		d := &draft{ctx: ctx, base: base, now: clock.Now(ctx).UnixMicro(), touched: map[UnitID][]state{}}
		if err := fn(ctx, d); err != nil {
			return err
		}
		if err := d.check(); err != nil {
			return err
		}
		return o.save(ctx, d)
	})
}

// lock keeps others from changing units, and returns the units as they are now.
func (o *Org) lock(ctx context.Context) (*book, error) {
	if _, err := o.db.Exec(ctx, `update org_version set n = n + 1`); err != nil {
		return nil, err
	}
	v, err := o.version(ctx)
	if err != nil {
		return nil, err
	}
	if b := o.now(ctx); b.stamp == v.Stamp && b.on == v.On {
		return b, nil
	}
	return o.load(ctx)
}

func (o *Org) save(ctx context.Context, d *draft) error {
	next := d.book(id.New(ctx), clock.Today(ctx))
	if err := o.saveRows(ctx, d); err != nil {
		return err
	}
	if err := o.saveReach(ctx, d.base, next); err != nil {
		return err
	}
	return o.tell(ctx)
}

func (o *Org) saveRows(ctx context.Context, d *draft) error {
	if err := db.Insert(ctx, o.db, "org_act", d.acts...); err != nil {
		return err
	}
	units := make([]unitRow, len(d.fresh))
	for i, id := range d.fresh {
		units[i] = unitRow{id, d.now, 1}
	}
	if err := db.Insert(ctx, o.db, "org_unit", units...); err != nil {
		return err
	}
	if err := o.saveStates(ctx, d); err != nil {
		return err
	}
	rows := make([]successionRow, len(d.pairs))
	for i, p := range d.pairs {
		rows[i] = p.row()
	}
	return db.Insert(ctx, o.db, "org_succession", rows...)
}

type unitRow struct {
	ID      UnitID `db:"id"`
	MadeAt  int64  `db:"made_at"`
	Edition int64  `db:"edition"`
}

// successionRow is a succession as it is first written, told to nobody.
type successionRow struct {
	Pair
	On       clock.Date `db:"on_date"`
	Act      ActID      `db:"act_id"`
	Recorded int64      `db:"recorded_at"`
}

func (s succession) row() successionRow { return successionRow{s.Pair, s.On, s.Act, s.Recorded} }

// saveStates writes the states that are new, and moves those that stand no more to
// org_unit_state_old, where "as known on a day" finds them.
func (o *Org) saveStates(ctx context.Context, d *draft) error {
	var put []stateRow
	var drop []state
	var changed []UnitID
	for _, id := range sortedKeys(d.touched) {
		old, now := d.base.units[id], d.touched[id]
		for _, s := range old {
			if !slices.Contains(now, s) {
				drop = append(drop, s)
			}
		}
		for _, s := range now {
			if !slices.Contains(old, s) {
				put = append(put, stateRow{s, nullID(s.Unit.Parent)})
			}
		}
		if len(old) > 0 {
			changed = append(changed, id)
		}
	}
	if err := o.supersede(ctx, drop, d.now); err != nil {
		return err
	}
	if err := o.bump(ctx, changed); err != nil {
		return err
	}
	return db.Insert(ctx, o.db, "org_unit_state", put...)
}

const chunk = 200 // rows named in one statement

// supersede moves rows of org_unit_state away. What was recorded and withdrawn at
// one moment was never known to anybody, and is not kept.
func (o *Org) supersede(ctx context.Context, drop []state, now int64) error {
	var old []oldRow
	for _, s := range drop {
		if s.Recorded < now {
			old = append(old, oldRow{stateRow{s, nullID(s.Unit.Parent)}, now})
		}
	}
	if err := db.Insert(ctx, o.db, "org_unit_state_old", old...); err != nil {
		return err
	}
	for part := range slices.Chunk(drop, chunk) {
		keys, args := "", make([]any, 0, 2*len(part))
		for i, s := range part {
			keys += fmt.Sprintf(", ($%d, $%d)", 2*i+1, 2*i+2)
			args = append(args, s.ID, s.From)
		}
		_, err := o.db.Exec(ctx, `delete from org_unit_state where (unit_id, from_on) in (values `+keys[2:]+`)`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// bump counts the editions of units that changed.
func (o *Org) bump(ctx context.Context, ids []UnitID) error {
	for part := range slices.Chunk(ids, chunk) {
		w := db.In(db.NewWhere(), "id", part)
		if _, err := o.db.Exec(ctx, `update org_unit set edition = edition + 1 where `+w.SQL(), w.Args()...); err != nil {
			return err
		}
	}
	return nil
}

type oldRow struct {
	stateRow
	Superseded int64 `db:"superseded_at"`
}

// stateRow is a state as it is written: a root's parent is NULL.
type stateRow struct {
	state
	Parent nullID `db:"parent_id"`
}

type nullID UnitID

// Value stores the id of no unit as NULL.
func (u nullID) Value() (driver.Value, error) { return idValue(string(u)) }

// saveReach rewrites the rows of org_reach that differ, makes next what this
// transaction sees, and what all see once it has committed.
func (o *Org) saveReach(ctx context.Context, base, next *book) error {
	drop, put := reachDiff(base, next)
	for part := range slices.Chunk(drop, chunk) {
		w := db.In(db.NewWhere(), "unit_id", part)
		if _, err := o.db.Exec(ctx, `delete from org_reach where `+w.SQL(), w.Args()...); err != nil {
			return err
		}
	}
	if err := db.Insert(ctx, o.db, "org_reach", put...); err != nil {
		return err
	}
	if _, err := o.db.Exec(ctx, `update org_version set stamp = $1, reach_on = $2`, next.stamp, next.on); err != nil {
		return err
	}
	db.Keep(ctx, o, next)
	db.AfterCommit(ctx, func() { o.book.Store(next); o.looked.Store(0) })
	return nil
}

// tell publishes the successions that have taken effect and were not told yet.
func (o *Org) tell(ctx context.Context) error {
	due, err := db.All[succession](ctx, o.db, `select `+db.Columns[succession]("")+` from org_succession
		where told_at is null and on_date <= $1 order by on_date, act_id, from_id, to_id`, clock.Today(ctx))
	if err != nil || len(due) == 0 {
		return err
	}
	var e UnitsSucceeded
	for i, s := range due {
		if i == 0 || e.On != s.On || e.Act != s.Act {
			if err := o.publish(ctx, e); err != nil {
				return err
			}
			e = UnitsSucceeded{Act: s.Act, On: s.On}
		}
		e.Pairs = append(e.Pairs, s.Pair)
	}
	if err := o.publish(ctx, e); err != nil {
		return err
	}
	_, err = o.db.Exec(ctx, `update org_succession set told_at = $1 where told_at is null and on_date <= $2`,
		clock.Now(ctx), clock.Today(ctx))
	return err
}

func (o *Org) publish(ctx context.Context, e event.Event) error {
	if s, ok := e.(UnitsSucceeded); ok && len(s.Pairs) == 0 || o.bus == nil {
		return nil
	}
	return o.bus.Publish(ctx, e)
}

// Refresh writes org_reach for today, and tells of successions that take effect
// today, where a day has brought a change. Asks nobody: it only makes good what is
// recorded. Open to all.
func (o *Org) Refresh(ctx context.Context) error {
	today := clock.Today(ctx)
	if b := o.now(ctx); b.on == today || b.on != 1 && !b.stale(today) {
		return nil
	}
	return o.change(ctx, func(context.Context, *draft) error { return nil })
}
