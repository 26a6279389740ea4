package survey

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
)

// Item is a line of a questionnaire.
type Item struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}

// Step is a step of the scale.
type Step struct {
	Text   string `json:"text"`
	TextEn string `json:"text_en"`
}

// Body is what a questionnaire says.
type Body struct {
	Title       string       `json:"title"`
	TitleEn     string       `json:"title_en"`
	Intro       string       `json:"intro"`
	Respondents []Respondent `json:"respondents"`
	AfterDays   int          `json:"after_days"` // from the end of the course until it is sent
	OpenDays    int          `json:"open_days"`  // for which it can be answered
	Items       []Item       `json:"items"`      // each answered on Scale
	Open        Item         `json:"open"`       // answered in words; no text: not asked
	Scale       []Step       `json:"scale"`      // five, from strong disagreement
}

// Form is a version of a questionnaire.
type Form struct {
	ID      string     `db:"id"`
	Unit    org.UnitID `db:"unit_id"` // "" the house's own
	Key     string     `db:"key"`
	Version int64      `db:"version"`
	Object  Object     `db:"object"`
	JSON    string     `db:"body"`
	Made    clock.Date `db:"made_on"`
	Edition int64      `db:"edition"`
}

const (
	openDays    = 14 // for which a shipped questionnaire can be answered
	maxItems    = 20
	maxText     = 300  // letters of an item
	maxIntro    = 1000 // letters of an introduction
	maxAfter    = 730
	maxOpenDays = 90
)

// Body is what the version says.
func (f Form) Body() (b Body, err error) {
	if err = json.Unmarshal([]byte(f.JSON), &b); err != nil {
		err = fmt.Errorf("survey: form %s: %w", f.ID, err)
	}
	return b, err
}

// titled is the title in the language of ctx.
func (b Body) titled(ctx context.Context) string {
	if i18n.Of(ctx) == i18n.En && b.TitleEn != "" {
		return b.TitleEn
	}
	return b.Title
}

// said is the step in the language of ctx.
func (s Step) said(ctx context.Context) string {
	if i18n.Of(ctx) == i18n.En && s.TextEn != "" {
		return s.TextEn
	}
	return s.Text
}

func (b Body) asks(r Respondent) bool { return slices.Contains(b.Respondents, r) }

// shipped is the questionnaire of the content as a body.
func shipped(c content.Survey) Body {
	b := Body{Title: c.Title, TitleEn: c.TitleEn, Intro: c.Intro, Respondents: c.Respondents, AfterDays: c.AfterDays, OpenDays: openDays, Open: Item(c.Open)}
	for _, i := range c.Items {
		b.Items = append(b.Items, Item(i))
	}
	for _, s := range content.Scale() {
		b.Scale = append(b.Scale, Step{s.Text, s.TextEn})
	}
	return b
}

// ship enters the questionnaires of the content where they are new or read
// otherwise than the last time.
func (s *Surveys) ship(ctx context.Context) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		known, err := db.All[Form](ctx, s.db, `select `+db.Columns[Form]("")+` from learn_survey_form where unit_id = '' order by version`)
		if err != nil {
			return err
		}
		last := map[string]Form{}
		for _, f := range known {
			last[f.Key] = f
		}
		for _, c := range content.Surveys() {
			text, err := json.Marshal(shipped(c))
			if err != nil {
				return err
			}
			if last[c.Key].JSON == string(text) {
				continue
			}
			f := Form{Key: c.Key, Version: last[c.Key].Version + 1, Object: c.Object, JSON: string(text), Made: clock.Today(ctx)}
			f.ID = fmt.Sprintf("%s@%d", f.Key, f.Version)
			if err := db.InsertOr(ctx, s.db, "learn_survey_form", "on conflict do nothing", f); err != nil {
				return err
			}
		}
		return nil
	})
}

// FormsFor lists the six questionnaires by which courses of a unit are evaluated:
// those of the unit, else of the nearest unit above it, else the house's.
func (s *Surveys) FormsFor(ctx context.Context, unit org.UnitID) ([]Form, error) {
	if err := access.Check(ctx, Read, unit); err != nil {
		return nil, err
	}
	return s.formsFor(ctx, unit)
}

func (s *Surveys) formsFor(ctx context.Context, unit org.UnitID) (forms []Form, err error) {
	if err := s.ship(ctx); err != nil {
		return nil, err
	}
	from := append(append([]org.UnitID{unit}, s.orgs.Now(ctx).Ancestors(unit)...), "")
	w := db.NewWhere()
	all, err := db.All[Form](ctx, s.db, `select `+db.Columns[Form]("")+` from learn_survey_form where `+db.In(w, "unit_id", from).SQL()+` order by version`, w.Args()...)
	if err != nil {
		return nil, err
	}
	best := map[string]Form{}
	for _, f := range all {
		b, ok := best[f.Key]
		if !ok || slices.Index(from, f.Unit) <= slices.Index(from, b.Unit) {
			best[f.Key] = f
		}
	}
	for _, o := range Objects {
		for _, c := range content.Surveys() {
			if f, ok := best[c.Key]; ok && f.Object == o {
				forms = append(forms, f)
			}
		}
	}
	return forms, nil
}

// FormFor is one of FormsFor; NotFound for a key that there is not.
func (s *Surveys) FormFor(ctx context.Context, unit org.UnitID, key string) (Form, error) {
	if err := access.Check(ctx, Read, unit); err != nil {
		return Form{}, err
	}
	return s.formFor(ctx, unit, key)
}

func (s *Surveys) formFor(ctx context.Context, unit org.UnitID, key string) (Form, error) {
	forms, err := s.formsFor(ctx, unit)
	if err != nil {
		return Form{}, err
	}
	for _, f := range forms {
		if f.Key == key {
			return f, nil
		}
	}
	return Form{}, errs.New(errs.NotFound, "error.not-found")
}

func (s *Surveys) form(ctx context.Context, form string) (f Form, b Body, err error) {
	if f, err = db.One[Form](ctx, s.db, `select `+db.Columns[Form]("")+` from learn_survey_form where id = $1`, form); err == nil {
		b, err = f.Body()
	}
	return f, b, err
}

// SetForm rewrites a questionnaire for the courses of a unit and all below it. A
// version that was put to people stays as it is, and a new one follows it. based
// and edition are those of the form that was edited. Who is asked and the scale do
// not change. Errors: Invalid by field; Conflict.
func (s *Surveys) SetForm(ctx context.Context, unit org.UnitID, key, based string, edition int64, b Body) error {
	if err := access.Check(ctx, Edit, unit); err != nil {
		return err
	}
	if err := b.check(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		f, err := s.formFor(ctx, unit, key)
		if err != nil {
			return err
		}
		if f.ID != based || f.Edition != edition {
			return errs.New(errs.Conflict, "error.changed")
		}
		old, err := f.Body()
		if err != nil {
			return err
		}
		b.Respondents, b.Scale = old.Respondents, old.Scale
		text, err := json.Marshal(b)
		if err != nil {
			return err
		}
		if err := s.write(ctx, f, unit, string(text)); err != nil {
			return err
		}
		return access.Audit(ctx, s.db, access.Entry{Action: Edit, Unit: unit, Subject: "survey-form:" + key, Detail: b})
	})
}

// write puts the text into f where f is the unit's own and nobody was asked by it,
// else into a new version.
func (s *Surveys) write(ctx context.Context, f Form, unit org.UnitID, text string) error {
	if f.Unit == unit {
		n, err := s.db.Exec(ctx, `update learn_survey_form set body = $1, edition = edition + 1 where id = $2 and edition = $3
			and not exists (select 1 from learn_survey_run r where r.form_id = learn_survey_form.id)`, text, f.ID, f.Edition)
		if err != nil || n == 1 {
			return err
		}
	}
	last, err := db.One[int64](ctx, s.db, `select coalesce(max(version), 0) from learn_survey_form where unit_id = $1 and key = $2`, unit, f.Key)
	if err != nil {
		return err
	}
	n := Form{ID: id.New(ctx), Unit: unit, Key: f.Key, Version: last + 1, Object: f.Object, JSON: text, Made: clock.Today(ctx)}
	return db.Insert(ctx, s.db, "learn_survey_form", n)
}

// check says what is wrong with a body, by field.
func (b Body) check() error {
	var f errs.Form
	f.Need(b.Title != "" && utf8.RuneCountInString(b.Title) <= maxText, "title", "learn_survey.need-title", maxText)
	f.Need(utf8.RuneCountInString(b.Intro) <= maxIntro, "intro", "learn_survey.long-intro", maxIntro)
	f.Need(len(b.Items) > 0, "items", "learn_survey.need-items")
	f.Need(len(b.Items) <= maxItems, "items", "learn_survey.many-items", maxItems)
	for _, i := range b.Items {
		f.Need(utf8.RuneCountInString(i.Text) <= maxText, "items", "learn_survey.long-item", maxText)
	}
	f.Need(utf8.RuneCountInString(b.Open.Text) <= maxText, "open", "learn_survey.long-item", maxText)
	f.Need(b.AfterDays >= 0 && b.AfterDays <= maxAfter, "after_days", "learn_survey.bad-days", 0, maxAfter)
	f.Need(b.OpenDays >= 1 && b.OpenDays <= maxOpenDays, "open_days", "learn_survey.bad-days", 1, maxOpenDays)
	return f.Err()
}

// keyed gives each line its key: that of the old item which reads the same, else a
// number that none had.
func keyed(key string, lines []string, old []Item) (items []Item) {
	next, taken := 0, map[string]bool{}
	for _, o := range old {
		var n int
		if _, err := fmt.Sscanf(strings.TrimPrefix(o.Key, key+"."), "%d", &n); err == nil {
			next = max(next, n)
		}
	}
	for _, l := range lines {
		i := slices.IndexFunc(old, func(o Item) bool { return o.Text == l && !taken[o.Key] })
		item := Item{Text: l}
		if i >= 0 {
			item.Key = old[i].Key
		} else {
			next++
			item.Key = fmt.Sprintf("%s.%d", key, next)
		}
		taken[item.Key] = true
		items = append(items, item)
	}
	return items
}
