package sheet

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
)

// Column is a column that a reader wants. Its Aliases are titles under which people
// know it, the one to show them first; case, marks, spaces, punctuation and what stands
// in brackets do not matter. The Key is an alias too.
type Column struct {
	Key      string
	Aliases  []string
	Required bool
}

func (c Column) title() string {
	if len(c.Aliases) > 0 {
		return c.Aliases[0]
	}
	return c.Key
}

// Header tells which columns of a table are which.
type Header struct {
	Row     int      // where the titles stand
	Unknown []string // titles of columns that nobody asked for
	Missing []string // titles of columns that are not there and need not be

	last   int            // the last row of the header; data begins below
	index  map[string]int // column by key, from 0; -1: not there
	titles []string       // by column
	wanted []bool         // by column
}

// headerRows is how many rows with content the titles may be among.
const headerRows = 15

// Header finds the titles among the first 15 rows that are not empty: the row in which
// most columns are known. Titles in two rows, the upper one over groups, and a row of
// column numbers below, (1) (2) (3), belong to the header. It refuses with "no-header",
// "missing-columns" (a required one), "duplicate-column", or what Rows does. Then Rows
// begins below the header, and its rows know the columns by key.
func (t *Table) Header(columns ...Column) (*Header, error) {
	rows, err := t.top(headerRows + 2)
	if err != nil {
		return nil, err
	}
	known := aliases(columns)
	at, best := -1, min(2, len(columns))-1
	for i, row := range rows[:min(len(rows), headerRows)] {
		if n := len(known.match(row)); n > best {
			at, best = i, n
		}
	}
	if at < 0 {
		return nil, newError("no-header", headerRows, quoted(titlesOf(columns)))
	}
	h, err := known.read(columns, rows[at:])
	if err != nil {
		return nil, err
	}
	t.head = h
	return h, nil
}

// Has reports whether the column of key is there.
func (h *Header) Has(key string) bool { return h.column(key) >= 0 }

// Column is the letters of the column of key, "" where it is not there.
func (h *Header) Column(key string) string { return ColumnLetters(h.column(key)) }

// Notes says in words which columns are not read or not there; empty where all is well.
func (h *Header) Notes() []i18n.Text {
	var out []i18n.Text
	if len(h.Unknown) > 0 {
		out = append(out, i18n.T("sheet.unknown-columns", quoted(h.Unknown)))
	}
	if len(h.Missing) > 0 {
		out = append(out, i18n.T("sheet.absent-columns", quoted(h.Missing)))
	}
	return out
}

// wants reports whether column i was asked for.
func (h *Header) wants(i int) bool { return i < len(h.wanted) && h.wanted[i] }

func (h *Header) column(key string) int {
	i, ok := h.index[key]
	if !ok {
		panic("sheet: no column " + key + " was asked for")
	}
	return i
}

// maxTitle is how many bytes a title may have; what is longer is none.
const maxTitle = 1000

// top returns the first n rows with content, without texts that are too long for a
// title.
func (t *Table) top(n int) ([]rawRow, error) {
	var rows []rawRow
	for row, err := range t.src.rows() {
		if err != nil {
			return nil, err
		}
		for i := range row.cells {
			if len(row.cells[i].text) > maxTitle {
				row.cells[i] = cell{}
			}
		}
		if rows = append(rows, row); len(rows) == n {
			break
		}
	}
	return rows, nil
}

// known maps titles, as titleKey writes them, to keys of columns.
type known map[string]string

func aliases(columns []Column) known {
	k := known{}
	for _, c := range columns {
		for _, a := range append([]string{c.Key}, c.Aliases...) {
			k[titleKey(a)] = c.Key
		}
	}
	return k
}

// titleKey is the folded letters and digits of a title, one space between words.
func titleKey(s string) string {
	return strings.Join(strings.FieldsFunc(text.Fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// outsideBrackets drops what a title says in brackets.
func outsideBrackets(s string) string {
	depth := 0
	return strings.Map(func(r rune) rune {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		default:
			if depth <= 0 {
				return r
			}
		}
		return -1
	}, s)
}

// key is the key of a title, "" of one that is not known.
func (k known) key(title string) string {
	if key, ok := k[titleKey(title)]; ok {
		return key
	}
	return k[titleKey(outsideBrackets(title))]
}

// match returns the keys in a row, with their first column.
func (k known) match(row rawRow) map[string]int {
	found := map[string]int{}
	for i, c := range row.cells {
		if key := k.key(c.text); c.text != "" && key != "" {
			if _, twice := found[key]; !twice {
				found[key] = i
			}
		}
	}
	return found
}

// read makes the header of rows, whose first holds the titles.
func (k known) read(columns []Column, rows []rawRow) (*Header, error) {
	h := &Header{Row: rows[0].num, last: rows[0].num, index: map[string]int{}}
	for _, c := range rows[0].cells {
		h.titles = append(h.titles, c.text)
	}
	rows = rows[1:]
	if len(rows) > 0 && k.continues(h, rows[0]) {
		h.last = rows[0].num
		rows = rows[1:]
	}
	if len(rows) > 0 && rows[0].num == h.last+1 && numbersColumns(rows[0]) {
		h.last = rows[0].num
	}
	return h, k.assign(h, columns)
}

// continues joins a second row of titles to the first, where it is one: directly below,
// with titles known only under columns whose upper title is unknown or empty.
func (k known) continues(h *Header, row rawRow) bool {
	if row.num != h.Row+1 {
		return false
	}
	titles, gains, group := slices.Clone(h.titles), 0, ""
	for i, c := range row.cells {
		if i >= len(titles) {
			titles = append(titles, "")
		}
		if titles[i] != "" {
			group = titles[i]
		}
		switch {
		case c.text == "":
		case titles[i] != "" && k.key(titles[i]) != "":
			return false // something stands below a title that is complete
		case k.key(group+" "+c.text) != "":
			titles[i] = group + " " + c.text
			gains++
		default:
			titles[i] = c.text
			if k.key(c.text) != "" {
				gains++
			}
		}
	}
	if gains > 0 {
		h.titles = titles
	}
	return gains > 0
}

// numbersColumns reports a row that numbers the columns: (1) (2) (3), or A B 1 2.
func numbersColumns(row rawRow) bool {
	want, numbers := 1, 0
	for _, c := range row.cells {
		s := strings.Trim(c.text, "()[]")
		switch {
		case s == "" || numbers == 0 && len(s) == 1 && s[0] >= 'A' && s[0] <= 'E':
		case s == strconv.Itoa(want):
			want++
			numbers++
		default:
			return false
		}
	}
	return numbers >= 3
}

// assign gives each column its place.
func (k known) assign(h *Header, columns []Column) error {
	for _, c := range columns {
		h.index[c.Key] = -1
	}
	h.wanted = make([]bool, len(h.titles))
	for i, title := range h.titles {
		key := k.key(title)
		switch {
		case title == "":
		case key == "":
			h.Unknown = append(h.Unknown, title)
		case h.index[key] >= 0:
			return newError("duplicate-column", title, ColumnLetters(h.index[key]), ColumnLetters(i)).at(h.Row, "")
		default:
			h.index[key], h.wanted[i] = i, true
		}
	}
	var required []Column
	for _, c := range columns {
		switch {
		case h.index[c.Key] >= 0:
		case c.Required:
			required = append(required, c)
		default:
			h.Missing = append(h.Missing, c.title())
		}
	}
	if len(required) > 0 {
		return newError("missing-columns", quoted(titlesOf(required))).at(h.Row, "")
	}
	return nil
}

func titlesOf(columns []Column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.title()
	}
	return out
}

// quoted lists titles for a sentence: «Họ và tên», «Ngày sinh».
func quoted(titles []string) string {
	const most = 12
	more := ""
	if len(titles) > most {
		titles, more = titles[:most], ", …"
	}
	for i, t := range titles {
		if i == 0 {
			titles = slices.Clone(titles)
		}
		titles[i] = "«" + clip(t) + "»"
	}
	return strings.Join(titles, ", ") + more
}
