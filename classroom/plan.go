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

// ProgrammeID names a programme.
type ProgrammeID string

// PlanID names a plan.
type PlanID string

// TopicID names a topic of a plan.
type TopicID string

// Programme is what an authority has decided to train its people in over years.
type Programme struct {
	ID      ProgrammeID `db:"id"`
	Unit    org.UnitID  `db:"unit_id"`
	Name    string      `db:"name"`
	Basis   string      `db:"basis"` // legal basis
	From    clock.Date  `db:"from_on"`
	To      clock.Date  `db:"to_on"` // zero: open
	MadeAt  time.Time   `db:"made_at"`
	Edition int64       `db:"edition"`
}

// PlanState is where a plan stands.
type PlanState string

// The states of a plan.
const (
	PlanDraft  PlanState = "draft"
	PlanIssued PlanState = "issued"
	PlanClosed PlanState = "closed"
)

// Plan carries a programme out in a span of time.
type Plan struct {
	ID        PlanID      `db:"id"`
	Programme ProgrammeID `db:"programme_id"`
	Unit      org.UnitID  `db:"unit_id"`
	Name      string      `db:"name"`
	Folded    string      `db:"folded"`
	Number    string      `db:"number"` // of the decision that issued it
	Signed    clock.Date  `db:"signed_on"`
	Basis     string      `db:"basis"` // legal basis
	From      clock.Date  `db:"from_on"`
	To        clock.Date  `db:"to_on"` // the last day
	State     PlanState   `db:"state"`
	MadeAt    time.Time   `db:"made_at"`
	ChangedAt time.Time   `db:"changed_at"`
	Edition   int64       `db:"edition"`
}

// Topic is a topic (chuyên đề) of a plan.
type Topic struct {
	ID      TopicID    `db:"id"`
	Plan    PlanID     `db:"plan_id"`
	Sort    int64      `db:"sort"`
	Name    string     `db:"name"`
	Learn   string     `db:"learn_topic"`  // topic in the learning room; "" none
	Course  string     `db:"learn_course"` // course in the learning room; "" none
	From    clock.Date `db:"from_on"`      // when it is to be taught; zero: any time of the plan
	To      clock.Date `db:"to_on"`
	Periods int64      `db:"periods"` // tiết
	Edition int64      `db:"edition"`
}

// Key is the name by which figures know the topic: that of the learning room
// where the two are linked, so that classes and courses add up.
func (t Topic) Key() string {
	if t.Learn != "" {
		return t.Learn
	}
	return string(t.ID)
}

func (p *Programme) check() error {
	p.Name, p.Basis = text.Clean(p.Name), text.CleanLines(p.Basis)
	var f errs.Form
	f.Need(p.Name != "", "name", "classroom.need-name")
	f.Need(p.Unit != "", "unit", "classroom.need-unit")
	f.Need(p.From != 0, "from", "classroom.need-from")
	f.Need(p.To == 0 || p.To >= p.From, "to", "classroom.need-span")
	return f.Err()
}

// SaveProgramme enters a programme, or changes the one of p.ID as it was seen.
func (c *Classroom) SaveProgramme(ctx context.Context, p Programme) (ProgrammeID, error) {
	if err := access.Check(ctx, EditPlan, p.Unit); err != nil {
		return "", err
	}
	if err := p.check(); err != nil {
		return "", err
	}
	fresh := p.ID == ""
	if fresh {
		p.ID, p.MadeAt, p.Edition = ProgrammeID(id.New(ctx)), clock.Now(ctx), 1
	}
	return p.ID, c.db.Tx(ctx, func(ctx context.Context) error {
		if !fresh {
			return c.changeProgramme(ctx, p)
		}
		if err := db.Insert(ctx, c.db, "classroom_programme", p); err != nil {
			return err
		}
		return c.audit(ctx, EditPlan, p.Unit, "programme:"+string(p.ID), p)
	})
}

func (c *Classroom) changeProgramme(ctx context.Context, p Programme) error {
	old, err := db.One[Programme](ctx, c.db, `select `+db.Columns[Programme]("")+` from classroom_programme where id = $1`, p.ID)
	if err != nil {
		return err
	}
	if err := access.Check(ctx, EditPlan, old.Unit); err != nil {
		return hide(err)
	}
	n, err := c.db.Exec(ctx, `update classroom_programme set unit_id = $1, name = $2, basis = $3, from_on = $4, to_on = $5,
		edition = edition + 1 where id = $6 and edition = $7`, p.Unit, p.Name, p.Basis, p.From, p.To, p.ID, p.Edition)
	if err == nil && n == 0 {
		err = changed()
	}
	if err != nil {
		return err
	}
	return c.audit(ctx, EditPlan, p.Unit, "programme:"+string(p.ID), p)
}

// Programmes lists the programmes that the actor may see.
func (c *Classroom) Programmes(ctx context.Context) ([]Programme, error) {
	w := db.NewWhere()
	c.narrowNear(ctx, w, ReadPlan, "unit_id", "1 = 1") // access.In
	return db.All[Programme](ctx, c.db, `select `+db.Columns[Programme]("")+` from classroom_programme
		where `+w.SQL()+` order by from_on desc, name, id`, w.Args()...)
}

func (p *Plan) check() error {
	p.Name, p.Number, p.Basis = text.Clean(p.Name), text.Clean(p.Number), text.CleanLines(p.Basis)
	p.Folded = text.Fold(p.Name + " " + p.Number)
	if p.State == "" {
		p.State = PlanDraft
	}
	var f errs.Form
	f.Need(p.Name != "", "name", "classroom.need-name")
	f.Need(p.Unit != "", "unit", "classroom.need-unit")
	f.Need(p.Programme != "", "programme", "classroom.need-programme")
	f.Need(p.From != 0, "from", "classroom.need-from")
	f.Need(p.To != 0, "to", "classroom.need-to")
	f.Need(p.To == 0 || p.To >= p.From, "to", "classroom.need-span")
	f.Need(p.State != PlanIssued || p.Number != "", "number", "classroom.plan.need-number")
	f.Need(p.State == PlanDraft || p.State == PlanIssued || p.State == PlanClosed, "state", "error.invalid")
	return f.Err()
}

// SavePlan enters a plan, or changes the one of p.ID as it was seen. An issued
// plan needs the number of its decision.
func (c *Classroom) SavePlan(ctx context.Context, p Plan) (PlanID, error) {
	if err := access.Check(ctx, EditPlan, p.Unit); err != nil {
		return "", err
	}
	if err := p.check(); err != nil {
		return "", err
	}
	p.ChangedAt = clock.Now(ctx)
	fresh := p.ID == ""
	if fresh {
		p.ID, p.MadeAt, p.Edition = PlanID(id.New(ctx)), p.ChangedAt, 1
	}
	return p.ID, c.db.Tx(ctx, func(ctx context.Context) error {
		if err := c.putPlan(ctx, p, fresh); err != nil {
			return err
		}
		return c.audit(ctx, EditPlan, p.Unit, "plan:"+string(p.ID), p)
	})
}

func (c *Classroom) putPlan(ctx context.Context, p Plan, fresh bool) error {
	if fresh {
		return db.Insert(ctx, c.db, "classroom_plan", p)
	}
	old, err := c.plan(ctx, p.ID)
	if err != nil {
		return err
	}
	if err := access.Check(ctx, EditPlan, old.Unit); err != nil {
		return hide(err)
	}
	n, err := c.db.Exec(ctx, `update classroom_plan set programme_id = $1, unit_id = $2, name = $3, folded = $4, number = $5,
		signed_on = $6, basis = $7, from_on = $8, to_on = $9, state = $10, changed_at = $11, edition = edition + 1
		where id = $12 and edition = $13`, p.Programme, p.Unit, p.Name, p.Folded, p.Number, p.Signed, p.Basis, p.From, p.To,
		p.State, p.ChangedAt, p.ID, p.Edition)
	if err == nil && n == 0 {
		err = changed()
	}
	return err
}

func (c *Classroom) plan(ctx context.Context, p PlanID) (Plan, error) {
	return db.One[Plan](ctx, c.db, `select `+db.Columns[Plan]("")+` from classroom_plan where id = $1`, p)
}

// Plan is a plan that the actor may see: his own unit's, one of a unit below, or
// an issued one of a unit above.
func (c *Classroom) Plan(ctx context.Context, p PlanID) (Plan, error) {
	if !access.SignedIn(ctx) {
		return Plan{}, errs.New(errs.Stranger, "error.sign-in")
	}
	x, err := c.plan(ctx, p)
	if err != nil {
		return x, err
	}
	if access.Allowed(ctx, ReadPlan, x.Unit) || x.State != PlanDraft && c.near(ctx, ReadPlan, x.Unit) {
		return x, nil
	}
	return Plan{}, notFound()
}

// PlanFilter narrows a list of plans.
type PlanFilter struct {
	Programme ProgrammeID
	Text      string
	Open      bool // issued plans alone
}

// Plans lists the plans that the actor may see, the newest first.
func (c *Classroom) Plans(ctx context.Context, f PlanFilter) ([]Plan, error) {
	w := db.NewWhere()
	c.narrowNear(ctx, w, ReadPlan, "unit_id", "state <> 'draft'") // access.In
	w.If(f.Programme != "", "programme_id = ?", f.Programme)
	w.If(f.Text != "", `folded like ? escape '\'`, db.Like(text.Fold(f.Text)))
	w.If(f.Open, "state = 'issued'")
	return db.All[Plan](ctx, c.db, `select `+db.Columns[Plan]("")+` from classroom_plan
		where `+w.SQL()+` order by from_on desc, name, id`, w.Args()...)
}

func (t *Topic) check() error {
	t.Name = text.Clean(t.Name)
	var f errs.Form
	f.Need(t.Name != "", "name", "classroom.need-name")
	f.Need(t.To == 0 || t.From == 0 || t.To >= t.From, "to", "classroom.need-span")
	f.Need(t.Periods >= 0 && t.Periods <= 1000, "periods", "classroom.need-periods")
	return f.Err()
}

// SaveTopic adds a topic to a plan, or changes the one of t.ID as it was seen.
func (c *Classroom) SaveTopic(ctx context.Context, t Topic) (TopicID, error) {
	p, err := c.Plan(ctx, t.Plan)
	if err != nil {
		return "", err
	}
	if err := access.Check(ctx, EditPlan, p.Unit); err != nil {
		return "", err
	}
	if err := t.check(); err != nil {
		return "", err
	}
	fresh := t.ID == ""
	if fresh {
		t.ID, t.Edition = TopicID(id.New(ctx)), 1
	}
	return t.ID, c.db.Tx(ctx, func(ctx context.Context) error {
		if err := c.putTopic(ctx, t, fresh); err != nil {
			return err
		}
		return c.audit(ctx, EditPlan, p.Unit, "topic:"+string(t.ID), t)
	})
}

func (c *Classroom) putTopic(ctx context.Context, t Topic, fresh bool) error {
	if fresh {
		return db.Insert(ctx, c.db, "classroom_topic", t)
	}
	n, err := c.db.Exec(ctx, `update classroom_topic set sort = $1, name = $2, learn_topic = $3, learn_course = $4, from_on = $5,
		to_on = $6, periods = $7, edition = edition + 1 where id = $8 and plan_id = $9 and edition = $10`,
		t.Sort, t.Name, t.Learn, t.Course, t.From, t.To, t.Periods, t.ID, t.Plan, t.Edition)
	if err == nil && n == 0 {
		err = changed()
	}
	return err
}

// Topics lists the topics of a plan. Asks through Plan.
func (c *Classroom) Topics(ctx context.Context, p PlanID) ([]Topic, error) {
	if _, err := c.Plan(ctx, p); err != nil {
		return nil, err
	}
	return c.topics(ctx, p)
}

func (c *Classroom) topics(ctx context.Context, p PlanID) ([]Topic, error) {
	return db.All[Topic](ctx, c.db, `select `+db.Columns[Topic]("")+` from classroom_topic where plan_id = $1 order by sort, id`, p)
}
