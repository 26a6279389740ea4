package org

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
)

// cells is a row of a table, by the keys of rollColumns.
type cells interface{ Text(key string) string }

// rollRow is a row of a roll as it was read: cleaned, each cell judged by itself. What
// is "" or 0 was not told, and is left as it is in the records.
type rollRow struct {
	num       int // as a spreadsheet program shows it
	who       Particulars
	place     place
	title     string
	category  Category
	head      *bool
	partyHead *bool
	from      clock.Date
	bad       []i18n.Text // why the row cannot be taken
	warn      []i18n.Text // what was mended or should be looked at
}

// place is how a row names a unit.
type place struct{ code, name, commune, district, province string }

func (p place) empty() bool { return p == place{} }

// readRoll reads one row.
func readRoll(ctx context.Context, num int, c cells) rollRow {
	r := rollRow{num: num}
	r.readName(c)
	r.readBirth(ctx, c)
	r.readNumber(c.Text("number"))
	r.readAddresses(c)
	r.readPost(ctx, c)
	r.place = place{c.Text("code"), c.Text("unit"), c.Text("commune"), c.Text("district"), c.Text("province")}
	if r.who.Name != "" && r.who.Birth == 0 && r.who.Number == "" && len(r.bad) == 0 {
		r.fault("org.roll.need-birth")
	}
	return r
}

// fault notes what is wrong; the first argument of every such sentence is the row.
func (r *rollRow) fault(key string, args ...any) {
	r.bad = append(r.bad, i18n.T(key, append([]any{strconv.Itoa(r.num)}, args...)...))
}

func (r *rollRow) warning(key string, args ...any) {
	r.warn = append(r.warn, i18n.T(key, append([]any{strconv.Itoa(r.num)}, args...)...))
}

func (r *rollRow) readName(c cells) {
	name := c.Text("name")
	if name == "" {
		name = strings.TrimSpace(c.Text("family") + " " + c.Text("given"))
	}
	name = properCase(text.Clean(name))
	switch words := strings.Fields(name); {
	case name == "":
		r.fault("org.roll.need-name")
	case len(words) < 2:
		r.fault("org.roll.one-word", name)
	case len(name) > 200 || strings.ContainsAny(name, "0123456789@<>{}[]=;"):
		r.fault("org.roll.bad-name", clip(name))
	}
	r.who.Name = name
}

// properCase writes a name that is all capitals, or has none, with a capital for
// each word; a name written with care stays as it is.
func properCase(name string) string {
	if name != strings.ToUpper(name) && name != strings.ToLower(name) {
		return name
	}
	words := strings.Fields(strings.ToLower(name))
	for i, w := range words {
		parts := strings.Split(w, "-")
		for j, p := range parts {
			r := []rune(p)
			if len(r) > 0 {
				parts[j] = strings.ToUpper(string(r[:1])) + string(r[1:])
			}
		}
		words[i] = strings.Join(parts, "-")
	}
	return strings.Join(words, " ")
}

// readBirth reads the birth date and the sex, which many lists tell at once: by the
// column, «Nam» or «Nữ», in which the date stands.
func (r *rollRow) readBirth(ctx context.Context, c cells) {
	born := c.Text("birth")
	for _, sex := range []string{Male, Female} {
		cell := c.Text(sex) // the columns bear the names of the sexes
		if yes, known := yesWords[text.Fold(cell)]; cell == "" || known && !yes {
			continue
		} else if !known && born == "" {
			born = cell
		}
		if r.who.Sex != "" {
			r.fault("org.roll.two-sexes")
		}
		r.who.Sex = sex
	}
	r.who.Birth = r.date("birth", born)
	if !validBirth(ctx, r.who.Birth) {
		r.fault("org.roll.birth-range", r.who.Birth.Viet())
		r.who.Birth = 0
	}
	if s := c.Text("sex"); s != "" {
		sex, ok := sexWords[text.Fold(s)]
		if !ok {
			r.fault("org.roll.bad-sex", clip(s))
		}
		r.who.Sex = sex
	}
}

// date reads a day as people write it, and says exactly what is wrong with one.
func (r *rollRow) date(column, s string) clock.Date {
	d, err := text.ParseDate(s)
	switch {
	case err == nil:
		return d
	case errors.Is(err, text.ErrShortYear):
		r.fault("org.roll.short-year", columnTitle(column), clip(s))
	case errors.Is(err, text.ErrDateRange):
		r.fault("org.roll.date-range", columnTitle(column), clip(s))
	case allDigits(s) && len(s) == 4:
		r.fault("org.roll.year-only", columnTitle(column), s)
	case allDigits(s):
		r.fault("org.roll.date-number", columnTitle(column), clip(s))
	case threeNumbers(s):
		r.fault("org.roll.no-such-date", columnTitle(column), clip(s))
	default:
		r.fault("org.roll.bad-date", columnTitle(column), clip(s))
	}
	return 0
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func threeNumbers(s string) bool {
	f := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/-. ", r) })
	return len(f) == 3 && allDigits(f[0]) && allDigits(f[1]) && allDigits(f[2])
}

// readNumber reads the personal number. Zeros that a spreadsheet program dropped from
// its front are put back where what comes of it fits the birth date.
func (r *rollRow) readNumber(s string) {
	n, ok := CleanNumber(s)
	if !ok && allDigits(n) && (len(n) == 10 || len(n) == 11) {
		if long, fine := CleanNumber(strings.Repeat("0", 12-len(n)) + n); fine && r.bornBy(long) {
			r.warning("org.roll.zeros-back", long[:4]+"****"+long[8:])
			n, ok = long, true
		}
	}
	switch {
	case ok:
		r.who.Number = n
	case allDigits(n) && len(n) == 9:
		r.fault("org.roll.old-number")
	default:
		r.fault("org.roll.bad-number", clip(s))
	}
	if ok && n != "" && r.who.Birth != 0 && !r.bornBy(n) {
		r.warning("org.roll.number-birth", r.who.Birth.Viet())
	}
	if ok && n != "" && r.who.Sex != "" && (n[3]-'0')%2 == 1 != (r.who.Sex == Female) {
		r.warning("org.roll.number-sex")
	}
}

// bornBy says whether a number fits the birth year: its fourth digit tells century
// and sex, the next two the year. Any number fits where no birth date is told.
func (r *rollRow) bornBy(n string) bool {
	if r.who.Birth == 0 {
		return true
	}
	year := r.who.Birth.Year()
	return int(n[3]-'0')/2 == year/100-19 && n[4:6] == strconv.Itoa(year)[2:]
}

func (r *rollRow) readAddresses(c cells) {
	r.who.Email = strings.ToLower(c.Text("email"))
	if !validEmail(r.who.Email) {
		r.fault("org.roll.bad-email", clip(r.who.Email))
	}
	r.who.Phone = c.Text("phone")
	if allDigits(r.who.Phone) && len(r.who.Phone) == 9 && strings.ContainsAny(r.who.Phone[:1], "235789") {
		r.who.Phone = "0" + r.who.Phone // which a spreadsheet program dropped
	}
	if !validPhone(r.who.Phone) {
		r.fault("org.roll.bad-phone", clip(r.who.Phone))
	}
}

func (r *rollRow) readPost(ctx context.Context, c cells) {
	r.title = text.Clean(c.Text("title"))
	if len(r.title) > 300 {
		r.fault("org.roll.long-title")
	}
	if s := c.Text("category"); s != "" {
		k, ok := categoryWords[text.Fold(strings.Trim(s, " ."))]
		if !ok {
			r.fault("org.roll.bad-category", clip(s))
		}
		r.category = k
	}
	r.head = r.yes("head", c.Text("head"))
	r.partyHead = r.yes("party_head", c.Text("party_head"))
	r.from = r.date("from", c.Text("from"))
	if r.from > clock.Today(ctx)+366 {
		r.fault("org.roll.far-off", columnTitle("from"), r.from.Viet())
	}
}

func (r *rollRow) yes(column, s string) *bool {
	if s == "" {
		return nil
	}
	yes, ok := yesWords[text.Fold(s)]
	if !ok {
		r.fault("org.roll.bad-yes", columnTitle(column), clip(s))
		return nil
	}
	return &yes
}

// clip shortens what a sentence quotes.
func clip(s string) string {
	r := []rune(s)
	if len(r) <= 60 {
		return s
	}
	return string(r[:57]) + "…"
}
