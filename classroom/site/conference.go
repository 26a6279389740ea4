package site

import (
	"context"
	"net/url"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
	"lotrinh/platform/text"
)

// Conference is a session that runs on sites.
type Conference struct {
	Session   classroom.SessionID `db:"session_id"`
	Link      string              `db:"link"`    // meeting room on the net; "" = the session's
	Contact   string              `db:"contact"` // whom a site calls
	Phone     string              `db:"phone"`
	N         int64               `db:"n"`       // grows with every mark and every change
	SetupN    int64               `db:"setup_n"` // N at the last change of what is not a mark
	MadeAt    time.Time           `db:"made_at"`
	ChangedAt time.Time           `db:"changed_at"`
	Edition   int64               `db:"edition"`
}

// Meeting is what is known of a conference from its session, class and plan.
type Meeting struct {
	Conference
	Title       string            `db:"title"`
	Class       classroom.ClassID `db:"class_id"`
	ClassName   string            `db:"class_name"`
	Manager     org.PersonID      `db:"manager_id"`
	Plan        classroom.PlanID  `db:"plan_id"`
	Unit        org.UnitID        `db:"unit_id"` // of the plan: who has rights there organises
	Starts      time.Time         `db:"starts_at"`
	Ends        time.Time         `db:"ends_at"`
	SessionLink string            `db:"session_link"`
	State       string            `db:"state"`
}

// Cancelled says whether the session will not be held.
func (m Meeting) Cancelled() bool { return m.State == "cancelled" }

// On is the day of the conference.
func (m Meeting) On() clock.Date { return clock.DateOf(m.Starts) }

// Name is what the conference is called.
func (m Meeting) Name() string {
	if m.Title != "" {
		return m.Title
	}
	return m.ClassName
}

// Address is the meeting room on the net, "" when none is set.
func (m Meeting) Address() string {
	if m.Link != "" {
		return m.Link
	}
	return m.SessionLink
}

const meetingColumns = `x.title, x.class_id, k.name as class_name, k.manager_id, k.plan_id, p.unit_id, x.starts_at, x.ends_at,
	x.link as session_link, x.state from classroom_session x join classroom_class k on k.id = x.class_id join classroom_plan p on p.id = k.plan_id `

// meeting reads a session, with the zero Conference.Session when it does not run
// on sites yet.
func (s *Sites) meeting(ctx context.Context, id classroom.SessionID) (Meeting, error) {
	return db.One[Meeting](ctx, s.db, `select coalesce(c.session_id, '') as session_id, coalesce(c.link, '') as link,
		coalesce(c.contact, '') as contact, coalesce(c.phone, '') as phone, coalesce(c.n, 0) as n, coalesce(c.setup_n, 0) as setup_n,
		c.made_at, c.changed_at, coalesce(c.edition, 0) as edition, `+meetingColumns+
		`left join classroom_site_conference c on c.session_id = x.id where x.id = $1`, id)
}

// held is meeting for a session that runs on sites.
func (s *Sites) held(ctx context.Context, id classroom.SessionID) (Meeting, error) {
	m, err := s.meeting(ctx, id)
	if err == nil && m.Session == "" {
		err = notFound()
	}
	return m, err
}

// may returns nil when the actor manages the class, or may do a in the unit of the
// plan; to others the conference does not exist.
func may(ctx context.Context, a module.ActionName, m Meeting) error {
	if m.Manager != "" && access.CheckSelf(ctx, m.Manager) == nil {
		return nil
	}
	return hide(access.Check(ctx, a, m.Unit))
}

// Meeting is a conference that the actor may read.
func (s *Sites) Meeting(ctx context.Context, id classroom.SessionID) (Meeting, error) {
	if !access.SignedIn(ctx) {
		return Meeting{}, errs.New(errs.Stranger, "error.sign-in")
	}
	m, err := s.held(ctx, id)
	if err != nil {
		return Meeting{}, err
	}
	if err := may(ctx, Read, m); err != nil { // access.Check in the plan's unit
		return Meeting{}, err
	}
	return m, nil
}

// MayOrganise says whether the actor may set up the sites of a session, whether it
// runs on sites yet or not.
func (s *Sites) MayOrganise(ctx context.Context, id classroom.SessionID) bool {
	m, err := s.meeting(ctx, id)
	return err == nil && may(ctx, Organise, m) == nil // access.Check in the plan's unit
}

// Conferences lists the conferences that the actor may read, the latest first.
func (s *Sites) Conferences(ctx context.Context) ([]Meeting, error) {
	w := access.In(ctx, Read).Narrow(db.NewWhere(), "p.unit_id")
	return db.All[Meeting](ctx, s.db, `select `+db.Columns[Conference]("c")+`, `+meetingColumns+
		`join classroom_site_conference c on c.session_id = x.id where `+w.SQL()+` order by x.starts_at desc, x.id limit 200`, w.Args()...)
}

// OfClass lists the conferences among the sessions of a class, by time, for who may
// read them.
func (s *Sites) OfClass(ctx context.Context, id classroom.ClassID) ([]Meeting, error) {
	w := access.In(ctx, Read).Narrow(db.NewWhere().And("x.class_id = ?", id), "p.unit_id")
	return db.All[Meeting](ctx, s.db, `select `+db.Columns[Conference]("c")+`, `+meetingColumns+
		`join classroom_site_conference c on c.session_id = x.id where `+w.SQL()+` order by x.starts_at, x.id`, w.Args()...)
}

func (c *Conference) check() error {
	c.Link, c.Contact, c.Phone = strings.TrimSpace(c.Link), text.Clean(c.Contact), text.Clean(c.Phone)
	var f errs.Form
	f.Need(c.Link == "" || webAddress(c.Link), "link", "site.bad-link")
	f.Need(validPhone(c.Phone), "phone", "site.bad-phone")
	f.Need(len(c.Contact) <= 200, "contact", "site.too-long")
	return f.Err()
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= 2000
}

// validPhone takes what people write as a telephone number, or nothing.
func validPhone(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" .+-()/", r):
			return false
		}
	}
	return s == "" || digits >= 3 && len(s) <= 40
}

// SetUp lets a session run on sites, with the usual checklist, or changes how it
// does as it was seen.
func (s *Sites) SetUp(ctx context.Context, c Conference) error {
	m, err := s.meeting(ctx, c.Session)
	if err != nil {
		return err
	}
	if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if m.Session == "" {
			err = s.begin(ctx, c)
		} else {
			err = s.change(ctx, c)
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, Organise, m.Unit, "session:"+string(c.Session), c)
	})
}

func (s *Sites) begin(ctx context.Context, c Conference) error {
	c.MadeAt, c.ChangedAt, c.N, c.SetupN, c.Edition = clock.Now(ctx), clock.Now(ctx), 1, 1, 1
	if err := db.Insert(ctx, s.db, "classroom_site_conference", c); err != nil {
		return err
	}
	return db.Insert(ctx, s.db, "classroom_site_check", usual(c.Session)...)
}

func (s *Sites) change(ctx context.Context, c Conference) error {
	n, err := s.db.Exec(ctx, `update classroom_site_conference set link = $1, contact = $2, phone = $3, n = n + 1, setup_n = n + 1,
		changed_at = $4, edition = edition + 1 where session_id = $5 and edition = $6`,
		c.Link, c.Contact, c.Phone, clock.Now(ctx), c.Session, c.Edition)
	if err == nil && n == 0 {
		err = changed()
	}
	return err
}

// touch locks a conference and says that its set-up has changed.
func (s *Sites) touch(ctx context.Context, id classroom.SessionID) error {
	_, err := s.db.Exec(ctx, `update classroom_site_conference set n = n + 1, setup_n = n + 1, changed_at = $1 where session_id = $2`,
		clock.Now(ctx), id)
	return err
}
