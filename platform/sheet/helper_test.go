package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// file is one part of a zip file made in a test.
type file struct{ name, body string }

// zipOf packs files as they are, so that a test can make what no program would.
func zipOf(t testing.TB, files ...file) []byte { return zipBy(t, zip.Deflate, files...) }

// zipBy is zipOf with a choice of compression; zip.Store is quick.
func zipBy(t testing.TB, method uint16, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: method})
		if err == nil {
			_, err = w.Write([]byte(f.body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	rels     = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	relation = `<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`
	mainNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
)

// book makes the parts of a workbook with the given sheets' XML (what stands inside
// the worksheet element) and, of the rest, what a test gives.
type book struct {
	sheets  []string
	states  []string // "hidden" …
	strings string   // what stands inside sst
	styles  string   // what stands inside styleSheet
	props   string   // attributes of workbookPr
	more    []file
}

func (b book) files() []file {
	var list, links strings.Builder
	var files []file
	for i, s := range b.sheets {
		state := ""
		if i < len(b.states) && b.states[i] != "" {
			state = fmt.Sprintf(` state="%s"`, b.states[i])
		}
		fmt.Fprintf(&list, `<sheet name="Tờ %d" sheetId="%d"%s r:id="rId%d"/>`, i+1, i+1, state, i+1)
		fmt.Fprintf(&links, relation, fmt.Sprintf("rId%d", i+1), "worksheet", fmt.Sprintf("worksheets/sheet%d.xml", i+1))
		files = append(files, file{fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), "<worksheet " + mainNS + ">" + s + "</worksheet>"})
	}
	fmt.Fprintf(&links, relation, "rIdS", "sharedStrings", "sharedStrings.xml")
	fmt.Fprintf(&links, relation, "rIdT", "styles", "/xl/styles.xml")
	return append([]file{
		{"[Content_Types].xml", "<Types/>"},
		{"_rels/.rels", fmt.Sprintf(rels, fmt.Sprintf(relation, "rId1", "officeDocument", "xl/workbook.xml"))},
		{"xl/workbook.xml", "<workbook " + mainNS + "><workbookPr" + b.props + "/><sheets>" + list.String() + "</sheets></workbook>"},
		{"xl/_rels/workbook.xml.rels", fmt.Sprintf(rels, links.String())},
		{"xl/sharedStrings.xml", "<sst " + mainNS + ">" + b.strings + "</sst>"},
		{"xl/styles.xml", "<styleSheet " + mainNS + ">" + b.styles + "</styleSheet>"},
	}, append(files, b.more...)...)
}

func (b book) zip(t testing.TB) []byte { return zipOf(t, b.files()...) }

// data wraps rows in sheetData.
func data(rows string) string { return "<sheetData>" + rows + "</sheetData>" }

// cellsOf makes a row of inline texts.
func cellsOf(row int, texts ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, row)
	for i, s := range texts {
		if s != "" {
			fmt.Fprintf(&b, `<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>`, ColumnLetters(i), row, s)
		}
	}
	return b.String() + "</row>"
}

func open(b []byte, lim Limits) (*Table, error) {
	return Open(bytes.NewReader(b), int64(len(b)), "thử.xlsx", lim)
}

func mustOpen(t testing.TB, b []byte) *Table {
	t.Helper()
	tab, err := open(b, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// dump writes each row as "number|cell|cell", with its errors behind it.
func dump(t testing.TB, tab *Table) []string {
	t.Helper()
	var out []string
	for row, err := range tab.Rows() {
		if err != nil {
			out = append(out, "! "+errorName(err))
			break
		}
		line := fmt.Sprint(row.Number)
		for _, c := range row.Cells() {
			line += "|" + c
		}
		for _, e := range row.Errors() {
			line += " !" + errorName(e)
		}
		out = append(out, line)
	}
	return out
}

// errorName is code@place.
func errorName(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if e.Row == 0 {
		return e.Code
	}
	return fmt.Sprintf("%s@%s%d", e.Code, e.Col, e.Row)
}

func expect(t *testing.T, name string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant:\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
