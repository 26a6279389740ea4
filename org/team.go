package org

import (
	"context"
	"strings"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
	"lotrinh/platform/text"
)

// What people may be allowed to do with community digital technology teams (tổ công
// nghệ số cộng đồng).
const (
	TeamRead module.ActionName = "org.team.read"
	TeamEdit module.ActionName = "org.team.edit"
)

// TeamID names a team.
type TeamID string

// Team is a community digital technology team of a village or residential group,
// by the commune's decision.
type Team struct {
	ID           TeamID     `db:"id"`
	Name         string     `db:"name"`
	Folded       string     `db:"folded"`
	Decision     string     `db:"decision"` // number: «58/QĐ-UBND»
	DecisionOn   clock.Date `db:"decision_on"`
	DecisionFile string     `db:"decision_file"` // file.Ref; "" none
	DecisionName string     `db:"decision_name"`
	From         clock.Date `db:"from_on"`
	To           clock.Date `db:"to_on"`
	MadeAt       time.Time  `db:"made_at"`
	Edition      int64      `db:"edition"`
}

func (t *Team) clean() error {
	t.Name, t.Decision = text.Clean(t.Name), text.Clean(t.Decision)
	t.Folded = text.Fold(t.Name)
	if t.From == 0 {
		t.From = t.DecisionOn
	}
	var f errs.Form
	f.Need(t.Name != "" && len(t.Name) <= 300, "name", "org.team.need-name")
	f.Need(t.Decision != "" && len(t.Decision) <= 100, "decision", "org.team.need-decision")
	f.Need(t.DecisionOn != 0, "decision_on", "org.team.need-decision-date")
	f.Need(t.To == 0 || t.To > t.From, "to", "org.unit.need-span", t.From.Viet())
	return f.Err()
}

type teamPlace struct {
	Team TeamID     `db:"team_id"`
	Unit UnitID     `db:"unit_id"`
	From clock.Date `db:"from_on"`
	To   clock.Date `db:"to_on"`
	Why  string     `db:"why"`
}

// AddTeam enters a team in a village, or in a commune that has no villages here,
// with its first members.
func (o *Org) AddTeam(ctx context.Context, unit UnitID, t Team, members ...NewMember) (TeamID, error) {
	if err := access.Check(ctx, TeamEdit, unit); err != nil {
		return "", err
	}
	return o.addTeam(ctx, unit, t, members)
}

// addTeam enters a team in a unit in which it was asked for.
func (o *Org) addTeam(ctx context.Context, unit UnitID, t Team, members []NewMember) (TeamID, error) {
	if err := t.clean(); err != nil {
		return "", err
	}
	u, ok := o.now(ctx).at(unit, t.From)
	if !ok || u.Tier != Village && u.Tier != Commune {
		return "", errs.New(errs.Invalid, "error.invalid").Field("unit", "org.team.need-unit", t.From.Viet())
	}
	t.ID, t.MadeAt, t.Edition = TeamID(id.New(ctx)), clock.Now(ctx), 0
	return t.ID, o.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, o.db, "org_team", t); err != nil {
			return err
		}
		if err := db.Insert(ctx, o.db, "org_team_place", teamPlace{Team: t.ID, Unit: unit, From: t.From}); err != nil {
			return err
		}
		if err := o.auditTeam(ctx, t.ID, unit, t); err != nil {
			return err
		}
		return o.addMembers(ctx, t, unit, members)
	})
}

func (o *Org) auditTeam(ctx context.Context, t TeamID, unit UnitID, detail any) error {
	return o.audit(ctx, Entry{Action: TeamEdit, Unit: unit, Subject: "team:" + string(t), Detail: detail})
}

// homed is a team with the unit it is at home in.
type homed struct {
	Team
	Unit UnitID `db:"unit_id"` // of today, or the last one
}

const homedQuery = ` from org_team t join org_team_place h on h.team_id = t.id and h.to_on is null`

// team reads a team, nobody's leave asked.
func (o *Org) team(ctx context.Context, t TeamID) (homed, error) {
	x, err := db.One[homed](ctx, o.db, `select `+db.Columns[Team]("t")+`, h.unit_id`+homedQuery+` where t.id = $1`, string(t))
	if err != nil {
		return x, strangerFirst(ctx, "", err)
	}
	return x, nil
}

// teamToEdit reads a team that the actor may change.
func (o *Org) teamToEdit(ctx context.Context, t TeamID) (homed, error) {
	x, err := o.team(ctx, t)
	if err != nil {
		return x, err
	}
	return x, access.Check(ctx, TeamEdit, x.Unit)
}

// ChangeTeam changes a team that is still of t.Edition; t.To ends it, and with it
// the membership of all. Asks through teamToEdit.
func (o *Org) ChangeTeam(ctx context.Context, t Team) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		old, err := o.teamToEdit(ctx, t.ID)
		if err != nil {
			return err
		}
		if t.DecisionFile == "" {
			t.DecisionFile, t.DecisionName = old.DecisionFile, old.DecisionName
		}
		if err := t.clean(); err != nil {
			return err
		}
		n, err := o.db.Exec(ctx, `update org_team set name = $1, folded = $2, decision = $3, decision_on = $4, decision_file = $5,
			decision_name = $6, from_on = $7, to_on = $8, edition = edition + 1 where id = $9 and edition = $10`, t.Name, t.Folded,
			t.Decision, t.DecisionOn, t.DecisionFile, t.DecisionName, t.From, t.To, string(t.ID), t.Edition)
		if err := o.touched(ctx, n, err, `select count(*) from org_team where id = $1`, string(t.ID)); err != nil {
			return err
		}
		if t.To != 0 {
			if err := o.endMembers(ctx, t.ID, t.To); err != nil {
				return err
			}
		}
		return o.auditTeam(ctx, t.ID, old.Unit, [2]Team{old.Team, t})
	})
}

// endMembers ends what lasts beyond a day; who was to join later never does.
func (o *Org) endMembers(ctx context.Context, t TeamID, on clock.Date) error {
	if _, err := o.db.Exec(ctx, `delete from org_team_member where team_id = $1 and from_on >= $2`, string(t), on); err != nil {
		return err
	}
	_, err := o.db.Exec(ctx, `update org_team_member set to_on = $2 where team_id = $1 and (to_on is null or to_on > $2)`, string(t), on)
	return err
}

// followTeams takes the teams of a unit that ended to the one that follows it.
func (o *Org) followTeams(ctx context.Context, from, to UnitID, on clock.Date, why string) error {
	homes, err := db.All[teamPlace](ctx, o.db, `select `+db.Columns[teamPlace]("")+` from org_team_place
		where unit_id = $1 and to_on is null and from_on < $2`, from, on)
	if err != nil || len(homes) == 0 {
		return err
	}
	if _, err := o.db.Exec(ctx, `update org_team_place set to_on = $2 where unit_id = $1 and to_on is null and from_on < $2`, from, on); err != nil {
		return err
	}
	for i := range homes {
		homes[i].Unit, homes[i].From, homes[i].Why = to, on, why
	}
	return db.Insert(ctx, o.db, "org_team_place", homes...)
}

// TeamLine is a line of the list of teams.
type TeamLine struct {
	homed
	Members int    `db:"members"` // of today
	Leader  string `db:"leader"`  // name; "" none
}

// TeamFilter narrows the list of teams.
type TeamFilter struct {
	Unit   UnitID // and all below it
	Text   string // words of the name
	Over   bool   // those that have ended, instead of those at work
	Limit  int    // 50 when zero
	Offset int
}

// Teams lists the teams by name, of the units where the actor may read them.
func (o *Org) Teams(ctx context.Context, f TeamFilter) ([]TeamLine, error) {
	w := o.teamsWhere(ctx, f)
	limit := f.Limit
	if limit == 0 {
		limit = 50
	}
	access.Narrow(ctx, TeamRead, w, "h.unit_id")
	return db.All[TeamLine](ctx, o.db, `select `+db.Columns[Team]("t")+`, h.unit_id,
		(select count(*) from org_team_member m where m.team_id = t.id and m.from_on <= $1 and (m.to_on is null or m.to_on > $1)) as members,
		(select min(p.name) from org_team_member m join org_person p on p.id = m.person_id where m.team_id = t.id and m.role = 'leader'
			and m.from_on <= $1 and (m.to_on is null or m.to_on > $1)) as leader`+homedQuery+` where `+w.SQL()+
		` order by t.folded, t.id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
}

// CountTeams counts what Teams would list without a limit.
func (o *Org) CountTeams(ctx context.Context, f TeamFilter) (int, error) {
	w := o.teamsWhere(ctx, f)
	access.Narrow(ctx, TeamRead, w, "h.unit_id")
	return db.One[int](ctx, o.db, `select count(*)`+homedQuery+` where `+w.SQL(), w.Args()...)
}

func (o *Org) teamsWhere(ctx context.Context, f TeamFilter) *db.Where {
	w := db.NewWhere(clock.Today(ctx))
	w.If(!f.Over, "t.to_on is null or t.to_on > $1").If(f.Over, "t.to_on <= $1")
	w.If(f.Unit != "", `h.unit_id in (select low.unit_id from org_reach low join org_reach top
		on low.path >= top.path and low.path < top.path_end where top.unit_id = ?)`, f.Unit)
	for _, word := range strings.Fields(text.Fold(text.Clean(f.Text))) {
		w.And(`t.folded like ? escape '\'`, db.Like(word))
	}
	return w
}
