package org_test

import (
	"cmp"
	"context"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
)

// Every real trap of the data has its test here, by its name in traps.csv.
func TestTraps(t *testing.T) {
	t.Run("sqlite", everyTrap)
	if os.Getenv("TEST_POSTGRES") != "" {
		trapEngine = dbtest.Postgres
		defer func() { trapEngine = dbtest.SQLite }()
		t.Run("postgres", everyTrap)
	}
}

// trapEngine opens the database in which traps are laid.
var trapEngine = dbtest.SQLite

func everyTrap(t *testing.T) {
	tests := map[string]func(*testing.T){
		"same name, other unit":         trapSameName,
		"same code, other name":         trapSameCode,
		"successor keeps one code":      trapKeepsCode,
		"same name in three places":     trapThreePlaces,
		"one to many":                   trapOneToMany,
		"one to many count":             trapSplits,
		"many to one count":             trapMerges,
		"new codes for unchanged names": trapNewCodes,
		"renamed and re-parented":       trapRenamedAndMoved,
		"reclassified only":             trapReclassified,
		"district disappears":           trapDistrict,
		"unit without communes":         trapIslands,
		"tone placement":                trapTone,
		"double space":                  trapSpace,
		"letter case":                   trapCase,
		"two sources disagree on code":  trapTwoCodes,
		"numbered wards":                trapNumbers,
		"effective date vs start date":  trapDates,
		"province code changes owner":   trapProvinceCodes,
		"commune code changes owner":    trapCommuneCodes,
	}
	rows := readCSV(t, shared(t, "units/traps.csv"))
	outer, done := t, false
	var ctx context.Context
	var o *org.Org
	var p org.Preview
	var demoCtx context.Context
	var demoOrg *org.Org
	mergedOnce = func(*testing.T) (context.Context, *org.Org) {
		if demoOrg == nil {
			demoCtx, demoOrg = merged(outer)
		}
		return demoCtx, demoOrg
	}
	nationOnce = func(*testing.T) (context.Context, *org.Org, org.Preview) {
		if !done {
			ctx, o, p = theNation(outer)
			done = true
		}
		return ctx, o, p
	}
	if len(rows) != len(tests) {
		t.Errorf("%d traps, %d tests", len(rows), len(tests))
	}
	for _, r := range rows {
		test := tests[r["trap"]]
		if test == nil {
			t.Errorf("no test for %q", r["trap"])
			continue
		}
		t.Run(r["trap"], test)
	}
}

// mergedOnce is merged for the tests that only read it.
var mergedOnce func(*testing.T) (context.Context, *org.Org)

// nationOnce is theNation for the tests that leave its names and its tree alone.
var nationOnce func(*testing.T) (context.Context, *org.Org, org.Preview)

func house(t testing.TB) (context.Context, *org.Org, *db.DB) {
	t.Helper()
	d := trapEngine(t, schemas())
	return access.System(db.Guard(context.Background())), org.New(d, nil), d
}

func list(t testing.TB, name string, provinces ...string) []org.ListRow {
	t.Helper()
	f, err := os.Open(shared(t, name))
	must(t, err)
	defer f.Close()
	rows, err := org.ParseList(f, name)
	must(t, err)
	if len(provinces) == 0 {
		return rows
	}
	in := map[string]bool{}
	return slices.DeleteFunc(rows, func(r org.ListRow) bool {
		if slices.Contains(provinces, r.Code) || in[r.ParentCode] {
			in[r.Code] = true
			return false
		}
		return true
	})
}

// found is the unit of a date with a code, within the tier of communes.
func found(t testing.TB, ctx context.Context, o *org.Org, on, code string) org.Unit {
	t.Helper()
	u, ok := o.On(ctx, day(on)).Unit(byCode(t, ctx, o, on, code))
	if !ok {
		t.Fatalf("no unit %s on %s", code, on)
	}
	return u
}

func trapSameName(t *testing.T) {
	ctx, o, _ := house(t)
	ids, err := o.Record(ctx, part(t, "units/gso_2022-05-05.csv", "2022-05-05", "24"))
	must(t, err)
	l := org.List{Rows: list(t, "units/gso_2025-06-30_before_merger.csv", "24"), By: org.Basis{On: day("2025-01-01")}}
	p, err := o.PreviewImport(ctx, l)
	must(t, err)
	i := slices.IndexFunc(p.Notes, func(n org.Note) bool { return n.Ask == "row:07261" })
	if i < 0 || len(p.Notes[i].Options) != 3 || p.Notes[i].Answer != "same:"+string(ids["07261"]) {
		t.Fatalf("nobody is asked about 07261: %+v", p.Of(org.NoteDoubt))
	}
	l.Answers = map[string]string{"end:" + string(ids["07276"]): "into:07261"}
	p, err = o.PreviewImport(ctx, l)
	must(t, err)
	must(t, o.Import(ctx, l, p.Stamp))
	now := o.Now(ctx)
	if now.Name(ids["07261"]) != "Xã Tân Hiệp" || now.Has(ids["07276"]) || o.Main(ids["07276"]) != ids["07261"] {
		t.Error("Xã Tam Hiệp did not become Xã Tân Hiệp and take the old Xã Tân Hiệp in")
	}
	l.Answers = map[string]string{"row:07261": "same:" + string(ids["07276"])}
	if p, err = o.PreviewImport(ctx, l); err != nil {
		t.Fatal(err)
	}
}

func merged(t testing.TB) (context.Context, *org.Org) {
	ctx, o, _ := house(t)
	demo(t, ctx, o)
	must(t, o.Merge2025(ctx))
	return ctx, o
}

func trapSameCode(t *testing.T) {
	ctx, o := mergedOnce(t)
	before, after := found(t, ctx, o, "2025-06-30", "26833"), found(t, ctx, o, "2025-07-01", "26833")
	if before.ID == after.ID || before.Name != "Phường Long Thạnh Mỹ" || after.Name != "Phường Long Bình" {
		t.Errorf("26833 was %s, is %s", before.Name, after.Name)
	}
	if old := found(t, ctx, o, "2025-06-30", "26830"); old.Name != "Phường Long Bình" || o.Main(old.ID) != after.ID {
		t.Errorf("the old Long Bình is %s and went to %s", old.Name, o.Now(ctx).Name(o.Main(old.ID)))
	}
}

func trapKeepsCode(t *testing.T) {
	ctx, o := mergedOnce(t)
	before, after := found(t, ctx, o, "2025-06-30", "26857"), found(t, ctx, o, "2025-07-01", "26857")
	if before.Name != "Phường Long Phước" || after.Name != before.Name || before.ID == after.ID {
		t.Error("Long Phước after the merger is another unit than the one it has name and code of")
	}
	for _, code := range []string{"26854", "26857"} {
		if o.Main(byCode(t, ctx, o, "2025-06-30", code)) != after.ID {
			t.Errorf("%s did not go into Long Phước", code)
		}
	}
}

func trapThreePlaces(t *testing.T) {
	ctx, o := merged(t)
	_, err := o.Record(ctx, part(t, "units/qd19_2025-07-01.csv", "2025-07-01", "75"))
	must(t, err)
	old, now := o.On(ctx, day("2020-12-31")).Search("Phường Tân Phú", "", 5), o.On(ctx, day("2025-07-01"))
	if len(old) == 0 || old[0].Code != "26836" {
		t.Errorf("in 2020: %v", old)
	}
	var codes []string
	for _, u := range now.Search("tân phú", "", 50) {
		if strings.HasSuffix(u.Name, " Tân Phú") && u.Tier == org.Commune {
			codes = append(codes, u.Code)
		}
	}
	if !slices.Contains(codes, "27031") || !slices.Contains(codes, "26116") || slices.Contains(codes, "26836") {
		t.Errorf("in 2025: %v", codes)
	}
	rows := list(t, "units/qd19_2026-04-30.csv", "75")
	l := org.List{Rows: rows, By: org.Basis{On: day("2026-04-30")}}
	p, err := o.PreviewImport(ctx, l)
	must(t, err)
	if p.Count(org.NoteReclassified) != 11 || p.Count(org.NoteNew) != 0 || p.Count(org.NoteEnded) != 0 || p.Count(org.NoteDoubt) != 0 {
		t.Errorf("30/4/2026 is a province made a city and ten communes made wards: %+v", p.Notes)
	}
	must(t, o.Import(ctx, l, p.Stamp))
	if u := found(t, ctx, o, "2026-04-30", "26116"); u.Name != "Phường Tân Phú" || u.ID != byCode(t, ctx, o, "2025-07-01", "26116") {
		t.Errorf("26116 is %v", u)
	}
}

func trapOneToMany(t *testing.T) {
	ctx, o := mergedOnce(t)
	sum, names := new(big.Rat), []string{}
	for _, s := range o.Successors(byCode(t, ctx, o, "2025-06-30", "27016"), day("2025-07-01")) {
		names = append(names, o.Now(ctx).Name(s.Unit))
		sum.Add(sum, big.NewRat(s.Num, s.Den))
	}
	slices.Sort(names)
	if strings.Join(names, ", ") != "Phường Bình Hưng Hòa, Phường Tân Sơn Nhì, Phường Tây Thạnh" || sum.Cmp(big.NewRat(1, 1)) != 0 {
		t.Errorf("Sơn Kỳ went to %v, %s in all", names, sum)
	}
}

// nation is the whole country before the merger, and the merger's preview.
func nation(t testing.TB) (context.Context, *org.Org, org.Merger, org.Preview) {
	ctx, o, _ := house(t)
	_, err := o.Record(ctx, national(t, "units/gso_2025-06-30_before_merger.csv", "2025-03-01"))
	must(t, err)
	m := org.Merger{Rows: mapping(t, "units/map_2025-07-01_old_to_new.csv"), By: org.Basis{On: day("2025-07-01")}}
	p, err := o.PreviewMerger(ctx, m)
	must(t, err)
	return ctx, o, m, p
}

// theNation is the whole country once the merger was carried out on it.
func theNation(t *testing.T) (context.Context, *org.Org, org.Preview) {
	ctx, o, m, p := nation(t)
	for i, n := range p.Of(org.NoteProblem) {
		if i < 20 {
			t.Errorf("problem: %s", n.Text.As("vi"))
		}
	}
	must(t, o.ApplyMerger(ctx, m, p.Stamp))
	return ctx, o, p
}

func trapSplits(t *testing.T) {
	_, _, p := nationOnce(t)
	most := 0
	for _, s := range p.Splits {
		most = max(most, len(s.Parts))
	}
	if len(p.Splits) != 471 || most != 5 {
		t.Errorf("%d units split, up to %d ways", len(p.Splits), most)
	}
}

func trapMerges(t *testing.T) {
	ctx, o, _ := nationOnce(t)
	now := o.Now(ctx)
	if now.Count("", org.Province) != 34 || now.Count("", org.Commune) != 3321 || now.Count("", org.District) != 0 {
		t.Errorf("%d provinces, %d communes, %d districts", now.Count("", org.Province), now.Count("", org.Commune), now.Count("", org.District))
	}
	from := map[org.UnitID]int{}
	before := o.On(ctx, day("2025-06-30"))
	for _, u := range before.All() {
		if u.Tier == org.Commune || u.Tier == org.District {
			for _, s := range o.Successors(u.ID, day("2025-07-01")) {
				if n, _ := now.Unit(s.Unit); n.Tier == org.Commune {
					from[s.Unit]++
				}
			}
		}
	}
	alone, most := 0, 0
	for _, n := range from {
		most = max(most, n)
		if n == 1 {
			alone++
		}
	}
	if alone != 140 || most != 15 {
		t.Errorf("%d new units of one old unit, up to %d old units in one", alone, most)
	}
}

func trapNewCodes(t *testing.T) {
	ctx, o, _ := house(t)
	ids, err := o.Record(ctx, part(t, "units/gso_2020-02-02.csv", "2020-02-02", "24"))
	must(t, err)
	l := org.List{Rows: list(t, "units/gso_2021-01-13.csv", "24"), By: org.Basis{On: day("2021-01-13")}}
	p, err := o.PreviewImport(ctx, l)
	must(t, err)
	if p.Count(org.NoteRecoded) == 0 || p.Count(org.NoteEnded)+p.Count(org.NoteNew)+p.Count(org.NoteDoubt) > 0 {
		t.Errorf("%+v", p.Notes)
	}
	must(t, o.Import(ctx, l, p.Stamp))
	for old, now := range map[string]string{"07810": "07840", "07369": "07399", "07756": "07795"} {
		if got := byCode(t, ctx, o, "2021-01-13", now); got != ids[old] {
			t.Errorf("%s is another unit than %s was", now, old)
		}
	}
}

func trapRenamedAndMoved(t *testing.T) {
	ctx, o := mergedOnce(t)
	before, after := found(t, ctx, o, "2022-04-01", "20656"), found(t, ctx, o, "2025-06-30", "20656")
	names := before.Name + ", " + o.On(ctx, day("2022-04-01")).Name(before.Parent) + "; " + after.Name + ", " + o.On(ctx, day("2025-06-30")).Name(after.Parent)
	if before.ID != after.ID || names != "Xã Quế Trung, Huyện Nông Sơn; Thị trấn Trung Phước, Huyện Quế Sơn" {
		t.Error(names)
	}
}

func trapReclassified(t *testing.T) {
	ctx, o := mergedOnce(t)
	before, after := found(t, ctx, o, "2023-01-01", "20560"), found(t, ctx, o, "2025-06-30", "20560")
	if before.ID != after.ID || before.Kind != org.KindCommune || after.Kind != org.KindWard || after.Name != "Phường Điện Thắng Bắc" {
		t.Errorf("%v, then %v", before, after)
	}
}

func trapDistrict(t *testing.T) {
	ctx, o := mergedOnce(t)
	nongSon, queSon := byCode(t, ctx, o, "2024-12-31", "519"), byCode(t, ctx, o, "2025-06-30", "509")
	at := o.On(ctx, day("2025-01-01"))
	if at.Has(nongSon) || o.Successors(nongSon, day("2025-01-01"))[0].Unit != queSon {
		t.Error("Nông Sơn did not go into Quế Sơn")
	}
	moved := 0
	for _, c := range o.On(ctx, day("2024-12-31")).Children(nongSon) {
		if at.Within(c, queSon) {
			moved++
		}
	}
	sonVien, queLoc := byCode(t, ctx, o, "2024-12-31", "20672"), byCode(t, ctx, o, "2024-12-31", "20671")
	if moved != 5 || o.Successors(sonVien, day("2025-01-01"))[0].Unit != queLoc {
		t.Errorf("%d communes moved; Sơn Viên went to %s", moved, at.Name(o.Successors(sonVien, day("2025-01-01"))[0].Unit))
	}
}

func trapIslands(t *testing.T) {
	ctx, o, _ := nationOnce(t)
	for _, name := range []string{"Hoàng Sa", "Lý Sơn", "Côn Đảo", "Cồn Cỏ", "Bạch Long Vĩ"} {
		was := o.On(ctx, day("2025-06-30")).Search("Huyện "+name, "", 1)
		is := o.Now(ctx).Search("Đặc khu "+name, "", 1)
		if len(was) == 0 || len(is) == 0 || was[0].Tier != org.District || is[0].Tier != org.Commune || o.Main(was[0].ID) != is[0].ID {
			t.Errorf("%s: %v, %v", name, was, is)
		}
	}
}

func trapTone(t *testing.T) {
	ctx, o, _ := house(t)
	_, err := o.Record(ctx, national(t, "units/qd19_2025-07-01.csv", "2025-07-01"))
	must(t, err)
	p, err := o.PreviewImport(ctx, org.List{Rows: list(t, "units/qd19_2026-04-30.csv"), By: org.Basis{On: day("2026-04-30")}, Whole: true})
	must(t, err)
	spelt := 0
	at := o.On(ctx, day("2026-01-01"))
	names := map[string]string{}
	for _, u := range at.All() {
		names[u.Code] = u.Name
	}
	for _, r := range list(t, "units/qd19_2026-04-30.csv") {
		if names[r.Code] != r.Name {
			spelt++
		}
	}
	if spelt < 190 || p.Count(org.NoteRenamed) != 1 || p.Count(org.NoteReclassified) != 11 || len(p.Notes) != 13 {
		for _, n := range p.Notes {
			t.Logf("%s: %s", n.Kind, n.Text.As("vi"))
		}
		t.Errorf("besides Phó Bảng, now Phố Bảng: %d names are spelt otherwise; %d renamed, %d reclassified, %d notes", spelt, p.Count(org.NoteRenamed), p.Count(org.NoteReclassified), len(p.Notes))
	}
}

func trapSpace(t *testing.T) {
	ctx, o, _ := house(t)
	_, err := o.Record(ctx, part(t, "units/gso_2022-05-05.csv", "2022-05-05", "49", "24"))
	must(t, err)
	for code, want := range map[string]string{"20482": "Xã Tư", "07777": "Thị trấn Bích Động"} {
		if u := found(t, ctx, o, "2022-05-05", code); u.Name != want {
			t.Errorf("%s is %q", code, u.Name)
		}
	}
}

func trapCase(t *testing.T) {
	ctx, o, _ := house(t)
	before, after := list(t, "units/gso_2022-05-05.csv", "49", "24", "22"), list(t, "units/gso_2022-05-05.csv", "49", "24", "22")
	h := part(t, "units/gso_2022-05-05.csv", "2022-05-05", "49", "24", "22")
	_, err := o.Record(ctx, h)
	must(t, err)
	for i := range after {
		after[i].Name = strings.ToUpper(before[i].Name)
	}
	p, err := o.PreviewImport(ctx, org.List{Rows: after, By: org.Basis{On: day("2023-01-01")}})
	must(t, err)
	if len(p.Notes) > 0 || !p.Empty() {
		t.Errorf("letter case alone makes %d notes, such as %+v", len(p.Notes), p.Notes[0])
	}
}

func trapTwoCodes(t *testing.T) {
	ctx, o, _ := nationOnce(t)
	was := found(t, ctx, o, "2025-07-01", "06970")
	l := org.List{Rows: list(t, "units/qd19_2025-07-01.csv"), By: org.Basis{On: day("2025-07-01")}, Whole: true}
	p, err := o.PreviewImport(ctx, l)
	must(t, err)
	must(t, o.Import(ctx, l, p.Stamp))
	if is := found(t, ctx, o, "2025-07-01", "06978"); is.ID != was.ID || is.Name != "Xã Ba Chẽ" {
		t.Errorf("Xã Ba Chẽ became another unit by another code: %v", is)
	}
}

func trapNumbers(t *testing.T) {
	ctx, o, _ := house(t)
	must(t, errOf(o.Record(ctx, part(t, "units/gso_2020-02-02.csv", "2020-02-02", "79"))))
	rows := list(t, "units/gso_2020-02-02.csv", "79")
	padded := 0
	for i := range rows {
		if name := strings.Replace(rows[i].Name, "Phường 0", "Phường ", 1); name != rows[i].Name {
			rows[i].Name = name
			padded++
		}
	}
	p, err := o.PreviewImport(ctx, org.List{Rows: rows, By: org.Basis{On: day("2021-01-01")}})
	must(t, err)
	if padded < 50 || len(p.Notes) > 0 {
		t.Errorf("%d padded numbers make %d notes", padded, len(p.Notes))
	}
}

func errOf[T any](_ T, err error) error { return err }

func trapDates(t *testing.T) {
	ctx, o := mergedOnce(t)
	on := func(s string) (bool, bool, bool, bool) {
		law, work := o.On(ctx, day(s)), o.Working(ctx, day(s))
		q9, td := byCode(t, ctx, o, "2020-12-31", "763"), byCode(t, ctx, o, "2021-02-01", "769")
		return law.Has(q9), law.Has(td), work.Has(q9), work.Has(td)
	}
	for date, want := range map[string][4]bool{
		"2020-12-31": {true, false, true, false}, "2021-01-01": {false, true, true, false},
		"2021-01-20": {false, true, true, false}, "2021-01-21": {false, true, false, false}, "2021-01-22": {false, true, false, true},
	} {
		a, b, c, d := on(date)
		if got := [4]bool{a, b, c, d}; got != want {
			t.Errorf("%s: by law Quận 9 %v, Thủ Đức %v; at work %v, %v", date, a, b, c, d)
		}
	}
}

func trapProvinceCodes(t *testing.T) {
	ctx, o, p := nationOnce(t)
	before, other := o.On(ctx, day("2025-06-30")), 0
	for _, r := range o.Now(ctx).Roots() {
		u, _ := o.Now(ctx).Unit(r)
		for _, b := range before.Roots() {
			if w, _ := before.Unit(b); w.Code == u.Code && w.Name != u.Name {
				other++
				if o.Main(w.ID) == w.ID {
					t.Errorf("%s is still there", w.Name)
				}
			}
		}
	}
	if other != 7 {
		t.Errorf("%d province codes have another owner", other)
	}
	if p.Count(org.NoteReused) == 0 {
		t.Error("the preview does not tell of codes used again")
	}
}

func trapCommuneCodes(t *testing.T) {
	_, _, p := nationOnce(t)
	communes := 0
	for _, n := range p.Of(org.NoteReused) {
		if len(cmp.Or(n.Text.Args[0].(string), "")) == 5 {
			communes++
		}
	}
	t.Logf("%d communes bear a code that a commune of another name bore", communes)
	if communes < 1800 || communes > 1836 {
		t.Errorf("%d commune codes have another owner", communes)
	}
}
