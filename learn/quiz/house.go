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
	return access.Audit(ctx, d, access.Entry{Action: action, Unit: unit, Subject: subject, Detail: detail})
}

// auditPerson notes a change in the records of a person.
func auditPerson(ctx context.Context, d *db.DB, action module.ActionName, unit org.UnitID, person org.PersonID, subject string, detail any) error {
	return access.Audit(ctx, d, access.Entry{Action: action, Unit: unit, Person: person, Subject: subject, Detail: detail})
}

// auditRead notes that someone looked at another person's attempt.
func auditRead(ctx context.Context, d *db.DB, a Attempt) error {
	return access.Audit(ctx, d, access.Entry{Action: ReadMarks, Unit: a.Unit, Person: a.Person, Subject: "attempt:" + string(a.ID), Read: true})
}
