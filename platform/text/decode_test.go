package text

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

const sample = "STT;Họ và tên;Đơn vị\r\n1;Nguyễn Văn Đức;Xã Hòa Vang\r\n2;Trần Thị Thuỷ;Thị trấn Ái Nghĩa\r\n"

// utf16of encodes s; mark adds the byte-order mark.
func utf16of(t testing.TB, s string, order unicode.Endianness, mark bool) string {
	bom := unicode.IgnoreBOM
	if mark {
		bom = unicode.UseBOM
	}
	out, err := unicode.UTF16(order, bom).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cp1258 encodes letters that Windows-1258 has with their tone as a mark behind them.
var cp1258 = strings.NewReplacer("ễ", "\xea\xde", "ă", "\xe3", "Đ", "\xd0", "ứ", "\xfd\xec", "ầ", "\xe2\xcc", "ị", "i\xf2",
	"ò", "o\xcc", "ọ", "o\xf2", "à", "\xe0", "ê", "\xea", "ơ", "\xf5", "ã", "a\xde", "ỷ", "y\xd2", "ấ", "\xe2\xec", "Á", "\xc1", "ĩ", "i\xde")

// latin1 writes s with one byte a character.
func latin1(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
	}
	return b.String()
}

func TestDecodeUTF8(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		enc  Encoding
		want string
	}{
		"utf-8":          {sample, UTF8, sample},
		"utf-8 bom":      {"\ufeff" + sample, UTF8BOM, sample},
		"empty":          {"", UTF8, ""},
		"utf-16 le bom":  {utf16of(t, sample, unicode.LittleEndian, true), UTF16LE, sample},
		"utf-16 be bom":  {utf16of(t, sample, unicode.BigEndian, true), UTF16BE, sample},
		"utf-16 le":      {utf16of(t, sample, unicode.LittleEndian, false), UTF16LE, sample},
		"utf-16 be":      {utf16of(t, sample, unicode.BigEndian, false), UTF16BE, sample},
		"windows-1258":   {cp1258.Replace(sample), Windows1258, sample},
		"decomposed":     {norm.NFD.String(sample), UTF8, norm.NFD.String(sample)},
		"cut at 64 KB":   {strings.Repeat("a", sniffLen-1) + "ệ", UTF8, strings.Repeat("a", sniffLen-1) + "ệ"},
		"long utf-16 le": {utf16of(t, strings.Repeat(sample, 1000), unicode.LittleEndian, false), UTF16LE, strings.Repeat(sample, 1000)},
	} {
		r, enc, err := DecodeUTF8(strings.NewReader(c.in))
		if err != nil || enc != c.enc {
			t.Errorf("%s: %q, %v", name, enc, err)
			continue
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != c.want {
			t.Errorf("%s: read %q, %v", name, got, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		found Encoding
	}{
		"tcvn3":          {latin1("STT;Hä vµ tªn\n1;NguyÔn V¨n §øc;X· Hßa Vang;B¶o Th¾ng\n2;Mêng Kh¬ng;B¸t X¸t\n"), TCVN3},
		"vni":            {latin1("STT;Hoï vaø teân\n1;Nguyeãn Vaên Ñöùc;Xaõ Hoøa Vang\n2;Xin chaøo caùc baïn\n"), VNI},
		"french":         {latin1("nom;prénom\n1;Hélène Lefèvre\n"), Unknown},
		"utf-32":         {"\xff\xfe\x00\x00a\x00\x00\x00", Unknown},
		"binary":         {"\x00\x01\x02\x00\x00\x7fELF", Unknown},
		"odd utf-16":     {"\xff\xfea\x00b", Unknown},
		"lone surrogate": {"\xff\xfea\x00\x00\xd8b\x00", Unknown},
		"fault far on":   {strings.Repeat("a", 3*sniffLen) + "\xff", Unknown},
	} {
		r, enc, err := DecodeUTF8(strings.NewReader(c.in))
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		var e *EncodingError
		if !errors.As(err, &e) || e.Found != c.found {
			t.Errorf("%s: %q, %v, want %q", name, enc, err, c.found)
		}
	}
}

func TestLegacy(t *testing.T) {
	for s, want := range map[string]Encoding{
		"NguyÔn V¨n An": TCVN3, "B¶o Th¾ng": TCVN3, "Mêng Kh¬ng": TCVN3, "B¸t X¸t": TCVN3, "Th\u00adêng TÝn": TCVN3, "TuÊn": TCVN3,
		"Nguyeãn Vaên An": VNI, "Xin chaøo caùc baïn": VNI, "NGUYEÃN THÒ HUEÄ": VNI, "Ñaø Naüng": VNI, "Toâ Vieät Anh": VNI,
		"Nguyễn Văn An": Unknown, "Lê Thị Hoà": Unknown, "Đắk Lắk": Unknown, "Hélène": Unknown, "Müller": Unknown,
		"© 2024": Unknown, "25 °C ± 1": Unknown, "José Ñuñoz": Unknown, "Krông Pắc": Unknown, "abc": Unknown, "": Unknown,
		"Điện thoại: 0905…": Unknown, "Quỳnh Nguyễn uỷ nghiêng khuya rượu hươu yêu xoáy ngoằn ngoèo khuỷu": Unknown,
	} {
		if got := Legacy(s); got != want {
			t.Errorf("Legacy(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestSyllable(t *testing.T) {
	for w, want := range map[string]bool{
		"nguyễn": true, "nghiêng": true, "Đức": true, "quý": true, "quốc": true, "giếng": true, "khuyến": true, "Ước": true,
		"yếu": true, "xoong": true, "thuở": true, "HUỆ": true, "oanh": true, "gì": true, "rượu": true, "ngoại": true,
		"hélène": false, "müller": false, "tuÊn": false, "nguyôn": false, "áá": false, "fă": false, "ñ": false,
	} {
		if isSyllable(w) != want {
			t.Errorf("isSyllable(%q) is not %v", w, want)
		}
	}
}

func FuzzDecodeUTF8(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(utf16of(f, sample, unicode.LittleEndian, true)))
	f.Add([]byte(cp1258.Replace(sample)))
	f.Add([]byte("\xff\xfe\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, enc, err := DecodeUTF8(bytes.NewReader(in))
		if err != nil {
			return
		}
		out, err := io.ReadAll(r)
		if err == nil && !utf8.Valid(out) {
			t.Fatalf("%s: %q became %q", enc, in, out)
		}
		if (enc == UTF8) && err == nil && !bytes.Equal(in, out) {
			t.Fatalf("UTF-8 %q became %q", in, out)
		}
	})
}
