package access

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
)

func (h *house) person(t testing.TB, ctx context.Context, name string) (org.PersonID, AccountID) {
	t.Helper()
	people, err := h.org.AddPeople(ctx, org.NewPerson{Name: name, Post: org.Post{Unit: h.commune, Category: org.CivilServant, From: clock.MustDate("2021-01-01")}})
	must(t, err)
	made, err := h.OpenForUnit(ctx, h.commune)
	must(t, err)
	return people[0], made[0]
}

func TestTakeAlong(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		p, id := h.person(t, ctx, "Trần Thị Bích")
		h.exports = nil
		h.Exports("learn", func(_ context.Context, of org.PersonID) ([]Sheet, error) {
			return []Sheet{{Name: "results", Title: "Kết quả", Columns: []string{"Khóa", "Điểm"}, Rows: [][]string{{`=HYPERLINK("x")`, "9,5"}, {"a;b\"c", string(of)}}}}, nil
		})
		acting := h.as(t, ctx, id)
		var b bytes.Buffer
		must(t, h.TakeAlong(acting, p, &b))
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		must(t, err)
		files := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			must(t, err)
			body, err := io.ReadAll(r)
			must(t, err)
			files[f.Name] = string(body)
		}
		for _, name := range []string{"README.txt", "access.json", "access/person.csv", "access/posts.csv", "access/accounts.csv", "access/sessions.csv", "access/roles.csv", "access/readers.csv", "learn.json", "learn/results.csv"} {
			if files[name] == "" {
				t.Errorf("%s is not there", name)
			}
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(files["learn/results.csv"], "\ufeff"))).ReadAll()
		must(t, err)
		if rows[1][0] != `'=HYPERLINK("x")` || rows[2][0] != "a;b\"c" {
			t.Errorf("%q", rows)
		}
		var sheets []Sheet
		must(t, json.Unmarshal([]byte(files["learn.json"]), &sheets))
		if sheets[0].Rows[0][0] != `=HYPERLINK("x")` || !strings.Contains(files["access/person.csv"], "Trần Thị Bích") {
			t.Errorf("%+v", sheets)
		}
		boom := errors.New("boom")
		h.Exports("broken", func(context.Context, org.PersonID) ([]Sheet, error) { return nil, boom })
		if err := h.TakeAlong(acting, p, io.Discard); !errors.Is(err, boom) {
			t.Errorf("a part that fails goes unseen: %v", err)
		}
	})
}

func TestWhoHasReadMyData(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		p, id := h.person(t, ctx, "Trần Thị Bích")
		head := h.account(t, ctx, "head")
		_, err := h.Give(ctx, head, Grant{Role: module.Head, Unit: h.commune}, "")
		must(t, err)
		_, _, err = h.Account(h.as(t, ctx, head), id)
		must(t, err)
		seen, total, err := h.WhoRead(h.as(t, ctx, id), p, 1, 10)
		must(t, err)
		found := false
		for _, r := range seen {
			found = found || r.Account == head && r.Read && r.Action == ViewAccounts
		}
		if !found || total != len(seen) {
			t.Errorf("%+v", seen)
		}
	})
}

// kept is a post office that keeps its letters.
type office struct{ letters *[]mail.Letter }

func (o office) Send(_ context.Context, l ...mail.Letter) error {
	*o.letters = append(*o.letters, l...)
	return nil
}
func (office) Sends() bool { return true }

func TestCorrections(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		var letters []mail.Letter
		h.Set(Options{Mail: office{&letters}})
		p, id := h.person(t, ctx, "Trần Thị Bích")
		officer := h.account(t, ctx, "officer")
		_, err := h.Give(ctx, officer, Grant{Role: module.TrainingOfficer, Unit: h.commune}, "")
		must(t, err)
		friday := clock.At(ctx, clock.MustDate("2025-08-29").Time()) // Monday 1/9 is off in lieu, Tuesday 2/9 a holiday
		acting, boss := h.as(t, friday, id), h.as(t, ctx, officer)
		if _, err := h.AskCorrection(acting, " \n "); !errors.Is(err, errs.Invalid) {
			t.Errorf("%v", err)
		}
		_, err = h.AskCorrection(acting, "Ngày sinh đúng là 01/02/1985")
		must(t, err)
		list, err := h.Corrections(boss, false, true)
		must(t, err)
		if len(list) != 1 || list[0].Person != p || list[0].Due < clock.MustDate("2025-09-03") || list[0].Due > clock.MustDate("2025-09-05") {
			t.Fatalf("%+v", list)
		}
		if err := h.AnswerCorrection(boss, list[0].ID, true, "", 1); !errors.Is(err, errs.Invalid) {
			t.Errorf("no words: %v", err)
		}
		must(t, h.AnswerCorrection(boss, list[0].ID, true, "Đã sửa ngày sinh.", list[0].Edition))
		if err := h.AnswerCorrection(boss, list[0].ID, false, "Không.", list[0].Edition); !errors.Is(err, errs.Conflict) {
			t.Errorf("answered twice: %v", err)
		}
		mine, err := h.Corrections(acting, true, false)
		must(t, err)
		if len(mine) != 1 || mine[0].State != "done" || len(letters) != 1 || letters[0].Reader != string(p) {
			t.Errorf("%+v %+v", mine, letters)
		}
	})
}

func TestInvitations(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.fresh(t, ctx, "lanvt")
		if _, err := h.Invite(ctx, id); !errors.Is(err, errs.Conflict) {
			t.Errorf("without a mail server: %v", err)
		}
		var letters []mail.Letter
		h.Set(Options{Mail: office{&letters}})
		none, err := h.OpenAccount(ctx, NewAccount{Name: "khong", Title: "Không Thư", Unit: h.commune})
		must(t, err)
		if sent, err := h.Invite(ctx, id, none); sent != 1 || err != nil || len(letters) != 1 {
			t.Fatalf("%d %v", sent, err)
		}
		l := letters[0]
		if l.Address != "lanvt@quangnam.gov.vn" || !strings.Contains(l.Body, "Người lanvt") || !strings.Contains(l.Body, "lanvt\n") || l.Reader != "" {
			t.Errorf("%+v", l)
		}
		b := h.browser(t)
		page := b.get(l.Link)
		code := l.Link[strings.Index(l.Link, "=")+1:]
		if page.code != 200 || !strings.Contains(page.body, code) {
			t.Fatalf("%d", page.code)
		}
		b.get(l.Link) // a mail scanner looks first, and uses nothing up
		if got := b.post("/access/first", "code", code); got.code != 303 {
			t.Fatalf("%d %s", got.code, got.body)
		}
		if got := b.post("/access/first/password", "password", goodPassword); got.code != 303 {
			t.Errorf("%d %s", got.code, got.body)
		}
		log, err := db.All[string](ctx, h.d, `select detail from access_audit`)
		must(t, err)
		if strings.Contains(strings.Join(log, " "), code) {
			t.Error("the code is in the log")
		}
	})
}

// Accounts for a whole unit, once; people who came later get theirs later.
func TestOpenForUnit(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		since := clock.MustDate("2021-01-01")
		post := func(u org.UnitID) org.Post { return org.Post{Unit: u, Category: org.Cadre, From: since} }
		people, err := h.org.AddPeople(ctx, org.NewPerson{Name: "Trần Thị Bích", Post: post(h.commune)}, org.NewPerson{Name: "Trần Thanh Bích", Post: post(h.commune)},
			org.NewPerson{Name: "Lê Văn Cường", Post: post(h.other)})
		must(t, err)
		must(t, h.org.GivePost(ctx, org.Post{Person: people[0], Unit: h.district, Category: org.Cadre, From: since}))
		made, err := h.OpenForUnit(ctx, h.commune)
		must(t, err)
		rest, err := h.OpenForUnit(ctx, h.province)
		must(t, err)
		none, err := h.OpenForUnit(ctx, h.province)
		must(t, err)
		if len(made) != 2 || len(rest) != 1 || len(none) != 0 {
			t.Fatalf("%d, %d, %d", len(made), len(rest), len(none))
		}
		list, total, err := h.Accounts(ctx, AccountFilter{Query: "bích"})
		must(t, err)
		if total != 2 || list[0].NameKey == list[1].NameKey {
			t.Errorf("%+v", list)
		}
		tallies, err := h.Tallies(ctx, h.district)
		must(t, err)
		if tallies[0].Fresh != 3 || len(tallies) != 3 {
			t.Errorf("%+v", tallies)
		}
		fresh, err := h.FreshIn(ctx, h.commune, 10)
		must(t, err)
		if len(fresh) != 2 {
			t.Errorf("%v", fresh)
		}
	})
}

// Accounts follow the people they belong to: to another unit, and into another
// record.
func TestAccountsFollowPeople(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		p, id := h.person(t, ctx, "Trần Thị Bích")
		unit := func() org.UnitID {
			acc, err := h.accountByID(ctx, id)
			must(t, err)
			return acc.Unit
		}
		must(t, h.Sweep(ctx))
		if unit() != h.commune {
			t.Fatalf("moved without reason")
		}
		yesterday := clock.Today(ctx) - 1
		_, err := h.d.Exec(ctx, `update org_post set to_on = $1 where person_id = $2`, yesterday, p)
		must(t, err)
		must(t, h.Sweep(ctx))
		if unit() != h.commune {
			t.Error("moved to nowhere")
		}
		must(t, h.org.GivePost(ctx, org.Post{Person: p, Unit: h.other, Category: org.CivilServant, From: yesterday, Main: true}))
		_, err = h.d.Exec(ctx, `update org_post set main = $1 where unit_id = $2`, true, h.other)
		must(t, err)
		must(t, h.Sweep(ctx))
		if unit() != h.other {
			t.Error("did not follow")
		}
		people, err := h.org.AddPeople(ctx, org.NewPerson{Name: "Trần Thị Bích", Post: org.Post{Unit: h.other, Category: org.CivilServant, From: clock.MustDate("2021-01-01")}})
		must(t, err)
		must(t, h.FollowPerson(ctx, org.PersonsMerged{From: p, To: people[0]}))
		acc, err := h.accountByID(ctx, id)
		must(t, err)
		if acc.Person != people[0] {
			t.Errorf("%+v", acc)
		}
	})
}

// benchPeople makes as many people as Quảng Nam had officials in 2022.
func benchPeople(b *testing.B) (h *house, ctx context.Context, n int) {
	h, ctx, n = benchHouse(b), System(db.Guard(context.Background())), 5700
	list := make([]org.NewPerson, n)
	for i := range list {
		list[i] = org.NewPerson{Name: "Trần Thị " + []string{"Bích", "Lan", "Hoa", "Mai", "Đào"}[i%5],
			Post: org.Post{Unit: h.commune, Category: org.CivilServant, From: clock.MustDate("2021-01-01")}}
	}
	_, err := h.org.AddPeople(ctx, list...)
	must(b, err)
	return h, ctx, n
}

func BenchmarkOpenForUnit(b *testing.B) {
	h, ctx, n := benchPeople(b)
	for b.Loop() {
		b.StopTimer()
		_, err := h.d.Exec(ctx, `delete from access_account`)
		must(b, err)
		b.StartTimer()
		made, err := h.OpenForUnit(ctx, h.province)
		must(b, err)
		if len(made) != n {
			b.Fatal(len(made))
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "accounts/s")
}

func BenchmarkAccounts(b *testing.B) {
	h, ctx, _ := benchPeople(b)
	_, err := h.OpenForUnit(ctx, h.province)
	must(b, err)
	for name, f := range map[string]AccountFilter{"all": {}, "unit": {Unit: h.district}, "search": {Query: "bích", Unit: h.district, Page: 3}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, _, err := h.Accounts(ctx, f)
				must(b, err)
			}
		})
	}
}
