package learn

import (
	"context"
	"slices"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Need is a course that has to be completed before another is learnt.
type Need struct {
	ID    CourseID `db:"id"`
	Title string   `db:"title"`
	Open  bool     `db:"open"`
	Done  bool     // by the actor
}

// needsOf are the courses to be completed before c, with whether a person has.
func (s store) needsOf(ctx context.Context, c Course, p org.PersonID) ([]Need, error) {
	ids := c.Needs()
	if len(ids) == 0 {
		return nil, nil
	}
	w := db.NewWhere()
	all, err := db.All[Need](ctx, s.db, `select id, title, open from learn_course where `+db.In(w, "id", ids).SQL()+` order by starts_on nulls first, id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	done, err := s.completedOf(ctx, ids, p)
	for i := range all {
		all[i].Done = done[all[i].ID]
	}
	return all, err
}

// completedOf says which of the courses a person has completed, a variant counting
// as its base.
func (s store) completedOf(ctx context.Context, ids []CourseID, p org.PersonID) (map[CourseID]bool, error) {
	w := db.NewWhere(string(p))
	done := map[CourseID]bool{}
	err := db.Each(ctx, s.db, `select `+baseOf+` from learn_enrolment e join learn_course c on c.id = e.course_id
		where e.person_id = $1 and e.state = 'completed' and `+db.In(w, baseOf, ids).SQL(), w.Args(), func(c CourseID) error {
		done[c] = true
		return nil
	})
	return done, err
}

// checkNeeds refuses people who have not completed what the course needs.
func (l *Learn) checkNeeds(ctx context.Context, c Course, people []org.PersonID) error {
	needs := c.Needs()
	if len(needs) == 0 || len(people) == 0 {
		return nil
	}
	short, err := l.store.lacking(ctx, needs, people)
	if err != nil || short == 0 {
		return err
	}
	titles, err := l.needTitles(ctx, c, "")
	return orElse(err, errs.New(errs.Invalid, "learn.enrol.needs", short, titles))
}

// checkOwnNeeds refuses a person who signs himself up too early, and names what he
// has to complete first.
func (l *Learn) checkOwnNeeds(ctx context.Context, c Course, p org.PersonID) error {
	titles, err := l.needTitles(ctx, c, p)
	if err != nil || titles == "" {
		return err
	}
	return errs.New(errs.Invalid, "learn.signup.needs", titles)
}

// needTitles names the courses that c needs and the person has not completed; for
// nobody, all of them.
func (l *Learn) needTitles(ctx context.Context, c Course, p org.PersonID) (string, error) {
	needs, err := l.store.needsOf(ctx, c, p)
	var titles []string
	for _, n := range needs {
		if !n.Done {
			titles = append(titles, "«"+n.Title+"»")
		}
	}
	return strings.Join(titles, ", "), err
}

// checkOrder refuses needs that there are not, variants of courses, and a circle:
// a course that is needed, over some others, by itself.
func (l *Learn) checkOrder(ctx context.Context, c Course) error {
	seen, next := map[CourseID]bool{}, c.Needs()
	for depth := 0; len(next) > 0; depth++ {
		if slices.Contains(next, c.ID) || c.Base != "" && slices.Contains(next, c.Base) {
			return errs.New(errs.Invalid, "error.invalid").Field("needs", "learn.need.needs-circle")
		}
		w := db.NewWhere().And("base_id = ''")
		rows, err := db.All[string](ctx, l.db, `select needs from learn_course where `+db.In(w, "id", next).SQL(), w.Args()...)
		if err != nil {
			return err
		}
		if depth == 0 && len(rows) < len(next) {
			return errs.New(errs.Invalid, "error.invalid").Field("needs", "learn.need.needs")
		}
		next = unseen(seen, rows)
	}
	return nil
}

// unseen are the courses named in rows that were not looked at yet.
func unseen(seen map[CourseID]bool, rows []string) (next []CourseID) {
	for _, r := range rows {
		for _, id := range courseIDs(r) {
			if !seen[id] {
				seen[id], next = true, append(next, id)
			}
		}
	}
	return next
}

// Choices lists courses to choose from as needs of another or as parts of a
// programme: published ones and those that the actor may edit, no variants, and
// not the one named.
func (l *Learn) Choices(ctx context.Context, but CourseID) ([]Course, error) {
	if !access.Anywhere(ctx, EditCourse) {
		return nil, access.Check(ctx, EditCourse, "")
	}
	mine := access.In(ctx, EditCourse).Narrow(db.NewWhere(string(but)), "unit_id")
	return db.All[Course](ctx, l.db, `select `+courseCols+` from learn_course where id <> $1 and base_id = '' and (state = 'published' or (`+mine.SQL()+`))
		order by folded, id limit 500`, mine.Args()...)
}

// ready says whether the actor has completed all that the course needs.
func (v CourseView) ready() bool {
	return !slices.ContainsFunc(v.Needs, func(n Need) bool { return !n.Done })
}
