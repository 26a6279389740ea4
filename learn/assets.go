package learn

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
)

//go:embed assets/learn.js
var script []byte

// scriptPath names the script by its content, so that browsers may keep it.
var scriptPath = func() string {
	sum := sha256.Sum256(script)
	return "/learn/learn." + hex.EncodeToString(sum[:6]) + ".js"
}()

func serveScript(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, err := w.Write(script)
	return err
}
