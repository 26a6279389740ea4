package org

import (
	"context"
	"slices"
	"strings"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// AskNew is the answer that a row is about somebody new.
const AskNew = "new"

// RollAsk is a row without a number, of a name and a birth date that people in the
// records have: whoever sent the roll says whom it is about.
type RollAsk struct {
	Row    int
	Name   string
	Birth  clock.Date
	Unit   UnitID     // that the row names
	Who    []PersonID // one of them, or somebody new
	Answer string     // a PersonID of Who, AskNew, or "" not said yet
}

func (it *rollItem) ask() RollAsk {
	return RollAsk{Row: it.num, Name: it.who.Name, Birth: it.who.Birth, Unit: it.unit, Who: it.asks}
}

// told is whom of some people a row is about, where the sender said so (nil: somebody
// new); they are kept as a question all the same, so that he can say otherwise.
func (p *rollPlan) told(it *rollItem, some []*entered) (e *entered, told bool) {
	for _, x := range some {
		it.asks = append(it.asks, x.Person.ID)
	}
	answer, ok := p.opt.Same[it.num]
	if !ok || answer == "" {
		return nil, ok
	}
	for _, x := range some {
		if x.Person.ID == answer {
			return x, true
		}
	}
	return nil, false // he is there no more: asked again
}

// rollAskRow is a RollAsk as the database keeps it.
type rollAskRow struct {
	Roll   string     `db:"roll_id"`
	Row    int        `db:"row_no"`
	Name   string     `db:"name"`
	Birth  clock.Date `db:"birth_on"`
	Unit   UnitID     `db:"unit_id"`
	People string     `db:"people"`
	Answer string     `db:"answer"`
}

func (r rollAskRow) ask() RollAsk {
	a := RollAsk{r.Row, r.Name, r.Birth, r.Unit, nil, r.Answer}
	for _, id := range strings.Fields(r.People) {
		a.Who = append(a.Who, PersonID(id))
	}
	return a
}

func (o *Org) asksOf(ctx context.Context, roll string) ([]rollAskRow, error) {
	return db.All[rollAskRow](ctx, o.db, `select `+db.Columns[rollAskRow]("")+` from org_roll_ask where roll_id = $1 order by row_no`, roll)
}

// optionsOf is how a run is read, with what its sender answered.
func (o *Org) optionsOf(ctx context.Context, r Run) (RollOptions, error) {
	opt := r.options()
	rows, err := o.asksOf(ctx, r.ID)
	for _, a := range rows {
		if a.Answer == "" {
			continue
		}
		if opt.Same == nil {
			opt.Same = map[int]PersonID{}
		}
		opt.Same[a.Row] = PersonID(strings.TrimPrefix(a.Answer, AskNew))
	}
	return opt, err
}

// saveAsks writes the questions of a run anew; answers that still fit stay.
func (o *Org) saveAsks(ctx context.Context, roll string, asks []RollAsk) error {
	old, err := o.asksOf(ctx, roll)
	if err != nil {
		return err
	}
	answers := map[int]string{}
	for _, a := range old {
		answers[a.Row] = a.Answer
	}
	if _, err := o.db.Exec(ctx, `delete from org_roll_ask where roll_id = $1`, roll); err != nil {
		return err
	}
	rows := make([]rollAskRow, len(asks))
	for i, a := range asks {
		ids := make([]string, len(a.Who))
		for j, id := range a.Who {
			ids[j] = string(id)
		}
		answer := answers[a.Row]
		if answer != AskNew && !slices.Contains(ids, answer) {
			answer = ""
		}
		rows[i] = rollAskRow{roll, a.Row, a.Name, a.Birth, a.Unit, strings.Join(ids, " "), answer}
	}
	return db.Insert(ctx, o.db, "org_roll_ask", rows...)
}

// RollAsks lists the rows of a run of which nobody knew whom they are about. Asks
// through run.
func (o *Org) RollAsks(ctx context.Context, id string) ([]RollAsk, error) {
	if _, err := o.run(ctx, id); err != nil {
		return nil, err
	}
	rows, err := o.asksOf(ctx, id)
	asks := make([]RollAsk, len(rows))
	for i, r := range rows {
		asks[i] = r.ask()
	}
	return asks, err
}

// AnswerRoll says by row whom the rows of a run are about, as RollAsk.Answer has it,
// and has the roll read anew. Asks through run.
func (o *Org) AnswerRoll(ctx context.Context, id string, answers map[int]string) error {
	asks, err := o.RollAsks(ctx, id)
	if err != nil {
		return err
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		for _, a := range asks {
			answer, ok := answers[a.Row]
			if !ok || answer == a.Answer {
				continue
			}
			if answer != "" && answer != AskNew && !slices.Contains(a.Who, PersonID(answer)) {
				return errs.New(errs.Invalid, "org.roll.bad-answer", a.Row)
			}
			if _, err := o.db.Exec(ctx, `update org_roll_ask set answer = $1 where roll_id = $2 and row_no = $3`, answer, id, a.Row); err != nil {
				return err
			}
		}
		return o.ReadAgain(ctx, id)
	})
}
