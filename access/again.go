package access

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
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
	who, err := a.actorOf(ctx, acc.ID, acc.Person, acc.Title, acc.Unit)
	if err != nil {
		return nil, err
	}
	return as(ctx, who), nil
}

// actorOf is an account with the rights it has today.
func (a *Access) actorOf(ctx context.Context, id AccountID, p org.PersonID, title string, unit org.UnitID) (*Actor, error) {
	grants, err := a.grantsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	grants = append(grants, Grant{Role: module.Learner, Unit: unit}) // everybody is
	return &Actor{Account: id, Person: p, Name: title, Unit: unit, Grants: grants, covers: a.orgs.Covers, own: a.orgs.OwnUnits, posts: a.posts}, nil
}
