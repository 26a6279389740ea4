package learn

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/learn/markup"
	"lotrinh/learn/quiz"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// LessonID names a lesson.
type LessonID string

// LessonKind says what a lesson is made of.
type LessonKind string

// The kinds of lessons.
const (
	LessonText  LessonKind = "text"
	LessonVideo LessonKind = "video"
	LessonPDF   LessonKind = "pdf"
	LessonLink  LessonKind = "link"
	LessonQuiz  LessonKind = "quiz"
	LessonTask  LessonKind = "task" // applied at the workplace, confirmed by the superior
)

// LessonKinds lists them in the order in which screens name them.
var LessonKinds = []LessonKind{LessonText, LessonVideo, LessonPDF, LessonLink, LessonQuiz, LessonTask}

// Lesson is one lesson (bài học) of a course.
type Lesson struct {
	ID       LessonID    `db:"id"`
	Course   CourseID    `db:"course_id"`
	Slot     int         `db:"slot"` // place in Enrolment.Marks
	No       int         `db:"no"`
	Kind     LessonKind  `db:"kind"`
	Title    string      `db:"title"`
	Minutes  int         `db:"minutes"`
	Required bool        `db:"required"`
	Source   string      `db:"source"` // Markdown
	HTML     string      `db:"html"`   // of Source
	File     file.Ref    `db:"file_ref"`
	FileName string      `db:"file_name"`
	FileType string      `db:"file_type"`
	FileSize int64       `db:"file_size"`
	Captions string      `db:"captions"` // WebVTT
	URL      string      `db:"url"`
	Test     quiz.TestID `db:"test_id"`
	Evidence string      `db:"evidence"` // a line each
	Confirm  string      `db:"confirm"`  // a line each
	Outcomes string      `db:"outcomes"`
	Retired  bool        `db:"retired"`
	Edition  int         `db:"edition"`
	MadeAt   time.Time   `db:"made_at"`
}

// NewLesson is what someone fills in to make or change a lesson. Its file is put
// by SetLessonFile.
type NewLesson struct {
	Kind     LessonKind
	Title    string
	Minutes  int
	Required bool
	Source   string
	URL      string
	Test     quiz.TestID
	Captions string
	Evidence []string
	Confirm  []string
	Outcomes []string
}

const sourceMax = 200_000 // bytes of Markdown; a long lesson is a tenth of it

func (n *NewLesson) check() error {
	n.Title, n.Source, n.URL = text.Clean(n.Title), tidyMarkdown(n.Source), strings.TrimSpace(n.URL)
	var f errs.Form
	f.Need(slices.Contains(LessonKinds, n.Kind), "kind", "learn.need.lesson-kind")
	f.Need(n.Title != "" && len(n.Title) <= titleMax, "title", "learn.need.title")
	f.Need(n.Minutes >= 0 && n.Minutes <= minutesMax, "minutes", "learn.need.minutes")
	f.Need(len(n.Source) <= sourceMax, "source", "learn.need.source", sourceMax/1000)
	f.Need(n.Kind != LessonText || n.Source != "", "source", "learn.need.source", sourceMax/1000)
	f.Need(n.Kind != LessonLink || webAddress(n.URL), "url", "learn.need.url")
	f.Need(n.Kind != LessonQuiz || n.Test != "", "test", "learn.need.test")
	f.Need(n.Kind != LessonTask || len(n.Evidence) > 0, "evidence", "learn.need.evidence")
	f.Need(n.Captions == "" || captionsOK(n.Captions), "captions", "learn.need.captions")
	return f.Err()
}

// tidyMarkdown is NFC without what the databases do not store; white space stays,
// for it means something in Markdown.
func tidyMarkdown(s string) string {
	s = strings.ReplaceAll(text.NFC(strings.ToValidUTF8(s, "\uFFFD")), "\r\n", "\n")
	return strings.Trim(strings.ReplaceAll(s, "\x00", ""), "\n")
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= 2000
}

// captionsOK says whether a text is WebVTT: it begins with that word and holds
// cues with times.
func captionsOK(s string) bool {
	s = strings.TrimPrefix(s, "\uFEFF")
	return strings.HasPrefix(s, "WEBVTT") && strings.Contains(s, "-->") && len(s) <= 1<<20
}

func (n NewLesson) put(l *Lesson) {
	l.Kind, l.Title, l.Minutes, l.Required = n.Kind, n.Title, n.Minutes, n.Required
	l.Source, l.HTML = n.Source, lessonHTML(l.Course, n.Source)
	l.URL, l.Test, l.Captions = n.URL, n.Test, tidyMarkdown(n.Captions)
	l.Evidence, l.Confirm, l.Outcomes = lines(n.Evidence), lines(n.Confirm), strings.Join(n.Outcomes, ",")
}

// lessonHTML renders a lesson once, when it is saved. Its pictures are served with
// the course.
func lessonHTML(c CourseID, source string) string {
	return markup.HTML(source, func(name string) string {
		if !pictureName(name) {
			return ""
		}
		return "/learn/courses/" + string(c) + "/pictures/" + name
	})
}

// pictureName says whether a name is one that a course keeps a picture under.
func pictureName(name string) bool {
	return name != "" && len(name) <= 200 && !strings.ContainsAny(name, ":?#%\\ ") && !strings.Contains(name, "..") && !strings.HasPrefix(name, "/")
}

func lines(all []string) string {
	var out []string
	for _, s := range all {
		if s = text.Clean(s); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n")
}

// AddLesson puts a lesson at the end of a course.
func (l *Learn) AddLesson(ctx context.Context, cid CourseID, n NewLesson) (LessonID, error) {
	ids, err := l.AddLessons(ctx, cid, []NewLesson{n}) // asks access.Check
	return first(ids), err
}

// AddLessons puts lessons at the end of a course, all or none.
func (l *Learn) AddLessons(ctx context.Context, cid CourseID, all []NewLesson) ([]LessonID, error) {
	var ids []LessonID
	err := l.changeLessons(ctx, cid, "learn.lesson.added", func(ctx context.Context, c Course) error {
		slot, err := l.store.nextSlot(ctx, cid)
		if err != nil {
			return err
		}
		rows := make([]Lesson, len(all))
		for i := range all {
			if err := all[i].check(); err != nil {
				return err
			}
			rows[i] = Lesson{ID: LessonID(id.New(ctx)), Course: cid, Slot: slot + i, No: slot + i + 1, MadeAt: clock.Now(ctx)}
			all[i].put(&rows[i])
			ids = append(ids, rows[i].ID)
		}
		return db.Insert(ctx, l.db, "learn_lesson", rows...)
	}) // asks access.Check
	return ids, err
}

// changeLessons carries out a change of a course's lessons, and counts it.
func (l *Learn) changeLessons(ctx context.Context, cid CourseID, what string, change func(context.Context, Course) error) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		c, err := l.store.course(ctx, cid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, EditCourse, c.Unit); err != nil {
			return err
		}
		if err := change(ctx, c); err != nil {
			return err
		}
		if _, err := l.db.Exec(ctx, `update learn_course set outline = outline + 1 where id = $1`, cid); err != nil {
			return err
		}
		return l.audit(ctx, what, c.Unit, "course:"+string(cid), c.Title)
	})
}

// EditLesson changes a lesson, unless someone changed it since the given edition.
func (l *Learn) EditLesson(ctx context.Context, lid LessonID, edition int, n NewLesson) error {
	row, err := l.store.lesson(ctx, lid)
	if err != nil {
		return err
	}
	return l.changeLessons(ctx, row.Course, "learn.lesson.edited", func(ctx context.Context, _ Course) error {
		if err := n.check(); err != nil {
			return err
		}
		if row.Edition != edition {
			return errs.New(errs.Conflict, "error.changed")
		}
		n.put(&row)
		return l.store.saveLesson(ctx, row)
	}) // asks access.Check
}

// MoveLesson puts a lesson at another place in its course, 1 the first.
func (l *Learn) MoveLesson(ctx context.Context, lid LessonID, to int) error {
	row, err := l.store.lesson(ctx, lid)
	if err != nil {
		return err
	}
	return l.changeLessons(ctx, row.Course, "learn.lesson.moved", func(ctx context.Context, _ Course) error {
		ids, err := l.store.lessonIDs(ctx, row.Course)
		if err != nil {
			return err
		}
		at := slices.Index(ids, lid)
		if at < 0 {
			return errs.New(errs.NotFound, "error.not-found")
		}
		ids = slices.Insert(slices.Delete(ids, at, at+1), min(max(to-1, 0), len(ids)-1), lid)
		return l.store.number(ctx, ids)
	}) // asks access.Check
}

// RetireLesson takes a lesson out of a course. What people did in it is kept.
func (l *Learn) RetireLesson(ctx context.Context, lid LessonID) error {
	row, err := l.store.lesson(ctx, lid)
	if err != nil {
		return err
	}
	return l.changeLessons(ctx, row.Course, "learn.lesson.retired", func(ctx context.Context, _ Course) error {
		_, err := l.db.Exec(ctx, `update learn_lesson set retired = $1, edition = edition + 1 where id = $2`, true, lid)
		return err
	}) // asks access.Check
}
