package org

import (
	"context"
	"maps"
	"slices"
	"time"

	"lotrinh/org/facts"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// MergerDay is the day on which the demo's provinces merge and districts end.
var MergerDay = clock.MustDate("2025-07-01")

// seedUnits makes the units of the demo as they were in March 2020, and carries out
// each act since then on its day, up to the last before the merger.
func (o *Org) seedUnits(ctx context.Context) error {
	begin := clock.At(ctx, facts.Begins.Time().Add(8*time.Hour))
	if _, err := o.Record(begin, baseOfFacts()); err != nil {
		return err
	}
	for _, on := range daysOfFacts() {
		if on < MergerDay {
			if err := o.seedStep(ctx, on); err != nil {
				return err
			}
		}
	}
	if err := o.seedDepartments(begin); err != nil {
		return err
	}
	return o.Refresh(clock.At(ctx, time.Now()))
}

// Merge2025 carries out the merger of 1/7/2025 on the demo's units.
// Asks through mayAsk, and through carryOut for every unit that ends or changes.
func (o *Org) Merge2025(ctx context.Context) error {
	if err := o.mayAsk(ctx, UnitMerge); err != nil {
		return err
	}
	return o.carryOut(ctx, UnitMerge, o.now(ctx).stamp, factsBasis(MergerDay), "merger:demo", func(b *book) *Preview {
		return previewFacts(ctx, b, MergerDay)
	})
}

// PreviewMerge2025 says what Merge2025 would do. Asks through mayAsk.
func (o *Org) PreviewMerge2025(ctx context.Context) (Preview, error) {
	if err := o.mayAsk(ctx, UnitMerge); err != nil {
		return Preview{}, err
	}
	b := o.now(ctx)
	p := previewFacts(ctx, b, MergerDay)
	p.Stamp = b.stamp
	return *p, nil
}

// seedStep carries out what the facts say of one day, as it was done on that day.
func (o *Org) seedStep(ctx context.Context, on clock.Date) error {
	by := factsBasis(on)
	ctx = clock.At(ctx, on.Time().Add(8*time.Hour))
	return o.change(ctx, func(ctx context.Context, d *draft) error {
		if err := access.Check(ctx, UnitMerge, ""); err != nil {
			return err
		}
		p := previewFacts(ctx, d.base, on)
		if n := p.Of(NoteProblem); len(n) > 0 {
			return errs.New(errs.Fault, n[0].Text.Key, n[0].Text.Args...)
		}
		return p.plan.run(d, by)
	})
}

func daysOfFacts() []clock.Date {
	days := map[clock.Date]bool{}
	for _, u := range facts.Units() {
		days[u.From] = true
	}
	for _, s := range facts.Successions() {
		days[s.Effective] = true
	}
	delete(days, 0)
	return slices.Sorted(maps.Keys(days))
}

// Thủ Đức city took effect on 1/1/2021, its authorities started on 22/1/2021, and
// the seals of the old districts and wards were void from 21/1/2021 (the city's
// announcement of January 2021).
var thuDuc, sealsVoid = clock.MustDate("2021-01-01"), clock.MustDate("2021-01-21")

// factsBasis is the basis of what the facts say of a day. Each step has its own act.
func factsBasis(on clock.Date) Basis {
	by := Basis{On: on}
	for _, s := range facts.Successions() {
		if s.Effective == on && s.Operating > on {
			by.Operates = s.Operating
		}
	}
	if on == thuDuc {
		by.Closes = sealsVoid
	}
	return by
}

func baseOfFacts() (h History) {
	for _, u := range facts.On(facts.Begins) {
		s := Span{Unit: factUnit(u)}
		s.ID, s.Parent, s.From = UnitID(u.Key), UnitID(u.Parent), facts.Begins
		h.Spans = append(h.Spans, s)
	}
	return h
}

func factUnit(u facts.Unit) Unit {
	k := Kind(u.Kind)
	if u.Kind == facts.District {
		k = KindRuralDistrict
	}
	return Unit{Code: u.Code, Name: u.Name, Kind: k, Tier: TierOf(k), Lat: u.Lat, Lon: u.Lon}
}

// factsMerging works out what the facts say of one day on the units of a book.
type factsMerging struct {
	p             *Preview
	t             *Tree
	on            clock.Date
	before, after map[string]facts.Unit
	ids           map[string]UnitID
	names         map[UnitID]string
	acts          map[string]Act
	steps         []facts.Succession // of that day
}

func previewFacts(ctx context.Context, b *book, on clock.Date) *Preview {
	f := &factsMerging{p: &Preview{}, t: b.tree(on - 1), on: on, ids: map[string]UnitID{}, names: map[UnitID]string{},
		before: byKey(facts.On(on - 1)), after: byKey(facts.On(on)), acts: map[string]Act{}}
	for _, a := range facts.Acts() {
		f.acts[a.Number] = Act{Number: a.Number, Title: a.Title, Signed: a.Signed, URL: a.URL}
	}
	for _, s := range facts.Successions() {
		if s.Effective == on {
			f.steps = append(f.steps, s)
		}
	}
	index := indexCodes(f.t)
	for _, u := range facts.On(on - 1) {
		f.find(index, u)
	}
	for _, u := range facts.On(on) {
		if _, ok := f.before[u.Key]; !ok {
			f.ids[u.Key] = UnitID(id.New(ctx))
			f.names[f.ids[u.Key]] = u.Name
		}
	}
	for _, u := range facts.On(on) {
		f.put(u)
	}
	f.give()
	return f.p
}

func byKey(units []facts.Unit) map[string]facts.Unit {
	m := make(map[string]facts.Unit, len(units))
	for _, u := range units {
		m[u.Key] = u
	}
	return m
}

func (f *factsMerging) find(index *codeIndex, u facts.Unit) {
	want := factUnit(u)
	id, ok := index.find(want.Tier, Ref{Code: u.Code, Name: u.Name}, "")
	if !ok {
		f.p.say(NoteProblem, "", 0, "org.note.no-old", u.Name, u.Code, (f.on - 1).Viet())
		return
	}
	f.ids[u.Key], f.names[id] = id, u.Name
}

func (f *factsMerging) act(match func(facts.Succession) bool) Act {
	for _, s := range f.steps {
		if match(s) {
			return f.acts[s.Act]
		}
	}
	return Act{}
}

func (f *factsMerging) put(u facts.Unit) {
	next := factUnit(u)
	next.ID, next.Parent = f.ids[u.Key], f.ids[u.Parent]
	act := f.act(func(s facts.Succession) bool { return s.To == u.Key })
	was, goesOn := f.before[u.Key]
	if !goesOn {
		f.p.plan.news = append(f.p.plan.news, newUnit{next, act})
		f.p.say(NoteNew, next.ID, 0, "org.note.begun", next.Name, next.Code)
		return
	}
	if was == u {
		return
	}
	now, _ := f.t.Unit(next.ID)
	var e Edit
	if now.Name != next.Name {
		e.Name = &next.Name
	}
	if now.Kind != next.Kind {
		e.Kind, e.Name = &next.Kind, &next.Name
	}
	if now.Code != next.Code {
		e.Code = &next.Code
	}
	if now.Parent != next.Parent {
		e.Parent = &next.Parent
	}
	f.p.edit(now, e, 0, act, func(id UnitID) string { return f.names[id] })
}

// give plans the successions, by act, and the ends of units that nothing follows.
func (f *factsMerging) give() {
	by := map[string][]Pair{}
	var order []string
	gone := map[string]bool{}
	for _, s := range f.steps {
		if !s.Moves() || s.From == s.To {
			continue
		}
		if by[s.Act] == nil {
			order = append(order, s.Act)
		}
		gone[s.From] = true
		p := Pair{From: f.ids[s.From], To: f.ids[s.To], Kind: factManner(s.Change), Num: int64(s.Share.Num), Den: int64(s.Share.Den), Assumed: s.Assumed}
		by[s.Act] = append(by[s.Act], p)
		if p.Num < p.Den {
			f.p.say(NoteSplit, p.From, 0, "org.note.gives", f.names[p.From], f.names[p.To], p.Num, p.Den)
		} else {
			f.p.say(NoteMerged, p.To, 0, "org.note.goes", f.names[p.From], f.names[p.To])
		}
	}
	for _, number := range order {
		f.p.plan.pairs = append(f.p.plan.pairs, actPairs{by[number], f.acts[number]})
	}
	for _, u := range facts.On(f.on - 1) {
		if _, lives := f.after[u.Key]; lives || gone[u.Key] || f.ids[u.Key] == "" {
			continue
		}
		act := f.act(func(s facts.Succession) bool { return s.From == u.Key })
		f.p.plan.ends = append(f.p.plan.ends, unitEnd{f.ids[u.Key], act})
		f.p.say(NoteEnded, f.ids[u.Key], 0, "org.note.district-ends", u.Name)
	}
}

func factManner(c facts.Change) Manner {
	switch c {
	case facts.Split:
		return Split
	case facts.Partial:
		return Partial
	case facts.Succeed:
		return Reclassify
	}
	return Merge
}
