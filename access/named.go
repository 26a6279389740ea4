package access

import (
	"context"

	"lotrinh/platform/errs"
)

// Named finds the account that signs in with a name, for those who may edit it; to
// others there is none.
func (a *Access) Named(ctx context.Context, name string) (AccountID, error) {
	if !Anywhere(ctx, EditAccounts) {
		return "", refuse(ctx)
	}
	acc, err := a.accountByName(ctx, name)
	if err != nil {
		return "", err
	}
	if Check(ctx, EditAccounts, acc.Unit) != nil {
		return "", errs.New(errs.NotFound, "error.not-found")
	}
	return acc.ID, nil
}
