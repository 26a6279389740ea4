package quiz

import (
	"bytes"
	"context"
	"html"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
)

// The page of an attempt is put together from the HTML that a paper holds ready:
// thousands open it within seconds, and a template would escape and copy each
// option anew for each of them.

// sheetPage is the page of an attempt under way.
func sheetPage(a Attempt, s *sitting, now time.Time) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b bytes.Buffer
		b.Grow(24 << 10)
		r := renderer{Buffer: &b, ctx: ctx}
		r.head(a, s, now)
		answers := logLast(a.Log, len(s.drawn))
		for k, i := range s.drawn {
			r.question(k+1, &s.paper.items[i], s.paper.orderOf(s.seed, i), answers[k])
		}
		r.foot(a)
		_, err := w.Write(b.Bytes())
		return err
	})
}

type renderer struct {
	*bytes.Buffer
	ctx context.Context
}

func (r *renderer) say(parts ...string) {
	for _, p := range parts {
		r.WriteString(p)
	}
}

func (r *renderer) num(n int) { r.Write(strconv.AppendInt(r.AvailableBuffer(), int64(n), 10)) }

func (r *renderer) text(key string, args ...any) {
	r.WriteString(html.EscapeString(i18n.S(r.ctx, key, args...)))
}

func attemptPath(id AttemptID) string { return "/learn/attempts/" + string(id) }

func (r *renderer) head(a Attempt, s *sitting, now time.Time) {
	path := attemptPath(a.ID)
	r.say(`<form method="post" class="form test" action="`, path, `" data-attempt="`, string(a.ID), `" data-save="`, path,
		`/answers" data-result="`, path, `/result"`)
	if a.Limited() {
		r.say(` data-left="`)
		r.num(max(0, int(a.DueAt.Sub(now)/time.Second)))
		r.say(`"`)
	}
	r.say(`><div class="notice" role="status"><p>`)
	if a.Limited() {
		r.text("learn_quiz.due", a.DueAt.In(clock.Zone).Format("15:04:05"))
		r.say(` <b id="time-left"></b> `)
	}
	r.text("learn_quiz.autosave")
	r.say(` <span id="saved"`)
	for _, word := range [...]string{"saving", "done", "failed", "signin", "offline"} {
		r.say(` data-`, word, `="`)
		r.text("learn_quiz.saved." + word)
		r.say(`"`)
	}
	r.say(`></span></p></div>`)
}

func (r *renderer) foot(a Attempt) {
	r.say(`<div class="actions"><button class="button primary" data-confirm="`)
	r.text("learn_quiz.submit.confirm")
	r.say(`">`)
	r.text("learn_quiz.submit")
	r.say(`</button> <button class="button" formaction="`, attemptPath(a.ID), `/answers">`)
	r.text("learn_quiz.save")
	r.say(`</button></div></form><script src="`, script.Path, `" defer></script>`)
}

// question draws one question with the answer given so far.
func (r *renderer) question(no int, it *item, show order, answer string) {
	n := strconv.Itoa(no)
	r.say(`<fieldset class="field question" data-no="`, n, `" id="q`, n, `"><legend>`)
	r.text("learn_quiz.question", no, it.Points)
	r.say(`</legend><div class="prose">`)
	r.Write(it.stem)
	r.say(`</div><input type="hidden" name="n" value="`, n, `">`)
	switch it.Kind {
	case Single:
		r.options(n, "radio", it, show, answer)
	case Multiple:
		r.say(`<p class="hint">`)
		r.text("learn_quiz.choose-all")
		r.say(`</p>`)
		r.options(n, "checkbox", it, show, answer)
	case TrueFalse:
		r.tick(n, "0", "radio", "1", answer == "1", []byte(html.EscapeString(i18n.S(r.ctx, "learn_quiz.true"))))
		r.tick(n, "1", "radio", "0", answer == "0", []byte(html.EscapeString(i18n.S(r.ctx, "learn_quiz.false"))))
	case Matching, Ordering:
		r.places(n, it, show, answer)
	default:
		r.typed(n, it, answer)
	}
	r.say("</fieldset>\n")
}

func (r *renderer) options(n, kind string, it *item, show order, answer string) {
	for shown, written := range show.options {
		r.tick(n, strconv.Itoa(shown), kind, strconv.Itoa(shown), chosen(answer, written), it.labels[written])
	}
}

// chosen says whether option i stands in an answer such as "0,3".
func chosen(answer string, i int) bool {
	if answer == "" {
		return false
	}
	want := strconv.Itoa(i)
	for part := range strings.SplitSeq(answer, ",") {
		if part == want {
			return true
		}
	}
	return false
}

func (r *renderer) tick(n, id, kind, value string, checked bool, label []byte) {
	r.say(`<div class="tick"><input type="`, kind, `" id="q`, n, `-`, id, `" name="q`, n, `" value="`, value, `"`)
	if checked {
		r.say(` checked`)
	}
	r.say(`><label for="q`, n, `-`, id, `">`)
	r.Write(label)
	r.say(`</label></div>`)
}

// places draws a list to choose from beside each part of a matching or ordering.
func (r *renderer) places(n string, it *item, show order, answer string) {
	given := splitInts(answer)
	for shown, written := range show.options {
		id := n + "." + strconv.Itoa(shown)
		r.say(`<div class="pair"><label for="q`, id, `">`)
		r.Write(it.labels[written])
		r.say(`</label> <select id="q`, id, `" name="q`, id, `"><option value="">–</option>`)
		for v := range show.options {
			means := v
			if show.rights != nil {
				means = show.rights[v]
			}
			r.say(`<option value="`, strconv.Itoa(v), `"`)
			if written < len(given) && given[written] == means {
				r.say(` selected`)
			}
			r.say(`>`)
			if show.rights != nil {
				r.Write(it.rights[means])
			} else {
				r.num(v + 1)
			}
			r.say(`</option>`)
		}
		r.say(`</select></div>`)
	}
}

func (r *renderer) typed(n string, it *item, answer string) {
	r.say(`<label class="hidden" for="q`, n, `-0">`)
	r.text("learn_quiz.your-answer")
	r.say(`</label>`)
	if it.Kind == Essay {
		for _, c := range it.Rubric {
			r.say(`<p class="hint">`, html.EscapeString(c.Text), ` (`)
			r.text("learn_quiz.points", c.Points)
			r.say(`)</p>`)
		}
		r.say(`<textarea id="q`, n, `-0" name="q`, n, `" rows="8" maxlength="20000">`, html.EscapeString(answer), `</textarea>`)
		return
	}
	r.say(`<input type="text" autocomplete="off" id="q`, n, `-0" name="q`, n, `" maxlength="500" value="`, html.EscapeString(answer), `"`)
	if it.Kind == Numeric {
		r.say(` inputmode="decimal" class="short"`)
	}
	r.say(`>`)
	if it.Unit != "" {
		r.say(` `, html.EscapeString(it.Unit))
	}
}
