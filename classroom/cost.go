package classroom

import (
	"context"
	"time"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// Funding is where the money of a plan comes from (nguồn kinh phí).
type Funding string

// The sources of funding.
const (
	PublicInvestment Funding = "public_investment" // đầu tư công
	Recurrent        Funding = "recurrent"         // chi thường xuyên
	OtherFunding     Funding = "other"             // khác
)

// Fundings lists them.
var Fundings = []Funding{PublicInvestment, Recurrent, OtherFunding}

// Cost is an item of what a plan or a class costs, in đồng, planned and actual
// apart.
type Cost struct {
	ID        string     `db:"id"`
	Plan      PlanID     `db:"plan_id"`
	Class     ClassID    `db:"class_id"` // "" = of the whole plan
	Source    Funding    `db:"source"`
	Item      string     `db:"item"`
	Planned   int64      `db:"planned"`
	Actual    int64      `db:"actual"`
	Paid      clock.Date `db:"paid_on"`
	MadeAt    time.Time  `db:"made_at"`
	ChangedAt time.Time  `db:"changed_at"`
	Edition   int64      `db:"edition"`
}

const costMax = 1_000_000_000_000_000 // đồng: a slip of the finger, not a plan

func (x *Cost) check() error {
	x.Item = text.Clean(x.Item)
	var f errs.Form
	f.Need(x.Item != "", "item", "classroom.cost.need-item")
	f.Need(x.Source == PublicInvestment || x.Source == Recurrent || x.Source == OtherFunding, "source", "classroom.cost.need-source")
	f.Need(x.Planned >= 0 && x.Planned <= costMax, "planned", "classroom.cost.bad")
	f.Need(x.Actual >= 0 && x.Actual <= costMax, "actual", "classroom.cost.bad")
	f.Need(x.Planned > 0 || x.Actual > 0, "planned", "classroom.cost.need-sum")
	return f.Err()
}

// SaveCost enters an item of cost, or changes the one of x.ID as it was seen.
func (c *Classroom) SaveCost(ctx context.Context, x Cost) (string, error) {
	p, err := c.Plan(ctx, x.Plan)
	if err != nil {
		return "", err
	}
	if err := access.Check(ctx, EditPlan, p.Unit); err != nil {
		return "", err
	}
	if err := x.check(); err != nil {
		return "", err
	}
	x.ChangedAt = clock.Now(ctx)
	fresh := x.ID == ""
	if fresh {
		x.ID, x.MadeAt, x.Edition = id.New(ctx), x.ChangedAt, 1
	}
	return x.ID, c.db.Tx(ctx, func(ctx context.Context) error {
		if err := c.putCost(ctx, x, fresh); err != nil {
			return err
		}
		return c.audit(ctx, EditPlan, p.Unit, "cost:"+x.ID, x)
	})
}

func (c *Classroom) putCost(ctx context.Context, x Cost, fresh bool) error {
	if x.Class != "" {
		if k, err := c.class(ctx, x.Class); err != nil || k.Plan != x.Plan {
			return notFound()
		}
	}
	if fresh {
		return db.Insert(ctx, c.db, "classroom_cost", x)
	}
	n, err := c.db.Exec(ctx, `update classroom_cost set class_id = $1, source = $2, item = $3, planned = $4, actual = $5, paid_on = $6,
		changed_at = $7, edition = edition + 1 where id = $8 and plan_id = $9 and edition = $10`, x.Class, x.Source, x.Item,
		x.Planned, x.Actual, x.Paid, x.ChangedAt, x.ID, x.Plan, x.Edition)
	if err == nil && n == 0 {
		err = changed()
	}
	return err
}

// CostSum is planned and actual cost of one source of funding.
type CostSum struct {
	Source  Funding
	Planned int64
	Actual  int64
}

// Costs lists what a plan costs and sums it by source, for who may read plans in
// its unit.
func (c *Classroom) Costs(ctx context.Context, plan PlanID) ([]Cost, []CostSum, error) {
	p, err := c.Plan(ctx, plan)
	if err != nil {
		return nil, nil, err
	}
	if err := access.Check(ctx, ReadPlan, p.Unit); err != nil {
		return nil, nil, hide(err)
	}
	list, err := db.All[Cost](ctx, c.db, `select `+db.Columns[Cost]("")+` from classroom_cost where plan_id = $1 order by made_at, id`, plan)
	return list, costSums(list), err
}

// costSums adds items up by source of funding.
func costSums(list []Cost) []CostSum {
	sums := make([]CostSum, len(Fundings))
	for i, f := range Fundings {
		sums[i].Source = f
		for _, x := range list {
			if x.Source == f {
				sums[i].Planned += x.Planned
				sums[i].Actual += x.Actual
			}
		}
	}
	return sums
}
