package access

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lotrinh/platform/i18n"
)

var keyRule = regexp.MustCompile(`"(access\.[a-z0-9.-]+[a-z0-9])"`)

// Every message key in the source has a sentence in both languages.
func TestMessagesAreThere(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	templs, _ := filepath.Glob("*.templ")
	for _, f := range append(files, templs...) {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		body, err := os.ReadFile(f)
		must(t, err)
		for _, m := range keyRule.FindAllStringSubmatch(string(body), -1) {
			if slices.Contains([]string{"access.state", "access.role", "access.sweep", "access.seal"}, m[1]) && !i18n.Has(i18n.Vi, m[1]) {
				continue // stems of keys, names of jobs
			}
			for _, l := range i18n.Langs {
				if !i18n.Has(l, m[1]) {
					t.Errorf("%s: %s has no sentence in %s", f, m[1], l)
				}
			}
		}
	}
}
