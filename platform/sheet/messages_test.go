package sheet

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"lotrinh/platform/i18n"
)

var languages = map[string]i18n.Lang{"vi": i18n.Vi, "en": i18n.En}

// TestEveryCodeHasItsSentence compares the codes in the program with the sentences in
// both languages, and the arguments that the sentences use.
func TestEveryCodeHasItsSentence(t *testing.T) {
	sentences := map[string]map[string]string{}
	for lang := range languages {
		m := map[string]string{}
		if _, err := toml.DecodeFS(messages, "messages/"+lang+".toml", &m); err != nil {
			t.Fatal(err)
		}
		sentences[lang] = m
	}
	used := codes(t)
	for code := range used {
		for lang, m := range sentences {
			if m["sheet."+code] == "" {
				t.Errorf("%s: no sentence for %q", lang, code)
			}
		}
	}
	for lang, m := range sentences {
		for key := range m {
			if !used[strings.TrimPrefix(key, "sheet.")] {
				t.Errorf("%s: nothing says %q", lang, key)
			}
			if vi, en := verbs(sentences["vi"][key]), verbs(sentences["en"][key]); vi != en {
				t.Errorf("%s: arguments %q in Vietnamese, %q in English", key, vi, en)
			}
		}
	}
}

// codes finds the codes in the program's text.
func codes(t *testing.T) map[string]bool {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?:newError\(|faulty\(|\.fail\([^"\n]*, |errorAt\(\w+, |fault: |number\(key, \w+, |T\("sheet\.|", ")"?([a-z]+(?:-[a-z]+)+|xls|html|empty|encrypted|broken|unsupported|gap)"`)
	out := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllSubmatch(b, -1) {
			out[string(m[1])] = true
		}
	}
	return out
}

// verbs lists the arguments of a sentence, in order of their numbers.
func verbs(s string) string {
	found := regexp.MustCompile(`%\[(\d)\][sd]`).FindAllString(s, -1)
	seen := map[string]bool{}
	out := ""
	for n := '1'; n <= '9'; n++ {
		for _, v := range found {
			if v[2] == byte(n) && !seen[v] {
				seen[v] = true
				out += v
			}
		}
	}
	return out
}
