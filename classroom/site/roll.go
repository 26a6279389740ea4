package site

import (
	"context"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/db"
)

type rolled struct {
	Unit     org.UnitID   `db:"unit_id"`
	Category org.Category `db:"category"`
	N        int64        `db:"n"`
}

// addRoll adds to each site who attended by name: those of its unit, and of units
// below it that have no site of their own.
func (s *Sites) addRoll(ctx context.Context, b *Board) error {
	rows, err := db.All[rolled](ctx, s.db, `select unit_id, category, count(*) as n from classroom_attendance
		where session_id = $1 and state in ('present', 'late', 'left_early', 'substitute') group by unit_id, category`, b.Meeting.Session)
	if err != nil {
		return err
	}
	at := map[org.UnitID]*Line{}
	sites := make([]Site, len(b.Lines))
	for i := range b.Lines {
		l := &b.Lines[i]
		l.Roll, l.Named = nil, 0
		at[l.Unit], sites[i] = l, l.Site
	}
	seat := s.seating(ctx, b.Meeting, sites)
	for _, r := range rows {
		l := at[seat(r.Unit)]
		if l == nil {
			continue
		}
		if l.Roll == nil {
			l.Roll = map[org.Category]int64{}
		}
		l.Roll[r.Category] += r.N
		l.Named += r.N
	}
	b.Named, err = s.persons(ctx, b.Meeting.Session)
	return err
}

// persons counts the distinct persons who attended by name.
func (s *Sites) persons(ctx context.Context, id classroom.SessionID) (int64, error) {
	return db.One[int64](ctx, s.db, `select count(distinct coalesce(substitute_id, person_id)) from classroom_attendance
		where session_id = $1 and state in ('present', 'late', 'left_early', 'substitute')`, id)
}

// seating says at which unit's site the people of a unit sit: its own, or that of
// the nearest unit above it that has one; "" for none.
func (s *Sites) seating(ctx context.Context, m Meeting, sites []Site) func(org.UnitID) org.UnitID {
	has := map[org.UnitID]bool{}
	for _, x := range sites {
		has[x.Unit] = true
	}
	t := s.orgs.On(ctx, m.On())
	return func(u org.UnitID) org.UnitID {
		if has[u] {
			return u
		}
		for _, up := range t.Ancestors(u) {
			if has[up] {
				return up
			}
		}
		return ""
	}
}

type seats struct {
	Unit org.UnitID `db:"unit_id"`
	N    int64      `db:"n"`
}

// rostered counts the people on the roster of a conference who sit at a site.
func (s *Sites) rostered(ctx context.Context, b *Board, x Site) (sum int64, err error) {
	rows, err := db.All[seats](ctx, s.db, `select unit_id, count(*) as n from classroom_seat
		where class_id = $1 and state = 'registered' group by unit_id`, b.Meeting.Class)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	sites := make([]Site, len(b.Lines))
	for i, l := range b.Lines {
		sites[i] = l.Site
	}
	seat := s.seating(ctx, b.Meeting, sites)
	for _, r := range rows {
		if seat(r.Unit) == x.Unit {
			sum += r.N
		}
	}
	return sum, nil
}
