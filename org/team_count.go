package org

import (
	"context"
	"strings"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// TeamCount is how many teams a unit has, with all below it, on a date.
type TeamCount struct {
	Unit     UnitID
	Villages int // villages and residential groups that are entered
	Covered  int // of those, that have a team
	Teams    int
	Members  int // memberships: someone in two teams counts in both
	Persons  int // different people
	Short    int // teams with fewer members than the rule asks for
}

// TeamCounts counts the teams of a unit on a date: the first line is the unit with
// all below it, the others each unit right below it.
func (o *Org) TeamCounts(ctx context.Context, unit UnitID, on clock.Date) ([]TeamCount, error) {
	if err := access.Check(ctx, TeamRead, unit); err != nil {
		return nil, err
	}
	least, err := o.Rule(ctx, TeamMin, on)
	if err != nil {
		return nil, err
	}
	teams, err := o.teamsOn(ctx, on)
	if err != nil {
		return nil, err
	}
	t := o.On(ctx, on)
	counts := []TeamCount{t.countTeams(unit, teams, least)}
	for _, u := range t.Children(unit) {
		counts = append(counts, t.countTeams(u, teams, least))
	}
	return counts, nil
}

// teamsOn is the members of the teams of each unit on a date.
func (o *Org) teamsOn(ctx context.Context, on clock.Date) (map[UnitID]map[TeamID][]PersonID, error) {
	type row struct {
		Team   TeamID   `db:"id"`
		Unit   UnitID   `db:"unit_id"`
		Person PersonID `db:"person_id"`
	}
	all := map[UnitID]map[TeamID][]PersonID{}
	err := db.Each(ctx, o.db, `select t.id, h.unit_id, m.person_id from org_team t join org_team_place h on h.team_id = t.id
		and h.from_on <= $1 and (h.to_on is null or h.to_on > $1) left join org_team_member m on m.team_id = t.id
		and m.from_on <= $1 and (m.to_on is null or m.to_on > $1) where t.from_on <= $1 and (t.to_on is null or t.to_on > $1)`,
		[]any{on}, func(r row) error {
			if all[r.Unit] == nil {
				all[r.Unit] = map[TeamID][]PersonID{}
			}
			members := all[r.Unit][r.Team]
			if r.Person != "" {
				members = append(members, r.Person)
			}
			all[r.Unit][r.Team] = members
			return nil
		})
	return all, err
}

func (t *Tree) countTeams(top UnitID, teams map[UnitID]map[TeamID][]PersonID, least int64) TeamCount {
	c, people := TeamCount{Unit: top}, map[PersonID]bool{}
	for _, u := range t.Subtree(top) {
		if u.Tier == Village {
			c.Villages++
			if len(teams[u.ID]) > 0 {
				c.Covered++
			}
		}
		for _, members := range teams[u.ID] {
			c.Teams++
			c.Members += len(members)
			if int64(len(members)) < least {
				c.Short++
			}
			for _, p := range members {
				people[p] = true
			}
		}
	}
	c.Persons = len(people)
	return c
}

// AddVillages enters villages or residential groups below a commune, for whoever may
// edit teams there; names carry their kind («Thôn Thuận An»). What exists already
// under that name is left as it is. It returns the id of each, in order.
func (o *Org) AddVillages(ctx context.Context, commune UnitID, by Basis, names ...string) ([]UnitID, error) {
	if err := access.Check(ctx, TeamEdit, commune); err != nil {
		return nil, err
	}
	if u, ok := o.now(ctx).at(commune, by.On); !ok || u.Tier != Commune {
		return nil, errs.New(errs.Invalid, "error.invalid").Field("commune", "org.team.need-commune", by.On.Viet())
	}
	ids, there := make([]UnitID, len(names)), map[string]UnitID{}
	for _, c := range o.On(ctx, by.On).Children(commune) {
		there[nameKey(o.On(ctx, by.On).Name(c))] = c
	}
	err := o.change(ctx, func(ctx context.Context, d *draft) error {
		act, fresh := d.act(by.Act), 0
		for i, name := range names {
			name = text.Clean(name)
			k, ok := villageKind(name)
			if !ok {
				return errs.New(errs.Invalid, "error.invalid").Field("villages", "org.team.bad-village", name)
			}
			if ids[i] = there[nameKey(name)]; ids[i] != "" {
				continue
			}
			ids[i] = d.add(Unit{Name: name, Kind: k, Tier: Village, Parent: commune, From: by.On, Operates: by.Operates}, act)
			there[nameKey(name)] = ids[i]
			fresh++
		}
		return o.audit(ctx, Entry{Action: TeamEdit, Unit: commune, Subject: "villages", Detail: map[string]int{"added": fresh}})
	})
	return ids, err
}

func villageKind(name string) (Kind, bool) {
	key := nameKey(name) + " "
	for _, l := range levels {
		if l.tier == Village && strings.HasPrefix(key, nameKey(l.word)+" ") && len(key) > len(nameKey(l.word))+1 {
			return l.kind, true
		}
	}
	return "", false
}
