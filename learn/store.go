package learn

import (
	"context"
	"errors"
	"time"

	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// store holds the SQL of courses, lessons and enrolments.
type store struct{ db *db.DB }

var (
	courseCols    = db.Columns[Course]("")
	lessonCols    = db.Columns[Lesson]("")
	enrolmentCols = db.Columns[Enrolment]("")
)

// changed makes a Conflict of a save that found nothing to save.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "error.changed")
	}
	return err
}

func (s store) topic(ctx context.Context, tid TopicID) (Topic, error) {
	return db.One[Topic](ctx, s.db, `select `+db.Columns[Topic]("")+` from learn_topic where id = $1`, string(tid))
}

func (s store) goals(ctx context.Context, tid TopicID) ([]Goal, error) {
	return db.All[Goal](ctx, s.db, `select `+db.Columns[Goal]("")+` from learn_outcome where topic_id = $1 order by no`, string(tid))
}

// tagged counts the questions and lessons of a topic that name an outcome.
func (s store) tagged(ctx context.Context, tid TopicID, tag string) (int, error) {
	return db.One[int](ctx, s.db, `select (select count(*) from learn_quiz_question where topic_id = $1 and outcome_id = $2) +
		(select count(*) from learn_lesson l join learn_course c on c.id = l.course_id
		where c.topic_id = $1 and not l.retired and ',' || l.outcomes || ',' like $3 escape '\')`, string(tid), tag, db.Like(","+tag+","))
}

func (s store) course(ctx context.Context, cid CourseID) (Course, error) {
	return db.One[Course](ctx, s.db, `select `+courseCols+` from learn_course where id = $1`, string(cid))
}

func (s store) saveCourse(ctx context.Context, c Course) error {
	return changed(s.db.Exec(ctx, `update learn_course set topic_id = $1, title = $2, folded = $3, summary = $4, state = $5, open = $6,
		starts_on = $7, ends_on = $8, days = $9, minutes = $10, needs = $11, rule = $12, auto_issue = $13, edition = edition + 1
		where id = $14 and edition = $15`, string(c.Topic), c.Title, c.Folded, c.Summary, string(c.State), c.Open, c.Starts, c.Ends,
		c.Days, c.Minutes, c.NeedsText, c.RuleText, c.AutoIssue, string(c.ID), c.Edition))
}

func (s store) courses(ctx context.Context, w *db.Where, f CourseFilter) ([]Course, int, error) {
	w.If(f.State != "", "state = ?", string(f.State)).If(f.Topic != "", "topic_id = ?", string(f.Topic))
	w.If(f.Text != "", `folded like ? escape '\'`, db.Like(text.Fold(text.Clean(f.Text))))
	n, err := db.One[int](ctx, s.db, `select count(*) from learn_course where `+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	all, err := db.All[Course](ctx, s.db, `select `+courseCols+` from learn_course where `+w.SQL()+
		` order by made_at desc, id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
	return all, n, err
}

func (s store) variants(ctx context.Context, cid CourseID) ([]Course, error) {
	return db.All[Course](ctx, s.db, `select `+courseCols+` from learn_course where base_id = $1 and state = 'published'`, string(cid))
}

func (s store) learners(ctx context.Context, cid CourseID) (int, error) {
	return db.One[int](ctx, s.db, `select count(*) from learn_enrolment where course_id = $1`, string(cid))
}

func (s store) outline(ctx context.Context, cid CourseID) (*Outline, error) {
	version, err := db.One[int](ctx, s.db, `select outline from learn_course where id = $1`, string(cid))
	if err != nil {
		return nil, err
	}
	o := &Outline{Course: cid, Version: version}
	o.Lessons, err = db.All[OutlineLesson](ctx, s.db, `select `+db.Columns[OutlineLesson]("")+` from learn_lesson
		where course_id = $1 and not retired order by no, slot`, string(cid))
	o.count()
	return o, err
}

func (s store) lesson(ctx context.Context, lid LessonID) (Lesson, error) {
	return db.One[Lesson](ctx, s.db, `select `+lessonCols+` from learn_lesson where id = $1`, string(lid))
}

func (s store) lessonIDs(ctx context.Context, cid CourseID) ([]LessonID, error) {
	return db.All[LessonID](ctx, s.db, `select id from learn_lesson where course_id = $1 and not retired order by no, slot`, string(cid))
}

func (s store) nextSlot(ctx context.Context, cid CourseID) (int, error) {
	return db.One[int](ctx, s.db, `select coalesce(max(slot) + 1, 0) from learn_lesson where course_id = $1`, string(cid))
}

func (s store) number(ctx context.Context, ids []LessonID) error {
	for i, lid := range ids {
		if _, err := s.db.Exec(ctx, `update learn_lesson set no = $1 where id = $2`, i+1, string(lid)); err != nil {
			return err
		}
	}
	return nil
}

func (s store) saveLesson(ctx context.Context, l Lesson) error {
	return changed(s.db.Exec(ctx, `update learn_lesson set kind = $1, title = $2, minutes = $3, required = $4, source = $5, html = $6,
		file_ref = $7, file_name = $8, file_type = $9, file_size = $10, captions = $11, url = $12, test_id = $13, evidence = $14,
		confirm = $15, outcomes = $16, edition = edition + 1 where id = $17 and edition = $18`, string(l.Kind), l.Title, l.Minutes, l.Required,
		l.Source, l.HTML, string(l.File), l.FileName, l.FileType, l.FileSize, l.Captions, l.URL, string(l.Test), l.Evidence, l.Confirm,
		l.Outcomes, string(l.ID), l.Edition))
}

// copyLessons gives a variant the lessons of its base, in the same slots.
func (s store) copyLessons(ctx context.Context, from, to CourseID) error {
	all, err := db.All[Lesson](ctx, s.db, `select `+lessonCols+` from learn_lesson where course_id = $1 and not retired order by no`, string(from))
	if err != nil {
		return err
	}
	for i := range all {
		all[i].ID, all[i].Course, all[i].Edition, all[i].MadeAt = LessonID(id.New(ctx)), to, 0, clock.Now(ctx)
		all[i].HTML = lessonHTML(to, all[i].Source)
	}
	if err := db.Insert(ctx, s.db, "learn_lesson", all...); err != nil {
		return err
	}
	pictures, err := db.All[Picture](ctx, s.db, `select `+db.Columns[Picture]("")+` from learn_picture where course_id = $1`, string(from))
	if err != nil {
		return err
	}
	for i := range pictures {
		pictures[i].Course = to
	}
	return db.Insert(ctx, s.db, "learn_picture", pictures...)
}

// studied is a course row with the actor's enrolment, in one query.
type studied struct {
	Course
	EID          EnrolmentID    `db:"e_id"`
	EPerson      org.PersonID   `db:"e_person"`
	EUnit        org.UnitID     `db:"e_unit"`
	ECategory    org.Category   `db:"e_category"`
	EState       EnrolmentState `db:"e_state"`
	EDue         clock.Date     `db:"e_due"`
	EMarks       string         `db:"e_marks"`
	EDone        int            `db:"e_done"`
	EScore       int            `db:"e_score"`
	EPassed      bool           `db:"e_passed"`
	ECompletedOn clock.Date     `db:"e_completed_on"`
	EEdition     int            `db:"e_edition"`
}

const studiedCols = `, e.id as e_id, e.person_id as e_person, e.unit_id as e_unit, e.category as e_category, e.state as e_state,
	e.due_on as e_due, e.marks as e_marks, e.done as e_done, e.score as e_score, e.passed as e_passed, e.completed_on as e_completed_on,
	e.edition as e_edition`

var courseColsC = db.Columns[Course]("c")

func (r studied) enrolment() Enrolment {
	return Enrolment{ID: r.EID, Course: r.ID, Person: r.EPerson, Unit: r.EUnit, Category: r.ECategory, State: r.EState, Due: r.EDue,
		Marks: r.EMarks, Done: r.EDone, Score: r.EScore, Passed: r.EPassed, CompletedOn: r.ECompletedOn, Edition: r.EEdition}
}

func (s store) study(ctx context.Context, cid CourseID, p org.PersonID) (CourseView, error) {
	r, err := db.One[studied](ctx, s.db, `select `+courseColsC+studiedCols+` from learn_course c
		left join learn_enrolment e on e.course_id = c.id and e.person_id = $2 where c.id = $1`, string(cid), string(p))
	return CourseView{Course: r.Course, Enrolment: r.enrolment(), Learning: r.EID != ""}, err
}

func (s store) enrolment(ctx context.Context, eid EnrolmentID) (Enrolment, error) {
	return db.One[Enrolment](ctx, s.db, `select `+enrolmentCols+` from learn_enrolment where id = $1`, string(eid))
}

func (s store) enrolmentOf(ctx context.Context, cid CourseID, p org.PersonID) (Enrolment, error) {
	return db.One[Enrolment](ctx, s.db, `select `+enrolmentCols+` from learn_enrolment where course_id = $1 and person_id = $2`, string(cid), string(p))
}

// enrolmentUnder is a person's enrolment in a course or in a variant of it.
func (s store) enrolmentUnder(ctx context.Context, cid CourseID, p org.PersonID) (Enrolment, error) {
	return db.One[Enrolment](ctx, s.db, `select `+enrolmentCols+` from learn_enrolment where person_id = $2
		and course_id in (select id from learn_course where id = $1 or base_id = $1)`, string(cid), string(p))
}

func (s store) saveEnrolment(ctx context.Context, e Enrolment) error {
	return changed(s.db.Exec(ctx, `update learn_enrolment set state = $1, due_on = $2, marks = $3, done = $4, score = $5, passed = $6,
		completed_on = $7, changed_at = $8, edition = edition + 1 where id = $9 and edition = $10`, string(e.State), e.Due, e.Marks, e.Done,
		e.Score, e.Passed, e.CompletedOn, clock.Now(ctx), string(e.ID), e.Edition))
}

// lock keeps two records of one enrolment from being summed up side by side.
func (s store) lock(ctx context.Context, eid EnrolmentID) error {
	_, err := s.db.Exec(ctx, `update learn_enrolment set seen_at = $1 where id = $2`, clock.Now(ctx), string(eid))
	return err
}

// strangersTo leaves out those who are in a course already, or in one of its
// variants.
func (s store) strangersTo(ctx context.Context, cid CourseID, rows []Enrolment) ([]Enrolment, error) {
	in := map[org.PersonID]bool{}
	err := db.Each(ctx, s.db, `select person_id from learn_enrolment where course_id in (select id from learn_course where id = $1 or base_id = $1)`,
		[]any{string(cid)}, func(p org.PersonID) error { in[p] = true; return nil })
	out := rows[:0:0]
	for _, r := range rows {
		if !in[r.Person] {
			out = append(out, r)
		}
	}
	return out, err
}

// lacking counts the people who have not completed all courses in needs.
func (s store) lacking(ctx context.Context, needs []CourseID, people []org.PersonID) (int, error) {
	w := db.NewWhere().And("e.state = 'completed'")
	db.In(w, "case when c.base_id = '' then c.id else c.base_id end", needs)
	done, err := db.All[org.PersonID](ctx, s.db, `select e.person_id from learn_enrolment e join learn_course c on c.id = e.course_id
		where `+w.SQL()+` group by e.person_id having count(distinct case when c.base_id = '' then c.id else c.base_id end) = `+w.Arg(len(needs)), w.Args()...)
	have := make(map[org.PersonID]bool, len(done))
	for _, p := range done {
		have[p] = true
	}
	short := 0
	for _, p := range people {
		if !have[p] {
			short++
		}
	}
	return short, err
}

func (s store) records(ctx context.Context, eid EnrolmentID) ([]progress, error) {
	return db.All[progress](ctx, s.db, `select `+db.Columns[progress]("")+` from learn_progress where enrolment_id = $1`, string(eid))
}

func (s store) put(ctx context.Context, p progress) error {
	return db.InsertOr(ctx, s.db, "learn_progress", `on conflict (enrolment_id, slot) do update set state = excluded.state, at = excluded.at,
		second = excluded.second, score = excluded.score, points = excluded.points`, p)
}

func (s store) second(ctx context.Context, eid EnrolmentID, slot int) (int, error) {
	n, err := db.One[int](ctx, s.db, `select second from learn_progress where enrolment_id = $1 and slot = $2`, string(eid), slot)
	if errors.Is(err, errs.NotFound) {
		return 0, nil
	}
	return n, err
}

func (s store) setSecond(ctx context.Context, eid EnrolmentID, slot, second int, now time.Time) error {
	_, err := s.db.Exec(ctx, `update learn_progress set second = $1, at = $2 where enrolment_id = $3 and slot = $4`, second, now, string(eid), slot)
	return err
}

func (s store) slotsOfTest(ctx context.Context, cid CourseID, t quiz.TestID) ([]int, error) {
	return db.All[int](ctx, s.db, `select slot from learn_lesson where course_id = $1 and test_id = $2 and not retired`, string(cid), string(t))
}
