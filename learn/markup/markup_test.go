package markup

import (
	"regexp"
	"strings"
	"testing"
)

func TestHTML(t *testing.T) {
	find := func(name string) string { return map[string]string{"img/a.svg": "/learn/files/a"}[name] }
	for _, c := range []struct{ in, want string }{
		{"**Đơn vị**", "<p><strong>Đơn vị</strong></p>"},
		{"<script>alert(1)</script>", "<!-- raw HTML omitted -->"},
		{"a <b onclick=x>b</b>", "<p>a <!-- raw HTML omitted -->b<!-- raw HTML omitted --></p>"},
		{"[x](javascript:alert(1))", `<p><a href="">x</a></p>`},
		{"[x](https://a.vn)", `<p><a href="https://a.vn">x</a></p>`},
		{"![Ba mức](img/a.svg)", `<p><img src="/learn/files/a" alt="Ba mức" loading="lazy"></p>`},
		{"![Bia](https://x/y.png)", "<p>Bia</p>"},
		{"![Bia](data:image/svg+xml;base64,AA)", "<p>Bia</p>"},
	} {
		if got := strings.TrimSpace(HTML(c.in, find)); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
	if got := Line("90 % hồ sơ"); got != "90 % hồ sơ" {
		t.Errorf("line: %q", got)
	}
	if got := Pictures("![x](a.png)\n\n![y](b.png)"); len(got) != 2 || got[1] != "b.png" {
		t.Errorf("pictures: %v", got)
	}
}

var unsafe = regexp.MustCompile(`(?i)<(script|iframe|object|style|form|input)|<[a-z][^>]*\son[a-z]+\s*=|(href|src)="\s*(javascript|vbscript|data|file):`)

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"# a\n\n| x | y |\n|---|---|\n| 1 | 2 |", "[a](<javascript:x>)", "![a](data:text/html,x)", "<a href='javascript:x'>", "`<script>`", "[a]: JaVaScRiPt:x\n[a]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if out := HTML(s, func(n string) string { return "/f/x" }); unsafe.MatchString(out) {
			t.Errorf("%q becomes %q", s, out)
		}
	})
}
