package access

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
	"lotrinh/platform/sheet"
)

// open lists the use cases that ask nobody, each with the reason in its comment.
var open = []string{"WithPassword", "Second", "ByCode", "FirstPassword", "AskPasskey", "ByPasskey", "NewPasskey", "SavePasskey", "ToProvider",
	"FromProvider", "Seal", "Again", "Sweep", "Verify", "Unsealed", "Holds", "SecondRoles"}

// Every use case, called by a stranger and by someone who has the right in the
// unit next door.
func TestStrangersAndNeighboursAreRefused(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		people, err := h.org.AddPeople(ctx, org.NewPerson{Name: "Trần Thị Bích", Post: org.Post{Unit: h.commune, Category: org.CivilServant, From: clock.MustDate("2021-01-01")}})
		must(t, err)
		target, neighbour := h.fresh(t, ctx, "dich"), h.account(t, ctx, "hangxom")
		_, err = h.Give(ctx, neighbour, Grant{Role: module.Admin, Unit: h.other}, "")
		must(t, err)
		grant, err := h.Give(ctx, target, Grant{Role: module.Lecturer, Unit: h.commune}, "")
		must(t, err)
		_, err = h.MakeKey(ctx, "máy", h.commune, []module.ActionName{ViewAccounts}, 0)
		must(t, err)
		keys, err := h.Keys(ctx)
		must(t, err)
		session, err := h.begin(ctx, Account{ID: target}, "password", "")
		must(t, err)
		held, err := h.sessionsOf(ctx, target)
		must(t, err)
		correction, err := h.AskCorrection(h.as(t, ctx, target), "Sai ngày sinh")
		must(t, err)
		in := Grant{Role: module.Lecturer, Unit: h.commune}

		own := errs.Kind("") // about the caller's own account: the neighbour may
		for name, c := range map[string]struct {
			call      func(context.Context) error
			neighbour errs.Kind
		}{
			"OpenAccount":      {func(c context.Context) error { _, err := h.OpenAccount(c, NewAccount{Unit: h.commune}); return err }, errs.Denied},
			"OpenForUnit":      {func(c context.Context) error { _, err := h.OpenForUnit(c, h.commune); return err }, errs.Denied},
			"ImportAccounts":   {func(c context.Context) error { _, _, err := h.ImportAccounts(c, h.commune, nil); return err }, errs.Denied},
			"FreshIn":          {func(c context.Context) error { _, err := h.FreshIn(c, h.commune, 9); return err }, errs.Denied},
			"Tallies":          {func(c context.Context) error { _, err := h.Tallies(c, h.commune); return err }, errs.Denied},
			"Account":          {func(c context.Context) error { _, _, err := h.Account(c, target); return err }, errs.NotFound},
			"Named":            {func(c context.Context) error { _, err := h.Named(c, "dich"); return err }, errs.NotFound},
			"Change":           {func(c context.Context) error { return h.Change(c, target, AccountEdit{Unit: h.other, Edition: 1}) }, errs.NotFound},
			"Disable":          {func(c context.Context) error { return h.Disable(c, target) }, errs.NotFound},
			"Enable":           {func(c context.Context) error { return h.Enable(c, target) }, errs.NotFound},
			"Issue":            {func(c context.Context) error { _, err := h.Issue(c, target); return err }, errs.NotFound},
			"Invite":           {func(c context.Context) error { _, err := h.Invite(c, target); return err }, errs.NotFound},
			"EndAll":           {func(c context.Context) error { return h.EndAll(c, target) }, errs.NotFound},
			"DropSecond":       {func(c context.Context) error { return h.DropSecond(c, target) }, errs.NotFound},
			"End":              {func(c context.Context) error { return h.End(c, held[0].ID) }, errs.NotFound},
			"Give":             {func(c context.Context) error { _, err := h.Give(c, neighbour, in, ""); return err }, errs.Denied},
			"Revoke":           {func(c context.Context) error { return h.Revoke(c, grant) }, errs.NotFound},
			"Grants":           {func(c context.Context) error { _, err := h.Grants(c, h.commune); return err }, errs.Denied},
			"MakeKey":          {func(c context.Context) error { _, err := h.MakeKey(c, "x", h.commune, nil, 0); return err }, errs.Denied},
			"EndKey":           {func(c context.Context) error { return h.EndKey(c, keys[0].ID) }, errs.NotFound},
			"AnswerCorrection": {func(c context.Context) error { return h.AnswerCorrection(c, correction, true, "Đã sửa", 1) }, errs.NotFound},
			"Export":           {func(c context.Context) error { return h.Export(c, &bytes.Buffer{}, 0, 0) }, errs.Denied},
			"WhoRead":          {func(c context.Context) error { _, _, err := h.WhoRead(c, people[0], 1, 9); return err }, errs.Denied},
			"TakeAlong":        {func(c context.Context) error { return h.TakeAlong(c, people[0], &bytes.Buffer{}) }, errs.Denied},
			"OpenDemo":         {func(c context.Context) error { return h.OpenDemo(c, module.Head, "x", "", h.commune) }, errs.Denied},
			"Follow":           {func(c context.Context) error { return h.Follow(c, org.UnitsSucceeded{}) }, errs.Denied},
			"FollowPerson":     {func(c context.Context) error { return h.FollowPerson(c, org.PersonsMerged{}) }, errs.Denied},
			"StartTOTP":        {func(c context.Context) error { _, _, err := h.StartTOTP(c, goodPassword); return err }, own},
			"ConfirmTOTP":      {func(c context.Context) error { _, err := h.ConfirmTOTP(c, "1"); return err }, errs.Invalid},
			"DropTOTP":         {func(c context.Context) error { return h.DropTOTP(c, goodPassword) }, own},
			"SetSecondRoles":   {func(c context.Context) error { return h.SetSecondRoles(c, nil) }, errs.Denied},
			"SetTwoStep":       {func(c context.Context) error { return h.SetTwoStep(c, false, goodPassword) }, own},
			"ChangePassword":   {func(c context.Context) error { return h.ChangePassword(c, goodPassword, goodPassword+"-2") }, own},
			"DropPasskey":      {func(c context.Context) error { return h.DropPasskey(c, "x", goodPassword) }, errs.NotFound},
			"Passkeys":         {func(c context.Context) error { _, err := h.Passkeys(c); return err }, own},
			"RecoveryLeft":     {func(c context.Context) error { _, err := h.RecoveryLeft(c); return err }, own},
			"Sessions":         {func(c context.Context) error { _, err := h.Sessions(c); return err }, own},
			"EndOthers":        {func(c context.Context) error { return h.EndOthers(c) }, own},
			"AskCorrection":    {func(c context.Context) error { _, err := h.AskCorrection(c, "Sai tên"); return err }, own},
			"Accounts":         {func(c context.Context) error { return seen(h.Accounts(c, AccountFilter{Query: "dich"})) }, own},
			"Log":              {func(c context.Context) error { return seen(h.Log(c, LogFilter{Subject: subject(target)})) }, own},
			"Keys":             {func(c context.Context) error { list, err := h.Keys(c); return seen(list, 0, err) }, own},
			"Holders": {func(c context.Context) error {
				list, err := h.Holders(c, EditGrants)
				list = slices.DeleteFunc(list, func(x Holder) bool { return x.Unit != h.commune })
				return seen(list, 0, err)
			}, own},
			"Corrections": {func(c context.Context) error { list, err := h.Corrections(c, false, false); return seen(list, 0, err) }, own},
		} {
			h.Set(Options{Mail: posted{}})
			h.guesses = newGuesses()
			if err := c.call(context.Background()); !errors.Is(err, errs.Stranger) && !errors.Is(err, errs.Denied) || err != nil && name != "Follow" && name != "OpenDemo" && !errors.Is(err, errs.Stranger) {
				t.Errorf("%s as a stranger: %v", name, err)
			}
			acting := h.as(t, ctx, neighbour)
			who, _ := Who(acting)
			who.Session = "none"
			err := c.call(acting)
			if c.neighbour == own && err != nil || c.neighbour != own && !errors.Is(err, c.neighbour) {
				t.Errorf("%s as a neighbour: %v, want %q", name, err, c.neighbour)
			}
			h.reset(t, ctx, neighbour)
			asked = append(asked, name)
		}
		if who, err := h.bySession(ctx, session); err != nil || who != nil { // its account is fresh
			t.Errorf("%+v %v", who, err)
		}
		everyUseCaseIsAsked(t)
	})
}

var asked []string

// everyUseCaseIsAsked holds the table above against the exported methods.
func everyUseCaseIsAsked(t *testing.T) {
	ctxType := reflect.TypeFor[context.Context]()
	for m := range reflect.TypeFor[*Access]().Methods() {
		if m.Type.NumIn() < 2 || m.Type.In(1) != ctxType || slices.Contains(open, m.Name) {
			continue
		}
		if !slices.Contains(asked, m.Name) {
			t.Errorf("%s stands in no table: is it asked as a stranger and as a neighbour?", m.Name)
		}
	}
}

// seen fails when somebody sees what is not his.
func seen[T any](list []T, _ int, err error) error {
	if err == nil && len(list) > 0 {
		return errors.New("it is seen")
	}
	return err
}

// reset undoes what the neighbour did to his own account.
func (h *house) reset(t *testing.T, ctx context.Context, id AccountID) {
	hash, err := hashPassword(ctx, goodPassword)
	must(t, err)
	_, err = h.d.Exec(ctx, `update access_account set password = $1, totp = '', totp_at = null where id = $2`, hash, id)
	must(t, err)
}

func TestImportAccounts(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		read := func(rows ...string) ([]AccountID, []RowFault) {
			t.Helper()
			table, err := sheet.OpenReader(strings.NewReader(strings.Join(append([]string{"Họ tên,Tên đăng nhập,Email,Mã đơn vị,Vai trò"}, rows...), "\n")), "ds.csv", sheet.Limits{})
			must(t, err)
			made, faults, err := h.ImportAccounts(ctx, h.district, table)
			must(t, err)
			return made, faults
		}
		made, faults := read("Trần Thị Bích,,bich@quangnam.gov.vn,20984,", "Trần Thị Bích,,,20986,Giảng viên", "Lê Văn Cường,cuonglv,,,head")
		if len(made) != 3 || len(faults) != 0 {
			t.Fatalf("%d made, %v", len(made), faults)
		}
		one, err := h.accountByID(ctx, made[0])
		must(t, err)
		two, err := h.accountByID(ctx, made[1])
		must(t, err)
		if one.Name != "bichtt" || two.Name != "bichtt2" || one.Unit != h.commune || two.Unit != h.other || one.State != Fresh {
			t.Errorf("%+v, %+v", one, two)
		}
		held, err := h.grantsOf(ctx, made[1])
		must(t, err)
		if len(held) != 1 || held[0].Role != module.Lecturer || held[0].Unit != h.other {
			t.Errorf("%+v", held)
		}
		before, _, err := h.Accounts(ctx, AccountFilter{Size: 500})
		must(t, err)
		made, faults = read("Võ Thị Lan,lanvt,,20984,", "Người Một,cuonglv,,,", "Người Hai,,x@,,", "Người Ba,,,99999,", "Người Bốn,,,,vua", "Người Năm,lanvt,,,", "Ng,A b,,,")
		if len(made) != 0 || len(faults) != 6 {
			t.Errorf("%d made, faults %v", len(made), faults)
		}
		for i, f := range faults {
			if f.Row != i+3 {
				t.Errorf("fault %d is in row %d", i, f.Row)
			}
		}
		after, _, err := h.Accounts(ctx, AccountFilter{Size: 500})
		must(t, err)
		if len(before) != len(after) {
			t.Error("a list with faults was taken by half")
		}
	})
}

func TestSignInNames(t *testing.T) {
	taken := nameSet{"anhnv": 1}
	for person, want := range map[string]string{"Trần Thị Bích": "bichtt", "Đặng Đức Đô": "dodd", "Ý": "y00", "Tôn Nữ Thị Ninh": "ninhtnt", "O'Brien Lê": "leo"} {
		if got := taken.next(person); got != want || !nameRule.MatchString(got) {
			t.Errorf("%s: %q, want %q", person, got, want)
		}
	}
	if a, b := taken.next("Nguyễn Văn Anh"), taken.next("Nguyễn Văn Ảnh"); a != "anhnv2" || b != "anhnv3" {
		t.Errorf("%q, %q", a, b)
	}
}
