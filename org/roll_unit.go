package org

import (
	"cmp"
	"slices"
	"strings"

	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
)

// unitFinder tells which unit a row of a table means: by its code, or by its name
// with the names of what it lies in, with or without marks, capitals and the words
// of its kind. Below top it looks first.
type unitFinder struct {
	b      *book
	t      *Tree
	on     clock.Date
	top    UnitID
	codes  map[string][]UnitID
	exact  map[string][]UnitID // by nameKey
	folded map[string][]UnitID // by unitKey, with and without the word of the kind
	keys   map[UnitID][2]string
	known  map[place]foundUnit
	gone   map[string][]*state // what units were called before, by nameKey and by "~" and unitKey; made when first asked
	tried  int                 // suggestions looked for
}

const suggestMax = 50 // suggestions looked for in one roll: each goes through all units

// foundUnit is the unit, or why there is none; note is what a person should know of
// it though it was found.
type foundUnit struct {
	unit UnitID
	why  *i18n.Text
	note *i18n.Text
}

func newUnitFinder(b *book, on clock.Date, top UnitID) *unitFinder {
	f := &unitFinder{b: b, t: b.tree(on), on: on, top: top, codes: map[string][]UnitID{}, exact: map[string][]UnitID{},
		folded: map[string][]UnitID{}, keys: map[UnitID][2]string{}, known: map[place]foundUnit{}}
	for i := range f.t.units {
		u := &f.t.units[i]
		if u.Code != "" {
			f.codes[strings.ToUpper(u.Code)] = append(f.codes[strings.ToUpper(u.Code)], u.ID)
		}
		f.exact[nameKey(u.Name)] = append(f.exact[nameKey(u.Name)], u.ID)
		full, short := unitKey(u.Name), unitKey(bare(u.Name))
		f.keys[u.ID] = [2]string{full, short}
		f.folded[full] = append(f.folded[full], u.ID)
		if short != full {
			f.folded[short] = append(f.folded[short], u.ID)
		}
	}
	return f
}

// shortWords are what people write for the word of a kind, folded.
var shortWords = map[string]string{
	"tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "p": "phuong", "x": "xa", "h": "huyen", "q": "quan", "t": "tinh",
	"tdp": "to dan pho", "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "kp": "khu pho",
}

// departmentWords are the usual abbreviations in names of departments, folded and
// without signs.
var departmentWords = map[string]string{
	"tttt": "thong tin va truyen thong", "khcn": "khoa hoc va cong nghe", "gddt": "giao duc va dao tao", "tnmt": "tai nguyen va moi truong",
	"khdt": "ke hoach va dau tu", "gtvt": "giao thong van tai", "nnptnt": "nong nghiep va phat trien nong thon",
	"nnvptnt": "nong nghiep va phat trien nong thon", "ldtbxh": "lao dong thuong binh va xa hoi",
	"vhttdl": "van hoa the thao va du lich", "vhtt": "van hoa va thong tin", "tckh": "tai chinh ke hoach", "vp": "van phong",
	"ubmttq": "uy ban mat tran to quoc", "hcm": "ho chi minh",
}

// unitKey is a name of a unit as it is compared: folded, without signs, with short
// words spelt out, without «UBND» in front and zeros before numbers.
func unitKey(name string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r == '&':
			return -1
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			return r
		}
		return ' '
	}, strings.ReplaceAll(strings.ReplaceAll(text.Fold(name), " & ", "&"), "-", ""))
	words := strings.Fields(s)
	for i, w := range words {
		if long, ok := shortWords[w]; ok && (i == 0 || w == "ubnd" || w == "hdnd" || words[i-1] == "uy ban nhan dan") {
			words[i] = long
		} else if long, ok := departmentWords[w]; ok {
			words[i] = long
		} else if n := strings.TrimLeft(w, "0"); n != "" && allDigits(n) {
			words[i] = n
		}
	}
	key := strings.Join(words, " ")
	if rest, ok := strings.CutPrefix(key, "uy ban nhan dan "); ok {
		key = rest
	}
	return key
}

// find is the unit that a row names; a row that names none means top.
func (f *unitFinder) find(p place) foundUnit {
	if p.empty() {
		if f.top == "" {
			return notFound("org.roll.need-unit")
		}
		return foundUnit{unit: f.top}
	}
	if x, ok := f.known[p]; ok {
		return x
	}
	x := f.search(p)
	f.known[p] = x
	return x
}

func notFound(key string, args ...any) foundUnit {
	t := i18n.T(key, args...)
	return foundUnit{why: &t}
}

func (f *unitFinder) search(p place) foundUnit {
	if p.code != "" {
		return f.byCode(p)
	}
	names := p.names()
	if len(names) == 0 {
		return notFound("org.roll.need-unit")
	}
	whole := strings.Join(names, ", ")
	for _, exact := range []bool{true, false} {
		for _, try := range tries(names) {
			if x, ok := f.byName(try[0], try[1:], exact); ok {
				return x
			}
		}
		for _, try := range tries(names) {
			if x, ok := f.past(try[0], try[1:], exact, whole); ok {
				return x
			}
		}
	}
	return f.suggest(names[0], whole)
}

// names is the path that a row writes, the unit itself first.
func (p place) names() []string {
	var names []string
	for _, s := range []string{p.name, p.commune, p.district, p.province} {
		if s = strings.Trim(s, " ,;"); s != "" && !slices.ContainsFunc(names, func(n string) bool { return unitKey(n) == unitKey(s) }) {
			names = append(names, s)
		}
	}
	return names
}

// tries are the ways to read a path: each name may hold a path itself, «Xã Bình
// Minh, huyện Thăng Bình», or a comma of its own, «Sở Văn hóa, Thể thao và Du lịch».
func tries(names []string) [][]string {
	all := [][]string{names}
	parts := strings.FieldsFunc(names[0], func(r rune) bool { return strings.ContainsRune(",;/\\>|–—", r) })
	for n := len(parts) - 1; n >= 1; n-- {
		try := []string{strings.Join(parts[:n], ", ")}
		all = append(all, append(append(try, parts[n:]...), names[1:]...))
	}
	return all
}

func (f *unitFinder) byCode(p place) foundUnit {
	ids := f.codes[strings.ToUpper(p.code)]
	names := p.names()
	if len(ids) > 1 && len(names) > 0 {
		ids = slices.DeleteFunc(slices.Clone(ids), func(id UnitID) bool { return !f.called(id, names[0]) })
	}
	switch {
	case len(ids) == 1 && (len(names) == 0 || f.called(ids[0], names[0]) || f.holds(ids[0], names)):
		return foundUnit{unit: ids[0]}
	case len(ids) == 1:
		return notFound("org.roll.code-name", p.code, f.t.Name(ids[0]), names[0])
	case len(ids) > 1:
		return notFound("org.roll.code-twice", p.code, f.list(ids))
	}
	if gone := f.calledBefore("="+strings.ToUpper(p.code), func(*state) bool { return true }); len(gone) > 0 {
		return f.ended(gone, p.code)
	}
	return notFound("org.roll.code-none", p.code)
}

// called says whether a unit goes by a name, as one of the tries reads it.
func (f *unitFinder) called(id UnitID, name string) bool {
	for _, try := range tries([]string{name}) {
		if f.is(id, unitKey(try[0])) {
			return true
		}
	}
	return false
}

// holds says whether the names are those of units in which id lies: a list that
// names the commune by its code and its district by name.
func (f *unitFinder) holds(id UnitID, names []string) bool { return f.under(id, names) }

func (f *unitFinder) is(id UnitID, key string) bool {
	k := f.keys[id]
	return k[0] == key || k[1] == key
}

// under says whether each name is that of a unit above id.
func (f *unitFinder) under(id UnitID, names []string) bool {
	up := f.t.Ancestors(id)
	for _, n := range names {
		key := unitKey(n)
		if !slices.ContainsFunc(up, func(a UnitID) bool { return f.is(a, key) }) {
			return false
		}
	}
	return true
}

// byName looks for a unit of a name under units of names, exactly as it is written or
// folded; below top first.
func (f *unitFinder) byName(name string, above []string, exact bool) (foundUnit, bool) {
	ids := f.folded[unitKey(name)]
	if exact {
		ids = f.exact[nameKey(name)]
	}
	var fit, near []UnitID
	for _, id := range ids {
		if !f.under(id, above) {
			continue
		}
		fit = append(fit, id)
		if f.top == "" || f.t.Within(id, f.top) {
			near = append(near, id)
		}
	}
	if len(near) > 0 {
		fit = near
	}
	switch len(fit) {
	case 0:
		return foundUnit{}, false
	case 1:
		return foundUnit{unit: fit[0]}, true
	}
	return notFound("org.roll.unit-twice", name, f.list(fit)), true
}

// list names units for a sentence, at most three, each with what it lies in.
func (f *unitFinder) list(ids []UnitID) string {
	var names []string
	for _, id := range ids[:min(3, len(ids))] {
		names = append(names, "«"+f.path(id)+"»")
	}
	if len(ids) > 3 {
		names = append(names, "…")
	}
	return strings.Join(names, "; ")
}

func (f *unitFinder) path(id UnitID) string {
	name := f.t.Name(id)
	if up := f.t.Ancestors(id); len(up) > 0 {
		name += ", " + f.t.Name(up[0])
	}
	return name
}

// past looks for a unit that was called so once: one that has another name now is
// taken, with a note; of one that has ended the successors are told.
func (f *unitFinder) past(name string, above []string, exact bool, whole string) (foundUnit, bool) {
	key := "~" + unitKey(name)
	if exact {
		key = nameKey(name)
	}
	gone := f.calledBefore(key, func(s *state) bool { return f.wasUnder(s, above) })
	if len(gone) == 0 {
		return foundUnit{}, false
	}
	return f.ended(gone, whole), true
}

// wasUnder says whether each name was that of a unit above s on its last day.
func (f *unitFinder) wasUnder(s *state, names []string) bool {
	on := f.on
	if s.To != 0 && s.To <= on {
		on = s.To - 1
	}
	var up []string
	for at, ok := f.b.at(s.Parent, on); ok && len(up) < 8; at, ok = f.b.at(at.Parent, on) {
		up = append(up, unitKey(at.Name), unitKey(bare(at.Name)))
	}
	for _, n := range names {
		if !slices.Contains(up, unitKey(n)) {
			return false
		}
	}
	return true
}

// calledBefore lists units that went by a key before, and do not now, the one that
// did so last first. "=" before it makes the key a code.
func (f *unitFinder) calledBefore(key string, like func(*state) bool) []UnitID {
	if f.gone == nil {
		f.indexPast()
	}
	last := map[UnitID]clock.Date{}
	for _, s := range f.gone[key] {
		if like(s) {
			last[s.ID] = max(last[s.ID], s.From)
		}
	}
	ids := sortedKeys(last)
	slices.SortStableFunc(ids, func(a, b UnitID) int { return cmp.Compare(last[b], last[a]) })
	return ids
}

func (f *unitFinder) indexPast() {
	f.gone = map[string][]*state{}
	for _, states := range f.b.units {
		for i := range states {
			s := &states[i]
			if s.To == 0 || s.To > f.on {
				continue
			}
			full, short := unitKey(s.Name), unitKey(bare(s.Name))
			for _, key := range []string{nameKey(s.Name), "~" + full, "~" + short, "=" + strings.ToUpper(s.Code)} {
				if n := len(f.gone[key]); n == 0 || f.gone[key][n-1] != s {
					f.gone[key] = append(f.gone[key], s)
				}
			}
		}
	}
}

// ended tells what became of units that are no more.
func (f *unitFinder) ended(ids []UnitID, called string) foundUnit {
	if f.top != "" {
		near := slices.DeleteFunc(slices.Clone(ids), func(id UnitID) bool { return !f.b.covers(f.top, id) })
		if len(near) > 0 {
			ids = near
		}
	}
	if len(ids) > 1 {
		return notFound("org.roll.unit-twice-past", called)
	}
	id := ids[0]
	if f.t.Has(id) {
		note := i18n.T("org.roll.unit-renamed", called, f.t.Name(id))
		return foundUnit{unit: id, note: &note}
	}
	last, _ := f.b.last(id)
	var heirs []string
	for _, s := range f.b.restate(id, last.To-1, f.on) {
		if s.Unit != id && f.t.Has(s.Unit) {
			heirs = append(heirs, "«"+f.path(s.Unit)+"»")
		}
	}
	if len(heirs) == 0 {
		return notFound("org.roll.unit-ended", last.Name, last.To.Viet())
	}
	return notFound("org.roll.unit-followed", last.Name, last.To.Viet(), strings.Join(heirs, ", "))
}

// suggest looks for a unit whose name differs by a slip or two.
func (f *unitFinder) suggest(name, whole string) foundUnit {
	key, best, least := unitKey(name), UnitID(""), 3
	if f.tried++; f.tried > suggestMax {
		return notFound("org.roll.unit-none", clip(whole))
	}
	for i := range f.t.units {
		id := f.t.units[i].ID
		if f.top != "" && !f.t.Within(id, f.top) {
			continue
		}
		for _, k := range f.keys[id] {
			if d := slips(key, k, least); d < least && d*4 <= len(k) {
				best, least = id, d
			}
		}
	}
	if best == "" {
		return notFound("org.roll.unit-none", clip(whole))
	}
	return notFound("org.roll.unit-near", clip(whole), f.path(best))
}

// slips counts the letters to change, drop or add to make b of a, up to limit.
func slips(a, b string, limit int) int {
	if abs(len(a)-len(b)) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], cost
		}
	}
	return min(row[len(b)], limit)
}

func abs(n int) int { return max(n, -n) }
