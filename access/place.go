package access

import (
	"cmp"
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// unitName is what a unit is called today, or was called at last.
func (a *Access) unitName(ctx context.Context, id org.UnitID) string {
	if t := a.orgs.Now(ctx); t != nil {
		return cmp.Or(t.Name(id), string(id))
	}
	return string(id)
}

// posts lists the units in which a person holds a post today.
func (a *Access) posts(ctx context.Context, person org.PersonID) ([]org.UnitID, error) {
	return db.All[org.UnitID](ctx, a.db, `select distinct unit_id from org_post
		where person_id = $1 and from_on <= $2 and (to_on is null or to_on > $2)`, person, clock.Today(ctx))
}
