package content

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// keyShape is the shape of every key: lower-case words joined by - or a dot.
var keyShape = regexp.MustCompile(`^[a-z0-9]+(?:[-.][a-z0-9]+)*$`)

// check holds the parts against each other: keys are unique over the whole
// library, and every reference leads somewhere.
func (l *library) check() error {
	keys := keySet{}
	for _, part := range []func(keySet) error{l.checkProgrammes, l.checkLessons, l.checkQuestions, l.checkSurveys} {
		if err := part(keys); err != nil {
			return err
		}
	}
	return l.checkActs()
}

// keySet remembers the keys met so far.
type keySet map[string]bool

func (s keySet) add(key string) error {
	if !keyShape.MatchString(key) {
		return fmt.Errorf("key %q: use a-z, 0-9, - and .", key)
	}
	if s[key] {
		return fmt.Errorf("key %q is used twice", key)
	}
	s[key] = true
	return nil
}

func (l *library) checkProgrammes(keys keySet) error {
	for _, p := range l.programmes {
		if err := p.check(keys); err != nil {
			return fmt.Errorf("programme %q: %w", p.Key, err)
		}
		for _, t := range p.Topics {
			if len(l.lessons[t.Material]) == 0 {
				return fmt.Errorf("topic %q: no lessons for material %q", t.Key, t.Material)
			}
		}
	}
	return nil
}

func (p Programme) check(keys keySet) error {
	err := errors.Join(keys.add(p.Key), filled(p.Title, p.TitleEn, p.Summary, p.Unit, p.UnitCode), days(p.StartsOn, p.EndsOn))
	if err != nil {
		return err
	}
	for _, a := range p.Audiences {
		if err := errors.Join(keyed(a.Key), filled(a.Title, a.TitleEn)); err != nil {
			return err
		}
	}
	for _, t := range p.Topics {
		if err := p.checkTopic(t, keys); err != nil {
			return fmt.Errorf("topic %q: %w", t.Key, err)
		}
	}
	for _, c := range p.Classes {
		if err := p.checkClass(c, keys); err != nil {
			return fmt.Errorf("class %q: %w", c.Key, err)
		}
	}
	return nil
}

func (p Programme) checkTopic(t Topic, keys keySet) error {
	err := errors.Join(keys.add(t.Key), filled(t.Title, t.TitleEn, t.Summary), days(p.StartsOn, t.StartsOn, t.EndsOn, p.EndsOn),
		p.knowsAudiences(t.Audiences), positive(t.Minutes))
	for _, o := range t.Outcomes {
		err = errors.Join(err, keys.add(o.Key), filled(o.Text))
	}
	if len(t.Outcomes) == 0 || len(t.Audiences) == 0 {
		err = errors.Join(err, errors.New("outcomes and audiences are required"))
	}
	return err
}

func (p Programme) checkClass(c Class, keys keySet) error {
	err := errors.Join(keys.add(c.Key), filled(c.Title, c.TitleEn), days(p.StartsOn, c.StartsOn, c.EndsOn, p.EndsOn),
		p.knowsAudiences([]string{c.Audience}), positive(c.PlannedSize))
	for _, key := range c.Topics {
		if !slices.ContainsFunc(p.Topics, func(t Topic) bool { return t.Key == key }) {
			err = errors.Join(err, fmt.Errorf("unknown topic %q", key))
		}
	}
	return err
}

func (p Programme) knowsAudiences(keys []string) error {
	for _, key := range keys {
		if !slices.ContainsFunc(p.Audiences, func(a Audience) bool { return a.Key == key }) {
			return fmt.Errorf("unknown audience %q", key)
		}
	}
	return nil
}

func (l *library) checkLessons(keys keySet) error {
	for _, t := range l.programmes[0].Topics {
		for _, lesson := range l.lessons[t.Key] {
			err := keys.add(lesson.Key)
			for _, o := range lesson.Outcomes {
				err = errors.Join(err, t.knowsOutcome(o))
			}
			if err != nil {
				return fmt.Errorf("lesson %q: %w", lesson.Key, err)
			}
		}
	}
	return nil
}

// check holds a lesson against the rules of its kind, as far as it knows them alone.
func (l Lesson) check() error {
	err := errors.Join(keyed(l.Key), filled(l.Title, l.TitleEn, l.Body), positive(l.Minutes))
	if len(l.Outcomes) == 0 {
		err = errors.Join(err, errors.New("a lesson serves at least one outcome"))
	}
	switch l.Kind {
	case LessonText:
		if l.Evidence != nil || l.Confirm != nil {
			err = errors.Join(err, errors.New("only a task asks for evidence and confirmation"))
		}
	case LessonTask:
		err = errors.Join(err, several(l.Evidence, 1, "pieces of evidence"), several(l.Confirm, 1, "points to confirm"))
	default:
		err = errors.Join(err, fmt.Errorf("unknown kind %q", l.Kind))
	}
	return err
}

func (t Topic) knowsOutcome(key string) error {
	if !slices.ContainsFunc(t.Outcomes, func(o Outcome) bool { return o.Key == key }) {
		return fmt.Errorf("topic %q has no outcome %q", t.Key, key)
	}
	return nil
}

func (l *library) checkQuestions(keys keySet) error {
	for _, t := range l.programmes[0].Topics {
		for _, q := range l.questions[t.Key] {
			if err := errors.Join(keys.add(q.Key), t.knowsOutcome(q.Outcome), q.check()); err != nil {
				return fmt.Errorf("question %q: %w", q.Key, err)
			}
		}
	}
	return nil
}

func (l *library) checkSurveys(keys keySet) error {
	for i, s := range l.scale {
		if s.Value != i+1 {
			return fmt.Errorf("scale: step %d has the value %d", i+1, s.Value)
		}
		if err := filled(s.Text, s.TextEn); err != nil {
			return fmt.Errorf("scale: %w", err)
		}
	}
	for _, s := range l.surveys {
		if err := s.check(keys); err != nil {
			return fmt.Errorf("survey %q: %w", s.Key, err)
		}
	}
	return nil
}

func (s Survey) check(keys keySet) error {
	objects := []Object{ObjectProgramme, ObjectTrainee, ObjectLecturer, ObjectFacilities, ObjectCourse, ObjectEffect}
	err := errors.Join(keys.add(s.Key), filled(s.Title, s.TitleEn, s.Intro, s.Open.Text), keys.add(s.Open.Key))
	if !slices.Contains(objects, s.Object) {
		err = errors.Join(err, fmt.Errorf("unknown object %q", s.Object))
	}
	if len(s.Respondents) == 0 || len(s.Items) == 0 || s.AfterDays < 0 {
		err = errors.Join(err, errors.New("respondents, items and a day from 0 are required"))
	}
	for _, r := range s.Respondents {
		if !slices.Contains([]Respondent{AskTrainee, AskLecturer, AskAgency}, r) {
			err = errors.Join(err, fmt.Errorf("unknown respondent %q", r))
		}
	}
	for _, item := range s.Items {
		err = errors.Join(err, keys.add(item.Key), filled(item.Text))
	}
	return err
}

func (l *library) checkActs() error {
	numbers := map[string]bool{}
	for _, a := range l.acts {
		err := errors.Join(filled(a.Number, a.Kind, a.Issuer, a.Title, a.TitleEn, a.Use), days(a.IssuedOn))
		if a.InForceOn != "" {
			err = errors.Join(err, days(a.IssuedOn, a.InForceOn))
		}
		if a.EndedOn != "" {
			err = errors.Join(err, days(a.IssuedOn, a.EndedOn))
		}
		if numbers[a.Number] {
			err = errors.Join(err, errors.New("listed twice"))
		}
		if err != nil {
			return fmt.Errorf("act %q: %w", a.Number, err)
		}
		numbers[a.Number] = true
	}
	return nil
}

func keyed(key string) error { return keySet{}.add(key) }

func filled(texts ...string) error {
	if slices.ContainsFunc(texts, blank) {
		return errors.New("a required text is missing")
	}
	return nil
}

func positive(n int) error {
	if n < 1 {
		return errors.New("a number of 1 or more is required")
	}
	return nil
}

// days demands real dates, none before the one that precedes it.
func days(dates ...Date) error {
	for i, d := range dates {
		if _, ok := d.Time(time.UTC); !ok {
			return fmt.Errorf("%q is not a date like 2022-05-09", d)
		}
		if i > 0 && d < dates[i-1] {
			return fmt.Errorf("%s comes before %s", d, dates[i-1])
		}
	}
	return nil
}
