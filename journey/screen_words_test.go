package journey

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"lotrinh/platform/i18n"
)

// rawKey matches a message key that shows instead of its sentence, and what fmt
// leaves behind when a verb and its argument do not fit.
var rawKey = regexp.MustCompile(`\b(?:` + strings.Join(rooms, "|") + `)\.[a-z]+(?:[.-][a-z0-9]+)*\b|%!|%\[\d|!\(EXTRA`)

var rooms = []string{"access", "app", "org", "learn", "quiz", "survey", "certificate", "classroom", "measure", "ui", "error", "web", "mail", "sheet", "pdf"}

// TestNoKeyShows looks for keys of sentences on all pages that were read.
func TestNoKeyShows(t *testing.T) {
	for _, s := range crawlAll(t) {
		if s.doc == nil || technical(s.pattern) {
			continue
		}
		for _, w := range words(s.doc, func(*html.Node) bool { return true }) {
			if m := rawKey.FindString(w); m != "" && m != "org.vn" {
				t.Errorf("%s shows %q in «%s»", s, m, cut(w))
			}
		}
	}
}

// technical says that a page shows names of the program itself: its parts, its
// API, the log of acts.
func technical(pattern string) bool {
	return slices.Contains([]string{"GET /ui", "GET /api", "GET /access/audit"}, pattern)
}

// english is words that no Vietnamese sentence contains. Names that are used in
// Vietnamese as they are (video, Internet, PDF, API, Excel, QR) are not among them.
var english = regexp.MustCompile(`(?i)\b(the|and|of|for|with|from|this|that|your|you|is|are|was|please|save|cancel|delete|edit|search|submit|upload|download|sign in|sign out|password|name|date|course|lesson|class|classes|session|unit|units|report|results|settings|next|previous|back|home|error|not found|required|optional|none|yes|unknown|loading|page not|untitled|true|false|null|nil|undefined|NaN)\b`)

// TestVietnamesePagesAreVietnamese looks for English on pages that a reader of
// Vietnamese sees.
func TestVietnamesePagesAreVietnamese(t *testing.T) {
	told := map[string]bool{}
	for _, s := range crawlAll(t) {
		if s.doc == nil || s.lang != i18n.Vi || technical(s.pattern) {
			continue
		}
		for _, w := range words(s.doc, func(n *html.Node) bool { return attr(n, "lang") != "en" && n.Data != "code" }) {
			if m := english.FindString(w); m != "" && !told[w] && !fine(w) {
				told[w] = true
				t.Errorf("%s says %q in «%s»", s, m, cut(w))
			}
		}
	}
}

// fine says that words are data that may be English: an address, a device.
func fine(w string) bool {
	return strings.Contains(w, "(name)") || strings.Contains(w, "@") || strings.Contains(w, "://") || strings.HasPrefix(w, "demo.")
}

// viet is letters that English never has.
var viet = regexp.MustCompile(`[ăâđêôơưĂÂĐÊÔƠƯàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]`)

// own is the elements whose words are ours and not data.
var own = []string{"th", "summary"}

// TestEnglishPagesAreEnglish looks for Vietnamese in the words of the house on
// pages that a reader of English sees: what people and papers are called stays
// Vietnamese, what columns are called does not.
func TestEnglishPagesAreEnglish(t *testing.T) {
	told := map[string]bool{}
	for _, s := range crawlAll(t) {
		if s.doc == nil || s.lang != i18n.En || technical(s.pattern) {
			continue
		}
		for n := range s.doc.Descendants() {
			if n.Type != html.ElementNode || !slices.Contains(own, n.Data) || attr(n, "scope") == "row" || inLang(n, "vi") {
				continue
			}
			for _, w := range words(n, func(n *html.Node) bool { return attr(n, "lang") != "vi" }) {
				if viet.MatchString(strings.ToLower(w)) && !told[w] {
					told[w] = true
					t.Errorf("%s says «%s» on a %s", s, cut(w), n.Data)
				}
			}
		}
	}
}

func inLang(n *html.Node, lang string) bool {
	for ; n != nil; n = n.Parent {
		if n.Data != "html" && attr(n, "lang") == lang {
			return true
		}
	}
	return false
}

// TestNoSentenceOfTheOtherLanguage looks for sentences that stand on a page in the
// language its reader did not choose. Names of categories and tiers are left out:
// posts and the answers of tests say the same.
func TestNoSentenceOfTheOtherLanguage(t *testing.T) {
	vi, en := sentences(t, "vi"), sentences(t, "en")
	only := map[i18n.Lang]map[string]string{i18n.Vi: {}, i18n.En: {}} // sentence: key, by the language that may not say it
	both := map[string]bool{}
	for key := range vi {
		both[vi[key]], both[en[key]] = both[vi[key]] || vi[key] == en[key], both[en[key]] || vi[key] == en[key]
	}
	for key := range vi {
		if vi[key] != en[key] && !strings.Contains(key, ".category.") && !strings.Contains(key, ".tier.") && verbs(vi[key]) == "" && !both[vi[key]] && !both[en[key]] {
			only[i18n.En][vi[key]], only[i18n.Vi][en[key]] = key, key
		}
	}
	told := map[string]bool{}
	for _, s := range crawlAll(t) {
		if s.doc == nil || technical(s.pattern) {
			continue
		}
		for _, w := range words(s.doc, func(n *html.Node) bool { return attr(n, "lang") == "" || n.Data == "html" }) {
			if key := only[s.lang][w]; key != "" && !told[s.pattern+key] {
				told[s.pattern+key] = true
				t.Errorf("%s says «%s» (%s)", s, cut(w), key)
			}
		}
	}
}

// words lists the texts that show below n, but for what lies in elements that
// take refuses.
func words(n *html.Node, take func(*html.Node) bool) (all []string) {
	switch n.Type {
	case html.TextNode:
		if w := strings.TrimSpace(norm.NFC.String(n.Data)); w != "" {
			return []string{w}
		}
		return nil
	case html.ElementNode:
		if n.Data == "script" || n.Data == "style" || n.Data == "noscript" || !take(n) {
			return nil
		}
		for _, name := range []string{"aria-label", "title", "placeholder", "alt", "data-confirm", "data-label"} {
			if w := strings.TrimSpace(attr(n, name)); w != "" {
				all = append(all, norm.NFC.String(w))
			}
		}
	}
	for c := range n.ChildNodes() {
		all = append(all, words(c, take)...)
	}
	return all
}

func cut(w string) string {
	if r := []rune(w); len(r) > 90 {
		return string(r[:90]) + "…"
	}
	return w
}
