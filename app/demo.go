package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
)

// Address is where people reach the house that listens on addr.
func (h *House) Address(addr string) string {
	if h.Config.Base == "" && len(h.Config.Domains) == 0 {
		if host, port, err := net.SplitHostPort(addr); err == nil && (host == "::" || host == "0.0.0.0") {
			return "http://127.0.0.1:" + port
		}
		return "http://" + addr
	}
	return h.Config.base()
}

// DemoOwner is the authority of the demo. Person, address and numbers are made up.
var DemoOwner = Owner{
	Name: "Ủy ban nhân dân tỉnh Quảng Nam", Person: "Ban Chỉ đạo chuyển đổi số (trình diễn)", Address: "Thành phố Tam Kỳ, tỉnh Quảng Nam",
	Phone: "0235 000 0000", Email: "trinhdien@example.vn",
}

const demoSeed = 2022 // the same seed, the same province

// SeedDemo fills an empty house with the demo province, module by module, through
// the use cases; in a house that has one already it does nothing.
func (h *House) SeedDemo(ctx context.Context, out io.Writer) error {
	n, err := db.One[int](ctx, h.DB, `select count(*) from org_unit`)
	if err != nil || n > 0 {
		return err
	}
	start := time.Now()
	at := clock.At(ctx, clock.MustDate("2022-04-01").Time().Add(8*time.Hour))
	ctx = access.System(id.Seeded(at, demoSeed))
	for _, m := range h.Modules {
		if m.Seed == nil {
			continue
		}
		if err := m.Seed(ctx); err != nil {
			return fmt.Errorf("demo: %s: %w", m.Name, err)
		}
		fmt.Fprintf(out, "%-10s %5.1f s\n", m.Name, time.Since(start).Seconds())
	}
	if err := h.Jobs.Drain(ctx); err != nil {
		return err
	}
	return h.demoAccounts(ctx)
}

// demoAccounts opens one account for each role, for the sign-in page of the demo.
func (h *House) demoAccounts(ctx context.Context) error {
	province, err := h.UnitByCode(ctx, "49")
	if err != nil {
		return err
	}
	commune, err := h.UnitByCode(ctx, "20341") // Phường An Mỹ, Thành phố Tam Kỳ
	if err != nil {
		return err
	}
	lecturers, err := h.Orgs.Lecturers(ctx, org.LecturerFilter{})
	if err != nil {
		return err
	}
	if len(lecturers) == 0 {
		return errors.New("demo: nobody teaches")
	}
	holder := func(unit org.UnitID, f org.Filter) (org.Brief, error) {
		f.Unit, f.Limit = unit, 1
		found, err := h.Orgs.Search(ctx, f)
		if err != nil || len(found) == 0 {
			return org.Brief{}, errors.Join(err, fmt.Errorf("demo: nobody in %s", unit))
		}
		return found[0], nil
	}
	head, err := holder(commune, org.Filter{Heads: true})
	if err != nil {
		return err
	}
	learner, err := holder(commune, org.Filter{Category: org.CivilServant})
	if err != nil {
		return err
	}
	staff, err := h.Orgs.Search(ctx, org.Filter{Unit: lecturers[0].Unit, Limit: 4})
	if err != nil || len(staff) < 4 {
		return errors.Join(err, fmt.Errorf("demo: too few people in %s", lecturers[0].Unit))
	}
	staff = slices.DeleteFunc(staff, func(b org.Brief) bool { return b.ID == lecturers[0].Person })
	for _, a := range []struct {
		role   module.Role
		title  string
		person org.PersonID
		unit   org.UnitID
	}{
		{module.Admin, "Tổ quản trị", "", province},
		{module.Office, staff[0].Name, staff[0].ID, province},
		{module.TrainingOfficer, staff[1].Name, staff[1].ID, province},
		{module.ClassManager, staff[2].Name, staff[2].ID, province},
		{module.Lecturer, lecturers[0].Name, lecturers[0].Person, lecturers[0].Unit},
		{module.Head, head.Name, head.ID, commune},
		{module.Compiler, "Tổ tổng hợp", "", province},
		{module.Supervisor, "Đoàn giám sát", "", province},
		{module.Learner, learner.Name, learner.ID, commune},
	} {
		if err := h.Access.OpenDemo(ctx, a.role, a.title, a.person, a.unit); err != nil {
			return fmt.Errorf("demo: account of %s: %w", a.role, err)
		}
	}
	cast := classroom.Cast{Unit: province, Manager: staff[2].ID, Lecturer: lecturers[0].Person, Trainees: []org.PersonID{head.ID, learner.ID}}
	if err := h.classes.SeedToday(clock.At(ctx, time.Now()), cast); err != nil {
		return fmt.Errorf("demo: classes of today: %w", err)
	}
	if err := h.learning.SeedToday(clock.At(ctx, time.Now()), province, commune); err != nil {
		return fmt.Errorf("demo: questionnaire of today: %w", err)
	}
	if err := h.sites.SeedToday(clock.At(ctx, time.Now()), province, learner.ID, commune); err != nil {
		return fmt.Errorf("demo: conference of today: %w", err)
	}
	return h.demoAdmin(ctx)
}

// demoAdmin lets the demo's administrator look after all its provinces, so that
// he can carry out the merger.
func (h *House) demoAdmin(ctx context.Context) error {
	admin, err := h.Access.Named(ctx, "demo.admin")
	if err != nil {
		return err
	}
	for _, root := range h.Orgs.Now(ctx).Roots() {
		if u, _ := h.Orgs.Now(ctx).Unit(root); u.Code == "49" {
			continue
		}
		if _, err := h.Access.Give(ctx, admin, access.Grant{Role: module.Admin, Unit: root}, "demo"); err != nil {
			return err
		}
	}
	return nil
}
