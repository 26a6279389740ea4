package org

import (
	"cmp"
	"io"
	"math/big"
	"strconv"
	"strings"

	"lotrinh/platform/errs"
	"lotrinh/platform/sheet"
)

// Ref names a unit as a list does: by code, by name, or both.
type Ref struct {
	Code string `json:"code,omitempty"`
	Name string `json:"name,omitempty"`
}

func (r Ref) empty() bool { return r.Code == "" && r.Name == "" }

// MapRow is a line of an official table of what became what: the old unit, with
// those above it, and the new. Where the line is about districts or provinces,
// the refs below are empty.
type MapRow struct {
	Line                                 int
	OldProvince, OldDistrict, OldCommune Ref
	NewProvince, NewDistrict, NewCommune Ref
	Num, Den                             int64 // the share of the old unit; 0/0: not said
}

func (r *MapRow) old() (Ref, Tier) { return deepest(r.OldProvince, r.OldDistrict, r.OldCommune) }

func (r *MapRow) new() (Ref, Tier) { return deepest(r.NewProvince, r.NewDistrict, r.NewCommune) }

func deepest(p, d, c Ref) (Ref, Tier) {
	switch {
	case !c.empty():
		return c, Commune
	case !d.empty():
		return d, District
	}
	return p, Province
}

type mapColumn struct {
	name  string
	alias string // as people head it
	tier  Tier   // of the unit whose code it holds; "" for a name
	of    func(*MapRow) *string
}

// mapColumns are the columns of the tables that ParseMapping knows.
var mapColumns = []mapColumn{
	{"old_province_code", "Mã tỉnh cũ", Province, func(r *MapRow) *string { return &r.OldProvince.Code }},
	{"old_province", "Tỉnh cũ", "", func(r *MapRow) *string { return &r.OldProvince.Name }},
	{"old_district_code", "Mã huyện cũ", District, func(r *MapRow) *string { return &r.OldDistrict.Code }},
	{"old_district", "Huyện cũ", "", func(r *MapRow) *string { return &r.OldDistrict.Name }},
	{"old_commune_code", "Mã xã cũ", Commune, func(r *MapRow) *string { return &r.OldCommune.Code }},
	{"old_commune", "Xã cũ", "", func(r *MapRow) *string { return &r.OldCommune.Name }},
	{"new_province_code", "Mã tỉnh mới", Province, func(r *MapRow) *string { return &r.NewProvince.Code }},
	{"new_province", "Tỉnh mới", "", func(r *MapRow) *string { return &r.NewProvince.Name }},
	{"new_district_code", "Mã huyện mới", District, func(r *MapRow) *string { return &r.NewDistrict.Code }},
	{"new_district", "Huyện mới", "", func(r *MapRow) *string { return &r.NewDistrict.Name }},
	{"new_commune_code", "Mã xã mới", Commune, func(r *MapRow) *string { return &r.NewCommune.Code }},
	{"new_commune", "Xã mới", "", func(r *MapRow) *string { return &r.NewCommune.Name }},
}

// The years in the headings of a table of steps, code_2022 … code_2025.
const firstYear, lastYear = 2000, 2049

const mapMax = 60_000 // lines of a table of what became what

func mappingColumns() []sheet.Column {
	all := []sheet.Column{{Key: "share", Aliases: []string{"Tỷ lệ"}}, {Key: "old_code", Aliases: []string{"Mã cũ"}},
		{Key: "new_code", Aliases: []string{"Mã mới"}}, {Key: "province_code"}, {Key: "province"}}
	for _, c := range mapColumns {
		all = append(all, sheet.Column{Key: c.name, Aliases: []string{c.alias}})
	}
	for y := firstYear; y <= lastYear; y++ {
		for _, k := range []string{"code_", "name_", "district_"} {
			all = append(all, sheet.Column{Key: k + strconv.Itoa(y)})
		}
	}
	return all
}

// ParseMapping reads a table of what became what, from CSV or XLSX. It knows
// three forms by their headings: old_province_code … new_commune (with new_district
// and share where there are any); new_code, new_province, old_code, old_province;
// and province_code, code_2022, name_2022, district_2022, code_2025, ….
func ParseMapping(r io.Reader, name string) ([]MapRow, error) {
	t, err := readTable(r, name, mapMax, mappingColumns())
	if err != nil {
		return nil, err
	}
	read := t.mapReader()
	if read == nil {
		return nil, errs.New(errs.Invalid, "org.file.map-columns")
	}
	rows := make([]MapRow, 0, len(t.rows))
	for i := range t.rows {
		row := read(i)
		row.Line = t.rows[i].Number
		if share := t.get(i, "share"); share != "" {
			num, den, ok := ParseShare(share)
			if !ok {
				return nil, errs.New(errs.Invalid, "org.file.share", row.Line, share)
			}
			row.Num, row.Den = num, den
		}
		o, _ := row.old()
		n, _ := row.new()
		if o.empty() || n.empty() {
			return nil, errs.New(errs.Invalid, "org.file.map-empty", row.Line)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// mapReader is how a line of the table is read, by its headings; nil for none.
func (t *table) mapReader() func(int) MapRow {
	years := t.years()
	switch {
	case t.has("old_province_code", "new_province_code") || t.has("old_commune_code", "new_commune_code"):
		return t.mapRow
	case t.has("old_code", "new_code"):
		return func(i int) MapRow {
			return MapRow{OldProvince: Ref{t.code(i, "old_code", Province), t.get(i, "old_province")},
				NewProvince: Ref{t.code(i, "new_code", Province), t.get(i, "new_province")}}
		}
	case len(years) == 2 && t.has("province_code"):
		return func(i int) MapRow { return t.stepRow(i, years[0], years[1]) }
	}
	return nil
}

func (t *table) mapRow(i int) MapRow {
	var r MapRow
	for _, c := range mapColumns {
		*c.of(&r) = t.code(i, c.name, c.tier)
	}
	return r
}

// years lists the years for which the table has a column code_YEAR.
func (t *table) years() (years []string) {
	for y := firstYear; y <= lastYear; y++ {
		if s := strconv.Itoa(y); t.has("code_" + s) {
			years = append(years, s)
		}
	}
	return years
}

func (t *table) stepRow(i int, from, to string) MapRow {
	p := Ref{t.code(i, "province_code", Province), t.get(i, "province")}
	return MapRow{
		OldProvince: p, OldDistrict: Ref{Name: t.get(i, "district_"+from)},
		OldCommune:  Ref{t.code(i, "code_"+from, Commune), t.get(i, "name_"+from)},
		NewProvince: p, NewDistrict: Ref{Name: t.get(i, "district_"+to)},
		NewCommune: Ref{t.code(i, "code_"+to, Commune), t.get(i, "name_"+to)},
	}
}

// ParseShare reads a share as people write it: 1/3, 40 %, 33,3%, 0,4, 0.4.
func ParseShare(s string) (num, den int64, ok bool) {
	s = strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(s), " ", ""), ",", ".")
	s, percent := strings.CutSuffix(s, "%")
	if s == "" || len(s) > 20 || strings.Trim(s, "0123456789./") != "" {
		return 0, 0, false
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, 0, false
	}
	if percent {
		r.Quo(r, big.NewRat(100, 1))
	}
	if !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return 0, 0, false
	}
	num, den = r.Num().Int64(), r.Denom().Int64()
	return num, den, num > 0 && num <= den && den <= denMax
}

// kindOfName reads the kind from the first words of a full name; a name that
// begins with none is that of the tier's plainest kind.
func kindOfName(name string, t Tier) (k Kind, known bool) {
	key := nameKey(name)
	best := level{}
	for _, l := range levels {
		if w := nameKey(l.word); l.tier == t && strings.HasPrefix(key, w+" ") && len(l.word) > len(best.word) {
			best = l
		}
	}
	return cmp.Or(best.kind, plainest[t]), best.kind != ""
}

var plainest = map[Tier]Kind{Province: KindProvince, District: KindRuralDistrict, Commune: KindCommune,
	Village: KindVillage, Agency: KindAgency, Division: KindDivision}
