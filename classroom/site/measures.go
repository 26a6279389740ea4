package site

import (
	"context"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

// measureCounted is the lượt that sites counted and signed. They bear no names, so
// they are apart from what roll calls came to, and no persons are told.
const measureCounted = "classroom.site.counted"

// source is the sites as a source of figures.
func (s *Sites) source() module.Source {
	return module.Source{
		Key:      "classroom.site",
		Measures: []module.Measure{{Key: measureCounted, Text: i18n.T("site.measure.counted"), Unit: i18n.T("site.measure.turns"), Step: module.Attended}},
		Facts:    s.facts,
		Topics:   s.topics,
		Records:  s.records,
	}
}

type dated struct {
	Session classroom.SessionID `db:"session_id"`
	Topic   string              `db:"topic"`
	Starts  time.Time           `db:"starts_at"`
	State   string              `db:"state"`
	Changed time.Time           `db:"changed_at"`
}

const topicKey = `case when t.learn_topic is null or t.learn_topic = '' then coalesce(t.id, '') else t.learn_topic end`

// facts yields for every site of a conference that changed, and every category
// that was ever counted there, how many were signed for.
func (s *Sites) facts(ctx context.Context, since time.Time, yield func(module.Fact) error) error {
	list, err := db.All[dated](ctx, s.db, `select c.session_id, `+topicKey+` as topic, x.starts_at, x.state, c.changed_at
		from classroom_site_conference c join classroom_session x on x.id = c.session_id join classroom_class k on k.id = x.class_id
		left join classroom_topic t on t.id = case when x.topic_id = '' then k.topic_id else x.topic_id end
		where c.changed_at >= $1 or x.changed_at >= $1`, since.UnixMicro())
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := s.factsOf(ctx, d, yield); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sites) factsOf(ctx context.Context, d dated, yield func(module.Fact) error) error {
	checks, err := s.checksOf(ctx, d.Session)
	if err != nil {
		return err
	}
	sites, err := s.sitesOf(ctx, d.Session)
	if err != nil {
		return err
	}
	marks := map[ID][]Mark{}
	err = db.Each(ctx, s.db, `select `+db.Columns[Mark]("")+` from classroom_site_mark where session_id = $1`, []any{d.Session}, func(k Mark) error {
		marks[k.Site] = append(marks[k.Site], k)
		return nil
	})
	if err != nil {
		return err
	}
	for _, x := range sites {
		st := Merge(marks[x.ID], checks, x.Central)
		for _, c := range org.Categories {
			n, ever := st.Counts[c]
			if !ever {
				continue
			}
			if !st.Signed || d.State == "cancelled" {
				n = 0
			}
			f := module.Fact{Measure: measureCounted, Record: string(x.ID) + "/" + string(c), Unit: string(x.Unit), Category: string(c),
				Topic: d.Topic, On: clock.DateOf(d.Starts), N: n, Changed: d.Changed}
			if err := yield(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// topics names topics of plans by their key.
func (s *Sites) topics(ctx context.Context, keys []string) (map[string]string, error) {
	type named struct {
		Key  string `db:"topic"`
		Name string `db:"name"`
	}
	w := db.In(db.NewWhere(), topicKey, keys)
	rows, err := db.All[named](ctx, s.db, `select `+topicKey+` as topic, t.name from classroom_topic t where `+w.SQL(), w.Args()...)
	names := map[string]string{}
	for _, r := range rows {
		names[r.Key] = r.Name
	}
	return names, err
}

type behind struct {
	ID     ID         `db:"id"`
	Unit   org.UnitID `db:"unit_id"`
	Class  string     `db:"name"`
	Title  string     `db:"title"`
	Starts time.Time  `db:"starts_at"`
}

// records names the headcounts of sites that the actor may see.
func (s *Sites) records(ctx context.Context, records []string) ([]module.Record, error) {
	var sites []ID
	of := map[ID][]string{}
	for _, r := range records {
		id, category, ok := strings.Cut(r, "/")
		if ok {
			sites = append(sites, ID(id))
			of[ID(id)] = append(of[ID(id)], category)
		}
	}
	w := access.In(ctx, Read).Narrow(db.In(db.NewWhere(), "x.id", sites), "p.unit_id")
	rows, err := db.All[behind](ctx, s.db, `select x.id, x.unit_id, k.name, s.title, s.starts_at from classroom_site_site x
		join classroom_session s on s.id = x.session_id join classroom_class k on k.id = s.class_id join classroom_plan p on p.id = k.plan_id
		where `+w.SQL()+` order by s.starts_at, x.id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	var out []module.Record
	for _, r := range rows {
		name := r.Title
		if name == "" {
			name = r.Class
		}
		for _, c := range of[r.ID] {
			out = append(out, module.Record{ID: string(r.ID) + "/" + c, Title: s.orgs.On(ctx, clock.DateOf(r.Starts)).Name(r.Unit),
				Detail: name + ", " + i18n.S(ctx, "classroom.category."+c) + ", " + i18n.DateTime(ctx, r.Starts), Path: sitePath(r.ID)})
		}
	}
	return out, nil
}
