package classroom_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

var day = clock.MustDate

func schemas() []db.Schema {
	return []db.Schema{job.Schema, web.Schema, mail.Schema, org.Schema, access.Schema, classroom.Schema}
}

// land is a small province: two districts, each with two communes.
type land struct {
	*classroom.Classroom
	d        *db.DB
	o        *org.Org
	q        *job.Queue
	bus      *event.Bus
	post     *mail.Post
	base     context.Context // nobody acts in it
	ctx      context.Context // the house acts in it
	province org.UnitID
	district [2]org.UnitID
	commune  [4]org.UnitID
}

// now is the time of the tests: a Monday.
var now = day("2022-05-09").Time().Add(8 * time.Hour)

func newLand(t testing.TB, ctx context.Context, d *db.DB) *land {
	t.Helper()
	q := job.New(d)
	bus := event.New(q)
	post, err := mail.New(d, q, "", "http://127.0.0.1")
	must(t, err)
	l := &land{d: d, q: q, bus: bus, post: post, o: org.New(d, bus), base: clock.At(ctx, now)}
	l.ctx = access.System(l.base)
	access.Register(l.o.Module().Actions...)
	l.Classroom = classroom.New(d, l.o, bus, post)
	l.province = l.unit(t, "", "49", "Tỉnh Quảng Nam", org.KindProvince)
	l.district[0] = l.unit(t, l.province, "502", "Thành phố Tam Kỳ", org.KindCity)
	l.district[1] = l.unit(t, l.province, "513", "Huyện Thăng Bình", org.KindRuralDistrict)
	for i, name := range []string{"Phường Tân Thạnh", "Phường An Mỹ", "Xã Bình Minh", "Xã Bình Dương"} {
		kind, _ := org.KindOf(map[bool]string{true: "Phường", false: "Xã"}[i < 2], org.Commune)
		l.commune[i] = l.unit(t, l.district[i/2], fmt.Sprint(20335+i), name, kind)
	}
	return l
}

func (l *land) unit(t testing.TB, parent org.UnitID, code, name string, k org.Kind) org.UnitID {
	t.Helper()
	id, err := l.o.Add(l.ctx, org.Unit{Parent: parent, Code: code, Name: name, Kind: k, Tier: org.TierOf(k)}, org.Basis{On: day("2020-01-01")})
	must(t, err)
	return id
}

var given = []string{"An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hùng", "Lan", "Minh", "Nga", "Phúc", "Quân", "Sơn", "Thảo", "Vinh", "Yến"}
var family = []string{"Nguyễn Văn", "Trần Thị", "Lê Hữu", "Phạm Thị", "Huỳnh Ngọc", "Võ Minh"}

// people enters n people of a unit.
func (l *land) people(t testing.TB, unit org.UnitID, n int, category org.Category) []org.PersonID {
	t.Helper()
	list := make([]org.NewPerson, n)
	for i := range list {
		list[i] = org.NewPerson{Name: fmt.Sprintf("%s %s %s", family[i%len(family)], given[(i/3)%len(given)], given[i%len(given)]),
			Birth: day("1980-01-01") + clock.Date(i*17), Email: "",
			Post: org.Post{Unit: unit, Title: "Công chức Văn phòng – thống kê", Category: category, From: day("2021-01-01")}}
	}
	ids, err := l.o.AddPeople(l.ctx, list...)
	must(t, err)
	return ids
}

// as is the context of an actor with a role on a unit; person may be "".
func (l *land) as(role module.Role, unit org.UnitID, person org.PersonID) context.Context {
	a := access.Actor{Name: string(role), Person: person, Account: access.AccountID("a-" + string(role))}
	if role != module.Learner {
		a.Grants = []access.Grant{{Role: role, Unit: unit}}
	}
	return access.As(l.base, a, l.o.Covers)
}

func (l *land) plan(t testing.TB) classroom.PlanID {
	t.Helper()
	pr, err := l.SaveProgramme(l.ctx, classroom.Programme{Unit: l.province, Name: "Bồi dưỡng chuyển đổi số 2022–2025", From: day("2022-01-01"), Basis: "Quyết định 3396/QĐ-UBND"})
	must(t, err)
	p, err := l.SavePlan(l.ctx, classroom.Plan{Programme: pr, Unit: l.province, Name: "Kế hoạch bồi dưỡng năm 2022", Number: "1280/KH-UBND",
		From: day("2022-01-01"), To: day("2022-12-31"), State: classroom.PlanIssued})
	must(t, err)
	for i, name := range []string{"Căn bản chuyển đổi số", "An toàn thông tin"} {
		_, err := l.SaveTopic(l.ctx, classroom.Topic{Plan: p, Name: name, Sort: int64(i + 1), Periods: 8})
		must(t, err)
	}
	return p
}

// open opens a class of the province for capacity people.
func (l *land) open(t testing.TB, p classroom.PlanID, capacity int64, rule classroom.Rule) classroom.ClassID {
	t.Helper()
	k, err := l.SaveClass(l.ctx, classroom.Class{Plan: p, Unit: l.province, Name: "Căn bản chuyển đổi số, lớp 1", Code: "CB-01", Decision: "118/QĐ-UBND",
		From: day("2022-05-16"), To: day("2022-06-30"), Planned: capacity, Capacity: capacity, NominateBy: day("2022-05-13"), Rule: rule, State: classroom.ClassOpen})
	must(t, err)
	return k
}

// meet plans a session of a class at eight o'clock.
func (l *land) meet(t testing.TB, k classroom.ClassID, on string, room classroom.RoomID) classroom.SessionID {
	t.Helper()
	s, err := l.SaveSession(l.ctx, draft(k, on, room))
	must(t, err)
	return s
}

func draft(k classroom.ClassID, on string, room classroom.RoomID) classroom.SessionDraft {
	at := day(on).Time().Add(8 * time.Hour)
	return classroom.SessionDraft{Session: classroom.Session{Class: k, Starts: at, Ends: at.Add(3 * time.Hour), Mode: classroom.InPerson, Room: room}}
}

// each runs test on every engine.
func each(t *testing.T, test func(t *testing.T, l *land)) {
	t.Helper()
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) { test(t, newLand(t, ctx, d)) })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFromPlanToRollCall(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		p := l.plan(t)
		k := l.open(t, p, 3, classroom.Rule{Categories: []org.Category{org.CivilServant}})
		staff := l.people(t, l.commune[0], 5, org.CivilServant)
		worker := l.people(t, l.commune[0], 1, org.Worker)
		officer := l.as(module.TrainingOfficer, l.commune[0], "")
		a, err := l.Nominate(officer, classroom.Nomination{Class: k, Unit: l.commune[0], Number: "12/QĐ-UBND", On: day("2022-05-09"), People: append(worker, staff...)})
		must(t, err)
		if len(a.Registered) != 3 || len(a.Waiting) != 2 || len(a.Refused) != 1 || a.Refused[0].Person != worker[0] {
			t.Fatalf("%+v", a)
		}
		s := l.meet(t, k, "2022-05-16", "")
		roll, err := l.Roll(l.ctx, s)
		must(t, err)
		if len(roll.Lines) != 3 || roll.Tally[""] != 3 {
			t.Fatalf("the roll has %d lines, %v", len(roll.Lines), roll.Tally)
		}
		refused, err := l.MarkAll(l.ctx, s, []classroom.Mark{
			{ID: "mark-0001", Person: staff[0], State: classroom.Present},
			{ID: "mark-0002", Person: staff[1], State: classroom.Excused, Reason: "họp Hội đồng nhân dân"},
			{ID: "mark-0003", Person: staff[2], State: classroom.Substitute, Substitute: "Lê Thị Hồng"},
			{ID: "mark-0004", Person: worker[0], State: classroom.Present},
		}, true)
		must(t, err)
		if len(refused) != 1 || refused[0].ID != "mark-0004" {
			t.Fatalf("refused: %v", refused)
		}
		roll, err = l.Roll(l.ctx, s)
		must(t, err)
		if roll.Session.RolledAt.IsZero() || roll.Tally[classroom.Present] != 1 || roll.Tally[classroom.Excused] != 1 || roll.Tally[classroom.Substitute] != 1 {
			t.Fatalf("%v", roll.Tally)
		}
	})
}

func TestWaitingListPromotes(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k := l.open(t, l.plan(t), 2, classroom.Rule{})
		staff := l.people(t, l.commune[2], 4, org.CivilServant)
		_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[2], People: staff})
		must(t, err)
		if n, _ := l.post.Unread(l.ctx, string(staff[2])); n != 1 {
			t.Fatalf("who waits has %d letters", n)
		}
		seat := l.seatOf(t, k, staff[0])
		if err := l.Decline(l.as(module.Learner, "", staff[0]), seat.ID, ""); !errors.Is(err, errs.Invalid) {
			t.Fatalf("declined without a reason: %v", err)
		}
		must(t, l.Decline(l.as(module.Learner, "", staff[0]), seat.ID, "đi công tác"))
		if got := l.seatOf(t, k, staff[2]); got.State != classroom.Registered {
			t.Fatalf("the first who waits is %s", got.State)
		}
		if got := l.seatOf(t, k, staff[3]); got.State != classroom.Waiting {
			t.Fatalf("the second who waits is %s", got.State)
		}
		if n, _ := l.post.Unread(l.ctx, string(staff[2])); n != 2 {
			t.Fatalf("who moved up has %d letters", n)
		}
		class, err := l.Class(l.ctx, k)
		must(t, err)
		class.Capacity = 3
		_, err = l.SaveClass(l.ctx, class)
		must(t, err)
		if got := l.seatOf(t, k, staff[3]); got.State != classroom.Registered {
			t.Fatalf("a larger class leaves the last one %s", got.State)
		}
		if _, err := l.SaveClass(l.ctx, class); !errors.Is(err, errs.Conflict) {
			t.Fatalf("an old edition is saved: %v", err)
		}
		again, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[2], People: staff[:1]})
		must(t, err)
		if len(again.Waiting) != 1 || l.seatOf(t, k, staff[0]).State != classroom.Waiting {
			t.Fatalf("sent again: %+v", again)
		}
	})
}

func (l *land) seatOf(t testing.TB, k classroom.ClassID, p org.PersonID) classroom.SeatLine {
	t.Helper()
	lines, err := l.Roster(l.ctx, k)
	must(t, err)
	for _, s := range lines {
		if s.Person == p {
			return s
		}
	}
	t.Fatalf("%s is not on the roster", p)
	return classroom.SeatLine{}
}

func TestNominationKeepsToUnitAndDeadline(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k := l.open(t, l.plan(t), 40, classroom.Rule{Units: []org.UnitID{l.district[0]}})
		own, other := l.people(t, l.commune[0], 2, org.CivilServant), l.people(t, l.commune[2], 1, org.CivilServant)
		officer := l.as(module.TrainingOfficer, l.commune[0], "")
		a, err := l.Nominate(officer, classroom.Nomination{Class: k, Unit: l.commune[0], People: []org.PersonID{own[0], other[0]}})
		must(t, err)
		if len(a.Registered) != 1 || len(a.Refused) != 1 {
			t.Fatalf("%+v", a)
		}
		neighbour := l.as(module.TrainingOfficer, l.commune[2], "")
		if _, err := l.Nominate(neighbour, classroom.Nomination{Class: k, Unit: l.commune[2], People: other}); err != nil {
			t.Fatal(err) // the class is near, but the rule keeps the person out
		} else if _, err := l.Class(neighbour, k); !errors.Is(err, errs.NotFound) {
			t.Fatalf("a class meant for another district is seen: %v", err)
		}
		late := clock.At(officer, day("2022-05-14").Time().Add(time.Hour))
		if _, err := l.Nominate(late, classroom.Nomination{Class: k, Unit: l.commune[0], People: own[1:]}); !errors.Is(err, errs.Conflict) {
			t.Fatalf("a unit nominates after the deadline: %v", err)
		}
		if _, err := l.Nominate(clock.At(l.ctx, now.AddDate(0, 0, 10)), classroom.Nomination{Class: k, Unit: l.commune[0], People: own[1:]}); err != nil {
			t.Fatalf("the organiser cannot add late: %v", err)
		}
	})
}
