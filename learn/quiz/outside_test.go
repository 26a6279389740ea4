package quiz

import (
	"lotrinh/platform/db"
	"lotrinh/platform/job"
	"lotrinh/platform/web"
)

// outside is the tables of others that the tests need.
func outside() []db.Schema { return []db.Schema{job.Schema, web.Schema} }
