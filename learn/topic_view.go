package learn

import (
	"context"

	"lotrinh/access"
	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// TopicView is a topic with what teaches it and what asks for it.
type TopicView struct {
	Topic   Topic
	Goals   []GoalView
	Courses []Course // published ones that the actor may open
	Editor  bool     // may change the topic
	Bank    bool     // may see how many questions there are
}

// GoalView is an outcome with the questions of the bank that ask for it, by level.
type GoalView struct {
	Goal
	Questions map[quiz.Level]int
}

// TopicSeen returns a topic to whoever has signed in, with the courses that he may
// open, and with counts of questions for those who may see the bank.
func (l *Learn) TopicSeen(ctx context.Context, tid TopicID) (TopicView, error) {
	who, ok := access.Who(ctx)
	if !ok {
		return TopicView{}, errs.New(errs.Stranger, "error.sign-in")
	}
	t, goals, err := l.TopicOf(ctx, tid)
	if err != nil {
		return TopicView{}, err
	}
	v := TopicView{Topic: t, Editor: access.Allowed(ctx, EditCourse, t.Unit), Bank: access.Allowed(ctx, quiz.ReadBank, t.Unit)}
	for _, g := range goals {
		v.Goals = append(v.Goals, GoalView{Goal: g, Questions: map[quiz.Level]int{}})
	}
	if v.Bank {
		if err := l.store.countQuestions(ctx, tid, v.Goals); err != nil {
			return v, err
		}
	}
	v.Courses, err = l.store.coursesOfTopic(ctx, access.In(ctx, EditCourse), tid, who.Person)
	return v, err
}

// countQuestions fills in how many questions ask for each outcome.
func (s store) countQuestions(ctx context.Context, tid TopicID, goals []GoalView) error {
	type count struct {
		Tag   string     `db:"outcome_id"`
		Level quiz.Level `db:"level"`
		N     int        `db:"n"`
	}
	at := map[string]int{}
	for i, g := range goals {
		at[g.Tag()] = i
	}
	return db.Each(ctx, s.db, `select outcome_id, level, count(*) as n from learn_quiz_question
		where topic_id = $1 and not retired group by outcome_id, level`, []any{string(tid)}, func(c count) error {
		if i, ok := at[c.Tag]; ok {
			goals[i].Questions[c.Level] = c.N
		}
		return nil
	})
}

// coursesOfTopic lists the published courses of a topic that are open, that the
// person learns, or that lie in the scope.
func (s store) coursesOfTopic(ctx context.Context, in access.Scope, tid TopicID, p org.PersonID) ([]Course, error) {
	mine := in.Narrow(db.NewWhere(string(tid), string(p)), "unit_id")
	return db.All[Course](ctx, s.db, `select `+courseCols+` from learn_course where topic_id = $1 and state = 'published' and base_id = ''
		and (open or id in (select course_id from learn_enrolment where person_id = $2) or (`+mine.SQL()+`))
		order by starts_on desc nulls last, id limit 100`, mine.Args()...)
}

// GoalChoice is an outcome to choose from, with its topic.
type GoalChoice struct {
	Goal
	Title string `db:"title"` // of the topic
}

// Goals lists the outcomes of all topics in use, topic by topic. Open to all: a
// catalogue holds nothing personal.
func (l *Learn) Goals(ctx context.Context) ([]GoalChoice, error) {
	return db.All[GoalChoice](ctx, l.db, `select `+db.Columns[Goal]("g")+`, t.title from learn_outcome g join learn_topic t on t.id = g.topic_id
		where not t.retired order by t.made_at, t.id, g.no`)
}
