package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// maxParts bounds the files in an .xlsx; a workbook with a picture on every row of a
// large sheet stays below it.
const maxParts = 20_000

// pkg is the zip container of an .xlsx, checked.
type pkg struct {
	parts map[string]*zip.File // by lower-case name
}

// openPkg reads the directory of a zip file and refuses one that is hostile: names
// that lead outside, names that stand twice, parts that overlap, parts that unzip to
// too much. No part is unzipped here, and none ever onto the disk; archive/zip stops
// where a part turns out longer than the directory says.
func openPkg(r io.ReaderAt, size int64, lim Limits) (*pkg, error) {
	if err := countParts(r, size); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if errors.Is(err, zip.ErrInsecurePath) {
		return nil, newError("unsafe-path")
	}
	if err != nil {
		return nil, brokenOr(err)
	}
	p := &pkg{parts: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		if err := p.add(f); err != nil {
			return nil, err
		}
	}
	if err := checkSizes(z.File, lim); err != nil {
		return nil, err
	}
	return p, checkOverlap(z.File, size)
}

// countParts bounds the entries of the directory before archive/zip holds them all in
// memory: it counts their signatures, since the number that a zip file gives of them
// binds nobody.
func countParts(r io.ReaderAt, size int64) error {
	in, sign := io.NewSectionReader(r, 0, size), []byte("PK\x01\x02")
	buf := make([]byte, 64<<10)
	kept, found := 0, 0
	for {
		n, err := io.ReadFull(in, buf[kept:])
		n += kept
		if found += bytes.Count(buf[:n], sign); found > maxParts {
			return newError("zip-bomb")
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
		kept = copy(buf, buf[n-len(sign)+1:n])
	}
}

func (p *pkg) add(f *zip.File) error {
	name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
	if strings.HasPrefix(name, "/") || strings.Contains(name, ":") || slices.Contains(strings.Split(name, "/"), "..") {
		return newError("unsafe-path")
	}
	if f.Flags&1 != 0 {
		return newError("encrypted")
	}
	if _, twice := p.parts[name]; twice {
		return newError("broken")
	}
	p.parts[name] = f
	return nil
}

// isXML tells the parts that may be read from pictures and embedded files, among them
// other zip files, which are never unzipped.
func isXML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".xml" || ext == ".rels"
}

// checkSizes adds up what the XML parts say they unzip to.
func checkSizes(files []*zip.File, lim Limits) error {
	var sum uint64
	for _, f := range files {
		if !isXML(f.Name) {
			continue
		}
		full, packed := f.UncompressedSize64, max(f.CompressedSize64, 1)
		if full > uint64(lim.Unzipped) || full > 1<<20 && full/packed > uint64(lim.Ratio) {
			return newError("zip-bomb")
		}
		if sum += full; sum > uint64(lim.Unzipped) {
			return newError("zip-bomb")
		}
	}
	return nil
}

// checkOverlap refuses a file whose parts share bytes, by which a small file can
// unzip to any size.
func checkOverlap(files []*zip.File, size int64) error {
	type span struct{ from, to int64 }
	spans := make([]span, 0, len(files))
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil {
			return brokenOr(err)
		}
		if f.CompressedSize64 > uint64(size-min(from, size)) {
			return newError("broken")
		}
		if f.CompressedSize64 > 0 {
			spans = append(spans, span{from, from + int64(f.CompressedSize64)})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return newError("zip-bomb")
		}
	}
	return nil
}

// find returns an XML part by its name, in whatever case, or nil.
func (p *pkg) find(name string) *zip.File {
	if !isXML(name) {
		return nil
	}
	return p.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
}

// brokenOr calls what the zip and XML readers refuse a broken file, with what they
// said as the cause; an *Error stays as it is.
func brokenOr(err error) error {
	var mine *Error
	switch {
	case err == nil, errors.As(err, &mine):
		return err
	case errors.Is(err, zip.ErrAlgorithm):
		return newError("unsupported").because(err)
	case errors.Is(err, errToken):
		return newError("unsafe-xml").because(err)
	}
	return newError("broken").because(err)
}
