package app

import (
	"context"
	"fmt"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// Finding is what one check of doctor came to.
type Finding struct {
	Check string
	Sound bool
	Text  string // what was looked at, or what is wrong and what to do
}

// Doctor checks the house: the database answers and is sound, the tables are up
// to date, the audit log is whole, every file that is referred to is there, no
// job was given up, and the clocks agree. It changes nothing.
func (h *House) Doctor(ctx context.Context) []Finding {
	var all []Finding
	for _, c := range []struct {
		name  string
		check func(context.Context) (string, error)
	}{
		{"database", h.checkDatabase},
		{"tables", h.checkTables},
		{"audit log", h.checkAudit},
		{"files", h.checkFiles},
		{"jobs", h.checkJobs},
		{"clock", h.checkClock},
	} {
		text, err := c.check(ctx)
		if err != nil {
			text = err.Error()
		}
		all = append(all, Finding{c.name, err == nil, text})
	}
	return all
}

func (h *House) checkDatabase(ctx context.Context) (string, error) {
	if h.DB.Postgres() {
		v, err := db.One[string](ctx, h.DB, `select version()`)
		return v, err
	}
	faults, err := db.All[string](ctx, h.DB, `pragma integrity_check`)
	if err != nil {
		return "", err
	}
	if len(faults) != 1 || faults[0] != "ok" {
		return "", fmt.Errorf("the file is damaged (%s): restore a backup", faults[0])
	}
	broken, err := db.One[int](ctx, h.DB, `select count(*) from pragma_foreign_key_check`)
	if err == nil && broken > 0 {
		err = fmt.Errorf("%d rows refer to nothing: restore a backup", broken)
	}
	return "SQLite file is sound", err
}

func (h *House) checkTables(ctx context.Context) (string, error) {
	for _, s := range h.Schemas() {
		n, err := h.DB.Pending(ctx, s.Module, s.FS)
		if err != nil {
			return "", err
		}
		if n > 0 {
			return "", fmt.Errorf("%s: %d steps have not run: run lotrinh migrate", s.Module, n)
		}
	}
	return fmt.Sprintf("%d modules up to date", len(h.Schemas())), nil
}

func (h *House) checkAudit(ctx context.Context) (string, error) {
	p, err := h.Access.Verify(ctx)
	if err != nil {
		return "", err
	}
	if !p.Whole() {
		f := p.Faults[0]
		return "", fmt.Errorf("the chain is broken in %d places, first at entry %d (%s): somebody changed the log in the database", len(p.Faults), f.Seq, f.What)
	}
	return fmt.Sprintf("%d entries in one chain, %d wait for their link, last link %.16s…", p.Last, p.Unsealed, p.Hash), nil
}

func (h *House) checkFiles(ctx context.Context) (string, error) {
	kept := map[string]bool{}
	for info, err := range h.Files.List(ctx) {
		if err != nil {
			return "", err
		}
		kept[string(info.Ref)] = false
	}
	missing := 0
	for _, m := range h.Modules {
		if m.Files == nil {
			continue
		}
		err := m.Files(ctx, func(ref string) error {
			if _, ok := kept[ref]; !ok {
				missing++
			}
			kept[ref] = true
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	if missing > 0 {
		return "", fmt.Errorf("%d files that records refer to are missing: bring the file store back from a backup", missing)
	}
	orphans := 0
	for _, used := range kept {
		if !used {
			orphans++
		}
	}
	return fmt.Sprintf("%d files, %d of them without a record", len(kept), orphans), nil
}

const clocksApart = 5 * time.Second

// checkClock compares this machine's clock with the database's, and with what was
// written last: a clock that was set back makes records that never happened.
func (h *House) checkClock(ctx context.Context) (string, error) {
	now := clock.Now(ctx)
	if h.DB.Postgres() {
		there, err := db.One[time.Time](ctx, h.DB, `select (extract(epoch from clock_timestamp()) * 1000000)::bigint`)
		if err != nil {
			return "", err
		}
		if d := there.Sub(now); d.Abs() > clocksApart {
			return "", fmt.Errorf("the database's clock is %s off: set both by NTP", d.Round(time.Second))
		}
	}
	last, err := db.One[time.Time](ctx, h.DB, `select max(at) from access_audit`)
	if err == nil && last.Sub(now) > clocksApart {
		err = fmt.Errorf("the last record is from %s, after now: the clock was set back; set it by NTP", last.Format("02/01/2006 15:04:05"))
	}
	return now.Format("02/01/2006 15:04:05 -0700"), err
}
