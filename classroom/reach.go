package classroom

import (
	"context"
	"strings"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/module"
)

// near says whether the actor may do a in unit or in some unit below it: an
// officer of a commune sees the plan and the classes of his province.
func (c *Classroom) near(ctx context.Context, a module.ActionName, unit org.UnitID) bool {
	s := access.In(ctx, a)
	if s.All() {
		return true
	}
	for _, top := range s.Tops() {
		if c.orgs.Covers(top, unit) || c.orgs.Covers(unit, top) {
			return true
		}
	}
	return false
}

// narrowNear adds to w that the unit in column lies where the actor may do a, or
// above it while the condition open holds.
func (c *Classroom) narrowNear(ctx context.Context, w *db.Where, a module.ActionName, column, open string) {
	s := access.In(ctx, a)
	if s.All() {
		return
	}
	if len(s.Tops()) == 0 {
		w.And("1 = 0")
		return
	}
	var below, above []any
	t := c.orgs.Now(ctx)
	for _, top := range s.Tops() {
		below = append(below, top)
		for _, up := range t.Ancestors(top) {
			above = append(above, up)
		}
	}
	cond := column + ` in (select low.unit_id from org_reach low join org_reach top
		on low.path >= top.path and low.path < top.path_end where top.unit_id in (` + marks(len(below)) + `))`
	if len(above) > 0 {
		cond += ` or ` + open + ` and ` + column + ` in (` + marks(len(above)) + `)`
	}
	w.And(cond, append(below, above...)...)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// under is the condition that the unit in column is top or lies below it today.
func under(w *db.Where, column string, top org.UnitID) {
	w.And(column+` in (select low.unit_id from org_reach low join org_reach top
		on low.path >= top.path and low.path < top.path_end where top.unit_id = ?)`, top)
}

// nameOf is what a unit was called in a tree, or is called now, or was last.
func (c *Classroom) nameOf(ctx context.Context, t *org.Tree, id org.UnitID) string {
	if n := t.Name(id); n != "" {
		return n
	}
	if n := c.orgs.Now(ctx).Name(id); n != "" {
		return n
	}
	names, err := db.All[string](ctx, c.db, `select name from org_unit_state where unit_id = $1 order by from_on desc limit 1`, id)
	if err != nil || len(names) == 0 {
		return ""
	}
	return names[0]
}
