package text

import (
	"strings"
	"unicode"
)

// Encoding names how the letters of a text are stored.
type Encoding string

// The encodings that are told apart. TCVN3 and VNI are fonts' private encodings of
// the years before Unicode, still met in old files: each shows as Latin-1 letters
// («NguyÔn V¨n», «Nguyeãn Vaên») wherever the font is missing.
const (
	UTF8        Encoding = "UTF-8"
	UTF8BOM     Encoding = "UTF-8-BOM"
	UTF16LE     Encoding = "UTF-16LE"
	UTF16BE     Encoding = "UTF-16BE"
	Windows1258 Encoding = "Windows-1258"
	TCVN3       Encoding = "TCVN3"
	VNI         Encoding = "VNI"
	Unknown     Encoding = ""
)

// tcvn3Letters pairs the Latin-1 characters 0xA1–0xFE of a TCVN3 (ABC) font with the
// letters they draw (TCVN 5712:1993, VN3).
var tcvn3Letters = strings.NewReplacer(pairs(
	"¡ ¢ £ ¤ ¥ ¦ § ¨ © ª « ¬ \u00ad ® µ ¶ · ¸ ¹ » ¼ ½ ¾ Æ Ç È É Ê Ë Ì Î Ï Ð Ñ Ò Ó Ô Õ Ö × Ø Ü Ý Þ ß á â ã ä å æ ç è é ê ë ì í î ï ñ ò ó ô õ ö ÷ ø ù ú û ü ý þ",
	"Ă Â Ê Ô Ơ Ư Đ ă â ê ô ơ ư đ à ả ã á ạ ằ ẳ ẵ ắ ặ ầ ẩ ẫ ấ ậ è ẻ ẽ é ẹ ề ể ễ ế ệ ì ỉ ĩ í ị ò ỏ õ ó ọ ồ ổ ỗ ố ộ ờ ở ỡ ớ ợ ù ủ ũ ú ụ ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ")...)

// vniLetters pairs the one or two Latin-1 characters of a VNI font with the letter
// they draw; the pairs come before the single ones.
var vniLetters = strings.NewReplacer(append(vniPairs(), pairs(
	"Ñ ñ Ô ô Ö ö Ì ì Í í Æ æ Ó ó Ò ò Î î",
	"Đ đ Ơ ơ Ư ư Ì ì Í í Ỉ ỉ Ĩ ĩ Ị ị Ỵ ỵ")...)...)

// vniPairs makes the pairs of a vowel and a VNI mark: ø ù û õ ï are the five tones;
// â à á å ã ä circumflex without and with them; ê è é ú ü ë breve likewise.
func vniPairs() []string {
	var out []string
	add := func(vowels, marks, letters string) {
		to := []rune(letters)
		for i, v := range []rune(vowels) {
			for j, m := range []rune(marks) {
				l := to[i*len([]rune(marks))+j]
				out = append(out, string(v)+string(m), string(l))
				out = append(out, strings.ToUpper(string(v)+string(m)), strings.ToUpper(string(l)))
			}
		}
	}
	add("aeouôöy", "øûõùï", "àảãáạèẻẽéẹòỏõóọùủũúụờởỡớợừửữứựỳỷỹýỵ")
	add("aeo", "âàåãáä", "âầẩẫấậêềểễếệôồổỗốộ")
	add("a", "êèúüéë", "ăằẳẵắặ")
	return out
}

// pairs interleaves two lists of as many words.
func pairs(from, to string) []string {
	f, t := strings.Fields(from), strings.Fields(to)
	out := make([]string, 0, 2*len(f))
	for i := range f {
		out = append(out, f[i], t[i])
	}
	return out
}

// Legacy tells whether s, which is Unicode by form, was written for a TCVN3 or VNI
// font, and returns Unknown where it was not: s must hold words that no Vietnamese
// text has, and read as Vietnamese throughout once decoded. Call it before Clean,
// which drops the soft hyphen that TCVN3 uses for ư. The remedy is to convert the
// file to Unicode (UniKey does) and send it again.
func Legacy(s string) Encoding {
	if !suspect(s) {
		return Unknown
	}
	if _, bad := plausibility(s); bad == 0 {
		return Unknown
	}
	best, most := Unknown, 0
	for _, c := range []struct {
		enc    Encoding
		decode *strings.Replacer
	}{{TCVN3, tcvn3Letters}, {VNI, vniLetters}} {
		decoded := c.decode.Replace(s)
		good, bad := plausibility(decoded)
		if bad == 0 && good > most && longWord(decoded) {
			best, most = c.enc, good
		}
	}
	return best
}

// suspect is the quick look that spares nearly every text the long one. It finds
// Latin-1 characters that Vietnamese does not write with («V¨n»), capitals after small
// letters («TuÊn»), and vowels that never follow each other («Vaên», «Toâ»).
func suspect(s string) bool {
	prev := rune(0)
	for _, r := range s {
		if r > 0xa0 && r <= 0xff {
			v := toned[unicode.ToLower(r)]
			if v.base == 0 || unicode.IsLower(prev) && unicode.IsUpper(r) {
				return true
			}
			switch unicode.ToLower(prev) {
			case 'a', 'e':
				return true
			case 'o':
				if v.base != 'a' && v.base != 'e' {
					return true
				}
			}
		}
		prev = r
	}
	return false
}

// longWord reports a word of two letters or more that is not plain ASCII: a lone «©»
// or «®» proves nothing.
func longWord(s string) bool {
	for _, w := range splitWords(s) {
		if startsLetter(w) && !isASCII(w) && len([]rune(w)) > 1 {
			return true
		}
	}
	return false
}
