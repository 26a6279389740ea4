package access

import (
	"context"
	"net/http"
	"slices"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

const demoPrefix = "demo."

// OpenDemo makes the account that shows a role in the demo, with a grant of that
// role on unit; person may be "". Called again it changes nothing. Only the house
// may; the account has no password, and only a house that runs as a demo lets
// visitors into it.
func (a *Access) OpenDemo(ctx context.Context, role module.Role, title string, person org.PersonID, unit org.UnitID) error {
	who, ok := Who(ctx)
	if !ok || !who.system {
		return refuse(ctx)
	}
	name := demoPrefix + string(role)
	if _, err := a.accountByName(ctx, name); err == nil {
		return nil
	}
	acc := Account{ID: AccountID(id.New(ctx)), Name: name, Person: person, Unit: unit, State: Active, MadeAt: clock.Now(ctx), Edition: 1}
	acc.describe(title, "")
	return a.db.Tx(ctx, func(ctx context.Context) error {
		if err := a.insertAccounts(ctx, acc); err != nil || role == module.Learner {
			return err
		}
		_, err := a.Give(ctx, acc.ID, Grant{Role: role, Unit: unit}, "")
		return err
	})
}

// demoAccounts lists the accounts of the demo in the order of the roles.
func (a *Access) demoAccounts(ctx context.Context) ([]Account, error) {
	all, err := db.All[Account](ctx, a.db, `select `+db.Columns[Account]("")+` from access_account
		where name_key >= $1 and name_key < $2 and state = 'active'`, demoPrefix, "demo/")
	rank := func(acc Account) int { return slices.Index(module.Roles, acc.demoRole()) }
	slices.SortFunc(all, func(x, y Account) int { return rank(x) - rank(y) })
	return all, err
}

func (acc *Account) demoRole() module.Role { return module.Role(acc.Name[len(demoPrefix):]) }

// enterDemo lets a visitor of a demo into one of its accounts.
func (a *Access) enterDemo(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	if !a.opt.Demo {
		return errs.New(errs.NotFound, "error.not-found")
	}
	acc, err := a.accountByName(r.Context(), demoPrefix+r.PostFormValue("role"))
	if err != nil {
		return err
	}
	return a.enter(w, r, acc, arrival{Next: local(r.PostFormValue("next")), Kept: r.PostFormValue(keptField), Means: "demo"})
}
