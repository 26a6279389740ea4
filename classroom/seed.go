package classroom

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/id"
)

// seed makes the demo's plans and classes: Quảng Nam's programme of 2022 with its
// quotas, and the four classes of Quận 9 that ended on 31/12/2020, the day before
// the district did. What was done is done on its day, by the use cases.
func (c *Classroom) seed(ctx context.Context) error {
	r := rand.New(rand.NewPCG(9, 2020))
	if err := c.seedQuan9(ctx, r); err != nil {
		return fmt.Errorf("quận 9: %w", err)
	}
	if err := c.seedQuangNam(ctx, r); err != nil {
		return fmt.Errorf("quảng nam: %w", err)
	}
	return nil
}

func at(ctx context.Context, day string, hour int) context.Context {
	return clock.At(ctx, clock.MustDate(day).Time().Add(time.Duration(hour)*time.Hour))
}

// coded finds a unit by code and tier as of a day.
func (c *Classroom) coded(ctx context.Context, code string, tier org.Tier) (org.Unit, bool) {
	for _, u := range c.orgs.On(ctx, clock.Today(ctx)).All() {
		if u.Code == code && u.Tier == tier {
			return u, true
		}
	}
	return org.Unit{}, false
}

// peopleBelow are people with a post below a unit on the day of ctx, shuffled the
// same way each time.
func (c *Classroom) peopleBelow(ctx context.Context, unit org.UnitID, r *rand.Rand) ([]org.PersonID, error) {
	tree, today := c.orgs.On(ctx, clock.Today(ctx)), clock.Today(ctx)
	var below []org.UnitID
	for _, u := range tree.Subtree(unit) {
		below = append(below, u.ID)
	}
	people, err := c.postholders(ctx, below, today)
	r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	return people, err
}

const quan9Group = 40 // trainees in a class, as planned

func (c *Classroom) seedQuan9(ctx context.Context, r *rand.Rand) error {
	begin := at(ctx, "2020-09-14", 8)
	u, ok := c.coded(begin, "763", org.District)
	if !ok {
		return nil
	}
	plan, topics, err := c.seedPlan(begin, u.ID, "Bồi dưỡng chuyển đổi số Quận 9 năm 2020", "128/KH-UBND", clock.MustDate("2020-10-01"), clock.MustDate("2020-12-31"),
		[]LearnTopic{{Name: "Tổng quan về chuyển đổi số"}, {Name: "Chính quyền số và dịch vụ công trực tuyến"}, {Name: "Kỹ năng số và an toàn thông tin"}, {Name: "Dữ liệu và ứng dụng tại cơ sở"}})
	if err != nil {
		return err
	}
	room, err := c.SaveRoom(begin, Room{Unit: u.ID, Name: "Hội trường Ủy ban nhân dân Quận 9", Address: "Phường Hiệp Phú", Capacity: 60})
	if err != nil {
		return err
	}
	people, err := c.peopleBelow(begin, u.ID, r)
	if err != nil {
		return err
	}
	for n := range 4 {
		group := people[min(len(people), n*quan9Group):min(len(people), (n+1)*quan9Group)]
		k := Class{Plan: plan, Unit: u.ID, Code: fmt.Sprintf("Q9-2020-%02d", n+1), Name: fmt.Sprintf("Lớp %d: chuyển đổi số cho cán bộ, công chức Quận 9", n+1),
			Decision: fmt.Sprintf("%d/QĐ-UBND", 2410+n), Decided: clock.MustDate("2020-09-14"), From: clock.MustDate("2020-10-01"), To: clock.MustDate("2020-12-31"),
			Planned: quan9Group, Capacity: 44, NominateBy: clock.MustDate("2020-09-25"), State: ClassOpen}
		if err := c.seedClass(begin, k, group, room, topics, n, r); err != nil {
			return err
		}
	}
	return nil
}

// seedPlan issues a plan with topics.
func (c *Classroom) seedPlan(ctx context.Context, unit org.UnitID, name, number string, from, to clock.Date, learn []LearnTopic) (PlanID, []TopicID, error) {
	programme, err := c.SaveProgramme(ctx, Programme{Unit: unit, Name: name, Basis: "Quyết định số 749/QĐ-TTg ngày 03/6/2020", From: from, To: to})
	if err != nil {
		return "", nil, err
	}
	plan, err := c.SavePlan(ctx, Plan{Programme: programme, Unit: unit, Name: "Kế hoạch " + strings.ToLower(name[:1]) + name[1:], Number: number, Signed: from - 20,
		Basis: "Quyết định số 749/QĐ-TTg ngày 03/6/2020", From: from, To: to, State: PlanIssued})
	if err != nil {
		return "", nil, err
	}
	var topics []TopicID
	for i, t := range learn {
		topic, err := c.SaveTopic(ctx, Topic{Plan: plan, Sort: int64(i + 1), Name: t.Name, Learn: t.ID, Periods: 8})
		if err != nil {
			return "", nil, err
		}
		topics = append(topics, topic)
	}
	return plan, topics, nil
}

// seedClass opens a class, nominates its people, and holds a session for each
// topic, two weeks apart, with its roll call.
func (c *Classroom) seedClass(ctx context.Context, k Class, people []org.PersonID, room RoomID, topics []TopicID, n int, r *rand.Rand) error {
	class, err := c.seedRoster(ctx, k, people)
	if err != nil {
		return err
	}
	var sheets []Sheet
	day := k.From + clock.Date(1+n)
	for i, topic := range topics {
		for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			day++
		}
		starts := day.Time().Add(8 * time.Hour)
		session, err := c.SaveSession(ctx, SessionDraft{Session: Session{Class: class, Topic: topic, Title: fmt.Sprintf("Buổi %d", i+1), Starts: starts, Ends: starts.Add(3 * time.Hour),
			Mode: InPerson, Room: room, Provider: "Trường bồi dưỡng cán bộ", Author: "Tổ biên soạn"}, Anyway: true})
		if err != nil {
			return err
		}
		sheets = append(sheets, Sheet{session, presences(ctx, people, starts, r)})
		day += 14
	}
	return c.MarkMany(clock.At(ctx, k.To.Time().Add(17*time.Hour)), sheets)
}

// presences is a roll as rolls are: most are there.
func presences(ctx context.Context, people []org.PersonID, starts time.Time, r *rand.Rand) []Mark {
	marks := make([]Mark, len(people))
	for i, p := range people {
		m := Mark{ID: MarkID(id.New(ctx)), Person: p, State: Present, At: starts.Add(10 * time.Minute), Device: "phieu-giay", Source: FromImport}
		switch n := r.IntN(100); {
		case n < 4:
			m.State, m.Reason = Excused, "Công tác theo lịch của đơn vị"
		case n < 6:
			m.State = Unexcused
		case n < 10:
			m.State, m.Reason = Late, "Đến muộn 20 phút"
		}
		marks[i] = m
	}
	return marks
}

// seedQuangNam issues the plan of 2022 with a seat for every official in each
// topic, shared out to departments, districts and communes, and opens classes for
// the province's departments.
func (c *Classroom) seedQuangNam(ctx context.Context, r *rand.Rand) error {
	begin := at(ctx, "2022-04-04", 8)
	u, ok := c.coded(begin, "49", org.Province)
	if !ok || c.opt.Learning == nil {
		return nil
	}
	learn, err := c.opt.Learning.Topics(begin)
	if err != nil {
		return err
	}
	plan, topics, err := c.seedPlan(begin, u.ID, "Bồi dưỡng chuyển đổi số tỉnh Quảng Nam năm 2022", "2150/KH-UBND", clock.MustDate("2022-05-04"), clock.MustDate("2022-12-30"), learn)
	if err != nil || len(topics) == 0 {
		return err
	}
	if err := c.SetQuotas(begin, plan, c.seedQuotas(begin, plan, u.ID, topics)); err != nil {
		return err
	}
	room, err := c.SaveRoom(begin, Room{Unit: u.ID, Name: "Hội trường Trường Chính trị tỉnh", Address: "Thành phố Tam Kỳ", Capacity: 120})
	if err != nil {
		return err
	}
	people, err := c.peopleBelow(begin, u.ID, r)
	if err != nil {
		return err
	}
	for n := range 6 {
		group := people[min(len(people), n*quan9Group):min(len(people), (n+1)*quan9Group)]
		month := time.Month(5 + n)
		from := clock.NewDate(2022, month, 4)
		k := Class{Plan: plan, Topic: topics[n%len(topics)], Unit: u.ID, Code: fmt.Sprintf("QN-2022-%02d", n+1), Name: fmt.Sprintf("Lớp %d/2022: lãnh đạo, công chức các cấp", n+1),
			Decision: fmt.Sprintf("%d/QĐ-UBND", 1130+n), Decided: clock.MustDate("2022-04-04"), From: from, To: from + 24, Planned: quan9Group, Capacity: 42,
			NominateBy: from - 10, State: ClassOpen}
		if err := c.seedClass(begin, k, group, room, topics[n%len(topics):n%len(topics)+1], n, r); err != nil {
			return err
		}
	}
	return nil
}

// The seats that a unit of each tier has for its own officials in each topic.
var demoSeats = map[org.Tier]int64{org.Agency: 52, org.District: 64, org.Commune: 14}

// seedQuotas shares seats out down the tree: a district's number holds its own
// seats and those of its communes.
func (c *Classroom) seedQuotas(ctx context.Context, plan PlanID, province org.UnitID, topics []TopicID) (list []Quota) {
	tree := c.orgs.On(ctx, clock.Today(ctx))
	for _, topic := range topics {
		var all int64
		for _, child := range tree.Children(province) {
			u, _ := tree.Unit(child)
			sum := demoSeats[u.Tier]
			for _, low := range tree.Children(child) {
				x, _ := tree.Unit(low)
				if demoSeats[x.Tier] > 0 && x.Tier == org.Commune {
					list = append(list, Quota{Plan: plan, Unit: low, Topic: topic, Seats: demoSeats[x.Tier]})
					sum += demoSeats[x.Tier]
				}
			}
			if sum > 0 {
				list = append(list, Quota{Plan: plan, Unit: child, Topic: topic, Seats: sum})
				all += sum
			}
		}
		list = append(list, Quota{Plan: plan, Unit: province, Topic: topic, Seats: all})
	}
	return list
}
