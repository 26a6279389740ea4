package site

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
)

// SeedToday opens a conference of a province that begins within the hour, so that a
// demo shown on any day has a board that fills: the province's own site, those of
// its districts and communes, each as far as such sites are. host is named for the
// site of his unit. System alone: it asks through the use cases.
func (s *Sites) SeedToday(ctx context.Context, province org.UnitID, host org.PersonID, unit org.UnitID) error {
	now, today := clock.Now(ctx), clock.Today(ctx)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		m, err := s.seedSession(clock.At(ctx, (today-14).Time().Add(8*time.Hour)), province, conference{plan: fmt.Sprintf("Kế hoạch hội nghị trực tuyến năm %d", today.Year()), number: "31/KH-UBND",
			code: fmt.Sprintf("HN-%d-01", today.Year()), name: "Hội nghị trực tuyến về chuyển đổi số", title: "Hội nghị trực tuyến triển khai nhiệm vụ chuyển đổi số",
			link: "https://hop.example.vn/hom-nay", people: 4000, from: min(today-14, clock.NewDate(today.Year(), 1, 1)), to: max(today+1, clock.NewDate(today.Year(), 12, 31)),
			starts: now.Truncate(time.Hour).Add(time.Hour)})
		if err != nil {
			return err
		}
		if err := s.sitesToday(ctx, m, province, host, unit); err != nil {
			return err
		}
		return s.marksToday(ctx, m, unit)
	})
}

func (s *Sites) sitesToday(ctx context.Context, m Meeting, province org.UnitID, host org.PersonID, unit org.UnitID) error {
	if _, err := s.SaveSite(ctx, Draft{Site: Site{Session: m.Session, Unit: province, Central: true, Room: "Phòng họp trực tuyến tầng 2", Phone: "0235 000 0000"},
		Expected: map[org.Category]int64{org.Cadre: 20, org.CivilServant: 40}}); err != nil {
		return err
	}
	if _, _, err := s.Invite(ctx, Invitation{Session: m.Session, Top: province, Tiers: []org.Tier{org.District, org.Commune}, Categories: []org.Category{org.Cadre, org.CivilServant, org.PartTimeWorker},
		ByPosts: true, Number: "09/GM-UBND"}); err != nil {
		return err
	}
	sites, err := s.sitesOf(ctx, m.Session)
	if err != nil {
		return err
	}
	for _, x := range sites {
		if x.Unit == unit && host != "" {
			if err := s.NameHost(ctx, x.ID, host, x.Edition); err != nil {
				return err
			}
		}
	}
	_, err = s.HostByHeads(ctx, m.Session)
	return err
}

// marksToday is what the sites have reported by now: of a hundred some eighty are
// connected, ten are getting ready and the rest keep silent. The site of unit is
// left to whoever tries the demo.
func (s *Sites) marksToday(ctx context.Context, m Meeting, unit org.UnitID) error {
	b, err := s.lay(ctx, m)
	if err != nil {
		return err
	}
	var sheets []Sheet
	for i, l := range b.Lines {
		far := []int{4, 4, 5, 4, 3, 4, 5, 4, 1, 4, 4, 0, 4, 5, 2, 4, 4, 3, 4, 0}[i%20]
		if l.Unit == unit {
			far = 2
		}
		if far < 2 { // whom the organiser calls
			if err := s.SaveContact(ctx, l.ID, l.Room, "", fmt.Sprintf("0235 000 0%03d", i), l.Edition); err != nil {
				return err
			}
		}
		sheets = append(sheets, Sheet{l.ID, marksAsFar(ctx, b, l, i, far)})
	}
	refused, err := s.TakeMany(ctx, m.Session, sheets)
	if err == nil && len(refused) > 0 {
		err = errs.New(errs.Invalid, refused[0].Why)
	}
	return err
}

// marksAsFar are the first items of the checklist of a site, and with 5 the signed
// headcount too.
func marksAsFar(ctx context.Context, b *Board, l Line, i, far int) (marks []Mark) {
	now := clock.Now(ctx)
	put := func(subject, value string) {
		marks = append(marks, Mark{ID: classroom.MarkID(id.New(ctx)), Subject: subject, Value: value, At: now.Add(-time.Duration(2+i*7%40) * time.Minute), Device: "nhap-lieu",
			Source: FromImport, By: l.Host, ByName: l.HostName})
	}
	for _, c := range b.Checks[:min(far, 4)] {
		put("check:"+c.Key, Yes)
	}
	if far == 5 {
		counts := map[org.Category]int64{}
		for _, c := range org.Categories {
			if n := l.Expected[c]; n > 0 {
				counts[c] = max(1, n-int64(i%3))
				put("count:"+string(c), strconv.FormatInt(counts[c], 10))
			}
		}
		put(SignSubject, CountedOf(counts))
	}
	if i%97 == 40 {
		told := classroom.MarkID(id.New(ctx))
		marks = append(marks, Mark{ID: told, Subject: "incident:" + string(told), Value: NoSound, Note: "micrô chủ tọa mất tiếng", At: now.Add(-3 * time.Minute),
			Device: "nhap-lieu", Source: FromImport, By: l.Host, ByName: l.HostName})
	}
	return marks
}
