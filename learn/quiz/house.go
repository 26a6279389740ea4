package quiz

import (
	"context"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/module"
)

func system(ctx context.Context) context.Context { return access.System(ctx) }

// audit notes a change in the log of the house.
func audit(ctx context.Context, d *db.DB, action module.ActionName, unit org.UnitID, subject string, detail any) error {
	return nil
}

// auditPerson notes a change in the records of a person.
func auditPerson(ctx context.Context, d *db.DB, action module.ActionName, unit org.UnitID, person org.PersonID, subject string, detail any) error {
	return nil
}
