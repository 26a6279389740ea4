package classroom

import (
	"context"
	"slices"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

// What the home pages show.
const (
	homeSessions = 8              // in one card
	homeClasses  = 8              //
	homeAhead    = clock.Date(21) // days: sessions to come
	lateAhead    = clock.Date(7)  // days before the last day for nominations
	lateAfter    = clock.Date(14) // and after it
	thinFill     = int64(70)      // percent of the planned size: below it a class is under-filled
	thinTurnout  = int64(75)      // percent present in the last session: below it a class is losing people
	thinDrop     = int64(15)      // or so many points fewer than in the first
)

// cards are the parts of the first page.
func (c *Classroom) cards() []module.Card {
	return []module.Card{
		{Roles: []module.Role{module.Learner}, Order: 0, Body: c.learnerCard},
		{Roles: []module.Role{module.ClassManager}, Order: -30, Body: c.managerCard},
		{Roles: []module.Role{module.Lecturer}, Order: -29, Body: c.lecturerCard},
		{Roles: []module.Role{module.TrainingOfficer, module.Office, module.Head}, Order: -15, Body: c.lateCard},
		{Roles: []module.Role{module.TrainingOfficer, module.Office}, Order: -14, Body: c.thinCard},
	}
}

// Meeting is a session as a home page shows it, with the class it belongs to.
type Meeting struct {
	Session
	ClassName  string `db:"class_name"`
	RoomName   string `db:"room_name"`
	Address    string `db:"address"`
	Registered int64  `db:"registered"`
}

const homeSessionCols = `, k.name as class_name, coalesce(r.name, '') as room_name, coalesce(r.address, '') as address,
	(select count(*) from classroom_seat z where z.class_id = k.id and z.state = 'registered') as registered
	from classroom_session x join classroom_class k on k.id = x.class_id and k.state = 'open' left join classroom_room r on r.id = x.room_id `

func (c *Classroom) homeSessions(ctx context.Context, more string, w *db.Where) ([]Meeting, error) {
	list, err := db.All[Meeting](ctx, c.db, `select `+db.Columns[Session]("x")+homeSessionCols+more+
		` where x.state = 'planned' and `+w.SQL()+` order by x.starts_at, x.id limit `+w.Arg(homeSessions), w.Args()...)
	for i := range list {
		list[i].Secret = ""
	}
	return list, err
}

// NextSessions lists the next sessions in which the actor learns.
func (c *Classroom) NextSessions(ctx context.Context) ([]Meeting, error) {
	p := me(ctx)
	if p == "" || access.CheckSelf(ctx, p) != nil {
		return nil, nil
	}
	w := db.NewWhere(p).And("x.ends_at > ?", clock.Now(ctx)).And("x.starts_at < ?", (clock.Today(ctx) + homeAhead).Time())
	return c.homeSessions(ctx, "join classroom_seat s on s.class_id = k.id and s.person_id = $1 and s.state = 'registered'", w)
}

// Teaching lists the next sessions in which the actor teaches.
func (c *Classroom) Teaching(ctx context.Context) ([]Meeting, error) {
	p := me(ctx)
	if p == "" || access.CheckSelf(ctx, p) != nil {
		return nil, nil
	}
	w := db.NewWhere(p).And("x.ends_at > ?", clock.Now(ctx)).And("x.starts_at < ?", (clock.Today(ctx) + homeAhead).Time())
	return c.homeSessions(ctx, "join classroom_lecturer l on l.session_id = x.id and l.person_id = $1", w)
}

// Today lists the sessions of today whose class the actor manages, or may run
// through his role.
func (c *Classroom) Today(ctx context.Context) ([]Meeting, error) {
	w := db.NewWhere()
	c.runs(ctx, w)
	today := clock.Today(ctx)
	return c.homeSessions(ctx, "", w.And("x.starts_at >= ? and x.starts_at < ?", today.Time(), (today+1).Time()))
}

// runs narrows to classes k that the actor manages or may run.
func (c *Classroom) runs(ctx context.Context, w *db.Where) {
	s := access.In(ctx, RunClass)
	if s.All() {
		return
	}
	cond, args := "k.manager_id is not null and k.manager_id <> '' and k.manager_id = ?", []any{me(ctx)}
	if tops := s.Tops(); len(tops) > 0 {
		cond += ` or k.unit_id in (select low.unit_id from org_reach low join org_reach top
			on low.path >= top.path and low.path < top.path_end where top.unit_id in (` + marks(len(tops)) + `))`
		for _, t := range tops {
			args = append(args, t)
		}
	}
	w.And(cond, args...)
}

// Overdue is a class with the units of the actor that have sent nobody.
type Overdue struct {
	Class Class
	Units []org.UnitID
	Past  bool // the last day has gone
}

// LateNominations lists the classes whose last day for nominations is near or has
// just gone, with the units that have sent nobody and for which the actor may
// nominate.
func (c *Classroom) LateNominations(ctx context.Context) ([]Overdue, error) {
	if !access.Anywhere(ctx, Nominate) {
		return nil, nil
	}
	today := clock.Today(ctx)
	list, err := db.All[Class](ctx, c.db, `select `+db.Columns[Class]("")+` from classroom_class
		where state = 'open' and nominate_by >= $1 and nominate_by <= $2 and to_on >= $3 order by nominate_by, id limit 40`, today-lateAfter, today+lateAhead, today)
	if err != nil {
		return nil, err
	}
	var late []Overdue
	for _, k := range list {
		units, err := c.Lacking(ctx, k.ID)
		if err != nil {
			return nil, err
		}
		if len(units) > 0 && len(late) < homeClasses {
			late = append(late, Overdue{k, units, today > k.NominateBy})
		}
	}
	return late, nil
}

// Lacking lists the units that were asked to send people to a class and have sent
// nobody, as far as the actor may nominate for them or may edit the class.
func (c *Classroom) Lacking(ctx context.Context, id ClassID) ([]org.UnitID, error) {
	k, err := c.class(ctx, id)
	if err != nil {
		return nil, err
	}
	all := access.Allowed(ctx, EditClass, k.Unit)
	if !all && !c.near(ctx, Nominate, k.Unit) {
		return nil, nil
	}
	units, err := c.lateUnits(ctx, k)
	if all || err != nil {
		return units, err
	}
	return keep(units, func(u org.UnitID) bool { return access.Allowed(ctx, Nominate, u) }), nil
}

// Thin is a class that has too few people: registered, or lately present.
type Thin struct {
	Class
	Registered int64 `db:"registered"`
	Turnouts   []ReportSession
}

// Filled says whether enough people are registered.
func (t Thin) Filled() bool { return t.Registered*100 >= t.Planned*thinFill }

// Last is the last session held; ok is false where there was none.
func (t Thin) Last() (s ReportSession, ok bool) {
	if len(t.Turnouts) == 0 {
		return s, false
	}
	return t.Turnouts[len(t.Turnouts)-1], true
}

// Losing says whether the last session held had too few people, or many fewer
// than the first.
func (t Thin) Losing() bool {
	last, ok := t.Last()
	if !ok || last.Expected == 0 {
		return false
	}
	first, now := t.Turnouts[0], last.Attended*100/last.Expected
	return now < thinTurnout || first.Expected > 0 && first.Attended*100/first.Expected-now >= thinDrop
}

type turnoutOfSession struct {
	ID       SessionID `db:"id"`
	Class    ClassID   `db:"class_id"`
	Expected int64     `db:"expected"`
	Attended int64     `db:"attended"`
}

// Thinning lists the open classes that the actor may edit which are under-filled
// a few days before the last day for nominations or after it, or which lose
// people from session to session.
func (c *Classroom) Thinning(ctx context.Context) ([]Thin, error) {
	today := clock.Today(ctx)
	w := access.In(ctx, EditClass).Narrow(db.NewWhere(), "k.unit_id").And("k.state = 'open' and k.to_on >= ? and k.nominate_by <= ?", today, today+deadlineDays)
	list, err := db.All[Thin](ctx, c.db, `select `+db.Columns[Class]("k")+`, (select count(*) from classroom_seat s where s.class_id = k.id
		and s.state = 'registered') as registered from classroom_class k where `+w.SQL()+` order by k.from_on, k.id limit 200`, w.Args()...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if err := c.turnouts(ctx, list); err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(t Thin) bool { return t.Filled() && !t.Losing() })
	return c.withRoster(ctx, list)
}

// withRoster keeps the first classes but those without a roster whose people are
// counted elsewhere: a conference on sites has headcounts, and nobody is nominated.
func (c *Classroom) withRoster(ctx context.Context, list []Thin) (kept []Thin, err error) {
	for _, t := range list {
		if len(kept) == homeClasses {
			break
		}
		if t.Registered == 0 && c.opt.Beside != nil {
			if body, err := c.opt.Beside.OnClass(ctx, t.ID); err != nil {
				return nil, err
			} else if body != nil {
				continue
			}
		}
		kept = append(kept, t)
	}
	return kept, nil
}

// turnouts fills in how many were in the sessions held.
func (c *Classroom) turnouts(ctx context.Context, list []Thin) error {
	at, ids := map[ClassID]int{}, make([]ClassID, len(list))
	for i, t := range list {
		at[t.ID], ids[i] = i, t.ID
	}
	w := db.In(db.NewWhere(), "x.class_id", ids)
	rows, err := db.All[turnoutOfSession](ctx, c.db, `select x.id, x.class_id, count(*) as expected,
		count(case when a.state in ('present', 'late', 'left_early', 'substitute') then 1 end) as attended
		from classroom_session x join classroom_attendance a on a.session_id = x.id
		where x.state = 'planned' and x.rolled_at is not null and `+w.SQL()+` group by x.id, x.class_id, x.starts_at order by x.starts_at`, w.Args()...)
	for _, r := range rows {
		t := &list[at[r.Class]]
		s := ReportSession{Attended: r.Attended, Expected: max(r.Expected, t.Registered)} // who was not marked was expected too
		s.ID = r.ID
		t.Turnouts = append(t.Turnouts, s)
	}
	return err
}

func (c *Classroom) learnerCard(ctx context.Context) (web.Component, error) {
	list, err := c.NextSessions(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return sessionsCard(card{Title: "classroom.home.learn", All: "/classroom/mine", AllText: "classroom.mine"}, list), nil
}

func (c *Classroom) lecturerCard(ctx context.Context) (web.Component, error) {
	list, err := c.Teaching(ctx)
	if err != nil {
		return nil, err
	}
	return sessionsCard(card{Title: "classroom.home.teach", All: "/classroom/mine", AllText: "classroom.mine", Call: true, Count: true,
		None: "classroom.home.teach.none"}, list), nil
}

func (c *Classroom) managerCard(ctx context.Context) (web.Component, error) {
	list, err := c.Today(ctx)
	if err != nil {
		return nil, err
	}
	return sessionsCard(card{Title: "classroom.home.today", All: "/classroom/classes", AllText: "classroom.classes", Call: true, Count: true,
		None: "classroom.home.today.none"}, list), nil
}

func (c *Classroom) lateCard(ctx context.Context) (web.Component, error) {
	list, err := c.LateNominations(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	t, rows := c.orgs.Now(ctx), make([]lateRow, len(list))
	for i, l := range list {
		rows[i] = lateRow{Overdue: l, Names: named(t, l.Units)}
	}
	return lateCardBody(rows), nil
}

func (c *Classroom) thinCard(ctx context.Context) (web.Component, error) {
	list, err := c.Thinning(ctx)
	if err != nil {
		return nil, err
	}
	return thinCardBody(list), nil
}
