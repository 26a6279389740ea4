package access

import (
	"context"

	"lotrinh/platform/errs"
)

// Again returns a context in which an account acts without a session, with the
// rights that it has now: for background work that it began. It is for the house
// itself, never for a request; errs.Denied when the account is no longer active.
// Open to all: it gives nobody more than his own.
func (a *Access) Again(ctx context.Context, account string) (context.Context, error) {
	acc, err := a.accountByID(ctx, AccountID(account))
	if err != nil {
		return nil, err
	}
	if acc.State != Active {
		return nil, errs.New(errs.Denied, "error.denied")
	}
	grants, err := a.grantsOf(ctx, acc.ID)
	if err != nil {
		return nil, err
	}
	return as(ctx, &Actor{Account: acc.ID, Person: acc.Person, Name: acc.Title, Unit: acc.Unit, Grants: grants, covers: a.orgs.Covers}), nil
}
