package classroom

import (
	"context"
	"slices"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
)

// When people are reminded.
const (
	remindFrom   = 7             // o'clock: nobody is written to at night
	remindTo     = 21            //
	deadlineDays = clock.Date(3) // before the last day for nominations, and so long after it
	remindKept   = 400 * 24 * time.Hour
	unitsNamed   = 8 // in one letter; the others are counted
)

// Remind writes to trainees and lecturers whose session is tomorrow, and to those
// who may nominate for units that have sent nobody, three days before the last
// day and after it. Each reminder goes out once, however often this is called.
// Open to all: it is the house's work by the clock.
func (c *Classroom) Remind(ctx context.Context) error {
	if h := clock.Now(ctx).In(clock.Zone).Hour(); h < remindFrom || h >= remindTo {
		return nil
	}
	ctx = access.System(ctx)
	if err := c.remindSessions(ctx); err != nil {
		return err
	}
	if err := c.remindNominations(ctx); err != nil {
		return err
	}
	_, err := c.db.Exec(ctx, `delete from classroom_reminder where at < $1`, clock.Now(ctx).Add(-remindKept))
	return err
}

// once says whether a reminder goes out now, and notes that it has. It is called
// in the transaction that sends it.
func (c *Classroom) once(ctx context.Context, key ...string) (bool, error) {
	n, err := c.db.Exec(ctx, `insert into classroom_reminder (key, at) values ($1, $2) on conflict (key) do nothing`, strings.Join(key, "/"), clock.Now(ctx))
	return n > 0, err
}

func (c *Classroom) remindSessions(ctx context.Context) error {
	tomorrow := clock.Today(ctx) + 1
	w := db.NewWhere().And("s.state = 'planned' and s.starts_at >= ? and s.starts_at < ?", tomorrow.Time(), (tomorrow + 1).Time())
	w.And("s.class_id in (select id from classroom_class where state = 'open')")
	list, err := c.sessionLines(ctx, w)
	if err != nil {
		return err
	}
	for _, s := range list {
		if err := c.db.Tx(ctx, func(ctx context.Context) error { return c.remindSession(ctx, s) }); err != nil {
			return err
		}
	}
	return nil
}

// remindSession writes to those of a session who have not been written to. Moved
// to another day, it is another session to be reminded of.
func (c *Classroom) remindSession(ctx context.Context, s SessionLine) error {
	k, err := c.class(ctx, s.Class)
	if err != nil {
		return err
	}
	trainees, err := db.All[org.PersonID](ctx, c.db, `select person_id from classroom_seat where class_id = $1 and state = 'registered' order by person_id`, k.ID)
	if err != nil {
		return err
	}
	teachers, err := c.teachers(ctx, s.ID)
	if err != nil {
		return err
	}
	var lecturers []org.PersonID
	for _, t := range teachers {
		lecturers = append(lecturers, t.Person)
	}
	where := place(i18n.With(ctx, i18n.Vi), s)
	if s.Link != "" && s.Mode != InPerson {
		where += ", " + s.Link
	}
	for _, group := range []struct {
		key    string
		people []org.PersonID
	}{{"classroom.mail.tomorrow", trainees}, {"classroom.mail.teach-tomorrow", lecturers}} {
		fresh, err := c.notYet(ctx, group.people, "session", string(s.ID), s.On().String())
		if err != nil {
			return err
		}
		if err := c.tell(ctx, fresh, sessionPath(s.ID), group.key, k.Name, timeSpan(s.Session), where, len(trainees)); err != nil {
			return err
		}
	}
	return nil
}

// notYet are the people who have not had a reminder; it notes that they have now.
func (c *Classroom) notYet(ctx context.Context, people []org.PersonID, key ...string) (fresh []org.PersonID, err error) {
	for _, p := range people {
		first, err := c.once(ctx, append(slices.Clone(key), string(p))...)
		if err != nil {
			return nil, err
		}
		if first {
			fresh = append(fresh, p)
		}
	}
	return fresh, nil
}

func (c *Classroom) remindNominations(ctx context.Context) error {
	if c.opt.Holders == nil {
		return nil
	}
	today := clock.Today(ctx)
	list, err := db.All[Class](ctx, c.db, `select `+db.Columns[Class]("")+` from classroom_class
		where state = 'open' and nominate_by >= $1 and nominate_by <= $2 order by nominate_by, id`, today-deadlineDays, today+deadlineDays)
	if err != nil || len(list) == 0 {
		return err
	}
	holders, err := c.opt.Holders(ctx, Nominate)
	if err != nil {
		return err
	}
	for _, k := range list {
		late, err := c.lateUnits(ctx, k)
		if err != nil {
			return err
		}
		if err := c.db.Tx(ctx, func(ctx context.Context) error { return c.remindUnits(ctx, k, late, holders) }); err != nil {
			return err
		}
	}
	return nil
}

// remindUnits writes one letter about a class to each of those who nominate for
// units that have not done so.
func (c *Classroom) remindUnits(ctx context.Context, k Class, late []org.UnitID, holders []access.Holder) error {
	kind := "classroom.mail.nominate-soon"
	if clock.Today(ctx) > k.NominateBy {
		kind = "classroom.mail.nominate-late"
	}
	t := c.orgs.Now(ctx)
	units, order := map[access.AccountID][]org.UnitID{}, []access.Holder(nil)
	for _, u := range late {
		for _, h := range nearest(t, u, holders) {
			if units[h.Account] == nil {
				order = append(order, h)
			}
			units[h.Account] = append(units[h.Account], u)
		}
	}
	for _, h := range order {
		first, err := c.once(ctx, kind, string(k.ID), k.NominateBy.String(), string(h.Account))
		if err != nil {
			return err
		}
		if !first {
			continue
		}
		link := classPath(k.ID) + "/nominate"
		if len(units[h.Account]) == 1 {
			link += "?unit=" + string(units[h.Account][0])
		}
		if err := c.write(ctx, []reader{{h.Inbox(), h.Person, h.Email}}, link, kind, k.Name, k.NominateBy.Viet(), len(units[h.Account]), named(t, units[h.Account])); err != nil {
			return err
		}
	}
	return nil
}

// nearest are those who hold a right on a unit, or on the lowest unit above it on
// which anybody does.
func nearest(t *org.Tree, unit org.UnitID, holders []access.Holder) (found []access.Holder) {
	for _, at := range append([]org.UnitID{unit}, t.Ancestors(unit)...) {
		for _, h := range holders {
			if h.Unit == at {
				found = append(found, h)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// named writes the names of units, the first few of many.
func named(t *org.Tree, units []org.UnitID) string {
	var names []string
	for _, u := range units[:min(unitsNamed, len(units))] {
		names = append(names, t.Name(u))
	}
	if len(units) > unitsNamed {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}
