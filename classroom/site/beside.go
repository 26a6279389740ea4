package site

import (
	"context"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

var _ classroom.Beside = (*Sites)(nil)

// OnMine shows the sites that the actor hosts, on the page of his own classes.
// Asks through Mine.
func (s *Sites) OnMine(ctx context.Context) (web.Component, error) {
	list, err := s.Mine(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return minePart(list), nil
}

// OnClass shows the conferences of a class on its page. Asks through OfClass.
func (s *Sites) OnClass(ctx context.Context, id classroom.ClassID) (web.Component, error) {
	list, err := s.OfClass(ctx, id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return classPart(list), nil
}

// OnSession leads from a session to its board, or to where it is given sites. Asks
// through Meeting and MayOrganise.
func (s *Sites) OnSession(ctx context.Context, id classroom.SessionID) []ui.Act {
	if _, err := s.Meeting(ctx, id); err == nil {
		return []ui.Act{{Text: i18n.T("site.of-session"), Href: boardPath(id), Icon: "building"}}
	}
	if s.MayOrganise(ctx, id) {
		return []ui.Act{{Text: i18n.T("site.of-session"), Href: sitesPath(id) + "/setup", Icon: "building"}}
	}
	return nil
}

// OnRoll says of which units the actor calls the roll: those of the site that he
// hosts. Asks through access.Who.
func (s *Sites) OnRoll(ctx context.Context, id classroom.SessionID) (func(org.UnitID) bool, error) {
	p, _ := me(ctx) // access.Who
	if p == "" {
		return nil, nil
	}
	m, err := s.meeting(ctx, id)
	if err != nil || m.Session == "" {
		return nil, err
	}
	sites, err := s.sitesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	mine := map[org.UnitID]bool{}
	for _, x := range sites {
		if x.Host == p {
			mine[x.Unit] = true
		}
	}
	if len(mine) == 0 {
		return nil, nil
	}
	seat := s.seating(ctx, m, sites)
	return func(u org.UnitID) bool { return mine[seat(u)] }, nil
}
