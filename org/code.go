package org

import (
	"context"
	"strings"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// System is a system of codes besides the General Statistics Office's.
type System string

// The systems of agency codes that are alive side by side.
const (
	QCVN102 System = "qcvn102" // QCVN 102:2016/BTTTT, «000.00.00.H49», level 1 rightmost
	D20     System = "d20"     // Decision 20/2020/QĐ-TTg, at most 35 of A–Z 0–9 and dots, level 1 leftmost
)

// Systems lists them.
var Systems = []System{QCVN102, D20}

// codeRow is a row of org_unit_code.
type codeRow struct {
	Unit   UnitID     `db:"unit_id"`
	System System     `db:"system"`
	From   clock.Date `db:"from_on"`
	To     clock.Date `db:"to_on"`
	Code   string     `db:"code"`
}

const d20Max = 35 // letters of a code of Decision 20/2020/QĐ-TTg

// valid says whether code has the form of its system.
func (s System) valid(code string) bool {
	parts := strings.Split(code, ".")
	for _, p := range parts {
		if p == "" || strings.Trim(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			return false
		}
	}
	switch s {
	case QCVN102:
		return len(parts) == 4 && len(parts[0]) == 3 && len(parts[1]) == 2 && len(parts[2]) == 2 && len(parts[3]) == 3
	case D20:
		return len(code) <= d20Max
	}
	return false
}

// SetCode gives a unit a code of a system from a day on; "" takes it away.
func (o *Org) SetCode(ctx context.Context, id UnitID, s System, code string, on clock.Date) error {
	if err := access.Check(ctx, UnitEdit, id); err != nil {
		return err
	}
	code = strings.ToUpper(clean(code))
	var f errs.Form
	f.Need(code == "" || s.valid(code), "code-"+string(s), "org.code.bad-"+string(s))
	f.Need(on != 0, "on", "org.unit.need-date")
	if err := f.Err(); err != nil {
		return err
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		for _, stmt := range []string{
			`delete from org_unit_code where unit_id = $1 and system = $2 and from_on >= $3`,
			`update org_unit_code set to_on = $3 where unit_id = $1 and system = $2 and from_on < $3 and (to_on is null or to_on > $3)`,
		} {
			if _, err := o.db.Exec(ctx, stmt, id, s, on); err != nil {
				return err
			}
		}
		if code != "" {
			if err := db.Insert(ctx, o.db, "org_unit_code", codeRow{id, s, on, 0, code}); err != nil {
				return err
			}
		}
		return o.audit(ctx, Entry{Action: UnitEdit, Unit: id, Subject: "code", Detail: codeRow{id, s, on, 0, code}})
	})
}

// codes is what a unit is called in other systems today.
func (o *Org) codes(ctx context.Context, id UnitID) (map[System]string, error) {
	rows, err := db.All[codeRow](ctx, o.db, `select `+db.Columns[codeRow]("")+` from org_unit_code
		where unit_id = $1 and from_on <= $2 and (to_on is null or to_on > $2)`, id, clock.Today(ctx))
	out := map[System]string{}
	for _, r := range rows {
		out[r.System] = r.Code
	}
	return out, err
}

// UnitByCode finds the unit that bears a code of a system on a day. Open to all:
// codes are public.
func (o *Org) UnitByCode(ctx context.Context, s System, code string, on clock.Date) (UnitID, error) {
	return db.One[UnitID](ctx, o.db, `select unit_id from org_unit_code where system = $1 and code = $2
		and from_on <= $3 and (to_on is null or to_on > $3)`, s, strings.ToUpper(clean(code)), on)
}
