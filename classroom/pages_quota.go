package classroom

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

type quotaView struct {
	QuotaSheet
	Topic    TopicID
	Category org.Category
	Topics   []ui.Option
	Typed    map[string]string
	Up       []org.Unit
	EditOwn  bool
	Edit     bool
	Refused  *errs.Error
	Query    string     // words of the names of units shown
	Total    int        // units right below, shown or not
	Set      []quotaSet // what has numbers
}

// quotaSet is a topic and category in which the plan has numbers.
type quotaSet struct {
	Name  string
	Href  string
	Seats int64
	Here  bool
}

const quotaFew = 15 // units; with more, the page offers to look for one

// at is the address of the sheet of another unit in the same line.
func (v quotaView) at(u org.UnitID) string {
	q := url.Values{"unit": {string(u)}, "topic": {string(v.Topic)}, "category": {string(v.Category)}}
	return planPath(v.Plan.ID) + "/quota?" + q.Encode()
}

// seats is what the field of a unit shows.
func (v quotaView) seats(l QuotaLine) string {
	if s, ok := v.Typed["n:"+string(l.Unit.ID)]; ok {
		return s
	}
	return num(l.Seats)
}

func (c *Classroom) showQuota(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l := line{TopicID(q.Get("topic")), org.Category(q.Get("category"))}
	if !q.Has("topic") {
		var err error
		if l, err = c.firstLine(r.Context(), PlanID(r.PathValue("plan"))); err != nil {
			return err
		}
	}
	return c.quotaPage(w, r, http.StatusOK, org.UnitID(q.Get("unit")), l, nil, nil)
}

// firstLine is the line of a plan that has numbers, the topics in their order; all
// together where none has.
func (c *Classroom) firstLine(ctx context.Context, plan PlanID) (line, error) {
	if _, err := c.Plan(ctx, plan); err != nil {
		return line{}, err
	}
	set, err := c.linesSet(ctx, plan)
	if err != nil || len(set) == 0 {
		return line{}, err
	}
	return set[0].line(), nil
}

// linesSet are the lines in which a plan has numbers, each with its largest, which
// is that of the unit on top where it has one: all together first, then the topics
// in their order.
func (c *Classroom) linesSet(ctx context.Context, plan PlanID) ([]Quota, error) {
	return db.All[Quota](ctx, c.db, `select q.plan_id, '' as unit_id, q.topic_id, q.category, max(q.seats) as seats, max(q.changed_at) as changed_at
		from classroom_quota q left join classroom_topic t on t.id = q.topic_id where q.plan_id = $1 and q.seats > 0
		group by q.plan_id, q.topic_id, q.category, t.sort order by coalesce(t.sort, -1), q.topic_id, q.category`, plan)
}

func (c *Classroom) quotaPage(w http.ResponseWriter, r *http.Request, status int, unit org.UnitID, l line, typed map[string]string, e *errs.Error) error {
	ctx, plan := r.Context(), PlanID(r.PathValue("plan"))
	s, err := c.Quotas(ctx, plan, unit, l.topic, l.category)
	if err != nil {
		return err
	}
	v := quotaView{QuotaSheet: s, Topic: l.topic, Category: l.category, Typed: typed, Refused: e}
	t := c.orgs.On(ctx, s.Plan.From)
	for _, id := range t.Ancestors(s.Own.Unit.ID) {
		if u, _ := t.Unit(id); t.Within(id, s.Plan.Unit) {
			v.Up = append([]org.Unit{u}, v.Up...)
		}
	}
	v.Edit = s.Plan.State != PlanClosed && access.Allowed(ctx, EditPlan, s.Own.Unit.ID)
	v.EditOwn = v.Edit && s.Own.Unit.ID == s.Plan.Unit
	topics, err := c.topics(ctx, plan)
	if err != nil {
		return err
	}
	v.Topics = []ui.Option{{Text: i18n.T("classroom.topic.all")}}
	for _, x := range topics {
		v.Topics = append(v.Topics, ui.Option{Value: string(x.ID), Text: ui.Plain(x.Name)})
	}
	if err := c.quotaLines(ctx, &v); err != nil {
		return err
	}
	v.narrow(r.URL.Query().Get("q"))
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("classroom.quota"), Lead: ui.Plain(s.Plan.Name), Wide: true, Body: quotaBody(v),
		Crumbs: []ui.Crumb{crumb("classroom.plans", "/classroom/plans"), plainCrumb(s.Plan.Name, planPath(plan))}})
}

// quotaLines fills in the lines that have numbers, where there are several.
func (c *Classroom) quotaLines(ctx context.Context, v *quotaView) error {
	set, err := c.linesSet(ctx, v.Plan.ID)
	if err != nil || len(set) < 2 {
		return err
	}
	for _, q := range set {
		at := *v
		at.Topic, at.Category = q.Topic, q.Category
		name := i18n.S(ctx, "classroom.topic.all")
		for _, o := range v.Topics {
			if q.Topic != "" && o.Value == string(q.Topic) {
				name = o.Text.In(ctx)
			}
		}
		if q.Category != "" {
			name += ", " + categoryName(ctx, q.Category)
		}
		v.Set = append(v.Set, quotaSet{name, at.at(v.Own.Unit.ID), q.Seats, q.line() == line{v.Topic, v.Category}})
	}
	return nil
}

// narrow keeps the units whose name has the words of query.
func (v *quotaView) narrow(query string) {
	v.Query, v.Total = text.Clean(query), len(v.Lines)
	if folded := text.Fold(v.Query); folded != "" {
		v.Lines = keep(v.Lines, func(l QuotaLine) bool { return strings.Contains(text.Fold(l.Unit.Name), folded) })
	}
}

// fillIn writes one number into the empty fields of a form, for the reader to look
// at before he saves; it says how many it filled.
func fillIn(f formOf, typed map[string]string) (n int) {
	number := f.get("each")
	for _, id := range f.all("at") {
		if field := "n:" + id; id != f.get("unit") && (typed[field] == "" || typed[field] == "0") {
			typed[field] = number
			n++
		}
	}
	return n
}

func (c *Classroom) saveQuota(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx, plan, unit := r.Context(), PlanID(r.PathValue("plan")), org.UnitID(f.get("unit"))
	l := line{TopicID(f.get("topic")), org.Category(f.get("category"))}
	if _, err := c.Plan(ctx, plan); err != nil {
		return err
	}
	typed, list := map[string]string{}, []Quota(nil)
	for _, id := range f.all("at") {
		field := "n:" + id
		typed[field] = f.get(field)
		n := f.number(field)
		if strconv.FormatInt(n, 10) != f.get("was:"+id) {
			list = append(list, Quota{Unit: org.UnitID(id), Topic: l.topic, Category: l.category, Seats: n})
		}
	}
	f.bad.Need(!f.on("fill") || f.number("each") > 0, "each", "classroom.quota.fill.need")
	if f.on("fill") && f.bad.Err() == nil {
		ui.Flash(w, r, ui.Info, i18n.T("classroom.quota.filled", fillIn(f, typed)))
		return c.quotaPage(w, r, http.StatusOK, unit, l, typed, nil)
	}
	err = f.bad.Err()
	if err == nil && len(list) > 0 {
		err = c.SetQuotas(ctx, plan, list)
	}
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("classroom.saved"))
		v := quotaView{QuotaSheet: QuotaSheet{Plan: Plan{ID: plan}}, Topic: l.topic, Category: l.category}
		return web.SeeOther(w, r, v.at(unit))
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return c.quotaPage(w, r, e.Kind.Status(), unit, l, typed, e)
}

type costView struct {
	Plan    Plan
	List    []Cost
	Sums    []CostSum
	Total   CostSum
	Edit    bool
	In      Cost
	Classes []ui.Option
	Names   map[ClassID]string
	Refused *errs.Error
}

func (c *Classroom) showCosts(w http.ResponseWriter, r *http.Request) error {
	return c.costPage(w, r, http.StatusOK, Cost{Source: Recurrent}, nil)
}

func (c *Classroom) costPage(w http.ResponseWriter, r *http.Request, status int, in Cost, e *errs.Error) error {
	ctx := r.Context()
	p, err := c.Plan(ctx, PlanID(r.PathValue("plan")))
	if err != nil {
		return err
	}
	v := costView{Plan: p, Edit: access.Allowed(ctx, EditPlan, p.Unit), In: in, Refused: e}
	if v.List, v.Sums, err = c.Costs(ctx, p.ID); err != nil {
		return err
	}
	for _, s := range v.Sums {
		v.Total.Planned += s.Planned
		v.Total.Actual += s.Actual
	}
	if err := c.costClasses(ctx, &v); err != nil {
		return err
	}
	if id := r.URL.Query().Get("id"); id != "" && e == nil {
		for _, x := range v.List {
			if x.ID == id {
				v.In = x
			}
		}
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("classroom.costs"), Lead: ui.Plain(p.Name), Wide: true, Body: costBody(v),
		Crumbs: []ui.Crumb{crumb("classroom.plans", "/classroom/plans"), plainCrumb(p.Name, planPath(p.ID))}})
}

// costClasses are the classes of the plan, to which an item of cost may belong.
func (c *Classroom) costClasses(ctx context.Context, v *costView) error {
	list, err := db.All[className](ctx, c.db, `select id, name from classroom_class where plan_id = $1 order by from_on, code, id`, v.Plan.ID)
	v.Names, v.Classes = map[ClassID]string{}, []ui.Option{{Text: i18n.T("classroom.cost.whole-plan")}}
	for _, k := range list {
		v.Names[k.ID] = k.Name
		v.Classes = append(v.Classes, ui.Option{Value: string(k.ID), Text: ui.Plain(k.Name)})
	}
	return err
}

func (c *Classroom) saveCost(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	x := Cost{ID: f.get("id"), Plan: PlanID(r.PathValue("plan")), Class: ClassID(f.get("class")), Source: Funding(f.get("source")), Item: f.get("item"), Planned: f.number("planned"),
		Actual: f.number("actual"), Paid: f.date("paid"), Edition: f.number("edition")}
	if err = f.bad.Err(); err == nil {
		_, err = c.SaveCost(r.Context(), x)
	}
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("classroom.saved"))
		return web.SeeOther(w, r, planPath(x.Plan)+"/costs")
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return c.costPage(w, r, e.Kind.Status(), x, e)
}
