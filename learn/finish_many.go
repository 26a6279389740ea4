package learn

import (
	"context"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// FinishMany notes for many people at once that they have gone through the lessons
// that are read, watched or listened to, as after a class that was taught in a
// room; tests and tasks stay with the learner. upTo limits how many lessons from
// the first on; 0 is all. Whoever is not in the course is left out. It returns how
// many completed the course by it.
func (l *Learn) FinishMany(ctx context.Context, cid CourseID, people []org.PersonID, upTo int) (completed int, err error) {
	c, err := l.store.course(ctx, cid)
	if err != nil {
		return 0, err
	}
	if err := access.Check(ctx, EditCourse, c.Unit); err != nil {
		return 0, err
	}
	o, err := l.outlines.get(ctx, c.ID, c.Outline)
	if err != nil {
		return 0, err
	}
	wanted := map[org.PersonID]bool{}
	for _, p := range people {
		wanted[p] = true
	}
	err = l.db.Tx(ctx, func(ctx context.Context) error {
		enrolled, err := db.All[Enrolment](ctx, l.db, `select `+db.Columns[Enrolment]("")+` from learn_enrolment where course_id = $1 and state = 'active' order by id`, cid)
		if err != nil {
			return err
		}
		records, err := l.recordsOf(ctx, cid)
		if err != nil {
			return err
		}
		for _, e := range enrolled {
			if !wanted[e.Person] {
				continue
			}
			done, err := l.finishOne(ctx, c, o, e, records[e.ID], upTo)
			if err != nil {
				return err
			}
			completed += done
		}
		return access.Audit(ctx, l.db, access.Entry{Action: EditCourse, Unit: c.Unit, Subject: "course:" + string(cid),
			Detail: map[string]int{"finished": len(wanted), "completed": completed}})
	})
	return completed, err
}

// recordsOf is the progress of all who are in a course, by enrolment.
func (l *Learn) recordsOf(ctx context.Context, cid CourseID) (map[EnrolmentID][]progress, error) {
	all := map[EnrolmentID][]progress{}
	err := db.Each(ctx, l.db, `select `+db.Columns[progress]("")+` from learn_progress where enrolment_id in
		(select id from learn_enrolment where course_id = $1)`, []any{cid}, func(p progress) error {
		all[p.Enrolment] = append(all[p.Enrolment], p)
		return nil
	})
	return all, err
}

func (l *Learn) finishOne(ctx context.Context, c Course, o *Outline, e Enrolment, records []progress, upTo int) (completed int, err error) {
	have := map[int]bool{}
	for _, p := range records {
		have[p.Slot] = p.State == string(Done)
	}
	var fresh []progress
	for i, lesson := range o.Lessons {
		if lesson.Kind == LessonQuiz || lesson.Kind == LessonTask || have[lesson.Slot] || upTo > 0 && i >= upTo {
			continue
		}
		fresh = append(fresh, progress{Enrolment: e.ID, Slot: lesson.Slot, State: string(Done), At: clock.Now(ctx)})
	}
	if err := db.InsertOr(ctx, l.db, "learn_progress", `on conflict (enrolment_id, slot) do update set state = excluded.state, at = excluded.at`, fresh...); err != nil {
		return 0, err
	}
	summary(&e, o, append(records, fresh...))
	met, err := l.met(ctx, c, o, e)
	if err != nil {
		return 0, err
	}
	if met {
		return 1, l.complete(ctx, c, e)
	}
	return 0, l.store.saveEnrolment(ctx, e)
}
