package org

import (
	"math/big"

	"lotrinh/platform/errs"
)

// succession records pairs in the draft: it ends the old units that give all they
// have, and hangs what lies below them under their main successors.
func (d *draft) succession(pairs []Pair, by Basis, act ActID) error {
	if len(pairs) == 0 {
		return errs.New(errs.Invalid, "org.succession.none")
	}
	given, heir, order := map[UnitID]*big.Rat{}, map[UnitID]Pair{}, []UnitID(nil)
	for _, p := range pairs {
		if p.From == p.To || p.Num <= 0 || p.Den < p.Num || p.Den > denMax {
			return errs.New(errs.Invalid, "org.share.bad", d.name(p.From), p.Num, p.Den)
		}
		share := big.NewRat(p.Num, p.Den)
		if given[p.From] == nil {
			given[p.From] = new(big.Rat)
			order = append(order, p.From)
		}
		given[p.From].Add(given[p.From], share)
		if best, ok := heir[p.From]; !ok || share.Cmp(big.NewRat(best.Num, best.Den)) > 0 {
			heir[p.From] = p
		}
		d.succeed(p, by.On, act)
	}
	for _, id := range order {
		if given[id].Cmp(big.NewRat(1, 1)) < 0 {
			continue
		}
		if err := d.end(id, by, act); err != nil {
			return err
		}
	}
	return d.rehang(func(id UnitID) (UnitID, bool) { p, ok := heir[id]; return p.To, ok }, by, act)
}

// rehang puts each unit whose parent has ended under the one that to names.
func (d *draft) rehang(to func(UnitID) (UnitID, bool), by Basis, act ActID) error {
	for _, id := range sortedKeys(d.base.units) {
		s, ok := d.at(id, by.On)
		if !ok || s.Parent == "" {
			continue
		}
		if _, lives := d.at(s.Parent, by.On); lives {
			continue
		}
		next, ok := to(s.Parent)
		if !ok {
			return errs.New(errs.Invalid, "org.unit.orphan", s.Name, by.On.Viet())
		}
		if err := d.alter(id, by.On, act, func(u *Unit) { u.Parent, u.Operates = next, by.Operates }); err != nil {
			return err
		}
	}
	return nil
}
