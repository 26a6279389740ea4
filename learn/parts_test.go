package learn

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// complete finishes the two lessons of a course as a person.
func (h *house) complete(t *testing.T, ctx context.Context, cid CourseID, p org.PersonID) {
	t.Helper()
	_, err := h.learn.Enrol(access.System(ctx), cid, []org.PersonID{p})
	ok(t, err)
	e := h.enrolment(t, ctx, cid, p)
	for slot := range 2 {
		ok(t, h.learn.FinishLesson(h.as(ctx, p, "", ""), e.Course, slot))
	}
}

func TestOutcomesKeepTheirTags(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		tid, err := h.learn.AddTopic(sys, NewTopic{Unit: h.province, Title: "Chuyên đề", Goals: []NewGoal{{Text: "Nêu được"}, {Text: "Lập được", Source: "cb.2"}, {Text: "Thừa"}}})
		ok(t, err)
		_, goals, err := h.learn.TopicOf(ctx, tid)
		ok(t, err)
		h.course(t, ctx, 0, NewCourse{Topic: tid}, NewLesson{Kind: LessonText, Title: "x", Source: "x", Outcomes: []string{goals[0].Tag(), "cb.2"}})
		without := NewTopic{Title: "Chuyên đề", Goals: []NewGoal{{ID: goals[1].ID, Text: "Lập được kế hoạch"}, {Text: "Mới"}}}
		if err := h.learn.EditTopic(sys, tid, 0, without); !errors.Is(err, errs.Invalid) {
			t.Fatalf("an outcome in use was taken out: %v", err)
		}
		ok(t, h.learn.EditTopic(sys, tid, 0, NewTopic{Title: "Chuyên đề", Goals: []NewGoal{{ID: goals[1].ID, Text: "Lập được kế hoạch"}, {ID: goals[0].ID, Text: "Nêu được"}, {Text: "Mới"}}}))
		_, now, err := h.learn.TopicOf(ctx, tid)
		if err != nil || len(now) != 3 || now[0].Tag() != "cb.2" || now[1].Tag() != goals[0].Tag() || now[2].ID == goals[2].ID {
			t.Fatalf("after the change: %+v %v", now, err)
		}
	})
}

func TestWhatComesFirstIsLearntFirst(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		p := h.hire(t, ctx, h.commune, "Nguyễn Văn An")[0]
		me := h.as(ctx, p, "", "")
		first := h.course(t, ctx, 2, NewCourse{Title: "Khóa một", Open: true})
		second := h.course(t, ctx, 2, NewCourse{Title: "Khóa hai", Open: true, Needs: []CourseID{first}})
		for _, err := range []error{h.learn.SignUp(me, second), func() error { _, err := h.learn.Enrol(access.System(ctx), second, []org.PersonID{p}); return err }()} {
			if !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Of(err).Text.In(ctx), "«Khóa một»") {
				t.Fatalf("entered too early: %v", err)
			}
		}
		c, err := h.learn.store.course(ctx, first)
		ok(t, err)
		for _, needs := range [][]CourseID{{second}, {first}, {"nowhere"}} {
			in := NewCourse{Title: c.Title, Open: true, Needs: needs}
			if err := h.learn.EditCourse(access.System(ctx), first, c.Edition, in); !errors.Is(err, errs.Invalid) {
				t.Errorf("needs %v: %v", needs, err)
			}
		}
		h.complete(t, ctx, first, p)
		ok(t, h.learn.SignUp(me, second))
		v, err := h.learn.Study(me, second)
		if err != nil || len(v.Needs) != 1 || !v.Needs[0].Done || !v.ready() {
			t.Fatalf("needs of a learner: %+v %v", v.Needs, err)
		}
	})
}

func TestProgrammeCountsVariantsAsTheirBase(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		here, there := h.hire(t, ctx, h.commune, "Nguyễn Văn An", "Lê Thị Bé"), h.hire(t, ctx, h.neighbour, "Trần Văn Cường")
		one, two, three := h.course(t, ctx, 2, NewCourse{Title: "Một"}), h.course(t, ctx, 2, NewCourse{Title: "Hai"}), h.course(t, ctx, 2, NewCourse{Title: "Ba"})
		own, err := h.learn.Vary(sys, one, h.district)
		ok(t, err)
		ok(t, h.learn.SetState(sys, own, Published))
		if _, err := h.learn.AddProgramme(sys, NewProgramme{Unit: h.province, Title: "x", Courses: []CourseID{own}}); !errors.Is(err, errs.Invalid) {
			t.Fatalf("a variant in a programme: %v", err)
		}
		pid, err := h.learn.AddProgramme(sys, NewProgramme{Unit: h.province, Title: "Chương trình 2022", Courses: []CourseID{one, two, three, one}, Least: 2})
		ok(t, err)
		h.complete(t, ctx, one, here[0]) // learns the variant
		h.complete(t, ctx, two, here[0])
		h.complete(t, ctx, one, here[1])
		h.complete(t, ctx, two, there[0])
		h.complete(t, ctx, three, there[0])
		for _, c := range []struct {
			unit   org.UnitID
			stages []int
			names  []string
		}{{h.province, []int{0, 1, 2, 0}, []string{"Nguyễn Văn An", "Trần Văn Cường"}}, {h.district, []int{0, 1, 1, 0}, []string{"Nguyễn Văn An"}}} {
			boss := h.as(ctx, "boss", module.TrainingOfficer, c.unit)
			v, err := h.learn.ProgrammeOf(boss, pid)
			ok(t, err)
			all, n, err := h.learn.Graduates(boss, pid, 0, 10)
			ok(t, err)
			if !slices.Equal(v.Stages, c.stages) || n != len(c.names) || v.Graduated() != n {
				t.Errorf("as seen from %s: %v, %d graduates", c.unit, v.Stages, n)
			}
			for i, g := range all {
				if g.Name != c.names[i] || g.Done != 2 || g.On != clock.Today(ctx) {
					t.Errorf("graduate %+v", g)
				}
			}
		}
		mine, err := h.learn.MyProgrammes(h.as(ctx, here[0], "", ""))
		if err != nil || len(mine) != 1 || mine[0].Done != 2 {
			t.Fatalf("my programmes: %+v %v", mine, err)
		}
		ok(t, h.learn.EditProgramme(sys, pid, 0, NewProgramme{Title: "x", Courses: []CourseID{one, two, three}, Closed: true}))
		if err := h.learn.EditProgramme(sys, pid, 0, NewProgramme{Title: "y", Courses: []CourseID{one}}); !errors.Is(err, errs.Conflict) {
			t.Fatalf("an old edition was saved: %v", err)
		}
		if mine, err := h.learn.MyProgrammes(h.as(ctx, here[0], "", "")); err != nil || len(mine) != 0 {
			t.Fatalf("a closed programme is still shown: %+v %v", mine, err)
		}
	})
}

func TestAnEditionTellsItsDifferences(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		base := h.course(t, ctx, 3, NewCourse{})
		own, err := h.learn.Vary(sys, base, h.district)
		ok(t, err)
		if _, d, err := h.learn.Differences(sys, own); err != nil || len(d) != 0 {
			t.Fatalf("of a fresh copy: %+v %v", d, err)
		}
		lessons, err := h.learn.store.lessons(ctx, own)
		ok(t, err)
		ok(t, h.learn.EditLesson(sys, lessons[0].ID, 0, NewLesson{Kind: LessonText, Title: lessons[0].Title, Source: "Việc của huyện ta."}))
		ok(t, h.learn.RetireLesson(sys, lessons[1].ID))
		_, err = h.learn.AddLesson(sys, own, NewLesson{Kind: LessonText, Title: "Bài của huyện", Source: "x"})
		ok(t, err)
		of, d, err := h.learn.Differences(sys, own)
		want := []Difference{{lessons[0].Title, "changed"}, {"Bài của huyện", "added"}, {lessons[1].Title, "removed"}}
		if err != nil || of.ID != base || !slices.Equal(d, want) {
			t.Fatalf("differences: %+v %v", d, err)
		}
		all, err := h.learn.Variants(sys, base)
		if err != nil || len(all) != 1 || all[0].Unit != h.district || all[0].State != Draft {
			t.Fatalf("variants: %+v %v", all, err)
		}
	})
}
