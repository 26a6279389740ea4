package pdf

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tool finds a program of another hand that reads our files, or skips the test.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed (Debian: poppler-utils, zbar-tools): its reading of the files is not compared", name)
	}
	return path
}

func save(t *testing.T, d document) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.pdf")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := d.Write(f); err != nil {
		t.Fatal(err)
	}
	return name
}

func output(t *testing.T, program string, arg ...string) string {
	t.Helper()
	var wrong strings.Builder
	cmd := exec.Command(program, arg...)
	cmd.Stderr = &wrong
	out, err := cmd.Output()
	if err != nil || wrong.Len() > 0 {
		t.Fatalf("%s %v: %v: %s", program, arg, err, wrong.String())
	}
	return string(out)
}

// Another reader finds each word of each document, letter for letter, and has no
// complaint of the file.
func TestReadByPoppler(t *testing.T) {
	program := tool(t, "pdftotext")
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			text := output(t, program, "-enc", "UTF-8", save(t, s.doc), "-")
			if got := strings.Count(text, "\f"); got != s.pages {
				t.Errorf("%d pages, want %d", got, s.pages)
			}
			found := map[string]int{}
			for _, w := range strings.Fields(text) {
				found[w]++
			}
			for w, n := range render(t, s.doc).words() {
				if found[w] != n {
					t.Errorf("%q is found %d times, want %d", w, found[w], n)
				}
			}
		})
	}
}

// Every string of the longest certificate stands on it, whole.
func TestLongTextsByPoppler(t *testing.T) {
	k := longCertificate()
	text := output(t, tool(t, "pdftotext"), "-raw", "-enc", "UTF-8", save(t, k), "-")
	text = strings.Join(strings.Fields(text), " ")
	for _, want := range []string{
		upper(k.ParentBody), upper(k.Issuer), k.Holder, k.Unit, k.Course, k.Note, k.Signer, k.Serial, k.Register,
		upper(strings.Join(k.Sign, " ")), "từ ngày 09/05/2022 đến ngày 27/05/2022",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not found in %s", want, text)
		}
	}
}

var reFontRow = regexp.MustCompile(`(?m)^(Liberation|BeVietnam)\S+ +CID TrueType +Identity-H +(yes) (yes|no) +(yes)`)

// All typefaces are embedded and carry their characters.
func TestFontsByPoppler(t *testing.T) {
	program := tool(t, "pdffonts")
	for _, s := range samples {
		rows := strings.Split(strings.TrimSpace(output(t, program, save(t, s.doc))), "\n")[2:]
		for _, row := range rows {
			if !reFontRow.MatchString(row) {
				t.Errorf("%s: typeface %s", s.name, row)
			}
		}
	}
}

// A scanner reads the QR codes off the drawn pages, also at the resolution of an
// old fax.
func TestQRByScanner(t *testing.T) {
	draw, scan := tool(t, "pdftoppm"), tool(t, "zbarimg")
	slip := sampleSlips(1).Slips[0]
	for _, c := range []struct {
		doc  document
		want string
	}{
		{sampleCertificate(), sampleCertificate().CheckURL},
		{longCertificate(), longCertificate().CheckURL},
		{sampleRoll(3), sampleRoll(3).URL},
		{RollSheet{Code: "K7QD-42MP"}, "K7QD-42MP"},
		{CodeSlips{Slips: []CodeSlip{slip}}, slip.URL},
	} {
		name := save(t, c.doc)
		output(t, draw, "-r", "150", "-png", "-singlefile", name, name)
		out, err := exec.Command(scan, "-q", "--raw", name+".png").Output()
		if err != nil || strings.TrimSpace(string(out)) != c.want {
			t.Errorf("%T: scanned %q (%v), want %q", c.doc, out, err, c.want)
		}
	}
}
