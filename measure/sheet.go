package measure

import (
	"context"

	"lotrinh/platform/sheet"
)

// ResultSheet is a result as a table to export, without the columns in which
// nothing counts. Asks through Results.
func (m *Measure) ResultSheet(ctx context.Context, q Query) (sheet.Sheet, error) {
	r, err := m.Results(ctx, q)
	if err != nil {
		return sheet.Sheet{}, err
	}
	return table(ctx, m.shown(r)), nil
}
