package learn

import (
	"context"
	"net/http"
	"strconv"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
)

func pager(r *http.Request, total, size int) ui.Pages {
	return ui.Pages{At: ui.PageAt(r.URL.Query()), Size: size, Total: total, Path: r.URL.Path, Query: r.URL.Query()}
}

func standingTone(standing string) ui.Tone {
	switch standing {
	case "valid":
		return ui.Good
	case "revoked":
		return ui.Bad
	}
	return ui.Warn
}

func taskTone(s TaskState) ui.Tone {
	switch s {
	case TaskConfirmed:
		return ui.Good
	case TaskRejected:
		return ui.Bad
	}
	return ui.Info
}

func markTone(m Mark) ui.Tone {
	switch m {
	case Done:
		return ui.Good
	case Again:
		return ui.Bad
	case Waiting:
		return ui.Info
	}
	return ui.Neutral
}

func markText(ctx context.Context, m Mark) string {
	switch m { // a key put together from parts would allocate for each of fifty lessons
	case Done:
		return i18n.S(ctx, "learn.mark.done")
	case Started:
		return i18n.S(ctx, "learn.mark.started")
	case Waiting:
		return i18n.S(ctx, "learn.mark.waiting")
	case Again:
		return i18n.S(ctx, "learn.mark.again")
	}
	return ""
}

func kindWord(ctx context.Context, k LessonKind) string {
	switch k {
	case LessonVideo:
		return i18n.S(ctx, "learn.kind.video")
	case LessonPDF:
		return i18n.S(ctx, "learn.kind.pdf")
	case LessonLink:
		return i18n.S(ctx, "learn.kind.link")
	case LessonQuiz:
		return i18n.S(ctx, "learn.kind.quiz")
	case LessonTask:
		return i18n.S(ctx, "learn.kind.task")
	}
	return i18n.S(ctx, "learn.kind.text")
}

// span is when a course is held: «01/05/2022 – 31/12/2022».
func span(ctx context.Context, c Course) string {
	switch {
	case c.Starts != 0 && c.Ends != 0:
		return c.Starts.Viet() + " – " + c.Ends.Viet()
	case c.Ends != 0:
		return i18n.S(ctx, "learn.until", c.Ends.Viet())
	case c.Starts != 0:
		return i18n.S(ctx, "learn.from", c.Starts.Viet())
	}
	return i18n.S(ctx, "learn.always")
}

func checkTerms(c *Checked) []ui.Term {
	term := func(key, data string) ui.Term { return ui.Term{Text: i18n.T(key), Data: data} }
	terms := []ui.Term{term("learn.certificate.serial", c.Serial), term("learn.person", c.Name), term("learn.course", c.Title),
		term("learn.certificate.issuer", c.Issuer), term("learn.certificate.issued-on", c.IssuedOn.Viet())}
	if c.ValidTo != 0 {
		terms = append(terms, term("learn.certificate.valid-to", (c.ValidTo-1).Viet()))
	}
	if c.Reason != "" {
		terms = append(terms, term("learn.reason", c.Reason))
	}
	return terms
}

func stateTone(s CourseState) ui.Tone {
	switch s {
	case Published:
		return ui.Good
	case Closed:
		return ui.Neutral
	}
	return ui.Info
}

// orNone writes a number, and nothing for 0.
func orNone(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func categories() []ui.Option {
	out := []ui.Option{{Text: i18n.T("learn.all-categories")}}
	for _, c := range org.Categories {
		out = append(out, ui.Option{Value: string(c), Text: i18n.T("learn.category." + string(c))})
	}
	return out
}

func candidates(people []Candidate) []ui.Option {
	out := make([]ui.Option, len(people))
	for i, b := range people {
		out[i] = ui.Option{Value: string(b.ID), Text: ui.Plain(b.Name), Hint: ui.Plain(b.Title)}
	}
	return out
}

func gradeHead(o *Outline) ui.Sheet {
	s := ui.Sheet{Caption: i18n.T("learn.gradebook"), Bare: true, Dense: true, Sticky: true, Columns: []ui.Column{{Text: i18n.T("learn.person")}, {Text: i18n.T("learn.unit")},
		{Text: i18n.T("learn.state")}, {Text: i18n.T("learn.lessons-done"), Num: true}, {Text: i18n.T("learn.score"), Num: true}, {Text: i18n.T("learn.completed-on")}}}
	return s
}

func (p pages) gradeCells(ctx context.Context, o *Outline, rows []GradeRow) [][]ui.Cell {
	tree := p.l.orgs.Now(ctx)
	out := make([][]ui.Cell, len(rows))
	for i, r := range rows {
		out[i] = []ui.Cell{{Text: r.Name}, {Text: p.l.unitName(ctx, tree, r.Unit, r.EnrolledAt)}, {Text: i18n.S(ctx, "learn.state."+string(r.State))},
			{Text: i18n.S(ctx, "learn.of", r.Done, o.Required)}, {Text: scoreText(ctx, r.Score)}, {Text: r.CompletedOn.Viet()}}
	}
	return out
}

// scoreText writes hundredths of a percent: «87,5 %».
func scoreText(ctx context.Context, score int) string {
	if score < 0 {
		return "–"
	}
	return i18n.Percent(ctx, int64(score), 10000)
}

// UnitChoices implements quiz.Names.
func (p pages) UnitChoices(ctx context.Context, in access.Scope) []ui.Option { return p.units(ctx, in) }

// TopicChoices implements quiz.Names.
func (p pages) TopicChoices(ctx context.Context) ([]ui.Option, error) { return p.topics(ctx) }

// People implements quiz.Names.
func (p pages) People(ctx context.Context, ids []org.PersonID) (map[org.PersonID]org.Brief, error) {
	return p.l.orgs.People(ctx, ids)
}
