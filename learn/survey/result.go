package survey

import (
	"cmp"
	"context"
	"slices"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Dist is how many chose each step of the scale, from 1 to 5.
type Dist [5]int64

// Base is how many answered.
func (d Dist) Base() int64 { return d[0] + d[1] + d[2] + d[3] + d[4] }

// Sum adds the scores up; Sum/Base is the mean.
func (d Dist) Sum() int64 { return d[0] + 2*d[1] + 3*d[2] + 4*d[3] + 5*d[4] }

// Agree is how many chose one of the two upper steps.
func (d Dist) Agree() int64 { return d[3] + d[4] }

// Tally is the answers of a group: a Dist for each item.
type Tally struct {
	N     int64 // answers
	Items []Dist
}

// All is the scores of all items together.
func (t Tally) All() (d Dist) {
	for _, i := range t.Items {
		for n := range d {
			d[n] += i[n]
		}
	}
	return d
}

func (t *Tally) add(scores string) {
	t.N++
	for i := range min(len(scores), len(t.Items)) {
		if n := int(scores[i] - '1'); n >= 0 && n < len(Dist{}) {
			t.Items[i][n]++
		}
	}
}

func (t *Tally) join(o Tally) {
	t.N += o.N
	for i := range t.Items {
		for n := range t.Items[i] {
			t.Items[i][n] += o.Items[i][n]
		}
	}
}

func newTally(items int) Tally { return Tally{Items: make([]Dist, items)} }

// Slice is a group of the answers of a run; Label "" is all that stand in no
// other.
type Slice struct {
	Label string
	Tally
}

// Results is what a run brought.
type Results struct {
	Run     Run
	Form    Form
	Body    Body
	Closed  bool     // until then only the response rate is told
	Shown   bool     // closed, and five answers or more
	Total   Tally    // zero unless Shown
	Slices  []Slice  // nil where there is but one group to tell
	Remarks []string // nil for fewer than five; in no order
}

// ResultsOf is what a run brought, for those who may read in its unit.
func (s *Surveys) ResultsOf(ctx context.Context, run RunID) (Results, error) {
	r, err := s.Run(ctx, run)
	if err != nil {
		return Results{}, err
	}
	return s.results(ctx, r)
}

func (s *Surveys) results(ctx context.Context, r Run) (out Results, err error) {
	out = Results{Run: r, Closed: r.ClosedOn(clock.Today(ctx))}
	if out.Form, out.Body, err = s.form(ctx, r.Form); err != nil || !out.Closed {
		return out, err
	}
	answers, err := db.All[answer](ctx, s.db, `select `+db.Columns[answer]("")+` from learn_survey_reply where run_id = $1 order by id`, r.ID)
	if err != nil || len(answers) < Least {
		return out, err
	}
	out.Shown, out.Total = true, newTally(len(out.Body.Items))
	for _, a := range answers {
		out.Total.add(a.Scores)
	}
	out.Slices = sliced(answers, len(out.Body.Items))
	remarks, err := db.All[string](ctx, s.db, `select body from learn_survey_remark where run_id = $1 order by id`, r.ID)
	if len(remarks) >= Least {
		out.Remarks = remarks
	}
	return out, err
}

// sliced is the groups of answers that may be told, the largest first.
func sliced(answers []answer, items int) (list []Slice) {
	count := map[string]int64{}
	for _, a := range answers {
		count[a.Slice]++
	}
	told := reveal(count)
	if len(told) < 2 {
		return nil
	}
	by := map[string]*Slice{}
	for l := range told {
		by[l] = &Slice{l, newTally(items)}
	}
	for _, a := range answers {
		g, ok := by[a.Slice]
		if !ok {
			g = by[""]
		}
		g.add(a.Scores)
	}
	for _, g := range by {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b Slice) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Label, b.Label)) })
	return list
}

// Line is a run in the results of a programme.
type Line struct {
	Run Run
	Tally
}

// ObjectResults is what the closed runs of one version of a questionnaire brought
// in a programme.
type ObjectResults struct {
	Form     Form
	Body     Body
	Lines    []Line // runs with five answers or more, in the order they closed
	Pooled   Tally  // smaller runs, put together by fives
	Pool     int    // how many they are
	Left     int    // runs that are too small even so, and not in Total
	Total    Tally
	Invited  int64 // in the runs of Total
	Answered int64
}

// ProgrammeResults lays the runs of a programme side by side, object by object.
// Runs in units where the actor may not read are left out.
func (s *Surveys) ProgrammeResults(ctx context.Context, programme string) (list []ObjectResults, err error) {
	if !access.Anywhere(ctx, Read) {
		return nil, access.Check(ctx, Read, "")
	}
	// All runs take part in making batches, so that these are the same for every
	// reader; what one may not read is left out afterwards.
	runs, err := db.All[Run](ctx, s.db, `select `+db.Columns[Run]("")+` from learn_survey_run
		where programme_id = $1 and closes_on < $2 order by closes_on, id`, programme, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	may := map[RunID]bool{}
	seen, _, err := s.Runs(ctx, Filter{Programme: programme, State: "closed", Limit: 1 << 20})
	if err != nil {
		return nil, err
	}
	if len(seen) == 0 {
		return nil, errs.New(errs.NotFound, "error.not-found")
	}
	for _, r := range seen {
		may[r.ID] = true
	}
	var forms []string
	by := map[string][]Run{}
	for _, r := range runs {
		if by[r.Form] == nil {
			forms = append(forms, r.Form)
		}
		by[r.Form] = append(by[r.Form], r)
	}
	for _, f := range forms {
		o, err := s.objectResults(ctx, f, by[f], may)
		if err != nil {
			return nil, err
		}
		if len(o.Lines)+o.Pool+o.Left > 0 {
			list = append(list, o)
		}
	}
	slices.SortStableFunc(list, func(a, b ObjectResults) int {
		return cmp.Or(slices.Index(Objects, a.Form.Object)-slices.Index(Objects, b.Form.Object), cmp.Compare(b.Form.Version, a.Form.Version))
	})
	return list, nil
}

func (s *Surveys) objectResults(ctx context.Context, form string, runs []Run, may map[RunID]bool) (o ObjectResults, err error) {
	if o.Form, o.Body, err = s.form(ctx, form); err != nil {
		return o, err
	}
	tallies, err := s.tallies(ctx, form, len(o.Body.Items))
	if err != nil {
		return o, err
	}
	o.Pooled, o.Total = newTally(len(o.Body.Items)), newTally(len(o.Body.Items))
	take := func(r Run) {
		o.Total.join(tallies[r.ID])
		o.Invited += r.Invited
		o.Answered += r.Answered
	}
	sizes := make([]int64, len(runs))
	for i, r := range runs {
		if _, ok := tallies[r.ID]; !ok {
			tallies[r.ID] = newTally(len(o.Body.Items))
		}
		if sizes[i] = tallies[r.ID].N; sizes[i] >= Least && may[r.ID] {
			o.Lines = append(o.Lines, Line{r, tallies[r.ID]})
			take(r)
		}
	}
	full, left := batches(sizes)
	for _, batch := range full {
		if slices.ContainsFunc(batch, func(i int) bool { return !may[runs[i].ID] }) {
			left = append(left, batch...)
			continue
		}
		for _, i := range batch {
			o.Pooled.join(tallies[runs[i].ID])
			take(runs[i])
		}
		o.Pool += len(batch)
	}
	for _, i := range left {
		if may[runs[i].ID] {
			o.Left++
		}
	}
	return o, nil
}

// tallies adds up the answers of all runs of a version.
func (s *Surveys) tallies(ctx context.Context, form string, items int) (map[RunID]Tally, error) {
	out := map[RunID]Tally{}
	err := db.Each(ctx, s.db, `select a.id, a.run_id, a.slice, a.scores from learn_survey_reply a join learn_survey_run r on r.id = a.run_id where r.form_id = $1`,
		[]any{form}, func(a answer) error {
			t, ok := out[a.Run]
			if !ok {
				t = newTally(items)
			}
			t.add(a.Scores)
			out[a.Run] = t
			return nil
		})
	return out, err
}
