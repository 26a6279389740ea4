package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"lotrinh/access"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
)

// Config is what the operator says. Every field has a default that works.
type Config struct {
	Addr     string            // HOST:PORT to listen on
	Data     string            // folder of the embedded database and of uploaded files
	Database string            // postgres://… ; "" = SQLite in Data
	Files    string            // s3://… or a folder; "" = Data/files
	KeyFile  string            // of the secret key, the same for all nodes; "" = Data/secret.key
	SMTP     string            // smtp://… ; "" = inbox alone
	Base     string            // https://host that people reach the house by; "" = http://Addr
	Domains  []string          // host names to get TLS certificates for by ACME; none = plain HTTP
	ACME     string            // directory of the certificate authority; "" = Let's Encrypt
	Demo     bool              // show the demo's accounts on the sign-in page
	Proxies  []netip.Prefix    // that stand before the house, whose X-Forwarded-For is believed
	Sign     []access.Provider // of sign-in by OpenID Connect
	Workers  int               // hands for background jobs
	Existing bool              // look at the house that is there; make no folder, database or key
	Unit     Owner             // the authority that runs the house
}

// Owner is the authority that runs the house, as the head and the foot of each
// page name it (Circular 32/2017/TT-BTTTT, articles 16 and 17).
type Owner struct {
	Name    string // full Vietnamese name of the unit
	Person  string // who is responsible for the content
	Address string
	Phone   string
	Email   string
}

func (o Owner) footer() ui.Footer {
	return ui.Footer{Unit: o.Name, Person: o.Person, Address: o.Address, Phone: o.Phone, Email: o.Email, SiteMap: "/site-map", Version: version()}
}

func (c Config) database() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "lotrinh.db")
}

// prepare makes the folder of a new house; where the house must exist, it says what
// is missing instead.
func (c Config) prepare() error {
	if !c.Existing {
		return os.MkdirAll(c.Data, 0o750)
	}
	need := []string{c.keyFile()}
	if c.Database == "" {
		need = append(need, c.database())
	}
	for _, name := range need {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no house here: %s is missing; name its folder with --data DIR, or make one with lotrinh serve", name)
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (c Config) keyFile() string {
	if c.KeyFile != "" {
		return c.KeyFile
	}
	return filepath.Join(c.Data, "secret.key")
}

func (c Config) files() string {
	if c.Files != "" {
		return c.Files
	}
	return filepath.Join(c.Data, "files")
}

func (c Config) base() string {
	switch {
	case c.Base != "":
		return strings.TrimSuffix(c.Base, "/")
	case len(c.Domains) > 0:
		return "https://" + c.Domains[0]
	}
	return "http://" + c.Addr
}

// second lists the roles that want a second factor until an administrator says
// otherwise: in a demo none, since its accounts are for everybody.
func (c Config) second() []module.Role {
	if c.Demo {
		return nil
	}
	return []module.Role{module.Admin}
}
