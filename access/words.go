package access

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
)

// columnsOf makes columns of message keys; "" is a column of buttons.
func columnsOf(keys ...string) []ui.Column {
	out := make([]ui.Column, len(keys))
	for i, k := range keys {
		out[i] = ui.Column{Text: i18n.T(k)}
		if k == "" {
			out[i] = ui.Column{Text: i18n.T("access.acts"), Hide: true}
		}
	}
	return out
}

// until is the last day on which something that ends before to holds.
func until(ctx context.Context, to clock.Date) string {
	if to == 0 {
		return i18n.S(ctx, "access.open-end")
	}
	return (to - 1).Viet()
}

func mineRows(ctx context.Context, grants []grantLine) (rows [][]ui.Cell) {
	for _, g := range grants {
		rows = append(rows, []ui.Cell{{Text: roleSaid(ctx, g.Role)}, {Text: g.unitName}, {Text: g.From.Viet()}, {Text: until(ctx, g.To)}, {Text: bySaid(ctx, g)}})
	}
	return rows
}

func roleSaid(ctx context.Context, r module.Role) string {
	return i18n.S(ctx, "access.role."+string(r))
}

func bySaid(ctx context.Context, g grantLine) string {
	switch {
	case g.Origin != "":
		return i18n.S(ctx, "access.by.succession")
	case g.by == "":
		return i18n.S(ctx, "access.by.house")
	}
	return g.by
}

func passwordSaid(ctx context.Context, acc Account) string {
	if acc.Password == "" {
		return i18n.S(ctx, "access.password.none")
	}
	return i18n.S(ctx, "access.password.since", i18n.DateTime(ctx, acc.PasswordAt))
}

func totpSaid(ctx context.Context, m mine) string {
	if m.acc.TOTPAt.IsZero() {
		return i18n.S(ctx, "access.off")
	}
	return i18n.S(ctx, "access.totp.since", i18n.DateTime(ctx, m.acc.TOTPAt), m.recovery)
}

func twoStepSaid(ctx context.Context, acc Account) string {
	if acc.TwoStep {
		return i18n.S(ctx, "access.second.asked")
	}
	return i18n.S(ctx, "access.off")
}

// device says in a few words what a browser calls itself.
func device(ctx context.Context, agent string) string {
	find := func(words ...string) string {
		for i := 0; i+1 < len(words); i += 2 {
			if strings.Contains(agent, words[i]) {
				return words[i+1]
			}
		}
		return ""
	}
	browser := find("Edg", "Edge", "coc_coc", "Cốc Cốc", "OPR", "Opera", "Firefox", "Firefox", "Chrome", "Chrome", "Safari", "Safari")
	system := find("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS", "macOS", "Linux", "Linux")
	if browser == "" && system == "" {
		return i18n.S(ctx, "access.agent.unknown")
	}
	return strings.TrimSpace(browser + " " + system)
}

// grouped parts a secret by fours, to be typed.
func grouped(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func correctionRows(ctx context.Context, list []Correction) (rows [][]ui.Cell) {
	for _, c := range list {
		rows = append(rows, []ui.Cell{{Text: i18n.DateTime(ctx, c.MadeAt)}, {Text: c.Text}, {Text: i18n.S(ctx, "access.correction."+c.State, c.Due.Viet())}, {Text: c.Answer}})
	}
	return rows
}

func readerRows(ctx context.Context, d dataPage) (rows [][]ui.Cell) {
	for _, e := range d.readers {
		actor := e.Actor
		if e.Account == "" {
			actor = i18n.S(ctx, "access.by.house")
		}
		rows = append(rows, []ui.Cell{{Text: i18n.DateTime(ctx, e.At)}, {Text: actor}, {Text: d.units[string(e.Unit)]}, {Text: i18n.S(ctx, string(e.Action))}})
	}
	return rows
}

// stateTone is the colour of an account's state.
func stateTone(s State) ui.Tone {
	switch s {
	case Fresh:
		return ui.Warn
	case Disabled:
		return ui.Bad
	}
	return ui.Good
}

// tallyCells tells how far the handing out of accounts has come in a unit.
func tallyCells(ctx context.Context, u usersPage) (rows [][]ui.Cell) {
	for i, t := range u.tallies {
		name := ui.Cell{Text: u.units[t.Unit], Href: usersHref(t.Unit)}
		if i == 0 {
			name = ui.Cell{Text: i18n.S(ctx, "access.users.whole", u.name)}
		}
		rows = append(rows, []ui.Cell{name, {Text: i18n.Number(ctx, t.All())}, {Text: i18n.Number(ctx, t.Active)},
			{Text: i18n.Number(ctx, t.Fresh)}, {Text: i18n.Number(ctx, t.Disabled)}, {Text: i18n.Percent(ctx, int64(t.Active), int64(t.All()))}})
	}
	return rows
}

// stateOptions lists the states for a filter.
func stateOptions() []ui.Option {
	options := []ui.Option{{Text: i18n.T("access.audit.any")}}
	for _, s := range []State{Fresh, Active, Disabled} {
		options = append(options, ui.Option{Value: string(s), Text: i18n.T("access.state." + string(s))})
	}
	return options
}

// kindOptions lists reads and changes for a filter.
func kindOptions() []ui.Option {
	return []ui.Option{{Text: i18n.T("access.audit.any")}, {Value: "change", Text: i18n.T("access.audit.change")}, {Value: "read", Text: i18n.T("access.audit.read")}}
}

// tallyColumns are the columns of tallyCells.
func tallyColumns() []ui.Column {
	list := columnsOf("access.unit", "access.users.all", "access.state.active", "access.state.new", "access.state.disabled", "access.users.share")
	for i := range list[1:] {
		list[i+1].Num = true
	}
	return list
}

// grantColumns are the columns of a table of grants; alone, they are all of one
// account.
func grantColumns(alone bool) []ui.Column {
	if alone {
		return columnsOf("access.role", "access.unit", "access.from", "access.until", "access.by", "")
	}
	return columnsOf("access.role", "access.title", "access.unit", "access.from", "access.until", "access.by", "")
}

func roleColumns() []ui.Column {
	list := columnsOf("access.action")
	for _, r := range module.Roles {
		list = append(list, ui.Column{Text: i18n.T("access.role." + string(r))})
	}
	return list
}

// backTo is the page that a grant was taken back on.
func backTo(g grantLine, of AccountID) string {
	if of != "" {
		return userHref(of)
	}
	return "/access/grants?unit=" + url.QueryEscape(string(g.Unit))
}

func logHref(name, value string) string { return "/access/audit?" + url.Values{name: {value}}.Encode() }

// houseOr names who did something without an account: the house, or nobody known.
func houseOr(ctx context.Context, actor string) string {
	if actor == "" {
		return i18n.S(ctx, "access.by.stranger")
	}
	return i18n.S(ctx, "access.by.house")
}

// short cuts what is too long for a cell.
func short(s string) string {
	if c := cut(s, 160); c != s {
		return c + "…"
	}
	return s
}

func nameOf(p keysPage) string {
	if p.made != "" {
		return ""
	}
	return p.name
}

// actionsSaid puts the actions of a key in words.
func actionsSaid(ctx context.Context, actions string) string {
	var words []string
	for name := range strings.FieldsSeq(actions) {
		words = append(words, i18n.S(ctx, name))
	}
	return strings.Join(words, "; ")
}

// detailSaid writes the JSON detail of an entry as "name: value; name: value", the
// empty values left out, cut to what fits a cell.
func detailSaid(detail string) string {
	var fields map[string]any
	if json.Unmarshal([]byte(detail), &fields) != nil {
		return short(detail)
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		v := fields[name]
		if v == nil || v == "" || v == false {
			continue
		}
		text, ok := v.(string)
		if !ok {
			b, err := json.Marshal(v)
			if err != nil {
				continue
			}
			text = string(b)
		}
		parts = append(parts, name+": "+text)
	}
	return short(strings.Join(parts, "; "))
}

// subjectSaid shortens "course:0190c5…" to its kind and the end of its id.
func subjectSaid(s string) string {
	kind, id, ok := strings.Cut(s, ":")
	if !ok || len(id) <= 12 {
		return short(s)
	}
	return kind + ":…" + id[len(id)-8:]
}

// tops leads to the units at the tops of a scope, where there are several.
func (a *Access) tops(ctx context.Context, s Scope, path string, at org.UnitID) (links []ui.Link) {
	t := a.orgs.Now(ctx)
	for _, top := range s.Tops() {
		top = a.orgs.Main(top)
		if t.Has(top) && !slices.ContainsFunc(links, func(l ui.Link) bool { return l.Href == path+url.QueryEscape(string(top)) }) {
			links = append(links, ui.Link{Text: ui.Plain(t.Name(top)), Href: path + url.QueryEscape(string(top)), Current: t.Within(at, top)})
		}
	}
	if len(links) < 2 {
		return nil
	}
	return links
}
