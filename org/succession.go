package org

import (
	"math/big"
	"slices"

	"lotrinh/platform/clock"
)

// Manner is how one unit follows another.
type Manner string

// The manners of succession.
const (
	Merge      Manner = "merge"      // sáp nhập, hợp nhất
	Split      Manner = "split"      // chia tách: the old unit ends
	Partial    Manner = "partial"    // a part goes, the old unit stays
	Rename     Manner = "rename"     // another identity under another name
	Reclassify Manner = "reclassify" // another identity of another kind or tier
	Reparent   Manner = "reparent"   // another identity elsewhere
)

// Pair says that Num/Den of From went to To.
type Pair struct {
	From    UnitID `db:"from_id" json:"from"`
	To      UnitID `db:"to_id" json:"to"`
	Kind    Manner `db:"kind" json:"kind"`
	Num     int64  `db:"num" json:"num"`
	Den     int64  `db:"den" json:"den"`
	Assumed bool   `db:"assumed" json:"assumed,omitempty"` // nobody has said the share yet
}

// succession is a row of org_succession.
type succession struct {
	Pair
	On       clock.Date `db:"on_date"`
	Act      ActID      `db:"act_id"`
	Recorded int64      `db:"recorded_at"`
	Told     int64      `db:"told_at"`
}

// Share is the part Num/Den of something that belongs to Unit.
type Share struct {
	Unit UnitID
	Num  int64
	Den  int64
}

// restate says to whom, on the date as, belongs what a unit was on the date on.
// The shares add up to one. What ended without a successor stays with the ended
// unit.
func (b *book) restate(id UnitID, on, as clock.Date) []Share {
	parts := map[UnitID]*big.Rat{}
	var order []UnitID
	var flow func(UnitID, *big.Rat, clock.Date)
	flow = func(id UnitID, part *big.Rat, after clock.Date) {
		day := nextOut(b.out[id], after, as)
		if day == 0 {
			if parts[id] == nil {
				parts[id] = new(big.Rat)
				order = append(order, id)
			}
			parts[id].Add(parts[id], part)
			return
		}
		left := new(big.Rat).Set(part)
		for _, s := range b.out[id] {
			if s.On == day {
				gone := new(big.Rat).Mul(part, big.NewRat(s.Num, s.Den))
				left.Sub(left, gone)
				flow(s.To, gone, day)
			}
		}
		if left.Sign() > 0 {
			flow(id, left, day)
		}
	}
	flow(id, big.NewRat(1, 1), on)
	return shares(order, parts)
}

func nextOut(out []succession, after, until clock.Date) clock.Date {
	for _, s := range out { // by date
		if s.On > after && s.On <= until {
			return s.On
		}
	}
	return 0
}

const roughly = 1_000_000_000_000 // denominator where an exact one is too long

// shares writes parts with int64s. Where an exact fraction does not fit, all are
// counted in millionths of a millionth, and the largest takes what is over.
func shares(order []UnitID, parts map[UnitID]*big.Rat) []Share {
	slices.SortStableFunc(order, func(a, b UnitID) int { return parts[b].Cmp(parts[a]) })
	out := make([]Share, len(order))
	exact := true
	for i, id := range order {
		p := parts[id]
		exact = exact && p.Num().IsInt64() && p.Denom().IsInt64()
		out[i] = Share{id, p.Num().Int64(), p.Denom().Int64()}
	}
	if exact {
		return out
	}
	left := int64(roughly)
	for i, id := range order {
		n := new(big.Int).Mul(parts[id].Num(), big.NewInt(roughly))
		out[i] = Share{id, n.Quo(n, parts[id].Denom()).Int64(), roughly}
		left -= out[i].Num
	}
	out[0].Num += left
	return out
}

// back is restate towards the past: it has an answer only where the unit is one
// old unit, whole and alone, since nobody knows which part of a merged unit's
// figure came from where.
func (b *book) back(id UnitID, on, as clock.Date) (UnitID, bool) {
	for {
		if _, ok := b.at(id, as); ok && !b.changedBetween(id, as, on) {
			return id, true
		}
		in := b.in[id]
		if len(in) != 1 || in[0].On > on || in[0].Num != in[0].Den || len(b.out[in[0].From]) != 1 {
			return "", false
		}
		id, on = in[0].From, in[0].On-1
	}
}

// changedBetween says whether something came to or left a unit in (from, to].
func (b *book) changedBetween(id UnitID, from, to clock.Date) bool {
	in := func(s succession) bool { return s.On > from && s.On <= to }
	return slices.ContainsFunc(b.in[id], in) || slices.ContainsFunc(b.out[id], in)
}

// Distribute deals n, a count that cannot be cut, by shares that add up to one:
// each gets its share rounded down, and the largest remainders get one more. The
// parts add up to n.
func Distribute(n int64, by []Share) []int64 {
	out, rest := make([]int64, len(by)), make([]*big.Rat, len(by))
	left := n
	for i, s := range by {
		exact := new(big.Rat).Mul(big.NewRat(n, 1), big.NewRat(s.Num, s.Den))
		whole := new(big.Int).Div(exact.Num(), exact.Denom())
		out[i] = whole.Int64()
		rest[i] = exact.Sub(exact, new(big.Rat).SetInt(whole))
		left -= out[i]
	}
	order := make([]int, len(by))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rest[b].Cmp(rest[a]) })
	for i := 0; left > 0 && i < len(order); i++ {
		out[order[i]]++
		left--
	}
	return out
}
