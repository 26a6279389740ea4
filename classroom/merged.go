package classroom

import (
	"context"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// OnPersonsMerged puts a person whose record was merged into another's under that
// one: seats, marks, what the marks come to, and teaching. Where both stand on one
// roster, the better seat is kept and the other withdrawn; where both were marked
// in one session, their marks are merged as those of two devices are. Told twice it
// does nothing more. Open to all: the house's own work.
func (c *Classroom) OnPersonsMerged(ctx context.Context, e org.PersonsMerged) error {
	return c.db.Tx(ctx, func(ctx context.Context) error {
		for _, step := range []func(context.Context, org.PersonsMerged) error{c.mergeSeats, c.mergeMarks, c.mergeTeaching} {
			if err := step(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

var seatRank = map[SeatState]int{Registered: 2, Waiting: 1}

func (c *Classroom) mergeSeats(ctx context.Context, e org.PersonsMerged) error {
	seats, err := db.All[Seat](ctx, c.db, `select `+db.Columns[Seat]("")+` from classroom_seat where person_id in ($1, $2) order by id`, e.From, e.To)
	if err != nil {
		return err
	}
	kept := map[ClassID]Seat{}
	for _, s := range seats {
		if s.Person == e.To {
			kept[s.Class] = s
		}
	}
	for _, s := range seats {
		if s.Person != e.From {
			continue
		}
		other, both := kept[s.Class]
		if err := c.mergeSeat(ctx, e, s, other, both); err != nil {
			return err
		}
	}
	return nil
}

// mergeSeat gives the kept person a seat; of two on one roster he has the better.
func (c *Classroom) mergeSeat(ctx context.Context, e org.PersonsMerged, s, other Seat, both bool) error {
	now := clock.Now(ctx)
	if !both {
		_, err := c.db.Exec(ctx, `update classroom_seat set person_id = $1, changed_at = $2, edition = edition + 1 where id = $3`, e.To, now, s.ID)
		return err
	}
	if seatRank[s.State] > seatRank[other.State] {
		if _, err := c.db.Exec(ctx, `update classroom_seat set state = $1, rank = $2, changed_at = $3, edition = edition + 1 where id = $4`, s.State, s.Rank, now, other.ID); err != nil {
			return err
		}
	}
	_, err := c.db.Exec(ctx, `update classroom_seat set state = $1, changed_at = $2, edition = edition + 1 where id = $3 and state <> $1`, Withdrawn, now, s.ID)
	return err
}

func (c *Classroom) mergeMarks(ctx context.Context, e org.PersonsMerged) error {
	sessions, err := db.All[SessionID](ctx, c.db, `select session_id from classroom_attendance where person_id = $1 order by session_id`, e.From)
	if err != nil {
		return err
	}
	for _, query := range []string{
		`update classroom_mark set person_id = $1 where person_id = $2`,
		`update classroom_mark set substitute_id = $1 where substitute_id = $2`,
		`update classroom_attendance set substitute_id = $1 where substitute_id = $2`,
	} {
		if _, err := c.db.Exec(ctx, query, e.To, e.From); err != nil {
			return err
		}
	}
	for _, id := range sessions {
		if err := c.mergeAttendance(ctx, e, id); err != nil {
			return err
		}
	}
	return nil
}

// mergeAttendance writes anew what the marks of both come to in a session.
func (c *Classroom) mergeAttendance(ctx context.Context, e org.PersonsMerged, id SessionID) error {
	n, err := c.db.Exec(ctx, `update classroom_attendance set person_id = $1, changed_at = $2 where session_id = $3 and person_id = $4
		and not exists (select 1 from classroom_attendance x where x.session_id = $3 and x.person_id = $1)`, e.To, clock.Now(ctx), id, e.From)
	if err != nil || n > 0 {
		return err
	}
	if _, err := c.db.Exec(ctx, `delete from classroom_attendance where session_id = $1 and person_id = $2`, id, e.From); err != nil {
		return err
	}
	marks, err := db.All[Mark](ctx, c.db, `select `+db.Columns[Mark]("")+` from classroom_mark where session_id = $1 and person_id = $2`, id, e.To)
	if err != nil || len(marks) == 0 {
		return err
	}
	st := Merge(marks)
	_, err = c.db.Exec(ctx, `update classroom_attendance set state = $1, reason = $2, substitute = $3, substitute_id = $4, heads = $5, conflict = $6,
		changed_at = $7 where session_id = $8 and person_id = $9`, st.Mark.State, st.Mark.Reason, st.Mark.Substitute, st.Mark.SubstituteID,
		MarkIDs(st.Heads), st.Conflict, clock.Now(ctx), id, e.To)
	return err
}

func (c *Classroom) mergeTeaching(ctx context.Context, e org.PersonsMerged) error {
	for _, query := range []string{
		`update classroom_lecturer set person_id = $1 where person_id = $2 and not exists
			(select 1 from classroom_lecturer x where x.session_id = classroom_lecturer.session_id and x.person_id = $1)`,
		`delete from classroom_lecturer where person_id = $2 and $1 <> $2`,
		`delete from classroom_feed where person_id = $2 and $1 <> $2`, // its address is drawn anew when it is asked for
	} {
		if _, err := c.db.Exec(ctx, query, e.To, e.From); err != nil {
			return err
		}
	}
	return nil
}
