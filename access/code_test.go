package access

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

func (h *house) fresh(t testing.TB, ctx context.Context, name string) AccountID {
	t.Helper()
	id, err := h.OpenAccount(ctx, NewAccount{Name: name, Title: "Người " + name, Email: name + "@quangnam.gov.vn", Unit: h.commune})
	must(t, err)
	return id
}

// The way of a slip: printed, typed in with blanks and small letters, a password
// chosen, and then the code is dead.
func TestFirstSignIn(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.fresh(t, ctx, "lanvt")
		slips, err := h.Issue(ctx, id)
		must(t, err)
		code := slips[0].Code
		if len(code) != codeLength || strings.Trim(code, codeLetters) != "" {
			t.Fatalf("the code is %q", code)
		}
		b := h.browser(t)
		if got := b.post("/access/sign-in", "name", "lanvt", "password", code); got.code != 422 {
			t.Errorf("the code serves as a password: %d", got.code)
		}
		if got := b.get("/access/first?code=" + code); got.code != 200 || !strings.Contains(got.body, code) {
			t.Fatalf("the page from the QR code: %d", got.code)
		}
		typed := strings.ToLower(code[:4] + " " + code[4:8] + "-" + code[8:])
		if got := b.post("/access/first", "code", typed); got.location != "/access/first/password" {
			t.Fatalf("%d %s", got.code, got.body)
		}
		if got := b.get("/access/first/password"); !strings.Contains(got.body, "Người lanvt") || !strings.Contains(got.body, "Xã Tam Xuân I") {
			t.Errorf("it is not said whose account it is: %s", got.body)
		}
		if got := b.post("/access/first/password", "password", "lanvt12345"); got.code != 422 {
			t.Errorf("a weak password: %d", got.code)
		}
		if got := b.post("/access/first/password", "password", goodPassword); got.code != 303 || got.location != "/" {
			t.Fatalf("%d %s", got.code, got.body)
		}
		if got := b.get("/hello"); got.code != 200 {
			t.Errorf("not signed in: %d", got.code)
		}
		other := h.browser(t)
		if got := other.post("/access/first", "code", code); got.code != 422 {
			t.Errorf("the code lives on: %d", got.code)
		}
		if got := b.post("/access/first/password", "password", goodPassword+"-2"); got.code != 422 {
			t.Errorf("the step lives on: %d", got.code)
		}
		other.signIn("lanvt")
		kept, err := db.One[string](ctx, h.d, `select code_hash from access_code`)
		must(t, err)
		if strings.Contains(kept, code) || kept == hashToken(code) {
			t.Error("the code is kept as it is")
		}
	})
}

func TestCodesEnd(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.fresh(t, ctx, "lanvt")
		issue := func() string {
			slips, err := h.Issue(ctx, id)
			must(t, err)
			return slips[0].Code
		}
		first, second := issue(), issue()
		if _, err := h.ByCode(ctx, first); !errors.Is(err, errs.Invalid) {
			t.Errorf("a code that another replaced: %v", err)
		}
		late := clock.At(ctx, time.Now().Add(31*24*time.Hour))
		if _, err := h.ByCode(late, second); !errors.Is(err, errs.Invalid) {
			t.Errorf("a code after its time: %v", err)
		}
		one, err := h.ByCode(ctx, second)
		must(t, err)
		two, err := h.ByCode(ctx, second)
		must(t, err)
		_, err = h.FirstPassword(ctx, one, goodPassword)
		must(t, err)
		if _, err = h.FirstPassword(ctx, two, goodPassword); !errors.Is(err, errs.Invalid) {
			t.Errorf("two steps of one code: %v", err)
		}
		third := issue()
		step, err := h.ByCode(ctx, third)
		must(t, err)
		must(t, h.Disable(ctx, id))
		if _, err = h.FirstPassword(ctx, step, goodPassword); err == nil {
			t.Error("a disabled account got a password")
		}
		if _, err := h.Issue(ctx, id); !errors.Is(err, errs.Conflict) {
			t.Errorf("a code for a disabled account: %v", err)
		}
		from := From(ctx, "203.0.113.9")
		for i := range pairFree + 1 {
			if _, err = h.ByCode(from, drawCode(codeLength)); i == pairFree && !errors.Is(err, errs.Busy) {
				t.Errorf("guess %d at codes: %v", i, err)
			}
		}
	})
}

func TestSlipsArePaper(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.Set(Options{Base: "https://daotao.quangnam.gov.vn"})
		h.holder(t, ctx, "admin", "admin")
		h.fresh(t, ctx, "lanvt")
		h.fresh(t, ctx, "anhvt")
		b := h.browser(t)
		h.Set(Options{Base: "http://127.0.0.1"})
		b.signIn("admin")
		got := b.post("/access/users/slips", "unit", string(h.district))
		if got.code != 200 || !strings.HasPrefix(got.body, "%PDF-") || got.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d %.200s", got.code, got.body)
		}
		if got := b.post("/access/users/slips", "unit", string(h.other)); got.code != http.StatusConflict {
			t.Errorf("slips for nobody: %d", got.code)
		}
	})
}

func TestCodesAreEven(t *testing.T) {
	count := map[rune]int{}
	for range 2000 {
		for _, r := range drawCode(codeLength) {
			count[r]++
		}
	}
	for _, r := range codeLetters {
		if n := count[r]; n < 550 || n > 1000 { // 774 on average, sigma 27
			t.Errorf("%c comes %d times", r, n)
		}
	}
}

func BenchmarkSlips(b *testing.B) {
	h := benchHouse(b)
	ctx := System(db.Guard(context.Background()))
	var ids []AccountID
	for range 200 {
		ids = append(ids, h.fresh(b, ctx, "n"+strings.ToLower(drawCode(8))))
	}
	for b.Loop() {
		slips, err := h.Issue(ctx, ids...)
		must(b, err)
		var out bytes.Buffer
		must(b, h.paper(ctx, slips).Write(&out))
	}
	b.ReportMetric(200*float64(b.N)/b.Elapsed().Seconds(), "slips/s")
}
