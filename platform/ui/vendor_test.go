package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/BurntSushi/toml"
)

// What was made elsewhere is what it says it is.
func TestVendoredAssets(t *testing.T) {
	var list struct {
		Asset []struct{ File, Name, Version, Licence, Source, SHA256 string }
	}
	if _, err := toml.DecodeFS(assetFS, "assets/VENDOR.toml", &list); err != nil {
		t.Fatal(err)
	}
	for _, a := range list.Asset {
		body, err := assetFS.ReadFile("assets/" + a.File)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != a.SHA256 {
			t.Errorf("%s: checksum %x", a.File, sum)
		}
		if a.Name == "" || a.Version == "" || a.Licence == "" || a.Source == "" {
			t.Errorf("%s: name, version, licence and source are told of every asset: %+v", a.File, a)
		}
	}
	if len(list.Asset) < 3 {
		t.Errorf("%d assets listed", len(list.Asset))
	}
}
