package access

import (
	"context"
	"errors"
	"slices"
	"strings"

	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

// Some roles want more than a password. Whoever holds one and signed in with a
// password alone is let in, as everybody is, but the role is withheld: it holds from
// the moment that he has set up a second factor.

// EditSecond lets one say which roles want a second factor, for the whole house.
const EditSecond module.ActionName = "access.second.edit"

const secondSetting = "second.roles"

// SecondRoles lists the roles that want a second factor: those that an administrator
// chose, else those that the house began with. It is no secret. Open to all.
func (a *Access) SecondRoles(ctx context.Context) ([]module.Role, error) {
	v, err := db.One[string](ctx, a.db, `select value from access_setting where name = $1`, secondSetting)
	if errors.Is(err, errs.NotFound) {
		return a.opt.Second, nil
	}
	if err != nil {
		return nil, err
	}
	var roles []module.Role
	for name := range strings.FieldsSeq(v) {
		roles = append(roles, module.Role(name))
	}
	return roles, nil
}

// SetSecondRoles says which roles want a second factor from now on. Other nodes know
// within half a minute.
func (a *Access) SetSecondRoles(ctx context.Context, roles []module.Role) error {
	if err := a.checkWhole(ctx, EditSecond); err != nil {
		return err
	}
	var names []string
	for _, r := range module.Roles {
		if r != module.Learner && slices.Contains(roles, r) {
			names = append(names, string(r))
		}
	}
	return a.db.Tx(ctx, func(ctx context.Context) error {
		_, err := a.db.Exec(ctx, `insert into access_setting (name, value) values ($1, $2)
			on conflict (name) do update set value = excluded.value`, secondSetting, strings.Join(names, " "))
		if err != nil {
			return err
		}
		db.AfterCommit(ctx, a.sessions.forgetAll)
		return Audit(ctx, a.db, Entry{Action: EditSecond, Subject: "setting:" + secondSetting, Detail: map[string]any{"roles": names}})
	})
}

// checkWhole refuses who may not do act in every unit of the house.
func (a *Access) checkWhole(ctx context.Context, act module.ActionName) error {
	if In(ctx, act).All() {
		return nil
	}
	roots := a.orgs.Now(ctx).Roots()
	if len(roots) == 0 {
		return refuse(ctx)
	}
	for _, root := range roots {
		if err := Check(ctx, act, root); err != nil {
			return err
		}
	}
	return nil
}

// strong says whether whoever signed in so has shown more than a password: the
// account asks for a second factor, has no password, or was vouched for by a passkey
// or a provider.
func strong(means string, twoStep, password bool) bool {
	return twoStep || !password || strings.HasPrefix(means, "passkey") || means == "oidc"
}

// withhold keeps back the roles that want a second factor.
func (a *Access) withhold(ctx context.Context, who *Actor) error {
	want, err := a.SecondRoles(ctx)
	if err != nil || len(want) == 0 {
		return err
	}
	var kept []Grant
	for _, g := range who.Grants {
		if !slices.Contains(want, g.Role) {
			kept = append(kept, g)
		} else if !slices.Contains(who.Withheld, g.Role) {
			who.Withheld = append(who.Withheld, g.Role)
		}
	}
	who.Grants = kept
	return nil
}

// rolesSaid lists roles in words.
func rolesSaid(ctx context.Context, roles []module.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = roleSaid(ctx, r)
	}
	return strings.Join(words, ", ")
}

// withheldText tells an actor which of his roles wait for a second factor.
func withheldText(ctx context.Context, who *Actor) i18n.Text {
	return i18n.T("access.second.withheld", rolesSaid(ctx, who.Withheld))
}
