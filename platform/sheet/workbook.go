package sheet

import (
	"archive/zip"
	"encoding/xml"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// workbook is what is read of an .xlsx before its rows.
type workbook struct {
	pkg      *pkg
	lim      Limits
	main     string            // the name of the workbook part
	rels     map[string]string // parts by relationship id
	types    map[string]string // kinds of relationship by id: "worksheet", "chartsheet" …
	sheets   []sheetRef
	date1904 bool
	strings  stringTable
	formats  []numFormat // by style index
}

// sheetRef is a sheet as the workbook lists it.
type sheetRef struct {
	name   string
	rel    string
	hidden bool
}

// numFormat is what matters of a number format.
type numFormat struct {
	date bool // shows a day
	time bool // shows a time of day only
	pad  int  // fills up with zeros to this many digits: 0905… typed as a number
}

func openWorkbook(p *pkg, lim Limits) (*workbook, error) {
	w := &workbook{pkg: p, lim: lim}
	for _, step := range []func() error{w.findMain, w.readSheets, w.readStyles, w.readStrings} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// findMain follows the package's relationships to the workbook part.
func (w *workbook) findMain() error {
	if w.pkg.parts["mimetype"] != nil && w.pkg.find("content.xml") != nil {
		return newError("unsupported") // .ods
	}
	root := w.pkg.find("_rels/.rels")
	if root == nil {
		return newError("not-a-table")
	}
	targets, types, err := readRels(root, "")
	if err != nil {
		return err
	}
	for id, kind := range types {
		if kind == "officeDocument" {
			w.main = targets[id]
		}
	}
	switch strings.ToLower(path.Ext(w.main)) {
	case ".bin": // .xlsb
		return newError("unsupported")
	case ".xml":
	default:
		return newError("not-a-table")
	}
	dir, file := path.Split(w.main)
	if !strings.HasPrefix(strings.ToLower(file), "workbook") {
		return newError("not-a-table") // .docx, .pptx
	}
	rels := w.pkg.find(dir + "_rels/" + file + ".rels")
	if rels == nil || w.pkg.find(w.main) == nil {
		return newError("broken")
	}
	w.rels, w.types, err = readRels(rels, dir)
	return err
}

// The parts beside the rows and strings are small; Excel itself takes 65,490 styles.
const (
	maxSmall  = 16 << 20 // bytes
	maxStyles = 100_000
)

// openSmall opens a part whose content is held in memory.
func openSmall(f *zip.File) (*part, error) {
	if f.UncompressedSize64 > maxSmall {
		return nil, newError("zip-bomb")
	}
	return openPart(f)
}

// readRels reads a relationships part: the targets as part names, and the last word
// of each type. Targets outside the package are left out.
func readRels(f *zip.File, dir string) (targets, types map[string]string, err error) {
	targets, types = map[string]string{}, map[string]string{}
	p, err := openSmall(f)
	if err != nil {
		return nil, nil, err
	}
	defer p.close()
	err = p.each(func(el xml.StartElement) error {
		target := attr(el, "Target")
		if el.Name.Local != "Relationship" || target == "" || attr(el, "TargetMode") == "External" {
			return nil
		}
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		id := attr(el, "Id")
		targets[id], types[id] = strings.TrimPrefix(target, "/"), path.Base(attr(el, "Type"))
		return nil
	})
	return targets, types, err
}

// partOf finds the part of a kind of relationship, nil where there is none.
func (w *workbook) partOf(kind string) *zip.File {
	for id, k := range w.types {
		if k == kind {
			return w.pkg.find(w.rels[id])
		}
	}
	return nil
}

func (w *workbook) readSheets() error {
	p, err := openSmall(w.pkg.find(w.main))
	if err != nil {
		return err
	}
	defer p.close()
	return p.each(func(el xml.StartElement) error {
		switch el.Name.Local {
		case "workbookPr":
			w.date1904 = isTrue(attr(el, "date1904"))
		case "sheet":
			s := sheetRef{name: attr(el, "name"), rel: relID(el)}
			state := attr(el, "state")
			s.hidden = state == "hidden" || state == "veryHidden"
			w.sheets = append(w.sheets, s)
		}
		return nil
	})
}

func (w *workbook) readStyles() error {
	f := w.partOf("styles")
	if f == nil {
		return nil
	}
	p, err := openSmall(f)
	if err != nil {
		return err
	}
	defer p.close()
	codes, inCells := map[string]string{}, false
	for {
		tok, err := p.next()
		if err != nil {
			return ended(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			switch {
			case el.Name.Local == "numFmt" && len(codes) < maxStyles:
				codes[attr(el, "numFmtId")] = attr(el, "formatCode")
			case el.Name.Local == "cellXfs":
				inCells = true
			case el.Name.Local == "xf" && inCells && len(w.formats) < maxStyles:
				w.formats = append(w.formats, formatOf(attr(el, "numFmtId"), codes))
			}
		case xml.EndElement:
			if el.Name.Local == "cellXfs" {
				return nil
			}
		}
	}
}

// ended is nil at the end of a document.
func ended(err error) error {
	if unexpected(err) == err {
		return err
	}
	return nil
}

// builtinFormat tells the formats that need no code in the file (ECMA-376 part 1,
// 18.8.30); 27–36 and 50–58 are dates in the languages that define them.
func builtinFormat(id int) numFormat {
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return numFormat{date: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return numFormat{time: true}
	}
	return numFormat{}
}

// notCode are the parts of a format code that are not letters of the format: quoted
// text, escaped characters, conditions and colours, padding.
var notCode = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]|_.|\*.`)

func formatOf(id string, codes map[string]string) numFormat {
	code, ok := codes[id]
	if !ok {
		n, err := strconv.Atoi(id)
		if err != nil {
			return numFormat{}
		}
		return builtinFormat(n)
	}
	code = strings.ToLower(notCode.ReplaceAllString(code, ""))
	code, _, _ = strings.Cut(code, ";")
	switch {
	case code != "" && strings.Trim(code, "0") == "":
		return numFormat{pad: len(code)}
	case code == "general":
		return numFormat{}
	case strings.ContainsAny(code, "dy"):
		return numFormat{date: true}
	case strings.ContainsAny(code, "hs"):
		return numFormat{time: true}
	}
	return numFormat{}
}

// stringTable holds the shared strings end to end, so that a million of them cost
// four bytes each beside their letters.
type stringTable struct {
	data []byte
	ends []uint32
}

func (t *stringTable) get(i int) (string, bool) {
	if i < 0 || i >= len(t.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return string(t.data[from:t.ends[i]]), true
}

func (w *workbook) readStrings() error {
	f := w.partOf("sharedStrings")
	if f == nil {
		return nil
	}
	p, err := openPart(f)
	if err != nil {
		return err
	}
	defer p.close()
	t := &w.strings
	limit := w.lim.cellBytes()
	return p.each(func(el xml.StartElement) error {
		if el.Name.Local != "si" {
			return nil
		}
		t.data, err = p.text(t.data, "t", limit)
		t.ends = append(t.ends, uint32(len(t.data)))
		if int64(len(t.data)+4*len(t.ends)) > w.lim.Strings {
			return newError("strings-too-large", w.lim.Strings>>20)
		}
		return err
	})
}

// cellBytes is how many bytes of a cell's text are kept: one letter more than allowed,
// so that the excess shows.
func (l Limits) cellBytes() int { return 4 * (l.Cell + 1) }
