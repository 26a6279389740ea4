package sheet

import (
	"embed"
	"fmt"
	"strconv"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
)

//go:embed messages/*.toml
var messages embed.FS

var _ = i18n.Add(messages)

// Error is what is wrong with a file, a row or a cell. Its sentence is the message
// "sheet.<Code>" with Args; where Row is not 0 the first argument is the row, and
// where Col is not "" the second is the column. errors.As gives it as *errs.Error
// too, of kind Invalid (TooLarge for "too-large"), so that a caller may return it.
type Error struct {
	Code  string
	Row   int    // 1-based, as a spreadsheet program shows it; 0: the file
	Col   string // the column's letters; "": the row
	Args  []any
	Cause error // for the log only
}

func newError(code string, args ...any) *Error { return &Error{Code: code, Args: args} }

// at places the error in a row and, where col is not "", a column, and puts both
// before the arguments. Rows go as text: a thousands mark would make them hard to find.
func (e *Error) at(row int, col string) *Error {
	e.Row, e.Col = row, col
	where := []any{strconv.Itoa(row)}
	if col != "" {
		where = append(where, col)
	}
	e.Args = append(where, e.Args...)
	return e
}

// because adds the cause that the log keeps.
func (e *Error) because(err error) *Error {
	e.Cause = err
	return e
}

// Key is the key of the error's sentence.
func (e *Error) Key() string { return "sheet." + e.Code }

// Text is the error's sentence, for a list of what is wrong with a file.
func (e *Error) Text() i18n.Text { return i18n.T(e.Key(), e.Args...) }

func (e *Error) Error() string {
	s := e.Key()
	if e.Row > 0 {
		s += fmt.Sprintf(" at %s%d", e.Col, e.Row)
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

func (e *Error) kind() errs.Kind {
	if e.Code == "too-large" {
		return errs.TooLarge
	}
	return errs.Invalid
}

// Unwrap gives the kind and the cause to errors.Is.
func (e *Error) Unwrap() []error { return []error{e.kind(), e.Cause} }

// As lets errors.As turn the error into the one that pages and the API show.
func (e *Error) As(target any) bool {
	p, ok := target.(**errs.Error)
	if ok {
		*p = errs.New(e.kind(), e.Key(), e.Args...).Because(e.Cause)
	}
	return ok
}
