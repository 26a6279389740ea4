package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// Provider is a house that vouches for people by OpenID Connect, such as a
// province's own sign-in or, once its interface is published, VNeID. It is
// configuration: nothing in it is known to the program.
type Provider struct {
	Name   string   `json:"name"`   // in paths: a-z, 0-9 and -
	Title  string   `json:"title"`  // on the button
	Issuer string   `json:"issuer"` // https://…, under which /.well-known/openid-configuration lies
	ID     string   `json:"client_id"`
	Secret string   `json:"client_secret"`
	Scopes []string `json:"scopes"` // besides openid
	Claims Claims   `json:"claims"`
	Match  []string `json:"match"` // by what an account is found the first time, in this order: number, email, name
}

// Claims says in which claims of a provider things stand; "a.b" is b inside a.
type Claims struct {
	Number   string `json:"number"`   // personal identification number
	Email    string `json:"email"`    //
	Verified string `json:"verified"` // that the e-mail address was proved; "" = the provider is trusted in it
	Name     string `json:"name"`     // sign-in name of an account here
}

// ReadProviders reads a list of providers in JSON.
func ReadProviders(r io.Reader) (all []Provider, err error) {
	d := json.NewDecoder(io.LimitReader(r, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		return nil, fmt.Errorf("the list of sign-in providers cannot be read: %w", err)
	}
	seen := map[string]bool{}
	for _, p := range all {
		if !providerName(p.Name) || p.Title == "" || p.Issuer == "" || p.ID == "" || seen[p.Name] {
			return nil, fmt.Errorf("the sign-in provider %q needs a name of its own (a-z, 0-9, -), title, issuer and client_id", p.Name)
		}
		seen[p.Name] = true
	}
	return all, nil
}

func providerName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// provider is a Provider whose addresses are learnt when they are first needed.
type provider struct {
	Provider
	mu    sync.Mutex
	found *oidc.Provider
	away  time.Time // when it last did not answer
}

const awayFor = 15 * time.Second // so that a provider that hangs does not hold up one visitor after the other

func newProviders(all []Provider) map[string]*provider {
	m := map[string]*provider{}
	for _, p := range all {
		m[p.Name] = &provider{Provider: p}
	}
	return m
}

var oidcClient = &http.Client{Timeout: 10 * time.Second}

// discover reads the provider's addresses, once; a failure is tried again.
func (p *provider) discover() (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if time.Since(p.away) < awayFor {
		return nil, errs.New(errs.Busy, "access.oidc.away", p.Title)
	}
	// Keys are fetched later with this context, so it must not end with a request.
	found, err := oidc.NewProvider(oidc.ClientContext(context.Background(), oidcClient), p.Issuer)
	if err != nil {
		p.away = time.Now()
		return nil, errs.New(errs.Busy, "access.oidc.away", p.Title).Because(err)
	}
	p.found = found
	return found, nil
}

func (p *provider) client(found *oidc.Provider, base string) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ID, ClientSecret: p.Secret, Endpoint: found.Endpoint(),
		RedirectURL: base + "/access/oidc/" + p.Name + "/back", Scopes: append([]string{oidc.ScopeOpenID}, p.Scopes...)}
}

// gone is what is remembered of someone who went to a provider.
type gone struct {
	Provider string  `json:"provider"`
	State    string  `json:"state"`
	Nonce    string  `json:"nonce"`
	Verifier string  `json:"verifier"`
	To       arrival `json:"to"`
}

// ToProvider begins a sign-in at a provider: where to send the browser, and the
// token of the step that FromProvider ends. Errors: NotFound; Busy when the
// provider does not answer. Open to all.
func (a *Access) ToProvider(ctx context.Context, name string, to arrival) (where, token string, err error) {
	p := a.providers[name]
	if p == nil {
		return "", "", errs.New(errs.NotFound, "error.not-found")
	}
	found, err := p.discover()
	if err != nil {
		return "", "", err
	}
	g := gone{Provider: name, Verifier: oauth2.GenerateVerifier(), To: to}
	g.State, _ = newToken()
	g.Nonce, _ = newToken()
	if token, err = a.openStep(ctx, stepOIDC, "", g); err != nil {
		return "", "", err
	}
	return p.client(found, a.opt.Base).AuthCodeURL(g.State, oidc.Nonce(g.Nonce), oauth2.S256ChallengeOption(g.Verifier)), token, nil
}

// FromProvider ends a sign-in at a provider with the state and code that came
// back, and returns the account that its claims open. Errors: Invalid when the
// answer is not to our question; Denied when no account is found. Open to all.
func (a *Access) FromProvider(ctx context.Context, name, token, state, code string) (acc Account, to arrival, err error) {
	var g gone
	if _, err = a.takeStep(ctx, stepOIDC, token, &g); err != nil {
		return acc, to, err
	}
	p := a.providers[name]
	if p == nil || g.Provider != name || state == "" || g.State != state || code == "" {
		return acc, to, errStep
	}
	who, err := a.vouched(p, g, code)
	if err != nil {
		slog.WarnContext(ctx, "sign-in by a provider failed", "provider", name, "err", err)
		return acc, to, errs.New(errs.Invalid, "access.oidc.refused", p.Title).Because(err)
	}
	acc, err = a.known(ctx, p, who)
	return acc, g.To, err
}

// identity is what a provider says of someone.
type identity struct {
	subject, number, email, name string
}

// vouched fetches and checks the provider's word on who came back.
func (a *Access) vouched(p *provider, g gone, code string) (identity, error) {
	found, err := p.discover()
	if err != nil {
		return identity{}, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(context.Background(), oidcClient), 20*time.Second)
	defer cancel()
	got, err := p.client(found, a.opt.Base).Exchange(ctx, code, oauth2.VerifierOption(g.Verifier))
	if err != nil {
		return identity{}, err
	}
	raw, _ := got.Extra("id_token").(string)
	word, err := found.Verifier(&oidc.Config{ClientID: p.ID}).Verify(ctx, raw)
	if err != nil {
		return identity{}, err
	}
	if word.Nonce != g.Nonce {
		return identity{}, errors.New("the nonce is not ours")
	}
	claims := map[string]any{}
	if err := word.Claims(&claims); err != nil {
		return identity{}, err
	}
	if err := p.more(ctx, found, got, word, claims); err != nil {
		return identity{}, err
	}
	return p.read(word.Subject, claims), nil
}

// more adds what the provider tells only at its page about the user.
func (p *provider) more(ctx context.Context, found *oidc.Provider, got *oauth2.Token, word *oidc.IDToken, claims map[string]any) error {
	missing := false
	for _, path := range []string{p.Claims.Number, p.Claims.Email, p.Claims.Name} {
		missing = missing || path != "" && claim(claims, path) == ""
	}
	if !missing || found.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(got))
	if err != nil {
		return err
	}
	if info.Subject != word.Subject {
		return errors.New("the page about the user speaks of someone else")
	}
	extra := map[string]any{}
	if err := info.Claims(&extra); err != nil {
		return err
	}
	for k, v := range extra {
		if _, told := claims[k]; !told {
			claims[k] = v
		}
	}
	return nil
}

func (p *provider) read(subject string, claims map[string]any) identity {
	who := identity{subject: subject, number: claim(claims, p.Claims.Number), name: claim(claims, p.Claims.Name)}
	if p.Claims.Verified == "" || claim(claims, p.Claims.Verified) == "true" {
		who.email = claim(claims, p.Claims.Email)
	}
	return who
}

// claim is the text at path, "a.b" being b inside a; "" when there is none.
func claim(claims map[string]any, path string) string {
	if path == "" {
		return ""
	}
	first, rest, deeper := strings.Cut(path, ".")
	v, ok := claims[path]
	if !ok {
		v = claims[first]
		if inner, is := v.(map[string]any); deeper && is {
			return claim(inner, rest)
		} else if deeper {
			return ""
		}
	}
	switch v := v.(type) {
	case string:
		return text.Clean(v)
	case bool:
		return fmt.Sprint(v)
	case float64:
		return fmt.Sprintf("%.0f", v)
	}
	return ""
}

// known finds the account of who came from a provider: by the link made the first
// time, else by what the provider's Match says, which makes that link.
func (a *Access) known(ctx context.Context, p *provider, who identity) (acc Account, err error) {
	id, err := db.One[AccountID](ctx, a.db, `select account_id from access_identity where provider = $1 and subject = $2`, p.Name, who.subject)
	if err == nil {
		acc, err = a.accountByID(ctx, id)
		return acc, usable(acc, err, p)
	}
	if !errors.Is(err, errs.NotFound) {
		return acc, err
	}
	for _, by := range p.Match {
		found, err := a.match(ctx, by, who)
		if err != nil {
			return acc, err
		}
		if len(found) == 1 { // two that fit are none
			if err := usable(found[0], nil, p); err != nil {
				return acc, err
			}
			return a.link(ctx, p, who, found[0])
		}
	}
	if err := a.refused(ctx, Account{}, "oidc:"+p.Name); err != nil {
		return acc, err
	}
	return acc, errs.New(errs.Denied, "access.oidc.unknown", p.Title)
}

func usable(acc Account, err error, p *provider) error {
	if err == nil && acc.State == Disabled {
		err = errs.New(errs.Denied, "access.oidc.unknown", p.Title)
	}
	return err
}

func (a *Access) match(ctx context.Context, by string, who identity) ([]Account, error) {
	query := `select ` + db.Columns[Account]("a") + ` from access_account a where a.state <> 'disabled' and `
	switch {
	case by == "number" && who.number != "":
		number, ok := org.CleanNumber(who.number)
		if !ok || number == "" {
			return nil, nil
		}
		return db.All[Account](ctx, a.db, query+`a.person_id in (select p.id from org_person p where p.number_hash = $1) limit 2`, a.orgs.NumberHash(number))
	case by == "email" && who.email != "":
		return db.All[Account](ctx, a.db, query+`a.email = $1 limit 2`, strings.ToLower(who.email))
	case by == "name" && who.name != "":
		return db.All[Account](ctx, a.db, query+`a.name_key = $1`, NameKey(who.name))
	}
	return nil, nil
}

// link remembers that subject at p is acc.
func (a *Access) link(ctx context.Context, p *provider, who identity, acc Account) (Account, error) {
	type row struct {
		Provider string    `db:"provider"`
		Subject  string    `db:"subject"`
		Account  AccountID `db:"account_id"`
		MadeAt   time.Time `db:"made_at"`
	}
	err := a.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, a.db, "access_identity", row{p.Name, who.subject, acc.ID, clock.Now(ctx)}); err != nil {
			return err
		}
		ctx = as(ctx, &Actor{Account: acc.ID, Person: acc.Person, Name: acc.Title, Unit: acc.Unit})
		return a.rewrite(ctx, acc, acc.Edition, map[string]any{"linked": p.Name}, `state = $3`, Active)
	})
	if err != nil {
		return acc, err
	}
	return a.accountByID(ctx, acc.ID)
}
