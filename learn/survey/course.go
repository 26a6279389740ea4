package survey

import (
	"context"
	"errors"
	"maps"
	"slices"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Course is a course that has ended, as plain data of whoever ran it.
type Course struct {
	ID          string     `db:"id"` // of the class
	Title       string     `db:"course"`
	ProgrammeID string     `db:"programme_id"`
	Programme   string     `db:"programme"`
	Unit        org.UnitID `db:"unit_id"`  // that held it
	Ended       clock.Date `db:"ended_on"` // its last day
}

type due struct {
	Course string     `db:"course_id"`
	Key    string     `db:"key"`
	On     clock.Date `db:"due_on"`
}

type member struct {
	Course     string       `db:"course_id"`
	Person     org.PersonID `db:"person_id"`
	Respondent Respondent   `db:"respondent"`
	Unit       org.UnitID   `db:"unit_id"`
	Category   org.Category `db:"category"`
}

// OnCourseEnded opens the runs of a course that has ended: those due by today at
// once, the others (the effect after training) when their day comes. people are
// its trainees and lecturers; heads of employing agencies are found when they are
// asked. Told twice of a course, it does nothing the second time. For the app's
// bridge, as the house or as whoever may edit in the unit.
func (s *Surveys) OnCourseEnded(ctx context.Context, c Course, people []Invitee) error {
	if err := access.Check(ctx, Edit, c.Unit); err != nil {
		return err
	}
	fresh := false
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		n, err := db.One[int](ctx, s.db, `select (select count(*) from learn_survey_course where id = $1) + (select count(*) from learn_survey_run where course_id = $1)`, c.ID)
		if err != nil || n > 0 || len(people) == 0 {
			return err
		}
		fresh = true
		return s.note(ctx, c, people)
	})
	if err != nil || !fresh {
		return err
	}
	return s.openCourse(ctx, c)
}

func (s *Surveys) note(ctx context.Context, c Course, people []Invitee) error {
	forms, err := s.formsFor(ctx, c.Unit)
	if err != nil {
		return err
	}
	var dues []due
	for _, f := range forms {
		b, err := f.Body()
		if err != nil {
			return err
		}
		dues = append(dues, due{c.ID, f.Key, c.Ended + clock.Date(b.AfterDays)})
	}
	var members []member
	for _, p := range people {
		members = append(members, member{c.ID, p.Person, p.Respondent, p.Unit, p.Category})
	}
	if err := db.Insert(ctx, s.db, "learn_survey_course", c); err != nil {
		return err
	}
	if err := db.Insert(ctx, s.db, "learn_survey_due", dues...); err != nil {
		return err
	}
	return db.InsertOr(ctx, s.db, "learn_survey_member", "on conflict do nothing", members...)
}

// openCourse opens what is due of a course, each run in a transaction of its own:
// thousands may be asked. It forgets the course when nothing is left.
func (s *Surveys) openCourse(ctx context.Context, c Course) error {
	dues, err := db.All[due](ctx, s.db, `select course_id, key, due_on from learn_survey_due where course_id = $1 order by key`, c.ID)
	if err != nil {
		return err
	}
	members, err := db.All[member](ctx, s.db, `select course_id, person_id, respondent, unit_id, category from learn_survey_member where course_id = $1 order by person_id, respondent`, c.ID)
	if err != nil {
		return err
	}
	left := len(dues)
	for _, d := range dues {
		if d.On > clock.Today(ctx) {
			continue
		}
		err := s.db.Tx(ctx, func(ctx context.Context) error {
			if err := s.openDue(ctx, c, d, members); err != nil {
				return err
			}
			_, err := s.db.Exec(ctx, `delete from learn_survey_due where course_id = $1 and key = $2`, d.Course, d.Key)
			return err
		})
		if err != nil {
			return err
		}
		left--
	}
	if left > 0 {
		return nil
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.db.Exec(ctx, `delete from learn_survey_member where course_id = $1`, c.ID); err != nil {
			return err
		}
		_, err := s.db.Exec(ctx, `delete from learn_survey_course where id = $1`, c.ID)
		return err
	})
}

// openDue opens one run of a course; a questionnaire that asks nobody of it is
// passed over.
func (s *Surveys) openDue(ctx context.Context, c Course, d due, members []member) error {
	f, err := s.formFor(ctx, c.Unit, d.Key)
	if errors.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	b, err := f.Body()
	if err != nil {
		return err
	}
	n := NewRun{Key: d.Key, CourseID: c.ID, Course: c.Title, ProgrammeID: c.ProgrammeID, Programme: c.Programme, Unit: c.Unit, SliceBy: sliceOf(b)}
	for _, m := range members {
		n.Invite = append(n.Invite, Invitee{m.Person, m.Respondent, m.Unit, m.Category})
	}
	var headless int64
	if b.asks(content.AskAgency) {
		var heads []Invitee
		if heads, headless, err = s.heads(ctx, members); err != nil {
			return err
		}
		n.Invite = append(n.Invite, heads...)
	}
	if len(asked(n.Invite, b)) == 0 {
		return nil
	}
	_, err = s.open(ctx, n, headless)
	return err
}

type headRow struct {
	Unit   org.UnitID   `db:"unit_id"`
	Person org.PersonID `db:"person_id"`
}

// heads finds who heads the units that employ the trainees today, and counts the
// units for which nobody is on record.
func (s *Surveys) heads(ctx context.Context, members []member) (heads []Invitee, headless int64, err error) {
	today := clock.Today(ctx)
	units, err := s.employers(ctx, members, today)
	if err != nil {
		return nil, 0, err
	}
	rest := slices.Sorted(maps.Keys(units))
	for len(rest) > 0 {
		n := min(500, len(rest))
		w := db.NewWhere(today)
		rows, err := db.All[headRow](ctx, s.db, `select unit_id, person_id from org_post where head and from_on <= $1 and (to_on is null or to_on > $1) and `+
			db.In(w, "unit_id", rest[:n]).SQL()+` order by unit_id, person_id`, w.Args()...)
		if err != nil {
			return nil, 0, err
		}
		for _, r := range rows {
			delete(units, r.Unit)
			heads = append(heads, Invitee{Person: r.Person, Respondent: content.AskAgency, Unit: r.Unit})
		}
		rest = rest[n:]
	}
	return heads, int64(len(units)), nil
}

// employers is the units in which the trainees have their main posts on a day;
// where one has none, the unit that took over from the one of then.
func (s *Surveys) employers(ctx context.Context, members []member, on clock.Date) (map[org.UnitID]bool, error) {
	var people []org.PersonID
	for _, m := range members {
		if m.Respondent == content.AskTrainee {
			people = append(people, m.Person)
		}
	}
	posts, err := s.orgs.PostsOn(ctx, people, on)
	if err != nil {
		return nil, err
	}
	units := map[org.UnitID]bool{}
	for _, m := range members {
		if m.Respondent != content.AskTrainee {
			continue
		}
		if p, ok := posts[m.Person]; ok {
			units[p.Unit] = true
		} else if m.Unit != "" {
			units[s.orgs.Main(m.Unit)] = true
		}
	}
	return units, nil
}

// Daily opens what is due today, writes the letters of runs whose first day has
// come, reminds before the last, and seals what has closed. It may run as often as
// one likes. It is the clock's work and shows nothing. Open to all.
func (s *Surveys) Daily(ctx context.Context) error {
	ctx = access.System(ctx)
	return errors.Join(s.openDues(ctx), s.tellAll(ctx), s.sealAll(ctx))
}

func (s *Surveys) openDues(ctx context.Context) error {
	list, err := db.All[Course](ctx, s.db, `select `+db.Columns[Course]("")+` from learn_survey_course
		where id in (select course_id from learn_survey_due where due_on <= $1) order by id`, clock.Today(ctx))
	for _, c := range list {
		err = errors.Join(err, s.openCourse(ctx, c))
	}
	return err
}

func (s *Surveys) tellAll(ctx context.Context) error {
	today := clock.Today(ctx)
	list, err := db.All[RunID](ctx, s.db, `select id from learn_survey_run where not sealed and opens_on <= $1 and closes_on >= $1
		and (not told or (not reminded and closes_on <= $2)) order by id`, today, today+remindDays)
	for _, run := range list {
		err = errors.Join(err, s.db.Tx(ctx, func(ctx context.Context) error {
			r, err := s.run(ctx, run)
			switch {
			case err != nil:
				return err
			case !r.Told:
				return s.tell(ctx, r)
			case !r.Reminded && r.Closes <= today+remindDays && r.Opens < today:
				return s.remind(ctx, r)
			}
			return nil
		}))
	}
	return err
}

func (s *Surveys) sealAll(ctx context.Context) error {
	list, err := db.All[RunID](ctx, s.db, `select id from learn_survey_run where not sealed and closes_on < $1 order by id`, clock.Today(ctx))
	for _, run := range list {
		err = errors.Join(err, s.db.Tx(ctx, func(ctx context.Context) error { return s.seal(ctx, run) }))
	}
	return err
}

type sliceCount struct {
	Slice string `db:"slice"`
	N     int64  `db:"n"`
}

// seal ends a run for good: who was asked and whose token is spent is forgotten,
// and groups of fewer than five answers lose their label.
func (s *Surveys) seal(ctx context.Context, run RunID) error {
	list, err := db.All[sliceCount](ctx, s.db, `select slice, count(*) as n from learn_survey_reply where run_id = $1 group by slice`, run)
	if err != nil {
		return err
	}
	count := map[string]int64{}
	for _, c := range list {
		count[c.Slice] = c.N
	}
	told := reveal(count)
	for l := range count {
		if _, ok := told[l]; !ok {
			if _, err := s.db.Exec(ctx, `update learn_survey_reply set slice = '' where run_id = $1 and slice = $2`, run, l); err != nil {
				return err
			}
		}
	}
	for _, table := range []string{"learn_survey_token", "learn_survey_invite"} {
		if _, err := s.db.Exec(ctx, `delete from `+table+` where run_id = $1`, run); err != nil {
			return err
		}
	}
	_, err = s.db.Exec(ctx, `update learn_survey_run set sealed = $1, edition = edition + 1 where id = $2`, true, run)
	return err
}
