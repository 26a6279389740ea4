package org

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// History is the past of units that are not known here yet, brought in at one go:
// what they were, span by span, and who followed whom.
type History struct {
	Spans []Span
	Steps []Step
}

// Span is what a unit was from Unit.From to Unit.To. Unit.ID and Unit.Parent are
// the history's own keys; Parent may also be the id of a unit that exists.
type Span struct {
	Unit
	Act    Act // by which the span began; may be empty
	EndAct Act // by which the unit ended with it; may be empty
}

// Step is a succession of a history; From and To are its keys.
type Step struct {
	Pair
	On  clock.Date
	Act Act
}

// Record brings in a history, and says which unit each of its keys became. It is
// for those who may edit every unit there is. Asks through mayAdd.
func (o *Org) Record(ctx context.Context, h History) (map[string]UnitID, error) {
	if err := o.mayAdd(ctx, UnitEdit, ""); err != nil {
		return nil, err
	}
	ids := map[string]UnitID{}
	err := o.change(ctx, func(ctx context.Context, d *draft) error {
		for _, s := range h.Spans {
			if key := string(s.ID); ids[key] == "" {
				ids[key] = UnitID(id.New(ctx))
				d.fresh = append(d.fresh, ids[key])
			}
		}
		for _, s := range h.Spans {
			d.span(s, ids)
		}
		for _, s := range h.Steps {
			p := s.Pair
			p.From, p.To = ids[string(p.From)], ids[string(p.To)]
			if p.From == "" || p.To == "" {
				return errs.New(errs.Invalid, "org.unit.none")
			}
			d.succeed(p, s.On, d.act(s.Act))
		}
		return o.audit(ctx, Entry{Action: UnitEdit, Subject: "history", Detail: map[string]int{"units": len(ids), "steps": len(h.Steps)}})
	})
	return ids, err
}

func (d *draft) span(s Span, ids map[string]UnitID) {
	u := s.Unit
	u.ID = ids[string(s.ID)]
	if to, ok := ids[string(s.Parent)]; ok {
		u.Parent = to
	}
	row := d.state(u, d.act(s.Act))
	row.EndAct = d.act(s.EndAct)
	d.touched[u.ID] = append(d.touched[u.ID], row)
}
