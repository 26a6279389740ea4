package org

import (
	"math/big"

	"lotrinh/platform/errs"
)

// succession records pairs in the draft, and ends the old units that give all
// they have. Who took most of each is kept for rehang.
func (d *draft) succession(pairs []Pair, by Basis, act ActID) error {
	if len(pairs) == 0 {
		return errs.New(errs.Invalid, "org.succession.none")
	}
	if d.heirs == nil {
		d.heirs = map[UnitID]Pair{}
	}
	given, order := map[UnitID]*big.Rat{}, []UnitID(nil)
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
		if best, ok := d.heirs[p.From]; !ok || share.Cmp(big.NewRat(best.Num, best.Den)) > 0 {
			d.heirs[p.From] = p
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
	return nil
}

// heir is where what lies below an ended unit goes: to its main successor, else to
// the living unit above it.
func (d *draft) heir(id UnitID, by Basis) (UnitID, bool) {
	for n := 0; id != "" && n < 20; n++ {
		if _, lives := d.at(id, by.On); lives {
			return id, true
		}
		if p, ok := d.heirs[id]; ok {
			id = p.To
			continue
		}
		last, ok := d.at(id, by.On-1)
		if !ok {
			return "", false
		}
		id = last.Parent
	}
	return "", false
}

// rehang puts each unit whose parent has ended under the heir of that parent.
func (d *draft) rehang(by Basis, act ActID) error {
	for _, id := range sortedKeys(d.base.units) {
		s, ok := d.at(id, by.On)
		if !ok || s.Parent == "" {
			continue
		}
		if _, lives := d.at(s.Parent, by.On); lives {
			continue
		}
		next, ok := d.heir(s.Parent, by)
		if !ok {
			return errs.New(errs.Invalid, "org.unit.orphan", s.Name, by.On.Viet())
		}
		if err := d.alter(id, by.On, act, func(u *Unit) { u.Parent, u.Operates = next, by.Operates }); err != nil {
			return err
		}
	}
	return nil
}
