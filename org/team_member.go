package org

import (
	"context"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// TeamRole is what someone is in a team.
type TeamRole string

// The roles in a team.
const (
	TeamLeader TeamRole = "leader" // tổ trưởng
	TeamDeputy TeamRole = "deputy" // tổ phó
	TeamPlain  TeamRole = "member" // thành viên
)

// TeamRoles lists them.
var TeamRoles = []TeamRole{TeamLeader, TeamDeputy, TeamPlain}

// Member is someone's time in a team.
type Member struct {
	ID     string     `db:"id"`
	Team   TeamID     `db:"team_id"`
	Person PersonID   `db:"person_id"`
	Role   TeamRole   `db:"role"`
	From   clock.Date `db:"from_on"`
	To     clock.Date `db:"to_on"`
	Why    string     `db:"why"`
}

// NewMember is someone to join a team: Person, who is entered already, or New, who
// is entered with a post in the team's unit as a member of it.
type NewMember struct {
	Person PersonID
	New    Particulars
	Role   TeamRole
}

// AddMembers lets people join a team on a day; someone who is in it already changes
// his role. A second leader takes over from the first, who stays as a member. Asks
// through teamToEdit.
func (o *Org) AddMembers(ctx context.Context, t TeamID, from clock.Date, members ...NewMember) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		team, err := o.teamToEdit(ctx, t)
		if err != nil {
			return err
		}
		if from == 0 {
			from = clock.Today(ctx)
		}
		if !from.Within(team.From, team.To) {
			return errs.New(errs.Invalid, "error.invalid").Field("from", "org.team.not-then", from.Viet())
		}
		team.From = from
		return o.addMembers(ctx, team.Team, team.Unit, members)
	})
}

// addMembers lets people join t from t.From on.
func (o *Org) addMembers(ctx context.Context, t Team, unit UnitID, members []NewMember) error {
	for _, m := range members {
		p, err := o.memberPerson(ctx, t, unit, m)
		if err != nil {
			return err
		}
		if m.Role == "" {
			m.Role = TeamPlain
		}
		if err := o.join(ctx, Member{Team: t.ID, Person: p, Role: m.Role, From: t.From}); err != nil {
			return err
		}
		if err := o.audit(ctx, Entry{Action: TeamEdit, Unit: unit, Person: p, Subject: "team:" + string(t.ID), Detail: m.Role}); err != nil {
			return err
		}
	}
	return nil
}

// memberPerson is whom m names, entered when he is new. The right to edit the team
// is the right to enter its members.
func (o *Org) memberPerson(ctx context.Context, t Team, unit UnitID, m NewMember) (PersonID, error) {
	if m.Person != "" {
		x, posts, err := o.load1(ctx, m.Person)
		if err != nil {
			return "", err
		}
		return x.ID, o.mayRead(ctx, x.ID, posts)
	}
	n := NewPerson{m.New.Name, m.New.Birth, m.New.Sex, m.New.Email, m.New.Phone, m.New.Number,
		Post{Unit: unit, Category: TeamMember, Title: teamTitles[m.Role], Main: true, From: t.From, Why: t.Decision}}
	p, err := o.person(ctx, n)
	if err != nil {
		return "", err
	}
	n.Post.Person = p.ID
	if err := o.checkPost(ctx, n.Post); err != nil {
		return "", err
	}
	return p.ID, o.insertPeople(ctx, []Person{p}, []Post{n.Post.fresh(ctx)})
}

// teamTitles are the posts of those who are entered as members; what a post is
// called is data, in Vietnamese.
var teamTitles = map[TeamRole]string{
	TeamLeader: "Tổ trưởng Tổ công nghệ số cộng đồng", TeamDeputy: "Tổ phó Tổ công nghệ số cộng đồng",
	TeamPlain: "Thành viên Tổ công nghệ số cộng đồng", "": "Thành viên Tổ công nghệ số cộng đồng",
}

// join opens a membership, after the same person's and, for a leader, the other
// leader's has been closed.
func (o *Org) join(ctx context.Context, m Member) error {
	held, err := db.All[Member](ctx, o.db, `select `+db.Columns[Member]("")+` from org_team_member
		where team_id = $1 and (to_on is null or to_on > $2) order by id`, string(m.Team), m.From)
	if err != nil {
		return err
	}
	for _, h := range held {
		switch {
		case h.Person == m.Person && h.Role == m.Role:
			return errs.New(errs.Conflict, "org.team.member-already")
		case h.Person == m.Person:
			err = o.closeMember(ctx, h, m.From)
		case h.Role == TeamLeader && m.Role == TeamLeader:
			if err = o.closeMember(ctx, h, m.From); err == nil {
				err = db.Insert(ctx, o.db, "org_team_member", Member{id.New(ctx), m.Team, h.Person, TeamPlain, m.From, 0, ""})
			}
		}
		if err != nil {
			return err
		}
	}
	m.ID = id.New(ctx)
	return db.Insert(ctx, o.db, "org_team_member", m)
}

// closeMember ends a membership; one that would not have lasted a day never was.
func (o *Org) closeMember(ctx context.Context, m Member, on clock.Date) error {
	query, args := `update org_team_member set to_on = $2 where id = $1`, []any{m.ID, on}
	if on <= m.From {
		query, args = `delete from org_team_member where id = $1`, args[:1]
	}
	_, err := o.db.Exec(ctx, query, args...)
	return err
}

// EndMember ends a membership: on is the first day on which it is no more. Asks
// through teamToEdit.
func (o *Org) EndMember(ctx context.Context, member string, on clock.Date) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		m, err := db.One[Member](ctx, o.db, `select `+db.Columns[Member]("")+` from org_team_member where id = $1`, member)
		if err != nil {
			return strangerFirst(ctx, "", err)
		}
		team, err := o.teamToEdit(ctx, m.Team)
		if err != nil {
			return err
		}
		if err := o.closeMember(ctx, m, on); err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: TeamEdit, Unit: team.Unit, Person: m.Person, Subject: "team:" + string(m.Team), Detail: map[string]clock.Date{"left": on}})
	})
}

// TeamView is a team with all that belongs to it.
type TeamView struct {
	Team
	Unit    UnitID
	Members []MemberLine // those of today first, then those who left
	Homes   []TeamHome   // where it was at home, the latest first
	Short   bool         // has fewer members today than the rule asks for
	Least   int64        // what the rule asks for
	MayEdit bool
	MayLog  bool
}

// TeamHome is where a team was at home in a span of time.
type TeamHome struct {
	Unit     UnitID
	From, To clock.Date
	Why      string
}

// MemberLine is a member with the name.
type MemberLine struct {
	Member
	Name string
	Now  bool // a member today
}

// ViewTeam is a team, for whoever may read teams there and for its members.
func (o *Org) ViewTeam(ctx context.Context, t TeamID) (TeamView, error) {
	x, err := o.team(ctx, t)
	if err != nil {
		return TeamView{}, err
	}
	v := TeamView{Team: x.Team, Unit: x.Unit, MayEdit: may(ctx, TeamEdit, x.Unit)}
	if v.Members, err = o.memberLines(ctx, t); err != nil {
		return v, err
	}
	own := false
	for _, m := range v.Members {
		self := m.Now && access.CheckSelf(ctx, m.Person) == nil
		own = own || self
		v.MayLog = v.MayLog || self && m.Role != TeamPlain
	}
	v.MayLog = v.MayLog || v.MayEdit
	if err := access.Check(ctx, TeamRead, x.Unit); err != nil && !own {
		return TeamView{}, err
	}
	if v.Homes, err = o.homes(ctx, t); err != nil {
		return v, err
	}
	v.Least, err = o.Rule(ctx, TeamMin, clock.Today(ctx))
	n := int64(0)
	for _, m := range v.Members {
		if m.Now {
			n++
		}
	}
	v.Short = n < v.Least
	return v, err
}

func (o *Org) homes(ctx context.Context, t TeamID) ([]TeamHome, error) {
	rows, err := db.All[teamPlace](ctx, o.db, `select `+db.Columns[teamPlace]("")+` from org_team_place where team_id = $1 order by from_on desc`, string(t))
	homes := make([]TeamHome, len(rows))
	for i, r := range rows {
		homes[i] = TeamHome{r.Unit, r.From, r.To, r.Why}
	}
	return homes, err
}

func (o *Org) memberLines(ctx context.Context, t TeamID) ([]MemberLine, error) {
	rows, err := db.All[Member](ctx, o.db, `select `+db.Columns[Member]("")+` from org_team_member where team_id = $1
		order by case when to_on is null then 0 else 1 end, case role when 'leader' then 0 when 'deputy' then 1 else 2 end, from_on, id`, string(t))
	if err != nil {
		return nil, err
	}
	ids := make([]PersonID, len(rows))
	for i, m := range rows {
		ids[i] = m.Person
	}
	names, err := o.People(ctx, ids)
	lines, today := make([]MemberLine, len(rows)), clock.Today(ctx)
	for i, m := range rows {
		lines[i] = MemberLine{m, names[m.Person].Name, today.Within(m.From, m.To)}
	}
	return lines, err
}
