package learn

import (
	"context"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/module"
)

// audit notes a change in the log of the house.
func (l *Learn) audit(ctx context.Context, action string, unit org.UnitID, subject string, detail any) error {
	return access.Audit(ctx, l.db, access.Entry{Action: module.ActionName(action), Unit: unit, Subject: subject, Detail: detail})
}

// auditPerson notes a change in the records of a person.
func (l *Learn) auditPerson(ctx context.Context, action module.ActionName, unit org.UnitID, person org.PersonID, subject string, detail any) error {
	return access.Audit(ctx, l.db, access.Entry{Action: action, Unit: unit, Person: person, Subject: subject, Detail: detail})
}

// auditRead notes that someone looked at records of people.
func (l *Learn) auditRead(ctx context.Context, action module.ActionName, unit org.UnitID, person org.PersonID, subject string, detail any) error {
	return access.Audit(ctx, l.db, access.Entry{Action: action, Unit: unit, Person: person, Subject: subject, Detail: detail, Read: true})
}
