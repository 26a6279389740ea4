// Package page is what the pages of learn and of its tests share: scripts named by
// their content, and numbers of forms.
package page

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lotrinh/platform/web"
)

// Script is a script of our own, under a path that names its content, so that
// browsers may keep it for good.
type Script struct {
	Path string
	body []byte
}

// NewScript returns the script with a name such as "quiz".
func NewScript(name string, body []byte) Script {
	sum := sha256.Sum256(body)
	return Script{"/learn/" + name + "." + hex.EncodeToString(sum[:6]) + ".js", body}
}

// Route serves the script to everybody.
func (s Script) Route(m *web.Mux) {
	m.Public("GET "+s.Path, func(w http.ResponseWriter, _ *http.Request) error {
		h := w.Header()
		h.Set("Content-Type", "text/javascript; charset=utf-8")
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		_, err := w.Write(s.body)
		return err
	})
}

// Number reads a whole number of a form; "" is 0, and what is none is -1, which
// the use cases refuse.
func Number(f url.Values, name string) int {
	s := strings.TrimSpace(f.Get(name))
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
