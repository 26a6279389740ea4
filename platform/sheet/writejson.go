package sheet

import (
	"bufio"
	"encoding/json"
	"io"
	"time"

	"lotrinh/platform/clock"
)

// WriteJSON writes s as a JSON array, an object for each row with the titles of the
// fields as names, in their order. Days are "2025-07-01", times RFC 3339 in the zone
// of the house, empty cells null. Titles are left out. Rows stream.
func WriteJSON(w io.Writer, s Sheet) error {
	out := bufio.NewWriter(w)
	names := make([][]byte, len(s.Fields))
	for i, f := range s.Fields {
		name, err := json.Marshal(f.Title)
		if err != nil {
			return err
		}
		names[i] = name
	}
	between := "[\n"
	for row, err := range s.Rows {
		if err != nil {
			return err
		}
		out.WriteString(between)
		between = ",\n"
		if err := writeObject(out, names, row); err != nil {
			return err
		}
	}
	if between == "[\n" {
		out.WriteString("[")
	}
	out.WriteString("\n]\n")
	return out.Flush()
}

func writeObject(out *bufio.Writer, names [][]byte, row []any) error {
	out.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			out.WriteString(", ")
		}
		out.Write(name)
		out.WriteString(": ")
		var cell any
		if i < len(row) {
			cell = row[i]
		}
		text, err := jsonCell(cell)
		if err != nil {
			return err
		}
		out.Write(text)
	}
	return out.WriteByte('}')
}

func jsonCell(cell any) ([]byte, error) {
	v, err := value(cell)
	if err != nil {
		return nil, err
	}
	if t, ok := v.(time.Time); ok {
		v = t.In(clock.Zone).Format(time.RFC3339)
	}
	return json.Marshal(v)
}
