package content

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// allText reads every file of the material.
func allText(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		texts[name] = string(text)
		return err
	})
	if err != nil || len(texts) < 40 {
		t.Fatalf("%d files read: %v", len(texts), err)
	}
	return texts
}

func TestTextIsClean(t *testing.T) {
	faults := map[string]*regexp.Regexp{
		"two spaces":              regexp.MustCompile(`\S  +\S`),
		"a space at a line's end": regexp.MustCompile(`(?m)[ \t]+$`),
		"a space before a mark":   regexp.MustCompile(`[\pL\d»)] [,.;:?!](?:\s|$)`),
		"no space after a mark":   regexp.MustCompile(`\pL[,;?!]\pL`),
		"a doubled word":          regexp.MustCompile(`\s(của của|và và|là là|các các|không không|được được|cho cho|một một)\s`),
		"a foreign letter":        regexp.MustCompile(`[\p{Cyrillic}\p{Greek}\x{00A0}\x{200B}-\x{200F}\x{FEFF}\t]`),
		"a curly quote":           regexp.MustCompile(`[“”‘’]`),
	}
	for name, text := range allText(t) {
		if !norm.NFC.IsNormalString(text) {
			t.Errorf("%s: not NFC", name)
		}
		for what, fault := range faults {
			if what == "two spaces" && strings.HasSuffix(name, ".svg") {
				continue // indentation of the drawing
			}
			if at := fault.FindStringIndex(text); at != nil {
				t.Errorf("%s: %s near %q", name, what, around(text, at))
			}
		}
		for line := range strings.Lines(text) {
			if strings.Count(line, "«") != strings.Count(line, "»") {
				t.Errorf("%s: an unclosed quote in %q", name, line)
			}
		}
	}
}

func around(text string, at []int) string {
	from, to := max(0, at[0]-30), min(len(text), at[1]+30)
	return strings.ToValidUTF8(text[from:to], "")
}

// One way of placing the tone mark, the one of the administration's own texts:
// «hóa», «ủy», «thủy», not «hoá», «uỷ», «thuỷ».
func TestTonePlacement(t *testing.T) {
	modern := regexp.MustCompile(`(?i)[^q]u[ýỳỷỹỵ](?:[^\pL]|$)|o[áàảãạéèẻẽẹ](?:[^\pL]|$)`)
	for name, text := range allText(t) {
		// The lesson on data quality shows the other spelling as an example of an error.
		text = strings.ReplaceAll(text, "«Nguyễn Thị Hoà»", "")
		if at := modern.FindStringIndex(text); at != nil {
			t.Errorf("%s: %q", name, around(text, at))
		}
	}
}

// Marked syllables that Vietnamese cannot have are typing errors.
func TestSyllables(t *testing.T) {
	twoTones := func(word string) bool {
		tones := 0
		for _, r := range norm.NFD.String(word) {
			if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) {
				tones++
			}
		}
		return tones > 1
	}
	toned := regexp.MustCompile(`[àằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹ](?:ch|c|p|t)$`)
	for name, text := range allText(t) {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			low := strings.ToLower(word)
			if twoTones(low) {
				t.Errorf("%s: %q carries two tones", name, word)
			}
			if toned.MatchString(low) {
				t.Errorf("%s: %q: a syllable that ends in a stop is sharp or heavy", name, word)
			}
		}
	}
}
