package app

import (
	"context"
	"errors"
	"fmt"

	"lotrinh/org"
)

// UnitByCode finds a unit of today by its code; "" is the highest unit.
func (h *House) UnitByCode(ctx context.Context, code string) (org.UnitID, error) {
	t := h.Orgs.Now(ctx)
	if t.Len() == 0 {
		return "", errors.New("there are no units yet: bring them in with lotrinh import units FILE")
	}
	if code == "" {
		return t.Roots()[0], nil
	}
	for _, u := range t.All() {
		if u.Code == code {
			return u.ID, nil
		}
	}
	return "", fmt.Errorf("no unit of today has the code %s", code)
}
