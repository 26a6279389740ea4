package site

import (
	"context"
	"strconv"
	"strings"

	"lotrinh/org"
	"lotrinh/platform/i18n"
)

// roomOf is the room of a site, and whether it is the central one.
func roomOf(ctx context.Context, l Line) string {
	if !l.Central {
		return l.Room
	}
	return strings.TrimSuffix(i18n.S(ctx, "site.central")+", "+l.Room, ", ")
}

// todo is what a site owes, in words: for chasing.
func todo(ctx context.Context, l Line) string {
	var words []string
	for _, i := range l.Standing.Incidents {
		if i.Open() {
			words = append(words, i18n.S(ctx, "site.incident."+i.Kind))
		}
	}
	if len(l.Conflicts) > 0 {
		words = append(words, i18n.S(ctx, "site.tile.disputed"))
	}
	if l.Host == "" {
		words = append(words, i18n.S(ctx, "site.host.none"))
	}
	var due []string
	for _, c := range l.Overdue {
		due = append(due, c.Text().In(ctx))
	}
	if len(due) > 0 {
		words = append(words, i18n.S(ctx, "site.todo.overdue", strings.Join(due, "; ")))
	}
	return strings.Join(words, "; ")
}

// dial is a telephone number as a phone can call it.
func dial(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// whom is who was invited: tiers and categories in words.
func whom(ctx context.Context, x Invited) string {
	var tiers, categories []string
	for _, t := range strings.Fields(x.Tiers) {
		tiers = append(tiers, i18n.S(ctx, "classroom.tier."+t))
	}
	for _, c := range strings.Fields(x.Categories) {
		categories = append(categories, i18n.S(ctx, "classroom.category."+c))
	}
	return strings.Join(tiers, ", ") + ": " + strings.Join(categories, ", ")
}

func words[T ~string](list []T) []string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = string(x)
	}
	return words
}

// count is a number of a form, "" where none was said.
func count(all map[org.Category]int64, c org.Category) string {
	n, ok := all[c]
	if !ok {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func positive(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// labelOf is what an item of the checklist is called, as a field shows it.
func labelOf(ctx context.Context, c Check) string {
	if c.Key == "" {
		return ""
	}
	return c.Text().In(ctx)
}

// signatureText says who signed the headcount, or that it is still to be signed.
func signatureText(ctx context.Context, l Line) string {
	switch {
	case l.Signed && !l.Signature.ByHost:
		return i18n.S(ctx, "site.counts.by-organiser", l.Signature.ByName, clockOf(l.Signature.At))
	case l.Signed:
		return i18n.S(ctx, "site.counts.by") + " " + l.Signature.ByName + ", " + clockOf(l.Signature.At)
	case l.Signature.ID != "":
		return i18n.S(ctx, "site.counts.stale")
	}
	return i18n.S(ctx, "site.counts.unsigned")
}

func incidentText(ctx context.Context, i Incident) string {
	out := i18n.S(ctx, "site.incident.opened") + " " + dueText(i.Opened)
	if !i.Open() {
		out += ", " + i18n.S(ctx, "site.incident.closed") + " " + dueText(i.Closed)
	}
	if i.Note != "" {
		out += ". " + i.Note
	}
	return out
}

// subjectText names what marks are about.
func subjectText(ctx context.Context, v View, subject string) string {
	kind, of, _ := strings.Cut(subject, ":")
	switch kind {
	case "count":
		return i18n.S(ctx, "classroom.category."+of)
	case SignSubject:
		return i18n.S(ctx, "site.signature")
	}
	for _, c := range v.Checks {
		if c.Key == of {
			return c.Text().In(ctx)
		}
	}
	return of
}

// valueText is what a mark says.
func valueText(ctx context.Context, k Mark) string {
	kind, _, _ := strings.Cut(k.Subject, ":")
	switch kind {
	case "check":
		return i18n.S(ctx, "site.value."+k.Value)
	case SignSubject:
		counts, _ := parseCounted(k.Value)
		var parts []string
		for _, c := range org.Categories {
			if counts[c] > 0 {
				parts = append(parts, i18n.S(ctx, "classroom.category."+string(c))+" "+i18n.Number(ctx, counts[c]))
			}
		}
		return strings.Join(parts, ", ")
	}
	return k.Value
}
