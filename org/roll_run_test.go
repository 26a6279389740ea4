package org_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/sheet"
)

// running lets background work run in a town.
func running(t *testing.T, o *org.Org, x town) {
	t.Helper()
	store, err := file.OpenStore(context.Background(), t.TempDir())
	must(t, err)
	o.KeepFiles(store)
	o.Module().Jobs(x.queue)
	o.ActBy(func(ctx context.Context, account string) (context.Context, error) {
		unit := map[string]org.UnitID{"1": x.a, "3": x.b}[account]
		return access.As(ctx, access.Actor{Account: access.AccountID(account), Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: unit}}}, o.Covers), nil
	})
}

func TestRollInTheBackground(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		running(t, o, x)
		csv := "Họ và tên,Ngày sinh,Đối tượng,Ghi chú\nNgô Hoa,1/1/1990,Cán bộ,x\nHồ Lan,31/2/1990,Cán bộ,\n"
		opt := org.RollOptions{Unit: x.a, On: day("2024-01-01")}
		id, err := o.SendRoll(x.officer, strings.NewReader(csv), "ds.csv", "key", opt)
		must(t, err)
		again, err := o.SendRoll(x.officer, strings.NewReader(csv), "ds.csv", "key", opt)
		if err != nil || again != id {
			t.Errorf("sent twice it is %s, not %s (%v)", again, id, err)
		}
		neighbour := as(o, access.Actor{Account: "3", Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: x.b}}})
		check(t, step{"into another's unit", last(o.SendRoll(neighbour, strings.NewReader(csv), "ds.csv", "", opt)), errs.Denied},
			step{"another's run", fourth(o.RollRun(neighbour, id)), errs.NotFound}, step{"a stranger", fourth(o.RollRun(x.stranger, id)), errs.Stranger},
			step{"before it was read", o.CarryOut(x.officer, id, "", true), errs.Conflict})
		must(t, x.queue.Drain(x.house))
		r, _, _, err := o.RollRun(x.officer, id)
		if err != nil || r.State != org.RollReady || r.New != 1 || r.Bad != 1 || len(r.Remarks()) != 1 {
			t.Fatalf("%+v %v", r, err)
		}
		bad, err := o.RollLines(x.officer, id, org.RollBad, 10, 0)
		if err != nil || len(bad) != 1 || bad[0].Row != 3 || bad[0].Text.As(i18n.Vi) != "Dòng 3: Ngày sinh «31/2/1990» không có thật. Sửa lại theo dạng ngày/tháng/năm." ||
			!strings.HasPrefix(bad[0].Text.As(i18n.En), "Row 3: Birth date “31/2/1990” does not exist") {
			t.Errorf("%+v %v", bad, err)
		}
		check(t, step{"with a bad row", o.CarryOut(x.officer, id, r.Stamp, false), errs.Invalid},
			step{"of another preview", o.CarryOut(x.officer, id, "x", true), errs.Conflict},
			step{"at last", o.CarryOut(x.officer, id, r.Stamp, true), nil}, step{"pressed twice", o.CarryOut(x.officer, id, r.Stamp, true), nil})
		must(t, x.queue.Drain(x.house))
		if r, _, _, err = o.RollRun(x.officer, id); err != nil || r.State != org.RollDone || r.New != 1 || r.DoneAt.IsZero() {
			t.Errorf("%+v %v", r, err)
		}
		var faults bytes.Buffer
		must(t, o.RollFaults(x.officer, id, &faults))
		tab, err := sheet.OpenReader(bytes.NewReader(faults.Bytes()), "f.xlsx", sheet.Limits{})
		must(t, err)
		mended, err := o.PreviewPeople(x.officer, tab, opt)
		expectRoll(t, "the faults sent back", mended, err, "1 rows: 0 new, 0 changed, 0 same, 1 bad")
		if runs, err := o.Runs(x.officer); err != nil || len(runs) != 1 {
			t.Errorf("%d runs, %v", len(runs), err)
		}
	})
}

func fourth[A, B, C any](_ A, _ B, _ C, err error) error { return err }

// What someone else did between looking and pressing is not overrun.
func TestRollMovedOn(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		running(t, o, x)
		csv := "Họ và tên,Ngày sinh,Điện thoại\nTrần Thị Bình,1/5/1990,0905111222\n"
		id, err := o.SendRoll(x.officer, strings.NewReader(csv), "ds.csv", "", org.RollOptions{Unit: x.a})
		must(t, err)
		must(t, x.queue.Drain(x.house))
		r, _, _, err := o.RollRun(x.officer, id)
		must(t, err)
		must(t, o.ChangePerson(x.house, x.ids[0], 0, org.Particulars{Name: "Trần Thị Bình", Birth: day("1990-05-01"), Phone: "0905000000", Number: org.KeepNumber}))
		must(t, o.CarryOut(x.officer, id, r.Stamp, false))
		must(t, x.queue.Drain(x.house))
		if r, _, _, _ = o.RollRun(x.officer, id); r.State != org.RollRefused || r.Refused().Key != "org.roll.moved-on" {
			t.Errorf("%+v", r)
		}
		must(t, o.ReadAgain(x.officer, id))
		must(t, x.queue.Drain(x.house))
		if r, _, _, _ = o.RollRun(x.officer, id); r.State != org.RollReady || r.Changed != 1 {
			t.Errorf("%+v", r)
		}
		id, err = o.SendRoll(x.officer, strings.NewReader("\x89PNG\r\n\x1a\n"), "anh.png", "", org.RollOptions{Unit: x.a})
		must(t, err)
		must(t, x.queue.Drain(x.house))
		if r, _, _, _ = o.RollRun(x.officer, id); r.State != org.RollRefused || !strings.Contains(r.Refused().As(i18n.Vi), "bảng tính") {
			t.Errorf("a picture: %+v", r)
		}
	})
}

// The form can be filled in and read; what is exported and sent back changes nothing.
func TestFormAndExportComeBack(t *testing.T) {
	inTown(t, func(t *testing.T, o *org.Org, _ *db.DB, x town) {
		var form bytes.Buffer
		must(t, o.RollForm(x.officer, &form, x.a))
		tab, err := sheet.OpenReader(&form, "f.xlsx", sheet.Limits{})
		must(t, err)
		r, err := o.PreviewPeople(x.officer, tab, org.RollOptions{Unit: x.a})
		expectRoll(t, "the empty form", r, err, "0 rows: 0 new, 0 changed, 0 same, 0 bad")
		for _, format := range []string{"xlsx", "csv"} {
			var out bytes.Buffer
			must(t, o.ExportPeople(x.house, &out, format, org.Filter{Unit: x.p}))
			tab, err := sheet.OpenReader(&out, "f."+format, sheet.Limits{})
			must(t, err)
			r, err := o.PreviewPeople(x.house, tab, org.RollOptions{})
			expectRoll(t, format, r, err, "2 rows: 0 new, 0 changed, 2 same, 0 bad")
		}
		var out bytes.Buffer
		must(t, o.ExportPeople(x.officer, &out, "csv", org.Filter{}))
		if s := out.String(); strings.Contains(s, "Ánh") || !strings.Contains(s, "0491****1234") {
			t.Errorf("the officer takes out\n%s", s)
		}
		check(t, step{"a stranger's form", o.RollForm(x.stranger, &out, x.a), errs.Stranger}, step{"a neighbour's", o.RollForm(x.officer, &out, x.b), errs.Denied})
	})
}
