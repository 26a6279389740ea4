package sheet

import (
	"archive/zip"
	"strings"
	"testing"
	"unicode/utf8"

	"lotrinh/platform/text"
)

// small keeps what a hostile input may cost low, so that the fuzzer tries more.
var small = Limits{File: 1 << 20, Unzipped: 4 << 20, Strings: 1 << 20, Rows: 1000, Columns: 32, Cell: 1000, Empty: 100}

// readAll reads everything that can be read of in, and holds the package to its
// promises on the way.
func readAll(t *testing.T, in []byte) {
	tab, err := open(in, small)
	if err != nil {
		known(nil).checkError(t, err)
		return
	}
	h, err := tab.Header(people...)
	if err != nil {
		known(nil).checkError(t, err)
	}
	last, n := 0, 0
	for row, err := range tab.Rows() {
		if err != nil {
			known(nil).checkError(t, err)
			return
		}
		if n++; row.Number <= last || n > small.Rows || len(row.Cells()) > small.Columns {
			t.Fatalf("row %d after %d, the %dth, of %d cells", row.Number, last, n, len(row.Cells()))
		}
		last = row.Number
		for _, c := range row.Cells() {
			if text.Clean(c) != c || utf8.RuneCountInString(c) > small.Cell {
				t.Fatalf("row %d: %q is not clean", row.Number, c)
			}
		}
		if h != nil {
			row.Date("born_on")
			row.Int("score")
			row.Decimal("score", 3)
		}
		for _, e := range row.Errors() {
			known(nil).checkError(t, e)
		}
	}
}

// checkError holds an error to having a sentence in which every argument has its place.
func (known) checkError(t *testing.T, err error) {
	e, ok := err.(*Error)
	if !ok {
		t.Fatalf("%T %v is no error for people", err, err)
	}
	for _, lang := range []string{"vi", "en"} {
		if s := e.Text().As(languages[lang]); s == e.Key() || strings.Contains(s, "%!") {
			t.Fatalf("%s: %q", lang, s)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"Họ tên;Ngày sinh;Đơn vị;Điểm\nAn;5/3/1985;Xã Tư;7,5\n", "a,\"b\nc\"\r\n\r\nd,e", "sep=\t\na\tb\n", "\xff\xfea\x00;\x00b\x00", "'=1,\"\"\"\"\n",
		"sep=\"\n\"a\"\n", "sep=\n\n", "a\n\"b",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > 4 && in[0] == 'P' && in[1] == 'K' {
			return
		}
		readAll(t, in)
	})
}

// FuzzXLSX packs any text as the rows, shared strings and styles of a workbook: a
// fuzzer does not find its way through a zip file's checksums.
func FuzzXLSX(f *testing.F) {
	f.Add(data(cellsOf(1, "Họ tên", "Đơn vị")+cellsOf(2, "An", "Xã Tư")), "<si><t>a</t></si>", styles)
	f.Add(data(`<row r="1"><c r="A1" t="s"><v>0</v></c><c s="1"><v>45000</v></c></row>`)+`<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`, "<si><r><t>a</t></r></si>", styles)
	f.Add(data(`<row><c t="e"><f>1</f><v>#N/A</v></c></row>`)+"<!-- <c> -->", "<![CDATA[", "")
	f.Fuzz(func(t *testing.T, sheet, strings, styles string) {
		b := book{sheets: []string{sheet}, strings: strings, styles: styles}
		readAll(t, zipBy(t, zip.Store, b.files()...))
	})
}

// FuzzOpen takes any bytes for a file.
func FuzzOpen(f *testing.F) {
	f.Add(book{sheets: []string{data(cellsOf(1, "a"))}}.zip(f))
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, in []byte) { readAll(t, in) })
}
