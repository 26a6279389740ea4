package ui

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"lotrinh/platform/i18n"
	"lotrinh/platform/web"
)

// Sheet describes a table: its caption and columns.
type Sheet struct {
	Caption i18n.Text
	Bare    bool // the caption is for screen readers only: a heading says the same
	Columns []Column
	Path    string     // of this page, for links that sort; none sort when empty
	Query   url.Values // its query; "sort" holds the column, "-" before it turns the order
	Cards   bool       // on a phone each row is a card: cells need data-label (Rows sets it)
	Dense   bool
	Sticky  bool // the first column stays when the table scrolls sideways
}

// Column is one column of a Sheet.
type Column struct {
	Text i18n.Text
	Sort string // value of "sort" that orders by it; "" when it cannot be
	Num  bool   // numbers, set to the right
	Hide bool   // the heading is for screen readers only: a column of buttons
}

// Cell is one cell of a table drawn by Rows.
type Cell struct {
	Text string        // what it says
	Href string        // where it leads; may be empty
	Body web.Component // instead of Text
}

// sortHref orders the table by c, the other way round where it already is.
func (s Sheet) sortHref(c Column) templ.SafeURL {
	q := url.Values{}
	for k, v := range s.Query {
		q[k] = v
	}
	q.Del("page")
	q.Set("sort", c.Sort)
	if s.Query.Get("sort") == c.Sort {
		q.Set("sort", "-"+c.Sort)
	}
	return templ.URL(s.Path + "?" + q.Encode())
}

// order is the aria-sort of a column.
func (s Sheet) order(c Column) string {
	switch s.Query.Get("sort") {
	case c.Sort:
		return "ascending"
	case "-" + c.Sort:
		return "descending"
	}
	return "none"
}

func (s Sheet) sortable(c Column) bool { return s.Path != "" && c.Sort != "" }

func sortIcon(order string) string {
	switch order {
	case "ascending":
		return "up"
	case "descending":
		return "down"
	}
	return "sort"
}

// Pages says where a reader is in a long list.
type Pages struct {
	At    int // the page shown, from 1
	Size  int // rows on a page
	Total int // rows in all
	Path  string
	Query url.Values // kept; "page" is replaced
}

// PageAt reads the page number of a query: 1 for none or nonsense.
func PageAt(q url.Values) int {
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

func (p Pages) last() int {
	if p.Size <= 0 {
		return 1
	}
	return (p.Total + p.Size - 1) / p.Size
}

func (p Pages) first() int { return (p.At-1)*p.Size + 1 }

func (p Pages) end() int { return min(p.At*p.Size, p.Total) }

func (p Pages) href(n int) templ.SafeURL {
	q := url.Values{}
	for k, v := range p.Query {
		q[k] = v
	}
	q.Set("page", strconv.Itoa(n))
	return templ.URL(p.Path + "?" + q.Encode())
}

// shown lists the page numbers to offer; 0 stands for a gap.
func (p Pages) shown() []int {
	var out []int
	last := p.last()
	for n := 1; n <= last; n++ {
		if n == 1 || n == last || n >= p.At-1 && n <= p.At+1 {
			out = append(out, n)
		} else if out[len(out)-1] != 0 {
			out = append(out, 0)
		}
	}
	return out
}

func (s Sheet) num(i int) bool { return i < len(s.Columns) && s.Columns[i].Num }

// labels are the words of the columns, for the cards that rows become on phones.
func (s Sheet) labels(ctx context.Context) []string {
	out := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		out[i] = c.Text.In(ctx)
	}
	return out
}
