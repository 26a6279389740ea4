package web

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
)

// Endpoint adds a JSON endpoint to the API: the same use cases as the pages, the
// same errors, told as problem+json (RFC 9457) in the reader's language. The path
// begins with /api/.
//
//	web.Endpoint(api, huma.Operation{Method: "GET", Path: "/api/units/{id}", OperationID: "unit",
//		Summary: "A unit on a date", Tags: []string{"org"}}, o.apiUnit)
func Endpoint[In, Out any](api huma.API, op huma.Operation, h func(context.Context, *In) (*Out, error)) {
	if len(op.Errors) == 0 {
		op.Errors = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity}
	}
	if op.Security == nil {
		op.Security = []map[string][]string{{"key": {}}, {"session": {}}}
	}
	huma.Register(api, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := h(db.Guard(ctx), in)
		if err != nil {
			return nil, refused{errs.Of(err), i18n.Of(ctx)}
		}
		return out, nil
	})
}

// refused is an errs.Error as huma answers with it.
type refused struct {
	e    *errs.Error
	lang i18n.Lang
}

func (r refused) Error() string { return r.e.Error() }

// Unwrap lets the log see the cause.
func (r refused) Unwrap() error { return r.e }

// GetStatus implements huma.StatusError.
func (r refused) GetStatus() int { return r.e.Kind.Status() }

// ContentType implements huma.ContentTypeFilter.
func (refused) ContentType(string) string { return "application/problem+json" }

// MarshalJSON writes the problem.
func (r refused) MarshalJSON() ([]byte, error) { return json.Marshal(problemOf(r.e, r.lang)) }
