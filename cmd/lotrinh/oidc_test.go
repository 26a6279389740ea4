package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// provider is a province's sign-in: the code flow of OpenID Connect with PKCE, which
// signs in one person, whose sign-in name here stands in a claim of its own.
func provider(t *testing.T) string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "k1"}}, nil)
	must(t, err)
	asked := map[string]url.Values{}
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": srv.URL, "authorization_endpoint": srv.URL + "/authorize", "token_endpoint": srv.URL + "/token",
			"jwks_uri": srv.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		code := rand.Text()
		asked[code] = r.URL.Query()
		http.Redirect(w, r, r.FormValue("redirect_uri")+"?"+url.Values{"code": {code}, "state": {r.FormValue("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		q := asked[r.FormValue("code")]
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if id, secret, _ := r.BasicAuth(); id != "lotrinh" || secret != "s3cret" || q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		raw, err := jwt.Signed(signer).Claims(map[string]any{"iss": srv.URL, "aud": "lotrinh", "sub": "s-1", "nonce": q.Get("nonce"),
			"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "cong": map[string]any{"ten": "LanVT"}}).Serialize()
		must(t, err)
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": raw})
	})
	return srv.URL
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do carries a command out as the program does.
func do(t *testing.T, args ...string) string {
	t.Helper()
	var out, errOut strings.Builder
	if code := run(t.Context(), args, &out, &errOut); code != exitOK {
		t.Fatalf("%v: exit %d: %s", args, code, errOut.String())
	}
	return out.String()
}

// served runs lotrinh serve until the test ends.
func served(t *testing.T, args ...string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan int)
	var errOut strings.Builder
	go func() { done <- run(ctx, append([]string{"serve"}, args...), io.Discard, &errOut) }()
	t.Cleanup(func() {
		stop()
		if code := <-done; code != exitOK {
			t.Errorf("serve: exit %d: %s", code, errOut.String())
		}
	})
}

// A house that is served with providers and proxies of its operator's choosing signs
// people in there, and knows where they come from.
func TestServeWithProvidersAndProxies(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	data := filepath.Join(dir, "data")
	do(t, "import", "units", write("units.csv", "code,name,level,parent_code,tier\n49,Tỉnh Quảng Nam,Tỉnh,,province\n"), "--yes", "--data", data)
	do(t, "user", "add", "lanvt", "--title", "Võ Thị Lan", "--role", "compiler", "--data", data)
	list, err := json.Marshal([]map[string]any{{"name": "cong", "title": "Cổng tỉnh", "issuer": provider(t), "client_id": "lotrinh",
		"client_secret": "s3cret", "claims": map[string]string{"name": "cong.ten"}, "match": []string{"number", "name"}}})
	must(t, err)
	addr, err := freeAddr()
	must(t, err)
	base := "http://" + addr
	served(t, "--addr", addr, "--data", data, "--providers", write("providers.json", string(list)), "--trusted-proxy", "10.0.0.0/8", "--log-level", "error")

	jar, err := cookiejar.New(nil)
	must(t, err)
	b := &http.Client{Jar: jar}
	get := func(path string) string {
		t.Helper()
		r, err := http.NewRequest("GET", base+path, nil)
		must(t, err)
		r.Header.Set("X-Forwarded-For", "203.0.113.5, 198.51.100.1, 10.0.0.5")
		var res *http.Response
		for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
			if res, err = b.Do(r); err == nil || time.Now().After(end) {
				break
			}
		}
		must(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		must(t, err)
		return string(body)
	}
	if page := get("/access/sign-in"); !strings.Contains(page, "Đăng nhập bằng Cổng tỉnh") {
		t.Errorf("the provider is not offered: %s", page)
	}
	if page := get("/access/oidc/cong?next=/access/me"); !strings.Contains(page, "Võ Thị Lan") {
		t.Errorf("nobody was signed in: %s", page)
	}
	d, err := sql.Open("sqlite", filepath.Join(data, "lotrinh.db"))
	must(t, err)
	defer d.Close()
	var address string
	must(t, d.QueryRow("select address from access_audit where action = 'access.session.begin'").Scan(&address))
	if address != "198.51.100.1" {
		t.Errorf("signed in from %s", address)
	}
}
