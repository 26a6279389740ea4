package org

import (
	"context"
	"slices"
	"strings"
)

// Authority says whether units of a tier have a head of their own who answers for
// their people: an authority of a tier or an agency, not its divisions or villages.
func (t Tier) Authority() bool { return t == Province || t == District || t == Commune || t == Agency }

// OwnUnits lists what is one unit with top under its head: top, its divisions and
// villages, and the ended units that came to any of these. Authorities below top
// have heads of their own and are not among them.
func (o *Org) OwnUnits(top UnitID) []UnitID { return o.now(context.Background()).own(top) }

func (b *book) own(top UnitID) []UnitID {
	paths := b.reach()
	t := b.tree(b.on)
	out := []UnitID{top}
	for id, lows := range paths {
		if id != top && slices.ContainsFunc(lows, func(low string) bool { return partOf(t, low, paths[top]) }) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// partOf says whether a path leads below one of highs without meeting a living
// authority on the way.
func partOf(t *Tree, low string, highs []string) bool {
	return slices.ContainsFunc(highs, func(high string) bool {
		rest, below := strings.CutPrefix(low, high)
		for ; below && len(rest) >= segmentLen; rest = rest[segmentLen:] {
			if u, lives := t.Unit(unsegment(rest[:segmentLen])); lives && u.Tier.Authority() {
				return false
			}
		}
		return below
	})
}

const segmentLen = 32 // hexadecimal digits of a UUID

// unsegment is the identifier that segment shortened.
func unsegment(s string) UnitID {
	return UnitID(s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:])
}
