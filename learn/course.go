package learn

import (
	"context"
	"encoding/json"
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

// CourseID names a course.
type CourseID string

// CourseState says whether a course is being taught.
type CourseState string

// The states of a course.
const (
	Draft     CourseState = "draft"
	Published CourseState = "published"
	Closed    CourseState = "closed"
)

// Course is a course run (khóa bồi dưỡng) of a unit.
type Course struct {
	ID        CourseID    `db:"id"`
	Unit      org.UnitID  `db:"unit_id"`
	Topic     TopicID     `db:"topic_id"`
	Base      CourseID    `db:"base_id"` // the course that this one is a unit's variant of
	Title     string      `db:"title"`
	Folded    string      `db:"folded"`
	Summary   string      `db:"summary"`
	State     CourseState `db:"state"`
	Open      bool        `db:"open"` // citizens and firms sign themselves up
	Starts    clock.Date  `db:"starts_on"`
	Ends      clock.Date  `db:"ends_on"`
	Days      int         `db:"days"`
	Minutes   int         `db:"minutes"`
	NeedsText string      `db:"needs"`
	RuleText  string      `db:"rule"`
	AutoIssue bool        `db:"auto_issue"`
	Source    *string     `db:"source_key"`
	Surveyed  time.Time   `db:"surveyed_at"`
	Outline   int         `db:"outline"`
	Edition   int         `db:"edition"`
	MadeAt    time.Time   `db:"made_at"`
}

// Rule says when a course is completed. All that it asks must hold.
type Rule struct {
	Lessons    bool `json:"lessons"`              // all required lessons are done
	Score      int  `json:"score,omitempty"`      // percent over the tests, at least
	Attendance int  `json:"attendance,omitempty"` // percent of the sessions, at least
	Tasks      bool `json:"tasks,omitempty"`      // the superior confirmed every application task
}

// Rule is when the course is completed.
func (c Course) Rule() Rule {
	var r Rule
	if json.Unmarshal([]byte(c.RuleText), &r) != nil || r == (Rule{}) {
		r.Lessons = true
	}
	return r
}

// Needs lists the courses to be completed before.
func (c Course) Needs() []CourseID { return courseIDs(c.NeedsText) }

func courseIDs(s string) []CourseID {
	var out []CourseID
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, CourseID(part))
		}
	}
	return out
}

func joinIDs(all []CourseID) string {
	parts := make([]string, len(all))
	for i, c := range all {
		parts[i] = string(c)
	}
	return strings.Join(parts, ",")
}

// NewCourse is what someone fills in to make or change a course.
type NewCourse struct {
	Unit      org.UnitID
	Topic     TopicID
	Title     string
	Summary   string
	Open      bool
	Starts    clock.Date
	Ends      clock.Date
	Days      int
	Minutes   int
	Needs     []CourseID
	Rule      Rule
	AutoIssue bool
	Source    string
}

func (n *NewCourse) check() error {
	n.Title, n.Summary = text.Clean(n.Title), text.CleanLines(n.Summary)
	var f errs.Form
	f.Need(n.Unit != "", "unit", "learn.need.unit")
	f.Need(n.Title != "" && len(n.Title) <= titleMax, "title", "learn.need.title")
	f.Need(len(n.Summary) <= 4000, "summary", "learn.need.summary")
	f.Need(n.Starts == 0 || n.Ends == 0 || n.Starts <= n.Ends, "ends", "learn.need.span")
	f.Need(n.Days >= 0 && n.Days <= 3660, "days", "learn.need.days")
	f.Need(n.Minutes >= 0 && n.Minutes <= minutesMax, "minutes", "learn.need.minutes")
	f.Need(percent(n.Rule.Score), "score", "learn.need.percent")
	f.Need(percent(n.Rule.Attendance), "attendance", "learn.need.percent")
	f.Need(len(n.Needs) <= 20, "needs", "learn.need.needs")
	return f.Err()
}

func percent(n int) bool { return n >= 0 && n <= 100 }

func (n NewCourse) put(c *Course) {
	rule, err := json.Marshal(n.Rule)
	if err != nil {
		rule = []byte("{}") // a struct of numbers does not fail
	}
	c.Topic, c.Title, c.Folded, c.Summary, c.Open = n.Topic, n.Title, text.Fold(n.Title), n.Summary, n.Open
	c.Starts, c.Ends, c.Days, c.Minutes = n.Starts, n.Ends, n.Days, n.Minutes
	c.NeedsText, c.RuleText, c.AutoIssue = joinIDs(n.Needs), string(rule), n.AutoIssue
}

// CreateCourse makes a course of a unit, a draft until it is published. A course
// whose Source is there already is returned as it is.
func (l *Learn) CreateCourse(ctx context.Context, n NewCourse) (CourseID, error) {
	if err := access.Check(ctx, EditCourse, n.Unit); err != nil {
		return "", err
	}
	if err := n.check(); err != nil {
		return "", err
	}
	if n.Source != "" {
		known, err := db.All[CourseID](ctx, l.db, `select id from learn_course where source_key = $1`, n.Source)
		if err != nil || len(known) > 0 {
			return first(known), err
		}
	}
	c := Course{ID: CourseID(id.New(ctx)), Unit: n.Unit, State: Draft, Source: orNil(n.Source), MadeAt: clock.Now(ctx)}
	n.put(&c)
	if err := l.checkOrder(ctx, c); err != nil {
		return "", err
	}
	return c.ID, l.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, l.db, "learn_course", c); err != nil {
			return err
		}
		return l.audit(ctx, "learn.course.created", c.Unit, "course:"+string(c.ID), c.Title)
	})
}

// EditCourse changes a course, unless someone changed it since the given edition:
// then it is a Conflict, and the text that was typed stays on the screen.
func (l *Learn) EditCourse(ctx context.Context, cid CourseID, edition int, n NewCourse) error {
	return l.changeCourse(ctx, cid, "learn.course.edited", func(ctx context.Context, c *Course) error {
		n.Unit = c.Unit
		if err := n.check(); err != nil {
			return err
		}
		if c.Edition != edition {
			return errs.New(errs.Conflict, "error.changed")
		}
		n.put(c)
		return l.checkOrder(ctx, *c)
	}) // asks access.Check
}

// SetState publishes a course, closes it, or takes it back to a draft while nobody
// learns it.
func (l *Learn) SetState(ctx context.Context, cid CourseID, to CourseState) error {
	return l.changeCourse(ctx, cid, "learn.course."+string(to), func(ctx context.Context, c *Course) error {
		switch to {
		case Published:
			if o, err := l.outlines.fresh(ctx, cid); err != nil || len(o.Lessons) == 0 {
				return orElse(err, errs.New(errs.Invalid, "learn.course.no-lessons"))
			}
		case Draft:
			n, err := l.store.learners(ctx, cid)
			if err != nil || n > 0 {
				return orElse(err, errs.New(errs.Conflict, "learn.course.has-learners", n))
			}
		case Closed:
		default:
			return errs.New(errs.Invalid, "error.invalid")
		}
		c.State = to
		if to == Published {
			return l.bus.Publish(ctx, CoursePublished{Course: cid, Unit: c.Unit, Title: c.Title})
		}
		return nil
	}) // asks access.Check
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func (l *Learn) changeCourse(ctx context.Context, cid CourseID, what string, change func(context.Context, *Course) error) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		c, err := l.store.course(ctx, cid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, EditCourse, c.Unit); err != nil {
			return err
		}
		if err := change(ctx, &c); err != nil {
			return err
		}
		if err := l.store.saveCourse(ctx, c); err != nil {
			return err
		}
		return l.audit(ctx, what, c.Unit, "course:"+string(cid), c.Title)
	})
}

// CourseFilter narrows a list of courses.
type CourseFilter struct {
	Text          string
	State         CourseState
	Topic         TopicID
	Offset, Limit int // Limit 0 = 50
}

// Courses lists the courses of the units where the actor may edit courses or read
// records, the newest first, and how many there are.
func (l *Learn) Courses(ctx context.Context, f CourseFilter) ([]Course, int, error) {
	w := access.In(ctx, EditCourse).Narrow(db.NewWhere(), "unit_id")
	return l.store.courses(ctx, w, f)
}

// CoursesOn lists the courses on a topic, or a course and its variants where it
// is named, of the units where the actor may edit courses.
func (l *Learn) CoursesOn(ctx context.Context, topic TopicID, course CourseID) ([]Course, error) {
	w := access.In(ctx, EditCourse).Narrow(db.NewWhere(), "unit_id")
	if course != "" {
		w.And("(id = ? or base_id = ?)", string(course), string(course))
	} else {
		w.And("topic_id = ?", string(topic))
	}
	return db.All[Course](ctx, l.db, `select `+courseCols+` from learn_course where `+w.SQL()+` order by id`, w.Args()...)
}

// Catalogue lists the open courses that are being taught. Open to all: it is the
// public catalogue.
func (l *Learn) Catalogue(ctx context.Context, f CourseFilter) ([]Course, int, error) {
	today := clock.Today(ctx)
	f.State = Published
	w := db.NewWhere().And("open").And("(ends_on is null or ends_on >= ?)", today)
	return l.store.courses(ctx, w, f)
}

// CourseOf returns a course to whoever may edit courses of its unit.
func (l *Learn) CourseOf(ctx context.Context, cid CourseID) (Course, error) {
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return c, err
	}
	if err := access.Check(ctx, EditCourse, c.Unit); err != nil {
		return Course{}, err
	}
	return c, nil
}

// Vary makes a unit's own variant of a course: a draft with copies of its lessons,
// which the unit may then change. Whoever enrols in the course from that unit or
// below learns the variant once it is published.
func (l *Learn) Vary(ctx context.Context, cid CourseID, unit org.UnitID) (CourseID, error) {
	if err := access.Check(ctx, EditCourse, unit); err != nil {
		return "", err
	}
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return "", err
	}
	if c.Base != "" || c.State == Draft {
		return "", errs.New(errs.Conflict, "learn.course.no-variant-of")
	}
	own, err := db.All[CourseID](ctx, l.db, `select id from learn_course where base_id = $1 and unit_id = $2`, cid, unit)
	if err != nil || len(own) > 0 {
		return first(own), err
	}
	v := c
	v.ID, v.Unit, v.Base, v.State, v.Source, v.Edition, v.MadeAt, v.Surveyed = CourseID(id.New(ctx)), unit, cid, Draft, nil, 0, clock.Now(ctx), time.Time{}
	return v.ID, l.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, l.db, "learn_course", v); err != nil {
			return err
		}
		if err := l.store.copyLessons(ctx, cid, v.ID); err != nil {
			return err
		}
		return l.audit(ctx, "learn.course.varied", unit, "course:"+string(v.ID), c.Title)
	})
}
