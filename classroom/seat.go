package classroom

import (
	"context"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// SeatID names a line of a roster.
type SeatID string

// SeatState is where a nominated person stands.
type SeatState string

// The states of a seat.
const (
	Registered SeatState = "registered"
	Waiting    SeatState = "waiting"
	Declined   SeatState = "declined"  // by the person
	Withdrawn  SeatState = "withdrawn" // by the unit that nominated
	Refused    SeatState = "refused"   // by the organiser
)

// Seat is a line of a roster.
type Seat struct {
	ID         SeatID       `db:"id"`
	Class      ClassID      `db:"class_id"`
	Person     org.PersonID `db:"person_id"`
	Unit       org.UnitID   `db:"unit_id"`
	Category   org.Category `db:"category"`
	Nomination string       `db:"nomination_id"`
	State      SeatState    `db:"state"`
	Rank       int64        `db:"rank"`
	Why        string       `db:"why"`
	MadeAt     time.Time    `db:"made_at"`
	ChangedAt  time.Time    `db:"changed_at"`
	Edition    int64        `db:"edition"`
}

// SeatLine is a seat with the words that lists show.
type SeatLine struct {
	Seat
	Name     string     `db:"name"`
	NameKey  string     `db:"name_key"`
	Number   string     `db:"number"`  // of the nomination
	On       clock.Date `db:"on_date"` //
	By       org.UnitID `db:"by_unit"` // that nominated
	UnitName string
	Title    string // of the post
}

// Roster lists the seats of a class by given name: all of them for who may read
// or run the class, his own units' for who nominates, and one's own line for a
// trainee. That it was read is noted in the log.
func (c *Classroom) Roster(ctx context.Context, id ClassID) ([]SeatLine, error) {
	k, err := c.Class(ctx, id)
	if err != nil {
		return nil, err
	}
	lines, err := c.roster(ctx, k)
	if err != nil {
		return nil, err
	}
	return lines, c.auditRead(ctx, k.Unit, "class:"+string(k.ID))
}

func (c *Classroom) roster(ctx context.Context, k Class) ([]SeatLine, error) {
	w := db.NewWhere(k.ID)
	if !access.Allowed(ctx, ReadClass, k.Unit) && c.mayRun(ctx, k) != nil {
		if s := access.In(ctx, Nominate); len(s.Tops()) > 0 {
			s.Narrow(w, "s.unit_id")
		} else {
			w.And("s.person_id = ?", me(ctx))
		}
	}
	lines, err := db.All[SeatLine](ctx, c.db, `select `+db.Columns[Seat]("s")+`, p.name, p.name_key, n.number, n.on_date, n.unit_id as by_unit
		from classroom_seat s join org_person p on p.id = s.person_id join classroom_nomination n on n.id = s.nomination_id
		where s.class_id = $1 and `+w.SQL()+` order by p.name_key, s.id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	return lines, c.nameSeats(ctx, k, lines)
}

func (c *Classroom) nameSeats(ctx context.Context, k Class, lines []SeatLine) error {
	people := make([]org.PersonID, len(lines))
	for i, l := range lines {
		people[i] = l.Person
	}
	known, err := c.orgs.People(ctx, people)
	if err != nil {
		return err
	}
	t := c.orgs.On(ctx, k.From)
	for i := range lines {
		lines[i].UnitName = c.nameOf(ctx, t, lines[i].Unit)
		lines[i].Title = known[lines[i].Person].Title
	}
	return nil
}

func (c *Classroom) seat(ctx context.Context, id SeatID) (Seat, Class, error) {
	s, err := db.One[Seat](ctx, c.db, `select `+db.Columns[Seat]("")+` from classroom_seat where id = $1`, id)
	if err != nil {
		return s, Class{}, err
	}
	k, err := c.class(ctx, s.Class)
	return s, k, err
}

// lockClass makes the changes of a roster wait for each other.
func (c *Classroom) lockClass(ctx context.Context, id ClassID) (Class, error) {
	if _, err := c.db.Exec(ctx, `update classroom_class set seats_n = seats_n + 1 where id = $1`, id); err != nil {
		return Class{}, err
	}
	return c.class(ctx, id)
}

// Decline is a person's own refusal of a seat, with the reason.
func (c *Classroom) Decline(ctx context.Context, id SeatID, why string) error {
	s, k, err := c.seat(ctx, id)
	if err != nil {
		return err
	}
	if err := access.CheckSelf(ctx, s.Person); err != nil {
		return hide(err)
	}
	return c.leave(ctx, s, k, Declined, why)
}

// Withdraw takes a nominated person back, by the unit that may nominate him.
func (c *Classroom) Withdraw(ctx context.Context, id SeatID, why string) error {
	s, k, err := c.seat(ctx, id)
	if err != nil {
		return err
	}
	if err := access.Check(ctx, Nominate, s.Unit); err != nil {
		return hide(err)
	}
	return c.leave(ctx, s, k, Withdrawn, why)
}

// Refuse strikes a person from the roster, by the organiser.
func (c *Classroom) Refuse(ctx context.Context, id SeatID, why string) error {
	s, k, err := c.seat(ctx, id)
	if err != nil {
		return err
	}
	if err := access.Check(ctx, EditClass, k.Unit); err != nil {
		return hide(err)
	}
	return c.leave(ctx, s, k, Refused, why)
}

// leave ends a seat and gives it to who waits longest.
func (c *Classroom) leave(ctx context.Context, s Seat, k Class, to SeatState, why string) error {
	why = text.Clean(why)
	var f errs.Form
	f.Need(why != "", "why", "classroom.seat.need-why")
	if err := f.Err(); err != nil {
		return err
	}
	return c.db.Tx(ctx, func(ctx context.Context) error {
		k, err := c.lockClass(ctx, k.ID)
		if err != nil {
			return err
		}
		if k.State != ClassOpen {
			return errs.New(errs.Conflict, "classroom.class.not-open", k.Name)
		}
		n, err := c.db.Exec(ctx, `update classroom_seat set state = $1, why = $2, changed_at = $3, edition = edition + 1
			where id = $4 and state in ('registered', 'waiting')`, to, why, clock.Now(ctx), s.ID)
		if err == nil && n == 0 {
			err = changed()
		}
		if err != nil {
			return err
		}
		if err := c.auditPerson(ctx, Nominate, s.Unit, s.Person, "seat:"+string(s.ID), map[string]any{"state": to, "why": why}); err != nil {
			return err
		}
		if to != Declined {
			if err := c.tellLeft(ctx, k, s.Person, to, why); err != nil {
				return err
			}
		}
		return c.promote(ctx, k)
	})
}

// promote gives free seats to those who have waited longest, and tells them. The
// class is locked.
func (c *Classroom) promote(ctx context.Context, k Class) error {
	taken, err := c.taken(ctx, k.ID)
	if err != nil || taken >= k.Capacity {
		return err
	}
	next, err := db.All[Seat](ctx, c.db, `select `+db.Columns[Seat]("")+` from classroom_seat
		where class_id = $1 and state = 'waiting' order by rank limit $2`, k.ID, k.Capacity-taken)
	if err != nil {
		return err
	}
	for _, s := range next {
		if _, err := c.db.Exec(ctx, `update classroom_seat set state = 'registered', changed_at = $1, edition = edition + 1
			where id = $2`, clock.Now(ctx), s.ID); err != nil {
			return err
		}
		if err := c.auditPerson(ctx, Nominate, s.Unit, s.Person, "seat:"+string(s.ID), map[string]any{"state": Registered, "from": Waiting}); err != nil {
			return err
		}
		if err := c.tellPromoted(ctx, k, s.Person); err != nil {
			return err
		}
	}
	return nil
}

func (c *Classroom) taken(ctx context.Context, k ClassID) (int64, error) {
	return db.One[int64](ctx, c.db, `select count(*) from classroom_seat where class_id = $1 and state = 'registered'`, k)
}

type seatCount struct {
	State SeatState `db:"state"`
	N     int64     `db:"n"`
}

func (c *Classroom) countSeats(ctx context.Context, k ClassID) (map[SeatState]int64, error) {
	rows, err := db.All[seatCount](ctx, c.db, `select state, count(*) as n from classroom_seat where class_id = $1 group by state`, k)
	m := map[SeatState]int64{}
	for _, r := range rows {
		m[r.State] = r.N
	}
	return m, err
}
