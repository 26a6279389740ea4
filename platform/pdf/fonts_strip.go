package pdf

import (
	"encoding/binary"
	"errors"
	"sort"
)

var errFont = errors.New("not a TrueType font with outlines")

// Flags of a component in a composite glyph (OpenType specification, «glyf»).
const (
	argsAreWords   = 0x0001
	hasScale       = 0x0008
	moreComponents = 0x0020
	hasTwoScales   = 0x0040
	hasMatrix      = 0x0080
	hasProgram     = 0x0100
)

// idle is a TrueType program that pushes a zero and takes it off again. It
// stands in for the hinting programs, since some readers dislike empty tables.
var idle = []byte{0xB0, 0x00, 0x21}

// stripHints returns the font without hinting and layout tables. Hints serve
// screens of the last century only, and they are half of what a certificate
// weighs; glyph numbers and widths stay as they are.
func stripHints(ttf []byte) ([]byte, error) {
	tables, err := readTables(ttf)
	if err != nil {
		return nil, err
	}
	glyf, loca, err := stripGlyphs(tables)
	if err != nil {
		return nil, err
	}
	if len(tables["post"]) < 32 {
		return nil, errFont
	}
	post := append([]byte(nil), tables["post"][:32]...)
	binary.BigEndian.PutUint32(post, 0x00030000) // version 3: no glyph names
	kept := map[string][]byte{
		"glyf": glyf, "loca": loca, "post": post,
		"cvt ": {0, 0}, "fpgm": idle, "prep": idle,
	}
	for _, tag := range []string{"OS/2", "cmap", "head", "hhea", "hmtx", "maxp", "name"} {
		kept[tag] = tables[tag]
	}
	return writeTables(kept), nil
}

func readTables(ttf []byte) (map[string][]byte, error) {
	if len(ttf) < 12 {
		return nil, errFont
	}
	count := int(binary.BigEndian.Uint16(ttf[4:]))
	if len(ttf) < 12+16*count {
		return nil, errFont
	}
	tables := make(map[string][]byte, count)
	for i := range count {
		entry := ttf[12+16*i:]
		from := uint64(binary.BigEndian.Uint32(entry[8:]))
		to := from + uint64(binary.BigEndian.Uint32(entry[12:]))
		if to > uint64(len(ttf)) {
			return nil, errFont
		}
		tables[string(entry[:4])] = ttf[from:to]
	}
	return tables, nil
}

// stripGlyphs rebuilds the outlines and their index, in the same index format.
func stripGlyphs(tables map[string][]byte) (glyf, loca []byte, err error) {
	head, maxp, old := tables["head"], tables["maxp"], tables["glyf"]
	if len(head) < 54 || len(maxp) < 6 {
		return nil, nil, errFont
	}
	short := binary.BigEndian.Uint16(head[50:]) == 0
	count := int(binary.BigEndian.Uint16(maxp[4:]))
	offsets, err := readOffsets(tables["loca"], count+1, short)
	if err != nil {
		return nil, nil, err
	}
	for i := range count {
		loca = appendOffset(loca, len(glyf), short)
		if offsets[i] > offsets[i+1] || offsets[i+1] > len(old) {
			return nil, nil, errFont
		}
		glyf = append(glyf, stripGlyph(old[offsets[i]:offsets[i+1]])...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	return glyf, appendOffset(loca, len(glyf), short), nil
}

func readOffsets(loca []byte, count int, short bool) ([]int, error) {
	size := 4
	if short {
		size = 2
	}
	if len(loca) < size*count {
		return nil, errFont
	}
	offsets := make([]int, count)
	for i := range offsets {
		if short {
			offsets[i] = 2 * int(binary.BigEndian.Uint16(loca[2*i:]))
		} else {
			offsets[i] = int(binary.BigEndian.Uint32(loca[4*i:]))
		}
	}
	return offsets, nil
}

func appendOffset(loca []byte, offset int, short bool) []byte {
	if short {
		return binary.BigEndian.AppendUint16(loca, uint16(offset/2))
	}
	return binary.BigEndian.AppendUint32(loca, uint32(offset))
}

// stripGlyph takes the program out of one glyph; a glyph it cannot read stays.
func stripGlyph(g []byte) []byte {
	if len(g) < 12 {
		return g
	}
	contours := int(int16(binary.BigEndian.Uint16(g)))
	if contours < 0 {
		return stripComposite(g)
	}
	at := 10 + 2*contours
	if at+2 > len(g) {
		return g
	}
	program := int(binary.BigEndian.Uint16(g[at:]))
	if at+2+program > len(g) {
		return g
	}
	out := append([]byte(nil), g[:at]...)
	return append(append(out, 0, 0), g[at+2+program:]...)
}

func stripComposite(g []byte) []byte {
	out := append([]byte(nil), g...)
	for at := 10; at+4 <= len(out); {
		flags := binary.BigEndian.Uint16(out[at:])
		binary.BigEndian.PutUint16(out[at:], flags&^hasProgram)
		at += componentSize(flags)
		if flags&moreComponents == 0 && at <= len(out) {
			return out[:at]
		}
	}
	return g
}

func componentSize(flags uint16) int {
	size := 6
	if flags&argsAreWords != 0 {
		size += 2
	}
	switch {
	case flags&hasScale != 0:
		size += 2
	case flags&hasTwoScales != 0:
		size += 4
	case flags&hasMatrix != 0:
		size += 8
	}
	return size
}

// writeTables lays out a font file: directory first, tables on 4-byte borders.
func writeTables(tables map[string][]byte) []byte {
	tags := make([]string, 0, len(tables))
	for tag := range tables {
		tags = append(tags, tag)
	}
	sort.Strings(tags)
	out := make([]byte, 12+16*len(tags))
	binary.BigEndian.PutUint32(out, 0x00010000)
	binary.BigEndian.PutUint16(out[4:], uint16(len(tags)))
	for i, tag := range tags {
		data := tables[tag]
		entry := out[12+16*i:]
		copy(entry, tag)
		binary.BigEndian.PutUint32(entry[4:], checksum(data))
		binary.BigEndian.PutUint32(entry[8:], uint32(len(out)))
		binary.BigEndian.PutUint32(entry[12:], uint32(len(data)))
		out = append(out, data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

// checksum adds the table up as big-endian words, padded with zeros.
func checksum(data []byte) (sum uint32) {
	for ; len(data) >= 4; data = data[4:] {
		sum += binary.BigEndian.Uint32(data)
	}
	var rest [4]byte
	copy(rest[:], data)
	return sum + binary.BigEndian.Uint32(rest[:])
}
