package classroom

import (
	"context"
	"time"

	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
)

// ClashKind is in what a session clashes.
type ClashKind string

// The kinds of clashes.
const (
	RoomTaken     ClashKind = "room"
	LecturerTaken ClashKind = "lecturer"
	TraineeTaken  ClashKind = "trainee"
	RoomTooSmall  ClashKind = "capacity"
	DayOff        ClashKind = "day-off"
)

// Clash is one thing that stands against a session, in words.
type Clash struct {
	Kind ClashKind
	Text i18n.Text
}

type clashRow struct {
	Person org.PersonID `db:"person_id"`
	Name   string       `db:"name"`
	Class  string       `db:"class"`
	Starts time.Time    `db:"starts_at"`
	Ends   time.Time    `db:"ends_at"`
}

// Clashes lists what stands against a planned session of a class that the actor
// may run.
func (c *Classroom) Clashes(ctx context.Context, id SessionID) ([]Clash, error) {
	s, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := c.mayRun(ctx, k); err != nil { // access.Check in the class's unit
		return nil, err
	}
	d := SessionDraft{Session: s}
	teachers, err := c.teachers(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, t := range teachers {
		d.Lecturers = append(d.Lecturers, t.Person)
	}
	return c.clashes(ctx, k, d)
}

func (c *Classroom) clashes(ctx context.Context, k Class, d SessionDraft) (all []Clash, err error) {
	if cal := c.opt.Calendar(ctx); !cal.IsWorking(d.On()) {
		why := i18n.T("classroom.weekend")
		if day, ok := cal.On(d.On()); ok {
			why = i18n.Text{Key: day.Name}
		}
		all = append(all, Clash{DayOff, i18n.T("classroom.clash.day-off", d.On().Viet(), why)})
	}
	for _, find := range []func(context.Context, Class, SessionDraft) ([]Clash, error){c.roomClash, c.lecturerClash, c.traineeClash} {
		found, err := find(ctx, k, d)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// overlapping is the condition that another session s stands at the time of d.
func overlapping(w *db.Where, d SessionDraft) {
	w.And("s.state = 'planned' and s.id <> ? and s.starts_at < ? and s.ends_at > ? and s.starts_at > ?",
		d.ID, d.Ends, d.Starts, d.Starts.Add(-48*time.Hour))
}

func (c *Classroom) roomClash(ctx context.Context, k Class, d SessionDraft) (all []Clash, err error) {
	if d.Room == "" {
		return nil, nil
	}
	r, err := c.room(ctx, d.Room)
	if err != nil {
		return nil, err
	}
	w := db.NewWhere().And("s.room_id = ?", d.Room)
	overlapping(w, d)
	rows, err := db.All[clashRow](ctx, c.db, `select '' as person_id, '' as name, k.name as class, s.starts_at, s.ends_at
		from classroom_session s join classroom_class k on k.id = s.class_id where `+w.SQL()+` order by s.starts_at limit 5`, w.Args()...)
	if err != nil {
		return nil, err
	}
	for _, x := range rows {
		all = append(all, Clash{RoomTaken, i18n.T("classroom.clash.room", r.Name, x.Class, clockOf(x.Starts), x.Ends.Format("15:04"))})
	}
	n, err := c.taken(ctx, k.ID)
	if err != nil {
		return nil, err
	}
	if n > r.Capacity {
		all = append(all, Clash{RoomTooSmall, i18n.T("classroom.clash.capacity", r.Name, r.Capacity, n)})
	}
	return all, nil
}

func (c *Classroom) lecturerClash(ctx context.Context, _ Class, d SessionDraft) (all []Clash, err error) {
	people := append(append([]org.PersonID(nil), d.Lecturers...), d.Assistants...)
	if len(people) == 0 {
		return nil, nil
	}
	w := db.In(db.NewWhere(), "l.person_id", people)
	overlapping(w, d)
	rows, err := db.All[clashRow](ctx, c.db, `select l.person_id, p.name, k.name as class, s.starts_at, s.ends_at
		from classroom_session s join classroom_lecturer l on l.session_id = s.id join org_person p on p.id = l.person_id
		join classroom_class k on k.id = s.class_id where `+w.SQL()+` order by p.name_key, s.starts_at limit 20`, w.Args()...)
	for _, x := range rows {
		all = append(all, Clash{LecturerTaken, i18n.T("classroom.clash.lecturer", x.Name, x.Class, clockOf(x.Starts), x.Ends.Format("15:04"))})
	}
	return all, err
}

// traineeClash names the trainees of the class who are expected elsewhere. Those
// of units that the actor may not read are counted with the others by the class.
func (c *Classroom) traineeClash(ctx context.Context, k Class, d SessionDraft) (all []Clash, err error) {
	w := db.NewWhere().And("mine.class_id = ? and mine.state = 'registered' and other.state = 'registered' and s.class_id <> ?", k.ID, k.ID)
	overlapping(w, d)
	rows, err := db.All[clashRow](ctx, c.db, `select mine.person_id, p.name, k.name as class, s.starts_at, s.ends_at
		from classroom_session s join classroom_seat other on other.class_id = s.class_id
		join classroom_seat mine on mine.person_id = other.person_id join org_person p on p.id = mine.person_id
		join classroom_class k on k.id = s.class_id and k.state = 'open' where `+w.SQL()+` order by p.name_key, s.starts_at limit 50`, w.Args()...)
	for _, x := range rows {
		all = append(all, Clash{TraineeTaken, i18n.T("classroom.clash.trainee", x.Name, x.Class, clockOf(x.Starts), x.Ends.Format("15:04"))})
	}
	return all, err
}
