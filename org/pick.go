package org

import (
	"context"
	"net/http"
	"strings"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
)

// Picked is a field of a form in which a person is chosen by name or number: with
// script from what is offered while one types, without it from a list that the form
// shows once more. Its fields are Name and Name + "-id".
type Picked struct {
	Name  string
	Label i18n.Text
	Hint  i18n.Text
	Typed string   // the words
	ID    PersonID // who was chosen; "" nobody yet
	Found []Brief  // who fits, when several do
	place func(UnitID) string
}

// PickOf reads a Picked from a form; nobody is looked up before Pick.
func (o *Org) PickOf(r *http.Request, name string, label i18n.Text) Picked {
	ctx := r.Context()
	return Picked{Name: name, Label: label, Hint: i18n.T("org.pick.hint"), Typed: clean(r.FormValue(name)), ID: PersonID(r.FormValue(name + "-id")),
		place: func(id UnitID) string { return o.unitName(ctx, id) }}
}

const pickMax = 20 // people whom a pick offers

// Pick finds who was meant among those whom the actor may read: the one that was
// chosen, or the only one who fits. Several: p.Found is set, and nobody is returned;
// nobody: the error has a message for the field. Asks through Search.
func (o *Org) Pick(ctx context.Context, p *Picked) (PersonID, error) {
	words, _, _ := strings.Cut(p.Typed, labelDash)
	if words == "" {
		return "", errs.New(errs.Invalid, "error.invalid").Field(p.Name, "org.pick.need")
	}
	found, err := o.Search(ctx, Filter{Text: words, Limit: pickMax})
	if err != nil {
		return "", err
	}
	for _, b := range found {
		if b.ID == p.ID || p.Typed == o.personLabel(ctx, b) {
			p.ID = b.ID
			return b.ID, nil
		}
	}
	p.ID = ""
	switch len(found) {
	case 0:
		return "", errs.New(errs.Invalid, "error.invalid").Field(p.Name, "org.pick.nobody", p.Typed)
	case 1:
		p.ID = found[0].ID
		return p.ID, nil
	}
	p.Found = found
	return "", nil
}

const labelDash = " – " // between a name and what tells it from its namesakes

// personLabel is a person as lists to choose from name him.
func (o *Org) personLabel(ctx context.Context, b Brief) string {
	place := o.unitName(ctx, b.Unit)
	if b.Title != "" {
		place = b.Title + ", " + place
	}
	return b.Name + labelDash + place
}

func (p Picked) options() []ui.Option {
	out := make([]ui.Option, len(p.Found))
	for i, b := range p.Found {
		out[i] = ui.Option{Value: string(b.ID), Text: ui.Plain(b.Name), Hint: ui.Plain(strings.Trim(b.Title+", "+p.place(b.Unit), ", "))}
	}
	return out
}
