package org

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// table is a file of rows under headings.
type table struct {
	heads []string
	col   map[string]int
	rows  []tableRow
}

type tableRow struct {
	line  int
	cells []string
}

// readTable reads a CSV file of at most rows lines under headings.
func readTable(r io.Reader, _ string, rows int) (*table, error) {
	utf8, _, err := text.DecodeUTF8(r)
	if err != nil {
		return nil, unreadable(err)
	}
	c := csv.NewReader(utf8)
	c.FieldsPerRecord = -1
	head, err := c.Read()
	if err != nil {
		return nil, unreadable(err)
	}
	t := &table{col: map[string]int{}}
	for i, h := range head {
		h = strings.ToLower(clean(h))
		t.heads = append(t.heads, h)
		t.col[h] = i
	}
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		if len(t.rows) == rows {
			return nil, errs.New(errs.Invalid, "org.file.rows", rows)
		}
		line, _ := c.FieldPos(0)
		t.rows = append(t.rows, tableRow{line, cells})
	}
}

func unreadable(err error) error { return errs.New(errs.Invalid, "org.file.unreadable").Because(err) }

func (t *table) has(heads ...string) bool {
	for _, h := range heads {
		if _, ok := t.col[h]; !ok {
			return false
		}
	}
	return true
}

// get is a cell of row i, cleaned; "" where there is none.
func (t *table) get(i int, head string) string {
	c, ok := t.col[head]
	if !ok || c >= len(t.rows[i].cells) {
		return ""
	}
	return clean(t.rows[i].cells[c])
}
