package access

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lotrinh/platform/web"
)

// A session may run out while someone fills in a form. What was typed is not
// lost: the page that asks to sign in carries it along, unseen, and the page
// after offers to send it again.

const (
	keptMax   = 48 << 10 // bytes of fields carried along; longer forms are not
	keptField = "kept"
)

// kept is a form that met no session.
type kept struct {
	Path   string     `json:"path"`
	Fields url.Values `json:"fields"`
	Files  bool       `json:"files,omitempty"` // files were with it, and are to be chosen again
}

// secretWords are parts of names of fields that are not carried along.
var secretWords = []string{"password", "secret", "token"}

// keep takes the form out of a request, as text; "" when it has none, or one that
// is too long.
func keep(r *http.Request) string {
	if r.Method != http.MethodPost || strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/access/") {
		return ""
	}
	if web.Form(nil, r, 8<<20) != nil {
		return ""
	}
	k := kept{Path: local(r.URL.RequestURI()), Fields: url.Values{}}
	for name, values := range r.PostForm {
		if !isSecret(name) {
			k.Fields[name] = values
		}
	}
	if r.MultipartForm != nil {
		k.Files = len(r.MultipartForm.File) > 0
		r.MultipartForm.RemoveAll()
	}
	b, err := json.Marshal(k)
	if err != nil || len(b) > keptMax || k.Path == "/" || len(k.Fields) == 0 {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func isSecret(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(name, w) })
}

// unkeep reads what keep wrote; ok is false for nothing, or nonsense.
func unkeep(s string) (k kept, ok bool) {
	if s == "" || len(s) > 2*keptMax {
		return k, false
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(b, &k) != nil {
		return k, false
	}
	k.Path = local(k.Path)
	return k, k.Path != "/" && len(k.Fields) > 0
}

// shown lists the fields in a fixed order, as they are sent again.
func (k kept) shown() (fields [][2]string) {
	names := make([]string, 0, len(k.Fields))
	for name := range k.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range k.Fields[name] {
			fields = append(fields, [2]string{name, v})
		}
	}
	return fields
}
