package learn

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/learn/quiz"
	"lotrinh/learn/survey"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/event"
	"lotrinh/platform/file"
	"lotrinh/platform/id"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

// start is the morning on which the tests happen.
var start = clock.MustDate("2022-06-01").Time().Add(8 * time.Hour)

// house is a small province: units province > district > commune, and beside the
// district its neighbour.
type house struct {
	d                                      *db.DB
	jobs                                   *job.Queue
	orgs                                   *org.Org
	who                                    *access.Access
	learn                                  *Learn
	post                                   *mail.Post
	province, district, commune, neighbour org.UnitID
}

func testSchemas() []db.Schema {
	orgs, who := org.New(nil, nil).Module(), access.New(nil, nil, nil, nil).Module()
	return []db.Schema{job.Schema, web.Schema, mail.Schema, {Module: orgs.Name, FS: orgs.Schema}, {Module: who.Name, FS: who.Schema},
		quiz.Schema, survey.Schema, {Module: "learn", FS: schema}}
}

func newHouse(t testing.TB, ctx context.Context, d *db.DB) *house {
	t.Helper()
	access.Register(actions...)
	access.Register(quiz.Actions...)
	h := &house{d: d, jobs: job.New(d)}
	bus := event.New(h.jobs)
	h.orgs = org.New(d, bus)
	h.who = access.New(d, h.orgs, bus, h.jobs)
	access.Register(h.who.Module().Actions...)
	files, err := file.OpenStore(ctx, t.TempDir())
	ok(t, err)
	post, err := mail.New(d, h.jobs, "", "")
	ok(t, err)
	h.post = post
	h.learn = New(d, bus, h.jobs, files, h.orgs, post)
	h.learn.SetBase("https://hoc.vn")
	h.learn.addJobs(h.jobs)
	sys, by := access.System(ctx), org.Basis{On: clock.MustDate("2020-01-01")}
	add := func(name string, kind org.Kind, parent org.UnitID) org.UnitID {
		u, err := h.orgs.Add(sys, org.Unit{Name: name, Kind: kind, Tier: org.TierOf(kind), Parent: parent}, by)
		ok(t, err)
		return u
	}
	h.province = add("Tỉnh Quảng Nam", "province", "")
	h.district = add("Huyện Đại Lộc", "district", h.province)
	h.neighbour = add("Huyện Núi Thành", "district", h.province)
	h.commune = add("Xã Đại Hiệp", "commune", h.district)
	return h
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// each runs a test on every engine, in the time of start.
func each(t *testing.T, test func(t *testing.T, ctx context.Context, h *house)) {
	dbtest.Each(t, testSchemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		ctx = clock.At(ctx, start)
		test(t, ctx, newHouse(t, ctx, d))
	})
}

// hire enters people with a post in a unit since 2021.
func (h *house) hire(t testing.TB, ctx context.Context, unit org.UnitID, names ...string) []org.PersonID {
	t.Helper()
	list := make([]org.NewPerson, len(names))
	for i, n := range names {
		list[i] = org.NewPerson{Name: n, Birth: clock.MustDate("1985-09-02"), Sex: "male", Post: org.Post{Unit: unit, Category: org.CivilServant, From: clock.MustDate("2021-01-01")}}
	}
	ids, err := h.orgs.AddPeople(access.System(ctx), list...)
	ok(t, err)
	return ids
}

// as is someone with a role on a unit.
func (h *house) as(ctx context.Context, p org.PersonID, role module.Role, unit org.UnitID) context.Context {
	a := access.Actor{Account: access.AccountID("account-" + p), Person: p, Name: string(p)}
	if role != "" {
		a.Grants = []access.Grant{{Role: role, Unit: unit}}
	}
	return access.As(ctx, a, h.orgs.Covers)
}

// course is a published course of the province with n lessons of text, and what
// else is given.
func (h *house) course(t testing.TB, ctx context.Context, n int, c NewCourse, more ...NewLesson) CourseID {
	t.Helper()
	sys := access.System(ctx)
	c.Unit = h.province
	if c.Title == "" {
		c.Title = "Căn bản chuyển đổi số"
	}
	cid, err := h.learn.CreateCourse(sys, c)
	ok(t, err)
	var all []NewLesson
	for i := range n {
		all = append(all, NewLesson{Kind: LessonText, Title: fmt.Sprintf("Bài %d. Chuyển đổi số là gì và vì sao phải làm", i+1), Minutes: 20, Required: true,
			Source: strings.Repeat("Chuyển đổi số là bước phát triển tiếp theo của tin học hóa.\n\n", 20)})
	}
	_, err = h.learn.AddLessons(sys, cid, append(all, more...))
	ok(t, err)
	ok(t, h.learn.SetState(sys, cid, Published))
	return cid
}

func (h *house) enrolment(t testing.TB, ctx context.Context, cid CourseID, p org.PersonID) Enrolment {
	t.Helper()
	e, err := h.learn.store.enrolmentUnder(ctx, cid, p)
	ok(t, err)
	return e
}

// get asks a handler for a page as the holder of a cookie.
func get(t testing.TB, site http.Handler, path, cookie string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Cookie", cookie)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	return w
}

// crowd is a realistic database: 5,000 people, 6 courses of 50 lessons, everybody
// in four of them with some lessons done.
func crowd(t testing.TB, ctx context.Context, h *house, n int) ([]org.PersonID, []CourseID) {
	t.Helper()
	ctx = id.Seeded(ctx, 1)
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("Nguyễn Văn %d", i))
	}
	ids := h.hire(t, ctx, h.commune, names...)
	var courses []CourseID
	for i := range 6 {
		courses = append(courses, h.course(t, ctx, 50, NewCourse{Title: fmt.Sprintf("Chuyên đề %d: dịch vụ công trực tuyến và dữ liệu", i+1), Ends: clock.MustDate("2030-12-31"), Days: 30}))
	}
	for _, c := range courses[:4] {
		_, err := h.learn.Enrol(access.System(ctx), c, ids)
		ok(t, err)
	}
	_, err := h.d.Exec(ctx, `update learn_enrolment set marks = $1, done = 17`, strings.Repeat("d", 17)+"s"+strings.Repeat(".", 32))
	ok(t, err)
	return ids, courses
}

func benchPage(b *testing.B, path func(CourseID) string) {
	bench := func(b *testing.B, d *db.DB) {
		b.Cleanup(func() { d.Close() })
		ctx := db.Guard(context.Background())
		h := newHouse(b, ctx, d)
		ids, courses := crowd(b, ctx, h, 5000)
		cookies := signIn(b, ctx, d, h.who, h.commune, ids[:500])
		s := site(d, h.who, pages{h.learn}.routes, func(m *web.Mux) {
			m.Handle("GET /{$}", func(w http.ResponseWriter, r *http.Request) error { return homePage(h, w, r) })
		})
		w := get(b, s, path(courses[1]), cookies[0])
		if w.Code != 200 {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
		size := w.Body.Len()
		before, n := cpuTime(), 0
		for b.Loop() {
			if w := get(b, s, path(courses[n%4]), cookies[n%500]); w.Code != 200 {
				b.Fatal(w.Code)
			}
			n++
		}
		b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(n), "µs-cpu/op")
		b.ReportMetric(float64(size), "bytes-gzip")
	}
	b.Run("sqlite", func(b *testing.B) { bench(b, dbtest.SQLite(b, testSchemas())) })
	if postgresAtHand() {
		b.Run("postgres", func(b *testing.B) { bench(b, dbtest.Postgres(b, testSchemas())) })
	}
}

// BenchmarkCoursePage is a course of 50 lessons through the whole chain of
// handlers, for 500 learners in turn, out of 5,000 with 20,000 enrolments.
func BenchmarkCoursePage(b *testing.B) {
	benchPage(b, func(c CourseID) string { return coursePath(c) })
}

// BenchmarkHome is the learner's home with four courses under way.
func BenchmarkHome(b *testing.B) { benchPage(b, func(CourseID) string { return "/" }) }

// BenchmarkLessonPage is a lesson of text.
func BenchmarkLessonPage(b *testing.B) {
	benchPage(b, func(c CourseID) string { return lessonPath(c, 3) })
}
