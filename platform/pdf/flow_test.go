package pdf

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// small is a page of 100 by 100 points with margins of 10.
var small = sheet{100, 100, 10, 10, 10, 10}

func nothing(*canvas, float64, float64, float64) {}

// places tells on which page each atom of a flow stands, and where.
func places(atoms []atom) string {
	f := flow{upright: small, across: sheet{200, 60, 10, 10, 10, 10}}
	for i := range atoms {
		atoms[i].draw = nothing
	}
	f.atoms = atoms
	var out []string
	for i, p := range f.pages() {
		for _, item := range p.items {
			out = append(out, fmt.Sprintf("%d:%.0f", i+1, item.y))
		}
	}
	return strings.Join(out, " ")
}

func TestFlow(t *testing.T) {
	head := &tableHead{height: 15, draw: nothing, foot: nothing}
	for _, c := range []struct {
		name  string
		atoms []atom
		want  string
	}{
		{"one under the other", []atom{{height: 20}, {height: 20, gap: 5}}, "1:10 1:35"},
		{"full page", []atom{{height: 40}, {height: 40}, {height: 1, gap: 9}}, "1:10 1:50 2:10"},
		{"kept with next", []atom{{height: 60}, {height: 10, keep: true}, {height: 20}}, "1:10 2:10 2:20"},
		{"too much to keep", []atom{{height: 60}, {height: 10, keep: true}, {height: 75}}, "1:10 1:70 2:10"},
		{"across and back", []atom{{height: 10}, {height: 10, wide: true}, {height: 10}}, "1:10 2:10 3:10"},
		{"closing stays across", []atom{{height: 10, wide: true}, {height: 10, any: true}}, "1:10 1:20"},
		{"closing turns back", []atom{{height: 35, wide: true}, {height: 10, any: true}}, "1:10 2:10"},
		{"head again", []atom{{height: 15, within: head}, {height: 60, within: head}, {height: 20, within: head}}, "1:10 1:25 1:85 2:10 2:25"},
		{"another table", []atom{{height: 70, within: head}, {height: 20, within: &tableHead{}}}, "1:10 2:10"},
	} {
		if got := places(c.atoms); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Of a long paragraph no single line stands alone on a page.
func TestNoLineAlone(t *testing.T) {
	for n := 2; n < 40; n++ {
		lines := make([]textLine, n)
		perPage := map[string]int{}
		for _, p := range strings.Fields(places(textAtoms(lines, 0, textStyle{size: 8, height: 10}))) {
			page, _, _ := strings.Cut(p, ":")
			perPage[page]++
		}
		for page, count := range perPage {
			if count == 1 {
				t.Errorf("%d lines: page %s has one", n, page)
			}
		}
	}
}

func TestTableWidths(t *testing.T) {
	table := planTable()
	needs := table.needs()
	for _, width := range []float64{200, 300, 468, 714} {
		size, fits := sizeFor(needs, width)
		sum := 0.0
		for i, w := range share(needs, size, width) {
			sum += w
			if fits && w < needs[i].least(size)-0.01 {
				t.Errorf("width %v: column %d gets %.1f, needs %.1f", width, i, w, needs[i].least(size))
			}
		}
		if sum < width-0.01 || sum > width+0.01 {
			t.Errorf("width %v: the columns add up to %v", width, sum)
		}
	}
	if table.wide(adminUpright.text()) {
		t.Error("a table of six columns lies across")
	}
	broad := wideTable()
	if !broad.wide(adminUpright.text()) {
		t.Error("a table of eighteen columns does not lie across")
	}
	broad.Lies = Upright
	if broad.wide(adminUpright.text()) {
		t.Error("a table told to stand upright lies across")
	}
}

func TestHeadCells(t *testing.T) {
	table := planTable()
	cells, rows := table.headCells()
	want := []headCell{
		{"STT", 0, 1, 0, 2}, {"Chuyên đề", 1, 2, 0, 2}, {"Tháng", 2, 3, 0, 2},
		{"Kế hoạch", 3, 4, 1, 1}, {"Đăng ký", 4, 5, 1, 1}, {"Số người", 3, 5, 0, 1},
		{"Kinh phí (đồng)", 5, 6, 0, 2},
	}
	if rows != 2 || !slices.Equal(cells, want) {
		t.Errorf("%d rows: %+v", rows, cells)
	}
}

// A cell longer than a page runs over the break, whole and under a repeated head.
func TestRowOverPages(t *testing.T) {
	text := strings.TrimSpace(strings.Repeat("Nội dung rất dài ", 900))
	p := render(t, SimpleTable{Title: "a", Table: Table{
		Columns: []Column{{Title: "Số"}, {Title: "Nội dung"}}, Rows: []Row{{Cells: []string{"7", text}}}, Lies: Upright,
	}})
	p.sound(t, 9)
	words := p.words()
	if len(p.pages) < 3 || words["dài"] != 900 || words["Số"] != len(p.pages) || words["7"] != 1 {
		t.Errorf("%d pages, words %v", len(p.pages), words)
	}
}

func TestCertificateZip(t *testing.T) {
	list := certificatesFor(30)
	list[7].Serial = ""
	list[9] = list[8]
	var b bytes.Buffer
	done := 0
	err := CertificateZip(&b, list, func(n int) error { done = n; return nil })
	if err != nil || done != len(list) {
		t.Fatalf("%d done, error %v", done, err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range z.File {
		var want bytes.Buffer
		if err := list[i].writePlain(&want); err != nil {
			t.Fatal(err)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if _, err := got.ReadFrom(r); err != nil || !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s is not certificate %d (%v)", f.Name, i+1, err)
		}
	}
	for i, want := range map[int]string{0: "QNM-2022-000001 Nguyen Thi Phuong.pdf", 7: "00008 Dang Thi My.pdf", 8: "QNM-2022-000009 Bui Van Loc.pdf", 9: "QNM-2022-000009 Bui Van Loc (2).pdf"} {
		if got := z.File[i].Name; got != want {
			t.Errorf("file %d is %q, want %q", i+1, got, want)
		}
	}
}

func TestCertificateZipStops(t *testing.T) {
	stop := errors.New("stop")
	var b bytes.Buffer
	err := CertificateZip(&b, certificatesFor(50), func(n int) error {
		if n == 3 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) {
		t.Errorf("error %v, want that of progress", err)
	}
	bad := certificatesFor(20)
	bad[11].Holder = ""
	if err := CertificateZip(&b, bad, nil); !errors.Is(err, ErrInput) || !strings.Contains(fmt.Sprint(err), "QNM-2022-000012") {
		t.Errorf("error %v, want one that names the certificate", err)
	}
}
