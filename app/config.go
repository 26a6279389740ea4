package app

import (
	"path/filepath"
	"strings"
)

// Config is what the operator says. Every field has a default that works.
type Config struct {
	Addr     string   // HOST:PORT to listen on
	Data     string   // folder of the embedded database and of uploaded files
	Database string   // postgres://… ; "" = SQLite in Data
	Files    string   // s3://… or a folder; "" = Data/files
	SMTP     string   // smtp://… ; "" = inbox alone
	Base     string   // https://host that people reach the house by; "" = http://Addr
	Domains  []string // host names to get TLS certificates for by ACME; none = plain HTTP
	Demo     bool     // show the demo's accounts on the sign-in page
	Workers  int      // hands for background jobs
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
