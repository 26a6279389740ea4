package sheet

import (
	"bytes"
	"io"
)

type fileKind int

const (
	kindText fileKind = iota
	kindZip
	kindOLE // the container of .xls, and of an .xlsx with a password
)

// foreign lists how files begin that people take for tables and that are none.
var foreign = []struct{ prefix, code string }{
	{"%PDF", "not-a-table"}, {"{\\rtf", "not-a-table"}, {"\x89PNG", "not-a-table"}, {"\xff\xd8\xff", "not-a-table"},
	{"GIF8", "not-a-table"}, {"BM\x00", "not-a-table"}, {"Rar!", "not-a-table"}, {"7z\xbc\xaf", "not-a-table"},
	{"\x1f\x8b", "not-a-table"}, {"MZ", "not-a-table"}, {"\x7fELF", "not-a-table"},
	{"\x09\x08", "xls"}, {"\x09\x04", "xls"}, {"\x09\x02", "xls"}, // BIFF without a container
}

// sniff tells what kind of file begins with head, or refuses it.
func sniff(head []byte) (fileKind, error) {
	switch {
	case len(head) == 0:
		return 0, newError("empty")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return kindZip, nil
	case bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return 0, newError("broken")
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return kindOLE, nil
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.prefix)) {
			return 0, newError(f.code)
		}
	}
	if looksLikeMarkup(head) {
		return 0, newError("html")
	}
	return kindText, nil
}

// looksLikeMarkup finds the web pages and XML that many programs export as .xls.
func looksLikeMarkup(head []byte) bool {
	head = bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	for _, tag := range []string{"<html", "<table", "<!doctype", "<?xml", "<meta", "<head", "<body", "<!--", "mime-version:"} {
		if bytes.HasPrefix(head, []byte(tag)) {
			return true
		}
	}
	return false
}

// refuseOLE tells an .xlsx with a password from an .xls: only the former has a stream
// named EncryptedPackage, in UTF-16 as the container's directory writes names.
func refuseOLE(r io.ReaderAt, size int64) error {
	name := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	in := io.NewSectionReader(r, 0, size)
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := io.ReadFull(in, buf[kept:])
		n += kept
		if bytes.Contains(buf[:n], name) {
			return newError("encrypted")
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return newError("xls")
		}
		if err != nil {
			return err
		}
		kept = copy(buf, buf[n-len(name):n])
	}
}
