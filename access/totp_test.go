package access

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

var (
	secretRule   = regexp.MustCompile(`<code>([A-Z2-7 ]{32,})</code>`)
	recoveryRule = regexp.MustCompile(`<code>([2-9A-Z]{5}-[2-9A-Z]{5})</code>`)
)

// secondFactor sets up one-time passwords in a browser that is signed in.
func (b *browser) secondFactor() (secret string, recovery []string) {
	b.t.Helper()
	got := b.post("/access/me/totp", "old", goodPassword)
	m := secretRule.FindStringSubmatch(got.body)
	if m == nil || !strings.Contains(got.body, "data:image/png;base64,") {
		b.t.Fatalf("no secret: %d %s", got.code, got.body)
	}
	secret = strings.ReplaceAll(m[1], " ", "")
	got = b.post("/access/me/totp/confirm", "code", b.totp(secret, 0))
	for _, m := range recoveryRule.FindAllStringSubmatch(got.body, -1) {
		recovery = append(recovery, m[1])
	}
	if len(recovery) != recoveryCodes {
		b.t.Fatalf("%d recovery codes: %d %s", len(recovery), got.code, got.body)
	}
	return secret, recovery
}

func (b *browser) totp(secret string, later time.Duration) string {
	b.t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(later))
	must(b.t, err)
	return code
}

func TestSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.account(t, ctx, "binh")
		b := h.browser(t)
		b.signIn("binh")
		if got := b.post("/access/me/totp", "old", "not the password"); got.code != 422 {
			t.Errorf("set up without the password: %d", got.code)
		}
		before := b.cookie(sessionCookie)
		secret, recovery := b.secondFactor()
		if b.cookie(sessionCookie) == before {
			t.Error("the session's token stays though it may do more")
		}
		kept, err := db.One[string](ctx, h.d, `select totp from access_account where id = $1`, id)
		must(t, err)
		if kept == "" || strings.Contains(kept, secret) {
			t.Error("the secret is kept as it is")
		}
		var phone *browser
		step := func() {
			t.Helper()
			phone = h.browser(t)
			if got := phone.post("/access/sign-in", "name", "binh", "password", goodPassword, "next", "/hello"); got.location != "/access/second" {
				t.Fatalf("%d %q", got.code, got.location)
			}
			if got := phone.get("/hello"); got.code != 401 {
				t.Fatalf("the password alone opens: %d", got.code)
			}
		}
		step()
		if got := phone.get("/access/second"); got.code != 200 {
			t.Fatalf("the page: %d", got.code)
		}
		if got := phone.post("/access/second", "code", "000000"); got.code != 422 {
			t.Errorf("a wrong code: %d", got.code)
		}
		now := b.totp(secret, 30*time.Second)
		if got := phone.post("/access/second", "code", now); got.code != 303 || got.location != "/hello" {
			t.Fatalf("the right code: %d %s", got.code, got.body)
		}
		if got := phone.get("/hello"); got.code != 200 {
			t.Errorf("%d", got.code)
		}
		if got := phone.post("/access/second", "code", now); got.location != "/access/sign-in" {
			t.Errorf("the step lives on: %d", got.code)
		}
		step()
		if got := phone.post("/access/second", "code", now); got.code != 422 {
			t.Errorf("a code that was seen is used again: %d", got.code)
		}
		if got := phone.post("/access/second", "code", strings.ToLower(recovery[3])); got.code != 303 {
			t.Errorf("a recovery code: %d", got.code)
		}
		step()
		if got := phone.post("/access/second", "code", recovery[3]); got.code != 422 {
			t.Errorf("a recovery code twice: %d", got.code)
		}
		if got := phone.post("/access/me/totp/drop", "old", goodPassword); got.code != 303 && got.code != 401 {
			t.Errorf("drop: %d", got.code)
		}
		if got := b.post("/access/me/totp/drop", "old", goodPassword); got.code != 303 {
			t.Errorf("drop: %d %s", got.code, got.body)
		}
		h.browser(t).signIn("binh")
	})
}

func TestSecondFactorIsGuessedSlowly(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.account(t, ctx, "binh")
		b := h.browser(t)
		b.signIn("binh")
		b.secondFactor()
		acc, err := h.WithPassword(ctx, "binh", goodPassword, "")
		must(t, err)
		token, err := h.openStep(ctx, stepSecond, acc.ID, arrival{})
		must(t, err)
		for range pairFree {
			_, _, err = h.Second(From(ctx, "203.0.113.7"), token, "000000")
		}
		if _, _, err = h.Second(From(ctx, "203.0.113.7"), token, "000000"); !errors.Is(err, errs.Busy) {
			t.Errorf("guess after guess: %v", err)
		}
		late := clock.At(ctx, time.Now().Add(stepLife+time.Second))
		if _, _, err = h.Second(late, token, "000000"); !errors.Is(err, errs.Invalid) {
			t.Errorf("a step after its time: %v", err)
		}
	})
}

// A key of another house opens nothing, and a secret cannot be moved to another
// account.
func TestSecretsAreBoundToTheirPlace(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		hidden, err := h.encipher(ctx, "secret", "totp:a")
		must(t, err)
		if got, err := h.decipher(ctx, hidden, "totp:a"); err != nil || got != "secret" {
			t.Fatalf("%q %v", got, err)
		}
		if _, err := h.decipher(ctx, hidden, "totp:b"); err == nil {
			t.Error("it opens in another place")
		}
		h.Set(Options{Key: []byte("another key")})
		if _, err := h.decipher(ctx, hidden, "totp:a"); err == nil {
			t.Error("it opens with another key")
		}
		for _, bad := range []string{"", "AAAA", "no base64!"} {
			if _, err := h.decipher(ctx, bad, "totp:a"); err == nil {
				t.Errorf("%q opens", bad)
			}
		}
	})
}
