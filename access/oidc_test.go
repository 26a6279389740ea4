package access

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"lotrinh/org"
	"lotrinh/platform/clock"
)

// vouch is a provider of OpenID Connect: discovery, keys, code flow with PKCE, and
// a page about the user. What it says, and how it lies, is set by the test.
type vouch struct {
	t      testing.TB
	srv    *httptest.Server
	key    *rsa.PrivateKey
	codes  map[string]url.Values // by code: what the authorization request said
	claims map[string]any        // in the ID token
	info   map[string]any        // on the page about the user
	lie    func(claims map[string]any)
	signer *rsa.PrivateKey // signs in place of key
	down   bool
}

func newVouch(t testing.TB) *vouch {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	v := &vouch{t: t, key: key, signer: key, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", v.discovery)
	mux.HandleFunc("GET /keys", v.keys)
	mux.HandleFunc("GET /authorize", v.authorize)
	mux.HandleFunc("POST /token", v.token)
	mux.HandleFunc("GET /userinfo", v.userinfo)
	v.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v.down {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(v.srv.Close)
	return v
}

func (v *vouch) provider() Provider {
	return Provider{Name: "cong", Title: "Cổng tỉnh", Issuer: v.srv.URL, ID: "lotrinh", Secret: "s3cret", Scopes: []string{"email"},
		Claims: Claims{Number: "identity.number", Email: "email", Verified: "email_verified", Name: "preferred_username"},
		Match:  []string{"number", "email", "name"}}
}

func (v *vouch) write(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		v.t.Error(err)
	}
}

func (v *vouch) discovery(w http.ResponseWriter, _ *http.Request) {
	v.write(w, map[string]any{"issuer": v.srv.URL, "authorization_endpoint": v.srv.URL + "/authorize", "token_endpoint": v.srv.URL + "/token",
		"jwks_uri": v.srv.URL + "/keys", "userinfo_endpoint": v.srv.URL + "/userinfo", "id_token_signing_alg_values_supported": []string{"RS256"}})
}

func (v *vouch) keys(w http.ResponseWriter, _ *http.Request) {
	v.write(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &v.key.PublicKey, KeyID: "k1", Algorithm: "RS256", Use: "sig"}}})
}

func (v *vouch) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != "lotrinh" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" ||
		!strings.Contains(q.Get("scope"), "openid") || q.Get("state") == "" || q.Get("nonce") == "" {
		v.t.Errorf("the request is %v", q)
	}
	code := rand.Text()
	v.codes[code] = q
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (v *vouch) token(w http.ResponseWriter, r *http.Request) {
	q, ok := v.codes[r.PostFormValue("code")]
	delete(v.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, _ := r.BasicAuth()
	if !ok || base64.RawURLEncoding.EncodeToString(sum[:]) != q.Get("code_challenge") || id != "lotrinh" || secret != "s3cret" ||
		r.PostFormValue("redirect_uri") != q.Get("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		v.write(w, map[string]any{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{"iss": v.srv.URL, "aud": "lotrinh", "sub": "s-1", "nonce": q.Get("nonce"),
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix()}
	for k, x := range v.claims {
		claims[k] = x
	}
	if v.lie != nil {
		v.lie(claims)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: v.signer, KeyID: "k1"}}, nil)
	must(v.t, err)
	raw, err := jwt.Signed(signer).Claims(claims).Serialize()
	must(v.t, err)
	v.write(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": raw})
}

func (v *vouch) userinfo(w http.ResponseWriter, _ *http.Request) {
	body := map[string]any{"sub": "s-1"}
	for k, x := range v.info {
		body[k] = x
	}
	v.write(w, body)
}

// visit goes the whole way: to the provider, and back with what it answers.
func (b *browser) visit() answer {
	b.t.Helper()
	got := b.get("/access/oidc/cong?next=/hello")
	for got.code == http.StatusFound {
		r, err := http.NewRequest("GET", got.location, nil)
		must(b.t, err)
		got = b.do(r)
	}
	return got
}

func withProvider(t *testing.T, test func(t *testing.T, ctx context.Context, h *house, v *vouch)) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		v := newVouch(t)
		h.Set(Options{Base: h.srv.URL, Sign: []Provider{v.provider()}})
		test(t, ctx, h, v)
	})
}

func TestProviderSignsIn(t *testing.T) {
	withProvider(t, func(t *testing.T, ctx context.Context, h *house, v *vouch) {
		h.org.SetNumberKey([]byte("key"))
		people, err := h.org.AddPeople(ctx, org.NewPerson{Name: "Trần Thị Bích", Number: "049185000123",
			Post: org.Post{Unit: h.commune, Category: org.CivilServant, From: clock.MustDate("2021-01-01")}})
		must(t, err)
		made, err := h.OpenForUnit(ctx, h.province)
		must(t, err)
		if len(made) != 1 {
			t.Fatalf("%d accounts", len(made))
		}
		v.claims = map[string]any{"identity": map[string]any{"number": "049 185 000 123"}}
		b := h.browser(t)
		if got := b.get("/access/sign-in"); !strings.Contains(got.body, "Đăng nhập bằng Cổng tỉnh") {
			t.Error("the provider is not offered")
		}
		if got := b.visit(); got.code != 303 || got.location != "/hello" {
			t.Fatalf("by number: %d %s", got.code, got.body)
		}
		if got := b.get("/hello"); got.body != "hello Trần Thị Bích" {
			t.Errorf("%d %s", got.code, got.body)
		}
		acc, err := h.accountByID(ctx, made[0])
		must(t, err)
		if acc.Person != people[0] || acc.State != Active {
			t.Errorf("%+v", acc)
		}
		v.claims = nil // the link is kept: the number need not come again
		if got := h.browser(t).visit(); got.code != 303 {
			t.Errorf("the second time: %d", got.code)
		}
		must(t, h.Disable(ctx, made[0]))
		if got := h.browser(t).visit(); got.code != http.StatusForbidden {
			t.Errorf("a disabled account: %d", got.code)
		}
	})
}

func TestProviderIsMatchedByConfiguration(t *testing.T) {
	withProvider(t, func(t *testing.T, ctx context.Context, h *house, v *vouch) {
		h.fresh(t, ctx, "lanvt")
		h.fresh(t, ctx, "anhvt")
		try := func(what string, want int) {
			t.Helper()
			if got := h.browser(t).visit(); got.code != want {
				t.Errorf("%s: %d, want %d", what, got.code, want)
			}
		}
		try("nothing is told", http.StatusForbidden)
		v.claims = map[string]any{"email": "lanvt@quangnam.gov.vn"}
		try("an address that was not proved", http.StatusForbidden)
		v.claims = map[string]any{"email": "LANVT@quangnam.gov.vn", "email_verified": true}
		try("a proved address", http.StatusSeeOther)
		v.claims = map[string]any{"sub": "s-2"}
		v.info = map[string]any{"sub": "s-2", "preferred_username": "anhvt"}
		try("a name from the page about the user", http.StatusSeeOther)
		v.claims = map[string]any{"sub": "s-3"}
		v.info = map[string]any{"sub": "s-4", "preferred_username": "anhvt"}
		try("the page speaks of someone else", http.StatusUnprocessableEntity)
		_, err := h.OpenAccount(ctx, NewAccount{Name: "lanvt2", Title: "Lan", Email: "lanvt@quangnam.gov.vn", Unit: h.commune})
		must(t, err)
		v.claims, v.info = map[string]any{"sub": "s-5", "email": "lanvt@quangnam.gov.vn", "email_verified": true}, map[string]any{"sub": "s-5"}
		try("two accounts of one address", http.StatusForbidden)
	})
}

// Nothing but the provider's own fresh answer to this browser's question opens.
func TestProviderIsNotFooled(t *testing.T) {
	withProvider(t, func(t *testing.T, ctx context.Context, h *house, v *vouch) {
		h.fresh(t, ctx, "lanvt")
		v.claims = map[string]any{"preferred_username": "lanvt"}
		stranger, err := rsa.GenerateKey(rand.Reader, 2048)
		must(t, err)
		for what, lie := range map[string]func(map[string]any){
			"another nonce":    func(c map[string]any) { c["nonce"] = "x" },
			"another audience": func(c map[string]any) { c["aud"] = "other" },
			"another issuer":   func(c map[string]any) { c["iss"] = "https://evil.example" },
			"an old token":     func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() },
		} {
			v.lie = lie
			if got := h.browser(t).visit(); got.code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", what, got.code)
			}
		}
		v.lie, v.signer = nil, stranger
		if got := h.browser(t).visit(); got.code != http.StatusUnprocessableEntity {
			t.Errorf("another key: %d", got.code)
		}
		v.signer = v.key
		back := func(b, asked *browser, change func(url.Values)) int {
			t.Helper()
			got := asked.get("/access/oidc/cong?next=https://evil.example/")
			r, err := http.NewRequest("GET", got.location, nil)
			must(t, err)
			u, err := url.Parse(asked.do(r).location)
			must(t, err)
			q := u.Query()
			change(q)
			return b.get(u.Path + "?" + q.Encode()).code
		}
		one, two := h.browser(t), h.browser(t)
		if code := back(two, one, func(url.Values) {}); code != http.StatusUnprocessableEntity {
			t.Errorf("an answer in a browser that did not ask: %d", code)
		}
		if code := back(one, one, func(q url.Values) { q.Set("state", "x") }); code != http.StatusUnprocessableEntity {
			t.Errorf("another state: %d", code)
		}
		if code := back(one, one, func(q url.Values) { q.Set("code", "x") }); code != http.StatusUnprocessableEntity {
			t.Errorf("another code: %d", code)
		}
		if code := back(one, one, func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }); code != http.StatusUnprocessableEntity {
			t.Errorf("the user said no: %d", code)
		}
		got := one.get("/access/oidc/cong?next=https://evil.example/")
		r, _ := http.NewRequest("GET", got.location, nil)
		if got = one.do(r); got.code != http.StatusFound {
			t.Fatalf("%d", got.code)
		}
		r, _ = http.NewRequest("GET", got.location, nil)
		if got = one.do(r); got.code != http.StatusSeeOther || got.location != "/" {
			t.Errorf("back to another house: %d %q", got.code, got.location)
		}
		if got := one.get("/access/oidc/none"); got.code != http.StatusNotFound {
			t.Errorf("a provider that is not there: %d", got.code)
		}
	})
}

func TestProviderAway(t *testing.T) {
	withProvider(t, func(t *testing.T, ctx context.Context, h *house, v *vouch) {
		v.down = true
		for range 2 {
			if got := h.browser(t).get("/access/oidc/cong"); got.code != http.StatusTooManyRequests {
				t.Errorf("%d", got.code)
			}
		}
		v.down = false
		h.providers["cong"].away = time.Time{} // the pause is over
		if got := h.browser(t).get("/access/oidc/cong"); got.code != http.StatusFound {
			t.Errorf("it is back: %d", got.code)
		}
	})
}

func TestReadProviders(t *testing.T) {
	good := `[{"name":"vneid","title":"VNeID","issuer":"https://id.example","client_id":"x","claims":{"number":"citizen_id"},"match":["number"]}]`
	all, err := ReadProviders(strings.NewReader(good))
	if err != nil || len(all) != 1 || all[0].Claims.Number != "citizen_id" {
		t.Fatalf("%+v %v", all, err)
	}
	for _, bad := range []string{"", "{}", `[{"name":"VNeID","title":"x","issuer":"y","client_id":"z"}]`, `[{"name":"a","title":"x","issuer":"y"}]`,
		`[{"name":"a","title":"x","issuer":"y","client_id":"z","secret":"typo"}]`, good[:len(good)-1] + "," + good[1:]} {
		if _, err := ReadProviders(strings.NewReader(bad)); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}
