package learn

import (
	"bytes"
	"context"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/learn/markup"
	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// Seed fills an empty house with the courses of the demo's first province, where
// the tree has it. Only access.System may call it: it writes in every unit.
func (l *Learn) Seed(ctx context.Context) error {
	if err := access.CheckSelf(ctx, ""); err != nil {
		return err
	}
	p := content.Programmes()[0]
	starts, err := clock.ParseDate(string(p.StartsOn))
	if err != nil {
		return err
	}
	for _, u := range l.orgs.On(ctx, starts).All() {
		if u.Tier == org.Province && u.Code == p.UnitCode {
			seeded, err := l.SeedCourses(ctx, u.ID)
			if err != nil {
				return err
			}
			if err := l.seedLearners(ctx, u.ID, seeded); err != nil {
				return err
			}
			return l.seedSurveys(ctx, u.ID, seeded)
		}
	}
	return nil
}

// Seeded is a topic of the demo with its course and test.
type Seeded struct {
	Key    string // of the topic in package content
	Topic  TopicID
	Course CourseID
	Test   quiz.TestID // "" for a topic that ships in outline
	Starts clock.Date
	Ends   clock.Date
}

// SeedCourses makes the six topics of Quảng Nam's programme as published courses
// of a unit, with their lessons and pictures, the question bank, and a test of 20
// questions drawn from it. What is there already stays. It asks through the use
// cases that it calls: access.Check for EditCourse.
func (l *Learn) SeedCourses(ctx context.Context, unit org.UnitID) ([]Seeded, error) {
	var out []Seeded
	for _, t := range content.Topics() {
		s, err := l.seedTopic(ctx, unit, t)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, l.seedProgramme(ctx, unit, out)
}

// seedProgramme puts the courses together as the programme that they were.
func (l *Learn) seedProgramme(ctx context.Context, unit org.UnitID, seeded []Seeded) error {
	p := content.Programmes()[0]
	n, err := db.One[int](ctx, l.db, `select count(*) from learn_programme where unit_id = $1 and title = $2`, string(unit), p.Title)
	if err != nil || n > 0 {
		return err
	}
	in := NewProgramme{Unit: unit, Title: p.Title, Summary: p.Summary}
	for _, s := range seeded {
		in.Courses = append(in.Courses, s.Course)
	}
	_, err = l.AddProgramme(ctx, in)
	return err
}

func (l *Learn) seedTopic(ctx context.Context, unit org.UnitID, t content.Topic) (s Seeded, err error) {
	s.Key = t.Key
	if s.Starts, err = clock.ParseDate(string(t.StartsOn)); err != nil {
		return s, err
	}
	if s.Ends, err = clock.ParseDate(string(t.EndsOn)); err != nil {
		return s, err
	}
	var goals []NewGoal
	for _, o := range t.Outcomes {
		goals = append(goals, NewGoal{Text: o.Text, Source: o.Key})
	}
	if s.Topic, err = l.AddTopic(ctx, NewTopic{Unit: unit, Title: t.Title, TitleEn: t.TitleEn, Summary: t.Summary, Minutes: t.Minutes, Goals: goals, Source: t.Key}); err != nil {
		return s, err
	}
	rule := Rule{Lessons: true}
	s.Course, err = l.CreateCourse(ctx, NewCourse{Unit: unit, Topic: s.Topic, Title: t.Title, Summary: t.Summary, Starts: s.Starts, Ends: s.Ends,
		Minutes: t.Minutes, Rule: rule, Open: t.Key == content.Topics()[0].Key, Source: t.Key})
	if err != nil {
		return s, err
	}
	o, err := l.outlines.fresh(ctx, s.Course)
	if err != nil {
		return s, err
	}
	for _, lesson := range o.Lessons { // was seeded before
		if lesson.Kind == LessonQuiz {
			s.Test = lesson.Test
		}
	}
	if len(o.Lessons) > 0 {
		return s, nil
	}
	if err := l.seedLessons(ctx, unit, t, &s); err != nil {
		return s, err
	}
	return s, l.SetState(ctx, s.Course, Published)
}

func (l *Learn) seedLessons(ctx context.Context, unit org.UnitID, t content.Topic, s *Seeded) error {
	var all []NewLesson
	for _, x := range content.Lessons(t.Key) {
		n := NewLesson{Kind: LessonKind(x.Kind), Title: x.Title, Minutes: x.Minutes, Required: x.Kind != content.LessonTask, Source: x.Body,
			Evidence: x.Evidence, Confirm: x.Confirm, Outcomes: x.Outcomes}
		all = append(all, n)
		if err := l.seedPictures(ctx, t.Key, s.Course, x.Body); err != nil {
			return err
		}
	}
	questions := content.Questions(t.Key)
	if len(questions) > 0 {
		if err := l.seedTest(ctx, unit, t, questions, s); err != nil {
			return err
		}
		all = append(all, NewLesson{Kind: LessonQuiz, Title: "Bài kiểm tra cuối chuyên đề", Minutes: 30, Required: true, Test: s.Test,
			Source: "Bài kiểm tra có 20 câu, rút ngẫu nhiên từ ngân hàng câu hỏi. Đạt từ 50 % số điểm trở lên là hoàn thành."})
	}
	_, err := l.AddLessons(ctx, s.Course, all)
	return err
}

func (l *Learn) seedPictures(ctx context.Context, topic string, course CourseID, body string) error {
	for _, name := range markup.Pictures(body) {
		picture, err := content.Picture(topic, name)
		if err != nil {
			continue // a picture that the material does not ship is shown by its words
		}
		if err := l.AddPicture(ctx, course, Upload{name, bytes.NewReader(picture)}); err != nil {
			return err
		}
	}
	return nil
}

func (l *Learn) seedTest(ctx context.Context, unit org.UnitID, t content.Topic, questions []content.Question, s *Seeded) error {
	var bank []quiz.NewQuestion
	for _, q := range questions {
		bank = append(bank, fromContent(unit, string(s.Topic), q))
	}
	if _, err := l.quiz.AddQuestions(ctx, bank); err != nil {
		return err
	}
	var err error
	s.Test, err = l.quiz.CreateTest(ctx, quiz.NewTest{Unit: unit, Course: string(s.Course), Title: "Bài kiểm tra: " + t.Title, Minutes: 30, Attempts: 3, GraceS: 60,
		PassPercent: 50, MixQuestion: true, MixOptions: true, Picks: []quiz.Pick{{Topic: string(s.Topic), NoHand: true, Count: 20}}})
	if err != nil {
		return err
	}
	return l.quiz.Publish(ctx, s.Test)
}
