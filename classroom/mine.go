package classroom

import (
	"context"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// MySeat is a class of the actor, and his place in it.
type MySeat struct {
	Class
	Seat      SeatID    `db:"seat_id"`
	SeatState SeatState `db:"seat_state"`
	Held      int64     `db:"held"`     // sessions whose roll was called
	Attended  int64     `db:"attended"` // of them
	Sessions  int64     `db:"sessions"`
}

// Mine lists the actor's own classes, the newest first.
func (c *Classroom) Mine(ctx context.Context) ([]MySeat, error) {
	p := me(ctx)
	if !access.SignedIn(ctx) {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	return db.All[MySeat](ctx, c.db, `select `+db.Columns[Class]("k")+`, s.id as seat_id, s.state as seat_state,
		(select count(*) from classroom_session x where x.class_id = k.id and x.state = 'planned') as sessions,
		(select count(*) from classroom_attendance a join classroom_session x on x.id = a.session_id
			where x.class_id = k.id and a.person_id = s.person_id) as held,
		(select count(*) from classroom_attendance a join classroom_session x on x.id = a.session_id
			where x.class_id = k.id and a.person_id = s.person_id and a.state in ('present', 'late', 'left_early', 'substitute')) as attended
		from classroom_seat s join classroom_class k on k.id = s.class_id
		where s.person_id = $1 and k.state <> 'draft' order by k.from_on desc, k.id`, p)
}

// MySessions lists the sessions in which the actor learns, teaches or manages,
// on days from a to b.
func (c *Classroom) MySessions(ctx context.Context, a, b clock.Date) ([]SessionLine, error) {
	p := me(ctx)
	if !access.SignedIn(ctx) {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	return c.sessionsOfPerson(ctx, p, a, b)
}

func (c *Classroom) sessionsOfPerson(ctx context.Context, p org.PersonID, a, b clock.Date) ([]SessionLine, error) {
	if p == "" {
		return nil, nil
	}
	w := db.NewWhere().And("s.starts_at >= ? and s.starts_at < ?", a.Time(), (b + 1).Time())
	w.And(`s.class_id in (select class_id from classroom_seat where person_id = ? and state = 'registered')
		or s.id in (select session_id from classroom_lecturer where person_id = ?)
		or s.class_id in (select id from classroom_class where manager_id = ?)`, p, p, p)
	w.And("s.class_id in (select id from classroom_class where state in ('open', 'closed'))")
	return c.sessionLines(ctx, w)
}

type className struct {
	ID   ClassID `db:"id"`
	Name string  `db:"name"`
}

func (c *Classroom) classNames(ctx context.Context, list []SessionLine) (map[ClassID]string, error) {
	m := map[ClassID]string{}
	if len(list) == 0 {
		return m, nil
	}
	ids := make([]ClassID, 0, len(list))
	for _, s := range list {
		if _, ok := m[s.Class]; !ok {
			m[s.Class] = ""
			ids = append(ids, s.Class)
		}
	}
	w := db.In(db.NewWhere(), "id", ids)
	rows, err := db.All[className](ctx, c.db, `select id, name from classroom_class where `+w.SQL(), w.Args()...)
	for _, r := range rows {
		m[r.ID] = r.Name
	}
	return m, err
}

type tallyRow struct {
	State Presence `db:"state"`
	N     int      `db:"n"`
}

func (c *Classroom) tally(ctx context.Context, id SessionID) (map[Presence]int, error) {
	rows, err := db.All[tallyRow](ctx, c.db, `select state, count(*) as n from classroom_attendance where session_id = $1 group by state`, id)
	m := map[Presence]int{}
	for _, r := range rows {
		m[r.State] = r.N
	}
	return m, err
}

// tellClass writes to the registered of a class and to who teaches in it.
func (c *Classroom) tellClass(ctx context.Context, k Class, key string, args ...any) error {
	people, err := db.All[org.PersonID](ctx, c.db, `select person_id from classroom_seat where class_id = $1 and state = 'registered'
		union select l.person_id from classroom_lecturer l join classroom_session s on s.id = l.session_id where s.class_id = $1`, k.ID)
	if err != nil {
		return err
	}
	return c.tell(ctx, people, "/classroom/mine", key, args...)
}
