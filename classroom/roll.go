package classroom

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// Attendance is what the marks of a person in a session come to, with the unit
// and category he had in the roster.
type Attendance struct {
	Session      SessionID    `db:"session_id"`
	Person       org.PersonID `db:"person_id"`
	Unit         org.UnitID   `db:"unit_id"`
	Category     org.Category `db:"category"`
	State        Presence     `db:"state"`
	Reason       string       `db:"reason"`
	Substitute   string       `db:"substitute"`
	SubstituteID org.PersonID `db:"substitute_id"`
	Heads        MarkIDs      `db:"heads"`
	Conflict     bool         `db:"conflict"`
	ChangedAt    time.Time    `db:"changed_at"`
}

// RollLine is one person in a roll call.
type RollLine struct {
	Seat     SeatLine
	Now      Attendance // State "" while nobody has marked him
	Disputed []Mark     // the marks that do not agree
}

// Roll is the roll call of a session.
type Roll struct {
	Session Session
	Class   Class
	Part    bool // of the people of some units alone: its reader hosts their site
	Lines   []RollLine
	Tally   map[Presence]int // how many of each; "" not marked yet
}

// mayCall returns nil when the actor may call the roll: who runs the class, and
// who teaches in the session.
func (c *Classroom) mayCall(ctx context.Context, s Session, k Class) error {
	err := c.mayRun(ctx, k)
	if err == nil || me(ctx) == "" {
		return err
	}
	teachers, e := c.teachers(ctx, s.ID)
	if e != nil {
		return e
	}
	for _, t := range teachers {
		if access.CheckSelf(ctx, t.Person) == nil {
			return nil
		}
	}
	return err
}

// callsFor says of which units the actor may call the roll: nil for all, when
// mayCall lets him; those of the site that he hosts; or why he may not at all.
func (c *Classroom) callsFor(ctx context.Context, s Session, k Class) (func(org.UnitID) bool, error) {
	err := c.mayCall(ctx, s, k)
	if err == nil || c.opt.Beside == nil {
		return nil, err
	}
	only, e := c.opt.Beside.OnRoll(ctx, s.ID)
	if e != nil {
		return nil, e
	}
	if only == nil {
		return nil, err
	}
	return only, nil
}

// Roll is the roll call of a session, for who may call it: of all, or for the host
// of a site of the people of its units. That it was read is noted in the log.
func (c *Classroom) Roll(ctx context.Context, id SessionID) (Roll, error) {
	s, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return Roll{}, err
	}
	only, err := c.callsFor(ctx, s, k) // access.Check in the class's unit
	if err != nil {
		return Roll{}, err
	}
	r, err := c.roll(ctx, s, k, only)
	if err != nil {
		return r, err
	}
	return r, c.auditRead(ctx, k.Unit, "session:"+string(id))
}

func (c *Classroom) roll(ctx context.Context, s Session, k Class, only func(org.UnitID) bool) (Roll, error) {
	r := Roll{Session: s, Class: k, Part: only != nil, Tally: map[Presence]int{}}
	r.Session.Secret = ""
	seats, err := db.All[SeatLine](ctx, c.db, `select `+db.Columns[Seat]("s")+`, p.name, p.name_key, '' as number, null as on_date, s.unit_id as by_unit
		from classroom_seat s join org_person p on p.id = s.person_id
		where s.class_id = $1 and (s.state = 'registered' or exists (select 1 from classroom_attendance a
			where a.session_id = $2 and a.person_id = s.person_id)) order by p.name_key, s.id`, k.ID, s.ID)
	if err != nil {
		return r, err
	}
	now, err := c.attendance(ctx, s.ID)
	if err != nil {
		return r, err
	}
	t := c.orgs.On(ctx, k.From)
	for _, seat := range seats {
		if only != nil && !only(seat.Unit) {
			continue
		}
		seat.UnitName = c.nameOf(ctx, t, seat.Unit)
		l := RollLine{Seat: seat, Now: now[seat.Person]}
		if l.Now.Conflict {
			if l.Disputed, err = c.disputed(ctx, l.Now); err != nil {
				return r, err
			}
		}
		r.Tally[l.Now.State]++
		r.Lines = append(r.Lines, l)
	}
	return r, nil
}

func (c *Classroom) attendance(ctx context.Context, id SessionID) (map[org.PersonID]Attendance, error) {
	list, err := db.All[Attendance](ctx, c.db, `select `+db.Columns[Attendance]("")+` from classroom_attendance where session_id = $1`, id)
	if err != nil {
		return nil, err
	}
	m := make(map[org.PersonID]Attendance, len(list))
	for _, a := range list {
		m[a.Person] = a
	}
	return m, nil
}

func (c *Classroom) disputed(ctx context.Context, a Attendance) ([]Mark, error) {
	w := db.In(db.NewWhere().And("session_id = ?", a.Session), "id", []MarkID(a.Heads))
	return db.All[Mark](ctx, c.db, `select `+db.Columns[Mark]("")+` from classroom_mark where `+w.SQL()+` order by at, id`, w.Args()...)
}

// MarkRefused says why one mark of many was not taken.
type MarkRefused struct {
	ID   MarkID
	Why  string // key of the message
	Args []any
}

const marksMax = 5000 // in one sheet

// MarkAll takes marks of a session, in any order and however often they are sent.
// What cannot be taken is told mark by mark, and the others are taken. After it
// the roll counts as called when final.
func (c *Classroom) MarkAll(ctx context.Context, id SessionID, marks []Mark, final bool) ([]MarkRefused, error) {
	s, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return nil, err
	}
	only, err := c.callsFor(ctx, s, k) // access.Check in the class's unit
	if err != nil {
		return nil, err
	}
	if s.Cancelled() {
		return nil, errs.New(errs.Conflict, "classroom.session.cancelled")
	}
	if len(marks) > marksMax {
		return nil, errs.New(errs.Invalid, "classroom.roll.too-many", marksMax)
	}
	var refused []MarkRefused
	err = c.db.Tx(ctx, func(ctx context.Context) error {
		refused, err = c.take(ctx, s, k, marks, final && only == nil, only)
		return err
	})
	return refused, err
}

// Sheet is the marks of one session, for MarkMany.
type Sheet struct {
	Session SessionID
	Marks   []Mark
}

// MarkMany takes the rolls of many sessions in one transaction, all or none: for
// imports, each asked for as by MarkAll.
func (c *Classroom) MarkMany(ctx context.Context, sheets []Sheet) error {
	return c.db.Tx(ctx, func(ctx context.Context) error {
		for _, sh := range sheets {
			refused, err := c.MarkAll(ctx, sh.Session, sh.Marks, true) // asks access
			if err != nil {
				return err
			}
			if len(refused) > 0 {
				return errs.New(errs.Invalid, refused[0].Why, refused[0].Args...)
			}
		}
		return nil
	})
}

// take writes marks down and what they come to; of people of other units than only
// names it takes none. The session is locked meanwhile.
func (c *Classroom) take(ctx context.Context, s Session, k Class, marks []Mark, final bool, only func(org.UnitID) bool) ([]MarkRefused, error) {
	called := ""
	if final {
		called = ", rolled_at = coalesce(rolled_at, $2)"
	}
	args := []any{s.ID}
	if final {
		args = append(args, clock.Now(ctx))
	}
	if _, err := c.db.Exec(ctx, `update classroom_session set roll_n = roll_n + 1`+called+` where id = $1`, args...); err != nil {
		return nil, err
	}
	seated, err := c.seated(ctx, k.ID)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(seated, func(_ org.PersonID, x Seat) bool { return only != nil && !only(x.Unit) })
	known, err := c.marksOf(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	fresh, refused := c.sift(ctx, s, marks, seated, known)
	if err := db.Insert(ctx, c.db, "classroom_mark", fresh...); err != nil {
		return nil, err
	}
	if err := c.settle(ctx, s, fresh, seated, known); err != nil {
		return nil, err
	}
	if len(fresh) == 0 && !final {
		return refused, nil
	}
	if err := c.tellRoll(ctx, s, final, fresh, known); err != nil {
		return nil, err
	}
	return refused, c.audit(ctx, RunClass, k.Unit, "session:"+string(s.ID), map[string]any{"marks": len(fresh), "refused": len(refused)})
}

// tellRoll tells of the roll when it is called, and of what changes in it later.
// known holds the fresh marks too.
func (c *Classroom) tellRoll(ctx context.Context, s Session, final bool, fresh []Mark, known map[org.PersonID][]Mark) error {
	switch {
	case s.RolledAt.IsZero() && final:
		return c.bus.Publish(ctx, RollCalled{Session: s.ID, Class: s.Class, People: slices.Sorted(maps.Keys(known))})
	case s.RolledAt.IsZero() || len(fresh) == 0:
		return nil
	}
	touched := map[org.PersonID]bool{}
	for _, m := range fresh {
		touched[m.Person] = true
	}
	return c.bus.Publish(ctx, AttendanceChanged{Session: s.ID, Class: s.Class, People: slices.Sorted(maps.Keys(touched))})
}

func (c *Classroom) marksOf(ctx context.Context, id SessionID) (map[org.PersonID][]Mark, error) {
	m := map[org.PersonID][]Mark{}
	err := db.Each(ctx, c.db, `select `+db.Columns[Mark]("")+` from classroom_mark where session_id = $1`, []any{id}, func(x Mark) error {
		m[x.Person] = append(m[x.Person], x)
		return nil
	})
	return m, err
}

var markID = regexp.MustCompile(`^[0-9a-zA-Z-]{8,64}$`)

// sift parts marks that are new from those known already and those that cannot be.
func (c *Classroom) sift(ctx context.Context, s Session, marks []Mark, seated map[org.PersonID]Seat, known map[org.PersonID][]Mark) (fresh []Mark, refused []MarkRefused) {
	have := map[MarkID]Mark{}
	for _, list := range known {
		for _, m := range list {
			have[m.ID] = m
		}
	}
	for _, m := range marks {
		m = c.stamp(ctx, s, m)
		if old, ok := have[m.ID]; ok {
			if old.Person != m.Person || old.says() != m.says() {
				refused = append(refused, MarkRefused{m.ID, "classroom.roll.id-taken", nil})
			}
			continue
		}
		if why := m.wrong(seated); why != "" {
			refused = append(refused, MarkRefused{m.ID, why, nil})
			continue
		}
		have[m.ID] = m
		fresh = append(fresh, m)
	}
	return fresh, refused
}

func (c *Classroom) stamp(ctx context.Context, s Session, m Mark) Mark {
	now := clock.Now(ctx)
	m.Session, m.ReceivedAt, m.By = s.ID, now, me(ctx)
	m.Reason, m.Substitute, m.Device = text.Clean(m.Reason), text.Clean(m.Substitute), text.Clean(m.Device)
	if m.At.IsZero() || m.At.After(now) { // a clock that runs ahead must not win for ever
		m.At = now
	}
	m.At = m.At.In(clock.Zone).Truncate(time.Microsecond)
	if m.State != Substitute {
		m.Substitute, m.SubstituteID = "", ""
	}
	if m.Source == "" {
		m.Source = FromDevice
	}
	return m
}

var sources = []Source{FromPage, FromDevice, FromScan, FromPaper, FromDecision, FromImport}

// wrong is the key of what makes m impossible, or "".
func (m Mark) wrong(seated map[org.PersonID]Seat) string {
	_, onRoster := seated[m.Person]
	switch {
	case !markID.MatchString(string(m.ID)):
		return "classroom.roll.bad-id"
	case !onRoster:
		return "classroom.roll.not-on-roster"
	case !slices.Contains(Presences, m.State):
		return "classroom.roll.bad-state"
	case m.State == Substitute && m.Substitute == "" && m.SubstituteID == "":
		return "classroom.roll.need-substitute"
	case len(m.Reason) > 500 || len(m.Substitute) > 200 || len(m.Device) > 64 || len(m.Bases) > 100:
		return "classroom.roll.too-long"
	case !slices.Contains(sources, m.Source):
		return "classroom.roll.bad-state"
	}
	for _, b := range m.Bases {
		if !markID.MatchString(string(b)) {
			return "classroom.roll.bad-id"
		}
	}
	return ""
}

// settle writes what the marks of those who got a new one come to.
func (c *Classroom) settle(ctx context.Context, s Session, fresh []Mark, seated map[org.PersonID]Seat, known map[org.PersonID][]Mark) error {
	touched := map[org.PersonID]bool{}
	var order []org.PersonID
	for _, m := range fresh {
		known[m.Person] = append(known[m.Person], m)
		if !touched[m.Person] {
			touched[m.Person] = true
			order = append(order, m.Person)
		}
	}
	rows := make([]Attendance, len(order))
	for i, p := range order {
		st := Merge(known[p])
		rows[i] = Attendance{Session: s.ID, Person: p, Unit: seated[p].Unit, Category: seated[p].Category, State: st.Mark.State,
			Reason: st.Mark.Reason, Substitute: st.Mark.Substitute, SubstituteID: st.Mark.SubstituteID, Heads: st.Heads,
			Conflict: st.Conflict, ChangedAt: clock.Now(ctx)}
	}
	// Unit and category stay what they were when the person was first marked.
	return db.InsertOr(ctx, c.db, "classroom_attendance", `on conflict (session_id, person_id) do update set state = excluded.state,
		reason = excluded.reason, substitute = excluded.substitute, substitute_id = excluded.substitute_id,
		heads = excluded.heads, conflict = excluded.conflict, changed_at = excluded.changed_at`, rows...)
}

// Settle ends a conflict: the class manager says what is true, having seen the
// marks that did not agree.
func (c *Classroom) Settle(ctx context.Context, id SessionID, m Mark) error {
	_, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return err
	}
	if err := c.mayRun(ctx, k); err != nil { // access.Check in the class's unit
		return err
	}
	m.Source = FromDecision
	refused, err := c.MarkAll(ctx, id, []Mark{m}, false)
	if err == nil && len(refused) > 0 {
		err = errs.New(errs.Invalid, refused[0].Why, refused[0].Args...)
	}
	return err
}

// Marks is the story of one person in a session: every mark ever made, by the
// time it was received.
func (c *Classroom) Marks(ctx context.Context, id SessionID, p org.PersonID) ([]Mark, error) {
	s, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return nil, err
	}
	if access.CheckSelf(ctx, p) != nil {
		if err := c.mayCall(ctx, s, k); err != nil {
			return nil, err
		}
	}
	return db.All[Mark](ctx, c.db, `select `+db.Columns[Mark]("")+` from classroom_mark
		where session_id = $1 and person_id = $2 order by received_at, id`, id, p)
}

// paperCode is the code that a session's sheet bears: eight letters and digits
// that cannot be mistaken for each other, the last of them a check.
func paperCode(id SessionID) string {
	const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	n := uint64(1469598103934665603) // FNV-1a
	for _, b := range []byte(id) {
		n = (n ^ uint64(b)) * 1099511628211
	}
	var b strings.Builder
	sum := uint64(0)
	for i := range uint64(7) {
		d := n % uint64(len(letters))
		n /= uint64(len(letters))
		sum += d * (i + 1)
		b.WriteByte(letters[d])
	}
	b.WriteByte(letters[sum%uint64(len(letters))])
	return b.String()
}

// SessionOfPaper finds the session whose sheet bears a code, for who may call its
// roll.
func (c *Classroom) SessionOfPaper(ctx context.Context, code string) (SessionID, error) {
	if !access.SignedIn(ctx) {
		return "", errs.New(errs.Stranger, "error.sign-in")
	}
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.ToUpper(text.Clean(code)))
	id, err := db.One[SessionID](ctx, c.db, `select id from classroom_session where paper_code = $1`, code)
	if err != nil {
		return "", errs.New(errs.Invalid, "error.invalid").Field("code", "classroom.paper.unknown")
	}
	s, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return "", err
	}
	if c.mayCall(ctx, s, k) != nil {
		return "", errs.New(errs.Invalid, "error.invalid").Field("code", "classroom.paper.unknown")
	}
	return id, nil
}
