package org

import (
	"context"
	"io"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/sheet"
	"lotrinh/platform/text"
)

// Activity is what a team did on a day: a line of its log, from which payment lists
// are made.
type Activity struct {
	ID      string     `db:"id"`
	Team    TeamID     `db:"team_id"`
	On      clock.Date `db:"on_date"`
	Minutes int64      `db:"minutes"`
	What    string     `db:"what"`
	Place   string     `db:"place"`
	Actor   string     `db:"actor"`
	MadeAt  time.Time  `db:"made_at"`
	Edition int64      `db:"edition"`
}

// mayLog asks whether the actor may enter what a team did: whoever may edit it, its
// leader and its deputies.
func (o *Org) mayLog(ctx context.Context, t TeamID) (homed, error) {
	team, err := o.team(ctx, t)
	if err != nil {
		return team, err
	}
	err = access.Check(ctx, TeamEdit, team.Unit)
	if err == nil {
		return team, nil
	}
	today := clock.Today(ctx)
	leaders, e := db.All[PersonID](ctx, o.db, `select person_id from org_team_member where team_id = $1 and role <> 'member'
		and from_on <= $2 and (to_on is null or to_on > $2)`, string(t), today)
	for _, p := range leaders {
		if access.CheckSelf(ctx, p) == nil {
			return team, nil
		}
	}
	if e != nil {
		return team, e
	}
	return team, err
}

// LogActivity enters what a team did and who was there, or changes an entry (a.ID)
// that is still of a.Edition. All who were there were members on that day. Asks
// through mayLog.
func (o *Org) LogActivity(ctx context.Context, a Activity, there ...PersonID) (string, error) {
	err := o.db.Tx(ctx, func(ctx context.Context) error {
		team, err := o.mayLog(ctx, a.Team)
		if err != nil {
			return err
		}
		if err := o.checkActivity(ctx, team, &a, there); err != nil {
			return err
		}
		if err := o.writeActivity(ctx, &a); err != nil {
			return err
		}
		rows := make([]presence, len(there))
		for i, p := range there {
			rows[i] = presence{a.ID, p}
		}
		if err := db.InsertOr(ctx, o.db, "org_team_presence", "on conflict (activity_id, person_id) do nothing", rows...); err != nil {
			return err
		}
		return o.auditTeam(ctx, a.Team, team.Unit, map[string]any{"activity": a, "there": there})
	})
	return a.ID, err
}

type presence struct {
	Activity string   `db:"activity_id"`
	Person   PersonID `db:"person_id"`
}

func (o *Org) checkActivity(ctx context.Context, team homed, a *Activity, there []PersonID) error {
	a.What, a.Place = text.CleanLines(a.What), text.Clean(a.Place)
	members, err := db.All[PersonID](ctx, o.db, `select person_id from org_team_member where team_id = $1
		and from_on <= $2 and (to_on is null or to_on > $2)`, string(a.Team), a.On)
	if err != nil {
		return err
	}
	in := map[PersonID]bool{}
	for _, p := range members {
		in[p] = true
	}
	var f errs.Form
	f.Need(a.On != 0 && a.On <= clock.Today(ctx), "on", "org.activity.bad-date")
	f.Need(a.On == 0 || a.On.Within(team.From, team.To), "on", "org.team.not-then", a.On.Viet())
	f.Need(a.Minutes > 0 && a.Minutes <= 24*60, "hours", "org.activity.bad-hours")
	f.Need(a.What != "" && len(a.What) <= 2000, "what", "org.activity.need-what")
	f.Need(len(there) > 0, "there", "org.activity.need-who")
	for _, p := range there {
		f.Need(in[p], "there", "org.activity.not-member", a.On.Viet())
	}
	return f.Err()
}

func (o *Org) writeActivity(ctx context.Context, a *Activity) error {
	_, name := access.Who(ctx)
	if a.ID == "" {
		a.ID, a.Actor, a.MadeAt, a.Edition = id.New(ctx), name, clock.Now(ctx), 0
		return db.Insert(ctx, o.db, "org_team_activity", *a)
	}
	n, err := o.db.Exec(ctx, `update org_team_activity set on_date = $1, minutes = $2, what = $3, place = $4, actor = $5, edition = edition + 1
		where id = $6 and team_id = $7 and edition = $8`, a.On, a.Minutes, a.What, a.Place, name, a.ID, string(a.Team), a.Edition)
	if err := o.touched(ctx, n, err, `select count(*) from org_team_activity where id = $1`, a.ID); err != nil {
		return err
	}
	_, err = o.db.Exec(ctx, `delete from org_team_presence where activity_id = $1`, a.ID)
	return err
}

// DropActivity takes an entry out of the log of a team. Asks through mayLog.
func (o *Org) DropActivity(ctx context.Context, activity string, edition int64) error {
	return o.db.Tx(ctx, func(ctx context.Context) error {
		a, err := db.One[Activity](ctx, o.db, `select `+db.Columns[Activity]("")+` from org_team_activity where id = $1`, activity)
		if err != nil {
			return strangerFirst(ctx, "", err)
		}
		team, err := o.mayLog(ctx, a.Team)
		if err != nil {
			return err
		}
		if _, err := o.db.Exec(ctx, `delete from org_team_presence where activity_id = $1`, activity); err != nil {
			return err
		}
		n, err := o.db.Exec(ctx, `delete from org_team_activity where id = $1 and edition = $2`, activity, edition)
		if err := o.touched(ctx, n, err, `select count(*) from org_team_activity where id = $1`, activity); err != nil {
			return err
		}
		return o.auditTeam(ctx, a.Team, team.Unit, map[string]Activity{"dropped": a})
	})
}

// ActivityLine is an entry of the log with who was there.
type ActivityLine struct {
	Activity
	There []PersonID
	Names []string
}

// Activities lists what a team did from a day to the day before another (zero:
// open), the latest first, for whoever may see the team. Asks through ViewTeam.
func (o *Org) Activities(ctx context.Context, t TeamID, from, to clock.Date) ([]ActivityLine, error) {
	if _, err := o.ViewTeam(ctx, t); err != nil {
		return nil, err
	}
	w := db.NewWhere(string(t)).If(from != 0, "on_date >= ?", from).If(to != 0, "on_date < ?", to)
	rows, err := db.All[Activity](ctx, o.db, `select `+db.Columns[Activity]("")+` from org_team_activity where team_id = $1
		and `+w.SQL()+` order by on_date desc, id desc limit 500`, w.Args()...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	lines, at := make([]ActivityLine, len(rows)), map[string]int{}
	for i, a := range rows {
		lines[i].Activity, at[a.ID] = a, i
	}
	type there struct {
		presence
		Name string `db:"name"`
	}
	err = db.Each(ctx, o.db, `select x.activity_id, x.person_id, p.name from org_team_presence x join org_person p on p.id = x.person_id
		join org_team_activity a on a.id = x.activity_id where a.team_id = $1 order by p.name_key, p.id`, []any{string(t)}, func(x there) error {
		if i, ok := at[x.Activity]; ok {
			lines[i].There, lines[i].Names = append(lines[i].There, x.Person), append(lines[i].Names, x.Name)
		}
		return nil
	})
	return lines, err
}

// WorkLine is what one person did for one team in a span of time: a line of a
// payment list.
type WorkLine struct {
	Team    TeamID   `db:"team_id"`
	Name    string   `db:"team_name"`
	Unit    UnitID   `db:"unit_id"`
	Person  PersonID `db:"person_id"`
	Who     string   `db:"name"`
	Days    int      `db:"days"`    // different days on which he was there
	Times   int      `db:"times"`   // activities
	Minutes int64    `db:"minutes"` // of those activities
}

// TeamWork adds up the logs of the teams of a unit and all below it, from a day to
// the day before another, by team and person; who reads it is noted.
func (o *Org) TeamWork(ctx context.Context, unit UnitID, from, to clock.Date) ([]WorkLine, error) {
	if err := access.Check(ctx, TeamRead, unit); err != nil {
		return nil, err
	}
	w := db.NewWhere(unit, from, to)
	access.Narrow(ctx, TeamRead, w, "h.unit_id")
	lines, err := db.All[WorkLine](ctx, o.db, `select t.id as team_id, t.name as team_name, h.unit_id, p.id as person_id, p.name,
		count(distinct a.on_date) as days, count(*) as times, sum(a.minutes) as minutes`+homedQuery+`
		join org_team_activity a on a.team_id = t.id join org_team_presence x on x.activity_id = a.id join org_person p on p.id = x.person_id
		where a.on_date >= $2 and a.on_date < $3 and h.unit_id in (select low.unit_id from org_reach low join org_reach top
			on low.path >= top.path and low.path < top.path_end where top.unit_id = $1) and `+w.SQL()+`
		group by t.id, t.name, t.folded, h.unit_id, p.id, p.name, p.name_key order by t.folded, t.id, p.name_key, p.id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	return lines, o.audit(ctx, Entry{Action: TeamRead, Unit: unit, Subject: "team-work", Read: true,
		Detail: map[string]any{"from": from, "to": to, "n": len(lines)}})
}

// write makes a workbook of what people did: a list from which they are paid.
func (p *workPage) write(w io.Writer) error {
	rows := make([][]any, len(p.lines))
	for i, l := range p.lines {
		rows[i] = []any{i + 1, p.place(l.Unit), l.Name, l.Who, l.Days, l.Times, l.Minutes}
	}
	return sheet.WriteXLSX(w, sheet.Sheet{Name: "Hoạt động", Titles: []string{"HOẠT ĐỘNG CỦA TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG",
		i18n.T("org.team.work-span", p.from.Viet(), p.last.Viet()).As(i18n.Vi)},
		Fields: []sheet.Field{{Title: "STT", Format: sheet.Integer}, {Title: "Đơn vị", Width: 30}, {Title: "Tổ", Width: 40}, {Title: "Họ và tên", Width: 28},
			{Title: "Số ngày", Format: sheet.Integer}, {Title: "Số lượt", Format: sheet.Integer}, {Title: "Số phút", Format: sheet.Integer}}, Rows: sheet.Rows(rows)})
}
