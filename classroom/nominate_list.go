package classroom

import (
	"context"
	"slices"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
	"lotrinh/platform/text"
)

// ListFault says what is wrong with a row of an uploaded list, and what to do.
type ListFault struct {
	Row  int // as the spreadsheet program counts
	Name string
	Why  []i18n.Text
}

// ListAnswer is what became of an uploaded list. With faults nothing was done.
type ListAnswer struct {
	Answer
	Rows    int
	Already int // of them were on the roster before
	Faults  []ListFault
}

const listMax = 2000 // rows

var listColumns = []sheet.Column{
	{Key: "name", Aliases: []string{"Họ và tên", "Họ tên", "Họ, tên", "Name"}},
	{Key: "birth", Aliases: []string{"Ngày sinh", "Ngày, tháng, năm sinh", "Ngày tháng năm sinh", "Date of birth"}},
	{Key: "number", Aliases: []string{"Số định danh cá nhân", "Số CCCD", "CCCD", "Số căn cước", "Số căn cước công dân", "Số định danh", "Personal number"}},
	{Key: "unit", Aliases: []string{"Đơn vị", "Đơn vị công tác", "Cơ quan, đơn vị", "Cơ quan", "Unit"}},
}

// listRow is one row as read.
type listRow struct {
	at     int
	name   string
	birth  clock.Date
	number string // cleaned; "" none
	unit   string
	why    []i18n.Text
	person org.PersonID
}

// NominateList is Nominate for the people of an uploaded list. Each row names a
// person of the unit by his personal number, or by name, date of birth and unit.
// All rows must be found and allowed; else nothing is done and every row that
// cannot be taken is told with its remedy. Who is on the roster already stays, so
// that a corrected list can be sent whole.
func (c *Classroom) NominateList(ctx context.Context, n Nomination, t *sheet.Table) (ListAnswer, error) {
	if err := access.Check(ctx, Nominate, n.Unit); err != nil {
		return ListAnswer{}, err
	}
	rows, err := readList(t)
	if err != nil {
		return ListAnswer{}, err
	}
	if err := c.matchList(ctx, n.Unit, rows); err != nil {
		return ListAnswer{}, err
	}
	a := ListAnswer{Rows: len(rows)}
	if err := c.judgeList(ctx, n, rows, &a); err != nil {
		return a, err
	}
	for _, r := range rows {
		if len(r.why) > 0 {
			a.Faults = append(a.Faults, ListFault{r.at, r.name, r.why})
			continue
		}
		if r.person != "" {
			n.People = append(n.People, r.person)
		}
	}
	if len(a.Faults) > 0 || len(n.People) == 0 {
		return a, nil
	}
	a.Answer, err = c.Nominate(ctx, n)
	return a, err
}

func readList(t *sheet.Table) (rows []*listRow, err error) {
	head, err := t.Header(listColumns...)
	if err != nil {
		return nil, err
	}
	if !head.Has("name") && !head.Has("number") {
		return nil, errs.New(errs.Invalid, "error.invalid").Field("file", "classroom.list.no-columns")
	}
	for row, err := range t.Rows() {
		if err != nil {
			return nil, err
		}
		r := &listRow{at: row.Number, name: text.Clean(row.Text("name")), birth: row.Date("birth"), unit: text.Clean(row.Text("unit"))}
		number, ok := org.CleanNumber(row.Text("number"))
		if r.number = number; !ok {
			r.why = append(r.why, i18n.T("classroom.list.bad-number", number))
		}
		for _, e := range row.Errors() {
			r.why = append(r.why, e.Text())
		}
		if r.name == "" && r.number == "" {
			r.why = append(r.why, i18n.T("classroom.list.nobody"))
		}
		if rows = append(rows, r); len(rows) > listMax {
			return nil, errs.New(errs.Invalid, "error.invalid").Field("file", "classroom.list.too-long", listMax)
		}
	}
	if len(rows) == 0 {
		return nil, errs.New(errs.Invalid, "error.invalid").Field("file", "classroom.list.empty")
	}
	return rows, nil
}

// listed is a person whom a row may mean.
type listed struct {
	found
	Folded string `db:"folded"`
	Hash   string `db:"number_hash"`
}

const listedAtOnce = 300

// listedBy finds the people at work in a unit, as far as the actor may read them,
// by a column and its values.
func (c *Classroom) listedBy(ctx context.Context, unit org.UnitID, column string, values []string) (map[string][]listed, error) {
	slices.Sort(values)
	values = slices.Compact(values)
	all := map[string][]listed{}
	for len(values) > 0 {
		n := min(listedAtOnce, len(values))
		w := db.NewWhere(clock.Today(ctx))
		access.In(ctx, org.PersonRead).Narrow(w, "o.unit_id")
		under(w, "o.unit_id", unit)
		rows, err := db.All[listed](ctx, c.db, `select p.id, p.name, p.birth_on, o.unit_id, p.folded, coalesce(p.number_hash, '') as number_hash from org_person p
			join org_post o on o.person_id = p.id and o.main and o.from_on <= $1 and (o.to_on is null or o.to_on > $1)
			where `+db.In(w, column, values[:n]).SQL()+` order by p.id`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			key := p.Folded
			if column == "p.number_hash" {
				key = p.Hash
			}
			all[key] = append(all[key], p)
		}
		values = values[n:]
	}
	return all, nil
}

// matchList finds the person of each row.
func (c *Classroom) matchList(ctx context.Context, unit org.UnitID, rows []*listRow) error {
	var numbers, names []string
	for _, r := range rows {
		if r.number != "" {
			numbers = append(numbers, c.orgs.NumberHash(r.number))
		}
		if r.name != "" {
			names = append(names, text.Fold(r.name))
		}
	}
	byNumber, err := c.listedBy(ctx, unit, "p.number_hash", numbers)
	if err != nil {
		return err
	}
	byName, err := c.listedBy(ctx, unit, "p.folded", names)
	if err != nil {
		return err
	}
	seen := map[org.PersonID]int{}
	for _, r := range rows {
		if len(r.why) == 0 {
			c.match(ctx, r, byNumber, byName)
		}
		if r.person == "" {
			continue
		}
		if first, twice := seen[r.person]; twice {
			r.why = append(r.why, i18n.T("classroom.list.twice", first))
		}
		seen[r.person] = r.at
	}
	return nil
}

// match finds the person of one row: by number, where the number is known here and
// the name does not contradict; else by name, date of birth and unit.
func (c *Classroom) match(ctx context.Context, r *listRow, byNumber, byName map[string][]listed) {
	if r.number != "" {
		if by := byNumber[c.orgs.NumberHash(r.number)]; len(by) > 0 {
			if r.name != "" && by[0].Folded != text.Fold(r.name) {
				r.why = append(r.why, i18n.T("classroom.list.other-name"))
				return
			}
			r.person = by[0].ID
			return
		}
	}
	t := c.orgs.Now(ctx)
	list := keep(byName[text.Fold(r.name)], func(p listed) bool {
		return (r.birth == 0 || p.Birth == r.birth) && (r.unit == "" || unitFits(t, p.Unit, r.unit)) &&
			(r.number == "" || p.Hash == "") // who bears another number is another person
	})
	switch {
	case r.name == "":
		r.why = append(r.why, i18n.T("classroom.list.no-number"))
	case len(list) == 0:
		r.why = append(r.why, i18n.T("classroom.list.none"))
	case len(list) > 1:
		r.why = append(r.why, i18n.T("classroom.list.many", len(list)))
	default:
		r.person = list[0].ID
	}
}

// unitFits says whether words name a unit or one above it: by name or by code.
func unitFits(t *org.Tree, unit org.UnitID, words string) bool {
	folded := text.Fold(words)
	for _, id := range append([]org.UnitID{unit}, t.Ancestors(unit)...) {
		u, ok := t.Unit(id)
		name := text.Fold(u.Name)
		if ok && (u.Code == words || strings.Contains(folded, name) || strings.Contains(name, folded)) {
			return true
		}
	}
	return false
}

// judgeList notes why the people of rows may not be sent, and takes out those who
// are on the roster.
func (c *Classroom) judgeList(ctx context.Context, n Nomination, rows []*listRow, a *ListAnswer) error {
	var people []org.PersonID
	for _, r := range rows {
		if r.person != "" {
			people = append(people, r.person)
		}
	}
	why, err := c.Explain(ctx, n.Class, n.Unit, people)
	if err != nil {
		return err
	}
	for _, r := range rows {
		no := why[r.person]
		if len(no) == 0 || r.person == "" || len(r.why) > 0 {
			continue
		}
		if strings.HasPrefix(no[0].Key, "classroom.seat.already.") {
			a.Already++
			r.person = ""
			continue
		}
		r.why = no
	}
	return nil
}
