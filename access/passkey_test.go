package access

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"lotrinh/platform/db"
)

// authenticator is a passkey in software: it makes ES256 keys and signs with them,
// for whatever origin it is told, as a browser would not.
type authenticator struct {
	t      testing.TB
	origin string
	rpID   string
	key    *ecdsa.PrivateKey
	id     []byte
	user   []byte
	count  uint32
	flags  byte // user present, user verified
}

func newAuthenticator(t testing.TB) *authenticator {
	return &authenticator{t: t, origin: "http://localhost:8080", rpID: "localhost", flags: 0x05}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) clientData(kind, challenge string) []byte {
	body, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	must(a.t, err)
	return body
}

func (a *authenticator) authData(attested []byte) []byte {
	var b bytes.Buffer
	sum := sha256.Sum256([]byte(a.rpID))
	b.Write(sum[:])
	flags := a.flags
	if attested != nil {
		flags |= 0x40
	}
	b.WriteByte(flags)
	a.count++
	binary.Write(&b, binary.BigEndian, a.count)
	b.Write(attested)
	return b.Bytes()
}

// create answers navigator.credentials.create.
func (a *authenticator) create(options string) json.RawMessage {
	a.t.Helper()
	var o struct {
		Challenge string
		User      struct{ ID string }
	}
	must(a.t, json.Unmarshal([]byte(options), &o))
	var err error
	a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(a.t, err)
	a.user, err = base64.RawURLEncoding.DecodeString(o.User.ID)
	must(a.t, err)
	a.id = make([]byte, 32)
	rand.Read(a.id)
	point, err := a.key.PublicKey.Bytes()
	must(a.t, err)
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	must(a.t, err)
	attested := append(make([]byte, 16), 0, byte(len(a.id)))
	attested = append(append(attested, a.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.authData(attested)})
	must(a.t, err)
	return a.credential(map[string]any{"clientDataJSON": b64(a.clientData("webauthn.create", o.Challenge)), "attestationObject": b64(object),
		"transports": []string{"internal"}})
}

// get answers navigator.credentials.get.
func (a *authenticator) get(options string) json.RawMessage {
	a.t.Helper()
	var o struct{ Challenge string }
	must(a.t, json.Unmarshal([]byte(options), &o))
	client, auth := a.clientData("webauthn.get", o.Challenge), a.authData(nil)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(bytes.Clone(auth), sum[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	must(a.t, err)
	return a.credential(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(auth), "signature": b64(sig), "userHandle": b64(a.user)})
}

func (a *authenticator) credential(response map[string]any) json.RawMessage {
	body, err := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": response,
		"clientExtensionResults": map[string]any{}, "authenticatorAttachment": "platform"})
	must(a.t, err)
	return body
}

func (b *browser) json(path string, body any) answer {
	b.t.Helper()
	text, err := json.Marshal(body)
	must(b.t, err)
	r := b.request("POST", path, bytes.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	return b.do(r)
}

// register makes a passkey in a browser that is signed in, or, with mode first,
// has shown a one-time code.
func (b *browser) register(a *authenticator, mode string) answer {
	b.t.Helper()
	options := b.json("/access/passkey/new", ceremony{Mode: mode, Password: goodPassword})
	if options.code != 200 {
		b.t.Fatalf("no options: %d %s", options.code, options.body)
	}
	return b.json("/access/passkey/save", ceremony{Name: "Điện thoại", Answer: a.create(options.body)})
}

// unlock signs in with a passkey.
func (b *browser) unlock(a *authenticator, mode string) answer {
	b.t.Helper()
	options := b.json("/access/passkey/ask", ceremony{Mode: mode, Next: "/hello"})
	if options.code != 200 {
		b.t.Fatalf("no options: %d %s", options.code, options.body)
	}
	return b.json("/access/passkey/sign-in", ceremony{Answer: a.get(options.body)})
}

func passkeyHouse(h *house) { h.Set(Options{Base: "http://localhost:8080"}) }

func TestPasskeySignsIn(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		passkeyHouse(h)
		h.account(t, ctx, "binh")
		b, key := h.browser(t), newAuthenticator(t)
		if got := b.json("/access/passkey/new", ceremony{}); got.code != 401 {
			t.Errorf("a stranger makes a passkey: %d", got.code)
		}
		b.signIn("binh")
		if got := b.json("/access/passkey/new", ceremony{Password: "not the password"}); got.code != 422 {
			t.Errorf("a passkey without the password: %d", got.code)
		}
		if got := b.register(key, ""); got.code != 303 {
			t.Fatalf("register: %d %s", got.code, got.body)
		}
		phone := h.browser(t)
		if got := phone.unlock(key, ""); got.code != 303 || got.location != "/hello" {
			t.Fatalf("sign in: %d %s", got.code, got.body)
		}
		if got := phone.get("/hello"); got.body != "hello Người binh" {
			t.Errorf("%d %s", got.code, got.body)
		}
		if got := phone.get("/access/me"); !strings.Contains(got.body, "Điện thoại") {
			t.Error("the passkey is not listed")
		}
	})
}

// What a browser would never send is refused, each in the same words.
func TestPasskeyIsNotFooled(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		passkeyHouse(h)
		id := h.account(t, ctx, "binh")
		b, key := h.browser(t), newAuthenticator(t)
		b.signIn("binh")
		b.register(key, "")
		thief := h.browser(t)
		refused := func(what string, got answer) {
			t.Helper()
			if got.code != http.StatusUnprocessableEntity || thief.get("/hello").code != 401 {
				t.Errorf("%s: %d %s", what, got.code, got.body)
			}
		}
		fool := func(what string, change func(*authenticator)) {
			t.Helper()
			h.guesses = newGuesses()
			a := *key
			change(&a)
			refused(what, thief.unlock(&a, ""))
		}
		fool("another origin", func(a *authenticator) { a.origin = "https://localhost.evil.example" })
		fool("another house", func(a *authenticator) { a.rpID = "evil.example" })
		fool("the user was not verified", func(a *authenticator) { a.flags = 0x01 })
		fool("the user was not there", func(a *authenticator) { a.flags = 0x04 })
		fool("another key", func(a *authenticator) { a.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
		fool("an unknown key", func(a *authenticator) { a.id = []byte("another") })
		fool("another account", func(a *authenticator) { a.user = []byte(h.account(t, ctx, "cuong")) })
		fool("nobody's account", func(a *authenticator) { a.user = []byte("nobody") })
		h.guesses = newGuesses()

		options := thief.json("/access/passkey/ask", ceremony{})
		old := key.get(options.body)
		thief.json("/access/passkey/ask", ceremony{})
		refused("the answer to another question", thief.json("/access/passkey/sign-in", ceremony{Answer: old}))
		refused("no question was asked", h.browser(t).json("/access/passkey/sign-in", ceremony{Answer: old}))
		refused("nonsense", thief.json("/access/passkey/sign-in", ceremony{Answer: json.RawMessage(`{"id":3}`)}))

		if got := h.browser(t).unlock(key, ""); got.code != 303 {
			t.Fatalf("the key itself: %d %s", got.code, got.body)
		}
		copied := *key
		copied.count = 0
		refused("a copy whose counter went back", thief.unlock(&copied, ""))
		must(t, h.Disable(ctx, id))
		refused("a disabled account", thief.unlock(key, ""))
	})
}

func TestPasskeyAsSecondFactorAndInPlaceOfAPassword(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		passkeyHouse(h)
		h.account(t, ctx, "binh")
		b, key := h.browser(t), newAuthenticator(t)
		b.signIn("binh")
		if got := b.post("/access/me/two-step", "on", "1", "old", goodPassword); got.code != http.StatusConflict {
			t.Errorf("two steps with nothing for the second: %d", got.code)
		}
		b.register(key, "")
		if got := b.post("/access/me/two-step", "on", "1", "old", goodPassword); got.code != 303 {
			t.Fatalf("two steps: %d %s", got.code, got.body)
		}
		phone := h.browser(t)
		if got := phone.post("/access/sign-in", "name", "binh", "password", goodPassword); got.location != "/access/second" {
			t.Fatalf("%d %q", got.code, got.location)
		}
		other := newAuthenticator(t)
		cuong := h.browser(t)
		h.account(t, ctx, "cuong")
		cuong.signIn("cuong")
		cuong.register(other, "")
		if got := phone.unlock(other, "second"); got.code != http.StatusUnprocessableEntity {
			t.Errorf("someone else's passkey: %d", got.code)
		}
		phone.post("/access/sign-in", "name", "binh", "password", goodPassword)
		if got := phone.unlock(key, "second"); got.code != 303 {
			t.Fatalf("the second step: %d %s", got.code, got.body)
		}

		fresh := h.fresh(t, ctx, "lanvt")
		slips, err := h.Issue(ctx, fresh)
		must(t, err)
		lan, hers := h.browser(t), newAuthenticator(t)
		lan.post("/access/first", "code", slips[0].Code)
		if got := lan.register(hers, "first"); got.code != 303 {
			t.Fatalf("first sign-in by passkey: %d %s", got.code, got.body)
		}
		if lan.get("/hello").code != 200 || h.browser(t).post("/access/first", "code", slips[0].Code).code != 422 {
			t.Error("not signed in, or the code lives on")
		}
		row, err := db.One[string](ctx, h.d, `select id from access_passkey where account_id = $1`, fresh)
		must(t, err)
		if got := lan.post("/access/me/passkeys/drop", "passkey", row); got.code != http.StatusConflict {
			t.Errorf("the only way in is removed: %d", got.code)
		}
		if got := h.browser(t).unlock(hers, ""); got.code != 303 {
			t.Errorf("later: %d", got.code)
		}
	})
}

func TestWherePasskeysWork(t *testing.T) {
	for base, want := range map[string]bool{"https://daotao.quangnam.gov.vn": true, "http://localhost:8080": true, "http://127.0.0.1:8080": false,
		"https://10.0.0.1": false, "http://daotao.quangnam.gov.vn": false, "": false, "::": false} {
		if got := newWebAuthn(base) != nil; got != want {
			t.Errorf("%q: %v", base, got)
		}
	}
}
