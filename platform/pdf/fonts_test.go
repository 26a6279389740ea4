package pdf

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/signintech/gopdf"
)

// vietnamese are all letters of the language with their tones, and the signs that
// papers use.
const vietnamese = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz" +
	"0123456789.,;:!?()[]{}/\\-–—…«»“”‘’\"'%‰+×÷=<>&@#*°²₫€§•_|~^$"

func TestFacesHaveVietnamese(t *testing.T) {
	for f := range faceCount {
		m := font{f, 10}.load()
		for _, r := range vietnamese + strings.ToUpper(vietnamese) {
			if !m.known(r) {
				t.Errorf("%s lacks %q", m.name, r)
			}
		}
		if m.ascent < 0.7 || m.descent < 0.1 || m.replacement == '?' {
			t.Errorf("%s: ascent %.2f, descent %.2f, replacement %q", m.name, m.ascent, m.descent, m.replacement)
		}
	}
}

// Without hints a typeface keeps its glyph numbers and widths, and sheds weight.
func TestStripHints(t *testing.T) {
	for _, name := range faceFiles {
		whole, err := fontFiles.ReadFile("fonts/" + name + ".ttf")
		if err != nil {
			t.Fatal(err)
		}
		bare, err := stripHints(whole)
		if err != nil {
			t.Fatal(err)
		}
		if len(bare) > len(whole)*9/10 {
			t.Errorf("%s: %d bytes of %d are left", name, len(bare), len(whole))
		}
		var a, b gopdf.SubsetFontObj
		if err := errors.Join(a.SetTTFData(whole), b.SetTTFData(bare)); err != nil {
			t.Fatal(err)
		}
		for r := rune(' '); r < lastRune; r++ {
			g1, _ := a.CharCodeToGlyphIndex(r)
			g2, _ := b.CharCodeToGlyphIndex(r)
			if g1 != g2 || a.GlyphIndexToPdfWidth(g1) != b.GlyphIndexToPdfWidth(g2) {
				t.Fatalf("%s: %q is glyph %d, was %d", name, r, g2, g1)
			}
		}
	}
}

func TestStripHintsRefuses(t *testing.T) {
	data, err := fontFiles.ReadFile("fonts/" + faceFiles[sans] + ".ttf")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 11, 40, 200, len(data) / 2} {
		if _, err := stripHints(data[:n]); !errors.Is(err, errFont) {
			t.Errorf("the first %d bytes: error %v", n, err)
		}
	}
}

// A character that a typeface lacks becomes a visible sign, in every document.
func TestMissingCharacters(t *testing.T) {
	odd := "A😀漢B\x01\uFFFF\U0010FFFFC"
	k := sampleCertificate()
	k.Holder = odd
	r := sampleRoll(1)
	r.Trainees[0].Name = odd
	for _, c := range []struct {
		doc  document
		want string
	}{
		{k, "Bà A¤¤B¤¤¤C"},
		{r, "A□□B□□□C"},
		{SimpleTable{Title: "a", Notes: []string{odd}}, "A□□B□□□C"},
	} {
		if got := render(t, c.doc).String(); !strings.Contains(got, c.want) {
			t.Errorf("%T: no %q in %s", c.doc, c.want, got)
		}
	}
}

// FuzzText writes odd text into every place of every document: it is printed
// soundly or refused as input, and never a panic.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "Nguyễn Thị Phượng", "😀\x00\u202E\uFFFF", strings.Repeat("ẾẢ", 200), "a\n\nb\tc\r\n", "\xff\xfe", "e\u0301\u0302\u0303\u0304", ")(\\<>", "%PDF"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = s[:min(len(s), mostLetters)]
		for _, d := range fuzzed(s) {
			var b bytes.Buffer
			if err := d.Write(&b); errors.Is(err, ErrInput) {
				continue
			} else if err != nil {
				t.Fatalf("%T: %v", d, err)
			}
			readPDF(t, b.Bytes()).sound(t, 4)
		}
	})
}

func fuzzed(s string) []document {
	table := Table{Caption: s, Columns: []Column{{Title: s}, {Title: "b", Group: s, Align: Right}}, Rows: []Row{{Cells: []string{s, s}, Bold: true}, {Section: true, Cells: []string{s}}}}
	one := []string{s}
	return []document{
		AdminDocument{
			ParentBody: s, Body: s, Number: s, Symbol: s, Place: s, Kind: s, Abstract: s, To: one, Authority: s, Bases: one, Enacting: s,
			Blocks: []Block{Heading{Level: 1, Text: s}, Article{Title: s, Text: s}, Paragraph{Lead: s, Text: s}, Centred{Text: s}, table},
			Sign:   one, Signer: s, Recipients: one, Appendices: []Appendix{{Title: s, Blocks: []Block{table}}},
		},
		Certificate{
			ParentBody: s, Issuer: s, Title: s, Intro: s, Salutation: s, Holder: s, Born: s, Unit: s, Completed: s, Course: s, Duration: s,
			Grade: s, Place: s, Sign: one, Signer: s, Serial: s, Register: s, Note: s, CheckURL: s,
		},
		CodeSlips{Title: s, Slips: []CodeSlip{{Name: s, Unit: s, Account: s, Code: s, Address: s, URL: s, Expires: day(2022, 1, 1)}}},
		RollSheet{
			ParentBody: s, Body: s, Code: s, URL: s, Class: s, Session: s, Time: s, Room: s, Lecturer: s, Detail: s,
			Trainees: []RollTrainee{{s, s, s}}, Blank: len(s) % 5, Manager: s,
		},
		SimpleTable{Body: s, Title: s, Subtitle: s, Period: s, Source: s, Table: table, Notes: one},
	}
}
