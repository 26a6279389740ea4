package org

import "lotrinh/platform/clock"

// Act is a legal act by which units change: a resolution, a decision.
type Act struct {
	ID      ActID      `db:"id" json:"id"`
	Number  string     `db:"number" json:"number"` // «1279/NQ-UBTVQH14»
	Title   string     `db:"title" json:"title"`
	Issuer  string     `db:"issuer" json:"issuer"`
	Signed  clock.Date `db:"signed_on" json:"signed_on"`
	URL     string     `db:"url" json:"url"`
	MadeAt  int64      `db:"made_at" json:"-"`
	Edition int64      `db:"edition" json:"-"`
}

func (a Act) empty() bool { return a.Number == "" && a.Title == "" }

func (a Act) clean() Act {
	a.Number, a.Title, a.Issuer, a.URL = clean(a.Number), clean(a.Title), clean(a.Issuer), clean(a.URL)
	return a
}

func (a Act) same(b Act) bool {
	if a.Number == "" || b.Number == "" {
		return a.Number == b.Number && a.Title == b.Title && a.Issuer == b.Issuer
	}
	return a.Number == b.Number && a.Issuer == b.Issuer
}

// Label names the act on screens: its number, or its title where it has none.
func (a Act) Label() string {
	if a.Number != "" {
		return a.Number
	}
	return a.Title
}

// Basis is what a change of units rests on.
type Basis struct {
	On       clock.Date // first day on which it holds (ngày có hiệu lực)
	Operates clock.Date // first day on which authorities work by it (ngày đi vào hoạt động); zero: On
	Closes   clock.Date // first day on which old authorities work no more; zero: Operates
	Act      Act        // one with an ID is a known one; the empty Act is none
	Edition  int64      // of the unit, as the editor saw it; zero: not asked
}

func (b Basis) closes() clock.Date {
	if b.Closes != 0 {
		return b.Closes
	}
	return b.Operates
}

const denMax = 1_000_000 // of a share, so that three in a row stay exact
