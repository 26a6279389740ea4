package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"

	"lotrinh/platform/errs"
	"lotrinh/platform/web"
)

//go:embed assets
var assetFS embed.FS

// asset is a file that browsers may keep for ever, since its name changes with
// its content.
type asset struct {
	path        string // "/assets/app.0f3a….css"
	kind        string // media type
	plain, gzip []byte // gzip is nil where it gains nothing
}

// assets by plain name; the style sheet comes last, for it names the fonts.
var assets = load("regular.woff2", "bold.woff2", "htmx.js", "app.js", "outbox.js", "roll.js", "site.js", "pick.js", "icons.svg", "mark.svg", "app.css")

var assetByPath = func() map[string]*asset {
	m := map[string]*asset{}
	for _, a := range assets {
		m[a.path] = a
	}
	return m
}()

func load(names ...string) map[string]*asset {
	m := map[string]*asset{}
	for _, name := range names {
		b, err := assetFS.ReadFile("assets/" + name)
		if err != nil {
			panic(err) // embedded
		}
		if path.Ext(name) == ".css" {
			b = rename(b, m)
		}
		m[name] = newAsset(name, b)
	}
	return m
}

// rename puts the hashed paths of assets into a style sheet.
func rename(css []byte, m map[string]*asset) []byte {
	for name, a := range m {
		css = bytes.ReplaceAll(css, []byte("url("+name+")"), []byte("url("+a.path+")"))
	}
	return css
}

func newAsset(name string, b []byte) *asset {
	sum := sha256.Sum256(b)
	ext := path.Ext(name)
	a := &asset{plain: b, kind: mime.TypeByExtension(ext)}
	a.path = "/assets/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	if ext == ".woff2" {
		a.kind = "font/woff2"
		return a
	}
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	z.Write(b) // to memory: does not fail
	z.Close()
	a.gzip = buf.Bytes()
	return a
}

// Asset is the path of the asset called name, such as "app.css". A name that is
// not there is a mistake in the program, and panics.
func Asset(name string) string { return assets[name].path }

// serveAsset answers GET /assets/{name}.
func serveAsset(w http.ResponseWriter, r *http.Request) error {
	a, ok := assetByPath[r.URL.Path]
	if !ok {
		return errs.New(errs.NotFound, "error.not-found")
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	body := a.plain
	if a.gzip != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = a.gzip
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
	return nil
}

// Routes serves what every page needs: the assets and the choice of view. With
// guide it also serves GET /ui, where every part is shown; development and demo
// only.
func Routes(m *web.Mux, guide bool) {
	m.Public("GET /assets/{name}", serveAsset)
	m.Public("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, Asset("mark.svg"), http.StatusFound)
		return nil
	})
	m.Public("POST /view", setView)
	if guide {
		m.Public("GET /ui", showGuide)
		m.Public("GET /ui/work", showGuideWork)
	}
}
