package site_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/classroom/site"
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
	return []db.Schema{job.Schema, web.Schema, mail.Schema, org.Schema, access.Schema, classroom.Schema, site.Schema}
}

// land is a small province with a conference: two districts, each with two
// communes, and a neighbour province.
type land struct {
	*site.Sites
	d        *db.DB
	o        *org.Org
	c        *classroom.Classroom
	post     *mail.Post
	base     context.Context // nobody acts in it
	ctx      context.Context // the house acts in it
	province org.UnitID
	other    org.UnitID
	district [2]org.UnitID
	commune  [4]org.UnitID
	class    classroom.ClassID
	session  classroom.SessionID
}

// now is the time of the tests, a Monday; the conference is a week later at eight.
var now = day("2022-05-09").Time().Add(8 * time.Hour)

func newLand(t testing.TB, ctx context.Context, d *db.DB) *land {
	t.Helper()
	l := newLandOf(t, ctx, d)
	l.province = l.unit(t, "", "49", "Tỉnh Quảng Nam", org.KindProvince)
	l.other = l.unit(t, "", "51", "Tỉnh Quảng Ngãi", org.KindProvince)
	l.district[0] = l.unit(t, l.province, "502", "Thành phố Tam Kỳ", org.KindCity)
	l.district[1] = l.unit(t, l.province, "513", "Huyện Thăng Bình", org.KindRuralDistrict)
	for i, name := range []string{"Phường Tân Thạnh", "Phường An Mỹ", "Xã Bình Minh", "Xã Bình Dương"} {
		kind, _ := org.KindOf(map[bool]string{true: "Phường", false: "Xã"}[i < 2], org.Commune)
		l.commune[i] = l.unit(t, l.district[i/2], fmt.Sprint(20335+i), name, kind)
	}
	l.plan(t)
	return l
}

// newLandOf is a house without units.
func newLandOf(t testing.TB, ctx context.Context, d *db.DB) *land {
	t.Helper()
	q := job.New(d)
	bus := event.New(q)
	post, err := mail.New(d, q, "", "http://127.0.0.1")
	must(t, err)
	l := &land{d: d, post: post, o: org.New(d, bus), base: clock.At(ctx, now)}
	l.ctx = access.System(l.base)
	access.Register(l.o.Module().Actions...)
	l.c = classroom.New(d, l.o, bus, post)
	l.Sites = site.New(d, l.o, l.c, post, site.Options{})
	return l
}
func (l *land) unit(t testing.TB, parent org.UnitID, code, name string, k org.Kind) org.UnitID {
	t.Helper()
	id, err := l.o.Add(l.ctx, org.Unit{Parent: parent, Code: code, Name: name, Kind: k, Tier: org.TierOf(k)}, org.Basis{On: day("2020-01-01")})
	must(t, err)
	return id
}

// plan enters a session of a class of the province.
func (l *land) plan(t testing.TB) {
	t.Helper()
	pr, err := l.c.SaveProgramme(l.ctx, classroom.Programme{Unit: l.province, Name: "Bồi dưỡng chuyển đổi số", From: day("2022-01-01"), Basis: "Quyết định 749/QĐ-TTg"})
	must(t, err)
	p, err := l.c.SavePlan(l.ctx, classroom.Plan{Programme: pr, Unit: l.province, Name: "Kế hoạch năm 2022", Number: "1280/KH-UBND", From: day("2022-01-01"), To: day("2022-12-31"), State: classroom.PlanIssued})
	must(t, err)
	l.class, err = l.c.SaveClass(l.ctx, classroom.Class{Plan: p, Unit: l.province, Name: "Hội nghị tập huấn", Code: "HN-01", Decision: "118/QĐ-UBND",
		From: day("2022-05-16"), To: day("2022-06-30"), Planned: 200, Capacity: 200, NominateBy: day("2022-05-13"), State: classroom.ClassOpen})
	must(t, err)
	at := day("2022-05-16").Time().Add(8 * time.Hour)
	l.session, err = l.c.SaveSession(l.ctx, classroom.SessionDraft{Session: classroom.Session{Class: l.class, Starts: at, Ends: at.Add(3 * time.Hour),
		Mode: classroom.Hybrid, Link: "https://hop.example.vn/1"}, Anyway: true})
	must(t, err)
}

// people enters heads of units, one each.
func (l *land) people(t testing.TB, units ...org.UnitID) []org.PersonID {
	t.Helper()
	var list []org.NewPerson
	for i, u := range units {
		list = append(list, org.NewPerson{Name: fmt.Sprintf("Nguyễn Văn Chủ%d", i), Birth: day("1970-01-01") + clock.Date(i),
			Post: org.Post{Unit: u, Title: "Chủ tịch", Category: org.Cadre, Head: true, From: day("2021-01-01")}})
	}
	ids, err := l.o.AddPeople(l.ctx, list...)
	must(t, err)
	return ids
}

// confer makes the session run on the sites of all communes and districts, the
// province's being the central one, each with the head of its unit as host.
func (l *land) confer(t testing.TB) []site.Site {
	t.Helper()
	must(t, l.SetUp(l.ctx, site.Conference{Session: l.session, Contact: "Văn phòng", Phone: "0235 123 456"}))
	l.people(t, append([]org.UnitID{l.province}, append(l.district[:], l.commune[:]...)...)...)
	_, _, err := l.Invite(l.ctx, site.Invitation{Session: l.session, Top: l.province, Tiers: []org.Tier{org.District, org.Commune},
		Categories: []org.Category{org.Cadre, org.CivilServant}, Each: map[org.Category]int64{org.Cadre: 3, org.CivilServant: 9}, Number: "152/GM-UBND"})
	must(t, err)
	_, err = l.SaveSite(l.ctx, site.Draft{Site: site.Site{Session: l.session, Unit: l.province, Central: true, Room: "Hội trường", Phone: "0235 111"},
		Expected: map[org.Category]int64{org.Cadre: 20}})
	must(t, err)
	_, err = l.HostByHeads(l.ctx, l.session)
	must(t, err)
	b, err := l.Board(l.ctx, l.session)
	must(t, err)
	sites := make([]site.Site, len(b.Lines))
	for i, x := range b.Lines {
		sites[i] = x.Site
	}
	return sites
}

// as is the context of an actor with a role on a unit; person may be "".
func (l *land) as(role module.Role, unit org.UnitID, person org.PersonID) context.Context {
	a := access.Actor{Name: string(role), Person: person, Account: access.AccountID("a-" + string(role))}
	if role != module.Learner {
		a.Grants = []access.Grant{{Role: role, Unit: unit}}
	}
	return access.As(l.base, a, l.o.Covers)
}

func (l *land) host(x site.Site) context.Context { return l.as(module.Learner, "", x.Host) }

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

var made int

func mark(subject, value string, bases ...classroom.MarkID) site.Mark {
	made++
	return site.Mark{ID: classroom.MarkID(fmt.Sprintf("mark-%06d", made)), Subject: subject, Value: value, Bases: bases, At: now, Device: "a"}
}

func (l *land) take(t testing.TB, ctx context.Context, x site.Site, marks ...site.Mark) {
	t.Helper()
	refused, err := l.Take(ctx, x.ID, marks)
	must(t, err)
	if len(refused) > 0 {
		t.Fatalf("refused: %v", refused)
	}
}

func (l *land) line(t testing.TB, x site.Site) site.Line {
	t.Helper()
	b, err := l.Board(l.ctx, l.session)
	must(t, err)
	got, _ := b.Line(x.ID)
	return got
}

func TestFromInvitationToTotals(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		sites := l.confer(t)
		if len(sites) != 7 || !sites[0].Central || sites[0].Unit != l.province {
			t.Fatalf("%d sites, the first is %+v", len(sites), sites[0])
		}
		if n, _ := l.post.Unread(l.ctx, string(sites[3].Host)); n != 1 {
			t.Fatalf("the host has %d letters", n)
		}
		x := sites[3]
		ctx := l.host(x)
		steps := []struct {
			mark site.Mark
			want site.State
		}{
			{mark("check:notice", site.Yes), site.Preparing},
			{mark("check:trial", site.Yes), site.Preparing},
			{mark("check:technician", site.Yes), site.Ready},
			{mark("check:connected", site.Yes), site.OnLine},
			{mark("count:cadre", "2"), site.OnLine},
			{mark("count:civil_servant", "11"), site.OnLine},
			{mark("sign", "cadre=2 civil_servant=11"), site.Counted},
		}
		if got := l.line(t, x).State; got != site.Silent {
			t.Fatalf("before anything was said: %s", got)
		}
		for _, step := range steps {
			l.take(t, ctx, x, step.mark)
			if got := l.line(t, x).State; got != step.want {
				t.Fatalf("after %s=%s: %s, want %s", step.mark.Subject, step.mark.Value, got, step.want)
			}
		}
		b, err := l.Board(l.ctx, l.session)
		must(t, err)
		if b.Total != (site.Sum{Expected: 6*12 + 20, Counted: 13}) || b.Sums[org.Cadre] != (site.Sum{Expected: 38, Counted: 2}) || b.Tally[site.Silent] != 6 {
			t.Fatalf("%+v %+v %+v", b.Total, b.Sums, b.Tally)
		}
		last := steps[5].mark
		l.take(t, ctx, x, mark("count:civil_servant", "12", last.ID))
		b, err = l.Board(l.ctx, l.session)
		must(t, err)
		if b.Total.Counted != 0 || b.Unsigned != 14 || l.line(t, x).State != site.OnLine {
			t.Fatalf("a signature holds for numbers that changed: %+v, %d", b.Total, b.Unsigned)
		}
	})
}

func TestInvitingAgainOpensNothing(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		l.confer(t)
		v := site.Invitation{Session: l.session, Top: l.district[1], Tiers: []org.Tier{org.Commune}, Categories: []org.Category{org.Cadre}, ByPosts: true}
		opened, reached, err := l.Invite(l.ctx, v)
		must(t, err)
		b, err := l.Board(l.ctx, l.session)
		must(t, err)
		if opened != 0 || reached != 2 || b.Sums[org.Cadre].Expected != 4*3+2*1+20 {
			t.Fatalf("opened %d, reached %d, expected %v", opened, reached, b.Sums)
		}
		v.Tiers = []org.Tier{org.Agency}
		if _, _, err := l.Invite(l.ctx, v); !errors.Is(err, errs.Invalid) {
			t.Fatalf("nobody was invited: %v", err)
		}
		list, err := l.Invitations(l.ctx, l.session)
		must(t, err)
		if len(list) != 2 || list[0].Sites != 6 {
			t.Fatalf("%+v", list)
		}
	})
}

func TestIncidents(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		x := l.confer(t)[2]
		told := mark("", site.NoSound)
		told.Subject, told.Note = "incident:"+string(told.ID), "micrô hỏng"
		l.take(t, l.host(x), x, told)
		got := l.line(t, x)
		if got.OpenIncidents() != 1 || got.Standing.Incidents[0].Kind != site.NoSound || got.Standing.Incidents[0].Note != "micrô hỏng" || !got.Standing.Incidents[0].Opened.Equal(now) {
			t.Fatalf("%+v", got.Standing.Incidents)
		}
		l.take(t, l.host(x), x, mark(told.Subject, site.Closed, told.ID))
		if got := l.line(t, x); got.OpenIncidents() != 0 || len(got.Standing.Incidents) != 1 {
			t.Fatalf("%+v", got.Standing.Incidents)
		}
	})
}

// What cannot be is refused mark by mark, with a sentence for each reason, and the
// others are taken.
func TestRefused(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		x := l.confer(t)[2]
		good := mark("check:notice", site.Yes)
		again := good
		again.Value = site.No
		late := mark("count:cadre", "4")
		late.At = now.AddDate(1, 0, 0)
		bad := []site.Mark{again, mark("check:recording", site.Yes), mark("check:nothing", site.Yes), mark("check:trial", "maybe"), mark("count:cadre", "-1"),
			mark("count:cadre", "007"), mark("count:nobody", "1"), mark("sign", "cadre=x"), mark("sign", "civil_servant=1 cadre=1"), mark("incident:mark-unknown", site.Closed), mark("what", "1")}
		refused, err := l.Take(l.host(x), x.ID, append([]site.Mark{good, late}, bad...))
		must(t, err)
		if len(refused) != len(bad) {
			t.Fatalf("%d refused of %d: %v", len(refused), len(bad), refused)
		}
		if w := l.line(t, x).Words["count:cadre"]; w.Mark.At.After(now) || w.Mark.Value != "4" {
			t.Fatalf("a clock that runs ahead wins: %+v", w.Mark)
		}
		refused, err = l.Take(l.host(x), x.ID, []site.Mark{good, good})
		if err != nil || len(refused) != 0 {
			t.Fatalf("sent again: %v %v", refused, err)
		}
	})
}

// Each use case as a stranger, the host of the site, the host of another one, an
// officer of a commune, of the province, of a neighbour province, and a supervisor.
func TestRights(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		sites := l.confer(t)
		x, neighbour := sites[3], sites[4]
		edition := func() int64 { return l.line(t, x).Edition }
		actors := []struct {
			name string
			ctx  context.Context
		}{
			{"stranger", l.base}, {"host", l.host(x)}, {"neighbour", l.host(neighbour)}, {"commune", l.as(module.TrainingOfficer, l.commune[0], "")},
			{"province", l.as(module.TrainingOfficer, l.province, "")}, {"other", l.as(module.Office, l.other, "")}, {"supervisor", l.as(module.Supervisor, l.province, "")},
		}
		cases := []struct {
			name string
			may  string // who may, of those above
			do   func(ctx context.Context) error
		}{
			{"board", "province supervisor", func(ctx context.Context) error { _, err := l.Board(ctx, l.session); return err }},
			{"meeting", "province supervisor", func(ctx context.Context) error { _, err := l.Meeting(ctx, l.session); return err }},
			{"exported", "province supervisor", func(ctx context.Context) error { _, err := l.Exported(ctx, l.session); return err }},
			{"list", "province supervisor", func(ctx context.Context) error { _, _, err := l.List(ctx, l.session, site.Filter{}); return err }},
			{"invitations", "province supervisor", func(ctx context.Context) error { _, err := l.Invitations(ctx, l.session); return err }},
			{"view", "host province supervisor", func(ctx context.Context) error { _, err := l.View(ctx, x.ID); return err }},
			{"marks", "host province", func(ctx context.Context) error { _, err := l.Marks(ctx, x.ID); return err }},
			{"take", "host province", func(ctx context.Context) error {
				_, err := l.Take(ctx, x.ID, []site.Mark{mark("check:notice", site.Yes)})
				return err
			}},
			{"take many", "province", func(ctx context.Context) error {
				_, err := l.TakeMany(ctx, l.session, []site.Sheet{{Site: x.ID, Marks: []site.Mark{mark("check:notice", site.Yes)}}})
				return err
			}},
			{"contact", "host province", func(ctx context.Context) error {
				return l.SaveContact(ctx, x.ID, "Phòng 1", "Lan", "0235 1", edition())
			}},
			{"save site", "province", func(ctx context.Context) error {
				s := l.line(t, x).Site
				_, err := l.SaveSite(ctx, site.Draft{Site: s})
				return err
			}},
			{"name host", "province", func(ctx context.Context) error {
				return l.NameHost(ctx, neighbour.ID, "", l.line(t, neighbour).Edition)
			}},
			{"hosts", "province", func(ctx context.Context) error { _, err := l.HostByHeads(ctx, l.session); return err }},
			{"set up", "province", func(ctx context.Context) error {
				m, err := l.Meeting(l.ctx, l.session)
				must(t, err)
				return l.SetUp(ctx, m.Conference)
			}},
			{"checks", "province", func(ctx context.Context) error {
				m, err := l.Meeting(l.ctx, l.session)
				must(t, err)
				return l.SaveChecks(ctx, l.session, []site.Check{{Key: "notice", Days: 5}, {Key: "connected", Minutes: 30}}, m.Edition)
			}},
			{"invite", "province", func(ctx context.Context) error {
				_, _, err := l.Invite(ctx, site.Invitation{Session: l.session, Top: l.district[0], Tiers: []org.Tier{org.Commune}, Categories: []org.Category{org.Cadre}})
				return err
			}},
			{"chase", "province", func(ctx context.Context) error { _, _, err := l.Chase(ctx, l.session); return err }},
			{"remove", "province", func(ctx context.Context) error { return l.RemoveSite(ctx, sites[6].ID, sites[6].Edition) }},
		}
		for _, c := range cases {
			for _, a := range actors {
				err := c.do(a.ctx)
				switch {
				case slices.Contains(strings.Fields(c.may), a.name):
					if err != nil {
						t.Errorf("%s as %s: %v", c.name, a.name, err)
					}
				case a.name == "stranger" && !errors.Is(err, errs.Stranger), a.name != "stranger" && !errors.Is(err, errs.NotFound):
					t.Errorf("%s as %s: %v", c.name, a.name, err)
				}
			}
		}
		for _, a := range actors {
			list, err := l.Conferences(a.ctx)
			if want := map[bool]int{true: 1}[a.name == "province" || a.name == "supervisor"]; err != nil || len(list) != want {
				t.Errorf("conferences as %s: %d %v", a.name, len(list), err)
			}
		}
		mine, err := l.Mine(l.host(x))
		if err != nil || len(mine) != 1 || mine[0].ID != x.ID {
			t.Fatalf("%+v %v", mine, err)
		}
	})
}

func TestTwoPeopleEditOneSite(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		x := l.confer(t)[2]
		x = l.line(t, x).Site
		must(t, l.SaveContact(l.ctx, x.ID, "Phòng 1", "", "", x.Edition))
		if err := l.SaveContact(l.ctx, x.ID, "Phòng 2", "", "", x.Edition); !errors.Is(err, errs.Conflict) {
			t.Fatalf("%v", err)
		}
		d := site.Draft{Site: site.Site{Session: l.session, Unit: l.commune[0]}}
		if _, err := l.SaveSite(l.ctx, d); !errors.Is(err, errs.Invalid) {
			t.Fatalf("a second site of a unit: %v", err)
		}
		d.Unit = l.other
		if _, err := l.SaveSite(l.ctx, d); !errors.Is(err, errs.Invalid) {
			t.Fatalf("a site outside of the plan's unit: %v", err)
		}
		l.take(t, l.ctx, x, mark("check:notice", site.Yes))
		if err := l.RemoveSite(l.ctx, x.ID, l.line(t, x).Edition); !errors.Is(err, errs.Conflict) {
			t.Fatalf("what was marked is gone: %v", err)
		}
	})
}

// The board that follows marks one by one is the board made from all of them.
func TestBoardFollows(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		sites := l.confer(t)
		for i := range 40 {
			x := sites[i%len(sites)]
			l.take(t, l.ctx, x, mark([]string{"check:notice", "check:connected", "count:cadre", "check:trial"}[i%4], []string{site.Yes, site.No, "5", site.Yes}[i%4]))
			if i == 20 {
				must(t, l.SaveContact(l.ctx, x.ID, "Phòng mới", "", "", l.line(t, x).Edition))
			}
			got, err := l.Board(l.ctx, l.session)
			must(t, err)
			want, err := site.New(l.d, l.o, l.c, nil, site.Options{}).Board(l.ctx, l.session)
			must(t, err)
			if got.Version != want.Version || !maps.Equal(got.Tally, want.Tally) || !reflect.DeepEqual(got.Lines, want.Lines) {
				t.Fatalf("after %d marks:\n%+v\n%+v", i+1, got.Lines, want.Lines)
			}
		}
	})
}

func TestFacts(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		x := l.confer(t)[3]
		l.take(t, l.host(x), x, mark("count:cadre", "2"), mark("count:civil_servant", "11"), mark("sign", "cadre=2 civil_servant=11"))
		src := l.Module().Measure[0]
		sum, records := int64(0), []string{}
		must(t, src.Facts(l.ctx, time.Time{}, func(f module.Fact) error {
			sum += f.N
			records = append(records, f.Record)
			if f.Unit != string(x.Unit) || f.On != day("2022-05-16") || f.Person != "" {
				t.Errorf("%+v", f)
			}
			return nil
		}))
		list, err := src.Records(l.as(module.Supervisor, l.province, ""), records)
		must(t, err)
		hidden, err := src.Records(l.as(module.Supervisor, l.other, ""), records)
		must(t, err)
		if sum != 13 || len(list) != 2 || len(hidden) != 0 || list[0].Title == "" {
			t.Fatalf("%d, %+v, %+v", sum, list, hidden)
		}
	})
}

// The host of a site calls the roll of his own people, and no others; the number at
// the site and the persons by name stay two figures.
func TestHostCallsRoll(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		l.c.Set(classroom.Options{Beside: l.Sites})
		sites := l.confer(t)
		x := sites[3]
		at := func(i int) org.PersonID {
			return l.people(t, sites[i].Unit)[0]
		}
		mine, theirs := at(3), at(4)
		_, err := l.c.Nominate(l.ctx, classroom.Nomination{Class: l.class, Unit: l.province, Number: "1/QĐ", On: day("2022-05-09"), People: []org.PersonID{mine, theirs}, Quiet: true})
		must(t, err)
		roll, err := l.c.Roll(l.host(x), l.session)
		must(t, err)
		if len(roll.Lines) != 1 || roll.Lines[0].Seat.Person != mine || !roll.Part {
			t.Fatalf("%+v", roll.Lines)
		}
		refused, err := l.c.MarkAll(l.host(x), l.session, []classroom.Mark{{ID: "roll-0001", Person: mine, State: classroom.Present}, {ID: "roll-0002", Person: theirs, State: classroom.Present}}, true)
		must(t, err)
		if len(refused) != 1 || refused[0].ID != "roll-0002" {
			t.Fatalf("%v", refused)
		}
		b, err := l.Board(l.ctx, l.session)
		must(t, err)
		got, _ := b.Line(x.ID)
		v, err := l.View(l.host(x), x.ID)
		must(t, err)
		if b.Named != 1 || got.Named != 1 || got.Roll[org.Cadre] != 1 || got.Standing.Total != 0 || v.Roster != 1 {
			t.Fatalf("%d by name, %+v", b.Named, got)
		}
		if _, err := l.c.Roll(l.as(module.Learner, "", mine), l.session); !errors.Is(err, errs.NotFound) {
			t.Fatalf("a trainee calls the roll: %v", err)
		}
	})
}

// Who owes something is written to, once for each press; a site without a host is
// left to the telephone.
func TestChase(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		sites := l.confer(t)
		must(t, l.NameHost(l.ctx, sites[5].ID, "", l.line(t, sites[5]).Edition))
		done := sites[3]
		l.take(t, l.host(done), done, mark("check:notice", site.Yes), mark("check:trial", site.Yes), mark("check:technician", site.Yes), mark("check:connected", site.Yes), mark("check:camera", site.Yes))
		late := access.System(clock.At(l.base, day("2022-05-16").Time().Add(8*time.Hour)))
		told, hostless, err := l.Chase(late, l.session)
		must(t, err)
		if told != 5 || hostless != 1 {
			t.Fatalf("%d told, %d without a host", told, hostless)
		}
		if n, _ := l.post.Unread(l.ctx, string(done.Host)); n != 1 {
			t.Fatalf("who owes nothing has %d letters", n)
		}
		if n, _ := l.post.Unread(l.ctx, string(sites[4].Host)); n != 2 {
			t.Fatalf("who owes something has %d letters", n)
		}
	})
}

// Where two records of a host turn out to be of one person, he stays host.
func TestHostFollowsPerson(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		x := l.confer(t)[3]
		other := l.people(t, l.province)[0]
		must(t, l.OnPersonsMerged(l.ctx, org.PersonsMerged{From: x.Host, To: other}))
		if got := l.line(t, x); got.Host != other {
			t.Fatalf("%+v", got.Site)
		}
	})
}
