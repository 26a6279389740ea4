package app

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
)

// emptyHouse is a whole house with nothing in it, on a database of its own.
func emptyHouse(t testing.TB, database string) *House {
	t.Helper()
	ctx := context.Background()
	h, err := Open(ctx, Config{Addr: "127.0.0.1:0", Data: t.TempDir(), Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	if err := h.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return h
}

// onEachEngine runs a test in an empty house on SQLite, and on PostgreSQL where
// TEST_POSTGRES names a server.
func onEachEngine(t *testing.T, test func(t *testing.T, h *House)) {
	t.Run("sqlite", func(t *testing.T) { test(t, emptyHouse(t, "")) })
	if os.Getenv("TEST_POSTGRES") != "" {
		t.Run("postgres", func(t *testing.T) { test(t, emptyHouse(t, emptyPostgres(t))) })
	}
}

// emptyPostgres makes a database on the server of TEST_POSTGRES, dropped when the
// test ends, and returns its address.
func emptyPostgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TEST_POSTGRES")
	admin, err := sql.Open("pgx", server)
	need(t, err)
	name := fmt.Sprintf("lotrinh_a_%d_%d", os.Getpid(), time.Now().UnixNano())
	_, err = admin.Exec("create database " + name + " template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'")
	need(t, err)
	t.Cleanup(func() {
		admin.Exec("drop database if exists " + name + " with (force)")
		admin.Close()
	})
	u, err := url.Parse(server)
	need(t, err)
	u.Path = "/" + name
	return u.String()
}

func need(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A course that asks for attendance in half of the sessions is completed by the
// roll calls of the class on its topic, and by nothing else.
func TestRollCallsCompleteACourse(t *testing.T) {
	onEachEngine(t, func(t *testing.T, h *House) {
		at := clock.MustDate("2022-05-09")
		ctx := access.System(clock.At(db.Guard(i18n.With(context.Background(), i18n.Vi)), at.Time().Add(8*time.Hour)))
		lessons, classes := h.learning, h.classes
		unit, err := h.Orgs.Add(ctx, org.Unit{Code: "49", Name: "Tỉnh Quảng Nam", Kind: org.KindProvince, Tier: org.Province}, org.Basis{On: clock.MustDate("2020-01-01")})
		need(t, err)
		var list []org.NewPerson
		for _, name := range []string{"Nguyễn Văn An", "Trần Thị Bình"} {
			list = append(list, org.NewPerson{Name: name, Birth: clock.MustDate("1985-09-02"), Post: org.Post{Unit: unit, Category: org.CivilServant, From: clock.MustDate("2021-01-01")}})
		}
		people, err := h.Orgs.AddPeople(ctx, list...)
		need(t, err)
		course, topic := taughtCourse(t, ctx, lessons, unit, people)
		sessions := taughtClass(t, ctx, classes, unit, topic, people)

		call := func(n int, state classroom.Presence) {
			t.Helper()
			_, err := classes.MarkAll(ctx, sessions[n], []classroom.Mark{
				{ID: classroom.MarkID(fmt.Sprintf("mark-an-%d", n)), Person: people[0], State: state},
				{ID: classroom.MarkID(fmt.Sprintf("mark-binh-%d", n)), Person: people[1], State: classroom.Unexcused}}, true)
			need(t, err)
			need(t, h.Jobs.Drain(ctx))
		}
		call(0, classroom.Present)
		completed(t, ctx, lessons, course, "after one session of three")
		call(1, classroom.Substitute)
		completed(t, ctx, lessons, course, "after a session to which he sent another")
		_, err = classes.MarkAll(ctx, sessions[1], []classroom.Mark{{ID: "mark-an-1b", Person: people[0], State: classroom.Late, Bases: classroom.MarkIDs{"mark-an-1"}}}, false)
		need(t, err)
		need(t, h.Jobs.Drain(ctx))
		completed(t, ctx, lessons, course, "after the roll was corrected", people[0])
		s, _, err := classes.Session(ctx, sessions[2])
		need(t, err)
		need(t, classes.Cancel(ctx, s.ID, "Mưa lũ", s.Edition))
		need(t, h.Jobs.Drain(ctx))
		completed(t, ctx, lessons, course, "who was in no session", people[0])
	})
}

func taughtCourse(t *testing.T, ctx context.Context, l *learn.Learn, unit org.UnitID, people []org.PersonID) (learn.CourseID, learn.TopicID) {
	t.Helper()
	topic, err := l.AddTopic(ctx, learn.NewTopic{Unit: unit, Title: "Căn bản chuyển đổi số"})
	need(t, err)
	course, err := l.CreateCourse(ctx, learn.NewCourse{Unit: unit, Topic: topic, Title: "Căn bản chuyển đổi số", Rule: learn.Rule{Attendance: 50}})
	need(t, err)
	_, err = l.AddLessons(ctx, course, []learn.NewLesson{{Kind: learn.LessonText, Title: "Bài 1", Source: "Đọc thêm."}})
	need(t, err)
	need(t, l.SetState(ctx, course, learn.Published))
	_, err = l.Enrol(ctx, course, people)
	need(t, err)
	return course, topic
}

// taughtClass is an open class on a topic with three sessions.
func taughtClass(t *testing.T, ctx context.Context, c *classroom.Classroom, unit org.UnitID, topic learn.TopicID, people []org.PersonID) (sessions []classroom.SessionID) {
	t.Helper()
	from, to := clock.MustDate("2022-05-01"), clock.MustDate("2022-06-30")
	programme, err := c.SaveProgramme(ctx, classroom.Programme{Unit: unit, Name: "Bồi dưỡng 2022", From: from, To: to})
	need(t, err)
	plan, err := c.SavePlan(ctx, classroom.Plan{Programme: programme, Unit: unit, Name: "Kế hoạch 2022", Number: "1/KH-UBND", From: from, To: to, State: classroom.PlanIssued})
	need(t, err)
	tid, err := c.SaveTopic(ctx, classroom.Topic{Plan: plan, Sort: 1, Name: "Căn bản", Learn: string(topic)})
	need(t, err)
	class, err := c.SaveClass(ctx, classroom.Class{Plan: plan, Topic: tid, Unit: unit, Name: "Lớp 1", Decision: "2/QĐ-UBND", From: from, To: to, Planned: 40, NominateBy: to, State: classroom.ClassOpen})
	need(t, err)
	_, err = c.Nominate(ctx, classroom.Nomination{Class: class, Unit: unit, People: people})
	need(t, err)
	for i := range 3 {
		starts := clock.MustDate("2022-05-10").Time().AddDate(0, 0, i).Add(8 * time.Hour)
		s, err := c.SaveSession(ctx, classroom.SessionDraft{Session: classroom.Session{Class: class, Starts: starts, Ends: starts.Add(3 * time.Hour)}})
		need(t, err)
		sessions = append(sessions, s)
	}
	return sessions
}

// completed wants exactly these people to have completed a course.
func completed(t *testing.T, ctx context.Context, l *learn.Learn, course learn.CourseID, when string, want ...org.PersonID) {
	t.Helper()
	_, _, rows, _, err := l.Gradebook(ctx, course, learn.GradeFilter{})
	need(t, err)
	var got []org.PersonID
	for _, r := range rows {
		if r.State == learn.Completed {
			got = append(got, r.Person)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%s: completed by %v, want %v", when, got, want)
	}
}
