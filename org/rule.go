package org

import (
	"context"
	"errors"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
	"lotrinh/platform/text"
)

// RuleEdit is to set the figures that law or a province sets.
const RuleEdit module.ActionName = "org.rule.edit"

// Rule names a figure that an authority may set otherwise.
type Rule string

// The rules of this module.
const (
	// TeamMin is how many members a community team has at least. Seven: the usual
	// figure of provincial plans.
	TeamMin Rule = "team.members"
	// PracticeMin is how many years of practical experience make a lecturer, beside
	// rank or degree. The rule says "experience" and no figure, so: one year.
	PracticeMin Rule = "lecturer.practice"
	// DegreeMin is the lowest degree that makes a lecturer: 1 bachelor, 2 master, 3
	// doctor.
	DegreeMin Rule = "lecturer.degree"
)

type ruleSpan struct{ usual, min, max int64 }

// Rules lists the rules.
var Rules = []Rule{TeamMin, PracticeMin, DegreeMin}

var ruleSpans = map[Rule]ruleSpan{TeamMin: {7, 1, 100}, PracticeMin: {1, 0, 40}, DegreeMin: {1, 1, 3}}

// Usual is the figure that holds where nobody has set another.
func (r Rule) Usual() int64 { return ruleSpans[r].usual }

// Ruling is what a rule says from a day on.
type Ruling struct {
	Rule   Rule       `db:"key"`
	From   clock.Date `db:"from_on"`
	Value  int64      `db:"value"`
	Basis  string     `db:"basis"` // the decision
	MadeAt time.Time  `db:"made_at"`
}

// Rule is what a rule says on a date. Open to all.
func (o *Org) Rule(ctx context.Context, r Rule, on clock.Date) (int64, error) {
	n, err := db.One[int64](ctx, o.db, `select value from org_rule where key = $1 and from_on <= $2
		order by from_on desc limit 1`, r, on)
	if errors.Is(err, errs.NotFound) {
		return r.Usual(), nil
	}
	return n, err
}

// Rulings lists what was set, the latest first. Open to all.
func (o *Org) Rulings(ctx context.Context) ([]Ruling, error) {
	return db.All[Ruling](ctx, o.db, `select `+db.Columns[Ruling]("")+` from org_rule order by key, from_on desc`)
}

// SetRule sets a rule from a day on, by a basis that screens show; a ruling of the
// same day is replaced. Asks through everywhere, for it holds in the whole house.
func (o *Org) SetRule(ctx context.Context, r Ruling) error {
	if err := o.everywhere(ctx, RuleEdit); err != nil {
		return err
	}
	span, known := ruleSpans[r.Rule]
	r.Basis, r.MadeAt = text.Clean(r.Basis), clock.Now(ctx)
	var f errs.Form
	f.Need(known, "rule", "org.rule.none")
	f.Need(r.From != 0, "from", "org.unit.need-date")
	f.Need(r.Value >= span.min && r.Value <= span.max, "value", "org.rule.range", span.min, span.max)
	f.Need(r.Basis != "", "basis", "org.rule.need-basis")
	if err := f.Err(); err != nil {
		return err
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		err := db.InsertOr(ctx, o.db, "org_rule", `on conflict (key, from_on) do update
			set value = excluded.value, basis = excluded.basis, made_at = excluded.made_at`, r)
		if err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: RuleEdit, Subject: "rule:" + string(r.Rule), Detail: r})
	})
}
