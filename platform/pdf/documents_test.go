package pdf

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

type document interface{ Write(io.Writer) error }

// bulk is many certificates in one file.
type bulk []Certificate

func (b bulk) Write(w io.Writer) error { return Certificates(w, b) }

// samples are all kinds of document, with the number of pages each must have and
// the free margin in millimetres.
var samples = []struct {
	name   string
	doc    document
	pages  int
	margin float64
	images int
}{
	{"plan", samplePlan(), 14, 9, 0},
	{"decision", sampleDecision(), 1, 15, 0},
	{"letter", sampleLetter(), 1, 15, 0},
	{"certificate", sampleCertificate(), 1, 18, 1},
	{"certificate_long", longCertificate(), 1, 18, 1},
	{"certificates", bulk(certificatesFor(3)), 3, 18, 3},
	{"slips", sampleSlips(12), 2, 4, 12},
	{"roll", sampleRoll(30), 2, 8, 2},
	{"report", sampleReport(planTable()), 1, 9, 0},
	{"report_wide", sampleReport(wideTable()), 5, 9, 0},
}

func TestDocuments(t *testing.T) {
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			p := render(t, s.doc)
			if len(p.pages) != s.pages {
				t.Errorf("%d pages, want %d", len(p.pages), s.pages)
			}
			images := 0
			for _, page := range p.pages {
				images += page.images
			}
			if images != s.images {
				t.Errorf("%d QR codes, want %d", images, s.images)
			}
			p.sound(t, s.margin)
			golden(t, s.name, p.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("text differs from %s (run with -update and look at the difference):\n%s", file, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + strings.Join(w[min(i, len(w)):min(i+1, len(w))], "")
		}
	}
	return "text is missing at the end"
}

// The same input gives the same bytes, also when many are written at once.
func TestSameBytes(t *testing.T) {
	for _, s := range samples {
		var first bytes.Buffer
		if err := s.doc.Write(&first); err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				var again bytes.Buffer
				if err := s.doc.Write(&again); err != nil || !bytes.Equal(first.Bytes(), again.Bytes()) {
					t.Errorf("%s: written again it differs (error %v)", s.name, err)
				}
			})
		}
		wait.Wait()
	}
}

// failing takes some bytes and then fails, like a full disk.
type failing int

var errFull = errors.New("disk full")

func (f *failing) Write(p []byte) (int, error) {
	if *f -= failing(len(p)); *f < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestFailingWriter(t *testing.T) {
	for _, s := range samples {
		for _, room := range []failing{0, 500, 20000} {
			if err := s.doc.Write(&room); !errors.Is(err, errFull) {
				t.Errorf("%s: error %v, want the writer's", s.name, err)
			}
		}
	}
	room := failing(30000)
	if err := CertificateZip(&room, certificatesFor(5), nil); !errors.Is(err, errFull) {
		t.Errorf("zip: error %v, want the writer's", err)
	}
}

// What cannot be printed is refused, never cut.
func TestRefused(t *testing.T) {
	long := strings.Repeat("rất dài ", 3000)
	with := func(change func(*Certificate)) document {
		k := sampleCertificate()
		change(&k)
		return k
	}
	for name, d := range map[string]document{
		"document without body":       AdminDocument{Kind: "Kế hoạch"},
		"document in 10 pt":           AdminDocument{Body: "Sở", FontSize: 10},
		"document, recipients":        AdminDocument{Body: "Sở", Recipients: []string{long}},
		"document, surplus cells":     AdminDocument{Body: "Sở", Blocks: []Block{Table{Columns: make([]Column, 1), Rows: []Row{{Cells: make([]string, 2)}}}}},
		"appendix, surplus cells":     AdminDocument{Body: "Sở", Appendices: []Appendix{{Blocks: []Block{Table{Rows: []Row{{Cells: make([]string, 1)}}}}}}},
		"no certificate":              bulk(nil),
		"certificate without holder":  with(func(k *Certificate) { k.Holder = " \n" }),
		"certificate without course":  with(func(k *Certificate) { k.Course = "" }),
		"certificate without issuer":  with(func(k *Certificate) { k.Issuer = "" }),
		"certificate, long course":    with(func(k *Certificate) { k.Course = long }),
		"certificate, long address":   with(func(k *Certificate) { k.CheckURL = "https://" + strings.Repeat("a", 3000) }),
		"no slip":                     CodeSlips{},
		"nine slips a page":           CodeSlips{PerPage: 9, Slips: sampleSlips(1).Slips},
		"slip without code":           CodeSlips{Slips: []CodeSlip{{Account: "a"}}},
		"slip, long name":             CodeSlips{Slips: []CodeSlip{{Account: "a", Code: "b", Name: long}}},
		"roll sheet without code":     RollSheet{},
		"roll sheet, long head":       RollSheet{Code: "A", Class: long},
		"report without title":        SimpleTable{},
		"report, surplus cells":       SimpleTable{Title: "A", Table: Table{Rows: []Row{{Cells: []string{"a"}}}}},
		"report with too many column": SimpleTable{Title: "A", Table: Table{Columns: make([]Column, mostColumns+1)}},
		"report, long heading":        SimpleTable{Title: "A", Table: Table{Columns: []Column{{Title: long}}, Rows: []Row{{}}}},
		"report, long title":          SimpleTable{Title: long},
	} {
		if err := d.Write(io.Discard); !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v, want ErrInput", name, err)
		}
	}
}

// The smaller choices that a document leaves open.
func TestChoices(t *testing.T) {
	letter := sampleLetter()
	letter.To = letter.To[:1]
	letter.Appendices = []Appendix{{Title: "Mẫu danh sách", Blocks: []Block{
		Centred{Text: "(Mẫu gửi kèm)", Light: true}, Paragraph{Lead: "Ghi chú:", Text: "một dòng\nmột dòng nữa", Italic: true},
		Heading{Level: 1, Text: "KHÔNG ĐÁNH SỐ", Plain: true}, Table{}, Table{Columns: []Column{{Title: "Trống"}}},
	}}}
	p := render(t, letter)
	p.sound(t, 9)
	text := p.String()
	for _, want := range []string{
		"Kính gửi: Các sở, ban, ngành\n", "\nPhụ lục\nMẪU DANH SÁCH\n",
		"(Kèm theo Công văn số 07/STTTT-CNTT ngày 09\ntháng 02 năm 2022 của Sở", "Ghi chú: một dòng\nmột dòng nữa\n", "\nKHÔNG ĐÁNH SỐ\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	plain := Certificate{Issuer: "a", Holder: "b", Course: "c", Design: CertificateDesign{Bare: true, Accent: RGB{0, 0, 99}, Ornament: RGB{9, 9, 9}}}
	page := render(t, plain).pages[0]
	if len(page.rules) > 2 || page.images != 0 {
		t.Errorf("a bare certificate without address has %d rules and %d images", len(page.rules), page.images)
	}
	slips := sampleSlips(9)
	slips.PerPage, slips.Slips[0].URL = 8, ""
	if got := render(t, slips); len(got.pages) != 2 || !strings.Contains(got.String(), wordSlipOpen) {
		t.Errorf("%d pages of slips: %s", len(got.pages), got)
	}
}
