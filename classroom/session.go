package classroom

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// SessionID names a session.
type SessionID string

// Mode is how a session is held.
type Mode string

// The modes.
const (
	InPerson Mode = "in_person" // trực tiếp
	Online   Mode = "online"    // trực tuyến
	Hybrid   Mode = "hybrid"    // trực tiếp kết hợp trực tuyến
)

// Session is one meeting of a class (buổi học).
type Session struct {
	ID        SessionID `db:"id"`
	Class     ClassID   `db:"class_id"`
	Topic     TopicID   `db:"topic_id"` // "" = the class's
	Title     string    `db:"title"`
	Starts    time.Time `db:"starts_at"`
	Ends      time.Time `db:"ends_at"`
	Mode      Mode      `db:"mode"`
	Room      RoomID    `db:"room_id"`
	Link      string    `db:"link"`     // meeting room on the net
	Provider  string    `db:"provider"` // who organises the teaching
	Author    string    `db:"author"`   // who wrote what is taught
	State     string    `db:"state"`    // "planned" or "cancelled"
	Why       string    `db:"why"`      // it was cancelled
	Series    string    `db:"series"`   // sessions made together
	Secret    string    `db:"secret"`
	RoomCode  string    `db:"room_code"`
	PaperCode string    `db:"paper_code"`
	RollN     int64     `db:"roll_n"`
	RolledAt  time.Time `db:"rolled_at"` // the roll was called
	MadeAt    time.Time `db:"made_at"`
	ChangedAt time.Time `db:"changed_at"`
	Edition   int64     `db:"edition"`
}

// Cancelled says whether the session will not be held.
func (s Session) Cancelled() bool { return s.State == "cancelled" }

// Minutes is how long the session lasts.
func (s Session) Minutes() int64 { return int64(s.Ends.Sub(s.Starts) / time.Minute) }

// On is the day of the session.
func (s Session) On() clock.Date { return clock.DateOf(s.Starts) }

// Teacher is someone who teaches in a session.
type Teacher struct {
	Session SessionID    `db:"session_id"`
	Person  org.PersonID `db:"person_id"`
	Role    string       `db:"role"` // "lecturer" or "assistant"
}

// SessionDraft is what SaveSession and Repeat take.
type SessionDraft struct {
	Session
	Lecturers  []org.PersonID
	Assistants []org.PersonID
	Anyway     bool // although it clashes with something
}

func (d *SessionDraft) check() error {
	s := &d.Session
	s.Title, s.Provider, s.Author, s.Link = text.Clean(s.Title), text.Clean(s.Provider), text.Clean(s.Author), strings.TrimSpace(s.Link)
	s.RoomCode = strings.ToUpper(text.Clean(s.RoomCode))
	if s.Mode == "" {
		s.Mode = InPerson
	}
	if s.Mode == Online {
		s.Room = ""
	}
	var f errs.Form
	f.Need(!s.Starts.IsZero(), "starts", "classroom.session.need-start")
	f.Need(!s.Ends.IsZero(), "ends", "classroom.session.need-end")
	f.Need(s.Ends.After(s.Starts), "ends", "classroom.session.need-span")
	f.Need(s.Ends.Sub(s.Starts) <= 24*time.Hour, "ends", "classroom.session.too-long")
	f.Need(s.Mode == InPerson || s.Mode == Online || s.Mode == Hybrid, "mode", "error.invalid")
	f.Need(s.Mode == InPerson || s.Link == "" || webAddress(s.Link), "link", "classroom.session.bad-link")
	f.Need(len(s.RoomCode) <= 12, "room_code", "classroom.session.long-code")
	return f.Err()
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// Clashes is returned, as the cause of a Conflict, by what refuses to plan a
// session that clashes.
type Clashes []Clash

func (c Clashes) Error() string { return "classroom: the session clashes" }

// SaveSession enters a session, or changes the one of d.ID as it was seen. What
// clashes is refused, named in words, until d.Anyway.
func (c *Classroom) SaveSession(ctx context.Context, d SessionDraft) (SessionID, error) {
	k, err := c.class(ctx, d.Class)
	if err != nil {
		return "", err
	}
	if err := c.mayRun(ctx, k); err != nil {
		return "", err
	}
	if err := c.fit(ctx, k, &d); err != nil {
		return "", err
	}
	fresh := d.ID == ""
	if fresh {
		d.Session = c.fresh(ctx, d.Session)
	}
	return d.ID, c.db.Tx(ctx, func(ctx context.Context) error { return c.putSession(ctx, k, d, fresh) })
}

// fit says what is wrong with a session for its class.
func (c *Classroom) fit(ctx context.Context, k Class, d *SessionDraft) error {
	if err := d.check(); err != nil {
		return err
	}
	var f errs.Form
	f.Need(d.On() >= k.From && d.On() <= k.To, "starts", "classroom.session.outside", k.From.Viet(), k.To.Viet())
	if err := f.Err(); err != nil {
		return err
	}
	if c.opt.Lecturers == nil {
		return nil
	}
	for _, p := range d.Lecturers {
		if err := c.opt.Lecturers.Fit(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (c *Classroom) fresh(ctx context.Context, s Session) Session {
	s.ID, s.MadeAt, s.Edition, s.State = SessionID(id.New(ctx)), clock.Now(ctx), 1, "planned"
	s.Secret, s.PaperCode = secret(), paperCode(s.ID)
	return s
}

func secret() string {
	var b [20]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

func (c *Classroom) putSession(ctx context.Context, k Class, d SessionDraft, fresh bool) error {
	d.ChangedAt = clock.Now(ctx)
	if _, err := c.lockClass(ctx, k.ID); err != nil {
		return err
	}
	if !d.Anyway {
		found, err := c.clashes(ctx, k, d)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return errs.New(errs.Conflict, "classroom.clash", len(found)).Because(Clashes(found))
		}
	}
	if fresh {
		if err := db.Insert(ctx, c.db, "classroom_session", d.Session); err != nil {
			return err
		}
	} else if err := c.changeSession(ctx, k, d); err != nil {
		return err
	}
	if err := c.putTeachers(ctx, d); err != nil {
		return err
	}
	s := d.Session
	s.Secret = ""
	return c.audit(ctx, RunClass, k.Unit, "session:"+string(d.ID), s)
}

func (c *Classroom) changeSession(ctx context.Context, k Class, d SessionDraft) error {
	old, err := c.session(ctx, d.ID)
	if err != nil || old.Class != k.ID {
		return notFound()
	}
	n, err := c.db.Exec(ctx, `update classroom_session set topic_id = $1, title = $2, starts_at = $3, ends_at = $4, mode = $5,
		room_id = $6, link = $7, provider = $8, author = $9, room_code = $10, changed_at = $11, edition = edition + 1
		where id = $12 and edition = $13`, d.Topic, d.Title, d.Starts, d.Ends, d.Mode, d.Room, d.Link, d.Provider, d.Author,
		d.RoomCode, d.ChangedAt, d.ID, d.Edition)
	if err == nil && n == 0 {
		err = changed()
	}
	if err != nil || old.Starts.Equal(d.Starts) && old.Room == d.Room && old.Link == d.Link || k.State != ClassOpen {
		return err
	}
	return c.tellClass(ctx, k, "classroom.mail.moved", k.Name, clockOf(old.Starts), clockOf(d.Starts))
}

func (c *Classroom) putTeachers(ctx context.Context, d SessionDraft) error {
	if _, err := c.db.Exec(ctx, `delete from classroom_lecturer where session_id = $1`, d.ID); err != nil {
		return err
	}
	var rows []Teacher
	known := map[org.PersonID]bool{}
	add := func(list []org.PersonID, role string) {
		for _, p := range list {
			if p != "" && !known[p] {
				known[p] = true
				rows = append(rows, Teacher{d.ID, p, role})
			}
		}
	}
	add(d.Lecturers, "lecturer")
	add(d.Assistants, "assistant")
	return db.Insert(ctx, c.db, "classroom_lecturer", rows...)
}

// Cancel says that a session will not be held, and why; the class is told.
func (c *Classroom) Cancel(ctx context.Context, id SessionID, why string, edition int64) error {
	s, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return err
	}
	if err := c.mayRun(ctx, k); err != nil { // access.Check in the class's unit
		return err
	}
	var f errs.Form
	f.Need(text.Clean(why) != "", "why", "classroom.seat.need-why")
	if err := f.Err(); err != nil {
		return err
	}
	return c.db.Tx(ctx, func(ctx context.Context) error {
		n, err := c.db.Exec(ctx, `update classroom_session set state = 'cancelled', why = $1, changed_at = $2, edition = edition + 1
			where id = $3 and edition = $4 and rolled_at is null`, text.Clean(why), clock.Now(ctx), id, edition)
		if err == nil && n == 0 {
			err = changed()
		}
		if err != nil {
			return err
		}
		if err := c.audit(ctx, RunClass, k.Unit, "session:"+string(id), map[string]string{"cancelled": why}); err != nil {
			return err
		}
		if err := c.tellFewer(ctx, s); err != nil {
			return err
		}
		return c.tellClass(ctx, k, "classroom.mail.cancelled", k.Name, clockOf(s.Starts), text.Clean(why))
	})
}

// tellFewer tells that there is a session less to come to.
func (c *Classroom) tellFewer(ctx context.Context, s Session) error {
	people, err := db.All[org.PersonID](ctx, c.db, `select person_id from classroom_seat
		where class_id = $1 and state = 'registered' order by person_id`, s.Class)
	if err != nil || len(people) == 0 {
		return err
	}
	return c.bus.Publish(ctx, AttendanceChanged{Session: s.ID, Class: s.Class, People: people})
}

func (c *Classroom) session(ctx context.Context, id SessionID) (Session, error) {
	return db.One[Session](ctx, c.db, `select `+db.Columns[Session]("")+` from classroom_session where id = $1`, id)
}

func (c *Classroom) sessionOf(ctx context.Context, id SessionID) (Session, Class, error) {
	s, err := c.session(ctx, id)
	if err != nil {
		return s, Class{}, err
	}
	k, err := c.class(ctx, s.Class)
	return s, k, err
}

// Session is a session of a class that the actor may see. Asks through Class. The
// secret that signs its codes stays inside.
func (c *Classroom) Session(ctx context.Context, id SessionID) (Session, Class, error) {
	if !access.SignedIn(ctx) {
		return Session{}, Class{}, errs.New(errs.Stranger, "error.sign-in")
	}
	s, err := c.session(ctx, id)
	if err != nil {
		return s, Class{}, err
	}
	k, err := c.Class(ctx, s.Class)
	if err != nil {
		return Session{}, k, err
	}
	s.Secret = ""
	return s, k, nil
}

// SessionLine is a session in a list.
type SessionLine struct {
	Session
	RoomName string `db:"room_name"`
	N        int    // its place in the class, from 1; 0 when cancelled
	Teachers []string
}

// Sessions lists the sessions of a class by time. Asks through Class.
func (c *Classroom) Sessions(ctx context.Context, id ClassID) ([]SessionLine, error) {
	if _, err := c.Class(ctx, id); err != nil {
		return nil, err
	}
	w := db.NewWhere().And("s.class_id = ?", id)
	return c.sessionLines(ctx, w)
}

func (c *Classroom) sessionLines(ctx context.Context, w *db.Where) ([]SessionLine, error) {
	list, err := db.All[SessionLine](ctx, c.db, `select `+db.Columns[Session]("s")+`, coalesce(r.name, '') as room_name
		from classroom_session s left join classroom_room r on r.id = s.room_id where `+w.SQL()+` order by s.starts_at, s.id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	n := map[ClassID]int{}
	for i := range list {
		list[i].Secret = ""
		if !list[i].Cancelled() {
			n[list[i].Class]++
			list[i].N = n[list[i].Class]
		}
	}
	return list, c.nameTeachers(ctx, list)
}

type teacherName struct {
	Session SessionID `db:"session_id"`
	Name    string    `db:"name"`
}

func (c *Classroom) nameTeachers(ctx context.Context, list []SessionLine) error {
	at := map[SessionID]int{}
	ids := make([]SessionID, len(list))
	for i, s := range list {
		at[s.ID], ids[i] = i, s.ID
	}
	for len(ids) > 0 {
		n := min(500, len(ids))
		w := db.NewWhere()
		names, err := db.All[teacherName](ctx, c.db, `select l.session_id, p.name from classroom_lecturer l
			join org_person p on p.id = l.person_id where `+db.In(w, "l.session_id", ids[:n]).SQL()+` order by l.role desc, p.name_key`, w.Args()...)
		if err != nil {
			return err
		}
		for _, t := range names {
			s := &list[at[t.Session]]
			s.Teachers = append(s.Teachers, t.Name)
		}
		ids = ids[n:]
	}
	return nil
}

// Teachers lists who teaches in a session. Asks through Session.
func (c *Classroom) Teachers(ctx context.Context, id SessionID) ([]Teacher, error) {
	if _, _, err := c.Session(ctx, id); err != nil {
		return nil, err
	}
	return c.teachers(ctx, id)
}

func (c *Classroom) teachers(ctx context.Context, id SessionID) ([]Teacher, error) {
	return db.All[Teacher](ctx, c.db, `select session_id, person_id, role from classroom_lecturer where session_id = $1 order by role desc, person_id`, id)
}

func clockOf(t time.Time) string { return t.In(clock.Zone).Format("15:04 02/01/2006") }
