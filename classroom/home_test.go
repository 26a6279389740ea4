package classroom_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// home is what the cards of a role say to an actor, without marks of HTML.
func (l *land) home(t testing.TB, ctx context.Context, role module.Role) string {
	t.Helper()
	var out strings.Builder
	ctx = i18n.With(ctx, i18n.Vi)
	for _, c := range l.Module().Home {
		for _, r := range c.Roles {
			if r != role {
				continue
			}
			body, err := c.Body(ctx)
			must(t, err)
			if body == nil {
				continue
			}
			var b bytes.Buffer
			must(t, body.Render(ctx, &b))
			out.WriteString(b.String())
		}
	}
	return out.String()
}

func TestHomeCards(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k, staff := taught(t, l)
		class, err := l.Class(l.ctx, k)
		must(t, err)
		sessions, err := l.Sessions(l.ctx, k)
		must(t, err)
		on := func(ctx context.Context, when string) context.Context {
			return clock.At(ctx, day(when).Time().Add(7*time.Hour+45*time.Minute))
		}
		manager := l.as(module.ClassManager, l.province, "")
		officer, neighbour := l.as(module.TrainingOfficer, l.province, ""), l.as(module.ClassManager, l.district[0], "")
		trainee := l.as(module.Learner, "", staff[1])
		teachers, err := l.Teachers(l.ctx, sessions[0].ID)
		must(t, err)
		lecturer := l.as(module.Lecturer, l.province, teachers[0].Person)
		roll := "/classroom/sessions/" + string(sessions[2].ID) + "/roll"
		for _, x := range []struct {
			who  string
			ctx  context.Context
			role module.Role
			has  []string
			not  []string
		}{
			{"manager", on(manager, "2022-05-20"), module.ClassManager, []string{roll, class.Name, "Hôm nay, 08:00–11:00"}, []string{"/sessions/" + string(sessions[0].ID)}},
			{"manager on a free day", on(manager, "2022-05-19"), module.ClassManager, []string{"Hôm nay không có buổi học"}, []string{roll}},
			{"neighbour", on(neighbour, "2022-05-20"), module.ClassManager, []string{"Hôm nay không có buổi học"}, []string{class.Name}},
			{"lecturer", on(lecturer, "2022-05-20"), module.Lecturer, []string{roll, "5 học viên"}, nil},
			{"trainee", on(trainee, "2022-05-19"), module.Learner, []string{"Ngày mai, 08:00–11:00", class.Name}, []string{roll}},
			{"who waits", on(l.as(module.Learner, "", staff[5]), "2022-05-19"), module.Learner, nil, []string{class.Name}},
			{"officer", on(officer, "2022-05-19"), module.TrainingOfficer, []string{"Vắng nhiều", "(3/5)", "/report"}, []string{"Thiếu học viên"}},
		} {
			got := l.home(t, x.ctx, x.role)
			for _, want := range x.has {
				if !strings.Contains(got, want) {
					t.Errorf("%s lacks %q in %s", x.who, want, got)
				}
			}
			for _, no := range x.not {
				if strings.Contains(got, no) {
					t.Errorf("%s sees %q", x.who, no)
				}
			}
		}
	})
}

func TestHomeNamesUnitsThatAreLate(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		p := l.plan(t)
		k := l.open(t, p, 40, classroom.Rule{})
		var quotas []classroom.Quota
		for _, u := range l.commune {
			quotas = append(quotas, classroom.Quota{Unit: u, Seats: 5})
		}
		must(t, l.SetQuotas(l.ctx, p, quotas))
		_, err := l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: l.people(t, l.commune[0], 1, org.CivilServant)})
		must(t, err)
		for _, x := range []struct {
			unit org.UnitID
			want []org.UnitID
		}{
			{l.province, []org.UnitID{l.commune[1], l.commune[2], l.commune[3]}},
			{l.district[1], []org.UnitID{l.commune[2], l.commune[3]}},
			{l.commune[0], nil},
		} {
			late, err := l.LateNominations(l.as(module.TrainingOfficer, x.unit, ""))
			must(t, err)
			n := 0
			for _, o := range late {
				n += len(o.Units)
				for _, u := range o.Units {
					if !l.o.Covers(x.unit, u) {
						t.Errorf("%s is told of %s", x.unit, u)
					}
				}
			}
			if n != len(x.want) {
				t.Errorf("%s is told of %d units, want %d", x.unit, n, len(x.want))
			}
		}
		thin, err := l.Thinning(clock.At(l.as(module.TrainingOfficer, l.province, ""), now.AddDate(0, 0, 3)))
		must(t, err)
		if len(thin) != 1 || thin[0].Filled() || thin[0].Registered != 1 {
			t.Errorf("%+v", thin)
		}
		seat := l.seatOf(t, k, l.rosterOf(t, k)[0])
		must(t, l.Refuse(l.ctx, seat.ID, "nhầm lớp"))
		for _, x := range []struct {
			beside classroom.Beside
			want   int
		}{{nil, 1}, {onSites{k}, 0}, {onSites{"another"}, 1}} {
			l.Set(classroom.Options{Beside: x.beside})
			thin, err := l.Thinning(clock.At(l.as(module.TrainingOfficer, l.province, ""), now.AddDate(0, 0, 3)))
			must(t, err)
			if len(thin) != x.want {
				t.Errorf("beside %v: %d classes without people are thin, want %d", x.beside, len(thin), x.want)
			}
		}
	})
}

func (l *land) rosterOf(t testing.TB, k classroom.ClassID) (people []org.PersonID) {
	t.Helper()
	lines, err := l.Roster(l.ctx, k)
	must(t, err)
	for _, s := range lines {
		people = append(people, s.Person)
	}
	return people
}

// onSites is a module beside that holds one class on sites.
type onSites struct{ class classroom.ClassID }

func (onSites) OnMine(context.Context) (web.Component, error)           { return nil, nil }
func (onSites) OnSession(context.Context, classroom.SessionID) []ui.Act { return nil }
func (onSites) OnRoll(context.Context, classroom.SessionID) (func(org.UnitID) bool, error) {
	return nil, nil
}
func (o onSites) OnClass(_ context.Context, k classroom.ClassID) (web.Component, error) {
	if k != o.class {
		return nil, nil
	}
	return ui.Badge(ui.Info, i18n.T("classroom.class")), nil
}
