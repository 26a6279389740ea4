package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/id"
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
	return h.Jobs.Drain(ctx)
}
