package text

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// sniffLen is how much of a file DecodeUTF8 looks at before it decides.
const sniffLen = 64 << 10

// EncodingError says that bytes are not text that can be read without guessing.
// Found is TCVN3 or VNI where the bytes read so, else Unknown. The remedy: convert to
// Unicode with UniKey (TCVN3, VNI), or save as «CSV UTF-8» or .xlsx (Unknown).
type EncodingError struct {
	Found Encoding
}

func (e *EncodingError) Error() string {
	if e.Found == Unknown {
		return "text: neither UTF-8 nor UTF-16: save the file as UTF-8"
	}
	return fmt.Sprintf("text: %s, an encoding of old fonts: convert the file to Unicode", e.Found)
}

// DecodeUTF8 returns r as UTF-8 without byte-order mark, and what it was: UTF-8 or
// UTF-16 of either byte order, each with or without the mark, or Windows-1258 where
// the first 64 KB read as Vietnamese in that encoding and in no other. Anything else
// is an *EncodingError, also while reading, where a fault lies further on: no byte is
// ever replaced in silence. Reading holds 64 KB.
func DecodeUTF8(r io.Reader) (io.Reader, Encoding, error) {
	br := bufio.NewReaderSize(r, sniffLen)
	head, err := br.Peek(sniffLen)
	if err != nil && err != io.EOF {
		return nil, Unknown, err
	}
	enc, bom := sniff(head, err == io.EOF)
	if _, err := br.Discard(bom); err != nil {
		return nil, Unknown, err
	}
	switch enc {
	case UTF8, UTF8BOM:
		return strict(br, encoding.UTF8Validator), enc, nil
	case UTF16LE:
		return strict(br, transform.Chain(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder(), refusing{})), enc, nil
	case UTF16BE:
		return strict(br, transform.Chain(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder(), refusing{})), enc, nil
	case Windows1258:
		return strict(br, transform.Chain(charmap.Windows1258.NewDecoder(), refusing{}, norm.NFC)), enc, nil
	}
	return nil, enc, &EncodingError{Found: enc}
}

// strict transforms r and turns what t refuses into an EncodingError.
func strict(r io.Reader, t transform.Transformer) io.Reader {
	return &strictReader{transform.NewReader(r, t)}
}

type strictReader struct{ r io.Reader }

func (s *strictReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if errors.Is(err, encoding.ErrInvalidUTF8) {
		err = &EncodingError{}
	}
	return n, err
}

// refusing passes UTF-8 on, and refuses the U+FFFD by which a decoder reports bytes
// that it could not read.
type refusing struct{ transform.NopResetter }

func (refusing) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	nDst, nSrc, err = encoding.UTF8Validator.Transform(dst, src, atEOF)
	if bytes.Contains(dst[:nDst], []byte("\uFFFD")) {
		err = encoding.ErrInvalidUTF8
	}
	return nDst, nSrc, err
}

// sniff tells the encoding of head and how many bytes of byte-order mark to drop;
// whole says that head is all there is.
func sniff(head []byte, whole bool) (enc Encoding, bom int) {
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		return UTF8BOM, 3
	case bytes.HasPrefix(head, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(head, []byte{0, 0, 0xfe, 0xff}):
		return Unknown, 0 // UTF-32
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return UTF16LE, 2
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return UTF16BE, 2
	case bytes.IndexByte(head, 0) >= 0:
		return sniffUTF16(head), 0
	}
	if !whole {
		head = wholeRunes(head)
	}
	if utf8.Valid(head) {
		return UTF8, 0
	}
	return sniffBytes(head), 0
}

// sniffUTF16 tells the byte order by where the zero bytes of ASCII and Latin-1 letters
// stand, which are more than half of any Vietnamese text.
func sniffUTF16(head []byte) Encoding {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	units := len(head)/2 + 1
	switch {
	case zeros[0] == 0 && zeros[1]*2 > units:
		return UTF16LE
	case zeros[1] == 0 && zeros[0]*2 > units:
		return UTF16BE
	}
	return Unknown
}

// wholeRunes drops a rune that the end of b cuts.
func wholeRunes(b []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// sniffBytes weighs the one-byte encodings: the winner reads as Vietnamese in at
// least nine of ten words with marks, and no other does in more than seven.
func sniffBytes(b []byte) Encoding {
	if i := bytes.LastIndexByte(b, '\n'); i > 0 {
		b = b[:i]
	}
	latin1 := decodeBytes(charmap.ISO8859_1, b)
	read := map[Encoding]string{
		Windows1258: decodeBytes(charmap.Windows1258, b),
		TCVN3:       tcvn3Letters.Replace(latin1),
		VNI:         vniLetters.Replace(latin1),
	}
	best, second, winner := 0, 0, Unknown
	for enc, s := range read {
		good, bad := plausibility(s)
		share := 100 * good / (good + bad + 1)
		if good > 0 && bad == 0 {
			share = 100
		}
		switch {
		case share > best:
			best, second, winner = share, best, enc
		case share > second:
			second = share
		}
	}
	if best < 90 || second > 70 {
		return Unknown
	}
	return winner
}

func decodeBytes(cm *charmap.Charmap, b []byte) string {
	out, err := cm.NewDecoder().Bytes(b)
	if err != nil {
		return ""
	}
	return string(out)
}
