// Package measure shows what the modules count: results by unit, category, topic
// and month, as the units were or as they are now. Every number opens the records
// it counts, within what the reader may see.
//
// The numbers are added up in memory (package fact) from the facts that modules
// offer as module.Source; nothing is typed in twice.
package measure

import (
	"cmp"
	"context"
	"embed"
	"log/slog"
	"slices"
	"sync"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/fact"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// ReadResults lets one read the results of a unit and of all below it.
const ReadResults module.ActionName = "measure.result.read"

// Measure is the module.
type Measure struct {
	orgs   *org.Org
	stores []*fact.Store
	opt    Options

	mu     sync.Mutex
	looked time.Time
}

// Options is what the app tells measure of the house.
type Options struct {
	Base string                                         // https://host, to make the links in files whole
	Ask  func(ctx context.Context, u org.UnitID) string // page on which people of a unit are asked to go on; nil = none
}

// Set says what the house is like. Open to the app alone, which wires the modules.
func (m *Measure) Set(o Options) { m.opt = o }

const lookEvery = 2 * time.Second // a figure is at most so old

// New returns the module over the sources that the other modules bring.
func New(orgs *org.Org, sources ...module.Source) *Measure {
	m := &Measure{orgs: orgs}
	for _, s := range sources {
		m.stores = append(m.stores, fact.New(s))
	}
	return m
}

// Module is what measure brings to the house.
func (m *Measure) Module() module.Module {
	readers := []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.Head, module.Compiler, module.Supervisor}
	return module.Module{
		Name:    "measure",
		Actions: []module.Action{{Name: ReadResults, Roles: readers}},
		Home: []module.Card{
			{Roles: []module.Role{module.Head}, Order: -10, Body: m.headCard},
			{Roles: []module.Role{module.Office, module.Supervisor, module.Compiler}, Order: -10, Body: m.officeCard},
		},
		Menu: []module.Link{{Text: i18n.T("measure.menu"), Path: "/results", Icon: "chart", Needs: ReadResults, Order: 60}},
		Routes: func(x *web.Mux) {
			x.Handle("GET /results", m.showResults)
			x.Handle("GET /results/records", m.showRecords)
			x.Handle("GET /results/file", m.download)
		},
	}
}

// refresh brings in what changed, unless someone did so a moment ago.
func (m *Measure) refresh(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Since(m.looked) < lookEvery {
		return nil
	}
	for _, s := range m.stores {
		if err := s.Refresh(access.System(ctx)); err != nil {
			return err
		}
	}
	m.looked = time.Now()
	return nil
}

// Warm reads all facts, so that the first who asks for results need not wait.
// Open to all: it shows nothing.
func (m *Measure) Warm(ctx context.Context) {
	if err := m.refresh(ctx); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "figures cannot be read", "err", err)
	}
}

// measures lists what is counted, from the plan to its fruit.
func (m *Measure) measures() (all []module.Measure) {
	for _, s := range m.stores {
		all = append(all, s.Source().Measures...)
	}
	slices.SortStableFunc(all, func(a, b module.Measure) int { return cmp.Compare(place(a.Step), place(b.Step)) })
	return all
}

// place orders steps; what lies beside the way comes last.
func place(s module.Step) module.Step {
	if s == module.OtherStep {
		return module.Certified + 1
	}
	return s
}

// storeOf is the store that counts a measure.
func (m *Measure) storeOf(key string) *fact.Store {
	for _, s := range m.stores {
		for _, x := range s.Source().Measures {
			if x.Key == key {
				return s
			}
		}
	}
	return nil
}
