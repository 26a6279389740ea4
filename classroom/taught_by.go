package classroom

import (
	"context"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
)

// TaughtBy lists the lecturers of the sessions that were held on a topic of the
// learning room, or on one of courses, in classes that the actor may read.
// Assistants are left out.
func (c *Classroom) TaughtBy(ctx context.Context, topic string, courses []string) ([]org.PersonID, error) {
	w := db.NewWhere()
	w.And("t.learn_topic = ? and t.learn_topic <> '' and t.learn_course = '' or t.learn_course <> '' and t.learn_course in (?"+
		strings.Repeat(", ?", len(courses))+")", arguments(topic, "", courses)...)
	access.In(ctx, ReadClass).Narrow(w, "k.unit_id")
	return db.All[org.PersonID](ctx, c.db, `select distinct y.person_id from classroom_lecturer y join classroom_session x on x.id = y.session_id
		and x.state = 'planned' join classroom_class k on k.id = x.class_id and k.state in ('open', 'closed') `+taughtIn+`
		where y.role = 'lecturer' and `+w.SQL()+` order by y.person_id`, w.Args()...)
}
