package app

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
)

// house opens an empty house with one province.
func house(t *testing.T) (*House, context.Context, org.UnitID) {
	t.Helper()
	return houseIn(t, "")
}

// eachHouse runs test in an empty house on every engine at hand.
func eachHouse(t *testing.T, test func(t *testing.T, h *House, ctx context.Context, root org.UnitID)) {
	t.Helper()
	run := func(name string, database func(*testing.T) string) {
		t.Run(name, func(t *testing.T) {
			h, ctx, root := houseIn(t, database(t))
			test(t, h, ctx, root)
		})
	}
	run("sqlite", func(*testing.T) string { return "" })
	if os.Getenv("TEST_POSTGRES") != "" {
		run("postgres", func(t *testing.T) string {
			d := dbtest.Postgres(t, []db.Schema{job.Schema})
			t.Cleanup(func() { d.Close() })
			return d.URL()
		})
	}
}

func houseIn(t *testing.T, database string) (*House, context.Context, org.UnitID) {
	t.Helper()
	ctx := db.Guard(t.Context())
	h, err := Open(ctx, Config{Addr: "127.0.0.1:1", Data: t.TempDir(), Database: database})
	must(t, err)
	t.Cleanup(func() { h.Close() })
	must(t, h.Migrate(ctx))
	sys := access.System(ctx)
	l := org.List{Rows: []org.ListRow{{Line: 1, Code: "49", Name: "Tỉnh Quảng Nam", Tier: org.Province}}, By: org.Basis{On: 730000}}
	p, err := h.Orgs.PreviewImport(sys, l)
	must(t, err)
	must(t, h.Orgs.Import(sys, l, p.Stamp))
	return h, ctx, h.Orgs.Now(ctx).Roots()[0]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDeadJobs(t *testing.T) { eachHouse(t, deadJobs) }

func deadJobs(t *testing.T, h *House, ctx context.Context, root org.UnitID) {
	h.Jobs.Handle("broken", func(context.Context, []byte) error { return errors.New("no route to host") })
	must(t, h.Jobs.Add(ctx, "broken", nil))
	must(t, h.Jobs.Add(ctx, "broken", nil))
	_, err := h.DB.Exec(ctx, `update job_queue set dead_at = 1, tries = 10, error = 'no route to host' where kind = 'broken'`)
	must(t, err)

	as := func(r module.Role) context.Context {
		return access.As(ctx, access.Actor{Account: "a", Name: "An", Grants: []access.Grant{{Role: r, Unit: root}}}, h.Orgs.Covers)
	}
	if _, _, err := h.DeadJobs(ctx); errs.Of(err).Kind != errs.Stranger {
		t.Errorf("a stranger sees jobs: %v", err)
	}
	for _, r := range []module.Role{module.Office, module.Head, module.Learner} {
		if _, err := h.RetryJobs(as(r)); errs.Of(err).Kind != errs.Denied {
			t.Errorf("%s retries jobs: %v", r, err)
		}
		if err := h.DropJob(as(r), "x"); errs.Of(err).Kind != errs.Denied {
			t.Errorf("%s drops jobs: %v", r, err)
		}
	}
	admin := as(module.Admin)
	dead, _, err := h.DeadJobs(admin)
	must(t, err)
	if len(dead) != 2 || dead[0].Error != "no route to host" {
		t.Fatalf("%+v", dead)
	}
	var page strings.Builder
	must(t, jobsPage(dead, 0).Render(admin, &page))
	if !strings.Contains(page.String(), "/jobs/"+dead[0].ID+"/drop") || !strings.Contains(page.String(), "no route to host") {
		t.Errorf("the page does not show the job: %s", page.String())
	}
	if _, err := h.checkJobs(ctx); err == nil || !strings.Contains(err.Error(), "2 jobs were given up (2 × broken") {
		t.Errorf("doctor says: %v", err)
	}
	must(t, h.DropJob(admin, dead[0].ID))
	if err := h.DropJob(admin, dead[0].ID); errs.Of(err).Kind != errs.NotFound {
		t.Errorf("a job was dropped twice: %v", err)
	}
	if n, err := h.RetryJobs(admin); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	waiting, left, err := h.Jobs.Depth(ctx)
	must(t, err)
	if waiting == 0 || left != 0 {
		t.Errorf("%d wait, %d are dead", waiting, left)
	}
	noted, err := db.One[int](ctx, h.DB, `select count(*) from access_audit where action = $1`, EditJobs)
	must(t, err)
	if noted != 2 {
		t.Errorf("%d notes in the log", noted)
	}
}
