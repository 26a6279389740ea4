package access

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

// holder opens an account with a role on the whole province.
func (h *house) holder(t testing.TB, ctx context.Context, name string, role module.Role) AccountID {
	t.Helper()
	id := h.account(t, ctx, name)
	_, err := h.Give(ctx, id, Grant{Role: role, Unit: h.province, Delegable: false}, "")
	must(t, err)
	return id
}

var rawKey = regexp.MustCompile(`(access|error|ui)\.[a-z]+[.-][a-z.-]+`)

// Every page is drawn, in both languages, without a message key left in it.
func TestPagesAreDrawn(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.Set(Options{Base: "http://localhost", Demo: true})
		admin := h.holder(t, ctx, "admin", module.Admin)
		must(t, h.OpenDemo(ctx, module.Head, "Trần Văn Đứng", "", h.commune))
		_, err := h.Seal(ctx)
		must(t, err)
		stranger, b := h.browser(t), h.browser(t)
		b.signIn("admin")
		b.post("/access/me/corrections", "text", "Sai ngày sinh")
		unit := url.QueryEscape(string(h.commune))
		for _, l := range i18n.Langs {
			for _, path := range []string{"/access/sign-in", "/access/first"} {
				checkPage(t, stranger, path, l)
			}
			for _, path := range []string{"/access/me", "/access/me/password", "/access/me/data", "/access/users", "/access/users?unit=" + unit + "&q=dung",
				"/access/users/new?unit=" + unit, "/access/users/import?unit=" + unit, "/access/users/" + string(admin), "/access/grants", "/access/roles",
				"/access/audit", "/access/audit?verify=1", "/access/audit?kind=read&from=01/01/2020&to=31/12/2099", "/access/keys", "/access/corrections"} {
				checkPage(t, b, path, l)
			}
		}
	})
}

func checkPage(t *testing.T, b *browser, path string, l i18n.Lang) {
	t.Helper()
	r := b.request("GET", path, nil)
	r.AddCookie(&http.Cookie{Name: "view", Value: string(l)})
	got := b.do(r)
	if got.code != 200 || !strings.Contains(got.body, "<h1>") {
		t.Errorf("%s: %d %.300s", path, got.code, got.body)
	}
	text := regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>`).ReplaceAllString(got.body, " ")
	for _, key := range rawKey.FindAllString(text, -1) {
		if !i18n.Has(l, key) {
			t.Errorf("%s shows %q", path, key)
		}
	}
}
