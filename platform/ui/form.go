package ui

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
)

// Send says where a form goes and what was wrong with it last time.
type Send struct {
	To        string      // path
	Get       bool        // a search or a filter; else POST
	Multipart bool        // has files
	Refused   *errs.Error // the fields of this form show their messages from it
	Keep      string      // name under which the browser keeps what is typed until it is sent; none when empty
	Confirm   i18n.Text   // asked before it is sent; may be zero
	Again     bool        // each time it is sent is a time of its own: no key, no transaction around the handler
	Inline    bool        // fields in a row: filters
	ID        string      // id of the form element; may be empty
	Fragment  string      // id of the element that htmx replaces with the answer; a full page load when empty
}

// Input is one field of a form. Field, Textarea, Select, Checkbox, Radios,
// Checkboxes, DateField and FileField draw it.
type Input struct {
	Name     string
	Label    i18n.Text
	Hint     i18n.Text // how to fill it in; may be zero
	Value    string    // what was typed, kept when the form was refused
	Values   []string  // of Checkboxes and of a Select of many
	Type     string    // "text" when empty; email, tel, number, password, url, search, time, datetime-local
	Required bool
	Disabled bool
	ReadOnly bool
	Checked  bool      // of Checkbox
	Many     bool      // of Select and FileField
	Rows     int       // of Textarea; 5 when zero
	Max      int       // longest text in characters; any when zero
	Auto     string    // autocomplete: "username", "current-password", "one-time-code", "off"
	Mode     string    // inputmode: "numeric", "decimal"
	Accept   string    // of FileField: ".xlsx,.csv"
	Min, Top string    // smallest and largest number or date
	Error    i18n.Text // overrides what the form was refused with
	ID       string    // Name when empty; needed when a name stands twice on a page
	HideName bool      // the label is for screen readers only
	Class    string    // "short", "half", "wide": how long the answer will be
}

// Option is a choice of Select, Radios or Checkboxes.
type Option struct {
	Value string
	Text  i18n.Text
	Hint  i18n.Text // of Radios and Checkboxes
	Group i18n.Text // of Select: options of one group stand together
}

type refusedKey struct{}

// refused is why a form was refused, and which of its fields have said so, in the
// order of the form.
type refused struct {
	err  *errs.Error
	told []fault
}

// withRefused lets the fields of a form find their messages.
func withRefused(ctx context.Context, e *errs.Error) context.Context {
	return context.WithValue(ctx, refusedKey{}, &refused{err: e})
}

// faults lists what the fields said, in their order, and then what no field did.
func (r *refused) faults(ctx context.Context) []fault {
	out := r.told
	for _, f := range faults(ctx, r.err) {
		if !slices.ContainsFunc(r.told, func(t fault) bool { return t.name == f.name }) {
			out = append(out, f)
		}
	}
	return out
}

func (s Send) method() string {
	if s.Get {
		return "get"
	}
	return "post"
}

func (s Send) enctype() string {
	if s.Multipart {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}

func (in Input) id() string {
	if in.ID != "" {
		return in.ID
	}
	return "f-" + in.Name
}

// wrong is the message for the field, or "".
func (in Input) wrong(ctx context.Context) string {
	if in.Error.Key != "" {
		return in.Error.In(ctx)
	}
	r, _ := ctx.Value(refusedKey{}).(*refused)
	if r == nil || r.err == nil {
		return ""
	}
	t, ok := r.err.Fields[in.Name]
	if !ok {
		return ""
	}
	if !slices.ContainsFunc(r.told, func(f fault) bool { return f.name == in.Name }) {
		r.told = append(r.told, fault{in.Name, in.id(), t.In(ctx)})
	}
	return t.In(ctx)
}

// describedBy names the hint and the message of the field for screen readers.
func (in Input) describedBy(ctx context.Context) string {
	var ids []string
	if in.Hint.Key != "" {
		ids = append(ids, in.id()+"-hint")
	}
	if in.wrong(ctx) != "" {
		ids = append(ids, in.id()+"-error")
	}
	return strings.Join(ids, " ")
}

func (in Input) kind() string {
	if in.Type == "" {
		return "text"
	}
	return in.Type
}

func (in Input) rows() int {
	if in.Rows == 0 {
		return 5
	}
	return in.Rows
}

func (in Input) chosen(value string) bool {
	if len(in.Values) == 0 {
		return value == in.Value
	}
	for _, v := range in.Values {
		if v == value {
			return true
		}
	}
	return false
}

// DateValue reads a date as people type it or as a date field sends it:
// 2025-07-01, 01/07/2025, 1-7-2025 or 1.7.2025. "" is no date.
func DateValue(s string) (clock.Date, error) {
	s = strings.TrimSpace(s)
	if d, err := clock.ParseDate(s); err == nil {
		return d, nil
	}
	return readDate(s)
}

// attrs are the attributes that all controls share.
func (in Input) attrs(ctx context.Context) templ.Attributes {
	a := templ.Attributes{"id": in.id(), "name": in.Name,
		"required": in.Required, "disabled": in.Disabled, "readonly": in.ReadOnly}
	if in.Auto != "" {
		a["autocomplete"] = in.Auto
	}
	if d := in.describedBy(ctx); d != "" {
		a["aria-describedby"] = d
	}
	if in.wrong(ctx) != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

func (in Input) ticked(kind, value string) bool {
	if kind == "radio" {
		return value == in.Value
	}
	return slices.Contains(in.Values, value)
}

func orOne(s string) string {
	if s == "" {
		return "1"
	}
	return s
}

// isoDate shows in a date field what was typed there, in whichever form.
func isoDate(s string) string {
	d, err := DateValue(s)
	if err != nil {
		return s
	}
	return d.String()
}

type optionGroup struct {
	label   i18n.Text
	options []Option
}

// grouped splits options where the group changes, keeping their order.
func grouped(options []Option) []optionGroup {
	var out []optionGroup
	for _, o := range options {
		if n := len(out); n == 0 || out[n-1].label.Key != o.Group.Key {
			out = append(out, optionGroup{label: o.Group})
		}
		g := &out[len(out)-1]
		g.options = append(g.options, o)
	}
	return out
}

// formBody gives the fields inside a form the reasons of its refusal, and puts a
// summary before them that names the wrong ones in the order of the form.
func formBody(s Send) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		fields, ctx := templ.GetChildren(ctx), templ.ClearChildren(ctx)
		if s.Refused == nil {
			return errors.Join(s.renderKept(ctx, w), fields.Render(withRefused(ctx, nil), w))
		}
		buf := templ.GetBuffer()
		defer templ.ReleaseBuffer(buf)
		ctx = withRefused(ctx, s.Refused)
		if err := fields.Render(ctx, buf); err != nil {
			return err
		}
		if err := errorSummary(s.Refused, ctx.Value(refusedKey{}).(*refused).faults(ctx)).Render(ctx, w); err != nil {
			return err
		}
		if err := s.renderKept(ctx, w); err != nil {
			return err
		}
		_, err := w.Write(buf.Bytes())
		return err
	})
}

// renderKept writes what app.js tells of text that it kept, where the form keeps any.
func (s Send) renderKept(ctx context.Context, w io.Writer) error {
	if s.Keep == "" {
		return nil
	}
	return kept().Render(ctx, w)
}

// Search is a search box.
type Search struct {
	To    string     // path of the page that lists what was found
	Query string     // what was looked for
	Name  string     // of the field; "q" when empty
	Label i18n.Text  // "Tìm kiếm" when zero
	With  url.Values // other choices of the page that a search keeps
	ID    string     // of the field; made of To and Name when empty
}

func (s Search) name() string {
	if s.Name == "" {
		return "q"
	}
	return s.Name
}

func (s Search) id() string {
	if s.ID != "" {
		return s.ID
	}
	return "search-" + s.name() + strings.ReplaceAll(s.To, "/", "-")
}

func (s Search) label() i18n.Text {
	if s.Label.Key == "" {
		return i18n.T("ui.search")
	}
	return s.Label
}

func (s Search) keys() []string { return slices.Sorted(maps.Keys(s.With)) }
