package learn

import (
	"context"
	"slices"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// EnrolmentID names an enrolment.
type EnrolmentID string

// EnrolmentState says how an enrolment stands.
type EnrolmentState string

// The states of an enrolment.
const (
	Active    EnrolmentState = "active"
	Completed EnrolmentState = "completed"
	Withdrawn EnrolmentState = "withdrawn"
)

// Enrolment is one person's learning of one course. Unit and Category are those
// of the person on the day he enrolled, and stay when he moves.
type Enrolment struct {
	ID          EnrolmentID    `db:"id"`
	Course      CourseID       `db:"course_id"`
	Person      org.PersonID   `db:"person_id"`
	Unit        org.UnitID     `db:"unit_id"`
	Category    org.Category   `db:"category"`
	Means       string         `db:"means"` // self, unit, class, import
	State       EnrolmentState `db:"state"`
	EnrolledAt  time.Time      `db:"enrolled_at"`
	Due         clock.Date     `db:"due_on"`
	Marks       string         `db:"marks"`
	Done        int            `db:"done"`
	Score       int            `db:"score"` // hundredths of a percent; -1 none
	Passed      bool           `db:"passed"`
	CompletedOn clock.Date     `db:"completed_on"`
	SeenAt      time.Time      `db:"seen_at"`
	ChangedAt   time.Time      `db:"changed_at"`
	Edition     int            `db:"edition"`
}

// Enrol enters people into a course, on behalf of their units: the actor needs
// the right for the unit of each of them. Who is in the course already stays as he
// is. It returns how many were entered.
func (l *Learn) Enrol(ctx context.Context, cid CourseID, people []org.PersonID) (int, error) {
	return l.EnrolMany(ctx, cid, people, "unit") // asks access.Check
}

// EnrolMany is Enrol with the means by which people came: "unit", "class" or
// "import". The units and categories of all are read at once.
func (l *Learn) EnrolMany(ctx context.Context, cid CourseID, people []org.PersonID, means string) (int, error) {
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return 0, err
	}
	if c.State != Published {
		return 0, errs.New(errs.Conflict, "learn.course.not-published")
	}
	slices.Sort(people)
	people = slices.Compact(people)
	posts, err := l.orgs.PostsOn(ctx, people, clock.Today(ctx))
	if err != nil {
		return 0, err
	}
	if err := mayEnrol(ctx, people, posts); err != nil {
		return 0, err
	}
	if err := l.checkNeeds(ctx, c, people); err != nil {
		return 0, err
	}
	variants, err := l.store.variants(ctx, cid)
	if err != nil {
		return 0, err
	}
	tree := l.orgs.Now(ctx)
	rows := make([]Enrolment, len(people))
	for i, p := range people {
		rows[i] = newEnrolment(ctx, variantFor(tree, c, variants, posts[p].Unit), posts[p], p, means)
	}
	return l.addEnrolments(ctx, c, rows)
}

// mayEnrol asks for the right in the unit of each person, once for each unit.
func mayEnrol(ctx context.Context, people []org.PersonID, posts map[org.PersonID]org.Post) error {
	asked := map[org.UnitID]bool{}
	if len(people) == 0 {
		return access.Check(ctx, Enrol, "")
	}
	for _, p := range people {
		post, ok := posts[p]
		if !ok {
			return errs.New(errs.Invalid, "learn.enrol.no-post")
		}
		if asked[post.Unit] {
			continue
		}
		if err := access.Check(ctx, Enrol, post.Unit); err != nil {
			return err
		}
		asked[post.Unit] = true
	}
	return nil
}

func newEnrolment(ctx context.Context, c Course, post org.Post, p org.PersonID, means string) Enrolment {
	now := clock.Now(ctx)
	e := Enrolment{ID: EnrolmentID(id.New(ctx)), Course: c.ID, Person: p, Unit: post.Unit, Category: post.Category, Means: means,
		State: Active, EnrolledAt: now, Due: c.Ends, Score: -1, ChangedAt: now}
	if c.Days > 0 {
		e.Due = clock.DateOf(now) + clock.Date(c.Days)
	}
	return e
}

// variantFor is the variant of a course that people of a unit learn: that of the
// nearest unit above them, else the course itself.
func variantFor(tree *org.Tree, c Course, variants []Course, unit org.UnitID) Course {
	if len(variants) == 0 {
		return c
	}
	of := func(u org.UnitID) (Course, bool) {
		i := slices.IndexFunc(variants, func(v Course) bool { return v.Unit == u })
		if i < 0 {
			return c, false
		}
		return variants[i], true
	}
	if v, ok := of(unit); ok {
		return v
	}
	for _, up := range tree.Ancestors(unit) {
		if v, ok := of(up); ok {
			return v
		}
	}
	return c
}

func (l *Learn) addEnrolments(ctx context.Context, c Course, rows []Enrolment) (n int, err error) {
	err = l.db.Tx(ctx, func(ctx context.Context) error {
		if rows, err = l.store.strangersTo(ctx, c.ID, rows); err != nil {
			return err
		}
		if n = len(rows); n == 0 {
			return nil
		}
		if err := db.InsertOr(ctx, l.db, "learn_enrolment", "on conflict (course_id, person_id) do nothing", rows...); err != nil {
			return err
		}
		if err := l.bus.Publish(ctx, enrolled(c, rows)); err != nil {
			return err
		}
		if len(rows) == 1 {
			return l.auditPerson(ctx, Enrol, rows[0].Unit, rows[0].Person, "course:"+string(c.ID), nil)
		}
		return l.audit(ctx, string(Enrol), c.Unit, "course:"+string(c.ID), map[string]int{"people": n})
	})
	return n, err
}

// SignUp enters the actor into an open course. Doing so twice is the same as once.
func (l *Learn) SignUp(ctx context.Context, cid CourseID) error {
	who, ok := access.Who(ctx)
	if !ok || who.Person == "" {
		return access.CheckSelf(ctx, "")
	}
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return err
	}
	today := clock.Today(ctx)
	if c.State != Published || !c.Open || c.Ends != 0 && c.Ends < today {
		return errs.New(errs.Conflict, "learn.signup.closed")
	}
	people := []org.PersonID{who.Person}
	if err := l.checkOwnNeeds(ctx, c, who.Person); err != nil {
		return err
	}
	posts, err := l.orgs.PostsOn(ctx, people, today)
	if err != nil {
		return err
	}
	post, ok := posts[who.Person]
	if !ok {
		post = org.Post{Unit: c.Unit, Category: org.Citizen}
	}
	variants, err := l.store.variants(ctx, cid)
	if err != nil {
		return err
	}
	c = variantFor(l.orgs.Now(ctx), c, variants, post.Unit)
	_, err = l.addEnrolments(ctx, c, []Enrolment{newEnrolment(ctx, c, post, who.Person, "self")})
	return err
}

// Withdraw takes a person out of a course; what he did is kept, and enrolling him
// again goes on from there.
func (l *Learn) Withdraw(ctx context.Context, eid EnrolmentID) error {
	return l.changeEnrolment(ctx, eid, Withdrawn)
}

// Reinstate takes a withdrawn person back into a course.
func (l *Learn) Reinstate(ctx context.Context, eid EnrolmentID) error {
	return l.changeEnrolment(ctx, eid, Active)
}

func (l *Learn) changeEnrolment(ctx context.Context, eid EnrolmentID, to EnrolmentState) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		e, err := l.store.enrolment(ctx, eid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, Enrol, e.Unit); err != nil {
			return err
		}
		if e.State == Completed {
			return errs.New(errs.Conflict, "learn.enrol.completed")
		}
		e.State = to
		if err := l.store.saveEnrolment(ctx, e); err != nil {
			return err
		}
		return l.auditPerson(ctx, Enrol, e.Unit, e.Person, "enrolment:"+string(eid), map[string]any{"state": to})
	})
}
