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

// The conference of Bắc Giang on 16/12/2021 as it was published: 3,600 people, one
// site in person and 238 on line (VietNamNet; VietnamPlus says 239 locations and
// more than 3,600 participants:
// https://en.vietnamplus.vn/bac-giang-offers-digital-transformation-training-for-public-servants-party-members/222425.vnp).
// Which units sat at the sites was not published: the ten districts, the 209
// communes and the nineteen agencies of the People's Committee come to 238. How
// many sat at each, who hosted it, the hours and the incidents are made up.
const (
	seedPeople   = 3600
	seedAgencies = 19
)

// seed brings in the conference, through the use cases, each thing on its day.
func (s *Sites) seed(ctx context.Context) error {
	day := clock.MustDate("2021-12-16")
	before := clock.At(ctx, (day - 10).Time().Add(8*time.Hour))
	var province org.Unit
	for _, u := range s.orgs.On(ctx, day).All() {
		if u.Code == "24" && u.Tier == org.Province {
			province = u
		}
	}
	if province.ID == "" {
		return nil
	}
	return s.db.Tx(before, func(ctx context.Context) error {
		m, err := s.seedSession(ctx, province.ID, conference{plan: "Kế hoạch bồi dưỡng chuyển đổi số năm 2021", number: "245/KH-UBND", code: "BG-2021-01",
			name:  "Hội nghị bồi dưỡng chuyển đổi số cho cán bộ, công chức, viên chức, đảng viên",
			title: "Hội nghị bồi dưỡng chuyển đổi số tỉnh Bắc Giang năm 2021", link: "https://hop.example.vn/bac-giang-2021", people: seedPeople,
			from: clock.MustDate("2021-12-01"), to: clock.MustDate("2021-12-31"), starts: day.Time().Add(8 * time.Hour)})
		if err != nil {
			return fmt.Errorf("bắc giang: %w", err)
		}
		if err := s.seedSites(ctx, m, province.ID); err != nil {
			return fmt.Errorf("bắc giang: %w", err)
		}
		if err := s.seedMarks(clock.At(ctx, day.Time().Add(12*time.Hour)), m); err != nil {
			return fmt.Errorf("bắc giang: %w", err)
		}
		return nil
	})
}

// conference is a conference of the demo.
type conference struct {
	plan, number, code, name, title, link string
	people                                int64
	from, to                              clock.Date // of the plan
	starts                                time.Time
}

// seedSession enters a conference with the plan and the class it belongs to.
func (s *Sites) seedSession(ctx context.Context, unit org.UnitID, h conference) (Meeting, error) {
	c, day := s.classes, clock.DateOf(h.starts)
	const basis = "Quyết định số 749/QĐ-TTg ngày 03/6/2020"
	programme, err := c.SaveProgramme(ctx, classroom.Programme{Unit: unit, Name: "Hội nghị bồi dưỡng chuyển đổi số", Basis: basis, From: h.from})
	if err != nil {
		return Meeting{}, err
	}
	plan, err := c.SavePlan(ctx, classroom.Plan{Programme: programme, Unit: unit, Name: h.plan, Number: h.number, Signed: day - 20,
		Basis: basis, From: h.from, To: h.to, State: classroom.PlanIssued})
	if err != nil {
		return Meeting{}, err
	}
	class, err := c.SaveClass(ctx, classroom.Class{Plan: plan, Unit: unit, Code: h.code, Name: h.name, Decision: "2180/QĐ-UBND", Decided: day - 12,
		From: day, To: day, Planned: h.people, Capacity: h.people, NominateBy: day - 3, State: classroom.ClassOpen})
	if err != nil {
		return Meeting{}, err
	}
	session, err := c.SaveSession(ctx, classroom.SessionDraft{Session: classroom.Session{Class: class, Title: h.title,
		Starts: h.starts, Ends: h.starts.Add(210 * time.Minute), Mode: classroom.Hybrid, Link: h.link}, Anyway: true})
	if err != nil {
		return Meeting{}, err
	}
	if err := s.SetUp(ctx, Conference{Session: session, Contact: "Tổ kỹ thuật hội nghị (trình diễn)", Phone: "0204 000 0000"}); err != nil {
		return Meeting{}, err
	}
	return s.Meeting(ctx, session)
}

// seedSites invites the units, takes out the agencies that sit at the central site,
// opens that one and names the heads of the units as hosts.
func (s *Sites) seedSites(ctx context.Context, m Meeting, province org.UnitID) error {
	for _, v := range []Invitation{
		{Tiers: []org.Tier{org.Commune}, Each: map[org.Category]int64{org.Cadre: 6, org.CivilServant: 6, org.PartTimeWorker: 1}},
		{Tiers: []org.Tier{org.District}, Each: map[org.Category]int64{org.Cadre: 10, org.CivilServant: 22, org.PublicEmployee: 8}},
		{Tiers: []org.Tier{org.Agency}, Each: map[org.Category]int64{org.CivilServant: 16, org.PublicEmployee: 6}},
	} {
		v.Session, v.Top, v.Number = m.Session, province, "152/GM-UBND"
		for _, c := range org.Categories {
			if v.Each[c] > 0 {
				v.Categories = append(v.Categories, c)
			}
		}
		if _, _, err := s.Invite(ctx, v); err != nil {
			return err
		}
	}
	sites, err := s.sitesOf(ctx, m.Session)
	if err != nil {
		return err
	}
	tree, agencies := s.orgs.On(ctx, m.On()), 0
	var office org.UnitID // of the People's Committee, whose people look after the central site
	for _, x := range sites {
		if u, _ := tree.Unit(x.Unit); u.Tier == org.Agency {
			if agencies++; agencies == 1 {
				office = x.Unit
			}
			if agencies > seedAgencies {
				if err := s.RemoveSite(ctx, x.ID, x.Edition); err != nil {
					return err
				}
			}
		}
	}
	host, err := s.orgs.Search(ctx, org.Filter{Unit: office, Own: true, Category: org.CivilServant, Limit: 1})
	if err != nil || len(host) == 0 {
		return err
	}
	_, err = s.SaveSite(ctx, Draft{Site: Site{Session: m.Session, Unit: province, Central: true, Host: host[0].ID, Room: "Hội trường lớn, Ủy ban nhân dân tỉnh", Technician: "Tổ kỹ thuật hội nghị (trình diễn)", Phone: "0204 000 0000"},
		Expected: map[org.Category]int64{org.Cadre: 90, org.CivilServant: 60}})
	if err == nil {
		_, err = s.HostByHeads(ctx, m.Session)
	}
	return err
}

// seedMarks is what the sites reported. Each signs its headcount, and these come to
// what was published.
func (s *Sites) seedMarks(ctx context.Context, m Meeting) error {
	b, err := s.lay(ctx, m)
	if err != nil {
		return err
	}
	weights := make([]int64, len(b.Lines))
	for i, l := range b.Lines {
		weights[i] = 4*l.Invited + int64(i*7%11) - 5 // no two neighbours alike
	}
	sizes := share(seedPeople, weights)
	sheets := make([]Sheet, len(b.Lines))
	for i, l := range b.Lines {
		sheets[i] = Sheet{l.ID, s.seedSheet(ctx, b, l, i, sizes[i])}
	}
	refused, err := s.TakeMany(ctx, m.Session, sheets)
	if err == nil && len(refused) > 0 {
		err = errs.New(errs.Invalid, refused[0].Why)
	}
	return err
}

// seedSheet is what one site reported, size people in all.
func (s *Sites) seedSheet(ctx context.Context, b *Board, l Line, i int, size int64) (marks []Mark) {
	starts := b.Meeting.Starts
	put := func(subject, value, note string, at time.Time, bases ...classroom.MarkID) classroom.MarkID {
		k := Mark{ID: classroom.MarkID(id.New(ctx)), Subject: subject, Value: value, Note: note, At: at, Device: "nhap-lieu", Bases: bases,
			Source: FromImport, By: l.Host, ByName: l.HostName}
		marks = append(marks, k)
		return k.ID
	}
	for n, c := range b.Checks {
		if c.Central && !l.Central {
			continue
		}
		put("check:"+c.Key, Yes, "", b.Dues[c.Key].Add(-time.Duration(3+(i*13+n*17)%55)*time.Minute))
	}
	var categories []org.Category
	var weights []int64
	for _, c := range org.Categories {
		if l.Expected[c] > 0 {
			categories, weights = append(categories, c), append(weights, l.Expected[c])
		}
	}
	counts := map[org.Category]int64{}
	counted := starts.Add(time.Duration(20+i%25) * time.Minute)
	for n, size := range share(size, weights) {
		counts[categories[n]] = size
		put("count:"+string(categories[n]), strconv.FormatInt(size, 10), "", counted)
	}
	put(SignSubject, CountedOf(counts), "", counted.Add(time.Minute))
	if i%31 == 17 {
		at := starts.Add(time.Duration(i%90) * time.Minute)
		told := classroom.MarkID(id.New(ctx))
		marks = append(marks, Mark{ID: told, Subject: "incident:" + string(told), Value: Kinds[i/31%3], At: at, Device: "nhap-lieu", Source: FromImport, By: l.Host, ByName: l.HostName})
		put("incident:"+string(told), Closed, "", at.Add(time.Duration(4+i%9)*time.Minute), told)
	}
	return marks
}

// share parts n by weights into whole numbers that come to n again: what remains
// goes to the largest remainders, the first of equals first.
func share(n int64, weights []int64) []int64 {
	var sum, given int64
	for _, w := range weights {
		sum += w
	}
	out, rest := make([]int64, len(weights)), make([]int64, len(weights))
	for i, w := range weights {
		out[i], rest[i] = n*w/sum, n*w%sum
		given += out[i]
	}
	for ; given < n; given++ {
		best := 0
		for i := range rest {
			if rest[i] > rest[best] {
				best = i
			}
		}
		out[best]++
		rest[best] = -1
	}
	return out
}
