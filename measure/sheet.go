package measure

import (
	"context"

	"lotrinh/access"
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

// Reload reads all that is counted anew, when records are gone or have become
// another's. It shows nothing: the house's own work. Open to all.
func (m *Measure) Reload(ctx context.Context) error {
	for _, s := range m.stores {
		if err := s.Reload(access.System(ctx)); err != nil {
			return err
		}
	}
	return nil
}
