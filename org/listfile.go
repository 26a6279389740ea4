package org

import (
	"cmp"
	"io"
	"strings"

	"lotrinh/platform/errs"
	"lotrinh/platform/sheet"
)

// ListRow is a unit as a list of units names it.
type ListRow struct {
	Line       int
	Code, Name string
	Level      string // the word of its kind: «Phường»; "" where the name begins with it
	ParentCode string
	Tier       Tier
	Lat, Lon   float64
}

// Ref names the unit of the row.
func (r ListRow) ref() Ref { return Ref{r.Code, r.Name} }

const listMax = 200_000 // lines of a list of units

var listColumns = []sheet.Column{
	{Key: "code", Aliases: []string{"Mã", "Mã đơn vị"}}, {Key: "name", Aliases: []string{"Tên", "Tên đơn vị"}},
	{Key: "level", Aliases: []string{"Loại", "Cấp", "Loại đơn vị"}},
	{Key: "parent_code", Aliases: []string{"Mã cấp trên", "Mã đơn vị cấp trên"}},
	{Key: "tier", Aliases: []string{"Cấp hành chính"}}, {Key: "name_en", Aliases: []string{"Tên tiếng Anh"}},
	{Key: "lat", Aliases: []string{"Vĩ độ"}}, {Key: "lon", Aliases: []string{"Kinh độ"}},
	// The list that the General Statistics Office gives out has one line a commune.
	{Key: "gso_province", Aliases: []string{"Tỉnh / Thành Phố", "Tỉnh Thành Phố"}}, {Key: "gso_province_code", Aliases: []string{"Mã TP"}},
	{Key: "gso_district", Aliases: []string{"Quận Huyện"}}, {Key: "gso_district_code", Aliases: []string{"Mã QH"}},
	{Key: "gso_commune", Aliases: []string{"Phường Xã"}}, {Key: "gso_commune_code", Aliases: []string{"Mã PX"}},
}

// ParseList reads a list of units from CSV or XLSX: a line a unit (code, name,
// level, parent_code, tier), or a line a commune with its district and province, as
// the General Statistics Office gives it out.
func ParseList(r io.Reader, name string) ([]ListRow, error) {
	t, err := readTable(r, name, listMax, listColumns)
	if err != nil {
		return nil, err
	}
	switch {
	case t.has("gso_province", "gso_province_code", "gso_commune", "gso_commune_code"):
		return t.wideList()
	case t.has("code", "name"):
		return t.list()
	}
	return nil, errs.New(errs.Invalid, "org.file.list-columns")
}

func (t *table) list() ([]ListRow, error) {
	rows := make([]ListRow, len(t.rows))
	for i := range t.rows {
		tier := Tier(strings.ToLower(t.get(i, "tier")))
		code := t.get(i, "code")
		if tier == "" {
			tier = tierOfCode(code)
		}
		if tier.rank() == len(Tiers) {
			return nil, errs.New(errs.Invalid, "org.file.tier", t.rows[i].Number, t.get(i, "tier"))
		}
		name := t.get(i, "name")
		if name == "" {
			return nil, errs.New(errs.Invalid, "org.file.no-name", t.rows[i].Number)
		}
		rows[i] = ListRow{Line: t.rows[i].Number, Code: padCode(code, tier), Name: name, Level: t.get(i, "level"),
			ParentCode: padParent(t.get(i, "parent_code"), tier), Tier: tier, Lat: number(t.get(i, "lat")), Lon: number(t.get(i, "lon"))}
	}
	return rows, nil
}

func tierOfCode(code string) Tier {
	switch len(code) {
	case 1, 2:
		return Province
	case 3:
		return District
	case 4, 5:
		return Commune
	}
	return ""
}

// padParent gives the code above a unit its lost zeros: a commune lies in a
// district (three digits) or, since 1/7/2025, in a province (two).
func padParent(code string, below Tier) string {
	switch {
	case below == District || below == Commune && len(code) < 2:
		return padCode(code, Province)
	case below == Village:
		return padCode(code, Commune)
	}
	return code
}

// wideList makes a line for each province and district where it is first named.
func (t *table) wideList() ([]ListRow, error) {
	var rows []ListRow
	seen := map[string]bool{}
	put := func(i int, tier Tier, name, code, parent string) {
		if name != "" && !seen[code] {
			seen[code] = true
			rows = append(rows, ListRow{Line: t.rows[i].Number, Code: code, Name: name, ParentCode: parent, Tier: tier})
		}
	}
	for i := range t.rows {
		p, d, c := t.code(i, "gso_province_code", Province), t.code(i, "gso_district_code", District), t.code(i, "gso_commune_code", Commune)
		put(i, Province, t.get(i, "gso_province"), p, "")
		put(i, District, t.get(i, "gso_district"), d, p)
		put(i, Commune, t.get(i, "gso_commune"), c, cmp.Or(d, p))
	}
	return rows, nil
}
