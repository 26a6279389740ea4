package app

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// bench is a house of the demo that is being measured.
type bench struct {
	*House
	out      io.Writer
	province org.UnitID
}

// measuring fills an empty house with the demo, and finds its province.
func (h *House) measuring(ctx context.Context, out io.Writer) (*bench, context.Context, error) {
	if err := h.SeedDemo(ctx, io.Discard); err != nil {
		return nil, ctx, err
	}
	ctx = access.System(ctx)
	province, err := h.UnitByCode(ctx, "49")
	return &bench{h, out, province}, ctx, err
}

func (b *bench) tell(what, format string, args ...any) {
	fmt.Fprintf(b.out, "%-12s %s\n", what, fmt.Sprintf(format, args...))
}

// foot says what was measured on.
func (b *bench) foot(ctx context.Context) {
	people, err := b.Orgs.Count(ctx, org.Filter{Unit: b.province})
	if err != nil {
		people = -1
	}
	b.tell("data", "%s, %.1f MB, %d people in the province; %d MB resident at most", b.DB.Engine(), float64(b.size(ctx))/1e6, people, peakMB())
}

// communes lists the units of the province that have none below them.
func (b *bench) communes(ctx context.Context) (all []org.UnitID) {
	t := b.Orgs.Now(ctx)
	for _, u := range t.Subtree(b.province) {
		if u.Tier == org.Commune {
			all = append(all, u.ID)
		}
	}
	return all
}

const crowdBatch = 2000

// crowd lists n people of the province, after entering those that it lacks.
func (b *bench) crowd(ctx context.Context, n int) ([]org.PersonID, error) {
	people, err := db.All[org.PersonID](ctx, b.DB, `select p.id from org_person p where p.merged_into is null and exists (select 1 from org_post o
		join org_reach low on low.unit_id = o.unit_id join org_reach top on low.path >= top.path and low.path < top.path_end
		where o.person_id = p.id and o.main and o.to_on is null and top.unit_id = $1) order by p.id limit $2`, b.province, n)
	if err != nil {
		return nil, err
	}
	communes := b.communes(ctx)
	for len(people) < n {
		list := make([]org.NewPerson, min(crowdBatch, n-len(people)))
		for i := range list {
			k := len(people) + i
			list[i] = org.NewPerson{Name: fmt.Sprintf("Nguyễn Văn %s", letters(k)), Birth: clock.MustDate("1965-01-01") + clock.Date(k%12_000),
				Post: org.Post{Unit: communes[k%len(communes)], Title: "Công chức", Category: org.CivilServant, From: clock.Today(ctx)}}
		}
		more, err := b.Orgs.AddPeople(ctx, list...)
		if err != nil {
			return nil, err
		}
		people = append(people, more...)
	}
	return people, nil
}

// letters writes a number in letters, as part of a name.
func letters(n int) string {
	var s strings.Builder
	s.WriteByte('A' + byte(n%26))
	for n /= 26; n > 0; n /= 26 {
		s.WriteByte('a' + byte(n%26))
	}
	return s.String()
}

// course is a published course of the province with so many lessons of text.
func (b *bench) course(ctx context.Context, title string, topic learn.TopicID, lessons int) (learn.CourseID, error) {
	c, err := b.learning.CreateCourse(ctx, learn.NewCourse{Unit: b.province, Title: title, Topic: topic})
	if err != nil {
		return "", err
	}
	all := make([]learn.NewLesson, lessons)
	for i := range all {
		all[i] = learn.NewLesson{Kind: learn.LessonText, Title: fmt.Sprintf("Bài %d. Chuyển đổi số là gì và vì sao phải làm", i+1), Minutes: 20,
			Required: true, Source: strings.Repeat("Chuyển đổi số là bước phát triển tiếp theo của tin học hóa.\n\n", 20)}
	}
	if _, err := b.learning.AddLessons(ctx, c, all); err != nil {
		return "", err
	}
	return c, b.learning.SetState(ctx, c, learn.Published)
}

// took says how long fn worked and what of the processors it used.
func took(fn func() error) (wall, cpu time.Duration, err error) {
	start, before := time.Now(), cpuTime()
	err = fn()
	return time.Since(start), cpuTime() - before, err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
