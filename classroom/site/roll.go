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
	for i := range b.Lines {
		l := &b.Lines[i]
		l.Roll, l.Named = nil, 0
		at[l.Unit] = l
	}
	t := s.orgs.On(ctx, b.Meeting.On())
	for _, r := range rows {
		l := at[r.Unit]
		for _, up := range t.Ancestors(r.Unit) {
			if l != nil {
				break
			}
			l = at[up]
		}
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
