package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"lotrinh/platform/errs"
)

// TestRefusals opens what must be refused, or whose reading must end, by code.
func TestRefusals(t *testing.T) {
	good := book{sheets: []string{data(cellsOf(1, "a"))}}
	with := func(more ...file) []byte { b := good; b.more = more; return b.zip(t) }
	rows := func(s string) []byte { return book{sheets: []string{s}}.zip(t) }
	for name, c := range map[string]struct {
		in   []byte
		lim  Limits
		want string
	}{
		"nothing":            {nil, Limits{}, "empty"},
		"blank csv":          {[]byte(" ;;\r\n\r\n"), Limits{}, "empty"},
		"file too large":     {good.zip(t), Limits{File: 100}, "too-large"},
		"pdf":                {[]byte("%PDF-1.7"), Limits{}, "not-a-table"},
		"html as xls":        {[]byte("\xef\xbb\xbf\r\n<HTML><table>"), Limits{}, "html"},
		"xml 2003":           {[]byte(`<?xml version="1.0"?><Workbook>`), Limits{}, "html"},
		"xls":                {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 3000)), Limits{}, "xls"},
		"password":           {encrypted(t), Limits{}, "encrypted"},
		"other zip":          {zipOf(t, file{"a.txt", "a"}), Limits{}, "not-a-table"},
		"docx":               {zipOf(t, file{"_rels/.rels", fmt.Sprintf(rels, fmt.Sprintf(relation, "a", "officeDocument", "word/document.xml"))}), Limits{}, "not-a-table"},
		"ods":                {zipOf(t, file{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, file{"content.xml", ""}), Limits{}, "unsupported"},
		"xlsb":               {zipOf(t, file{"_rels/.rels", fmt.Sprintf(rels, fmt.Sprintf(relation, "a", "officeDocument", "xl/workbook.bin"))}), Limits{}, "unsupported"},
		"cut off":            {good.zip(t)[:200], Limits{}, "broken"},
		"absolute path":      {with(file{"/etc/passwd", "x"}), Limits{}, "unsafe-path"},
		"parent path":        {with(file{"xl/../../x", "x"}), Limits{}, "unsafe-path"},
		"backslash path":     {with(file{`..\x`, "x"}), Limits{}, "unsafe-path"},
		"drive":              {with(file{`C:\x`, "x"}), Limits{}, "unsafe-path"},
		"twice":              {with(file{"XL/workbook.xml", "x"}), Limits{}, "broken"},
		"document type":      {rows(`<!DOCTYPE a [<!ENTITY b "c">]>` + data(cellsOf(1, "a"))), Limits{}, "unsafe-xml"},
		"entity":             {rows(data(cellsOf(1, "&b;"))), Limits{}, "broken"},
		"deep":               {rows(data(`<row r="1"><c r="A1"><v>` + strings.Repeat("<a>", 100))), Limits{}, "unsafe-xml"},
		"long token":         {rows(data(`<row r="1" x="` + strings.Repeat("ab", 1<<19) + `"><c r="A1"><v>1</v></c></row>`)), Limits{Ratio: 2000}, "unsafe-xml"},
		"unclosed":           {rows("<sheetData>" + cellsOf(1, "a") + `<row r="2"><c r="A2"><v>1</v></c>`), Limits{}, "broken"},
		"rows backwards":     {rows(data(cellsOf(2, "a") + cellsOf(1, "b"))), Limits{}, "broken"},
		"row beyond":         {rows(data(cellsOf(1048577, "a"))), Limits{}, "broken"},
		"bad reference":      {rows(data(`<row r="1"><c r="1A"><v>1</v></c></row>`)), Limits{}, "broken"},
		"too many rows":      {rows(data(cellsOf(1, "a") + cellsOf(2, "b") + cellsOf(5, "c"))), Limits{Rows: 2}, "too-many-rows@5"},
		"too many columns":   {rows(data(`<row r="1"><c r="XFD1"><v>1</v></c></row>`)), Limits{}, "too-many-columns@XFD1"},
		"gap":                {rows(data(cellsOf(1, "a") + emptyRows(2, 50) + cellsOf(60, "b"))), Limits{Empty: 40}, "gap@42"},
		"strings":            {book{sheets: good.sheets, strings: strings.Repeat("<si><t>abcdefgh</t></si>", 100)}.zip(t), Limits{Strings: 1000}, "strings-too-large"},
		"many empty strings": {book{sheets: good.sheets, strings: strings.Repeat("<si/>", 1000)}.zip(t), Limits{Strings: 1000}, "strings-too-large"},
		"bomb by total":      {good.zip(t), Limits{Unzipped: 300}, "zip-bomb"},
		"bomb by ratio":      {rows(data(cellsOf(1, strings.Repeat("a", 5<<20)))), Limits{}, "zip-bomb"},
		"bomb by claim":      {lying(t, good), Limits{}, "zip-bomb"},
		"bomb by overlap":    {overlapping(t), Limits{}, "zip-bomb"},
		"bomb by number":     {bytes.Repeat([]byte("PK\x03\x04PK\x01\x02"), maxParts+1), Limits{}, "zip-bomb"},
		"large styles":       {book{sheets: good.sheets, styles: strings.Repeat("<a/>", maxSmall/4)}.zip(t), Limits{Ratio: 5000}, "zip-bomb"},
		"crossed merges":     {rows(data(cellsOf(1, "a")) + strings.Repeat(`<mergeCell ref="A1:B1"/>`, maxActive+1)), Limits{}, "broken"},
		"merges":             {rows(data(cellsOf(1, "a")) + strings.Repeat(`<mergeCell ref="A2:B2"/>`, maxMerges+1)), Limits{Ratio: 5000}, "too-many-merged"},
		"merge backwards":    {rows(data(cellsOf(1, "a")) + `<mergeCell ref="B2:A1"/>`), Limits{}, "broken"},
		"all hidden":         {book{sheets: good.sheets, states: []string{"hidden"}}.zip(t), Limits{}, "empty"},
		"csv binary":         {[]byte("a;b\n\x00\x01\x00c"), Limits{}, "bad-encoding"},
		"csv bad utf-8":      {[]byte("prénom\n" + "pr\xe9nom;\xe8\n"), Limits{}, "bad-encoding"},
		"csv tcvn3":          {[]byte("STT;H\xe4 v\xb5 t\xaan\n1;Nguy\xd4n V\xa8n \xa7\xf8c;B\xb6o Th\xbeng\n"), Limits{}, "legacy-font"},
		"csv open quote":     {[]byte("a,b\n1,\"x\n2,y\n3,z\n"), Limits{}, "open-quote@2"},
		"csv one long row":   {[]byte("a,b\n\"" + strings.Repeat("x,y\n", 1<<19) + "\""), Limits{}, "open-quote@2"},
		"csv columns":        {[]byte("a,b,c\n"), Limits{Columns: 2}, "too-many-columns@C1"},
		"csv rows":           {[]byte("a\n\nb\nc\n"), Limits{Rows: 2}, "too-many-rows@4"},
	} {
		tab, err := open(c.in, c.lim)
		if err == nil {
			for _, e := range tab.Rows() {
				err = e
			}
		}
		if got := "nothing"; err == nil || errorName(err) != c.want {
			if err != nil {
				got = errorName(err)
			}
			t.Errorf("%s: refused as %s, want %s (%v)", name, got, c.want, err)
		}
	}
}

func encrypted(t *testing.T) []byte {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "mật khẩu"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// emptyRows makes n rows that hold nothing.
func emptyRows(from, n int) string {
	b := make([]byte, 0, 80*n)
	for i := range n {
		b = append(b, `<row r="`...)
		b = strconv.AppendInt(b, int64(from+i), 10)
		b = append(b, `" ht="15.75" customHeight="1"><c r="A`...)
		b = strconv.AppendInt(b, int64(from+i), 10)
		b = append(b, `" s="1"/></row>`...)
	}
	return string(b)
}

// lying makes a file whose directory says that a part unzips to 4 GB.
func lying(t *testing.T, b book) []byte {
	in := b.zip(t)
	at := bytes.Index(in, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(in[at+24:], 0xfffffff0)
	return in
}

// overlapping makes a file two parts of which share their bytes.
func overlapping(t *testing.T) []byte {
	in := zipOf(t, file{"a.xml", "aaaa"}, file{"b.xml", "aaaa"})
	first := bytes.Index(in, []byte("PK\x01\x02"))
	second := first + 4 + bytes.Index(in[first+4:], []byte("PK\x01\x02"))
	copy(in[second+42:second+46], in[first+42:first+46])
	return in
}

// TestPartLongerThanDeclared proves that a part is not read beyond what the directory
// says.
func TestPartLongerThanDeclared(t *testing.T) {
	in := book{sheets: []string{data(cellsOf(1, strings.Repeat("abc", 2000)))}}.zip(t)
	z, err := zip.NewReader(bytes.NewReader(in), int64(len(in)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if f.Name == "xl/worksheets/sheet1.xml" {
			at := bytes.Index(in[bytes.Index(in, []byte("PK\x01\x02")):], []byte(f.Name)) + bytes.Index(in, []byte("PK\x01\x02")) - 46
			binary.LittleEndian.PutUint32(in[at+24:], 300)
		}
	}
	if _, err := open(in, Limits{}); errorName(err) != "broken" {
		t.Fatalf("a part longer than declared gives %v", err)
	}
}

// TestNestedZipIsNotOpened embeds a bomb, which must not count.
func TestNestedZipIsNotOpened(t *testing.T) {
	bomb := zipOf(t, file{"bomb.xml", strings.Repeat("\x00", 20<<20)})
	b := book{sheets: []string{data(cellsOf(1, "a"))}, more: []file{{"xl/embeddings/bomb.xlsx", string(bomb)}, {"xl/media/image1.emf", strings.Repeat("\x00", 20<<20)}}}
	expect(t, "nested", dump(t, mustOpen(t, b.zip(t))), "1|a")
}

// counting is a file that counts the bytes read from it.
type counting struct {
	io.ReaderAt
	n int64
}

func (c *counting) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.n += int64(n)
	return n, err
}

func TestTwoGigabytesAreNotRead(t *testing.T) {
	r := &counting{ReaderAt: bytes.NewReader(nil)}
	_, err := Open(r, 2<<30, "lớn.xlsx", Limits{})
	var shown *errs.Error
	if !errors.As(err, &shown) || shown.Kind != errs.TooLarge || r.n != 0 {
		t.Fatalf("%v after %d bytes", err, r.n)
	}
	endless := &endless{}
	if _, err := OpenReader(endless, "lớn.csv", Limits{File: 1 << 20}); errorName(err) != "too-large" || endless.n > 4<<20 {
		t.Fatalf("%v after %d bytes", err, endless.n)
	}
}

// endless is an upload that never ends.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.n += int64(len(p))
	return len(p), nil
}

// TestMillionEmptyRows reads a sheet that someone formatted to its end: the rows below
// the data cost one look, and no memory.
func TestMillionEmptyRows(t *testing.T) {
	in := book{sheets: []string{data(cellsOf(1, "a", "b") + emptyRows(2, 1_000_000))}}.zip(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	expect(t, "million", dump(t, mustOpen(t, in)), "1|a|b")
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
		t.Errorf("%d bytes were allocated for %d rows", n, 1_000_000)
	}
}

func TestErrorIsForPeople(t *testing.T) {
	err := error(newError("too-many-rows", 5).at(7, ""))
	if !errors.Is(err, errs.Invalid) || errs.Of(err).Text.Key != "sheet.too-many-rows" {
		t.Errorf("%v becomes %v", err, errs.Of(err))
	}
	if got := errs.Of(err).Text.As("vi"); got != "Có hơn 5 dòng dữ liệu (từ dòng 7 trở đi không đọc). Tách tệp thành nhiều phần rồi nhập từng phần." {
		t.Error(got)
	}
	if got := newError("broken").because(io.EOF); !errors.Is(got, io.EOF) {
		t.Error("the cause is lost")
	}
}
