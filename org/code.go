package org

import "lotrinh/platform/clock"

// System is a system of codes besides the General Statistics Office's.
type System string

// The systems of agency codes that are alive side by side.
const (
	QCVN102 System = "qcvn102" // QCVN 102:2016/BTTTT, «000.00.00.H49», level 1 rightmost
	D20     System = "d20"     // Decision 20/2020/QĐ-TTg, at most 35 of A–Z 0–9 and dots, level 1 leftmost
)

// codeRow is a row of org_unit_code.
type codeRow struct {
	Unit   UnitID     `db:"unit_id"`
	System System     `db:"system"`
	From   clock.Date `db:"from_on"`
	To     clock.Date `db:"to_on"`
	Code   string     `db:"code"`
}
