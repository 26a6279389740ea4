package classroom

import (
	"context"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// ClassID names a class.
type ClassID string

// ClassState is where a class stands.
type ClassState string

// The states of a class. Units nominate while it is open.
const (
	ClassDraft     ClassState = "draft"
	ClassOpen      ClassState = "open"
	ClassClosed    ClassState = "closed"
	ClassCancelled ClassState = "cancelled"
)

// UsualSize is how many people a class is planned for where nobody says another
// number («khoảng 40 học viên»).
const UsualSize = 40

// Class is a group of people who learn together (lớp).
type Class struct {
	ID         ClassID      `db:"id"`
	Plan       PlanID       `db:"plan_id"`
	Topic      TopicID      `db:"topic_id"` // "" = all topics of the plan
	Unit       org.UnitID   `db:"unit_id"`  // that organises it
	Code       string       `db:"code"`
	Name       string       `db:"name"`
	Folded     string       `db:"folded"`
	Decision   string       `db:"decision"` // number of the decision to open it
	Decided    clock.Date   `db:"decided_on"`
	From       clock.Date   `db:"from_on"`
	To         clock.Date   `db:"to_on"` // the last day
	Planned    int64        `db:"planned"`
	Capacity   int64        `db:"capacity"`
	NominateBy clock.Date   `db:"nominate_by"` // the last day
	Manager    org.PersonID `db:"manager_id"`
	Rule       Rule         `db:"rule"`
	State      ClassState   `db:"state"`
	SeatsN     int64        `db:"seats_n"`
	MadeAt     time.Time    `db:"made_at"`
	ChangedAt  time.Time    `db:"changed_at"`
	Edition    int64        `db:"edition"`
}

// Begun says whether the first day of an open class has come.
func (k Class) Begun(today clock.Date) bool { return k.State == ClassOpen && today >= k.From }

// Nominating says whether units may still nominate.
func (k Class) Nominating(today clock.Date) bool {
	return k.State == ClassOpen && today <= k.NominateBy
}

func (k *Class) check() error {
	k.Name, k.Code, k.Decision = text.Clean(k.Name), text.Clean(k.Code), text.Clean(k.Decision)
	k.Folded = text.Fold(k.Code + " " + k.Name)
	k.Rule.clean()
	if k.State == "" {
		k.State = ClassDraft
	}
	if k.Capacity == 0 {
		k.Capacity = k.Planned
	}
	var f errs.Form
	f.Need(k.Name != "", "name", "classroom.need-name")
	f.Need(k.Unit != "", "unit", "classroom.need-unit")
	f.Need(k.From != 0, "from", "classroom.need-from")
	f.Need(k.To != 0, "to", "classroom.need-to")
	f.Need(k.To == 0 || k.To >= k.From, "to", "classroom.need-span")
	f.Need(k.Planned > 0 && k.Planned <= 10_000, "planned", "classroom.class.need-planned")
	f.Need(k.Capacity > 0 && k.Capacity <= 10_000, "capacity", "classroom.class.need-capacity")
	f.Need(k.NominateBy != 0, "nominate_by", "classroom.class.need-deadline")
	f.Need(k.NominateBy <= k.To, "nominate_by", "classroom.class.late-deadline", k.To.Viet())
	f.Need(k.State != ClassOpen || k.Decision != "", "decision", "classroom.class.need-decision")
	return f.Err()
}

// SaveClass enters a class, or changes the one of k.ID as it was seen. Opening it
// needs the number of the decision. Where the capacity grows, those who wait move
// up and are told.
func (c *Classroom) SaveClass(ctx context.Context, k Class) (ClassID, error) {
	if err := access.Check(ctx, EditClass, k.Unit); err != nil {
		return "", err
	}
	if err := k.check(); err != nil {
		return "", err
	}
	k.ChangedAt = clock.Now(ctx)
	fresh := k.ID == ""
	if fresh {
		k.ID, k.MadeAt, k.Edition, k.SeatsN = ClassID(id.New(ctx)), k.ChangedAt, 1, 0
	}
	return k.ID, c.db.Tx(ctx, func(ctx context.Context) error {
		p, err := c.Plan(ctx, k.Plan)
		if err != nil {
			return err
		}
		if err := c.inPlan(ctx, k, p); err != nil {
			return err
		}
		if err := c.putClass(ctx, k, fresh); err != nil {
			return err
		}
		return c.audit(ctx, EditClass, k.Unit, "class:"+string(k.ID), k)
	})
}

// inPlan wants the class to lie in the time of its plan and to have its topic.
func (c *Classroom) inPlan(ctx context.Context, k Class, p Plan) error {
	topics, err := c.topics(ctx, p.ID)
	if err != nil {
		return err
	}
	known := k.Topic == ""
	for _, t := range topics {
		known = known || t.ID == k.Topic
	}
	var f errs.Form
	f.Need(known, "topic", "classroom.class.need-topic")
	f.Need(k.From >= p.From && k.To <= p.To, "from", "classroom.class.outside", p.From.Viet(), p.To.Viet())
	return f.Err()
}

func (c *Classroom) putClass(ctx context.Context, k Class, fresh bool) error {
	if fresh {
		return db.Insert(ctx, c.db, "classroom_class", k)
	}
	old, err := c.class(ctx, k.ID)
	if err != nil {
		return err
	}
	if err := access.Check(ctx, EditClass, old.Unit); err != nil {
		return hide(err)
	}
	n, err := c.db.Exec(ctx, `update classroom_class set topic_id = $1, unit_id = $2, code = $3, name = $4, folded = $5,
		decision = $6, decided_on = $7, from_on = $8, to_on = $9, planned = $10, capacity = $11, nominate_by = $12,
		manager_id = $13, rule = $14, state = $15, seats_n = seats_n + 1, changed_at = $16, edition = edition + 1
		where id = $17 and edition = $18`, k.Topic, k.Unit, k.Code, k.Name, k.Folded, k.Decision, k.Decided, k.From, k.To,
		k.Planned, k.Capacity, k.NominateBy, k.Manager, k.Rule, k.State, k.ChangedAt, k.ID, k.Edition)
	if err == nil && n == 0 {
		err = changed()
	}
	if err != nil || k.State != ClassOpen {
		return err
	}
	return c.promote(ctx, k)
}

func (c *Classroom) class(ctx context.Context, k ClassID) (Class, error) {
	return db.One[Class](ctx, c.db, `select `+db.Columns[Class]("")+` from classroom_class where id = $1`, k)
}

// SetClassState closes, cancels or re-opens a class, as it was seen.
func (c *Classroom) SetClassState(ctx context.Context, id ClassID, s ClassState, edition int64) error {
	k, err := c.class(ctx, id)
	if err != nil {
		return err
	}
	if err := access.Check(ctx, EditClass, k.Unit); err != nil {
		return hide(err)
	}
	k.State, k.Edition = s, edition
	_, err = c.SaveClass(ctx, k)
	return err
}

// Class is a class that the actor may see: one of a unit of his, an open one that
// his units may nominate for, or one in which he manages, teaches or learns.
func (c *Classroom) Class(ctx context.Context, id ClassID) (Class, error) {
	if !access.SignedIn(ctx) {
		return Class{}, errs.New(errs.Stranger, "error.sign-in")
	}
	k, err := c.class(ctx, id)
	if err != nil {
		return k, err
	}
	if access.Allowed(ctx, ReadClass, k.Unit) || c.mayNominate(ctx, k) {
		return k, nil
	}
	mine, err := c.takesPart(ctx, k)
	if err == nil && !mine {
		err = notFound()
	}
	return k, err
}

// mayNominate says whether the actor may nominate people of some unit for k.
func (c *Classroom) mayNominate(ctx context.Context, k Class) bool {
	if k.State == ClassDraft || !c.near(ctx, Nominate, k.Unit) {
		return false
	}
	s := access.In(ctx, Nominate)
	if s.All() {
		return true
	}
	for _, top := range s.Tops() {
		if k.Rule.concerns(top, c.orgs.Covers) {
			return true
		}
	}
	return false
}

// takesPart says whether the actor manages the class, teaches in it or is on its
// roster.
func (c *Classroom) takesPart(ctx context.Context, k Class) (bool, error) {
	p := me(ctx)
	if p == "" {
		return false, nil
	}
	if p == k.Manager {
		return true, nil
	}
	n, err := db.One[int](ctx, c.db, `select (select count(*) from classroom_seat where class_id = $1 and person_id = $2)
		+ (select count(*) from classroom_lecturer l join classroom_session s on s.id = l.session_id
			where s.class_id = $1 and l.person_id = $2)`, k.ID, p)
	return n > 0, err
}

// mayRun returns nil when the actor manages the class or may run classes of its
// unit.
func (c *Classroom) mayRun(ctx context.Context, k Class) error {
	if k.Manager != "" && access.CheckSelf(ctx, k.Manager) == nil {
		return nil
	}
	return hide(access.Check(ctx, RunClass, k.Unit))
}

// MayRun says whether the actor may run a class: sessions, roster, roll calls.
// Asks through mayRun, which asks access.
func (c *Classroom) MayRun(ctx context.Context, k Class) bool { return c.mayRun(ctx, k) == nil }

// ClassFilter narrows a list of classes.
type ClassFilter struct {
	Plan   PlanID
	Text   string
	State  ClassState
	Unit   org.UnitID // organised in this unit or below
	Limit  int        // 50 when zero
	Offset int
}

// ClassLine is a class in a list, with how full it is.
type ClassLine struct {
	Class
	Registered int64 `db:"registered"`
	Waiting    int64 `db:"waiting"`
}

const classLine = `(select count(*) from classroom_seat s where s.class_id = k.id and s.state = 'registered') as registered,
	(select count(*) from classroom_seat s where s.class_id = k.id and s.state = 'waiting') as waiting`

// Classes lists the classes that the actor may see, those that begin last first,
// and how many there are.
func (c *Classroom) Classes(ctx context.Context, f ClassFilter) ([]ClassLine, int, error) {
	w := db.NewWhere()
	c.narrowNear(ctx, w, ReadClass, "k.unit_id", "k.state <> 'draft'") // access.In
	w.If(f.Plan != "", "k.plan_id = ?", f.Plan)
	w.If(f.State != "", "k.state = ?", f.State)
	w.If(f.Text != "", `k.folded like ? escape '\'`, db.Like(text.Fold(f.Text)))
	if f.Unit != "" {
		under(w, "k.unit_id", f.Unit)
	}
	n, err := db.One[int](ctx, c.db, `select count(*) from classroom_class k where `+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	limit := f.Limit
	if limit == 0 {
		limit = 50
	}
	list, err := db.All[ClassLine](ctx, c.db, `select `+db.Columns[Class]("k")+`, `+classLine+` from classroom_class k
		where `+w.SQL()+` order by k.from_on desc, k.code, k.id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
	return list, n, err
}
