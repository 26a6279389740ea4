package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"lotrinh/platform/clock"
	"lotrinh/platform/text"
)

type cellKind uint8

const (
	emptyCell cellKind = iota
	textCell
	numberCell
	dateCell
)

// cell is the content of one cell, cleaned.
type cell struct {
	kind   cellKind
	text   string     // what a person reads; of a number, its digits
	date   clock.Date // of a dateCell
	before string     // the text before look-alike letters were mended, or ""
	fault  string     // code of what is wrong with it, or ""
	detail string     // what the fault's sentence quotes
}

func faulty(code, detail string) cell { return cell{kind: textCell, fault: code, detail: detail} }

// makeText cleans the text of a cell and finds what cannot be taken.
func makeText(s string, lim Limits) cell {
	if text.Legacy(s) != text.Unknown {
		return faulty("legacy-cell", clip(text.Clean(s)))
	}
	s = text.Clean(s)
	switch {
	case s == "":
		return cell{}
	case strings.ContainsRune(s, utf8.RuneError):
		return faulty("bad-letters", clip(s))
	case len(s) > lim.Cell && utf8.RuneCountInString(s) > lim.Cell:
		return faulty("cell-too-long", strconv.Itoa(lim.Cell))
	case roundedNumber.MatchString(s):
		return faulty("lost-digits", s)
	}
	c := cell{kind: textCell, text: s}
	if fixed, changed := text.LookAlike(s); changed {
		c.text, c.before = fixed, s
	}
	return c
}

// roundedNumber is how Excel writes a long number into a .csv: 1.23457E+11.
var roundedNumber = regexp.MustCompile(`^\d[.,]\d+E\+\d+$`)

// makeNumber reads the number of a cell as the file stores it.
func makeNumber(v string, f numFormat, date1904 bool) cell {
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return faulty("bad-number", clip(v))
	}
	if f.date {
		d, ok := SerialDate(n, date1904)
		if !ok {
			return faulty("bad-date", v)
		}
		return cell{kind: dateCell, text: d.Viet(), date: d}
	}
	if math.Abs(n) >= 1e15 {
		return faulty("lost-digits", strconv.FormatFloat(n, 'g', -1, 64)) // Excel keeps 15 digits
	}
	s := strconv.FormatFloat(n, 'f', -1, 64)
	if f.time {
		return cell{kind: textCell, text: timeOfDay(n)}
	}
	if f.pad > len(s) && n >= 0 && n == math.Trunc(n) {
		s = strings.Repeat("0", f.pad-len(s)) + s
	}
	return cell{kind: numberCell, text: s}
}

// clockTime is a time of day behind a date, as other programs export it.
var clockTime = regexp.MustCompile(`[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M|Z)?$`)

// withoutTime drops the time of day behind a date.
func withoutTime(s string) string {
	if i := clockTime.FindStringIndex(s); i != nil {
		return s[:i[0]]
	}
	return s
}

// timeOfDay writes the fraction of a day as hh:mm.
func timeOfDay(n float64) string {
	minutes := int(math.Round((n - math.Floor(n)) * 24 * 60))
	return strconv.Itoa(100 + minutes/60%24)[1:] + ":" + strconv.Itoa(100 + minutes%60)[1:]
}

// SerialDate is the day that Excel's serial number n stands for, counted from 1/1/1900
// or, in old files made on a Mac, from 1/1/1904; a time of day is dropped. It is false
// for numbers before the first day, after 31/12/9999, and for 60: Excel believes in
// 29/2/1900.
func SerialDate(n float64, date1904 bool) (clock.Date, bool) {
	day := math.Floor(n)
	if date1904 {
		return clock.NewDate(1904, 1, 1) + clock.Date(day), day >= 0 && day <= 2_957_003
	}
	switch {
	case day < 1 || day > 2_958_465 || day == 60:
		return 0, false
	case day < 60:
		return clock.NewDate(1899, 12, 31) + clock.Date(day), true
	}
	return clock.NewDate(1899, 12, 30) + clock.Date(day), true
}

// clip shortens what a sentence quotes.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// ColumnLetters names column n, counted from 0, as spreadsheet programs do: A, B … Z,
// AA. Of a number below 0 it is "".
func ColumnLetters(n int) string {
	s := ""
	for ; n >= 0; n = n/26 - 1 {
		s = string(rune('A'+n%26)) + s
	}
	return s
}

// parseRef reads a cell reference (B12) into a column counted from 0 and a row counted
// from 1.
func parseRef(ref string) (col, row int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 3; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = 26*col + int(c-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	return col - 1, row, i > 0 && err == nil && row > 0 && row <= maxRow && col <= maxCol
}

// The size of a sheet in Excel.
const (
	maxRow = 1 << 20
	maxCol = 1 << 14
)
