package site

import (
	"context"
	"strings"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/mail"
)

// Chase writes to the host of every site that owes something, saying what. It
// returns how many were written to, and how many such sites have no host to write
// to: those are left to the telephone.
func (s *Sites) Chase(ctx context.Context, id classroom.SessionID) (told, hostless int, err error) {
	m, err := s.held(ctx, id)
	if err != nil {
		return 0, 0, err
	}
	if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
		return 0, 0, err
	}
	if m.Cancelled() {
		return 0, 0, errs.New(errs.Conflict, "site.cancelled")
	}
	b, err := s.owing(ctx, m)
	if err != nil {
		return 0, 0, err
	}
	var late []Line
	for _, l := range b.Lines {
		switch {
		case len(l.Overdue) == 0:
		case l.Host == "":
			hostless++
		default:
			late = append(late, l)
		}
	}
	return len(late), hostless, s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.sendChase(ctx, m, late); err != nil {
			return err
		}
		return s.audit(ctx, Organise, m.Unit, "session:"+string(id), map[string]int{"chased": len(late)})
	})
}

// owing is the board as it stands, read here and now: what is seen inside a
// transaction is not for those who watch.
func (s *Sites) owing(ctx context.Context, m Meeting) (*Board, error) {
	w := &watched{marks: map[ID][]Mark{}}
	if err := s.refresh(ctx, w, m); err != nil {
		return nil, err
	}
	return w.board, nil
}

func (s *Sites) sendChase(ctx context.Context, m Meeting, late []Line) error {
	if s.post == nil || len(late) == 0 {
		return nil
	}
	hosts := make([]org.PersonID, len(late))
	for i, l := range late {
		hosts[i] = l.Host
	}
	addresses, err := s.addresses(ctx, hosts)
	if err != nil {
		return err
	}
	letters := make([]mail.Letter, len(late))
	vi := i18n.With(ctx, i18n.Vi)
	for i, l := range late {
		var owed []string
		for _, c := range l.Overdue {
			owed = append(owed, c.Text().In(vi))
		}
		args := []any{l.UnitName, m.Name(), clockOf(m.Starts), strings.Join(owed, "; ")}
		letters[i] = mail.Letter{Reader: string(l.Host), Address: addresses[l.Host], Link: sitePath(l.ID),
			Subject: i18n.T("site.mail.chase", args...).As(i18n.Vi), Body: i18n.T("site.mail.chase.body", args...).As(i18n.Vi)}
	}
	return s.post.Send(ctx, letters...)
}

// OnPersonsMerged puts the person who stands for both in the place of the other,
// as host. For the bridge of the app, which acts as the house.
func (s *Sites) OnPersonsMerged(ctx context.Context, e org.PersonsMerged) error {
	sessions, err := db.All[classroom.SessionID](ctx, s.db, `select distinct session_id from classroom_site_site where host_id = $1`, e.From)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		for _, id := range sessions {
			m, err := s.held(ctx, id)
			if err != nil {
				return err
			}
			if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
				return err
			}
			if err := s.touch(ctx, id); err != nil {
				return err
			}
			if _, err := s.db.Exec(ctx, `update classroom_site_site set host_id = $1, changed_at = $2, edition = edition + 1
				where session_id = $3 and host_id = $4`, e.To, clock.Now(ctx), id, e.From); err != nil {
				return err
			}
		}
		return nil
	})
}
