package learn

import (
	"context"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// TopicID names a topic.
type TopicID string

// Topic is a subject taught as a whole (chuyên đề).
type Topic struct {
	ID      TopicID    `db:"id"`
	Unit    org.UnitID `db:"unit_id"`
	Title   string     `db:"title"`
	TitleEn string     `db:"title_en"`
	Summary string     `db:"summary"`
	Folded  string     `db:"folded"`
	Minutes int        `db:"minutes"`
	Source  *string    `db:"source_key"`
	Retired bool       `db:"retired"`
	Edition int        `db:"edition"`
	MadeAt  time.Time  `db:"made_at"`
}

// Goal is a learning outcome (chuẩn đầu ra) of a topic.
type Goal struct {
	ID     string  `db:"id"`
	Topic  TopicID `db:"topic_id"`
	No     int     `db:"no"`
	Text   string  `db:"text"`
	Source *string `db:"source_key"`
}

// NewTopic is what someone fills in to make or change a topic.
type NewTopic struct {
	Unit    org.UnitID
	Title   string
	TitleEn string
	Summary string
	Minutes int
	Goals   []NewGoal
	Source  string // key in shipped or imported material
}

// NewGoal is a learning outcome to be written. ID names the one that it changes;
// "" is a new one.
type NewGoal struct{ ID, Text, Source string }

// Tag is how questions and lessons name the outcome: by its key in the material
// that it came with, else by its identifier.
func (g Goal) Tag() string {
	if g.Source != nil {
		return *g.Source
	}
	return g.ID
}

func (n *NewTopic) check() error {
	n.Title, n.TitleEn, n.Summary = text.Clean(n.Title), text.Clean(n.TitleEn), text.CleanLines(n.Summary)
	var f errs.Form
	f.Need(n.Unit != "", "unit", "learn.need.unit")
	f.Need(n.Title != "" && len(n.Title) <= titleMax, "title", "learn.need.title")
	f.Need(n.Minutes >= 0 && n.Minutes <= minutesMax, "minutes", "learn.need.minutes")
	f.Need(len(n.Goals) <= goalsMax, "goals", "learn.need.goals")
	for _, g := range n.Goals {
		f.Need(len(g.Text) <= 1000, "goals", "learn.need.goal-long")
	}
	return f.Err()
}

const (
	titleMax   = 300
	goalsMax   = 40
	minutesMax = 100000
)

// AddTopic makes a topic of a unit with its outcomes. A topic whose Source is there
// already is returned as it is.
func (l *Learn) AddTopic(ctx context.Context, n NewTopic) (TopicID, error) {
	if err := access.Check(ctx, EditCourse, n.Unit); err != nil {
		return "", err
	}
	if err := n.check(); err != nil {
		return "", err
	}
	if n.Source != "" {
		known, err := db.All[TopicID](ctx, l.db, `select id from learn_topic where source_key = $1`, n.Source)
		if err != nil || len(known) > 0 {
			return first(known), err
		}
	}
	t := Topic{ID: TopicID(id.New(ctx)), Unit: n.Unit, Title: n.Title, TitleEn: n.TitleEn, Summary: n.Summary,
		Folded: text.Fold(n.Title), Minutes: n.Minutes, Source: orNil(n.Source), MadeAt: clock.Now(ctx)}
	return t.ID, l.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, l.db, "learn_topic", t); err != nil {
			return err
		}
		if err := db.Insert(ctx, l.db, "learn_outcome", goals(ctx, t.ID, n.Goals, nil)...); err != nil {
			return err
		}
		return l.audit(ctx, "learn.topic.added", t.Unit, "topic:"+string(t.ID), t.Title)
	})
}

// goals are the outcomes of a topic in their order. One that is named in known
// keeps its identifier and key, so that what is tagged with it stays tagged.
func goals(ctx context.Context, topic TopicID, all []NewGoal, known map[string]Goal) []Goal {
	var out []Goal
	for _, g := range all {
		words := text.Clean(g.Text)
		if words == "" {
			continue
		}
		row := Goal{ID: id.New(ctx), Topic: topic, No: len(out) + 1, Text: words, Source: orNil(g.Source)}
		if old, ok := known[g.ID]; ok {
			row.ID, row.Source = old.ID, old.Source
			delete(known, g.ID)
		}
		out = append(out, row)
	}
	return out
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func first[T any](all []T) (v T) {
	if len(all) > 0 {
		v = all[0]
	}
	return v
}

// EditTopic changes a topic and its outcomes, unless someone changed it since the
// given edition.
func (l *Learn) EditTopic(ctx context.Context, tid TopicID, edition int, n NewTopic) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		t, err := l.store.topic(ctx, tid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, EditCourse, t.Unit); err != nil {
			return err
		}
		n.Unit = t.Unit
		if err := n.check(); err != nil {
			return err
		}
		if err := changed(l.db.Exec(ctx, `update learn_topic set title = $1, title_en = $2, summary = $3, folded = $4, minutes = $5,
			edition = edition + 1 where id = $6 and edition = $7`, n.Title, n.TitleEn, n.Summary, text.Fold(n.Title), n.Minutes, tid, edition)); err != nil {
			return err
		}
		if err := l.editGoals(ctx, tid, n.Goals); err != nil {
			return err
		}
		return l.audit(ctx, "learn.topic.edited", t.Unit, "topic:"+string(tid), n.Title)
	})
}

// editGoals writes the outcomes of a topic anew. One with which lessons or
// questions are tagged is not taken out.
func (l *Learn) editGoals(ctx context.Context, tid TopicID, all []NewGoal) error {
	old, err := l.store.goals(ctx, tid)
	if err != nil {
		return err
	}
	left := map[string]Goal{}
	for _, g := range old {
		left[g.ID] = g
	}
	fresh := goals(ctx, tid, all, left)
	for _, g := range left {
		if n, err := l.store.tagged(ctx, tid, g.Tag()); err != nil || n > 0 {
			return orElse(err, errs.New(errs.Invalid, "error.invalid").Field("goals", "learn.need.goal-used", g.No, n))
		}
	}
	if _, err := l.db.Exec(ctx, `delete from learn_outcome where topic_id = $1`, tid); err != nil {
		return err
	}
	return db.Insert(ctx, l.db, "learn_outcome", fresh...)
}

// RetireTopic takes a topic out of the lists, or back in. Its courses stay.
func (l *Learn) RetireTopic(ctx context.Context, tid TopicID, retired bool) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		t, err := l.store.topic(ctx, tid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, EditCourse, t.Unit); err != nil {
			return err
		}
		if _, err := l.db.Exec(ctx, `update learn_topic set retired = $1, edition = edition + 1 where id = $2`, retired, tid); err != nil {
			return err
		}
		return l.audit(ctx, "learn.topic.retired", t.Unit, "topic:"+string(tid), map[string]bool{"retired": retired})
	})
}

// Topics lists all topics in use. Open to all: a catalogue holds nothing personal.
func (l *Learn) Topics(ctx context.Context) ([]Topic, error) {
	return db.All[Topic](ctx, l.db, `select `+db.Columns[Topic]("")+` from learn_topic where not retired order by made_at, id`)
}

// TopicOf returns a topic with its outcomes. Open to all, as Topics is.
func (l *Learn) TopicOf(ctx context.Context, tid TopicID) (Topic, []Goal, error) {
	t, err := l.store.topic(ctx, tid)
	if err != nil {
		return t, nil, err
	}
	g, err := l.store.goals(ctx, tid)
	return t, g, err
}
