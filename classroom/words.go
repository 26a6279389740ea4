package classroom

import (
	"context"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
)

// span writes two dates, either of which may be missing.
func span(from, to clock.Date) string {
	return strings.Trim(from.Viet()+" – "+to.Viet(), " –")
}

// signed writes the number of a paper and its day: «118/QĐ-UBND ngày 30/05/2022».
func signed(number string, on clock.Date) string {
	if number == "" || on == 0 {
		return number
	}
	return number + " ngày " + on.Viet()
}

// ruleWords says who may be nominated, in words.
func (c *Classroom) ruleWords(ctx context.Context, r Rule) string {
	var parts []string
	list := func(key string, words []string) {
		if len(words) > 0 {
			parts = append(parts, i18n.S(ctx, key, strings.Join(words, ", ")))
		}
	}
	var words []string
	for _, x := range r.Categories {
		words = append(words, i18n.S(ctx, "classroom.category."+string(x)))
	}
	list("classroom.rule.is.categories", words)
	words = nil
	for _, x := range r.Tiers {
		words = append(words, i18n.S(ctx, "classroom.tier."+string(x)))
	}
	list("classroom.rule.is.tiers", words)
	words = nil
	t := c.orgs.Now(ctx)
	for _, x := range r.Units {
		words = append(words, c.nameOf(ctx, t, x))
	}
	list("classroom.rule.is.units", words)
	list("classroom.rule.is.posts", r.Posts)
	if r.Heads {
		parts = append(parts, i18n.S(ctx, "classroom.rule.is.heads"))
	}
	if len(parts) == 0 {
		return i18n.S(ctx, "classroom.rule.is.any")
	}
	return strings.Join(parts, "; ")
}

func categoryOptions() []ui.Option {
	var out []ui.Option
	for _, x := range org.Categories {
		out = append(out, ui.Option{Value: string(x), Text: i18n.T("classroom.category." + string(x))})
	}
	return out
}

func tierOptions() []ui.Option {
	var out []ui.Option
	for _, x := range []org.Tier{org.Province, org.District, org.Commune, org.Village, org.Agency} {
		out = append(out, ui.Option{Value: string(x), Text: i18n.T("classroom.tier." + string(x))})
	}
	return out
}

func stringsOf[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return out
}

func idsOf[T ~string](list []string) []T {
	var out []T
	for _, x := range list {
		if x != "" {
			out = append(out, T(x))
		}
	}
	return out
}

func orText(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func joined(ctx context.Context, list []i18n.Text) string {
	words := make([]string, len(list))
	for i, t := range list {
		words[i] = t.In(ctx)
	}
	return strings.Join(words, " ")
}

func categoryName(ctx context.Context, c org.Category) string {
	return i18n.S(ctx, "classroom.category."+string(c))
}

func classTone(s ClassState) ui.Tone {
	return map[ClassState]ui.Tone{ClassDraft: ui.Neutral, ClassOpen: ui.Info, ClassClosed: ui.Good, ClassCancelled: ui.Bad}[s]
}

func seatTone(s SeatState) ui.Tone {
	return map[SeatState]ui.Tone{Registered: ui.Good, Waiting: ui.Warn, Declined: ui.Neutral, Withdrawn: ui.Neutral, Refused: ui.Bad}[s]
}

func presenceTone(p Presence) ui.Tone {
	return map[Presence]ui.Tone{Present: ui.Good, Late: ui.Warn, LeftEarly: ui.Warn, Substitute: ui.Info, Excused: ui.Neutral, Unexcused: ui.Bad}[p]
}

// leaving is how the reader may end a seat; "" when he may not.
func (v rosterView) leaving(l SeatLine) SeatState {
	switch {
	case v.Class.State != ClassOpen:
		return ""
	case v.May(l.Unit):
		return Withdrawn
	case v.Edit:
		return Refused
	case l.Person == v.Mine:
		return Declined
	}
	return ""
}

// shows is what the page ticks for a person: present until somebody says more.
func (l RollLine) shows() Presence {
	if l.Now.State == "" {
		return Present
	}
	return l.Now.State
}

// timeSpan writes «08:00–11:30, 05/10/2020».
func timeSpan(s Session) string {
	return timeOfDay(s.Starts, "") + "–" + timeOfDay(s.Ends, "") + ", " + s.On().Viet()
}

func sessionName(ctx context.Context, s SessionLine) string {
	if s.Title != "" {
		return s.Title
	}
	if s.N > 0 {
		return i18n.S(ctx, "classroom.session.n", s.N)
	}
	return i18n.S(ctx, "classroom.session.on", s.On().Viet())
}

func place(ctx context.Context, s SessionLine) string {
	mode := i18n.S(ctx, "classroom.mode."+string(s.Mode))
	if s.RoomName == "" {
		return mode
	}
	if s.Mode == InPerson {
		return s.RoomName
	}
	return s.RoomName + " (" + mode + ")"
}

func weekdays() []ui.Option {
	var out []ui.Option
	for _, d := range []string{"1", "2", "3", "4", "5", "6", "0"} {
		out = append(out, ui.Option{Value: d, Text: i18n.T("classroom.weekday." + d)})
	}
	return out
}

func fundingOptions() []ui.Option {
	var out []ui.Option
	for _, f := range Fundings {
		out = append(out, ui.Option{Value: string(f), Text: i18n.T("classroom.funding." + string(f))})
	}
	return out
}

func costTitle(x Cost) string {
	if x.ID == "" {
		return "classroom.cost.new"
	}
	return "classroom.cost.edit"
}

// account names the account that acts, so that a shared device keeps apart what
// its users wrote.
func account(ctx context.Context) string {
	if who, ok := access.Who(ctx); ok {
		return string(who.Account)
	}
	return ""
}

func timeOfDaySeconds(t time.Time) string { return t.In(clock.Zone).Format("15:04:05") }
