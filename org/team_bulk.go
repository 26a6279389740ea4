package org

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// NewTeam is a team to be entered with others, in Unit; its members are people who
// are entered already.
type NewTeam struct {
	Unit UnitID
	Team
	Members []NewMember
}

// AddTeams enters many teams at once, all or none, as AddTeam does one. Asked for in
// each unit, and for reading people in the units of the members.
func (o *Org) AddTeams(ctx context.Context, list ...NewTeam) error {
	var teams []Team
	var places []teamPlace
	var members []Member
	var notes []Entry
	for _, n := range list {
		if err := access.Check(ctx, TeamEdit, n.Unit); err != nil {
			return err
		}
		if err := n.clean(); err != nil {
			return err
		}
		u, ok := o.now(ctx).at(n.Unit, n.From)
		if !ok || u.Tier != Village && u.Tier != Commune {
			return errs.New(errs.Invalid, "error.invalid").Field("unit", "org.team.need-unit", n.From.Viet())
		}
		n.ID, n.MadeAt, n.Edition = TeamID(id.New(ctx)), clock.Now(ctx), 0
		teams, places = append(teams, n.Team), append(places, teamPlace{Team: n.ID, Unit: n.Unit, From: n.From})
		for _, m := range n.Members {
			members = append(members, Member{ID: id.New(ctx), Team: n.ID, Person: m.Person, Role: m.Role, From: n.From})
		}
		notes = append(notes, Entry{Action: TeamEdit, Unit: n.Unit, Subject: "team:" + string(n.ID), Detail: n.Team})
	}
	if err := o.mayJoin(ctx, members); err != nil {
		return err
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, o.db, "org_team", teams...); err != nil {
			return err
		}
		if err := db.Insert(ctx, o.db, "org_team_place", places...); err != nil {
			return err
		}
		if err := db.Insert(ctx, o.db, "org_team_member", members...); err != nil {
			return err
		}
		return o.auditAll(ctx, notes)
	})
}

// mayJoin asks for the right to read the people of memberships, in the units of their
// main posts.
func (o *Org) mayJoin(ctx context.Context, members []Member) error {
	ids := make([]PersonID, len(members))
	for i, m := range members {
		ids[i] = m.Person
	}
	posts, err := o.PostsOn(ctx, ids, clock.Today(ctx))
	if err != nil {
		return err
	}
	asked := map[UnitID]bool{}
	for _, p := range ids {
		if unit := posts[p].Unit; !asked[unit] {
			asked[unit] = true
			if err := access.Check(ctx, PersonRead, unit); err != nil {
				return err
			}
		}
	}
	return nil
}
