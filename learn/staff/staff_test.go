package staff

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/learn"
	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/file"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// house is a district with a division and two communes; in the first commune a
// village. An heads the district, Bình the first commune.
type house struct {
	d                                            *db.DB
	orgs                                         *org.Org
	learn                                        *learn.Learn
	staff                                        *Staff
	post                                         *mail.Post
	who                                          *access.Access
	district, division, commune, village, second org.UnitID
	people                                       map[string]org.PersonID
	accounts                                     map[string]context.Context
}

var start = clock.MustDate("2022-06-20").Time().Add(8 * time.Hour)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func schemas() []db.Schema {
	orgs, who, learning := org.New(nil, nil).Module(), access.New(nil, nil, nil, nil).Module(), db.Schema{Module: "learn", FS: learn.New(nil, nil, nil, nil, nil, nil).Module().Schema}
	return append([]db.Schema{job.Schema, web.Schema, mail.Schema, {Module: orgs.Name, FS: orgs.Schema}, {Module: who.Name, FS: who.Schema}, quiz.Schema}, learning, Schema)
}

func each(t *testing.T, test func(*testing.T, context.Context, *house)) {
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		ctx = clock.At(ctx, start)
		test(t, ctx, newHouse(t, ctx, d))
	})
}

func newHouse(t *testing.T, ctx context.Context, d *db.DB) *house {
	h := &house{d: d, people: map[string]org.PersonID{}, accounts: map[string]context.Context{}}
	jobs := job.New(d)
	bus := event.New(jobs)
	h.orgs = org.New(d, bus)
	h.who = access.New(d, h.orgs, bus, jobs)
	files, err := file.OpenStore(ctx, t.TempDir())
	must(t, err)
	h.post, err = mail.New(d, jobs, "", "")
	must(t, err)
	h.learn = learn.New(d, bus, jobs, files, h.orgs, h.post)
	h.staff = New(d, h.orgs, h.learn, h.post)
	for _, m := range []module.Module{h.orgs.Module(), h.who.Module(), h.learn.QuizModule(), h.learn.Module(), h.staff.Module()} {
		access.Register(m.Actions...)
	}
	h.units(t, ctx)
	h.teach(t, ctx)
	return h
}

func (h *house) units(t *testing.T, ctx context.Context) {
	add := func(under org.UnitID, name string, k org.Kind) org.UnitID {
		id, err := h.orgs.Add(access.System(ctx), org.Unit{Parent: under, Name: name, Kind: k, Tier: org.TierOf(k)}, org.Basis{On: clock.MustDate("2020-01-01")})
		must(t, err)
		return id
	}
	h.district = add("", "Huyện Đại Lộc", org.KindRuralDistrict)
	h.division = add(h.district, "Phòng Văn hóa và Thông tin", org.KindDivision)
	h.commune = add(h.district, "Xã Đại Hiệp", org.KindCommune)
	h.village = add(h.commune, "Thôn Phú Trung", org.KindVillage)
	h.second = add(h.district, "Xã Đại Quang", org.KindCommune)
}

// teach lets Dũng (commune) be overdue, Giang (village) under way, Hà (second
// commune) overdue, Châu (division) done, An under way; Bình is in no course.
func (h *house) teach(t *testing.T, ctx context.Context) {
	hire := func(name string, unit org.UnitID, head bool) {
		ids, err := h.orgs.AddPeople(access.System(ctx), org.NewPerson{Name: "Nguyễn " + name, Birth: clock.MustDate("1985-09-02"), Sex: "male",
			Post: org.Post{Unit: unit, Category: org.CivilServant, From: clock.MustDate("2021-01-01"), Head: head}})
		must(t, err)
		h.people[name] = ids[0]
	}
	hire("An", h.district, true)
	hire("Bình", h.commune, true)
	hire("Châu", h.division, false)
	hire("Dũng", h.commune, false)
	hire("Giang", h.village, false)
	hire("Hà", h.second, false)
	h.enrol(t, ctx, "Khóa đã đến hạn", clock.MustDate("2022-06-10"), "Dũng", "Hà", "Châu")
	h.enrol(t, ctx, "Khóa chưa đến hạn", clock.MustDate("2022-07-10"), "Giang", "An")
	_, err := h.d.Exec(ctx, `update learn_enrolment set state = 'completed', completed_on = '2022-06-05' where person_id = $1`, h.people["Châu"])
	must(t, err)
}

func (h *house) enrol(t *testing.T, ctx context.Context, title string, ends clock.Date, names ...string) {
	sys := access.System(clock.At(ctx, start.AddDate(0, 0, -15)))
	cid, err := h.learn.CreateCourse(sys, learn.NewCourse{Unit: h.district, Title: title, Ends: ends})
	must(t, err)
	_, err = h.learn.AddLessons(sys, cid, []learn.NewLesson{{Kind: learn.LessonText, Title: "Bài 1", Source: "x", Required: true}})
	must(t, err)
	must(t, h.learn.SetState(sys, cid, learn.Published))
	var ids []org.PersonID
	for _, n := range names {
		ids = append(ids, h.people[n])
	}
	_, err = h.learn.Enrol(sys, cid, ids)
	must(t, err)
}

// as is the account of a person with a role on a unit, as access knows it.
func (h *house) as(t *testing.T, ctx context.Context, name string, role module.Role, unit org.UnitID) context.Context {
	t.Helper()
	if c, ok := h.accounts[name+string(role)]; ok {
		return c
	}
	sys := access.System(ctx)
	acc, err := h.who.OpenAccount(sys, access.NewAccount{Name: fmt.Sprintf("tk%d", len(h.accounts)), Person: h.people[name], Title: "Tài khoản " + name, Unit: unit})
	must(t, err)
	_, err = h.who.Give(sys, acc, access.Grant{Role: role, Unit: unit}, "x")
	must(t, err)
	_, err = h.d.Exec(ctx, `update access_account set state = 'active' where id = $1`, acc)
	must(t, err)
	c, err := h.who.Again(ctx, string(acc))
	must(t, err)
	h.accounts[name+string(role)] = c
	return c
}

func names(list []Person) string {
	var out []string
	for _, p := range list {
		out = append(out, strings.TrimPrefix(p.Name, "Nguyễn "))
	}
	return strings.Join(out, " ")
}

// A superior sees names in his own unit only, and numbers alone of those below.
func TestHeadSeesNamesOfHisOwnUnitOnly(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		an, binh := h.as(t, ctx, "An", module.Head, h.district), h.as(t, ctx, "Bình", module.Head, h.commune)
		office := h.as(t, ctx, "", module.Office, h.district)
		for _, c := range []struct {
			who        string
			ctx        context.Context
			f          Filter
			want       string
			err        error
			own, below Standing
		}{
			{"head of district", an, Filter{Unit: h.district}, "An Châu", nil, Standing{2, 1, 1, 0, 0}, Standing{4, 0, 3, 2, 1}},
			{"his late ones", an, Filter{Unit: h.district, State: Late}, "", nil, Standing{2, 1, 1, 0, 0}, Standing{4, 0, 3, 2, 1}},
			{"head of district, of a commune", an, Filter{Unit: h.commune}, "", errs.Denied, Standing{}, Standing{}},
			{"head of commune", binh, Filter{Unit: h.commune}, "Bình Dũng Giang", nil, Standing{3, 0, 2, 1, 1}, Standing{}},
			{"of his village", binh, Filter{Unit: h.village}, "Giang", nil, Standing{1, 0, 1, 0, 0}, Standing{}},
			{"of his superior", binh, Filter{Unit: h.district}, "", errs.Denied, Standing{}, Standing{}},
			{"of his neighbour", binh, Filter{Unit: h.second}, "", errs.Denied, Standing{}, Standing{}},
			{"office", office, Filter{Unit: h.district, State: Late}, "Dũng Hà", nil, Standing{2, 1, 1, 0, 0}, Standing{4, 0, 3, 2, 1}},
			{"office, heads in no course", office, Filter{Unit: h.district, State: None, Heads: true}, "Bình", nil, Standing{2, 1, 1, 0, 0}, Standing{4, 0, 3, 2, 1}},
			{"stranger", ctx, Filter{Unit: h.commune}, "", errs.Stranger, Standing{}, Standing{}},
		} {
			list, n, err := h.staff.People(c.ctx, c.f)
			if names(list) != c.want || n != len(list) || !errors.Is(err, c.err) {
				t.Errorf("%s: %q of %d (%v), want %q (%v)", c.who, names(list), n, err, c.want, c.err)
			}
			own, below, err := h.staff.Standings(c.ctx, c.f.Unit)
			if own != c.own || below != c.below || !errors.Is(err, c.err) {
				t.Errorf("%s: %+v and below %+v (%v)", c.who, own, below, err)
			}
		}
	})
}

// The records of a course show the same border.
func TestGradebookKeepsToTheHeadsOwnUnit(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		cid, err := db.One[learn.CourseID](ctx, h.d, `select id from learn_course where title = 'Khóa đã đến hạn'`)
		must(t, err)
		for who, c := range map[string]struct {
			ctx  context.Context
			want string
		}{
			"head of district": {h.as(t, ctx, "An", module.Head, h.district), "Châu"},
			"head of commune":  {h.as(t, ctx, "Bình", module.Head, h.commune), "Dũng"},
			"officer":          {h.as(t, ctx, "", module.TrainingOfficer, h.district), "Châu Dũng Hà"},
		} {
			_, _, rows, _, err := h.learn.Gradebook(c.ctx, cid, learn.GradeFilter{})
			var got []string
			for _, r := range rows {
				got = append(got, strings.TrimPrefix(r.Name, "Nguyễn "))
			}
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%s: %v (%v), want %s", who, got, err, c.want)
			}
		}
	})
}

func TestRemind(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		binh, office := h.as(t, ctx, "Bình", module.Head, h.commune), h.as(t, ctx, "", module.Office, h.district)
		later := func(c context.Context) context.Context { return clock.At(c, start.Add(24*time.Hour)) }
		for i, c := range []struct {
			send func(context.Context, org.UnitID) (int, error)
			ctx  context.Context
			unit org.UnitID
			want int
			err  error
		}{
			{h.staff.Remind, ctx, h.commune, 0, errs.Stranger},
			{h.staff.Remind, binh, h.second, 0, errs.Denied},
			{h.staff.Remind, binh, h.commune, 2, nil},
			{h.staff.Remind, binh, h.commune, 0, nil}, // nobody twice within a day
			{h.staff.Remind, office, h.district, 2, nil},
			{h.staff.Remind, later(binh), h.commune, 2, nil},
			{h.staff.RemindHeads, binh, h.district, 0, errs.Denied},
			{h.staff.RemindHeads, office, h.district, 2, nil}, // An and Bình; the second commune has no head
			{h.staff.RemindHeads, office, h.district, 0, nil},
		} {
			n, err := c.send(c.ctx, c.unit)
			if n != c.want || !errors.Is(err, c.err) {
				t.Errorf("%d: %d (%v), want %d (%v)", i, n, err, c.want, c.err)
			}
		}
		inbox, err := h.post.Inbox(ctx, string(h.people["Dũng"]), 10)
		must(t, err)
		if len(inbox) != 2 || !strings.Contains(inbox[0].Body, "hạn sớm nhất 10/06/2022") {
			t.Errorf("inbox: %+v", inbox)
		}
		inbox, err = h.post.Inbox(ctx, string(h.people["Bình"]), 10)
		must(t, err)
		if len(inbox) != 1 || !strings.Contains(inbox[0].Body, "Xã Đại Hiệp còn 2 trong 3 người") || !strings.Contains(inbox[0].Link, string(h.commune)) {
			t.Errorf("inbox of the head: %+v", inbox)
		}
	})
}

func TestPages(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		mux := &web.Mux{SignedIn: access.SignedIn, ErrorPage: ui.ErrorPage, Once: web.NewOnce(h.d)}
		h.staff.Module().Routes(mux)
		an, binh := h.as(t, ctx, "An", module.Head, h.district), h.as(t, ctx, "Bình", module.Head, h.commune)
		ask := func(ctx context.Context, method, path string, form url.Values) *httptest.ResponseRecorder {
			w, r := httptest.NewRecorder(), httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			mux.ServeHTTP(w, r.WithContext(ctx))
			return w
		}
		if w := ask(binh, "GET", "/learn/staff?state=late", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "Dũng") || strings.Contains(w.Body.String(), "Giang") {
			t.Errorf("late: %d %s", w.Code, w.Body)
		}
		if w := ask(an, "GET", "/learn/staff?unit="+string(h.commune), nil); w.Code != http.StatusForbidden {
			t.Errorf("names of a commune for the head of its district: %d", w.Code)
		}
		if w := ask(binh, "POST", "/learn/staff/remind", url.Values{"unit": {string(h.commune)}, "back": {"/"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
			t.Errorf("remind: %d %v %s", w.Code, w.Header(), w.Body)
		}
		for who, c := range map[string]struct {
			ctx  context.Context
			want []string
		}{
			"head of district": {an, []string{"1 trong 2 người chưa học xong, 0 người đã quá hạn.", "3 trong 4 người chưa học xong, 2 người đã quá hạn", "hoàn thành 0 trong 1 khóa"}},
			"head of commune":  {binh, []string{"2 trong 3 người chưa học xong, 1 người đã quá hạn, 1 người chưa vào khóa nào", "Nhắc 2 người", "Bạn chưa tham gia khóa nào"}},
		} {
			body, err := h.staff.headCard(c.ctx)
			must(t, err)
			var b strings.Builder
			must(t, body.Render(c.ctx, &b))
			for _, want := range c.want {
				if !strings.Contains(b.String(), want) {
					t.Errorf("%s: no %q in %s", who, want, b.String())
				}
			}
		}
		body, err := h.staff.headsCard(h.as(t, ctx, "", module.Office, h.district))
		must(t, err)
		var b strings.Builder
		must(t, body.Render(ctx, &b))
		if !strings.Contains(b.String(), "1 trong 2 người đứng đầu đã tham gia học, 1 người chưa vào khóa nào") {
			t.Errorf("heads: %s", b.String())
		}
	})
}
