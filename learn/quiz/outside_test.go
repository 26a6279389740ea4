package quiz

import (
	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/job"
	"lotrinh/platform/web"
)

// outside is the tables of others that the tests need.
func outside() []db.Schema {
	orgs, who := org.New(nil, nil).Module(), access.New(nil, nil, nil, nil).Module()
	return []db.Schema{job.Schema, web.Schema, {Module: orgs.Name, FS: orgs.Schema}, {Module: who.Name, FS: who.Schema}}
}
