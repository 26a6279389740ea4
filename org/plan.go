package org

// plan is a change of many units on one day, made of steps that each rest on an
// act of their own.
type plan struct {
	news  []newUnit
	edits []unitEdit
	pairs []actPairs
	ends  []unitEnd
}

type newUnit struct {
	unit Unit // with an id already, by which others name it
	act  Act
}

type unitEdit struct {
	id   UnitID
	edit Edit
	act  Act
}

type actPairs struct {
	pairs []Pair
	act   Act
}

type unitEnd struct {
	id  UnitID
	act Act
}

func (p *plan) empty() bool {
	return len(p.news)+len(p.edits)+len(p.pairs)+len(p.ends) == 0
}

// run carries the plan out on a draft. What lies below units that end, and is not
// spoken of, goes below their heirs.
func (p *plan) run(d *draft, by Basis) error {
	for _, n := range p.news {
		u := n.unit
		u.From, u.Operates = by.On, by.Operates
		d.add(u, d.act(n.act))
	}
	for _, e := range p.edits {
		err := d.alter(e.id, by.On, d.act(e.act), func(u *Unit) { e.edit.apply(u); u.Operates = by.Operates })
		if err != nil {
			return err
		}
	}
	for _, s := range p.pairs {
		if err := d.succession(s.pairs, by, d.act(s.act)); err != nil {
			return err
		}
	}
	for _, e := range p.ends {
		if err := d.end(e.id, by, d.act(e.act)); err != nil {
			return err
		}
	}
	return d.rehang(by, d.act(by.Act))
}

// touched lists the units that exist and that the plan changes or ends.
func (p *plan) touched() []UnitID {
	seen := map[UnitID]bool{}
	for _, e := range p.edits {
		seen[e.id] = true
	}
	for _, s := range p.pairs {
		for _, pair := range s.pairs {
			seen[pair.From] = true
		}
	}
	for _, e := range p.ends {
		seen[e.id] = true
	}
	return sortedKeys(seen)
}
