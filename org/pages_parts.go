package org

import (
	"context"
	"strconv"
	"strings"

	"lotrinh/org/calendar"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
)

type namesKey struct{}

// withNames lets parts of a page name units as they are today.
func (o *Org) withNames(ctx context.Context) context.Context {
	return context.WithValue(ctx, namesKey{}, func(id UnitID) string { return o.nameNow(ctx, id) })
}

func namesFrom(ctx context.Context) func(UnitID) string {
	if f, ok := ctx.Value(namesKey{}).(func(UnitID) string); ok {
		return f
	}
	return func(id UnitID) string { return string(id) }
}

func columnsOf(keys ...string) []ui.Column {
	out := make([]ui.Column, len(keys))
	for i, k := range keys {
		out[i].Text = i18n.T(k)
	}
	return out
}

func unitColumns(p *unitsPage) []ui.Column {
	out := columnsOf("org.name", "org.code", "org.kind")
	if p.query != "" {
		out = append(out, ui.Column{Text: i18n.T("org.parent")})
	}
	out = append(out, ui.Column{Text: i18n.T("org.communes"), Num: true}, ui.Column{Text: i18n.T("org.below"), Num: true})
	if p.on < p.today {
		out = append(out, ui.Column{Text: i18n.T("org.now")})
	}
	return out
}

func countTerms(ctx context.Context, p *unitsPage) []ui.Term {
	out := make([]ui.Term, len(p.counts))
	for i, c := range p.counts {
		out[i] = ui.Term{Text: i18n.T("org.tier." + string(c.tier)), Data: i18n.Number(ctx, c.n)}
	}
	return out
}

func kindOptions() []ui.Option {
	var out []ui.Option
	seen := map[Kind]bool{}
	for _, l := range levels {
		if !seen[l.kind] {
			seen[l.kind] = true
			out = append(out, ui.Option{Value: string(l.kind), Text: kindText(l.kind), Group: tierText(l.tier)})
		}
	}
	return out
}

func tierOptions(tiers []Tier) []ui.Option {
	out := make([]ui.Option, len(tiers))
	for i, t := range tiers {
		out[i] = ui.Option{Value: string(t), Text: tierText(t)}
	}
	return out
}

// linkHref leads to the other unit of a step on the day on which it was so.
func linkHref(l Link, later bool) string {
	on := l.On
	if !later {
		on--
	}
	return "/org/units/" + string(l.Unit.ID) + "?on=" + on.String()
}

const (
	asksShown   = 100 // questions on one page; the next come when these are answered
	splitsShown = 100
)

func (p *wizardPage) asks() (out []Note) {
	for _, n := range p.preview.Notes {
		if n.Ask != "" && len(out) < asksShown {
			out = append(out, n)
		}
	}
	return out
}

func (p *wizardPage) splits() []SplitOf {
	return p.preview.Splits[:min(splitsShown, len(p.preview.Splits))]
}

func noteOptions(n Note) []ui.Option {
	out := make([]ui.Option, len(n.Options))
	for i, o := range n.Options {
		out[i] = ui.Option{Value: o.Value, Text: o.Text}
	}
	return out
}

// shareHint says which share holds while nobody types one.
func shareHint(p SplitPart) i18n.Text {
	if p.Assumed {
		return i18n.T("org.share.assumed", p.Share.Num, p.Share.Den)
	}
	return i18n.T("org.share.now", p.Share.Num, p.Share.Den)
}

// rollCategories are the categories that rows may be taken as when they tell none.
func rollCategories() []ui.Option {
	return append([]ui.Option{{Text: i18n.T("org.roll.category-none")}}, categoryOptions(formCategories)...)
}

func categoryOptions(list []Category) []ui.Option {
	out := make([]ui.Option, len(list))
	for i, c := range list {
		out[i] = ui.Option{Value: string(c), Text: i18n.T("org.category." + string(c))}
	}
	return out
}

func rollTone(state string) ui.Tone {
	switch state {
	case RollDone:
		return ui.Good
	case RollRefused:
		return ui.Bad
	case RollReady:
		return ui.Warn
	}
	return ui.Info
}

// onlyTop is the unit below which alone the actor may do something; "" everywhere, or
// in several places.
func onlyTop(ctx context.Context, a module.ActionName) UnitID {
	if access.Tops == nil {
		return ""
	}
	if tops, all := access.Tops(ctx, a); !all && len(tops) == 1 {
		return tops[0]
	}
	return ""
}

func sexOptions() []ui.Option {
	return []ui.Option{{Text: i18n.T("org.sex.")}, {Value: Male, Text: i18n.T("org.sex.male")}, {Value: Female, Text: i18n.T("org.sex.female")}}
}

func (p *personPage) postColumns() []ui.Column {
	out := columnsOf("org.roll.column.title", "org.roll.column.unit", "org.roll.column.category", "org.roll.column.from", "org.until", "org.person.decision")
	if p.edits {
		out = append(out, ui.Column{Text: i18n.T("org.edit"), Hide: true})
	}
	return out
}

func (p *personPage) postActs() []ui.Act {
	if !p.edits {
		return nil
	}
	return []ui.Act{{Text: i18n.T("org.post.move"), Href: personPath(p.ID) + "/post?main=1", Icon: "right"},
		{Text: i18n.T("org.post.second"), Href: personPath(p.ID) + "/post", Icon: "plus"}}
}

// logText says what was done to a person.
func logText(l LogLine) i18n.Text {
	if i18n.Has(i18n.Vi, string(l.Action)) {
		return i18n.T(string(l.Action))
	}
	if l.Read {
		return i18n.T("org.log.read")
	}
	return i18n.T("org.log.changed")
}

func rankOptions() []ui.Option {
	out := make([]ui.Option, len(Ranks))
	for i, r := range Ranks {
		out[i] = ui.Option{Value: string(r), Text: i18n.T("org.rank." + string(r))}
	}
	return out
}

func degreeOptions() []ui.Option {
	out := make([]ui.Option, len(Degrees))
	for i, d := range Degrees {
		out[i] = ui.Option{Value: string(d), Text: i18n.T("org.degree." + string(d))}
	}
	return out
}

// titleText is rank and degree in one cell.
func titleText(ctx context.Context, q Qualification) string {
	switch {
	case q.Rank == NoRank:
		return i18n.S(ctx, "org.degree."+string(q.Degree))
	case q.Degree == NoDegree:
		return i18n.S(ctx, "org.rank."+string(q.Rank))
	}
	return i18n.S(ctx, "org.rank."+string(q.Rank)) + ", " + i18n.S(ctx, "org.degree."+string(q.Degree))
}

func lecturerFormTitle(p *lecturerPage) i18n.Text {
	if p.listed {
		return i18n.T("org.lecturer.edit")
	}
	return i18n.T("org.lecturer.register")
}

func providerAction(p *providerPage) string {
	if p.provider.ID == "" {
		return providerPath(newProvider)
	}
	return providerPath(p.provider.ID)
}

func roleOptions() []ui.Option {
	out := make([]ui.Option, len(TeamRoles))
	for i, r := range TeamRoles {
		out[len(TeamRoles)-1-i] = ui.Option{Value: string(r), Text: i18n.T("org.team.role." + string(r))}
	}
	return out
}

// refusedOf is why the form of a team's page was refused that open names.
func refusedOf(p *teamPage, form string) *errs.Error {
	if p.open == form {
		return p.refused
	}
	return nil
}

// hoursText writes minutes as hours: «2», «2,5», «0,75».
func hoursText(minutes int64) string {
	return strings.ReplaceAll(strconv.FormatFloat(float64(minutes*100/60)/100, 'f', -1, 64), ".", ",")
}

func kindTone(k calendar.Kind) ui.Tone {
	if k == calendar.SwappedWorkday {
		return ui.Info
	}
	return ui.Good
}

// weekday is the key of the name of a day's place in the week.
func weekday(d clock.Date) string {
	return "org.weekday." + strconv.Itoa(int(d.Time().Weekday()))
}

func ruleOptions() []ui.Option {
	out := make([]ui.Option, len(Rules))
	for i, r := range Rules {
		out[i] = ui.Option{Value: string(r), Text: i18n.T("org.rule.name." + string(r))}
	}
	return out
}

// yearOf is the year of a date as a form holds it, "" when it is none.
func yearOf(s string) string {
	d, err := ui.DateValue(s)
	if err != nil || d == 0 {
		return ""
	}
	return strconv.Itoa(d.Year())
}

// actorText is the name of who did something, for screens.
func actorText(ctx context.Context, name string) string {
	if name == "system" {
		return i18n.S(ctx, "org.log.system")
	}
	return dash(name)
}
