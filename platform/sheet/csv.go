package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"regexp"
	"strings"

	"lotrinh/platform/text"
)

// maxRecord bounds the bytes of one row of a .csv; a row that is longer is a quotation
// mark that was never closed.
const maxRecord = 1 << 20

var errRecord = errors.New("sheet: a row of more than 1 MB")

func (t *Table) openCSV(r io.ReaderAt, size int64) error {
	src := &csvFile{r: r, size: size, lim: t.lim}
	in, enc, err := src.decode()
	if err != nil {
		return err
	}
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(in, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return encodingError(err)
	}
	src.comma, src.skip = separator(head[:n])
	t.src, t.Encoding, t.Separator = src, enc, src.comma
	for _, err := range src.rows() {
		return err
	}
	return newError("empty")
}

// csvFile is a .csv as a source of rows.
type csvFile struct {
	r     io.ReaderAt
	size  int64
	lim   Limits
	comma rune
	skip  int // bytes of a first line "sep=;", which spreadsheet programs do not show
}

func (c *csvFile) decode() (io.Reader, text.Encoding, error) {
	r, enc, err := text.DecodeUTF8(io.NewSectionReader(c.r, 0, c.size))
	return r, enc, encodingError(err)
}

// encodingError says of text that cannot be decoded what to do with it.
func encodingError(err error) error {
	var e *text.EncodingError
	switch {
	case !errors.As(err, &e):
		return err
	case e.Found == text.Unknown:
		return newError("bad-encoding").because(err)
	}
	return newError("legacy-font", string(e.Found)).because(err)
}

// separators are what may divide columns; the first wins where several would do.
const separators = "\t;,|"

// separator finds what divides the columns: what a first line "sep=;" says, else the
// sign of which most of the first lines have the same number. Titles above the header
// have none, and decimal commas vary.
func separator(head []byte) (comma rune, skip int) {
	line, _, ok := bytes.Cut(head, []byte("\n"))
	if ok && len(line) >= 5 && bytes.EqualFold(line[:4], []byte("sep=")) && bytes.IndexByte([]byte(separators), line[4]) >= 0 {
		return rune(line[4]), len(line) + 1
	}
	lines := strings.Split(outsideQuotes(string(head)), "\n")
	lines = lines[:min(len(lines), 60)]
	best := 0
	comma = ','
	for _, c := range separators {
		if n := agreement(lines, string(c)); n > best {
			best, comma = n, c
		}
	}
	return comma, 0
}

// agreement is how many lines share the commonest number of c, none not counted.
func agreement(lines []string, c string) int {
	counts, most := map[int]int{}, 0
	for _, l := range lines {
		if n := strings.Count(l, c); n > 0 {
			counts[n]++
			most = max(most, counts[n])
		}
	}
	return most
}

// outsideQuotes drops what stands between quotation marks.
func outsideQuotes(s string) string {
	var b strings.Builder
	quoted := false
	for _, r := range s {
		if r == '"' {
			quoted = !quoted
		} else if !quoted {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (c *csvFile) rows() iter.Seq2[rawRow, error] {
	return func(yield func(rawRow, error) bool) {
		in, _, err := c.decode()
		if err == nil {
			_, err = io.CopyN(io.Discard, in, int64(c.skip))
		}
		if err != nil {
			yield(rawRow{}, err)
			return
		}
		r := c.reader(in)
		for {
			row, err := r.next()
			if err == io.EOF {
				return
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// csvReader counts rows as a spreadsheet program would: a row with line breaks in a
// cell is one, an empty line is one too.
type csvReader struct {
	csv  *csv.Reader
	in   *recordReader
	lim  Limits
	row  int // number of the row read last
	line int // line on which it ended
}

func (c *csvFile) reader(in io.Reader) *csvReader {
	limited := &recordReader{r: in}
	r := csv.NewReader(limited)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = c.comma, -1, true
	r.TrimLeadingSpace = c.comma != '\t'
	return &csvReader{csv: r, in: limited, lim: c.lim}
}

// next returns the next row that holds something, io.EOF after the last.
func (r *csvReader) next() (rawRow, error) {
	for {
		r.in.left = maxRecord
		fields, err := r.csv.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, errRecord):
			return rawRow{}, newError("open-quote").at(r.row+1, "")
		case errors.As(err, &bad):
			return r.malformed(bad)
		case err == io.EOF:
			return rawRow{}, err
		case err != nil:
			return rawRow{}, encodingError(err)
		}
		r.count(fields)
		row, err := r.clean(fields)
		if err != nil || len(row.cells) > 0 {
			return row, err
		}
	}
}

// malformed reports quotation marks that do not pair: within one line the row is lost,
// over several nobody knows where rows end.
func (r *csvReader) malformed(bad *csv.ParseError) (rawRow, error) {
	r.row += bad.StartLine - r.line
	r.line = bad.Line
	if bad.Line > bad.StartLine {
		return rawRow{}, newError("open-quote").at(r.row, "").because(bad)
	}
	return rawRow{num: r.row, fault: newError("bad-quotes").at(r.row, "")}, nil
}

// count advances the row's number by the lines since the last one.
func (r *csvReader) count(fields []string) {
	start, _ := r.csv.FieldPos(0)
	last := len(fields) - 1
	end, _ := r.csv.FieldPos(last)
	r.row += start - r.line
	r.line = end + strings.Count(fields[last], "\n")
}

func (r *csvReader) clean(fields []string) (rawRow, error) {
	row := rawRow{num: r.row}
	for i, f := range fields {
		c := csvCell(f, r.lim)
		if c.kind == emptyCell {
			continue
		}
		if i >= r.lim.Columns {
			return row, newError("too-many-columns", r.lim.Columns).at(r.row, ColumnLetters(i))
		}
		for len(row.cells) < i {
			row.cells = append(row.cells, cell{})
		}
		row.cells = append(row.cells, c)
	}
	return row, nil
}

// lostLetter is what remains of «Nguyễn» in a file saved without Unicode: Nguy?n.
var lostLetter = regexp.MustCompile(`\pL\?\pL`)

func csvCell(f string, lim Limits) cell {
	c := makeText(unguard(f), lim)
	if strings.IndexByte(c.text, '?') > 0 && !strings.ContainsAny(c.text, "=/") && lostLetter.MatchString(c.text) {
		return faulty("lost-letters", clip(c.text))
	}
	return c
}

// recordReader hands out bytes until the share of one row is spent.
type recordReader struct {
	r    io.Reader
	left int
}

func (l *recordReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errRecord
	}
	n, err := l.r.Read(p)
	l.left -= n
	return n, err
}
