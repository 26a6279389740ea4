package classroom_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// scene is a class of one district, which others have no business with.
type scene struct {
	*land
	programme classroom.ProgrammeID
	plan      classroom.PlanID
	class     classroom.ClassID
	session   classroom.SessionID
	room      classroom.RoomID
	seat      classroom.SeatLine
	staff     []org.PersonID
	paper     string
}

func newScene(t testing.TB, l *land) *scene {
	t.Helper()
	s := &scene{land: l}
	var err error
	own := l.district[0]
	s.programme, err = l.SaveProgramme(l.ctx, classroom.Programme{Unit: own, Name: "Bồi dưỡng", From: day("2022-01-01")})
	must(t, err)
	s.plan, err = l.SavePlan(l.ctx, classroom.Plan{Programme: s.programme, Unit: own, Name: "Kế hoạch", Number: "1/KH", From: day("2022-01-01"), To: day("2022-12-31"), State: classroom.PlanIssued})
	must(t, err)
	_, err = l.SaveTopic(l.ctx, classroom.Topic{Plan: s.plan, Name: "Căn bản", Learn: "topic-1"})
	must(t, err)
	must(t, l.SetQuotas(l.ctx, s.plan, []classroom.Quota{{Unit: l.commune[0], Seats: 9}, {Unit: l.commune[1], Seats: 9}}))
	s.room, err = l.SaveRoom(l.ctx, classroom.Room{Unit: own, Name: "Phòng 1", Capacity: 50})
	must(t, err)
	s.class, err = l.SaveClass(l.ctx, classroom.Class{Plan: s.plan, Unit: own, Name: "Lớp 1", Decision: "2/QĐ", From: day("2022-05-09"), To: day("2022-06-30"),
		Planned: 40, NominateBy: day("2022-05-12"), State: classroom.ClassOpen})
	must(t, err)
	s.staff = l.people(t, l.commune[0], 2, org.CivilServant)
	_, err = l.Nominate(l.ctx, classroom.Nomination{Class: s.class, Unit: l.commune[0], People: s.staff, Quiet: true})
	must(t, err)
	s.session = l.meet(t, s.class, "2022-05-16", s.room)
	s.seat = l.seatOf(t, s.class, s.staff[0])
	x, _, err := l.Session(l.ctx, s.session)
	must(t, err)
	s.paper = x.PaperCode
	return s
}

var errSeen = errors.New("something is seen")

// nothing is an error when a list is not empty.
func nothing[T any](list []T, err error) error {
	if err == nil && len(list) > 0 {
		return errSeen
	}
	return err
}

// cases are the use cases, each done to the scene by somebody else. Lists may
// answer that there is nothing.
func (s *scene) cases() (refuse, empty map[string]func(context.Context) error) {
	class := func(ctx context.Context) classroom.Class { k, _ := s.Class(s.ctx, s.class); return k }
	d := draft(s.class, "2022-05-17", "")
	mark := []classroom.Mark{{ID: "mark-0001", Person: s.staff[0], State: classroom.Present}}
	n := classroom.Nomination{Class: s.class, Unit: s.commune[0], People: s.staff}
	refuse = map[string]func(context.Context) error{
		"Cancel":  func(c context.Context) error { return s.Cancel(c, s.session, "vì sao", 1) },
		"CheckIn": func(c context.Context) error { return s.CheckIn(c, s.session, "x", "", "d") },
		"Clashes": func(c context.Context) error { _, err := s.Clashes(c, s.session); return err },
		"Class":   func(c context.Context) error { _, err := s.Class(c, s.class); return err },
		"Costs":   func(c context.Context) error { _, _, err := s.Costs(c, s.plan); return err },
		"Decline": func(c context.Context) error { return s.Decline(c, s.seat.ID, "vì sao") },
		"Explain": func(c context.Context) error { _, err := s.Explain(c, s.class, s.commune[0], s.staff); return err },
		"MarkAll": func(c context.Context) error { _, err := s.MarkAll(c, s.session, mark, true); return err },
		"MarkMany": func(c context.Context) error {
			return s.MarkMany(c, []classroom.Sheet{{Session: s.session, Marks: mark}})
		},
		"Marks":        func(c context.Context) error { _, err := s.Marks(c, s.session, s.staff[0]); return err },
		"Nominate":     func(c context.Context) error { _, err := s.Nominate(c, n); return err },
		"NominateList": func(c context.Context) error { _, err := s.NominateList(c, n, nil); return err },
		"NominateMany": func(c context.Context) error { _, err := s.NominateMany(c, []classroom.Nomination{n}); return err },
		"Plan":         func(c context.Context) error { _, err := s.Plan(c, s.plan); return err },
		"Quotas":       func(c context.Context) error { _, err := s.Quotas(c, s.plan, s.district[0], "", ""); return err },
		"Refuse":       func(c context.Context) error { return s.Refuse(c, s.seat.ID, "vì sao") },
		"Repeat":       func(c context.Context) error { _, err := s.Repeat(c, d, classroom.Recurrence{Count: 2}); return err },
		"Report":       func(c context.Context) error { _, err := s.Report(c, s.class); return err },
		"Roll":         func(c context.Context) error { _, err := s.Roll(c, s.session); return err },
		"Roster":       func(c context.Context) error { _, err := s.Roster(c, s.class); return err },
		"SaveClass":    func(c context.Context) error { _, err := s.SaveClass(c, class(c)); return err },
		"SaveCost": func(c context.Context) error {
			_, err := s.SaveCost(c, classroom.Cost{Plan: s.plan, Source: classroom.Recurrent, Item: "x", Planned: 1})
			return err
		},
		"SavePlan": func(c context.Context) error { p, _ := s.Plan(s.ctx, s.plan); _, err := s.SavePlan(c, p); return err },
		"SaveProgramme": func(c context.Context) error {
			_, err := s.SaveProgramme(c, classroom.Programme{ID: s.programme, Unit: s.district[0], Name: "x", From: day("2022-01-01"), Edition: 1})
			return err
		},
		"SaveRoom": func(c context.Context) error {
			_, err := s.SaveRoom(c, classroom.Room{ID: s.room, Unit: s.district[0], Name: "x", Capacity: 9, Edition: 1})
			return err
		},
		"SaveSession": func(c context.Context) error { _, err := s.SaveSession(c, d); return err },
		"SaveTopic": func(c context.Context) error {
			_, err := s.SaveTopic(c, classroom.Topic{Plan: s.plan, Name: "x"})
			return err
		},
		"Scan":           func(c context.Context) error { _, err := s.Scan(c, s.session, "x", "y"); return err },
		"ScanCode":       func(c context.Context) error { _, _, err := s.ScanCode(c, s.session); return err },
		"Session":        func(c context.Context) error { _, _, err := s.Session(c, s.session); return err },
		"SessionOfPaper": func(c context.Context) error { _, err := s.SessionOfPaper(c, s.paper); return err },
		"Sessions":       func(c context.Context) error { _, err := s.Sessions(c, s.class); return err },
		"SetClassState":  func(c context.Context) error { return s.SetClassState(c, s.class, classroom.ClassClosed, 1) },
		"SetQuotas": func(c context.Context) error {
			return s.SetQuotas(c, s.plan, []classroom.Quota{{Unit: s.commune[0], Seats: 1}})
		},
		"Settle":   func(c context.Context) error { return s.Settle(c, s.session, mark[0]) },
		"Sheet":    func(c context.Context) error { _, _, err := s.Sheet(c, s.session); return err },
		"Taught":   func(c context.Context) error { _, err := s.Taught(c, s.session); return err },
		"Teachers": func(c context.Context) error { _, err := s.Teachers(c, s.session); return err },
		"Topics":   func(c context.Context) error { _, err := s.Topics(c, s.plan); return err },
		"Withdraw": func(c context.Context) error { return s.Withdraw(c, s.seat.ID, "vì sao") },
		"MayRun": func(c context.Context) error {
			if s.MayRun(c, class(c)) {
				return errSeen
			}
			return errs.New(errs.Denied, "error.denied")
		},
	}
	empty = map[string]func(context.Context) error{
		"Attended": func(c context.Context) error {
			m, err := s.Attended(c, "topic-1", nil, s.staff)
			return nothing(make([]int, len(m)), err)
		},
		"Classes": func(c context.Context) error {
			list, _, err := s.Classes(c, classroom.ClassFilter{})
			return nothing(list, err)
		},
		"Lacking":         func(c context.Context) error { return nothing(s.Lacking(c, s.class)) },
		"LateNominations": func(c context.Context) error { return nothing(s.LateNominations(c)) },
		"Mine":            func(c context.Context) error { return nothing(s.Mine(c)) },
		"MySessions":      func(c context.Context) error { return nothing(s.MySessions(c, day("2022-01-01"), day("2023-01-01"))) },
		"NextSessions":    func(c context.Context) error { return nothing(s.NextSessions(c)) },
		"Plans":           func(c context.Context) error { return nothing(s.Plans(c, classroom.PlanFilter{})) },
		"Programmes":      func(c context.Context) error { return nothing(s.Programmes(c)) },
		"Rooms":           func(c context.Context) error { return nothing(s.Rooms(c)) },
		"TaughtBy":        func(c context.Context) error { return nothing(s.TaughtBy(c, "topic-1", nil)) },
		"Teaching":        func(c context.Context) error { return nothing(s.Teaching(c)) },
		"Thinning":        func(c context.Context) error { return nothing(s.Thinning(c)) },
		"Today":           func(c context.Context) error { return nothing(s.Today(c)) },
	}
	return refuse, empty
}

// ownBusiness are the methods that are about the actor alone, or the house's work.
var ownBusiness = []string{"EndFeed", "Feed", "FeedSince", "NewFeed", "OnPersonMoved", "OnPersonsMerged", "OnUnitsSucceeded", "Remind", "SeedToday"}

// Every use case is done by a stranger, by an officer of the neighbouring district
// and by a learner of it who is not in the class: each is refused, or sees nothing.
func TestStrangersAndNeighboursAreRefused(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		s := newScene(t, l)
		other := l.people(t, l.commune[2], 1, org.CivilServant)
		refuse, empty := s.cases()
		actors := map[string]context.Context{
			"stranger": l.base, "learner": l.as(module.Learner, "", other[0]),
		}
		for _, role := range module.Roles[1 : len(module.Roles)-1] {
			actors["neighbour "+string(role)] = l.as(role, l.district[1], other[0])
		}
		for who, ctx := range actors {
			for name, try := range refuse {
				err := try(ctx)
				e := errs.Of(err)
				// A wrong code of a sheet says no more of a session that is there.
				hidden := name == "SessionOfPaper" && errors.Is(err, errs.Invalid) && who != "stranger"
				if err == nil || e.Kind != errs.Stranger && e.Kind != errs.Denied && e.Kind != errs.NotFound && !hidden {
					t.Errorf("%s by a %s: %v", name, who, err)
				}
			}
			for name, try := range empty {
				if err := try(ctx); errors.Is(err, errSeen) || err != nil && errs.Of(err).Kind == errs.Fault {
					t.Errorf("%s by a %s: %v", name, who, err)
				}
			}
		}
		after, err := l.Class(l.ctx, s.class)
		must(t, err)
		if seat := l.seatOf(t, s.class, s.staff[0]); after.State != classroom.ClassOpen || seat.State != classroom.Registered {
			t.Errorf("the class is %s, the seat %s", after.State, seat.State)
		}
		known := map[string]bool{}
		for _, list := range []map[string]func(context.Context) error{refuse, empty} {
			for name := range list {
				known[name] = true
			}
		}
		for _, name := range ownBusiness {
			known[name] = true
		}
		for i, typ := 0, reflect.TypeFor[*classroom.Classroom](); i < typ.NumMethod(); i++ {
			m := typ.Method(i)
			if m.Type.NumIn() > 1 && m.Type.In(1) == reflect.TypeFor[context.Context]() && !known[m.Name] {
				t.Errorf("nobody has tried %s as a stranger", m.Name)
			}
		}
	})
}

var (
	routed = regexp.MustCompile(`m\.Handle\("(GET|POST) ([^"]+)"`)
	hole   = regexp.MustCompile(`\{\w+\}`)
)

// openPages show everybody who has signed in what is his, which may be nothing.
var openPages = []string{"/classroom/plans", "/classroom/classes", "/classroom/rooms", "/classroom/mine", "/classroom/paper", "/classroom/feed", "/classroom/feed/end"}

// formsOfOwn are pages that an officer opens for his own unit.
var formsOfOwn = []string{"/classroom/programmes/new", "/classroom/programmes", "/classroom/plans/new", "/classroom/nominate/form"}

func TestPagesRefuseStrangersAndNeighbours(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		s := newScene(t, l)
		site := l.serve(t)
		text, err := os.ReadFile("pages.go")
		must(t, err)
		fill := map[string]string{"{plan}": string(s.plan), "{class}": string(s.class), "{session}": string(s.session), "{seat}": string(s.seat.ID)}
		other := l.people(t, l.commune[2], 1, org.CivilServant)
		all := routed.FindAllStringSubmatch(string(text), -1)
		if len(all) < 40 {
			t.Fatalf("%d pages: is this test still reading the routes?", len(all))
		}
		neighbour := access.Actor{Account: "n", Person: other[0], Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: l.district[1]}}}
		for _, r := range all {
			method, path := r[1], hole.ReplaceAllStringFunc(r[2], func(h string) string { return fill[h] + map[bool]string{true: "x"}[fill[h] == ""] })
			site.actor.Store(nil)
			if code := site.ask(t, method, path); code != http.StatusUnauthorized {
				t.Errorf("%s %s tells a stranger %d", method, path, code)
			}
			site.signIn(access.Actor{Account: "l", Person: other[0]})
			open, own := has(openPages, path), has(formsOfOwn, path)
			if code := site.ask(t, method, path); !open && code != http.StatusForbidden && code != http.StatusNotFound {
				t.Errorf("%s %s tells a learner %d", method, path, code)
			}
			site.signIn(neighbour)
			if code := site.ask(t, method, path); !open && !own && code != http.StatusForbidden && code != http.StatusNotFound {
				t.Errorf("%s %s tells a neighbour %d", method, path, code)
			}
		}
	})
}

func has(list []string, path string) bool {
	for _, x := range list {
		if x == path {
			return true
		}
	}
	return false
}

// ask sends a request with an empty form and returns the status of its answer.
func (s *site) ask(t testing.TB, method, path string) int {
	t.Helper()
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequest(method, s.URL+path, strings.NewReader(url.Values{}.Encode()))
	must(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(req)
	must(t, err)
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	must(t, err)
	return res.StatusCode
}
