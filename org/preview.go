package org

import (
	"context"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

// NoteKind sorts what a preview says.
type NoteKind string

// The kinds of notes, in the order in which people read them.
const (
	NoteProblem      NoteKind = "problem"      // must be put right before anything is done
	NoteDoubt        NoteKind = "doubt"        // may be read in two ways: please decide
	NoteNew          NoteKind = "new"          // a unit begins
	NoteMerged       NoteKind = "merged"       // units merge into one
	NoteSplit        NoteKind = "split"        // a unit goes to several
	NoteRenamed      NoteKind = "renamed"      //
	NoteReclassified NoteKind = "reclassified" //
	NoteReparented   NoteKind = "reparented"   // another unit above it
	NoteRecoded      NoteKind = "recoded"      // another code
	NoteReused       NoteKind = "reused"       // its code was another unit's
	NoteEnded        NoteKind = "ended"        // a unit ends without a successor
	NoteRehung       NoteKind = "rehung"       // what lay below an ended unit
	NoteOutside      NoteKind = "outside"      // lines about units that are not kept here
)

// NoteKinds lists them.
var NoteKinds = []NoteKind{NoteProblem, NoteDoubt, NoteNew, NoteMerged, NoteSplit, NoteRenamed, NoteReclassified,
	NoteReparented, NoteRecoded, NoteReused, NoteEnded, NoteRehung, NoteOutside}

// Note is one sentence of a preview.
type Note struct {
	Kind    NoteKind
	Text    i18n.Text
	Unit    UnitID   // that it is about; "" for one that is not there yet
	Line    int      // of the file; zero when it comes from no line
	Ask     string   // the key under which the answer is given; "" when nothing is asked
	Answer  string   // the one given, or the one taken when nobody answers
	Options []Option // to choose from
}

// Option is an answer that may be chosen.
type Option struct {
	Value string
	Text  i18n.Text
}

// Preview says in words what an import or a merger will change, before anything
// is. It holds for the units as they were when it was made.
type Preview struct {
	Stamp string // to be given back with the order to carry it out
	Notes []Note
	// Splits are the units that go to several, whose shares may be typed.
	Splits []SplitOf
	plan   plan
}

// Of lists the notes of a kind.
func (p *Preview) Of(k NoteKind) []Note {
	var out []Note
	for _, n := range p.Notes {
		if n.Kind == k {
			out = append(out, n)
		}
	}
	return out
}

// Count counts the notes of a kind.
func (p *Preview) Count(k NoteKind) int { return len(p.Of(k)) }

// Ready says whether it can be carried out: there is something to do, and no
// problem is left.
func (p *Preview) Ready() bool { return p.Count(NoteProblem) == 0 && !p.plan.empty() }

// Empty says whether nothing would change.
func (p *Preview) Empty() bool { return p.plan.empty() }

func (p *Preview) note(n Note) { p.Notes = append(p.Notes, n) }

func (p *Preview) say(k NoteKind, u UnitID, line int, key string, args ...any) {
	p.note(Note{Kind: k, Unit: u, Line: line, Text: i18n.T(key, args...)})
}

// mayAsk wants the actor to hold an action somewhere: the preview of a change
// shows no more than the units, which are public.
func (o *Org) mayAsk(ctx context.Context, a module.ActionName) error {
	if access.Anywhere != nil && access.Anywhere(ctx, a) {
		return nil
	}
	return access.Check(ctx, a, "")
}

// carryOut runs a preview's plan when the units are still those that it was made
// for. make makes it anew on the draft's units.
func (o *Org) carryOut(ctx context.Context, a module.ActionName, seen string, by Basis, subject string, make func(*book) *Preview) error {
	return o.change(ctx, func(ctx context.Context, d *draft) error {
		if seen != d.base.stamp {
			return errs.New(errs.Conflict, "org.tree.changed")
		}
		p := make(d.base)
		if n := p.Of(NoteProblem); len(n) > 0 {
			return errs.New(errs.Invalid, "org.preview.problem", len(n), n[0].Text)
		}
		if p.plan.empty() {
			return errs.New(errs.Invalid, "org.preview.nothing")
		}
		if err := o.mayCarryOut(ctx, a, &p.plan); err != nil {
			return err
		}
		if err := p.plan.run(d, by); err != nil {
			return err
		}
		counts := map[NoteKind]int{}
		for _, k := range NoteKinds {
			if n := p.Count(k); n > 0 {
				counts[k] = n
			}
		}
		return o.audit(ctx, Entry{Action: a, Subject: subject, Detail: counts})
	})
}

// mayCarryOut asks for every unit that the plan changes or ends, and for the
// places where it puts new ones.
func (o *Org) mayCarryOut(ctx context.Context, a module.ActionName, p *plan) error {
	for _, id := range p.touched() {
		if err := access.Check(ctx, a, id); err != nil {
			return err
		}
	}
	from := map[UnitID]bool{}
	for _, n := range p.news {
		from[n.unit.ID] = true
	}
	for _, s := range p.pairs {
		for _, pair := range s.pairs {
			delete(from, pair.To) // asked for as a successor of units that were asked for
		}
	}
	for _, n := range p.news {
		if !from[n.unit.ID] || from[n.unit.Parent] {
			continue
		}
		if err := o.mayAdd(ctx, a, n.unit.Parent); err != nil {
			return err
		}
	}
	return nil
}
