package classroom

import (
	"context"

	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
)

func (c *Classroom) programmeName(ctx context.Context, id ProgrammeID) (string, error) {
	return db.One[string](ctx, c.db, `select name from classroom_programme where id = $1`, id)
}

// learnOptions are the choices of a topic of the learning room; none when the two
// rooms are not wired.
func (c *Classroom) learnOptions(ctx context.Context) ([]ui.Option, error) {
	if c.opt.Learning == nil {
		return nil, nil
	}
	list, err := c.opt.Learning.Topics(ctx)
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Text: i18n.T("classroom.topic.no-link")}}
	for _, t := range list {
		out = append(out, ui.Option{Value: t.ID, Text: ui.Plain(t.Name)})
	}
	return out, nil
}

// topicNames gives the topics of a plan by their id.
func (c *Classroom) topicNames(ctx context.Context, p PlanID) (map[TopicID]string, error) {
	list, err := c.topics(ctx, p)
	if err != nil {
		return nil, err
	}
	m := map[TopicID]string{}
	for _, t := range list {
		m[t.ID] = t.Name
	}
	return m, nil
}
