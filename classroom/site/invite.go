package site

import (
	"context"
	"slices"
	"strings"
	"time"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// Invitation asks all units of some tiers, from a unit downwards, to open a site,
// and says which people of theirs are to come (thành phần tham dự).
type Invitation struct {
	Session    classroom.SessionID
	Top        org.UnitID
	Tiers      []org.Tier
	Categories []org.Category
	Each       map[org.Category]int64 // expected at each site
	ByPosts    bool                   // expected: all who hold a post of the category in the unit that day
	Number     string                 // of the paper (giấy mời)
}

// Invited is an invitation as it was sent.
type Invited struct {
	ID         string              `db:"id"`
	Session    classroom.SessionID `db:"session_id"`
	Unit       org.UnitID          `db:"unit_id"`
	Tiers      string              `db:"tiers"`
	Categories string              `db:"categories"`
	Number     string              `db:"number"`
	Sites      int64               `db:"sites"`
	By         org.PersonID        `db:"by_id"`
	MadeAt     time.Time           `db:"made_at"`
}

func (v *Invitation) check(t *org.Tree, m Meeting) error {
	v.Number = text.Clean(v.Number)
	var f errs.Form
	f.Need(v.Top != "", "top", "site.need-unit")
	f.Need(v.Top == "" || t.Within(v.Top, m.Unit), "top", "site.outside", t.Name(m.Unit))
	f.Need(len(v.Tiers) > 0, "tiers", "site.invite.need-tier")
	f.Need(len(v.Categories) > 0, "categories", "site.invite.need-category")
	for _, c := range v.Categories {
		n := v.Each[c]
		f.Need(known(c) && n >= 0 && n <= expectedMax, "n:"+string(c), "site.bad-count")
	}
	f.Need(len(v.Number) <= 100, "number", "site.too-long")
	return f.Err()
}

// Invite opens a site for every unit that is invited and has none yet, and writes
// down how many are expected at each site it reaches, those that stood before
// among them. It returns how many sites it opened and how many it reached.
func (s *Sites) Invite(ctx context.Context, v Invitation) (opened, reached int, err error) {
	m, err := s.held(ctx, v.Session)
	if err != nil {
		return 0, 0, err
	}
	if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
		return 0, 0, err
	}
	t := s.orgs.On(ctx, m.On())
	if err := v.check(t, m); err != nil {
		return 0, 0, err
	}
	var units []org.UnitID
	for _, u := range t.Subtree(v.Top) {
		if slices.Contains(v.Tiers, u.Tier) {
			units = append(units, u.ID)
		}
	}
	if len(units) == 0 {
		return 0, 0, errs.New(errs.Invalid, "error.invalid").Field("tiers", "site.invite.nobody")
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		opened, err = s.invite(ctx, m, v, units)
		return err
	})
	return opened, len(units), err
}

func (s *Sites) invite(ctx context.Context, m Meeting, v Invitation, units []org.UnitID) (opened int, err error) {
	if err := s.touch(ctx, m.Session); err != nil {
		return 0, err
	}
	old, err := s.sitesOf(ctx, m.Session)
	if err != nil {
		return 0, err
	}
	at := map[org.UnitID]ID{}
	for _, x := range old {
		at[x.Unit] = x.ID
	}
	var fresh []Site
	now := clock.Now(ctx)
	for _, u := range units {
		if at[u] == "" {
			at[u] = ID(id.New(ctx))
			fresh = append(fresh, Site{ID: at[u], Session: m.Session, Unit: u, MadeAt: now, ChangedAt: now, Edition: 1})
		}
	}
	if err := db.Insert(ctx, s.db, "classroom_site_site", fresh...); err != nil {
		return 0, err
	}
	rows, err := s.expectedBy(ctx, m, v, units, at)
	if err != nil {
		return 0, err
	}
	if err := db.InsertOr(ctx, s.db, "classroom_site_expected", `on conflict (site_id, category) do update set n = excluded.n`, rows...); err != nil {
		return 0, err
	}
	return len(fresh), s.noteInvitation(ctx, m, v, len(units), len(fresh))
}

// expectedBy is how many of each invited category are expected at each site.
func (s *Sites) expectedBy(ctx context.Context, m Meeting, v Invitation, units []org.UnitID, at map[org.UnitID]ID) (rows []Expected, err error) {
	posts := map[org.UnitID]map[org.Category]int64{}
	if v.ByPosts {
		if posts, err = s.posts(ctx, units, m.On()); err != nil {
			return nil, err
		}
	}
	for _, u := range units {
		for _, c := range org.Categories {
			if !slices.Contains(v.Categories, c) {
				continue
			}
			n := v.Each[c]
			if v.ByPosts {
				n = posts[u][c]
			}
			rows = append(rows, Expected{at[u], c, n})
		}
	}
	return rows, nil
}

type postCount struct {
	Unit     org.UnitID   `db:"unit_id"`
	Category org.Category `db:"category"`
	N        int64        `db:"n"`
}

// posts counts who holds a main post in each of units on a day, by category.
func (s *Sites) posts(ctx context.Context, units []org.UnitID, on clock.Date) (map[org.UnitID]map[org.Category]int64, error) {
	all := map[org.UnitID]map[org.Category]int64{}
	for len(units) > 0 {
		n := min(500, len(units))
		w := db.NewWhere(on)
		rows, err := db.All[postCount](ctx, s.db, `select unit_id, category, count(*) as n from org_post
			where main and from_on <= $1 and (to_on is null or to_on > $1) and `+db.In(w, "unit_id", units[:n]).SQL()+` group by unit_id, category`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if all[r.Unit] == nil {
				all[r.Unit] = map[org.Category]int64{}
			}
			all[r.Unit][r.Category] = r.N
		}
		units = units[n:]
	}
	return all, nil
}

func (s *Sites) noteInvitation(ctx context.Context, m Meeting, v Invitation, reached, opened int) error {
	p, _ := me(ctx)
	row := Invited{ID: id.New(ctx), Session: m.Session, Unit: v.Top, Tiers: join(v.Tiers), Categories: join(v.Categories),
		Number: v.Number, Sites: int64(reached), By: p, MadeAt: clock.Now(ctx)}
	if err := db.Insert(ctx, s.db, "classroom_site_invitation", row); err != nil {
		return err
	}
	return s.audit(ctx, Organise, v.Top, "session:"+string(m.Session), map[string]any{"invited": row, "opened": opened})
}

func join[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = string(x)
	}
	return strings.Join(words, " ")
}

// Invitations lists what was sent for a conference, the first first.
func (s *Sites) Invitations(ctx context.Context, id classroom.SessionID) ([]Invited, error) {
	if _, err := s.Meeting(ctx, id); err != nil { // access.Check in the plan's unit
		return nil, err
	}
	return db.All[Invited](ctx, s.db, `select `+db.Columns[Invited]("")+` from classroom_site_invitation where session_id = $1 order by made_at, id`, id)
}

// HostByHeads names for every site without a host the head of its unit that day,
// where there is one. It returns how many sites got one; all are told.
func (s *Sites) HostByHeads(ctx context.Context, id classroom.SessionID) (int, error) {
	m, err := s.held(ctx, id)
	if err != nil {
		return 0, err
	}
	if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
		return 0, err
	}
	named := 0
	return named, s.db.Tx(ctx, func(ctx context.Context) error {
		named, err = s.hostByHeads(ctx, m)
		return err
	})
}

func (s *Sites) hostByHeads(ctx context.Context, m Meeting) (int, error) {
	if err := s.touch(ctx, m.Session); err != nil {
		return 0, err
	}
	sites, err := s.sitesOf(ctx, m.Session)
	if err != nil {
		return 0, err
	}
	var units []org.UnitID
	for _, x := range sites {
		units = append(units, x.Unit)
	}
	heads, err := s.orgs.HeadsOf(ctx, units, m.On())
	if err != nil {
		return 0, err
	}
	var named []Site
	for _, x := range sites {
		if x.Host != "" || len(heads[x.Unit]) == 0 {
			continue
		}
		x.Host = heads[x.Unit][0].Person
		n, err := s.db.Exec(ctx, `update classroom_site_site set host_id = $1, changed_at = $2, edition = edition + 1 where id = $3 and edition = $4`,
			x.Host, clock.Now(ctx), x.ID, x.Edition)
		if err != nil || n == 0 {
			return 0, err
		}
		named = append(named, x)
	}
	if err := s.tellHosts(ctx, m, named); err != nil {
		return 0, err
	}
	return len(named), s.audit(ctx, Organise, m.Unit, "session:"+string(m.Session), map[string]any{"hosts": len(named)})
}
