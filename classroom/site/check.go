package site

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"lotrinh/classroom"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
	"lotrinh/platform/ui"
)

// Check is an item of the readiness checklist of a conference.
type Check struct {
	Session classroom.SessionID `db:"session_id"`
	Key     string              `db:"key"`
	Sort    int64               `db:"sort"`
	Label   string              `db:"label"`   // "" = the words of the key
	Days    int64               `db:"days"`    // due so many working days before the session,
	Minutes int64               `db:"minutes"` // or so many minutes before it begins, when Days = 0
	Central bool                `db:"central"` // asked of the central site alone
}

// Connected is the key of the item that says that a site is on line.
const Connected = "connected"

// usual is the checklist that a conference begins with: the notice five working
// days before, the trial connection one working day before, all sites connected
// one hour before, camera on and the recording kept (Decree 154/2026/NĐ-CP,
// articles 21 to 24); the technician there sixty minutes before (handbook of Lâm
// Đồng). No time was found for camera and recording: the beginning is taken.
func usual(id classroom.SessionID) []Check {
	return []Check{
		{id, "notice", 1, "", 5, 0, false},
		{id, "trial", 2, "", 1, 0, false},
		{id, "technician", 3, "", 0, 60, false},
		{id, Connected, 4, "", 0, 60, false},
		{id, "camera", 5, "", 0, 0, false},
		{id, "recording", 6, "", 0, 0, true},
	}
}

// Text is what the item asks for.
func (c Check) Text() i18n.Text {
	if c.Label != "" {
		return ui.Plain(c.Label)
	}
	return i18n.T("site.check." + c.Key)
}

// checksOf reads the checklist of a conference.
func (s *Sites) checksOf(ctx context.Context, id classroom.SessionID) ([]Check, error) {
	return db.All[Check](ctx, s.db, `select `+db.Columns[Check]("")+` from classroom_site_check where session_id = $1 order by sort, key`, id)
}

// Due is when an item is to be done: at the end of the working day that lies so
// many working days before a session, or so many minutes before it begins.
func (s *Sites) due(ctx context.Context, c Check, starts time.Time) time.Time {
	if c.Days > 0 {
		day := s.opt.Calendar(ctx).AddWorking(clock.DateOf(starts), -int(c.Days))
		return day.Time().Add(17 * time.Hour)
	}
	return starts.Add(-time.Duration(c.Minutes) * time.Minute)
}

const checksMax = 20

var checkKey = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)

// SaveChecks replaces the checklist of a conference as it was seen. An item of a
// new key gets one; what was marked of an item that goes stays in the marks.
func (s *Sites) SaveChecks(ctx context.Context, id classroom.SessionID, checks []Check, edition int64) error {
	m, err := s.held(ctx, id)
	if err != nil {
		return err
	}
	if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
		return err
	}
	if err := fit(id, checks); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c := m.Conference
		c.Edition = edition
		if err := s.change(ctx, c); err != nil {
			return err
		}
		if _, err := s.db.Exec(ctx, `delete from classroom_site_check where session_id = $1`, id); err != nil {
			return err
		}
		if err := db.Insert(ctx, s.db, "classroom_site_check", checks...); err != nil {
			return err
		}
		return s.audit(ctx, Organise, m.Unit, "session:"+string(id), map[string]any{"checks": checks})
	})
}

// fit puts checks in order and says what is wrong with them.
func fit(id classroom.SessionID, checks []Check) error {
	var f errs.Form
	f.Need(len(checks) <= checksMax, "checks", "site.check.too-many", checksMax)
	seen := map[string]bool{}
	for i := range checks {
		c := &checks[i]
		c.Session, c.Sort, c.Label = id, int64(i+1), text.Clean(c.Label)
		if c.Key == "" {
			c.Key = freeKey(checks)
		}
		if c.Days > 0 {
			c.Minutes = 0
		}
		f.Need(checkKey.MatchString(c.Key) && !seen[c.Key], fmt.Sprintf("label-%d", i), "error.invalid")
		f.Need(len(c.Label) <= 200 && (c.Label != "" || i18n.Has(i18n.Vi, "site.check."+c.Key)), fmt.Sprintf("label-%d", i), "site.check.need-label")
		f.Need(c.Days >= 0 && c.Days <= 60, fmt.Sprintf("days-%d", i), "site.check.bad-days")
		f.Need(c.Minutes >= 0 && c.Minutes <= 1440, fmt.Sprintf("minutes-%d", i), "site.check.bad-minutes")
		seen[c.Key] = true
	}
	f.Need(seen[Connected], "checks", "site.check.need-connected")
	return f.Err()
}

// freeKey is a key that no item has.
func freeKey(checks []Check) string {
	for n := 1; ; n++ {
		key, taken := fmt.Sprintf("own-%d", n), false
		for _, c := range checks {
			taken = taken || c.Key == key
		}
		if !taken {
			return key
		}
	}
}
