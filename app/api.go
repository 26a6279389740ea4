package app

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"lotrinh/access"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// api is the JSON API: what the modules offer under /api/, its description in
// OpenAPI 3.1 at /api/openapi.json, and that description as a page to read at /api.
func (h *House) api() http.Handler {
	mux := http.NewServeMux()
	c := huma.DefaultConfig("Lộ Trình", version())
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "/api/openapi", "", "/api/schemas"
	c.Info.Description = "Every endpoint is a use case of the pages, with the same rights. Errors are application/problem+json (RFC 9457)."
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key":     {Type: "http", Scheme: "bearer", Description: "A client's key, given by an administrator."},
		"session": {Type: "apiKey", In: "cookie", Name: "lotrinh", Description: "Someone who has signed in."},
	}
	api := humago.New(mux, c)
	for _, m := range h.Modules {
		if m.API != nil {
			m.API(api)
		}
	}
	h.openAPI = api.OpenAPI()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.Mux.Fail(w, r, strangerOr(r, errs.NotFound, "error.not-found"))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r)
		web.Routed(r)
	})
}

// strangerOr asks a stranger to sign in before telling him anything else.
func strangerOr(r *http.Request, k errs.Kind, key string) error {
	if !access.SignedIn(r.Context()) {
		return errs.New(errs.Stranger, "error.sign-in")
	}
	return errs.New(k, key)
}

func (h *House) apiPage(w http.ResponseWriter, r *http.Request) error {
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("app.api"), Body: apiPage(operations(h.openAPI)), Wide: true})
}

// operation is one line of the readable description.
type operation struct {
	Tag, Method, Path, Summary string
}

func operations(doc *huma.OpenAPI) (ops []operation) {
	for path, item := range doc.Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			tag := ""
			if len(op.Tags) > 0 {
				tag = op.Tags[0]
			}
			ops = append(ops, operation{tag, method, path, op.Summary})
		}
	}
	slices.SortFunc(ops, func(a, b operation) int {
		return cmp.Or(cmp.Compare(a.Tag, b.Tag), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return ops
}
