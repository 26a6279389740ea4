package classroom

import (
	"context"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
)

// found is a person whom a typed line may mean.
type found struct {
	ID    org.PersonID `db:"id"`
	Name  string       `db:"name"`
	Birth clock.Date   `db:"birth_on"`
	Unit  org.UnitID   `db:"unit_id"`
}

// find reads «Họ tên», «Họ tên, đơn vị» or «Họ tên, 31/12/1990» as one person
// whom the actor may read, within unit unless it is "". Where it cannot, problem
// says why and what to write.
func (c *Classroom) find(ctx context.Context, line string, unit org.UnitID) (p org.PersonID, problem i18n.Text) {
	name, more, _ := strings.Cut(text.Clean(line), ",")
	name, more = text.Clean(name), text.Clean(more)
	w := db.NewWhere(clock.Today(ctx))
	access.In(ctx, org.PersonRead).Narrow(w, "o.unit_id")
	w.And("p.folded = ?", text.Fold(name))
	if unit != "" {
		under(w, "o.unit_id", unit)
	}
	list, err := db.All[found](ctx, c.db, `select p.id, p.name, p.birth_on, o.unit_id from org_person p
		join org_post o on o.person_id = p.id and o.main and o.from_on <= $1 and (o.to_on is null or o.to_on > $1)
		where `+w.SQL()+` order by p.name, p.id limit 50`, w.Args()...)
	if err != nil {
		return "", i18n.T("error.fault")
	}
	if exact := keep(list, func(f found) bool { return f.Name == name }); len(exact) > 0 {
		list = exact // «Hoà» typed for «Hòa» still finds by its folded form
	}
	list = c.fitting(ctx, list, more)
	switch len(list) {
	case 0:
		return "", i18n.T("classroom.find.none", line)
	case 1:
		return list[0].ID, i18n.Text{}
	}
	var units []string
	t := c.orgs.Now(ctx)
	for _, f := range list {
		units = append(units, t.Name(f.Unit)+" "+f.Birth.Viet())
	}
	return "", i18n.T("classroom.find.many", len(list), name, strings.Join(units, "; "))
}

func (c *Classroom) fitting(ctx context.Context, list []found, more string) []found {
	if more == "" {
		return list
	}
	t, folded := c.orgs.Now(ctx), text.Fold(more)
	return keep(list, func(f found) bool {
		return f.Birth != 0 && f.Birth.Viet() == more || strings.Contains(text.Fold(t.Name(f.Unit)), folded)
	})
}

func keep[T any](list []T, ok func(T) bool) (kept []T) {
	for _, x := range list {
		if ok(x) {
			kept = append(kept, x)
		}
	}
	return kept
}

// findAll is find for lines, one person each; empty lines count for nothing.
func (c *Classroom) findAll(ctx context.Context, lines string, unit org.UnitID) (people []org.PersonID, problems []i18n.Text) {
	for line := range strings.Lines(lines) {
		if line = text.Clean(line); line == "" {
			continue
		}
		p, problem := c.find(ctx, line, unit)
		if problem.Key != "" {
			problems = append(problems, problem)
			continue
		}
		people = append(people, p)
	}
	return people, problems
}

// labels writes people so that find reads them again.
func (c *Classroom) labels(ctx context.Context, people []org.PersonID) (string, error) {
	known, err := c.orgs.People(ctx, people)
	if err != nil {
		return "", err
	}
	t, lines := c.orgs.Now(ctx), make([]string, 0, len(people))
	for _, p := range people {
		if b, ok := known[p]; ok {
			line := b.Name
			if unit := t.Name(b.Unit); unit != "" {
				line += ", " + unit
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"), nil
}

// postholders are the people with a main post in one of units on a day.
func (c *Classroom) postholders(ctx context.Context, units []org.UnitID, on clock.Date) ([]org.PersonID, error) {
	w := db.NewWhere(on)
	return db.All[org.PersonID](ctx, c.db, `select person_id from org_post where main and from_on <= $1 and (to_on is null or to_on > $1)
		and `+db.In(w, "unit_id", units).SQL()+` order by person_id`, w.Args()...)
}
