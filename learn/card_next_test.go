package learn

import (
	"context"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/module"
)

// A learner reads what is next in one line with one button; who only works here sees
// nothing of it.
func TestNextCard(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		an := h.hire(t, ctx, h.commune, "Nguyễn Văn An")[0]
		me := h.as(ctx, an, "", "")
		show := func(ctx context.Context) string {
			body, err := pages{h.learn}.nextCard(ctx)
			ok(t, err)
			if body == nil {
				return ""
			}
			var b strings.Builder
			ok(t, body.Render(ctx, &b))
			return b.String()
		}
		if got := show(me); !strings.Contains(got, "Bạn không có khóa nào đang học") {
			t.Errorf("without courses: %s", got)
		}
		if got := show(h.as(ctx, "admin", module.Admin, h.province)); got != "" {
			t.Errorf("an administrator who learns nothing: %s", got)
		}
		first := h.course(t, ctx, 2, NewCourse{Title: "Khóa gấp", Ends: clock.MustDate("2022-06-10")})
		second := h.course(t, ctx, 1, NewCourse{Title: "Khóa sau", Ends: clock.MustDate("2022-07-10")})
		for _, c := range []CourseID{first, second} {
			_, err := h.learn.Enrol(access.System(ctx), c, []org.PersonID{an})
			ok(t, err)
		}
		ok(t, h.learn.FinishLesson(me, first, 0))
		got := show(me)
		for _, want := range []string{"Bài 2.", "Khóa gấp", "Hạn hoàn thành 10/06/2022", lessonPath(first, 1), "Học tiếp", "1 khóa khác đang học", "Khóa sau"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in %s", want, got)
			}
		}
		late := clock.At(me, clock.MustDate("2022-06-20").Time())
		if got := show(late); !strings.Contains(got, "đã quá hạn từ 10/06/2022") {
			t.Errorf("late: %s", got)
		}
	})
}
