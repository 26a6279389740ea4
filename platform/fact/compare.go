package fact

import (
	"cmp"
	"strings"
)

// compare orders cells by their names.
func compare(a, b Cell) int {
	return cmp.Or(strings.Compare(a.Measure, b.Measure), strings.Compare(a.Group, b.Group),
		strings.Compare(a.Category, b.Category), strings.Compare(a.Topic, b.Topic), strings.Compare(a.Period, b.Period))
}
