package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

const (
	maxToken = 1 << 20 // bytes of one tag or one piece of text
	maxDepth = 64      // nested elements; a workbook has a dozen
)

// errToken says that one tag or piece of text is longer than maxToken.
var errToken = errors.New("sheet: an XML token of more than 1 MB")

// part reads the XML of one part of the package, with bounds on what one token and
// the nesting may hold in memory. Document types and entities are refused.
type part struct {
	dec   *xml.Decoder
	in    *tokenReader
	close func()
	depth int
}

func openPart(f *zip.File) (*part, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, brokenOr(err)
	}
	in := &tokenReader{r: bufio.NewReaderSize(rc, 32<<10)}
	return &part{dec: xml.NewDecoder(in), in: in, close: func() { _ = rc.Close() }}, nil
}

// next returns the next token, io.EOF at the end of a complete document. The bytes of
// a token are good until the next call.
func (p *part) next() (xml.Token, error) {
	p.in.left = maxToken
	tok, err := p.dec.RawToken()
	if err == io.EOF && p.depth > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		return nil, brokenOr(err)
	}
	switch tok.(type) {
	case xml.Directive:
		return nil, newError("unsafe-xml")
	case xml.StartElement:
		p.depth++
	case xml.EndElement:
		p.depth--
	}
	if p.depth > maxDepth || p.depth < 0 {
		return nil, newError("unsafe-xml")
	}
	return tok, nil
}

// each calls f for every element until f returns an error or the document ends. f may
// read on into the element.
func (p *part) each(f func(xml.StartElement) error) error {
	for {
		tok, err := p.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if el, ok := tok.(xml.StartElement); ok {
			if err := f(el); err != nil {
				return err
			}
		}
	}
}

// text appends to dst the character data up to the end of the element just begun:
// all of it where only is "", else that of the elements of that name, phonetic
// guides (rPh) left out. Bytes beyond limit are read and dropped.
func (p *part) text(dst []byte, only string, limit int) ([]byte, error) {
	depth, wanted, start := p.depth, only == "", len(dst)
	skip := 0
	for {
		tok, err := p.next()
		if err != nil {
			return dst, unexpected(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if tok.Name.Local == "rPh" && skip == 0 {
				skip = p.depth
			}
			wanted = only == "" || tok.Name.Local == only && skip == 0
		case xml.EndElement:
			if p.depth < depth {
				return dst, nil
			}
			if p.depth < skip {
				skip = 0
			}
			wanted = only == ""
		case xml.CharData:
			if room := limit - (len(dst) - start); wanted && room > 0 {
				dst = append(dst, tok[:min(room, len(tok))]...)
			}
		}
	}
}

// unexpected turns the end of the document inside an element into an error.
func unexpected(err error) error {
	if err == io.EOF {
		return newError("broken").because(io.ErrUnexpectedEOF)
	}
	return err
}

// tokenReader hands out bytes until the token's share is spent.
type tokenReader struct {
	r    *bufio.Reader
	left int
}

func (t *tokenReader) ReadByte() (byte, error) {
	if t.left--; t.left < 0 {
		return 0, errToken
	}
	return t.r.ReadByte()
}

func (t *tokenReader) Read(p []byte) (int, error) {
	if t.left < len(p) {
		return 0, errToken
	}
	n, err := t.r.Read(p)
	t.left -= n
	return n, err
}

// attr returns an attribute by its local name, "" where there is none.
func attr(el xml.StartElement, name string) string {
	for i := range el.Attr {
		if el.Attr[i].Name.Local == name {
			return el.Attr[i].Value
		}
	}
	return ""
}

// relID returns the relationship that an element names: the id attribute that has a
// prefix (r:id), which sheetId and a plain id are not.
func relID(el xml.StartElement) string {
	for _, a := range el.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

// unescape turns _xHHHH_, by which a workbook writes characters that XML has no way
// to write, into the character.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		if len(s) >= 7 && s[0] == '_' && s[1] == 'x' && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				s = s[7:]
				continue
			}
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}
