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

// NewGoal is a learning outcome to be written.
type NewGoal struct{ Text, Source string }

func (n *NewTopic) check() error {
	n.Title, n.TitleEn, n.Summary = text.Clean(n.Title), text.Clean(n.TitleEn), text.CleanLines(n.Summary)
	var f errs.Form
	f.Need(n.Unit != "", "unit", "learn.need.unit")
	f.Need(n.Title != "" && len(n.Title) <= titleMax, "title", "learn.need.title")
	f.Need(n.Minutes >= 0 && n.Minutes <= minutesMax, "minutes", "learn.need.minutes")
	f.Need(len(n.Goals) <= 40, "goals", "learn.need.goals")
	return f.Err()
}

const (
	titleMax   = 300
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
		if err := db.Insert(ctx, l.db, "learn_outcome", goals(ctx, t.ID, n.Goals)...); err != nil {
			return err
		}
		return l.audit(ctx, "learn.topic.added", t.Unit, "topic:"+string(t.ID), t.Title)
	})
}

func goals(ctx context.Context, topic TopicID, all []NewGoal) []Goal {
	var out []Goal
	for _, g := range all {
		if words := text.Clean(g.Text); words != "" {
			out = append(out, Goal{ID: id.New(ctx), Topic: topic, No: len(out) + 1, Text: words, Source: orNil(g.Source)})
		}
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
		if _, err := l.db.Exec(ctx, `delete from learn_outcome where topic_id = $1`, tid); err != nil {
			return err
		}
		if err := db.Insert(ctx, l.db, "learn_outcome", goals(ctx, tid, n.Goals)...); err != nil {
			return err
		}
		return l.audit(ctx, "learn.topic.edited", t.Unit, "topic:"+string(tid), n.Title)
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
	g, err := db.All[Goal](ctx, l.db, `select `+db.Columns[Goal]("")+` from learn_outcome where topic_id = $1 order by no`, tid)
	return t, g, err
}
