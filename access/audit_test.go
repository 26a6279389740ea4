package access

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/module"
)

// write makes n entries and seals them.
func (h *house) write(t testing.TB, ctx context.Context, n int) {
	t.Helper()
	for i := range n {
		must(t, Audit(From(ctx, "10.0.0.1"), h.d, Entry{Action: "test.thing.edit", Unit: h.commune, Subject: fmt.Sprint("thing:", i),
			Detail: map[string]any{"số": i, "tên": "Đặng «x»\n"}, Read: i%3 == 0}))
	}
	_, err := h.Seal(ctx)
	must(t, err)
}

func (h *house) proof(t testing.TB, ctx context.Context) Proof {
	t.Helper()
	p, err := h.Verify(ctx)
	must(t, err)
	return p
}

func TestLogIsChained(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.write(t, ctx, 3)
		first := h.proof(t, ctx)
		if !first.Whole() || first.Last < 3 || first.Unsealed != 0 || first.House == "" {
			t.Fatalf("%+v", first)
		}
		must(t, Audit(ctx, h.d, Entry{Action: "test.thing.edit"}))
		if p := h.proof(t, ctx); !p.Whole() || p.Unsealed != 1 || p.Last != first.Last {
			t.Errorf("with one that waits: %+v", p)
		}
		h.write(t, ctx, sealBatch+10) // more than one go
		last := h.proof(t, ctx)
		if !last.Whole() || last.Last != first.Last+sealBatch+11 || last.Unsealed != 0 {
			t.Errorf("%+v", last)
		}
		if ok, err := h.Holds(ctx, Anchor{first.Last, first.Hash}); !ok || err != nil {
			t.Error("a link noted down is not there any more")
		}
		if ok, _ := h.Holds(ctx, Anchor{first.Last, last.Hash}); ok {
			t.Error("a link that never was is there")
		}
	})
}

// What fails or is undone leaves no entry.
func TestEntriesStandOrFallWithTheDeed(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.write(t, ctx, 1)
		before := h.proof(t, ctx)
		err := h.d.Tx(ctx, func(ctx context.Context) error {
			must(t, Audit(ctx, h.d, Entry{Action: "test.thing.edit"}))
			return errs.Invalid
		})
		if err == nil {
			t.Fatal("it was to fail")
		}
		if p := h.proof(t, ctx); p.Unsealed != 0 || p.Last != before.Last {
			t.Errorf("%+v", p)
		}
	})
}

// Two nodes that seal at once make one chain.
func TestTwoNodesSeal(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.write(t, ctx, 1)
		other := New(h.d, h.org, event.New(h.jobs), h.jobs)
		var wg sync.WaitGroup
		for _, node := range []*Access{h.Access, other} {
			wg.Go(func() {
				ctx := System(db.Guard(context.Background()))
				for i := range 20 {
					if err := Audit(ctx, h.d, Entry{Action: "test.thing.edit", Subject: fmt.Sprint(i)}); err != nil {
						t.Error(err)
					}
					if _, err := node.Seal(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		_, err := h.Seal(ctx)
		must(t, err)
		if p := h.proof(t, ctx); !p.Whole() || p.Unsealed != 0 {
			t.Errorf("%+v", p)
		}
	})
}

// tamper changes the log behind the house's back, guards of the engine taken away.
func (h *house) tamper(t testing.TB, ctx context.Context, query string, args ...any) {
	t.Helper()
	for _, table := range []string{"access_audit", "access_seal"} {
		drops := []string{"drop trigger if exists " + table + "_keep_u", "drop trigger if exists " + table + "_keep_d"}
		if h.d.Postgres() {
			drops = []string{"drop trigger if exists " + table + "_keep on " + table, "alter table access_seal drop constraint if exists access_seal_audit_id_fkey"}
		} else {
			drops = append(drops, "pragma defer_foreign_keys = on")
		}
		for _, q := range drops {
			_, err := h.d.Exec(ctx, q)
			must(t, err)
		}
	}
	n, err := h.d.Exec(ctx, query, args...)
	must(t, err)
	if n == 0 {
		t.Fatalf("%s changed nothing", query)
	}
}

func TestEngineGuardsTheLog(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.write(t, ctx, 3)
		for _, q := range []string{`update access_audit set actor = 'x'`, `delete from access_audit`, `update access_seal set hash = 'x'`,
			`delete from access_seal`, `delete from access_seal where seq = (select max(seq) from access_seal)`} {
			if _, err := h.d.Exec(ctx, q); err == nil {
				t.Errorf("%s was carried out", q)
			}
		}
		if p := h.proof(t, ctx); !p.Whole() {
			t.Errorf("%+v", p)
		}
	})
}

var errUndo = errors.New("undo")

// undone runs test in a transaction that leaves nothing behind.
func (h *house) undone(t *testing.T, ctx context.Context, test func(ctx context.Context)) {
	t.Helper()
	err := h.d.Tx(ctx, func(ctx context.Context) error {
		test(ctx)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
}

func TestTamperingIsFound(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.write(t, ctx, 8)
		for name, c := range map[string]struct {
			query string
			what  string
		}{
			"another name":      {`update access_audit set actor = 'ai đó' where id = (select audit_id from access_seal where seq = 3)`, Changed},
			"another time":      {`update access_audit set at = at + 1 where id = (select audit_id from access_seal where seq = 3)`, Changed},
			"another unit":      {`update access_audit set unit_id = null where unit_id is not null`, Changed},
			"a read, a change":  {`update access_audit set is_read = not is_read where id = (select audit_id from access_seal where seq = 3)`, Changed},
			"a link removed":    {`delete from access_seal where seq = 3`, Missing},
			"the first removed": {`delete from access_seal where seq = 1`, Missing},
			"an entry removed":  {`delete from access_audit where id = (select audit_id from access_seal where seq = 3)`, Missing},
			"moved":             {`update access_seal set seq = -seq where seq in (3, 4)`, Missing},
			"hash made anew":    {`update access_audit set hash = '00' where id = (select audit_id from access_seal where seq = 3)`, Changed},
			"link made anew":    {`update access_seal set hash = '00' where seq = 3`, Moved},
			"no link":           {`delete from access_seal where seq = (select max(seq) from access_seal)`, Loose},
		} {
			h.undone(t, ctx, func(ctx context.Context) {
				h.tamper(t, ctx, c.query)
				p := h.proof(t, ctx)
				if !slices.ContainsFunc(p.Faults, func(f Fault) bool { return f.What == c.what }) {
					t.Errorf("%s: %+v", name, p)
				}
			})
		}
		if p := h.proof(t, ctx); !p.Whole() {
			t.Errorf("%+v", p)
		}
	})
}

// Reordering: two entries change places in the chain, with everything that can be
// computed made to fit but the links after them.
func TestReorderingIsFound(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.write(t, ctx, 8)
		ids, err := db.All[string](ctx, h.d, `select audit_id from access_seal where seq in (3, 4) order by seq`)
		must(t, err)
		h.tamper(t, ctx, `update access_seal set seq = -seq where seq in (3, 4)`)
		h.tamper(t, ctx, `update access_seal set seq = 4 where audit_id = $1`, ids[0])
		h.tamper(t, ctx, `update access_seal set seq = 3 where audit_id = $1`, ids[1])
		if p := h.proof(t, ctx); p.Whole() || p.Faults[0].What != Moved || p.Faults[0].Seq != 3 {
			t.Errorf("%+v", p)
		}
	})
}

// The end of the log cut off, entries and links: the rest is whole, and only what
// was noted down outside shows it.
func TestCuttingOffIsFoundByAnAnchor(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.write(t, ctx, 8)
		p := h.proof(t, ctx)
		h.tamper(t, ctx, `delete from access_seal where seq > 4`)
		h.tamper(t, ctx, `delete from access_audit where id not in (select audit_id from access_seal)`)
		if now := h.proof(t, ctx); !now.Whole() || now.Last != 4 {
			t.Errorf("%+v", now)
		}
		if ok, err := h.Holds(ctx, Anchor{p.Last, p.Hash}); ok || err != nil {
			t.Errorf("%v %v", ok, err)
		}
	})
}

func (h *house) exported(t testing.TB, ctx context.Context, from, to clock.Date) string {
	t.Helper()
	var b bytes.Buffer
	must(t, h.Export(ctx, &b, from, to))
	return b.String()
}

func TestExportProvesItself(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.write(t, ctx, 4)
		h.write(t, clock.At(ctx, clock.Now(ctx).AddDate(0, 0, 1)), 6)
		today := clock.Today(ctx) + 1
		whole, part := h.exported(t, ctx, 0, 0), h.exported(t, ctx, today, today+1)
		for name, text := range map[string]string{"whole": whole, "part": part} {
			p, err := VerifyExport(strings.NewReader(text))
			if err != nil || !p.Whole() {
				t.Errorf("%s: %+v %v", name, p, err)
			}
		}
		p, err := VerifyExport(strings.NewReader(part))
		must(t, err)
		if p.First <= 1 || !strings.Contains(part, "Đặng «x»") {
			t.Errorf("%+v", p)
		}
		if ok, err := h.Holds(ctx, Anchor{p.Last, p.Hash}); !ok || err != nil {
			t.Error("the end of the export is no link of the log")
		}
		lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
		join := func(l ...[]string) string {
			var b strings.Builder
			for _, part := range l {
				b.WriteString(strings.Join(part, ""))
			}
			return b.String()
		}
		for name, text := range map[string]string{
			"changed":    strings.Replace(whole, "Đặng", "Dang", 1),
			"read":       strings.Replace(whole, `"kind":"read"`, `"kind":"change"`, 1),
			"removed":    join(lines[:3], lines[4:]),
			"reordered":  join(lines[:3], lines[4:5], lines[3:4], lines[5:]),
			"repeated":   join(lines[:4], lines[3:]),
			"end":        join(lines[:len(lines)-2], lines[len(lines)-1:]),
			"first":      join(lines[:1], lines[2:]),
			"house":      strings.Replace(whole, p.House, "another", 1),
			"other past": strings.Replace(part, `"first":`, `"first":1,"x":`, 1),
		} {
			if p, err := VerifyExport(strings.NewReader(text)); err == nil && p.Whole() {
				t.Errorf("%s: nothing is found", name)
			}
		}
		for name, text := range map[string]string{"nothing": "", "something else": `{"format":"x"}`, "cut short": join(lines[:len(lines)-1]), "half a line": whole[:len(whole)/2]} {
			if _, err := VerifyExport(strings.NewReader(text)); err == nil {
				t.Errorf("%s is an export", name)
			}
		}
		if err := h.Export(ctx, &bytes.Buffer{}, today+5, 0); !errors.Is(err, errs.NotFound) {
			t.Errorf("nothing to export: %v", err)
		}
	})
}

func FuzzVerifyExport(f *testing.F) {
	f.Add(`{"format":"lotrinh-audit-1","house":"h","first":1,"previous":""}` + "\n" + `{"seq":1,"entry":{"id":"x","at":3,"kind":"read"},"link":"y"}` + "\n" + `{"last":1,"count":1,"link":"y"}`)
	f.Add(`{"format":"lotrinh-audit-1","first":-9223372036854775808}` + "\n" + `{"seq":9223372036854775807,"link":"y"}`)
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := VerifyExport(strings.NewReader(s)); err == nil && p.Whole() && strings.Contains(s, `"seq":1`) && p.First == 1 && p.Last > 0 {
			t.Skip("a whole export found by chance")
		}
	})
}

// Who sees what of the log.
func TestLogIsNarrowed(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.write(t, ctx, 3)
		must(t, Audit(ctx, h.d, Entry{Action: "test.house.edit", Subject: "no unit"}))
		count := func(ctx context.Context, f LogFilter) int {
			list, total, err := h.Log(ctx, f)
			must(t, err)
			if len(list) != min(total, 50) {
				t.Errorf("%d of %d", len(list), total)
			}
			return total
		}
		at := func(unit string) context.Context {
			id := h.account(t, ctx, "n"+strings.ToLower(drawCode(6)))
			_, err := h.Give(ctx, id, Grant{Role: module.Supervisor, Unit: map[string]org.UnitID{"p": h.province, "c": h.commune, "o": h.other}[unit]}, "")
			must(t, err)
			return h.as(t, ctx, id)
		}
		thing := LogFilter{Action: "test.thing.edit"}
		none := LogFilter{Subject: "no unit"}
		for unit, want := range map[string][2]int{"p": {3, 1}, "c": {3, 0}, "o": {0, 0}} {
			acting := at(unit)
			if a, b := count(acting, thing), count(acting, none); a != want[0] || b != want[1] {
				t.Errorf("%s sees %d and %d, want %v", unit, a, b, want)
			}
		}
		today := clock.Today(ctx)
		for i, c := range []struct {
			f    LogFilter
			want int
		}{
			{LogFilter{Action: "test.thing.edit", Kind: "read"}, 1}, {LogFilter{Action: "test.thing.edit", Kind: "change"}, 2},
			{LogFilter{Action: "test.thing.edit", From: today, To: today + 1}, 3}, {LogFilter{Action: "test.thing.edit", To: today}, 0},
			{LogFilter{Action: "test.thing.edit", Unit: h.district}, 3}, {LogFilter{Action: "test.thing.edit", Unit: h.other}, 0},
			{LogFilter{Subject: "thing:1"}, 1},
		} {
			if got := count(ctx, c.f); got != c.want {
				t.Errorf("%d: %d, want %d", i, got, c.want)
			}
		}
		if n := count(ctx, LogFilter{Action: ViewAudit}); n < 10 {
			t.Errorf("looking at the log was noted %d times", n)
		}
	})
}

func BenchmarkAudit(b *testing.B) {
	h := benchHouse(b)
	ctx := System(context.Background())
	b.Run("alone", func(b *testing.B) {
		for b.Loop() {
			must(b, Audit(ctx, h.d, Entry{Action: "test.thing.edit", Unit: h.commune, Subject: "x", Detail: map[string]any{"n": 1}}))
		}
	})
	b.Run("in a transaction", func(b *testing.B) {
		must(b, h.d.Tx(ctx, func(ctx context.Context) error {
			for b.Loop() {
				must(b, Audit(ctx, h.d, Entry{Action: "test.thing.edit", Unit: h.commune, Subject: "x", Detail: map[string]any{"n": 1}}))
			}
			return nil
		}))
	})
	b.Run("seal and verify", func(b *testing.B) {
		_, err := h.Seal(ctx)
		must(b, err)
		var n int64
		for b.Loop() {
			n = h.proof(b, ctx).Last
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "links/s")
	})
}
