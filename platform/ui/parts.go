package ui

import (
	"context"
	"slices"
	"strings"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/web"
)

// Kind is how much a button asks to be pressed.
type Kind string

// The kinds of buttons. A page has at most one Primary.
const (
	Secondary Kind = ""
	Primary   Kind = "primary"
	Quiet     Kind = "quiet"
	Danger    Kind = "danger"
)

// Act is something to do: a button when Href is empty, else a link that looks
// like one.
type Act struct {
	Text     i18n.Text
	Kind     Kind
	Icon     string
	Href     string
	Name     string    // of the value that the button sends
	Value    string    //
	To       string    // another path than the form's for this button
	Confirm  i18n.Text // asked before it is done; may be zero
	Disabled bool
	Download bool // the link brings a file
	NoCheck  bool // the button sends the form although fields are wrong: "save draft", "back"
}

// Tag is a word on a coloured ground.
type Tag struct {
	Tone Tone
	Text i18n.Text
}

// Term is one line of a Terms list.
type Term struct {
	Text i18n.Text
	Data string        // what is said of it
	Body web.Component // instead of Data
}

// Tile is one card of a home page.
type Tile struct {
	Title i18n.Text
	Text  i18n.Text
	Href  string
	Icon  string
	Foot  i18n.Text
	Tag   Tag
	Body  web.Component // under the text
}

// Step is one of a row of steps.
type Step struct {
	Text i18n.Text
	Href string // where a finished step can be seen again; none when empty
}

func (k Kind) class() string {
	if k == Secondary {
		return "button"
	}
	return "button " + string(k)
}

func toneIcon(t Tone) string {
	switch t {
	case Good:
		return "check"
	case Warn, Bad:
		return "warn"
	}
	return "info"
}

// fault is one line of the summary of what is wrong with a form.
type fault struct{ name, id, text string }

func faults(ctx context.Context, e *errs.Error) []fault {
	var out []fault
	for name, t := range e.Fields {
		out = append(out, fault{name, Input{Name: name}.id(), t.In(ctx)})
	}
	slices.SortFunc(out, func(a, b fault) int { return strings.Compare(a.id, b.id) })
	return out
}

// stepState is "done", "now" or "next" for step i of a row that stands at now.
func stepState(i, now int) string {
	switch {
	case i < now:
		return "done"
	case i == now:
		return "now"
	}
	return "next"
}

// noticeRole makes a refusal heard at once, anything else when the reader is
// done with what is being said.
func noticeRole(t Tone) string {
	if t == Bad {
		return "alert"
	}
	return "status"
}
