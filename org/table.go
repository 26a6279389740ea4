package org

import (
	"errors"
	"io"
	"strconv"

	"lotrinh/platform/errs"
	"lotrinh/platform/sheet"
)

// table is a file of rows under headings that we know.
type table struct {
	head *sheet.Header
	rows []sheet.Row
}

// readTable reads a CSV or XLSX file of at most rows lines. What is wrong with a
// line refuses the file, with the first such line.
func readTable(r io.Reader, name string, rows int, columns []sheet.Column) (*table, error) {
	tab, err := sheet.OpenReader(r, name, sheet.Limits{Rows: rows})
	if err != nil {
		return nil, asRefusal(err)
	}
	t := &table{}
	if t.head, err = tab.Header(columns...); err != nil {
		return nil, asRefusal(err)
	}
	for row, err := range tab.Rows() {
		if err == nil {
			err = row.Err()
		}
		if err != nil {
			return nil, asRefusal(err)
		}
		t.rows = append(t.rows, row)
	}
	return t, nil
}

// asRefusal keeps what a person can act on, and hides the rest behind one sentence.
func asRefusal(err error) error {
	var known *errs.Error
	if errors.As(err, &known) {
		return known
	}
	return errs.New(errs.Invalid, "org.file.unreadable").Because(err)
}

func (t *table) has(keys ...string) bool {
	for _, k := range keys {
		if !t.head.Has(k) {
			return false
		}
	}
	return true
}

// get is a cell of row i, cleaned; "" where there is none.
func (t *table) get(i int, key string) string { return t.rows[i].Text(key) }

// code is a code in a cell. Spreadsheet programs drop leading zeros: a code of
// digits alone has two of them for a province, three for a district, five for a
// commune.
func (t *table) code(i int, key string, tier Tier) string { return padCode(t.get(i, key), tier) }

var codeLength = map[Tier]int{Province: 2, District: 3, Commune: 5}

func padCode(code string, tier Tier) string {
	n, want := 0, codeLength[tier]
	for _, c := range code {
		if c < '0' || c > '9' {
			return code
		}
		n++
	}
	for ; n > 0 && n < want; n++ {
		code = "0" + code
	}
	return code
}

func number(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return f
}
