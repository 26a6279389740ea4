package classroom

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
)

// A person's calendar feed (RFC 5545) lies at an address that nobody can guess;
// whoever has it may read when and where the person learns and teaches, so it can
// be taken back at any time. The database keeps a hash of it alone.
const (
	feedBack  = clock.Date(90)  // days before today in the feed
	feedAhead = clock.Date(400) // and after it
	feedFresh = "PT1H"          // how often calendars should look again
)

type feedRow struct {
	Person org.PersonID `db:"person_id"`
	Hash   string       `db:"hash"`
	MadeAt time.Time    `db:"made_at"`
}

// NewFeed gives the actor a calendar feed and returns its path. An earlier one
// ends. The path is told this once.
func (c *Classroom) NewFeed(ctx context.Context) (path string, err error) {
	p := me(ctx)
	if err := access.CheckSelf(ctx, p); err != nil {
		return "", err
	}
	if p == "" {
		return "", errs.New(errs.Invalid, "classroom.feed.nobody")
	}
	var b [24]byte
	rand.Read(b[:])
	token := hex.EncodeToString(b[:])
	return "/classroom/feed/" + token + ".ics", c.db.Tx(ctx, func(ctx context.Context) error {
		err := db.InsertOr(ctx, c.db, "classroom_feed", `on conflict (person_id) do update set hash = excluded.hash, made_at = excluded.made_at`,
			feedRow{p, feedHash(token), clock.Now(ctx)})
		if err != nil {
			return err
		}
		return c.auditPerson(ctx, OwnSeat, "", p, "feed", map[string]string{"feed": "made"})
	})
}

// EndFeed takes the actor's calendar feed back: its address leads nowhere.
func (c *Classroom) EndFeed(ctx context.Context) error {
	p := me(ctx)
	if err := access.CheckSelf(ctx, p); err != nil {
		return err
	}
	return c.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := c.db.Exec(ctx, `delete from classroom_feed where person_id = $1`, p); err != nil {
			return err
		}
		return c.auditPerson(ctx, OwnSeat, "", p, "feed", map[string]string{"feed": "ended"})
	})
}

// FeedSince is when the actor's feed was made; zero where he has none.
func (c *Classroom) FeedSince(ctx context.Context) (time.Time, error) {
	if access.CheckSelf(ctx, me(ctx)) != nil {
		return time.Time{}, nil
	}
	rows, err := db.All[feedRow](ctx, c.db, `select person_id, hash, made_at from classroom_feed where person_id = $1`, me(ctx))
	if err != nil || len(rows) == 0 {
		return time.Time{}, err
	}
	return rows[0].MadeAt, nil
}

func feedHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Feed is the calendar at an address given by NewFeed. Open to all who have the
// address; to others it does not exist.
func (c *Classroom) Feed(ctx context.Context, token string) (string, error) {
	token = strings.TrimSuffix(token, ".ics")
	p, err := db.One[org.PersonID](ctx, c.db, `select person_id from classroom_feed where hash = $1`, feedHash(token))
	if err != nil {
		return "", notFound()
	}
	today := clock.Today(ctx)
	w := db.NewWhere().And("s.starts_at >= ? and s.starts_at < ?", (today - feedBack).Time(), (today + feedAhead).Time())
	w.And(`s.class_id in (select class_id from classroom_seat where person_id = ? and state = 'registered')
		or s.id in (select session_id from classroom_lecturer where person_id = ?)
		or s.class_id in (select id from classroom_class where manager_id = ?)`, p, p, p)
	w.And("s.class_id in (select id from classroom_class where state <> 'draft')")
	list, err := c.sessionLines(ctx, w)
	if err != nil {
		return "", err
	}
	classes, err := c.classesOf(ctx, list)
	if err != nil {
		return "", err
	}
	return c.calendar(i18n.With(ctx, i18n.Vi), list, classes), nil
}

func (c *Classroom) classesOf(ctx context.Context, list []SessionLine) (map[ClassID]Class, error) {
	m := map[ClassID]Class{}
	var ids []ClassID
	for _, s := range list {
		if _, known := m[s.Class]; !known {
			m[s.Class] = Class{}
			ids = append(ids, s.Class)
		}
	}
	w := db.In(db.NewWhere(), "id", ids)
	rows, err := db.All[Class](ctx, c.db, `select `+db.Columns[Class]("")+` from classroom_class where `+w.SQL(), w.Args()...)
	for _, k := range rows {
		m[k.ID] = k
	}
	return m, err
}

// calendar writes sessions as RFC 5545. A session keeps its UID for ever, and its
// SEQUENCE grows with each change, so that calendars move what was moved and
// strike out what was cancelled.
func (c *Classroom) calendar(ctx context.Context, list []SessionLine, classes map[ClassID]Class) string {
	cal := ics.NewCalendarFor("Lo Trinh")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(i18n.S(ctx, "classroom.feed.name"))
	cal.SetRefreshInterval(feedFresh, ics.WithValue("DURATION"))
	cal.SetXPublishedTTL(feedFresh)
	for _, s := range list {
		c.event(ctx, cal.AddEvent(string(s.ID)+"@lotrinh"), s, classes[s.Class])
	}
	return cal.Serialize(ics.WithNewLine("\r\n"))
}

func (c *Classroom) event(ctx context.Context, e *ics.VEvent, s SessionLine, k Class) {
	off := s.Cancelled() || k.State == ClassCancelled
	e.SetDtStampTime(s.ChangedAt)
	e.SetModifiedAt(s.ChangedAt)
	e.SetStartAt(s.Starts)
	e.SetEndAt(s.Ends)
	e.SetSummary(plainLine(k.Name + ": " + sessionName(ctx, s)))
	e.SetLocation(plainLine(place(ctx, s)))
	about := []string{i18n.S(ctx, "classroom.feed.about", k.Name, strings.Join(s.Teachers, ", "))}
	if s.Mode != InPerson && s.Link != "" {
		about = append(about, s.Link)
	}
	if s.Why != "" {
		about = append(about, i18n.S(ctx, "classroom.session.cancelled.why", s.Why))
	}
	e.SetDescription(text.CleanLines(strings.Join(about, "\n")))
	if c.opt.Base != "" {
		e.SetURL(c.opt.Base + sessionPath(s.ID))
	}
	sequence := s.Edition - 1
	status := ics.ObjectStatusConfirmed
	if off {
		status = ics.ObjectStatusCancelled
		if !s.Cancelled() {
			sequence++ // the whole class was cancelled, the session was not touched
		}
	}
	e.SetStatus(status)
	e.SetSequence(int(sequence))
}

// plainLine is text on one line without what calendars cannot hold.
func plainLine(s string) string { return text.Clean(s) }
