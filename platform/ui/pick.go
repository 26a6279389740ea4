package ui

import "github.com/a-h/templ"

// Choices is where a Pick looks for what fits the typed words. The answer is JSON
// with one list of objects that have an "id" and a "label", or a "name" and a "code".
type Choices struct {
	From  string // path that ends where the typed words go: "/api/units?q="
	Name  string // of the hidden field that gets the id; none when empty
	Value string // that id, when it is known already
}

func (in Input) quiet() Input {
	in.Auto = "off"
	return in
}

func (in Input) pickAttrs(c Choices) templ.Attributes {
	a := templ.Attributes{"data-pick": c.From, "aria-controls": in.id() + "-list"}
	if c.Name != "" {
		a["data-pick-id"] = in.id() + "-id"
	}
	return a
}
