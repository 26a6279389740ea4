package org

import (
	"context"
	"regexp"
	"strconv"

	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/sheet"
	"lotrinh/platform/text"
)

// rollPlan is a roll that was read, with what is to be done about each row.
type rollPlan struct {
	opt         RollOptions
	file, sheet string
	notes       []i18n.Text
	items       []rollItem
	finder      *unitFinder
	mayEdit     map[UnitID]error
	mayRead     map[UnitID]error
	byNumber    map[string]*entered   // by hash
	byName      map[string][]*entered // by folded name
	touched     map[PersonID]int      // row that speaks of a person
}

type rowAct uint8

const (
	rowBad rowAct = iota
	rowNew
	rowChange
	rowSame
)

// rollItem is a row with what is to be done about it.
type rollItem struct {
	rollRow
	act      rowAct
	unit     UnitID
	unitName string
	hash     string // of the number; "" none
	person   Person // who is to be changed, or the new one
	old      *entered
	changes  []i18n.Text
	fields   bool       // of the person himself something changes
	end      *Post      // to be ended on begin.From
	begin    *Post      // to be given
	amend    *Post      // to be corrected
	asks     []PersonID // whom the row may be about; nil: that is known
}

// plan reads a roll and works out what is to be done. It asks for the right to edit
// people in every unit that rows name; a row of another unit is a bad row.
func (o *Org) plan(ctx context.Context, t *sheet.Table, opt RollOptions) (*rollPlan, error) {
	if !access.Anywhere(ctx, PersonEdit) {
		return nil, access.Check(ctx, PersonEdit, opt.Unit)
	}
	if opt.On == 0 {
		opt.On = clock.Today(ctx)
	}
	p := &rollPlan{opt: opt, finder: newUnitFinder(o.now(ctx), opt.On, opt.Unit), mayEdit: map[UnitID]error{}, mayRead: map[UnitID]error{},
		byNumber: map[string]*entered{}, byName: map[string][]*entered{}, touched: map[PersonID]int{}}
	if err := p.read(ctx, t); err != nil {
		return nil, err
	}
	for i := range p.items {
		it := &p.items[i]
		p.place(ctx, it)
		it.hash = o.NumberHash(it.who.Number)
	}
	p.twice()
	if err := o.readEntered(ctx, p); err != nil {
		return nil, err
	}
	for i := range p.items {
		if p.opt.Progress != nil && i%200 == 0 {
			p.opt.Progress(i, len(p.items))
		}
		if it := &p.items[i]; len(it.bad) == 0 {
			p.decide(ctx, it)
		}
		if it := &p.items[i]; len(it.bad) > 0 {
			it.act = rowBad
		}
	}
	return p, nil
}

// read reads all rows, each by itself.
func (p *rollPlan) read(ctx context.Context, t *sheet.Table) error {
	head, err := t.Header(readColumns()...)
	if err != nil {
		return err
	}
	p.file, p.sheet, p.notes = t.File, t.Sheet, rollNotes(head)
	for row, err := range t.Rows() {
		if err != nil {
			return err
		}
		if isTail(row) {
			continue
		}
		it := rollItem{rollRow: readRoll(ctx, row.Number, row)}
		for _, e := range row.Errors() {
			it.bad = append(it.bad, e.Text())
		}
		for _, e := range row.Warnings() {
			it.warn = append(it.warn, e.Text())
		}
		p.items = append(p.items, it)
		if n := len(p.items); p.opt.Progress != nil && n%200 == 0 {
			p.opt.Progress(n, 0)
		}
	}
	return nil
}

// rollNotes says which columns are not read; those that are not there matter only
// where they were offered.
func rollNotes(head *sheet.Header) []i18n.Text {
	var notes []i18n.Text
	for _, t := range head.Notes() {
		if t.Key != "sheet.absent-columns" {
			notes = append(notes, t)
		}
	}
	return notes
}

// isTail says whether a row is one of those that lists have beside people: sums,
// signatures, headings of groups. Such a row has nothing but a unit, or words that no
// name begins with where the name would be.
func isTail(row sheet.Row) bool {
	for _, key := range []string{"birth", "male", "female", "number", "title", "category", "email", "phone"} {
		if !row.Empty(key) {
			return false
		}
	}
	return notNames.MatchString(text.Fold(row.Text("name") + row.Text("family") + row.Text("given")))
}

var notNames = regexp.MustCompile(`^($|tong( |$)|cong( |:|$)|nguoi lap|ghi chu|danh sach|[ivxlc]+[.)]|[0-9]+[.)])`)

// place finds the unit of a row and asks for the right to edit people there.
func (p *rollPlan) place(ctx context.Context, it *rollItem) {
	x := p.finder.find(it.place)
	if x.why != nil {
		it.fault(x.why.Key, x.why.Args...)
		return
	}
	if x.note != nil {
		it.warning(x.note.Key, x.note.Args...)
	}
	it.unit, it.unitName = x.unit, p.finder.t.Name(x.unit)
	if p.may(ctx, PersonEdit, p.mayEdit, x.unit) != nil {
		it.fault("org.roll.not-yours", it.unitName)
	}
}

// may is access.Check, asked once for a unit.
func (p *rollPlan) may(ctx context.Context, a module.ActionName, asked map[UnitID]error, unit UnitID) error {
	err, known := asked[unit]
	if !known {
		err = access.Check(ctx, a, unit)
		asked[unit] = err
	}
	return err
}

// twice finds rows that speak of one person.
func (p *rollPlan) twice() {
	type who struct {
		name string
		born clock.Date
		unit UnitID
	}
	numbers, names := map[string]int{}, map[who]int{}
	for i := range p.items {
		it := &p.items[i]
		if it.hash != "" {
			if first, ok := numbers[it.hash]; ok {
				it.fault("org.roll.number-twice", strconv.Itoa(first))
				continue
			}
			numbers[it.hash] = it.num
		}
		if it.who.Birth == 0 || it.unit == "" {
			continue
		}
		key := who{text.Fold(it.who.Name), it.who.Birth, it.unit}
		first, ok := names[key]
		if ok && (it.hash == "" || p.hashOf(first) == "") {
			it.fault("org.roll.person-twice", strconv.Itoa(first))
			continue
		}
		names[key] = it.num
	}
}

// hashOf is the number's hash in the row of a number; rows stand in order.
func (p *rollPlan) hashOf(num int) string {
	lo, hi := 0, len(p.items)
	for lo < hi {
		if mid := (lo + hi) / 2; p.items[mid].num < num {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return p.items[lo].hash
}
