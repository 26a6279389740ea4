package classroom

import (
	"context"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
)

// Taught is what a session teaches, as the learning room knows it: a topic, or
// one course of it. Either may be "".
type Taught struct {
	Topic  string `db:"learn_topic"`
	Course string `db:"learn_course"`
}

// taughtIn joins sessions x of classes k to the topics t that they teach. A
// session without a topic teaches that of its class; without either, all of the
// plan.
const taughtIn = `join classroom_topic t on t.plan_id = k.plan_id and (t.id = case when x.topic_id = '' then k.topic_id else x.topic_id end
	or x.topic_id = '' and k.topic_id = '')`

// Taught lists what a session teaches of the learning room, for who may read its
// class.
func (c *Classroom) Taught(ctx context.Context, id SessionID) ([]Taught, error) {
	_, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := access.Check(ctx, ReadClass, k.Unit); err != nil {
		return nil, hide(err)
	}
	return db.All[Taught](ctx, c.db, `select distinct t.learn_topic, t.learn_course from classroom_session x
		join classroom_class k on k.id = x.class_id `+taughtIn+` where x.id = $1 and (t.learn_topic <> '' or t.learn_course <> '')`, id)
}

// Turnout is how often someone was there, of how many times.
type Turnout struct{ Was, Of int }

type turnoutRow struct {
	Person org.PersonID `db:"person_id"`
	Was    int          `db:"was"`
	Of     int          `db:"of_n"`
}

const turnoutAtOnce = 400 // people in one query

// Attended says how often people came to what their classes hold on a topic of
// the learning room, or on one of courses. It counts the classes in which they
// are registered: Of is every session that was or will be held, so that nobody is
// through after the first of five; Was is those whose roll was called and where
// the person was present, late or left early. Who sent a substitute was not
// there. People whose records the actor may not read are left out.
func (c *Classroom) Attended(ctx context.Context, topic string, courses []string, people []org.PersonID) (map[org.PersonID]Turnout, error) {
	all := map[org.PersonID]Turnout{}
	for len(people) > 0 {
		n := min(turnoutAtOnce, len(people))
		w := db.In(db.NewWhere(), "s.person_id", people[:n])
		w.And("t.learn_topic = ? and t.learn_topic <> '' and t.learn_course = '' or t.learn_course <> '' and t.learn_course in (?"+
			strings.Repeat(", ?", len(courses))+")", arguments(topic, "", courses)...)
		access.In(ctx, ReadClass).Narrow(w, "s.unit_id")
		rows, err := db.All[turnoutRow](ctx, c.db, `select s.person_id, count(distinct x.id) as of_n,
			count(distinct case when x.rolled_at is not null and a.state in ('present', 'late', 'left_early') then x.id end) as was
			from classroom_seat s join classroom_class k on k.id = s.class_id and k.state in ('open', 'closed')
			join classroom_session x on x.class_id = k.id and x.state = 'planned' `+taughtIn+`
			left join classroom_attendance a on a.session_id = x.id and a.person_id = s.person_id
			where s.state = 'registered' and `+w.SQL()+` group by s.person_id`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			all[r.Person] = Turnout{r.Was, r.Of}
		}
		people = people[n:]
	}
	return all, nil
}

// arguments is two arguments and a list of them in a row.
func arguments(a, b string, more []string) []any {
	all := []any{a, b}
	for _, x := range more {
		all = append(all, x)
	}
	return all
}
