package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/sheet"
)

const day = 24 * time.Hour

// RowFault is what is wrong with a row of a list of accounts, and the remedy.
type RowFault struct {
	Row  int
	Text i18n.Text
}

// importColumns are what a list of accounts may have.
var importColumns = []sheet.Column{
	{Key: "title", Aliases: []string{"Họ tên", "Họ và tên", "Full name"}, Required: true},
	{Key: "name", Aliases: []string{"Tên đăng nhập", "Tài khoản", "Sign-in name"}},
	{Key: "email", Aliases: []string{"Thư điện tử", "Email", "E-mail"}},
	{Key: "unit", Aliases: []string{"Mã đơn vị", "Unit code"}},
	{Key: "role", Aliases: []string{"Vai trò", "Role"}},
}

// planned is an account of a list, with the role it is to have.
type planned struct {
	NewAccount
	role module.Role
}

// ImportAccounts makes the accounts of a list (XLSX or CSV: Họ tên, Tên đăng nhập,
// Thư điện tử, Mã đơn vị, Vai trò) in units below unit. When a row is wrong nothing
// is made, and faults say what to mend in which row. An account whose sign-in name
// is there already is a fault.
func (a *Access) ImportAccounts(ctx context.Context, unit org.UnitID, table *sheet.Table) (made []AccountID, faults []RowFault, err error) {
	if err := Check(ctx, EditAccounts, unit); err != nil {
		return nil, nil, err
	}
	if _, err := table.Header(importColumns...); err != nil {
		return nil, nil, err
	}
	taken, err := a.namesTaken(ctx)
	if err != nil {
		return nil, nil, err
	}
	list, faults, err := a.readRows(ctx, unit, table, taken)
	if err != nil || len(faults) > 0 {
		return nil, faults, err
	}
	err = a.db.Tx(ctx, func(ctx context.Context) error {
		made, err = a.openAll(ctx, list)
		return err
	})
	return made, nil, err
}

const faultsShown = 200

func (a *Access) readRows(ctx context.Context, unit org.UnitID, table *sheet.Table, taken nameSet) (list []planned, faults []RowFault, err error) {
	codes := map[string]org.UnitID{}
	for _, u := range a.orgs.Now(ctx).Subtree(unit) {
		codes[strings.ToLower(u.Code)] = u.ID
	}
	for row, err := range table.Rows() {
		if err != nil {
			return nil, nil, err
		}
		n, fault := a.readRow(ctx, unit, row, codes, taken)
		for _, e := range row.Errors() {
			faults = append(faults, RowFault{row.Number, e.Text()})
		}
		for _, t := range fault {
			faults = append(faults, RowFault{row.Number, t})
		}
		list = append(list, n)
		if len(faults) >= faultsShown {
			break
		}
	}
	return list, faults, nil
}

func (a *Access) readRow(ctx context.Context, unit org.UnitID, row sheet.Row, codes map[string]org.UnitID, taken nameSet) (n planned, fault []i18n.Text) {
	n = planned{NewAccount: NewAccount{Name: row.Text("name"), Title: row.Text("title"), Email: row.Text("email"), Unit: unit}}
	if code := row.Text("unit"); code != "" {
		var ok bool
		if n.Unit, ok = codes[strings.ToLower(code)]; !ok {
			fault, n.Unit = append(fault, i18n.T("access.import.unit", code)), unit
		}
	}
	if word := row.Text("role"); word != "" {
		var ok bool
		if n.role, ok = roleOf(word); !ok {
			fault = append(fault, i18n.T("access.import.role", word))
		}
	}
	if n.Name == "" {
		n.Name = taken.next(n.Title)
	} else if taken[NameKey(n.Name)] > 0 {
		fault = append(fault, i18n.T("access.name.taken", n.Name))
	} else {
		taken[NameKey(n.Name)] = 1
	}
	_, err := a.drawUp(ctx, n.NewAccount)
	if err != nil {
		for _, t := range errs.Of(err).Fields {
			fault = append(fault, t)
		}
	}
	slices.SortFunc(fault, func(x, y i18n.Text) int { return strings.Compare(x.Key, y.Key) })
	return n, fault
}

// roleOf reads a role as people write it, in either language.
func roleOf(word string) (module.Role, bool) {
	for _, r := range module.Roles {
		for _, l := range i18n.Langs {
			if strings.EqualFold(word, i18n.T("access.role."+string(r)).As(l)) || strings.EqualFold(word, string(r)) {
				return r, true
			}
		}
	}
	return "", false
}

func (a *Access) openAll(ctx context.Context, list []planned) (made []AccountID, err error) {
	rows := make([]Account, len(list))
	for i, n := range list {
		if rows[i], err = a.drawUp(ctx, n.NewAccount); err != nil {
			return nil, err
		}
		made = append(made, rows[i].ID)
	}
	if err := a.insertAccounts(ctx, rows...); err != nil {
		return nil, err
	}
	for i, n := range list {
		if n.role == "" || n.role == module.Learner {
			continue
		}
		if _, err := a.Give(ctx, rows[i].ID, Grant{Role: n.role, Unit: n.Unit}, ""); err != nil {
			return nil, err
		}
	}
	return made, nil
}
