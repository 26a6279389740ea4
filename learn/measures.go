package learn

import (
	"context"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

// What learn can count. A person who learns two courses is two lượt and one người.
const (
	MeasureRegistered  = "learn.registered"
	MeasureCompleted   = "learn.completed"
	MeasurePassed      = "learn.passed"
	MeasureCertificate = "learn.certificates"
)

// Sources is what learn counts: enrolments (registered, completed, passed) and
// certificates. Open to all: package measure asks who may see which units.
func (l *Learn) Sources() []module.Source {
	measure := func(key, unit string, step module.Step) module.Measure {
		return module.Measure{Key: key, Text: i18n.T(key), Unit: i18n.T(unit), Step: step}
	}
	return []module.Source{
		{Key: "learn.enrolment", Topics: l.topicNames, Facts: l.enrolmentFacts, Records: l.enrolmentRecords, Measures: []module.Measure{
			measure(MeasureRegistered, "learn.times", module.Enrolled), measure(MeasureCompleted, "learn.times", module.Completed), measure(MeasurePassed, "learn.times", module.Passed)}},
		{Key: "learn.certificate", Topics: l.topicNames, Facts: l.certificateFacts, Records: l.certificateRecords, Measures: []module.Measure{
			measure(MeasureCertificate, "learn.certificates-unit", module.Certified)}},
	}
}

// topicNames names topics in the reader's language.
func (l *Learn) topicNames(ctx context.Context, ids []string) (map[string]string, error) {
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	w := db.In(db.NewWhere(), "id", ids)
	return names, db.Each(ctx, l.db, `select `+db.Columns[Topic]("")+` from learn_topic where `+w.SQL(), w.Args(), func(t Topic) error {
		names[string(t.ID)] = t.Title
		if i18n.Of(ctx) == i18n.En && t.TitleEn != "" {
			names[string(t.ID)] = t.TitleEn
		}
		return nil
	})
}

type enrolmentFact struct {
	ID          string     `db:"id"`
	Unit        string     `db:"unit_id"`
	Person      string     `db:"person_id"`
	Category    string     `db:"category"`
	Topic       string     `db:"topic_id"`
	State       string     `db:"state"`
	Passed      bool       `db:"passed"`
	EnrolledAt  time.Time  `db:"enrolled_at"`
	CompletedOn clock.Date `db:"completed_on"`
	ChangedAt   time.Time  `db:"changed_at"`
}

func (l *Learn) enrolmentFacts(ctx context.Context, since time.Time, yield func(module.Fact) error) error {
	return db.Each(ctx, l.db, `select e.id, e.unit_id, e.person_id, e.category, c.topic_id, e.state, e.passed, e.enrolled_at, e.completed_on, e.changed_at
		from learn_enrolment e join learn_course c on c.id = e.course_id where e.changed_at >= $1`, []any{since.UnixMicro()}, func(e enrolmentFact) error {
		for _, f := range e.facts() {
			if err := yield(f); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e enrolmentFact) facts() [3]module.Fact {
	f := module.Fact{Measure: MeasureRegistered, Record: e.ID, Unit: e.Unit, Person: e.Person, Category: e.Category, Topic: e.Topic,
		On: clock.DateOf(e.EnrolledAt), Changed: e.ChangedAt}
	if e.State != string(Withdrawn) {
		f.N = 1
	}
	completed := f
	completed.Measure, completed.On, completed.N = MeasureCompleted, e.CompletedOn, 0
	if e.State == string(Completed) {
		completed.N = 1
	}
	passed := completed
	passed.Measure = MeasurePassed
	if !e.Passed {
		passed.N = 0
	}
	return [3]module.Fact{f, completed, passed}
}

func (l *Learn) certificateFacts(ctx context.Context, since time.Time, yield func(module.Fact) error) error {
	return db.Each(ctx, l.db, `select `+certificateCols+` from learn_certificate where changed_at >= $1`, []any{since.UnixMicro()}, func(k Certificate) error {
		f := module.Fact{Measure: MeasureCertificate, Record: k.ID, Unit: string(k.PersonUnit), Person: string(k.Person), Category: string(k.Category),
			Topic: string(k.Topic), On: k.IssuedOn, Changed: k.ChangedAt, N: 1}
		if !k.RevokedAt.IsZero() || k.ReplacedBy != "" {
			f.N = 0
		}
		return yield(f)
	})
}

// enrolmentRecords names enrolments in units whose records the actor may read. That
// they were read is noted in the audit log.
func (l *Learn) enrolmentRecords(ctx context.Context, ids []string) ([]module.Record, error) {
	type row struct {
		ID     string       `db:"id"`
		Person org.PersonID `db:"person_id"`
		Name   string       `db:"name"`
		Title  string       `db:"title"`
		Course string       `db:"course_id"`
		State  string       `db:"state"`
		On     clock.Date   `db:"completed_on"`
	}
	if len(ids) == 0 {
		return nil, nil
	}
	w := access.In(ctx, ReadRecords).Narrow(db.NewWhere(), "e.unit_id")
	db.In(w, "e.id", ids)
	rows, err := db.All[row](ctx, l.db, `select e.id, e.person_id, coalesce(p.name, '') as name, c.title, e.course_id, e.state, e.completed_on
		from learn_enrolment e join learn_course c on c.id = e.course_id left join org_person p on p.id = e.person_id
		where `+w.SQL()+` order by p.name_key, e.id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	out := make([]module.Record, len(rows))
	for i, r := range rows {
		out[i] = module.Record{ID: r.ID, Title: r.Name, Path: "/learn/courses/" + r.Course + "/grades",
			Detail: i18n.S(ctx, "learn.record", r.Title, i18n.T("learn.state."+r.State), r.On.Viet())}
	}
	return out, l.auditRead(ctx, ReadRecords, "", "", "enrolments", map[string]int{"records": len(rows)})
}

func (l *Learn) certificateRecords(ctx context.Context, ids []string) ([]module.Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	w := access.In(ctx, ReadRecords).Narrow(db.NewWhere(), "person_unit")
	db.In(w, "id", ids)
	rows, err := db.All[Certificate](ctx, l.db, `select `+certificateCols+` from learn_certificate where `+w.SQL()+` order by year, number, id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	out := make([]module.Record, len(rows))
	for i, k := range rows {
		out[i] = module.Record{ID: k.ID, Title: k.Name, Detail: k.Serial + ", " + k.Title, Path: "/c/" + k.Serial}
	}
	return out, l.auditRead(ctx, ReadRecords, "", "", "certificates", map[string]int{"records": len(rows)})
}
