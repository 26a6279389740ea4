package content

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var picture = regexp.MustCompile(`!\[([^\]]*)\]\(([^)]*)\)`)

func TestPictures(t *testing.T) {
	used := map[string]bool{}
	for _, topic := range Topics() {
		for _, l := range Lessons(topic.Key) {
			for _, m := range picture.FindAllStringSubmatch(l.Body, -1) {
				used[m[2]] = true
				if len([]rune(m[1])) < 20 {
					t.Errorf("%s: the picture %s has no telling text beside it", l.Key, m[2])
				}
				checkPicture(t, topic.Key, m[2])
			}
		}
	}
	stored, err := fs.Glob(files, "can-ban/img/*.svg")
	if err != nil || len(stored) != len(used) || len(used) < 3 {
		t.Errorf("%d pictures stored, %d used, want the same and at least 3 (%v)", len(stored), len(used), err)
	}
}

func checkPicture(t *testing.T, topic, name string) {
	t.Helper()
	svg, err := Picture(topic, name)
	if err != nil {
		t.Error(err)
		return
	}
	if len(svg) >= 6<<10 {
		t.Errorf("%s: %d bytes, want less than 6 KB", name, len(svg))
	}
	for _, want := range []string{`role="img"`, `aria-labelledby="t d"`, `<title id="t">`, `<desc id="d">`} {
		if !bytes.Contains(svg, []byte(want)) {
			t.Errorf("%s: no %s", name, want)
		}
	}
	dec := xml.NewDecoder(bytes.NewReader(svg))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if el, ok := tok.(xml.StartElement); ok {
			checkElement(t, name, el)
		}
	}
}

// checkElement allows drawing and text only: nothing that runs or loads.
func checkElement(t *testing.T, name string, el xml.StartElement) {
	t.Helper()
	if !slices.Contains([]string{"svg", "title", "desc", "rect", "g", "text", "path"}, el.Name.Local) {
		t.Errorf("%s: element <%s>", name, el.Name.Local)
	}
	for _, a := range el.Attr {
		if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" {
			t.Errorf("%s: attribute %s", name, a.Name.Local)
		}
	}
}

func TestPictureStaysInside(t *testing.T) {
	for _, c := range [][2]string{
		{"can-ban", "../legal.toml"}, {"can-ban", "img/../../topics.toml"}, {"can-ban", "questions.toml"},
		{"can-ban", "img/khong-co.svg"}, {"khong-co", "img/ba-muc.svg"},
	} {
		if text, err := Picture(c[0], c[1]); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Picture(%q, %q) gives %d bytes and %v", c[0], c[1], len(text), err)
		}
	}
	if _, err := Picture("q9-can-ban", "img/ba-muc.svg"); err != nil {
		t.Errorf("a topic of Quận 9 shows the pictures of its material: %v", err)
	}
}
