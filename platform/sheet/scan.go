package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"io"
	"regexp"
	"slices"
)

// scan is what a quick look through a sheet's XML finds, so that the slow one can stop
// at the last cell that holds something, and knows the merged cells, which the file
// lists after the rows.
type scan struct {
	last   int64 // where the last tag that belongs to a value begins; 0: no value
	merges []area
}

// area is a block of merged cells: columns from 0, rows from 1, both ends included.
type area struct{ firstCol, firstRow, lastCol, lastRow int }

const maxMerges = 100_000

var mergeRef = regexp.MustCompile(`\sref\s*=\s*["']([A-Za-z]+[0-9]+):([A-Za-z]+[0-9]+)["']`)

// scanSheet looks at every tag by name only. What it takes for a tag inside a comment
// or a CDATA section costs time later, nothing else. It holds 64 KB.
func scanSheet(f *zip.File) (s scan, err error) {
	rc, err := f.Open()
	if err != nil {
		return s, brokenOr(err)
	}
	defer func() { _ = rc.Close() }()
	in := bufio.NewReaderSize(rc, 64<<10)
	inData := false
	for at := int64(0); ; {
		n, err := toTag(in)
		at += n
		if err == io.EOF {
			break
		}
		if err != nil {
			return s, brokenOr(err)
		}
		head, err := in.Peek(128)
		if err != nil && err != io.EOF {
			return s, brokenOr(err)
		}
		switch name := tagName(head); {
		case inData && len(name) == 1 && name[0] == 'c', inData && string(name) == "row": // cells and rows alone are no value
		case string(name) == "sheetData":
			inData = !closesItself(head)
		case string(name) == "/sheetData":
			inData = false
		case inData && name[0] != '/':
			s.last = at
		case string(name) == "mergeCell":
			if err := s.addMerge(head); err != nil {
				return s, err
			}
		}
	}
	slices.SortFunc(s.merges, func(a, b area) int { return cmp.Compare(a.firstRow, b.firstRow) })
	return s, nil
}

// toTag reads up to and including the next '<' and tells how many bytes that were.
func toTag(in *bufio.Reader) (n int64, err error) {
	for {
		b, err := in.ReadSlice('<')
		n += int64(len(b))
		if err != bufio.ErrBufferFull {
			return n, err
		}
	}
}

// tagName is the name at the start of b, without its prefix, with the slash of an end
// tag; it is never empty.
func tagName(b []byte) []byte {
	end := bytes.IndexAny(b, " \t\r\n/>")
	if end == 0 { // an end tag
		if end = bytes.IndexAny(b[1:], " \t\r\n/>"); end >= 0 {
			end++
		}
	}
	if end > 0 {
		b = b[:end]
	}
	if len(b) == 0 {
		return []byte("?")
	}
	if i := bytes.IndexByte(b, ':'); i >= 0 && i+1 < len(b) {
		if b[0] == '/' {
			return append([]byte("/"), b[i+1:]...)
		}
		return b[i+1:]
	}
	return b
}

// closesItself reports whether the tag at the start of b ends in "/>".
func closesItself(b []byte) bool {
	i := bytes.IndexByte(b, '>')
	return i > 0 && b[i-1] == '/'
}

func (s *scan) addMerge(head []byte) error {
	if i := bytes.IndexByte(head, '>'); i >= 0 {
		head = head[:i]
	}
	m := mergeRef.FindSubmatch(head)
	if m == nil {
		return nil // one cell alone is merged with nothing
	}
	c1, r1, ok1 := parseRef(string(m[1]))
	c2, r2, ok2 := parseRef(string(m[2]))
	if !ok1 || !ok2 || c2 < c1 || r2 < r1 {
		return newError("broken")
	}
	if s.merges = append(s.merges, area{c1, r1, c2, r2}); len(s.merges) > maxMerges {
		return newError("too-many-merged", maxMerges)
	}
	return nil
}

// mergeCursor finds the merged areas that touch a row, for rows in rising order.
type mergeCursor struct {
	rest   []area // not begun yet, by first row
	active []area
}

// at returns the areas that touch row.
func (m *mergeCursor) at(row int) ([]area, error) {
	m.active = slices.DeleteFunc(m.active, func(a area) bool { return a.lastRow < row })
	for len(m.rest) > 0 && m.rest[0].firstRow <= row {
		if m.rest[0].lastRow >= row {
			m.active = append(m.active, m.rest[0])
		}
		m.rest = m.rest[1:]
	}
	if len(m.active) > maxActive {
		return nil, newError("broken") // areas that overlap, which no program makes
	}
	return m.active, nil
}

// maxActive bounds the merged areas that touch one row.
const maxActive = 1024
