package access

import "context"

// Named finds the account that signs in with a name, for those who may edit it.
func (a *Access) Named(ctx context.Context, name string) (AccountID, error) {
	acc, err := a.accountByName(ctx, name)
	if err != nil {
		return "", err
	}
	return acc.ID, Check(ctx, EditAccounts, acc.Unit)
}
