package calendar

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"lotrinh/platform/clock"
)

func date(s string) clock.Date { return clock.MustDate(s) }

func TestIsWorking(t *testing.T) {
	c := Default()
	for _, x := range []struct {
		day    string
		worked bool
		why    string
	}{
		{"2026-01-02", false, "a Friday, swapped off"},
		{"2026-01-10", true, "a Saturday, worked for 2/1"},
		{"2026-01-17", false, "a plain Saturday"},
		{"2026-01-05", true, "the Monday after the New Year break"},
		{"2024-04-29", false, "swapped off before 30/4"},
		{"2024-05-04", true, "worked for 29/4"},
		{"2025-04-26", true, "worked for 2/5"},
		{"2025-05-02", false, "swapped off after 1/5"},
		{"2026-08-22", true, "worked for 31/8"},
		{"2026-08-31", false, "swapped off before 1/9"},
		{"2022-04-11", false, "in lieu of Giỗ Tổ on a Sunday"},
		{"2022-05-03", false, "in lieu of 1/5 on a Sunday"},
		{"2022-05-05", true, "a Thursday"},
		{"2020-09-01", true, "2/9 was one day before the Labour Code of 2019"},
		{"2021-09-03", false, "the day next to 2/9 in 2021"},
		{"2025-09-03", true, "in 2025 the day next to 2/9 was 1/9"},
		{"2026-11-24", true, "a candidate does not count"},
	} {
		if c.IsWorking(date(x.day)) != x.worked {
			t.Errorf("%s: worked %v, want %v (%s)", x.day, !x.worked, x.worked, x.why)
		}
	}
}

// Each break as the announcements print it: from the first to the last day off.
func TestBreaks(t *testing.T) {
	c := Default()
	for _, b := range [][2]string{
		{"2020-01-23", "2020-01-29"}, {"2021-02-10", "2021-02-16"}, {"2022-01-29", "2022-02-06"},
		{"2023-01-20", "2023-01-26"}, {"2024-02-08", "2024-02-14"}, {"2025-01-25", "2025-02-02"},
		{"2026-02-14", "2026-02-22"}, {"2021-01-01", "2021-01-03"}, {"2021-04-30", "2021-05-03"},
		{"2021-09-02", "2021-09-05"}, {"2022-04-30", "2022-05-03"}, {"2022-09-01", "2022-09-04"},
		{"2023-04-29", "2023-05-03"}, {"2023-09-01", "2023-09-04"}, {"2024-04-27", "2024-05-01"},
		{"2024-08-31", "2024-09-03"}, {"2025-04-30", "2025-05-04"}, {"2025-08-30", "2025-09-02"},
		{"2026-01-01", "2026-01-04"}, {"2026-04-25", "2026-04-27"}, {"2026-08-29", "2026-09-02"},
	} {
		from, to := date(b[0]), date(b[1])
		if n := c.WorkingBetween(from-1, to); n != 0 {
			t.Errorf("%s to %s: %d working days", from, to, n)
		}
		if !c.IsWorking(from-1) || !c.IsWorking(to+1) {
			t.Errorf("%s to %s: the break is longer", from, to)
		}
	}
}

// The law gives 10 paid days until 2020 and 11 from 2021 on, and every day that
// is swapped off is worked another day.
func TestEveryYearHasItsDays(t *testing.T) {
	count := map[int]map[Kind]int{}
	onWeekend := map[int]int{}
	for _, d := range Seed() {
		y := d.Date.Year()
		if count[y] == nil {
			count[y] = map[Kind]int{}
		}
		if !d.Counts() {
			continue
		}
		count[y][d.Kind]++
		if d.Kind == Holiday && weekend(d.Date) {
			onWeekend[y]++
		}
	}
	for y := 2020; y <= 2027; y++ {
		want := 11
		if y == 2020 {
			want = 10
		}
		if count[y][Holiday] != want {
			t.Errorf("%d: %d holidays, want %d", y, count[y][Holiday], want)
		}
		if count[y][InLieu] != onWeekend[y] {
			t.Errorf("%d: %d days in lieu of %d", y, count[y][InLieu], onWeekend[y])
		}
		if count[y][SwappedOff] != count[y][SwappedWorkday] {
			t.Errorf("%d: swaps do not balance", y)
		}
		if !Default().Covers(y) {
			t.Errorf("%d is not covered", y)
		}
	}
	if Default().Covers(2028) {
		t.Error("2028 is covered")
	}
}

func TestDeadlines(t *testing.T) {
	c := Default()
	for _, x := range []struct {
		what, from string
		days       int
		calendar   string // Deadline
		working    string // DeadlineWorking
	}{
		{"plain week", "2022-05-04", 5, "2022-05-09", "2022-05-11"},
		{"over the New Year swap", "2025-12-31", 2, "2026-01-05", "2026-01-06"},
		{"last day is a worked Saturday", "2026-01-05", 5, "2026-01-10", "2026-01-10"},
		{"last day is the first of Tết 2025", "2025-01-20", 7, "2025-02-03", "2025-02-05"},
		{"last day is Giỗ Tổ in lieu", "2022-04-01", 10, "2022-04-12", "2022-04-18"},
		{"no days, from a working day", "2022-05-05", 0, "2022-05-05", "2022-05-05"},
		{"no days, from a Saturday", "2022-05-07", 0, "2022-05-09", "2022-05-09"},
		{"a data request answered in two working days", "2026-08-28", 2, "2026-09-03", "2026-09-04"},
	} {
		if got := c.Deadline(date(x.from), x.days); got != date(x.calendar) {
			t.Errorf("%s: %d days from %s end on %s, want %s", x.what, x.days, x.from, got, x.calendar)
		}
		if got := c.DeadlineWorking(date(x.from), x.days); got != date(x.working) {
			t.Errorf("%s: %d working days from %s end on %s, want %s", x.what, x.days, x.from, got, x.working)
		}
	}
}

func TestAddWorkingBackwards(t *testing.T) {
	c := Default()
	// Notice of a hybrid meeting: five working days before 2/2/2026, which skips
	// nothing; before 5/1/2026, which skips the New Year break.
	for _, x := range []struct{ of, want string }{{"2026-02-02", "2026-01-26"}, {"2026-01-05", "2025-12-25"}} {
		if got := c.AddWorking(date(x.of), -5); got != date(x.want) {
			t.Errorf("five working days before %s: %s, want %s", x.of, got, x.want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	ok := Day{Date: date("2022-09-02"), Kind: Holiday}
	for _, x := range []struct {
		fault Fault
		days  []Day
	}{
		{NoDate, []Day{{Kind: Holiday}}},
		{UnknownKind, []Day{{Date: ok.Date, Kind: "feast"}}},
		{UnknownKind, []Day{{Date: ok.Date, Kind: Holiday, Status: "perhaps"}}},
		{Twice, []Day{ok, ok}},
		{OffAlready, []Day{{Date: date("2022-09-03"), Kind: InLieu}}},
		{OffAlready, []Day{{Date: date("2022-09-04"), Kind: SwappedOff}}},
		{WorkAlready, []Day{{Date: ok.Date, Kind: SwappedWorkday}}},
	} {
		_, err := New(x.days)
		var de *DayError
		if !errors.As(err, &de) || de.Fault != x.fault {
			t.Errorf("%v: %v, want %s", x.days, err, x.fault)
		}
	}
	maybe := ok
	maybe.Status = Candidate
	c, err := New([]Day{maybe, ok})
	if err != nil {
		t.Fatalf("a candidate beside the day that counts: %v", err)
	}
	if d, found := c.On(ok.Date); !found || d.Status == Candidate {
		t.Errorf("on %s: %v %v", ok.Date, d, found)
	}
	if _, found := c.On(ok.Date + 1); found {
		t.Error("a row for a day that has none")
	}
}

// An administrator's table replaces the seed.
func TestEditedTable(t *testing.T) {
	days := append(Seed(), Day{Date: date("2026-12-25"), Kind: SwappedOff, Name: "Nghỉ hoán đổi", Status: Decided})
	c, err := New(days)
	if err != nil {
		t.Fatal(err)
	}
	if c.IsWorking(date("2026-12-25")) || !Default().IsWorking(date("2026-12-25")) {
		t.Error("the edited table does not replace the seed, or changes it")
	}
}

func TestSeedSaysItsBasis(t *testing.T) {
	for _, d := range Seed() {
		if d.Basis == "" || d.Name == "" || d.Status == "" {
			t.Errorf("%s: no basis, name or status", d.Date)
		}
	}
	for _, bad := range []string{"2022-01-01 holiday law L19", "2022-13-01 holiday law L19 x", "2022-01-01 holiday law L19 x", "basis L19 y\n2022-01-03 swapped_workday law L19 x"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(seedText)
	f.Add("basis A b\n2022-01-03 holiday law A x\n# y\n")
	f.Fuzz(func(t *testing.T, text string) {
		days, err := parse(text)
		if err != nil {
			return
		}
		for _, d := range days {
			if d.check() != nil {
				t.Fatalf("%v is read and cannot be", d)
			}
		}
	})
}

// tables draws a table of days that New takes.
func tables(t *rapid.T) *Calendar {
	base := date("2024-01-01")
	var days []Day
	for _, off := range rapid.SliceOfDistinct(rapid.IntRange(0, 400), rapid.ID[int]).Draw(t, "days") {
		d := Day{Date: base + clock.Date(off), Kind: SwappedOff}
		if weekend(d.Date) {
			d.Kind = rapid.SampledFrom([]Kind{Holiday, SwappedWorkday}).Draw(t, "kind")
		}
		days = append(days, d)
	}
	c, err := New(days)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := tables(t)
		a := date("2024-06-01") + clock.Date(rapid.IntRange(-200, 200).Draw(t, "a"))
		n := rapid.IntRange(-60, 60).Draw(t, "n")
		b := c.AddWorking(a, n)
		if got := c.WorkingBetween(a, b); got != n {
			t.Fatalf("%s + %d = %s, and between them are %d", a, n, b, got)
		}
		if n != 0 && !c.IsWorking(b) {
			t.Fatalf("%s + %d = %s, which is off", a, n, b)
		}
		days := rapid.IntRange(0, 90).Draw(t, "days")
		end := c.Deadline(a, days)
		if !c.IsWorking(end) || end < a+clock.Date(days) || c.WorkingBetween(a+clock.Date(days)-1, end-1) > 0 {
			t.Fatalf("%d days from %s end on %s", days, a, end)
		}
		if c.Deadline(a, days+1) < end {
			t.Fatalf("a longer limit from %s ends sooner", a)
		}
		if w := c.DeadlineWorking(a, days); !c.IsWorking(w) || days > 0 && c.WorkingBetween(a, w) != days {
			t.Fatalf("%d working days from %s end on %s", days, a, w)
		}
	})
}

func TestBetweenAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := tables(t)
		d := func(name string) clock.Date {
			return date("2024-06-01") + clock.Date(rapid.IntRange(-150, 150).Draw(t, name))
		}
		x, y, z := d("x"), d("y"), d("z")
		if x > y {
			x, y = y, x
		}
		if y > z {
			z = y + (y - z)
		}
		if c.WorkingBetween(x, y)+c.WorkingBetween(y, z) != c.WorkingBetween(x, z) {
			t.Fatalf("%s, %s, %s: the parts do not add up", x, y, z)
		}
	})
}

func BenchmarkIsWorking(b *testing.B) {
	c, d := Default(), date("2026-01-10")
	for b.Loop() {
		c.IsWorking(d)
	}
}
