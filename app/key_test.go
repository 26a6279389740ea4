package app

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestKeyIsDrawnOnceAndKept(t *testing.T) {
	c := Config{Data: t.TempDir()}
	a, err := c.key()
	if err != nil || len(a) != keySize {
		t.Fatal(err)
	}
	b, err := c.key()
	if err != nil || !bytes.Equal(a, b) {
		t.Fatalf("another key the second time: %v", err)
	}
	st, err := os.Stat(filepath.Join(c.Data, "secret.key"))
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", st.Mode(), err)
	}
	if bytes.Equal(derive(a, "numbers"), derive(a, "accounts")) {
		t.Fatal("two purposes have one key")
	}
}

func TestAWrongKeyFileIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "k")
	for _, text := range []string{"", "abc", "zz"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (Config{KeyFile: file}).key(); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
	if _, err := (Config{KeyFile: file + "none"}).key(); err == nil {
		t.Error("a key file that is not there is drawn")
	}
}
