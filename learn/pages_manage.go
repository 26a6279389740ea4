package learn

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"lotrinh/access"
	"lotrinh/learn/page"
	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// manage names the pages of those who make courses.
func (p pages) manage(m *web.Mux) {
	m.Handle("GET /learn/courses", p.courses)
	m.Handle("GET /learn/courses/new", p.newCourse)
	m.Handle("POST /learn/courses", p.createCourse)
	m.Handle("GET /learn/courses/{id}/edit", p.editCourse)
	m.Handle("POST /learn/courses/{id}/edit", p.saveCourse)
	m.Handle("POST /learn/courses/{id}/state", p.setState)
	m.Handle("POST /learn/courses/{id}/vary", p.vary)
	m.Handle("GET /learn/courses/{id}/lessons/new", p.newLesson)
	m.Handle("POST /learn/courses/{id}/lessons", p.createLesson)
	m.Handle("GET /learn/lessons/{id}", p.editLesson)
	m.Handle("POST /learn/lessons/{id}", p.saveLesson)
	m.Handle("POST /learn/lessons/{id}/move", p.moveLesson)
	m.Handle("POST /learn/lessons/{id}/retire", p.retireLesson)
	m.Public("POST /learn/lessons/{id}/file", p.upload(VideoMax+formMax, p.lessonUpload))
	m.Public("POST /learn/courses/{id}/pictures", p.upload(PictureMax+formMax, p.pictureUpload))
	p.topicRoutes(m)
	p.programmeRoutes(m)
	p.records(m)
}

// units are the units for which the actor may do something, as choices: those on
// which the right was given.
func (p pages) units(ctx context.Context, in access.Scope) []ui.Option {
	tree := p.l.orgs.Now(ctx)
	tops := in.Tops()
	if in.All() {
		tops = tree.Roots()
	}
	var out []ui.Option
	for _, top := range tops {
		for _, u := range tree.Subtree(top) {
			if u.Tier == org.Village || len(out) >= 500 {
				continue
			}
			out = append(out, ui.Option{Value: string(u.ID), Text: ui.Plain(u.Name)})
		}
	}
	return out
}

func (p pages) topics(ctx context.Context) ([]ui.Option, error) {
	all, err := p.l.Topics(ctx)
	out := []ui.Option{{Text: i18n.T("learn.topic.none")}}
	for _, t := range all {
		out = append(out, ui.Option{Value: string(t.ID), Text: ui.Plain(t.Title)})
	}
	return out, err
}

func (p pages) courses(w http.ResponseWriter, r *http.Request) error {
	f := CourseFilter{Text: r.FormValue("q"), State: CourseState(r.FormValue("state")), Offset: offset(r, 50)}
	all, n, err := p.l.Courses(r.Context(), f)
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.menu.courses"), Body: coursesPage(p.l.orgs.Now(r.Context()), all, pager(r, n, 50), f),
		Actions: []ui.Act{{Text: i18n.T("learn.course.new"), Href: "/learn/courses/new", Kind: ui.Primary, Icon: "plus"},
			{Text: i18n.T("learn.topics"), Href: "/learn/topics"}, {Text: i18n.T("learn.programmes"), Href: "/learn/programmes"}}})
}

// courseForm is what a course's form shows: what was typed or is saved.
type courseForm struct {
	To      string
	Edition int
	In      NewCourse
	Units   []ui.Option // none when the unit cannot be chosen any more
	Topics  []ui.Option
	Courses []ui.Option // that may be needed before
	Refused *errs.Error
}

func (p pages) newCourse(w http.ResponseWriter, r *http.Request) error {
	return p.showCourseForm(w, r, http.StatusOK, courseForm{To: "/learn/courses", In: NewCourse{Rule: Rule{Lessons: true}}})
}

func (p pages) showCourseForm(w http.ResponseWriter, r *http.Request, status int, f courseForm) (err error) {
	ctx := r.Context()
	if !access.Anywhere(ctx, EditCourse) {
		return access.Check(ctx, EditCourse, "")
	}
	f.Units = p.units(ctx, access.In(ctx, EditCourse))
	if f.Topics, err = p.topics(ctx); err != nil {
		return err
	}
	if f.Courses, err = p.courseChoices(ctx, "", f.In.Needs); err != nil {
		return err
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("learn.course.new"), Narrow: true, Body: courseFormPage(f),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn.menu.courses"), Href: "/learn/courses"}}})
}

// readCourse reads a course's form.
func readCourse(f url.Values) NewCourse {
	n := NewCourse{Unit: org.UnitID(f.Get("unit")), Topic: TopicID(f.Get("topic")), Title: f.Get("title"), Summary: f.Get("summary"),
		Open: f.Get("open") != "", Days: page.Number(f, "days"), Minutes: page.Number(f, "minutes"), AutoIssue: f.Get("auto_issue") != "",
		Needs: courseIDs(strings.Join(f["needs"], ",")),
		Rule:  Rule{Lessons: f.Get("lessons") != "", Tasks: f.Get("tasks") != "", Score: page.Number(f, "score"), Attendance: page.Number(f, "attendance")}}
	n.Starts, _ = ui.DateValue(f.Get("starts")) // what is no date is asked for again by the form
	n.Ends, _ = ui.DateValue(f.Get("ends"))
	return n
}

func (p pages) createCourse(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	in := readCourse(r.PostForm)
	cid, err := p.l.CreateCourse(r.Context(), in)
	if e := errs.Of(err); err != nil && e.Kind == errs.Invalid {
		return p.showCourseForm(w, r, e.Kind.Status(), courseForm{To: "/learn/courses", In: in, Refused: e})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, coursePath(cid)+"/edit")
}

func (p pages) editCourse(w http.ResponseWriter, r *http.Request) error {
	c, err := p.l.CourseOf(r.Context(), courseID(r))
	if err != nil {
		return err
	}
	in := NewCourse{Unit: c.Unit, Topic: c.Topic, Title: c.Title, Summary: c.Summary, Open: c.Open, Starts: c.Starts, Ends: c.Ends, Days: c.Days,
		Minutes: c.Minutes, Needs: c.Needs(), Rule: c.Rule(), AutoIssue: c.AutoIssue}
	return p.showCourse(w, r, http.StatusOK, c, courseForm{In: in, Edition: c.Edition})
}

// showCourse is the page of a course for its makers: its lessons, its settings,
// what can be done with it. What was typed stays when it was refused.
func (p pages) showCourse(w http.ResponseWriter, r *http.Request, status int, c Course, f courseForm) (err error) {
	ctx := r.Context()
	o, err := p.l.outlines.fresh(ctx, c.ID)
	if err != nil {
		return err
	}
	if f.Topics, err = p.topics(ctx); err != nil {
		return err
	}
	if f.Courses, err = p.courseChoices(ctx, c.ID, f.In.Needs); err != nil {
		return err
	}
	e, err := p.editions(ctx, c)
	if err != nil {
		return err
	}
	f.To = coursePath(c.ID) + "/edit"
	return ui.Show(w, r, status, ui.Page{Title: ui.Plain(c.Title), Body: courseManagePage(c, o, f, p.units(ctx, access.In(ctx, EditCourse)), e),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn.menu.courses"), Href: "/learn/courses"}},
		Actions: []ui.Act{{Text: i18n.T("learn.course.see"), Href: coursePath(c.ID)}, {Text: i18n.T("learn.gradebook"), Href: coursePath(c.ID) + "/grades"},
			{Text: i18n.T("learn.enrol"), Href: coursePath(c.ID) + "/enrol", Icon: "people"}, {Text: i18n.T("learn.survey.results"), Href: "/surveys?course=" + string(c.ID), Icon: "chart"}}})
}

// editions is what the page of a course says of units' own editions: those there
// are of it, or what it is one of.
type editions struct {
	Tree        *org.Tree
	Unit        org.UnitID // of the course shown
	All         []Variant
	Base        Course
	MayBase     bool // the actor may open it
	Differences []Difference
}

func (p pages) editions(ctx context.Context, c Course) (e editions, err error) {
	e.Tree, e.Unit = p.l.orgs.Now(ctx), c.Unit
	if c.Base == "" {
		e.All, err = p.l.Variants(ctx, c.ID)
		return e, err
	}
	e.Base, e.Differences, err = p.l.Differences(ctx, c.ID)
	e.MayBase = mayReadBase(ctx, e.Base)
	return e, err
}

func (p pages) saveCourse(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	ctx, in := r.Context(), readCourse(r.PostForm)
	err := p.l.EditCourse(ctx, courseID(r), page.Number(r.PostForm, "edition"), in)
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		c, err := p.l.CourseOf(ctx, courseID(r))
		if err != nil {
			return err
		}
		return p.showCourse(w, r, e.Kind.Status(), c, courseForm{In: in, Edition: c.Edition, Refused: e})
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.saved"))
	return web.SeeOther(w, r, coursePath(courseID(r))+"/edit")
}

func (p pages) setState(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	if err := p.l.SetState(r.Context(), courseID(r), CourseState(r.PostForm.Get("state"))); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.saved"))
	return web.SeeOther(w, r, coursePath(courseID(r))+"/edit")
}

func (p pages) vary(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	v, err := p.l.Vary(r.Context(), courseID(r), org.UnitID(r.PostForm.Get("unit")))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, coursePath(v)+"/edit")
}

// lessonForm is what a lesson's form shows.
type lessonForm struct {
	To      string
	Course  Course
	ID      LessonID // "" for a new one
	Edition int
	In      NewLesson
	Lesson  Lesson
	Tests   []ui.Option
	Goals   []ui.Option // outcomes of the course's topic
	Refused *errs.Error
}

func (p pages) newLesson(w http.ResponseWriter, r *http.Request) error {
	c, err := p.l.CourseOf(r.Context(), courseID(r))
	if err != nil {
		return err
	}
	kind := LessonKind(r.FormValue("kind"))
	return p.showLessonForm(w, r, http.StatusOK, lessonForm{To: coursePath(c.ID) + "/lessons", Course: c, In: NewLesson{Kind: kind, Required: true}})
}

func (p pages) showLessonForm(w http.ResponseWriter, r *http.Request, status int, f lessonForm) error {
	tests, err := p.l.quiz.Tests(r.Context(), "")
	if err != nil {
		return err
	}
	f.Tests = []ui.Option{{Text: i18n.T("learn.test.none")}}
	for _, t := range tests {
		f.Tests = append(f.Tests, ui.Option{Value: string(t.ID), Text: ui.Plain(t.Title)})
	}
	if f.Course.Topic != "" {
		if f.Goals, err = p.goalChoices(r.Context(), f.Course.Topic); err != nil {
			return err
		}
	}
	title := i18n.T("learn.lesson.new")
	if f.ID != "" {
		title = ui.Plain(f.Lesson.Title)
	}
	return ui.Show(w, r, status, ui.Page{Title: title, Body: lessonFormPage(f), Narrow: true, Crumbs: []ui.Crumb{
		{Text: i18n.T("learn.menu.courses"), Href: "/learn/courses"}, {Text: ui.Plain(f.Course.Title), Href: coursePath(f.Course.ID) + "/edit"}}})
}

func readLesson(f url.Values) NewLesson {
	return NewLesson{Kind: LessonKind(f.Get("kind")), Title: f.Get("title"), Minutes: page.Number(f, "minutes"), Required: f.Get("required") != "",
		Source: f.Get("source"), URL: f.Get("url"), Test: quiz.TestID(f.Get("test")), Captions: f.Get("captions"),
		Evidence: splitLines(f.Get("evidence")), Confirm: splitLines(f.Get("confirm")), Outcomes: f["outcomes"]}
}

func splitLines(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func splitCommas(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func (p pages) createLesson(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	ctx, in := r.Context(), readLesson(r.PostForm)
	lid, err := p.l.AddLesson(ctx, courseID(r), in)
	if e := errs.Of(err); err != nil && e.Kind == errs.Invalid {
		c, err := p.l.CourseOf(ctx, courseID(r))
		if err != nil {
			return err
		}
		return p.showLessonForm(w, r, e.Kind.Status(), lessonForm{To: coursePath(c.ID) + "/lessons", Course: c, In: in, Refused: e})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/learn/lessons/"+string(lid))
}

// lessonOf is a lesson with its course, for those who may edit the course.
func (p pages) lessonOf(ctx context.Context, lid LessonID) (Lesson, Course, error) {
	row, err := p.l.store.lesson(ctx, lid)
	if err != nil {
		return row, Course{}, err
	}
	c, err := p.l.CourseOf(ctx, row.Course)
	return row, c, err
}

func (p pages) editLesson(w http.ResponseWriter, r *http.Request) error {
	row, c, err := p.lessonOf(r.Context(), LessonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return p.showLessonForm(w, r, http.StatusOK, formOf(row, c))
}

func formOf(row Lesson, c Course) lessonForm {
	return lessonForm{To: "/learn/lessons/" + string(row.ID), Course: c, ID: row.ID, Edition: row.Edition, Lesson: row,
		In: NewLesson{Kind: row.Kind, Title: row.Title, Minutes: row.Minutes, Required: row.Required, Source: row.Source, URL: row.URL, Test: row.Test,
			Captions: row.Captions, Evidence: splitLines(row.Evidence), Confirm: splitLines(row.Confirm), Outcomes: splitCommas(row.Outcomes)}}
}

func (p pages) saveLesson(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	ctx, lid, in := r.Context(), LessonID(r.PathValue("id")), readLesson(r.PostForm)
	err := p.l.EditLesson(ctx, lid, page.Number(r.PostForm, "edition"), in)
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		row, c, err := p.lessonOf(ctx, lid)
		if err != nil {
			return err
		}
		f := formOf(row, c)
		f.In, f.Refused = in, e
		return p.showLessonForm(w, r, e.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.saved"))
	return web.SeeOther(w, r, "/learn/lessons/"+string(lid))
}

func (p pages) moveLesson(w http.ResponseWriter, r *http.Request) error {
	return p.changeLesson(w, r, func(ctx context.Context, lid LessonID) error {
		return p.l.MoveLesson(ctx, lid, page.Number(r.PostForm, "to"))
	})
}

func (p pages) retireLesson(w http.ResponseWriter, r *http.Request) error {
	return p.changeLesson(w, r, p.l.RetireLesson)
}

func (p pages) changeLesson(w http.ResponseWriter, r *http.Request, change func(context.Context, LessonID) error) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	row, c, err := p.lessonOf(r.Context(), LessonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := change(r.Context(), row.ID); err != nil {
		return err
	}
	return web.SeeOther(w, r, coursePath(c.ID)+"/edit")
}

func (p pages) lessonUpload(w http.ResponseWriter, r *http.Request) error {
	f, head, err := r.FormFile("file")
	if err != nil {
		return errs.New(errs.Invalid, "learn.file.empty").Because(err)
	}
	defer f.Close()
	lid := LessonID(r.PathValue("id"))
	if err := p.l.SetLessonFile(r.Context(), lid, page.Number(r.PostForm, "edition"), Upload{head.Filename, f}); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.saved"))
	return web.SeeOther(w, r, "/learn/lessons/"+string(lid))
}

func (p pages) pictureUpload(w http.ResponseWriter, r *http.Request) error {
	f, head, err := r.FormFile("file")
	if err != nil {
		return errs.New(errs.Invalid, "learn.file.empty").Because(err)
	}
	defer f.Close()
	name := "img/" + safeName(strings.TrimSuffix(fileName(head.Filename), ending(head.Filename))) + ending(head.Filename)
	if err := p.l.AddPicture(r.Context(), courseID(r), Upload{name, f}); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.picture.added", name))
	return web.SeeOther(w, r, coursePath(courseID(r))+"/edit")
}
