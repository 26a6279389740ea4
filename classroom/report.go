package classroom

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// Report is what a class came to (báo cáo lớp). Planned, registered and attended
// are never one; attendances (lượt) and persons (người) are told apart.
type Report struct {
	Class      Class
	Plan       Plan
	Topic      string
	UnitName   string
	Manager    string
	On         clock.Date // it was drawn up
	Total      ReportLine
	Units      []ReportLine
	Categories []ReportLine
	Sessions   []ReportSession
	Lecturers  []ReportLecturer
	People     []ReportPerson
	Absences   []ReportAbsence // and whatever else has a reason, by time
	Held       int             // sessions whose roll was called
	Cancelled  int
	ToCome     int   // neither
	Minutes    int64 // of the sessions held
	Costs      []CostSum
	CostAll    CostSum // over all sources, of the items entered for the class
}

// ReportLine counts a unit, a category or the whole class.
type ReportLine struct {
	Unit       org.UnitID
	Category   org.Category
	Name       string
	Quota      int64 // seats in the plan for the topic, over all its classes; 0 none set
	Registered int64
	Waiting    int64
	Persons    int64 // who came at least once; substitutes counted once each
	Turns      map[Presence]int64
	Unmarked   int64 // registered in a session held, and not marked
}

// Attended is the number of attendances (lượt), substitutes among them.
func (l ReportLine) Attended() (n int64) {
	for p, x := range l.Turns {
		if p.Attended() {
			n += x
		}
	}
	return n
}

// Expected is how many attendances there could have been.
func (l ReportLine) Expected() (n int64) {
	for _, x := range l.Turns {
		n += x
	}
	return n + l.Unmarked
}

// ReportSession is a session with what its roll came to.
type ReportSession struct {
	SessionLine
	Turns    map[Presence]int64
	Attended int64
	Expected int64
}

// ReportLecturer is how much someone taught in the class.
type ReportLecturer struct {
	Person   org.PersonID
	Name     string
	Sessions int
	Minutes  int64
}

// ReportPerson is one trainee over all sessions.
type ReportPerson struct {
	SeatLine
	Turns    map[Presence]int64
	Unmarked int64
	Held     int64 // sessions held in which he was expected
}

// Came is in how many sessions the person himself was there.
func (p ReportPerson) Came() int64 { return p.Turns[Present] + p.Turns[Late] + p.Turns[LeftEarly] }

// ReportAbsence is one mark that is not a plain presence.
type ReportAbsence struct {
	Session    SessionLine
	Name       string
	UnitName   string
	State      Presence
	Reason     string
	Substitute string
}

// PerTrainee is the actual cost for each registered trainee, in đồng, rounded to
// whole ones; 0 where nobody is registered.
func (r Report) PerTrainee() int64 {
	if r.Total.Registered == 0 {
		return 0
	}
	return (2*r.CostAll.Actual + r.Total.Registered) / (2 * r.Total.Registered)
}

// Report draws up the report of a class, for who may read or run it. It names
// people and why they were away: that it was read is noted in the log.
func (c *Classroom) Report(ctx context.Context, id ClassID) (Report, error) {
	k, err := c.Class(ctx, id)
	if err != nil {
		return Report{}, err
	}
	if !access.Allowed(ctx, ReadClass, k.Unit) && c.mayRun(ctx, k) != nil {
		return Report{}, notFound()
	}
	r := Report{Class: k, On: clock.Today(ctx), UnitName: c.nameOf(ctx, c.orgs.On(ctx, k.From), k.Unit)}
	for _, part := range []func(context.Context, *Report) error{c.reportHead, c.reportPeople, c.reportCosts, c.reportLecturers} {
		if err := part(ctx, &r); err != nil {
			return r, err
		}
	}
	return r, c.auditRead(ctx, k.Unit, "class:"+string(k.ID))
}

func (c *Classroom) reportHead(ctx context.Context, r *Report) (err error) {
	if r.Plan, err = c.plan(ctx, r.Class.Plan); err != nil {
		return err
	}
	names, err := c.topicNames(ctx, r.Plan.ID)
	if err != nil {
		return err
	}
	r.Topic = names[r.Class.Topic]
	if r.Class.Manager == "" {
		return nil
	}
	known, err := c.orgs.People(ctx, []org.PersonID{r.Class.Manager})
	r.Manager = known[r.Class.Manager].Name
	return err
}

// reportPeople fills in all that the roster and the rolls say.
func (c *Classroom) reportPeople(ctx context.Context, r *Report) error {
	w := db.NewWhere().And("s.class_id = ?", r.Class.ID)
	sessions, err := c.sessionLines(ctx, w)
	if err != nil {
		return err
	}
	seats, err := c.wholeRoster(ctx, r.Class)
	if err != nil {
		return err
	}
	marks, err := db.All[Attendance](ctx, c.db, `select `+db.Columns[Attendance]("a")+` from classroom_attendance a
		join classroom_session x on x.id = a.session_id where x.class_id = $1 and x.state = 'planned' and x.rolled_at is not null`, r.Class.ID)
	if err != nil {
		return err
	}
	quotas, err := c.quotas(ctx, r.Class.Plan)
	if err != nil {
		return err
	}
	s := newSums(r, sessions, seats, marks, func(u org.UnitID) string { return c.nameOf(ctx, c.orgs.On(ctx, r.Class.From), u) })
	s.count()
	s.fold(quotas)
	return nil
}

// wholeRoster is the roster whoever asks; the caller has asked for rights.
func (c *Classroom) wholeRoster(ctx context.Context, k Class) ([]SeatLine, error) {
	lines, err := db.All[SeatLine](ctx, c.db, `select `+db.Columns[Seat]("s")+`, p.name, p.name_key, n.number, n.on_date, n.unit_id as by_unit
		from classroom_seat s join org_person p on p.id = s.person_id join classroom_nomination n on n.id = s.nomination_id
		where s.class_id = $1 order by p.name_key, s.id`, k.ID)
	if err != nil {
		return nil, err
	}
	return lines, c.nameSeats(ctx, k, lines)
}

// reportCosts adds up the items of cost that were entered for the class.
func (c *Classroom) reportCosts(ctx context.Context, r *Report) error {
	list, err := db.All[Cost](ctx, c.db, `select `+db.Columns[Cost]("")+` from classroom_cost where plan_id = $1 and class_id = $2`, r.Plan.ID, r.Class.ID)
	r.Costs = costSums(list)
	for _, s := range r.Costs {
		r.CostAll.Planned += s.Planned
		r.CostAll.Actual += s.Actual
	}
	return err
}

type taughtRow struct {
	Session SessionID    `db:"session_id"`
	Person  org.PersonID `db:"person_id"`
	Name    string       `db:"name"`
}

// reportLecturers counts what each lecturer taught in sessions that were held.
func (c *Classroom) reportLecturers(ctx context.Context, r *Report) error {
	rows, err := db.All[taughtRow](ctx, c.db, `select l.session_id, l.person_id, p.name from classroom_lecturer l
		join org_person p on p.id = l.person_id join classroom_session x on x.id = l.session_id
		where x.class_id = $1 and x.state = 'planned' and x.rolled_at is not null and l.role = 'lecturer' order by p.name_key, p.id`, r.Class.ID)
	minutes := map[SessionID]int64{}
	for _, s := range r.Sessions {
		minutes[s.ID] = s.Minutes()
	}
	at := map[org.PersonID]int{}
	for _, x := range rows {
		i, known := at[x.Person]
		if !known {
			i = len(r.Lecturers)
			at[x.Person] = i
			r.Lecturers = append(r.Lecturers, ReportLecturer{Person: x.Person, Name: x.Name})
		}
		r.Lecturers[i].Sessions++
		r.Lecturers[i].Minutes += minutes[x.Session]
	}
	return err
}

// byName orders lines by name.
func byName(a, b ReportLine) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(string(a.Unit), string(b.Unit)))
}

// byCategory orders lines as the house lists categories.
func byCategory(a, b ReportLine) int {
	return cmp.Compare(slices.Index(org.Categories, a.Category), slices.Index(org.Categories, b.Category))
}
