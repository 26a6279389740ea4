package main

import (
	"context"
	"fmt"
	"io"

	"lotrinh/access"
	"lotrinh/app"
	"lotrinh/platform/module"
)

type userCmd struct {
	Add  userAddCmd  `cmd:"" help:"Open an account and print its one-time code."`
	Code userCodeCmd `cmd:"" help:"Print a new one-time code for an account, as for a forgotten password."`
}

type userAddCmd struct {
	Name  string `arg:"" help:"Name to sign in with."`
	Title string `help:"Who it is." required:""`
	Role  string `help:"Role on the unit: admin, office, training_officer, class_manager, lecturer, head, compiler, supervisor." default:"admin"`
	Unit  string `help:"Code of the unit; the highest unit when left out."`
}

// Run opens an account with a role; it is how the first administrator gets in.
func (u userAddCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return open(ctx, g.config(), func(h *app.House) error {
		ctx := access.System(ctx)
		unit, err := h.UnitByCode(ctx, u.Unit)
		if err != nil {
			return err
		}
		var code string
		err = h.DB.Tx(ctx, func(ctx context.Context) error {
			id, err := h.Access.OpenAccount(ctx, access.NewAccount{Name: u.Name, Title: u.Title, Unit: unit})
			if err != nil {
				return err
			}
			if _, err := h.Access.Give(ctx, id, access.Grant{Role: module.Role(u.Role), Unit: unit}, "lotrinh user add"); err != nil {
				return err
			}
			code, err = issue(ctx, h, id)
			return err
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s: sign in at %s/access/first with %s\n", u.Name, h.Address(h.Config.Addr), code)
		return err
	})
}

func issue(ctx context.Context, h *app.House, id access.AccountID) (string, error) {
	slips, err := h.Access.Issue(ctx, id)
	if err != nil || len(slips) != 1 {
		return "", err
	}
	return slips[0].Code, nil
}

type userCodeCmd struct {
	Name       string `arg:"" help:"Name that the account signs in with."`
	DropSecond bool   `help:"Also take away authenticator app and passkeys, when their owner has lost them."`
}

// Run prints a new code; the old ones are void.
func (u userCodeCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return openExisting(ctx, g, func(h *app.House) error {
		ctx := access.System(ctx)
		id, err := h.Access.Named(ctx, u.Name)
		if err != nil {
			return err
		}
		if u.DropSecond {
			if err := h.Access.DropSecond(ctx, id); err != nil {
				return err
			}
		}
		code, err := issue(ctx, h, id)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, code)
		return err
	})
}
