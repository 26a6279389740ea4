package journey

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"

	"lotrinh/platform/i18n"
)

var sights = flag.String("sights", "", "folder to write a picture of every page into, to look at")

// TestSights takes a picture of every pattern at both sizes, for people to judge.
// It does so only when asked: go test ./journey -run Sights -sights /tmp/see.
func TestSights(t *testing.T) {
	if *sights == "" {
		t.Skip("takes pictures when -sights names a folder")
	}
	needBrowser(t)
	h := sharedHouse(t)
	pages := samples(crawlAll(t))
	var v *visitor
	for i, s := range pages {
		if i == 0 || pages[i-1].role != s.role {
			v = visit(t, h, desk)
			v.allow("")
			if s.role != stranger {
				v.signIn(s.role)
			}
		}
		for _, sc := range []screen{desk, phone} {
			sc.use(v)
			v.open(s.path)
			v.picture(filepath.Join(*sights, name(s)+"."+sc.name+".png"))
		}
	}
}

var unsafe = regexp.MustCompile(`[^a-z0-9]+`)

func name(s sheet) string {
	n := string(s.role) + unsafe.ReplaceAllString(s.pattern[len("GET "):], "-")
	if s.lang == i18n.En {
		n += ".en"
	}
	return n
}

// picture writes the whole page to a file.
func (v *visitor) picture(file string) {
	v.t.Helper()
	b, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o644); err != nil {
		v.t.Fatal(err)
	}
}
