// Package errs holds the one kind of error that a person ever reads.
//
// Any other error is a fault of ours: it is logged, and the person is told only
// that something went wrong and what to do.
package errs

import (
	"errors"
	"net/http"

	"lotrinh/platform/i18n"
)

// Kind says what went wrong in a way that a caller can act on. A Kind is itself
// an error, so that errors.Is(err, errs.NotFound) asks the question outright.
type Kind string

// The kinds, each with the HTTP status that Status gives it.
const (
	Invalid  Kind = "invalid"   // 422: the input can be mended by whoever sent it
	Stranger Kind = "stranger"  // 401: nobody is signed in
	Denied   Kind = "denied"    // 403: signed in, and may not
	NotFound Kind = "not-found" // 404: no such thing, or none that this person may see
	Conflict Kind = "conflict"  // 409: it changed meanwhile, or exists already
	Busy     Kind = "busy"      // 429: too many attempts; come back later
	TooLarge Kind = "too-large" // 413: more bytes than the door lets in
	Fault    Kind = "fault"     // 500: ours
)

func (k Kind) Error() string { return string(k) }

var statuses = map[Kind]int{
	Invalid:  http.StatusUnprocessableEntity,
	Stranger: http.StatusUnauthorized,
	Denied:   http.StatusForbidden,
	NotFound: http.StatusNotFound,
	Conflict: http.StatusConflict,
	Busy:     http.StatusTooManyRequests,
	TooLarge: http.StatusRequestEntityTooLarge,
	Fault:    http.StatusInternalServerError,
}

// Status is the HTTP status of a kind.
func (k Kind) Status() int { return statuses[k] }

// Error is a refusal that a person can read and act on.
type Error struct {
	Kind   Kind
	Text   i18n.Text            // what the person reads: what is wrong and what to do
	Fields map[string]i18n.Text // by form field, when Kind is Invalid
	Cause  error                // what the operator reads; never shown
}

// New refuses with a kind and the message key (and arguments) for the person.
func New(k Kind, key string, args ...any) *Error {
	return &Error{Kind: k, Text: i18n.T(key, args...)}
}

// Field adds what is wrong with one form field.
func (e *Error) Field(name, key string, args ...any) *Error {
	if e.Fields == nil {
		e.Fields = map[string]i18n.Text{}
	}
	e.Fields[name] = i18n.T(key, args...)
	return e
}

// Because adds the cause that the log keeps.
func (e *Error) Because(cause error) *Error {
	e.Cause = cause
	return e
}

func (e *Error) Error() string {
	s := string(e.Kind) + ": " + e.Text.Key
	for name, t := range e.Fields {
		s += "; " + name + ": " + t.Key
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap gives the kind and the cause to errors.Is and errors.As.
func (e *Error) Unwrap() []error { return []error{e.Kind, e.Cause} }

// Of returns err as an Error; an error of any other type is a Fault.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return New(Fault, "error.fault").Because(err)
}

// Form gathers what is wrong with the fields of one form.
type Form struct{ err *Error }

// Need notes the message for a field unless ok.
func (f *Form) Need(ok bool, field, key string, args ...any) {
	if ok {
		return
	}
	if f.err == nil {
		f.err = New(Invalid, "error.invalid")
	}
	if _, told := f.err.Fields[field]; !told {
		f.err.Field(field, key, args...)
	}
}

// Err is nil when every field was right.
func (f *Form) Err() error {
	if f.err == nil {
		return nil
	}
	return f.err
}
