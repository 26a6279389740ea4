package facts

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// form reads "A KIND Name [in B] [at LON LAT] [of C D:1/3? +]".
func (j *journal) form(f []string) error {
	if len(f) < 3 {
		return errForm
	}
	c := clauses(f[2:])
	province, code, found := strings.Cut(f[0], "/")
	if !found {
		code = province
	}
	parent, err := j.parentOf(province, code, c["in"])
	if err != nil {
		return err
	}
	if err := j.add(f[0], code, f[1], strings.Join(c[""], " "), parent); err != nil {
		return err
	}
	if at, ok := c["at"]; ok {
		if err := j.put(f[0], at, false); err != nil {
			return err
		}
	}
	return j.origins(j.now[f[0]], c["of"])
}

// clauses splits words at "in", "at" and "of"; the words before are under "".
func clauses(words []string) map[string][]string {
	c, at := map[string][]string{}, ""
	for _, w := range words {
		if w == "in" || w == "at" || w == "of" {
			at = w
			c[at] = []string{}
			continue
		}
		c[at] = append(c[at], w)
	}
	return c
}

// parentOf is the unit above a new one: what "in" names, else its province.
func (j *journal) parentOf(province, code string, in []string) (string, error) {
	switch {
	case len(in) == 1:
		return j.is(in[0])
	case len(code) == 2:
		return "", nil
	}
	return j.is(province)
}

func (j *journal) origins(key string, of []string) error {
	whole := len(of) == 1
	for _, o := range of {
		if o == "+" {
			j.units[j.open[key]].Outside = true
			continue
		}
		address, text, parted := strings.Cut(o, ":")
		share, assumed := Share{1, 1}, false
		if parted {
			var err error
			if share, assumed, err = parseShare(text); err != nil {
				return err
			}
		}
		from, err := j.was(address)
		if err != nil {
			return err
		}
		if from == key {
			return errors.New("formed of itself")
		}
		change := Merge
		switch {
		case share.Num < share.Den:
			change = Split
		case whole && j.units[j.open[from]].Tier != j.units[j.open[key]].Tier:
			change = Succeed
		}
		if err := j.take(from, key, change, share, assumed, false); err != nil {
			return err
		}
	}
	return nil
}

// parseShare reads "1/3" or, when assumed, "1/3?".
func parseShare(text string) (Share, bool, error) {
	text, assumed := strings.CutSuffix(text, "?")
	a, b, _ := strings.Cut(text, "/")
	num, err1 := strconv.Atoi(a)
	den, err2 := strconv.Atoi(b)
	if err1 != nil || err2 != nil || num < 1 || num >= den || den > 100_000_000 {
		return Share{}, false, fmt.Errorf("%q is no share", text)
	}
	return Share{num, den}, assumed, nil
}

// take notes that a share of a unit goes into another.
func (j *journal) take(from, to string, change Change, share Share, assumed, keeps bool) error {
	t := j.block.taken[from]
	if t == nil {
		t = &taking{keeps: keeps}
		j.block.taken[from] = t
	}
	if t.keeps != keeps {
		return errors.New("ends and goes on")
	}
	t.rows = append(t.rows, len(j.successions))
	j.note(from, to, change, share, assumed)
	return nil
}

func (j *journal) note(from, to string, change Change, share Share, assumed bool) {
	j.successions = append(j.successions, Succession{Area: j.area, From: from, To: to, Change: change,
		Share: share, Assumed: assumed, Act: j.block.act,
		Effective: j.block.effective, Operating: j.block.operating})
}

// settle closes an act: units that gave all of themselves end, and those that
// gave a part get the row for what they keep.
func (j *journal) settle() error {
	for _, key := range slices.Sorted(maps.Keys(j.block.taken)) {
		t := j.block.taken[key]
		rest, assumed := big.NewRat(1, 1), false
		for _, r := range t.rows {
			s := j.successions[r]
			rest.Sub(rest, big.NewRat(int64(s.Share.Num), int64(s.Share.Den)))
			assumed = assumed || s.Assumed
		}
		switch {
		case rest.Sign() < 0 || rest.Sign() > 0 != t.keeps || !rest.Denom().IsInt64():
			return fmt.Errorf("the shares of %s do not add up", key)
		case t.keeps:
			keep := Share{int(rest.Num().Int64()), int(rest.Denom().Int64())}
			j.note(key, key, Partial, keep, assumed)
		default:
			j.close(key)
		}
	}
	j.block.taken = nil
	if len(j.open) != len(j.now) {
		return errors.New("two units stand under one code")
	}
	return nil
}

func (j *journal) close(key string) {
	j.units[j.open[key]].To = j.block.effective
	delete(j.open, key)
	if j.now[j.home[key]] == key {
		delete(j.now, j.home[key])
	}
}

// merge reads "A > B".
func (j *journal) merge(f []string) error {
	if len(f) != 3 || f[1] != ">" {
		return errForm
	}
	return j.pass(f[0], f[2], Merge, Share{1, 1}, false)
}

// part reads "A > B 1/3".
func (j *journal) part(f []string) error {
	if len(f) != 4 || f[1] != ">" {
		return errForm
	}
	share, assumed, err := parseShare(f[3])
	if err != nil {
		return err
	}
	return j.pass(f[0], f[2], Partial, share, assumed)
}

func (j *journal) pass(a, b string, change Change, share Share, assumed bool) error {
	from, err := j.was(a)
	if err != nil {
		return err
	}
	to, err := j.is(b)
	if err != nil {
		return err
	}
	if from == to {
		return errors.New("goes into itself")
	}
	return j.take(from, to, change, share, assumed, change == Partial)
}

// alter changes a unit from the day of the act on.
func (j *journal) alter(key string, change Change, do func(*Unit)) {
	i := j.open[key]
	if j.units[i].From != j.block.effective {
		next := j.units[i]
		j.units[i].To = j.block.effective
		next.From = j.block.effective
		i = len(j.units)
		j.units, j.open[key] = append(j.units, next), i
	}
	do(&j.units[i])
	j.note(key, key, change, Share{1, 1}, false)
}

// reclassify reads "KIND A…".
func (j *journal) reclassify(f []string) error {
	if len(f) < 2 {
		return errForm
	}
	for _, a := range f[1:] {
		key, err := j.was(a)
		if err != nil {
			return err
		}
		if err := j.call(key, f[0], j.units[j.open[key]].Short()); err != nil {
			return err
		}
	}
	return nil
}

// rename reads "A KIND Name".
func (j *journal) rename(f []string) error {
	if len(f) < 3 {
		return errForm
	}
	key, err := j.was(f[0])
	if err != nil {
		return err
	}
	return j.call(key, f[1], strings.Join(f[2:], " "))
}

// call gives a unit another kind, name or both, which are two changes.
func (j *journal) call(key, letters, name string) error {
	u := j.units[j.open[key]]
	_, kind, err := kindOf(u.Code, letters)
	if err != nil {
		return err
	}
	if kind == u.Kind && name == u.Short() {
		return errors.New("called so already")
	}
	set := func(u *Unit) { u.Kind, u.Name = kind, kind.Word()+" "+name }
	if name != u.Short() {
		j.alter(key, Rename, set)
	}
	if kind != u.Kind {
		j.alter(key, Reclassify, set)
	}
	return nil
}

// recode reads "A NEWCODE".
func (j *journal) recode(f []string) error {
	if len(f) != 2 {
		return errForm
	}
	key, err := j.was(f[0])
	if err != nil {
		return err
	}
	u := j.units[j.open[key]]
	if _, err := strconv.ParseUint(f[1], 10, 32); err != nil || len(f[1]) != len(u.Code) || f[1] == u.Code {
		return errForm
	}
	j.alter(key, Recode, func(u *Unit) { u.Code = f[1] })
	if j.now[f[0]] == key {
		delete(j.now, f[0])
	}
	province, _, _ := strings.Cut(f[0], "/")
	j.home[key] = province + "/" + f[1]
	j.now[j.home[key]] = key
	return nil
}

// move reads "A… to B".
func (j *journal) move(f []string) error {
	if len(f) < 3 || f[len(f)-2] != "to" {
		return errForm
	}
	parent, err := j.is(f[len(f)-1])
	if err != nil {
		return err
	}
	for _, a := range f[:len(f)-2] {
		key, err := j.was(a)
		if err != nil {
			return err
		}
		if j.units[j.open[parent]].Tier >= j.units[j.open[key]].Tier {
			return errors.New("not above it")
		}
		j.alter(key, Reparent, func(u *Unit) { u.Parent = parent })
	}
	return nil
}

// end reads "A…": units that end with no successor.
func (j *journal) end(f []string) error {
	for _, a := range f {
		key, err := j.was(a)
		if err != nil {
			return err
		}
		if j.block.taken[key] != nil {
			return errors.New("ends twice")
		}
		j.note(key, "", Dissolve, Share{1, 1}, false)
		j.close(key)
	}
	return nil
}
