package org

import (
	"strings"

	"lotrinh/platform/clock"
)

// Unit is what a unit was in a span of time, [From, To).
type Unit struct {
	ID       UnitID     `db:"unit_id"`
	From     clock.Date `db:"from_on"`
	To       clock.Date `db:"to_on"`       // zero: still open
	Operates clock.Date `db:"operates_on"` // its authorities start; zero: on From
	Closes   clock.Date `db:"closes_on"`   // its authorities have stopped; zero: on To
	Code     string     `db:"code"`        // of the General Statistics Office, for administrative units
	Name     string     `db:"name"`        // with its kind: «Phường Tân Phú»
	Kind     Kind       `db:"kind"`
	Tier     Tier       `db:"tier"`
	Parent   UnitID     `db:"parent_id"` // "" at the root
	Sort     int        `db:"sort"`      // among brothers and sisters, before the code
	Lat      float64    `db:"lat"`       // centroid in degrees; both zero: not known
	Lon      float64    `db:"lon"`
}

// Located says whether the centroid is known.
func (u Unit) Located() bool { return u.Lat != 0 || u.Lon != 0 }

// Tier is the place of a unit in the state.
type Tier string

// The tiers.
const (
	Province Tier = "province" // cấp tỉnh
	District Tier = "district" // cấp huyện, ended 1/7/2025
	Commune  Tier = "commune"  // cấp xã
	Village  Tier = "village"  // thôn, tổ dân phố
	Agency   Tier = "agency"   // sở, ban, ngành; cơ quan, đơn vị
	Division Tier = "division" // phòng, ban
)

// Tiers lists them, from the top.
var Tiers = []Tier{Province, District, Commune, Village, Agency, Division}

// Kind is what a unit calls itself.
type Kind string

// The kinds, by tier.
const (
	KindProvince     Kind = "province"
	KindMunicipality Kind = "municipality"

	KindUrbanDistrict Kind = "urban_district" // quận
	KindRuralDistrict Kind = "rural_district" // huyện
	KindTown          Kind = "town"           // thị xã
	KindCity          Kind = "city"           // thành phố thuộc tỉnh, thuộc thành phố

	KindCommune     Kind = "commune"      // xã
	KindWard        Kind = "ward"         // phường
	KindTownship    Kind = "township"     // thị trấn
	KindSpecialZone Kind = "special_zone" // đặc khu

	KindVillage          Kind = "village"           // thôn
	KindHamlet           Kind = "hamlet"            // ấp, bản, buôn, làng, xóm
	KindResidentialGroup Kind = "residential_group" // tổ dân phố
	KindQuarter          Kind = "quarter"           // khu phố

	KindDepartment Kind = "department" // sở, ban, ngành
	KindAgency     Kind = "agency"     // cơ quan, đơn vị khác
	KindDivision   Kind = "division"   // phòng, ban
)

type level struct {
	word string // as lists of units write it
	kind Kind
	tier Tier
}

var levels = []level{
	{"Tỉnh", KindProvince, Province}, {"Thành phố", KindMunicipality, Province},
	{"Quận", KindUrbanDistrict, District}, {"Huyện", KindRuralDistrict, District},
	{"Thị xã", KindTown, District}, {"Thành phố", KindCity, District},
	{"Xã", KindCommune, Commune}, {"Phường", KindWard, Commune},
	{"Thị trấn", KindTownship, Commune}, {"Đặc khu", KindSpecialZone, Commune},
	{"Tổ dân phố", KindResidentialGroup, Village}, {"Khu phố", KindQuarter, Village},
	{"Thôn", KindVillage, Village}, {"Ấp", KindHamlet, Village}, {"Bản", KindHamlet, Village},
	{"Buôn", KindHamlet, Village}, {"Làng", KindHamlet, Village}, {"Xóm", KindHamlet, Village},
	{"Sở", KindDepartment, Agency}, {"Ban", KindDepartment, Agency}, {"Cơ quan", KindAgency, Agency},
	{"Phòng", KindDivision, Division},
}

// KindOf reads the word that lists of units write for a kind, in its tier; ok is
// false for a word it does not know.
func KindOf(word string, t Tier) (k Kind, ok bool) {
	key := nameKey(word)
	for _, l := range levels {
		if l.tier == t && nameKey(l.word) == key {
			return l.kind, true
		}
	}
	return "", false
}

// TierOf is the tier of a kind; "" for none that is known.
func TierOf(k Kind) Tier {
	for _, l := range levels {
		if l.kind == k {
			return l.tier
		}
	}
	return ""
}

// bare is a name without the words of its kind: «Tân Phú».
func bare(name string) string {
	low := strings.ToLower(name)
	for _, l := range levels {
		if w := strings.ToLower(l.word) + " "; strings.HasPrefix(low, w) && len(name) > len(w) {
			return name[len(w):]
		}
	}
	return name
}

func (t Tier) rank() int {
	for i, x := range Tiers {
		if x == t {
			return i
		}
	}
	return len(Tiers)
}

// state is a row of org_unit_state.
type state struct {
	Unit
	Folded   string `db:"folded"`
	Act      ActID  `db:"act_id"`     // by which it began
	EndAct   ActID  `db:"end_act_id"` // by which it ended
	Recorded int64  `db:"recorded_at"`
}

func (s *state) span(working bool) (from, to clock.Date) {
	from, to = s.From, s.To
	if working && s.Operates != 0 {
		from = s.Operates
	}
	if working && s.Closes != 0 {
		to = s.Closes
	}
	return from, to
}
