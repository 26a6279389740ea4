package access

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// Whoever holds a role that wants a second factor is let in with a password, without
// the role, until he has set one up.
func TestRolesWaitForASecondFactor(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.Set(Options{Base: h.srv.URL, Second: []module.Role{module.Admin}})
		acc := h.account(t, ctx, "quantri")
		_, err := h.Give(ctx, acc, Grant{Role: module.Admin, Unit: h.province}, "")
		must(t, err)
		_, err = h.Give(ctx, acc, Grant{Role: module.Compiler, Unit: h.province}, "")
		must(t, err)
		b := h.browser(t)
		if got := b.post("/access/sign-in", "name", "quantri", "password", goodPassword, "next", "/hello"); got.code != 303 || got.location != "/access/me#second" {
			t.Fatalf("%d %s", got.code, got.location)
		}
		if got := b.get("/access/me"); !strings.Contains(got.body, "Vai trò Quản trị hệ thống chưa có hiệu lực") {
			t.Errorf("nobody says what is to be done: %s", got.body)
		}
		if got := b.get("/access/keys"); got.code != 403 {
			t.Errorf("the role holds without a second factor: %d", got.code)
		}
		who, err := h.bySession(ctx, b.cookie(sessionCookie))
		must(t, err)
		if len(who.Grants) != 2 || who.Grants[0].Role != module.Compiler || who.Grants[1].Role != module.Learner {
			t.Errorf("other roles are kept back too: %+v", who.Grants)
		}

		in := as(ctx, who)
		secret, _, err := h.StartTOTP(in, goodPassword)
		must(t, err)
		code, err := totp.GenerateCode(secret, time.Now())
		must(t, err)
		_, err = h.ConfirmTOTP(in, code)
		must(t, err)
		if got := b.get("/access/keys"); got.code != 200 {
			t.Errorf("the role does not hold with a second factor: %d", got.code)
		}
		if err := h.SetTwoStep(in, false, goodPassword); !errors.Is(err, errs.Conflict) {
			t.Errorf("what a role wants was switched off: %v", err)
		}
	})
}

func TestSecondRolesAreChosen(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.Set(Options{Base: h.srv.URL})
		acc := h.account(t, ctx, "truongphong")
		_, err := h.Give(ctx, acc, Grant{Role: module.Head, Unit: h.commune}, "")
		must(t, err)
		b := h.browser(t)
		b.signIn("truongphong")
		if got := b.get("/access/users"); got.code != 200 {
			t.Fatalf("%d", got.code)
		}
		must(t, h.SetSecondRoles(ctx, []module.Role{module.Head, module.Learner, "vua"}))
		roles, err := h.SecondRoles(ctx)
		must(t, err)
		if !slices.Equal(roles, []module.Role{module.Head}) {
			t.Errorf("%v", roles)
		}
		if got := b.get("/access/users"); got.code != 403 {
			t.Errorf("a session from before keeps the role: %d", got.code)
		}
		must(t, h.SetSecondRoles(ctx, nil))
		if got := b.get("/access/users"); got.code != 200 {
			t.Errorf("the role is not given back: %d", got.code)
		}
	})
}
