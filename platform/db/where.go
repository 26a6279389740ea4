package db

import (
	"strconv"
	"strings"
)

// Where gathers the conditions of a query whose own arguments come first:
//
//	w := db.NewWhere(unit)              // $1 is the unit
//	w.If(name != "", "c.folded like ?", name)
//	db.All[Course](ctx, d, `… where c.unit_id = $1 and `+w.SQL(), w.Args()...)
type Where struct {
	conds []string
	args  []any
}

// NewWhere starts with the arguments that the query itself numbers.
func NewWhere(args ...any) *Where { return &Where{args: args} }

// And adds a condition; each ? in it takes the next argument.
func (w *Where) And(cond string, args ...any) *Where {
	var b strings.Builder
	for i, part := range strings.Split(cond, "?") {
		if i > 0 {
			w.args = append(w.args, args[i-1])
			b.WriteString("$" + strconv.Itoa(len(w.args)))
		}
		b.WriteString(part)
	}
	w.conds = append(w.conds, "("+b.String()+")")
	return w
}

// If adds a condition when ok.
func (w *Where) If(ok bool, cond string, args ...any) *Where {
	if ok {
		w.And(cond, args...)
	}
	return w
}

// In adds "column is one of values"; no values, no rows.
func In[T any](w *Where, column string, values []T) *Where {
	if len(values) == 0 {
		return w.And("1 = 0")
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return w.And(column+" in (?"+strings.Repeat(", ?", len(values)-1)+")", args...)
}

// Arg adds an argument and returns its place, "$3".
func (w *Where) Arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// SQL is the conditions joined, for use after "where".
func (w *Where) SQL() string {
	if len(w.conds) == 0 {
		return "1 = 1"
	}
	return strings.Join(w.conds, " and ")
}

// Args is all arguments in their order.
func (w *Where) Args() []any { return w.args }

// Like is the pattern that finds folded text anywhere, for use with
// like ? escape '\'.
func Like(folded string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(folded) + "%"
}
