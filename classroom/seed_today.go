package classroom

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
)

// Cast names the people of the demo's accounts.
type Cast struct {
	Unit     org.UnitID // that organises the class
	Manager  org.PersonID
	Lecturer org.PersonID
	Trainees []org.PersonID // who sit in the class first
}

// SeedToday opens two classes of the year of ctx, so that a demo shown on any day
// has work at hand: one under way, with a session that has been called, one that
// goes on now and one to come; and one that few were nominated for with its
// deadline in three days. System alone.
func (c *Classroom) SeedToday(ctx context.Context, cast Cast) error {
	now, today := clock.Now(ctx), clock.Today(ctx)
	year := today.Year()
	begin := clock.At(ctx, (today - 30).Time().Add(8*time.Hour))
	learn, err := c.opt.Learning.Topics(begin)
	if err != nil || len(learn) == 0 {
		return err
	}
	plan, topics, err := c.seedPlan(begin, cast.Unit, fmt.Sprintf("Bồi dưỡng bổ sung chuyển đổi số năm %d", year), "118/KH-UBND",
		min(today-10, clock.NewDate(year, 1, 1)), max(today+40, clock.NewDate(year, 12, 31)), learn[:1])
	if err != nil {
		return err
	}
	if err := c.SetQuotas(begin, plan, c.todayQuotas(begin, plan, cast.Unit, topics[0])); err != nil {
		return err
	}
	room, err := c.SaveRoom(begin, Room{Unit: cast.Unit, Name: "Phòng học số 2, Trường Chính trị tỉnh", Address: "Thành phố Tam Kỳ", Capacity: 60})
	if err != nil {
		return err
	}
	people, err := c.peopleBelow(begin, cast.Unit, rand.New(rand.NewPCG(118, 7)))
	if err != nil {
		return err
	}
	people = append(cast.Trainees, without(people, append([]org.PersonID{cast.Manager, cast.Lecturer}, cast.Trainees...))...)
	k := Class{Plan: plan, Topic: topics[0], Unit: cast.Unit, Manager: cast.Manager, Planned: quan9Group, Capacity: 42, State: ClassOpen,
		Decision: "1290/QĐ-UBND", Decided: today - 28, From: today - 8, To: today + 21}
	under, few := k, k
	under.Code, under.Name, under.NominateBy = fmt.Sprintf("BS-%d-01", year), "Lớp bổ sung 1: căn bản chuyển đổi số", today-12
	few.Code, few.Name, few.NominateBy = fmt.Sprintf("BS-%d-02", year), "Lớp bổ sung 2: căn bản chuyển đổi số", today+3
	few.From, few.To = today+10, today+30
	class, err := c.seedRoster(begin, under, people[:min(len(people), quan9Group)])
	if err != nil {
		return err
	}
	if _, err := c.seedRoster(begin, few, people[min(len(people), quan9Group):min(len(people), quan9Group+12)]); err != nil {
		return err
	}
	hour := now.Truncate(time.Hour)
	for i, starts := range []time.Time{hour.AddDate(0, 0, -7), hour, hour.AddDate(0, 0, 7)} {
		session, err := c.SaveSession(begin, SessionDraft{Session: Session{Class: class, Topic: topics[0], Title: fmt.Sprintf("Buổi %d", i+1), Starts: starts, Ends: starts.Add(3 * time.Hour),
			Mode: InPerson, Room: room, Provider: "Trường Chính trị tỉnh", Author: "Tổ biên soạn"}, Lecturers: []org.PersonID{cast.Lecturer}, Anyway: true})
		if err != nil {
			return err
		}
		if starts.Before(hour) {
			marks := presences(ctx, people[:min(len(people), quan9Group)], starts, rand.New(rand.NewPCG(118, 8)))
			if err := c.MarkMany(clock.At(ctx, starts.Add(3*time.Hour)), []Sheet{{session, marks}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// seedRoster opens a class with people on its roster.
func (c *Classroom) seedRoster(ctx context.Context, k Class, people []org.PersonID) (ClassID, error) {
	class, err := c.SaveClass(ctx, k)
	if err != nil {
		return "", err
	}
	_, err = c.Nominate(ctx, Nomination{Class: class, Unit: k.Unit, Number: k.Decision, On: k.Decided, People: people, Quiet: true})
	return class, err
}

// without is all people but some.
func without(all, some []org.PersonID) (rest []org.PersonID) {
	out := map[org.PersonID]bool{}
	for _, p := range some {
		out[p] = true
	}
	for _, p := range all {
		if !out[p] {
			rest = append(rest, p)
		}
	}
	return rest
}

// todayQuotas asks each district and department for a few people, so that some of
// them are late.
func (c *Classroom) todayQuotas(ctx context.Context, plan PlanID, top org.UnitID, topic TopicID) (list []Quota) {
	const seats = 4
	tree := c.orgs.On(ctx, clock.Today(ctx))
	for _, low := range tree.Children(top) {
		if u, _ := tree.Unit(low); demoSeats[u.Tier] > 0 {
			list = append(list, Quota{Plan: plan, Unit: low, Topic: topic, Seats: seats})
		}
	}
	return append(list, Quota{Plan: plan, Unit: top, Topic: topic, Seats: seats * int64(len(list))})
}
