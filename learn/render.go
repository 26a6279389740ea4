package learn

import (
	"context"
	"html"
	"io"
	"strings"

	"github.com/a-h/templ"

	"lotrinh/platform/i18n"
)

// The list of fifty lessons is the bulk of a course's page and the same for all its
// learners but for the badges. So its HTML is made once for each outline and
// language, and put together with the badges of the reader.

// drawn is the HTML of an outline in one language.
type drawn struct {
	heads  []string // of each lesson, up to where its badge stands
	plain  []string // heads without a link
	badges map[Mark]string
}

func (o *Outline) draw(ctx context.Context) *drawn {
	i := 0
	if i18n.Of(ctx) == i18n.En {
		i = 1
	}
	if d := o.html[i].Load(); d != nil {
		return d
	}
	d := &drawn{badges: map[Mark]string{Untouched: "</li>\n"}}
	for _, l := range o.Lessons {
		about := lessonAbout(ctx, l)
		d.heads = append(d.heads, `<li><a href="`+html.EscapeString(lessonPath(o.Course, l.Slot))+`">`+html.EscapeString(l.Title)+`</a>`+about)
		d.plain = append(d.plain, `<li>`+html.EscapeString(l.Title)+about)
	}
	for _, m := range []Mark{Started, Done, Waiting, Again} {
		d.badges[m] = ` <span class="badge ` + string(markTone(m)) + `">` + html.EscapeString(markText(ctx, m)) + "</span></li>\n"
	}
	o.html[i].Store(d)
	return d
}

// lessonAbout is what a list says of a lesson besides its title.
func lessonAbout(ctx context.Context, l OutlineLesson) string {
	var b strings.Builder
	b.WriteString(` <small>`)
	b.WriteString(html.EscapeString(kindWord(ctx, l.Kind)))
	if l.Minutes > 0 {
		b.WriteString(" · " + html.EscapeString(i18n.S(ctx, "learn.minutes-n", l.Minutes)))
	}
	if !l.Required {
		b.WriteString(" · " + html.EscapeString(i18n.S(ctx, "learn.optional")))
	}
	b.WriteString(`</small>`)
	return b.String()
}

// lessonList is the list of lessons with the badges of one reader.
func lessonList(v CourseView) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		d := v.Outline.draw(ctx)
		if _, err := io.WriteString(w, `<ol class="lessons">`); err != nil {
			return err
		}
		for i, l := range v.Outline.Lessons {
			if i > 0 && !v.Learning && !v.Manager { // who only may sign up sees the first
				if _, err := io.WriteString(w, d.plain[i]+"</li>\n"); err != nil {
					return err
				}
				continue
			}
			badge, known := d.badges[markAt(v.Enrolment.Marks, l.Slot)]
			if !known {
				badge = d.badges[Untouched]
			}
			if _, err := io.WriteString(w, d.heads[i]); err != nil {
				return err
			}
			if _, err := io.WriteString(w, badge); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, `</ol>`)
		return err
	})
}
