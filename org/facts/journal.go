package facts

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lotrinh/platform/clock"
)

// journal is the state of the units of an area while its text is read.
type journal struct {
	area        Area
	acts        []Act
	units       []Unit
	successions []Succession

	open    map[string]int    // key → index in units of the span that lasts
	now     map[string]string // PROVINCE/CODE → key, after the lines so far
	before  map[string]string // the same, before the act
	home    map[string]string // key → its PROVINCE/CODE
	places  map[string]place  // key → where it lies
	block   block
	base    string // province whose list is being read
	current string // district whose communes are being read
}

// block is one "on" line and what its lines have taken from units so far.
type block struct {
	act                  string
	effective, operating clock.Date
	taken                map[string]*taking
}

type taking struct {
	rows  []int // in successions
	keeps bool  // the unit goes on
}

type place struct {
	lon, lat float64
	derived  bool
}

// replay computes the units and successions of an area from its journal.
func replay(area Area, text string, acts []Act) (*journal, error) {
	j := &journal{area: area, acts: acts, open: map[string]int{}, now: map[string]string{},
		before: map[string]string{}, home: map[string]string{}, places: map[string]place{}}
	err := eachLine(text, func(line string) error { return j.line(strings.Fields(line)) })
	if err == nil {
		err = j.settle()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", area, err)
	}
	j.locate()
	return j, nil
}

var errForm = errors.New("not of the form")

func (j *journal) line(f []string) error {
	if f[0][0] >= '0' && f[0][0] <= '9' {
		return j.listed(f)
	}
	verbs := map[string]func([]string) error{
		"base": j.startBase, "on": j.startBlock, "new": j.form, "merge": j.merge, "part": j.part,
		"kind": j.reclassify, "name": j.rename, "code": j.recode, "move": j.move, "end": j.end,
		"at": j.at, "near": j.near,
	}
	verb, ok := verbs[f[0]]
	if !ok {
		return errForm
	}
	if j.block.effective == 0 && !slices.Contains([]string{"base", "on", "at", "near"}, f[0]) {
		return errors.New("before the first act")
	}
	return verb(f[1:])
}

// startBase reads "PROVINCE KIND Name".
func (j *journal) startBase(f []string) error {
	if len(f) < 3 || len(f[0]) != 2 {
		return errForm
	}
	if j.block.effective != 0 {
		return errors.New("after the first act")
	}
	j.base, j.current = f[0], ""
	return j.add(f[0], f[0], f[1], strings.Join(f[2:], " "), "")
}

// listed reads "CODE KIND Name" under a base: a district, or a commune of the
// district before it.
func (j *journal) listed(f []string) error {
	if len(f) < 3 || j.base == "" || j.block.effective != 0 {
		return errForm
	}
	address, parent := j.base+"/"+f[0], j.now[j.base]
	if len(f[0]) == 5 {
		parent = j.current
	}
	if err := j.add(address, f[0], f[1], strings.Join(f[2:], " "), parent); err != nil {
		return err
	}
	if len(f[0]) == 3 {
		j.current = j.now[address]
	}
	return nil
}

// add opens the first span of a unit.
func (j *journal) add(address, code, letter, name, parent string) error {
	tier, kind, err := kindOf(code, letter)
	if err != nil {
		return err
	}
	if (parent == "") != (tier == ProvinceTier) {
		return errors.New("without its parent")
	}
	key := address + "@2020"
	if d := j.block.effective; d != 0 {
		key = address + "@" + d.String()[:len("2006-01")]
	}
	if _, twice := j.home[key]; twice {
		return fmt.Errorf("%s is formed twice", key)
	}
	j.home[key], j.now[address] = address, key
	j.open[key] = len(j.units)
	j.units = append(j.units, Unit{Area: j.area, Key: key, Code: code, Name: kind.Word() + " " + name,
		Kind: kind, Tier: tier, Parent: parent, From: j.block.effective})
	return nil
}

// kindOf reads the letters of a kind; the length of the code gives the tier.
func kindOf(code, letters string) (Tier, Kind, error) {
	byTier := map[int]map[string]Kind{
		2: {"T": Province, "TP": Municipality},
		3: {"H": District, "Q": UrbanDistrict, "TX": Town, "TP": City},
		5: {"X": Commune, "P": Ward, "TT": Township, "ĐK": SpecialZone},
	}
	kind, ok := byTier[len(code)][letters]
	if _, err := strconv.ParseUint(code, 10, 32); err != nil || !ok {
		return 0, "", fmt.Errorf("%s is no kind for the code %s", letters, code)
	}
	return map[int]Tier{2: ProvinceTier, 3: DistrictTier, 5: CommuneTier}[len(code)], kind, nil
}

// startBlock reads "DATE ACT [operating DATE]", where the act "-" is none.
func (j *journal) startBlock(f []string) error {
	if err := j.settle(); err != nil {
		return err
	}
	if len(f) != 2 && (len(f) != 4 || f[2] != "operating") {
		return errForm
	}
	day, err := clock.ParseDate(f[0])
	if err != nil || day < j.block.effective || day == 0 {
		return errors.New("no date, or one before the act before")
	}
	b := block{act: f[1], effective: day, operating: day, taken: map[string]*taking{}}
	if len(f) == 4 {
		if b.operating, err = clock.ParseDate(f[3]); err != nil {
			return err
		}
	}
	if b.act == "-" {
		b.act = ""
	} else if !slices.ContainsFunc(j.acts, func(a Act) bool { return a.Number == b.act }) {
		return errors.New("no such act")
	}
	j.block, j.before = b, maps.Clone(j.now)
	return nil
}

// was is the unit that bore an address before the act and still stands.
func (j *journal) was(address string) (string, error) {
	key := j.before[address]
	if _, ok := j.open[key]; !ok {
		return "", fmt.Errorf("no unit %s", address)
	}
	return key, nil
}

// is is the unit that bears an address after the lines so far.
func (j *journal) is(address string) (string, error) {
	key := j.now[address]
	if _, ok := j.open[key]; !ok {
		return "", fmt.Errorf("no unit %s", address)
	}
	return key, nil
}
