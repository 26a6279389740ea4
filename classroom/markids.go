package classroom

import (
	"database/sql/driver"
	"fmt"
	"strings"
)

// MarkIDs is a list of marks, kept as one text with spaces between.
type MarkIDs []MarkID

// Value stores the list.
func (l MarkIDs) Value() (driver.Value, error) { return l.String(), nil }

func (l MarkIDs) String() string {
	words := make([]string, len(l))
	for i, m := range l {
		words[i] = string(m)
	}
	return strings.Join(words, " ")
}

// Scan reads what Value stored.
func (l *MarkIDs) Scan(v any) error {
	switch v := v.(type) {
	case string:
		*l = markIDs(v)
	case []byte:
		*l = markIDs(string(v))
	default:
		return fmt.Errorf("classroom: marks from %T", v)
	}
	return nil
}

func markIDs(s string) MarkIDs {
	var l MarkIDs
	for _, w := range strings.Fields(s) {
		l = append(l, MarkID(w))
	}
	return l
}
