package main

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"

	"lotrinh/access"
	"lotrinh/app"
)

type listening struct {
	Addr    string         `help:"HOST:PORT to listen on." default:"127.0.0.1:8080" env:"LOTRINH_ADDR"`
	Base    string         `help:"Address that people reach it by, https://host." env:"LOTRINH_BASE"`
	Domains []string       `help:"Get TLS certificates for these host names by ACME." name:"tls-domain" env:"LOTRINH_TLS_DOMAINS"`
	Proxies []netip.Prefix `help:"Networks of proxies before the house, whose X-Forwarded-For is believed, as 10.0.0.0/8. The machine itself always is." name:"trusted-proxy" env:"LOTRINH_TRUSTED_PROXIES"`
	Sign    string         `help:"File that lists providers of sign-in by OpenID Connect, in JSON: see docs/operate.md." name:"providers" env:"LOTRINH_PROVIDERS" type:"existingfile"`
	ACME    string         `help:"Directory of the certificate authority, where it is not Let's Encrypt." name:"acme-directory" env:"LOTRINH_ACME_DIRECTORY"`
	Workers int            `help:"Background jobs done at once." default:"4"`
	Owner   struct {
		Name    string `help:"Full name of the authority that runs the house, for head and foot of each page." env:"LOTRINH_OWNER_NAME"`
		Person  string `help:"Who is responsible for the content." env:"LOTRINH_OWNER_PERSON"`
		Address string `help:"Its address." env:"LOTRINH_OWNER_ADDRESS"`
		Phone   string `help:"Its telephone." env:"LOTRINH_OWNER_PHONE"`
		Email   string `help:"Its e-mail." env:"LOTRINH_OWNER_EMAIL"`
	} `embed:"" prefix:"owner-"`
}

func (l listening) config(g global) (c app.Config, err error) {
	c = g.config()
	c.Addr, c.Base, c.Domains, c.Workers = l.Addr, l.Base, l.Domains, l.Workers
	c.ACME = l.ACME
	c.Unit, c.Proxies = app.Owner(l.Owner), l.Proxies
	if l.Sign == "" {
		return c, nil
	}
	f, err := os.Open(l.Sign)
	if err != nil {
		return c, err
	}
	defer f.Close()
	c.Sign, err = access.ReadProviders(f)
	return c, err
}

type serveCmd struct{ listening }

// Run serves until ctx ends.
func (s serveCmd) Run(ctx context.Context, out io.Writer, g global) error {
	c, err := s.config(g)
	if err != nil {
		return err
	}
	return open(ctx, c, func(h *app.House) error {
		return h.Serve(ctx, func(addr string) { fmt.Fprintf(out, "Lộ Trình: %s\n", h.Address(addr)) })
	})
}

type demoCmd struct{ listening }

// Run fills an empty house with the demo province and serves it.
func (d demoCmd) Run(ctx context.Context, out io.Writer, g global) error {
	c, err := d.config(g)
	if err != nil {
		return err
	}
	c.Demo = true
	if c.Unit.Name == "" {
		c.Unit = app.DemoOwner
	}
	return open(ctx, c, func(h *app.House) error {
		if err := h.SeedDemo(ctx, out); err != nil {
			return err
		}
		return h.Serve(ctx, func(addr string) { fmt.Fprintf(out, "Mở %s trong trình duyệt.\n", h.Address(addr)) })
	})
}

type migrateCmd struct{}

// Run brings the tables up to date.
func (migrateCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return open(ctx, g.config(), func(h *app.House) error {
		_, err := fmt.Fprintf(out, "%s: %d modules up to date\n", h.DB.Engine(), len(h.Schemas()))
		return err
	})
}

// openExisting is open for commands that look at a house that must be there, and
// never make one.
func openExisting(ctx context.Context, g global, fn func(*app.House) error) error {
	c := g.config()
	c.Existing = true
	return open(ctx, c, fn)
}

// open opens the house with its tables up to date, for as long as fn runs.
func open(ctx context.Context, c app.Config, fn func(*app.House) error) (err error) {
	h, err := app.Open(ctx, c)
	if err != nil {
		return err
	}
	defer func() {
		if e := h.Close(); err == nil {
			err = e
		}
	}()
	if err := h.Migrate(ctx); err != nil {
		return err
	}
	return fn(h)
}
