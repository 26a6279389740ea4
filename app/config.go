package app

import (
	"path/filepath"
	"strings"

	"lotrinh/platform/ui"
)

// Config is what the operator says. Every field has a default that works.
type Config struct {
	Addr     string   // HOST:PORT to listen on
	Data     string   // folder of the embedded database and of uploaded files
	Database string   // postgres://… ; "" = SQLite in Data
	Files    string   // s3://… or a folder; "" = Data/files
	KeyFile  string   // of the secret key, the same for all nodes; "" = Data/secret.key
	SMTP     string   // smtp://… ; "" = inbox alone
	Base     string   // https://host that people reach the house by; "" = http://Addr
	Domains  []string // host names to get TLS certificates for by ACME; none = plain HTTP
	Demo     bool     // show the demo's accounts on the sign-in page
	Workers  int      // hands for background jobs
	Unit     Owner    // the authority that runs the house
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
